//! `num-complex`: complex numbers.

use crate::storage::cached::Cached;
use crate::types::Str;
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use num_complex::Complex;

static COMPLEX: Cached = Cached::new(c"builtins:complex");

/// From any number, as Python's `complex()` takes them, but not from text.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Complex<f64> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("complex");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if handle.is_a::<Str>() {
            return Err(handle.wrong_type("complex"));
        }
        // Of a complex, or of a subclass with attributes of its own, a plain one is made.
        let number = COMPLEX.get(handle.ctx())?.call1((handle,))?;
        let part = |name| number.getattr(name)?.extract();
        Ok(Complex::new(part(c"real")?, part(c"imag")?))
    }
}

impl<'ctx> IntoHandle<'ctx> for Complex<f64> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("complex");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        COMPLEX.get(ctx)?.call1((self.re, self.im))
    }
}
