//! Trace mode: contexts that count and time the calls of HPy's functions.
//!
//! Each loaded file gets a context of its own, so calls are known by extension. Each thread counts
//! for itself, and the sums are made when somebody asks. An extension that is loaded in another
//! mode never meets any of this.

#![allow(non_upper_case_globals, non_snake_case)] // as HPy names its constants and functions

mod callbacks;
mod clock;
mod context;
mod counters;
mod functions;
mod results;
mod wrappers;

pub(crate) use callbacks::set_trace_function;
pub(crate) use context::TraceContext;
pub(crate) use results::{trace_clock, trace_results, trace_totals};
pub(crate) use wrappers::trace_function_times;
