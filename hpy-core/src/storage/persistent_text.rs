//! Text and bytes that outlive the call they came with.

use crate::types::{Bytes, Str};
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Persistent, Result};
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Deref;
use core::ptr::NonNull;
use hpy_sys::capi;
use std::borrow::Cow;
use std::sync::Arc;

/// Bytes that nobody writes.
#[derive(Clone)]
enum Memory {
    /// An object's, which is kept.
    Lent {
        bytes: NonNull<[u8]>,
        object: Arc<Persistent>,
    },
    /// Rust's own.
    Copied(Arc<[u8]>),
}

// SAFETY: the bytes are only read. `Persistent` is Send and Sync, and so is what is Rust's own.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

impl Memory {
    /// # Safety
    /// The bytes are the object's, and stay where they are while there is a reference to it, if
    /// `stays` says so.
    unsafe fn new(object: &Handle<'_>, bytes: &[u8], stays: bool) -> Result<Self> {
        if !stays {
            return Ok(Self::Copied(bytes.into()));
        }
        Ok(Self::Lent {
            bytes: NonNull::from(bytes),
            object: Arc::new(Persistent::new(object)?),
        })
    }

    #[inline]
    fn bytes(&self) -> &[u8] {
        match self {
            // SAFETY: the object is kept as long as `self` lives. If its interpreter has ended, the
            // reference was not given up, and the memory of what is referred to is never freed.
            Self::Lent { bytes, .. } => unsafe { bytes.as_ref() },
            Self::Copied(bytes) => bytes,
        }
    }

    /// The object, in the interpreter that it belongs to.
    fn object<'ctx>(&self, ctx: Context<'ctx>) -> Option<Handle<'ctx>> {
        match self {
            Self::Lent { object, .. } => object.get(ctx).ok(),
            Self::Copied(_) => None,
        }
    }
}

/// Whether memory of a str can be lent beyond the call.
fn text_stays(ctx: Context<'_>) -> bool {
    // SAFETY: a context means that the thread is attached.
    ctx.raw.is_direct() && unsafe { capi::running::memory_stays() }
}

/// Text of a Python str that outlives the call. PyO3's `PyBackedStr`.
///
/// It is a `str` for Rust, on any thread and without a context, and the same str for Python again.
/// Cloning it copies no text.
///
/// | interpreter | the text |
/// |---|---|
/// | CPython, in both ABIs | the object's own, which is kept: no copy |
/// | PyPy 8 and GraalPy 25 | a copy: their collectors move and free what C sees |
/// | host contexts: PyPy 7.3, GraalPy 24, a package `hpy` | a copy: text is lent for a call there |
/// | debug builds of CPython | a copy: they free interned strs that are still used |
///
/// Where it is no copy, CPython keeps the UTF-8 of a str that is not ASCII beside its characters,
/// as long as the str lives. Where it is one, Python gets a new str back.
///
/// Dropped where Python can't be used, the object waits for the next call, as with
/// [`Persistent`].
///
/// ```
/// use hpy::prelude::*;
/// use hpy::PersistentStr;
/// use std::collections::HashMap;
/// use std::sync::{Mutex, PoisonError};
///
/// static SIZES: Mutex<Option<HashMap<PersistentStr, u64>>> = Mutex::new(None);
///
/// #[hpy_method]
/// fn remember(name: PersistentStr, size: u64) {
///     let mut sizes = SIZES.lock().unwrap_or_else(PoisonError::into_inner);
///     sizes.get_or_insert_default().insert(name, size);
/// }
///
/// #[hpy_method]
/// fn size_of(name: &str) -> Option<u64> {
///     let sizes = SIZES.lock().unwrap_or_else(PoisonError::into_inner);
///     sizes.as_ref()?.get(name).copied()
/// }
/// # hpy_mock::run(|ctx| {
/// #     hpy_mock::method::<remember>(ctx).call1(("x", 3))?;
/// #     let size_of = hpy_mock::method::<size_of>(ctx);
/// #     assert_eq!(size_of.call1(("x",))?.extract::<Option<u64>>()?, Some(3));
/// #     assert_eq!(size_of.call1(("y",))?.extract::<Option<u64>>()?, None);
/// #     Ok(())
/// # });
/// ```
#[derive(Clone)]
pub struct PersistentStr(Memory);

impl PersistentStr {
    /// Keeps the text of a str.
    ///
    /// # Errors
    /// UnicodeEncodeError for lone surrogates, which Rust's `str` can't hold; MemoryError.
    pub fn new(text: &Handle<'_, Str>) -> Result<Self> {
        let bytes = text.to_str()?.as_bytes();
        // SAFETY: `to_str` gives the str's own UTF-8, which CPython keeps as long as the str.
        let memory = unsafe { Memory::new(text.as_object(), bytes, text_stays(text.ctx()))? };
        Ok(Self(memory))
    }

    /// The text.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        // SAFETY: it was a `str`, and nobody writes it.
        unsafe { core::str::from_utf8_unchecked(self.0.bytes()) }
    }
}

/// The bytes of a Python object that outlive the call. PyO3's `PyBackedBytes`.
///
/// It is a `[u8]` for Rust, on any thread and without a context. Cloning it copies no bytes.
///
/// | object | interpreter | the bytes |
/// |---|---|---|
/// | bytes | CPython with the GIL, in both ABIs | the object's own, which is kept: no copy |
/// | | CPython without the GIL | a copy: it frees constants at its end, though they are used |
/// | | others, host contexts, debug builds | a copy, as of a [`PersistentStr`] |
/// | bytearray, memoryview | all | a copy: Python can change them |
///
/// Python gets the same bytes object back, or a new one where it is a copy.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::PersistentBytes;
///
/// /// The sum of the bytes, found on another thread.
/// #[hpy_method]
/// fn checksum(ctx: Context<'_>, data: PersistentBytes) -> u64 {
///     let thread = std::thread::spawn(move || data.iter().map(|byte| u64::from(*byte)).sum());
///     ctx.detach(move || thread.join().unwrap_or(0))
/// }
/// # hpy_mock::run(|ctx| {
/// #     let checksum = hpy_mock::method::<checksum>(ctx);
/// #     assert_eq!(checksum.call1((ctx.bytes(&[1, 2, 3])?,))?.extract::<u64>()?, 6);
/// #     Ok(())
/// # });
/// ```
#[derive(Clone)]
pub struct PersistentBytes(Memory);

impl PersistentBytes {
    /// Keeps the bytes of a bytes object.
    ///
    /// # Errors
    /// MemoryError.
    pub fn new(bytes: &Handle<'_, Bytes>) -> Result<Self> {
        let stays = text_stays(bytes.ctx()) && !capi::free_threaded();
        // SAFETY: `as_bytes` gives the object's own memory, which CPython frees with the object.
        // Without the GIL it frees constants at its end, whoever refers to them.
        let memory = unsafe { Memory::new(bytes.as_object(), bytes.as_bytes(), stays)? };
        Ok(Self(memory))
    }

    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.bytes()
    }
}

/// From a str.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for PersistentStr {
    const ANNOTATION: Annotation = Annotation::name("str");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Self::new(handle.downcast()?)
    }
}

/// From a bytes, bytearray or memoryview; the last two are copied.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for PersistentBytes {
    const ANNOTATION: Annotation = <Cow<'a, [u8]> as FromHandle<'a, 'ctx>>::ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        match handle.downcast() {
            Ok(bytes) => Self::new(bytes),
            Err(_) => <Cow<'a, [u8]>>::from_handle(handle).map(Self::from),
        }
    }
}

macro_rules! both {
    ($($persistent:ident: $target:ty = $as_target:ident, $owned:ty, $annotation:literal;)*) => {$(
        /// The object that it came from; a new one of the same content where it is a copy, and in
        /// another interpreter.
        impl<'ctx> IntoHandle<'ctx> for &$persistent {
            const ANNOTATION: Annotation = Annotation::name($annotation);

            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                match self.0.object(ctx) {
                    Some(object) => Ok(object),
                    None => self.$as_target().into_handle(ctx),
                }
            }
        }

        /// As `&self`.
        impl<'ctx> IntoHandle<'ctx> for $persistent {
            const ANNOTATION: Annotation = Annotation::name($annotation);

            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                (&self).into_handle(ctx)
            }
        }

        impl $persistent {
            /// Whether the content is that of a Python object, which is kept, and no copy.
            #[inline]
            #[must_use]
            pub fn is_borrowed(&self) -> bool {
                matches!(self.0, Memory::Lent { .. })
            }
        }

        impl Deref for $persistent {
            type Target = $target;

            #[inline]
            fn deref(&self) -> &$target {
                self.$as_target()
            }
        }

        impl AsRef<$target> for $persistent {
            #[inline]
            fn as_ref(&self) -> &$target {
                self
            }
        }

        impl Borrow<$target> for $persistent {
            #[inline]
            fn borrow(&self) -> &$target {
                self
            }
        }

        /// A copy, which Python has no part in.
        impl From<&$target> for $persistent {
            fn from(content: &$target) -> Self {
                let bytes: &[u8] = content.as_ref();
                Self(Memory::Copied(bytes.into()))
            }
        }

        /// A copy, which Python has no part in.
        impl From<$owned> for $persistent {
            fn from(content: $owned) -> Self {
                Self::from(&*content)
            }
        }

        impl From<&$persistent> for $owned {
            fn from(content: &$persistent) -> Self {
                content.$as_target().to_owned()
            }
        }

        impl Default for $persistent {
            fn default() -> Self {
                Self(Memory::Copied(Arc::default()))
            }
        }

        impl fmt::Debug for $persistent {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.$as_target(), f)
            }
        }

        impl Hash for $persistent {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.$as_target().hash(state);
            }
        }

        impl PartialEq for $persistent {
            fn eq(&self, other: &Self) -> bool {
                **self == **other
            }
        }

        impl Eq for $persistent {}

        impl PartialOrd for $persistent {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $persistent {
            fn cmp(&self, other: &Self) -> Ordering {
                (**self).cmp(&**other)
            }
        }

        impl PartialEq<$target> for $persistent {
            fn eq(&self, other: &$target) -> bool {
                **self == *other
            }
        }

        impl PartialEq<&$target> for $persistent {
            fn eq(&self, other: &&$target) -> bool {
                **self == **other
            }
        }

        impl PartialEq<$persistent> for $target {
            fn eq(&self, other: &$persistent) -> bool {
                *self == **other
            }
        }

        impl PartialEq<$persistent> for &$target {
            fn eq(&self, other: &$persistent) -> bool {
                **self == **other
            }
        }
    )*};
}

both! {
    PersistentStr: str = as_str, String, "str";
    PersistentBytes: [u8] = as_bytes, Vec<u8>, "bytes";
}

impl fmt::Display for PersistentStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

/// A copy of the bytes.
impl From<Cow<'_, [u8]>> for PersistentBytes {
    fn from(bytes: Cow<'_, [u8]>) -> Self {
        Self::from(&*bytes)
    }
}
