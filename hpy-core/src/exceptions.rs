//! Python's exceptions by name, and what they are made of.
//!
//! Each is a type that makes errors: `ValueError::new("…")`, and that names one:
//! `error.is_instance_of::<ValueError>(ctx)`.

pub use crate::error::arguments::{Argument, ExceptionArgument};
pub use crate::error::exceptions::*;
pub use crate::error::group::{BaseExceptionGroup, ExceptionGroup};
pub use crate::error::panic::PanicException;
