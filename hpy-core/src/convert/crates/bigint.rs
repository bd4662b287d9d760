//! `num-bigint`: ints of any size.

use crate::exceptions::OverflowError;
use crate::storage::lookup::Lookup;
use crate::types::{Bytes, Int};
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use num_bigint::{BigInt, BigUint};

// Of `int` itself: a subclass may have methods of its own, which say nothing about its value.
static BIT_LENGTH: Lookup = Lookup::new(c"builtins:int.bit_length");
static TO_BYTES: Lookup = Lookup::new(c"builtins:int.to_bytes");
static FROM_BYTES: Lookup = Lookup::new(c"builtins:int.from_bytes");

/// From an int, or what has `__index__`.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for BigInt {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let index;
        let int = if handle.is_instance_of::<Int>() {
            handle
        } else {
            index = crate::convert::std::numbers::index(handle)?;
            &index
        };
        let ctx = int.ctx();
        let bits: usize = BIT_LENGTH.get(ctx)?.call1((int,))?.extract()?;
        if bits < 64 {
            return int.extract::<i64>().map(BigInt::from);
        }
        // One bit more for the sign.
        let len = bits / 8 + 1;
        let bytes = TO_BYTES
            .get(ctx)?
            .call((int, len, "little"), [("signed", true)])?;
        Ok(BigInt::from_signed_bytes_le(
            bytes.downcast::<Bytes>()?.as_bytes(),
        ))
    }
}

/// From an int that is not negative.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for BigUint {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        BigUint::try_from(BigInt::from_handle(handle)?)
            .map_err(|_| OverflowError::new("can't convert negative int to unsigned"))
    }
}

impl<'ctx> IntoHandle<'ctx> for &BigInt {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        if let Ok(small) = i64::try_from(self) {
            return small.into_handle(ctx);
        }
        let bytes = ctx.bytes(&self.to_signed_bytes_le())?;
        FROM_BYTES
            .get(ctx)?
            .call((bytes, "little"), [("signed", true)])
    }
}

impl<'ctx> IntoHandle<'ctx> for &BigUint {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let bytes = ctx.bytes(&self.to_bytes_le())?;
        FROM_BYTES.get(ctx)?.call1((bytes, "little"))
    }
}

impl<'ctx> IntoHandle<'ctx> for BigInt {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        (&self).into_handle(ctx)
    }
}

impl<'ctx> IntoHandle<'ctx> for BigUint {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("int");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        (&self).into_handle(ctx)
    }
}
