//! Closures.

use hpy::exceptions::{TypeError, ValueError};
use hpy::prelude::*;
use hpy::types::Callable;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

type Function<'ctx> = Handle<'ctx, Callable>;

/// Adds what was captured.
#[hpy_method]
pub fn adder<'ctx>(ctx: Context<'ctx>, number: i64) -> Result<Function<'ctx>> {
    ctx.closure("add", "", move |ctx, args, _| {
        let Some(first) = args.get(0) else {
            return Err(TypeError::new("add() needs a number"));
        };
        ctx.handle(first.extract::<i64>()? + number)
    })
}

/// Counts its calls, of all threads.
#[hpy_method]
pub fn counter<'ctx>(ctx: Context<'ctx>) -> Result<Function<'ctx>> {
    let count = AtomicU64::new(0);
    ctx.closure("count", "", move |ctx, _, _| {
        ctx.handle(count.fetch_add(1, Ordering::Relaxed) + 1)
    })
}

#[hpy_method]
pub fn documented<'ctx>(ctx: Context<'ctx>, name: &str, doc: &str) -> Result<Function<'ctx>> {
    ctx.closure(name, doc, |ctx, _, _| ctx.handle(()))
}

/// Gives its arguments back.
#[hpy_method]
pub fn everything<'ctx>(ctx: Context<'ctx>) -> Result<Function<'ctx>> {
    ctx.closure("everything", "", |ctx, args, keywords| {
        let given = ctx.dict()?;
        for pair in keywords.iter() {
            let (name, value) = pair?;
            given.set_item(&name, &*value)?;
        }
        let args: Vec<Handle<'_>> = args.iter().map(|arg| arg.dup()).collect();
        ctx.handle((args, given))
    })
}

#[hpy_method]
pub fn first_keyword<'ctx>(ctx: Context<'ctx>, name: String) -> Result<Function<'ctx>> {
    ctx.closure(
        "first_keyword",
        "",
        move |ctx, _, keywords| match keywords.get(&name)? {
            Some(value) => Ok(value.dup()),
            None => ctx.handle("none"),
        },
    )
}

#[hpy_method]
pub fn failing<'ctx>(ctx: Context<'ctx>, message: String) -> Result<Function<'ctx>> {
    ctx.closure("fail", "", move |_, _, _| {
        Err(ValueError::new(message.clone()))
    })
}

#[hpy_method]
pub fn panicking<'ctx>(ctx: Context<'ctx>, message: String) -> Result<Function<'ctx>> {
    ctx.closure("panic", "", move |_, _, _| panic!("{message}"))
}

/// Calls what it was made with, on the arguments.
#[hpy_method]
pub fn calls<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<Function<'ctx>> {
    let function = Persistent::new(function)?;
    ctx.closure("calls", "", move |ctx, args, keywords| {
        function.get(ctx)?.call(args, keywords)
    })
}

/// Calls the argument with itself until Python's stack ends.
#[hpy_method]
pub fn recursive<'ctx>(ctx: Context<'ctx>) -> Result<Function<'ctx>> {
    ctx.closure("recurse", "", |_, args, _| match args.get(0) {
        Some(itself) => itself.call1((&*itself,)),
        None => Err(TypeError::new("it needs itself")),
    })
}

/// Calls itself with one less.
#[hpy_method]
pub fn countdown_to_itself<'ctx>(ctx: Context<'ctx>) -> Result<Function<'ctx>> {
    ctx.closure("countdown", "", |ctx, args, _| {
        let (Some(itself), Some(number)) = (args.get(0), args.get(1)) else {
            return Err(TypeError::new("it needs itself and a number"));
        };
        match number.extract::<i64>()? {
            0 => ctx.handle("done"),
            number => itself.call1((&*itself, number - 1)),
        }
    })
}

static DROPPED: AtomicU64 = AtomicU64::new(0);

struct Counted(Persistent);

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// A closure with an object in it.
#[hpy_method]
pub fn captures<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<Function<'ctx>> {
    let counted = Counted(Persistent::new(object)?);
    ctx.closure("captured", "", move |ctx, _, _| counted.0.get(ctx))
}

/// How many of those closures are gone.
#[hpy_method]
pub fn dropped() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

struct Panics;

impl Drop for Panics {
    fn drop(&mut self) {
        panic!("in a destructor");
    }
}

/// A closure whose data panics in its end.
#[hpy_method]
pub fn raises_in_drop<'ctx>(ctx: Context<'ctx>) -> Result<Function<'ctx>> {
    let panics = Panics;
    ctx.closure("panics", "", move |ctx, _, _| {
        let _ = &panics;
        ctx.handle(1)
    })
}

/// Lets other threads in while it runs.
#[hpy_method]
pub fn waiting<'ctx>(ctx: Context<'ctx>) -> Result<Function<'ctx>> {
    let running = Arc::new(Mutex::new((0u32, 0u32)));
    ctx.closure("wait", "", move |ctx, _, _| {
        let running = Arc::clone(&running);
        let most = ctx.detach(move || {
            let change = |by: i32| {
                let mut counts = running.lock().unwrap_or_else(|error| error.into_inner());
                counts.0 = counts.0.saturating_add_signed(by);
                counts.1 = counts.1.max(counts.0);
                counts.1
            };
            for _ in 0..1000 {
                if change(1) > 1 {
                    break;
                }
                thread::sleep(Duration::from_millis(5));
                change(-1);
            }
            change(0)
        });
        ctx.handle(most)
    })
}
