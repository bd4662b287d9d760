//! `serde`: any `Serialize` to Python objects, any `Deserialize` from them. The feature `serde`.
//!
//! Structs and maps are dicts, sequences lists, tuples tuples, bytes bytes, `None` and `()` None;
//! ints may have up to 128 bits. Enums are tagged as serde_json does it: a variant without data is
//! the str of its name, another a dict of its name and its data.
//!
//! Reading takes what is alike: any mapping for a dict, any iterable that is no str for a sequence.
//!
//! ```
//! use hpy::prelude::*;
//! use hpy::serde::Serde;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Point {
//!     x: f64,
//!     y: f64,
//! }
//!
//! /// Takes and gives dicts like `{"x": 1.0, "y": 2.0}`.
//! #[hpy_method]
//! fn mirrored(point: Serde<Point>) -> Serde<Point> {
//!     Serde(Point { x: point.0.y, y: point.0.x })
//! }
//! # hpy_mock::run(|ctx| {
//! #     let point = hpy::serde::to_handle(ctx, &Point { x: 1.0, y: 2.0 })?;
//! #     let mirrored = hpy_mock::method::<mirrored>(ctx).call1((&point,))?;
//! #     assert_eq!(mirrored.get_item("x")?.extract::<f64>()?, 2.0);
//! #     point.set_item("y", "no number")?;
//! #     let error = hpy::serde::from_handle::<Point>(&point).err().map(|error| error.to_string());
//! #     assert_eq!(
//! #         error.as_deref(),
//! #         Some("TypeError: y: invalid type: string \"no number\", expected f64")
//! #     );
//! #     Ok(())
//! # });
//! ```
//!
//! Errors say where in the value they are: `users[3].name: invalid type …`. A value of another
//! type is a TypeError, and any other value that does not fit a ValueError. An exception that
//! Python raised is passed on. A value that is nested too deeply, or contains itself, is a
//! RecursionError.

mod failure;
mod read;
mod write;

use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use ::serde::Serialize;
use ::serde::de::DeserializeOwned;

/// The value as Python objects.
///
/// # Errors
/// What the value's own `Serialize` says, as a ValueError; TypeError for a map's key that has no
/// hash; RecursionError.
pub fn to_handle<'ctx, T: Serialize + ?Sized>(
    ctx: Context<'ctx>,
    value: &T,
) -> Result<Handle<'ctx>> {
    value
        .serialize(write::Writer { ctx })
        .map_err(|failure| failure.into_error(ctx))
}

/// The value that the object, with all that is in it, describes.
///
/// # Errors
/// TypeError, ValueError or OverflowError where something does not fit, with its place;
/// RecursionError; what Python raises.
pub fn from_handle<T: DeserializeOwned>(object: &Handle<'_>) -> Result<T> {
    T::deserialize(read::Reader { handle: object })
        .map_err(|failure| failure.into_error(object.ctx()))
}

/// A parameter or result of a method that converts by `serde`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Serde<T>(pub T);

impl<'a, 'ctx, T: DeserializeOwned> FromHandle<'a, 'ctx> for Serde<T> {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        from_handle(handle).map(Serde)
    }
}

impl<'ctx, T: Serialize> IntoHandle<'ctx> for Serde<T> {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        to_handle(ctx, &self.0)
    }
}
