//! `hpy.universal._debug`: debug mode as Python sees it.

use super::backtraces::{self, Frame, Which};
use super::context;
use super::invalid::{self, Callback};
use super::origin::{self, Origin};
use super::slots::{ARGUMENT, CONSTANT, Slot, with_table};
use hpy::exceptions::{TypeError, ValueError};
use hpy::prelude::*;
use hpy::sys::{HPy, HPy_Close, HPy_Dup};

/// Begins another generation of handles; its number.
#[hpy_method]
pub(crate) fn new_generation() -> u32 {
    with_table(|table| {
        table.generation = table.generation.wrapping_add(1);
        table.generation
    })
}

/// The open handles of this generation and later ones.
#[hpy_method(signature = (generation, /))]
pub(crate) fn get_open_handles<'ctx>(
    ctx: Context<'ctx>,
    generation: i64,
) -> Result<Vec<Handle<'ctx, DebugHandle>>> {
    let slots = with_table(|table| table.open_since(generation));
    objects(ctx, &slots)
}

/// The closed handles that are still known, of this generation and later ones.
#[hpy_method(signature = (generation = 0, /))]
pub(crate) fn get_closed_handles<'ctx>(
    ctx: Context<'ctx>,
    generation: i64,
) -> Result<Vec<Handle<'ctx, DebugHandle>>> {
    let slots = with_table(|table| table.closed_since(generation));
    objects(ctx, &slots)
}

fn objects<'ctx>(
    ctx: Context<'ctx>,
    slots: &[*mut Slot],
) -> Result<Vec<Handle<'ctx, DebugHandle>>> {
    let objects = slots.iter().map(|slot| {
        ctx.instance(DebugHandle {
            slot: *slot as usize,
        })
    });
    objects.collect()
}

/// How many closed handles are kept.
#[hpy_method]
pub(crate) fn get_closed_handles_queue_max_size() -> usize {
    with_table(|table| table.closed_max())
}

/// Has so many closed handles kept.
#[hpy_method(signature = (size, /))]
pub(crate) fn set_closed_handles_queue_max_size(size: usize) {
    with_table(|table| table.set_closed_max(size));
}

/// How many bytes of memory that closed handles gave are kept.
#[hpy_method]
pub(crate) fn get_protected_raw_data_max_size() -> usize {
    with_table(|table| table.raw_data_max)
}

/// Has so many bytes of memory kept.
#[hpy_method(signature = (size, /))]
pub(crate) fn set_protected_raw_data_max_size(size: usize) {
    with_table(|table| table.raw_data_max = size);
}

/// Has the function, or with None nothing, called where a closed handle is used.
#[hpy_method(signature = (function, /))]
pub(crate) fn set_on_invalid_handle(function: &Handle<'_>) -> Result<()> {
    set(Callback::Handle, function)
}

/// Has the function, or with None nothing, called where a builder is used after its end.
#[hpy_method(signature = (function, /))]
pub(crate) fn set_on_invalid_builder_handle(function: &Handle<'_>) -> Result<()> {
    set(Callback::Builder, function)
}

/// What the last callback was called for: a sentence, the handle, the extension's function, and the
/// frames of its backtrace. Each may be None.
#[hpy_method(name = "_last_invalid")]
pub(crate) fn last_invalid<'ctx>(ctx: Context<'ctx>) -> Result<LastInvalid<'ctx>> {
    let Some(last) = invalid::last() else {
        return Ok((None, None, None, None));
    };
    let handle = match last.slot {
        0 => None,
        slot => Some(ctx.instance(DebugHandle { slot })?),
    };
    let frames = (!last.addresses.is_empty()).then(|| backtraces::frames(&last.addresses, limit()));
    let function = origin::of(last.entry).function;
    Ok((Some(last.what), handle, function, frames))
}

/// The most frames of a backtrace. Those that were taken are shown, though none are taken any more.
fn limit() -> usize {
    match with_table(|table| table.backtrace_limit()) {
        0 => usize::MAX,
        limit => limit,
    }
}

type LastInvalid<'ctx> = (
    Option<&'static str>,
    Option<Handle<'ctx, DebugHandle>>,
    Option<String>,
    Option<Vec<Frame>>,
);

fn set(callback: Callback, function: &Handle<'_>) -> Result<()> {
    let object = if function.is_none() {
        core::ptr::null_mut()
    } else if function.is_callable() {
        // This module's own handles are objects.
        function.dup().into_raw()._i as *mut _
    } else {
        return Err(TypeError::new("Expected a callable object"));
    };
    callback.set(object);
    Ok(())
}

/// Remembers where each handle is made and closed in C and Rust, at most limit frames; None
/// remembers nothing.
#[hpy_method(signature = (limit, /))]
pub(crate) fn set_handle_stack_trace_limit(limit: Option<isize>) {
    let limit = usize::try_from(limit.unwrap_or(0)).unwrap_or(0);
    with_table(|table| table.set_backtrace_limit(limit));
}

/// A handle of debug mode. Nobody makes one but debug mode.
#[hpy_type(frozen, module = "hpy.debug._debug")]
pub(crate) struct DebugHandle {
    /// The address of a slot. Slots are never freed, and are used again for other handles.
    slot: usize,
}

/// What a slot says of its handle, at one moment.
#[derive(Clone, Copy)]
struct Seen {
    is_closed: bool,
    made_in: origin::Entry,
    closed_in: origin::Entry,
}

impl DebugHandle {
    fn seen(&self) -> Seen {
        with_table(|_| {
            // SAFETY: slots are never freed, and the table's lock is held.
            let slot = unsafe { &*(self.slot as *const Slot) };
            Seen {
                is_closed: !slot.is_open(),
                made_in: slot.made_in,
                closed_in: slot.closed_in(),
            }
        })
    }

    fn origin(&self) -> Origin {
        origin::of(self.seen().made_in)
    }

    fn frames(&self, which: Which) -> Option<Vec<Frame>> {
        let addresses = with_table(|_| {
            // SAFETY: slots are never freed, and the table's lock is held.
            unsafe { backtraces::addresses((*(self.slot as *const Slot)).backtraces, which) }
        });
        addresses.map(|addresses| backtraces::frames(&addresses, limit()))
    }

    /// The object of an open handle.
    fn object<'ctx>(&self, ctx: Context<'ctx>) -> Option<Result<Handle<'ctx>>> {
        let raw = with_table(|_| {
            // SAFETY: slots are never freed, and the table's lock is held. An open handle's object
            // is alive.
            unsafe {
                let slot = &*(self.slot as *const Slot);
                slot.is_open()
                    .then(|| HPy_Dup(ctx.as_ptr(), slot.underlying))
            }
        })?;
        // SAFETY: the handle is new, and owned here.
        Some(unsafe { ctx.handle_from_raw(raw) })
    }
}

#[hpy_methods]
impl DebugHandle {
    /// The object that the handle is for. ValueError if the handle is closed.
    #[getter]
    fn obj<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.object(ctx)
            .unwrap_or_else(|| Err(ValueError::new("the handle is closed")))
    }

    /// A number that no other open handle has.
    #[getter]
    fn id(&self) -> usize {
        self.slot
    }

    /// Whether the handle is closed.
    #[getter]
    fn is_closed(&self) -> bool {
        self.seen().is_closed
    }

    /// The size of the memory that the handle gave and that is kept, or -1.
    #[getter]
    fn raw_data_size(&self) -> isize {
        let size = with_table(|_| {
            // SAFETY: slots are never freed, and the table's lock is held.
            unsafe { (*(self.slot as *const Slot)).raw_data_size() }
        });
        size.map_or(-1, usize::cast_signed)
    }

    /// Whether the call that made the handle has not ended: it may yet close the handle.
    #[getter]
    fn in_running_call(&self) -> bool {
        context::is_running(self.seen().made_in)
    }

    /// The extension's function that made the handle, by its name in Python; None if it is not
    /// known.
    #[getter]
    fn function(&self) -> Option<String> {
        self.origin().function
    }

    /// The file and the line of Python that called the function; None if they are not known.
    #[getter]
    fn r#where(&self) -> Option<(String, i32)> {
        self.origin().line
    }

    /// The function in which a closed handle was closed, by its name in Python.
    #[getter]
    fn closed_function(&self) -> Option<String> {
        origin::of(self.seen().closed_in).function
    }

    /// The file and the line of Python that called that function.
    #[getter]
    fn closed_where(&self) -> Option<(String, i32)> {
        origin::of(self.seen().closed_in).line
    }

    /// Where the handle was made in C or Rust: (function, file, line) for each frame, the innermost
    /// first. None unless set_handle_stack_trace_limit asked for it.
    #[getter]
    fn backtrace(&self) -> Option<Vec<Frame>> {
        self.frames(Which::Opened)
    }

    /// Where the handle was closed in C or Rust.
    #[getter]
    fn closed_backtrace(&self) -> Option<Vec<Frame>> {
        self.frames(Which::Closed)
    }

    /// Closes the handle, which its extension may not expect. For tests.
    #[hpy(name = "_force_close")]
    fn force_close(&self, ctx: Context<'_>) {
        let owned = with_table(|table| {
            let slot = self.slot as *mut Slot;
            // SAFETY: slots are never freed, and the table's lock is held.
            unsafe {
                let state = (*slot).state;
                if !(*slot).is_open() || state & CONSTANT != 0 {
                    return HPy::NULL;
                }
                let underlying = (*slot).underlying;
                table.close(slot, origin::Entry::NONE);
                if state & ARGUMENT != 0 {
                    HPy::NULL
                } else {
                    underlying
                }
            }
        });
        if !owned.is_null() {
            // SAFETY: the wrapped handle was the slot's own.
            unsafe { HPy_Close(ctx.as_ptr(), owned) };
        }
    }

    fn __eq__(&self, other: &DebugHandle) -> bool {
        self.slot == other.slot
    }

    fn __repr__(&self, ctx: Context<'_>) -> Result<String> {
        let mut text = match self.object(ctx) {
            None => format!("<DebugHandle {:#x} CLOSED>\n", self.slot),
            Some(object) => {
                format!(
                    "<DebugHandle {:#x} for {}>\n",
                    self.slot,
                    object?.repr()?.to_str()?
                )
            }
        };
        if let Some(place) = self.origin().describe() {
            text += &format!("Made {place}\n");
        }
        match self.frames(Which::Opened) {
            Some(frames) => {
                text += "Allocation stacktrace:\n";
                text += &backtraces::text(&frames);
            }
            None => {
                text += "To get the stack trace of where it was allocated use:\n\
                         hpy.debug.set_handle_stack_trace_limit";
            }
        }
        Ok(text)
    }
}
