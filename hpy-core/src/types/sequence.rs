//! Views of any object that behaves like a sequence or a mapping.

use super::{Dict, List, Mapping, Sequence, Str, Subtype, Tuple, TypeCheck};
use crate::exceptions::KeyError;
use crate::{Handle, IntoHandle, Result};
use hpy_sys::*;

/// Python's methods to look for an item, for a marker.
macro_rules! searched {
    ($marker:ident) => {
        impl<'ctx> Handle<'ctx, $marker> {
            /// The index of the first item that equals the value. Not `operator.index`, which these
            /// objects don't have.
            ///
            /// # Errors
            /// ValueError if there is none, or what the comparison raises.
            pub fn index<V: $crate::IntoHandle<'ctx>>(&self, value: V) -> $crate::Result<usize> {
                self.call_method1(c"index", (value,))?.extract()
            }

            /// How many items equal the value.
            ///
            /// # Errors
            /// What the comparison raises.
            pub fn count<V: $crate::IntoHandle<'ctx>>(&self, value: V) -> $crate::Result<usize> {
                self.call_method1(c"count", (value,))?.extract()
            }
        }
    };
}
pub(super) use searched;

// SAFETY: there is nothing to be wrong about: what is done with such an object is done at the
// Python level, where it may fail.
unsafe impl TypeCheck for Sequence {
    const NAME: &'static str = "sequence";

    #[inline]
    fn check(object: &Handle<'_>) -> bool {
        if object.is_instance_of::<List>()
            || object.is_instance_of::<Tuple>()
            || object.is_instance_of::<Str>()
        {
            return true;
        }
        has_items(object) && !has_keys(object)
    }
}

impl Subtype for Sequence {}

// SAFETY: as above.
unsafe impl TypeCheck for Mapping {
    const NAME: &'static str = "mapping";

    #[inline]
    fn check(object: &Handle<'_>) -> bool {
        if object.is_instance_of::<Dict>() {
            return true;
        }
        // Those that are asked most, without an exception for each attribute that is not there.
        if object.is_exact_instance_of::<Str>()
            || object.is_exact_instance_of::<List>()
            || object.is_exact_instance_of::<Tuple>()
        {
            return false;
        }
        has_items(object) && has_keys(object)
    }
}

impl Subtype for Mapping {}

#[inline]
fn has_items(object: &Handle<'_>) -> bool {
    let raw = object.as_raw()._i as *mut capi::PyObject;
    // SAFETY: a handle of the own context is the address of an object.
    if object.ctx().raw.is_direct() && !unsafe { capi::may_have_items(raw) } {
        return false;
    }
    has(object, c"__getitem__") && has(object, c"__len__")
}

#[inline]
fn has_keys(object: &Handle<'_>) -> bool {
    has(object, c"keys")
}

/// Whether the object's type has the attribute.
#[inline]
pub(super) fn has(object: &Handle<'_>, name: &core::ffi::CStr) -> bool {
    let type_ = object.type_();
    // SAFETY: the handle is open, the name a C string.
    unsafe { HPy_HasAttr_s(object.ctx().as_ptr(), type_.as_raw(), name.as_ptr()) != 0 }
}

impl<'ctx> Handle<'ctx, Sequence> {
    /// `len(self)`. Python code may answer anything: don't reserve memory by it.
    ///
    /// # Errors
    /// What the object raises.
    #[allow(clippy::len_without_is_empty)]
    #[inline]
    pub fn len(&self) -> Result<usize> {
        self.length()
    }

    /// `self + other`.
    ///
    /// # Errors
    /// TypeError for objects that can't be put together, or what they raise.
    pub fn concat<V: IntoHandle<'ctx>>(&self, other: V) -> Result<Handle<'ctx>> {
        self.as_object().add(other)
    }

    /// `self * count`.
    ///
    /// # Errors
    /// TypeError for objects that can't be repeated, or what they raise.
    #[inline]
    pub fn repeat(&self, count: usize) -> Result<Handle<'ctx>> {
        self.as_object().mul(count)
    }
}

searched! { Sequence }

impl<'ctx> Handle<'ctx, Mapping> {
    /// `len(self)`. Python code may answer anything: don't reserve memory by it.
    ///
    /// # Errors
    /// What the object raises.
    #[allow(clippy::len_without_is_empty)]
    #[inline]
    pub fn len(&self) -> Result<usize> {
        self.length()
    }

    /// The value of a key, if there is one: `self[key]`, with None for KeyError.
    ///
    /// # Errors
    /// What the object raises but for KeyError.
    pub fn get<K: IntoHandle<'ctx>>(&self, key: K) -> Result<Option<Handle<'ctx>>> {
        match self.get_item(key) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_instance_of::<KeyError>(self.ctx()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The keys as they are now: `list(self.keys())`.
    ///
    /// # Errors
    /// What the object raises.
    #[inline]
    pub fn keys(&self) -> Result<Handle<'ctx, List>> {
        self.call_method0(c"keys")?.to_list()
    }

    /// The values as they are now: `list(self.values())`.
    ///
    /// # Errors
    /// What the object raises.
    #[inline]
    pub fn values(&self) -> Result<Handle<'ctx, List>> {
        self.call_method0(c"values")?.to_list()
    }

    /// The pairs of keys and values as they are now: what `self.items()` gives.
    ///
    /// # Errors
    /// What the object raises; ValueError or TypeError if it gives no pairs.
    #[inline]
    pub fn items(&self) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>> {
        let items = self.call_method0(c"items")?.iter()?;
        items.map(|pair| pair?.extract()).collect()
    }
}
