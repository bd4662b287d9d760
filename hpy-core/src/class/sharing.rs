//! What an extension knows of a type that others use: its version, and its fields in C's layout.

use core::ffi::c_void;
use core::sync::atomic::{AtomicPtr, Ordering};

/// What the data of a shared type is made of: numbers, `bool`, `char`, atomics, and arrays of them.
///
/// They are the same in every binary, whatever compiled it, and own no memory that the allocator of
/// one binary would have to free.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a shared type",
    label = "not the same in every extension",
    note = "the fields of a shared type are numbers, `bool`, `char`, atomics, and arrays of these: \
            what owns memory belongs to the binary that has allocated it"
)]
pub trait SharedField: sealed::Sealed {
    /// What it consists of.
    #[doc(hidden)]
    const ELEMENT: Element;
    /// Of how many.
    #[doc(hidden)]
    const COUNT: usize = 1;
}

mod sealed {
    pub trait Sealed {}
    impl<T: Sealed, const N: usize> Sealed for [T; N] {}
}

macro_rules! elements {
    ($($number:literal $name:literal $ty:ty;)*) => {
        /// A kind of number, as binaries of any version know it. Numbers are never given anew.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(transparent)]
        pub struct Element(u32);

        impl Element {
            fn name(self) -> &'static str {
                match self.0 {
                    $($number => $name,)*
                    _ => "?",
                }
            }
        }

        $(
            impl sealed::Sealed for $ty {}
            impl SharedField for $ty {
                const ELEMENT: Element = Element($number);
            }
        )*
    };
}

elements! {
    1 "bool" bool;
    2 "char" char;
    3 "i8" i8;
    4 "i16" i16;
    5 "i32" i32;
    6 "i64" i64;
    7 "isize" isize;
    8 "u8" u8;
    9 "u16" u16;
    10 "u32" u32;
    11 "u64" u64;
    12 "usize" usize;
    13 "f32" f32;
    14 "f64" f64;
    15 "AtomicBool" core::sync::atomic::AtomicBool;
    16 "AtomicI32" core::sync::atomic::AtomicI32;
    17 "AtomicI64" core::sync::atomic::AtomicI64;
    18 "AtomicU32" core::sync::atomic::AtomicU32;
    19 "AtomicU64" core::sync::atomic::AtomicU64;
    20 "AtomicUsize" core::sync::atomic::AtomicUsize;
}

impl<T: SharedField, const N: usize> SharedField for [T; N] {
    const ELEMENT: Element = T::ELEMENT;
    const COUNT: usize = N * T::COUNT;
}

/// Text, in C's layout.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Text {
    first: *const u8,
    len: usize,
}

// SAFETY: the pointer is to text in the binary, which nobody writes to.
unsafe impl Sync for Text {}

impl Text {
    pub(super) const fn new(text: &'static str) -> Self {
        Self {
            first: text.as_ptr(),
            len: text.len(),
        }
    }

    pub(super) fn get(&self) -> &'static str {
        // SAFETY: made of a text, in this binary or another one, which is never unloaded.
        unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(self.first, self.len)) }
    }
}

/// A field, in C's layout.
#[repr(C)]
pub struct FieldLayout {
    name: Text,
    offset: usize,
    count: usize,
    element: Element,
}

impl FieldLayout {
    /// The field of this name and place.
    pub const fn new<T: SharedField>(name: &'static str, offset: usize) -> Self {
        Self {
            name: Text::new(name),
            offset,
            count: T::COUNT,
            element: T::ELEMENT,
        }
    }

    pub(super) fn describe(&self) -> String {
        let FieldLayout { name, offset, .. } = self;
        let (name, element) = (name.get(), self.element.name());
        match self.count {
            1 => format!("`{name}: {element}` at byte {offset}"),
            count => format!("`{name}: {count} {element}` at byte {offset}"),
        }
    }
}

/// What an extension knows of a shared type, for a static.
pub struct Sharing {
    pub(super) version: &'static str,
    pub(super) fields: &'static [FieldLayout],
    /// What the state of objects' data says where another extension makes them: null in the one
    /// that declares the type.
    pub(super) mark: AtomicPtr<c_void>,
}

impl Sharing {
    /// That of a type with these fields.
    pub const fn new(version: &'static str, fields: &'static [FieldLayout]) -> Self {
        Self {
            version,
            fields,
            mark: AtomicPtr::new(core::ptr::null_mut()),
        }
    }

    /// How memory says that there is data: as the declaring extension does it.
    #[inline(always)]
    pub(super) fn alive(&self, own: *mut c_void) -> *mut c_void {
        let mark = self.mark.load(Ordering::Relaxed);
        if mark.is_null() { own } else { mark }
    }

    pub(super) fn is_imported(&self) -> bool {
        !self.mark.load(Ordering::Relaxed).is_null()
    }
}
