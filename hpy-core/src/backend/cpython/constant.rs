//! Constants of the context.

use crate::Context;
use hpy_sys::HPy;
#[cfg(windows)]
use hpy_sys::HPyContext;

/// Which exception of the context: the variable that has it. Windows tells no address of another
/// library's before it runs.
#[cfg(not(windows))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constant(pub(crate) *const *mut hpy_sys::capi::PyObject);

// SAFETY: CPython's variables are written before any extension is loaded.
#[cfg(not(windows))]
unsafe impl Sync for Constant {}

#[cfg(not(windows))]
macro_rules! constant {
    ($name:ident) => {
        $crate::backend::Constant(hpy_sys::variables::$name)
    };
}

/// Which exception of the context: the function that gives it.
#[cfg(windows)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constant(pub(crate) unsafe fn(*mut HPyContext) -> HPy);

#[cfg(windows)]
macro_rules! constant {
    ($name:ident) => {
        $crate::backend::Constant(hpy_sys::$name)
    };
}
pub(crate) use constant;

impl Constant {
    /// Its handle, borrowed.
    #[inline]
    #[cfg(not(windows))]
    pub(crate) fn raw(self, _: Context<'_>) -> HPy {
        // SAFETY: the variable is one of CPython's.
        let object = unsafe { *self.0 };
        HPy {
            _i: object as isize,
        }
    }

    /// Its handle, borrowed.
    #[inline]
    #[cfg(windows)]
    pub(crate) fn raw(self, ctx: Context<'_>) -> HPy {
        // SAFETY: the context is valid.
        unsafe { (self.0)(ctx.as_ptr()) }
    }
}
