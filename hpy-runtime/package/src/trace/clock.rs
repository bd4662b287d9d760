//! The clock that calls are timed with: the processor's, if the system itself trusts it.
//!
//! Reading the processor's counter takes a third of the time that a call of the system's clock
//! takes, which would be most of what is measured of a short call.

use core::sync::atomic::{AtomicU8, Ordering};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// One moment by both clocks.
#[derive(Debug, Clone, Copy)]
struct Moment {
    instant: Instant,
    counter: u64,
}

/// When the first extension was loaded in trace mode.
static START: OnceLock<Moment> = OnceLock::new();

/// Nanoseconds per tick. It is measured once, so that the same ticks are always the same time.
static SCALE: OnceLock<f64> = OnceLock::new();

/// What a call takes that reading the processor's counter twice does not do: in most programs
/// nothing, which is one test.
static NEEDS: AtomicU8 = AtomicU8::new(SYSTEM_CLOCK);
const SYSTEM_CLOCK: u8 = 1;
const PYTHON: u8 = 2;

fn uses_counter() -> bool {
    NEEDS.load(Ordering::Relaxed) & SYSTEM_CLOCK == 0
}

/// Whether calls only read [`counter`].
#[inline(always)]
pub(super) fn only_counter() -> bool {
    NEEDS.load(Ordering::Relaxed) == 0
}

/// Whether functions of Python are called.
#[inline(always)]
pub(super) fn calls_python() -> bool {
    NEEDS.load(Ordering::Relaxed) & PYTHON != 0
}

/// Has functions of Python called from now on, or no more.
pub(super) fn set_calls_python(on: bool) {
    if on {
        NEEDS.fetch_or(PYTHON, Ordering::Relaxed);
    } else {
        NEEDS.fetch_and(!PYTHON, Ordering::Relaxed);
    }
}

/// The time in ticks, where [`only_counter`] is true.
#[inline(always)]
pub(super) fn counter() -> u64 {
    counter::read()
}

/// Over so long a time, the error of reading two clocks is below a ten thousandth.
const LONG_ENOUGH: Duration = Duration::from_millis(2);

/// Chooses the clock. Called before the first call is timed.
pub(super) fn start() {
    START.get_or_init(|| {
        if counter::is_trusted() {
            NEEDS.fetch_and(!SYSTEM_CLOCK, Ordering::Relaxed);
        }
        Moment::now()
    });
}

impl Moment {
    fn now() -> Self {
        Self {
            instant: Instant::now(),
            counter: counter::read(),
        }
    }
}

fn started() -> Moment {
    *START.get_or_init(Moment::now)
}

/// The time in ticks since some moment.
#[inline(always)]
pub(super) fn ticks() -> u64 {
    if uses_counter() {
        counter::read()
    } else {
        from_the_system()
    }
}

/// Nanoseconds since the start.
#[inline(never)]
fn from_the_system() -> u64 {
    u64::try_from(started().instant.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// The ticks in nanoseconds.
pub(super) fn nanoseconds(ticks: u64) -> u64 {
    (ticks as f64 * scale()) as u64
}

/// How many ticks a second has.
pub(super) fn frequency() -> u64 {
    (1e9 / scale()).round() as u64
}

/// The ticks between two readings with nothing between them. They are part of each measured time.
/// Measured once, as a mean of the quicker nine tenths: the others were interrupted.
pub(super) fn cost() -> f64 {
    static COST: OnceLock<f64> = OnceLock::new();
    *COST.get_or_init(|| {
        let mut ticks: [u64; 1000] = core::array::from_fn(|_| {
            let start = self::ticks();
            self::ticks().saturating_sub(start)
        });
        ticks.sort_unstable();
        let (quicker, _) = ticks.split_at(ticks.len() / 10 * 9);
        quicker.iter().sum::<u64>() as f64 / quicker.len() as f64
    })
}

/// The ticks that so many calls took, without what the clock itself takes.
pub(super) fn without_cost(calls: u64, ticks: u64) -> u64 {
    // From a negative number, the conversion makes 0.
    (ticks as f64 - calls as f64 * cost()) as u64
}

fn scale() -> f64 {
    *SCALE.get_or_init(|| {
        let start = started();
        if !uses_counter() {
            return 1.0;
        }
        while start.instant.elapsed() < LONG_ENOUGH {
            core::hint::spin_loop();
        }
        let end = Moment::now();
        let passed = end.instant.duration_since(start.instant).as_nanos() as f64;
        passed / end.counter.wrapping_sub(start.counter) as f64
    })
}

#[cfg(target_arch = "x86_64")]
mod counter {
    use core::arch::x86_64::{__cpuid, _rdtsc};

    #[inline(always)]
    pub(super) fn read() -> u64 {
        // SAFETY: every x86-64 processor has it, and Linux, macOS and Windows allow it.
        unsafe { _rdtsc() }
    }

    /// Whether the counter has one speed in all states of the processor, and the system measures
    /// time with it too. A system that has found it to be unsteady uses another clock.
    pub(super) fn is_trusted() -> bool {
        const INVARIANT: u32 = 1 << 8;
        #[allow(unused_unsafe)] // Newer compilers know that it is safe.
        // SAFETY: every x86-64 processor has the instruction.
        let power = unsafe {
            match __cpuid(0x8000_0000).eax {
                0x8000_0007.. => __cpuid(0x8000_0007).edx,
                _ => 0,
            }
        };
        let file = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        cfg!(target_os = "linux")
            && power & INVARIANT != 0
            && std::fs::read_to_string(file).is_ok_and(|source| source.trim() == "tsc")
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod counter {
    pub(super) fn read() -> u64 {
        0
    }

    pub(super) fn is_trusted() -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_time() {
        start();
        let instant = Instant::now();
        let before = ticks();
        // At least so long.
        std::thread::sleep(Duration::from_millis(20));
        let after = ticks();
        let passed = instant.elapsed().as_nanos() as u64;
        let measured = nanoseconds(after - before);
        assert!(measured <= passed + passed / 100, "{measured} of {passed}");
        assert!(measured >= 19_800_000, "{measured}");
        assert!(frequency() >= 1_000_000);
    }
}
