//! The crate `log`: its logger.

use super::filters::{self, Filters, Verbosity};
use super::interpreter::STATE;
use super::sending::{Content, Place, is_taken, send};
use super::value::{Fields, Value};
use crate::exceptions::RuntimeError;
use crate::{Context, Result};
use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use log::{LevelFilter, Log, Metadata, Record};
use std::borrow::Cow;

/// Sends all records of the crate `log` to Python's `logging`. PyO3's `pyo3_log::try_init`.
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn work(count: u32) {
///     log::info!(target: "my::worker", "{count} things to do");
/// }
///
/// fn init(module: &Handle<'_, Module>) -> Result<()> {
///     hpy::logging::init(module.ctx())
/// }
///
/// hpy_module! {
///     name: worker,
///     methods: [work],
///     exec: init,
/// }
/// # fn main() {}
/// ```
///
/// # Errors
/// As for [`Logger::install`].
#[inline]
pub fn init(ctx: Context<'_>) -> Result<()> {
    Logger::new().install(ctx)
}

/// A logger for the crate `log`, with limits that hold whatever Python's loggers would take.
/// PyO3's `pyo3_log::Logger`.
///
/// ```
/// use hpy::logging::Logger;
/// use hpy::prelude::*;
/// use log::LevelFilter;
///
/// fn init(module: &Handle<'_, Module>) -> Result<()> {
///     Logger::new()
///         .filter(LevelFilter::Debug)
///         .filter_target("noisy::part", LevelFilter::Warn)
///         .install(module.ctx())
/// }
/// ```
#[derive(Debug)]
pub struct Logger(Filters);

impl Default for Logger {
    fn default() -> Self {
        Self::new()
    }
}

impl Logger {
    /// One without limits.
    #[must_use]
    pub fn new() -> Self {
        Self(Filters {
            others: filters::ALL,
            targets: Vec::new(),
        })
    }

    /// The limit of all targets without one of their own.
    #[must_use]
    pub fn filter(mut self, filter: LevelFilter) -> Self {
        self.0.others = filter as Verbosity;
        self
    }

    /// The limit of a target and all below it: of `a` and `a::b`, not of `ab`.
    #[must_use]
    pub fn filter_target(mut self, target: impl Into<String>, filter: LevelFilter) -> Self {
        self.0.targets.push((target.into(), filter as Verbosity));
        self
    }

    /// Makes it the logger of the crate `log`, for this interpreter.
    ///
    /// A second call, in this interpreter or another, leaves the limits as they are.
    ///
    /// # Errors
    /// RuntimeError if there is another logger already. What importing `logging` raises.
    pub fn install(self, ctx: Context<'_>) -> Result<()> {
        if !INSTALLED.load(Ordering::Acquire) {
            filters::set(self.0);
            if log::set_logger(&Forwarding).is_ok() {
                INSTALLED.store(true, Ordering::Release);
            } else if !INSTALLED.load(Ordering::Acquire) {
                return Err(RuntimeError::new(
                    "the crate log has another logger already",
                ));
            }
        }
        STATE.get(ctx)?;
        super::levels::forget();
        Ok(())
    }
}

static INSTALLED: AtomicBool = AtomicBool::new(false);

/// The level that was set last.
static SET: AtomicU8 = AtomicU8::new(0);

/// Everything that the filters let through comes to the logger. Called under a lock.
pub(super) fn widen() {
    if INSTALLED.load(Ordering::Acquire) {
        set(filters::most());
    }
}

/// Only so much comes to the logger. Called under a lock.
pub(super) fn narrow(taken: Verbosity) {
    // A limit that the program has set itself stays.
    if INSTALLED.load(Ordering::Acquire) && is_wide() {
        set(filters::most().min(taken));
    }
}

/// Whether all that the filters let through comes to the logger.
pub(super) fn is_wide() -> bool {
    log::max_level() as Verbosity == filters::most()
}

fn set(verbosity: Verbosity) {
    let before = SET.swap(verbosity, Ordering::Relaxed);
    // A limit that the program has set itself stays.
    if before == log::max_level() as Verbosity {
        log::set_max_level(
            LevelFilter::iter()
                .nth(verbosity.into())
                .unwrap_or(LevelFilter::Off),
        );
    }
}

struct Forwarding;

impl Log for Forwarding {
    #[inline]
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_taken(metadata.target(), metadata.level() as Verbosity)
    }

    #[inline]
    fn log(&self, record: &Record<'_>) {
        if is_taken(record.target(), record.level() as Verbosity) {
            forward(record);
        }
    }

    fn flush(&self) {}
}

#[inline(never)]
fn forward(record: &Record<'_>) {
    let place = Place {
        target: record.target(),
        level: record.level() as Verbosity,
        file: record.file(),
        line: record.line(),
        module: record.module_path(),
    };
    send(&place, || Content {
        text: match record.args().as_str() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(record.args().to_string()),
        },
        fields: fields(record),
        spans: Vec::new(),
    });
}

fn fields(record: &Record<'_>) -> Fields {
    struct Visitor(Fields);

    impl<'kvs> log::kv::VisitSource<'kvs> for Visitor {
        fn visit_pair(
            &mut self,
            key: log::kv::Key<'kvs>,
            value: log::kv::Value<'kvs>,
        ) -> core::result::Result<(), log::kv::Error> {
            let value = if let Some(value) = value.to_bool() {
                Value::Bool(value)
            } else if let Some(value) = value.to_i128() {
                Value::Int(value)
            } else if let Some(value) = value.to_u128() {
                Value::Big(value)
            } else if let Some(value) = value.to_f64() {
                Value::Float(value)
            } else {
                Value::Text(value.to_string())
            };
            self.0.push((key.to_string(), value));
            Ok(())
        }
    }

    let mut visitor = Visitor(Vec::new());
    // Only a visitor of its own kind would fail.
    let _ = record.key_values().visit(&mut visitor);
    visitor.0
}
