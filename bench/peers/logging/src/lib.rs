//! Records of the crate `log`, with hpy.

use hpy::prelude::*;

/// So many records in detail, which nobody reads.
#[hpy_method]
fn debug(count: usize) -> usize {
    for number in 0..count {
        log::debug!(target: "bench::part", "record {number}");
    }
    count
}

/// So many records that are kept.
#[hpy_method]
fn info(count: usize) -> usize {
    for number in 0..count {
        log::info!(target: "bench::part", "record {number}");
    }
    count
}

fn init(module: &Handle<'_, Module>) -> Result<()> {
    hpy::logging::init(module.ctx())
}

hpy_module! {
    name: logging_hpy,
    methods: [debug, info],
    exec: init,
}
