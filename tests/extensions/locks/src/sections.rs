//! Critical sections.

use hpy::prelude::*;
use hpy::sync::{with_critical_section, with_critical_section2};
use std::sync::atomic::{AtomicU64, Ordering};

#[hpy_method]
pub fn section<'ctx>(object: &Handle<'ctx>, callback: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    with_critical_section(object, || callback.call0())
}

#[hpy_method]
pub fn section2<'ctx>(
    a: &Handle<'ctx>,
    b: &Handle<'ctx>,
    callback: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    with_critical_section2(a, b, || callback.call0())
}

static COUNT: AtomicU64 = AtomicU64::new(0);

#[hpy_method]
pub fn counted() -> u64 {
    COUNT.load(Ordering::Relaxed)
}

/// Reads and writes in two steps, with time between them.
#[hpy_method]
pub fn count_in_section(object: &Handle<'_>, times: usize) {
    for _ in 0..times {
        with_critical_section(object, || {
            let before = COUNT.load(Ordering::Relaxed);
            for _ in 0..100 {
                std::hint::spin_loop();
            }
            COUNT.store(before + 1, Ordering::Relaxed);
        });
    }
}

/// Reads the first item and writes it again, one larger: two steps, between which no other thread
/// comes.
#[hpy_method]
pub fn add_in_section<'ctx>(list: &Handle<'ctx, List>, times: usize) -> Result<()> {
    for _ in 0..times {
        with_critical_section(list, || {
            let before: u64 = list.get_item(0)?.extract()?;
            list.set_item(0, before + 1)
        })?;
    }
    Ok(())
}

/// Gives the section up meanwhile, and has it again after.
#[hpy_method]
pub fn detach_in_section<'ctx>(object: &Handle<'ctx>, other: &Handle<'ctx>) -> u64 {
    with_critical_section(object, || {
        with_critical_section2(object, other, || object.ctx().detach(|| 42))
    })
}

#[hpy_method]
pub fn panic_in_section<'ctx>(object: &Handle<'ctx>, other: &Handle<'ctx>) {
    with_critical_section(object, || {
        with_critical_section2(object, other, || panic!("in the section"));
    });
}
