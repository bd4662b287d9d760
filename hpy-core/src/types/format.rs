//! Text put together on the stack as long as it is short.

use crate::exceptions::ValueError;
use crate::types::Str;
use crate::{Context, Handle, Result};
use core::fmt::{self, Write};

/// What one line of text needs.
const SHORT: usize = 256;

struct Text {
    short: [u8; SHORT],
    len: usize,
    /// All of it, once it is longer than that.
    long: String,
}

impl Text {
    #[inline]
    fn as_str(&self) -> &str {
        if self.long.is_empty() {
            let short = self.short.get(..self.len).unwrap_or_default();
            // SAFETY: whole strs were written there one after the other.
            unsafe { core::str::from_utf8_unchecked(short) }
        } else {
            &self.long
        }
    }
}

impl Write for Text {
    #[inline]
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.long.is_empty() {
            if let Some(place) = self.short.get_mut(self.len..self.len + part.len()) {
                place.copy_from_slice(part.as_bytes());
                self.len += part.len();
                return Ok(());
            }
            let text = self.as_str().to_owned();
            self.long = text;
        }
        self.long.push_str(part);
        Ok(())
    }
}

#[inline]
pub(super) fn format<'ctx>(
    ctx: Context<'ctx>,
    arguments: fmt::Arguments<'_>,
) -> Result<Handle<'ctx, Str>> {
    let mut text = Text {
        short: [0; SHORT],
        len: 0,
        long: String::new(),
    };
    text.write_fmt(arguments)
        .map_err(|_| ValueError::new("a value could not be formatted"))?;
    ctx.str(text.as_str())
}
