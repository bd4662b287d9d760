//! numpy's arrays.

use hpy::numpy::{ArrayView, Datetime64, Float16, NdArray, Timedelta64};
use hpy::prelude::*;
use ndarray::{Array1, Array2, ArrayD, s};
use num_complex::Complex;

macro_rules! reads {
    ($($name:ident: $type:ty, $dimensions:literal;)*) => {$(
        /// Shape, and all items in C's order, by indices and as a vector.
        #[hpy_method]
        pub fn $name(array: ArrayView<'_, $type, $dimensions>) -> Result<(Vec<usize>, Vec<$type>)> {
            let items: Vec<_> = array.iter().collect();
            assert_eq!(items, array.to_vec()?);
            Ok((array.shape().to_vec(), items))
        }
    )*};
}

reads! {
    read_f64: f64, 2;
    read_i64: i64, 1;
    read_u8: u8, 1;
    read_i32: i32, 3;
    read_complex: Complex<f64>, 1;
}

#[hpy_method]
pub fn read_half(array: ArrayView<'_, Float16, 1>) -> Vec<f32> {
    array.iter().map(Float16::to_f32).collect()
}

#[hpy_method]
pub fn read_times(array: ArrayView<'_, Datetime64, 1>) -> Result<(String, Vec<Option<i64>>)> {
    let number = |time: Datetime64| (time != Datetime64::NAT).then_some(time.0);
    Ok((array.unit()?, array.iter().map(number).collect()))
}

#[hpy_method]
pub fn read_deltas(array: ArrayView<'_, Timedelta64, 1>) -> Result<(String, Vec<i64>)> {
    for index in 0..array.len() {
        let Timedelta64(delta) = array.at([index])?;
        array.set([index], Timedelta64(delta + 1))?;
    }
    array.write_back()?;
    Ok((array.unit()?, array.iter().map(|delta| delta.0).collect()))
}

#[hpy_method]
pub fn at(array: ArrayView<'_, f64, 2>, row: usize, column: usize) -> Result<f64> {
    array.at([row, column])
}

#[hpy_method]
pub fn set(array: ArrayView<'_, f64, 2>, row: usize, column: usize, value: f64) -> Result<()> {
    array.set([row, column], value)?;
    array.write_back()
}

/// The sum of each row, by slices.
#[hpy_method]
pub fn rows(array: ArrayView<'_, f64, 2>) -> Result<Vec<f64>> {
    let sum = |row| Ok(array.row(&[row])?.iter().map(|item| item.get()).sum());
    (0..array.shape()[0]).map(sum).collect()
}

#[hpy_method]
pub fn scale_row(array: ArrayView<'_, f64, 2>, row: usize, factor: f64) -> Result<()> {
    for item in array.row_mut(&[row])? {
        item.set(item.get() * factor);
    }
    array.write_back()
}

#[hpy_method]
pub fn plain_sum(array: ArrayView<'_, f64, 1>) -> Result<f64> {
    // SAFETY: nobody runs while the slice is read: the tests call this from one thread.
    Ok(unsafe { array.as_plain_slice()? }.iter().sum())
}

/// Calls back while the array is viewed, and reads it again.
#[hpy_method]
pub fn call_while_viewed<'ctx>(
    array: &Handle<'ctx>,
    function: &Handle<'ctx>,
) -> Result<(f64, Handle<'ctx>, f64)> {
    let view = ArrayView::<f64, 1>::of(array)?;
    let before = view.iter().sum();
    let answer = function.call0()?;
    Ok((before, answer, view.iter().sum()))
}

/// Reads an array again and again, while other threads run if Python has no GIL.
#[hpy_method]
pub fn sum_while_others_run(array: ArrayView<'_, i64, 1>, rounds: usize) -> Vec<i64> {
    (0..rounds)
        .map(|_| array.iter().fold(0, i64::wrapping_add))
        .collect()
}

#[hpy_method]
pub fn make<'ctx>(ctx: Context<'ctx>, items: Vec<f64>) -> Result<Handle<'ctx, NdArray>> {
    NdArray::from_vec(ctx, items)
}

#[hpy_method]
pub fn make_table<'ctx>(
    ctx: Context<'ctx>,
    shape: [usize; 2],
    items: Vec<i32>,
) -> Result<Handle<'ctx, NdArray>> {
    NdArray::from_shape_vec(ctx, shape, items)
}

/// An array of bytes, and where the vector had them.
#[hpy_method]
pub fn make_large<'ctx>(ctx: Context<'ctx>, len: usize) -> Result<(Handle<'ctx, NdArray>, usize)> {
    let items = vec![7u8; len];
    let address = items.as_ptr().addr();
    Ok((NdArray::from_vec(ctx, items)?, address))
}

#[hpy_method]
pub fn echo_f64(array: Array1<f64>) -> Array1<f64> {
    array
}

#[hpy_method]
pub fn echo_matrix(array: Array2<i64>) -> Array2<i64> {
    array
}

#[hpy_method]
pub fn echo_any(array: ArrayD<f32>) -> ArrayD<f32> {
    array
}

/// Transposed, which keeps the memory.
#[hpy_method]
pub fn as_matrix(array: ArrayView<'_, f64, 2>) -> Result<Array2<f64>> {
    Ok(array.to_ndarray()?.reversed_axes())
}

/// Sums over ndarray's view: of all, and of the second row.
#[hpy_method]
pub fn view_sum(array: ArrayView<'_, f64, 2>) -> Result<(f64, Option<f64>)> {
    // SAFETY: nobody runs while it is read: the tests call this from one thread.
    let view = unsafe { array.as_ndarray()? };
    let second = view.outer_iter().nth(1);
    let weighted = |(index, item): (usize, &f64)| index as f64 * item;
    let second = second.map(|row| row.iter().enumerate().map(weighted).sum());
    Ok((view.sum(), second))
}

/// Every second column of a matrix.
#[hpy_method]
pub fn strided_matrix() -> Array2<i64> {
    let matrix = Array2::from_shape_fn((3, 4), |(row, column)| (10 * row + column) as i64);
    matrix.slice_move(s![.., ..;2])
}

/// Two rows in the middle.
#[hpy_method]
pub fn sliced_matrix() -> Array2<i64> {
    let matrix = Array2::from_shape_fn((4, 2), |(row, column)| (10 * row + column) as i64);
    matrix.slice_move(s![1..3, ..])
}

/// Writes by one view what another one reads.
#[hpy_method]
pub fn keep_two_views<'ctx>(array: &Handle<'ctx>) -> Result<(bool, f64)> {
    let (first, second) = (
        ArrayView::<f64, 1>::of(array)?,
        ArrayView::<f64, 1>::of(array)?,
    );
    first.set([0], 42.0)?;
    Ok((first.is_copy(), second.at([0])?))
}
