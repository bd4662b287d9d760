//! Texts by a format string: `#[hpy_type(str = "({x}, {y})")]`.

use super::PyClass;
use super::borrow::borrow_out_of_line;
use crate::exceptions::RuntimeError;
use crate::{Context, Handle, IntoHandle, Result};
use core::fmt;

/// The text that `write` writes about the data.
///
/// # Errors
/// RuntimeError while the data is borrowed mutably, or if a field's `Display` returns an error.
#[inline]
pub fn formatted<'ctx, T: PyClass>(
    ctx: Context<'ctx>,
    this: &Handle<'ctx>,
    write: fn(&T, &mut String) -> fmt::Result,
) -> Result<Handle<'ctx>> {
    let mut text = String::new();
    let written = write(&*borrow_out_of_line::<T>(this)?, &mut text);
    if written.is_err() {
        return Err(RuntimeError::new("a field's `Display` returned an error"));
    }
    text.into_handle(ctx)
}
