//! Type and text of any object.

use crate::backend;
use crate::exceptions::TypeError;
use crate::storage::lookup::Lookup;
use crate::types::Kind;
use crate::types::{Bool, Bytes, Float, Int, Object, Str, Type, TypeObject};
use crate::{FromHandle, Handle, Result};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Object> {
    /// `type(self)`. HPy's `HPy_Type`.
    #[inline]
    #[must_use]
    pub fn type_(&self) -> Handle<'ctx, Type> {
        let ctx = self.ctx();
        // SAFETY: the handle is open, and every object has a type.
        unsafe {
            let type_ = HPy_Type(ctx.as_ptr(), self.as_raw());
            Handle::from_raw(ctx, type_)
                .unwrap_or_else(|| ctx.constant(h_BaseObjectType(ctx.as_ptr())))
        }
    }

    /// The name of the object's type, for messages.
    #[inline]
    #[must_use]
    pub fn type_name(&self) -> String {
        let type_ = self.rarely().type_();
        type_.name().unwrap_or_else(|_| "?".to_owned())
    }

    /// Whether the object's type is `type_` or derives from it, without asking Python code. HPy's
    /// `HPy_TypeCheck`.
    ///
    /// For a type that has a marker, [`is_instance_of`](Handle::is_instance_of) is
    /// shorter: `object.is_instance_of::<List>()`.
    #[inline]
    #[must_use]
    pub fn type_check(&self, type_: &Handle<'ctx, Type>) -> bool {
        // SAFETY: the handles are open, and one is a type.
        unsafe { HPy_TypeCheck(self.ctx().as_ptr(), self.as_raw(), type_.as_raw()) != 0 }
    }

    /// Python's `isinstance(self, class)`: `class` may be a tuple of classes, and
    /// `__instancecheck__` is asked, so that abstract base classes have a say.
    ///
    /// # Errors
    /// TypeError if it is no class, or what `__instancecheck__` raises.
    #[inline]
    pub fn is_instance(&self, class: &Handle<'ctx>) -> Result<bool> {
        static ISINSTANCE: Lookup = Lookup::new(c"builtins:isinstance");
        let answer = ISINSTANCE.get(self.ctx())?.call1((self, class))?;
        answer.is_truthy()
    }

    /// Whether the object's type is `T`'s and no subclass:
    /// `object.is_exact_instance_of::<Int>()` is false for True.
    ///
    /// For a type that has no marker it is `object.type_().is(&type_)`.
    #[inline]
    #[must_use]
    pub fn is_exact_instance_of<T: TypeObject>(&self) -> bool {
        T::type_object(self.ctx()).is_ok_and(|type_| self.type_().is(&type_))
    }

    /// `repr(self)`. HPy's `HPy_Repr`.
    ///
    /// # Errors
    /// What the object raises.
    #[inline]
    pub fn repr(&self) -> Result<Handle<'ctx, Str>> {
        // SAFETY: the handle is open; a new str or null with an exception.
        unsafe {
            self.ctx()
                .handle_from_raw(HPy_Repr(self.ctx().as_ptr(), self.as_raw()))
        }
    }

    /// `str(self)`. HPy's `HPy_Str`.
    ///
    /// # Errors
    /// What the object raises.
    #[inline]
    pub fn str(&self) -> Result<Handle<'ctx, Str>> {
        // SAFETY: the handle is open; a new str or null with an exception.
        unsafe {
            self.ctx()
                .handle_from_raw(HPy_Str(self.ctx().as_ptr(), self.as_raw()))
        }
    }

    /// `ascii(self)`. HPy's `HPy_ASCII`.
    ///
    /// # Errors
    /// What the object raises.
    #[inline]
    pub fn ascii(&self) -> Result<Handle<'ctx, Str>> {
        // SAFETY: the handle is open; a new str or null with an exception.
        unsafe {
            self.ctx()
                .handle_from_raw(HPy_ASCII(self.ctx().as_ptr(), self.as_raw()))
        }
    }

    /// `bytes(self)`, of bytes-like objects and iterables of ints; unlike Python's, of ints it is
    /// an error. HPy's `HPy_Bytes`.
    ///
    /// # Errors
    /// TypeError for objects that are no bytes, or what the object raises.
    #[inline]
    pub fn to_bytes(&self) -> Result<Handle<'ctx, Bytes>> {
        let ctx = self.ctx();
        // SAFETY: the handle is open; a new bytes object or null with an exception.
        let bytes = unsafe { ctx.handle_from_raw(HPy_Bytes(ctx.as_ptr(), self.as_raw())) };
        match bytes {
            // PyPy's own HPy takes no iterables. Of ints the type would make as many zeros.
            Err(error) if error.is_instance_of::<TypeError>(ctx) && !self.is_number() => {
                Bytes::type_object(ctx)?.call1((self,))?.downcast_into()
            }
            bytes => bytes,
        }
    }

    /// `format(self, spec)`.
    ///
    /// # Errors
    /// ValueError for a format that the object does not know, or what the object raises.
    #[inline]
    pub fn format(&self, spec: &str) -> Result<Handle<'ctx, Str>> {
        static FORMAT: Lookup = Lookup::new(c"builtins:format");
        FORMAT.get(self.ctx())?.call1((self, spec))?.downcast_into()
    }

    /// Prints what the interpreter knows of the object to standard error, for debugging: nothing on
    /// PyPy 8. HPy's `_HPy_Dump`.
    #[inline]
    pub fn dump(&self) {
        // SAFETY: the handle is open.
        unsafe { _HPy_Dump(self.ctx().as_ptr(), self.as_raw()) }
    }

    /// The object as a Rust value: `object.extract::<i64>()?`.
    ///
    /// # Errors
    /// TypeError for an object of another type, OverflowError for a number that does not fit.
    #[inline(always)]
    pub fn extract<'a, T: FromHandle<'a, 'ctx>>(&'a self) -> Result<T> {
        T::from_handle(self)
    }
}

/// Python's `repr`. While the thread panics, of most objects the type alone, as for [`Display`].
///
/// [`Display`]: core::fmt::Display
impl<T> core::fmt::Debug for Handle<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        show(f, self.as_object(), Handle::repr)
    }
}

/// Python's `str`.
///
/// While the thread panics, no Python code is run: a panic in it, while the message of another is
/// made, would end the process. So `panic!("{object}")` shows the type alone, but of str, int,
/// float, bool and None. `panic!("{}", object.to_string())` has the text of every object.
impl<T> core::fmt::Display for Handle<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        show(f, self.as_object(), Handle::str)
    }
}

fn show<'ctx>(
    f: &mut core::fmt::Formatter<'_>,
    object: &Handle<'ctx>,
    text: fn(&Handle<'ctx>) -> Result<Handle<'ctx, Str>>,
) -> core::fmt::Result {
    if std::thread::panicking() && !is_plain(object) {
        return write!(f, "<{} object>", object.type_name());
    }
    match text(object)
        .as_ref()
        .map_err(|_| ())
        .and_then(|text| text.to_string_lossy().map_err(|_| ()))
    {
        Ok(text) => f.write_str(&text),
        Err(()) => f.write_str("<unprintable object>"),
    }
}

/// Whether the object's text is made without Python code.
#[cold]
#[inline(never)]
fn is_plain(object: &Handle<'_>) -> bool {
    object.is_none()
        || object.is_instance_of::<Bool>()
        || object.is_exact_instance_of::<Str>()
        || object.is_exact_instance_of::<Int>()
        || object.is_exact_instance_of::<Float>()
}

impl<'ctx> Handle<'ctx, Object> {
    /// Which built-in type the object is of, for a `match`: quicker than one
    /// [`downcast`](Handle::downcast) after another. No Python code runs.
    ///
    /// ```
    /// use hpy::exceptions::TypeError;
    /// use hpy::prelude::*;
    /// use hpy::types::Kind;
    ///
    /// /// The sum of the numbers in lists in lists.
    /// fn total(object: &Handle<'_>) -> Result<f64> {
    ///     match object.kind() {
    ///         Kind::Int(number) => Ok(number.extract::<i64>()? as f64),
    ///         Kind::Float(number) => Ok(number.value()),
    ///         Kind::List(list) => list.iter().map(|item| total(&item)).sum(),
    ///         _ => Err(TypeError::new("neither a number nor a list")),
    ///     }
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let nested = ctx.list([ctx.handle(1.5)?, ctx.handle(vec![1, 2])?])?;
    /// #     assert_eq!(total(&nested)?, 4.5);
    /// #     assert!(total(&ctx.bool(true)).is_err());
    /// #     Ok(())
    /// # });
    /// ```
    #[inline(always)]
    #[must_use]
    pub fn kind(&self) -> Kind<'_, 'ctx> {
        backend::kind(self)
    }
}
