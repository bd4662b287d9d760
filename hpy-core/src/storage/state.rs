//! `State`: Rust data of a module, of which every interpreter has its own.

use crate::types::Capsule;
use crate::{Cached, Context, Handle, Result};
use core::ops::Deref;

/// A static with Rust data that is made at the first use, and kept until the interpreter ends.
///
/// A static of Rust's own is one per process; where a module may be imported by several
/// interpreters (`interpreters: many`), each has a `State` of its own. It needs no declaration.
/// What changes in it is in a `Mutex`, an atomic or the like: all threads may come to it.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::State;
/// use std::collections::HashMap;
/// use std::sync::{Mutex, PoisonError};
///
/// static COUNTS: State<Mutex<HashMap<String, u64>>> = State::new(|_| Ok(Mutex::default()));
///
/// /// How often the word was seen.
/// #[hpy_method]
/// fn seen(ctx: Context<'_>, word: String) -> Result<u64> {
///     let counts = COUNTS.get(ctx)?;
///     let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
///     let count = counts.entry(word).or_default();
///     *count += 1;
///     Ok(*count)
/// }
/// ```
///
/// It lies in a [`Capsule`], so what cannot go to another thread cannot lie in it:
///
/// ```compile_fail,E0277
/// static LOCAL: hpy::State<std::rc::Rc<i32>> = hpy::State::new(|_| Ok(std::rc::Rc::new(1)));
/// ```
pub struct State<T> {
    make: fn(Context<'_>) -> Result<T>,
    capsule: Cached<Capsule<T>>,
}

impl<T: Send + Sync + 'static> State<T> {
    /// One that `make` fills at the first use in each interpreter.
    pub const fn new(make: fn(Context<'_>) -> Result<T>) -> Self {
        Self {
            make,
            capsule: Cached::new(),
        }
    }

    /// The data of this interpreter.
    ///
    /// No lock is held while it is made: where several threads come first, each makes some, all get
    /// what was ready first, and the rest is dropped.
    ///
    /// # Errors
    /// What `make` returns, or MemoryError; then the next use tries again.
    pub fn get<'ctx>(&'static self, ctx: Context<'ctx>) -> Result<StateRef<'ctx, T>> {
        let capsule = self
            .capsule
            .get_or_init(ctx, || ctx.capsule(c"hpy.State", (self.make)(ctx)?))?;
        let value = capsule.value();
        Ok(StateRef {
            value,
            _capsule: capsule,
        })
    }
}

impl<T> core::fmt::Debug for State<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("State")
    }
}

/// The data of a [`State`], as [`get`](State::get) gives it.
#[derive(Debug)]
pub struct StateRef<'ctx, T> {
    value: *const T,
    /// What keeps the value where it is.
    _capsule: Handle<'ctx, Capsule<T>>,
}

impl<T> Deref for StateRef<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the value lies in the capsule, which nothing but its end changes, and whose
        // handle is open as long as this is.
        unsafe { &*self.value }
    }
}
