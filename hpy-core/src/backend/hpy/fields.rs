//! Loading fields where an object has to be named that could own them.

use super::owned_ref::named;
use super::pypy::Lasting;
use crate::{Context, Error, Handle, Result};
use hpy_sys::*;

/// The type that PyPy's own HPy loads fields by.
static ANY_TYPE: Lasting = Lasting::new();

/// As [`load`], where that is one word. None before the first one is loaded, and in other contexts.
///
/// # Safety
/// As for [`load`].
#[inline(always)]
pub(crate) unsafe fn load_at_once(ctx: Context<'_>, field: *const HPyField) -> Option<Result<HPy>> {
    let any_type = ANY_TYPE.get(ctx)?;
    let raw = ctx.as_ptr();
    // SAFETY: as promised by the caller; the handle is open. By the word, as the context is a
    // host's.
    let object = unsafe { ((*raw).ctx_Field_Load)(raw, any_type, *field) };
    Some(match object.is_null() {
        true => Err(Error::fetch_as_it_is(ctx)),
        false => Ok(object),
    })
}

/// A new handle to what a field holds that belongs to an object.
///
/// The field is read last: any call before may have a collector run, which moves the object and
/// changes the field.
///
/// # Safety
/// The field holds an object, and is one of an object that is alive, on a runtime that does not
/// look at which.
pub(crate) unsafe fn load(ctx: Context<'_>, field: *const HPyField) -> Result<HPy> {
    let ctx = ctx.rarely();
    // SAFETY: as promised by the caller; the handles are open.
    let object = unsafe {
        if context_layout(ctx.as_ptr()) == ContextLayout::Displaced {
            // PyPy's ends the process unless it is an instance, or itself a type, of HPy.
            if let Some(any_type) = ANY_TYPE.get(ctx) {
                HPyField_Load(ctx.as_ptr(), any_type, *field)
            } else {
                let any_type = any_type(ctx)?;
                ANY_TYPE.keep(&any_type);
                HPyField_Load(ctx.as_ptr(), any_type.as_raw(), *field)
            }
        } else {
            HPyField_Load(ctx.as_ptr(), h_None(ctx.as_ptr()), *field)
        }
    };
    if object.is_null() {
        return Err(Error::fetch_as_it_is(ctx));
    }
    Ok(object)
}

/// Some type of HPy, always the same.
fn any_type<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    named(ctx, c"hpy fields", &|| {
        let spec = Box::into_raw(Box::new(HPyType_Spec {
            name: c"hpy.Field".as_ptr(),
            basicsize: size_of::<usize>() as i32,
            itemsize: 0,
            flags: HPy_TPFLAGS_DEFAULT,
            builtin_shape: HPyType_BuiltinShape_Object,
            legacy_slots: core::ptr::null_mut(),
            defines: core::ptr::null_mut(),
            doc: core::ptr::null(),
        }));
        // SAFETY: the spec is valid for ever; a new handle or null with an exception.
        unsafe {
            let type_ = HPyType_FromSpec(ctx.as_ptr(), spec, core::ptr::null_mut());
            ctx.made_handle(type_)
        }
    })
}
