//! A cache of what is known about contexts, keyed by the address of their name. All contexts of one
//! runtime in one mode share a name.
//!
//! A process can have several runtimes: the bundled one, this project's package `hpy` and PyPI's.

use crate::fork::Lock;
use core::ffi::{CStr, c_char};
use core::sync::atomic::{AtomicPtr, AtomicU8, Ordering};

/// The layouts of contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ContextLayout {
    /// HPy 0.9.0: 266 words.
    Short = 1,
    /// HPy's newest layout, which this project has too: 276 words.
    Full = 2,
    /// PyPy from 7.3.16 on: 276 words, with 19 functions one word late.
    Displaced = 3,
    /// GraalPy 24: the 266 words of HPy 0.9.0, some of them with different behaviour.
    Graal = 5,
}

/// The name of the bundled context. It begins like HPy's own name, which some programs look for.
pub(super) const BUNDLED_CONTEXT_NAME: &CStr = c"HPy Universal ABI (HPy for Rust)";

/// Part of the name of every context of this project.
const MARK: &[u8] = b"HPy for Rust";

/// Whether contexts of this name are this project's. These have every word in its place, and
/// `_private` points to a [`ContextExtension`](super::ContextExtension) or is null.
pub(super) fn is_of_this_project(name: &CStr) -> bool {
    contains(name, MARK)
}

/// Whether contexts of this name are GraalPy's: `HPy Universal ABI (GraalVM backend, JNI)`.
pub(super) fn is_of_graalpy(name: &CStr) -> bool {
    contains(name, b"GraalVM")
}

#[inline(never)]
fn contains(name: &CStr, what: &[u8]) -> bool {
    name.to_bytes().windows(what.len()).any(|part| part == what)
}

/// The runtime that contexts of a name belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runtime {
    /// This project's. Every word is in its place.
    ThisProject,
    /// Another runtime, whose contexts have this layout.
    Other(ContextLayout),
}

/// A name's address and its runtime. Written once: first the runtime, then the name.
struct KnownContext {
    name: AtomicPtr<c_char>,
    runtime: AtomicU8,
}

/// A runtime has up to three names: universal, debug and trace.
static KNOWN_CONTEXTS: [KnownContext; 8] = [const {
    KnownContext {
        name: AtomicPtr::new(core::ptr::null_mut()),
        runtime: AtomicU8::new(0),
    }
}; 8];

/// The runtime of contexts with the name at this address, if it is cached.
#[inline(always)]
pub(super) fn recall(name: *const c_char) -> Option<Runtime> {
    // There is nearly always only one.
    if core::ptr::eq(KNOWN_CONTEXTS[0].name.load(Ordering::Acquire), name) {
        return decode(KNOWN_CONTEXTS[0].runtime.load(Ordering::Relaxed));
    }
    recall_later(name)
}

#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn recall_later(name: *const c_char) -> Option<Runtime> {
    let mut later = KNOWN_CONTEXTS[1..].iter();
    let found = later.find(|known| core::ptr::eq(known.name.load(Ordering::Acquire), name))?;
    decode(found.runtime.load(Ordering::Relaxed))
}

/// Adds an entry. When the cache is full, the runtime is detected each time.
pub(super) fn remember(name: *const c_char, runtime: Runtime) {
    static WRITING: Lock<()> = Lock::new(());
    let _writing = WRITING.lock();
    if recall(name).is_some() {
        return;
    }
    let free = |known: &&KnownContext| known.name.load(Ordering::Relaxed).is_null();
    if let Some(free) = KNOWN_CONTEXTS.iter().find(free) {
        free.runtime.store(encode(runtime), Ordering::Relaxed);
        free.name.store(name.cast_mut(), Ordering::Release);
    }
}

fn encode(runtime: Runtime) -> u8 {
    match runtime {
        Runtime::Other(layout) => layout as u8,
        Runtime::ThisProject => 4,
    }
}

#[inline(always)]
fn decode(number: u8) -> Option<Runtime> {
    Some(match number {
        1 => Runtime::Other(ContextLayout::Short),
        2 => Runtime::Other(ContextLayout::Full),
        3 => Runtime::Other(ContextLayout::Displaced),
        4 => Runtime::ThisProject,
        5 => Runtime::Other(ContextLayout::Graal),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_own() {
        let names = [
            c"one".as_ptr(),
            c"another".as_ptr(),
            c"a third".as_ptr(),
            c"a fourth".as_ptr(),
        ];
        let runtimes = [
            Runtime::Other(ContextLayout::Short),
            Runtime::ThisProject,
            Runtime::Other(ContextLayout::Displaced),
            Runtime::Other(ContextLayout::Full),
        ];
        assert!(names.iter().all(|name| recall(*name).is_none()));
        for (name, runtime) in names.into_iter().zip(runtimes) {
            remember(name, runtime);
            // A known entry stays.
            remember(name, Runtime::Other(ContextLayout::Short));
        }
        for (name, runtime) in names.into_iter().zip(runtimes) {
            assert_eq!(recall(name), Some(runtime));
        }
        // The cache fills up, and nothing is mistaken for something else.
        for letter in b"abcdefghijkl" {
            let name = core::ptr::from_ref(letter).cast();
            remember(name, Runtime::ThisProject);
            assert!(recall(name).is_none_or(|runtime| runtime == Runtime::ThisProject));
        }
        assert_eq!(recall(names[0]), Some(runtimes[0]));
    }

    #[test]
    fn contexts_of_this_project_are_known_by_their_names() {
        assert!(
            is_of_this_project(BUNDLED_CONTEXT_NAME) && is_of_this_project(c"HPy for Rust mock")
        );
        for other in [
            c"HPy Universal ABI (CPython backend)",
            c"HPy Debug Mode ABI",
            c"",
        ] {
            assert!(!is_of_this_project(other), "{other:?}");
            assert!(!is_of_graalpy(other), "{other:?}");
        }
        assert!(is_of_graalpy(c"HPy Universal ABI (GraalVM backend, JNI)"));
        assert!(!is_of_graalpy(BUNDLED_CONTEXT_NAME));
    }
}
