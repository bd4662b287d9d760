//! How much a constraint matters.

use crate::number::Number;
use hpy::prelude::*;

/// The strength of a constraint: a number, or one of four names.
#[derive(Clone, Copy)]
pub struct Level(pub kasuari::Strength);

impl Level {
    pub const REQUIRED: Level = Level(kasuari::Strength::REQUIRED);

    fn of(number: f64) -> Self {
        // What is no number at all counts as too large.
        Level(if number.is_nan() {
            kasuari::Strength::REQUIRED
        } else {
            kasuari::Strength::new(number)
        })
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Level {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if !handle.is_a::<Str>() {
            return Number::from_handle(handle).map(|Number(number)| Level::of(number));
        }
        match handle.extract()? {
            "required" => Ok(Level::REQUIRED),
            "strong" => Ok(Level(kasuari::Strength::STRONG)),
            "medium" => Ok(Level(kasuari::Strength::MEDIUM)),
            "weak" => Ok(Level(kasuari::Strength::WEAK)),
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
        kasuari::Strength::WEAK.value()
    }

    #[getter]
    fn medium(&self) -> f64 {
        kasuari::Strength::MEDIUM.value()
    }

    #[getter]
    fn strong(&self) -> f64 {
        kasuari::Strength::STRONG.value()
    }

    /// Not to be violated.
    #[getter]
    fn required(&self) -> f64 {
        kasuari::Strength::REQUIRED.value()
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
