//! The structs of DLPack's C interface, as `dlpack.h` lays them out.

use crate::buffer::{Element, Kind};
use core::ffi::{CStr, c_void};
use core::ptr::NonNull;

/// The version that is spoken here. Other minor versions have the same layout.
pub(super) const VERSION: Version = Version { major: 1, minor: 0 };

/// The memory of the processor itself.
pub(super) const CPU: Device = Device { kind: 1, id: 0 };

pub(super) const READ_ONLY: u64 = 1;
pub(super) const IS_COPIED: u64 = 2;

#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub(super) struct Version {
    pub(super) major: u32,
    pub(super) minor: u32,
}

#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Device {
    pub(super) kind: i32,
    pub(super) id: i32,
}

#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DataType {
    pub(super) code: u8,
    pub(super) bits: u8,
    pub(super) lanes: u16,
}

/// `DLTensor`.
#[repr(C)]
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) data: *mut c_void,
    pub(super) device: Device,
    pub(super) ndim: i32,
    pub(super) dtype: DataType,
    pub(super) shape: *mut i64,
    /// In items; null where they lie in C's order, one behind the other.
    pub(super) strides: *mut i64,
    pub(super) byte_offset: u64,
}

/// `DLManagedTensor`.
#[repr(C)]
#[derive(Debug)]
pub(super) struct Unversioned {
    pub(super) tensor: Layout,
    pub(super) context: *mut c_void,
    pub(super) deleter: Option<unsafe extern "C" fn(*mut Self)>,
}

/// `DLManagedTensorVersioned`.
#[repr(C)]
#[derive(Debug)]
pub(super) struct Versioned {
    pub(super) version: Version,
    pub(super) context: *mut c_void,
    pub(super) deleter: Option<unsafe extern "C" fn(*mut Self)>,
    pub(super) flags: u64,
    pub(super) tensor: Layout,
}

/// A struct that is owned by whoever has its address, and ended by its deleter.
pub(super) trait Managed: crate::types::c_capsule::CStruct {
    /// The capsule's name when somebody has taken the struct.
    const USED: &'static CStr;

    /// Calls the deleter.
    ///
    /// # Safety
    /// The struct is the caller's, and not used any more.
    unsafe fn delete(this: *mut Self);

    /// The deleter's address.
    ///
    /// # Safety
    /// The struct is one of DLPack.
    unsafe fn deleter(this: NonNull<Self>) -> usize;

    /// # Safety
    /// As above.
    unsafe fn layout<'a>(this: NonNull<Self>) -> &'a Layout;

    /// # Safety
    /// As above.
    unsafe fn flags(this: NonNull<Self>) -> u64;
}

macro_rules! managed {
    ($($type:ident, $name:literal, $used:literal, |$this:ident| $flags:expr;)*) => {$(
        impl Managed for $type {
            const USED: &'static CStr = $used;

            unsafe fn delete(this: *mut Self) {
                // SAFETY: as promised by the caller. A struct without a deleter needs none.
                unsafe {
                    if let Some(deleter) = (*this).deleter {
                        deleter(this)
                    }
                }
            }

            unsafe fn deleter(this: NonNull<Self>) -> usize {
                // SAFETY: as promised by the caller.
                unsafe { (*this.as_ptr()).deleter.map_or(0, |deleter| deleter as usize) }
            }

            unsafe fn layout<'a>(this: NonNull<Self>) -> &'a Layout {
                // SAFETY: as promised by the caller.
                unsafe { &(*this.as_ptr()).tensor }
            }

            unsafe fn flags(this: NonNull<Self>) -> u64 {
                let $this = this;
                $flags
            }
        }

        impl $type {
            unsafe fn end(this: *mut Self, name: &CStr) {
                if name == $name {
                    // SAFETY: the name says that nobody has taken it out of the capsule that ends.
                    unsafe { Managed::delete(this) }
                }
            }
        }

        crate::types::c_capsule::c_struct! { $type, $name, $type::end }
    )*};
}

managed! {
    // Whether others may write it is not known: numpy takes such tensors as read-only, too.
    Unversioned, c"dltensor", c"used_dltensor", |_this| READ_ONLY;
    Versioned, c"dltensor_versioned", c"used_dltensor_versioned", |this| {
        // SAFETY: as promised by the caller.
        unsafe { (*this.as_ptr()).flags }
    };
}

impl DataType {
    pub(super) const fn of<T: Element>() -> Self {
        let code = match T::KIND {
            Kind::Signed | Kind::Datetime | Kind::Timedelta => 0,
            Kind::Unsigned => 1,
            Kind::Float => 2,
            Kind::Complex => 5,
        };
        Self {
            code,
            bits: (size_of::<T>() * 8) as u8,
            lanes: 1,
        }
    }

    /// The type in the notation of Python's `struct`; None where there is none.
    pub(super) fn format(self) -> Option<&'static str> {
        if self.lanes != 1 {
            return None;
        }
        Some(match (self.code, self.bits) {
            (0, 8) => "b",
            (0, 16) => "h",
            (0, 32) => "i",
            (0, 64) => "q",
            (1, 8) => "B",
            (1, 16) => "H",
            (1, 32) => "I",
            (1, 64) => "Q",
            (2, 16) => "e",
            (2, 32) => "f",
            (2, 64) => "d",
            (5, 64) => "Zf",
            (5, 128) => "Zd",
            (6, 8) => "?",
            _ => return None,
        })
    }

    /// As numpy and PyTorch call it.
    pub(super) fn name(self) -> String {
        let kind = match self.code {
            0 => "int",
            1 => "uint",
            2 => "float",
            3 => "handle",
            4 => "bfloat",
            5 => "complex",
            6 => "bool",
            code => return format!("type {code} of {} bits", self.bits),
        };
        match (self.code, self.lanes) {
            (6, 1) => kind.to_owned(),
            (_, 1) => format!("{kind}{}", self.bits),
            (_, lanes) => format!("{lanes} × {kind}{}", self.bits),
        }
    }
}
