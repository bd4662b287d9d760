//! Code that gets no context and asks for one: see `test_attached.py`.

mod kept;

use hpy::exceptions::{RuntimeError, ValueError};
use hpy::prelude::*;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Mutex;

use kept::{
    ObjectMap, identical, in_a_set, objects_by_identity, shown_kept, shown_while_detached,
    shown_while_panicking, twice_the_same,
};

/// An object that is compared, ordered and shown as Python does it.
struct Value(Persistent);

impl Value {
    /// The result of `compare`; `otherwise` if Python cannot be asked, or raises.
    fn compared<R>(
        &self,
        other: &Self,
        otherwise: R,
        compare: impl for<'ctx> FnOnce(&Handle<'ctx>, &Handle<'ctx>) -> Result<R>,
    ) -> R {
        let compared = hpy::attach(|ctx| compare(&self.0.get(ctx)?, &other.0.get(ctx)?));
        compared.and_then(|compared| compared).unwrap_or(otherwise)
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.compared(other, false, |this, other| this.eq(other))
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compared(other, Ordering::Equal, |this, other| {
            Ok(match this.lt(other)? {
                true => Ordering::Less,
                false if other.lt(this)? => Ordering::Greater,
                false => Ordering::Equal,
            })
        })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = hpy::attach(|ctx| self.0.get(ctx)?.str()?.extract::<String>());
        match text.and_then(|text| text) {
            Ok(text) => f.write_str(&text),
            Err(_) => f.write_str("?"),
        }
    }
}

/// The items of a Python iterator.
struct Items(Persistent);

impl Iterator for Items {
    type Item = Result<i64>;

    fn next(&mut self) -> Option<Result<i64>> {
        let next = hpy::attach(|ctx| {
            let items = self.0.get(ctx)?;
            let next = items.iter()?.next();
            next.map(|item| item?.extract::<i64>()).transpose()
        });
        next.and_then(|next| next).transpose()
    }
}

#[hpy_method]
fn equal(a: Persistent, b: Persistent) -> bool {
    Value(a) == Value(b)
}

#[hpy_method]
fn in_order(values: Vec<Persistent>) -> Vec<Persistent> {
    let mut values: Vec<_> = values.into_iter().map(Value).collect();
    values.sort();
    values.into_iter().map(|value| value.0).collect()
}

#[hpy_method]
fn shown(values: Vec<Persistent>) -> String {
    let shown: Vec<_> = values
        .into_iter()
        .map(|value| Value(value).to_string())
        .collect();
    shown.join(" ")
}

#[hpy_method]
fn total(iterator: Persistent) -> Result<i64> {
    Items(iterator).sum()
}

/// Why this thread cannot attach, or an empty text.
fn reason() -> String {
    hpy::attach(|_| ()).map_or_else(|error| error.to_string(), |()| String::new())
}

/// Whether Python could be used before a call, its result, and whether it could after.
#[hpy_method]
fn around_a_call<'ctx>(
    ctx: Context<'ctx>,
    function: &Handle<'ctx>,
) -> Result<(String, Handle<'ctx>, String)> {
    let before = reason();
    let result = function.call0()?;
    // The context of the call is as good as before.
    let _ = ctx.str("still")?;
    Ok((before, result, reason()))
}

/// Calls the function in a context of its own.
#[hpy_method]
fn call(function: Persistent) -> Result<Persistent> {
    hpy::attach(|ctx| Persistent::new(&function.get(ctx)?.call0()?))?
}

/// Attaches so often, one within the other, and calls the function there.
#[hpy_method]
fn call_nested(function: Persistent, depth: usize) -> Result<Persistent> {
    if depth == 0 {
        return hpy::attach(|ctx| Persistent::new(&function.get(ctx)?.call0()?))?;
    }
    hpy::attach(|_| call_nested(function, depth - 1))?
}

/// Attaches so often, one after the other, and uses its own context in between.
#[hpy_method]
fn attach_often(ctx: Context<'_>, times: i64) -> Result<i64> {
    let list = ctx.empty_list()?;
    for number in 0..times {
        let number = hpy::attach(|ctx| ctx.int(number)?.extract::<i64>())??;
        list.append(number)?;
    }
    list.iter().map(|item| item.extract::<i64>()).sum()
}

/// The function's result where the thread is detached, or the error's text; and whether the thread
/// can attach afterwards.
#[hpy_method]
fn within_detach(ctx: Context<'_>, function: Persistent) -> (Option<Persistent>, String, String) {
    let called = ctx.detach(move || {
        hpy::attach(|ctx| Persistent::new(&function.get(ctx)?.call0()?)).and_then(|called| called)
    });
    match called {
        Ok(result) => (Some(result), String::new(), reason()),
        Err(error) => (None, error.to_string(), reason()),
    }
}

/// The function's result, called on a thread of Rust's own.
#[hpy_method]
fn on_a_thread(ctx: Context<'_>, function: Persistent) -> Result<Persistent> {
    let called = ctx.detach(move || {
        let call = || hpy::attach(|ctx| Persistent::new(&function.get(ctx)?.call0()?));
        std::thread::scope(|scope| scope.spawn(call).join())
    });
    called.map_err(|_| RuntimeError::new("the thread panicked"))??
}

/// Calls the function on several threads that Python does not know, which live at the same time:
/// why that was not possible.
#[hpy_method]
fn on_new_threads(ctx: Context<'_>, count: usize, function: Persistent) -> Vec<String> {
    ctx.detach(move || {
        let all_live = std::sync::Barrier::new(count);
        let call = || {
            all_live.wait();
            let called = hpy::attach(|ctx| function.get(ctx)?.call0().map(drop));
            let called = called.and_then(|called| called);
            all_live.wait();
            called
                .err()
                .map_or_else(String::new, |error| error.to_string())
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(call)).collect();
            let joined = threads.into_iter().map(|thread| thread.join());
            joined
                .map(|answer| answer.unwrap_or_else(|_| "a panic".to_owned()))
                .collect()
        })
    })
}

#[hpy_method]
fn panics(message: String) -> Result<()> {
    hpy::attach(|_| panic!("{message}"))
}

/// A panic that ends at the caller, which goes on.
#[hpy_method]
fn catches_panic() -> String {
    let caught = std::panic::catch_unwind(|| hpy::attach(|_| -> () { panic!("caught") }));
    format!("{} {:?}", caught.is_err(), reason())
}

/// An exception that is raised within.
#[hpy_method]
fn raises() -> Result<()> {
    hpy::attach(|_| Err(ValueError::new("raised within")))?
}

/// What its objects have seen at their ends.
static ENDS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn ends() -> std::sync::MutexGuard<'static, Vec<String>> {
    ENDS.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Keeps an object, and attaches where its data is dropped.
#[hpy_type]
struct Ends {
    kept: Option<Persistent>,
}

#[hpy_methods]
impl Ends {
    #[new]
    fn new(kept: Option<Persistent>) -> Self {
        Self { kept }
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        let seen = reason();
        ends().push(seen);
        drop(self.kept.take());
    }
}

/// The same in a capsule.
struct EndsInCapsule;

impl Drop for EndsInCapsule {
    fn drop(&mut self) {
        let seen = reason();
        ends().push(seen);
    }
}

#[hpy_method]
fn capsule<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    Ok(ctx.capsule(c"attached.end", EndsInCapsule)?.into_object())
}

#[hpy_method]
fn seen_at_ends() -> Vec<String> {
    std::mem::take(&mut *ends())
}

/// Keeps an object within, and drops it there.
#[hpy_method]
fn drop_within(object: Persistent) -> Result<()> {
    hpy::attach(|_| drop(object))
}

/// Attaches this often for a measurement; nanoseconds for each.
#[hpy_method]
fn time_attaching(times: u32) -> f64 {
    let start = std::time::Instant::now();
    for _ in 0..times {
        let attached = hpy::attach(|ctx| {
            std::hint::black_box(ctx);
        });
        std::hint::black_box(attached.is_ok());
    }
    start.elapsed().as_nanos() as f64 / f64::from(times.max(1))
}

hpy_module! {
    /// Code that gets no context and asks for one.
    name: attached,
    methods: [
        equal, in_order, shown, total, around_a_call, call, call_nested, attach_often,
        within_detach, on_a_thread, on_new_threads, panics, catches_panic, raises, capsule,
        seen_at_ends, drop_within, time_attaching, identical, in_a_set, objects_by_identity,
        shown_kept, shown_while_detached, shown_while_panicking, twice_the_same,
    ],
    types: [Ends, ObjectMap],
}
