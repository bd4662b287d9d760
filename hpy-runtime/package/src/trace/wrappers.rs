//! The functions of trace contexts, one for each word of the table.

use super::callbacks::{self, Moment};
use super::clock::{self, calls_python};
use super::context::{self, TraceContext, wrapped};
use super::counters::{Caller, Running};
use super::functions::{self, Key};
use crate::object_handles::{handle, object};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::mem::transmute;
use core::sync::atomic::{AtomicBool, Ordering};
use hpy::hpy_method;
use hpy::sys::*;

/// Whether extensions' functions are timed as well, which takes as long as timing one more call.
static TIMES_FUNCTIONS: AtomicBool = AtomicBool::new(false);

#[inline(always)]
fn times_functions() -> bool {
    TIMES_FUNCTIONS.load(Ordering::Relaxed)
}

/// Begins or ends to time the extensions' functions themselves.
#[hpy_method(name = "_trace_function_times")]
pub(crate) fn trace_function_times(on: bool) {
    TIMES_FUNCTIONS.store(on, Ordering::Relaxed);
}

/// A call that is being timed.
struct Call {
    context: &'static TraceContext,
    caller: Caller,
    start: u64,
}

impl Call {
    /// # Safety
    /// `ctx` is a trace context, and the thread is attached.
    #[inline(always)]
    unsafe fn enter(ctx: *mut HPyContext, name: &CStr) -> Self {
        // SAFETY: as promised by the caller. The function of Python leaves the caller as it is.
        unsafe {
            Self {
                context: context::of(ctx),
                caller: Caller::now(),
                start: if clock::only_counter() {
                    clock::counter()
                } else {
                    start_slowly(name)
                },
            }
        }
    }

    /// Without the function of Python.
    ///
    /// # Safety
    /// `ctx` is a trace context.
    #[inline(always)]
    unsafe fn begin(ctx: *mut HPyContext) -> Self {
        // SAFETY: as promised by the caller.
        let context = unsafe { context::of(ctx) };
        Self {
            context,
            caller: Caller::now(),
            start: clock::ticks(),
        }
    }

    /// # Safety
    /// The thread is attached.
    #[inline(always)]
    unsafe fn exit(self, word: usize, name: &CStr) {
        if clock::only_counter() {
            let ticks = clock::counter().saturating_sub(self.start);
            return self.caller.count(self.context, word, ticks);
        }
        // SAFETY: as promised by the caller.
        unsafe { exit_slowly(self.context, self.caller, self.start, word, name) };
    }

    /// Without the function of Python.
    #[inline(always)]
    fn end(self, word: usize) {
        let ticks = clock::ticks().saturating_sub(self.start);
        self.caller.count(self.context, word, ticks);
    }
}

/// The start of a call, after the function of Python, if there is one.
///
/// # Safety
/// The thread is attached.
#[cold]
#[inline(never)]
unsafe fn start_slowly(name: &CStr) -> u64 {
    if calls_python() {
        // SAFETY: as promised by the caller.
        unsafe { callbacks::call(Moment::Enter, name) };
    }
    clock::ticks()
}

/// The end of a call, before the function of Python, if there is one.
///
/// # Safety
/// The thread is attached.
#[cold]
#[inline(never)]
unsafe fn exit_slowly(
    context: &'static TraceContext,
    caller: Caller,
    start: u64,
    word: usize,
    name: &CStr,
) {
    caller.count(context, word, clock::ticks().saturating_sub(start));
    if calls_python() {
        // SAFETY: as promised by the caller.
        unsafe { callbacks::call(Moment::Exit, name) };
    }
}

/// The field's name as a C string.
macro_rules! name {
    ($field:ident) => {
        const {
            match CStr::from_bytes_with_nul(concat!(stringify!($field), "\0").as_bytes()) {
                Ok(name) => name,
                Err(_) => unreachable!(),
            }
        }
    };
}

/// A wrapper that calls both functions of Python after the call.
macro_rules! after {
    ($word:literal $field:ident $user:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        unsafe extern "C" fn $field(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            // SAFETY: the caller keeps the function's contract.
            unsafe {
                let call = Call::begin(ctx);
                let result = $user(wrapped() $(, $arg)*);
                call.end($word);
                if calls_python() {
                    callbacks::call(Moment::Enter, name!($field));
                    callbacks::call(Moment::Exit, name!($field));
                }
                result
            }
        }
    };
}

macro_rules! wrapper {
    (data $($rest:tt)*) => {};
    (new_data $($rest:tt)*) => {};
    // It does not return, so there is nothing to time.
    ($kind:ident $word:literal ctx_FatalError $user:ident ($message:ident: $ty:ty) -> $ret:ty) => {
        unsafe extern "C" fn ctx_FatalError(_: *mut HPyContext, $message: $ty) {
            // SAFETY: the caller keeps the function's contract.
            unsafe { $user(wrapped(), $message) }
        }
    };
    ($kind:ident $word:literal ctx_CallRealFunctionFromTrampoline $($rest:tt)*) => {
        /// Has the calls of the extension's function counted for it.
        unsafe extern "C" fn ctx_CallRealFunctionFromTrampoline(
            ctx: *mut HPyContext,
            signature: HPyFunc_Signature,
            function: HPyCFunction,
            args: *mut c_void,
        ) {
            // SAFETY: the caller keeps the function's contract, and handles are addresses in all of
            // this project's contexts.
            unsafe {
                let call = || call_function(ctx, signature, function, args);
                // Functions without a context call nothing.
                if matches!(signature, HPyFunc_TRAVERSEPROC | HPyFunc_CAPSULE_DESTRUCTOR) {
                    return call();
                }
                let running = Running::enter(Key {
                    extension: context::of(ctx).extension,
                    function: function.map_or(0, |function| function as usize),
                });
                if times_functions() {
                    let start = clock::ticks();
                    call();
                    running.leave(clock::ticks().saturating_sub(start));
                } else {
                    call();
                    running.leave(0);
                }
            }
        }
    };
    // The thread is not attached at the end, so the functions of Python are called before.
    ($kind:ident $word:literal ctx_LeavePythonExecution $user:ident () -> $ret:ty) => {
        unsafe extern "C" fn ctx_LeavePythonExecution(ctx: *mut HPyContext) -> $ret {
            // SAFETY: the caller keeps the function's contract.
            unsafe {
                if calls_python() {
                    callbacks::call(Moment::Enter, c"ctx_LeavePythonExecution");
                    callbacks::call(Moment::Exit, c"ctx_LeavePythonExecution");
                }
                let call = Call::begin(ctx);
                let result = $user(wrapped());
                call.end($word);
                result
            }
        }
    };
    // The thread is not attached at the start, so the functions of Python are called after.
    ($kind:ident $word:literal ctx_ReenterPythonExecution $($rest:tt)*) => {
        after! { $word ctx_ReenterPythonExecution $($rest)* }
    };
    // Nothing keeps the object alive until it has a handle. A function of Python could release it.
    ($kind:ident $word:literal ctx_Field_Load $($rest:tt)*) => {
        after! { $word ctx_Field_Load $($rest)* }
    };
    ($kind:ident $word:literal ctx_Global_Load $($rest:tt)*) => {
        after! { $word ctx_Global_Load $($rest)* }
    };
    ($kind:ident $word:literal ctx_FromPyObject $($rest:tt)*) => {
        after! { $word ctx_FromPyObject $($rest)* }
    };
    // Only now are the names of the type's functions known.
    ($kind:ident $word:literal ctx_Type_FromSpec $user:ident
        ($spec:ident: $spec_ty:ty, $params:ident: $params_ty:ty) -> $ret:ty) => {
        unsafe extern "C" fn ctx_Type_FromSpec(
            ctx: *mut HPyContext,
            $spec: $spec_ty,
            $params: $params_ty,
        ) -> $ret {
            // SAFETY: the caller keeps the function's contract.
            unsafe {
                functions::name_type(context::of(ctx).extension, $spec);
                let call = Call::enter(ctx, c"ctx_Type_FromSpec");
                let result = $user(wrapped(), $spec, $params);
                call.exit($word, c"ctx_Type_FromSpec");
                result
            }
        }
    };
    ($kind:ident $word:literal $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        unsafe extern "C" fn $field(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            // SAFETY: the caller keeps the function's contract.
            unsafe {
                let call = Call::enter(ctx, name!($field));
                let result = $user(wrapped() $(, $arg)*);
                call.exit($word, name!($field));
                result
            }
        }
    };
}

/// Calls an extension's function.
///
/// # Safety
/// A trampoline's contract.
#[inline(always)]
unsafe fn call_function(
    ctx: *mut HPyContext,
    signature: HPyFunc_Signature,
    function: HPyCFunction,
    args: *mut c_void,
) {
    // SAFETY: as promised by the caller: the signature names the types of the function and of the
    // arguments.
    unsafe {
        match (signature, function) {
            // The most frequent ones, which need nothing of `hpy-sys`.
            (HPyFunc_NOARGS, Some(function)) => {
                let args = &mut *args.cast::<_HPyFunc_args_NOARGS>();
                let function = transmute::<AnyFunction, HPyFunc_noargs>(function);
                args.result = object(function(ctx, handle(args.self_)));
            }
            (HPyFunc_O, Some(function)) => {
                let args = &mut *args.cast::<_HPyFunc_args_O>();
                let function = transmute::<AnyFunction, HPyFunc_o>(function);
                args.result = object(function(ctx, handle(args.self_), handle(args.arg)));
            }
            (HPyFunc_VARARGS, Some(function)) => {
                let args = &mut *args.cast::<_HPyFunc_args_VARARGS>();
                let function = transmute::<AnyFunction, HPyFunc_varargs>(function);
                let (this, count) = (handle(args.self_), args.nargs.cast_unsigned());
                args.result = object(function(ctx, this, args.args.cast(), count));
            }
            _ => cpython::_HPy_CallRealFunctionFromTrampoline(ctx, signature, function, args),
        }
    }
}

type AnyFunction = unsafe extern "C" fn();

macro_rules! put {
    (data $words:ident $field:ident) => {};
    (new_data $words:ident $field:ident) => {};
    ($kind:ident $words:ident $field:ident) => {
        $words.$field = $field
    };
}

macro_rules! wrappers {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        $(wrapper! { $kind $word $field $user ($($arg: $ty),*) -> $ret })*

        /// Puts the wrappers in place of the functions.
        pub(super) fn wrap(words: &mut HPyContext) {
            $(put! { $kind words $field })*
        }
    };
}

hpy::sys::hpy_api!(wrappers);
