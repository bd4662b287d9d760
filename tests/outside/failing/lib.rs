//! Tests that fail on purpose: what they print is compared.

use hpy::embed::TestResult;
use hpy::prelude::*;

#[hpy_method]
fn half(number: i64) -> Result<i64> {
    assert!(number % 2 == 0, "{number} is odd");
    Ok(number / 2)
}

hpy_module! {
    name: failing,
    methods: [half],
}

/// An error of Python: its traceback, and the line of the `?`.
#[hpy::test]
fn traceback(ctx: Context<'_>) -> TestResult {
    println!("printed by Rust");
    let code = "print('printed by Python')\ndef ratio(a, b):\n    return a / b\nratio(1, 0)";
    ctx.run(code, None, None)?;
    Ok(())
}

/// An assertion of Rust, as in any test.
#[hpy::test]
fn assertion(ctx: Context<'_>) -> TestResult {
    let answer: i64 = ctx.eval("6 * 7", None, None)?.extract()?;
    assert_eq!(answer, 43, "the answer");
    Ok(())
}

/// A panic in a function that Python calls.
#[hpy::test]
fn panic_behind_python(ctx: Context<'_>) -> TestResult {
    let failing = ctx.import("failing")?;
    failing.call_method1("half", (3,))?;
    Ok(())
}

/// Any error that hpy converts, without the line.
#[hpy::test]
fn other_result(ctx: Context<'_>) -> Result<()> {
    ctx.import("failing")?.getattr("nothing").map(drop)
}

/// A handle that is not closed.
#[hpy::test]
fn leak(ctx: Context<'_>) -> TestResult {
    std::mem::forget(ctx.empty_list()?);
    Ok(())
}

/// One of the next two would fail, if they shared a `__main__`.
#[hpy::test]
fn new_main_once(ctx: Context<'_>) -> TestResult {
    is_new(ctx)
}

#[hpy::test]
fn new_main_twice(ctx: Context<'_>) -> TestResult {
    is_new(ctx)
}

fn is_new(ctx: Context<'_>) -> TestResult {
    let main = ctx.import("__main__")?;
    assert!(!main.hasattr("seen")?);
    main.setattr("seen", true)?;
    Ok(())
}

#[hpy::test]
#[should_panic(expected = "ZeroDivisionError")]
fn expected_panic(ctx: Context<'_>) {
    ctx.eval("1 / 0", None, None).unwrap();
}

#[hpy::test]
#[ignore = "never run"]
fn ignored(_ctx: Context<'_>) {
    unreachable!();
}

/// Ctrl-C stays the program's, whatever Python imports.
#[hpy::test]
fn signals_are_left_alone(ctx: Context<'_>) -> TestResult {
    let code = "
import asyncio, os, signal, threading
asyncio.run(asyncio.sleep(0))
if os.path.exists('/proc/self/status'):
    with open('/proc/self/status') as status:
        caught = [line.split()[1] for line in status if line.startswith('SigCgt')]
    assert not int(caught[0], 16) >> (signal.SIGINT - 1) & 1, caught
assert threading.main_thread().is_alive()
";
    ctx.run(code, None, None)?;
    Ok(())
}

/// A thread of Rust's, while the test waits outside Python.
#[hpy::test(parallel)]
fn threads_attach(ctx: Context<'_>) -> TestResult {
    let lengths = ctx.detach(|| {
        let threads: Vec<_> = (0..8)
            .map(|number| {
                std::thread::spawn(move || {
                    hpy::attach(|ctx| ctx.list(0..number)?.length()).and_then(|length| length)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect::<Result<Vec<usize>>>()
    })?;
    assert_eq!(lengths, [0, 1, 2, 3, 4, 5, 6, 7]);
    Ok(())
}
