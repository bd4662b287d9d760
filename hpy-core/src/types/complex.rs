//! `complex`.

use crate::types::{Complex, TypeObject};
use crate::{Context, Handle, Result};

impl<'ctx> Context<'ctx> {
    /// A complex number.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn complex(self, real: f64, imag: f64) -> Result<Handle<'ctx, Complex>> {
        Complex::type_object(self)?
            .call1((real, imag))?
            .downcast_into()
    }
}

impl Handle<'_, Complex> {
    /// The real part.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn real(&self) -> Result<f64> {
        self.getattr(c"real")?.extract()
    }

    /// The imaginary part.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn imag(&self) -> Result<f64> {
        self.getattr(c"imag")?.extract()
    }
}
