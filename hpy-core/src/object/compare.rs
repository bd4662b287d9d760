//! Comparison and truth.

use crate::types::Object;
use crate::{CompareOp, Handle, IntoHandle, Result, backend};
use hpy_sys::*;

macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident $op:ident;)*) => {
        $(
            $(#[$doc])*
            ///
            /// # Errors
            /// What the conversion or the comparison raises.
            #[inline]
            pub fn $name<V: IntoHandle<'ctx>>(&self, other: V) -> Result<bool> {
                self.compare_bool(other, CompareOp::$op)
            }
        )*
    };
}

impl<'ctx> Handle<'ctx, Object> {
    /// `self <op> other`, whatever object that gives. HPy's `HPy_RichCompare`.
    ///
    /// # Errors
    /// What the conversion or the comparison raises.
    #[inline]
    pub fn rich_compare<V: IntoHandle<'ctx>>(
        &self,
        other: V,
        op: CompareOp,
    ) -> Result<Handle<'ctx>> {
        let ctx = self.ctx();
        let other = other.into_argument(ctx)?;
        // SAFETY: the handles are open; a new handle or null with an exception.
        unsafe {
            let result = backend::rich_compare(ctx, self.as_raw(), other.as_raw(), op);
            ctx.handle_from_raw(result)
        }
    }

    /// The truth of `self <op> other`; identical objects are equal. HPy's `HPy_RichCompareBool`.
    ///
    /// # Errors
    /// What the conversion or the comparison raises.
    #[inline]
    pub fn compare_bool<V: IntoHandle<'ctx>>(&self, other: V, op: CompareOp) -> Result<bool> {
        let ctx = self.ctx();
        let other = other.into_argument(ctx)?;
        // SAFETY: the handles are open.
        let result = unsafe { backend::compare_bool(ctx, self.as_raw(), other.as_raw(), op) };
        ctx.check_call(result).map(|answer| answer != 0)
    }

    comparisons! {
        /// `self < other`
        lt Lt;
        /// `self <= other`
        le Le;
        /// `self == other`
        eq Eq;
        /// `self != other`
        ne Ne;
        /// `self > other`
        gt Gt;
        /// `self >= other`
        ge Ge;
    }

    /// `bool(self)`: any object has a truth, not `True` alone. HPy's `HPy_IsTrue`.
    ///
    /// # Errors
    /// What the object raises.
    #[inline]
    pub fn is_truthy(&self) -> Result<bool> {
        // SAFETY: the handle is open.
        let result = unsafe { HPy_IsTrue(self.ctx().as_ptr(), self.as_raw()) };
        self.ctx().check_call(result).map(|answer| answer != 0)
    }

    /// `hash(self)`. HPy's `HPy_Hash`.
    ///
    /// # Errors
    /// TypeError for unhashable objects, or what the object raises.
    #[inline]
    pub fn hash(&self) -> Result<isize> {
        // SAFETY: the handle is open.
        let hash = unsafe { HPy_Hash(self.ctx().as_ptr(), self.as_raw()) };
        // -1 is no object's hash.
        if hash == -1 {
            Err(crate::Error::fetch(self.ctx()))
        } else {
            Ok(hash)
        }
    }
}

impl<'ctx, T> Handle<'ctx, T> {
    /// Whether both are the same object, Python's `is`. HPy's `HPy_Is`.
    #[inline(always)]
    #[must_use]
    pub fn is<U>(&self, other: &Handle<'ctx, U>) -> bool {
        // SAFETY: both handles are open.
        unsafe { backend::is(self.ctx(), self.as_raw(), other.as_raw()) }
    }
}
