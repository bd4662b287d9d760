//! What the same build took in each round.

use std::time::Duration;

/// Seconds, one time per round.
#[derive(Clone, Debug, Default)]
pub struct Series(Vec<f64>);

impl Series {
    pub fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64());
    }

    /// Those of each round.
    pub fn all(&self) -> &[f64] {
        &self.0
    }

    /// Seconds: the median of all rounds.
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// The median of the ratios, each to what the other took in the same round: a machine that is
    /// slower for a while is so for both.
    pub fn ratio(&self, to: &Series) -> f64 {
        self.ratios(to).1
    }

    /// The smallest of these ratios, their median and the largest.
    pub fn ratios(&self, to: &Series) -> (f64, f64, f64) {
        let ratios: Vec<f64> = self.0.iter().zip(&to.0).map(|(a, b)| a / b).collect();
        let smallest = ratios.iter().copied().fold(f64::NAN, f64::min);
        let largest = ratios.iter().copied().fold(f64::NAN, f64::max);
        (smallest, median(ratios), largest)
    }
}

/// The middle one, or the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => values[upper],
        _ => (values[upper - 1] + values[upper]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(seconds: &[f64]) -> Series {
        Series(seconds.to_vec())
    }

    #[test]
    fn ratios_are_of_the_same_round() {
        // The second round is twice as slow for both.
        let ours = series(&[1.0, 2.0, 1.0]);
        let theirs = series(&[2.0, 4.0, 2.0]);
        assert_eq!(ours.ratio(&theirs), 0.5);
        assert_eq!(ours.median(), 1.0);
        let other = series(&[1.0, 1.0, 4.0]);
        assert_eq!(ours.ratios(&other), (0.25, 1.0, 2.0));
    }

    #[test]
    fn an_even_number_of_rounds_has_a_median_between_two() {
        assert_eq!(series(&[4.0, 1.0, 2.0, 3.0]).median(), 2.5);
        assert!(series(&[]).median().is_nan());
    }
}
