//! `Lazy`: a value that one thread makes, while the others wait detached.

use crate::exceptions::RuntimeError;
use crate::{Context, Result};
use hpy_sys::fork::{Lock, generation};
use std::sync::OnceLock;
use std::thread::{self, Thread, ThreadId};

/// A static with a Rust value that is made at the first use, once per process. Beside std's
/// `LazyLock`, it is made with a context, and making it may fail. PyO3's `PyOnceLock`, of which
/// several threads may make a value each.
///
/// Where several threads come first, one makes the value. The others leave Python and wait. If
/// making it fails or panics, the next of them tries.
///
/// | what is kept | per process | per interpreter |
/// |---|---|---|
/// | Rust data | `Lazy` | [`State`](crate::State) |
/// | a Python object | – | [`Cached`](crate::Cached), [`Imported`](crate::Imported) |
///
/// ```
/// use hpy::prelude::*;
/// use hpy::sync::Lazy;
///
/// static PRIMES: Lazy<Vec<u32>> = Lazy::new(|_| {
///     Ok((2..100).filter(|n| (2..*n).all(|d| n % d != 0)).collect())
/// });
///
/// #[hpy_method]
/// fn is_prime(ctx: Context<'_>, number: u32) -> Result<bool> {
///     Ok(PRIMES.get(ctx)?.contains(&number))
/// }
/// # hpy_mock::run(|ctx| {
/// #     let is_prime = hpy_mock::method::<is_prime>(ctx);
/// #     assert!(is_prime.call1((97,))?.is_truthy()? && !is_prime.call1((98,))?.is_truthy()?);
/// #     Ok(())
/// # });
/// ```
///
/// It outlives the call, so no handle can lie in it:
///
/// ```compile_fail
/// static LIST: hpy::sync::Lazy<hpy::Handle<'static>> =
///     hpy::sync::Lazy::new(|ctx| ctx.handle(1));
/// ```
pub struct Lazy<T> {
    value: OnceLock<T>,
    make: fn(Context<'_>) -> Result<T>,
    making: Lock<Making>,
}

/// Who makes the value, and who waits for it.
struct Making {
    maker: Option<Maker>,
    waiting: Vec<Thread>,
}

/// A thread of a process: a forked child has none of its parent's makers.
#[derive(Clone, Copy, PartialEq)]
struct Maker {
    thread: ThreadId,
    process: usize,
}

/// What a thread does that finds no value.
enum Turn {
    Make,
    Wait,
    /// It makes the value already.
    Within,
}

impl<T> Lazy<T> {
    /// One that `make` fills at the first use.
    pub const fn new(make: fn(Context<'_>) -> Result<T>) -> Self {
        Self {
            value: OnceLock::new(),
            make,
            making: Lock::new(Making {
                maker: None,
                waiting: Vec::new(),
            }),
        }
    }

    /// The value, if it was made already.
    #[inline]
    pub fn get_if_made(&'static self) -> Option<&'static T> {
        self.value.get()
    }

    /// The value, made at the first use.
    ///
    /// # Errors
    /// What `make` returns; the next use tries again. RuntimeError where `make` needs the value
    /// itself.
    ///
    /// # Panics
    /// A panic of `make` goes on. The next use tries again.
    #[inline]
    pub fn get(&'static self, ctx: Context<'_>) -> Result<&'static T> {
        match self.value.get() {
            Some(value) => Ok(value),
            None => self.make_or_wait(ctx),
        }
    }

    #[cold]
    fn make_or_wait(&'static self, ctx: Context<'_>) -> Result<&'static T> {
        loop {
            let turn = self.turn();
            if let Some(value) = self.value.get() {
                if matches!(turn, Turn::Make) {
                    drop(Finished(&self.making));
                }
                return Ok(value);
            }
            match turn {
                Turn::Make => {
                    let _finished = Finished(&self.making);
                    let value = (self.make)(ctx)?;
                    return Ok(self.value.get_or_init(|| value));
                }
                // It is woken when the maker has finished, and may wake for no reason.
                Turn::Wait => ctx.leave(thread::park),
                Turn::Within => {
                    return Err(RuntimeError::new("a Lazy needs its own value to make it"));
                }
            }
        }
    }

    #[inline]
    fn turn(&'static self) -> Turn {
        let this = thread::current();
        let maker = Maker {
            thread: this.id(),
            process: generation(),
        };
        let mut making = self.making.lock();
        match making.maker {
            Some(other) if other == maker => Turn::Within,
            Some(other) if other.process == maker.process => {
                making.waiting.push(this);
                Turn::Wait
            }
            _ => {
                making.maker = Some(maker);
                Turn::Make
            }
        }
    }
}

/// Ends the making when it is dropped, also by a panic.
struct Finished(&'static Lock<Making>);

impl Drop for Finished {
    #[inline]
    fn drop(&mut self) {
        let waiting = {
            let mut making = self.0.lock();
            making.maker = None;
            core::mem::take(&mut making.waiting)
        };
        for thread in waiting {
            thread.unpark();
        }
    }
}

impl<T> core::fmt::Debug for Lazy<T> {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Lazy")
    }
}
