//! The boundary: results, errors and panics, and nothing else gets out.

use crate::{failure, shown};
use hpy::prelude::*;

#[hpy_method]
fn panics_with_text() {
    panic!("with text {}", 1 + 1);
}

#[hpy_method]
fn panics_with_value() {
    std::panic::panic_any(7);
}

#[hpy_method]
fn panics_in_arithmetic(divisor: i32) -> i32 {
    1 / divisor
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("the payload's drop");
    }
}

#[hpy_method]
fn panics_with_a_payload_that_panics() {
    std::panic::panic_any(PanicsWhenDropped);
}

struct PanicsForEver;

impl Drop for PanicsForEver {
    fn drop(&mut self) {
        std::panic::panic_any(PanicsForEver);
    }
}

#[hpy_method]
fn panics_with_payloads_without_end() {
    std::panic::panic_any(PanicsForEver);
}

#[hpy_method]
fn panics_while_holding_handles(list: &Handle<'_, List>) -> Result<()> {
    let (_copy, _items) = (list.dup(), list.iter().collect::<Vec<_>>());
    panic!("the handles are closed");
}

#[test]
fn panics_become_exceptions_with_their_place() {
    hpy_mock::run(|ctx| {
        let text = failure(ctx, hpy_mock::method::<panics_with_text>(ctx).call0());
        let line = text
            .strip_prefix("BaseException: with text 2 (")
            .expect("the message");
        assert!(line.contains("boundary.rs:8:5)"), "{line}");
        assert!(
            failure(ctx, hpy_mock::method::<panics_with_value>(ctx).call0())
                .starts_with("BaseException: Rust code panicked with a value that is no text (")
        );
        let divides = hpy_mock::method::<panics_in_arithmetic>(ctx);
        assert!(
            failure(ctx, divides.call1((0,)))
                .starts_with("BaseException: attempt to divide by zero (")
        );
        assert_eq!(divides.call1((1,))?.extract::<i32>()?, 1);
        Ok(())
    });
}

#[test]
fn a_payload_that_panics_when_dropped_does_not_get_out() {
    hpy_mock::run(|ctx| {
        let panics = hpy_mock::method::<panics_with_a_payload_that_panics>(ctx);
        let text = failure(ctx, panics.call0());
        assert!(
            text.starts_with("BaseException: Rust code panicked with a value"),
            "{text}"
        );
        let panics = hpy_mock::method::<panics_with_payloads_without_end>(ctx);
        assert!(failure(ctx, panics.call0()).starts_with("BaseException: Rust code panicked"));
        // The place is not kept for the next panic.
        let text = failure(ctx, hpy_mock::method::<panics_with_text>(ctx).call0());
        assert!(text.contains("boundary.rs:8:5)"), "{text}");
        Ok(())
    });
}

#[test]
fn a_panic_closes_the_handles_on_its_way() {
    hpy_mock::run(|ctx| {
        let before = hpy_mock::open_handles(ctx);
        let panics = hpy_mock::method::<panics_while_holding_handles>(ctx);
        assert!(panics.call1((ctx.list([1, 2])?,)).is_err());
        drop(panics);
        assert_eq!(hpy_mock::open_handles(ctx), before);
        Ok(())
    });
}

#[hpy_method]
fn error_of_another_type() -> std::result::Result<i32, std::num::ParseIntError> {
    "x".parse()
}

#[hpy_method]
fn calls_back<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function.call0()
}

#[test]
fn any_error_that_converts_may_be_returned() {
    hpy_mock::run(|ctx| {
        assert_eq!(
            failure(ctx, hpy_mock::method::<error_of_another_type>(ctx).call0()),
            "ValueError: invalid digit found in string"
        );
        Ok(())
    });
}

#[test]
fn entries_nest() {
    hpy_mock::run(|ctx| {
        let calls_back = hpy_mock::method::<calls_back>(ctx);
        let panics = hpy_mock::method::<panics_with_text>(ctx);
        assert!(
            failure(ctx, calls_back.call1((&panics,))).starts_with("BaseException: with text 2")
        );
        let inner = hpy_mock::function(ctx, "inner", |ctx, _| {
            let again = hpy_mock::function(ctx, "again", |ctx, _| ctx.handle("deep"));
            hpy_mock::method::<calls_back>(ctx).call1((again,))
        });
        assert_eq!(calls_back.call1((inner,))?.to_string(), "deep");
        let error = calls_back.call1((1,)).expect_err("not callable");
        assert_eq!(shown(ctx, error), "TypeError: 'int' object is not callable");
        Ok(())
    });
}
