//! What is known of the levels of Python's loggers, for all threads, without the interpreter.
//!
//! Each target has an entry, which is found without a lock and stays forever. It holds how much the
//! most talkative interpreter takes of the target, and is valid if all interpreters of the process
//! that send records have been asked since the last change.

use super::filters::{ALL, Verbosity, of_target};
use super::once::Once;
use crate::Result;
use core::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use hpy_sys::fork::Lock;

/// A target and what is known of it.
pub(super) struct Target {
    pub(super) name: Box<str>,
    /// Where an interpreter keeps the logger.
    pub(super) index: usize,
    /// How much may be sent, whatever Python takes.
    filter: Verbosity,
    /// The generation in the upper 32 bits, 24 bits for the interpreters that were asked, and how
    /// much is taken.
    known: AtomicU64,
    next: Once<Target>,
}

/// How many targets are remembered. They are names of Rust's modules mostly, but may be any text.
pub(super) const MOST_TARGETS: usize = 4096;

const BUCKETS: usize = 256;

static TARGETS: [Once<Target>; BUCKETS] = [const { Once::new() }; BUCKETS];
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// It changes where any level may have changed.
static GENERATION: AtomicU32 = AtomicU32::new(1);

/// A bit for each interpreter that sends records.
static INTERPRETERS: AtomicU32 = AtomicU32::new(0);

/// More interpreters have no bit, and then nothing is known.
const BITS: u32 = 23;
const TOO_MANY: u32 = 1 << BITS;

/// What holds while generation, interpreters and the crate `log`'s own level belong together.
static CHANGING: Lock<()> = Lock::new(());

/// What is known before Python is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Known {
    Taken,
    NotTaken,
    Unknown,
}

/// The entry of a target; none where there are too many.
#[inline]
pub(super) fn target(name: &str) -> Option<&'static Target> {
    let mut place = &TARGETS[bucket(name)];
    while let Some(target) = place.get() {
        if *target.name == *name {
            return Some(target);
        }
        place = &target.next;
    }
    add(name, place)
}

#[inline(always)]
fn bucket(name: &str) -> usize {
    let bytes = name.as_bytes();
    let mut hash = bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash =
            (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    for byte in rest {
        hash = (hash.rotate_left(5) ^ u64::from(*byte)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    (hash >> 56) as usize % BUCKETS
}

#[cold]
#[inline(never)]
fn add(name: &str, end: &'static Once<Target>) -> Option<&'static Target> {
    let index = COUNT.fetch_add(1, Ordering::Relaxed);
    if index >= MOST_TARGETS {
        COUNT.fetch_sub(1, Ordering::Relaxed);
        return None;
    }
    let mut added = Box::new(Target {
        name: name.into(),
        index,
        filter: of_target(name),
        known: AtomicU64::new(0),
        next: Once::new(),
    });
    let mut place = end;
    loop {
        // Another thread may have been quicker, with this target or another.
        match place.set(added) {
            Ok(target) => return Some(target),
            Err(back) => added = back,
        }
        let target = place.get()?;
        if *target.name == *name {
            return Some(target);
        }
        place = &target.next;
    }
}

impl Target {
    /// What is known of records of this level, without the interpreter.
    #[inline]
    pub(super) fn takes(&self, level: Verbosity) -> Known {
        if level > self.filter {
            return Known::NotTaken;
        }
        let known = self.known.load(Ordering::Acquire);
        let asked = (known >> 8) as u32 & (2 * TOO_MANY - 1);
        let valid = (known >> 32) as u32 == GENERATION.load(Ordering::Acquire)
            && asked == INTERPRETERS.load(Ordering::Acquire);
        match valid {
            false => Known::Unknown,
            true if level <= known as Verbosity => Known::Taken,
            true => Known::NotTaken,
        }
    }

    /// How much an interpreter takes, as it said in that generation.
    pub(super) fn learn(&self, generation: u32, interpreter: u32, taken: Verbosity) {
        let interpreter = interpreter & (TOO_MANY - 1);
        let _ = self
            .known
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |known| {
                let (asked, most) = match (known >> 32) as u32 == generation {
                    true => ((known >> 8) as u32 & (2 * TOO_MANY - 1), known as Verbosity),
                    false => (0, 0),
                };
                let (asked, most) = (asked | interpreter, most.max(taken));
                Some(u64::from(generation) << 32 | u64::from(asked) << 8 | u64::from(most))
            });
    }
}

/// The generation, before Python is asked for levels.
pub(super) fn generation() -> u32 {
    GENERATION.load(Ordering::Acquire)
}

/// All that is known is forgotten.
#[cold]
pub(super) fn forget() {
    changing(|| {
        GENERATION.fetch_add(1, Ordering::AcqRel);
    });
}

/// A bit for an interpreter that will send records.
#[cold]
pub(super) fn enter() -> u32 {
    changing(|| {
        GENERATION.fetch_add(1, Ordering::AcqRel);
        let taken = INTERPRETERS.load(Ordering::Relaxed);
        let free = (!taken).trailing_zeros();
        // This one is never asked for, so that nothing is ever known.
        let bit = if free >= BITS { TOO_MANY } else { 1 << free };
        INTERPRETERS.store(taken | bit, Ordering::Release);
        bit
    })
}

/// The interpreter ends.
#[cold]
pub(super) fn leave(bit: u32) {
    changing(|| {
        GENERATION.fetch_add(1, Ordering::AcqRel);
        if bit != TOO_MANY {
            INTERPRETERS.fetch_and(!bit, Ordering::SeqCst);
        }
    });
}

/// Whether an interpreter is the only one that sends records.
#[cfg(feature = "log")]
pub(super) fn is_alone(bit: u32) -> bool {
    bit != TOO_MANY && INTERPRETERS.load(Ordering::Acquire) == bit
}

/// Whether there is an interpreter that takes records from threads of Rust's own.
pub(super) fn is_any() -> bool {
    // A thread counts itself before it asks; the one that ends the interpreter looks at the count
    // afterwards.
    INTERPRETERS.load(Ordering::SeqCst) != 0
}

fn changing<R>(change: impl FnOnce() -> R) -> R {
    let _changing = CHANGING.lock();
    let result = change();
    #[cfg(feature = "log")]
    super::of_log::widen();
    result
}

/// Runs `narrow` if nothing has changed since that generation.
#[cfg(feature = "log")]
pub(super) fn if_unchanged(since: u32, narrow: impl FnOnce()) {
    let _changing = CHANGING.lock();
    if generation() == since {
        narrow();
    }
}

/// Levels of Python's `logging` for the verbosities from 1.
const PYTHON: [i64; ALL as usize] = [40, 30, 20, 10, 5];

/// Python's number for a level.
pub(super) fn in_python(level: Verbosity) -> i64 {
    let index = usize::from(level.clamp(1, ALL)) - 1;
    PYTHON[index]
}

/// How much is taken by a logger that takes records from this level on.
pub(super) fn from_python(threshold: i64) -> Verbosity {
    let taken = PYTHON.iter().filter(|level| **level >= threshold);
    taken.count() as Verbosity
}

/// As [`from_python`], of what is asked for each level.
pub(super) fn count(is_taken: impl Fn(i64) -> Result<bool>) -> Result<Verbosity> {
    PYTHON.iter().try_fold(0, |taken, level| {
        Ok(taken + Verbosity::from(is_taken(*level)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_python() {
        for (threshold, expected) in [
            (0, 5),
            (5, 5),
            (6, 4),
            (10, 4),
            (11, 3),
            (20, 3),
            (30, 2),
            (40, 1),
            (41, 0),
            (i64::MAX, 0),
        ] {
            assert_eq!(from_python(threshold), expected, "{threshold}");
        }
        assert_eq!([1, 2, 3, 4, 5].map(in_python), PYTHON);
    }

    #[test]
    fn what_is_known_ends_with_a_change() {
        let (one, other) = (enter(), enter());
        assert_ne!(one, other);
        let target = target("a::b").expect("there is room");
        assert!(core::ptr::eq(
            target,
            super::target("a::b").expect("it is there")
        ));
        assert_eq!(target.takes(1), Known::Unknown);
        target.learn(generation(), one, 2);
        assert_eq!(target.takes(3), Known::Unknown, "the other was not asked");
        target.learn(generation(), other, 3);
        let known = [1, 2, 3, 4].map(|level| target.takes(level));
        assert_eq!(
            known,
            [Known::Taken, Known::Taken, Known::Taken, Known::NotTaken]
        );
        leave(other);
        assert_eq!(target.takes(1), Known::Unknown);
        let old = generation();
        forget();
        target.learn(old, one, 5);
        assert_eq!(target.takes(1), Known::Unknown, "it is out of date");
        target.learn(generation(), one, 0);
        assert_eq!(target.takes(1), Known::NotTaken);
        leave(one);
        assert!(!is_any());
    }
}
