//! What sends records in one interpreter: Python's loggers, and what notices changes of levels.

use super::filters::Verbosity;
use super::levels::{self, Target, in_python};
use super::once::Once;
use super::sending::{Content, Place, wait_for_visits};
#[cfg(feature = "log")]
use crate::exceptions::Exception;
use crate::types::Dict;
use crate::{Context, Handle, Persistent, Result, State, call_method};
use std::collections::HashSet;

/// That of each interpreter, made at the first use.
pub(super) static STATE: State<Interpreter> = State::new(Interpreter::new);

pub(super) struct Interpreter {
    bit: u32,
    get_logger: Persistent,
    /// `logging.root.manager`.
    manager: Persistent,
    /// The class `logging.Logger`, and its methods that decide about levels.
    #[cfg_attr(not(feature = "log"), expect(dead_code))]
    class: Persistent,
    is_enabled_for: Persistent,
    get_effective_level: Persistent,
    /// Names that `extra` may not have: the record has them already.
    taken: HashSet<String>,
    /// The loggers of targets with entries, by their index.
    loggers: Box<[Once<Logger>]>,
    /// Whether Python tells where levels change.
    #[cfg_attr(not(feature = "log"), expect(dead_code))]
    is_watched: bool,
}

/// A logger and its name.
struct Logger {
    logger: Persistent,
    name: Persistent,
}

/// A dict that tells where it is cleared, as `logging` clears what each logger remembers of levels,
/// where any level changes. One by one, each library that wants to know has its own.
const WATCH: &str = "
class Cache(dict):
    def __init__(self, others, changed):
        self.others, self.changed = others, changed
    def clear(self):
        super().clear()
        self.others.clear()
        self.changed()

def watch(changed, ended):
    import atexit, logging
    atexit.register(ended)
    logger = logging.getLogger('hpy.levels')
    # Python's own loggers have had it since 3.7. A class of loggers may not.
    others = getattr(logger, '_cache', None)
    if not isinstance(others, dict):
        return False
    logger._cache = Cache(others, changed)
    return True
";

impl Interpreter {
    #[cold]
    fn new(ctx: Context<'_>) -> Result<Self> {
        let logging = ctx.import("logging")?;
        let class = logging.getattr("Logger")?;
        let record = logging.getattr("makeLogRecord")?.call1((ctx.dict()?,))?;
        let attributes = record.getattr("__dict__")?;
        let attributes: Vec<String> = attributes.call_method0("keys")?.extract()?;
        let mut taken = HashSet::from_iter(attributes);
        taken.extend(["message", "asctime"].map(str::to_owned));
        let bit = levels::enter();
        let watched = watch(ctx, bit).inspect_err(|_| levels::leave(bit));
        Ok(Self {
            bit,
            get_logger: Persistent::new(&logging.getattr("getLogger")?)?,
            manager: Persistent::new(&logging.getattr("root")?.getattr("manager")?)?,
            is_enabled_for: Persistent::new(&class.getattr("isEnabledFor")?)?,
            get_effective_level: Persistent::new(&class.getattr("getEffectiveLevel")?)?,
            class: Persistent::new(&class)?,
            taken,
            loggers: (0..levels::MOST_TARGETS).map(|_| Once::new()).collect(),
            is_watched: watched?,
        })
    }

    /// The logger of a target and its name: `a.b` of `a::b`.
    fn logger<'ctx>(
        &self,
        ctx: Context<'ctx>,
        name: &str,
        known: Option<&Target>,
    ) -> Result<(Handle<'ctx>, Handle<'ctx>)> {
        let place = known.and_then(|known| self.loggers.get(known.index));
        if let Some(found) = place.and_then(Once::get) {
            return Ok((found.logger.get(ctx)?, found.name.get(ctx)?));
        }
        let name = ctx.str(&name.replace("::", "."))?.into_object();
        let logger = self.get_logger.get(ctx)?.call1((&name,))?;
        if let Some(place) = place {
            let found = Logger {
                logger: Persistent::new(&logger)?,
                name: Persistent::new(&name)?,
            };
            // Another thread may have been quicker, with the same one.
            drop(place.set(Box::new(found)));
        }
        Ok((logger, name))
    }

    /// Whether the logger takes records of this level, now. It is remembered where a change would
    /// be noticed.
    pub(super) fn asks(
        &self,
        ctx: Context<'_>,
        target: &str,
        known: Option<&'static Target>,
        level: Verbosity,
    ) -> Result<bool> {
        let generation = levels::generation();
        let (logger, _) = self.logger(ctx, target, known)?;
        let class = logger.type_();
        let is_plain = class.getattr(c"isEnabledFor")?.is(&self.is_enabled_for.get(ctx)?)
            && class.getattr(c"getEffectiveLevel")?.is(&self.get_effective_level.get(ctx)?)
            // Nobody tells when that changes.
            && !logger.getattr(c"disabled")?.is_truthy()?;
        if !is_plain {
            let number = in_python(level);
            return call_method!(logger, "isEnabledFor", number)?.is_truthy();
        }
        let effective = from_level(&call_method!(logger, "getEffectiveLevel")?)?;
        let taken = effective.min(self.not_disabled(ctx)?);
        if let Some(known) = known {
            known.learn(generation, self.bit, taken);
        }
        #[cfg(feature = "log")]
        match self.narrow(ctx, generation) {
            // A logger whose level is no number is the trouble of those who use it.
            Err(error) if error.is_instance_of::<Exception>(ctx) => {}
            narrowed => narrowed?,
        }
        Ok(level <= taken)
    }

    /// How much `logging.disable` leaves.
    fn not_disabled(&self, ctx: Context<'_>) -> Result<Verbosity> {
        let below = self.manager.get(ctx)?.getattr(c"disable")?;
        match below.extract::<i64>() {
            Ok(below) => Ok(levels::from_python(below.saturating_add(1))),
            Err(_) => levels::count(|level| below.lt(level)),
        }
    }

    /// Lets the crate `log` itself drop what no logger of this interpreter takes, where it is the
    /// only one.
    #[cfg(feature = "log")]
    fn narrow(&self, ctx: Context<'_>, generation: u32) -> Result<()> {
        if !self.is_watched || !levels::is_alone(self.bit) || !super::of_log::is_wide() {
            return Ok(());
        }
        let manager = self.manager.get(ctx)?;
        let root = manager.getattr(c"root")?;
        let mut most = from_level(&root.getattr(c"level")?)?;
        let class = self.class.get(ctx)?;
        let loggers = manager.getattr(c"loggerDict")?.call_method0("values")?;
        for logger in loggers.to_list()?.iter() {
            let Some(level) = logger.getattr_opt(c"level")? else {
                // It only holds a place in the tree.
                continue;
            };
            if !logger.type_().is(&class) {
                return Ok(());
            }
            if level.is_truthy()? {
                most = most.max(from_level(&level)?);
            }
        }
        let taken = most.min(self.not_disabled(ctx)?);
        levels::if_unchanged(generation, || super::of_log::narrow(taken));
        Ok(())
    }

    /// Has the logger handle a record.
    pub(super) fn send(
        &self,
        ctx: Context<'_>,
        known: Option<&'static Target>,
        place: &Place<'_>,
        content: &Content<'_>,
    ) -> Result<()> {
        let (logger, name) = self.logger(ctx, place.target, known)?;
        let number = in_python(place.level);
        if !call_method!(logger, "isEnabledFor", number)?.is_truthy()? {
            return Ok(());
        }
        let extra = self.extra(ctx, content)?;
        let record = call_method!(
            logger,
            "makeRecord",
            name,
            number,
            place.file.unwrap_or("(unknown file)"),
            place.line.unwrap_or(0),
            &*content.text,
            (),
            ctx.none(),
            place.module,
            extra
        )?;
        call_method!(logger, "handle", record).map(drop)
    }

    /// The keys and values of a record; None if there are none.
    fn extra<'ctx>(
        &self,
        ctx: Context<'ctx>,
        content: &Content<'_>,
    ) -> Result<Option<Handle<'ctx, Dict>>> {
        if content.fields.is_empty() && content.spans.is_empty() {
            return Ok(None);
        }
        let extra = ctx.dict()?;
        for (key, value) in &content.fields {
            if self.taken.contains(key) {
                extra.set_item(format!("{key}_"), value)?;
            } else {
                extra.set_item(key.as_str(), value)?;
            }
        }
        if !content.spans.is_empty() {
            extra.set_item("spans", &content.spans)?;
        }
        Ok(Some(extra))
    }
}

/// How much is taken by a logger of this level. It is an int of any size, or another number.
fn from_level(threshold: &Handle<'_>) -> Result<Verbosity> {
    match threshold.extract::<i64>() {
        Ok(threshold) => Ok(levels::from_python(threshold)),
        Err(_) => levels::count(|level| threshold.le(level)),
    }
}

/// Has Python tell where levels change, which it may not be able to, and where it ends.
fn watch(ctx: Context<'_>, bit: u32) -> Result<bool> {
    let changed = ctx.closure("changed", "", |ctx, _, _| {
        levels::forget();
        Ok(ctx.none().into_object())
    })?;
    let ended = ctx.closure("ended", "", move |ctx, _, _| {
        levels::leave(bit);
        wait_for_visits(ctx);
        Ok(ctx.none().into_object())
    })?;
    let names = ctx.dict()?;
    ctx.run(WATCH, Some(&names), None)?;
    names
        .get_item("watch")?
        .call1((changed, ended))?
        .is_truthy()
}
