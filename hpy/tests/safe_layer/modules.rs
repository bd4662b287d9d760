//! Modules that `hpy_module!` makes, imported as an interpreter imports them.

use crate::failure;
use hpy::exceptions::ImportError;
use hpy::prelude::*;
use hpy::sys::HPyModuleDef;
use std::sync::atomic::{AtomicBool, Ordering};

/// Doubles.
#[hpy_method]
fn double(number: i64) -> i64 {
    number * 2
}

#[hpy_method(name = "other_name")]
fn renamed() -> &'static str {
    "renamed"
}

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    module.add("filled", module.ctx().list(["by", "exec"])?)
}

hpy_module! {
    /// Sample.
    name: sample,
    methods: [double, renamed],
    constants: { ANSWER: 42, "weird-name": "text" },
    exec: fill,
}

static PANICS: AtomicBool = AtomicBool::new(false);

fn fails(_: &Handle<'_, Module>) -> Result<()> {
    if PANICS.load(Ordering::Relaxed) {
        panic!("at import");
    }
    Err(ImportError::new("not today"))
}

hpy_module! {
    name: failing,
    exec: fails,
}

unsafe extern "C" {
    safe fn HPyInit_sample() -> *mut HPyModuleDef;
    safe fn HPyInit_failing() -> *mut HPyModuleDef;
    safe fn get_required_hpy_major_version_sample() -> u32;
    safe fn get_required_hpy_minor_version_sample() -> u32;
}

extern "C" fn sample() -> *mut HPyModuleDef {
    HPyInit_sample()
}

extern "C" fn failing() -> *mut HPyModuleDef {
    HPyInit_failing()
}

#[test]
fn methods_constants_and_exec() {
    hpy_mock::run(|ctx| {
        let module = hpy_mock::import(ctx, "sample", sample)?;
        assert_eq!(module.call_method1("double", (21,))?.extract::<i64>()?, 42);
        assert_eq!(module.call_method0("other_name")?.to_string(), "renamed");
        assert_eq!(module.getattr("ANSWER")?.extract::<i64>()?, 42);
        assert_eq!(module.getattr("weird-name")?.to_string(), "text");
        assert_eq!(module.getattr("filled")?.to_string(), "['by', 'exec']");
        assert!(ctx.import("sample")?.is(&module));
        assert_eq!(
            get_required_hpy_major_version_sample(),
            hpy::sys::HPY_ABI_VERSION
        );
        assert_eq!(
            get_required_hpy_minor_version_sample(),
            hpy::sys::HPY_ABI_VERSION_MINOR
        );
        Ok(())
    });
}

#[test]
fn an_import_may_fail_or_panic() {
    hpy_mock::run(|ctx| {
        assert_eq!(
            failure(ctx, hpy_mock::import(ctx, "failing", failing)),
            "ImportError: not today"
        );
        PANICS.store(true, Ordering::Relaxed);
        assert!(
            failure(ctx, hpy_mock::import(ctx, "failing", failing))
                .starts_with("BaseException: at import (")
        );
        Ok(())
    });
}
