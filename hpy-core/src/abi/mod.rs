//! What differs between the two ABIs, behind one set of names.
//!
//! - `RawContext`: nothing in the CPython ABI, a pointer in the universal one;
//! - `…_def`: the definition of a method, with its one `extern "C"` boundary;
//! - `Raised`: an exception taken from the interpreter; `Kept`: an object kept beyond a call, and `release_waiting`
//!   for those dropped where the interpreter could not be used;
//! - quick ways to what HPy's functions do slowly.

mod direct;
mod slot_table;

/// How many numbers get quickest out of lists and into them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "universal"), allow(dead_code))]
pub(crate) enum Way {
    /// Their memory is read.
    InLine,
    /// A call for each.
    OneByOne,
    /// Python's module `array`.
    Array,
    /// Python's module `struct`.
    Struct,
}

/// What a type has beside a built-in base, which not every interpreter has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "universal"), allow(dead_code))]
pub(crate) struct BaseOptions {
    /// Its base is a type in Rust that derives from the built-in one.
    pub(crate) is_deep: bool,
    /// Its objects can be called.
    pub(crate) is_called: bool,
}

/// `HPyCFunction` forgets the type that `$function` has.
macro_rules! erase {
    ($function:expr, fn($($arg:ty),*) -> $ret:ty) => {
        // SAFETY: function pointers have one size; who calls it goes by the signature beside it.
        unsafe {
            Some(core::mem::transmute::<unsafe extern "C" fn($($arg),*) -> $ret, unsafe extern "C" fn()>($function))
        }
    };
}

#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod cpython;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython::*;

#[cfg(feature = "universal")]
mod universal;
#[cfg(feature = "universal")]
pub use universal::*;

use crate::class::FixedInt;
use hpy_sys::{HPy, HPyCFunction, HPyFunc_Signature};

/// What stands in the definition of a slot.
#[derive(Clone, Copy)]
pub struct Functions {
    /// What they are called with: a slot of another signature may not have them.
    pub(crate) signature: HPyFunc_Signature,
    /// The implementation. In the CPython ABI nobody calls it, but it tells one slot from another.
    pub(crate) implementation: HPyCFunction,
    /// What CPython calls.
    pub(crate) trampoline: HPyCFunction,
    /// What CPython calls of types that the own runtime makes, if that is another.
    #[cfg_attr(not(feature = "universal"), allow(dead_code))]
    pub(crate) own: HPyCFunction,
    /// Of `HPy_tp_new`: what a call of the class comes to, where CPython asks for it.
    #[cfg_attr(not(feature = "universal"), allow(dead_code))]
    pub(crate) construct: HPyCFunction,
}

/// Runs a finalizer: what it raises is reported, and an exception that was pending before stays so.
///
/// # Safety
/// Called by the interpreter, on a thread that may use it, with a context that is valid for the call and an open handle.
#[inline(always)]
unsafe fn finalized<S: FixedInt<0>>(raw: RawContext, this: HPy) {
    use crate::class::shapes;
    // SAFETY: as promised by the caller.
    unsafe {
        let ctx = crate::Context::from_raw(raw);
        if is_refused(ctx) {
            return;
        }
        let before = shapes::before_finalizer(ctx);
        let result = crate::boundary::enter(raw, |ctx| shapes::finalize::<S>(ctx, this));
        shapes::after_finalizer(ctx, this, result < 0, before);
    }
}
