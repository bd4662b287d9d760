//! Calls an implementation with a trampoline's arguments.
//!
//! Method trampolines of the CPython ABI call their implementation directly. This is for universal
//! binaries and for types written by hand.

use crate::HPyContext;
use crate::capi::{Py_buffer, PyObject};
use crate::enums::*;
use crate::handles::*;
use crate::trampoline_args::*;
use crate::{HPy_buffer, HPyFunc_traverseproc};
use core::ffi::{c_int, c_void};

type Ctx = *mut HPyContext;

/// Casts the function to one with these parameters after the context.
macro_rules! typed {
    ($function:ident ($($ty:ty),*) $(-> $ret:ty)?) => {
        core::mem::transmute::<
            unsafe extern "C" fn(),
            unsafe extern "C" fn($($ty),*) $(-> $ret)?,
        >($function)
    };
}

fn handle(o: *mut PyObject) -> HPy {
    HPy { _i: o as isize }
}

fn object(h: HPy) -> *mut PyObject {
    h._i as *mut PyObject
}

/// HPy's `_HPy_CallRealFunctionFromTrampoline`: calls `func`, an implementation of the signature
/// `sig`, with the arguments in `args`, and stores the result there. Aborts for a signature without
/// a struct of arguments, which no trampoline has.
///
/// # Safety
/// The thread is attached. `args` is the struct of `sig`'s arguments. `func` has that signature and
/// may be called with `ctx`.
pub unsafe fn _HPy_CallRealFunctionFromTrampoline(
    ctx: Ctx,
    sig: HPyFunc_Signature,
    func: HPyCFunction,
    args: *mut c_void,
) {
    let Some(function) = func else {
        return fatal();
    };
    /// The struct of arguments, and the call with its fields.
    macro_rules! call {
        ($args:ident: ($($field:ident),*) as ($($ty:ty),*) -> object) => {{
            let args = &mut *args.cast::<$args>();
            let typed = typed!(function (Ctx, $($ty),*) -> HPy);
            args.result = object(typed(ctx, $(args.$field.into_handle()),*));
        }};
        ($args:ident: ($($field:ident),*) as ($($ty:ty),*) -> $ret:ty) => {{
            let args = &mut *args.cast::<$args>();
            let typed = typed!(function (Ctx, $($ty),*) -> $ret);
            args.result = typed(ctx, $(args.$field.into_handle()),*);
        }};
    }
    // SAFETY: the caller promised that `sig` names the types of `func` and `args`.
    unsafe {
        match sig {
            HPyFunc_NOARGS => call!(_HPyFunc_args_NOARGS: (self_) as (HPy) -> object),
            HPyFunc_O => call!(_HPyFunc_args_O: (self_, arg) as (HPy, HPy) -> object),
            HPyFunc_VARARGS => {
                let args = &mut *args.cast::<_HPyFunc_args_VARARGS>();
                let function = typed!(function(Ctx, HPy, *const HPy, usize) -> HPy);
                let count = args.nargs.cast_unsigned();
                args.result = object(function(ctx, handle(args.self_), args.args.cast(), count));
            }
            HPyFunc_KEYWORDS => {
                let args = &mut *args.cast::<_HPyFunc_args_KEYWORDS>();
                let function = typed!(function(Ctx, HPy, *const HPy, usize, HPy) -> HPy);
                let count = args.nargsf & !crate::capi::PY_VECTORCALL_ARGUMENTS_OFFSET;
                let names = handle(args.kwnames);
                args.result = object(function(
                    ctx,
                    handle(args.self_),
                    args.args.cast(),
                    count,
                    names,
                ));
            }
            HPyFunc_INITPROC => {
                let args = &mut *args.cast::<_HPyFunc_args_INITPROC>();
                let function = typed!(function(Ctx, HPy, *const HPy, isize, HPy) -> c_int);
                args.result = super::calls::with_tuple(args.args, |items, count| {
                    function(
                        ctx,
                        handle(args.self_),
                        items.cast(),
                        count,
                        handle(args.kw),
                    )
                });
            }
            HPyFunc_NEWFUNC => {
                let args = &mut *args.cast::<_HPyFunc_args_NEWFUNC>();
                if !super::types::checks_class_of_new(function, args.self_) {
                    args.result = core::ptr::null_mut();
                    return;
                }
                let function = typed!(function(Ctx, HPy, *const HPy, isize, HPy) -> HPy);
                args.result = object(super::calls::with_tuple(args.args, |items, count| {
                    function(
                        ctx,
                        handle(args.self_),
                        items.cast(),
                        count,
                        handle(args.kw),
                    )
                }));
            }
            HPyFunc_UNARYFUNC | HPyFunc_REPRFUNC | HPyFunc_GETITERFUNC | HPyFunc_ITERNEXTFUNC => {
                call!(_HPyFunc_args_UNARYFUNC: (arg0) as (HPy) -> object)
            }
            HPyFunc_BINARYFUNC => {
                call!(_HPyFunc_args_BINARYFUNC: (arg0, arg1) as (HPy, HPy) -> object)
            }
            HPyFunc_TERNARYFUNC | HPyFunc_DESCRGETFUNC => {
                call!(_HPyFunc_args_TERNARYFUNC: (arg0, arg1, arg2) as (HPy, HPy, HPy) -> object)
            }
            HPyFunc_INQUIRY => call!(_HPyFunc_args_INQUIRY: (arg0) as (HPy) -> c_int),
            HPyFunc_LENFUNC | HPyFunc_HASHFUNC => {
                call!(_HPyFunc_args_LENFUNC: (arg0) as (HPy) -> isize)
            }
            HPyFunc_SSIZEARGFUNC => {
                call!(_HPyFunc_args_SSIZEARGFUNC: (arg0, arg1) as (HPy, isize) -> object)
            }
            HPyFunc_SSIZEOBJARGPROC => {
                call!(
                    _HPyFunc_args_SSIZEOBJARGPROC: (arg0, arg1, arg2) as (HPy, isize, HPy) -> c_int
                )
            }
            HPyFunc_OBJOBJARGPROC => {
                call!(_HPyFunc_args_OBJOBJARGPROC: (arg0, arg1, arg2) as (HPy, HPy, HPy) -> c_int)
            }
            HPyFunc_OBJOBJPROC => {
                call!(_HPyFunc_args_OBJOBJPROC: (arg0, arg1) as (HPy, HPy) -> c_int)
            }
            HPyFunc_RICHCMPFUNC => {
                call!(
                    _HPyFunc_args_RICHCMPFUNC:
                        (arg0, arg1, arg2) as (HPy, HPy, HPy_RichCmpOp) -> object
                )
            }
            HPyFunc_GETTER => {
                call!(_HPyFunc_args_GETTER: (self_, closure) as (HPy, *mut c_void) -> object)
            }
            HPyFunc_SETTER => {
                call!(
                    _HPyFunc_args_SETTER:
                        (self_, value, closure) as (HPy, HPy, *mut c_void) -> c_int
                )
            }
            HPyFunc_DESTRUCTOR => {
                let args = &*args.cast::<_HPyFunc_args_DESTRUCTOR>();
                typed!(function(Ctx, HPy))(ctx, handle(args.arg0));
            }
            HPyFunc_GETBUFFERPROC => {
                let args = &mut *args.cast::<_HPyFunc_args_GETBUFFERPROC>();
                let view = args.view.cast::<Py_buffer>();
                let function = typed!(function(Ctx, HPy, *mut HPy_buffer, c_int) -> c_int);
                // The two structs have the same fields, and a handle is the object's address.
                args.result = function(ctx, handle(args.self_), view.cast(), args.flags);
                if args.result < 0 {
                    (*view).obj = core::ptr::null_mut();
                }
            }
            HPyFunc_RELEASEBUFFERPROC => {
                let args = &mut *args.cast::<_HPyFunc_args_RELEASEBUFFERPROC>();
                let function = typed!(function(Ctx, HPy, *mut HPy_buffer));
                function(ctx, handle(args.self_), args.view.cast());
            }
            HPyFunc_TRAVERSEPROC => {
                let args = &mut *args.cast::<_HPyFunc_args_TRAVERSEPROC>();
                let traverse =
                    core::mem::transmute::<unsafe extern "C" fn(), HPyFunc_traverseproc>(function);
                args.result = match args.visit {
                    Some(visit) => super::types::traverse(
                        args.self_,
                        traverse,
                        core::mem::transmute::<unsafe extern "C" fn(), crate::capi::visitproc>(
                            visit,
                        ),
                        args.arg,
                    ),
                    None => 0,
                };
            }
            HPyFunc_CAPSULE_DESTRUCTOR => {
                super::capsules::destroy(args.cast(), function);
            }
            HPyFunc_MOD_CREATE => {
                call!(_HPyFunc_args_MOD_CREATE: (spec) as (HPy) -> object);
                let args = &mut *args.cast::<_HPyFunc_args_MOD_CREATE>();
                args.result = super::modules::check_created(args.result);
            }
            _ => fatal(),
        }
    }
}

/// How a field of an argument struct is passed to an implementation.
trait IntoHandle {
    type Handle;
    fn into_handle(self) -> Self::Handle;
}

impl IntoHandle for *mut PyObject {
    type Handle = HPy;
    fn into_handle(self) -> HPy {
        handle(self)
    }
}

macro_rules! as_it_is {
    ($($ty:ty)*) => {
        $(impl IntoHandle for $ty {
            type Handle = $ty;
            fn into_handle(self) -> $ty {
                self
            }
        })*
    };
}

as_it_is!(isize *mut c_void HPy_RichCmpOp);

#[cold]
fn fatal() {
    let message = c"a trampoline passed a function or signature that it cannot have";
    // SAFETY: the message is a C string.
    unsafe { crate::capi::Py_FatalError(message.as_ptr()) }
}
