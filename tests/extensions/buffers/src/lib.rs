//! The memory of objects, read and written as each of Rust's numbers.

use hpy::buffer::{Buffer, Element};
use hpy::prelude::*;
use hpy::types::Number;

/// Everything there is to know of a buffer, and its items read in each way there is.
fn read<'ctx, T>(data: Buffer<'ctx, T>) -> Result<Handle<'ctx>>
where
    T: Element + Number + Default + PartialEq + core::fmt::Debug,
{
    let ctx = data.object().ctx();
    let items = data.to_vec()?;
    let mut copied = vec![T::default(); data.len()];
    data.copy_to_slice(&mut copied)?;
    assert!(same(&items, &copied));
    assert_eq!(
        (items.len(), data.is_empty()),
        (data.len(), data.is_empty())
    );
    if let Ok(cells) = data.as_slice() {
        let cells: Vec<T> = cells.iter().map(|cell| cell.get()).collect();
        assert!(same(&items, &cells));
    }
    if let Ok(cells) = data.as_mut_slice() {
        let cells: Vec<T> = cells.iter().map(|cell| cell.get()).collect();
        assert!(same(&items, &cells) && !data.is_readonly());
    }
    if let Some(slice) = data.as_immutable() {
        assert!(same(&items, slice) && data.is_readonly());
    }
    let shape: Vec<usize> = data.shape().to_vec();
    let strides: Vec<isize> = data.strides().to_vec();
    assert_eq!((shape.len(), strides.len()), (data.ndim(), data.ndim()));
    let facts = ctx.dict()?;
    facts.set_item("items", ctx.list_from_slice(&items)?)?;
    facts.set_item("format", data.format())?;
    facts.set_item("itemsize", data.itemsize())?;
    facts.set_item("shape", ctx.tuple_from_slice(&shape)?)?;
    facts.set_item("strides", ctx.tuple_from_slice(&strides)?)?;
    facts.set_item("readonly", data.is_readonly())?;
    facts.set_item("c_contiguous", data.is_c_contiguous())?;
    facts.set_item("f_contiguous", data.is_f_contiguous())?;
    facts.set_item("immutable", data.as_immutable().is_some())?;
    facts.set_item("slice", data.as_slice().is_ok())?;
    facts.set_item("object_c_contiguous", data.is_object_c_contiguous())?;
    facts.set_item("copy", data.is_copy())?;
    Ok(facts.into_object())
}

/// The same bits: NaN is NaN.
fn same<T: PartialEq>(left: &[T], right: &[T]) -> bool {
    #[allow(clippy::eq_op)]
    let same = |(a, b): (&T, &T)| a == b || (a != a && b != b);
    left.len() == right.len() && left.iter().zip(right).all(same)
}

macro_rules! functions {
    ($($type:ident $read:ident $add:ident $replace:ident $get:ident $set:ident)*) => {
        $(
            /// The items and all facts.
            #[hpy_method]
            fn $read<'ctx>(data: Buffer<'ctx, $type>) -> Result<Handle<'ctx>> {
                read(data)
            }

            /// Adds to each item in place.
            #[hpy_method]
            fn $add(data: Buffer<'_, $type>, number: $type) -> Result<()> {
                for item in data.as_mut_slice()? {
                    item.set(item.get() + number);
                }
                data.write_back()
            }

            /// Replaces all items.
            #[hpy_method]
            fn $replace(data: Buffer<'_, $type>, numbers: Vec<$type>) -> Result<()> {
                data.copy_from_slice(&numbers)
            }

            /// The item at the indices.
            #[hpy_method]
            fn $get(data: Buffer<'_, $type>, indices: Vec<usize>) -> Option<$type> {
                data.get(&indices)
            }

            /// Replaces the item at the indices, and lets the drop write it back.
            #[hpy_method]
            fn $set(data: Buffer<'_, $type>, indices: Vec<usize>, number: $type) -> Result<()> {
                data.set(&indices, number)
            }
        )*

        hpy_module! {
            name: buffers,
            methods: [
                $($read, $add, $replace, $get, $set,)* while_open, fill_after, slices, sum_of_three,
                part, bytes_of,
            ],
        }
    };
}

functions! {
    i8 read_i8 add_i8 replace_i8 get_i8 set_i8
    i16 read_i16 add_i16 replace_i16 get_i16 set_i16
    i32 read_i32 add_i32 replace_i32 get_i32 set_i32
    i64 read_i64 add_i64 replace_i64 get_i64 set_i64
    isize read_isize add_isize replace_isize get_isize set_isize
    u8 read_u8 add_u8 replace_u8 get_u8 set_u8
    u16 read_u16 add_u16 replace_u16 get_u16 set_u16
    u32 read_u32 add_u32 replace_u32 get_u32 set_u32
    u64 read_u64 add_u64 replace_u64 get_u64 set_u64
    usize read_usize add_usize replace_usize get_usize set_usize
    f32 read_f32 add_f32 replace_f32 get_f32 set_f32
    f64 read_f64 add_f64 replace_f64 get_f64 set_f64
}

/// What the bytes are after a call, while the buffer is open: Python code may write meanwhile.
#[hpy_method]
fn while_open<'ctx>(data: Buffer<'ctx, u8>, function: &Handle<'ctx>) -> Result<Vec<u8>> {
    let before = data.to_vec()?;
    function.call0()?;
    let after = data.as_slice()?.iter().map(|item| item.get());
    Ok(before.into_iter().chain(after).collect())
}

/// Some of the items, without a copy of all.
#[hpy_method]
fn part(data: Buffer<'_, u16>, first: usize, len: usize) -> Result<Vec<u16>> {
    let mut items = vec![0xffff; len];
    data.copy_part_to_slice(first, &mut items)?;
    Ok(items)
}

/// Bytes that Rust writes, by a detached thread too. It fails at the end if that is asked for.
#[hpy_method]
fn bytes_of(ctx: Context<'_>, len: usize, fails: bool) -> Result<Handle<'_, Bytes>> {
    ctx.bytes_with(len, |memory| {
        assert!(memory.len() == len && memory.iter().all(|byte| *byte == 0));
        ctx.detach_with(&mut *memory, |memory| {
            for (place, byte) in memory.iter_mut().enumerate().skip(1) {
                *byte = place as u8;
            }
        });
        hpy::ensure!(!fails, hpy::exceptions::KeyError, "it fails");
        Ok(())
    })
}

/// Fills the items after a call, in which Python code does what it likes with the object.
#[hpy_method]
fn fill_after<'ctx>(data: Buffer<'ctx, u8>, function: &Handle<'ctx>) -> Result<()> {
    let items = data.as_mut_slice()?;
    function.call0()?;
    for item in items {
        item.set(0xff);
    }
    data.write_back()
}

/// Which of the slices there are: to be read, to be written, immutable.
#[hpy_method]
fn slices<'ctx>(object: &Handle<'ctx>) -> Result<(bool, bool, bool)> {
    let data = object.buffer::<u8>()?;
    Ok((
        data.as_slice().is_ok(),
        data.as_mut_slice().is_ok(),
        data.as_immutable().is_some(),
    ))
}

/// Several buffers of one object at once.
#[hpy_method]
fn sum_of_three<'ctx>(object: &Handle<'ctx>) -> Result<u64> {
    let buffers = [object.buffer::<u8>()?, object.buffer()?, object.buffer()?];
    let items = buffers
        .iter()
        .flat_map(|data| data.as_slice().unwrap_or(&[]));
    Ok(items.map(|item| u64::from(item.get())).sum())
}
