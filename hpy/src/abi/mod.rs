//! What differs between the two ABIs, behind one set of names.
//!
//! - `RawContext`: nothing in the CPython ABI, a pointer in the universal one;
//! - `…_def`: the definition of a method, with its one `extern "C"` boundary;
//! - `Raised`: an exception taken from the interpreter; `Kept`: an object kept beyond a call, and `release_waiting`
//!   for those dropped where the interpreter could not be used;
//! - quick ways to what HPy's functions do slowly.

mod direct;

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
