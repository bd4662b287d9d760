//! Classes.

use crate::types::Type;
use crate::{Error, Handle, Result};
use hpy_sys::*;
use std::ffi::CStr;

impl<'ctx> Handle<'ctx, Type> {
    /// The class's `__name__`. HPy's `HPyType_GetName`.
    ///
    /// # Errors
    /// UnicodeEncodeError for a name with lone surrogates.
    pub fn name(&self) -> Result<String> {
        // SAFETY: the handle is open and a type; the text is copied while it is.
        unsafe {
            let name = HPyType_GetName(self.ctx().as_ptr(), self.as_raw());
            if name.is_null() {
                return Err(Error::fetch(self.ctx()));
            }
            Ok(CStr::from_ptr(name).to_string_lossy().into_owned())
        }
    }

    /// Whether the class is `other` or derives from it, without asking Python code.
    /// HPy's `HPyType_IsSubtype`.
    #[inline]
    pub fn is_subtype_of(&self, other: &Handle<'ctx, Type>) -> bool {
        // SAFETY: the handles are open types.
        unsafe { HPyType_IsSubtype(self.ctx().as_ptr(), self.as_raw(), other.as_raw()) != 0 }
    }
}
