//! Items and length.

use crate::types::Object;
use crate::{Error, Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Object> {
    /// `self[key]`. HPy's `HPy_GetItem`.
    ///
    /// # Errors
    /// KeyError, IndexError, or what the object raises.
    #[inline]
    pub fn get_item<K: IntoHandle<'ctx>>(&self, key: K) -> Result<Handle<'ctx>> {
        let key = key.into_argument(self.ctx())?;
        // SAFETY: the handles are open; a new handle or null with an exception.
        unsafe {
            let item = HPy_GetItem(self.ctx().as_ptr(), self.as_raw(), key.as_raw());
            self.ctx().handle_from_raw(item)
        }
    }

    /// `self[key] = value`. HPy's `HPy_SetItem`.
    ///
    /// # Errors
    /// What the conversions or the object raise.
    #[inline]
    pub fn set_item<K: IntoHandle<'ctx>, V: IntoHandle<'ctx>>(
        &self,
        key: K,
        value: V,
    ) -> Result<()> {
        let ctx = self.ctx();
        let (key, value) = (key.into_argument(ctx)?, value.into_argument(ctx)?);
        // SAFETY: the handles are open.
        let result =
            unsafe { HPy_SetItem(ctx.as_ptr(), self.as_raw(), key.as_raw(), value.as_raw()) };
        ctx.check(result).map(drop)
    }

    /// `del self[key]`. HPy's `HPy_DelItem`.
    ///
    /// # Errors
    /// KeyError, IndexError, or what the object raises.
    #[inline]
    pub fn del_item<K: IntoHandle<'ctx>>(&self, key: K) -> Result<()> {
        let key = key.into_argument(self.ctx())?;
        // SAFETY: the handles are open.
        let result = unsafe { HPy_DelItem(self.ctx().as_ptr(), self.as_raw(), key.as_raw()) };
        self.ctx().check(result).map(drop)
    }

    /// `key in self`. HPy's `HPy_Contains`.
    ///
    /// # Errors
    /// What the object raises.
    #[inline]
    pub fn contains<K: IntoHandle<'ctx>>(&self, key: K) -> Result<bool> {
        let key = key.into_argument(self.ctx())?;
        // SAFETY: the handles are open.
        let result = unsafe { HPy_Contains(self.ctx().as_ptr(), self.as_raw(), key.as_raw()) };
        self.ctx().check(result).map(|answer| answer != 0)
    }

    /// `len(self)`. HPy's `HPy_Length`.
    ///
    /// Python code may answer anything: don't reserve memory by it.
    ///
    /// # Errors
    /// TypeError for objects without a length, or what the object raises.
    #[inline]
    pub fn length(&self) -> Result<usize> {
        // SAFETY: the handle is open.
        let length = unsafe { HPy_Length(self.ctx().as_ptr(), self.as_raw()) };
        usize::try_from(length).map_err(|_| Error::fetch(self.ctx()))
    }

    /// `self[start:end]`. HPy's `HPy_GetSlice`.
    ///
    /// # Errors
    /// What the object raises.
    pub fn get_slice(&self, start: isize, end: isize) -> Result<Handle<'ctx>> {
        // SAFETY: the handle is open; a new handle or null with an exception.
        unsafe {
            let slice = HPy_GetSlice(self.ctx().as_ptr(), self.as_raw(), start, end);
            self.ctx().handle_from_raw(slice)
        }
    }
}
