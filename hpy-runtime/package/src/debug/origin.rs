//! Where handles are made and closed: each call of an extension's function is an entry with a
//! number, and what is known of it is looked up when somebody asks.
//!
//! The newest entries are in a ring. Those that left handles open are kept beyond that.

use super::frames::{self, Position};
use super::names;
use super::slots::{prefetch, with_table};
use core::ptr;
use hpy::sys::capi::{self, PyObject};
use hpy::sys::{HPyCFunction, Static};
use std::collections::BTreeMap;

/// A call of an extension's function, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(u64);

impl Entry {
    /// No call, or one that is not known.
    pub(super) const NONE: Self = Self(0);
}

impl Default for Entry {
    fn default() -> Self {
        Self::NONE
    }
}

/// What is known of an entry.
struct Call {
    entry: u64,
    function: HPyCFunction,
    /// Where Python called. The code object is owned.
    position: Position,
}

/// Each entry closes a handle at least, so the queue of closed handles refers to no older ones.
const RING: usize = 1024;
/// So many entries that left handles open are kept.
const KEPT: usize = 65536;

static CALLS: Static<[Call; RING]> = Static::new(
    [const {
        Call {
            entry: 0,
            function: None,
            position: Position::NONE,
        }
    }; RING],
);
static LAST: Static<u64> = Static::new(0);
static KEPT_CALLS: Static<BTreeMap<u64, Call>> = Static::new(BTreeMap::new());

/// Begins an entry. Returns a code object to release, outside of the table's lock, or null.
///
/// # Safety
/// Called within [`with_table`], with a position of this moment.
#[inline(always)]
pub(super) unsafe fn begin(function: HPyCFunction, position: Position) -> (Entry, *mut PyObject) {
    // SAFETY: the table's lock is held.
    unsafe {
        let last = &mut *LAST.as_ptr();
        *last += 1;
        let call = &mut (*CALLS.as_ptr())[*last as usize % RING];
        prefetch(&raw mut (*CALLS.as_ptr())[(*last + 2) as usize % RING]);
        call.entry = *last;
        call.function = function;
        let before = call.position.code;
        call.position = position;
        // Calls from one loop come from one code object.
        if before == position.code {
            return (Entry(*last), ptr::null_mut());
        }
        if !position.code.is_null() {
            capi::incref(position.code);
        }
        (Entry(*last), before)
    }
}

/// Keeps what is known of an entry that ends now and leaves handles open.
#[cold]
#[inline(never)]
pub(super) fn keep(entry: Entry, function: HPyCFunction) {
    let position = frames::current();
    let call = Call {
        entry: entry.0,
        function,
        position: position.owned(),
    };
    let dropped = with_table(|_| {
        // SAFETY: the table's lock is held.
        let kept = unsafe { &mut *KEPT_CALLS.as_ptr() };
        let before = kept.insert(entry.0, call);
        let oldest = if kept.len() > KEPT {
            kept.pop_first().map(|(_, call)| call)
        } else {
            None
        };
        [before, oldest]
    });
    for call in dropped.into_iter().flatten() {
        call.position.release();
    }
}

/// What users see of an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// The function, as Python has it.
    pub(super) function: Option<String>,
    /// The file and line that called it.
    pub(super) line: Option<(String, i32)>,
}

/// What is known of an entry.
pub(super) fn of(entry: Entry) -> Origin {
    let found = with_table(|_| {
        // SAFETY: the table's lock is held.
        unsafe {
            let in_ring = &(*CALLS.as_ptr())[entry.0 as usize % RING];
            let call = if in_ring.entry == entry.0 {
                Some(in_ring)
            } else {
                (*KEPT_CALLS.as_ptr()).get(&entry.0)
            };
            call.map(|call| (call.function, call.position.owned()))
        }
    });
    let Some((function, position)) = found.filter(|_| entry != Entry::NONE) else {
        return Origin::default();
    };
    let line = position.line();
    position.release();
    Origin {
        function: names::of(function),
        line,
    }
}

impl Origin {
    /// `in f, called at file.py:1`, as far as it is known.
    pub(super) fn describe(&self) -> Option<String> {
        let line = |(file, line): &(String, i32)| format!("{file}:{line}");
        match (&self.function, &self.line) {
            (Some(function), Some(at)) => Some(format!("in {function}, called at {}", line(at))),
            (Some(function), None) => Some(format!("in {function}")),
            (None, Some(at)) => Some(format!("in a function called at {}", line(at))),
            (None, None) => None,
        }
    }
}
