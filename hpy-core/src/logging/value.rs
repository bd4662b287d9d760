//! Values of a record's keys, as they are kept between the threads of Rust and Python.

use crate::{Context, Handle, IntoHandle, Result};

/// A value that was given to a record or a span.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Bool(bool),
    Int(i128),
    Big(u128),
    Float(f64),
    Text(String),
}

impl<'ctx> IntoHandle<'ctx> for &Value {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Value::Bool(value) => value.into_handle(ctx),
            Value::Int(value) => value.into_handle(ctx),
            Value::Big(value) => value.into_handle(ctx),
            Value::Float(value) => value.into_handle(ctx),
            Value::Text(value) => value.into_handle(ctx),
        }
    }
}

/// Keys with their values, in order.
pub(super) type Fields = Vec<(String, Value)>;
