//! All numbers of a list by a few calls of Python's own functions, or by one of the package `hpy`,
//! where calls from here are slow. If one can't be converted, they are converted one by one then,
//! which tells which it was.

use super::{Items, Number, Packed};
use crate::backend;
use crate::backend::Way;
use crate::types::downcast::exactly;
use crate::types::{Bytes, List, Object, Tuple, TypeObject};
use crate::{Context, Handle, Result};
use hpy_sys::*;

/// Bytes of a number.
pub(super) const SIZE: usize = 8;
/// From so many numbers on.
const LEAST: usize = 16;

/// Numbers as they stand in memory.
pub(super) enum Numbers<'ctx> {
    Bytes(Handle<'ctx, Bytes>),
    Memory(Vec<[u8; SIZE]>),
}

impl Numbers<'_> {
    pub(super) fn as_slice(&self) -> &[[u8; SIZE]] {
        match self {
            Self::Bytes(bytes) => bytes.as_bytes().as_chunks().0,
            Self::Memory(numbers) => numbers,
        }
    }
}

/// The numbers as they stand in memory; None if that is no way for them.
///
/// What an item raises itself is told: a second attempt might run its code again, and not fail.
pub(super) fn read<'ctx, T: Number>(
    items: &Items<'_, 'ctx>,
    len: usize,
) -> Result<Option<Numbers<'ctx>>> {
    if len < LEAST {
        return Ok(None);
    }
    let ctx = items.ctx();
    let way = backend::way_of_numbers(ctx);
    if matches!(way, Way::InLine | Way::OneByOne) {
        return Ok(None);
    }
    // A subclass may iterate in its own way.
    let is_exact = if items.is_list {
        exactly::<List>(items.sequence).is_some()
    } else {
        exactly::<Tuple>(items.sequence).is_some()
    };
    let letter = match way {
        Way::Array => T::Packed::IN_ARRAY,
        _ => T::Packed::IN_STRUCT,
    };
    if !is_exact {
        return Ok(None);
    }
    let read = backend::read_by_package::<T::Packed>(items.sequence, items.is_list, len);
    if let Some(numbers) = read {
        return Ok(Some(Numbers::Memory(numbers)));
    }
    match pack(items.sequence, way, letter, len) {
        Ok(packed) => Ok(Some(Numbers::Bytes(packed))),
        Err(error) if error.is_raised_by_object(ctx) => Err(error),
        Err(_) => Ok(None),
    }
}

#[inline(never)]
fn pack<'ctx>(
    sequence: &Handle<'ctx>,
    way: Way,
    letter: &str,
    len: usize,
) -> Result<Handle<'ctx, Bytes>> {
    let sequence = &sequence.rarely();
    let ctx = sequence.ctx();
    let packed = match way {
        Way::Array => {
            // PyPy's array writes behind its end where the conversion of an item makes the list
            // longer: it gets a list of its own, whose copy costs next to nothing.
            let alone = sequence.get_slice(0, isize::MAX)?;
            ctx.import("array")?
                .call_method1(c"array", (letter, &alone))?
                .call_method0(c"tobytes")?
        }
        _ => {
            let all = Tuple::type_object(ctx)?.call1((sequence,))?;
            let args = ctx.tuple((format(len, letter),))?.add(&all)?;
            let pack = ctx.import("struct")?.getattr(c"pack")?;
            // SAFETY: a callable, a tuple, and null for no keywords; a new handle or null with an
            // exception.
            unsafe {
                let called =
                    HPy_CallTupleDict(ctx.as_ptr(), pack.as_raw(), args.as_raw(), HPy_NULL);
                ctx.made_handle::<Object>(called)?
            }
        }
    };
    packed.downcast_into()
}

#[inline]
fn format(len: usize, letter: &str) -> String {
    crate::error::joined(&[&len.to_string(), letter])
}

/// Gives each number to `put`; whether all were of the type, and were taken.
pub(super) fn unpack<T: Number>(
    numbers: &Numbers<'_>,
    mut put: impl FnMut(T) -> Option<()>,
) -> bool {
    numbers.as_slice().iter().all(|number| {
        T::unpacked(T::Packed::of_bytes(*number))
            .and_then(&mut put)
            .is_some()
    })
}

/// A list of the numbers.
pub(super) fn write<'ctx, T: Number>(
    ctx: Context<'ctx>,
    values: &[T],
) -> Option<Handle<'ctx, List>> {
    if values.len() < LEAST {
        return None;
    }
    let way = backend::way_of_numbers(ctx);
    let letter = match way {
        Way::InLine | Way::OneByOne => return None,
        Way::Array => T::Packed::IN_ARRAY,
        Way::Struct => T::Packed::IN_STRUCT,
    };
    let mut numbers = Vec::new();
    numbers.try_reserve_exact(values.len()).ok()?;
    for value in values {
        numbers.push(value.packed()?.to_bytes());
    }
    match backend::list_by_package::<T::Packed>(ctx, &numbers) {
        Some(list) => list.ok(),
        None => unpacked(ctx, way, letter, numbers.as_flattened()).ok(),
    }
}

#[inline(never)]
fn unpacked<'ctx>(
    ctx: Context<'ctx>,
    way: Way,
    letter: &str,
    bytes: &[u8],
) -> Result<Handle<'ctx, List>> {
    let ctx = ctx.rarely();
    let packed = ctx.bytes(bytes)?;
    let numbers = match way {
        Way::Array => ctx
            .import("array")?
            .call_method1(c"array", (letter, &packed))?,
        _ => {
            let format = format(bytes.len() / SIZE, letter);
            ctx.import("struct")?
                .call_method1(c"unpack", (format, &packed))?
        }
    };
    List::type_object(ctx)?.call1((numbers,))?.downcast_into()
}
