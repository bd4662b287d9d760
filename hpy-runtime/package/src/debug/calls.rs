//! Calls of an extension's functions, with handles of debug mode and a context of the call's own.
//!
//! `hpy-sys` takes the arguments out of a trampoline's struct. It calls one of the functions here,
//! which makes handles and calls the extension's function. After the call the arguments' handles
//! are closed, and those that the function has closed are noticed.

use super::checks::with_room;
use super::context::{self, Info, info};
use super::slots::{ARGUMENT, OPEN, Slot, with_table};
use super::{frames, invalid, origin};
use crate::object_handles::{handle, object};
use core::ffi::{c_int, c_void};
use core::mem::transmute;
use hpy::sys::*;

type Ctx = *mut HPyContext;

pub(super) unsafe extern "C" fn ctx_CallRealFunctionFromTrampoline(
    ctx: Ctx,
    signature: HPyFunc_Signature,
    function: HPyCFunction,
    args: *mut c_void,
) {
    // SAFETY: a trampoline's contract. The function that is passed on has the same signature as the
    // extension's.
    unsafe {
        let Some(between) = between(signature) else {
            // It gets no context and no handles.
            return cpython::_HPy_CallRealFunctionFromTrampoline(ctx, signature, function, args);
        };
        let call = begin(ctx, function);
        match signature {
            // The most frequent ones, which need nothing of `hpy-sys`.
            HPyFunc_NOARGS => {
                let args = &mut *args.cast::<_HPyFunc_args_NOARGS>();
                args.result = object(one(call, handle(args.self_)));
            }
            HPyFunc_O => {
                let args = &mut *args.cast::<_HPyFunc_args_O>();
                args.result = object(two(call, handle(args.self_), handle(args.arg)));
            }
            HPyFunc_VARARGS => {
                let args = &mut *args.cast::<_HPyFunc_args_VARARGS>();
                let count = args.nargs.cast_unsigned();
                let result = varargs(call, handle(args.self_), args.args.cast(), count);
                args.result = object(result);
            }
            _ => cpython::_HPy_CallRealFunctionFromTrampoline(call, signature, Some(between), args),
        }
        end(call);
    }
}

/// A context for a call that begins.
#[inline(always)]
unsafe fn begin(ctx: Ctx, function: HPyCFunction) -> Ctx {
    let position = frames::current();
    // SAFETY: as promised by the caller. What is released was owned by an older entry.
    unsafe {
        let (call, released) = with_table(
            #[inline(always)]
            |_| {
                let (entry, released) = origin::begin(function, position);
                (context::begin(ctx, function, entry), released)
            },
        );
        if !released.is_null() {
            capi::decref(released);
        }
        call
    }
}

/// The call has ended.
#[inline(always)]
unsafe fn end(call: Ctx) {
    // SAFETY: the caller's context is of a call.
    unsafe {
        let info = info(call);
        if info.left_open() > 0 {
            origin::keep(info.entry.get(), info.function.get());
        }
        with_table(|_| context::end(call));
    }
}

/// What a function gets and what becomes of it after the call.
trait Argument: Copy {
    fn begin(self, info: &Info) -> Self;
    unsafe fn end(self, info: &Info);
}

impl Argument for HPy {
    #[inline(always)]
    fn begin(self, info: &Info) -> Self {
        with_table(|table| table.open(self, info.entry.get(), ARGUMENT))
    }

    #[inline(always)]
    unsafe fn end(self, info: &Info) {
        if self.is_null() {
            return;
        }
        let slot = Slot::of(self);
        // A function that closed it was told so. Its slot may be in use for another handle by now.
        // SAFETY: slots are never freed.
        unsafe {
            if (*slot).state & (OPEN | ARGUMENT) == (OPEN | ARGUMENT)
                && (*slot).made_in == info.entry.get()
            {
                info.close_argument(slot);
            }
        }
    }
}

macro_rules! as_it_is {
    ($($ty:ty)*) => {
        $(impl Argument for $ty {
            #[inline(always)]
            fn begin(self, _: &Info) -> Self {
                self
            }

            #[inline(always)]
            unsafe fn end(self, _: &Info) {}
        })*
    };
}

as_it_is!(isize *mut c_void HPy_RichCmpOp);

/// What a function returns.
trait Returned {
    unsafe fn take(self, info: &Info) -> Self;
}

impl Returned for HPy {
    #[inline(always)]
    unsafe fn take(self, info: &Info) -> Self {
        if self.is_null() {
            return self;
        }
        let slot = Slot::of(self);
        // SAFETY: slots are never freed.
        unsafe {
            if (*slot).is_owned() {
                let underlying = (*slot).underlying;
                info.close(slot);
                return underlying;
            }
            // It is not the function's to give.
            let underlying = invalid::returned_wrongly(slot, info);
            HPy_Dup(info.underlying(), underlying)
        }
    }
}

impl Returned for c_int {
    #[inline(always)]
    unsafe fn take(self, _: &Info) -> Self {
        self
    }
}

impl Returned for isize {
    #[inline(always)]
    unsafe fn take(self, _: &Info) -> Self {
        self
    }
}

impl Returned for () {
    #[inline(always)]
    unsafe fn take(self, _: &Info) -> Self {}
}

/// The extension's function of a call, as one with these parameters after the context.
macro_rules! function {
    ($info:ident ($($ty:ty),*) -> $ret:ty) => {
        transmute::<HPyCFunction, unsafe extern "C" fn(Ctx $(, $ty)*) -> $ret>(
            $info.function.get()
        )
    };
}

macro_rules! between {
    ($($name:ident ($($arg:ident: $ty:ty),*) -> $ret:ty;)*) => {
        $(unsafe extern "C" fn $name(ctx: Ctx $(, $arg: $ty)*) -> $ret {
            // SAFETY: the call has a context of debug mode, and its function this signature.
            unsafe {
                let info = info(ctx);
                let function = function!(info ($($ty),*) -> $ret);
                $(let $arg = $arg.begin(info);)*
                let result = function(ctx $(, $arg)*).take(info);
                $($arg.end(info);)*
                result
            }
        })*
    };
}

between! {
    one(a: HPy) -> HPy;
    two(a: HPy, b: HPy) -> HPy;
    three(a: HPy, b: HPy, c: HPy) -> HPy;
    inquiry(a: HPy) -> c_int;
    length(a: HPy) -> isize;
    item(a: HPy, index: isize) -> HPy;
    set_item(a: HPy, index: isize, value: HPy) -> c_int;
    set_by_key(a: HPy, key: HPy, value: HPy) -> c_int;
    contains(a: HPy, b: HPy) -> c_int;
    compare(a: HPy, b: HPy, op: HPy_RichCmpOp) -> HPy;
    getter(a: HPy, closure: *mut c_void) -> HPy;
    setter(a: HPy, value: HPy, closure: *mut c_void) -> c_int;
    destructor(a: HPy) -> ();
}

/// Calls `body` with handles for an array of arguments.
///
/// # Safety
/// `items` has `count` objects.
#[inline(always)]
unsafe fn with_items<R>(
    items: *const HPy,
    count: usize,
    info: &Info,
    body: impl FnOnce(*const HPy) -> R,
) -> R {
    with_room(count, |handles| {
        // SAFETY: as promised by the caller; there is room for so many handles.
        unsafe {
            for index in 0..count {
                handles.add(index).write((*items.add(index)).begin(info));
            }
            let result = body(handles);
            for index in 0..count {
                (*handles.add(index)).end(info);
            }
            result
        }
    })
}

unsafe extern "C" fn varargs(ctx: Ctx, this: HPy, items: *const HPy, count: usize) -> HPy {
    // SAFETY: as in `between!`.
    unsafe {
        let info = info(ctx);
        let function = function!(info(HPy, *const HPy, usize) -> HPy);
        let this = this.begin(info);
        let result = with_items(items, count, info, |items| {
            function(ctx, this, items, count).take(info)
        });
        this.end(info);
        result
    }
}

unsafe extern "C" fn keywords(
    ctx: Ctx,
    this: HPy,
    items: *const HPy,
    count: usize,
    names: HPy,
) -> HPy {
    // SAFETY: as in `between!`. The names are a tuple or null, and their values follow the others.
    unsafe {
        let info = info(ctx);
        let function = function!(info(HPy, *const HPy, usize, HPy) -> HPy);
        let more = if names.is_null() {
            0
        } else {
            HPy_Length(info.underlying(), names).max(0).cast_unsigned()
        };
        let (this, names) = (this.begin(info), names.begin(info));
        let result = with_items(items, count + more, info, |items| {
            function(ctx, this, items, count, names).take(info)
        });
        this.end(info);
        names.end(info);
        result
    }
}

macro_rules! with_tuple {
    ($($name:ident -> $ret:ty;)*) => {
        $(unsafe extern "C" fn $name(
            ctx: Ctx,
            this: HPy,
            items: *const HPy,
            count: isize,
            kw: HPy,
        ) -> $ret {
            // SAFETY: as in `between!`.
            unsafe {
                let info = info(ctx);
                let function = function!(info (HPy, *const HPy, isize, HPy) -> $ret);
                let (this, kw) = (this.begin(info), kw.begin(info));
                let all = count.max(0).cast_unsigned();
                let result = with_items(items, all, info, |items| {
                    function(ctx, this, items, count, kw).take(info)
                });
                this.end(info);
                kw.end(info);
                result
            }
        })*
    };
}

with_tuple! {
    init -> c_int;
    new -> HPy;
}

unsafe extern "C" fn get_buffer(ctx: Ctx, this: HPy, view: *mut HPy_buffer, flags: c_int) -> c_int {
    // SAFETY: as in `between!`. The view is valid, and has an object if the function succeeds.
    unsafe {
        let info = info(ctx);
        let function = function!(info(HPy, *mut HPy_buffer, c_int) -> c_int);
        let this = this.begin(info);
        let result = function(ctx, this, view, flags);
        if result >= 0 {
            (*view).obj = (*view).obj.take(info);
        }
        this.end(info);
        result
    }
}

unsafe extern "C" fn release_buffer(ctx: Ctx, this: HPy, view: *mut HPy_buffer) {
    // SAFETY: as in `between!`. The interpreter keeps the view's own object.
    unsafe {
        let info = info(ctx);
        let function = function!(info(HPy, *mut HPy_buffer) -> ());
        let this = this.begin(info);
        let mut copy = view.read();
        copy.obj = copy.obj.begin(info);
        let object = copy.obj;
        function(ctx, this, &raw mut copy);
        object.end(info);
        this.end(info);
    }
}

/// The function here that stands between the trampoline and a function of this signature. None for
/// functions without a context.
#[inline(always)]
fn between(signature: HPyFunc_Signature) -> Option<unsafe extern "C" fn()> {
    macro_rules! untyped {
        ($function:ident ($($ty:ty),*) -> $ret:ty) => {
            // SAFETY: it is called with the type of its signature.
            unsafe {
                transmute::<unsafe extern "C" fn(Ctx $(, $ty)*) -> $ret, unsafe extern "C" fn()>(
                    $function,
                )
            }
        };
    }
    Some(match signature {
        HPyFunc_NOARGS | HPyFunc_UNARYFUNC | HPyFunc_REPRFUNC | HPyFunc_GETITERFUNC
        | HPyFunc_ITERNEXTFUNC | HPyFunc_MOD_CREATE => untyped!(one(HPy) -> HPy),
        HPyFunc_O | HPyFunc_BINARYFUNC => untyped!(two(HPy, HPy) -> HPy),
        HPyFunc_VARARGS => untyped!(varargs(HPy, *const HPy, usize) -> HPy),
        HPyFunc_KEYWORDS => untyped!(keywords(HPy, *const HPy, usize, HPy) -> HPy),
        HPyFunc_INITPROC => untyped!(init(HPy, *const HPy, isize, HPy) -> c_int),
        HPyFunc_NEWFUNC => untyped!(new(HPy, *const HPy, isize, HPy) -> HPy),
        HPyFunc_TERNARYFUNC | HPyFunc_DESCRGETFUNC => untyped!(three(HPy, HPy, HPy) -> HPy),
        HPyFunc_INQUIRY => untyped!(inquiry(HPy) -> c_int),
        HPyFunc_LENFUNC | HPyFunc_HASHFUNC => untyped!(length(HPy) -> isize),
        HPyFunc_SSIZEARGFUNC => untyped!(item(HPy, isize) -> HPy),
        HPyFunc_SSIZEOBJARGPROC => untyped!(set_item(HPy, isize, HPy) -> c_int),
        HPyFunc_OBJOBJARGPROC => untyped!(set_by_key(HPy, HPy, HPy) -> c_int),
        HPyFunc_OBJOBJPROC => untyped!(contains(HPy, HPy) -> c_int),
        HPyFunc_RICHCMPFUNC => untyped!(compare(HPy, HPy, HPy_RichCmpOp) -> HPy),
        HPyFunc_GETTER => untyped!(getter(HPy, *mut c_void) -> HPy),
        HPyFunc_SETTER => untyped!(setter(HPy, HPy, *mut c_void) -> c_int),
        HPyFunc_DESTRUCTOR => untyped!(destructor(HPy) -> ()),
        HPyFunc_GETBUFFERPROC => untyped!(get_buffer(HPy, *mut HPy_buffer, c_int) -> c_int),
        HPyFunc_RELEASEBUFFERPROC => untyped!(release_buffer(HPy, *mut HPy_buffer) -> ()),
        _ => return None,
    })
}
