//! The top of the crate: what an interpreter calls, and the way from there to a user's function.

/// `HPyCFunction` forgets the type that `$function` has.
macro_rules! erase {
    ($function:expr, fn($($arg:ty),*) -> $ret:ty) => {
        // SAFETY: function pointers have one size; who calls it goes by the signature beside it.
        unsafe {
            Some(core::mem::transmute::<
                unsafe extern "C" fn($($arg),*) -> $ret,
                unsafe extern "C" fn(),
            >($function))
        }
    };
}

pub(crate) mod arguments;
pub mod arguments_and_results;
pub mod definition;
pub mod exports;
pub mod guard;
#[cfg(feature = "universal")]
pub mod host;
pub mod methods;
#[cfg(feature = "universal")]
mod package_trampoline;
mod shared_boundary;
pub mod slots;

pub use definition::Definition;
pub use definition::Functions;
pub use exports::module_init;
pub use methods::{exec_def, keywords_def, noargs_def, o_def, varargs_def};
