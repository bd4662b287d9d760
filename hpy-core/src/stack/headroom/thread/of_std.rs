//! A thread's own `Stack`, by the standard library.

use super::Stack;

thread_local! {
    static STACK: Stack = const { Stack::new() };
}

/// Calls `body` with it. None in a thread that is ending.
pub(crate) fn with_stack<R>(body: impl FnOnce(&Stack) -> R) -> Option<R> {
    STACK.try_with(body).ok()
}
