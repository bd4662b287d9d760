//! Attributes that a field gives and a `#[setter]` takes.

use super::{Absent, Attribute, FixedInt};
use crate::entry;
use crate::entry::definition::{MethodDef, MethodStatic};
use crate::entry::guard::NoArgsMethod;
use crate::exceptions::AttributeError;
use crate::{Context, Handle, Result};
use core::ffi::CStr;
use core::marker::PhantomData;
use hpy_sys::*;

/// The getter of an attribute that has only a setter. The field's getter takes its place.
pub struct SetOnly<S>(PhantomData<S>);

impl<S> NoArgsMethod for SetOnly<S> {
    #[cold]
    fn call<'ctx>(_: Context<'ctx>, _: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        Err(AttributeError::new("the attribute cannot be read"))
    }
}

/// The definition of a setter alone, for a static.
pub const fn setter_def<Set: FixedInt<1>>(name: &'static CStr) -> MethodStatic {
    let doc = c"";
    entry::slots::definitions::attribute_def::<SetOnly<Set>, Attribute<Set, Absent>>(name, doc)
}

/// The definition of a field's attribute, with the setter of the same name if there is one.
#[cold]
pub(super) fn with_setter(
    attribute: MethodDef,
    setters: &[MethodDef],
    own_runtime: bool,
) -> *mut HPyDef {
    let getter = attribute.for_type(own_runtime);
    let setter = setters
        .iter()
        .find(|setter| setter.name() == attribute.name());
    let Some(setter) = setter.filter(|_| attribute.is_attribute()) else {
        return getter;
    };
    let setter = setter.for_type(own_runtime);
    // SAFETY: both are definitions of attributes, which nobody writes to: statics, or copies of
    // them that are never freed. The kind says which field is meant.
    let (getter, setter) = unsafe { (&(*getter).definition.getset, &(*setter).definition.getset) };
    Box::into_raw(Box::new(HPyDef::getset(HPyGetSet {
        name: getter.name,
        getter_impl: getter.getter_impl,
        setter_impl: setter.setter_impl,
        getter_cpy_trampoline: getter.getter_cpy_trampoline,
        setter_cpy_trampoline: setter.setter_cpy_trampoline,
        doc: getter.doc,
        // SAFETY: the closures are those of attributes.
        closure: unsafe { entry::slots::closure_of_both(getter, setter) },
    })))
}
