//! The entries of modules that a host made: per method an implementation, which the host calls, and
//! a trampoline, which CPython calls and which has the context call the implementation.

use crate::backend::universal::RawContext;
use crate::entry::arguments::{Args, KeywordArgs};
use crate::entry::guard::{
    Exec, KeywordsMethod, NoArgsMethod, OMethod, VarArgsMethod, enter, entry,
};
use crate::entry::methods::capi_entries;
use crate::entry::package_trampoline::{call_implementation, trampoline};
use crate::object::handle::Borrowed;
use crate::{Context, Handle, Result, module};
use core::ffi::c_int;
use hpy_sys::universal::*;
use hpy_sys::*;

type PyObject = *mut cpy_PyObject;

// An implementation asks at once whether its context is the own one, so that the rest of it is
// compiled for foreign ones only. What all of those have in common is one function, as a foreign
// context's functions take so long that a call more is nothing beside them.

/// What a method is called with, of which each calling convention has a part.
struct Call {
    module: HPy,
    /// `nargs` handles, and behind them the values of keywords.
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
}

/// A method as foreign contexts call it. A function and no closure: one that is passed on as a
/// trait object is compiled twice.
///
/// Unsafe: the context is foreign, and the handles of the call are open during it.
type Body = for<'ctx> unsafe fn(Context<'ctx>, &Call) -> Result<Handle<'ctx>>;

/// An entry by a foreign context. `extern "C"` is known not to unwind, so that nobody who calls it
/// has code for that.
///
/// # Safety
/// As for [`enter`], the context is not the own runtime's, and the handles are open.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
unsafe extern "C" fn enter_foreign(ctx: *mut HPyContext, body: Body, call: &Call) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { entry!(RawContext::new(ctx), |ctx| body(ctx, call)) }
}

/// Tells the compiler that a context is foreign.
///
/// # Safety
/// It is.
#[inline(always)]
unsafe fn foreign(ctx: Context<'_>) {
    // SAFETY: as promised by the caller.
    unsafe { assume_host_context(ctx.as_ptr()) }
}

#[inline(always)]
fn object(handle: HPy) -> PyObject {
    handle._i as PyObject
}

#[inline(always)]
fn handle(object: PyObject) -> HPy {
    HPy {
        _i: object as isize,
    }
}

pub(super) unsafe extern "C" fn noargs_impl<M: NoArgsMethod>(
    ctx: *mut HPyContext,
    module: HPy,
) -> HPy {
    if is_of_bundled_runtime(ctx) {
        // SAFETY: the own runtime's handles are objects' addresses.
        return handle(unsafe { capi_entries::noargs::<M>(object(module), core::ptr::null_mut()) });
    }
    let (args, kwnames) = (core::ptr::null(), HPy_NULL);
    let call = Call {
        module,
        args,
        nargs: 0,
        kwnames,
    };
    // SAFETY: an entry by the interpreter; the module stays open during it.
    unsafe { enter_foreign(ctx, noargs_body::<M>, &call) }
}

unsafe fn noargs_body<'ctx, M: NoArgsMethod>(
    ctx: Context<'ctx>,
    call: &Call,
) -> Result<Handle<'ctx>> {
    // SAFETY: as `Body` has it.
    unsafe { foreign(ctx) };
    // SAFETY: as above.
    let module = unsafe { Borrowed::new(ctx, call.module) };
    M::call(ctx, &module)
}

pub(super) unsafe extern "C" fn noargs_trampoline<M: NoArgsMethod>(
    self_: PyObject,
    _: PyObject,
) -> PyObject {
    let mut args = _HPyFunc_args_NOARGS {
        self_,
        result: core::ptr::null_mut(),
    };
    let implementation = erase!(noargs_impl::<M>, fn(*mut HPyContext, HPy) -> HPy);
    // SAFETY: the arguments and the implementation are those of the signature.
    unsafe { call_implementation(HPyFunc_NOARGS, implementation, (&raw mut args).cast()) };
    args.result
}

pub(super) unsafe extern "C" fn o_impl<M: OMethod>(
    ctx: *mut HPyContext,
    module: HPy,
    arg: HPy,
) -> HPy {
    if is_of_bundled_runtime(ctx) {
        // SAFETY: the own runtime's handles are objects' addresses.
        return handle(unsafe { capi_entries::o::<M>(object(module), object(arg)) });
    }
    let call = Call {
        module,
        args: &raw const arg,
        nargs: 1,
        kwnames: HPy_NULL,
    };
    // SAFETY: an entry by the interpreter; module and argument stay open during it.
    unsafe { enter_foreign(ctx, o_body::<M>, &call) }
}

unsafe fn o_body<'ctx, M: OMethod>(ctx: Context<'ctx>, call: &Call) -> Result<Handle<'ctx>> {
    // SAFETY: as `Body` has it.
    unsafe { foreign(ctx) };
    // SAFETY: as above, and there is one argument.
    let (module, arg) = unsafe {
        (
            Borrowed::new(ctx, call.module),
            Borrowed::new(ctx, *call.args),
        )
    };
    M::call(ctx, &module, &arg)
}

trampoline! {
    pub(super) o_trampoline<M: OMethod>, HPyFunc_O, _HPyFunc_args_O {
        self_: PyObject, arg: PyObject
    } -> PyObject = core::ptr::null_mut(), erase!(o_impl::<M>, fn(*mut HPyContext, HPy, HPy) -> HPy)
}

pub(super) unsafe extern "C" fn varargs_impl<M: VarArgsMethod>(
    ctx: *mut HPyContext,
    module: HPy,
    args: *const HPy,
    nargs: usize,
) -> HPy {
    if is_of_bundled_runtime(ctx) {
        // SAFETY: the own runtime's handles are objects' addresses.
        return handle(unsafe { capi_entries::varargs::<M>(object(module), args, nargs as isize) });
    }
    let call = Call {
        module,
        args,
        nargs,
        kwnames: HPy_NULL,
    };
    // SAFETY: an entry by the interpreter; module and arguments stay open during it.
    unsafe { enter_foreign(ctx, varargs_body::<M>, &call) }
}

unsafe fn varargs_body<'ctx, M: VarArgsMethod>(
    ctx: Context<'ctx>,
    call: &Call,
) -> Result<Handle<'ctx>> {
    // SAFETY: as `Body` has it.
    unsafe { foreign(ctx) };
    // SAFETY: as above.
    let module = unsafe { Borrowed::new(ctx, call.module) };
    // SAFETY: as above.
    let args = unsafe { Args::new(ctx, call.args, call.nargs) };
    M::call(ctx, &module, args)
}

trampoline! {
    pub(super) varargs_trampoline<M: VarArgsMethod>, HPyFunc_VARARGS, _HPyFunc_args_VARARGS {
        self_: PyObject, args: *const PyObject, nargs: HPy_ssize_t
    } -> PyObject = core::ptr::null_mut(), erase!(
        varargs_impl::<M>,
        fn(*mut HPyContext, HPy, *const HPy, usize) -> HPy
    )
}

pub(super) unsafe extern "C" fn keywords_impl<M: KeywordsMethod>(
    ctx: *mut HPyContext,
    module: HPy,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
) -> HPy {
    if is_of_bundled_runtime(ctx) {
        // SAFETY: the own runtime's handles are objects' addresses.
        return handle(unsafe {
            capi_entries::keywords::<M>(object(module), args, nargs as isize, kwnames)
        });
    }
    let call = Call {
        module,
        args,
        nargs,
        kwnames,
    };
    // SAFETY: an entry by the interpreter; module, arguments and names stay open during it.
    unsafe { enter_foreign(ctx, keywords_body::<M>, &call) }
}

unsafe fn keywords_body<'ctx, M: KeywordsMethod>(
    ctx: Context<'ctx>,
    call: &Call,
) -> Result<Handle<'ctx>> {
    // SAFETY: as `Body` has it.
    unsafe { foreign(ctx) };
    // SAFETY: as above.
    let module = unsafe { Borrowed::new(ctx, call.module) };
    // SAFETY: as above.
    let args = unsafe { KeywordArgs::new(ctx, call.args, call.nargs, call.kwnames) };
    M::call(ctx, &module, args)
}

trampoline! {
    pub(super) keywords_trampoline<M: KeywordsMethod>, HPyFunc_KEYWORDS, _HPyFunc_args_KEYWORDS {
        self_: PyObject, args: *const PyObject, nargsf: usize, kwnames: PyObject
    } -> PyObject = core::ptr::null_mut(), erase!(
        keywords_impl::<M>,
        fn(*mut HPyContext, HPy, *const HPy, usize, HPy) -> HPy
    )
}

/// Returns a whole word: PyPy reads all of it where HPy says `int`.
pub(super) unsafe extern "C" fn exec_impl<E: Exec>(ctx: *mut HPyContext, module: HPy) -> isize {
    if is_of_bundled_runtime(ctx) {
        // SAFETY: the own runtime's handles are objects' addresses.
        return unsafe { capi_entries::exec::<E>(object(module)) } as isize;
    }
    // SAFETY: an entry by the interpreter; the module stays open during it.
    unsafe {
        enter(RawContext::new(ctx), |ctx| {
            module::exec::<E>(ctx, &Borrowed::new(ctx, module)).map(|()| 0)
        })
    }
}

pub(super) unsafe extern "C" fn exec_trampoline<E: Exec>(module: PyObject) -> c_int {
    let mut args = _HPyFunc_args_INQUIRY {
        arg0: module,
        result: -1,
    };
    let implementation = erase!(exec_impl::<E>, fn(*mut HPyContext, HPy) -> isize);
    // SAFETY: the arguments and the implementation are those of the signature.
    unsafe { call_implementation(HPyFunc_INQUIRY, implementation, (&raw mut args).cast()) };
    args.result
}
