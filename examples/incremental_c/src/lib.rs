//! An extension in C that becomes one in Rust, one function at a time. Each step is a module here,
//! so that all of them stay tested.

mod type_in_rust;

use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::legacy::{LegacyMethods, PyMethodDef, PyObject};
use hpy::prelude::*;
use std::ffi::c_int;

// What series_old.c has.
unsafe extern "C" {
    static series_all_methods: PyMethodDef;
    static series_without_mean: PyMethodDef;
    static series_without_scaled: PyMethodDef;
    fn series_fill(module: *mut PyObject) -> c_int;
    fn series_items(object: *mut PyObject, items: *mut *const f64, len: *mut isize) -> c_int;
    fn series_from(items: *const f64, len: isize) -> *mut PyObject;
}

/// The module's type is still made in C.
fn fill(module: &Handle<'_, Module>) -> Result<()> {
    // SAFETY: the function takes a module, and returns -1 with an exception.
    let status = module.with_py_object(|module| unsafe { series_fill(module) })?;
    module.ctx().py_status(status)?;
    Ok(())
}

/// The numbers of a series that C made. TypeError if it is none.
fn items<'a>(series: &'a Handle<'_>) -> Result<&'a [f64]> {
    let (mut items, mut len) = (std::ptr::null(), 0);
    // SAFETY: the function takes any object, and returns -1 with an exception.
    let status =
        series.with_py_object(|series| unsafe { series_items(series, &mut items, &mut len) })?;
    series.ctx().py_status(status)?;
    // SAFETY: the memory is unchanged while the object lives. The handle keeps it alive.
    Ok(unsafe { std::slice::from_raw_parts(items, len as usize) })
}

/// The mean of a series.
#[hpy_method]
fn mean(series: &Handle<'_>) -> Result<f64> {
    let items = items(series)?;
    ensure!(!items.is_empty(), ValueError, "an empty series has no mean");
    Ok(items.iter().sum::<f64>() / items.len() as f64)
}

/// A series whose numbers are this many times as large.
#[hpy_method]
fn scaled<'ctx>(series: &Handle<'ctx>, factor: f64) -> Result<Handle<'ctx>> {
    let scaled: Vec<f64> = items(series)?.iter().map(|item| item * factor).collect();
    // SAFETY: the function copies the numbers. It returns a new reference, or null if it raises.
    unsafe {
        series
            .ctx()
            .handle_from_new_py_object(series_from(scaled.as_ptr(), scaled.len() as isize))
    }
}

// SAFETY: each table ends with a null name, and its functions are what their flags say.
const ALL: LegacyMethods = unsafe { LegacyMethods::new(&raw const series_all_methods) };
// SAFETY: as above.
const WITHOUT_MEAN: LegacyMethods = unsafe { LegacyMethods::new(&raw const series_without_mean) };
// SAFETY: as above.
const WITHOUT_SCALED: LegacyMethods =
    unsafe { LegacyMethods::new(&raw const series_without_scaled) };

hpy_module! {
    /// The first step: all is in C still, and Rust makes the module.
    name: series_0,
    legacy_methods: ALL,
    exec: fill,
}

hpy_module! {
    /// The second: one function is in Rust, and takes the objects that C makes.
    name: series_1,
    methods: [mean],
    legacy_methods: WITHOUT_MEAN,
    exec: fill,
}

hpy_module! {
    /// The third: another one makes such objects.
    name: incremental_c,
    methods: [mean, scaled],
    legacy_methods: WITHOUT_SCALED,
    exec: fill,
}

hpy_module! {
    /// The last: the type is in Rust, with slots in C.
    name: series_3,
    types: [type_in_rust::Series],
    methods: [
        type_in_rust::total, type_in_rust::mean, type_in_rust::scaled, type_in_rust::alive,
        type_in_rust::make,
    ],
    gil: used,
}

hpy_module! {
    /// A step forgotten: `mean` is in Rust, and in C's table still.
    name: series_twice,
    methods: [mean],
    legacy_methods: ALL,
}
