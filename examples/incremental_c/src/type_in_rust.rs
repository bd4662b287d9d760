//! The type in Rust, with what is left of it in C.

use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::legacy::{self, LegacySlots, PyObject, PyType_Slot};
use hpy::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

// What slots_old.c has.
unsafe extern "C" {
    static series_slots: PyType_Slot;
    static series_slots_twice: PyType_Slot;
    static series_slots_dealloc: PyType_Slot;
}

// SAFETY: each table ends with slot 0, and its functions get at the data by `series_numbers`.
const SLOTS: LegacySlots = unsafe { LegacySlots::new(&raw const series_slots) };
// SAFETY: as above.
const TWICE: LegacySlots = unsafe { LegacySlots::new(&raw const series_slots_twice) };
// SAFETY: as above.
const DEALLOC: LegacySlots = unsafe { LegacySlots::new(&raw const series_slots_dealloc) };

static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// Numbers in a row.
#[hpy_type(legacy_slots = SLOTS, subclass)]
pub struct Series {
    items: Vec<f64>,
    /// Any object.
    #[hpy(get, set)]
    note: Field,
}

impl Series {
    fn of(items: Vec<f64>) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Series {
            items,
            note: Field::empty(),
        }
    }
}

impl Drop for Series {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[hpy_methods]
impl Series {
    #[new]
    #[hpy(signature = (values, /))]
    fn new(values: &Handle<'_>) -> Result<Self> {
        let items: Result<Vec<f64>> = values.iter()?.map(|item| item?.extract()).collect();
        Ok(Series::of(items?))
    }

    /// One more number.
    fn append(&mut self, number: f64) {
        self.items.push(number);
    }

    /// Calls a function while the numbers are Rust's alone.
    fn while_in_use(&mut self, function: &Handle<'_, Callable>) -> Result<()> {
        function.call0()?;
        Ok(())
    }

    fn __len__(&self) -> usize {
        self.items.len()
    }
}

/// For slots_old.c: the numbers, and how many there are.
///
/// # Safety
/// The object is a `Series`, and `len` may be written to.
#[unsafe(no_mangle)]
unsafe extern "C" fn series_numbers(series: *mut PyObject, len: *mut isize) -> *const f64 {
    // SAFETY: as promised by the caller.
    unsafe {
        match legacy::borrow::<Series>(series) {
            Some(series) => {
                len.write(series.items.len() as isize);
                series.items.as_ptr()
            }
            None => std::ptr::null(),
        }
    }
}

/// The sum of a series.
#[hpy_method]
pub fn total(series: Ref<'_, Series>) -> f64 {
    series.items.iter().sum()
}

/// The mean of a series.
#[hpy_method]
pub fn mean(series: Ref<'_, Series>) -> Result<f64> {
    ensure!(
        !series.items.is_empty(),
        ValueError,
        "an empty series has no mean"
    );
    Ok(series.items.iter().sum::<f64>() / series.items.len() as f64)
}

/// A series whose numbers are this many times as large.
#[hpy_method]
pub fn scaled(series: Ref<'_, Series>, factor: f64) -> Series {
    Series::of(series.items.iter().map(|item| item * factor).collect())
}

/// How many series there are.
#[hpy_method]
pub fn alive() -> usize {
    ALIVE.load(Ordering::Relaxed)
}

/// Has in C what it has in Rust.
#[hpy_type(legacy_slots = TWICE)]
pub struct Twice {}

#[hpy_methods]
impl Twice {
    fn __len__(&self) -> usize {
        0
    }
}

/// Would end its objects in C.
#[hpy_type(legacy_slots = DEALLOC)]
pub struct Dealloc {}

/// Adds one of the two to the module.
#[hpy_method(pass_module)]
pub fn make(module: &Handle<'_, Module>, twice: bool) -> Result<()> {
    match twice {
        true => module.add_type::<Twice>(),
        false => module.add_type::<Dealloc>(),
    }
}
