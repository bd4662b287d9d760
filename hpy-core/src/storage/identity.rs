//! `ByIdentity`: kept objects as keys, equal where they are the same object.

use crate::backend;
use crate::types::{Object, TypeCheck};
use crate::{Context, Handle, Persistent, Result};
use core::borrow::Borrow;
use core::hash::{Hash, Hasher};

/// What an object is known by among those that live: Python's `id`.
///
/// It keeps nothing alive. After the object's end, another one may have the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity(Id);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Id {
    Word(i64),
    /// PyPy's `id` of an int or a float is made of its value, and as long.
    Long(Box<str>),
}

impl Identity {
    /// That of the object.
    ///
    /// # Errors
    /// What `builtins.id` raises where the interpreter has to be asked: MemoryError, say.
    pub fn of<T>(object: &Handle<'_, T>) -> Result<Self> {
        if let Some(address) = backend::address(object.as_object()) {
            return Ok(Self(Id::Word(address as i64)));
        }
        let id = object.ctx().import("builtins")?.getattr(c"id")?;
        let id = id.call1((object.as_object(),))?;
        match id.extract::<i64>() {
            Ok(id) => Ok(Self(Id::Word(id))),
            Err(_) => {
                let text: String = id.str()?.extract()?;
                Ok(Self(Id::Long(text.into())))
            }
        }
    }
}

/// A [`Persistent`] that is compared by identity, as Python's `is` does it. It can be in a
/// `HashSet`, and a key of a `HashMap`.
///
/// Comparing needs no context and cannot fail. A map is searched for an object by its
/// [`Identity`], which keeps nothing alive.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::{ByIdentity, Identity};
/// use std::collections::HashMap;
///
/// #[hpy_method]
/// fn count_each<'ctx>(objects: Vec<ByIdentity>, which: &Handle<'ctx>) -> Result<usize> {
///     let mut counts: HashMap<ByIdentity, usize> = HashMap::new();
///     for object in objects {
///         *counts.entry(object).or_default() += 1;
///     }
///     Ok(counts.get(&Identity::of(which)?).copied().unwrap_or(0))
/// }
/// # hpy_mock::run(|ctx| {
/// #     let (one, other) = (ctx.empty_list()?, ctx.empty_list()?);
/// #     let objects = ctx.list([one.dup(), other, one.dup()])?;
/// #     let count = hpy_mock::method::<count_each>(ctx).call1((objects, one))?;
/// #     assert_eq!(count.extract::<usize>()?, 2);
/// #     Ok(())
/// # });
/// ```
pub struct ByIdentity<T = Object> {
    object: Persistent<T>,
    identity: Identity,
}

impl<T> ByIdentity<T> {
    /// Keeps the object of `handle`.
    ///
    /// # Errors
    /// MemoryError.
    pub fn new(handle: &Handle<'_, T>) -> Result<Self> {
        Ok(Self {
            identity: Identity::of(handle)?,
            object: Persistent::new(handle)?,
        })
    }

    /// A handle to the object, for this call.
    ///
    /// # Errors
    /// As for [`Persistent::get`].
    pub fn get<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, T>> {
        self.object.get(ctx)
    }

    /// What it is known by.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The kept object.
    #[must_use]
    pub fn as_persistent(&self) -> &Persistent<T> {
        &self.object
    }

    /// The kept object.
    #[must_use]
    pub fn into_persistent(self) -> Persistent<T> {
        self.object
    }
}

impl<T, U> PartialEq<ByIdentity<U>> for ByIdentity<T> {
    /// Both objects live, so theirs are different if they are.
    fn eq(&self, other: &ByIdentity<U>) -> bool {
        self.identity == other.identity
    }
}

impl<T> Eq for ByIdentity<T> {}

impl<T> Hash for ByIdentity<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity.hash(state);
    }
}

impl<T> Borrow<Identity> for ByIdentity<T> {
    fn borrow(&self) -> &Identity {
        &self.identity
    }
}

impl<T> core::fmt::Debug for ByIdentity<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.object.fmt(f)
    }
}

impl<'ctx, T: TypeCheck> crate::IntoHandle<'ctx> for &ByIdentity<T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION.of_result();

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.get(ctx).map(Handle::into_object)
    }
}

impl<'a, 'ctx, T: TypeCheck> crate::FromHandle<'a, 'ctx> for ByIdentity<T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Self::new(handle.downcast::<T>()?)
    }
}
