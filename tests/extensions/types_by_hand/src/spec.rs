//! From a description to a type.

use core::ffi::{CStr, c_ulong};
use core::ptr::{null, null_mut};
use hpy::prelude::*;
use hpy::sys::*;

/// A type as the tests describe it. What is left out is nothing, the shape is `object`'s.
pub struct Description {
    pub name: &'static CStr,
    /// The size of the data, 0 to inherit it.
    pub size: usize,
    pub flags: c_ulong,
    pub shape: HPyType_BuiltinShape,
    pub doc: Option<&'static CStr>,
    pub defines: Vec<&'static Static<HPyDef>>,
    pub members: &'static [HPyMember],
    /// Open handles.
    pub bases: Vec<HPy>,
    /// An open handle or null.
    pub metaclass: HPy,
}

impl Default for Description {
    fn default() -> Self {
        Description {
            name: c"types_by_hand.Unnamed",
            size: 0,
            flags: HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,
            shape: HPyType_BuiltinShape_Object,
            doc: None,
            defines: Vec::new(),
            members: &[],
            bases: Vec::new(),
            metaclass: HPy_NULL,
        }
    }
}

/// A member that Python may assign.
pub const fn member(name: &'static CStr, kind: HPyMember_FieldType, offset: usize) -> HPyMember {
    HPyMember {
        name: name.as_ptr(),
        r#type: kind,
        offset: offset as isize,
        readonly: 0,
        doc: c"A member.".as_ptr(),
    }
}

impl Description {
    /// The spec. It and all it points to is new each time and never freed. PyPI's hpy changes
    /// definitions of members in place and keeps pointers to them, so a second type of the same
    /// would have the data in other places.
    pub fn spec(&self) -> *mut HPyType_Spec {
        let defines = self.defines.iter().map(|define| {
            // SAFETY: the static is written to by nobody, only its copies are.
            unsafe { *define.as_ptr() }
        });
        let members = self.members.iter().copied().map(HPyDef::member);
        let defines: Vec<HPyDef> = defines.chain(members).collect();
        let pointers = defines
            .into_iter()
            .map(|define| Box::into_raw(Box::new(define)));
        let pointers: Vec<*mut HPyDef> = pointers.chain([null_mut()]).collect();
        Box::into_raw(Box::new(HPyType_Spec {
            name: self.name.as_ptr(),
            basicsize: self.size as i32,
            itemsize: 0,
            flags: self.flags,
            builtin_shape: self.shape,
            legacy_slots: null_mut(),
            defines: Box::leak(pointers.into_boxed_slice()).as_mut_ptr(),
            doc: self.doc.map_or(null(), CStr::as_ptr),
        }))
    }

    pub fn make<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        self.make_from(ctx, self.spec())
    }

    /// A type of a spec that was made before.
    pub fn make_from<'ctx>(
        &self,
        ctx: Context<'ctx>,
        spec: *mut HPyType_Spec,
    ) -> Result<Handle<'ctx, Type>> {
        let param = |kind, object| HPyType_SpecParam { kind, object };
        let bases = self.bases.iter();
        let mut params: Vec<_> = bases
            .map(|base| param(HPyType_SpecParam_Base, *base))
            .collect();
        if !self.metaclass.is_null() {
            params.push(param(HPyType_SpecParam_Metaclass, self.metaclass));
        }
        params.push(param(HPyType_SpecParam_Kind(0), HPy_NULL));
        // SAFETY: the spec is never freed, and the params' handles are open. The result is a new
        // handle, or null with an exception.
        unsafe {
            let type_ = HPyType_FromSpec(ctx.as_ptr(), spec, params.as_mut_ptr());
            ctx.handle_from_raw(type_)
        }
    }
}

/// Adds a type to the module, under its name.
pub fn add(module: &Handle<'_, Module>, description: &Description) -> Result<()> {
    let name = description.name.to_string_lossy();
    let name = name.rsplit('.').next().unwrap_or_default();
    module.add(name, description.make(module.ctx())?)
}

/// The data of an object of `object`'s shape.
///
/// # Safety
/// The handle is open, an instance of a type whose data begins with a `T`.
pub unsafe fn data<'a, T>(ctx: *mut HPyContext, object: HPy) -> &'a mut T {
    // SAFETY: as promised by the caller.
    unsafe { &mut *_HPy_AsStruct_Object(ctx, object).cast::<T>() }
}

/// A new instance with zeroed data, and the data; None with an exception.
///
/// # Safety
/// The handle is an open type of `object`'s shape. Its data begins with a `T`. Zeros are one.
pub unsafe fn new<'a, T>(ctx: *mut HPyContext, type_: HPy) -> Option<(HPy, &'a mut T)> {
    // SAFETY: as promised by the caller. The pointer that `HPy_New` gives is not used: for a
    // subclass written in Python, PyPI's hpy gives another.
    unsafe {
        let mut unused = null_mut();
        let object = HPy_New(ctx, type_, &mut unused);
        if object.is_null() {
            return None;
        }
        Some((object, data(ctx, object)))
    }
}

/// A tuple of a text and handles, which stay open.
///
/// # Safety
/// The handles are open, or null for None.
pub unsafe fn said(ctx: *mut HPyContext, text: &CStr, handles: &[HPy]) -> HPy {
    // SAFETY: as promised by the caller; what is made here is closed once.
    unsafe {
        let text = HPyUnicode_FromString(ctx, text.as_ptr());
        if text.is_null() {
            return HPy_NULL;
        }
        let or_none = |handle: &HPy| {
            if handle.is_null() {
                h_None(ctx)
            } else {
                *handle
            }
        };
        let items: Vec<HPy> = [text]
            .into_iter()
            .chain(handles.iter().map(or_none))
            .collect();
        let tuple = HPyTuple_FromArray(ctx, items.as_ptr(), items.len() as isize);
        HPy_Close(ctx, text);
        tuple
    }
}
