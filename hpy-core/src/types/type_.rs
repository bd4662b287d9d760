//! Classes.

use crate::storage::lookup::Lookup;
use crate::types::{Tuple, Type};
use crate::{Error, Handle, Result, backend};
use hpy_sys::*;
use std::ffi::CStr;

impl<'ctx> Handle<'ctx, Type> {
    /// The class's `__name__`. HPy's `HPyType_GetName`.
    ///
    /// # Errors
    /// UnicodeEncodeError for a name with lone surrogates.
    #[inline]
    pub fn name(&self) -> Result<String> {
        if let Some(name) = backend::name_of_own(self) {
            return name?.extract();
        }
        // SAFETY: the handle is open and a type; the text is copied while it is.
        unsafe {
            let name = HPyType_GetName(self.ctx().as_ptr(), self.as_raw());
            if name.is_null() {
                return Err(Error::fetch_as_it_is(self.ctx()));
            }
            Ok(CStr::from_ptr(name).to_string_lossy().into_owned())
        }
    }

    /// Whether the class is `other` or derives from it, without asking Python code.
    /// HPy's `HPyType_IsSubtype`.
    #[inline]
    #[must_use]
    pub fn is_subtype(&self, other: &Handle<'ctx, Type>) -> bool {
        // SAFETY: the handles are open types.
        unsafe { HPyType_IsSubtype(self.ctx().as_ptr(), self.as_raw(), other.as_raw()) != 0 }
    }

    /// Python's `issubclass(self, class)`: `class` may be a tuple of classes, and
    /// `__subclasscheck__` is asked.
    ///
    /// # Errors
    /// TypeError if it is no class, or what `__subclasscheck__` raises.
    #[inline]
    pub fn is_subclass(&self, class: &Handle<'ctx>) -> Result<bool> {
        static ISSUBCLASS: Lookup = Lookup::new(c"builtins:issubclass");
        ISSUBCLASS
            .get(self.ctx())?
            .call1((self, class))?
            .is_truthy()
    }

    /// The class's `__qualname__`: the name with those of the classes and functions that it was
    /// defined in.
    ///
    /// # Errors
    /// UnicodeEncodeError for a name with lone surrogates.
    #[inline]
    pub fn qualname(&self) -> Result<String> {
        self.getattr(c"__qualname__")?.extract()
    }

    /// The name of the module that the class was defined in.
    ///
    /// # Errors
    /// AttributeError or TypeError if it has none, or something else in its place.
    #[inline]
    pub fn module(&self) -> Result<String> {
        self.getattr(c"__module__")?.extract()
    }

    /// The classes that it derives from directly.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn bases(&self) -> Result<Handle<'ctx, Tuple>> {
        self.getattr(c"__bases__")?.downcast_into()
    }

    /// The class itself and all that it derives from, in the order in which attributes are looked
    /// up.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn mro(&self) -> Result<Handle<'ctx, Tuple>> {
        self.getattr(c"__mro__")?.downcast_into()
    }
}
