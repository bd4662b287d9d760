//! The functions that interpreters call of special methods and attributes.

#[cfg(feature = "universal")]
mod as_methods;
pub(crate) mod attribute;
mod bodies;
mod capi_entries;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod cpython_functions;
#[cfg(feature = "universal")]
mod universal_functions;

pub(crate) mod definitions;
mod table;

#[cfg(feature = "universal")]
pub(crate) use as_methods::{
    attribute_as_methods, closure_of_attribute, closure_of_both, of_setter,
};
#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython_functions::*;
#[cfg(feature = "universal")]
pub use universal_functions::*;

use crate::backend::{RawContext, is_refused};
use crate::class::FixedInt;
use hpy_sys::HPy;

/// Runs a finalizer: what it raises is reported, and an exception that was pending before stays so.
///
/// # Safety
/// Called by the interpreter, on a thread that may use it, with a context that is valid for the
/// call and an open handle.
#[inline(always)]
unsafe fn finalized<S: FixedInt<0>>(raw: RawContext, this: HPy) {
    use crate::class::slot_bodies;
    // SAFETY: as promised by the caller.
    unsafe {
        let ctx = crate::Context::from_raw(raw);
        if is_refused(ctx) {
            return;
        }
        let before = slot_bodies::before_finalizer(ctx);
        let result = crate::entry::guard::enter(raw, |ctx| slot_bodies::finalize::<S>(ctx, this));
        slot_bodies::after_finalizer(ctx, this, result < 0, before);
    }
}
