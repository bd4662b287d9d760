//! The feature `debug-handles`: each call from Python checks that it has dropped its handles.
//!
//! HPy's debug mode does the same from outside, in the universal ABI. This is for the CPython ABI,
//! where nothing stands between the extension and CPython.

use hpy_sys::HPy;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A handle of a call, and where it was made.
type Made = (isize, Backtrace);

thread_local! {
    /// The open handles of each call that is running, the outermost call first.
    static CALLS: RefCell<Vec<Vec<Made>>> = const { RefCell::new(Vec::new()) };
    /// The lines to report, where a test collects them.
    static COLLECTED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Collects this thread's reports in place of printing them, until [`collected`].
#[cfg(feature = "embed")]
pub(crate) fn collect() {
    COLLECTED.set(Some(Vec::new()));
}

/// What was collected.
#[cfg(feature = "embed")]
pub(crate) fn collected() -> Vec<String> {
    COLLECTED.take().unwrap_or_default()
}

/// A call from Python begins.
pub(crate) fn begin_call() {
    let _ = CALLS.try_with(|calls| calls.borrow_mut().push(Vec::new()));
}

/// It ends: what it has not dropped is reported, once per line.
pub(crate) fn end_call() {
    let lost = CALLS.try_with(|calls| calls.borrow_mut().pop());
    for (_, backtrace) in lost.ok().flatten().unwrap_or_default() {
        report(&place(&backtrace.to_string()));
    }
}

/// A handle was made.
pub(crate) fn made(raw: HPy) {
    let _ = CALLS.try_with(|calls| {
        if let Some(call) = calls.borrow_mut().last_mut() {
            call.push((raw._i, Backtrace::force_capture()));
        }
    });
}

/// A handle was dropped, or given away.
pub(crate) fn gone(raw: HPy) {
    let _ = CALLS.try_with(|calls| {
        for call in calls.borrow_mut().iter_mut().rev() {
            // Of several handles to an object, the newest is most likely the one.
            if let Some(index) = call.iter().rposition(|made| made.0 == raw._i) {
                drop(call.remove(index));
                return;
            }
        }
    });
}

fn report(place: &str) {
    let is_collected = COLLECTED.try_with(|collected| {
        let mut collected = collected.borrow_mut();
        collected.as_mut().map(|all| all.push(place.to_owned()))
    });
    if let Ok(Some(())) = is_collected {
        return;
    }
    static REPORTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    if reported.insert(place.to_owned()) {
        eprintln!(
            "hpy: a handle that was made at {place} was never closed\n  \
             help: look for `mem::forget`, `ManuallyDrop` and `into_raw` on the way from this line"
        );
    }
}

/// Folders of code that passes handles on: this project's crates, and Rust's own.
const PASSED_THROUGH: [&str; 5] = [
    "/hpy-core/",
    "/hpy-sys/",
    "/hpy/src/",
    "/rustc/",
    "/library/",
];

/// The innermost line of a backtrace's text that is the extension's.
fn place(backtrace: &str) -> String {
    let mut lines = backtrace
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("at "))
        .filter(|line| {
            let line = line.replace('\\', "/");
            !PASSED_THROUGH.iter().any(|folder| line.contains(folder))
        });
    match lines.next() {
        // Without the column.
        Some(line) => line
            .rsplit_once(':')
            .map_or(line, |(line, _)| line)
            .to_owned(),
        None => "an unknown line (the extension has no debug information)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_the_first_line_that_is_the_extensions() {
        let text = "   0: std::backtrace::Backtrace::force_capture\n             \
                    at /rustc/1/library/std/src/backtrace.rs:312:5\n   \
                    1: hpy_core::object::handle::Handle<T>::from_raw\n             \
                    at ../../hpy-core/src/object/handle.rs:63:9\n   \
                    2: words::leak\n             at ./src/lib.rs:12:17\n   \
                    3: words::other\n             at ./src/lib.rs:40:5\n";
        assert_eq!(place(text), "./src/lib.rs:12");
        assert!(place("   0: words::leak\n").contains("no debug information"));
    }

    #[test]
    fn a_call_forgets_what_is_dropped() {
        let handle = |number| HPy { _i: number };
        begin_call();
        made(handle(1));
        begin_call();
        made(handle(2));
        gone(handle(1));
        gone(handle(2));
        let open = CALLS.with(|calls| calls.borrow().iter().map(Vec::len).collect::<Vec<_>>());
        assert_eq!(open, [0, 0]);
        end_call();
        end_call();
        // Outside of calls nothing is kept.
        made(handle(3));
        assert!(CALLS.with(|calls| calls.borrow().is_empty()));
    }
}
