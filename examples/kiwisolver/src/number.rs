//! Numbers as kiwisolver takes them: floats and ints, and nothing that could be made one.

use hpy::bail;
use hpy::exceptions::TypeError;
use hpy::prelude::*;

/// A float or an int. An array of numpy's has `__float__` too, and is left to its own operators.
#[derive(Clone, Copy)]
pub struct Number(pub f64);

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Number {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if handle.is_instance_of::<Float>() || handle.is_instance_of::<Int>() {
            return handle.extract().map(Number);
        }
        bail!(
            TypeError,
            "must be float or int, not {}",
            handle.type_name()
        )
    }
}
