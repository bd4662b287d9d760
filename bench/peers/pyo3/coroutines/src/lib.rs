//! The benchmark's coroutines with PyO3, as a user would write them.

use pyo3::prelude::*;
use std::future::poll_fn;
use std::task::Poll;

/// The coroutines of the benchmark.
#[pymodule]
mod coroutines_pyo3 {
    use super::*;

    /// The sum of two integers, at once.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    async fn add(a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }

    /// The same, after others have run.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
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
}
