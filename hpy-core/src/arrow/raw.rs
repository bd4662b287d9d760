//! The structs of Arrow's C interfaces, as the specification lays them out.
//!
//! Those of `arrow-array` have the same layout. These are read before anything is believed, and
//! the stream's are called here, as `arrow-array` calls them for tables only.

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::NonNull;

macro_rules! c_structs {
    ($(#[doc = $doc:literal] $name:ident $capsule:literal { $($field:ident: $type:ty,)* })*) => {$(
        #[doc = $doc]
        #[repr(C)]
        #[derive(Debug)]
        pub(super) struct $name {
            $(pub(super) $field: $type,)*
            /// None in a struct that was moved elsewhere, or released.
            release: Option<unsafe extern "C" fn(*mut Self)>,
            private_data: *mut c_void,
        }

        // SAFETY: the specification lets such a struct be moved to, and released on, any thread.
        unsafe impl Send for $name {}

        impl Drop for $name {
            fn drop(&mut self) {
                if let Some(release) = self.release {
                    // SAFETY: the struct has not been released, and is not used again.
                    unsafe { release(self) }
                }
            }
        }

        impl Consumable for $name {
            const WHAT: &'static str = stringify!($name);

            unsafe fn take(place: NonNull<Self>) -> Option<Self> {
                let place = place.as_ptr();
                // SAFETY: as promised by the caller. Without `release`, what is left in the place
                // is nobody's, which is how the specification moves a struct.
                unsafe {
                    (*place).release?;
                    let taken = place.read();
                    (*place).release = None;
                    Some(taken)
                }
            }
        }

        impl $name {
            unsafe fn end(this: *mut Self, _: &CStr) {
                // SAFETY: the capsule was made of a box. A struct that was taken has no `release`.
                drop(unsafe { Box::from_raw(this) });
            }
        }

        crate::types::c_capsule::c_struct! { $name, $capsule, $name::end }
    )*};
}

/// A struct that is moved out of its place.
pub(super) trait Consumable: Sized {
    /// The struct's name in the specification.
    const WHAT: &'static str;

    /// The struct, unless it has been taken before.
    ///
    /// # Safety
    /// In the place there is such a struct, and nobody else uses it meanwhile.
    unsafe fn take(place: NonNull<Self>) -> Option<Self>;
}

c_structs! {
    /// A type of data, or a table's schema.
    ArrowSchema c"arrow_schema" {
        format: *const c_char,
        name: *const c_char,
        metadata: *const c_char,
        flags: i64,
        n_children: i64,
        children: *mut *mut ArrowSchema,
        dictionary: *mut ArrowSchema,
    }

    /// An array, with those that it consists of.
    ArrowArray c"arrow_array" {
        length: i64,
        null_count: i64,
        offset: i64,
        n_buffers: i64,
        n_children: i64,
        buffers: *mut *const c_void,
        children: *mut *mut ArrowArray,
        dictionary: *mut ArrowArray,
    }

    /// Arrays of one type, one after the other.
    ArrowArrayStream c"arrow_array_stream" {
        get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
        get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
        get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    }
}

/// Those of `arrow-array` are the same, under another name.
macro_rules! same_structs {
    ($($ours:ident $theirs:ident;)*) => {$(
        const _: () = assert!(
            size_of::<$ours>() == size_of::<$theirs>()
                && align_of::<$ours>() == align_of::<$theirs>()
        );

        impl From<$theirs> for $ours {
            fn from(theirs: $theirs) -> Self {
                // SAFETY: both have the layout of the specification, and the same meaning.
                unsafe { core::mem::transmute::<$theirs, Self>(theirs) }
            }
        }

        impl From<$ours> for $theirs {
            fn from(ours: $ours) -> Self {
                // SAFETY: as above.
                unsafe { core::mem::transmute::<$ours, Self>(ours) }
            }
        }
    )*};
}

same_structs! {
    ArrowSchema FFI_ArrowSchema;
    ArrowArray FFI_ArrowArray;
}

impl ArrowSchema {
    /// As `arrow-schema` reads it.
    pub(super) fn as_ffi(&self) -> &FFI_ArrowSchema {
        // SAFETY: one layout, the specification's.
        unsafe { &*core::ptr::from_ref(self).cast() }
    }
}

impl ArrowArrayStream {
    /// One whose functions find `private_data`.
    ///
    /// # Safety
    /// The functions may be called with such a stream, as the specification says, and `release`
    /// ends what `private_data` is, once.
    pub(super) unsafe fn new(
        functions: StreamFunctions,
        release: unsafe extern "C" fn(*mut Self),
        private_data: *mut c_void,
    ) -> Self {
        Self {
            get_schema: Some(functions.get_schema),
            get_next: Some(functions.get_next),
            get_last_error: Some(functions.get_last_error),
            release: Some(release),
            private_data,
        }
    }

    pub(super) fn private_data(&self) -> *mut c_void {
        self.private_data
    }

    /// Marks it as released.
    pub(super) fn released(&mut self) {
        self.release = None;
        self.private_data = core::ptr::null_mut();
    }
}

/// What a stream is asked.
pub(super) struct StreamFunctions {
    pub(super) get_schema: unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int,
    pub(super) get_next: unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int,
    pub(super) get_last_error: unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char,
}

macro_rules! empty {
    ($($name:ident { $($field:ident: $value:expr),* $(,)? })*) => {$(
        impl $name {
            /// One that is filled by somebody else, and nobody's until then.
            pub(super) const fn empty() -> Self {
                Self {
                    $($field: $value,)*
                    release: None,
                    private_data: core::ptr::null_mut(),
                }
            }

            /// Whether there is something in it.
            pub(super) fn is_filled(&self) -> bool {
                self.release.is_some()
            }
        }
    )*};
}

use core::ptr::{null, null_mut};

empty! {
    ArrowSchema {
        format: null(), name: null(), metadata: null(), flags: 0,
        n_children: 0, children: null_mut(), dictionary: null_mut(),
    }
    ArrowArray {
        length: 0, null_count: 0, offset: 0, n_buffers: 0, n_children: 0,
        buffers: null_mut(), children: null_mut(), dictionary: null_mut(),
    }
}
