//! Which of the two traits is derived.

/// Which of the two is derived.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    From,
    Into,
}

impl Direction {
    pub fn name(self) -> &'static str {
        match self {
            Direction::From => "FromHandle",
            Direction::Into => "IntoHandle",
        }
    }
}
