//! Tensors of DLPack, from Python and to it.

use hpy::dlpack::{Tensor, TensorView};
use hpy::prelude::*;
use num_complex::Complex;
use std::sync::{Arc, LazyLock};

macro_rules! reads {
    ($($name:ident: $type:ty, $dimensions:literal;)*) => {$(
        /// Shape, and all items in C's order, by indices and as a vector.
        #[hpy_method]
        fn $name(tensor: TensorView<'_, $type, $dimensions>) -> Result<(Vec<usize>, Vec<$type>)> {
            let items: Vec<_> = tensor.iter().collect();
            assert_eq!(items, tensor.to_vec()?);
            Ok((tensor.shape().to_vec(), items))
        }
    )*};
}

reads! {
    read_f64: f64, 2;
    read_f32: f32, 1;
    read_i64: i64, 1;
    read_i32: i32, 3;
    read_u8: u8, 1;
    read_point: f64, 0;
    read_complex: Complex<f64>, 1;
}

#[hpy_method]
fn is_readonly(tensor: TensorView<'_, f64, 2>) -> bool {
    tensor.is_readonly()
}

#[hpy_method]
fn address(tensor: TensorView<'_, f64, 2>) -> Result<usize> {
    Ok(tensor.as_slice()?.as_ptr().addr())
}

#[hpy_method]
fn set(tensor: TensorView<'_, f64, 2>, row: usize, column: usize, value: f64) -> Result<()> {
    tensor.set([row, column], value)
}

/// Adds to each item, by a slice.
#[hpy_method]
fn add(tensor: TensorView<'_, f64, 2>, value: f64) -> Result<()> {
    for item in tensor.as_mut_slice()? {
        item.set(item.get() + value);
    }
    Ok(())
}

#[hpy_method]
fn rows(tensor: TensorView<'_, f64, 2>) -> Result<Vec<f64>> {
    let sum = |row| Ok(tensor.row(&[row])?.iter().map(|item| item.get()).sum());
    (0..tensor.shape()[0]).map(sum).collect()
}

/// Views a tensor, and fails because of the other argument.
#[hpy_method]
fn fail_after(tensor: TensorView<'_, f64, 2>, other: i32) -> usize {
    tensor.len() + other as usize
}

/// Calls back while the tensor is viewed, and reads it again.
#[hpy_method]
fn call_while_viewed<'ctx>(
    tensor: TensorView<'ctx, f64, 2>,
    function: &Handle<'ctx>,
) -> Result<(f64, f64)> {
    let before = tensor.iter().sum();
    function.call0()?;
    Ok((before, tensor.iter().sum()))
}

#[hpy_method]
fn make(shape: [usize; 2], items: Vec<f64>) -> Result<Tensor> {
    Tensor::from_shape_vec(shape, items)
}

#[hpy_method]
fn make_ints(shape: [usize; 3], items: Vec<i32>) -> Result<Tensor> {
    Tensor::from_shape_vec(shape, items)
}

#[hpy_method]
fn make_point(item: f64) -> Result<Tensor> {
    Tensor::from_shape_vec([], vec![item])
}

static SHARED: LazyLock<Arc<[f64]>> = LazyLock::new(|| (0..6).map(f64::from).collect());

/// Items that many tensors have a share in.
#[hpy_method]
fn shared() -> Result<Tensor> {
    Tensor::from_shared([2, 3], SHARED.clone())
}

#[hpy_method]
fn shares() -> usize {
    Arc::strong_count(&SHARED)
}

hpy_module! {
    name: dlpack_tensors,
    methods: [
        read_f64, read_f32, read_i64, read_i32, read_u8, read_point, read_complex, is_readonly,
        address, set, add, rows, fail_after, call_while_viewed, make, make_ints, make_point,
        shared, shares,
    ],
}
