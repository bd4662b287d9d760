//! The functions of a debug context, expanded from the table of HPy's API.
//!
//! Most check the handles among their arguments, pass the wrapped ones on, and make a handle of a
//! result. Those in [`checks`](super::checks) and its siblings do more.

use super::context::{Info, check};
use super::invalid;
use super::slots::Slot;
use core::ffi::{c_char, c_int, c_void};
use hpy::sys::*;

/// What passes through a function: handles are exchanged, all else stays.
pub(super) trait Passed: Copy {
    /// The argument for the wrapped context.
    ///
    /// # Safety
    /// A handle is one of debug mode, or null.
    unsafe fn inward(self, info: &Info) -> Self;
    /// The result for the extension.
    fn outward(self, info: &Info) -> Self;
}

impl Passed for HPy {
    #[inline(always)]
    unsafe fn inward(self, info: &Info) -> Self {
        // SAFETY: as promised by the caller.
        unsafe { unwrap(self, info) }
    }

    #[inline(always)]
    fn outward(self, info: &Info) -> Self {
        info.open(self)
    }
}

/// The wrapped handle of one that is open, or null's. Reports one that is closed. The object of
/// that may be freed already, so if the report returns, it is None's, unless it was an argument's.
///
/// # Safety
/// A handle of debug mode, or null.
#[inline(always)]
pub(super) unsafe fn unwrap(handle: HPy, info: &Info) -> HPy {
    if handle.is_null() {
        return handle;
    }
    // SAFETY: slots are never freed.
    unsafe {
        let slot = Slot::of(handle);
        if !(*slot).is_open() {
            return invalid::used_after_close(slot, info);
        }
        (*slot).underlying
    }
}

/// The same for a function that gives or reads the object's memory without a look at its type. If a
/// report of a closed handle returns, the process ends, because None has no such memory.
///
/// # Safety
/// A handle of debug mode, or null.
#[inline(always)]
pub(super) unsafe fn unwrap_for_memory(handle: HPy, info: &Info) -> HPy {
    if handle.is_null() {
        return handle;
    }
    // SAFETY: slots are never freed.
    unsafe {
        let slot = Slot::of(handle);
        if !(*slot).is_open() {
            return invalid::memory_used_after_close(slot, info);
        }
        (*slot).underlying
    }
}

macro_rules! pass_on {
    ($($ty:ty)*) => {
        $(impl Passed for $ty {
            #[inline(always)]
            unsafe fn inward(self, _: &Info) -> Self {
                self
            }

            #[inline(always)]
            fn outward(self, _: &Info) -> Self {
                self
            }
        })*
    };
}

pass_on! {
    () bool i32 u32 i64 u64 isize usize f64
    HPyField HPyGlobal HPyThreadState HPyType_BuiltinShape HPy_SourceKind _HPyCapsule_key
    *const c_char *mut c_void *const wchar_t *mut HPy_ssize_t *mut cpy_PyObject
    *mut HPyField *mut HPyGlobal *mut HPyCallFunction *mut HPyCapsule_Destructor
}

macro_rules! wrapper {
    (data $($rest:tt)*) => {};
    (new_data $($rest:tt)*) => {};
    ($kind:ident ctx_Close $($rest:tt)*) => {};
    ($kind:ident ctx_Unicode_AsUTF8AndSize $($rest:tt)*) => {};
    ($kind:ident ctx_Bytes_AsString $($rest:tt)*) => {};
    ($kind:ident ctx_Bytes_AS_STRING $($rest:tt)*) => {};
    ($kind:ident ctx_Bytes_GET_SIZE $($rest:tt)*) => {};
    ($kind:ident ctx_Slice_Unpack $($rest:tt)*) => {};
    ($kind:ident ctx_EvalCode $($rest:tt)*) => {};
    ($kind:ident ctx_Type_GetName $($rest:tt)*) => {};
    ($kind:ident ctx_Tuple_FromArray $($rest:tt)*) => {};
    ($kind:ident ctx_Type_GenericNew $($rest:tt)*) => {};
    ($kind:ident ctx_New $($rest:tt)*) => {};
    ($kind:ident ctx_Type_FromSpec $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_Object $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_Legacy $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_Type $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_Long $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_Float $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_Unicode $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_Tuple $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_List $($rest:tt)*) => {};
    ($kind:ident ctx_AsStruct_Dict $($rest:tt)*) => {};
    ($kind:ident ctx_TypeCheck $($rest:tt)*) => {};
    ($kind:ident ctx_Type_IsSubtype $($rest:tt)*) => {};
    ($kind:ident ctx_Unicode_Substring $($rest:tt)*) => {};
    ($kind:ident ctx_ContextVar_Get $($rest:tt)*) => {};
    ($kind:ident ctx_Call $($rest:tt)*) => {};
    ($kind:ident ctx_CallMethod $($rest:tt)*) => {};
    ($kind:ident ctx_SetCallFunction $($rest:tt)*) => {};
    ($kind:ident ctx_CallRealFunctionFromTrampoline $($rest:tt)*) => {};
    ($kind:ident ctx_LeavePythonExecution $($rest:tt)*) => {};
    ($kind:ident ctx_ReenterPythonExecution $($rest:tt)*) => {};
    ($kind:ident ctx_ListBuilder_New $($rest:tt)*) => {};
    ($kind:ident ctx_ListBuilder_Set $($rest:tt)*) => {};
    ($kind:ident ctx_ListBuilder_Build $($rest:tt)*) => {};
    ($kind:ident ctx_ListBuilder_Cancel $($rest:tt)*) => {};
    ($kind:ident ctx_TupleBuilder_New $($rest:tt)*) => {};
    ($kind:ident ctx_TupleBuilder_Set $($rest:tt)*) => {};
    ($kind:ident ctx_TupleBuilder_Build $($rest:tt)*) => {};
    ($kind:ident ctx_TupleBuilder_Cancel $($rest:tt)*) => {};
    ($kind:ident ctx_Tracker_New $($rest:tt)*) => {};
    ($kind:ident ctx_Tracker_Add $($rest:tt)*) => {};
    ($kind:ident ctx_Tracker_ForgetAll $($rest:tt)*) => {};
    ($kind:ident ctx_Tracker_Close $($rest:tt)*) => {};
    ($kind:ident $field:ident $user:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        pub(super) unsafe extern "C" fn $field(
            ctx: *mut HPyContext $(, $arg: $ty)*
        ) -> $ret {
            // SAFETY: the extension keeps the function's contract; what it gets wrong in handles
            // and contexts is reported.
            unsafe {
                let info = check(ctx);
                $(let $arg = Passed::inward($arg, info);)*
                let result = info.outside(|ctx| $user(ctx $(, $arg)*));
                Passed::outward(result, info)
            }
        }
    };
}

macro_rules! wrappers {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        mod expanded {
            use super::*;
            $(wrapper! { $kind $field $user ($($arg: $ty),*) -> $ret })*
        }
    };
}

hpy::sys::hpy_api!(wrappers);

use super::builders::*;
use super::calls::*;
use super::checks::*;
use super::trackers::*;
use expanded::*;

macro_rules! word {
    (data $context:ident $underlying:ident $constant:ident $field:ident $user:ident) => {
        (&raw mut (*$context).$field).write($constant($user($underlying)))
    };
    (new_data $context:ident $underlying:ident $constant:ident $field:ident $user:ident) => {
        (&raw mut (*$context).$field).write($constant($user($underlying)))
    };
    ($kind:ident $context:ident $underlying:ident $constant:ident $field:ident $user:ident) => {
        (&raw mut (*$context).$field).write($field)
    };
}

macro_rules! fill {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        /// Fills the words of a context. `constant` makes a handle of a constant.
        ///
        /// # Safety
        /// The underlying context is valid, and the thread attached.
        pub(super) unsafe fn fill(
            context: *mut HPyContext,
            underlying: *mut HPyContext,
            constant: impl Fn(HPy) -> HPy,
        ) {
            // SAFETY: as promised by the caller.
            unsafe { $(word!($kind context underlying constant $field $user);)* }
        }
    };
}

hpy::sys::hpy_api!(fill);
