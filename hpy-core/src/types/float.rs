//! `float`.

use crate::backend::quirks::Quirk;
use crate::backend::{self, by_word};
use crate::types::Float;
use crate::{Context, Handle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// A float. HPy's `HPyFloat_FromDouble`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn float(self, value: f64) -> Result<Handle<'ctx, Float>> {
        let is_unusual = value.is_nan() && self.has(Quirk::NANS_ARE_TAKEN_FOR_HANDLES);
        let value = if is_unusual { f64::NAN } else { value };
        // SAFETY: a new float or null with an exception.
        unsafe {
            self.made_handle(by_word!(
                self,
                HPyFloat_FromDouble,
                ctx_Float_FromDouble,
                value
            ))
        }
    }
}

impl Handle<'_, Float> {
    /// The value. HPy's `HPyFloat_AsDouble`.
    #[inline]
    #[must_use]
    pub fn value(&self) -> f64 {
        if let Some(value) = backend::exact_float(self.as_object()) {
            return value;
        }
        // SAFETY: the handle is open; a float's value is read without failing.
        unsafe { HPyFloat_AsDouble(self.ctx().as_ptr(), self.as_raw()) }
    }
}
