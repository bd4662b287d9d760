//! A record's way to Python.

use super::filters::{Verbosity, of_target};
use super::interpreter::{Interpreter, STATE};
use super::levels::{self, Known, Target};
use super::value::Fields;
use crate::backend::{Access, access, access_at_rest};
use crate::{Context, Result};
use core::cell::Cell;
use core::sync::atomic::{AtomicU64, Ordering};
use hpy_sys::fork::generation;
use std::borrow::Cow;
use std::time::{Duration, Instant};

/// A record, but for its text.
pub(super) struct Place<'a> {
    pub(super) target: &'a str,
    pub(super) level: Verbosity,
    pub(super) file: Option<&'a str>,
    pub(super) line: Option<u32>,
    pub(super) module: Option<&'a str>,
}

/// What Python gets of a record beside its place.
pub(super) struct Content<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) fields: Fields,
    /// The names of the spans around it, the outermost first.
    pub(super) spans: Vec<&'static str>,
}

/// So many records may be on their way on a thread, each within the one before: a handler that
/// always causes another record would have no end.
const MOST_NESTED: u32 = 16;

std::thread_local! {
    static NESTED: Cell<u32> = const { Cell::new(0) };
}

/// A record that is on its way on this thread.
struct Level(());

impl Level {
    fn enter() -> Option<Self> {
        // The thread's own data may be gone at its end.
        let entered = NESTED.try_with(|nested| {
            let level = nested.get();
            let is_free = level < MOST_NESTED;
            if is_free {
                nested.set(level + 1);
            }
            is_free
        });
        matches!(entered, Ok(true)).then_some(Self(()))
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        let _ = NESTED.try_with(|nested| nested.set(nested.get().saturating_sub(1)));
    }
}

/// Whether Python takes records of a target and level. It is asked only if that is not known.
#[inline]
pub(super) fn is_taken(target: &str, level: Verbosity) -> bool {
    match levels::target(target) {
        Some(known) => match known.takes(level) {
            Known::Taken => true,
            Known::NotTaken => false,
            Known::Unknown => ask(target, Some(known), level),
        },
        None => level <= of_target(target) && ask(target, None, level),
    }
}

#[cold]
#[inline(never)]
fn ask(target: &str, known: Option<&'static Target>, level: Verbosity) -> bool {
    let answer = with_python(|ctx, interpreter| {
        match interpreter.asks(ctx, target, known, level) {
            Ok(is_taken) => Ok(is_taken),
            Err(error) => {
                // At the interpreter's end, parts of `logging` may be gone.
                if levels::is_any() {
                    error.write_unraisable(ctx, None);
                }
                Ok(false)
            }
        }
    });
    matches!(answer, Some(Ok(true)))
}

/// Sends a record that is taken, as far as that is known. `content` is asked for before Python is
/// entered.
pub(super) fn send<'a>(place: &Place<'_>, content: impl FnOnce() -> Content<'a>) {
    let Some(_level) = Level::enter() else {
        return;
    };
    let content = content();
    with_python(|ctx, interpreter| {
        let sent = interpreter.send(ctx, levels::target(place.target), place, &content);
        if let Err(error) = sent {
            // There is nobody to tell.
            error.write_unraisable(ctx, None);
        }
        Ok(())
    });
}

/// How many threads are in Python for a record only, and the process that has them, in the upper
/// half: a child of `fork` has none of its parent's.
static VISITS: AtomicU64 = AtomicU64::new(0);

/// The threads of this process that are counted.
fn visits(counted: u64) -> u64 {
    match counted >> 32 == process() {
        true => counted & u64::from(u32::MAX),
        false => 0,
    }
}

fn process() -> u64 {
    generation() as u64 & u64::from(u32::MAX)
}

fn count_visits(change: impl Fn(u64) -> u64) {
    let order = Ordering::SeqCst;
    let _ = VISITS.fetch_update(order, order, |counted| {
        Some(process() << 32 | change(visits(counted)))
    });
}

/// That of a thread.
struct Visit(());

impl Visit {
    /// None at the end of the interpreter: then only threads that are in it anyway send records.
    /// Others would wait for it, perhaps forever.
    fn begin() -> Option<Self> {
        count_visits(|visits| visits + 1);
        let visit = Self(());
        levels::is_any().then_some(visit)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        // Begun before a fork, it is not counted.
        count_visits(|visits| visits.saturating_sub(1));
    }
}

/// Waits until no thread is in Python for a record, once there is no interpreter that takes any.
/// Where the interpreter ended meanwhile, such a thread could keep a lock that the end needs:
/// CPython 3.13 without the GIL stops threads that hold the lock of an object.
#[cold]
pub(super) fn wait_for_visits(ctx: Context<'_>) {
    // A handler may take longer.
    const MOST: Duration = Duration::from_secs(1);
    if levels::is_any() {
        return;
    }
    ctx.detach(|| {
        let begin = Instant::now();
        while visits(VISITS.load(Ordering::SeqCst)) != 0 && begin.elapsed() < MOST {
            std::thread::sleep(Duration::from_micros(100));
        }
    });
}

/// Runs `work` with this thread's interpreter, if it can be used and sends records.
fn with_python<R>(
    work: impl for<'ctx> FnOnce(Context<'ctx>, &Interpreter) -> Result<R>,
) -> Option<Result<R>> {
    let is_outside = access_at_rest().is_none() && matches!(access(), Access::FromOutside(_));
    let _visit = match is_outside {
        true => Some(Visit::begin()?),
        false => None,
    };
    crate::attach(|ctx| {
        let interpreter = STATE.get(ctx)?;
        work(ctx, &interpreter)
    })
    .ok()
}
