//! Attributes without a setter. Assigning to one aborts on PyPy 7.3.19, deleting one aborts on
//! GraalPy 24. So each of them gets a setter there.

use super::*;

type Setter = unsafe extern "C" fn(*mut HPyContext, HPy, HPy, *mut c_void) -> c_int;

/// The spec with a setter for each attribute that has none. None where that makes no difference.
/// The definitions are never freed, because interpreters keep pointers to them.
///
/// # Safety
/// Context and spec are valid.
pub(super) unsafe fn with_setters(
    ctx: *mut HPyContext,
    spec: &HPyType_Spec,
) -> Option<HPyType_Spec> {
    // SAFETY: as promised by the caller.
    let setter: Setter = match unsafe { context_layout(ctx) } {
        ContextLayout::Displaced => report,
        ContextLayout::Graal => refuse,
        _ => return None,
    };
    // SAFETY: a definition's kind says which field is meant.
    let is_read_only = |one: &HPyDef| unsafe {
        one.kind == HPyDef_Kind_GetSet && one.definition.getset.setter_impl.is_none()
    };
    // SAFETY: as promised by the caller.
    let all = unsafe { crate::cpython::definitions(spec.defines) };
    if !all.clone().any(is_read_only) {
        return None;
    }
    // SAFETY: the definition stores the function untyped. It is called with a setter's arguments.
    let setter = unsafe { core::mem::transmute::<Setter, unsafe extern "C" fn()>(setter) };
    let mut defines: Vec<*mut HPyDef> = Vec::new();
    for one in all {
        defines.push(if is_read_only(one) {
            let mut copy = *one;
            copy.definition.getset.setter_impl = Some(setter);
            Box::leak(Box::new(copy))
        } else {
            ptr::from_ref(one).cast_mut()
        });
    }
    defines.push(ptr::null_mut());
    Some(HPyType_Spec {
        defines: defines.leak().as_mut_ptr(),
        ..*spec
    })
}

/// The setter of a read-only attribute.
unsafe extern "C" fn refuse(ctx: *mut HPyContext, _: HPy, _: HPy, _: *mut c_void) -> c_int {
    // SAFETY: the context is the call's, the text a C string.
    unsafe {
        HPyErr_SetString(
            ctx,
            h_AttributeError(ctx),
            c"the attribute is read-only".as_ptr(),
        );
    }
    -1
}

/// The setter where the interpreter ignores a setter's result. A pending exception would appear in
/// an unrelated call, so the error is only reported.
unsafe extern "C" fn report(
    ctx: *mut HPyContext,
    this: HPy,
    value: HPy,
    closure: *mut c_void,
) -> c_int {
    // SAFETY: the arguments are the call's.
    unsafe {
        refuse(ctx, this, value, closure);
        HPyErr_WriteUnraisable(ctx, this);
    }
    0
}
