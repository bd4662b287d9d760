//! What the definition of a slot or attribute names in the CPython ABI: one entry, which CPython
//! calls.

use crate::class::{Assign, Compare, Fixed, FixedInt, InitMethod};
use crate::entry::definition::{Functions, MethodStatic};
use crate::entry::guard::{KeywordsMethod, NoArgsMethod};
use crate::entry::methods::capi_entries::keywords;
use crate::entry::slots::attribute::Setting;
use crate::entry::slots::capi_entries;
use crate::entry::slots::table::{c_type, slot_table};
use core::ffi::{CStr, c_int, c_void};
use hpy_sys::capi::PyObject;
use hpy_sys::*;

const fn only(signature: HPyFunc_Signature, function: HPyCFunction) -> Functions {
    Functions {
        signature,
        implementation: function,
        trampoline: function,
        own: None,
        construct: None,
    }
}

macro_rules! functions {
    ($(
        $name:ident [$bound:path] $signature:ident $args:ident
        ($($field:ident: $kind:ident),*) -> $ret:ident;
    )*) => {$(
        /// The functions of a slot of this shape.
        pub const fn $name<S: $bound>() -> Functions {
            let function = erase!(
                capi_entries::$name::<S>,
                fn($(c_type!($kind)),*) -> c_type!($ret)
            );
            only($signature, function)
        }
    )*};
}

slot_table!(functions);

/// The functions of `HPy_tp_new`.
pub const fn new<S: KeywordsMethod>() -> Functions {
    let functions = only(
        HPyFunc_NEWFUNC,
        erase!(
            capi_entries::new::<S>,
            fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject
        ),
    );
    Functions {
        // Nobody asks which `tp_new` it is: there is room for the other function.
        implementation: erase!(
            capi_entries::construct::<S>,
            fn(*mut PyObject, *const HPy, usize, HPy) -> *mut PyObject
        ),
        ..functions
    }
}

/// The functions of `HPy_tp_init`.
pub const fn init<S: InitMethod>() -> Functions {
    only(
        HPyFunc_INITPROC,
        erase!(
            capi_entries::init::<S>,
            fn(*mut PyObject, *mut PyObject, *mut PyObject) -> c_int
        ),
    )
}

/// The functions of `HPy_tp_call`.
pub const fn call<S: KeywordsMethod>() -> Functions {
    only(
        HPyFunc_KEYWORDS,
        erase!(
            keywords::<S>,
            fn(*mut PyObject, *const HPy, usize, HPy) -> *mut PyObject
        ),
    )
}

/// The functions of `HPy_tp_finalize`.
pub const fn finalize<S: FixedInt<0>>() -> Functions {
    only(
        HPyFunc_DESTRUCTOR,
        erase!(capi_entries::finalize::<S>, fn(*mut PyObject) -> ()),
    )
}

/// The functions of `HPy_bf_releasebuffer`.
pub const fn release_buffer() -> Functions {
    only(
        HPyFunc_RELEASEBUFFERPROC,
        erase!(
            capi_entries::release_buffer,
            fn(*mut PyObject, *mut c_void) -> ()
        ),
    )
}

/// The definition of a method that is given the class.
pub const fn class_def<M: KeywordsMethod>(name: &'static CStr, doc: &'static CStr) -> MethodStatic {
    crate::entry::keywords_def::<M>(name, doc)
}

/// A slot or attribute, for a static.
pub(crate) const fn definition(definition: HPyDef, _: [HPyCFunction; 2]) -> MethodStatic {
    MethodStatic::new(Static::new(definition))
}

/// The closure of an attribute: none.
#[allow(clippy::extra_unused_type_parameters)] // The universal ABI's has them.
pub(crate) const fn closure_of_attribute<G: NoArgsMethod, S: Setting>() -> *mut c_void {
    core::ptr::null_mut()
}

/// The same for an attribute with the getter of one and the setter of another.
///
/// # Safety
/// None is needed here.
pub(crate) unsafe fn closure_of_both(_: &HPyGetSet, _: &HPyGetSet) -> *mut c_void {
    core::ptr::null_mut()
}

/// CPython calls no setter as a method.
#[allow(clippy::extra_unused_type_parameters)] // Likewise.
pub(crate) const fn of_setter<S: Assign<0>>() -> [HPyCFunction; 2] {
    [None; 2]
}
