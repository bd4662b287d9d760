//! `bytes`: shared bytes, which borrow from Python where `PersistentBytes` does.

use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, PersistentBytes, Result};
use bytes::{Bytes, BytesMut};
use std::borrow::Cow;

/// From a bytes, which is borrowed where [`PersistentBytes`] borrows it. A bytearray or memoryview
/// is copied.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Bytes {
    const ANNOTATION: Annotation = <PersistentBytes as FromHandle<'a, 'ctx>>::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        PersistentBytes::from_handle(handle).map(Bytes::from_owner)
    }
}

/// A copy of a bytes, bytearray or memoryview.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for BytesMut {
    const ANNOTATION: Annotation = <Cow<'a, [u8]> as FromHandle<'a, 'ctx>>::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let bytes = <Cow<'a, [u8]>>::from_handle(handle)?;
        Ok(BytesMut::from(&*bytes))
    }
}

macro_rules! into_bytes {
    ($($type:ty)*) => {$(
        /// A bytes.
        impl<'ctx> IntoHandle<'ctx> for $type {
            const ANNOTATION: Annotation = Annotation::name("bytes");

            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                ctx.bytes(&self).map(Handle::into_object)
            }
        }
    )*};
}

into_bytes! { Bytes &Bytes BytesMut &BytesMut }
