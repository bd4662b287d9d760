//! Any future whose result converts.

use crate::entry::guard::IntoReturn;
use crate::{Context, Handle, Result};
use core::future::Future;
use core::pin::Pin;
use core::task::{self, Poll};

pub(super) trait Pollable: Send {
    /// Polls the future, and converts its result.
    fn poll<'ctx>(
        self: Pin<&mut Self>,
        ctx: Context<'ctx>,
        task: &mut task::Context<'_>,
    ) -> Poll<Result<Handle<'ctx>>>;
}

impl<F> Pollable for F
where
    F: Future + Send,
    F::Output: for<'ctx> IntoReturn<'ctx>,
{
    #[inline]
    fn poll<'ctx>(
        self: Pin<&mut Self>,
        ctx: Context<'ctx>,
        task: &mut task::Context<'_>,
    ) -> Poll<Result<Handle<'ctx>>> {
        Future::poll(self, task).map(|output| output.into_return(ctx))
    }
}
