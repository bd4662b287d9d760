//! What is never sent, whatever Python's loggers would take.

use std::sync::OnceLock;

/// How much is told: 0 is nothing, 1 errors, 5 all, as in the crates `log` and `tracing`.
pub(super) type Verbosity = u8;

/// All levels.
pub(super) const ALL: Verbosity = 5;

/// The verbosity of each target and of what is below it, and of all others.
#[derive(Debug)]
pub(super) struct Filters {
    pub(super) others: Verbosity,
    pub(super) targets: Vec<(String, Verbosity)>,
}

/// Those that the first logger was installed with.
static FILTERS: OnceLock<Filters> = OnceLock::new();

/// Sets the filters, if there are none yet.
#[cfg(feature = "log")]
pub(super) fn set(filters: Filters) {
    let _ = FILTERS.set(filters);
}

/// How much of a target may be sent.
pub(super) fn of_target(target: &str) -> Verbosity {
    FILTERS.get().map_or(ALL, |filters| filters.of(target))
}

/// The most that any target may send.
#[cfg(feature = "log")]
pub(super) fn most() -> Verbosity {
    FILTERS.get().map_or(ALL, Filters::most)
}

impl Filters {
    /// That of the longest target that is this one or above it.
    fn of(&self, target: &str) -> Verbosity {
        let is_of = |above: &str| match target.strip_prefix(above) {
            Some(rest) => rest.is_empty() || rest.starts_with("::"),
            None => false,
        };
        let found = self.targets.iter().filter(|(above, _)| is_of(above));
        let found = found.max_by_key(|(above, _)| above.len());
        found.map_or(self.others, |(_, verbosity)| *verbosity)
    }

    #[cfg(feature = "log")]
    fn most(&self) -> Verbosity {
        let targets = self.targets.iter().map(|(_, verbosity)| *verbosity);
        targets.fold(self.others, Verbosity::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_target_counts() {
        let filters = Filters {
            others: 2,
            targets: vec![
                ("xy".to_owned(), 4),
                ("xy::aa".to_owned(), 5),
                ("z".to_owned(), 0),
            ],
        };
        for (target, expected) in [
            ("whatever", 2),
            ("xy", 4),
            ("xy::aa", 5),
            ("xy::aa::b", 5),
            ("xy::aabb", 4),
            ("xyz", 2),
            ("z::a", 0),
            ("", 2),
        ] {
            assert_eq!(filters.of(target), expected, "{target}");
        }
    }
}
