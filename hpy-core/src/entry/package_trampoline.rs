//! Trampolines: what CPython calls where a package `hpy` made the module. Each packs its arguments
//! into a struct, and has the context call the implementation.

use core::ffi::c_void;
use hpy_sys::HPyCFunction;
use hpy_sys::HPyFunc_Signature;
use hpy_sys::universal::call_from_trampoline;

/// The common part: one function, as none of it is quick. The own runtime has other functions.
///
/// # Safety
/// As for [`call_from_trampoline`]; `args` points to the struct of the signature.
#[inline(never)]
pub(super) unsafe extern "C" fn call_implementation(
    signature: HPyFunc_Signature,
    implementation: HPyCFunction,
    args: *mut c_void,
) {
    // SAFETY: as promised by the caller, to whom the struct belongs; nothing but its address is
    // used.
    unsafe { call_from_trampoline(signature, implementation, &mut *args) }
}

/// A trampoline, by its struct of arguments, which has fields of the same names. `$failed` is
/// returned if the implementation is not reached.
macro_rules! trampoline {
    (
        $vis:vis $name:ident<$param:ident: $bound:path>, $signature:ident, $args:ident {
            $($field:ident: $ty:ty),*
        } -> $ret:ty = $failed:expr, $implementation:expr
    ) => {
        $vis unsafe extern "C" fn $name<$param: $bound>($($field: $ty),*) -> $ret {
            /// The same for all of the signature: what is left of each is a jump.
            #[inline(never)]
            unsafe extern "C" fn call(
                $($field: $ty,)*
                implementation: hpy_sys::HPyCFunction,
            ) -> $ret {
                use $crate::entry::package_trampoline::call_implementation;
                let mut args = $args { $($field,)* result: $failed };
                // SAFETY: the arguments and the implementation are those of the signature.
                unsafe {
                    call_implementation($signature, implementation, (&raw mut args).cast());
                }
                args.result
            }
            let implementation = $implementation;
            // SAFETY: as above.
            unsafe { call($($field,)* implementation) }
        }
    };
}
pub(super) use trampoline;
