//! The handles that the mock has handed out: each a fresh value, each counted.

use super::objects::{Data, Obj};
use super::{Mock, R};
use core::ffi::c_char;
use hpy_sys::{HPy, HPy_NULL};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Who closes a handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Whoever it was given to.
    Extension,
    /// The caller of a method, when the method returns.
    Caller,
    /// Nobody: it is a constant.
    Context,
}

struct Open {
    object: Obj,
    owner: Owner,
    /// What handed it out, for messages.
    from: &'static str,
    /// Contents given out as a pointer, which are gone when the handle is closed.
    contents: Option<Box<[u8]>>,
}

#[derive(Default)]
pub(super) struct Handles {
    open: RefCell<HashMap<isize, Open>>,
    /// What handed out the handles that are closed.
    closed: RefCell<HashMap<isize, &'static str>>,
    count: Cell<usize>,
}

/// Odd, so that no two of the first 2^64 (or 2^32) values are the same.
const STEP: usize = 0x9E37_79B9_7F4A_7C15_u64 as usize | 1;

impl Mock {
    /// A new handle.
    pub(super) fn open(&self, object: &Obj, owner: Owner, from: &'static str) -> HPy {
        let count = self.handles.count.get() + 1;
        self.handles.count.set(count);
        let value = count.wrapping_mul(STEP) as isize;
        let open = Open {
            object: object.clone(),
            owner,
            from,
            contents: None,
        };
        self.handles.open.borrow_mut().insert(value, open);
        HPy { _i: value }
    }

    /// The object of an open handle.
    pub(super) fn obj(&self, handle: HPy) -> R<Obj> {
        let found = self
            .handles
            .open
            .borrow()
            .get(&handle._i)
            .map(|open| open.object.clone());
        found.ok_or_else(|| {
            self.misused(handle, "used");
            self.error("SystemError", "a handle is not open")
        })
    }

    /// As `obj`, None for null.
    pub(super) fn obj_or_null(&self, handle: HPy) -> R<Option<Obj>> {
        if handle.is_null() {
            Ok(None)
        } else {
            self.obj(handle).map(Some)
        }
    }

    fn misused(&self, handle: HPy, how: &str) {
        let closed = self.handles.closed.borrow().get(&handle._i).copied();
        self.violation(match closed {
            Some(from) => format!("a handle from {from} is {how} after it was closed"),
            None if handle.is_null() => format!("a null handle is {how}"),
            None => format!("{:#x} is {how}, which is no handle", handle._i),
        });
    }

    /// What the extension closes.
    pub(super) fn close(&self, handle: HPy) {
        let owner = self
            .handles
            .open
            .borrow()
            .get(&handle._i)
            .map(|open| (open.owner, open.from));
        match owner {
            Some((Owner::Extension, _)) => self.forget(handle),
            Some((Owner::Caller, from)) => {
                self.violation(format!(
                    "a handle that belongs to the caller ({from}) is closed"
                ));
            }
            Some((Owner::Context, from)) => {
                self.violation(format!("the constant {from} is closed"))
            }
            // HPy allows to close null.
            None if handle.is_null() => {}
            None => self.misused(handle, "closed"),
        }
    }

    /// Closes without asking whose it is.
    pub(super) fn forget(&self, handle: HPy) {
        let open = self.handles.open.borrow_mut().remove(&handle._i);
        if let Some(open) = &open {
            self.handles
                .closed
                .borrow_mut()
                .insert(handle._i, open.from);
        }
        // Outside of the borrows: the object's end may close handles.
        drop(open);
    }

    /// Takes a handle that the extension gives away.
    pub(super) fn take(&self, handle: HPy, name: &str) -> R<Obj> {
        let object = self.obj(handle)?;
        let owner = self
            .handles
            .open
            .borrow()
            .get(&handle._i)
            .map(|open| open.owner);
        if owner == Some(Owner::Extension) {
            self.forget(handle);
        } else {
            self.violation(format!(
                "{name} returns a handle that is not its own ({owner:?})"
            ));
        }
        Ok(object)
    }

    /// A pointer to a copy of the contents, valid until the handle is closed, with a NUL behind.
    pub(super) fn contents(&self, handle: HPy, make: impl FnOnce() -> Vec<u8>) -> *const c_char {
        let mut handles = self.handles.open.borrow_mut();
        let Some(open) = handles.get_mut(&handle._i) else {
            return core::ptr::null();
        };
        let contents = open.contents.get_or_insert_with(|| {
            let mut contents = make();
            contents.push(0);
            contents.into_boxed_slice()
        });
        contents.as_ptr().cast()
    }

    /// The extension's open handles, each by what handed it out and what it refers to.
    pub(super) fn leaks(&self) -> Vec<String> {
        let handles = self.handles.open.borrow();
        let owned = handles
            .values()
            .filter(|open| open.owner == Owner::Extension);
        let mut leaks: Vec<String> = owned
            .map(|open| {
                format!(
                    "a handle from {} to a {} is never closed",
                    open.from,
                    kind(&open.object)
                )
            })
            .collect();
        leaks.sort();
        leaks
    }

    pub(super) fn close_all(&self) {
        let open = core::mem::take(&mut *self.handles.open.borrow_mut());
        drop(open);
    }

    /// A handle as a result of `from`, null for none.
    pub(super) fn give(&self, object: Option<&Obj>, from: &'static str) -> HPy {
        object.map_or(HPy_NULL, |object| self.open(object, Owner::Extension, from))
    }
}

fn kind(object: &Obj) -> String {
    match &object.type_().data {
        Data::Type { name, .. } => name.clone(),
        _ => "?".to_owned(),
    }
}
