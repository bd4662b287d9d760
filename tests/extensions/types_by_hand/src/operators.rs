//! A type with every slot for operators. Each says its name and the operands.

use crate::spec::{Description, said};
use core::ffi::c_int;
use hpy::sys::*;

macro_rules! unary {
    ($($def:ident $f:ident $slot:ident $text:literal;)*) => {$(
        unsafe extern "C" fn $f(ctx: *mut HPyContext, a: HPy) -> HPy {
            // SAFETY: the handles are open.
            unsafe { said(ctx, $text, &[a]) }
        }
        hpy_raw_slot!(static $def = $slot, $f);
    )*};
}

macro_rules! binary {
    ($($def:ident $f:ident $slot:ident $text:literal;)*) => {$(
        unsafe extern "C" fn $f(ctx: *mut HPyContext, a: HPy, b: HPy) -> HPy {
            // SAFETY: the handles are open.
            unsafe { said(ctx, $text, &[a, b]) }
        }
        hpy_raw_slot!(static $def = $slot, $f);
    )*};
}

macro_rules! ternary {
    ($($def:ident $f:ident $slot:ident $text:literal;)*) => {$(
        unsafe extern "C" fn $f(ctx: *mut HPyContext, a: HPy, b: HPy, c: HPy) -> HPy {
            // SAFETY: the handles are open.
            unsafe { said(ctx, $text, &[a, b, c]) }
        }
        hpy_raw_slot!(static $def = $slot, $f);
    )*};
}

unary! {
    ABSOLUTE absolute HPy_nb_absolute c"abs";
    INVERT invert HPy_nb_invert c"invert";
    NEGATIVE negative HPy_nb_negative c"neg";
    POSITIVE positive HPy_nb_positive c"pos";
}

binary! {
    ADD add HPy_nb_add c"add";
    AND and HPy_nb_and c"and_";
    DIVMOD divmod HPy_nb_divmod c"divmod";
    FLOOR_DIVIDE floor_divide HPy_nb_floor_divide c"floordiv";
    LSHIFT lshift HPy_nb_lshift c"lshift";
    MULTIPLY multiply HPy_nb_multiply c"mul";
    OR or HPy_nb_or c"or_";
    REMAINDER remainder HPy_nb_remainder c"mod";
    RSHIFT rshift HPy_nb_rshift c"rshift";
    SUBTRACT subtract HPy_nb_subtract c"sub";
    TRUE_DIVIDE true_divide HPy_nb_true_divide c"truediv";
    XOR xor HPy_nb_xor c"xor";
    MATRIX_MULTIPLY matrix_multiply HPy_nb_matrix_multiply c"matmul";
    INPLACE_ADD inplace_add HPy_nb_inplace_add c"iadd";
    INPLACE_AND inplace_and HPy_nb_inplace_and c"iand";
    INPLACE_FLOOR_DIVIDE inplace_floor_divide HPy_nb_inplace_floor_divide c"ifloordiv";
    INPLACE_LSHIFT inplace_lshift HPy_nb_inplace_lshift c"ilshift";
    INPLACE_MULTIPLY inplace_multiply HPy_nb_inplace_multiply c"imul";
    INPLACE_OR inplace_or HPy_nb_inplace_or c"ior";
    INPLACE_REMAINDER inplace_remainder HPy_nb_inplace_remainder c"imod";
    INPLACE_RSHIFT inplace_rshift HPy_nb_inplace_rshift c"irshift";
    INPLACE_SUBTRACT inplace_subtract HPy_nb_inplace_subtract c"isub";
    INPLACE_TRUE_DIVIDE inplace_true_divide HPy_nb_inplace_true_divide c"itruediv";
    INPLACE_XOR inplace_xor HPy_nb_inplace_xor c"ixor";
    INPLACE_MATRIX_MULTIPLY inplace_matrix_multiply HPy_nb_inplace_matrix_multiply c"imatmul";
}

ternary! {
    POWER power HPy_nb_power c"pow";
    INPLACE_POWER inplace_power HPy_nb_inplace_power c"ipow";
}

unsafe extern "C" fn seven(ctx: *mut HPyContext, _self: HPy) -> HPy {
    // SAFETY: the context is valid.
    unsafe { HPyLong_FromInt64_t(ctx, 7) }
}
hpy_raw_slot!(static INT = HPy_nb_int, seven);
hpy_raw_slot!(static INDEX = HPy_nb_index, seven);

unsafe extern "C" fn float(ctx: *mut HPyContext, _self: HPy) -> HPy {
    // SAFETY: the context is valid.
    unsafe { HPyFloat_FromDouble(ctx, 7.5) }
}
hpy_raw_slot!(static FLOAT = HPy_nb_float, float);

unsafe extern "C" fn is_true(_ctx: *mut HPyContext, _self: HPy) -> c_int {
    0
}
hpy_raw_slot!(static BOOL = HPy_nb_bool, is_true);

pub fn operators() -> Description {
    Description {
        name: c"types_by_hand.Operators",
        defines: vec![
            &ABSOLUTE,
            &INVERT,
            &NEGATIVE,
            &POSITIVE,
            &ADD,
            &AND,
            &DIVMOD,
            &FLOOR_DIVIDE,
            &LSHIFT,
            &MULTIPLY,
            &OR,
            &REMAINDER,
            &RSHIFT,
            &SUBTRACT,
            &TRUE_DIVIDE,
            &XOR,
            &MATRIX_MULTIPLY,
            &INPLACE_ADD,
            &INPLACE_AND,
            &INPLACE_FLOOR_DIVIDE,
            &INPLACE_LSHIFT,
            &INPLACE_MULTIPLY,
            &INPLACE_OR,
            &INPLACE_REMAINDER,
            &INPLACE_RSHIFT,
            &INPLACE_SUBTRACT,
            &INPLACE_TRUE_DIVIDE,
            &INPLACE_XOR,
            &INPLACE_MATRIX_MULTIPLY,
            &POWER,
            &INPLACE_POWER,
            &INT,
            &INDEX,
            &FLOAT,
            &BOOL,
        ],
        ..Default::default()
    }
}

/// A type whose operators answer with an exception.
pub fn failing() -> Description {
    Description {
        name: c"types_by_hand.Failing",
        defines: vec![
            &FAIL_ADD,
            &FAIL_BOOL,
            &FAIL_LEN,
            &FAIL_HASH,
            &FAIL_COMPARE,
            &FAIL_ITEM,
            &FAIL_SET,
        ],
        ..Default::default()
    }
}

unsafe fn fail(ctx: *mut HPyContext) {
    // SAFETY: the context is valid.
    unsafe { HPyErr_SetString(ctx, h_KeyError(ctx), c"on purpose".as_ptr()) }
}

unsafe extern "C" fn fail_binary(ctx: *mut HPyContext, _: HPy, _: HPy) -> HPy {
    // SAFETY: the context is valid.
    unsafe { fail(ctx) };
    HPy_NULL
}
hpy_raw_slot!(static FAIL_ADD = HPy_nb_add, fail_binary);

unsafe extern "C" fn fail_inquiry(ctx: *mut HPyContext, _: HPy) -> c_int {
    // SAFETY: the context is valid.
    unsafe { fail(ctx) };
    -1
}
hpy_raw_slot!(static FAIL_BOOL = HPy_nb_bool, fail_inquiry);

unsafe extern "C" fn fail_size(ctx: *mut HPyContext, _: HPy) -> isize {
    // SAFETY: the context is valid.
    unsafe { fail(ctx) };
    -1
}
hpy_raw_slot!(static FAIL_LEN = HPy_sq_length, fail_size);
hpy_raw_slot!(static FAIL_HASH = HPy_tp_hash, fail_size);

unsafe extern "C" fn fail_compare(ctx: *mut HPyContext, _: HPy, _: HPy, _: HPy_RichCmpOp) -> HPy {
    // SAFETY: the context is valid.
    unsafe { fail(ctx) };
    HPy_NULL
}
hpy_raw_slot!(static FAIL_COMPARE = HPy_tp_richcompare, fail_compare);
hpy_raw_slot!(static FAIL_ITEM = HPy_mp_subscript, fail_binary);

unsafe extern "C" fn fail_set(ctx: *mut HPyContext, _: HPy, _: HPy, _: HPy) -> c_int {
    // SAFETY: the context is valid.
    unsafe { fail(ctx) };
    -1
}
hpy_raw_slot!(static FAIL_SET = HPy_mp_ass_subscript, fail_set);
