//! The encoder's options, as given to `dumps` and `dump`.

use hpy::exceptions::{TypeError, ValueError};
use hpy::prelude::*;

/// The truth of any object.
#[derive(Clone, Copy)]
pub struct Truth(bool);

impl Truth {
    pub const YES: Truth = Truth(true);
    pub const NO: Truth = Truth(false);
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Truth {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        handle.is_truthy().map(Truth)
    }
}

const INDENT_LIMIT: i32 = 1000;

/// What the encoder goes by.
pub struct Options<'a, 'ctx> {
    pub ensure_ascii: bool,
    pub encode_html_chars: bool,
    pub escape_forward_slashes: bool,
    pub sort_keys: bool,
    pub allow_nan: bool,
    pub reject_bytes: bool,
    /// Spaces per level; with 0 everything is on one line.
    pub indent: usize,
    pub default: Option<&'a Handle<'ctx>>,
    /// Between two items, and between a key and its value.
    pub item_separator: Separator<'ctx>,
    pub key_separator: Separator<'ctx>,
}

impl<'a, 'ctx> Options<'a, 'ctx> {
    /// `flags` in the order of the fields.
    pub fn new(
        flags: [Truth; 6],
        indent: i32,
        default: Option<&'a Handle<'ctx>>,
        separators: Option<&Handle<'ctx>>,
    ) -> Result<Self> {
        let [
            ensure_ascii,
            encode_html_chars,
            escape_forward_slashes,
            sort_keys,
            allow_nan,
            reject_bytes,
        ] = flags.map(|flag| flag.0);
        if indent > INDENT_LIMIT {
            return Err(ValueError::new(format!(
                "Maximum allowed indentation is {INDENT_LIMIT}"
            )));
        }
        let (item_separator, key_separator) = match separators {
            Some(pair) => given(pair)?,
            None if indent == 0 => (Separator::Standard(","), Separator::Standard(":")),
            None => (Separator::Standard(","), Separator::Standard(": ")),
        };
        Ok(Self {
            ensure_ascii,
            encode_html_chars,
            escape_forward_slashes,
            sort_keys,
            allow_nan,
            reject_bytes,
            indent: usize::try_from(indent).unwrap_or(0),
            default,
            item_separator,
            key_separator,
        })
    }
}

/// What stands between two things: UTF-8, with lone surrogates encoded like other characters.
pub enum Separator<'ctx> {
    Standard(&'static str),
    Given(Handle<'ctx, Bytes>),
}

impl Separator<'_> {
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Separator::Standard(text) => text.as_bytes(),
            Separator::Given(bytes) => bytes.as_bytes(),
        }
    }
}

fn given<'ctx>(pair: &Handle<'ctx>) -> Result<(Separator<'ctx>, Separator<'ctx>)> {
    let Ok(pair) = pair.downcast::<Tuple>() else {
        return Err(TypeError::new("expected tuple or None as separator"));
    };
    let (Some(item), Some(key), None) = (pair.get(0), pair.get(1), pair.get(2)) else {
        return Err(ValueError::new("expected tuple of size 2 as separator"));
    };
    let encoded = |text: Handle<'ctx>, message: &'static str| match text.downcast::<Str>() {
        Ok(text) => text.encode("utf-8", "surrogatepass").map(Separator::Given),
        Err(_) => Err(TypeError::new(message)),
    };
    Ok((
        encoded(item, "expected str as item separator")?,
        encoded(key, "expected str as key separator")?,
    ))
}
