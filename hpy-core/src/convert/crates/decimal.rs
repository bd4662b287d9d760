//! What the conversions of `rust_decimal` and `bigdecimal` have in common: the text of a
//! `decimal.Decimal`, which is exact.

use crate::exceptions::ValueError;
use crate::storage::lookup::Lookup;
use crate::types::{Bool, Decimal, Int};
use crate::{Error, Handle, Result};

static TO_TEXT: Lookup = Lookup::new(c"decimal:Decimal.__str__");
static INT_TO_TEXT: Lookup = Lookup::new(c"builtins:int.__repr__");

/// The number as text, of a `Decimal` or an int. A float is refused: few decimal numbers are one.
pub(super) fn text(number: &Handle<'_>) -> Result<String> {
    let ctx = number.ctx();
    // Of the types themselves: a subclass may show itself in its own way.
    let text = if number.is_instance_of::<Int>() && !number.is_instance_of::<Bool>() {
        match INT_TO_TEXT.get(ctx)?.call1((number,)) {
            // Python limits the digits of an int's text, but not those of a Decimal's.
            Err(error) if error.is_instance_of::<ValueError>(ctx) => {
                TO_TEXT.get(ctx)?.call1((ctx.decimal(number)?,))?
            }
            text => text?,
        }
    } else {
        number.downcast::<Decimal>()?;
        TO_TEXT.get(ctx)?.call1((number,))?
    };
    text.extract()
}

/// A number that the crate's type cannot hold.
#[cold]
pub(super) fn refused(text: &str, crate_: &str) -> Error {
    // Of many digits, only the first are shown.
    let shown: String = text.chars().take(40).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    let number = if text.contains("NaN") || text.contains("Inf") {
        "a finite number"
    } else {
        "a number with as many digits as it can hold"
    };
    ValueError::new(format!("{crate_} needs {number}, not {shown}{more}"))
}
