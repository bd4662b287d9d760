//! Ints of up to 64 bits.

use super::output::Output;

/// How many digits are made at once.
const FEW: u64 = 100_000_000;

/// Writes an int.
#[inline(always)]
pub fn write(out: &mut Output, value: i64) {
    let size = value.unsigned_abs();
    if size >= FEW {
        return write_long(out, value);
    }
    if value < 0 {
        out.push(b'-');
    }
    let digits = eight(size);
    // The last digit is written even if it is a zero.
    let zeros = (digits | 1 << 56).trailing_zeros() / 8;
    let text = (digits | ZEROS) >> (8 * zeros);
    out.push_start(&text.to_le_bytes(), 8 - zeros as usize);
}

#[inline(never)]
fn write_long(out: &mut Output, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);

/// The digits of less than 100,000,000, the first in the lowest byte: halved into parts of four,
/// two and one digit side by side. The multiplications divide by 100 and by 10.
#[inline(always)]
fn eight(value: u64) -> u64 {
    let fours = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - 10 * tens) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_are_written_with_all_their_digits() {
        let ends = [0, 1, 9, 10, 99, 100, i64::MAX, i64::MIN, i64::MIN + 1];
        let powers = (0..19).map(|power| 10_i64.pow(power));
        let many = (0..100_000).map(|step| step * 997);
        let around = powers.flat_map(|power| [power - 1, power, power + 1]);
        for value in ends.into_iter().chain(around).chain(many) {
            for value in [value, value.wrapping_neg()] {
                let mut out = Output::new();
                write(&mut out, value);
                assert_eq!(String::from_utf8_lossy(out.as_bytes()), value.to_string());
            }
        }
    }
}
