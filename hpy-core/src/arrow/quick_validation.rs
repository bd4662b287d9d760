//! Arrays that are seen to be valid in less time than `ArrayData::validate_full` takes.
//!
//! Numbers can be wrong in nothing but the size of their memory. Texts of ASCII alone are UTF-8
//! wherever they are cut. All else is left to `validate_full`.

use arrow_data::ArrayData;
use arrow_schema::DataType;

/// `true` only if `validate_full` would find no error. `false` is inconclusive.
///
/// It relies on nothing but the fields of the `ArrayData`, as `validate_full` does.
pub(super) fn passes_quickly(data: &ArrayData) -> bool {
    let Some(end) = data.len().checked_add(data.offset()) else {
        return false;
    };
    nulls_are_counted(data)
        && match data.data_type() {
            DataType::Struct(_) => has_valid_fields(data, end),
            _ if !data.child_data().is_empty() => false,
            DataType::Boolean => has_memory(data, Some(end.div_ceil(8)), 1),
            DataType::Binary => offsets_of::<4>(data, end).is_some(),
            DataType::LargeBinary => offsets_of::<8>(data, end).is_some(),
            DataType::Utf8 => offsets_of::<4>(data, end).is_some_and(<[u8]>::is_ascii),
            DataType::LargeUtf8 => offsets_of::<8>(data, end).is_some_and(<[u8]>::is_ascii),
            other => other
                .primitive_width()
                .is_some_and(|width| has_memory(data, end.checked_mul(width), width)),
        }
}

fn nulls_are_counted(data: &ArrayData) -> bool {
    data.nulls().is_none_or(|nulls| {
        let valid = nulls.inner().count_set_bits();
        nulls.len() == data.len() && nulls.len().checked_sub(valid) == Some(nulls.null_count())
    })
}

/// Whether the only buffer has so many bytes, which are aligned for items of that width. No type is
/// aligned to more than 16 bytes.
fn has_memory(data: &ArrayData, bytes: Option<usize>, width: usize) -> bool {
    let [buffer] = data.buffers() else {
        return false;
    };
    bytes.is_some_and(|bytes| buffer.len() >= bytes) && is_aligned(buffer, width.min(16))
}

fn is_aligned(buffer: &[u8], alignment: usize) -> bool {
    buffer.as_ptr().addr().is_multiple_of(alignment)
}

/// Whether the fields are as long as the struct, of their types, and have nulls only if they may.
fn has_valid_fields(data: &ArrayData, end: usize) -> bool {
    let DataType::Struct(fields) = data.data_type() else {
        return false;
    };
    data.buffers().is_empty()
        && data.child_data().len() == fields.len()
        && fields.iter().zip(data.child_data()).all(|(field, child)| {
            child.len() >= end
                && child.data_type() == field.data_type()
                && (field.is_nullable() || child.nulls().is_none())
                && passes_quickly(child)
        })
}

/// The bytes of all items, if the offsets lead from one item to the next, within the memory.
/// `WIDTH` is that of an offset.
fn offsets_of<const WIDTH: usize>(data: &ArrayData, end: usize) -> Option<&[u8]> {
    let [offsets, values] = data.buffers() else {
        return None;
    };
    // An array without items may have no offset at all.
    if data.is_empty() || !is_aligned(offsets, WIDTH) {
        return None;
    }
    let range = data.offset().checked_mul(WIDTH)?..end.checked_add(1)?.checked_mul(WIDTH)?;
    let (offsets, _) = offsets.as_slice().get(range)?.as_chunks::<WIDTH>();
    let (first, last) = (number(offsets.first()?), number(offsets.last()?));
    // Without a way out of the loop, it is run for several offsets at once.
    let pairs = offsets.iter().zip(offsets.get(1..)?);
    let ordered = pairs.fold(true, |ordered, (one, next)| {
        ordered & (number(one) <= number(next))
    });
    let range = usize::try_from(first).ok()?..usize::try_from(last).ok()?;
    values.as_slice().get(range).filter(|_| ordered)
}

/// A number of so many bytes, with its sign.
#[inline]
fn number<const WIDTH: usize>(bytes: &[u8; WIDTH]) -> i64 {
    let bytes = bytes.as_slice();
    match (bytes.try_into(), bytes.try_into()) {
        (Ok(bytes), _) => i32::from_ne_bytes(bytes).into(),
        (_, Ok(bytes)) => i64::from_ne_bytes(bytes),
        // Offsets of no other width are asked for.
        _ => -1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Array, ArrayRef, BinaryArray, BooleanArray, Int32Array, Int64Array};
    use arrow_array::{LargeStringArray, StringArray};
    use arrow_data::ArrayDataBuilder;
    use arrow_schema::{Field, Fields};
    use std::sync::Arc;

    fn texts() -> ArrayData {
        StringArray::from(vec![Some("one"), None, Some(""), Some("two")]).to_data()
    }

    fn changed(
        data: &ArrayData,
        change: impl FnOnce(ArrayDataBuilder) -> ArrayDataBuilder,
    ) -> ArrayData {
        let builder = change(data.clone().into_builder()).skip_validation_of();
        builder.build().unwrap()
    }

    trait Unchecked {
        fn skip_validation_of(self) -> Self;
    }

    impl Unchecked for ArrayDataBuilder {
        fn skip_validation_of(self) -> Self {
            // SAFETY: the items are not read but by what is tested, which trusts none of it.
            unsafe { self.skip_validation(true) }
        }
    }

    fn a_struct(nullable: bool, field: ArrayRef, len: usize) -> ArrayData {
        let fields = Fields::from(vec![Field::new("x", field.data_type().clone(), nullable)]);
        let builder = ArrayDataBuilder::new(DataType::Struct(fields)).len(len);
        let builder = builder.add_child_data(field.to_data());
        builder.skip_validation_of().build().unwrap()
    }

    #[test]
    fn what_is_right_is_seen() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        for data in [
            numbers.to_data(),
            numbers.slice(1, 1).to_data(),
            Int32Array::from(vec![Some(1), None]).to_data(),
            BooleanArray::from(vec![Some(true), None]).to_data(),
            texts(),
            texts().slice(1, 2),
            LargeStringArray::from(vec!["a", "b"]).to_data(),
            BinaryArray::from(vec![&b"\xff"[..], b""]).to_data(),
            a_struct(false, numbers.clone(), 3),
            a_struct(true, Arc::new(Int32Array::from(vec![None, Some(1)])), 2),
        ] {
            data.validate_full().unwrap();
            assert!(passes_quickly(&data), "{data:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_not() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let nulls: ArrayRef = Arc::new(Int32Array::from(vec![None, Some(1)]));
        let offsets = |offsets: Vec<i32>| {
            changed(&texts(), |builder| {
                let values = texts().buffers()[1].clone();
                let offsets = Int32Array::from(offsets).to_data().buffers()[0].clone();
                builder.buffers(vec![offsets, values])
            })
        };
        let misaligned = changed(&numbers.to_data(), |builder| {
            let memory = numbers.to_data().buffers()[0].slice(1);
            builder.len(2).buffers(vec![memory])
        });
        for data in [
            changed(&numbers.to_data(), |builder| builder.len(4)),
            changed(&numbers.to_data(), |builder| builder.offset(1)),
            changed(&numbers.to_data(), |builder| builder.offset(usize::MAX)),
            changed(&numbers.to_data(), |builder| builder.buffers(vec![])),
            changed(&numbers.to_data(), |builder| {
                builder.add_child_data(texts())
            }),
            misaligned,
            changed(&texts(), |builder| {
                let mask = texts().nulls().map(|nulls| nulls.buffer().clone());
                builder.nulls(None).null_bit_buffer(mask).null_count(3)
            }),
            offsets(vec![0, 3, 3, 3]),
            offsets(vec![0, 3, 2, 3, 6]),
            offsets(vec![-1, 3, 3, 3, 6]),
            offsets(vec![0, 3, 3, 3, 7]),
            offsets(vec![0, 9, 3, 3, 6]),
            changed(
                &StringArray::from(vec!["\u{e9}", "a"]).to_data(),
                |builder| {
                    let memory =
                        StringArray::from(vec!["\u{e9}", "a"]).to_data().buffers()[1].clone();
                    let cut = Int32Array::from(vec![0, 1, 3]).to_data().buffers()[0].clone();
                    builder.buffers(vec![cut, memory])
                },
            ),
            a_struct(true, numbers.clone(), 4),
            a_struct(false, nulls, 2),
            changed(&a_struct(true, numbers.clone(), 3), |builder| {
                builder.child_data(vec![texts()])
            }),
            changed(&a_struct(true, numbers, 3), |builder| {
                builder.child_data(vec![])
            }),
        ] {
            assert!(!passes_quickly(&data), "{data:?}");
        }
    }
}
