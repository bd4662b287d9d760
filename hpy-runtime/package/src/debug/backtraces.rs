//! Backtraces of where a handle was made and closed: addresses, resolved when somebody asks.

use crate::binary::process_symbol;
use core::ffi::{CStr, c_char, c_int, c_void};

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

/// This runtime's own frames are captured as well, and left out when the rest is resolved.
const OWN_FRAMES: usize = 12;

/// The backtrace of this moment.
pub(super) fn capture(limit: usize) -> Vec<usize> {
    let mut addresses = Vec::with_capacity(limit.min(64) + OWN_FRAMES);
    backtrace::trace(|frame| {
        addresses.push(frame.ip() as usize);
        addresses.len() < limit.saturating_add(OWN_FRAMES)
    });
    addresses
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
    let addresses = unsafe { addresses(backtraces, which) };
    let frames = frames(&addresses.unwrap_or_default(), usize::MAX);
    if !frames.is_empty() {
        eprintln!("  Where it was {what}:");
        eprint!("{}", text(&frames));
    }
}

/// Writes where this is to the standard error.
pub(super) fn print(limit: usize) {
    eprint!("{}", text(&frames(&capture(limit), limit)));
}

/// A line per frame.
pub(super) fn text(frames: &[Frame]) -> String {
    let mut text = String::new();
    for (function, file, line) in frames {
        let function = function.as_deref().unwrap_or("???");
        text += &match (file, line) {
            (Some(file), Some(line)) => format!("    {function} at {file}:{line}\n"),
            (Some(file), None) => format!("    {function} in {file}\n"),
            _ => format!("    {function}\n"),
        };
    }
    text
}

/// The frames of addresses, with those that were inlined. Frames of this runtime are left out, and
/// all from the first one of the interpreter on.
pub(super) fn frames(addresses: &[usize], limit: usize) -> Vec<Frame> {
    let own = library_of(frames as *const () as usize);
    let interpreter = library_of(process_symbol(c"PyObject_GetAttrString") as usize);
    // Libraries may have been loaded since the last time.
    backtrace::clear_symbol_cache();
    let mut found = Vec::new();
    for address in addresses {
        let library = library_of(*address);
        if library.is_some() && library == own {
            continue;
        }
        if (library.is_some() && library == interpreter) || found.len() >= limit {
            break;
        }
        let mut is_known = false;
        let mut is_last = false;
        backtrace::resolve(*address as *mut c_void, |symbol| {
            is_known = true;
            let function = symbol.name().map(|name| format!("{name:#}"));
            let file = symbol.filename().map(|file| file.display().to_string());
            match runtime_part(function.as_deref(), file.as_deref()) {
                _ if is_last => {}
                RuntimePart::No => found.push((function, file, symbol.lineno())),
                RuntimePart::Inside => {}
                RuntimePart::Caller => is_last = true,
            }
        });
        if is_last {
            break;
        }
        if !is_known {
            // The library was stripped.
            found.push((None, library.map(|library| library.offset(*address)), None));
        }
    }
    found.truncate(limit);
    found
}

/// Whether a frame in an extension is of what HPy or this project put there.
enum RuntimePart {
    No,
    /// What the extension calls.
    Inside,
    /// What calls the extension's function: no frame after it is of interest.
    Caller,
}

fn runtime_part(function: Option<&str>, file: Option<&str>) -> RuntimePart {
    let function = function.unwrap_or_default();
    if function == "_HPy_CallRealFunctionFromTrampoline" {
        return RuntimePart::Caller;
    }
    let function = function.trim_start_matches(['<', '&', '*', '(']);
    let file = file.unwrap_or_default().replace('\\', "/");
    let is_of_crate = [
        "hpy_core::",
        "hpy_sys::",
        "hpy::",
        "core::",
        "std::",
        "alloc::",
    ]
    .into_iter()
    .any(|prefix| function.starts_with(prefix));
    // The functions of HPy's header, which are inlined.
    if is_of_crate || file.contains("/hpy/universal/") || file.contains("/hpy/inline_helpers") {
        RuntimePart::Inside
    } else {
        RuntimePart::No
    }
}

/// A library of the process.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Library {
    name: *const c_char,
    base: usize,
}

impl Library {
    /// The library's file, and the address within it.
    fn offset(self, address: usize) -> String {
        // SAFETY: the name of a loaded library is a C string.
        let name = unsafe { CStr::from_ptr(self.name) }.to_string_lossy();
        let name = name.rsplit('/').next().unwrap_or_default();
        format!("{name}+{:#x}", address.wrapping_sub(self.base))
    }
}

/// The library that an address is in.
#[cfg(unix)]
fn library_of(address: usize) -> Option<Library> {
    #[repr(C)]
    struct Info {
        file: *const c_char,
        base: *const c_void,
        symbol: *const c_char,
        symbol_address: *const c_void,
    }
    unsafe extern "C" {
        fn dladdr(address: *const c_void, info: *mut Info) -> c_int;
    }
    let mut info = Info {
        file: core::ptr::null(),
        base: core::ptr::null(),
        symbol: core::ptr::null(),
        symbol_address: core::ptr::null(),
    };
    // SAFETY: C's function, which takes any address.
    let found = unsafe { dladdr(address as *const c_void, &mut info) } != 0;
    (found && !info.file.is_null()).then_some(Library {
        name: info.file,
        base: info.base as usize,
    })
}

#[cfg(not(unix))]
fn library_of(_: usize) -> Option<Library> {
    None
}

/// The limit that the environment asks for: `HPY_DEBUG_BACKTRACE=1` means enough for most, a larger
/// number is the limit.
pub(super) fn limit_from_environment() -> usize {
    let value = std::env::var("HPY_DEBUG_BACKTRACE").unwrap_or_default();
    match value.trim() {
        "" => 0,
        "full" | "1" => 64,
        number => number.parse().unwrap_or(0),
    }
}
