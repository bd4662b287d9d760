//! Arrays of numpy, seen from Rust and made there.

mod arrays_of_numpy;

use arrays_of_numpy::*;
use hpy::prelude::*;

hpy_module! {
    name: arrays,
    methods: [
        read_f64, read_i64, read_u8, read_i32, read_complex, read_half, read_times, read_deltas,
        at, set, rows, scale_row, plain_sum, call_while_viewed, sum_while_others_run,
        make, make_table, make_large, echo_f64, echo_matrix, echo_any, as_matrix, view_sum,
        strided_matrix, sliced_matrix, keep_two_views,
    ],
}
