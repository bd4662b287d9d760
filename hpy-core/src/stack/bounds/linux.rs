//! Linux and Android, by `pthread_getattr_np`.
//!
//! The main thread's stack grows up to a limit. glibc answers with the limit, which it finds by
//! `/proc`; musl answers with what is in use so far.

use super::Bounds;
use core::ffi::{c_int, c_ulong, c_void};
use core::mem::MaybeUninit;

/// `pthread_attr_t`, which has 64 bytes at most.
#[repr(C, align(16))]
struct Attributes([u8; 256]);

#[repr(C)]
struct Limit {
    current: c_ulong,
    maximum: c_ulong,
}

unsafe extern "C" {
    fn pthread_self() -> usize;
    fn pthread_getattr_np(thread: usize, attributes: *mut Attributes) -> c_int;
    fn pthread_attr_getstack(
        attributes: *const Attributes,
        start: *mut *mut c_void,
        size: *mut usize,
    ) -> c_int;
    fn pthread_attr_destroy(attributes: *mut Attributes) -> c_int;
    fn getrlimit(resource: c_int, limit: *mut Limit) -> c_int;
    fn getauxval(entry: c_ulong) -> c_ulong;
}

pub(super) fn bounds() -> Option<Bounds> {
    match asked() {
        Some(bounds) if !grows(&bounds) => Some(bounds),
        Some(bounds) => Some(growing(bounds.end)),
        // Only the main thread's cannot be told: glibc has no `/proc` to read.
        None => Some(growing(on_main_stack()?.next_multiple_of(1 << 12))),
    }
}

fn asked() -> Option<Bounds> {
    let mut attributes = MaybeUninit::<Attributes>::uninit();
    let (mut start, mut size) = (core::ptr::null_mut(), 0);
    // SAFETY: the thread is the running one; what is filled in has room, and is read and destroyed
    // only then.
    unsafe {
        if pthread_getattr_np(pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let found = pthread_attr_getstack(attributes.as_ptr(), &mut start, &mut size);
        pthread_attr_destroy(attributes.as_mut_ptr());
        if found != 0 {
            return None;
        }
    }
    let lowest = start.addr();
    let end = lowest.checked_add(size)?;
    Some(Bounds { lowest, end })
}

/// Whether it is the main thread's stack, of which musl tells no more than what is in use.
fn grows(bounds: &Bounds) -> bool {
    cfg!(target_env = "musl") && on_main_stack().is_some_and(|place| bounds.contains(place))
}

/// An address near the end of the main thread's stack, where the kernel has put random bytes.
fn on_main_stack() -> Option<usize> {
    const AT_RANDOM: c_ulong = 25;
    // SAFETY: it reads what the kernel has left behind.
    let place = unsafe { getauxval(AT_RANDOM) } as usize;
    (place != 0).then_some(place)
}

/// What the stack that ends there may grow to. The kernel keeps 128 MB free for it at least, which
/// half is taken of where there is no limit.
fn growing(end: usize) -> Bounds {
    const RLIMIT_STACK: c_int = 3;
    const MOST: usize = 64 << 20;
    let mut limit = MaybeUninit::<Limit>::uninit();
    // SAFETY: the limit has room, and is read only if it has been filled in.
    let size = unsafe {
        match getrlimit(RLIMIT_STACK, limit.as_mut_ptr()) {
            0 => usize::try_from(limit.assume_init().current).map_or(MOST, |size| size.min(MOST)),
            _ => super::ASSUMED,
        }
    };
    Bounds {
        lowest: end.saturating_sub(size),
        end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_threads_stack_is_known_without_proc() {
        // Tests run on threads of their own: the main thread's stack is another.
        let place = on_main_stack().unwrap();
        let here = asked().unwrap();
        assert!(!here.contains(place));
        let bounds = growing(place.next_multiple_of(1 << 12));
        assert!(bounds.contains(place));
        assert!(bounds.size() <= 64 << 20);
    }
}
