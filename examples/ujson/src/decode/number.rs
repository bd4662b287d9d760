//! Numbers: ints of any size, and floats.

use super::Decoder;
use hpy::prelude::*;

/// So many digits always fit 64 bits.
const SAFE_DIGITS: usize = 19;

/// Powers of ten that a float holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

impl<'ctx> Decoder<'_, 'ctx> {
    /// At a digit or a minus.
    pub(super) fn number(&mut self) -> Result<Handle<'ctx>> {
        let start = self.at;
        let negative = self.bytes[start] == b'-';
        if negative {
            self.at += 1;
            if self.bytes.get(self.at) == Some(&b'I') {
                self.at -= 1;
                self.word(
                    "-Infinity",
                    "Unexpected character found when decoding '-Infinity'",
                )?;
                return self.float(f64::NEG_INFINITY);
            }
        }
        let zeros = self.skip(|byte| byte == b'0');
        let mut digits = 0;
        let whole = self.digits(&mut digits);
        let mut fraction = 0;
        let mut is_float = false;
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            fraction = self.digits(&mut digits);
            is_float = zeros + whole + fraction > 0;
            if !is_float {
                self.at -= 1;
            }
        }
        let mut exponent = Some(0);
        if (is_float || zeros + whole > 0) && matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            let before = self.at;
            self.at += 1;
            let sign = matches!(self.bytes.get(self.at), Some(b'+' | b'-'));
            let minus = self.bytes.get(self.at) == Some(&b'-');
            self.at += usize::from(sign);
            let mut value = 0;
            match self.digits(&mut value) {
                0 => self.at = before,
                count => {
                    is_float = true;
                    // One of more digits is left to the parser of floats.
                    exponent =
                        (count <= 4).then_some(if minus { -(value as i64) } else { value as i64 });
                }
            }
        }
        let written = &self.bytes[start..self.at];
        if is_float {
            let exact = exponent
                .and_then(|exponent| exact(digits, whole + fraction, exponent - fraction as i64));
            return match exact {
                Some(value) => self.float(if negative { -value } else { value }),
                None => self.float(parsed(written)?),
            };
        }
        if whole > SAFE_DIGITS {
            return self.long(negative, &written[written.len() - whole..]);
        }
        let int = match (i64::try_from(digits), negative) {
            (Ok(value), true) => self.ctx.int(-value)?,
            (Ok(value), false) => self.ctx.int(value)?,
            (Err(_), true) => self.ctx.int(-i128::from(digits))?,
            (Err(_), false) => self.ctx.int(digits)?,
        };
        Ok(int.into_object())
    }

    #[inline(always)]
    fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|&byte| wanted(byte)) {
            self.at += 1;
        }
        self.at - start
    }

    /// Reads digits into `value`, which overflows where there are too many; how many there are.
    #[inline(always)]
    fn digits(&mut self, value: &mut u64) -> usize {
        let start = self.at;
        while let Some(byte @ b'0'..=b'9') = self.bytes.get(self.at) {
            *value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            self.at += 1;
        }
        self.at - start
    }

    /// By Python's own reading of digits, whose limit holds here too.
    #[cold]
    fn long(&self, negative: bool, digits: &[u8]) -> Result<Handle<'ctx>> {
        let digits = String::from_utf8_lossy(digits);
        let int = Int::type_object(self.ctx)?.call1((&digits,))?;
        if negative { int.neg() } else { Ok(int) }
    }
}

/// The float that these digits mean, where one multiplication or division rounds it rightly.
#[inline(always)]
fn exact(digits: u64, count: usize, exponent: i64) -> Option<f64> {
    if count > SAFE_DIGITS || digits > 1 << 53 {
        return None;
    }
    let power = EXACT_POWERS.get(usize::try_from(exponent.unsigned_abs()).ok()?)?;
    let value = digits as f64;
    Some(if exponent < 0 {
        value / power
    } else {
        value * power
    })
}

#[cold]
#[inline(never)]
fn parsed(written: &[u8]) -> Result<f64> {
    Ok(core::str::from_utf8(written)?.parse::<f64>()?)
}
