//! `Global`: a static that holds an object, declared by a module.

use crate::backend::any_global::{AnyGlobal, load, word};
use crate::object::variance::Invariant;
use crate::types::Object;
use crate::{Context, Handle, Result};
use core::marker::PhantomData;
use core::sync::atomic::Ordering;
use hpy_sys::*;

/// A static that holds an object. HPy's `HPyGlobal`.
///
/// The module that uses it declares it: `hpy_module! { …, globals: [CACHE] }`.
///
/// Where a module may be imported by several interpreters (`interpreters: many`), it holds an
/// object of each, and is empty in those that have stored none.
///
/// ```
/// use hpy::prelude::*;
///
/// static LAST: Global = Global::new();
///
/// #[hpy_method]
/// fn remember(object: &Handle<'_>) -> Result<()> {
///     LAST.store(object)
/// }
///
/// #[hpy_method]
/// fn last<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
///     LAST.load(ctx)
/// }
///
/// hpy_module! {
///     name: memory,
///     methods: [remember, last],
///     globals: [LAST],
/// }
/// # fn main() {
/// #     unsafe extern "C" {
/// #         fn HPyInit_memory() -> *mut hpy::sys::HPyModuleDef;
/// #     }
/// #     extern "C" fn init() -> *mut hpy::sys::HPyModuleDef {
/// #         unsafe { HPyInit_memory() }
/// #     }
/// #     hpy_mock::run(|ctx| {
/// #         let module = hpy_mock::import(ctx, "memory", init)?;
/// #         assert!(module.call_method0("last")?.is_none());
/// #         module.call_method1("remember", ("this",))?;
/// #         assert_eq!(module.call_method0("last")?.to_string(), "this");
/// #         Ok(())
/// #     });
/// # }
/// ```
pub struct Global<T = Object> {
    any: AnyGlobal,
    _type: Invariant<T>,
}

impl<T> Global<T> {
    /// An empty global, for a static.
    #[allow(clippy::new_without_default)]
    #[must_use]
    pub const fn new() -> Self {
        Self {
            any: AnyGlobal::new(),
            _type: PhantomData,
        }
    }

    /// Stores the object, in place of the one before. HPy's `HPyGlobal_Store`.
    ///
    /// # Errors
    /// RuntimeError where no module that is loaded declares the global.
    pub fn store(&'static self, object: &Handle<'_, T>) -> Result<()> {
        self.is_declared()?;
        self.replace(object.ctx(), object.as_raw());
        Ok(())
    }

    /// Empties the global.
    ///
    /// # Errors
    /// As for [`store`](Self::store).
    pub fn clear(&'static self, ctx: Context<'_>) -> Result<()> {
        self.is_declared()?;
        self.replace(ctx, HPy_NULL);
        Ok(())
    }

    /// The object, if there is one. HPy's `HPyGlobal_Load`.
    ///
    /// # Errors
    /// As for [`store`](Self::store).
    pub fn load<'ctx>(&'static self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx, T>>> {
        self.is_declared()?;
        // Not under the lock.
        ctx.assert_attached();
        let raw = self.any.lock.during(|| {
            // SAFETY: the global belongs to a loaded module, and nobody stores meanwhile: they
            // would hold the lock, or there is one for the whole interpreter.
            unsafe { load(ctx, self.any.place.of(ctx)) }
        });
        // SAFETY: a new handle or null; only `T`s are stored.
        Ok(unsafe { Handle::from_raw(ctx, raw) })
    }

    fn replace(&'static self, ctx: Context<'_>, object: HPy) {
        ctx.assert_attached();
        let before = self.any.lock.during(|| {
            // SAFETY: as in `load`. The object before is kept alive until the lock is free, since
            // its end may run code.
            unsafe {
                let global = self.any.place.of(ctx);
                let before = load(ctx, global);
                if !object.is_null() {
                    crate::backend::global_stores(ctx, global);
                }
                // Of the place too that it may have got just now, for a number that does not use
                // it.
                let word = word(global);
                HPyGlobal_Store(ctx.as_ptr(), global, object);
                crate::backend::global_replaced(ctx, global, word, object.is_null());
                self.any.stored(ctx);
                before
            }
        });
        // SAFETY: a new handle or null.
        drop(unsafe { Handle::<Object>::from_raw(ctx, before) });
    }

    fn is_declared(&self) -> Result<()> {
        if self.any.declared.load(Ordering::Relaxed) {
            Ok(())
        } else {
            Err(undeclared())
        }
    }

    /// For `hpy_module!`, which lists globals of all types together.
    #[doc(hidden)]
    pub const fn as_untyped(&'static self) -> &'static AnyGlobal {
        &self.any
    }
}

#[cold]
fn undeclared() -> crate::Error {
    crate::exceptions::RuntimeError::new(
        "a global is used that no loaded module declares: list it in hpy_module! under `globals`",
    )
}

impl<T> core::fmt::Debug for Global<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Global")
    }
}
