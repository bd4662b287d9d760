//! Paths: `pathlib`, and anything with `__fspath__`.

use super::builtin::cached_marker;
use super::markers::markers;
use super::sequence::has;
use crate::storage::lookup::Lookup;
use crate::types::{Bytes, Str, Subtype, TypeCheck};
use crate::{Context, Handle, Result};
use std::path::PathBuf;

markers! {
    /// A `pathlib.PurePath`: a `Path` and the like.
    Path;
    /// Any object whose type has `__fspath__`: paths of `pathlib`, `os.DirEntry` and the like.
    /// Python's `os.PathLike`.
    ///
    /// A parameter that takes a str too is a `PathBuf` or an `&OsStr`.
    PathLike;
}

cached_marker! {
    Path "PurePath" c"pathlib:PurePath"
}

static PATH: Lookup = Lookup::new(c"pathlib:Path");

// SAFETY: there is nothing to be wrong about: what is done with such an object is done at the
// Python level, where it may fail.
unsafe impl TypeCheck for PathLike {
    const NAME: &'static str = "os.PathLike";

    #[inline]
    fn check(object: &Handle<'_>) -> bool {
        !object.is_exact_instance_of::<Str>()
            && !object.is_exact_instance_of::<Bytes>()
            && has(object, c"__fspath__")
    }
}

impl Subtype for PathLike {}

impl<'ctx> Context<'ctx> {
    /// `pathlib.Path(path)`.
    ///
    /// # Errors
    /// What the import of `pathlib` raises, or MemoryError.
    pub fn path<P: AsRef<std::path::Path>>(self, path: P) -> Result<Handle<'ctx, Path>> {
        PATH.get(self)?
            .call1((path.as_ref().as_os_str(),))?
            .downcast_into()
    }
}

impl<'ctx> Handle<'ctx, PathLike> {
    /// The path as a str or bytes: Python's `os.fspath`.
    ///
    /// # Errors
    /// What `__fspath__` raises; TypeError if it gives something else.
    #[inline]
    pub fn fspath(&self) -> Result<Handle<'ctx>> {
        static FSPATH: Lookup = Lookup::new(c"os:fspath");
        FSPATH.get(self.ctx())?.call1((self,))
    }

    /// The path for Rust.
    ///
    /// # Errors
    /// As for [`fspath`](Self::fspath).
    #[inline]
    pub fn to_path_buf(&self) -> Result<PathBuf> {
        self.as_object().extract()
    }
}

impl<'ctx> Handle<'ctx, Path> {
    /// The path for Rust.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn to_path_buf(&self) -> Result<PathBuf> {
        self.as_object().extract()
    }

    /// The last part: `c.txt` of `a/b/c.txt`. Python's `name`.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn name(&self) -> Result<Handle<'ctx, Str>> {
        self.getattr(c"name")?.downcast_into()
    }

    /// The path without the last part. Python's `parent`.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn parent(&self) -> Result<Handle<'ctx, Path>> {
        self.getattr(c"parent")?.downcast_into()
    }
}
