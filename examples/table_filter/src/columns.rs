//! Columns of texts and numbers, in the layouts that libraries give them.

use hpy::arrow::arrow_array::cast::AsArray;
use hpy::arrow::arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type, UInt64Type};
use hpy::arrow::arrow_array::{
    Array, ArrayRef, Float64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray,
};
use hpy::exceptions::{KeyError, TypeError};
use hpy::prelude::*;
use std::sync::Arc;

/// The column of that name.
pub fn named<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    let column = batch.column_by_name(name);
    column.ok_or_else(|| KeyError::new(format!("the table has no column '{name}'")))
}

/// A column of texts: polars has views, pyarrow the others.
pub enum Texts<'a> {
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
}

impl<'a> Texts<'a> {
    pub fn of(column: &'a ArrayRef) -> Result<Self> {
        let small = column.as_string_opt::<i32>().map(Self::Small);
        let large = || column.as_string_opt::<i64>().map(Self::Large);
        let view = || column.as_string_view_opt().map(Self::View);
        small.or_else(large).or_else(view).ok_or_else(|| {
            TypeError::new(format!(
                "a column of texts is needed, not of {}",
                column.data_type()
            ))
        })
    }

    pub fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Small(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Self::Large(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Self::View(texts) => texts.is_valid(row).then(|| texts.value(row)),
        }
    }
}

/// A column of numbers. Those that are no floats are copied.
pub enum Numbers<'a> {
    Floats(&'a Float64Array),
    Converted(Float64Array),
}

impl<'a> Numbers<'a> {
    pub fn of(column: &'a ArrayRef) -> Result<Self> {
        if let Some(floats) = column.as_primitive_opt::<Float64Type>() {
            return Ok(Self::Floats(floats));
        }
        macro_rules! converted {
            ($($type:ty)*) => {$(
                if let Some(numbers) = column.as_primitive_opt::<$type>() {
                    return Ok(Self::Converted(numbers.unary(|number| number as f64)));
                }
            )*};
        }
        converted! { Int64Type Int32Type UInt64Type Float32Type }
        Err(TypeError::new(format!(
            "a column of numbers is needed, not of {}",
            column.data_type()
        )))
    }

    pub fn get(&self, row: usize) -> Option<f64> {
        let numbers = match self {
            Self::Floats(numbers) => numbers,
            Self::Converted(numbers) => numbers,
        };
        numbers.is_valid(row).then(|| numbers.value(row))
    }
}

/// A column of a list of texts or numbers, and None.
pub fn from_list(values: &Handle<'_>) -> Result<ArrayRef> {
    if let Ok(numbers) = values.extract::<Vec<Option<f64>>>() {
        return Ok(Arc::new(Float64Array::from(numbers)));
    }
    let texts = values.extract::<Vec<Option<String>>>()?;
    Ok(Arc::new(StringArray::from(texts)))
}

/// Appends all items of the column to the list.
pub fn append_to(list: &Handle<'_, List>, column: &ArrayRef) -> Result<()> {
    if let Ok(texts) = Texts::of(column) {
        return (0..column.len()).try_for_each(|row| list.append(texts.get(row)));
    }
    let numbers = Numbers::of(column)?;
    (0..column.len()).try_for_each(|row| list.append(numbers.get(row)))
}
