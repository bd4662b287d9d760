//! What is different on PyPy: functions of its C API that do not behave as CPython's.
//!
//! `docs/design/interpreters.md` has the smallest case for each.

pub(super) mod exceptions;
pub(crate) mod memory_view;
mod python_source;
pub(super) mod replacements;
pub(super) mod type_words;
pub(super) mod types;
