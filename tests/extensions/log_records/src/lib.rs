//! Records of the crates `log` and `tracing`: see `test_log_records.py`.

use hpy::logging::Logger;
use hpy::prelude::*;
use log::{Level, LevelFilter};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

fn level(number: usize) -> Level {
    Level::iter().nth(number - 1).unwrap_or(Level::Error)
}

/// One record, of level 1 to 5. The line is returned.
#[hpy_method]
fn record(target: &str, number: usize, text: &str) -> u32 {
    let line = line!() + 1;
    log::log!(target: target, level(number), "{text}");
    line
}

/// A record of this module, with a literal for text.
#[hpy_method]
fn literal() {
    log::error!("100 % of %s");
}

#[hpy_method]
fn enabled(target: &str, number: usize) -> bool {
    log::log_enabled!(target: target, level(number))
}

/// The crate's own level, which it drops records by before any logger sees them.
#[hpy_method]
fn max_level() -> usize {
    log::max_level() as usize
}

#[hpy_method]
fn set_max_level(number: usize) {
    log::set_max_level(LevelFilter::iter().nth(number).unwrap_or(LevelFilter::Off));
}

#[hpy_method]
fn with_keys(target: &str) {
    log::warn!(
        target: target,
        number = -3, big = u128::MAX, share = 0.5, fine = true, text = "a", name = "b",
        letter = 'c', message = 1;
        "keys"
    );
}

#[hpy_method]
fn reset() {
    hpy::logging::reset();
}

/// So many threads of Rust's own write so many records each.
#[hpy_method]
fn on_threads(ctx: Context<'_>, threads: usize, records: usize, number: usize) {
    ctx.detach(move || write(threads, records, number));
}

/// The same while this thread stays in Python: the others must not want to get in.
#[hpy_method]
fn on_threads_while_held(threads: usize, records: usize, number: usize) {
    write(threads, records, number);
}

fn write(threads: usize, records: usize, number: usize) {
    let each = |thread| {
        move || {
            for record in 0..records {
                log::log!(target: "load::thread", level(number), "{thread} {record}");
            }
        }
    };
    let started: Vec<_> = (0..threads)
        .map(|thread| thread::spawn(each(thread)))
        .collect();
    for thread in started {
        // It has nothing to panic for.
        let _ = thread.join();
    }
}

static STOP: AtomicBool = AtomicBool::new(false);
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// Threads that write records until the process ends.
#[hpy_method]
fn for_ever(threads: usize) {
    for _ in 0..threads {
        thread::spawn(|| {
            while !STOP.load(Ordering::Relaxed) {
                log::warn!(target: "forever", "again");
                WRITTEN.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
}

#[hpy_method]
fn written() -> usize {
    WRITTEN.load(Ordering::Relaxed)
}

/// Data that writes a record at its end, which comes at the interpreter's for some.
#[hpy_type]
struct Ending {
    name: String,
}

#[hpy_methods]
impl Ending {
    #[new]
    fn new(name: String) -> Self {
        Self { name }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        log::warn!(target: "ending", "the end of {}", self.name);
    }
}

/// Text that writes a record of its own.
struct Nested;

impl std::fmt::Display for Nested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        log::warn!(target: "nested", "within");
        f.write_str("around")
    }
}

#[hpy_method]
fn nested() {
    log::warn!(target: "nested", "{Nested}");
}

/// An event within spans.
#[hpy_method]
fn spans(target_is_known: bool) {
    let outer = tracing::info_span!(
        "outer",
        id = 1u64,
        both = "outer",
        late = tracing::field::Empty
    );
    let _outer = outer.enter();
    outer.record("late", true);
    let inner = tracing::info_span!(target: "elsewhere", "inner", both = "inner");
    let _inner = inner.enter();
    if target_is_known {
        tracing::warn!(target: "spans::known", number = -1, text = ?"q", "an event");
    } else {
        tracing::warn!(number = 1.5, text = "t", name = "clash");
    }
}

#[hpy_method]
fn event(number: usize) {
    match number {
        1 => tracing::error!(target: "events", "of {number}"),
        2 => tracing::warn!(target: "events", "of {number}"),
        3 => tracing::info!(target: "events", "of {number}"),
        4 => tracing::debug!(target: "events", "of {number}"),
        _ => tracing::trace!(target: "events", "of {number}"),
    }
}

fn init(module: &Handle<'_, Module>) -> Result<()> {
    let ctx = module.ctx();
    Logger::new()
        .filter(LevelFilter::Trace)
        .filter_target("filtered", LevelFilter::Warn)
        .filter_target("filtered::less", LevelFilter::Info)
        .install(ctx)?;
    hpy::logging::init_tracing(ctx)
}

hpy_module! {
    name: log_records,
    methods: [
        record, literal, enabled, max_level, set_max_level, with_keys, reset, on_threads,
        on_threads_while_held, for_ever, written, nested, spans, event,
    ],
    types: [Ending],
    interpreters: many,
    exec: init,
}
