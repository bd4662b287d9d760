//! Floats: the shortest digits that mean the same number, as in Python's `repr`, but with no 0
//! before an exponent's digit.

use super::output::Output;
use core::ops::Range;
use hpy::exceptions::OverflowError;
use hpy::prelude::*;

/// The numbers that are written without an exponent, beside zeros.
const PLAIN: Range<f64> = 1e-4..1e16;

/// Writes a float.
#[inline(always)]
pub fn write(out: &mut Output, value: f64, allow_nan: bool) -> Result<()> {
    if PLAIN.contains(&value.abs()) {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
        return Ok(());
    }
    unusual(out, value, allow_nan)
}

#[inline(never)]
fn unusual(out: &mut Output, value: f64, allow_nan: bool) -> Result<()> {
    let name: &[u8] = match value {
        0.0 if value.is_sign_negative() => b"-0.0",
        0.0 => b"0.0",
        _ if value.is_finite() => {
            exponential(out, zmij::Buffer::new().format_finite(value).as_bytes());
            return Ok(());
        }
        _ if !allow_nan => return Err(OverflowError::new("Invalid value when encoding double")),
        f64::INFINITY => b"Infinity",
        f64::NEG_INFINITY => b"-Infinity",
        _ => b"NaN",
    };
    out.extend_from_slice(name);
    Ok(())
}

/// Writes a very small or large number from the kernel's: `1e16` or, for some, all digits.
fn exponential(out: &mut Output, digits: &[u8]) {
    if let Some(at) = digits.iter().position(|&byte| byte == b'e') {
        let (mantissa, exponent) = digits.split_at(at);
        // `1.0e16` has a digit too much.
        out.extend_from_slice(mantissa.strip_suffix(b".0").unwrap_or(mantissa));
        out.push(b'e');
        match exponent.get(1) {
            Some(b'-' | b'+') => {}
            _ => out.push(b'+'),
        }
        out.extend_from_slice(&exponent[1..]);
        return;
    }
    let (sign, digits) = match digits.strip_prefix(b"-") {
        Some(digits) => (&b"-"[..], digits),
        None => (&b""[..], digits),
    };
    out.extend_from_slice(sign);
    // `0.00001234`: the only ones written out that are not to be.
    let point = digits.iter().position(|&byte| byte == b'.').unwrap_or(0);
    let zeros = digits[point + 1..]
        .iter()
        .take_while(|&&byte| byte == b'0')
        .count();
    let significant = &digits[point + 1 + zeros..];
    out.push(significant[0]);
    if significant.len() > 1 {
        out.push(b'.');
        out.extend_from_slice(&significant[1..]);
    }
    out.extend_from_slice(b"e-");
    out.extend_from_slice(itoa::Buffer::new().format(zeros + 1).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_by_python_but_for_the_exponent() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e-4, "0.0001"),
            (1e-5, "1e-5"),
            (-1.234e-5, "-1.234e-5"),
            (9.999e-5, "9.999e-5"),
            (1.5e-7, "1.5e-7"),
            (1e15, "1000000000000000.0"),
            (9999999999999998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (-123456789012345678.0, "-1.2345678901234568e+17"),
            (1e22, "1e+22"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            let mut out = Output::new();
            write(&mut out, value, true).ok();
            assert_eq!(String::from_utf8_lossy(out.as_bytes()), expected);
        }
    }
}
