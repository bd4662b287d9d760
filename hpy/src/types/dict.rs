//! `dict`.

use crate::exceptions::KeyError;
use crate::types::{Dict, List};
use crate::{Error, Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Dict> {
    /// The number of keys.
    #[inline]
    pub fn len(&self) -> usize {
        // SAFETY: the handle is open. A subclass's `__len__` may raise.
        let len = unsafe { HPy_Length(self.ctx().as_ptr(), self.as_raw()) };
        if len < 0 {
            drop(Error::take(self.ctx()));
        }
        len.max(0) as usize
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key, if there is one: Python's `dict[key]`, with None for KeyError.
    ///
    /// # Errors
    /// What hashing or comparing raises.
    pub fn get<K: IntoHandle<'ctx>>(&self, key: K) -> Result<Option<Handle<'ctx>>> {
        match self.get_item(key) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_instance_of::<KeyError>(self.ctx()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The keys as a list. HPy's `HPyDict_Keys`.
    ///
    /// # Errors
    /// MemoryError.
    pub fn keys(&self) -> Result<Handle<'ctx, List>> {
        // SAFETY: the handle is open; a new list or null with an exception.
        unsafe {
            self.ctx()
                .handle_from_raw(HPyDict_Keys(self.ctx().as_ptr(), self.as_raw()))
        }
    }

    /// The pairs of keys and values as they are now.
    ///
    /// # Errors
    /// MemoryError; what a subclass raises.
    pub fn items(&self) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>> {
        crate::abi::dict_items(self)
    }

    /// A shallow copy. HPy's `HPyDict_Copy`.
    ///
    /// # Errors
    /// MemoryError.
    pub fn copy(&self) -> Result<Handle<'ctx, Dict>> {
        // SAFETY: the handle is open; a new dict or null with an exception.
        unsafe {
            self.ctx()
                .handle_from_raw(HPyDict_Copy(self.ctx().as_ptr(), self.as_raw()))
        }
    }
}
