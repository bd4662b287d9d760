//! `OsString` and `PathBuf`, which hold what Python's file names hold: also what is no Unicode.

use crate::storage::lookup::Lookup;
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

static FSPATH: Lookup = Lookup::new(c"os:fspath");
static PATH: Lookup = Lookup::new(c"pathlib:Path");

#[cfg(unix)]
mod system {
    use super::*;
    use crate::types::Bytes;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};

    static FSENCODE: Lookup = Lookup::new(c"os:fsencode");
    static FSDECODE: Lookup = Lookup::new(c"os:fsdecode");

    /// By `os.fsencode`, which turns surrogates back into the bytes that they stand for.
    #[inline]
    pub fn from_handle(handle: &Handle<'_>) -> Result<OsString> {
        let ctx = handle.ctx();
        let bytes = FSENCODE.get(ctx)?.call1((path_of(handle)?,))?;
        Ok(OsString::from_vec(
            bytes.downcast::<Bytes>()?.as_bytes().to_vec(),
        ))
    }

    /// By `os.fsdecode`.
    #[inline]
    pub fn into_handle<'ctx>(text: &OsStr, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let bytes = ctx.bytes(text.as_bytes())?;
        FSDECODE.get(ctx)?.call1((bytes,))
    }
}

#[cfg(not(unix))]
mod system {
    use super::*;
    use crate::types::Bytes;
    #[cfg(windows)]
    use std::os::windows::ffi::{OsStrExt, OsStringExt};

    static FSDECODE: Lookup = Lookup::new(c"os:fsdecode");

    /// The units of UTF-16, with lone surrogates as they are.
    #[cfg(windows)]
    #[inline]
    pub fn from_handle(handle: &Handle<'_>) -> Result<OsString> {
        let text = FSDECODE.get(handle.ctx())?.call1((path_of(handle)?,))?;
        let bytes = text.call_method1("encode", ("utf-16-le", "surrogatepass"))?;
        let bytes = bytes.downcast::<Bytes>()?.as_bytes();
        let units = bytes
            .chunks_exact(2)
            .map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        Ok(OsString::from_wide(&units.collect::<Vec<_>>()))
    }

    #[cfg(windows)]
    #[inline]
    pub fn into_handle<'ctx>(text: &OsStr, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let bytes: Vec<u8> = text.encode_wide().flat_map(u16::to_le_bytes).collect();
        ctx.bytes(&bytes)?
            .call_method1("decode", ("utf-16-le", "surrogatepass"))
    }

    /// Unicode only.
    #[cfg(not(windows))]
    #[inline]
    pub fn from_handle(handle: &Handle<'_>) -> Result<OsString> {
        let text = FSDECODE.get(handle.ctx())?.call1((path_of(handle)?,))?;
        text.extract::<String>().map(OsString::from)
    }

    /// Unicode only.
    #[cfg(not(windows))]
    #[inline]
    pub fn into_handle<'ctx>(text: &OsStr, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.handle(&*text.to_string_lossy())
    }
}

/// A str or bytes. `os.fsencode` and `os.fsdecode` ask `__fspath__` too, but they are written in
/// Python, and their errors would be taken for those of the object.
fn path_of<'ctx>(handle: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    FSPATH.get(handle.ctx())?.call1((handle,))
}

/// What `os.fsencode` takes.
const PATH_LIKE: crate::Annotation = crate::Annotation::union(&[
    crate::Annotation::name("str"),
    crate::Annotation::name("bytes"),
    crate::Annotation::generic("os.PathLike", &[crate::Annotation::name("str")]),
    crate::Annotation::generic("os.PathLike", &[crate::Annotation::name("bytes")]),
]);

/// From a str, bytes, or any object with `__fspath__`, as Python's `os.fsencode` takes them.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for OsString {
    const ANNOTATION: crate::Annotation = PATH_LIKE;

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        system::from_handle(handle)
    }
}

/// From a str, bytes, or any object with `__fspath__`: a `pathlib.Path` and the like.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for PathBuf {
    const ANNOTATION: crate::Annotation = PATH_LIKE;

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        system::from_handle(handle).map(PathBuf::from)
    }
}

/// A str; bytes that are no text become lone surrogates, as everywhere in Python.
impl<'ctx> IntoHandle<'ctx> for &OsStr {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("str");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        system::into_handle(self, ctx)
    }
}

/// A `pathlib.Path`.
impl<'ctx> IntoHandle<'ctx> for &Path {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("pathlib.Path");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        PATH.get(ctx)?.call1((self.as_os_str(),))
    }
}

macro_rules! as_borrowed {
    ($($owned:ty: $borrowed:ty;)*) => {
        $(impl<'ctx> IntoHandle<'ctx> for $owned {
            const ANNOTATION: crate::Annotation =
                <&$borrowed as crate::IntoHandle<'ctx>>::ANNOTATION;

            #[inline]
            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                <&$borrowed>::into_handle(self.as_ref(), ctx)
            }
        })*
    };
}

as_borrowed! {
    OsString: OsStr;
    &OsString: OsStr;
    PathBuf: Path;
    &PathBuf: Path;
}
