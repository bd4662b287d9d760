//! Types of PyPy's own HPy: specs that name bases.
//!
//! PyPy gives a type without bases a `__new__` that makes instances with data. A type with bases
//! gets another one, which calls the base's `__new__` and then replaces the instance's data. If the
//! base is `object`, `HPyField_Store` aborts for such an instance. If the base has data, what its
//! `__new__` filled in is lost.

use super::*;

/// `HPyType_FromSpec` for host contexts.
///
/// # Safety
/// The function's contract.
#[cold]
pub(super) unsafe fn type_from_spec(
    ctx: *mut HPyContext,
    spec: *mut HPyType_Spec,
    params: *mut HPyType_SpecParam,
) -> HPy {
    // SAFETY: the caller keeps the function's contract.
    unsafe {
        let mut with_setters = read_only::with_setters(ctx, &*spec);
        let spec = with_setters.as_mut().map_or(spec, ptr::from_mut);
        if context_layout(ctx) != ContextLayout::Displaced {
            return ((*ctx).ctx_Type_FromSpec)(ctx, spec, params);
        }
        let Some(mut without) = without_object(ctx, params) else {
            let type_ = ((*ctx).ctx_Type_FromSpec)(ctx, spec, params);
            if !type_.is_null() && !params.is_null() && !makes_instances(&*spec) {
                inherit_new(ctx, type_);
            }
            return type_;
        };
        ((*ctx).ctx_Type_FromSpec)(ctx, spec, without.as_mut_ptr())
    }
}

/// The params without their base, if `object` is the only base. A type without bases derives from
/// `object` anyway.
unsafe fn without_object(
    ctx: *mut HPyContext,
    params: *mut HPyType_SpecParam,
) -> Option<Vec<HPyType_SpecParam>> {
    let (mut others, mut bases) = (Vec::new(), 0);
    // SAFETY: the caller's params are null or end with kind 0, their handles are open; the item is
    // closed once.
    unsafe {
        let mut next = params;
        while !next.is_null() {
            let param = *next;
            match param.kind {
                HPyType_SpecParam_Base => {
                    bases += 1;
                    if HPy_Is(ctx, param.object, h_BaseObjectType(ctx)) == 0 {
                        return None;
                    }
                }
                HPyType_SpecParam_BasesTuple => {
                    bases += 1;
                    if HPyTuple_Check(ctx, param.object) == 0 || HPy_Length(ctx, param.object) != 1
                    {
                        return None;
                    }
                    let base = HPy_GetItem_i(ctx, param.object, 0);
                    let is_object = HPy_Is(ctx, base, h_BaseObjectType(ctx)) != 0;
                    HPy_Close(ctx, base);
                    if !is_object {
                        return None;
                    }
                }
                _ => others.push(param),
            }
            if param.kind.0 == 0 {
                break;
            }
            next = next.add(1);
        }
    }
    (bases == 1).then_some(others)
}

/// Whether the spec has an `HPy_tp_new` or needs none because it has no data.
unsafe fn makes_instances(spec: &HPyType_Spec) -> bool {
    if spec.basicsize == 0 || spec.builtin_shape != HPyType_BuiltinShape_Object {
        return true;
    }
    // SAFETY: the caller's spec is valid; a definition's kind says which field is meant.
    unsafe {
        crate::cpython::definitions(spec.defines).any(|definition| {
            definition.kind == HPyDef_Kind_Slot && definition.definition.slot.slot == HPy_tp_new
        })
    }
}

/// Removes PyPy's `__new__` from the type. The base's `__new__` then makes the instances, with
/// memory for the type's data.
unsafe fn inherit_new(ctx: *mut HPyContext, type_: HPy) {
    const NEW: *const c_char = c"__new__".as_ptr();
    // SAFETY: the type is an open handle; those made here are closed once.
    unsafe {
        let base = HPy_GetAttr_s(ctx, type_, c"__base__".as_ptr());
        let (inherited, of_object) = (
            if base.is_null() {
                HPy_NULL
            } else {
                HPy_GetAttr_s(ctx, base, NEW)
            },
            HPy_GetAttr_s(ctx, h_BaseObjectType(ctx), NEW),
        );
        let known = !inherited.is_null() && !of_object.is_null();
        // If only `object` makes the instances, they would have no data.
        if known && HPy_Is(ctx, inherited, of_object) == 0 {
            HPy_SetAttr_s(ctx, type_, NEW, HPy_NULL);
        }
        for handle in [base, inherited, of_object] {
            if !handle.is_null() {
                HPy_Close(ctx, handle);
            }
        }
        HPyErr_Clear(ctx);
    }
}
