//! Arithmetic.

use crate::types::Object;
use crate::{Handle, IntoHandle, Result, backend};
use hpy_sys::*;

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident $function:ident;)*) => {
        impl<'ctx> Handle<'ctx, Object> {
            $(
                $(#[$doc])*
                #[doc = concat!("HPy's `", stringify!($function), "`.")]
                ///
                /// # Errors
                /// TypeError for objects without the operation, or what the object raises.
                #[inline]
                pub fn $name(&self) -> Result<Handle<'ctx>> {
                    let ctx = self.ctx();
                    // SAFETY: the handle is open; a new handle or null with an exception.
                    unsafe { ctx.handle_from_raw($function(ctx.as_ptr(), self.as_raw())) }
                }
            )*
        }
    };
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident $function:ident;)*) => {
        impl<'ctx> Handle<'ctx, Object> {
            $(
                $(#[$doc])*
                #[doc = concat!("HPy's `", stringify!($function), "`.")]
                ///
                /// # Errors
                /// TypeError for operands without the operation, or what they raise.
                #[inline]
                pub fn $name<V: IntoHandle<'ctx>>(&self, other: V) -> Result<Handle<'ctx>> {
                    let ctx = self.ctx();
                    let other = other.into_argument(ctx)?;
                    // SAFETY: the handles are open; a new handle or null with an exception.
                    unsafe {
                        ctx.handle_from_raw($function(
                            ctx.as_ptr(),
                            self.as_raw(),
                            other.as_raw(),
                        ))
                    }
                }
            )*
        }
    };
}

unary! {
    /// `-self`.
    neg HPy_Negative;
    /// `+self`.
    pos HPy_Positive;
    /// `abs(self)`.
    abs HPy_Absolute;
    /// `~self`.
    invert HPy_Invert;
    /// `operator.index(self)`: an int, without loss.
    index HPy_Index;
    /// `int(self)` of a number.
    to_int HPy_Long;
    /// `float(self)`.
    to_float HPy_Float;
}

binary! {
    /// `self + other`.
    add HPy_Add;
    /// `self - other`.
    sub HPy_Subtract;
    /// `self * other`.
    mul HPy_Multiply;
    /// `self @ other`.
    matmul HPy_MatrixMultiply;
    /// `self / other`.
    div HPy_TrueDivide;
    /// `self % other`.
    rem HPy_Remainder;
    /// `divmod(self, other)`.
    divmod HPy_Divmod;
    /// `self << other`.
    lshift HPy_Lshift;
    /// `self >> other`.
    rshift HPy_Rshift;
    /// `self & other`.
    bitand HPy_And;
    /// `self ^ other`.
    bitxor HPy_Xor;
    /// `self | other`.
    bitor HPy_Or;
    /// `self += other`: the result, which may be `self`.
    add_assign HPy_InPlaceAdd;
    /// `self -= other`: the result, which may be `self`.
    sub_assign HPy_InPlaceSubtract;
    /// `self *= other`: the result, which may be `self`.
    mul_assign HPy_InPlaceMultiply;
    /// `self @= other`: the result, which may be `self`.
    matmul_assign HPy_InPlaceMatrixMultiply;
    /// `self //= other`: the result, which may be `self`.
    floor_div_assign HPy_InPlaceFloorDivide;
    /// `self /= other`: the result, which may be `self`.
    div_assign HPy_InPlaceTrueDivide;
    /// `self %= other`: the result, which may be `self`.
    rem_assign HPy_InPlaceRemainder;
    /// `self <<= other`: the result, which may be `self`.
    lshift_assign HPy_InPlaceLshift;
    /// `self >>= other`: the result, which may be `self`.
    rshift_assign HPy_InPlaceRshift;
    /// `self &= other`: the result, which may be `self`.
    bitand_assign HPy_InPlaceAnd;
    /// `self ^= other`: the result, which may be `self`.
    bitxor_assign HPy_InPlaceXor;
    /// `self |= other`: the result, which may be `self`.
    bitor_assign HPy_InPlaceOr;
}

impl<'ctx> Handle<'ctx, Object> {
    /// `self // other`. HPy's `HPy_FloorDivide`.
    ///
    /// # Errors
    /// TypeError for operands without the operation, or what they raise.
    #[inline]
    pub fn floor_div<V: IntoHandle<'ctx>>(&self, other: V) -> Result<Handle<'ctx>> {
        let ctx = self.ctx();
        let other = other.into_argument(ctx)?;
        // SAFETY: the handles are open; a new handle or null with an exception.
        unsafe { ctx.handle_from_raw(backend::floor_divide(ctx, self.as_raw(), other.as_raw())) }
    }

    /// `pow(self, exponent)` or, with a modulus, `pow(self, exponent, modulus)`. HPy's `HPy_Power`.
    ///
    /// # Errors
    /// TypeError for operands without the operation, or what they raise.
    pub fn pow<E: IntoHandle<'ctx>, M: IntoHandle<'ctx>>(
        &self,
        exponent: E,
        modulus: M,
    ) -> Result<Handle<'ctx>> {
        let ctx = self.ctx();
        let (exponent, modulus) = (exponent.into_argument(ctx)?, modulus.into_argument(ctx)?);
        // SAFETY: the handles are open; a new handle or null with an exception.
        unsafe {
            let power = HPy_Power(
                ctx.as_ptr(),
                self.as_raw(),
                exponent.as_raw(),
                modulus.as_raw(),
            );
            ctx.handle_from_raw(power)
        }
    }

    /// `self **= exponent`: the result, which may be `self`. HPy's `HPy_InPlacePower`.
    ///
    /// # Errors
    /// TypeError for operands without the operation, or what they raise.
    pub fn pow_assign<E: IntoHandle<'ctx>, M: IntoHandle<'ctx>>(
        &self,
        exponent: E,
        modulus: M,
    ) -> Result<Handle<'ctx>> {
        let ctx = self.ctx();
        let (exponent, modulus) = (exponent.into_argument(ctx)?, modulus.into_argument(ctx)?);
        // SAFETY: the handles are open; a new handle or null with an exception.
        unsafe {
            let power = HPy_InPlacePower(
                ctx.as_ptr(),
                self.as_raw(),
                exponent.as_raw(),
                modulus.as_raw(),
            );
            ctx.handle_from_raw(power)
        }
    }

    /// Whether the object is a number of any type. HPy's `HPyNumber_Check`.
    #[inline]
    #[must_use]
    pub fn is_number(&self) -> bool {
        // SAFETY: the handle is open.
        unsafe { HPyNumber_Check(self.ctx().as_ptr(), self.as_raw()) != 0 }
    }
}
