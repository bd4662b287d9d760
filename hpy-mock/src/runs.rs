//! Running tests in a fresh context, and what is checked afterwards.

use super::interpreter::Interpreter;
use super::mock::{Failing, Mock};
use super::objects::Data;
use core::ffi::c_int;
use hpy_core::__private::host;
use hpy_core::{Context, Result};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard};

/// One run at a time: the registry, what waits for its release, and the panic hook are the
/// process's.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Runs `body` in a fresh context, as one entry from Python.
///
/// # Panics
/// With what `body` panics with; where it returns an error; and where it left a violation, a leak
/// or an exception behind.
#[track_caller]
pub fn run(body: impl for<'ctx> FnOnce(Context<'ctx>) -> Result<()>) {
    let _turn = turn();
    succeed(once(true, Failing::Never, body));
}

/// As [`run`], in a context without this project's extensions: exceptions are taken by way of a
/// hook.
///
/// # Panics
/// As [`run`].
#[track_caller]
pub fn foreign(body: impl for<'ctx> FnOnce(Context<'ctx>) -> Result<()>) {
    let _turn = turn();
    succeed(once(false, Failing::Never, body));
}

/// Runs `body`, which may do anything; returns the violations, leaks among them.
///
/// # Panics
/// With what `body` panics with.
pub fn report(body: impl for<'ctx> FnOnce(Context<'ctx>) -> Result<()>) -> Vec<String> {
    let _turn = turn();
    once(true, Failing::Never, body).violations
}

/// Runs `body` again and again, and lets the first allocation fail, the second and so on, each
/// alone and each with all after it, until nothing fails any more. Errors are fine, violations are
/// not. Returns how many allocations there are.
///
/// # Panics
/// With what `body` panics with; where a run left a violation, a leak or an exception behind; where
/// `body` fails although no allocation does.
#[track_caller]
pub fn failures(body: impl for<'ctx> Fn(Context<'ctx>) -> Result<()>) -> usize {
    let _turn = turn();
    succeed(once(true, Failing::Never, &body));
    for failing in [Failing::Only, Failing::From] {
        for which in 1.. {
            let outcome = once(true, failing(which), &body);
            if !outcome.violations.is_empty() {
                panic!(
                    "when allocation {which} fails: {}",
                    outcome.violations.join("; ")
                );
            }
            if outcome.allocations < which {
                succeed(outcome);
                break;
            }
        }
    }
    once(true, Failing::Never, &body).allocations
}

struct Outcome {
    raised: Option<String>,
    violations: Vec<String>,
    /// How many there were while `body` ran.
    allocations: usize,
}

#[track_caller]
fn succeed(outcome: Outcome) {
    if let Some(raised) = outcome.raised {
        panic!("the body returned an error: {raised}");
    }
    if !outcome.violations.is_empty() {
        panic!("{}", outcome.violations.join("; "));
    }
}

fn once(
    own: bool,
    failing: Failing,
    body: impl for<'ctx> FnOnce(Context<'ctx>) -> Result<()>,
) -> Outcome {
    host::remember_panic_locations();
    let interpreter = Interpreter::new(own);
    let mock = interpreter.mock();
    if !own {
        prepare(&interpreter);
    }
    mock.failing.set(failing);
    mock.allocations.set(0);
    let mut panicked = None;
    // SAFETY: the context lives until the interpreter is dropped, on this thread.
    let result: c_int = unsafe {
        host::enter_for_int(interpreter.context, |ctx| {
            match catch_unwind(AssertUnwindSafe(|| body(ctx))) {
                Ok(result) => result.map(|()| 0),
                Err(payload) => {
                    panicked = Some(payload);
                    Ok(0)
                }
            }
        })
    };
    let allocations = mock.allocations.get();
    mock.failing.set(Failing::Never);
    if let Some(payload) = panicked {
        // They may be why.
        for violation in mock.recorded() {
            eprintln!("violation: {violation}");
        }
        drop(interpreter);
        resume_unwind(payload);
    }
    let pending = mock.take_pending();
    if (result < 0) != pending.is_some() {
        mock.violation(format!(
            "{result} is returned, with an exception pending: {}",
            pending.is_some()
        ));
    }
    let raised = pending.map(|exception| mock.show_exception(&exception));
    // What waits for its release is released at an entry.
    // SAFETY: as above.
    let _: c_int = unsafe { host::enter_for_int(interpreter.context, |_| Ok(0)) };
    check(mock);
    let violations = mock.recorded();
    Outcome {
        raised,
        violations,
        allocations,
    }
}

/// What a module does at its import in a context without extensions.
fn prepare(interpreter: &Interpreter) {
    // SAFETY: the context lives until the interpreter is dropped, on this thread.
    let _: c_int = unsafe {
        host::enter_for_int(interpreter.context, |ctx| {
            host::module_loads(ctx).map(|()| 0)
        })
    };
}

/// What must not be left at the end.
fn check(mock: &Mock) {
    for leak in mock.leaks() {
        mock.violation(leak);
    }
    if mock.open_builders() > 0 {
        mock.violation("a builder is neither built nor cancelled".to_owned());
    }
    if mock.left.get().is_some() {
        mock.violation("Python is left and not entered again".to_owned());
    }
    if mock.pending.borrow().is_some() {
        mock.violation("an exception is pending at the end".to_owned());
    }
    // SAFETY: the context lives; threads take turns with the registry.
    let registry = unsafe { host::registry_word(mock.context.get()) };
    if let Some(registry) = mock.globals.borrow().get(&registry)
        && let Data::Dict(pairs) = &registry.data
    {
        let kept = pairs.borrow();
        let kept = kept
            .iter()
            // Those below zero stay: see `Cached`.
            .filter(|(key, _)| {
                matches!(
                    &key.data,
                    Data::Int(number) if number.to_i128().is_none_or(|number| number >= 0)
                )
            })
            .count();
        if kept > 0 {
            mock.violation(format!(
                "{kept} objects are kept beyond the call and never released"
            ));
        }
    }
}
