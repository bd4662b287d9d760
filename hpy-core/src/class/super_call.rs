//! What a type does not override of a slot: Python has several methods in one, and a type in Rust
//! may have written some of them.
//!
//! A slot hides the base's: then what is missing is called as `Base.__radd__(object, other)`, as
//! `super()` would in Python.

use super::base::Base;
use super::{HasMethods, PyClass};
use crate::{CallArgs, CompareOp, Context, Handle, Result};
use core::ffi::CStr;
use hpy_sys::*;

/// What the base's method of this name returns; None if it has none.
#[cold]
#[inline(never)]
pub(super) fn of_base<'ctx, T: PyClass>(
    ctx: Context<'ctx>,
    name: &'static CStr,
    args: impl CallArgs<'ctx>,
) -> Result<Option<Handle<'ctx>>> {
    let Some(base) = <T::Base as Base>::class(ctx, T::DESCRIPTION.name)? else {
        return Ok(None);
    };
    match base.getattr_opt(name)? {
        Some(method) => method.call1(args).map(Some),
        None => Ok(None),
    }
}

/// What an operator or comparison is that the type does not override.
#[inline(always)]
pub(super) fn inherited_operator<'ctx, T: HasMethods>(
    ctx: Context<'ctx>,
    name: &'static CStr,
    args: impl CallArgs<'ctx>,
) -> Result<Handle<'ctx>> {
    Ok(T::inherited(ctx, name, args)?.unwrap_or_else(|| ctx.not_implemented()))
}

/// The same of a comparison.
#[inline(always)]
pub(super) fn inherited_comparison<'ctx, T: HasMethods>(
    ctx: Context<'ctx>,
    this: &Handle<'ctx>,
    other: &Handle<'ctx>,
    op: CompareOp,
) -> Result<Handle<'ctx>> {
    let name = match op {
        CompareOp::Lt => c"__lt__",
        CompareOp::Le => c"__le__",
        CompareOp::Eq => c"__eq__",
        CompareOp::Ne => c"__ne__",
        CompareOp::Gt => c"__gt__",
        CompareOp::Ge => c"__ge__",
    };
    inherited_operator::<T>(ctx, name, (this, other))
}

/// The names of an operator and its reflection, by the slot's number.
#[allow(non_upper_case_globals)] // They have C's names.
pub(super) const fn names(slot: i32) -> (&'static CStr, &'static CStr) {
    match HPySlot_Slot(slot) {
        HPy_nb_add => (c"__add__", c"__radd__"),
        HPy_nb_subtract => (c"__sub__", c"__rsub__"),
        HPy_nb_multiply => (c"__mul__", c"__rmul__"),
        HPy_nb_matrix_multiply => (c"__matmul__", c"__rmatmul__"),
        HPy_nb_true_divide => (c"__truediv__", c"__rtruediv__"),
        HPy_nb_floor_divide => (c"__floordiv__", c"__rfloordiv__"),
        HPy_nb_remainder => (c"__mod__", c"__rmod__"),
        HPy_nb_divmod => (c"__divmod__", c"__rdivmod__"),
        HPy_nb_lshift => (c"__lshift__", c"__rlshift__"),
        HPy_nb_rshift => (c"__rshift__", c"__rrshift__"),
        HPy_nb_and => (c"__and__", c"__rand__"),
        HPy_nb_or => (c"__or__", c"__ror__"),
        HPy_nb_xor => (c"__xor__", c"__rxor__"),
        _ => panic!("no slot of an operator with a reflection"),
    }
}
