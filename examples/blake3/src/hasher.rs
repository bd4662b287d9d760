//! The class.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hpy::buffer::Buffer;
use hpy::exceptions::{OverflowError, ValueError};
use hpy::prelude::*;
use hpy::sync::MutexExt;
use hpy::{bail, ensure};

use crate::input::{Input, PIECE};
use crate::threads::{AUTO, Threads};

/// An incremental hash. Any number of threads may use one: each waits for the others.
#[hpy_type(name = "blake3", frozen)]
pub struct Hasher {
    state: Mutex<blake3::Hasher>,
    threads: Threads,
}

/// From so many bytes on, other threads run Python meanwhile. Fewer take less time than that.
const WORTH_LEAVING: usize = 2048;

/// What is copied at once for several threads, which smaller pieces would not keep busy.
const POOLS_PIECE: usize = 1 << 20;

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
        data: Option<Input<'_, '_>>,
        key: Option<Input<'_, '_>>,
        derive_key_context: Option<&str>,
        max_threads: isize,
        usedforsecurity: bool,
    ) -> Result<Self> {
        // `hashlib` has it too, and nothing depends on it.
        let _ = usedforsecurity;
        let state = match (key, derive_key_context) {
            (None, None) => blake3::Hasher::new(),
            (Some(key), None) => {
                let Ok(key) = key.whole(|key| <[u8; blake3::KEY_LEN]>::try_from(key))? else {
                    bail!(ValueError, "a key has {} bytes", blake3::KEY_LEN);
                };
                blake3::Hasher::new_keyed(&key)
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
            hasher.add(ctx, &data)?;
        }
        Ok(hasher)
    }

    /// Adds bytes to what is hashed, and returns the hasher.
    #[hpy(signature = (data, /))]
    fn update<'ctx>(this: &Handle<'ctx, Self>, data: Input<'_, '_>) -> Result<Handle<'ctx, Self>> {
        this.borrow()?.add(this.ctx(), &data)?;
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
        ctx.bytes_with(length, |bytes| {
            self.fill(ctx, bytes, seek);
            Ok(())
        })
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
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length)?;
        bytes.resize(length, 0);
        self.fill(ctx, &mut bytes, seek);
        for byte in bytes {
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
        let state = self.state.lock_attached(ctx);
        state.unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, ctx: Context<'_>, data: &Input<'_, '_>) -> Result<()> {
        match data {
            Input::Shared(buffer) => self.add_pieces(ctx, buffer),
            _ => data.whole(|data| self.add_whole(ctx, data)),
        }
    }

    fn add_whole(&self, ctx: Context<'_>, data: &[u8]) {
        if data.len() < WORTH_LEAVING {
            self.attached(ctx).update(data);
            return;
        }
        ctx.detach_with((self, data), |(hasher, data)| {
            // Locked out here: one of the pool's threads that waited for it might be the one that
            // the owner waits for.
            hasher.threads.update(&mut hasher.lock(), data);
        });
    }

    /// Copies a piece, which stays in the processor's cache, and hashes it before the next one.
    fn add_pieces(&self, ctx: Context<'_>, data: &Buffer<'_, u8>) -> Result<()> {
        let size = match self.threads {
            Threads::Caller => PIECE,
            Threads::Pool(_) => POOLS_PIECE.min(data.len()),
        };
        let mut piece = vec![0; size];
        let mut state = self.attached(ctx);
        for first in (0..data.len()).step_by(size) {
            let piece = &mut piece[..size.min(data.len() - first)];
            data.copy_part_to_slice(first, piece)?;
            let lent = (&mut *state, &*piece, &self.threads);
            ctx.detach_with(lent, |(state, piece, threads)| threads.update(state, piece));
        }
        Ok(())
    }

    /// Some bytes of the endless hash.
    fn fill(&self, ctx: Context<'_>, part: &mut [u8], seek: u64) {
        let mut reader = self.attached(ctx).finalize_xof();
        ctx.detach_with(part, move |part| {
            reader.set_position(seek);
            reader.fill(part);
        });
    }
}
