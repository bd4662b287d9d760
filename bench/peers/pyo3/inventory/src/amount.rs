//! Amounts in the smallest unit of a currency: reading, writing and rounding them.

use crate::errors::Failure;
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::convert::Infallible;
use std::fmt;

/// The currencies that have other than two digits behind the point.
pub const DIGITS: [(&str, u32); 4] = [("BHD", 3), ("JPY", 0), ("KRW", 0), ("KWD", 3)];

/// A currency by its three letters, as in ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const EUR: Currency = Currency(*b"EUR");

    pub fn parse(text: &str) -> Result<Self, Failure> {
        match text.as_bytes().try_into() {
            Ok(letters) if text.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                Ok(Currency(letters))
            }
            _ => Err(Failure::BadCurrency(text.to_owned())),
        }
    }

    pub fn digits(self) -> usize {
        let special = DIGITS.iter().find(|(name, _)| *name == self.as_str());
        special.map_or(2, |(_, digits)| *digits as usize)
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromPyObject<'_, '_> for Currency {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        Ok(Currency::parse(object.extract()?)?)
    }
}

impl<'py> IntoPyObject<'py> for Currency {
    type Target = PyString;
    type Output = Bound<'py, PyString>;
    type Error = Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        self.as_str().into_pyobject(py)
    }
}

/// What becomes of parts of the smallest unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rounding {
    HalfEven,
    HalfUp,
    Down,
}

impl Rounding {
    pub fn round(self, value: f64) -> Result<i64, Failure> {
        let rounded = match self {
            Rounding::HalfEven => value.round_ties_even(),
            Rounding::HalfUp => value.round(),
            Rounding::Down => value.trunc(),
        };
        if rounded.abs() < 9.0e18 {
            Ok(rounded as i64)
        } else {
            Err(Failure::Overflow)
        }
    }
}

impl FromPyObject<'_, '_> for Rounding {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        match object.extract()? {
            "half_even" => Ok(Rounding::HalfEven),
            "half_up" => Ok(Rounding::HalfUp),
            "down" => Ok(Rounding::Down),
            other => Err(Failure::BadRounding(other.to_owned()).into()),
        }
    }
}

/// The smallest units in whole ones.
pub fn whole(amount: i64, currency: Currency) -> Result<i64, Failure> {
    let unit = 10_i64.pow(currency.digits() as u32);
    amount.checked_mul(unit).ok_or(Failure::Overflow)
}

/// Reads an amount such as `-12.50`.
pub fn parse(text: &str, currency: Currency) -> Result<i64, Failure> {
    let bad = || Failure::BadAmount(text.to_owned());
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (units, parts) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if units.is_empty() || parts.len() > currency.digits() || !is_number(units) || !is_number(parts)
    {
        return Err(bad());
    }
    let padded = format!("{units}{parts:0<width$}", width = currency.digits());
    let minor: i64 = padded.parse().map_err(|_| Failure::Overflow)?;
    Ok(if negative { -minor } else { minor })
}

/// Writes an amount such as `-12.50`.
pub fn write(f: &mut impl fmt::Write, minor: i64, currency: Currency) -> fmt::Result {
    let sign = if minor < 0 { "-" } else { "" };
    let (digits, minor) = (currency.digits(), minor.unsigned_abs());
    let unit = 10_u64.pow(digits as u32);
    write!(f, "{sign}{}", minor / unit)?;
    match digits {
        0 => Ok(()),
        _ => write!(f, ".{:0digits$}", minor % unit),
    }
}
