//! The entries of modules that a host made: per method an implementation, which the host calls, and
//! a trampoline, which CPython calls and which has the context call the implementation.

use crate::backend::universal::RawContext;
use crate::entry::arguments::{Args, KeywordArgs};
use crate::entry::guard::{
    Exec, KeywordsMethod, NoArgsMethod, OMethod, VarArgsMethod, enter, entry,
};
use crate::entry::methods::{bodies, capi_entries};
use crate::entry::package_trampoline::{call_implementation, trampoline};
use crate::entry::shared_boundary::enter_body;
use crate::module;
use crate::object::handle::Borrowed;
use core::ffi::c_int;
use hpy_sys::*;

type PyObject = *mut cpy_PyObject;

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

/// An entry of a short method, whose context is a host's.
macro_rules! in_line {
    ($raw:expr, |$ctx:ident| $result:expr) => {{
        assume_host_context($raw);
        entry!(RawContext::new($raw), |$ctx| $result)
    }};
}

pub(super) unsafe extern "C" fn noargs_impl<M: NoArgsMethod>(
    ctx: *mut HPyContext,
    module: HPy,
) -> HPy {
    // SAFETY: an entry by the interpreter; the handles stay open during it. The own runtime's are
    // objects' addresses.
    unsafe {
        if M::IN_LINE && lies_in_bundled_contexts(ctx) {
            return handle(capi_entries::noargs::<M>(
                object(module),
                core::ptr::null_mut(),
            ));
        }
        if M::IN_LINE {
            return in_line!(ctx, |ctx| M::call(ctx, &Borrowed::new(ctx, module)));
        }
        enter_body!(RawContext::new(ctx), bodies::noargs::<M>, module)
    }
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
    // SAFETY: an entry by the interpreter; the handles stay open during it. The own runtime's are
    // objects' addresses.
    unsafe {
        if M::IN_LINE && lies_in_bundled_contexts(ctx) {
            return handle(capi_entries::o::<M>(object(module), object(arg)));
        }
        if M::IN_LINE {
            return in_line!(ctx, |ctx| {
                M::call(ctx, &Borrowed::new(ctx, module), &Borrowed::new(ctx, arg))
            });
        }
        enter_body!(RawContext::new(ctx), bodies::o::<M>, module, arg)
    }
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
    // SAFETY: an entry by the interpreter; the handles stay open during it. The own runtime's are
    // objects' addresses.
    unsafe {
        if M::IN_LINE && lies_in_bundled_contexts(ctx) {
            return handle(capi_entries::varargs::<M>(
                object(module),
                args,
                nargs as isize,
            ));
        }
        if M::IN_LINE {
            return in_line!(ctx, |ctx| {
                let args = Args::new(ctx, args, nargs);
                M::call(ctx, &Borrowed::new(ctx, module), args)
            });
        }
        enter_body!(
            RawContext::new(ctx),
            bodies::varargs::<M>,
            module,
            args,
            nargs
        )
    }
}

trampoline! {
    pub(super) varargs_trampoline<M: VarArgsMethod>, HPyFunc_VARARGS, _HPyFunc_args_VARARGS {
        self_: PyObject, args: *const PyObject, nargs: HPy_ssize_t
    } -> PyObject = core::ptr::null_mut(), erase!(
        varargs_impl::<M>,
        fn(*mut HPyContext, HPy, *const HPy, usize) -> HPy
    )
}

pub(in crate::entry) unsafe extern "C" fn keywords_impl<M: KeywordsMethod>(
    ctx: *mut HPyContext,
    this: HPy,
    args: *const HPy,
    nargs: usize,
    names: HPy,
) -> HPy {
    // SAFETY: an entry by the interpreter; the handles stay open during it. The own runtime's are
    // objects' addresses.
    unsafe {
        if M::IN_LINE && lies_in_bundled_contexts(ctx) {
            return handle(capi_entries::keywords::<M>(
                object(this),
                args,
                nargs,
                names,
            ));
        }
        if M::IN_LINE {
            return in_line!(ctx, |ctx| {
                let args = KeywordArgs::new(ctx, args, nargs, names);
                M::call(ctx, &Borrowed::new(ctx, this), args)
            });
        }
        enter_body!(
            RawContext::new(ctx),
            bodies::keywords::<M>,
            this,
            args,
            nargs,
            names
        )
    }
}

trampoline! {
    pub(in crate::entry) keywords_trampoline<M: KeywordsMethod>,
    HPyFunc_KEYWORDS, _HPyFunc_args_KEYWORDS {
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
