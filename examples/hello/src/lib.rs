use hpy::exceptions::{OverflowError, ValueError, ZeroDivisionError};
use hpy::prelude::*;

/// How often `greet` greets at most.
const MOST: i64 = 1000;

/// The shortest greeting.
#[hpy_method]
fn hello() -> &'static str {
    "Hello!"
}

/// Twice the integer.
#[hpy_method]
fn double(x: i64) -> Result<i64> {
    x.checked_mul(2)
        .ok_or_else(|| OverflowError::new("the double does not fit 64 bits"))
}

/// a / b, of floats.
#[hpy_method]
fn divide(a: f64, b: f64) -> Result<f64> {
    if b == 0.0 {
        return Err(ZeroDivisionError::new("division by zero"));
    }
    Ok(a / b)
}

/// Greets, once or more often.
#[hpy_method(signature = (name, /, times = 1, *, end = "!"))]
fn greet(name: &str, times: i64, end: &str) -> Result<String> {
    if !(0..=MOST).contains(&times) {
        return Err(ValueError::new(format!(
            "times must be 0 to {MOST}, not {times}"
        )));
    }
    let greeting = format!("Hello, {name}{end}");
    Ok(vec![greeting; times as usize].join(" "))
}

hpy_module! {
    /// The four calling conventions.
    name: hello,
    methods: [hello, double, divide, greet],
    constants: { MOST: MOST },
}
