//! What every function of the table begins and ends with.

use super::handles::Owner;
use super::objects::{Data, Obj};
use super::{Mock, R};
use core::ffi::{c_char, c_int, c_void};
use hpy_sys::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a function of the table returns when it fails.
pub(super) trait Failing {
    const FAILED: Self;
}

macro_rules! failing {
    ($($ty:ty = $value:expr;)*) => {
        $(impl Failing for $ty { const FAILED: Self = $value; })*
    };
}

failing! {
    () = ();
    HPy = HPy_NULL;
    c_int = -1;
    u32 = u32::MAX;
    i64 = -1;
    u64 = u64::MAX;
    isize = -1;
    usize = usize::MAX;
    f64 = -1.0;
    *const c_char = core::ptr::null();
    *mut c_void = core::ptr::null_mut();
    *mut cpy_PyObject = core::ptr::null_mut();
    HPyListBuilder = HPyListBuilder::NULL;
    HPyTupleBuilder = HPyTupleBuilder::NULL;
    HPyTracker = HPyTracker::NULL;
    HPyThreadState = HPyThreadState::NULL;
    HPyType_BuiltinShape = HPyType_BuiltinShape(-1);
}

/// What the body of a function of the table gives, and what C gets of it.
pub(super) trait Answer {
    type C: Failing;
    fn into_c(self, mock: &Mock, function: &'static str) -> Self::C;
}

impl Answer for Obj {
    type C = HPy;
    fn into_c(self, mock: &Mock, function: &'static str) -> HPy {
        mock.open(&self, Owner::Extension, function)
    }
}

impl Answer for Option<Obj> {
    type C = HPy;
    fn into_c(self, mock: &Mock, function: &'static str) -> HPy {
        mock.give(self.as_ref(), function)
    }
}

impl Answer for bool {
    type C = c_int;
    fn into_c(self, _: &Mock, _: &'static str) -> c_int {
        self.into()
    }
}

macro_rules! plain {
    ($($ty:ty)*) => {
        $(impl Answer for $ty {
            type C = Self;
            fn into_c(self, _: &Mock, _: &'static str) -> Self {
                self
            }
        })*
    };
}

plain! {
    () c_int u32 i64 u64 isize usize f64 *const c_char
    HPyListBuilder HPyTupleBuilder HPyThreadState
}

/// What may be called while an exception is pending, beside what deals with exceptions.
const PENDING_IS_FINE: &[&str] = &[
    "ctx_Close",
    "ctx_Dup",
    "ctx_Is",
    "ctx_Global_Load",
    "ctx_ListBuilder_Cancel",
    "ctx_TupleBuilder_Cancel",
    "ctx_LeavePythonExecution",
    "ctx_ReenterPythonExecution",
];

/// What the hook for unraisable exceptions is set by: no Python code runs in these.
const FOR_THE_HOOK: &[&str] = &["ctx_GetItem_s", "ctx_SetItem_s", "ctx_Unicode_FromString"];

impl Mock {
    /// Whether the call is allowed now; if not, it is recorded.
    fn allows(&self, function: &'static str) -> bool {
        if self.thread != std::thread::current().id() {
            self.violation(format!("{function} is called on another thread"));
            return false;
        }
        if self.left.get().is_some() && function != "ctx_ReenterPythonExecution" {
            self.violation(format!("{function} is called while Python is left"));
            return false;
        }
        let fine = function.starts_with("ctx_Err_")
            || PENDING_IS_FINE.contains(&function)
            || !self.own && FOR_THE_HOOK.contains(&function);
        if !fine && self.pending.borrow().is_some() {
            self.violation(format!(
                "{function} is called while an exception is pending"
            ));
        }
        true
    }
}

/// Runs the body of a function of the table.
///
/// # Safety
/// `ctx` is a mock's context.
pub(super) unsafe fn entry<T: Answer>(
    ctx: *mut HPyContext,
    function: &'static str,
    body: impl FnOnce(&Mock) -> R<T>,
) -> T::C {
    // SAFETY: as promised by the caller.
    let mock = unsafe { Mock::of(ctx) };
    if !mock.allows(function) {
        return T::C::FAILED;
    }
    match catch_unwind(AssertUnwindSafe(|| body(mock))) {
        Ok(Ok(value)) => value.into_c(mock, function),
        Ok(Err(exception)) => {
            mock.set_pending(exception);
            T::C::FAILED
        }
        Err(_) => {
            mock.violation(format!("the mock itself panicked in {function}"));
            mock.set_pending(mock.error("SystemError", "the mock panicked"));
            T::C::FAILED
        }
    }
}

/// What a word without an implementation does.
///
/// # Safety
/// `ctx` is a mock's context.
pub(super) unsafe fn missing<C: Failing>(ctx: *mut HPyContext, function: &'static str) -> C {
    // SAFETY: as promised by the caller.
    let mock = unsafe { Mock::of(ctx) };
    mock.violation(format!("{function} is not implemented in the mock"));
    mock.set_pending(mock.error("SystemError", "not implemented in the mock"));
    C::FAILED
}

/// Functions of the table, and what puts them there. A body gives a Result whose error is an
/// exception.
macro_rules! functions {
    (
        $install:ident:
        $($name:ident($mock:ident $(, $arg:ident: $ty:ty)*) -> $ret:ty $body:block)*
    ) => {
        $(
            unsafe extern "C" fn $name(ctx: *mut HPyContext $(, $arg: $ty)*)
                -> <$ret as $crate::entry::Answer>::C
            {
                let body = |$mock: &$crate::Mock| -> $crate::R<$ret> { $body };
                // SAFETY: the function is in the tables of mocks only.
                unsafe { $crate::entry::entry(ctx, stringify!($name), body) }
            }
        )*

        pub(super) fn $install(context: &mut HPyContext) {
            $(context.$name = $name;)*
        }
    };
}

pub(super) use functions;

impl Mock {
    /// The name of an object's type.
    pub(super) fn type_name(&self, object: &Obj) -> String {
        match &object.type_().data {
            Data::Type { name, .. } => name.clone(),
            _ => "?".to_owned(),
        }
    }
}
