//! Weak references and weak proxies: the module `weakref`.

use super::builtin::cached_marker;
use super::markers::markers;
use crate::backend::quirks::Quirk;
use crate::storage::lookup::Lookup;
use crate::types::{Callable, Subtype, TypeCheck, TypeObject};
use crate::{Context, Handle, Result};

markers! {
    /// A `weakref.ref`: it tells the object as long as something else keeps that alive. PyO3's
    /// `PyWeakrefReference`.
    WeakRef;
    /// A weak proxy, as `weakref.proxy` makes them: every operation on it is one on its object.
    /// PyO3's `PyWeakrefProxy`.
    ///
    /// Python has no way from a proxy back to its object, so there is no `upgrade`: keep a
    /// [`WeakRef`] where you need the object itself.
    WeakProxy;
}

cached_marker! {
    WeakRef "weakref.ref" c"weakref:ReferenceType"
}

static PROXY: Lookup = Lookup::new(c"weakref:proxy");
static PROXY_TYPE: Lookup = Lookup::new(c"weakref:ProxyType");
static CALLABLE_PROXY_TYPE: Lookup = Lookup::new(c"weakref:CallableProxyType");

// SAFETY: the object's type is one of the interpreter's two types of proxies. What is done with
// such an object is done at the Python level.
unsafe impl TypeCheck for WeakProxy {
    const NAME: &'static str = "weakproxy";

    #[inline]
    fn check(object: &Handle<'_>) -> bool {
        PROXY_TYPE.is_type_of(object) || CALLABLE_PROXY_TYPE.is_type_of(object)
    }
}

impl Subtype for WeakProxy {}

/// Weak references.
impl<'ctx> Context<'ctx> {
    /// `weakref.ref(object)`. PyO3's `PyWeakrefReference::new`.
    ///
    /// # Errors
    /// TypeError for objects that cannot be referred to weakly, such as an int or a list. A class
    /// in Rust can say `#[hpy_type(weakref)]`.
    ///
    /// ```no_run
    /// # use hpy::prelude::*;
    /// # fn example<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<()> {
    /// let reference = ctx.weakref(object)?;
    /// match reference.upgrade()? {
    ///     Some(object) => println!("{object} is alive"),
    ///     None => println!("it has ended"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn weakref<T>(self, object: &Handle<'ctx, T>) -> Result<Handle<'ctx, WeakRef>> {
        WeakRef::type_object(self)?
            .call1((object.as_object(),))?
            .downcast_into()
    }

    /// `weakref.ref(object, callback)`: the callback is called with the reference when the object
    /// ends, if the reference is still there. PyO3's `PyWeakrefReference::new_with`.
    ///
    /// # Errors
    /// As for [`weakref`](Self::weakref).
    pub fn weakref_with<T>(
        self,
        object: &Handle<'ctx, T>,
        callback: &Handle<'ctx, Callable>,
    ) -> Result<Handle<'ctx, WeakRef>> {
        WeakRef::type_object(self)?
            .call1((object.as_object(), callback))?
            .downcast_into()
    }

    /// `weakref.proxy(object)`. PyO3's `PyWeakrefProxy::new`.
    ///
    /// # Errors
    /// As for [`weakref`](Self::weakref).
    pub fn weak_proxy<T>(self, object: &Handle<'ctx, T>) -> Result<Handle<'ctx, WeakProxy>> {
        PROXY
            .get(self)?
            .call1((object.as_object(),))?
            .downcast_into()
    }

    /// `weakref.proxy(object, callback)`. PyO3's `PyWeakrefProxy::new_with`.
    ///
    /// # Errors
    /// As for [`weakref`](Self::weakref).
    pub fn weak_proxy_with<T>(
        self,
        object: &Handle<'ctx, T>,
        callback: &Handle<'ctx, Callable>,
    ) -> Result<Handle<'ctx, WeakProxy>> {
        PROXY
            .get(self)?
            .call1((object.as_object(), callback))?
            .downcast_into()
    }
}

impl<'ctx> Handle<'ctx, WeakRef> {
    /// The object; None if it has ended. PyO3's `upgrade`.
    ///
    /// The reference is called, so a `weakref.WeakMethod` gives a bound method.
    ///
    /// # Errors
    /// What the `__call__` of a subclass raises.
    #[inline]
    pub fn upgrade(&self) -> Result<Option<Handle<'ctx>>> {
        let object = self.call0()?;
        Ok((!object.is_none()).then_some(object))
    }

    /// As [`upgrade`](Self::upgrade), for an object of a known type. PyO3's `upgrade_as`.
    ///
    /// # Errors
    /// TypeError if the object is no `T`.
    pub fn upgrade_as<T: TypeCheck>(&self) -> Result<Option<Handle<'ctx, T>>> {
        self.upgrade()?.map(Handle::downcast_into).transpose()
    }

    /// The callback; None if there is none, or the object has ended. Python's `__callback__`.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn callback(&self) -> Result<Option<Handle<'ctx>>> {
        let mut callback = self.getattr(c"__callback__")?;
        if self.ctx().has(Quirk::CALLBACK_IS_A_METHOD) {
            callback = callback.call0()?;
        }
        Ok((!callback.is_none()).then_some(callback))
    }
}
