//! Work without Python, with hpy: as in the example `parallel`.

use hpy::prelude::*;
use rayon::prelude::*;

/// How many primes there are below a number, found by the calling thread.
#[hpy_method]
fn detached(ctx: Context<'_>, below: u64) -> usize {
    ctx.detach(move || (2..below).filter(|number| is_prime(*number)).count())
}

/// The same, found by rayon's threads.
#[hpy_method]
fn on_all_cores(ctx: Context<'_>, below: u64) -> usize {
    ctx.detach(move || {
        (2..below)
            .into_par_iter()
            .filter(|number| is_prime(*number))
            .count()
    })
}

/// Nothing: what it takes to detach and to attach again.
#[hpy_method]
fn away(ctx: Context<'_>) {
    ctx.detach(|| ());
}

fn is_prime(number: u64) -> bool {
    number >= 2
        && (2..)
            .take_while(|divisor| divisor * divisor <= number)
            .all(|divisor| !number.is_multiple_of(divisor))
}

hpy_module! {
    name: parallel_hpy,
    methods: [detached, on_all_cores, away],
}
