//! Views of dicts: what `keys`, `values` and `items` give in Python, and mapping proxies.

use super::builtin::cached_marker;
use super::markers::markers;
use crate::types::{Dict, List, Mapping, TypeObject};
use crate::{Context, Handle, IntoHandle, Result};

markers! {
    /// What `dict.keys()` gives in Python: the keys as they are at each moment. PyO3's
    /// `PyDictKeys`.
    DictKeys;
    /// What `dict.values()` gives in Python. PyO3's `PyDictValues`.
    DictValues;
    /// What `dict.items()` gives in Python. PyO3's `PyDictItems`.
    DictItems;
    /// A `types.MappingProxyType`: a mapping that can be read only, such as a class's `__dict__`.
    /// PyO3's `PyMappingProxy`.
    MappingProxy;
}

cached_marker! {
    DictKeys "dict_keys" c"_collections_abc:dict_keys"
}
cached_marker! {
    DictValues "dict_values" c"_collections_abc:dict_values"
}
cached_marker! {
    DictItems "dict_items" c"_collections_abc:dict_items"
}
cached_marker! {
    MappingProxy "mappingproxy" c"types:MappingProxyType"
}

/// The views, which change with the dict. [`keys`](Handle::keys) and the like give what is there
/// now.
impl<'ctx> Handle<'ctx, Dict> {
    /// A view of the keys: Python's `dict.keys()`.
    ///
    /// # Errors
    /// What a subclass raises; TypeError if it gives something else.
    #[inline]
    pub fn keys_view(&self) -> Result<Handle<'ctx, DictKeys>> {
        self.call_method0(c"keys")?.downcast_into()
    }

    /// A view of the values: Python's `dict.values()`.
    ///
    /// # Errors
    /// As for [`keys_view`](Self::keys_view).
    #[inline]
    pub fn values_view(&self) -> Result<Handle<'ctx, DictValues>> {
        self.call_method0(c"values")?.downcast_into()
    }

    /// A view of the pairs: Python's `dict.items()`.
    ///
    /// # Errors
    /// As for [`keys_view`](Self::keys_view).
    #[inline]
    pub fn items_view(&self) -> Result<Handle<'ctx, DictItems>> {
        self.call_method0(c"items")?.downcast_into()
    }
}

macro_rules! views {
    ($($view:ident)*) => {$(
        impl<'ctx> Handle<'ctx, $view> {
            /// The number of entries that the dict has now.
            ///
            /// # Errors
            /// What a subclass raises.
            #[allow(clippy::len_without_is_empty)] // It may fail.
            #[inline]
            pub fn len(&self) -> Result<usize> {
                self.length()
            }

            /// The dict, which can be read only (Python 3.10 and later). Python's `mapping`.
            ///
            /// # Errors
            /// AttributeError on Python 3.9.
            #[inline]
            pub fn mapping(&self) -> Result<Handle<'ctx, MappingProxy>> {
                self.getattr(c"mapping")?.downcast_into()
            }
        }
    )*};
}

views! { DictKeys DictValues DictItems }

impl<'ctx> Context<'ctx> {
    /// `types.MappingProxyType(mapping)`: the same mapping, to be read only. PyO3's
    /// `PyMappingProxy::new`.
    ///
    /// # Errors
    /// TypeError for what is no mapping. Lists and tuples are none either.
    ///
    /// ```no_run
    /// # use hpy::prelude::*;
    /// # use hpy::types::MappingProxy;
    /// /// The settings, which the caller must not change.
    /// # fn settings<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, MappingProxy>> {
    /// let settings = dict! { "depth" => 3 }.build(ctx)?;
    /// ctx.mapping_proxy(&settings)
    /// # }
    /// ```
    #[inline]
    pub fn mapping_proxy(self, mapping: &Handle<'ctx>) -> Result<Handle<'ctx, MappingProxy>> {
        MappingProxy::type_object(self)?
            .call1((mapping,))?
            .downcast_into()
    }
}

/// Each asks the mapping behind the proxy, which may be of any class.
impl<'ctx> Handle<'ctx, MappingProxy> {
    /// `len(self)`. Python code may answer anything: don't reserve memory by it.
    ///
    /// # Errors
    /// What the mapping raises.
    #[allow(clippy::len_without_is_empty)] // It may fail.
    #[inline]
    pub fn len(&self) -> Result<usize> {
        self.length()
    }

    /// The value of a key, if there is one: `self[key]`, with None for KeyError.
    ///
    /// # Errors
    /// What the mapping raises but for KeyError.
    pub fn get<K: IntoHandle<'ctx>>(&self, key: K) -> Result<Option<Handle<'ctx>>> {
        self.as_mapping().get(key)
    }

    /// The keys as they are now.
    ///
    /// # Errors
    /// What the mapping raises.
    #[inline]
    pub fn keys(&self) -> Result<Handle<'ctx, List>> {
        self.as_mapping().keys()
    }

    /// The values as they are now.
    ///
    /// # Errors
    /// What the mapping raises.
    #[inline]
    pub fn values(&self) -> Result<Handle<'ctx, List>> {
        self.as_mapping().values()
    }

    /// The pairs of keys and values as they are now.
    ///
    /// # Errors
    /// What the mapping raises; ValueError or TypeError if it gives no pairs.
    #[inline]
    pub fn items(&self) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>> {
        self.as_mapping().items()
    }

    /// A copy of the mapping, which can be changed: `self.copy()`.
    ///
    /// # Errors
    /// What the mapping raises.
    #[inline]
    pub fn copy(&self) -> Result<Handle<'ctx>> {
        self.call_method0(c"copy")
    }

    /// The same object as a [`Mapping`].
    #[must_use]
    #[inline]
    pub fn as_mapping(&self) -> &Handle<'ctx, Mapping> {
        // SAFETY: every proxy has a mapping's methods, and what is done with a `Mapping` is done at
        // the Python level.
        unsafe { self.downcast_unchecked() }
    }
}
