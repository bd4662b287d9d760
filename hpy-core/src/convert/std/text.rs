//! `str` and `bytes`.

use crate::exceptions::ValueError;
use crate::types::{ByteArray, Bytes, MemoryView, Str, TypeObject};
use crate::{Context, FromHandle, Handle, IntoHandle, Result, backend};
use hpy_sys::HPyUnicode_FromString;
use std::borrow::Cow;

/// Borrowed from the object: no copy.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for &'a str {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");

    #[inline(always)]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        match backend::text_by_one_word(handle) {
            Some(text) => Ok(text),
            None => handle.downcast::<Str>()?.to_str(),
        }
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for String {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");
    const NESTS: bool = false;

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        <&str>::from_handle(handle).map(str::to_owned)
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Cow<'a, str> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        <&str>::from_handle(handle).map(Cow::Borrowed)
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Box<str> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        <&str>::from_handle(handle).map(Box::from)
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for char {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let mut chars = <&str>::from_handle(handle)?.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(ValueError::new("expected a string of length 1")),
        }
    }
}

impl<'ctx> IntoHandle<'ctx> for &str {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");
    const NESTS: bool = false;

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.str(self).map(Handle::into_object)
    }
}

/// A str of the UTF-8. As a key it is the quickest: `dict.get_item(c"x")`.
impl<'ctx> IntoHandle<'ctx> for &core::ffi::CStr {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        // SAFETY: a C string; a new str or null with an exception.
        unsafe { ctx.made_handle(HPyUnicode_FromString(ctx.as_ptr(), self.as_ptr())) }
    }

    #[inline(always)]
    fn as_key(&self) -> Option<crate::convert::Key<'_>> {
        Some(crate::convert::Key::Text(self))
    }
}

impl<'ctx> IntoHandle<'ctx> for char {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.encode_utf8(&mut [0; 4]).into_handle(ctx)
    }
}

macro_rules! as_str {
    ($($text:ty)*) => {
        $(impl<'ctx> IntoHandle<'ctx> for $text {
            const ANNOTATION: crate::Annotation = crate::Annotation::name("str");

            #[inline]
            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                ctx.str(&self).map(Handle::into_object)
            }
        })*
    };
}

as_str! { String &String Cow<'_, str> &Cow<'_, str> Box<str> &&str &mut str }

/// Borrowed from a bytes object: no copy.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for &'a [u8] {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("bytes");

    #[inline(always)]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Ok(handle.downcast::<Bytes>()?.as_bytes())
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Cow<'a, [u8]> {
    const ANNOTATION: crate::Annotation = crate::Annotation::union(&[
        crate::Annotation::name("bytes"),
        crate::Annotation::name("bytearray"),
        crate::Annotation::name("memoryview"),
    ]);

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if !handle.is_instance_of::<Bytes>()
            && let Some(copied) = bytes_like(handle)
        {
            return copied.map(Cow::Owned);
        }
        Ok(Cow::Borrowed(handle.downcast::<Bytes>()?.as_bytes()))
    }
}

/// The contents of bytes, bytearray and memoryview; None for other objects.
pub(crate) fn bytes_like(handle: &Handle<'_>) -> Option<Result<Vec<u8>>> {
    if handle.is_instance_of::<Bytes>() {
        let bytes = handle.downcast::<Bytes>();
        return Some(bytes.map(|bytes| bytes.as_bytes().to_vec()));
    }
    let ctx = handle.ctx();
    let copy = || {
        Bytes::type_object(ctx)?
            .call1((handle,))?
            .extract::<&[u8]>()
            .map(<[u8]>::to_vec)
    };
    (handle.is_instance_of::<ByteArray>() || handle.is_instance_of::<MemoryView>()).then(copy)
}
