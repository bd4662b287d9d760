//! Python objects made of Rust's closures and iterators, and functions that no module lists.

mod closures;
mod functions;
mod iterators;

use closures::*;
use functions::*;
use hpy::prelude::*;
use iterators::*;

hpy_module! {
    name: rust_objects,
    methods: [
        adder, counter, documented, everything, failing, panicking, calls, recursive, captures,
        dropped, countdown_to_itself, waiting, first_keyword, raises_in_drop,
        squares, words, results, unknown_length, panics, endless, reentrant, lends, numbers_of,
        dropped_iterators, huge, after_first,
        map_double, function_of, same_functions,
    ],
    types: [Bag, Countdown],
    exec: functions::fill,
}
