//! What an event loop is asked for, by any thread. There is no lock: a fork of the process finds
//! the list whole.

use crate::{Context, Persistent, Result};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// What is asked for.
pub(super) enum Request {
    /// A future of `asyncio` gets its result, which wakes who waits for it.
    Complete(Persistent),
    /// A task is cancelled that nobody waits for any more.
    Cancel(Persistent),
}

impl Request {
    #[inline]
    pub(super) fn carry_out(self, ctx: Context<'_>) -> Result<()> {
        match self {
            Self::Complete(future) => {
                let future = future.get(ctx)?;
                if !future.call_method0("done")?.is_truthy()? {
                    future.call_method1("set_result", (ctx.none(),))?;
                }
            }
            Self::Cancel(task) => {
                task.get(ctx)?.call_method0("cancel")?;
            }
        }
        Ok(())
    }
}

/// A linked list, of which all is taken at once.
#[derive(Default)]
pub(super) struct Requests(AtomicPtr<Node>);

struct Node {
    request: Request,
    before: *mut Node,
}

// SAFETY: a node is owned by one thread until it is pushed, and by the one that takes it after.
// `Request` is Send.
unsafe impl Send for Requests {}
// SAFETY: as above.
unsafe impl Sync for Requests {}

impl Requests {
    /// Adds a request. Whether it is the first since the last were taken.
    #[inline]
    pub(super) fn push(&self, request: Request) -> bool {
        let node = Box::into_raw(Box::new(Node {
            request,
            before: null_mut(),
        }));
        let mut before = self.0.load(Ordering::SeqCst);
        loop {
            // SAFETY: nobody else knows the node yet.
            unsafe { (*node).before = before };
            let order = Ordering::SeqCst;
            match self.0.compare_exchange_weak(before, node, order, order) {
                Ok(_) => return before.is_null(),
                Err(other) => before = other,
            }
        }
    }

    /// Takes all, in their order.
    #[inline]
    pub(super) fn take(&self) -> Vec<Request> {
        let mut node = self.0.swap(null_mut(), Ordering::SeqCst);
        let mut taken = Vec::new();
        while !node.is_null() {
            // SAFETY: a box that was pushed, and whose list this thread has taken.
            let one = *unsafe { Box::from_raw(node) };
            node = one.before;
            taken.push(one.request);
        }
        taken.reverse();
        taken
    }
}

impl Drop for Requests {
    #[inline]
    fn drop(&mut self) {
        drop(self.take());
    }
}

const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<Request>()
};
