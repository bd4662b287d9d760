//! Types that several extensions use: `#[hpy_type(shared = "1.0", module = "vectors")]`.
//!
//! One extension declares the type, which is in a crate that both are compiled with, and makes its
//! class. Others find the class by importing the module, and a description in C's layout on it.
//! They use objects' data only if all that they know of it is the same there, field by field.

use super::PyClass;
use super::access::Access;
use super::base::offset_of;
use super::description::Description;
use super::layout::{PAYLOAD_VERSION, Payload};
use super::sharing::{FieldLayout, Sharing, Text};
use crate::exceptions::{ImportError, RuntimeError, TypeError};
use crate::types::{AnyCapsule, Module, Type};
use crate::{Context, Error, Handle, Result};
use core::ffi::{CStr, c_void};
use core::sync::atomic::Ordering;
use hpy_sys::*;

/// A type with `#[hpy_type(shared = "…")]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not shared between extensions",
    label = "not a shared type",
    note = "write `#[hpy_type(shared = \"1.0\", module = \"…\")]` above its definition"
)]
pub trait SharedType: PyClass {}

/// The attribute of the class, and the name of the capsule there.
const ATTRIBUTE: &CStr = c"__hpy_shared__";

/// The first number of a description. One of another layout has another number.
const FORMAT: usize = 0x6870_7901;

/// What the declaring extension tells others, in C's layout.
#[repr(C)]
struct Published {
    format: usize,
    /// How the data lies in an object: [`PAYLOAD_VERSION`].
    payload: usize,
    name: Text,
    version: Text,
    size: usize,
    align: usize,
    offset: usize,
    is_frozen: usize,
    fields: *const FieldLayout,
    field_count: usize,
    /// How memory says that there is data.
    alive: *mut c_void,
    /// The runtime that the class was made by; null where objects are those of the C API.
    host: *mut c_void,
    /// The class, where objects are those of the C API.
    class: *mut c_void,
    /// Whether an object is the class, for all other contexts.
    is_class: unsafe extern "C" fn(*mut HPyContext, HPy) -> bool,
}

/// Whether an object is the class of `T`.
///
/// # Safety
/// The handle is open, and of a context of the runtime that the class was made by.
#[allow(clippy::extra_unused_type_parameters)] // The universal ABI uses it.
unsafe extern "C" fn is_class<T: PyClass>(ctx: *mut HPyContext, object: HPy) -> bool {
    #[cfg(feature = "universal")]
    // SAFETY: as promised by the caller. The handle stays the caller's.
    unsafe {
        let ctx = Context::from_raw(crate::backend::RawContext::new(ctx));
        let object = crate::object::handle::Borrowed::new(ctx, object);
        T::place().is_class(&object).unwrap_or(false)
    }
    #[cfg(not(feature = "universal"))]
    {
        let _ = (ctx, object);
        false
    }
}

/// Which runtime objects are of, if it is not the C API: a function of it. Debug modes have a
/// context for each call, all with the same functions.
#[inline]
fn host(ctx: Context<'_>) -> *mut c_void {
    match ctx.raw.is_direct() {
        true => core::ptr::null_mut(),
        // SAFETY: the context is valid. It has the word in all its layouts.
        false => unsafe { (*ctx.as_ptr()).ctx_Dup as *mut c_void },
    }
}

/// What the object is to the C API.
#[inline]
fn address(ctx: Context<'_>, class: &Handle<'_>) -> *mut c_void {
    match ctx.raw.is_direct() {
        true => class.as_raw()._i as *mut c_void,
        false => core::ptr::null_mut(),
    }
}

/// Refuses a module that declares the type beside the one that shares it.
#[inline(always)]
pub(super) fn check_module<'ctx, T: PyClass>(module: &Handle<'ctx, Module>) -> Result<()> {
    match (T::sharing(), T::DESCRIPTION.module) {
        (Some(sharing), Some(home)) => check_home(module, sharing, home, T::DESCRIPTION.name),
        _ => Ok(()),
    }
}

#[cold]
fn check_home<'ctx>(
    module: &Handle<'ctx, Module>,
    sharing: &Sharing,
    home: &str,
    type_: &str,
) -> Result<()> {
    let name = crate::module::submodule::full_name(module)?;
    if sharing.is_imported() || name == home {
        return Ok(());
    }
    let parts = [
        "the module ",
        home,
        " shares ",
        type_,
        ", so ",
        &name,
        " does not list it: take it from there by `ctx.shared_type::<",
        type_,
        ">()`",
    ];
    Err(ImportError::new(crate::error::joined(&parts)))
}

/// Tells other extensions of a class that was made.
#[inline(always)]
pub(super) fn publish<'ctx, T: PyClass>(
    module: &Handle<'ctx, Module>,
    class: &Handle<'ctx, Type>,
    is_listed: bool,
) -> Result<()> {
    let Some(sharing) = T::sharing() else {
        return Ok(());
    };
    if !is_listed {
        module
            .rarely()
            .setattr(&*hidden(T::DESCRIPTION.name), class)?;
    }
    publish_shared::<T>(class, sharing)
}

/// Where a module that hides a shared type has its class.
#[cold]
fn hidden(name: &str) -> String {
    crate::error::joined(&["__hpy_shared_", name, "__"])
}

#[cold]
fn publish_shared<T: PyClass>(class: &Handle<'_, Type>, sharing: &Sharing) -> Result<()> {
    if sharing.is_imported() {
        return Ok(());
    }
    let ctx = class.ctx();
    let published = Published {
        format: FORMAT,
        payload: PAYLOAD_VERSION,
        name: Text::new(T::DESCRIPTION.name),
        version: Text::new(sharing.version),
        size: size_of::<Payload<T>>(),
        align: align_of::<Payload<T>>(),
        offset: offset_of::<T>(),
        is_frozen: usize::from(T::Access::IS_FROZEN),
        fields: sharing.fields.as_ptr(),
        field_count: sharing.fields.len(),
        alive: Payload::<T>::alive(),
        host: host(ctx),
        class: address(ctx, class.as_object()),
        is_class: is_class::<T>,
    };
    // As long as the class, which is for ever.
    let published = Box::into_raw(Box::new(published));
    // SAFETY: what the capsule points to and its name are for ever; a new handle or null with an
    // exception.
    let capsule = unsafe {
        let (name, no_end) = (ATTRIBUTE.as_ptr(), core::ptr::null_mut());
        ctx.made_handle(HPyCapsule_New(ctx.as_ptr(), published.cast(), name, no_end))?
    };
    let capsule: Handle<'_> = capsule;
    class.setattr(ATTRIBUTE, capsule)
}

impl<'ctx> Context<'ctx> {
    /// The class of a type that another extension shares, and from then on objects of it are used
    /// as those of a type of one's own: `Handle<'_, Vector>`, `Ref<'_, Vector>`,
    /// `ctx.instance(…)`. A module calls it in its `exec` function.
    ///
    /// The type is in a crate that both extensions are compiled with:
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// /// Of the crate `vector-type`. The module `vectors` lists it under `types`.
    /// #[hpy_type(shared = "1.0", module = "vectors")]
    /// #[repr(C)]
    /// pub struct Vector {
    ///     #[hpy(get, set)]
    ///     pub x: f64,
    ///     #[hpy(get, set)]
    ///     pub y: f64,
    /// }
    ///
    /// /// Of another extension.
    /// #[hpy_method]
    /// fn norm(vector: Ref<'_, Vector>) -> f64 {
    ///     vector.x.hypot(vector.y)
    /// }
    ///
    /// fn exec(module: &Handle<'_, Module>) -> Result<()> {
    ///     module.ctx().shared_type::<Vector>()?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// TypeError that says what differs, where the type is not the same in both: its version, its
    /// fields, or how `hpy` stores data. ImportError if the module cannot be imported.
    #[cold]
    pub fn shared_type<T: SharedType>(self) -> Result<Handle<'ctx, Type>> {
        if let Some(class) = T::place().get(self)? {
            return Ok(class);
        }
        let (Some(sharing), Some(home)) = (T::sharing(), T::DESCRIPTION.module) else {
            return Err(super::type_cell::not_imported(T::DESCRIPTION.name));
        };
        let name = T::DESCRIPTION.name;
        let module = self.import(home)?;
        let class = match module.getattr_opt(&*hidden(name))? {
            Some(class) => class,
            None => module.getattr(name)?,
        };
        if let Some(class) = T::place().get(self)? {
            // The module is this extension's, or imports it.
            return Ok(class);
        }
        let capsule = class.getattr_opt(ATTRIBUTE)?;
        let pointer = match capsule.as_ref().map(|found| found.downcast::<AnyCapsule>()) {
            Some(Ok(capsule)) if capsule.is_valid(ATTRIBUTE) => capsule.pointer(ATTRIBUTE)?,
            _ => return Err(differs(home, name, "it is not a shared type there")),
        };
        let class: Handle<'ctx, Type> = class.downcast_into()?;
        // SAFETY: only this crate makes capsules of the name, in any version of it. The first word
        // says whether the rest is what this version knows; it is for ever.
        let published = unsafe {
            if *pointer.cast::<usize>() != FORMAT {
                return Err(differs(
                    home,
                    name,
                    "it was built with another version of hpy",
                ));
            }
            &*pointer.cast::<Published>()
        };
        if let Some(difference) = difference::<T>(published, sharing, &class) {
            return Err(differs(home, name, &difference));
        }
        let (null, order) = (core::ptr::null_mut(), Ordering::AcqRel);
        let marked = sharing
            .mark
            .compare_exchange(null, published.alive, order, Ordering::Acquire);
        if marked.is_err_and(|before| before != published.alive) {
            let what = "another copy of the extension was imported before";
            return Err(differs(home, name, what));
        }
        T::place().get_or_make(self, &mut || Ok(class.dup()))
    }
}

/// Why an object of a shared type is not used: its class was not taken from the other extension.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
pub(super) extern "C" fn not_taken(name: &str) -> Error {
    let parts = [
        "this extension has not taken the class ",
        name,
        " from the one that shares it: call `ctx.shared_type::<",
        name,
        ">()` in the module's `exec` function",
    ];
    TypeError::new(crate::error::joined(&parts))
}

/// Why there is no class of a shared type: no module of this extension lists it.
#[cold]
pub(super) fn not_made(description: &Description) -> Error {
    let (name, home) = (description.name, description.module.unwrap_or_default());
    let parts = [
        "there is no class ",
        name,
        " yet: the module ",
        home,
        ", which shares it, lists it under `types`, and any other takes it by `ctx.shared_type::<",
        name,
        ">()` in its `exec` function",
    ];
    RuntimeError::new(crate::error::joined(&parts))
}

#[cold]
fn differs(home: &str, name: &str, what: &str) -> Error {
    let parts = ["cannot use ", home, ".", name, ": ", what];
    TypeError::new(crate::error::joined(&parts))
}

/// What is not the same there as here.
#[cold]
fn difference<T: PyClass>(
    there: &Published,
    here: &Sharing,
    class: &Handle<'_, Type>,
) -> Option<String> {
    let ctx = class.ctx();
    if there.version.get() != here.version {
        let versions = (there.version.get(), here.version);
        return Some(format!(
            "its version is {} there and {} here",
            versions.0, versions.1
        ));
    }
    if there.payload != PAYLOAD_VERSION {
        return Some("it was built with another version of hpy".to_owned());
    }
    if there.host != host(ctx) {
        return Some("another HPy runtime of the process has loaded it".to_owned());
    }
    let is_its_class = match there.host.is_null() {
        true => there.class == address(ctx, class.as_object()),
        // SAFETY: the class is an open handle of the context, whose runtime is the one there.
        false => unsafe { (there.is_class)(ctx.as_ptr(), class.as_raw()) },
    };
    if !is_its_class || there.name.get() != T::DESCRIPTION.name {
        return Some("the description of another class is there".to_owned());
    }
    // SAFETY: as many fields of the binary, which is never unloaded.
    let fields = unsafe { core::slice::from_raw_parts(there.fields, there.field_count) };
    if fields.len() != here.fields.len() {
        let (there, here) = (fields.len(), here.fields.len());
        return Some(format!("it has {there} fields there and {here} here"));
    }
    for (there, here) in fields.iter().zip(here.fields) {
        let (there, here) = (there.describe(), here.describe());
        if there != here {
            return Some(format!("its field is {there} there and {here} here"));
        }
    }
    let sizes = [
        (there.size, size_of::<Payload<T>>(), "size"),
        (there.align, align_of::<Payload<T>>(), "alignment"),
        (there.offset, offset_of::<T>(), "place in an object"),
    ];
    for (there, here, what) in sizes {
        if there != here {
            return Some(format!("its {what} is {there} there and {here} here"));
        }
    }
    (there.is_frozen != usize::from(T::Access::IS_FROZEN))
        .then(|| "it is frozen in one of both only".to_owned())
}
