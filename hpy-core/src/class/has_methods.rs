//! What methods in Rust belong to: a class with data, or an enum without.

use super::borrow::{borrow_in_line, borrow_out_of_line};
use super::{Base, PyClass};
use crate::types::TypeCheck;
use crate::{CallArgs, Context, Handle, Ref, Result};
use core::ffi::CStr;
use core::ops::Deref;

/// A type that `#[hpy_methods]` may give methods.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Python type",
    label = "not a type that Python knows",
    note = "put `#[hpy_type]` above its definition",
    note = "a structure sequence is a tuple of Python's own, without methods in Rust: write \
            functions that take it"
)]
pub trait HasMethods: TypeCheck + Sized + 'static {
    /// `&self` of a method: the data is borrowed, or the value owned.
    #[doc(hidden)]
    type Data<'a>: Deref<Target = Self>;
    /// Whether it derives from a class that has operators.
    #[doc(hidden)]
    const INHERITS: bool;
    /// `&self` of a method that is called with this object.
    #[doc(hidden)]
    fn data<'a, const IN_LINE: bool>(this: &'a Handle<'_>) -> Result<Self::Data<'a>>;
    /// Whether the object is one: in line, as far as that can be seen.
    #[doc(hidden)]
    #[inline(always)]
    fn is_instance(object: &Handle<'_>, in_line: bool) -> bool {
        let _ = in_line;
        object.is_instance_of::<Self>()
    }
    /// Whether the interpreter calls a slot with an instance alone as its first argument, as far as
    /// that can be seen at once. The method looks at its data in any case.
    #[doc(hidden)]
    #[inline(always)]
    fn is_receiver(this: &Handle<'_>) -> bool {
        let _ = this;
        false
    }
    /// What the method of this name returns that the class would have without `#[hpy_methods]`.
    /// None if there is none.
    #[doc(hidden)]
    fn inherited<'ctx>(
        ctx: Context<'ctx>,
        name: &'static CStr,
        args: impl CallArgs<'ctx>,
    ) -> Result<Option<Handle<'ctx>>>;
}

#[diagnostic::do_not_recommend] // the trait of one kind of class is no advice
impl<T: PyClass> HasMethods for T {
    type Data<'a> = Ref<'a, T>;

    const INHERITS: bool = !<T::Base as Base>::IS_OBJECT;

    #[inline(always)]
    fn data<'a, const IN_LINE: bool>(this: &'a Handle<'_>) -> Result<Ref<'a, T>> {
        if IN_LINE {
            borrow_in_line(this)
        } else {
            borrow_out_of_line(this)
        }
    }

    #[inline(always)]
    fn is_instance(object: &Handle<'_>, in_line: bool) -> bool {
        in_line && T::place().is_seen_to_be_type_of(object) || object.is_instance_of::<T>()
    }

    /// PyPy's own HPy calls no slot with the operands reversed.
    #[cfg(feature = "universal")]
    #[inline(always)]
    fn is_receiver(this: &Handle<'_>) -> bool {
        T::place().is_measured(this)
    }

    #[inline(always)]
    fn inherited<'ctx>(
        ctx: Context<'ctx>,
        name: &'static CStr,
        args: impl CallArgs<'ctx>,
    ) -> Result<Option<Handle<'ctx>>> {
        if <T::Base as Base>::IS_OBJECT {
            return Ok(None);
        }
        super::super_call::of_base::<T>(ctx, name, args)
    }
}
