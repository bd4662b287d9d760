//! Types of GraalPy 24's own HPy: instances of classes written in Python.
//!
//! Its `ctx_New` allocates data only for an instance of exactly the type that a spec made. For a
//! subclass it allocates none, and `HPy_AsStruct_Object` returns null. The data belongs to the
//! object, so it stays when the object's class changes.

use super::*;
use core::ptr::null_mut;

/// `HPy_New` for host contexts.
///
/// # Safety
/// The function's contract.
#[cold]
pub(super) unsafe fn new(ctx: *mut HPyContext, type_: HPy, data: *mut *mut c_void) -> HPy {
    // SAFETY: the caller keeps the function's contract. The object is closed unless it is returned.
    unsafe {
        if context_layout(ctx) != ContextLayout::Graal {
            return ((*ctx).ctx_New)(ctx, type_, data);
        }
        // `ctx_New` writes it only if there is data.
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
            // Neither the type nor any of its bases has data.
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

/// An instance of the first base with data. Null without an exception if there is no such base.
/// `object`, which is last, is skipped.
///
/// # Safety
/// `mro` is an open handle to a type's `__mro__`.
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
