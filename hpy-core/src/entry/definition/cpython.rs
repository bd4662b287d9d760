//! What stands in a static of the CPython ABI.

use hpy_sys::*;

/// What stands in a static for each method.
pub type Definition = HPyDef;

/// There are no others than the definition's.
pub struct OwnFunctions;

impl OwnFunctions {
    pub(crate) const NONE: Self = Self;
}

/// What a call of a class with this definition of `HPy_tp_new` comes to.
///
/// # Safety
/// The definition is one of `HPy_tp_new`.
pub(crate) unsafe fn construct_of(definition: *mut HPyDef, _: &OwnFunctions) -> HPyCFunction {
    // SAFETY: as promised by the caller.
    unsafe { (*definition).definition.slot.r#impl }
}

/// The definition, for a type that is being made.
///
/// # Safety
/// None is needed here.
pub(crate) unsafe fn for_own_types(definition: *mut HPyDef, _: &OwnFunctions) -> *mut HPyDef {
    definition
}
