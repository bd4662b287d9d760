//! `PanicException`: a panic on its way through Python.
//!
//! Libraries know nothing of each other, so what they share is a class in `sys.modules`, one for
//! each interpreter. The message is all that goes through Python: the payload of a panic has a
//! meaning only in the library that made it.

use super::argument_location::{attribute, first_text, found, is_of};
use super::exceptions::{ExceptionArguments, ExceptionType, Kind, sealed};
use super::{Error, Result};
use crate::types::{Object, Type};
use crate::{Annotation, Context, Handle};
use core::ffi::CStr;
use hpy_sys::*;

/// What `import hpy_runtime` finds. It is the class itself, which has itself as an attribute: a
/// module around it would be more code in each file.
const MODULE: &CStr = c"hpy_runtime";
const NAME: &CStr = c"PanicException";
const FULL_NAME: &CStr = c"hpy_runtime.PanicException";
const DOC: &CStr = c"A panic of Rust code.";

/// The class, made at the first panic. Where it can't be made it is BaseException: nothing that is
/// caught by accident.
fn type_<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    // SAFETY: a constant of the context, which is a type.
    Ok(class(ctx, true).unwrap_or_else(|| unsafe { ctx.constant(h_BaseException(ctx.as_ptr())) }))
}

/// The class. If no library has made it yet, it is made if `make` says so.
#[cold]
#[inline(never)]
fn class<'ctx>(ctx: Context<'ctx>, make: bool) -> Option<Handle<'ctx, Type>> {
    let ctx = ctx.rarely();
    let raw = ctx.as_ptr();
    // SAFETY: the texts are C strings, the handles open; new handles or null with an exception. The
    // cast follows the check.
    unsafe {
        let new = |handle| Handle::<Object>::from_raw(ctx, found(ctx, handle));
        let sys = new(HPyImport_ImportModule(raw, c"sys".as_ptr()))?;
        let modules = attribute(&sys, c"modules")?;
        let name = new(HPyUnicode_FromString(raw, MODULE.as_ptr()))?;
        let class = match new(HPy_GetItem(raw, modules.as_raw(), name.as_raw())) {
            Some(class) => class,
            None if !make => return None,
            None => {
                let (full_name, doc) = (FULL_NAME.as_ptr(), DOC.as_ptr());
                let base = h_BaseException(raw);
                let class = new(HPyErr_NewExceptionWithDoc(
                    raw, full_name, doc, base, HPy_NULL,
                ))?;
                if HPy_SetAttr_s(raw, class.as_raw(), NAME.as_ptr(), class.as_raw()) < 0 {
                    HPyErr_Clear(raw);
                }
                // Another thread may have made one meanwhile: the first is everybody's.
                attribute(&modules, c"setdefault")?
                    .call_handles(&[name, class])
                    .ok()?
            }
        };
        // Other code may have put anything in its place. The class is known by the attribute.
        let fits = is_of(&class, h_TypeType(raw))
            && attribute(&class, NAME)
                .is_some_and(|named| HPy_Is(raw, named.as_raw(), class.as_raw()) != 0);
        fits.then(|| class.downcast_into_unchecked())
    }
}

/// The exception that a panic becomes where it reaches Python. PyO3's `PanicException`.
///
/// It derives from BaseException, so that no `except Exception` takes it for an error that was
/// expected. Where it comes back into Rust, by whatever was called of Python, the panic goes on,
/// with the message as its payload. Python has the class in `sys.modules["hpy_runtime"]` from the
/// first panic on, one for all extensions of this library in an interpreter.
#[derive(Debug)]
pub struct PanicException(());

impl PanicException {
    /// A `PanicException` with a message, or other arguments.
    #[allow(clippy::new_ret_no_self)]
    #[cold]
    pub fn new(args: impl ExceptionArguments) -> Error {
        Error::new::<Self>(args)
    }
}

impl sealed::Sealed for PanicException {}

impl ExceptionType for PanicException {
    const KIND: &'static Kind = &Kind::custom("PanicException", type_);
    const ANNOTATION: Annotation = Annotation::name("BaseException");
}

impl Error {
    /// Goes on with the panic, if the exception is one that has come back through Python. Not
    /// while the thread panics already, which would end the process.
    #[cold]
    #[inline(never)]
    pub(crate) fn or_resume(self, ctx: Context<'_>) -> Self {
        let Some(message) = self.panic_message(ctx.rarely()) else {
            return self;
        };
        if std::thread::panicking() {
            return self;
        }
        drop(self);
        std::panic::resume_unwind(Box::new(message))
    }

    /// The message, if it is a panic.
    #[inline]
    fn panic_message(&self, ctx: Context<'_>) -> Option<String> {
        let value = self.raised()?.exception(ctx)?;
        // Nearly all exceptions derive from `Exception`.
        // SAFETY: a constant of the context.
        if is_of(&value, unsafe { h_Exception(ctx.as_ptr()) })
            || !is_of(&value, class(ctx, false)?.as_raw())
        {
            return None;
        }
        Some(first_text(&value).unwrap_or_default())
    }
}
