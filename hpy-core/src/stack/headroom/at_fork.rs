//! What a child of `fork` does first.

use core::ffi::c_int;
use core::sync::atomic::{AtomicU8, Ordering};

type Handler = Option<unsafe extern "C" fn()>;

unsafe extern "C" {
    fn pthread_atfork(prepare: Handler, parent: Handler, child: Handler) -> c_int;
}

/// Whether C was asked to call a handler in children.
pub(crate) struct AtFork(AtomicU8);

impl AtFork {
    const NOT_YET: u8 = 0;
    const ASKING: u8 = 1;
    const YES: u8 = 2;

    pub(crate) const fn new() -> Self {
        Self(AtomicU8::new(Self::NOT_YET))
    }

    /// Whether children call the handler. It is always the same one, and only writes to statics.
    pub(crate) fn ask(&self, handler: unsafe extern "C" fn()) -> bool {
        if self.0.load(Ordering::Acquire) == Self::YES {
            return true;
        }
        // Nobody waits for another: in a child that is made meanwhile it is as if not asked.
        let (asking, failed) = (Self::ASKING, Ordering::Relaxed);
        let first = self
            .0
            .compare_exchange(Self::NOT_YET, asking, Ordering::Acquire, failed);
        if first.is_err() {
            return false;
        }
        // SAFETY: the handler only writes to statics; extensions are never unloaded.
        let asked = unsafe { pthread_atfork(None, None, Some(handler)) } == 0;
        let answer = if asked { Self::YES } else { Self::NOT_YET };
        self.0.store(answer, Ordering::Release);
        asked
    }
}
