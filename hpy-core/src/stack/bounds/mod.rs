//! Where the stack of the running thread lies, as the system tells it.

#[cfg_attr(any(target_os = "linux", target_os = "android"), path = "linux.rs")]
#[cfg_attr(target_vendor = "apple", path = "apple.rs")]
#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(
    any(target_os = "freebsd", target_os = "dragonfly"),
    path = "freebsd.rs"
)]
#[cfg_attr(
    not(any(
        target_os = "linux",
        target_os = "android",
        target_vendor = "apple",
        windows,
        target_os = "freebsd",
        target_os = "dragonfly"
    )),
    path = "unknown.rs"
)]
mod system;

/// What is taken for the stack below the first look at it, where the system does not tell. No
/// thread that Python starts by itself has less, except musl's.
const ASSUMED: usize = 256 << 10;

/// The stack of a thread. It grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    /// The lowest address.
    pub(super) lowest: usize,
    /// The first address beyond the highest.
    pub(super) end: usize,
}

impl Bounds {
    /// Those of the running thread.
    pub(super) fn ask() -> Self {
        match system::bounds() {
            Some(bounds) if bounds.lowest < bounds.end => bounds,
            _ => {
                let end = super::here();
                Self {
                    lowest: end.saturating_sub(ASSUMED),
                    end,
                }
            }
        }
    }

    pub(super) fn contains(&self, address: usize) -> bool {
        (self.lowest..self.end).contains(&address)
    }

    pub(super) fn size(&self) -> usize {
        self.end - self.lowest
    }
}
