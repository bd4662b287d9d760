//! Conversions between Python objects and Rust values.

mod crates;
pub mod derived;
mod handles;
pub(crate) mod std;

use crate::{Annotation, Context, Handle, Result};
use core::mem::ManuallyDrop;
use hpy_sys::HPy;

/// From a Python object to a Rust value. PyO3's `FromPyObject`.
///
/// Implemented for handles (`&Handle<'ctx, List>`), `bool`, integers, floats, `&str`, `String`,
/// `char`, `&[u8]`, `Option` (None), `Vec`, arrays, tuples, maps, sets, `()`, `NonZero`,
/// `Saturating`, `Wrapping`, `OsString` and `PathBuf`, IP addresses, `Duration` (timedelta) and
/// `SystemTime` (datetime); behind features for types of `bigdecimal`, `bytes`, `chrono`,
/// `chrono-tz`, `either`, `hashbrown`, `indexmap`, `jiff`, `num-bigint`, `num-complex`,
/// `num-rational`, `ordered-float`, `rust_decimal`, `smallvec`, `time` and `uuid`.
///
/// `#[derive(FromHandle)]` makes it for structs and enums, from attributes, items or tuples:
///
/// ```
/// use hpy::prelude::*;
///
/// #[derive(FromHandle)]
/// #[hpy(from_item_all)]
/// struct Server {
///     host: String,
///     #[hpy(default = 80)]
///     port: u16,
/// }
/// # hpy_mock::run(|ctx| {
/// #     let given = ctx.dict()?;
/// #     given.set_item("host", "localhost")?;
/// #     let server: Server = given.extract()?;
/// #     assert_eq!((server.host.as_str(), server.port), ("localhost", 80));
/// #     given.set_item("host", 1)?;
/// #     let error = given.extract::<Server>().err().map(|error| error.to_string());
/// #     assert_eq!(error.as_deref(), Some("TypeError: Server.host must be str, not int"));
/// #     Ok(())
/// # });
/// ```
///
/// By hand:
///
/// ```
/// use hpy::exceptions::ValueError;
/// use hpy::prelude::*;
///
/// struct Port(u16);
///
/// impl<'a, 'ctx> FromHandle<'a, 'ctx> for Port {
///     fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
///         match handle.extract()? {
///             0 => Err(ValueError::new("0 is no port")),
///             port => Ok(Port(port)),
///         }
///     }
/// }
/// # hpy_mock::run(|ctx| {
/// #     assert_eq!(ctx.int(80)?.extract::<Port>()?.0, 80);
/// #     assert!(ctx.int(0)?.extract::<Port>().is_err());
/// #     assert!(ctx.int(1 << 16)?.extract::<Port>().is_err());
/// #     Ok(())
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "no conversion from a Python object to `{Self}`",
    label = "can't be made from a Python object",
    note = "a method takes `&Handle<'ctx>` (any object), `&Handle<'ctx, List>` and the like, \
            numbers, bool, `&str`, `String`, `&[u8]`, `Option`, `Vec`, tuples, maps …; implement \
            `FromHandle` for your own types",
    note = "the data of a `#[hpy_type]` is `Ref<'_, T>` or `RefMut<'_, T>`, or `&T` if it is \
            `frozen`; numbers in memory are `Buffer<'_, f64>`"
)]
pub trait FromHandle<'a, 'ctx>: Sized {
    /// Converts the object.
    ///
    /// # Errors
    /// TypeError for an object of another type, OverflowError for a number that does not fit, or
    /// what the object raises.
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self>;

    /// What Python calls the objects that convert, for `cargo hpy stubs`: `typing.Any` where
    /// nothing is said.
    const ANNOTATION: Annotation = Annotation::ANY;

    /// Where the conversion of an argument is in line.
    #[doc(hidden)]
    const IN_LINE: InLine = InLine::Never;

    /// Whether converting may convert other objects in turn, so that one which contains itself has
    /// no end.
    #[doc(hidden)]
    const NESTS: bool = true;

    /// All items of an object, where they are numbers, which is quicker than one by one; None for
    /// objects that have to be iterated over.
    #[doc(hidden)]
    #[inline(always)]
    fn vec_of(_: &'a Handle<'ctx>) -> Option<Result<Vec<Self>>> {
        None
    }
}

/// From a Rust value to a Python object. PyO3's `IntoPyObject`.
///
/// Implemented for handles, `bool`, integers, floats, `&str`, `String`, `char`, `Option` (None),
/// `()` (None), `Vec` and slices (list; of `u8` bytes), tuples, maps (dict), sets.
/// `#[derive(IntoHandle)]` makes it for structs (dicts, or tuples) and enums.
///
/// ```
/// use hpy::prelude::*;
///
/// struct Port(u16);
///
/// impl<'ctx> IntoHandle<'ctx> for Port {
///     fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
///         self.0.into_handle(ctx)
///     }
/// }
/// # hpy_mock::run(|ctx| {
/// #     assert_eq!(ctx.handle(Port(80))?.extract::<u16>()?, 80);
/// #     Ok(())
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "no conversion from `{Self}` to a Python object",
    label = "has no Python form",
    note = "handles, numbers, bool, strings, `Option`, `()`, `Vec`, slices, tuples, maps and sets \
            have one; implement `IntoHandle` for your own types"
)]
pub trait IntoHandle<'ctx>: Sized {
    /// Converts the value.
    ///
    /// # Errors
    /// MemoryError, or what a conversion inside raises.
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>>;

    /// What Python calls the object, for `cargo hpy stubs`: `typing.Any` where nothing is said.
    const ANNOTATION: Annotation = Annotation::ANY;

    /// The same of the object that a `Vec` or slice of `Self` becomes.
    #[doc(hidden)]
    const LIST_ANNOTATION: Annotation = Annotation::generic("list", &[Self::ANNOTATION]);

    /// Whether converting may convert other values in turn.
    #[doc(hidden)]
    const NESTS: bool = true;

    /// Where the conversion of a result is in line.
    #[doc(hidden)]
    const IN_LINE: InLine = InLine::Never;

    /// The same in line, where it is usually a call.
    ///
    /// # Errors
    /// As for [`into_handle`](Self::into_handle).
    #[doc(hidden)]
    #[inline(always)]
    fn into_handle_in_line(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.into_handle(ctx)
    }

    /// Converts the value for one call: a borrowed handle stays borrowed.
    #[doc(hidden)]
    #[inline(always)]
    fn into_argument(self, ctx: Context<'ctx>) -> Result<Argument<'ctx>> {
        self.into_handle(ctx).map(Argument::owned)
    }

    /// The value as an index or key that HPy takes without an object for it.
    #[doc(hidden)]
    #[inline(always)]
    fn as_key(&self) -> Option<Key<'_>> {
        None
    }

    /// What a `Vec` or slice of `Self` is written by, where `Self` is a number or a reference to
    /// one.
    #[doc(hidden)]
    const NUMBERS: NumbersIn = NumbersIn::Nothing;
}

/// Where a conversion is compiled into the method.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InLine {
    /// Nowhere: one function per type, for all contexts.
    Never,
    /// In short methods: where it takes few instructions, or a call or two under a host.
    Short,
    /// Always: the handle itself comes out, or it is one call.
    Always,
}

/// Not to be named outside this crate.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum Key<'a> {
    /// Not negative: HPy's functions count a negative one from the end themselves, where Python
    /// leaves that to the object.
    Index(hpy_sys::HPy_ssize_t),
    /// UTF-8.
    Text(&'a core::ffi::CStr),
}

/// Not to be named outside this crate, so that nobody else says that their types are numbers.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum NumbersIn {
    /// One by one.
    Nothing,
    /// `Self` is the number.
    Own(WriteSlice),
    /// `Self` is a reference to the number.
    Referenced(WriteSlice),
}

/// Makes an object of a slice, which is given by its address and length.
///
/// # Safety
/// They are those of a slice of the type that the function is for.
type WriteSlice = for<'ctx> unsafe fn(Context<'ctx>, *const (), usize) -> Result<Handle<'ctx>>;

/// A handle for one call: closed afterwards if it was made for it.
#[doc(hidden)]
pub struct Argument<'ctx> {
    handle: ManuallyDrop<Handle<'ctx>>,
    owned: bool,
}

impl<'ctx> Argument<'ctx> {
    #[inline(always)]
    pub(crate) fn owned(handle: Handle<'ctx>) -> Self {
        Self {
            handle: ManuallyDrop::new(handle),
            owned: true,
        }
    }

    /// # Safety
    /// The handle stays open until the argument is dropped.
    #[inline(always)]
    pub(crate) unsafe fn borrowed(ctx: Context<'ctx>, raw: HPy) -> Self {
        // SAFETY: as promised by the caller; it is not closed here.
        let handle = unsafe { Handle::not_dropped(ctx, raw) };
        Self {
            handle: ManuallyDrop::new(handle),
            owned: false,
        }
    }

    #[inline(always)]
    pub(crate) fn as_raw(&self) -> HPy {
        self.handle.as_raw()
    }
}

impl Drop for Argument<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.owned {
            // SAFETY: it is ours and not used again.
            unsafe { ManuallyDrop::drop(&mut self.handle) }
        }
    }
}
