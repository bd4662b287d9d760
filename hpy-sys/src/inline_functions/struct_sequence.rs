//! Struct sequences: tuples with named items. Both ABIs make them with `collections.namedtuple`.

use crate::*;
use core::ffi::{CStr, c_char, c_int};

/// A field of a struct sequence.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPyStructSequence_Field {
    /// The name; null ends the list.
    pub name: *const c_char,
    /// The docstring or null.
    pub doc: *const c_char,
}

/// A struct sequence.
#[repr(C)]
pub struct HPyStructSequence_Desc {
    /// The dotted name.
    pub name: *const c_char,
    /// The docstring or null.
    pub doc: *const c_char,
    /// The fields, in order.
    pub fields: *mut HPyStructSequence_Field,
}

/// HPy's `HPyStructSequence_NewType`: a subclass of tuple with named items, or null with an
/// exception.
///
/// It has the attributes `n_fields`, `n_sequence_fields` and `n_unnamed_fields`, as Python's own
/// struct sequences do. All fields are items. A field whose name is not an identifier is called
/// `_1` and so on, by its index.
///
/// # Safety
/// `ctx`, `desc` and all that it points to are valid.
pub unsafe fn HPyStructSequence_NewType(
    ctx: *mut HPyContext,
    desc: *const HPyStructSequence_Desc,
) -> HPy {
    // SAFETY: as promised by the caller. The tracker closes its handles once, at its end.
    unsafe {
        let desc = &*desc;
        if desc.name.is_null() {
            let message = c"Struct sequence descriptor does not define the name field.";
            HPyErr_SetString(ctx, h_SystemError(ctx), message.as_ptr());
            return HPy_NULL;
        }
        let tracker = HPyTracker_New(ctx, 0);
        if tracker.is_null() {
            return HPy_NULL;
        }
        let made = Maker { ctx, tracker }.make(desc);
        HPyTracker_Close(ctx, tracker);
        made.unwrap_or(HPy_NULL)
    }
}

/// HPy's `HPyStructSequence_New`: an instance with these items, or null with an exception.
///
/// # Errors
/// TypeError if `type_` is not a struct sequence or has another number of fields.
///
/// # Safety
/// `ctx` and the handles are valid.
pub unsafe fn HPyStructSequence_New(ctx: *mut HPyContext, type_: HPy, items: &[HPy]) -> HPy {
    // SAFETY: as promised by the caller; what is made here is closed once.
    unsafe {
        let mut fields = -1;
        if HPy_HasAttr_s(ctx, type_, FIELDS.as_ptr()) == 1 {
            let count = HPy_GetAttr_s(ctx, type_, FIELDS.as_ptr());
            if !count.is_null() {
                fields = HPyLong_AsSsize_t(ctx, count);
                HPy_Close(ctx, count);
            }
        }
        let message = if fields < 0 {
            HPyErr_Clear(ctx);
            c"the type does not look like a struct sequence type".to_owned()
        } else if fields == items.len() as HPy_ssize_t {
            return HPy_Call(ctx, type_, items.as_ptr(), items.len(), HPy_NULL);
        } else {
            let text = format!(
                "expected exactly {fields} arguments but got {}",
                items.len()
            );
            std::ffi::CString::new(text).unwrap_or_default()
        };
        HPyErr_SetString(ctx, h_TypeError(ctx), message.as_ptr());
        HPy_NULL
    }
}

const FIELDS: &CStr = c"n_fields";

/// Keeps intermediate handles in a tracker.
struct Maker {
    ctx: *mut HPyContext,
    tracker: HPyTracker,
}

impl Maker {
    unsafe fn track(&self, handle: HPy) -> Option<HPy> {
        // SAFETY: the maker's context and tracker are valid. The handle is passed on.
        if handle.is_null() || unsafe { HPyTracker_Add(self.ctx, self.tracker, handle) } < 0 {
            return None;
        }
        Some(handle)
    }

    unsafe fn text(&self, bytes: &[u8]) -> Option<HPy> {
        let text = std::ffi::CString::new(bytes).unwrap_or_default();
        // SAFETY: as for `keep`.
        unsafe { self.track(HPyUnicode_FromString(self.ctx, text.as_ptr())) }
    }

    unsafe fn set(&self, type_: HPy, name: &CStr, value: HPy) -> Option<()> {
        // SAFETY: the caller's handles are open.
        let set: c_int = unsafe { HPy_SetAttr_s(self.ctx, type_, name.as_ptr(), value) };
        (set == 0).then_some(())
    }

    /// The type, owned by the caller.
    unsafe fn make(&self, desc: &HPyStructSequence_Desc) -> Option<HPy> {
        let ctx = self.ctx;
        // SAFETY: as promised to `HPyStructSequence_NewType`.
        unsafe {
            let mut names = Vec::new();
            let mut field = desc.fields;
            while !field.is_null() && !(*field).name.is_null() {
                names.push(self.text(CStr::from_ptr((*field).name).to_bytes())?);
                field = field.add(1);
            }
            let module = self.track(HPyImport_ImportModule(ctx, c"collections".as_ptr()))?;
            let namedtuple = self.track(HPy_GetAttr_s(ctx, module, c"namedtuple".as_ptr()))?;
            let full = CStr::from_ptr(desc.name).to_bytes();
            let dot = full.iter().rposition(|byte| *byte == b'.');
            let short = self.text(&full[dot.map_or(0, |dot| dot + 1)..])?;
            let fields = self.track(HPyTuple_Pack(ctx, &names))?;
            let args = self.track(HPyTuple_Pack(ctx, &[short, fields]))?;
            let kw = self.track(HPyDict_New(ctx))?;
            if HPy_SetItem_s(ctx, kw, c"rename".as_ptr(), h_True(ctx)) < 0 {
                return None;
            }
            let type_ = HPy_CallTupleDict(ctx, namedtuple, args, kw);
            if type_.is_null() {
                return None;
            }
            let count = names.len() as HPy_ssize_t;
            let described = self.describe(type_, desc, &full[..dot.unwrap_or(0)], count);
            if described.is_none() || self.describe_fields(type_, desc).is_none() {
                HPy_Close(ctx, type_);
                return None;
            }
            Some(type_)
        }
    }

    unsafe fn describe(
        &self,
        type_: HPy,
        desc: &HPyStructSequence_Desc,
        module: &[u8],
        count: HPy_ssize_t,
    ) -> Option<()> {
        // SAFETY: as for `make`.
        unsafe {
            let doc = if desc.doc.is_null() {
                h_None(self.ctx)
            } else {
                self.text(CStr::from_ptr(desc.doc).to_bytes())?
            };
            self.set(type_, c"__doc__", doc)?;
            let count = self.track(HPyLong_FromSsize_t(self.ctx, count))?;
            self.set(type_, FIELDS, count)?;
            self.set(type_, c"n_sequence_fields", count)?;
            let none = self.track(HPyLong_FromSsize_t(self.ctx, 0))?;
            self.set(type_, c"n_unnamed_fields", none)?;
            if !module.is_empty() {
                let module = self.text(module)?;
                self.set(type_, c"__module__", module)?;
            }
        }
        Some(())
    }

    /// Sets the docstrings of the fields' attributes, whose names may differ from the requested
    /// ones.
    unsafe fn describe_fields(&self, type_: HPy, desc: &HPyStructSequence_Desc) -> Option<()> {
        let ctx = self.ctx;
        // SAFETY: as for `make`. There are as many names as fields.
        unsafe {
            let names = self.track(HPy_GetAttr_s(ctx, type_, c"_fields".as_ptr()))?;
            let mut field = desc.fields;
            let mut index = 0;
            while !field.is_null() && !(*field).name.is_null() {
                if !(*field).doc.is_null() {
                    let name = self.track(HPy_GetItem_i(ctx, names, index))?;
                    let attribute = self.track(HPy_GetAttr(ctx, type_, name))?;
                    let doc = self.text(CStr::from_ptr((*field).doc).to_bytes())?;
                    self.set(attribute, c"__doc__", doc)?;
                }
                field = field.add(1);
                index += 1;
            }
        }
        Some(())
    }
}
