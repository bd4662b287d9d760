//! Classes of the standard library: `decimal.Decimal`, `fractions.Fraction`, `uuid.UUID` and
//! `enum.Enum`. `datetime.rs` and `context_var.rs` have more.

use super::builtin::cached_marker;
use super::markers::markers;
use crate::types::{Str, TypeObject};
use crate::{Context, Handle, IntoHandle, Result};

markers! {
    /// A `decimal.Decimal`.
    Decimal;
    /// A `fractions.Fraction`.
    Fraction;
    /// A `uuid.UUID`.
    Uuid;
    /// A member of an `enum.Enum`.
    EnumMember;
}

cached_marker! {
    Decimal "Decimal" c"decimal:Decimal"
}
cached_marker! {
    Fraction "Fraction" c"fractions:Fraction"
}
cached_marker! {
    Uuid "UUID" c"uuid:UUID"
}
cached_marker! {
    EnumMember "Enum" c"enum:Enum"
}

/// Objects of the modules `decimal`, `fractions` and `uuid`.
impl<'ctx> Context<'ctx> {
    /// `decimal.Decimal(value)`: of an int, a float (exactly), or text such as `"1.10"`.
    ///
    /// # Errors
    /// `decimal.InvalidOperation` for text that is no number.
    pub fn decimal<V: IntoHandle<'ctx>>(self, value: V) -> Result<Handle<'ctx, Decimal>> {
        Decimal::type_object(self)?.call1((value,))?.downcast_into()
    }

    /// `fractions.Fraction(numerator, denominator)`.
    ///
    /// # Errors
    /// ZeroDivisionError.
    pub fn fraction<N: IntoHandle<'ctx>, D: IntoHandle<'ctx>>(
        self,
        numerator: N,
        denominator: D,
    ) -> Result<Handle<'ctx, Fraction>> {
        Fraction::type_object(self)?
            .call1((numerator, denominator))?
            .downcast_into()
    }

    /// `uuid.UUID(int=value)`.
    ///
    /// # Errors
    /// What importing `uuid` raises.
    #[inline]
    pub fn uuid(self, value: u128) -> Result<Handle<'ctx, Uuid>> {
        Uuid::type_object(self)?
            .call((), [("int", value)])?
            .downcast_into()
    }
}

impl<'ctx> Handle<'ctx, Decimal> {
    /// The number as text, which [`Context::decimal`] reads again.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn to_text(&self) -> Result<Handle<'ctx, Str>> {
        self.as_object().str()
    }
}

impl<'ctx> Handle<'ctx, Fraction> {
    /// What stands above the line, of any size.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn numerator(&self) -> Result<Handle<'ctx>> {
        self.as_object().getattr(c"numerator")
    }

    /// What stands below the line: positive.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn denominator(&self) -> Result<Handle<'ctx>> {
        self.as_object().getattr(c"denominator")
    }
}

impl Handle<'_, Uuid> {
    /// The 128 bits as a number.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn as_u128(&self) -> Result<u128> {
        self.as_object().getattr(c"int")?.extract()
    }
}

impl<'ctx> Handle<'ctx, EnumMember> {
    /// The member's name.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn name(&self) -> Result<Handle<'ctx>> {
        self.as_object().getattr(c"name")
    }

    /// The member's value.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn value(&self) -> Result<Handle<'ctx>> {
        self.as_object().getattr(c"value")
    }
}
