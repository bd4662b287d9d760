//! Python's integers, as far as tests need them: 256 bits in two's complement.

use core::cmp::Ordering;
use core::ops::{Add, BitAnd, BitOr, BitXor, Neg, Not, Sub};

/// A signed integer of 256 bits. What does not fit is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Int {
    hi: i128,
    lo: u128,
}

impl Int {
    pub(super) const ZERO: Self = Self { hi: 0, lo: 0 };

    #[cfg(test)]
    fn from_u128(value: u128) -> Self {
        Self { hi: 0, lo: value }
    }

    pub(super) fn to_i128(self) -> Option<i128> {
        let low = self.lo as i128;
        (self.hi == low >> 127).then_some(low)
    }

    pub(super) fn to_f64(self) -> f64 {
        match self.to_i128() {
            Some(value) => value as f64,
            None => self.hi as f64 * 2f64.powi(128) + self.lo as f64,
        }
    }

    pub(super) fn low_bits(self) -> u64 {
        self.lo as u64
    }

    pub(super) fn is_negative(self) -> bool {
        self.hi < 0
    }

    pub(super) fn shl(self, bits: u32) -> Self {
        match bits {
            0 => self,
            1..128 => Self {
                hi: self.hi << bits | (self.lo >> (128 - bits)) as i128,
                lo: self.lo << bits,
            },
            128..256 => Self {
                hi: (self.lo << (bits - 128)) as i128,
                lo: 0,
            },
            _ => Self::ZERO,
        }
    }

    pub(super) fn shr(self, bits: u32) -> Self {
        match bits {
            0 => self,
            1..128 => Self {
                hi: self.hi >> bits,
                lo: self.lo >> bits | (self.hi as u128) << (128 - bits),
            },
            _ => Self {
                hi: self.hi >> 127,
                lo: (self.hi >> (bits - 128).min(127)) as u128,
            },
        }
    }
}

impl From<i128> for Int {
    fn from(value: i128) -> Self {
        Self {
            hi: value >> 127,
            lo: value as u128,
        }
    }
}

impl Ord for Int {
    fn cmp(&self, other: &Self) -> Ordering {
        self.hi.cmp(&other.hi).then(self.lo.cmp(&other.lo))
    }
}

impl PartialOrd for Int {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Add for Int {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (lo, carry) = self.lo.overflowing_add(other.lo);
        let hi = self.hi.wrapping_add(other.hi).wrapping_add(carry as i128);
        Self { hi, lo }
    }
}

impl Not for Int {
    type Output = Self;
    fn not(self) -> Self {
        Self {
            hi: !self.hi,
            lo: !self.lo,
        }
    }
}

impl Neg for Int {
    type Output = Self;
    fn neg(self) -> Self {
        !self + Self::from(1)
    }
}

impl Sub for Int {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

macro_rules! bitwise {
    ($($operator:ident $method:ident $symbol:tt)*) => {
        $(impl $operator for Int {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self { hi: self.hi $symbol other.hi, lo: self.lo $symbol other.lo }
            }
        })*
    };
}

bitwise! { BitAnd bitand & BitOr bitor | BitXor bitxor ^ }

/// Decimal up to 128 bits and a sign, hexadecimal beyond.
impl core::fmt::Display for Int {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.to_i128() {
            Some(value) => write!(f, "{value}"),
            None if self.hi == 0 => write!(f, "{}", self.lo),
            None => write!(f, "0x{:x}{:032x}", self.hi, self.lo),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Int;

    #[test]
    fn shifts_carry_between_the_halves() {
        let max = Int::from_u128(u128::MAX);
        for bits in [0, 1, 63, 64, 127] {
            assert_eq!(max.shl(bits).shr(bits), max, "{bits}");
            let min = Int::from(i128::MIN);
            assert_eq!(min.shl(bits).shr(bits), min, "{bits}");
        }
        assert_eq!(Int::from(-1).shr(200), Int::from(-1));
        assert_eq!(Int::from(1).shl(128), Int { hi: 1, lo: 0 });
        assert_eq!(Int { hi: 1, lo: 0 }.shr(128), Int::from(1));
    }

    #[test]
    fn arithmetic_borrows_from_the_high_half() {
        let (one, max) = (Int::from(1), Int::from_u128(u128::MAX));
        assert_eq!(max + one, Int { hi: 1, lo: 0 });
        assert_eq!(Int { hi: 1, lo: 0 } - one, max);
        assert_eq!(-(-max), max);
        assert!(-max < Int::from(i128::MIN) && max > Int::from(i128::MAX));
        assert_eq!(max.to_string(), u128::MAX.to_string());
        assert_eq!(Int::from(i128::MIN).to_string(), i128::MIN.to_string());
    }
}
