//! The crate `tracing`: a layer.
//!
//! It is a layer of `tracing-subscriber` and no subscriber of its own, because programs that use
//! spans have a registry of them anyway, and combine it with other layers.

use super::filters::Verbosity;
use super::interpreter::STATE;
use super::sending::{Content, Place, is_taken, send};
use super::value::{Fields, Value};
use crate::exceptions::RuntimeError;
use crate::{Context, Result};
use core::fmt::Debug;
use std::borrow::Cow;
use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{self, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// Sends all events of the crate `tracing` to Python's `logging`: a registry with a
/// [`PythonLayer`], as the subscriber of the whole process.
///
/// A second call, in this interpreter or another, changes nothing.
///
/// ```
/// use hpy::prelude::*;
///
/// fn init(module: &Handle<'_, Module>) -> Result<()> {
///     hpy::logging::init_tracing(module.ctx())
/// }
/// ```
///
/// # Errors
/// RuntimeError if there is another subscriber already. What importing `logging` raises.
pub fn init_tracing(ctx: Context<'_>) -> Result<()> {
    use std::sync::atomic::{AtomicBool, Ordering};
    static INSTALLED: AtomicBool = AtomicBool::new(false);

    let mut layer = PythonLayer::new(ctx)?;
    layer.is_alone = true;
    if INSTALLED.load(Ordering::Acquire) {
        return Ok(());
    }
    let dispatch = tracing_core::Dispatch::new(Registry::default().with(layer));
    match tracing_core::dispatcher::set_global_default(dispatch) {
        Ok(()) => INSTALLED.store(true, Ordering::Release),
        Err(_) if INSTALLED.load(Ordering::Acquire) => {}
        Err(_) => {
            return Err(RuntimeError::new(
                "the crate tracing has another subscriber already",
            ));
        }
    }
    Ok(())
}

/// A layer that sends events to Python's `logging`, for a subscriber with a registry of spans.
///
/// The event's fields and those of the spans around it are attributes of Python's record: that of
/// the innermost span counts. `record.spans` is a list of the spans' names, the outermost first. An
/// event without a message has its fields as text.
///
/// Whether the target's logger takes the event decides of it. Spans are always there.
///
/// ```
/// use hpy::logging::PythonLayer;
/// use hpy::prelude::*;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// fn subscriber(ctx: Context<'_>) -> Result<impl tracing_core::Subscriber> {
///     Ok(tracing_subscriber::registry().with(PythonLayer::new(ctx)?))
/// }
/// ```
#[derive(Debug)]
pub struct PythonLayer {
    /// No other layer wants events that this one does not.
    is_alone: bool,
}

impl PythonLayer {
    /// The layer, for this interpreter and others that make one.
    ///
    /// # Errors
    /// What importing `logging` raises.
    pub fn new(ctx: Context<'_>) -> Result<Self> {
        STATE.get(ctx)?;
        Ok(Self { is_alone: false })
    }
}

/// The fields of a span, among its extensions.
#[derive(Debug)]
pub struct SpanFields(Fields);

fn verbosity(level: &Level) -> Verbosity {
    match *level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for PythonLayer {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        // Levels change.
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: layer::Context<'_, S>) -> bool {
        let is_event = metadata.is_event();
        !self.is_alone || !is_event || is_taken(metadata.target(), verbosity(metadata.level()))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        let mut visitor = Visitor::default();
        attributes.record(&mut visitor);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(SpanFields(visitor.all()));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: layer::Context<'_, S>) {
        let mut visitor = Visitor::default();
        values.record(&mut visitor);
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<SpanFields>()
        {
            fields.0.extend(visitor.all());
        }
    }

    fn on_event(&self, event: &Event<'_>, context: layer::Context<'_, S>) {
        let metadata = event.metadata();
        let level = verbosity(metadata.level());
        if !self.is_alone && !is_taken(metadata.target(), level) {
            return;
        }
        let place = Place {
            target: metadata.target(),
            level,
            file: metadata.file(),
            line: metadata.line(),
            module: metadata.module_path(),
        };
        send(&place, || {
            let (mut fields, mut spans) = (Vec::new(), Vec::new());
            if let Some(scope) = context.event_scope(event) {
                for span in scope.from_root() {
                    spans.push(span.name());
                    if let Some(of_span) = span.extensions().get::<SpanFields>() {
                        fields.extend(of_span.0.iter().cloned());
                    }
                }
            }
            let mut visitor = Visitor::default();
            event.record(&mut visitor);
            let text = visitor.text();
            fields.extend(visitor.fields);
            Content {
                text: Cow::Owned(text),
                fields,
                spans,
            }
        });
    }
}

/// The values of an event or a span, the message apart.
#[derive(Default)]
struct Visitor {
    message: Option<String>,
    fields: Fields,
}

impl Visitor {
    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::Text(text)) => self.message = Some(text),
            (name, value) => self.fields.push((name.to_owned(), value)),
        }
    }

    /// The message, or the fields where there is none.
    fn text(&mut self) -> String {
        self.message.take().unwrap_or_else(|| {
            let fields = self.fields.iter().map(|(name, value)| match value {
                Value::Bool(value) => format!("{name}={value}"),
                Value::Int(value) => format!("{name}={value}"),
                Value::Big(value) => format!("{name}={value}"),
                Value::Float(value) => format!("{name}={value}"),
                Value::Text(value) => format!("{name}={value:?}"),
            });
            fields.collect::<Vec<_>>().join(" ")
        })
    }

    /// All fields: of a span, `message` is a field like others.
    fn all(mut self) -> Fields {
        let message = self.message.take();
        let message = message.map(|text| ("message".to_owned(), Value::Text(text)));
        self.fields.extend(message);
        self.fields
    }
}

impl Visit for Visitor {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, Value::Bool(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, Value::Int(value.into()));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, Value::Int(value.into()));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.add(field, Value::Int(value));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.add(field, Value::Big(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, Value::Float(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, Value::Text(value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, Value::Text(format!("{value:?}")));
    }
}
