//! The benchmark's coroutines with hpy, as a user would write them.

use hpy::prelude::*;
use std::future::poll_fn;
use std::task::Poll;

/// The sum of two integers, at once.
#[hpy_method]
async fn add(a: i64, b: i64) -> i64 {
    a.wrapping_add(b)
}

/// The same, after others have run.
#[hpy_method]
async fn add_later(a: i64, b: i64) -> i64 {
    let mut first = true;
    poll_fn(|task| {
        if std::mem::take(&mut first) {
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
    a.wrapping_add(b)
}

hpy_module! {
    /// The coroutines of the benchmark.
    name: coroutines_hpy,
    methods: [add, add_later],
}
