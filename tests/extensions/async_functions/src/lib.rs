//! `async fn`: coroutines of Rust that asyncio runs, and Python's awaitables in Rust.

mod awaitables;
mod cancelled;
mod classes;
mod threads;

use awaitables::*;
use cancelled::*;
use classes::*;
use hpy::exceptions::{StopIteration, ValueError};
use hpy::prelude::*;
use std::future::poll_fn;
use std::task::Poll;
use threads::*;

/// Adds two numbers, at once.
#[hpy_method]
async fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[hpy_method(signature = (name, *, greeting = "Hello"))]
async fn greet(name: String, greeting: String) -> String {
    format!("{greeting}, {name}!")
}

#[hpy_method]
async fn nothing() {}

/// Gives back what it gets: tuples and exceptions too.
#[hpy_method]
async fn echo(object: Persistent) -> Persistent {
    object
}

#[hpy_method]
async fn fails() -> Result<i64> {
    Err(ValueError::new("it fails"))
}

#[hpy_method]
async fn stops() -> Result<i64> {
    Err(StopIteration::new((1,)))
}

#[hpy_method]
async fn panics(after: u32) {
    rounds(after).await;
    panic!("out of luck");
}

/// Lets others run so many times.
#[hpy_method]
async fn yields(count: u32) -> u32 {
    rounds(count).await;
    count
}

/// Wakes itself so many times.
async fn rounds(mut left: u32) {
    poll_fn(move |task| match left {
        0 => Poll::Ready(()),
        _ => {
            left -= 1;
            task.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}

/// Waits for ever. Nobody has a waker of it.
#[hpy_method]
async fn never() {
    std::future::pending::<()>().await;
}

/// Calls a function in each of its rounds.
#[hpy_method]
async fn calls_in_each_round(function: Persistent, count: u32) -> Result<Vec<Persistent>> {
    let mut results = Vec::new();
    for _ in 0..count {
        results.push(function.attach(|function| Persistent::new(&function.call0()?))?);
        rounds(1).await;
    }
    Ok(results)
}

/// A coroutine that no `async fn` made.
#[hpy_method]
fn made<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx>> {
    ctx.coroutine(name, async { 42 })
}

hpy_module! {
    name: async_functions,
    methods: [
        add, greet, nothing, echo, fails, stops, panics, yields, never, calls_in_each_round, made,
        wait, wait_two, started, guarded_wait, result_on_thread, nap,
        lasts, cleans_up, ignores, without_handle, sees_it, drops_call,
        sleep, wake_often, wake_late, wakes, wakers_dropped, drop_on_thread, hangs_on,
    ],
    types: [Counter, Frozen, Countdown],
}
