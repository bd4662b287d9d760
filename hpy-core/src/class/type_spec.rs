//! HPy's specs of types: `HPyType_Spec`.

use crate::types::Type;
use crate::{Context, Handle, Result};
use core::ffi::{c_char, c_void};
use core::ptr::null_mut;
use hpy_sys::*;
use std::ffi::CString;

/// The spec, and what it points to, is never freed: runtimes keep pointers to it.
pub(super) fn spec(
    name: &str,
    doc: &str,
    size: usize,
    flags: core::ffi::c_ulong,
    shape: HPyType_BuiltinShape,
    legacy_slots: *mut c_void,
    mut defines: Vec<*mut HPyDef>,
) -> *mut HPyType_Spec {
    defines.push(null_mut());
    forever(HPyType_Spec {
        name: text(name),
        basicsize: size as i32,
        itemsize: 0,
        flags,
        builtin_shape: shape,
        legacy_slots,
        defines: defines.leak().as_mut_ptr(),
        doc: if doc.is_empty() {
            core::ptr::null()
        } else {
            text(doc)
        },
    })
}

/// `spec` is one that [`spec`] made.
pub(super) fn from_spec<'ctx>(
    ctx: Context<'ctx>,
    spec: *mut HPyType_Spec,
    base: Option<&Handle<'ctx, Type>>,
) -> Result<Handle<'ctx, Type>> {
    let param = |kind, object| HPyType_SpecParam { kind, object };
    let mut params = [
        param(
            HPyType_SpecParam_Base,
            base.map_or(HPy_NULL, Handle::as_raw),
        ),
        param(HPyType_SpecParam_Kind(0), HPy_NULL),
    ];
    let params = match base {
        Some(_) => params.as_mut_ptr(),
        None => null_mut(),
    };
    // SAFETY: the spec and all it points to is valid for ever, the base an open handle; a new
    // handle or null with an exception.
    unsafe { ctx.made_handle(HPyType_FromSpec(ctx.as_ptr(), spec, params)) }
}

fn text(text: &str) -> *const c_char {
    // The macros refuse NUL in names and docs, and modules' names have none.
    CString::new(text).unwrap_or_default().into_raw()
}

pub(super) fn forever<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}
