//! A module whose import fails at a step that one imported before has set.

use crate::spec::add;
use crate::{lifetimes, plain, protocols};
use core::sync::atomic::{AtomicI64, Ordering};
use hpy::exceptions::ValueError;
use hpy::prelude::*;

static STEP: AtomicI64 = AtomicI64::new(0);
static HELD: Global = Global::new();

/// The step at which imports of `types_failing` fail from now on; 0 for none.
#[hpy_method]
fn fail_at(step: i64) {
    STEP.store(step, Ordering::Relaxed);
}

fn reached(step: i64) -> Result<()> {
    if STEP.load(Ordering::Relaxed) != step {
        return Ok(());
    }
    if step % 2 == 0 {
        panic!("step {step}");
    }
    Err(ValueError::new(format!("step {step}")))
}

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    let ctx = module.ctx();
    reached(1)?;
    add(module, &plain::everything())?;
    reached(2)?;
    add(module, &lifetimes::node())?;
    add(module, &lifetimes::counted())?;
    reached(3)?;
    let node = module.getattr("Node")?;
    let first: Handle<'_> = node.call0()?;
    // A cycle through the module: it holds the object, which holds it.
    first.setattr("next", &first)?;
    first.setattr("other", module)?;
    module.add("first", &first)?;
    reached(4)?;
    HELD.store(&first)?;
    reached(5)?;
    add(module, &protocols::callable())?;
    // A type that holds the module, in a subclass of Python's.
    let bases = ctx.tuple((&node,))?;
    let dict = ctx.dict()?;
    dict.set_item("module", module)?;
    let class: Handle<'_> = ctx
        .builtins()
        .get_item("type")?
        .call1(("Sub", bases, dict))?;
    let sub: Handle<'_> = class.call0()?;
    first.setattr("other", &sub)?;
    module.add("Sub", &class)?;
    reached(6)?;
    reached(7)
}

hpy_module! {
    name: types_failing,
    // Those of this file, which may be a copy of the other module's.
    methods: [fail_at, lifetimes::counts],
    globals: [HELD],
    exec: fill,
}
