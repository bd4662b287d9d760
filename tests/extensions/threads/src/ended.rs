//! Threads that the end of the interpreter finds in Python, with frames of Rust's below.

use hpy::CompareOp;
use hpy::exceptions::ValueError;
use hpy::prelude::*;

/// What must not be dropped: it says so, and uses its object.
struct Guard<'ctx>(Handle<'ctx, List>);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        eprintln!("a value of a thread that was ended is dropped");
        for number in 0..1_000_000 {
            let _ = self.0.append(number);
        }
    }
}

/// Goes into Python in the way named, with an object whose methods do not return.
fn go<'ctx>(ctx: Context<'ctx>, way: &str, object: Handle<'ctx>) -> Result<()> {
    match way {
        "call" => drop(object.call0()?),
        "call_with_names" => drop(object.call((), [("name", 1)])?),
        "method" => drop(object.call_method1("method", (1,))?),
        "attribute" => drop(object.getattr("attribute")?),
        "set_attribute" => object.setattr("attribute", 1)?,
        "item" => drop(object.get_item("key")?),
        "set_item" => object.set_item("key", 1)?,
        "add" => drop(object.add(1)?),
        "compare" => drop(object.compare_bool(1, CompareOp::Lt)?),
        "hash" => drop(object.hash()?),
        "truth" => drop(object.is_truthy()?),
        "length" => drop(object.length()?),
        "str" => drop(object.str()?),
        "integer" => drop(object.extract::<i64>()?),
        "iterate" => drop(object.iter()?.next()),
        "drop" => drop(object),
        "detach" => ctx.detach(|| std::thread::sleep(std::time::Duration::from_millis(400))),
        _ => return Err(ValueError::new(way.to_owned())),
    }
    Ok(())
}

/// A value whose end uses its handle.
#[hpy_method]
pub fn end_with_guard<'ctx>(ctx: Context<'ctx>, way: &str, object: Handle<'ctx>) -> Result<()> {
    let guard = Guard(ctx.empty_list()?);
    go(ctx, way, object)?;
    core::mem::forget(guard);
    Ok(())
}

/// Nothing but handles.
#[hpy_method]
pub fn end_with_handle<'ctx>(ctx: Context<'ctx>, way: &str, object: Handle<'ctx>) -> Result<()> {
    let list = ctx.list([1, 2, 3])?;
    go(ctx, way, object)?;
    drop(list);
    Ok(())
}

/// Nothing to drop at all.
#[hpy_method]
pub fn end_in_a_call<'ctx>(callback: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    callback.call0()
}

/// A base for classes in Python: objects whose `__del__` does not return are deallocated by Rust.
#[hpy_type(subclass)]
pub struct Ended {}

#[hpy_methods]
impl Ended {
    #[new]
    fn new() -> Self {
        Ended {}
    }

    /// Calls back with an object of its own borrowed.
    fn end_in_a_method<'ctx>(&mut self, callback: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        callback.call0()
    }
}
