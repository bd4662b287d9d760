//! The personality function that stops a forced unwind.
//!
//! An unwinder asks the personality function of each frame what to clean up, from the innermost
//! frame outwards. A frame is removed only when that function agrees. All Rust functions with
//! cleanup share one personality function, which their unwind tables reach through one word of the
//! library's data. This module replaces that word by a wrapper. It passes panics on, and in a
//! forced unwind it never returns. What lies further inwards has nothing to clean up, and its
//! memory stays.
//!
//! Calls cost nothing extra. Landing pads around each call of the C API would cost size, and
//! wrapper functions would cost time.

use core::ffi::{CStr, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

/// `_Unwind_Personality_Fn`: version, actions, class of the exception, exception, context.
type Personality = unsafe extern "C" fn(c_int, c_int, u64, *mut c_void, *mut c_void) -> c_int;

/// `_UA_FORCE_UNWIND`, of a personality function's actions.
const FORCE_UNWIND: c_int = 8;

/// `DW_EH_PE_pcrel | DW_EH_PE_indirect | DW_EH_PE_sdata4`, and the same with `sdata8`: the address
/// of a word, relative to its own position.
const INDIRECT_4: u8 = 0x9b;
const INDIRECT_8: u8 = 0x9c;

/// Rust's personality function, after it was replaced.
static RUSTS: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

unsafe extern "C" {
    /// Functions of the unwinder that the standard library links.
    fn _Unwind_Find_FDE(pc: *const c_void, bases: *mut [*mut c_void; 3]) -> *const u8;
    fn mprotect(start: *mut c_void, len: usize, protection: c_int) -> c_int;
    safe fn getpagesize() -> c_int;
}

/// Makes threads of this library wait where they would be unwound by force. Called at each import.
/// Returns whether it works here.
pub(crate) fn park_ended_threads() -> bool {
    if !RUSTS.load(Ordering::Acquire).is_null() {
        return true;
    }
    let Some(word) = personality_word() else {
        return false;
    };
    let page = getpagesize() as usize;
    let start = (word as *mut c_void).map_addr(|address| address & !(page - 1));
    const READ_WRITE: c_int = 1 | 2;
    // SAFETY: the page holds the library's data. It is usually writable already.
    if unsafe { mprotect(start, page, READ_WRITE) } != 0 {
        return false;
    }
    // SAFETY: the aligned word is valid forever. Only unwinders read it besides.
    let word = unsafe { AtomicPtr::from_ptr(word) };
    let rusts = word.load(Ordering::Relaxed);
    let ours = personality as *mut c_void;
    if rusts.is_null() {
        return false;
    }
    if rusts != ours {
        // Threads that run this at the same time store the same value.
        RUSTS.store(rusts, Ordering::Release);
        word.store(ours, Ordering::Release);
    }
    true
}

/// The wrapper around Rust's personality function.
unsafe extern "C" fn personality(
    version: c_int,
    actions: c_int,
    class: u64,
    exception: *mut c_void,
    context: *mut c_void,
) -> c_int {
    if actions & FORCE_UNWIND != 0 {
        super::wait::wait_forever();
    }
    // SAFETY: the address was stored before this function was installed. The arguments are the
    // unwinder's.
    unsafe {
        let rusts = core::mem::transmute::<*mut c_void, Personality>(RUSTS.load(Ordering::Acquire));
        rusts(version, actions, class, exception, context)
    }
}

/// The word through which the unwind tables of this library's Rust functions refer to their
/// personality function. None if they refer to the function itself or to none.
fn personality_word() -> Option<*mut *mut c_void> {
    let mut bases = [null_mut(); 3];
    let within = has_personality as *const c_void;
    // SAFETY: the tables of the function are as the unwinder needs them: a description (FDE) that
    // begins with its length, then the distance to what it has in common with others (CIE): length,
    // 0, version, augmentation, three numbers, and what the augmentation tells of.
    unsafe {
        let description = _Unwind_Find_FDE(within, &mut bases);
        if description.is_null() {
            return None;
        }
        let distance = description.add(4);
        let common = distance.offset(-(distance.cast::<i32>().read_unaligned() as isize));
        let (version, augmentation) = (*common.add(8), CStr::from_ptr(common.add(9).cast()));
        // The personality comes first in the data that follows: z, then P.
        if !matches!(version, 1 | 3) || !augmentation.to_bytes().starts_with(b"zP") {
            return None;
        }
        let mut at = common.add(9 + augmentation.count_bytes() + 1);
        // The factors of code and data, the return address (a byte in version 1), the
        // augmentation's length.
        for is_variable in [true, true, version == 3, true] {
            while is_variable && *at & 0x80 != 0 {
                at = at.add(1);
            }
            at = at.add(1);
        }
        let place = at.add(1);
        let word = match *at {
            INDIRECT_4 => place.offset(place.cast::<i32>().read_unaligned() as isize),
            INDIRECT_8 => place.offset(place.cast::<i64>().read_unaligned() as isize),
            _ => return None,
        };
        let word = word.cast_mut().cast::<*mut c_void>();
        word.is_aligned().then_some(word)
    }
}

/// A function with cleanup that the compiler cannot optimise away.
#[inline(never)]
fn has_personality(function: fn()) {
    struct CleanUp;
    impl Drop for CleanUp {
        #[inline(never)]
        fn drop(&mut self) {
            core::hint::black_box(self);
        }
    }
    let clean_up = CleanUp;
    core::hint::black_box(function)();
    drop(clean_up);
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::sync::atomic::AtomicBool;
    use std::time::Duration;

    static DROPPED: AtomicBool = AtomicBool::new(false);

    struct Guard;

    impl Drop for Guard {
        fn drop(&mut self) {
            DROPPED.store(true, Ordering::SeqCst);
        }
    }

    unsafe extern "C" {
        /// Declared like CPython's functions, which the compiler assumes not to unwind.
        fn pthread_exit(value: *mut c_void);
    }

    #[test]
    fn a_forced_unwind_stops_and_a_panic_goes_on() {
        assert!(park_ended_threads() && park_ended_threads());
        let ended = std::thread::spawn(|| {
            let _guard = Guard;
            // SAFETY: the thread waits where it is.
            unsafe { pthread_exit(null_mut()) }
        });
        std::thread::sleep(Duration::from_millis(200));
        assert!(!ended.is_finished() && !DROPPED.load(Ordering::SeqCst));
        let panicked = std::thread::spawn(|| {
            let _guard = Guard;
            panic!("it goes on");
        });
        assert!(panicked.join().is_err() && DROPPED.load(Ordering::SeqCst));
    }
}
