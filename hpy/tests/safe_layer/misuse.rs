//! The mock itself: what must not be done is found.

use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::sys::*;

#[track_caller]
fn found(wanted: &str, body: impl for<'ctx> FnOnce(Context<'ctx>) -> Result<()>) {
    let violations = hpy_mock::report(body);
    assert!(
        violations
            .iter()
            .any(|violation| violation.contains(wanted)),
        "{wanted:?} is not among {violations:?}"
    );
}

#[test]
fn a_leak_is_found() {
    found(
        "a handle from ctx_List_New to a list is never closed",
        |ctx| {
            core::mem::forget(ctx.empty_list()?);
            Ok(())
        },
    );
}

#[test]
fn a_double_close_is_found() {
    found("is closed after it was closed", |ctx| {
        let raw = ctx.empty_list()?.into_raw();
        // SAFETY: none: the second close is what is tested.
        unsafe {
            HPy_Close(ctx.as_ptr(), raw);
            HPy_Close(ctx.as_ptr(), raw);
        }
        Ok(())
    });
}

#[test]
fn a_use_after_close_is_found() {
    found("is used after it was closed", |ctx| {
        let raw = ctx.empty_list()?.into_raw();
        // SAFETY: none: the use after the close is what is tested.
        unsafe {
            HPy_Close(ctx.as_ptr(), raw);
            assert_eq!(HPy_Length(ctx.as_ptr(), raw), -1);
            HPyErr_Clear(ctx.as_ptr());
        }
        Ok(())
    });
}

#[test]
fn closing_a_constant_is_found() {
    // SAFETY: none: closing a constant is what is tested.
    found("the constant h_None is closed", |ctx| unsafe {
        HPy_Close(ctx.as_ptr(), h_None(ctx.as_ptr()));
        Ok(())
    });
}

#[hpy_method]
fn closes_its_argument(object: &Handle<'_>) {
    // SAFETY: none: closing an argument is what is tested.
    unsafe { HPy_Close(object.ctx().as_ptr(), object.as_raw()) }
}

#[hpy_method]
fn returns_its_argument<'ctx>(ctx: Context<'ctx>, object: &Handle<'_>) -> Result<Handle<'ctx>> {
    // SAFETY: none: giving away an argument is what is tested.
    unsafe { ctx.handle_from_raw(object.as_raw()) }
}

#[test]
fn closing_an_argument_is_found() {
    found("belongs to the caller", |ctx| {
        hpy_mock::method::<closes_its_argument>(ctx)
            .call1((1,))
            .map(drop)
    });
}

#[test]
fn giving_away_an_argument_is_found() {
    found("returns a handle that is not its own", |ctx| {
        hpy_mock::method::<returns_its_argument>(ctx)
            .call1((1,))
            .map(drop)
    });
}

#[test]
fn a_call_with_an_exception_pending_is_found() {
    found(
        "ctx_Dict_New is called while an exception is pending",
        |ctx| {
            // SAFETY: the exception is left pending on purpose.
            unsafe { HPyErr_NoMemory(ctx.as_ptr()) };
            drop(ctx.dict()?);
            // SAFETY: as above.
            unsafe { HPyErr_Clear(ctx.as_ptr()) };
            Ok(())
        },
    );
}

#[test]
fn an_exception_left_pending_is_found() {
    found("0 is returned, with an exception pending: true", |ctx| {
        // SAFETY: the exception is left pending on purpose.
        unsafe { HPyErr_NoMemory(ctx.as_ptr()) };
        Ok(())
    });
}

#[test]
fn a_call_while_python_is_left_is_found() {
    found("ctx_Dict_New is called while Python is left", |ctx| {
        // SAFETY: none: the call between the two is what is tested.
        unsafe {
            let state = HPy_LeavePythonExecution(ctx.as_ptr());
            assert!(HPyDict_New(ctx.as_ptr()).is_null());
            HPy_ReenterPythonExecution(ctx.as_ptr(), state);
        }
        Ok(())
    });
}

#[test]
fn a_call_from_another_thread_is_found() {
    struct Sent(*mut HPyContext);
    // SAFETY: none: the use on another thread is what is tested, and this one waits for it.
    unsafe impl Send for Sent {}
    found("ctx_Dict_New is called on another thread", |ctx| {
        let sent = Sent(ctx.as_ptr());
        let call = move || {
            let sent = sent;
            // SAFETY: none, as above.
            assert!(unsafe { HPyDict_New(sent.0) }.is_null());
        };
        std::thread::scope(|scope| scope.spawn(call).join()).expect("the call returns");
        Ok(())
    });
}

#[test]
fn a_function_that_is_missing_is_found() {
    found("ctx_Dump is not implemented in the mock", |ctx| {
        // SAFETY: the handle is a constant.
        unsafe { _HPy_Dump(ctx.as_ptr(), h_None(ctx.as_ptr())) };
        // SAFETY: the context is valid.
        unsafe { HPyErr_Clear(ctx.as_ptr()) };
        Ok(())
    });
}

#[test]
fn what_is_kept_and_never_released_is_found() {
    found("1 objects are kept beyond the call", |ctx| {
        core::mem::forget(Persistent::new(&ctx.empty_list()?)?);
        Ok(())
    });
}

#[test]
fn every_handle_has_a_value_of_its_own() {
    hpy_mock::run(|ctx| {
        let list = ctx.empty_list()?;
        let seen: std::collections::HashSet<isize> =
            (0..1000).map(|_| list.dup().as_raw()._i).collect();
        assert_eq!(seen.len(), 1000);
        assert_eq!(hpy_mock::open_handles(ctx), 1);
        Ok(())
    });
}

#[test]
#[should_panic(expected = "the body returned an error: ValueError: no")]
fn an_error_fails_the_test() {
    hpy_mock::run(|_| Err(ValueError::new("no")));
}

#[test]
#[should_panic(expected = "a failed assertion")]
fn a_panic_fails_the_test() {
    hpy_mock::run(|_| panic!("a failed assertion"));
}
