//! What the CPython ABI has quicker ways for, through the context.

use super::entries;
use super::owned_ref::named;
use crate::backend::capi::objects::DictPlace;
use crate::backend::quirks::Quirk;
use crate::types::{Dict, Kind, List};
use crate::{CompareOp, Context, Error, Handle, Result};
use core::ffi::c_int;
use core::sync::atomic::{AtomicU8, Ordering};
use hpy_sys::*;

/// Whether both are the same object. For GraalPy 24, 1 is True, and one int may be another that is
/// passed in another way.
///
/// # Safety
/// The handles are open handles of the context.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
pub(crate) unsafe extern "C" fn is(ctx: Context<'_>, a: HPy, b: HPy) -> bool {
    let raw = ctx.as_ptr();
    // SAFETY: as promised by the caller; the types are closed once. By the words, as the context is
    // a foreign one: every other way costs several times the code.
    unsafe {
        let words = &*raw;
        let is = |a: HPy, b: HPy| (words.ctx_Is)(raw, a, b) != 0;
        let says = is(a, b);
        if a._i == b._i
            || !ctx.has(Quirk::ONE_IS_TRUE)
            || !(says || is_number(ctx, a) || is_number(ctx, b))
        {
            return says;
        }
        let (type_, other) = ((words.ctx_Type)(raw, a), (words.ctx_Type)(raw, b));
        let same = is(type_, other);
        (words.ctx_Close)(raw, type_);
        (words.ctx_Close)(raw, other);
        same && (says || (words.ctx_RichCompareBool)(raw, a, b, HPy_EQ.0 as c_int) == 1)
    }
}

/// `a <op> b`. GraalPy 24 makes a bool of what the operands answer, so it is their operator that is
/// called.
///
/// # Safety
/// The handles are open handles of the context.
#[inline(never)]
pub(crate) unsafe fn rich_compare(ctx: Context<'_>, a: HPy, b: HPy, op: CompareOp) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe {
        if !ctx.has(Quirk::COMPARISONS_MAKE_BOOLS) || (is_number(ctx, a) && is_number(ctx, b)) {
            return HPy_RichCompare(ctx.rarely().as_ptr(), a, b, op as i32);
        }
        let name = match op {
            CompareOp::Lt => c"lt",
            CompareOp::Le => c"le",
            CompareOp::Eq => c"eq",
            CompareOp::Ne => c"ne",
            CompareOp::Gt => c"gt",
            CompareOp::Ge => c"ge",
        };
        match named(ctx, name, &|| ctx.import("operator")?.getattr(name)) {
            Ok(operator) => HPy_Call(
                ctx.as_ptr(),
                operator.as_raw(),
                [a, b].as_ptr(),
                2,
                HPy_NULL,
            ),
            Err(error) => {
                error.raise(ctx);
                HPy_NULL
            }
        }
    }
}

/// The truth of `a <op> b`; identical objects are equal. GraalPy 24 takes NotImplemented for an
/// answer where one is an int.
///
/// # Safety
/// The handles are open handles of the context.
#[inline(never)]
pub(crate) unsafe fn compare_bool(ctx: Context<'_>, a: HPy, b: HPy, op: CompareOp) -> c_int {
    let raw = ctx.rarely().as_ptr();
    // SAFETY: as promised by the caller; the answer is closed once.
    unsafe {
        if !ctx.has(Quirk::COMPARISONS_MAKE_BOOLS) {
            return HPy_RichCompareBool(raw, a, b, op as c_int);
        }
        if matches!(op, CompareOp::Eq | CompareOp::Ne) && is(ctx, a, b) {
            return (op == CompareOp::Eq) as c_int;
        }
        if is_number(ctx, a) && is_number(ctx, b) {
            return HPy_RichCompareBool(raw, a, b, op as c_int);
        }
        let answer = rich_compare(ctx, a, b, op);
        if answer.is_null() {
            return -1;
        }
        let truth = HPy_IsTrue(raw, answer);
        HPy_Close(raw, answer);
        truth
    }
}

/// `a // b`. Of small ints GraalPy 24 cuts the quotient's fraction off, so that -7 // 2 is -3, and
/// divides the least of them by -1 with the processor's division, which ends the process.
///
/// # Safety
/// The handles are open handles of the context.
#[inline(never)]
pub(crate) unsafe fn floor_divide(ctx: Context<'_>, a: HPy, b: HPy) -> HPy {
    let raw = ctx.rarely().as_ptr();
    // SAFETY: as promised by the caller; the tuple is closed once.
    unsafe {
        if !ctx.has(Quirk::FLOOR_DIVISION_CUTS) || !is_number(ctx, a) || !is_number(ctx, b) {
            return HPy_FloorDivide(raw, a, b);
        }
        let both = HPy_Divmod(raw, a, b);
        if both.is_null() {
            return HPy_NULL;
        }
        let quotient = HPy_GetItem_i(raw, both, 0);
        HPy_Close(raw, both);
        quotient
    }
}

/// Whether a handle of GraalPy's is not a place in a table, but an int or float itself. In debug
/// mode handles are addresses, and every int and float counts.
///
/// # Safety
/// The handle is an open handle of the context.
pub(crate) unsafe fn is_number(ctx: Context<'_>, handle: HPy) -> bool {
    if handle._i as usize <= i32::MAX as usize {
        return false;
    }
    if !entries::needs_call() {
        return true;
    }
    // SAFETY: as promised by the caller; the type is closed once. By the words, as in `is`.
    unsafe {
        let raw = ctx.as_ptr();
        let words = &*raw;
        let type_ = (words.ctx_Type)(raw, handle);
        let found = [words.h_LongType, words.h_FloatType]
            .into_iter()
            .any(|number| (words.ctx_Is)(raw, type_, number) != 0);
        (words.ctx_Close)(raw, type_);
        found
    }
}

/// An int of a subclass as one of type int: where the context would ask the subclass for its value.
#[inline(never)]
pub(crate) fn plain_int<'ctx>(int: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    if !int.ctx().has(Quirk::INTS_ASK_INDEX) {
        return Ok(None);
    }
    let (ctx, int) = (int.ctx().rarely(), int.as_raw());
    let raw = ctx.as_ptr();
    // SAFETY: the handle is open; what is made is closed once. By the words, as in `is`.
    unsafe {
        let words = &*raw;
        let type_ = (words.ctx_Type)(raw, int);
        let exactly = [words.h_LongType, words.h_BoolType];
        let is_plain = exactly
            .iter()
            .any(|exactly| (words.ctx_Is)(raw, type_, *exactly) != 0);
        (words.ctx_Close)(raw, type_);
        if is_plain {
            return Ok(None);
        }
        let mut plain = (words.ctx_GetAttr_s)(raw, words.h_LongType, c"__index__".as_ptr());
        if !plain.is_null() {
            let index = plain;
            plain = (words.ctx_Call)(raw, index, &int, 1, HPy_NULL);
            (words.ctx_Close)(raw, index);
        }
        ctx.made_handle(plain).map(Some)
    }
}

/// `callable(*args, **keywords)`: the keywords' values stand after the positional arguments.
/// GraalPy 24 gets them in a dict: it fails with very many of them, and with names that are
/// interned or of a subclass of str, and makes a dict with two equal keys of one that is there
/// twice.
///
/// # Safety
/// The handles are open, `positional` is within the arguments, and there are as many further ones
/// as names, which are a tuple of str or null.
#[inline(never)]
pub(crate) unsafe fn call_with_names(
    ctx: Context<'_>,
    callable: HPy,
    args: &[HPy],
    positional: usize,
    names: HPy,
) -> HPy {
    let raw = ctx.rarely().as_ptr();
    // SAFETY: as promised by the caller; what is made here is closed once.
    unsafe {
        if names.is_null() || !ctx.has(Quirk::INTERNED_NAMES_FAIL) {
            return HPy_Call(raw, callable, args.as_ptr(), positional, names);
        }
        let (positional, values) = args.split_at(positional);
        let dict = HPyDict_New(raw);
        if dict.is_null() {
            return HPy_NULL;
        }
        let mut is_made = true;
        for (index, value) in values.iter().enumerate() {
            let name = HPy_GetItem_i(raw, names, index as HPy_ssize_t);
            is_made &= !name.is_null() && HPy_SetItem(raw, dict, name, *value) == 0;
            if !name.is_null() {
                HPy_Close(raw, name);
            }
            if !is_made {
                break;
            }
        }
        let mut result = HPy_NULL;
        if is_made {
            let count = positional.len() as HPy_ssize_t;
            let tuple = HPyTuple_FromArray(raw, positional.as_ptr(), count);
            if !tuple.is_null() {
                result = HPy_CallTupleDict(raw, callable, tuple, dict);
                HPy_Close(raw, tuple);
            }
        }
        HPy_Close(raw, dict);
        result
    }
}

/// `args[0].name(*args[1:], **keywords)`, likewise. GraalPy 24 fails where the method's name is
/// interned, too.
///
/// # Safety
/// As for [`call_with_names`]; `name` is an open handle to a str, and one argument is positional.
#[inline(never)]
pub(crate) unsafe fn call_method_with_names(
    ctx: Context<'_>,
    name: HPy,
    args: &[HPy],
    positional: usize,
    names: HPy,
) -> HPy {
    let raw = ctx.rarely().as_ptr();
    // SAFETY: as promised by the caller; the method is closed once.
    unsafe {
        let receiver = match args.first() {
            Some(receiver) if ctx.has(Quirk::INTERNED_NAMES_FAIL) => *receiver,
            _ => return HPy_CallMethod(raw, name, args.as_ptr(), positional, names),
        };
        let method = HPy_GetAttr(raw, receiver, name);
        if method.is_null() {
            return HPy_NULL;
        }
        let result = call_with_names(ctx, method, &args[1..], positional - 1, names);
        HPy_Close(raw, method);
        result
    }
}

/// # Safety
/// `raw` is an open handle of the context.
#[inline(always)]
pub(crate) unsafe fn is_bool(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller. Not by asking whether it is True: see `is`.
    unsafe { HPy_TypeCheck(ctx, raw, h_BoolType(ctx)) != 0 }
}

/// # Safety
/// `raw` is an open handle of the context.
#[inline(always)]
pub(crate) unsafe fn is_int(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { HPy_TypeCheck(ctx, raw, h_LongType(ctx)) != 0 }
}

/// Which of the kinds that are asked for an object was, and whether the one before was the same.
/// Not by a lock or a thread: it only says what is asked first.
static LAST: AtomicU8 = AtomicU8::new(NONE);
const REPEATED: u8 = 0x80;
const NONE: u8 = 0x7f;
/// A `bool`, which is found by the question for ints, and is asked for only where it is expected.
const BOOL: u8 = 8;

/// One question after another, the likeliest first: that of the objects before, where two of them
/// were alike, as in a list of numbers. An object is of one kind at most, whatever is asked first.
pub(crate) fn kind<'a, 'ctx>(handle: &'a Handle<'ctx>) -> Kind<'a, 'ctx> {
    let last = LAST.load(Ordering::Relaxed);
    let expected = if last & REPEATED != 0 {
        last & !REPEATED
    } else {
        NONE
    };
    let found = |number: u8| {
        let is_same = number == last & !REPEATED;
        let now = if is_same { number | REPEATED } else { number };
        LAST.store(now, Ordering::Relaxed);
    };
    if expected == BOOL
        && let Some(kind) = questions::bool(handle)
    {
        return kind;
    }
    macro_rules! ask {
        ($($number:literal $kind:ident)*) => {
            match expected {
                $($number => {
                    if let Some(kind) = questions::$kind(handle) {
                        if matches!(kind, Kind::Bool(_)) {
                            found(BOOL);
                        }
                        return kind;
                    }
                })*
                _ => {}
            }
            $(
                if $number != expected
                    && let Some(kind) = questions::$kind(handle)
                {
                    found(if matches!(kind, Kind::Bool(_)) { BOOL } else { $number });
                    return kind;
                }
            )*
        };
    }
    ask! { 0 str 1 int 2 none 3 float 4 dict 5 list 6 tuple 7 bytes }
    found(NONE);
    Kind::Other
}

/// What is asked to know the kind of an object, each in a call or two.
mod questions {
    use crate::Handle;
    use crate::backend::quirks::Quirk;
    use crate::types::{Bool, Int, Kind};
    use hpy_sys::{h_False, h_True};

    pub(super) fn bool<'a, 'ctx>(handle: &'a Handle<'ctx>) -> Option<Kind<'a, 'ctx>> {
        let ctx = handle.ctx();
        if ctx.has(Quirk::ONE_IS_TRUE) {
            return handle
                .narrow::<Bool>()
                .map(|truth| Kind::Bool(truth.value()));
        }
        // There are two of them, so their type is not asked for.
        // SAFETY: the handle is open, the others are the context's.
        let is = |other| unsafe { super::is(ctx, handle.as_raw(), other) };
        // SAFETY: the context's own constants.
        let truths = unsafe { [(true, h_True(ctx.as_ptr())), (false, h_False(ctx.as_ptr()))] };
        let found = truths.into_iter().find(|&(_, other)| is(other));
        found.map(|(truth, _)| Kind::Bool(truth))
    }

    pub(super) fn int<'a, 'ctx>(handle: &'a Handle<'ctx>) -> Option<Kind<'a, 'ctx>> {
        let int = handle.narrow::<Int>()?;
        Some(match int.narrow::<Bool>() {
            Some(truth) => Kind::Bool(truth.value()),
            None => Kind::Int(int),
        })
    }

    pub(super) fn none<'a, 'ctx>(handle: &'a Handle<'ctx>) -> Option<Kind<'a, 'ctx>> {
        handle.is_none().then_some(Kind::None)
    }

    macro_rules! instances {
        ($($name:ident $kind:ident)*) => {$(
            pub(super) fn $name<'a, 'ctx>(handle: &'a Handle<'ctx>) -> Option<Kind<'a, 'ctx>> {
                handle.narrow().map(Kind::$kind)
            }
        )*};
    }

    instances! { str Str float Float dict Dict list List tuple Tuple bytes Bytes }
}

/// The length of a list, tuple or the like: 0 where a subclass's `__len__` fails.
#[inline]
fn len(ctx: Context<'_>, raw: HPy) -> usize {
    // SAFETY: the callers' handles are open.
    let len = unsafe { HPy_Length(ctx.as_ptr(), raw) };
    if len < 0 {
        drop(Error::take(ctx));
    }
    len.max(0) as usize
}

/// An item by index; None where there is none.
#[inline]
fn get<'ctx>(ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>> {
    let index = HPy_ssize_t::try_from(index).ok()?;
    // SAFETY: the callers' handles are open; a new handle or null with an exception.
    let item = unsafe { Handle::from_raw(ctx, HPy_GetItem_i(ctx.rarely().as_ptr(), raw, index)) };
    if item.is_none() {
        drop(Error::take(ctx));
    }
    item
}

#[inline(never)]
pub(crate) fn list_len(ctx: Context<'_>, raw: HPy) -> usize {
    len(ctx, raw)
}

#[inline(never)]
pub(crate) fn list_get<'ctx>(ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>> {
    // Reaching the end must not cost an exception.
    if index >= len(ctx, raw) {
        None
    } else {
        get(ctx, raw, index)
    }
}

/// An item for a loop, and the length that is known from now on.
struct Next {
    item: HPy,
    known: usize,
}

/// On PyPy the length is asked for where the one that is known ends: a list may have grown
/// meanwhile, and one that has shrunk has no item at the index. GraalPy 24 has one there.
#[inline(never)]
fn next(ctx: Context<'_>, raw: HPy, index: usize, mut known: usize) -> Next {
    let mut item = HPy_NULL;
    if index >= known || !super::pypy::is_plain(ctx) {
        known = len(ctx, raw);
    }
    if index < known {
        let context = ctx.as_ptr();
        // SAFETY: the callers' handles are open; a new handle or null with an exception. By the
        // word, as the context is a host's.
        item = unsafe { ((*context).ctx_GetItem_i)(context, raw, index as HPy_ssize_t) };
        if item.is_null() {
            drop(Error::take(ctx));
        }
    }
    Next { item, known }
}

#[inline(always)]
pub(crate) fn list_next<'ctx>(
    ctx: Context<'ctx>,
    raw: HPy,
    index: usize,
    known: usize,
) -> (Option<Handle<'ctx>>, usize) {
    let next = next(ctx, raw, index, known);
    // SAFETY: a new handle or null.
    (unsafe { Handle::from_raw(ctx, next.item) }, next.known)
}

pub(crate) use list_next as tuple_next;

/// A new list of the items.
pub(crate) fn list_of<'ctx>(
    ctx: Context<'ctx>,
    items: Vec<Handle<'ctx>>,
) -> Result<Handle<'ctx, List>> {
    // Not by a builder: PyPy 7.3.19 never gives up what one has built of objects.
    // SAFETY: the handles are open; a new handle or null with an exception.
    let list = unsafe { ctx.made_handle(HPyList_New(ctx.as_ptr(), 0))? };
    for item in &items {
        // SAFETY: as above.
        ctx.check(unsafe { HPyList_Append(ctx.as_ptr(), list.as_raw(), item.as_raw()) })?;
    }
    Ok(list)
}

#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
pub(crate) extern "C" fn tuple_len(ctx: Context<'_>, raw: HPy) -> usize {
    len(ctx, raw)
}

#[inline(never)]
pub(crate) fn tuple_get<'ctx>(ctx: Context<'ctx>, raw: HPy, index: usize) -> Option<Handle<'ctx>> {
    if index >= len(ctx, raw) {
        None
    } else {
        get(ctx, raw, index)
    }
}

/// A loop over a dict needs an iterator.
pub(crate) fn dict_place(_: &Handle<'_, Dict>) -> Option<DictPlace> {
    None
}

pub(crate) fn dict_next<'ctx>(
    _: &Handle<'ctx, Dict>,
    _: &mut DictPlace,
) -> Option<Result<(Handle<'ctx>, Handle<'ctx>)>> {
    None
}

/// Appends the pairs of a dict.
pub(crate) fn dict_items<'ctx>(
    dict: &Handle<'ctx, Dict>,
    items: &mut Vec<(Handle<'ctx>, Handle<'ctx>)>,
) -> Result<()> {
    let keys = dict.keys()?;
    items.try_reserve(keys.len().min(4096))?;
    for key in keys.iter() {
        // A key may have gone since.
        if let Some(value) = dict.get(&key)? {
            items.push((key, value));
        }
    }
    Ok(())
}

/// Calls `body` with the keyword's name, or None if it is not valid Unicode.
pub(crate) fn with_keyword_name<R>(
    ctx: Context<'_>,
    names: HPy,
    position: usize,
    body: impl FnOnce(Option<&str>) -> R,
) -> R {
    match get(ctx, names, position) {
        Some(name) => body(name.extract::<&str>().ok()),
        None => body(None),
    }
}
