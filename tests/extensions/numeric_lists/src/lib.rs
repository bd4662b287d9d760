//! Lists and tuples of numbers, read into slices and vectors and written from them: a set of
//! functions per Rust type.

use hpy::prelude::*;
use hpy::types::Number;

fn to_vec<'ctx, T: Number>(numbers: &Handle<'ctx>) -> Result<Vec<T>> {
    match numbers.downcast::<List>() {
        Ok(list) => list.to_vec(),
        Err(_) => numbers.downcast::<Tuple>()?.to_vec(),
    }
}

fn to_slice<'ctx, T: Number + Default>(numbers: &Handle<'ctx>, size: usize) -> Result<Vec<T>> {
    let mut values = vec![T::default(); size];
    match numbers.downcast::<List>() {
        Ok(list) => list.copy_to_slice(&mut values)?,
        Err(_) => numbers.downcast::<Tuple>()?.copy_to_slice(&mut values)?,
    }
    Ok(values)
}

macro_rules! functions {
    ($(
        $type:ident $to_vec:ident $to_slice:ident $list:ident $tuple:ident $extend:ident
        $replace:ident
    )*) => {
        $(
            /// Through a vector and out again.
            #[hpy_method]
            fn $to_vec<'ctx>(numbers: &Handle<'ctx>) -> Result<Handle<'ctx, Tuple>> {
                numbers.ctx().tuple_from_slice(&to_vec::<$type>(numbers)?)
            }

            /// Through a slice of `size` numbers and out again.
            #[hpy_method]
            fn $to_slice<'ctx>(numbers: &Handle<'ctx>, size: usize) -> Result<Handle<'ctx, List>> {
                numbers.ctx().list_from_slice(&to_slice::<$type>(numbers, size)?)
            }

            /// As a parameter's type, and as a result's.
            #[hpy_method]
            fn $list(numbers: Vec<$type>) -> Vec<$type> {
                numbers
            }

            /// As a result's type, by reference; of `u8` a list too.
            #[hpy_method]
            fn $tuple<'ctx>(ctx: Context<'ctx>, numbers: Vec<$type>) -> Result<Handle<'ctx>> {
                ctx.handle(numbers.as_slice())
            }

            /// Appends numbers to a list.
            #[hpy_method]
            fn $extend<'ctx>(list: &Handle<'ctx, List>, numbers: Vec<$type>) -> Result<()> {
                list.extend_from_slice(&numbers)
            }

            /// Replaces a list's items.
            #[hpy_method]
            fn $replace<'ctx>(list: &Handle<'ctx, List>, numbers: Vec<$type>) -> Result<()> {
                list.copy_from_slice(&numbers)
            }
        )*

        hpy_module! {
            name: numeric_lists,
            methods: [
                $($to_vec, $to_slice, $list, $tuple, $extend, $replace,)*
                sum_one_by_one, sum_at_once, squares_one_by_one, squares_at_once,
            ],
        }
    };
}

functions! {
    i8 vec_i8 slice_i8 list_i8 reference_i8 extend_i8 replace_i8
    i16 vec_i16 slice_i16 list_i16 reference_i16 extend_i16 replace_i16
    i32 vec_i32 slice_i32 list_i32 reference_i32 extend_i32 replace_i32
    i64 vec_i64 slice_i64 list_i64 reference_i64 extend_i64 replace_i64
    isize vec_isize slice_isize list_isize reference_isize extend_isize replace_isize
    u8 vec_u8 slice_u8 list_u8 reference_u8 extend_u8 replace_u8
    u16 vec_u16 slice_u16 list_u16 reference_u16 extend_u16 replace_u16
    u32 vec_u32 slice_u32 list_u32 reference_u32 extend_u32 replace_u32
    u64 vec_u64 slice_u64 list_u64 reference_u64 extend_u64 replace_u64
    usize vec_usize slice_usize list_usize reference_usize extend_usize replace_usize
    f32 vec_f32 slice_f32 list_f32 reference_f32 extend_f32 replace_f32
    f64 vec_f64 slice_f64 list_f64 reference_f64 extend_f64 replace_f64
}

/// For comparison: what every interpreter can do.
#[hpy_method]
fn sum_one_by_one(numbers: &Handle<'_, List>) -> Result<f64> {
    let mut sum = 0.0;
    for number in numbers.iter() {
        sum += number.extract::<f64>()?;
    }
    Ok(sum)
}

/// The quickest way.
#[hpy_method]
fn sum_at_once(numbers: &Handle<'_, List>) -> Result<f64> {
    Ok(numbers.to_vec::<f64>()?.iter().sum())
}

/// For comparison, likewise.
#[hpy_method]
fn squares_one_by_one<'ctx>(ctx: Context<'ctx>, count: u32) -> Result<Handle<'ctx, List>> {
    let list = ctx.empty_list()?;
    for number in 0..u64::from(count) {
        list.append(number * number)?;
    }
    Ok(list)
}

/// The quickest way.
#[hpy_method]
fn squares_at_once<'ctx>(ctx: Context<'ctx>, count: u32) -> Result<Handle<'ctx, List>> {
    let squares: Vec<u64> = (0..u64::from(count))
        .map(|number| number * number)
        .collect();
    ctx.list_from_slice(&squares)
}
