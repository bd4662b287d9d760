//! `CallArgs`: what may be the positional arguments of a call.

use crate::{Context, Result};
use hpy_sys::HPy;

/// Positional arguments: a tuple of convertible values, `&[…]` or `Vec` of them, a Python tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the arguments of a Python call",
    label = "not a tuple of convertible values",
    note = "a single argument is a tuple too: `f.call1((x,))`"
)]
pub trait CallArgs<'ctx>: Sized + sealed::Sealed {
    /// Calls `body` with the open handles of the arguments.
    #[doc(hidden)]
    fn with_handles<R>(
        self,
        ctx: Context<'ctx>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R>;

    /// Calls `body` with `first` and the open handles of the arguments.
    #[doc(hidden)]
    fn with_handles_after<R>(
        self,
        ctx: Context<'ctx>,
        first: HPy,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R>;
}

/// What passes handles on to the interpreter must be ours: it could pass anything.
pub(crate) mod sealed {
    pub trait Sealed {}
    impl<V> Sealed for Vec<V> {}
    impl<V> Sealed for &[V] {}
    impl Sealed for &crate::Handle<'_, crate::types::Tuple> {}
}
