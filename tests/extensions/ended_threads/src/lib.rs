//! The functions of topic `threads` for threads that end in Python, optimised as in a release
//! build: see `test_ended_threads.py`.

#[path = "../../threads/src/ended.rs"]
mod ended;

use ended::{Ended, end_in_a_call, end_with_guard, end_with_handle};
use hpy::prelude::*;

hpy_module! {
    /// Threads that the end of the interpreter finds in Python.
    name: ended_threads,
    methods: [end_with_guard, end_with_handle, end_in_a_call],
    types: [Ended],
}
