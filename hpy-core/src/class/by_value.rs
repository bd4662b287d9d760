//! Types whose values are copies of an object's data: a parameter may be one.

use super::PyClass;
use super::access::Frozen;
use super::borrow::borrow_out_of_line;
use crate::{Handle, Result};

/// A copy of the value of an object: what an argument of the enum's own type is.
#[inline]
pub fn variant_value<'ctx, E>(object: &Handle<'ctx>) -> Result<E>
where
    E: PyClass<Access = Frozen> + CloneIn<'ctx>,
{
    Ok(object.downcast::<E>()?.get()?.clone_in())
}

/// `Clone`, in a form that a bound may ask of a type that is not Clone: it then holds for nothing.
pub trait CloneIn<'ctx>: Sized {
    /// A copy.
    fn clone_in(&self) -> Self;
}

impl<T: Clone> CloneIn<'_> for T {
    #[inline]
    fn clone_in(&self) -> Self {
        self.clone()
    }
}

/// A copy of an object's data: what `from_handle` takes a parameter by.
///
/// # Errors
/// TypeError for an object of another type, RuntimeError while the data is borrowed mutably.
#[inline]
pub fn cloned<T: PyClass + Clone>(object: &Handle<'_>) -> Result<T> {
    Ok(borrow_out_of_line::<T>(object)?.clone())
}
