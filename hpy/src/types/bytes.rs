//! `bytes`.

use crate::types::Bytes;
use crate::{Context, Handle, Result, abi};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// A bytes object with a copy of the data. HPy's `HPyBytes_FromStringAndSize`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn bytes(self, data: &[u8]) -> Result<Handle<'ctx, Bytes>> {
        let size = data.len() as HPy_ssize_t;
        // SAFETY: pointer and length are a slice's; a new bytes object or null with an exception.
        unsafe {
            self.handle_from_raw(HPyBytes_FromStringAndSize(
                self.as_ptr(),
                data.as_ptr().cast(),
                size,
            ))
        }
    }
}

impl Handle<'_, Bytes> {
    /// The bytes, without a copy, for as long as the handle is open. HPy's `HPyBytes_AS_STRING`.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        let (ctx, raw) = (self.ctx().as_ptr(), self.as_raw());
        // SAFETY: the object is bytes: immutable, of that size, alive while the handle is open.
        unsafe {
            let data = HPyBytes_AS_STRING(ctx, raw);
            if data.is_null() {
                return &[];
            }
            core::slice::from_raw_parts(data.cast(), abi::bytes_len(self))
        }
    }
}
