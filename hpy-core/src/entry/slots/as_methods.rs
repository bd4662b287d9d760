//! The functions of attributes as methods: where an interpreter's own HPy makes something else of
//! attributes than HPy says, they are `property` objects, of such functions.

use crate::Context;
use crate::class::Assign;
use crate::entry::guard::NoArgsMethod;
use crate::entry::slots::attribute::Setting;
use core::ffi::c_void;
use hpy_sys::*;

/// What stands behind the closure of an attribute's definition, which nobody else uses.
#[derive(Clone, Copy)]
pub(crate) struct AsMethods {
    /// Without arguments.
    pub(crate) get: HPyCFunction,
    /// With one, or none where the attribute is read-only.
    pub(crate) set: HPyCFunction,
    /// Without arguments, or none likewise.
    pub(crate) delete: HPyCFunction,
}

/// The closure of an attribute.
pub(crate) const fn closure_of_attribute<G: NoArgsMethod, S: Setting>() -> *mut c_void {
    let methods: &'static AsMethods = const {
        let [set, delete] = S::METHODS;
        let get = erase!(get::<G>, fn(*mut HPyContext, HPy) -> HPy);
        &AsMethods { get, set, delete }
    };
    core::ptr::from_ref(methods).cast_mut().cast()
}

/// The closure of an attribute with the getter of one and the setter of another.
///
/// # Safety
/// Both closures are [`closure_of_attribute`]s.
#[cold]
pub(crate) unsafe fn closure_of_both(getter: &HPyGetSet, setter: &HPyGetSet) -> *mut c_void {
    // SAFETY: as promised by the caller.
    let (getter, setter) = unsafe {
        let (getter, setter) = (getter.closure, setter.closure);
        (*getter.cast::<AsMethods>(), *setter.cast::<AsMethods>())
    };
    let get = getter.get;
    // Definitions are kept for ever.
    Box::into_raw(Box::new(AsMethods { get, ..setter })).cast()
}

/// Those of a setter.
pub(crate) const fn of_setter<S: Assign<0>>() -> [HPyCFunction; 2] {
    [
        erase!(set::<S>, fn(*mut HPyContext, HPy, HPy) -> HPy),
        erase!(delete::<S>, fn(*mut HPyContext, HPy) -> HPy),
    ]
}

/// The functions, where the interpreter wants them: PyPy 7.3's own HPy does not look at what
/// getters and setters return, GraalPy 24's does not call the latter to delete.
///
/// # Safety
/// The definition is that of an attribute, made with [`closure_of_attribute`].
pub(crate) unsafe fn attribute_as_methods(
    ctx: Context<'_>,
    attribute: &HPyGetSet,
) -> Option<AsMethods> {
    // SAFETY: a `Context`'s is valid on this thread, and no exception is pending while Rust runs.
    let layout = unsafe { context_layout(ctx.as_ptr()) };
    if crate::backend::dispatch::own(ctx)
        || !matches!(layout, ContextLayout::Displaced | ContextLayout::Graal)
    {
        return None;
    }
    // SAFETY: as promised by the caller.
    Some(unsafe { *attribute.closure.cast::<AsMethods>() })
}

unsafe extern "C" fn get<G: NoArgsMethod>(ctx: *mut HPyContext, this: HPy) -> HPy {
    type Getter = unsafe extern "C" fn(*mut HPyContext, HPy, *mut c_void) -> HPy;
    let getter = const { super::universal_functions::getter::<G>().implementation };
    // SAFETY: it is a getter's implementation, and there is one.
    let getter = unsafe { core::mem::transmute::<HPyCFunction, Getter>(getter) };
    // SAFETY: an entry by the interpreter; the object stays open during it.
    unsafe { getter(ctx, this, core::ptr::null_mut()) }
}

unsafe extern "C" fn set<S: Assign<0>>(ctx: *mut HPyContext, this: HPy, value: HPy) -> HPy {
    // SAFETY: an entry by the interpreter; object and value stay open during it.
    unsafe { none(ctx, assign::<S>(ctx, this, value)) }
}

unsafe extern "C" fn delete<S: Assign<0>>(ctx: *mut HPyContext, this: HPy) -> HPy {
    // SAFETY: an entry by the interpreter; the object stays open during it.
    unsafe { none(ctx, assign::<S>(ctx, this, HPy_NULL)) }
}

/// # Safety
/// As for a setter's implementation.
#[inline(always)]
unsafe fn assign<S: Assign<0>>(ctx: *mut HPyContext, this: HPy, value: HPy) -> isize {
    type Setter = unsafe extern "C" fn(*mut HPyContext, HPy, HPy, *mut c_void) -> isize;
    let setter = const { super::universal_functions::setter::<S>().implementation };
    // SAFETY: it is a setter's implementation, and there is one.
    let setter = unsafe { core::mem::transmute::<HPyCFunction, Setter>(setter) };
    // SAFETY: as promised by the caller.
    unsafe { setter(ctx, this, value, core::ptr::null_mut()) }
}

/// What a method returns that a setter has ended with this: None, or null with its exception.
///
/// # Safety
/// The context is valid, and a host's: the bundled runtime has attributes.
#[inline(always)]
unsafe fn none(ctx: *mut HPyContext, result: isize) -> HPy {
    if result < 0 {
        return HPy_NULL;
    }
    // SAFETY: as promised by the caller.
    unsafe { ((*ctx).ctx_Dup)(ctx, (*ctx).h_None) }
}
