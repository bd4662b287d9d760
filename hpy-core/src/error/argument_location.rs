//! Where in an argument an error was: in the message of the interpreter's own errors, in a note on
//! others.

use super::exceptions::{
    BaseException, Exception, ExceptionType, Kind, MemoryError, OverflowError, RecursionError,
    TypeError, ValueError,
};
use super::text::add;
use super::{Error, Pending, joined};
use crate::{Context, Handle, IntoHandle};
use core::ffi::CStr;
use hpy_sys::*;

impl Error {
    /// Says in which argument it was: see [`behind`](Self::behind).
    #[inline(always)]
    pub(crate) fn in_argument(self, ctx: Context<'_>, function: &str, name: &str) -> Self {
        ctx.assert_attached();
        self.in_argument_attached(ctx, function, name)
    }

    #[cold]
    #[inline(never)]
    extern "C" fn in_argument_attached(self, ctx: Context<'_>, function: &str, name: &str) -> Self {
        let before = [function, "() argument '", name, "'"];
        let place = ["argument '", name, "' of ", function, "()"];
        self.located(ctx, &before, &place)
    }

    /// Says in which item it was: see [`behind`](Self::behind).
    #[inline(always)]
    pub(crate) fn in_item(self, ctx: Context<'_>, index: usize) -> Self {
        ctx.assert_attached();
        self.in_item_attached(ctx, index)
    }

    #[cold]
    #[inline(never)]
    extern "C" fn in_item_attached(self, ctx: Context<'_>, index: usize) -> Self {
        self.behind(ctx, &["item ", &index.to_string()])
    }

    /// Says where in the value it was.
    ///
    /// Of an error made here the place and a colon come before the message. An exception that
    /// Python code raised stays the object that it is, and gets a note.
    #[cold]
    #[inline(never)]
    pub(crate) fn behind(self, ctx: Context<'_>, place: &[&str]) -> Self {
        self.located(ctx, place, place)
    }

    #[cold]
    #[inline(never)]
    fn located(mut self, ctx: Context<'_>, before: &[&str], place: &[&str]) -> Self {
        let mut text = joined(before);
        let ctx = ctx.rarely();
        let raised = self.raised();
        let kind = match &self.0.exception {
            Pending::WrongType(wrong) if raised.is_none() => {
                add(&mut text, &[" ", &wrong.message(ctx)]);
                TypeError::KIND
            }
            Pending::Message(kind, message) if raised.is_none() => {
                add(&mut text, &[": ", message]);
                *kind
            }
            _ => {
                let Some(raised) = raised else {
                    return self;
                };
                let Ok(value) = raised.value(ctx) else {
                    return self;
                };
                let own = (!self.0.of_object).then(|| plain_message(&value)).flatten();
                let Some((kind, message)) = own else {
                    note_place(&value, place);
                    return self;
                };
                add(&mut text, &[": ", &message]);
                kind
            }
        };
        self.0.exception = Pending::Message(kind, text.into());
        if let Some(attached) = self.0.attached.get_mut() {
            attached.forget_object();
        }
        self
    }

    /// Whether it is the work of the object that was to be converted, or of other Python code, and
    /// not the conversion's own judgement. What has passed through a function in Python has a
    /// traceback.
    #[cold]
    #[inline(never)]
    pub(crate) fn is_raised_by_object(&self, ctx: Context<'_>) -> bool {
        let ctx = ctx.rarely();
        if self.0.of_object {
            return true;
        }
        let Some(raised) = self.raised() else {
            return false;
        };
        raised.value(ctx).is_ok_and(|value| has_traceback(&value))
    }
}

/// Type and message of an exception that is nothing else: a TypeError, OverflowError or ValueError
/// (no subclass) with one str, which no Python code raised and nobody has added anything to. A new
/// one in its place is not told from it.
#[cold]
#[inline(never)]
fn plain_message(exception: &Handle<'_>) -> Option<(&'static Kind, String)> {
    static PLAIN: [&Kind; 3] = [TypeError::KIND, OverflowError::KIND, ValueError::KIND];
    let exception = &exception.rarely();
    let ctx = exception.ctx();
    let type_ = exception.type_();
    let kind = PLAIN.iter().find(|kind| {
        let kind = kind.constant(ctx);
        // SAFETY: both handles are open.
        kind.is_some_and(|kind| unsafe { HPy_Is(ctx.as_ptr(), type_.as_raw(), kind) != 0 })
    })?;
    let is_plain = !has_traceback(exception)
        && attribute(exception, c"__cause__")?.is_none()
        && has_no_attributes(exception)
        && has_context_of_now(exception);
    if !is_plain {
        return None;
    }
    Some((kind, first_text(exception)?))
}

/// The one argument of an exception, if that is a str.
#[cold]
pub(super) fn first_text(exception: &Handle<'_>) -> Option<String> {
    let exception = &exception.rarely();
    let ctx = exception.ctx();
    let args = attribute(exception, c"args")?;
    // By its length and item, as it may not be a tuple where somebody has put another there.
    // SAFETY: the context is valid.
    if !is_of(&args, unsafe { h_TupleType(ctx.as_ptr()) }) || length(&args) != 1 {
        return None;
    }
    let first = 0i64.into_handle(ctx).ok()?;
    // SAFETY: the handles are open; a new one or null with an exception.
    let message = unsafe {
        let message = HPy_GetItem(ctx.as_ptr(), args.as_raw(), first.as_raw());
        Handle::from_raw(ctx, found(ctx, message))?
    };
    let text: &str = message.extract().ok()?;
    Some(text.to_owned())
}

/// `len(object)`, below zero where it has none.
#[inline(never)]
fn length(object: &Handle<'_>) -> isize {
    let ctx = object.ctx().rarely().as_ptr();
    // SAFETY: the handle is open.
    unsafe {
        let length = HPy_Length(ctx, object.as_raw());
        if length < 0 {
            HPyErr_Clear(ctx);
        }
        length
    }
}

#[inline(always)]
pub(super) fn attribute<'ctx>(object: &Handle<'ctx>, name: &CStr) -> Option<Handle<'ctx>> {
    let ctx = object.ctx();
    // SAFETY: a new handle, or null.
    unsafe { Handle::from_raw(ctx, raw_attribute(ctx, object.as_raw(), name)) }
}

/// One function for all attributes: each `getattr` in line would be as large.
#[cold]
#[inline(never)]
fn raw_attribute(ctx: Context<'_>, object: HPy, name: &CStr) -> HPy {
    let ctx = ctx.rarely();
    // SAFETY: the callers' handle is open, the name a C string.
    unsafe { found(ctx, HPy_GetAttr_s(ctx.as_ptr(), object, name.as_ptr())) }
}

/// The same, and no exception.
///
/// # Safety
/// It is a new handle, or null with an exception.
#[inline(never)]
pub(super) unsafe fn found(ctx: Context<'_>, raw: HPy) -> HPy {
    if raw.is_null() {
        // SAFETY: the context is valid.
        unsafe { HPyErr_Clear(ctx.rarely().as_ptr()) };
    }
    raw
}

/// Whether it is one of the type, which is a constant.
#[inline(never)]
pub(super) fn is_of(object: &Handle<'_>, type_: HPy) -> bool {
    let ctx = object.ctx().rarely();
    // SAFETY: both handles are open.
    unsafe { HPy_TypeCheck(ctx.as_ptr(), object.as_raw(), type_) != 0 }
}

/// Whether the exception has passed through a function in Python.
#[inline(never)]
fn has_traceback(exception: &Handle<'_>) -> bool {
    let exception = &exception.rarely();
    match attribute(exception, c"__traceback__") {
        Some(traceback) if traceback.is_none() => false,
        Some(traceback) if !exception.ctx().raw.is_direct() => {
            // Where that cannot be asked, near the stack's end, the conversion itself ends there
            // too.
            !is_of_fetching(&traceback).unwrap_or(true)
        }
        Some(_) => true,
        None => false,
    }
}

/// Whether the traceback was made when the exception was fetched, by a report as unraisable:
/// CPython gives one that has none an entry for the running function, which has called the
/// extension.
#[inline(never)]
fn is_of_fetching(traceback: &Handle<'_>) -> Option<bool> {
    let traceback = &traceback.rarely();
    if !attribute(traceback, c"tb_next")?.is_none() {
        return Some(false);
    }
    let ctx = traceback.ctx();
    // SAFETY: a C string; a new handle or null with an exception.
    let sys = unsafe {
        let sys = HPyImport_ImportModule(ctx.as_ptr(), c"sys".as_ptr());
        Handle::from_raw(ctx, found(ctx, sys))?
    };
    let running = attribute(&sys, c"_getframe")?.call_handles(&[]).ok()?;
    Some(attribute(traceback, c"tb_frame")?.is(&running))
}

/// Whether nothing was added to it, as notes are.
#[inline(never)]
fn has_no_attributes(exception: &Handle<'_>) -> bool {
    attribute(&exception.rarely(), c"__dict__").is_none_or(|attributes| length(&attributes) == 0)
}

/// Whether its context is what is being handled now, which raising sets again. What was handled has
/// a traceback; what a function in C has put there on the way has none.
#[inline(never)]
fn has_context_of_now(exception: &Handle<'_>) -> bool {
    attribute(&exception.rarely(), c"__context__")
        .is_some_and(|context| context.is_none() || has_traceback(&context))
}

/// Adds "while converting argument 'a' of f()", where Python shows notes (3.11 and later). An
/// exception that is raised again and again gets it once.
#[cold]
#[inline(never)]
fn note_place(exception: &Handle<'_>, place: &[&str]) {
    // The error matters more than its note.
    let _ = add_place(exception, place);
}

fn add_place(exception: &Handle<'_>, place: &[&str]) -> Option<()> {
    let exception = &exception.rarely();
    let ctx = exception.ctx();
    // Of these there is one for all, or no room to do more; those that are no `Exception` are not
    // about the value.
    static KINDS: [&Kind; 3] = [Exception::KIND, MemoryError::KIND, RecursionError::KIND];
    for (index, kind) in KINDS.iter().enumerate() {
        let type_ = kind.constant(ctx)?;
        if is_of(exception, type_) != (index == 0) {
            return None;
        }
    }
    // Not the exception's own, which may be another.
    let base = BaseException::KIND.constant(ctx)?;
    // SAFETY: a new handle, or null.
    let add_note = unsafe { Handle::from_raw(ctx, raw_attribute(ctx, base, c"add_note"))? };
    let note = joined(&["while converting ", &joined(place)]);
    let note = ctx.str(&note).ok()?.into_object();
    if let Some(notes) = attribute(exception, c"__notes__")
        // SAFETY: the context is valid.
        && is_of(&notes, unsafe { h_ListType(ctx.as_ptr()) })
    {
        // SAFETY: likewise, and the handles are open.
        match unsafe { HPy_Contains(ctx.as_ptr(), notes.as_raw(), note.as_raw()) } {
            0 => {}
            answer => {
                if answer < 0 {
                    // SAFETY: the context is valid.
                    unsafe { HPyErr_Clear(ctx.as_ptr()) };
                }
                return None;
            }
        }
    }
    add_note
        .call_handles(&[exception.dup(), note])
        .ok()
        .map(drop)
}
