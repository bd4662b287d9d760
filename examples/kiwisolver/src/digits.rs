//! Numbers in the texts of objects: six digits, as C++ writes them to a stream.

use std::fmt;

/// Shows a number with at most six digits.
pub struct Digits(pub f64);

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Digits(number) = *self;
        if !number.is_finite() {
            let sign = if number.is_sign_negative() { "-" } else { "" };
            return write!(f, "{sign}{}", if number.is_nan() { "nan" } else { "inf" });
        }
        // "-1.23457e-5": rounded to six digits, the exponent as it is then.
        let scientific = format!("{number:.5e}");
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        match exponent.parse::<i32>() {
            Ok(exponent @ -4..=5) => {
                let fixed = format!("{number:.*}", (5 - exponent) as usize);
                f.write_str(trimmed(&fixed))
            }
            Ok(exponent) => {
                let sign = if exponent < 0 { '-' } else { '+' };
                write!(
                    f,
                    "{}e{sign}{:02}",
                    trimmed(mantissa),
                    exponent.unsigned_abs()
                )
            }
            Err(_) => f.write_str(mantissa),
        }
    }
}

/// Without zeros at the end of a fraction.
fn trimmed(number: &str) -> &str {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}
