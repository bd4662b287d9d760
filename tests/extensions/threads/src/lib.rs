//! Detaching, threads, and what outlives a call: see `test_threads.py`.

mod ended;
mod forked;
mod smuggled;
mod texts;
mod unsendable;

use ended::{Ended, end_in_a_call, end_with_guard, end_with_handle};
use forked::{drop_detached, fork_detached};
use hpy::exceptions::{AssertionError, RuntimeError, ValueError};
use hpy::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

static LAST: Global = Global::new();
static KEPT: Mutex<Vec<Persistent>> = Mutex::new(Vec::new());
static ERRORS: Mutex<Vec<Error>> = Mutex::new(Vec::new());
static ENTRIES: AtomicU64 = AtomicU64::new(0);

/// Takes what a static holds. A panic elsewhere must not make other tests fail.
fn taken<T>(place: &Mutex<Vec<T>>) -> Vec<T> {
    std::mem::take(
        &mut *place
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner()),
    )
}

fn put<T>(place: &Mutex<Vec<T>>, value: T) {
    place
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
        .push(value);
}

fn joined<R>(thread: thread::JoinHandle<R>) -> Result<R> {
    thread
        .join()
        .map_err(|_| AssertionError::new("the thread panicked"))
}

// Detaching.

#[hpy_method]
fn detach(ctx: Context<'_>, number: u64) -> u64 {
    ctx.detach(move || number + 1)
}

#[hpy_method]
fn sleep_detached(ctx: Context<'_>, milliseconds: u64) {
    ctx.detach(move || thread::sleep(Duration::from_millis(milliseconds)));
}

/// Spins until Python code says so: it ends only if other threads of Python run.
#[hpy_method]
fn wait_for_entry(ctx: Context<'_>, milliseconds: u64) -> bool {
    let before = ENTRIES.load(Ordering::SeqCst);
    ctx.detach(move || {
        for _ in 0..milliseconds {
            if ENTRIES.load(Ordering::SeqCst) != before {
                return true;
            }
            thread::sleep(Duration::from_millis(1));
        }
        false
    })
}

#[hpy_method]
fn enter() {
    ENTRIES.fetch_add(1, Ordering::SeqCst);
}

#[hpy_method]
fn detach_with_shared(ctx: Context<'_>, text: &str) -> usize {
    ctx.detach_with(text, |text| text.lines().count())
}

#[hpy_method]
fn detach_with_mutable(ctx: Context<'_>, mut numbers: Vec<i64>) -> Vec<i64> {
    ctx.detach_with(&mut numbers, |numbers| numbers.sort_unstable());
    numbers
}

#[hpy_method]
fn detach_with_several(
    ctx: Context<'_>,
    mut names: Vec<String>,
    prefix: &str,
    count: u64,
) -> Vec<String> {
    let (mut total, limit) = (0u64, count);
    ctx.detach_with(
        (&mut names, prefix, &mut total, &limit),
        |(names, prefix, total, limit)| {
            for name in names {
                name.insert_str(0, prefix);
                *total += limit;
            }
        },
    );
    names.push(total.to_string());
    names
}

#[hpy_method]
fn detach_and_panic(ctx: Context<'_>, message: String) {
    ctx.detach(move || panic!("{message}"));
}

#[hpy_method]
fn detach_and_catch_panic<'ctx>(ctx: Context<'ctx>, message: &str) -> Result<Handle<'ctx, Str>> {
    let message = message.to_owned();
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        ctx.detach(move || panic!("{message}"))
    }));
    match result {
        Ok(()) => Err(AssertionError::new("no panic")),
        // Python can be used as before.
        Err(_) => ctx.str("attached again"),
    }
}

/// Uses a handle that was open during the detached time.
#[hpy_method]
fn detach_between_calls<'ctx>(
    ctx: Context<'ctx>,
    function: &Handle<'ctx>,
) -> Result<Handle<'ctx, List>> {
    let list = ctx.list([function.call0()?])?;
    let number = ctx.detach(|| 42);
    list.append(number)?;
    list.append(function.call0()?)?;
    Ok(list)
}

/// Work on threads of Rust's own.
#[hpy_method]
fn sum_on_threads(ctx: Context<'_>, numbers: Vec<u64>, count: usize) -> u64 {
    ctx.detach_with((&numbers, &count), |(numbers, count)| {
        let size = numbers.len().div_ceil((*count).max(1)).max(1);
        thread::scope(|scope| {
            let parts: Vec<_> = numbers
                .chunks(size)
                .map(|part| scope.spawn(move || part.iter().sum::<u64>()))
                .collect();
            // A thread that only adds does not panic.
            parts.into_iter().map(|part| part.join().unwrap_or(0)).sum()
        })
    })
}

#[hpy_method]
fn panic_on_a_thread(ctx: Context<'_>) -> bool {
    ctx.detach(|| thread::spawn(|| panic!("on a thread")).join().is_err())
}

// What outlives its call.

#[hpy_method]
fn keep(object: &Handle<'_>) -> Result<()> {
    put(&KEPT, Persistent::new(object)?);
    Ok(())
}

#[hpy_method]
fn kept<'ctx>(ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    let kept = taken(&KEPT);
    let objects = kept.iter().map(|object| object.get(ctx)).collect();
    for object in kept {
        put(&KEPT, object);
    }
    objects
}

#[hpy_method]
fn drop_kept() {
    drop(taken(&KEPT));
}

#[hpy_method]
fn drop_kept_on_a_thread() -> Result<()> {
    let kept = taken(&KEPT);
    joined(thread::spawn(move || drop(kept)))
}

#[hpy_method]
fn drop_kept_while_detached(ctx: Context<'_>) {
    let kept = taken(&KEPT);
    ctx.detach(move || drop(kept));
}

/// There and back.
#[hpy_method]
fn send_through_a_thread<'ctx>(ctx: Context<'ctx>, object: Persistent) -> Result<Handle<'ctx>> {
    joined(thread::spawn(move || object))?.get(ctx)
}

#[hpy_method]
fn keep_error(function: &Handle<'_>) {
    if let Err(error) = function.call0() {
        put(&ERRORS, error);
    }
}

#[hpy_method]
fn raise_kept_error_from_a_thread() -> Result<()> {
    let errors = taken(&ERRORS);
    let mut errors = joined(thread::spawn(move || errors))?;
    errors.pop().map_or(Ok(()), Err)
}

#[hpy_method]
fn drop_kept_errors_on_a_thread() -> Result<()> {
    let errors = taken(&ERRORS);
    joined(thread::spawn(move || drop(errors)))
}

#[hpy_method]
fn raise_error_made_on_a_thread() -> Result<()> {
    Err(joined(thread::spawn(|| {
        ValueError::new("made on a thread")
    }))?)
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
fn clear(ctx: Context<'_>) -> Result<()> {
    LAST.clear(ctx)
}

/// A bit of everything, to be called by many threads at once.
#[hpy_method]
fn hammer<'ctx>(
    ctx: Context<'ctx>,
    object: &Handle<'ctx>,
    failing: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    LAST.store(object)?;
    let persistent = Persistent::new(object)?;
    let error = failing.call0().err();
    let number = ctx.detach(|| 1);
    let loaded = LAST.load(ctx)?;
    put(&KEPT, persistent);
    if let Some(first) = taken(&KEPT).pop() {
        drop(first.get(ctx)?);
    }
    match (error, loaded) {
        (Some(error), Some(_)) => {
            drop(ctx.list([number])?);
            error.into_value(ctx)
        }
        _ => Err(AssertionError::new("an error or the global is missing")),
    }
}

/// Uses containers that other threads change meanwhile, and changes them itself. Whatever it reads
/// in them is one of their items. Returns the sum of what it saw.
#[hpy_method]
fn churn<'ctx>(
    ctx: Context<'ctx>,
    list: &Handle<'ctx, List>,
    dict: &Handle<'ctx, Dict>,
    number: i64,
) -> Result<i64> {
    let mut sum = 0;
    list.append(number)?;
    for item in list.iter() {
        sum += item.extract::<i64>()?;
    }
    dict.set_item(number, number)?;
    for (key, value) in dict.items()? {
        if !key.eq(&value)? {
            return Err(AssertionError::new("a key with another's value"));
        }
        sum += value.extract::<i64>()?;
    }
    LAST.store(&ctx.int(number)?.into_object())?;
    if let Some(last) = LAST.load(ctx)? {
        sum += last.extract::<i64>()?;
    }
    list.call_method0("pop")?;
    Ok(sum)
}

/// The function's results for 0, 1, … on threads of Rust's own. Each attaches for its call.
#[hpy_method]
fn call_on_threads(ctx: Context<'_>, function: Persistent, count: i64) -> Result<Vec<i64>> {
    ctx.detach(move || {
        let call =
            |number: i64| hpy::attach(|ctx| function.get(ctx)?.call1((number,))?.extract::<i64>())?;
        std::thread::scope(|scope| {
            let calls: Vec<_> = (0..count)
                .map(|number| scope.spawn(move || call(number)))
                .collect();
            let join = |call: std::thread::ScopedJoinHandle<'_, Result<i64>>| {
                call.join()
                    .unwrap_or_else(|_| Err(RuntimeError::new("the thread panicked")))
            };
            calls.into_iter().map(join).collect()
        })
    })
}

/// Attaches where the thread is attached already.
#[hpy_method]
fn attach_within<'ctx>(function: &Handle<'ctx>) -> Result<i64> {
    let kept = Persistent::new(function)?;
    hpy::attach(|ctx| kept.get(ctx)?.call0()?.extract::<i64>())?
}

/// The function's result on a thread of Rust's own whose stack has so many kilobytes.
#[hpy_method]
fn call_on_stack(ctx: Context<'_>, function: Persistent, kilobytes: usize) -> Result<i64> {
    ctx.detach(move || {
        let call = move || hpy::attach(|ctx| function.get(ctx)?.call0()?.extract::<i64>())?;
        let thread = std::thread::Builder::new().stack_size(kilobytes << 10);
        let called = thread.spawn(call)?.join();
        called.unwrap_or_else(|_| Err(RuntimeError::new("the thread panicked")))
    })
}

/// Calls back from a thread that nobody waits for.
#[hpy_method]
fn call_later(function: Persistent) {
    std::thread::spawn(move || {
        let called = hpy::attach(|ctx| match function.get(ctx)?.call0() {
            Ok(_) => Ok(()),
            Err(error) => {
                error.write_unraisable(ctx, None);
                Ok(())
            }
        });
        // What goes wrong is seen by the test, which waits for the call.
        let _: Result<Result<()>> = called;
        drop(function);
    });
}

/// Calls a function at its end, and says what became of an error that it holds.
struct CallsAtItsEnd(Persistent, Mutex<Option<Error>>);

impl Drop for CallsAtItsEnd {
    fn drop(&mut self) {
        let text = match taken_option(&self.1) {
            Some(error) => format!("{error}"),
            None => String::new(),
        };
        let function = &self.0;
        let called = hpy::attach(|ctx| function.get(ctx)?.call1((text,)).map(drop));
        // What the function raises is nobody's.
        let _: Result<Result<()>> = called;
    }
}

fn taken_option<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
        .take()
}

/// A capsule whose end attaches the thread once more, wherever it comes.
#[hpy_method(signature = (function, error = None))]
fn calls_at_its_end<'ctx>(
    function: Persistent,
    error: Option<&Handle<'ctx>>,
    ctx: Context<'ctx>,
) -> Result<Handle<'ctx>> {
    let error = Mutex::new(error.map(Error::from_value));
    let capsule = ctx.capsule(c"threads.end", CallsAtItsEnd(function, error))?;
    Ok(capsule.into_object())
}

unsafe extern "C" {
    /// The C library's: what it is given is called when Python has come to its end already.
    fn atexit(function: extern "C" fn()) -> i32;
}

extern "C" fn attach_and_say() {
    match hpy::attach(|_| ()) {
        Ok(()) => println!("attached"),
        Err(error) => println!("{error}"),
    }
}

/// Prints what comes of attaching after the end of the interpreter.
#[hpy_method]
fn attach_after_the_end() -> bool {
    // SAFETY: the function takes nothing and does not unwind. Extensions are not unloaded.
    unsafe { atexit(attach_and_say) == 0 }
}

/// A panic within an attached thread.
#[hpy_method]
fn panic_while_attached(ctx: Context<'_>) -> bool {
    ctx.detach(|| {
        std::thread::spawn(|| hpy::attach(|_| panic!("while attached")))
            .join()
            .is_err()
    })
}

hpy_module! {
    /// Detaching, threads, and what outlives a call.
    name: threads,
    methods: [
        detach, sleep_detached, wait_for_entry, enter, detach_with_shared, detach_with_mutable,
        detach_with_several, detach_and_panic, detach_and_catch_panic, detach_between_calls,
        sum_on_threads, panic_on_a_thread, keep, kept, drop_kept, drop_kept_on_a_thread,
        drop_kept_while_detached, send_through_a_thread, keep_error, raise_kept_error_from_a_thread,
        drop_kept_errors_on_a_thread, raise_error_made_on_a_thread, store, load, clear, hammer,
        churn, call_on_stack, call_on_threads, attach_within, call_later, calls_at_its_end,
        panic_while_attached, attach_after_the_end, smuggled::finds_use_while_detached,
        smuggled::use_while_detached, smuggled::drop_while_detached,
        smuggled::use_while_attached_again,
        smuggled::use_after_attached_again, end_with_guard, end_with_handle, end_in_a_call,
        drop_detached, fork_detached, texts::keep_text, texts::kept_texts, texts::texts_back,
        texts::drop_texts_on_a_thread, texts::keep_bytes, texts::kept_bytes, texts::bytes_back,
        texts::count_words, texts::sorted_bytes, texts::compared,
        unsendable::count_of, unsendable::local_ends, unsendable::take_local,
    ],
    types: [
        Ended, smuggled::Counted, unsendable::Local, unsendable::LocalHolder,
        unsendable::LocalChoice, unsendable::LocalTexts,
    ],
    globals: [LAST],
}
