//! The functions of trace contexts, one for each word of the table.

use super::callbacks::{self, Moment, any};
use super::clock;
use super::context::{self, TraceContext};
use super::counters::{Caller, Running};
use super::functions::{self, Key};
use core::ffi::{CStr, c_char, c_int, c_void};
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
        // SAFETY: as promised by the caller.
        unsafe {
            if any() {
                callbacks::call(Moment::Enter, name);
            }
            Self::begin(ctx)
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

    #[inline(always)]
    fn inner(&self) -> *mut HPyContext {
        self.context.inner
    }

    /// # Safety
    /// The thread is attached.
    #[inline(always)]
    unsafe fn exit(self, word: usize, name: &CStr) {
        self.end(word);
        if any() {
            // SAFETY: as promised by the caller.
            unsafe { callbacks::call(Moment::Exit, name) };
        }
    }

    /// Without the function of Python.
    #[inline(always)]
    fn end(self, word: usize) {
        let ticks = clock::ticks().saturating_sub(self.start);
        self.caller.count(self.context, word, ticks);
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
                let result = $user(call.inner() $(, $arg)*);
                call.end($word);
                if any() {
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
        unsafe extern "C" fn ctx_FatalError(ctx: *mut HPyContext, $message: $ty) {
            // SAFETY: the caller keeps the function's contract.
            unsafe { $user(context::of(ctx).inner, $message) }
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
                let call = || {
                    cpython::_HPy_CallRealFunctionFromTrampoline(ctx, signature, function, args);
                };
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
                if any() {
                    callbacks::call(Moment::Enter, c"ctx_LeavePythonExecution");
                    callbacks::call(Moment::Exit, c"ctx_LeavePythonExecution");
                }
                let call = Call::begin(ctx);
                let result = $user(call.inner());
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
                let result = $user(call.inner(), $spec, $params);
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
                let result = $user(call.inner() $(, $arg)*);
                call.exit($word, name!($field));
                result
            }
        }
    };
}

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
