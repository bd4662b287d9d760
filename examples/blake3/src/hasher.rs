//! The class.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use hpy::exceptions::{MemoryError, OverflowError, ValueError};
use hpy::prelude::*;
use hpy::{bail, ensure};

use crate::input::Input;
use crate::threads::{AUTO, Threads};

/// An incremental hash. Any number of threads may use one: each waits for the others.
#[hpy_type(name = "blake3", frozen)]
pub struct Hasher {
    state: Mutex<blake3::Hasher>,
    threads: Threads,
}

/// From so many bytes on, other threads run Python meanwhile. Fewer take less time than that.
const WORTH_LEAVING: usize = 2048;

#[hpy_methods]
impl Hasher {
    #[classattr]
    #[hpy(name = "name")]
    const NAME: &str = "blake3";
    #[classattr]
    #[hpy(name = "digest_size")]
    const DIGEST_SIZE: usize = blake3::OUT_LEN;
    #[classattr]
    #[hpy(name = "block_size")]
    const BLOCK_SIZE: usize = blake3::BLOCK_LEN;
    #[classattr]
    #[hpy(name = "key_size")]
    const KEY_SIZE: usize = blake3::KEY_LEN;
    #[classattr]
    const AUTO: isize = AUTO;

    #[new]
    #[hpy(signature = (
        data = None, /, *, key = None, derive_key_context = None, max_threads = 1,
        usedforsecurity = true
    ))]
    fn new(
        ctx: Context<'_>,
        data: Option<Input<'_>>,
        key: Option<Input<'_>>,
        derive_key_context: Option<&str>,
        max_threads: isize,
        usedforsecurity: bool,
    ) -> Result<Self> {
        // `hashlib` has it too, and nothing depends on it.
        let _ = usedforsecurity;
        let state = match (key, derive_key_context) {
            (None, None) => blake3::Hasher::new(),
            (Some(key), None) => {
                let Ok(key) = <&[u8; blake3::KEY_LEN]>::try_from(key.bytes()) else {
                    bail!(ValueError, "a key has {} bytes", blake3::KEY_LEN);
                };
                blake3::Hasher::new_keyed(key)
            }
            (None, Some(context)) => blake3::Hasher::new_derive_key(context),
            (Some(_), Some(_)) => {
                bail!(ValueError, "key and derive_key_context exclude each other")
            }
        };
        let hasher = Self {
            state: Mutex::new(state),
            threads: Threads::new(max_threads)?,
        };
        if let Some(data) = data {
            hasher.add(ctx, data.bytes());
        }
        Ok(hasher)
    }

    /// Adds bytes to what is hashed, and returns the hasher.
    #[hpy(signature = (data, /))]
    fn update<'ctx>(this: &Handle<'ctx, Self>, data: Input<'_>) -> Result<Handle<'ctx, Self>> {
        this.borrow()?.add(this.ctx(), data.bytes());
        Ok(this.dup())
    }

    /// Adds the content of a file, which is mapped into memory, and returns the hasher.
    #[hpy(signature = (path))]
    fn update_mmap<'ctx>(this: &Handle<'ctx, Self>, path: PathBuf) -> Result<Handle<'ctx, Self>> {
        let hasher = this.borrow()?;
        this.ctx().detach_with(&*hasher, move |hasher| {
            let mut guard = hasher.lock();
            let state = &mut *guard;
            match &hasher.threads {
                Threads::Caller => state.update_mmap(path).map(drop),
                Threads::Pool(pool) => pool.install(|| state.update_mmap_rayon(path).map(drop)),
            }
        })?;
        Ok(this.dup())
    }

    /// Another hasher that goes on from here.
    fn copy(&self, ctx: Context<'_>) -> Self {
        Self {
            state: Mutex::new(self.attached(ctx).clone()),
            threads: self.threads.clone(),
        }
    }

    /// Forgets what was added.
    fn reset(&self, ctx: Context<'_>) {
        self.attached(ctx).reset();
    }

    /// The hash, or any part of an endless one: `length` bytes from byte `seek` on.
    #[hpy(signature = (length = blake3::OUT_LEN, *, seek = 0))]
    fn digest<'ctx>(
        &self,
        ctx: Context<'ctx>,
        length: usize,
        seek: u64,
    ) -> Result<Handle<'ctx, Bytes>> {
        if (length, seek) == (blake3::OUT_LEN, 0) {
            return ctx.bytes(self.attached(ctx).finalize().as_bytes());
        }
        ctx.bytes(&self.part(ctx, length, seek)?)
    }

    /// The same as text, two digits for each byte.
    #[hpy(signature = (length = blake3::OUT_LEN, *, seek = 0))]
    fn hexdigest<'ctx>(
        &self,
        ctx: Context<'ctx>,
        length: usize,
        seek: u64,
    ) -> Result<Handle<'ctx, Str>> {
        if (length, seek) == (blake3::OUT_LEN, 0) {
            return ctx.str(&self.attached(ctx).finalize().to_hex());
        }
        ensure!(
            length <= isize::MAX as usize / 2,
            OverflowError,
            "length is too large"
        );
        let digits = b"0123456789abcdef";
        let mut text = String::new();
        text.try_reserve_exact(2 * length)?;
        for byte in self.part(ctx, length, seek)? {
            text.push(char::from(digits[usize::from(byte >> 4)]));
            text.push(char::from(digits[usize::from(byte & 15)]));
        }
        ctx.str(&text)
    }
}

impl Hasher {
    fn lock(&self) -> MutexGuard<'_, blake3::Hasher> {
        // A panic within the crate leaves a state that can be hashed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits outside of Python, where another thread may need it before it unlocks.
    fn attached(&self, ctx: Context<'_>) -> MutexGuard<'_, blake3::Hasher> {
        loop {
            match self.state.try_lock() {
                Ok(state) => return state,
                Err(TryLockError::Poisoned(state)) => return state.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    ctx.detach_with(self, |hasher| drop(hasher.lock()))
                }
            }
        }
    }

    fn add(&self, ctx: Context<'_>, data: &[u8]) {
        if data.len() < WORTH_LEAVING {
            self.attached(ctx).update(data);
            return;
        }
        ctx.detach_with((self, data), |(hasher, data)| {
            // Locked out here: one of the pool's threads that waited for it might be the one that
            // the owner waits for.
            let mut guard = hasher.lock();
            let state = &mut *guard;
            match &hasher.threads {
                Threads::Caller => {
                    state.update(data);
                }
                Threads::Pool(pool) => pool.install(|| {
                    state.update_rayon(data);
                }),
            }
        });
    }

    fn part(&self, ctx: Context<'_>, length: usize, seek: u64) -> Result<Vec<u8>> {
        let mut reader = self.attached(ctx).finalize_xof();
        let mut part = Vec::new();
        if part.try_reserve_exact(length).is_err() {
            return Err(MemoryError::new("length is too large"));
        }
        part.resize(length, 0);
        ctx.detach_with(&mut part, move |part| {
            reader.set_position(seek);
            reader.fill(part);
        });
        Ok(part)
    }
}
