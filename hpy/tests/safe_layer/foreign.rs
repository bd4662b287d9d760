//! On contexts without this project's extensions, exceptions are taken by way of
//! `sys.unraisablehook`.

use crate::{failure, shown};
use hpy::exceptions::{KeyError, LookupError, ValueError};

#[test]
fn exceptions_are_taken_by_the_hook() {
    hpy_mock::foreign(|ctx| {
        let sys = ctx.import("sys")?;
        let hook = sys.getattr("unraisablehook")?;
        let dict = ctx.dict()?;
        assert_eq!(failure(ctx, dict.get_item("k")), "KeyError: 'k'");
        assert!(dict.get("k")?.is_none());
        let error = dict.get_item((1, 2)).expect_err("no such key");
        assert!(error.is_instance_of::<LookupError>(ctx));
        assert!(error.value(ctx)?.getattr("args")?.eq(((1, 2),))?);
        assert!(
            sys.getattr("unraisablehook")?.is(&hook),
            "the hook is put back"
        );
        assert_eq!(
            hpy_mock::unraisable(ctx),
            0,
            "nothing is reported to the one before"
        );
        Ok(())
    });
}

#[test]
fn without_a_hook_the_type_is_known() {
    hpy_mock::foreign(|ctx| {
        ctx.import("sys")?.delattr("unraisablehook")?;
        let error = ctx.dict()?.get_item("k").expect_err("no such key");
        assert!(error.is_instance_of::<KeyError>(ctx));
        assert!(shown(ctx, error).starts_with("KeyError"));
        Ok(())
    });
}

#[test]
fn causes_and_methods() {
    hpy_mock::foreign(|ctx| {
        let fails = hpy_mock::function(ctx, "fails", |_, _| {
            Err(ValueError::new("outer").with_cause(KeyError::new("inner")))
        });
        let error = fails.call0().expect_err("it fails");
        assert_eq!(
            error.cause(ctx).map(|cause| shown(ctx, cause)).as_deref(),
            Some("KeyError: 'inner'")
        );
        assert_eq!(shown(ctx, error), "ValueError: outer");
        Ok(())
    });
}
