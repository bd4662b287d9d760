//! Work on many threads: with rayon while Python runs on, and by a worker that calls back.

use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Threads that may still have to call back.
static WORKERS: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// How many primes there are below a number, found on all cores.
#[hpy_method]
fn count_primes(ctx: Context<'_>, below: u64) -> usize {
    // Nothing of Python gets in, and other Python threads run meanwhile.
    ctx.detach(move || {
        (2..below)
            .into_par_iter()
            .filter(|number| is_prime(*number))
            .count()
    })
}

/// The numbers in order, sorted on all cores.
#[hpy_method]
fn sort(ctx: Context<'_>, mut numbers: Vec<f64>) -> Result<Vec<f64>> {
    ensure!(
        !numbers.iter().any(|number| number.is_nan()),
        ValueError,
        "NaN has no place in an order"
    );
    ctx.detach_with(&mut numbers[..], |numbers| {
        numbers.par_sort_by(f64::total_cmp)
    });
    Ok(numbers)
}

/// Counts on a thread of its own, and returns at once; `callback` gets the count.
///
/// The own HPy of PyPy 7.3 and GraalPy 24 cannot attach a thread: RuntimeError there.
#[hpy_method]
fn count_primes_later(ctx: Context<'_>, below: u64, callback: Persistent) -> Result<()> {
    // Found out here, where the caller can be told.
    ctx.detach(|| hpy::attach(|_| ()))?;
    let worker = thread::Builder::new().spawn(move || {
        let count = (2..below).filter(|number| is_prime(*number)).count();
        let called = hpy::attach(|ctx| {
            let called = callback
                .get(ctx)
                .and_then(|callback| call!(callback, count));
            if let Err(error) = called {
                // Nobody waits for it.
                error.write_unraisable(ctx, None);
            }
        });
        if let Err(error) = called {
            eprintln!("{error}");
        }
    })?;
    let mut workers = WORKERS.lock().unwrap_or_else(PoisonError::into_inner);
    workers.retain(|worker| !worker.is_finished());
    workers.push(worker);
    Ok(())
}

/// Waits for the workers when the interpreter ends: it must not end while one of them is in Python.
#[hpy_method]
fn finish(ctx: Context<'_>) {
    ctx.detach(|| {
        let workers = std::mem::take(&mut *WORKERS.lock().unwrap_or_else(PoisonError::into_inner));
        for worker in workers {
            // One that panicked has said so.
            let _ = worker.join();
        }
    });
}

fn is_prime(number: u64) -> bool {
    number >= 2
        && (2..)
            .take_while(|divisor| divisor * divisor <= number)
            .all(|divisor| !number.is_multiple_of(divisor))
}

hpy_module! {
    /// Work on many threads.
    name: parallel,
    methods: [count_primes, sort, count_primes_later],
    exit: finish,
}
