//! What Python code that does its worst is let loose on: see `test_hostile.py`.

use hpy::exceptions::{Exception, ValueError};
use hpy::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet};

static LAST: Global = Global::new();

/// Converts the object to the Rust type of a name, and back.
#[hpy_method]
fn convert<'ctx>(to: &str, object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    macro_rules! by_name {
        ($($name:literal $type_:ty,)*) => {
            match to {
                $($name => object.ctx().handle(object.extract::<$type_>()?),)*
                _ => Err(ValueError::new("no such type")),
            }
        };
    }
    by_name!(
        "bool" bool, "i8" i8, "i64" i64, "u64" u64, "i128" i128, "u128" u128, "usize" usize,
        "f64" f64, "char" char, "String" String, "bytes" Vec<u8>, "Vec<i64>" Vec<i64>,
        "Vec<String>" Vec<String>, "Vec<object>" Vec<Handle<'ctx>>, "Vec<Vec<i64>>" Vec<Vec<i64>>,
        "[i64; 3]" [i64; 3], "(i64, String)" (i64, String), "Option<i64>" Option<i64>,
        "HashMap<String, i64>" HashMap<String, i64>,
        "BTreeMap<i64, object>" BTreeMap<i64, Handle<'ctx>>, "HashSet<i64>" HashSet<i64>,
    )
}

/// Uses the object in every way there is; says how many raised.
#[hpy_method]
fn torment<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> usize {
    let results = [
        object.repr().is_err(),
        object.str().is_err(),
        object.ascii().is_err(),
        object.hash().is_err(),
        object.is_truthy().is_err(),
        object.length().is_err(),
        object.getattr("attribute").is_err(),
        object.getattr(c"__dict__").is_err(),
        object.hasattr("attribute").is_err(),
        object.setattr("attribute", 1).is_err(),
        object.delattr("attribute").is_err(),
        object.get_item(0).is_err(),
        object.set_item(0, 1).is_err(),
        object.del_item(0).is_err(),
        object.contains(1).is_err(),
        object.get_slice(0, 1).is_err(),
        object
            .iter()
            .is_ok_and(|items| items.take(10).any(|item| item.is_err())),
        object.eq(object).is_err(),
        object.lt(1).is_err(),
        object.add(1).is_err(),
        object.add_assign(object).is_err(),
        object.pow(2, 3).is_err(),
        object.index().is_err(),
        object.to_int().is_err(),
        object.to_float().is_err(),
        object.call0().is_err(),
        object.call((1,), [("a", 1)]).is_err(),
        object.call_method0("method").is_err(),
        object.downcast::<List>().is_err(),
        object.extract::<&str>().is_err(),
        object.type_name().is_empty(),
        format!("{object} {object:?}").is_empty(),
        ctx.list([object, object]).is_err(),
        ctx.tuple((object, object)).is_err(),
        Persistent::new(object).is_err(),
        LAST.store(object).is_err(),
    ];
    results.iter().filter(|raised| **raised).count()
}

/// Builds containers of many objects, converting values in between.
#[hpy_method]
fn build<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>, count: usize) -> Result<Handle<'ctx>> {
    let numbers = vec![vec![(1i64, "text", 2.5f64)]; count];
    let words: HashMap<String, Vec<u8>> =
        (0..count).map(|n| (n.to_string(), vec![0u8; n])).collect();
    let objects: Vec<Handle<'ctx>> = (0..count).map(|_| object.dup()).collect();
    let tuple = ctx.tuple(objects.iter().collect::<Vec<_>>())?;
    let all = ctx.list([
        ctx.handle(numbers)?,
        ctx.handle(words)?,
        ctx.handle(objects)?,
    ])?;
    all.append(tuple)?;
    Ok(all.into_object())
}

/// The system's memory, of which large blocks are refused while a thread asks for that.
struct Refusing;

#[global_allocator]
static ALLOCATOR: Refusing = Refusing;

const LARGE: usize = 1 << 20;

thread_local! {
    static SCARCE: Cell<bool> = const { Cell::new(false) };
}

fn is_refused(size: usize) -> bool {
    size >= LARGE && SCARCE.try_with(Cell::get).unwrap_or(false)
}

// SAFETY: all blocks are the system's; null is allowed wherever one is asked for.
unsafe impl GlobalAlloc for Refusing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_refused(layout.size()) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the system's.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if is_refused(size) {
            return std::ptr::null_mut();
        }
        // SAFETY: the block is the system's; the caller's promises are, too.
        unsafe { System.realloc(block, layout, size) }
    }
}

/// The length of a list of so many Nones, made while there are no large blocks.
#[hpy_method]
fn list_in_scarce_memory<'ctx>(ctx: Context<'ctx>, of: &str, count: usize) -> Result<usize> {
    let values = vec![(); count];
    SCARCE.set(true);
    let list = match of {
        "iterator" => ctx.list(values),
        "iterator of unknown length" => ctx.list(values.into_iter().filter(|()| true)),
        _ => ctx.handle(values).and_then(Handle::downcast_into),
    };
    SCARCE.set(false);
    Ok(list?.len())
}

#[hpy_method]
fn no_arguments() -> i64 {
    0
}

#[hpy_method]
fn one_argument(a: i64) -> i64 {
    a
}

#[hpy_method]
fn two_arguments(a: i64, b: i64) -> i64 {
    a - b
}

#[hpy_method(signature = (a, /, b = 2, *args, c = 3, **kw))]
fn every_kind<'ctx>(
    a: i64,
    b: i64,
    args: Vec<Handle<'ctx>>,
    c: i64,
    kw: Option<Handle<'ctx, Dict>>,
) -> (i64, i64, Vec<Handle<'ctx>>, i64, Option<Handle<'ctx, Dict>>) {
    (a, b, args, c, kw)
}

#[hpy_method(signature = (a, b = 2, *, c = 3))]
fn keywords(a: i64, b: i64, c: i64) -> (i64, i64, i64) {
    (a, b, c)
}

#[hpy_method]
fn call<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function.call0()
}

/// Whether the function raises; its exception is looked at and forgotten.
#[hpy_method]
fn catch(function: &Handle<'_>) -> bool {
    function
        .call0()
        .is_err_and(|error| error.is_instance_of::<Exception>(function.ctx()))
}

#[hpy_method]
fn store(object: &Handle<'_>) -> Result<()> {
    LAST.store(object)
}

#[hpy_method]
fn load<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
    LAST.load(ctx)
}

#[hpy_method]
fn sleep(ctx: Context<'_>, milliseconds: u64) {
    ctx.detach(move || std::thread::sleep(std::time::Duration::from_millis(milliseconds)));
}

#[hpy_method]
fn panic() {
    panic!("on purpose");
}

/// Panics with the object in the message.
#[hpy_method]
fn panic_about(object: &Handle<'_>) {
    panic!("{object} and {object:?}");
}

/// Panics where the function raises.
#[hpy_method]
fn call_and_unwrap<'ctx>(function: &Handle<'ctx>) -> Handle<'ctx> {
    function.call0().unwrap()
}

hpy_module! {
    /// What Python code that does its worst is let loose on.
    name: hostile,
    methods: [
        convert, torment, build, list_in_scarce_memory, no_arguments, one_argument, two_arguments,
        every_kind, keywords, call, catch, store, load, sleep, panic, panic_about,
        call_and_unwrap,
    ],
    globals: [LAST],
}
