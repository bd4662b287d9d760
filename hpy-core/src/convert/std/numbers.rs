//! `bool`, integers of every width, floats.

use crate::backend::by_word;
use crate::convert::NumbersIn;
use crate::error::joined;
use crate::exceptions::{OverflowError, TypeError};
use crate::numbers::{Number, numbers_of};
use crate::object::handle::Borrowed;
use crate::types::{Bool, Float, Int, Object, TypeObject};
use crate::{Context, Error, FromHandle, Handle, IntoHandle, Result, backend};
use hpy_sys::*;

impl<'a, 'ctx> FromHandle<'a, 'ctx> for bool {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("bool");

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        handle.downcast::<Bool>().map(|value| value.value())
    }
}

impl<'ctx> IntoHandle<'ctx> for bool {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("bool");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        Ok(ctx.bool(self).into_object())
    }
}

/// Calls `read` with an int: the object itself, or its `__index__`.
///
/// The check is for CPython 3.9, whose own functions take floats too.
#[inline(always)]
fn with_int<'ctx, R>(
    handle: &Handle<'ctx>,
    read: impl Fn(&Handle<'ctx>) -> Result<R>,
) -> Result<R> {
    // SAFETY: the handle is open.
    if unsafe { backend::is_int(handle.ctx().as_ptr(), handle.as_raw()) } {
        match backend::plain_int(handle)? {
            None => read(handle),
            Some(plain) => read(&plain),
        }
    } else {
        read(&index(handle)?)
    }
}

/// Python's `operator.index`, whose panic stays an exception: it tells where the argument was.
pub(crate) fn index<'ctx>(handle: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let ctx = handle.ctx();
    // SAFETY: the handle is open; a new one or null with an exception.
    unsafe { ctx.made_handle(HPy_Index(ctx.as_ptr(), handle.as_raw())) }
}

/// What a conversion out of line returns: a `Result` in another form.
///
/// Where a `Result` from there met one from the quick way, the compiler would keep them as one
/// value and look again which variant it is, after the quick way too.
struct OutOfLine<T> {
    value: T,
    error: Option<Error>,
}

impl<T> OutOfLine<T> {
    #[inline(always)]
    fn into_result(self) -> Result<T> {
        match self.error {
            None => Ok(self.value),
            Some(error) => Err(error),
        }
    }
}

impl<T: Default> From<Result<T>> for OutOfLine<T> {
    #[inline(always)]
    fn from(result: Result<T>) -> Self {
        let (value, error) = match result {
            Ok(value) => (value, None),
            Err(error) => (T::default(), Some(error)),
        };
        Self { value, error }
    }
}

macro_rules! into_int {
    ($int:ty: $into:ident as $c:ty) => {
        impl<'ctx> IntoHandle<'ctx> for $int {
            const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
            const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

            #[inline(always)]
            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                // SAFETY: a new int or null with an exception.
                unsafe { ctx.made_handle($into(ctx.as_ptr(), self as $c)) }
            }

            #[inline(always)]
            fn as_key(&self) -> Option<crate::convert::Key<'_>> {
                let index = HPy_ssize_t::try_from(*self).ok()?;
                (index >= 0).then_some(crate::convert::Key::Index(index))
            }

            const NUMBERS: NumbersIn = NumbersIn::Own(write_list::<$int>);
        }
    };
}

macro_rules! direct {
    ($(
        $int:ty: $read:ident $by_one_word:ident $from:ident $into:ident as $c:ty, $indexed:expr;
    )*) => {
        $(
            impl<'a, 'ctx> FromHandle<'a, 'ctx> for $int {
                const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
                const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

                #[inline(always)]
                fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                    match backend::small_int(handle).map(<$int>::try_from) {
                        Some(Ok(small)) => Ok(small),
                        _ => $read(handle.by_value()).into_result(),
                    }
                }

                #[inline]
                fn vec_of(handle: &'a Handle<'ctx>) -> Option<Result<Vec<Self>>> {
                    numbers_of(handle)
                }
            }

            /// By the function of the API.
            #[inline(never)]
            fn $read(handle: Borrowed<'_, '_>) -> OutOfLine<$int> {
                let handle = &*handle;
                if let Some(value) = backend::$by_one_word(handle) {
                    return OutOfLine { value, error: None };
                }
                let read = |int: &Handle<'_>| {
                    // SAFETY: the handle is open.
                    let value = unsafe { $from(int.ctx().as_ptr(), int.as_raw()) };
                    if value == <$c>::MAX.wrapping_mul(0).wrapping_sub(1) {
                        if let Some(error) = Error::take(int.ctx()) {
                            return Err(error);
                        }
                    }
                    Ok(value as $int)
                };
                let indexed: fn(Context<'_>) -> bool = $indexed;
                OutOfLine::from(if indexed(handle.ctx()) {
                    read(handle)
                } else {
                    with_int(handle, read)
                })
            }

            into_int! { $int: $into as $c }
        )*
    };
}

direct! {
    i64: read_i64 i64_by_one_word HPyLong_AsInt64_t HPyLong_FromInt64_t as i64,
        |ctx| backend::ints_are_indexed(ctx);
    // CPython reads these from ints only.
    u64: read_u64 u64_by_one_word HPyLong_AsUInt64_t HPyLong_FromUInt64_t as u64, |_| false;
    usize: read_usize usize_by_one_word HPyLong_AsSize_t HPyLong_FromSize_t as usize, |_| false;
}

macro_rules! narrow {
    ($($int:ident via $wide:ident $into:ident as $c:ty;)*) => {
        $(
            impl<'a, 'ctx> FromHandle<'a, 'ctx> for $int {
                const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
                const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

                #[inline(always)]
                fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                    let value = $wide::from_handle(handle)?;
                    $int::try_from(value).map_err(|_| out_of_range(value < 0, stringify!($int)))
                }

                #[inline]
                fn vec_of(handle: &'a Handle<'ctx>) -> Option<Result<Vec<Self>>> {
                    numbers_of(handle)
                }
            }

            into_int! { $int: $into as $c }
        )*
    };
}

// Not by `HPyLong_AsSsize_t`, which CPython answers for ints only.
narrow! {
    isize via i64 HPyLong_FromSsize_t as HPy_ssize_t;
    i8 via i64 HPyLong_FromInt32_t as i32;
    i16 via i64 HPyLong_FromInt32_t as i32;
    i32 via i64 HPyLong_FromInt32_t as i32;
    u16 via i64 HPyLong_FromUInt32_t as u32;
    u32 via i64 HPyLong_FromUInt32_t as u32;
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for u8 {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    #[inline(always)]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let value = i64::from_handle(handle)?;
        u8::try_from(value).map_err(|_| out_of_range(value < 0, "u8"))
    }

    fn vec_of(handle: &'a Handle<'ctx>) -> Option<Result<Vec<u8>>> {
        super::text::bytes_like(handle).or_else(|| numbers_of(handle))
    }
}

impl<'ctx> IntoHandle<'ctx> for u8 {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");
    const LIST_ANNOTATION: crate::Annotation = crate::Annotation::name("bytes");

    #[inline(always)]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        i64::from(self).into_handle(ctx)
    }

    const NUMBERS: NumbersIn = NumbersIn::Own(write_bytes);
}

/// # Safety
/// Address and length are those of a slice of `u8`.
unsafe fn write_bytes<'ctx>(
    ctx: Context<'ctx>,
    bytes: *const (),
    len: usize,
) -> Result<Handle<'ctx>> {
    // SAFETY: as promised by the caller.
    let bytes = unsafe { core::slice::from_raw_parts(bytes.cast(), len) };
    ctx.bytes(bytes).map(Handle::into_object)
}

/// # Safety
/// Address and length are those of a slice of `T`.
unsafe fn write_list<'ctx, T: Number>(
    ctx: Context<'ctx>,
    numbers: *const (),
    len: usize,
) -> Result<Handle<'ctx>> {
    // SAFETY: as promised by the caller.
    let numbers = unsafe { core::slice::from_raw_parts(numbers.cast::<T>(), len) };
    ctx.list_from_slice(numbers).map(Handle::into_object)
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn out_of_range(negative: bool, int: &str) -> Error {
    let text = if negative && int.starts_with('u') {
        "can't convert negative int to "
    } else {
        "Python int too large to convert to "
    };
    OverflowError::new(joined(&[text, int]))
}

/// The low 64 bits, and what is left above them.
fn halves<'ctx>(int: &Handle<'ctx>) -> Result<(u64, Handle<'ctx>)> {
    let ctx = int.ctx();
    // SAFETY: the handle is open.
    let low = unsafe { HPyLong_AsUInt64_tMask(ctx.as_ptr(), int.as_raw()) };
    if low == u64::MAX
        && let Some(error) = Error::take(ctx)
    {
        return Err(error);
    }
    let high = if int.type_().is(&Int::type_object(ctx)?) {
        int.rshift(64)?
    } else {
        // A subclass may have operators of its own, which say nothing about its value.
        let rshift = Int::type_object(ctx)?.as_object().getattr(c"__rshift__")?;
        rshift.call1((int, 64))?
    };
    Ok((low, high))
}

/// A high half that does not fit is an int too large; other errors stay.
#[cold]
fn too_large(error: Error, ctx: Context<'_>, int: &str) -> Error {
    if error.is_instance_of::<OverflowError>(ctx) {
        out_of_range(false, int)
    } else {
        error
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for i128 {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        with_int(handle, |int| {
            let (low, high) = halves(int)?;
            let high = high
                .extract::<i64>()
                .map_err(|error| too_large(error, int.ctx(), "i128"))?;
            Ok((i128::from(high) << 64) | i128::from(low))
        })
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for u128 {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        with_int(handle, |int| {
            let (low, high) = halves(int)?;
            if high.lt(0)? {
                return Err(out_of_range(true, "u128"));
            }
            let high = high
                .extract::<u64>()
                .map_err(|error| too_large(error, int.ctx(), "u128"))?;
            Ok((u128::from(high) << 64) | u128::from(low))
        })
    }
}

impl<'ctx> IntoHandle<'ctx> for i128 {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match i64::try_from(self) {
            Ok(small) => small.into_handle(ctx),
            Err(_) => ctx
                .handle((self >> 64) as i64)?
                .lshift(64)?
                .bitor(self as u64),
        }
    }
}

impl<'ctx> IntoHandle<'ctx> for u128 {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match u64::try_from(self) {
            Ok(small) => small.into_handle(ctx),
            Err(_) => ctx
                .handle((self >> 64) as u64)?
                .lshift(64)?
                .bitor(self as u64),
        }
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for f64 {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("float");

    #[inline(always)]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        match backend::exact_float(handle) {
            Some(value) => Ok(value),
            None => read_f64(handle.by_value()).into_result(),
        }
    }

    #[inline]
    fn vec_of(handle: &'a Handle<'ctx>) -> Option<Result<Vec<Self>>> {
        numbers_of(handle)
    }
}

/// By the function of the API.
#[inline(never)]
fn read_f64(handle: Borrowed<'_, '_>) -> OutOfLine<f64> {
    let handle = &*handle;
    // SAFETY: the handle is open.
    let value = unsafe {
        let rarely = handle.ctx().rarely();
        by_word!(
            rarely,
            HPyFloat_AsDouble,
            ctx_Float_AsDouble,
            handle.as_raw()
        )
    };
    if value == -1.0
        && let Some(error) = Error::take(handle.ctx())
    {
        return OutOfLine::from(if backend::floats_are_indexed(handle.ctx()) {
            Err(error)
        } else {
            float_by_index(handle, error)
        });
    }
    OutOfLine { value, error: None }
}

/// What has no `__float__` but an `__index__` is a number too, as for Python's `float()`; PyPy does
/// not look for it.
#[cold]
#[inline(never)]
fn float_by_index(handle: &Handle<'_>, error: Error) -> Result<f64> {
    let handle = handle.rarely();
    let type_ = handle.type_().into_object();
    let is_index = error.is_instance_of::<TypeError>(handle.ctx())
        && !handle.is_instance_of::<Float>()
        && !type_.hasattr(c"__float__")?
        && type_.hasattr(c"__index__")?;
    if is_index {
        let index = index(&handle)?;
        // SAFETY: the handle is open.
        let value = unsafe { HPyFloat_AsDouble(index.ctx().as_ptr(), index.as_raw()) };
        match value {
            -1.0 => Error::take(index.ctx()).map_or(Ok(value), Err),
            _ => Ok(value),
        }
    } else {
        Err(error)
    }
}

impl<'ctx> IntoHandle<'ctx> for f64 {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("float");

    #[inline(always)]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.float(self).map(Handle::into_object)
    }

    const NUMBERS: NumbersIn = NumbersIn::Own(write_list::<f64>);
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for f32 {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("float");

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        f64::from_handle(handle).map(|value| value as f32)
    }

    #[inline]
    fn vec_of(handle: &'a Handle<'ctx>) -> Option<Result<Vec<Self>>> {
        numbers_of(handle)
    }
}

impl<'ctx> IntoHandle<'ctx> for f32 {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::name("float");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        f64::from(self).into_handle(ctx)
    }

    const NUMBERS: NumbersIn = NumbersIn::Own(write_list::<f32>);
}

macro_rules! references {
    ($($number:ident)*) => {
        $(impl<'ctx> IntoHandle<'ctx> for &$number {
            const ANNOTATION: crate::Annotation = <$number as crate::IntoHandle<'ctx>>::ANNOTATION;
            const LIST_ANNOTATION: crate::Annotation =
                <$number as crate::IntoHandle<'ctx>>::LIST_ANNOTATION;

            #[inline(always)]
            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                (*self).into_handle(ctx)
            }

            const NUMBERS: NumbersIn = match <$number as IntoHandle<'ctx>>::NUMBERS {
                NumbersIn::Own(write) => NumbersIn::Referenced(write),
                _ => NumbersIn::Nothing,
            };
        })*
    };
}

references! { bool i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 char }

const _: fn(&Handle<'_, Object>) -> Result<i64> = |handle| i64::from_handle(handle);
