//! Attributes as `property` objects, where an interpreter's own HPy makes something else of them
//! than HPy says.

use crate::types::Type;
use crate::{Context, Handle, Result, entry};
use core::ffi::{CStr, c_char};
use hpy_sys::*;
use std::ffi::CString;

/// An attribute whose functions have been defined as methods.
pub(super) struct Property {
    name: &'static CStr,
    doc: *const c_char,
    /// The names of the methods, which no other attribute can have: getter, setter, deleter.
    methods: Vec<&'static CStr>,
}

/// Puts methods in the place of attributes, if that is how they are made here.
///
/// # Safety
/// The definitions are statics, which the macros made.
#[cold]
pub(super) unsafe fn take(ctx: Context<'_>, defines: &mut Vec<*mut HPyDef>) -> Vec<Property> {
    let mut properties = Vec::new();
    for definition in core::mem::take(defines) {
        // SAFETY: as promised by the caller.
        let attribute = match unsafe { &*definition } {
            // SAFETY: the kind says which field is meant.
            it if it.kind == HPyDef_Kind_GetSet => Some(unsafe { &it.definition.getset }),
            _ => None,
        };
        // SAFETY: the macros' have that closure.
        let methods =
            attribute.and_then(|it| unsafe { entry::slots::attribute_as_methods(ctx, it) });
        let (Some(attribute), Some(methods)) = (attribute, methods) else {
            defines.push(definition);
            continue;
        };
        // SAFETY: a static's name is a C string for ever.
        let name = unsafe { CStr::from_ptr(attribute.name) };
        let mut property = Property {
            name,
            doc: attribute.doc,
            methods: Vec::new(),
        };
        let all = [
            (".getter", methods.get, HPyFunc_NOARGS),
            (".setter", methods.set, HPyFunc_O),
            (".deleter", methods.delete, HPyFunc_NOARGS),
        ];
        for (suffix, function, signature) in all {
            if function.is_none() {
                continue;
            }
            let mut text = name.to_bytes().to_vec();
            text.extend_from_slice(suffix.as_bytes());
            // There is no NUL in it. Definitions are kept for ever, as interpreters keep pointers
            // to them.
            let text: &'static CStr =
                Box::leak(CString::new(text).unwrap_or_default().into_boxed_c_str());
            defines.push(Box::into_raw(Box::new(HPyDef::method(HPyMeth {
                name: text.as_ptr(),
                r#impl: function,
                cpy_trampoline: None,
                signature,
                doc: core::ptr::null(),
            }))));
            property.methods.push(text);
        }
        properties.push(property);
    }
    properties
}

/// Makes the properties of a type with such methods.
#[cold]
pub(super) fn add(type_: &Handle<'_, Type>, properties: &[Property]) -> Result<()> {
    let type_ = &type_.rarely();
    let ctx = type_.ctx();
    for property in properties {
        let mut parts: Vec<Handle<'_>> = Vec::new();
        for name in &property.methods {
            let methods = type_.getattr(c"__dict__")?;
            parts.push(methods.get_item(name.to_str().unwrap_or_default())?);
        }
        while parts.len() < 3 {
            parts.push(ctx.none().into());
        }
        if !property.doc.is_null() {
            // SAFETY: a static's docstring is a C string for ever.
            let doc = unsafe { CStr::from_ptr(property.doc) };
            parts.push(ctx.str(&doc.to_string_lossy())?.into());
        }
        let object = ctx.builtins().get_item("property")?.call1(parts)?;
        type_.setattr(property.name, object)?;
        for name in &property.methods {
            type_.delattr(*name)?;
        }
    }
    Ok(())
}
