//! Own or foreign, decided for each thing by the context.

use super::foreign;
use crate::abi::direct;
use crate::abi::direct::keyword_names::KeywordName;
use crate::exceptions::RuntimeError;
use crate::types::{Bytes, Dict, Str};
use crate::{Context, Handle, Result};
use hpy_sys::{HPy, HPyContext, HPyGlobal, is_of_own_runtime, layout};

#[inline(always)]
fn own(ctx: Context<'_>) -> bool {
    is_of_own_runtime(ctx.as_ptr())
}

/// What has to happen before a module's own code runs: no exception is pending yet.
pub(crate) fn module_loads(ctx: Context<'_>) -> Result<()> {
    if own(ctx) {
        return direct::module_loads(ctx);
    }
    // SAFETY: the context is valid on this thread, no exception is pending.
    unsafe { layout(ctx.as_ptr()) };
    foreign::raised::prepare(ctx)
}

/// What is to be done for a module whose own code failed.
pub(crate) fn module_failed(module: &Handle<'_, crate::types::Module>) {
    if own(module.ctx()) {
        direct::module_failed(module);
    } else {
        foreign::state::module_failed(module);
    }
}

/// What is left to do after `HPyGlobal_Store`.
///
/// # Safety
/// `before` is what the global held before the store, and nobody uses the global meanwhile.
#[inline]
pub(crate) unsafe fn global_replaced(
    ctx: Context<'_>,
    global: *mut HPyGlobal,
    before: HPyGlobal,
    is_cleared: bool,
) {
    if !own(ctx) {
        // SAFETY: as promised by the caller.
        unsafe { foreign::state::global_replaced(ctx, global, before, is_cleared) }
    }
}

/// An object kept beyond a call.
#[derive(Debug)]
pub(crate) enum Kept {
    Own(direct::kept::Kept),
    Foreign(foreign::kept::Kept),
}

impl Kept {
    #[inline]
    pub(crate) fn new(ctx: Context<'_>, raw: HPy) -> Result<Self> {
        if own(ctx) {
            direct::kept::Kept::new(ctx, raw).map(Self::Own)
        } else {
            foreign::kept::Kept::new(ctx, raw).map(Self::Foreign)
        }
    }

    #[inline]
    pub(crate) fn get(&self, ctx: Context<'_>) -> Result<HPy> {
        match self {
            Self::Own(kept) if own(ctx) => kept.get(ctx),
            Self::Foreign(kept) if !own(ctx) => kept.get(ctx),
            _ => Err(RuntimeError::new(
                "the object was kept by a module that another HPy runtime of the process has loaded",
            )),
        }
    }
}

/// Whether an entry should call [`release_waiting`]: each runtime has its own list, which the other's entries need not see.
#[inline(always)]
pub(crate) fn releases_wait(ctx: Context<'_>) -> bool {
    if own(ctx) {
        direct::kept::releases_wait(ctx)
    } else {
        foreign::kept::releases_wait()
    }
}

/// Releases what was dropped where it could not be released.
pub(crate) fn release_waiting(ctx: Context<'_>) {
    if own(ctx) {
        direct::kept::release_waiting(ctx)
    } else {
        foreign::kept::release_waiting(ctx)
    }
}

/// An exception taken from the interpreter.
#[derive(Debug)]
pub(crate) enum Raised {
    Own(direct::raised::Raised),
    Foreign(foreign::raised::Raised),
}

impl Raised {
    #[cold]
    pub(crate) fn fetch(ctx: Context<'_>) -> Self {
        if own(ctx) {
            Self::Own(direct::raised::Raised::fetch(ctx))
        } else {
            Self::Foreign(foreign::raised::Raised::fetch(ctx))
        }
    }

    pub(crate) fn restore(self, ctx: Context<'_>) {
        match self {
            Self::Own(raised) if own(ctx) => raised.restore(ctx),
            Self::Foreign(raised) if !own(ctx) => raised.restore(ctx),
            _ => RuntimeError::new("an exception of another HPy runtime of the process").raise(ctx),
        }
    }

    /// Calls `body` with a context, if there is one to be had: a foreign one is its call's alone.
    pub(crate) fn while_attached<R>(
        &self,
        body: impl for<'ctx> FnOnce(Context<'ctx>) -> R,
    ) -> Option<R> {
        match self {
            Self::Own(raised) => raised.while_attached(body),
            Self::Foreign(_) => None,
        }
    }

    pub(crate) fn value<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Self::Own(raised) if own(ctx) => raised.value(ctx),
            Self::Foreign(raised) if !own(ctx) => raised.value(ctx),
            _ => Err(RuntimeError::new(
                "an exception of another HPy runtime of the process",
            )),
        }
    }
}

macro_rules! choose {
    ($($name:ident: $module:ident, fn[$($generics:tt)*]($ctx:expr; $($arg:ident: $ty:ty),*) -> $ret:ty;)*) => {
        $(
            #[inline(always)]
            pub(crate) fn $name<$($generics)*>($($arg: $ty),*) -> $ret {
                if own($ctx) {
                    direct::$module::$name($($arg),*)
                } else {
                    foreign::$module::$name($($arg),*)
                }
            }
        )*
    };
}

choose! {
    list_len: objects, fn[](ctx; ctx: Context<'_>, raw: HPy) -> usize;
    list_get: objects, fn['ctx](ctx; ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>>;
    tuple_len: objects, fn[](ctx; ctx: Context<'_>, raw: HPy) -> usize;
    tuple_get: objects, fn['ctx](ctx; ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>>;
    dict_items: objects, fn['ctx](dict.ctx(); dict: &Handle<'ctx, Dict>) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>>;
    bytes_len: text, fn[](bytes.ctx(); bytes: &Handle<'_, Bytes>) -> usize;
    char_count: text, fn[](text.ctx(); text: &Handle<'_, Str>) -> usize;
    utf8: text, fn['a](text.ctx(); text: &'a Handle<'_, Str>, bytes: &'a [u8]) -> Result<&'a str>;
}

/// A new str, or null with an exception.
#[inline(always)]
pub(crate) fn str_from_utf8(ctx: Context<'_>, text: &str) -> HPy {
    if own(ctx) {
        direct::objects::str_from_utf8(ctx, text)
    } else {
        foreign::text::str_from_utf8(ctx, text)
    }
}

/// # Safety
/// `raw` is an open handle of the context.
#[inline(always)]
pub(crate) unsafe fn is_int(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if is_of_own_runtime(ctx) {
            direct::objects::is_int(ctx, raw)
        } else {
            foreign::objects::is_int(ctx, raw)
        }
    }
}

/// The value of a small int, where it can be seen without a call: foreign handles are opaque.
#[inline(always)]
pub(crate) fn small_int(handle: &Handle<'_>) -> Option<i64> {
    own(handle.ctx())
        .then(|| direct::objects::small_int(handle))
        .flatten()
}

/// The value of a float, where it can be seen without a call: foreign handles are opaque.
#[inline(always)]
pub(crate) fn exact_float(handle: &Handle<'_>) -> Option<f64> {
    own(handle.ctx())
        .then(|| direct::objects::exact_float(handle))
        .flatten()
}

/// Whether reading an int from an object asks for its `__index__` and nothing else: a foreign context may be any.
#[inline(always)]
pub(crate) fn ints_are_indexed(ctx: Context<'_>) -> bool {
    own(ctx) && direct::objects::ints_are_indexed(ctx)
}

/// Whether reading a float from an object asks for its `__index__` too: PyPy does not, and both contexts may be on it.
#[inline(always)]
pub(crate) fn floats_are_indexed(_: Context<'_>) -> bool {
    false
}

/// The parameter whose name has the address of the one at `position`: foreign handles have none.
#[inline(always)]
pub(crate) fn known_keyword(
    ctx: Context<'_>,
    names: HPy,
    position: usize,
    known: &[KeywordName],
) -> Option<usize> {
    own(ctx)
        .then(|| direct::keyword_names::known_keyword(ctx, names, position, known))
        .flatten()
}

/// Calls `body` with the keyword's name, or None if it is not valid Unicode.
#[inline]
pub(crate) fn with_keyword_name<R>(
    ctx: Context<'_>,
    names: HPy,
    position: usize,
    body: impl FnOnce(Option<&str>) -> R,
) -> R {
    if own(ctx) {
        direct::objects::with_keyword_name(ctx, names, position, body)
    } else {
        foreign::objects::with_keyword_name(ctx, names, position, body)
    }
}
