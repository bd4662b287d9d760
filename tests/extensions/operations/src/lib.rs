//! Runs sequences of safe operations that bytes spell. `fuzz/` drives it, and `test_operations.py`
//! with bytes from a seed.
//!
//! `run` returns how many operations were carried out. It raises only for a finding: a wrong
//! result, or an exception that was left pending. All else that can go wrong ends the process.

mod containers;
mod machine;
mod memory;
mod models;
mod objects;
mod scenery;
mod steps;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hpy::exceptions::AssertionError;
use hpy::prelude::*;
use machine::{Input, Machine};

static LAST: Global = Global::new();
static SLOT: Global<List> = Global::new();

/// Carries out the operations that the bytes spell.
#[hpy_method]
fn run<'ctx>(ctx: Context<'ctx>, data: &[u8]) -> Result<usize> {
    let level = scenery::enter(ctx)?;
    // A panic is caught here: Python code between nested calls may hide its exception.
    let run = AssertUnwindSafe(|| Machine::new(ctx, Input(data)).run());
    let done = catch_unwind(run).unwrap_or_else(|_| Err(AssertionError::new("a panic")));
    scenery::leave(ctx, level, done)
}

hpy_module! {
    name: operations,
    methods: [run],
    globals: [LAST, SLOT],
}
