//! What a marker stands for, and whether an object is one.

use super::markers::Type;
use crate::{Annotation, Context, Error, Handle, Result};

/// A type that can be checked without running Python code.
///
/// # Safety
/// `check` answers true only for instances of the type (or a subclass).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Python type that a handle can be checked for",
    note = "the markers are in `hpy::types`: `Handle<'ctx, List>`, `Handle<'ctx, Str>` …"
)]
pub unsafe trait TypeCheck: 'static {
    /// The type's Python name.
    const NAME: &'static str;

    /// What the type is called in annotations.
    #[doc(hidden)]
    const ANNOTATION: Annotation = Annotation::of_marker(Self::NAME);

    /// Whether the object is an instance.
    fn check(object: &Handle<'_>) -> bool;

    /// What is said of an object that is none: by default "must be list, not int".
    #[doc(hidden)]
    #[cold]
    fn wrong_type(object: &Handle<'_>) -> Error {
        object.wrong_type(Self::NAME)
    }
}

/// Every checked type but `object`: its handles have the methods of any object too.
pub trait Subtype: TypeCheck {}

/// A type that has an object for itself.
pub trait TypeObject: TypeCheck {
    /// The type as an object: `list`, `int` …
    ///
    /// # Errors
    /// Those of HPy's context can always be had; others are imported the first time, which may
    /// raise anything.
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>>;
}
