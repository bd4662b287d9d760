//! Special methods of types written in Rust.

use hpy::exceptions::{AttributeError, IndexError, ZeroDivisionError};
use hpy::prelude::*;
use hpy::{CompareOp, ensure};

/// A number whose operators say what they were called with.
#[hpy_type]
struct Number {
    #[hpy(get)]
    value: f64,
}

#[hpy_methods]
impl Number {
    #[new]
    fn new(value: f64) -> Self {
        Number { value }
    }

    fn __add__(&self, other: f64) -> Number {
        Number::new(self.value + other)
    }

    fn __radd__(&self, other: f64) -> Number {
        Number::new(1000.0 + self.value + other)
    }

    fn __sub__(&self, other: Ref<'_, Number>) -> f64 {
        self.value - other.value
    }

    fn __rmul__(&self, other: f64) -> f64 {
        self.value * other
    }

    fn __truediv__(&self, other: f64) -> Result<f64> {
        ensure!(other != 0.0, ZeroDivisionError, "by zero");
        Ok(self.value / other)
    }

    fn __pow__(&self, exponent: f64, modulus: Option<f64>) -> f64 {
        let power = self.value.powf(exponent);
        modulus.map_or(power, |modulus| power % modulus)
    }

    fn __iadd__(&mut self, other: f64) {
        self.value += other;
    }

    fn __neg__(&self) -> Number {
        Number::new(-self.value)
    }

    fn __abs__(&self) -> f64 {
        self.value.abs()
    }

    fn __int__(&self) -> i64 {
        self.value as i64
    }

    fn __float__(&self) -> f64 {
        self.value
    }

    fn __bool__(&self) -> bool {
        self.value != 0.0
    }

    fn __hash__(&self) -> u64 {
        self.value.to_bits()
    }

    fn __eq__(&self, other: Ref<'_, Number>) -> bool {
        self.value == other.value
    }

    fn __lt__(&self, other: f64) -> bool {
        self.value < other
    }

    fn __str__(&self) -> String {
        self.value.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Number({})", self.value)
    }
}

/// A list of numbers.
#[hpy_type]
struct Numbers(Vec<i64>);

impl Numbers {
    fn place(&self, index: isize) -> Result<usize> {
        let place = if index < 0 {
            index + self.0.len() as isize
        } else {
            index
        };
        usize::try_from(place)
            .ok()
            .filter(|place| *place < self.0.len())
            .ok_or_else(|| IndexError::new("no such number"))
    }
}

#[hpy_methods]
impl Numbers {
    #[new]
    #[hpy(signature = (*numbers))]
    fn new(numbers: Vec<i64>) -> Self {
        Numbers(numbers)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __getitem__(&self, index: isize) -> Result<i64> {
        Ok(self.0[self.place(index)?])
    }

    fn __setitem__(&mut self, index: isize, number: i64) -> Result<()> {
        let place = self.place(index)?;
        self.0[place] = number;
        Ok(())
    }

    fn __delitem__(&mut self, index: isize) -> Result<()> {
        let place = self.place(index)?;
        self.0.remove(place);
        Ok(())
    }

    fn __contains__(&self, number: i64) -> bool {
        self.0.contains(&number)
    }

    fn __iter__(&self) -> Countdown {
        Countdown(self.0.len() as i64)
    }

    #[hpy(signature = (index, *, default = None))]
    fn __call__(&self, index: usize, default: Option<i64>) -> Option<i64> {
        self.0.get(index).copied().or(default)
    }

    fn __richcmp__(&self, other: Ref<'_, Self>, op: CompareOp) -> bool {
        let order = self.0.cmp(&other.0);
        match op {
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        }
    }

    fn __enter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> {
        this.dup()
    }

    fn __exit__(&mut self, kind: &Handle<'_>, _value: &Handle<'_>, _trace: &Handle<'_>) -> bool {
        self.0.clear();
        !kind.is_none()
    }

    fn __getattr__(&self, name: &str) -> Result<i64> {
        let place = name.strip_prefix('n').and_then(|place| place.parse().ok());
        match place {
            Some(place) => Ok(self.0[self.place(place)?]),
            None => Err(AttributeError::new(name.to_owned())),
        }
    }
}

/// An iterator.
#[hpy_type]
struct Countdown(i64);

#[hpy_methods]
impl Countdown {
    fn __iter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> {
        this.dup()
    }

    fn __next__(&mut self) -> Option<i64> {
        self.0 = self.0.checked_sub(1).filter(|left| *left >= 0)?;
        Some(self.0)
    }
}

/// What `__init__` sets.
#[hpy_type]
struct Settings {
    #[hpy(get)]
    depth: u32,
}

#[hpy_methods]
impl Settings {
    #[new]
    #[hpy(signature = (*_args, **_options))]
    fn new(_args: Args<'_, '_>, _options: &Handle<'_, Dict>) -> Self {
        Settings { depth: 0 }
    }

    #[hpy(signature = (depth = 1))]
    fn __init__(&mut self, depth: u32) {
        self.depth += depth;
    }
}

hpy_module! {
    name: type_slots,
    types: [Number, Numbers, Countdown, Settings],
}
