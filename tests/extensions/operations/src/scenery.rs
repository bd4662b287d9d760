//! The Python side: classes whose special methods change what is worked on, raise, or call back.

use hpy::bail;
use hpy::exceptions::{AssertionError, RecursionError};
use hpy::prelude::*;

static NAMES: Cached<Dict> = Cached::new();

/// Calls of `run` within calls of `run`.
const LEVELS: i64 = 3;
/// What Python code may do in a whole run.
const ACTS: i64 = 60;

/// The names of `scenery.py`.
pub fn names<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Dict>> {
    NAMES.get_or_init(ctx, || {
        let names = ctx.dict()?;
        names.set_item("__name__", "scenery")?;
        ctx.run(include_str!("scenery.py"), Some(&names), None)?;
        Ok(names)
    })
}

/// The containers that Python code may change.
pub fn victims<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, List>> {
    names(ctx)?.get_item("victims")?.downcast_into()
}

/// The level before. RecursionError where calls are too deep.
pub fn enter(ctx: Context<'_>) -> Result<i64> {
    let state = names(ctx)?.get_item("state")?;
    let level = state.get_item("level")?.extract()?;
    if level >= LEVELS {
        return Err(RecursionError::new("enough of it"));
    }
    if level == 0 {
        state.set_item("acts", ACTS)?;
    }
    state.set_item("level", level + 1)?;
    Ok(level)
}

/// Puts back what was before. The outermost call tells what calls within it have found: Python code
/// in between may hide it.
pub fn leave(ctx: Context<'_>, level: i64, done: Result<usize>) -> Result<usize> {
    let state = names(ctx)?.get_item("state")?;
    state.set_item("level", level)?;
    if let Err(finding) = &done {
        state.set_item("finding", finding.to_string())?;
    }
    if level == 0 {
        victims(ctx)?.clear()?;
        state.set_item("acts", 0)?;
        let finding = state.get_item("finding")?;
        if !finding.is_none() {
            state.set_item("finding", ctx.none())?;
            bail!(AssertionError, "{finding}");
        }
    }
    done
}
