//! Items that others can change: cells.

use super::Element;
use crate::thread::detached;
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, Ordering};

/// An item of a [`Buffer`](super::Buffer) that is only read here, though others may write it:
/// Python code does so between two reads.
#[derive(Debug)]
#[repr(transparent)]
pub struct ReadOnlyCell<T>(UnsafeCell<T>);

impl<T: Element> ReadOnlyCell<T> {
    /// The item as it is now.
    #[inline(always)]
    pub fn get(&self) -> T {
        detached::assert_attached();
        // SAFETY: a reference is valid and aligned.
        unsafe { load(self.0.get()) }
    }
}

/// An item of a [`Buffer`](super::Buffer) that can be written, as a [`Cell`](core::cell::Cell), but
/// by several threads too: without the GIL, each read and write is one step.
#[derive(Debug)]
#[repr(transparent)]
pub struct ItemCell<T>(UnsafeCell<T>);

impl<T: Element> ItemCell<T> {
    /// The item as it is now.
    #[inline(always)]
    pub fn get(&self) -> T {
        detached::assert_attached();
        // SAFETY: a reference is valid and aligned.
        unsafe { load(self.0.get()) }
    }

    /// Replaces the item.
    #[inline(always)]
    pub fn set(&self, value: T) {
        detached::assert_attached();
        // SAFETY: a reference is valid and aligned; the memory of a writable buffer may be written.
        unsafe { store(self.0.get(), value) }
    }
}

/// Whether several threads may be in Python at once, as far as it is known when this is compiled.
#[inline(always)]
const fn shared() -> bool {
    cfg!(feature = "universal") || FREE_THREADED
}

#[cfg(not(feature = "universal"))]
const FREE_THREADED: bool = hpy_sys::capi::free_threaded();
#[cfg(feature = "universal")]
const FREE_THREADED: bool = true;

/// Whether several threads are in Python at once: what one of them copies, another may write.
#[inline]
pub(super) fn shared_now() -> bool {
    shared() && hpy_sys::capi::free_threaded()
}

macro_rules! by_size {
    (
        $shared:expr, $place:expr, $T:ident,
        |$atomic:ident| $do:expr, $volatile:expr, $otherwise:expr
    ) => {
        match size_of::<$T>() {
            1 if $shared => {
                let $atomic = AtomicU8::from_ptr($place.cast());
                $do
            }
            2 if $shared => {
                let $atomic = AtomicU16::from_ptr($place.cast());
                $do
            }
            4 if $shared => {
                let $atomic = AtomicU32::from_ptr($place.cast());
                $do
            }
            #[cfg(target_has_atomic = "64")]
            8 if $shared && align_of::<core::sync::atomic::AtomicU64>() == align_of::<u64>() => {
                let $atomic = core::sync::atomic::AtomicU64::from_ptr($place.cast());
                $do
            }
            _ if $shared => $volatile,
            _ => $otherwise,
        }
    };
}

/// Reads an item.
///
/// # Safety
/// `place` is an item's, aligned, and may be read.
#[inline(always)]
pub(super) unsafe fn load<T: Element>(place: *mut T) -> T {
    // SAFETY: as promised by the caller.
    unsafe { load_if(shared(), place) }
}

/// Reads an item that threads without the GIL may write.
///
/// # Safety
/// `place` is an item's, aligned, and may be read.
#[inline(always)]
pub(crate) unsafe fn load_shared<T: Element>(place: *mut T) -> T {
    // SAFETY: as promised by the caller.
    unsafe { load_if(true, place) }
}

/// # Safety
/// As for [`load`]; `shared` says whether other threads may write meanwhile.
#[inline(always)]
unsafe fn load_if<T: Element>(shared: bool, place: *mut T) -> T {
    // SAFETY: as promised by the caller; every pattern of bits is a `T`, whose size each arm knows.
    unsafe {
        if size_of::<T>() == 16 {
            let parts = place.cast::<u64>();
            return core::mem::transmute_copy(&[
                load_if(shared, parts),
                load_if(shared, parts.add(1)),
            ]);
        }
        by_size!(
            shared,
            place,
            T,
            |atomic| core::mem::transmute_copy(&atomic.load(Ordering::Relaxed)),
            place.read_volatile(),
            place.read()
        )
    }
}

/// Writes an item.
///
/// # Safety
/// `place` is an item's, aligned, and may be written.
#[inline(always)]
pub(super) unsafe fn store<T: Element>(place: *mut T, value: T) {
    // SAFETY: as promised by the caller.
    unsafe { store_if(shared(), place, value) }
}

/// Writes an item that threads without the GIL may read and write.
///
/// # Safety
/// `place` is an item's, aligned, and may be written.
#[inline(always)]
pub(super) unsafe fn store_shared<T: Element>(place: *mut T, value: T) {
    // SAFETY: as promised by the caller.
    unsafe { store_if(true, place, value) }
}

/// # Safety
/// As for [`store`]; `shared` says whether other threads may read or write meanwhile.
#[inline(always)]
unsafe fn store_if<T: Element>(shared: bool, place: *mut T, value: T) {
    // SAFETY: as promised by the caller; the arm is that of the size of `T`.
    unsafe {
        if size_of::<T>() == 16 {
            let [first, second] = core::mem::transmute_copy::<T, [u64; 2]>(&value);
            store_if(shared, place.cast::<u64>(), first);
            return store_if(shared, place.cast::<u64>().add(1), second);
        }
        by_size!(
            shared,
            place,
            T,
            |atomic| atomic.store(core::mem::transmute_copy(&value), Ordering::Relaxed),
            place.write_volatile(value),
            place.write(value)
        )
    }
}

/// As [`load`], wherever the item lies.
///
/// # Safety
/// `place` is an item's, and may be read.
#[inline(always)]
pub(super) unsafe fn load_anywhere<T: Element>(place: *mut T) -> T {
    let mut value = MaybeUninit::<T>::uninit();
    // SAFETY: as promised by the caller; the value is filled byte by byte.
    unsafe {
        if place.is_aligned() {
            return load(place);
        }
        for index in 0..size_of::<T>() {
            let byte = load(place.cast::<u8>().add(index));
            value.as_mut_ptr().cast::<u8>().add(index).write(byte);
        }
        value.assume_init()
    }
}

/// As [`store`], wherever the item lies.
///
/// # Safety
/// `place` is an item's, and may be written.
#[inline(always)]
pub(super) unsafe fn store_anywhere<T: Element>(place: *mut T, value: T) {
    // SAFETY: as promised by the caller; the bytes of a number are all initialised.
    unsafe {
        if place.is_aligned() {
            return store(place, value);
        }
        for index in 0..size_of::<T>() {
            let byte = (&raw const value).cast::<u8>().add(index).read();
            store(place.cast::<u8>().add(index), byte);
        }
    }
}
