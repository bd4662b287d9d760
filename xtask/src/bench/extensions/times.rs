//! What a build takes: time by the clock, and of the processors.

use std::time::{Duration, Instant};

use super::super::series::Series;

/// Of the same build in each round.
#[derive(Debug, Default)]
pub struct Times {
    /// By the clock.
    pub wall: Series,
    /// Of all processors, in user code and in the kernel. Empty where the system does not tell.
    pub processor: Series,
}

impl Times {
    /// Adds what has passed since the clock was started.
    pub fn push(&mut self, clock: &Clock) {
        self.wall.push(clock.start.elapsed());
        if let (Some(before), Some(now)) = (clock.processor, processor()) {
            self.processor.push(now.saturating_sub(before));
        }
    }
}

/// The times at which a build began.
#[derive(Debug)]
pub struct Clock {
    start: Instant,
    processor: Option<Duration>,
}

impl Clock {
    pub fn start() -> Self {
        Clock {
            processor: processor(),
            start: Instant::now(),
        }
    }
}

/// What the processes that this one has started and waited for have taken, with their own.
fn processor() -> Option<Duration> {
    of_children(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// The fields `cutime` and `cstime`, in hundredths of a second on all Linux systems with Rust's
/// standard library. The second field is the program's name and may contain spaces.
fn of_children(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(13);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((next()? + next()?) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_children_are_read() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 999 55555 0 0 3 4 1234 66 20 0 1 0";
        assert_eq!(of_children(stat), Some(Duration::from_secs(13)));
        assert_eq!(of_children("7 (a) S 1"), None);
    }
}
