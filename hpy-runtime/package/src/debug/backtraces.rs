//! Backtraces of where a handle was made and closed: addresses, resolved when somebody asks.

/// The addresses of a handle's two places.
pub(super) struct Backtraces {
    opened: Vec<usize>,
    closed: Vec<usize>,
}

/// The backtrace of this moment, at which a handle is made.
#[cold]
#[inline(never)]
pub(super) fn opened(limit: usize) -> *mut Backtraces {
    Box::into_raw(Box::new(Backtraces {
        opened: capture(limit),
        closed: Vec::new(),
    }))
}

/// Adds the backtrace of this moment, at which the handle is closed.
///
/// # Safety
/// They are from [`opened`].
#[cold]
#[inline(never)]
pub(super) unsafe fn closed(backtraces: *mut Backtraces, limit: usize) {
    // SAFETY: as promised by the caller.
    unsafe { (*backtraces).closed = capture(limit) };
}

/// Frees them.
///
/// # Safety
/// They are from [`opened`] and not used again, or null.
pub(super) unsafe fn free(backtraces: *mut Backtraces) {
    if !backtraces.is_null() {
        // SAFETY: as promised by the caller.
        drop(unsafe { Box::from_raw(backtraces) });
    }
}

/// The backtrace of this moment.
pub(super) fn capture(_limit: usize) -> Vec<usize> {
    Vec::new()
}

/// Which of a handle's two places.
#[derive(Clone, Copy)]
pub(super) enum Which {
    Opened,
    Closed,
}

/// A frame: the function, and where it is, as far as they are known.
pub(super) type Frame = (Option<String>, Option<String>, Option<u32>);

/// The addresses of one of a handle's places, if they were taken.
///
/// # Safety
/// They are from [`opened`], or null.
pub(super) unsafe fn addresses(backtraces: *const Backtraces, which: Which) -> Option<Vec<usize>> {
    // SAFETY: as promised by the caller.
    let backtraces = unsafe { backtraces.as_ref() }?;
    let addresses = match which {
        Which::Opened => &backtraces.opened,
        Which::Closed => &backtraces.closed,
    };
    (!addresses.is_empty()).then(|| addresses.clone())
}

/// Writes the frames of one of a handle's places to the standard error.
///
/// # Safety
/// They are from [`opened`], or null.
pub(super) unsafe fn print_of(backtraces: *const Backtraces, what: &str, which: Which) {
    // SAFETY: as promised by the caller.
    if let Some(addresses) = unsafe { addresses(backtraces, which) } {
        eprintln!("  Where it was {what}:");
        eprint!("{}", text(&frames(&addresses)));
    }
}

/// Writes where this is to the standard error.
pub(super) fn print(limit: usize) {
    eprint!("{}", text(&frames(&capture(limit))));
}

/// A line per frame.
pub(super) fn text(frames: &[Frame]) -> String {
    let mut text = String::new();
    for (function, file, line) in frames {
        let function = function.as_deref().unwrap_or("???");
        text += &match (file, line) {
            (Some(file), Some(line)) => format!("    {function} at {file}:{line}\n"),
            (Some(file), None) => format!("    {function} at {file}\n"),
            _ => format!("    {function}\n"),
        };
    }
    text
}

/// The frames of addresses.
pub(super) fn frames(_addresses: &[usize]) -> Vec<Frame> {
    Vec::new()
}
