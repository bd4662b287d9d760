//! What outlives a call, and leaving Python.

use crate::failure;
use hpy::prelude::*;
use std::sync::Mutex;

#[test]
fn persistent_references() {
    hpy_mock::run(|ctx| {
        let list = ctx.list([1])?;
        let kept = Persistent::new(&list)?;
        assert!(kept.get(ctx)?.is(&list));
        assert!(ctx.handle(&kept)?.is(&list));
        let extracted: Persistent<List> = list.extract()?;
        assert_eq!(extracted.get(ctx)?.len(), 1);
        assert_eq!(
            failure(ctx, list.extract::<Persistent<Dict>>().map(drop)),
            "TypeError: must be dict, not list"
        );
        Ok(())
    });
}

#[test]
fn dropped_on_another_thread_it_is_released_at_the_next_entry() {
    hpy_mock::run(|ctx| {
        let kept = Persistent::new(&ctx.list([1])?)?;
        std::thread::spawn(move || drop(kept))
            .join()
            .expect("the thread ends");
        // The check at the end finds what is still kept.
        Ok(())
    });
}

#[test]
fn dropped_while_python_is_left_it_is_released_later() {
    hpy_mock::run(|ctx| {
        let kept = Persistent::new(&ctx.list([1])?)?;
        ctx.detach(move || drop(kept));
        Ok(())
    });
}

#[test]
fn it_goes_with_closures_and_into_statics() {
    static KEPT: Mutex<Option<Persistent<List>>> = Mutex::new(None);
    let lock = || KEPT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    hpy_mock::run(|ctx| {
        *lock() = Some(Persistent::new(&ctx.list([5])?)?);
        let first = lock().as_ref().map(|kept| kept.get(ctx)).transpose()?;
        assert_eq!(first.map(|list| list.len()), Some(1));
        lock().take();
        Ok(())
    });
}

#[test]
fn in_another_interpreter_it_is_a_runtime_error() {
    let kept: Mutex<Option<Persistent>> = Mutex::new(None);
    let take = || {
        kept.lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .take()
    };
    let violations = hpy_mock::report(|ctx| {
        let new = Persistent::new(ctx.empty_list()?.as_object())?;
        kept.lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .replace(new);
        Ok(())
    });
    assert_eq!(
        violations,
        ["1 objects are kept beyond the call and never released"]
    );
    hpy_mock::run(|ctx| {
        let kept = take().expect("kept before");
        assert_eq!(
            failure(ctx, kept.get(ctx)),
            "RuntimeError: the object was kept by another interpreter"
        );
        Ok(())
    });
}

static DECLARED: Global<List> = Global::new();
static UNDECLARED: Global = Global::new();

hpy_module! {
    name: keeps,
    globals: [DECLARED],
}

unsafe extern "C" {
    safe fn HPyInit_keeps() -> *mut hpy::sys::HPyModuleDef;
}

extern "C" fn keeps() -> *mut hpy::sys::HPyModuleDef {
    HPyInit_keeps()
}

#[test]
fn globals_hold_an_object() {
    hpy_mock::run(|ctx| {
        let _module = hpy_mock::import(ctx, "keeps", keeps)?;
        DECLARED.clear(ctx)?;
        assert!(DECLARED.load(ctx)?.is_none());
        let list = ctx.list([1])?;
        DECLARED.store(&list)?;
        DECLARED.store(&list)?;
        assert!(DECLARED.load(ctx)?.is_some_and(|kept| kept.is(&list)));
        DECLARED.clear(ctx)?;
        assert!(DECLARED.load(ctx)?.is_none());
        assert_eq!(format!("{DECLARED:?}"), "Global");
        Ok(())
    });
}

#[test]
fn a_global_is_each_interpreters_own() {
    for round in 0..3 {
        hpy_mock::run(|ctx| {
            let _module = hpy_mock::import(ctx, "keeps", keeps)?;
            assert!(DECLARED.load(ctx)?.is_none(), "round {round}");
            DECLARED.store(&ctx.list([round])?)?;
            assert!(DECLARED.load(ctx)?.is_some());
            Ok(())
        });
    }
}

#[test]
fn an_undeclared_global_is_a_runtime_error() {
    hpy_mock::run(|ctx| {
        let expected = "RuntimeError: a global is used that no loaded module declares: list it in \
                        hpy_module! under `globals`";
        assert_eq!(
            failure(ctx, UNDECLARED.store(ctx.empty_list()?.as_object())),
            expected
        );
        assert_eq!(failure(ctx, UNDECLARED.load(ctx)), expected);
        assert_eq!(failure(ctx, UNDECLARED.clear(ctx)), expected);
        Ok(())
    });
}

#[test]
fn work_without_python() {
    hpy_mock::run(|ctx| {
        assert_eq!(ctx.detach(|| 6 * 7), 42);
        let (mut names, by) = (vec!["b", "a"], [1, 2, 3]);
        let sum = ctx.detach_with((&mut names, &by[..]), |(names, by)| {
            names.sort_unstable();
            by.iter().sum::<i32>()
        });
        assert_eq!((sum, names), (6, vec!["a", "b"]));
        let text = String::from("one\ntwo");
        assert_eq!(ctx.detach_with(&text, |text| text.lines().count()), 2);
        assert_eq!(ctx.detach_with((&1, &2, &3), |(a, b, c)| a + b + c), 6);
        assert_eq!(
            ctx.detach_with((&1, &2, &3, &4), |(a, b, c, d)| a + b + c + d),
            10
        );
        assert_eq!(ctx.list([1])?.len(), 1);
        Ok(())
    });
}

#[test]
fn a_panic_enters_python_again() {
    hpy_mock::run(|ctx| {
        let panics = hpy_mock::function(ctx, "panics", |ctx, _| {
            ctx.detach(|| panic!("outside of Python"));
            Ok(ctx.none().into_object())
        });
        assert!(failure(ctx, panics.call0()).starts_with("BaseException: outside of Python ("));
        assert_eq!(ctx.list([1])?.len(), 1);
        Ok(())
    });
}

#[test]
fn an_error_may_be_held_on_another_thread() {
    hpy_mock::run(|ctx| {
        let error = ctx.dict()?.get_item("k").expect_err("no such key");
        let error = ctx.detach(move || std::thread::spawn(move || error).join().ok());
        assert_eq!(
            failure::<()>(ctx, error.map_or(Ok(()), Err)),
            "KeyError: 'k'"
        );
        Ok(())
    });
}
