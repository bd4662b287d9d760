//! How much a constraint matters.

use crate::number::Number;
use crate::simplex::REQUIRED;
use hpy::bail;
use hpy::exceptions::ValueError;
use hpy::prelude::*;

/// The strength of a constraint: a number, or one of four names.
#[derive(Clone, Copy)]
pub struct Level(pub f64);

const STRONG: f64 = 1_000_000.0;
const MEDIUM: f64 = 1_000.0;
const WEAK: f64 = 1.0;

impl Level {
    pub const REQUIRED: Level = Level(REQUIRED);

    fn of(number: f64) -> Self {
        // What is no number at all counts as too large.
        Level(if number.is_nan() {
            REQUIRED
        } else {
            number.clamp(0.0, REQUIRED)
        })
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Level {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if !handle.is_instance_of::<Str>() {
            return Number::from_handle(handle).map(|Number(number)| Level::of(number));
        }
        match handle.extract()? {
            "required" => Ok(Level::REQUIRED),
            "strong" => Ok(Level(STRONG)),
            "medium" => Ok(Level(MEDIUM)),
            "weak" => Ok(Level(WEAK)),
            other => bail!(
                ValueError,
                "{other:?} is no strength: it is 'required', 'strong', 'medium' or 'weak'"
            ),
        }
    }
}

/// The strengths that have names, and how others are made.
#[hpy_type(frozen)]
pub struct Strength;

#[hpy_methods]
impl Strength {
    /// The weakest that has a name.
    #[getter]
    fn weak(&self) -> f64 {
        WEAK
    }

    #[getter]
    fn medium(&self) -> f64 {
        MEDIUM
    }

    #[getter]
    fn strong(&self) -> f64 {
        STRONG
    }

    /// Not to be violated.
    #[getter]
    fn required(&self) -> f64 {
        REQUIRED
    }

    /// A strength of so many strong, medium and weak ones, times a weight.
    #[hpy(signature = (a, b, c, weight = Number(1.0), /))]
    fn create(&self, a: Number, b: Number, c: Number, weight: Number) -> f64 {
        let up_to_a_thousand = |count: Number| (count.0 * weight.0).clamp(0.0, 1000.0);
        up_to_a_thousand(a) * self.strong()
            + up_to_a_thousand(b) * self.medium()
            + up_to_a_thousand(c) * self.weak()
    }
}
