//! An amount of money, which knows its currency.

use crate::amount::{self, Currency, Rounding};
use crate::errors::Failure;
use hpy::exceptions::{TypeError, ValueError, ZeroDivisionError};
use hpy::prelude::*;
use hpy::{CompareOp, bail, ensure};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// An amount of money.
#[hpy_type(frozen, str)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// The amount in the smallest unit of its currency.
    #[hpy(get)]
    pub minor: i64,
    /// Three letters.
    #[hpy(get)]
    pub currency: Currency,
}

/// What `Money(…)` takes.
#[derive(FromHandle)]
enum Amount {
    Whole(i64),
    Text(String),
}

/// What money is divided by.
#[derive(FromHandle)]
enum Divisor<'a> {
    Money(&'a Money),
    Number(f64),
}

/// What money is when it has been divided.
#[derive(IntoHandle)]
enum Quotient {
    Ratio(f64),
    Money(Money),
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        amount::write(f, self.minor, self.currency)?;
        write!(f, " {}", self.currency.as_str())
    }
}

impl Money {
    pub fn of(minor: i64, currency: Currency) -> Self {
        Money { minor, currency }
    }

    pub fn plus(self, other: Money) -> Result<Money, Failure> {
        self.with(self.paired(other)?.checked_add(other.minor))
    }

    pub fn times(self, factor: i64) -> Result<Money, Failure> {
        self.with(self.minor.checked_mul(factor))
    }

    pub fn scaled(self, factor: f64, rounding: Rounding) -> Result<Money, Failure> {
        self.with(Some(rounding.round(self.minor as f64 * factor)?))
    }

    /// The amount, if the other has the same currency.
    fn paired(self, other: Money) -> Result<i64, Failure> {
        match self.currency == other.currency {
            true => Ok(self.minor),
            false => Err(Failure::Mismatch(self.currency, other.currency)),
        }
    }

    fn with(self, minor: Option<i64>) -> Result<Money, Failure> {
        let minor = minor.ok_or(Failure::Overflow)?;
        Ok(Money { minor, ..self })
    }

    fn number(self) -> String {
        let mut text = String::new();
        let _ = amount::write(&mut text, self.minor, self.currency); // A String takes all.
        text
    }
}

#[hpy_methods]
impl Money {
    /// Of a whole number, or a text such as `"12.50"`.
    #[new]
    #[hpy(signature = (amount, currency = Currency::EUR))]
    fn new(amount: Amount, currency: Currency) -> Result<Self> {
        let minor = match amount {
            Amount::Whole(amount) => amount::whole(amount, currency)?,
            Amount::Text(text) => amount::parse(&text, currency)?,
        };
        Ok(Money::of(minor, currency))
    }

    /// Of a number of the smallest unit.
    #[staticmethod]
    #[hpy(signature = (minor, currency = Currency::EUR))]
    fn from_minor(minor: i64, currency: Currency) -> Self {
        Money::of(minor, currency)
    }

    /// Of a text such as `"12.50 EUR"`.
    #[classmethod]
    fn parse<'ctx>(class: &Handle<'ctx, Type>, text: &str) -> Result<Handle<'ctx>> {
        let Some((amount, currency)) = text.trim().rsplit_once(' ') else {
            bail!(ValueError, "no currency in {text:?}");
        };
        class.call1((amount.trim_end(), currency))
    }

    /// The amount in another currency.
    #[hpy(signature = (currency, rate, *, rounding = Rounding::HalfEven))]
    fn convert(&self, currency: Currency, rate: f64, rounding: Rounding) -> Result<Money> {
        ensure!(rate > 0.0, ValueError, "the rate must be positive");
        let unit = |currency: Currency| 10_f64.powi(currency.digits() as i32);
        let factor = rate * unit(currency) / unit(self.currency);
        let scaled = self.scaled(factor, rounding)?;
        Ok(Money::of(scaled.minor, currency))
    }

    fn __add__(&self, other: &Money) -> Result<Money> {
        Ok(self.plus(*other)?)
    }

    /// `sum(…)` begins with 0.
    fn __radd__(&self, other: i64) -> Result<Money> {
        ensure!(other == 0, TypeError, "only 0 can be added to Money");
        Ok(*self)
    }

    fn __sub__(&self, other: &Money) -> Result<Money> {
        Ok(self.with(self.paired(*other)?.checked_sub(other.minor))?)
    }

    fn __mul__(&self, factor: i64) -> Result<Money> {
        Ok(self.times(factor)?)
    }

    fn __rmul__(&self, factor: i64) -> Result<Money> {
        Ok(self.times(factor)?)
    }

    fn __truediv__(&self, divisor: Divisor<'_>) -> Result<Quotient> {
        match divisor {
            Divisor::Money(other) => {
                let minor = self.paired(*other)?;
                ensure!(other.minor != 0, ZeroDivisionError, "division by no money");
                Ok(Quotient::Ratio(minor as f64 / other.minor as f64))
            }
            Divisor::Number(number) => {
                ensure!(number != 0.0, ZeroDivisionError, "division by zero");
                let money = self.scaled(1.0 / number, Rounding::HalfEven)?;
                Ok(Quotient::Money(money))
            }
        }
    }

    fn __neg__(&self) -> Result<Money> {
        Ok(self.with(self.minor.checked_neg())?)
    }

    fn __abs__(&self) -> Result<Money> {
        Ok(self.with(self.minor.checked_abs())?)
    }

    fn __bool__(&self) -> bool {
        self.minor != 0
    }

    /// Amounts of different currencies are not equal, and cannot be ordered.
    fn __richcmp__(&self, other: &Money, op: CompareOp) -> Result<bool> {
        match op {
            CompareOp::Eq => Ok(self == other),
            CompareOp::Ne => Ok(self != other),
            CompareOp::Lt => Ok(self.paired(*other)? < other.minor),
            CompareOp::Le => Ok(self.paired(*other)? <= other.minor),
            CompareOp::Gt => Ok(self.paired(*other)? > other.minor),
            CompareOp::Ge => Ok(self.paired(*other)? >= other.minor),
        }
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        format!("Money('{}', '{}')", self.number(), self.currency.as_str())
    }

    /// `n` leaves the currency out.
    fn __format__(&self, spec: &str) -> Result<String> {
        match spec {
            "" => Ok(self.to_string()),
            "n" => Ok(self.number()),
            _ => bail!(ValueError, "unknown format {spec:?}"),
        }
    }

    fn __reduce__<'ctx>(
        this: &Handle<'ctx, Self>,
    ) -> Result<(Handle<'ctx, Type>, (String, Currency))> {
        let money = this.get()?;
        Ok((this.type_(), (money.number(), money.currency)))
    }
}
