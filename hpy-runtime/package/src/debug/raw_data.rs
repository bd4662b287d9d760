//! The memory that a handle gives as `char*`: a copy that cannot be written to while the handle is
//! open, and not be read once it is closed.

use core::ffi::{c_char, c_void};
use core::ptr;

/// A copy. A handle can give several: of each text, one.
pub(super) struct RawData {
    /// What it is a copy of.
    source: *const c_void,
    memory: *mut u8,
    size: usize,
    next: *mut RawData,
}

/// The size of a handle's copies, if it has any.
///
/// # Safety
/// A valid list, or null.
pub(super) unsafe fn size(mut list: *const RawData) -> Option<usize> {
    if list.is_null() {
        return None;
    }
    let mut size = 0;
    // SAFETY: as promised by the caller.
    while let Some(data) = unsafe { list.as_ref() } {
        size += data.size;
        list = data.next;
    }
    Some(size)
}

/// The copy of `source` in the list, which is made if there is none yet. Null without memory.
///
/// # Safety
/// A valid list, or null. `source` has `size` bytes.
pub(super) unsafe fn copy(
    list: &mut *mut RawData,
    source: *const c_char,
    size: usize,
) -> *const c_char {
    let source: *const c_void = source.cast();
    let mut next = *list;
    // SAFETY: as promised by the caller.
    unsafe {
        while let Some(data) = next.as_ref() {
            if data.source == source && data.size == size {
                return data.memory.cast();
            }
            next = data.next;
        }
        let memory = platform::allocate(size);
        if memory.is_null() {
            return ptr::null();
        }
        ptr::copy_nonoverlapping(source.cast::<u8>(), memory, size);
        platform::make_read_only(memory, size);
        *list = Box::into_raw(Box::new(RawData {
            source,
            memory,
            size,
            next: *list,
        }));
        memory.cast()
    }
}

/// Has every use of the copies end the process.
///
/// # Safety
/// A valid list, or null.
pub(super) unsafe fn protect(mut list: *const RawData) {
    // SAFETY: as promised by the caller.
    while let Some(data) = unsafe { list.as_ref() } {
        // SAFETY: the memory is of that size, and belongs to the copy.
        unsafe { platform::make_unusable(data.memory, data.size) };
        list = data.next;
    }
}

/// Frees the copies.
///
/// # Safety
/// A valid list that is protected, or null, which is not used again.
pub(super) unsafe fn free(mut list: *mut RawData) {
    while !list.is_null() {
        // SAFETY: as promised by the caller.
        unsafe {
            let data = Box::from_raw(list);
            platform::free(data.memory, data.size);
            list = data.next;
        }
    }
}

#[cfg(unix)]
mod platform {
    use core::ffi::{c_int, c_void};
    use core::ptr;
    use hpy::sys::Static;
    use hpy::sys::fork::SpinLock;

    const NONE: c_int = 0;
    const READ: c_int = 1;
    const WRITE: c_int = 2;
    const PRIVATE: c_int = 2;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const ANONYMOUS: c_int = 0x20;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const ANONYMOUS: c_int = 0x1000;

    unsafe extern "C" {
        fn mmap(
            place: *mut c_void,
            size: usize,
            protection: c_int,
            flags: c_int,
            file: c_int,
            offset: isize,
        ) -> *mut c_void;
        fn mprotect(place: *mut c_void, size: usize, protection: c_int) -> c_int;
        fn munmap(place: *mut c_void, size: usize) -> c_int;
    }

    /// Every system's pages have at least this size.
    const PAGE: usize = 4096;
    /// Texts up to so many times this size share pools. Mapping memory anew for each takes longer
    /// than all else that is done for it.
    const LARGEST: usize = 1 << (CLASSES - 1);
    /// A pool has blocks of one size: of 1, 2, 4, 8 or 16 pages.
    const CLASSES: usize = 5;
    /// So many pages are kept in all pools together.
    const POOL: usize = 1024;

    /// Blocks that nobody has, and nobody may use.
    struct Pools {
        free: [Vec<*mut c_void>; CLASSES],
        pages: usize,
    }

    static LOCK: SpinLock = SpinLock::new();
    static POOLS: Static<Pools> = Static::new(Pools {
        free: [const { Vec::new() }; CLASSES],
        pages: 0,
    });

    /// How many pages a text takes.
    fn pages(size: usize) -> usize {
        let pages = size.div_ceil(PAGE).max(1);
        if pages > LARGEST {
            pages
        } else {
            pages.next_power_of_two()
        }
    }

    /// Which pool has blocks of so many pages.
    fn class(pages: usize) -> Option<usize> {
        (pages <= LARGEST).then(|| pages.trailing_zeros() as usize)
    }

    /// Memory of its own pages, or null.
    pub(super) fn allocate(size: usize) -> *mut u8 {
        let pages = pages(size);
        let pooled = class(pages).and_then(|class| {
            LOCK.during(|| {
                // SAFETY: the lock is held.
                let pools = unsafe { &mut *POOLS.as_ptr() };
                let block = pools.free[class].pop()?;
                pools.pages -= pages;
                Some(block)
            })
        });
        if let Some(block) = pooled {
            // SAFETY: the block is from `map`, and nobody has it.
            if unsafe { mprotect(block, pages * PAGE, READ | WRITE) } == 0 {
                return block.cast();
            }
        }
        map(pages * PAGE)
    }

    fn map(size: usize) -> *mut u8 {
        // SAFETY: new memory at a place of the system's choice.
        let memory = unsafe {
            mmap(
                ptr::null_mut(),
                size,
                READ | WRITE,
                PRIVATE | ANONYMOUS,
                -1,
                0,
            )
        };
        if memory as isize == -1 {
            return ptr::null_mut();
        }
        memory.cast()
    }

    /// # Safety
    /// The memory is from `allocate`, with this size.
    pub(super) unsafe fn make_read_only(memory: *mut u8, size: usize) {
        // SAFETY: as promised by the caller. If it fails, a write goes unnoticed.
        unsafe { mprotect(memory.cast(), pages(size) * PAGE, READ) };
    }

    /// # Safety
    /// The memory is from `allocate`, with this size.
    pub(super) unsafe fn make_unusable(memory: *mut u8, size: usize) {
        // SAFETY: as promised by the caller. If it fails, a use goes unnoticed.
        unsafe { mprotect(memory.cast(), pages(size) * PAGE, NONE) };
    }

    /// # Safety
    /// The memory is from `allocate`, with this size, and not used again.
    pub(super) unsafe fn free(memory: *mut u8, size: usize) {
        let memory: *mut c_void = memory.cast();
        let pages = pages(size);
        let is_pooled = class(pages).is_some_and(|class| {
            LOCK.during(|| {
                // SAFETY: the lock is held. A block in a pool is not used before it is taken out.
                let pools = unsafe { &mut *POOLS.as_ptr() };
                let free = &mut pools.free[class];
                let has_room = pools.pages + pages <= POOL && free.try_reserve(1).is_ok();
                if has_room {
                    free.push(memory);
                    pools.pages += pages;
                }
                has_room
            })
        });
        if !is_pooled {
            // SAFETY: as promised by the caller.
            unsafe { munmap(memory, pages * PAGE) };
        }
    }
}

/// Where memory cannot be protected, a closed handle's is overwritten, so that its text is noticed
/// to be wrong.
#[cfg(not(unix))]
mod platform {
    use std::alloc::{Layout, alloc, dealloc};

    /// Not UTF-8, and easily recognized.
    const POISON: u8 = 0xbd;

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size.max(1), 1).unwrap_or(Layout::new::<u8>())
    }

    pub(super) fn allocate(size: usize) -> *mut u8 {
        // SAFETY: the size is not 0.
        unsafe { alloc(layout(size)) }
    }

    pub(super) unsafe fn make_read_only(_: *mut u8, _: usize) {}

    /// # Safety
    /// The memory is from `allocate`, with this size.
    pub(super) unsafe fn make_unusable(memory: *mut u8, size: usize) {
        // SAFETY: as promised by the caller.
        unsafe { core::ptr::write_bytes(memory, POISON, size) };
    }

    /// # Safety
    /// The memory is from `allocate`, with this size, and not used again.
    pub(super) unsafe fn free(memory: *mut u8, size: usize) {
        // SAFETY: as promised by the caller.
        unsafe { dealloc(memory, layout(size)) };
    }
}
