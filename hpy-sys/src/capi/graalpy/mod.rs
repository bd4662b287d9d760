//! What is different on GraalPy: functions of its C API that do not behave as CPython's.
//!
//! `docs/design/interpreters.md` has the smallest case for each.

use crate::HPy;

pub(crate) mod members;
pub(super) mod replacements;

/// Whether the object has memory that C code may read. GraalPy's own objects have none: instead of
/// an address there is a number whose top bit is set, which no address of a 64-bit process has.
#[inline(always)]
pub const fn has_memory(object: HPy) -> bool {
    size_of::<usize>() != 8 || object._i >= 0
}
