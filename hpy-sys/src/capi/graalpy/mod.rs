//! What is different on GraalPy: functions of its C API that do not behave as CPython's.
//!
//! `docs/design/interpreters.md` has the smallest case for each.

pub(crate) mod members;
pub(super) mod replacements;
