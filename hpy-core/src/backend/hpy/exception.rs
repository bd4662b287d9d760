//! Exceptions taken from the interpreter.
//!
//! HPy's API can raise, test and clear an exception, but not fetch one. So it is reported as
//! unraisable to a hook of ours, set for just that moment, which puts it in a list. Where there is
//! no such hook, the exception's type is found by asking for each standard type.

use super::owned_ref::{Kept, attribute_as_it_is, named};
use crate::backend::quirks::Quirk;
use crate::backend::{Constant, constant};
use crate::error::exceptions::ALL;
use crate::types::Object;
use crate::{Context, Handle, Result};
use core::ffi::CStr;
use core::sync::atomic::{AtomicUsize, Ordering};
use hpy_sys::*;

/// An exception, normalized.
#[derive(Debug)]
pub(crate) enum Raised {
    /// The exception itself.
    Exception(Kept),
    /// All that could be found out.
    Kind(Constant),
}

impl Raised {
    /// Takes the pending exception. Afterwards none is pending.
    #[cold]
    #[inline(never)]
    pub(crate) fn fetch(ctx: Context<'_>) -> Self {
        let ctx = ctx.rarely();
        // On GraalPy each kind that is asked for is a call of what `builtins` has as `isinstance`:
        // afterwards, if need be.
        let later = ctx.has(Quirk::MATCHING_CALLS_BUILTINS);
        let mut kind = if later { RECURSION } else { kind_of(ctx) };
        // SAFETY: the context is valid.
        let extension = unsafe { context_extension(ctx.as_ptr()) };
        let exception = match extension {
            // At the limit of recursion the hook can't be called, nor an object be found again that
            // is kept by number: to compare two numbers is a call. Nor would there be much to
            // learn.
            _ if kind == RECURSION && !later => None,
            // SAFETY: the function is the context's own; a new handle or null.
            Some(extension) => unsafe { Handle::from_raw(ctx, (extension.fetch)(ctx.as_ptr())) },
            None => by_hook(ctx),
        };
        // SAFETY: the context is valid. Where none is pending any more, the hook was not reached.
        unsafe {
            if later && exception.is_none() && HPyErr_Occurred(ctx.as_ptr()) != 0 {
                kind = kind_of(ctx);
            }
            HPyErr_Clear(ctx.as_ptr());
        }
        exception
            .and_then(|exception| Kept::try_new(ctx, exception.as_raw()))
            .map_or(Self::Kind(kind), Self::Exception)
    }

    /// The exception that the object is.
    #[cold]
    pub(crate) fn new(exception: &Handle<'_>) -> Result<Self> {
        Kept::new(exception.ctx(), exception.as_raw()).map(Self::Exception)
    }

    /// Makes it pending again.
    #[inline(never)]
    pub(crate) fn restore(self, ctx: Context<'_>) {
        let ctx = ctx.rarely();
        let kept = match self {
            Self::Exception(kept) => kept,
            Self::Kind(kind) => {
                let message = kind_message(kind);
                // SAFETY: the kind's type is a constant of the context, the message a C string.
                // Nothing is called, which might fail and end here again.
                return unsafe { HPyErr_SetString(ctx.as_ptr(), kind.raw(ctx), message.as_ptr()) };
            }
        };
        match Self::Exception(kept).value(ctx) {
            // SAFETY: the handles are open; the type of an exception is an exception type.
            Ok(exception) => unsafe {
                let type_ = HPy_Type(ctx.as_ptr(), exception.as_raw());
                HPyErr_SetObject(ctx.as_ptr(), type_, exception.as_raw());
                HPy_Close(ctx.as_ptr(), type_);
            },
            // Making one failed, most likely for want of memory: no other is made in its place.
            Err(_) => {
                // SAFETY: the type is a constant of the context, the text a C string.
                unsafe { HPyErr_SetString(ctx.as_ptr(), h_MemoryError(ctx.as_ptr()), c"".as_ptr()) }
            }
        }
    }

    /// The exception object, where it is known.
    pub(crate) fn exception<'ctx>(&self, ctx: Context<'ctx>) -> Option<Handle<'ctx>> {
        match self {
            Self::Exception(_) => self.value(ctx).ok(),
            Self::Kind(_) => None,
        }
    }

    /// The exception object.
    pub(crate) fn value<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let ctx = ctx.rarely();
        match self {
            // SAFETY: a new handle.
            Self::Exception(kept) => Ok(unsafe { Handle::from_raw_unchecked(ctx, kept.get(ctx)?) }),
            // SAFETY: the kind's type is a constant of the context.
            Self::Kind(kind) => unsafe { ctx.constant::<Object>(kind.raw(ctx)) }
                .call_handles(&[ctx
                    .str(kind_message(*kind).to_str().unwrap_or_default())?
                    .into_object()]),
        }
    }
}

const RECURSION: Constant = constant!(h_RecursionError);

/// What is said of an exception of which only the type is known.
fn kind_message(kind: Constant) -> &'static CStr {
    if kind == RECURSION {
        c"maximum recursion depth exceeded"
    } else {
        c""
    }
}

/// The most derived standard type that matches the pending exception.
fn kind_of(ctx: Context<'_>) -> Constant {
    let ctx = ctx.rarely();
    // SAFETY: the kinds' types are constants of the context.
    let matches =
        |kind: &&Constant| unsafe { HPyErr_ExceptionMatches(ctx.as_ptr(), kind.raw(ctx)) != 0 };
    // The list goes from base to derived.
    let found = ALL.iter().rev().find(matches);
    found.copied().unwrap_or(constant!(h_BaseException))
}

/// What the hook needs, found before there is an exception: with one pending, little may be called.
#[inline(never)]
pub(crate) fn prepare(ctx: Context<'_>) -> Result<()> {
    let ctx = ctx.rarely();
    // Its dict, since on CPython even to look up an attribute may clear the pending exception.
    let _ = named(ctx, c"sys", &|| {
        let name = c"sys".as_ptr();
        // SAFETY: a C string; a new handle or null with an exception.
        let sys = unsafe { ctx.made_handle(HPyImport_ImportModule(ctx.as_ptr(), name))? };
        attribute_as_it_is(&sys, c"__dict__")
    })?;
    let caught = named(ctx, c"caught", &|| {
        ctx.empty_list().map(Handle::into_object)
    })?;
    let _ = named(ctx, c"catch", &|| attribute_as_it_is(&caught, c"append"))?;
    Ok(())
}

/// How many fetches are under way: PyPy lets other threads run within one.
static FETCHES: AtomicUsize = AtomicUsize::new(0);

fn by_hook<'ctx>(ctx: Context<'ctx>) -> Option<Handle<'ctx>> {
    let ctx = ctx.rarely();
    const HOOK: &CStr = c"unraisablehook";
    const BEFORE: &CStr = c"before";
    // What this fetch's report is known by. PyPy passes the object's repr, within a message, not
    // the object.
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let mark = format!(
        "<exception {} on its way to Rust>\0",
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let raw = ctx.as_ptr();
    // SAFETY: handles are open until dropped, the mark ends with a NUL. While the exception is
    // pending only items of dicts are touched, by keys that are there, which runs no code and
    // leaves the exception alone.
    let (sys, caught, mark, before) = unsafe {
        let registry = Handle::<Object>::from_raw(
            ctx,
            crate::backend::any_global::load(ctx, crate::backend::any_global::REGISTRY.of(ctx)),
        )?;
        let item = |dict: &Handle<'ctx>, name: &CStr| {
            Handle::<Object>::from_raw(ctx, HPy_GetItem_s(raw, dict.as_raw(), name.as_ptr()))
        };
        let set = |dict: &Handle<'ctx>, name: &CStr, value: &Handle<'ctx>| {
            HPy_SetItem_s(raw, dict.as_raw(), name.as_ptr(), value.as_raw()) == 0
        };
        let sys = item(&registry, c"sys")?;
        let caught = item(&registry, c"caught")?;
        let catch = item(&registry, c"catch")?;
        let mark: Handle<'ctx> =
            Handle::from_raw(ctx, HPyUnicode_FromString(raw, mark.as_ptr().cast()))?;
        let mut before = item(&sys, HOOK)?;
        if before.is(&catch) {
            // Another fetch is under way, and has put it aside.
            before = item(&registry, BEFORE)?;
        } else if !set(&registry, BEFORE, &before) || !set(&sys, HOOK, &catch) {
            return None;
        }
        FETCHES.fetch_add(1, Ordering::Relaxed);
        // From here on nothing is pending any more.
        HPyErr_WriteUnraisable(raw, mark.as_raw());
        HPyErr_Clear(raw);
        (sys, caught, mark, before)
    };
    let mut ours = None;
    let mut others = Vec::new();
    while ours.is_none() {
        let Some(report) = take_last(&caught) else {
            break;
        };
        if is_ours(&report, &mark) {
            ours = attribute(&report, c"exc_value");
        } else {
            others.push(report);
        }
    }
    if FETCHES.fetch_sub(1, Ordering::Relaxed) == 1 {
        // SAFETY: the handles are open, the name is a C string.
        unsafe {
            HPy_SetItem_s(raw, sys.as_raw(), HOOK.as_ptr(), before.as_raw());
            HPyErr_Clear(raw);
        }
    } else {
        // They may be those of the other fetches.
        for report in others.drain(..).rev() {
            // SAFETY: the handles are open.
            if unsafe { HPyList_Append(raw, caught.as_raw(), report.as_raw()) } < 0 {
                // SAFETY: the context is valid.
                unsafe { HPyErr_Clear(raw) };
            }
        }
    }
    for report in others {
        // What it raises is as lost as the report would be.
        drop(before.call_handles(&[report]));
    }
    ours
}

/// A new handle, or null with an exception that does not matter. To fetch that one might go on
/// forever.
///
/// # Safety
/// `raw` is null or an open handle of the context that nobody else closes.
#[inline(never)]
unsafe fn or_clear<'ctx>(ctx: Context<'ctx>, raw: HPy) -> Option<Handle<'ctx>> {
    let ctx = ctx.rarely();
    // SAFETY: as promised by the caller.
    let handle = unsafe { Handle::from_raw(ctx, raw) };
    if handle.is_none() {
        // SAFETY: the context is valid.
        unsafe { HPyErr_Clear(ctx.as_ptr()) };
    }
    handle
}

#[inline(never)]
fn attribute<'ctx>(object: &Handle<'ctx>, name: &CStr) -> Option<Handle<'ctx>> {
    let ctx = object.ctx().rarely();
    // SAFETY: the handle is open, the name a C string; a new handle or null.
    unsafe {
        or_clear(
            ctx,
            HPy_GetAttr_s(ctx.as_ptr(), object.as_raw(), name.as_ptr()),
        )
    }
}

/// Takes the last item out of the list.
#[inline(never)]
fn take_last<'ctx>(caught: &Handle<'ctx>) -> Option<Handle<'ctx>> {
    let (ctx, raw) = (caught.ctx().rarely(), caught.as_raw());
    // SAFETY: the handle is open, also if something has put another object in the list's place; a
    // new handle or null.
    unsafe {
        let last = HPy_Length(ctx.as_ptr(), raw) - 1;
        if last < 0 {
            HPyErr_Clear(ctx.as_ptr());
            return None;
        }
        let item = or_clear(ctx, HPy_GetItem_i(ctx.as_ptr(), raw, last))?;
        if HPy_DelItem_i(ctx.as_ptr(), raw, last) < 0 {
            HPyErr_Clear(ctx.as_ptr());
            return None;
        }
        Some(item)
    }
}

/// Whether the report is that of the exception being fetched; others may come from other threads.
#[inline(never)]
fn is_ours<'ctx>(report: &Handle<'ctx>, mark: &Handle<'ctx>) -> bool {
    let report = report.rarely();
    let Some(object) = attribute(&report, c"object") else {
        return false;
    };
    if !object.is_none() {
        return object.is(mark);
    }
    let Some(message) = attribute(&report, c"err_msg") else {
        return false;
    };
    // SAFETY: the handles are open.
    let found = unsafe { HPy_Contains(report.ctx().as_ptr(), message.as_raw(), mark.as_raw()) };
    if found < 0 {
        // SAFETY: the context is valid.
        unsafe { HPyErr_Clear(report.ctx().as_ptr()) };
    }
    found > 0
}
