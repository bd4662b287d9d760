//! Types of GraalPy 24's own HPy: instances of classes that are written in Python.
//!
//! Its `ctx_New` gives data to an instance of the very type that a spec made, and none to one of a class that derives from it:
//! `HPy_AsStruct_Object` is null then. The data belongs to the object, whatever its class is afterwards.

use super::*;
use core::ptr::null_mut;

/// `HPy_New` for contexts other than the own one.
///
/// # Safety
/// The function's contract.
#[cold]
pub(super) unsafe fn new(ctx: *mut HPyContext, type_: HPy, data: *mut *mut c_void) -> HPy {
    // SAFETY: the caller keeps the function's contract; the object is closed where it is not given back.
    unsafe {
        if context_layout(ctx) != ContextLayout::Graal {
            return ((*ctx).ctx_New)(ctx, type_, data);
        }
        // Written to only if there is data.
        *data = null_mut();
        let object = ((*ctx).ctx_New)(ctx, type_, data);
        if object.is_null() || !(*data).is_null() {
            return object;
        }
        let mro = HPy_GetAttr_s(ctx, type_, c"__mro__".as_ptr());
        if mro.is_null() {
            HPy_Close(ctx, object);
            return HPy_NULL;
        }
        let of_base = instance_of_a_base(ctx, mro, data);
        HPy_Close(ctx, mro);
        if of_base.is_null() && HPyErr_Occurred(ctx) == 0 {
            // The type has no data, nor has any of its bases.
            return object;
        }
        HPy_Close(ctx, object);
        if of_base.is_null() {
            return HPy_NULL;
        }
        if HPy_SetAttr_s(ctx, of_base, c"__class__".as_ptr(), type_) < 0 {
            HPy_Close(ctx, of_base);
            return HPy_NULL;
        }
        of_base
    }
}

/// An instance of the first base with data, or null: without an exception if there is none. `object`, which is last, is left out.
///
/// # Safety
/// The handle is open, a type's tuple of itself and its bases.
unsafe fn instance_of_a_base(ctx: *mut HPyContext, mro: HPy, data: *mut *mut c_void) -> HPy {
    // SAFETY: as promised by the caller; each handle is closed once.
    unsafe {
        for index in 1..HPy_Length(ctx, mro) - 1 {
            let base = HPy_GetItem_i(ctx, mro, index);
            if base.is_null() {
                break;
            }
            let object = ((*ctx).ctx_New)(ctx, base, data);
            HPy_Close(ctx, base);
            if object.is_null() || !(*data).is_null() {
                return object;
            }
            HPy_Close(ctx, object);
        }
        HPy_NULL
    }
}
