//! Whether the structs that came from elsewhere fit together, before `arrow-array` reads them.
//!
//! It reads numbers and pointers of the structs, and of the items the last offset alone. What is
//! wrong here would be a panic there, or a read beyond the end. All items are checked afterwards,
//! by `ArrayData::validate_full`.

use super::raw::{ArrowArray, ArrowSchema};
use arrow_data::layout;
use arrow_schema::{ArrowError, DataType};
use core::ffi::{CStr, c_char};

/// An error here is a ValueError in Python.
pub(super) type Result<T> = core::result::Result<T, ArrowError>;

/// How deep types may be nested, as in Arrow's implementation in C++.
const DEEPEST: usize = 64;

/// Reads the type that a schema describes.
pub(super) fn check_schema(schema: &ArrowSchema) -> Result<()> {
    check_type(schema, 0)
}

fn check_type(schema: &ArrowSchema, depth: usize) -> Result<()> {
    if depth > DEEPEST {
        return Err(malformed("the type is nested too deeply"));
    }
    let format = text(schema.format)?.ok_or_else(|| malformed("the schema has no format"))?;
    text(schema.name)?;
    let count = count_of(schema.n_children)?;
    let fits = match format.get(..2) {
        Some("+l" | "+L" | "+m" | "+w") => count == 1,
        Some("+v") => count == 1,
        Some("+r") => count == 2,
        Some("+s" | "+u") => true,
        _ => count == 0,
    };
    if !fits {
        return Err(malformed(
            "the schema has more or fewer children than its type",
        ));
    }
    for index in 0..count {
        // SAFETY: a schema has so many pointers to children, which live as long as it does.
        let child = unsafe { child(schema.children, index) };
        check_type(child.ok_or_else(missing_child)?, depth + 1)?;
    }
    // SAFETY: null, or the schema of the dictionary's values, which lives as long as this one.
    match unsafe { schema.dictionary.as_ref() } {
        Some(values) => check_type(values, depth + 1),
        None => Ok(()),
    }
}

/// Whether an array has the parts that its type has.
pub(super) fn check_array(array: &ArrowArray, data_type: &DataType) -> Result<()> {
    let (length, offset) = (count_of(array.length)?, count_of(array.offset)?);
    let widest = match data_type {
        DataType::FixedSizeBinary(size) | DataType::FixedSizeList(_, size) => {
            usize::try_from(*size).map_err(|_| malformed("an item has a negative size"))?
        }
        _ => 0,
    };
    // In bits, with an offset more than there are items.
    let bits = length
        .checked_add(offset)
        .and_then(|end| end.checked_add(1)?.checked_mul(widest.max(32)));
    if bits.is_none_or(|bits| bits > isize::MAX as usize / 8) {
        return Err(malformed("the array is longer than any memory"));
    }
    check_buffers(array, data_type, length + offset)?;
    check_children(array, data_type)
}

fn check_buffers(array: &ArrowArray, data_type: &DataType, end: usize) -> Result<()> {
    let (mut expected, variadic) = buffers_of(data_type);
    let count = count_of(array.n_buffers)?;
    if variadic {
        // The lengths of those whose number nobody knows.
        expected += 1;
    }
    let fits = match variadic {
        true => count >= expected,
        false => count == expected,
    };
    if !fits || (count > 0 && array.buffers.is_null()) {
        return Err(malformed(
            "the array has more or fewer buffers than its type",
        ));
    }
    // SAFETY: the array has so many pointers to buffers.
    let buffer = |index: usize| unsafe { *array.buffers.add(index) };
    if variadic {
        let lengths = buffer(count - 1).cast::<i64>();
        if count > expected && (lengths.is_null() || !lengths.is_aligned()) {
            return Err(malformed("the lengths of the array's buffers are missing"));
        }
        for index in 0..count - expected {
            // SAFETY: the last buffer has the lengths of all of them, and is aligned.
            count_of(unsafe { *lengths.add(index) })?;
        }
    }
    match data_type {
        DataType::Utf8 | DataType::Binary => check_offsets::<i32>(buffer(1).cast(), end),
        DataType::LargeUtf8 | DataType::LargeBinary => check_offsets::<i64>(buffer(1).cast(), end),
        _ => Ok(()),
    }
}

/// How many buffers the type has, with that of the nulls, and whether there may be more.
fn buffers_of(data_type: &DataType) -> (usize, bool) {
    match data_type {
        // The most frequent ones, without the allocations of `layout`.
        DataType::Struct(_) => (1, false),
        DataType::Boolean => (2, false),
        _ if data_type.is_primitive() => (2, false),
        _ => {
            let layout = layout(data_type);
            let nulls = usize::from(layout.can_contain_null_mask);
            (layout.buffers.len() + nulls, layout.variadic)
        }
    }
}

/// The last offset says how much memory the texts have.
fn check_offsets<O: Copy + Into<i64>>(offsets: *const O, end: usize) -> Result<()> {
    if offsets.is_null() {
        // Told by `arrow-array`, unless there is nothing.
        return Ok(());
    }
    if !offsets.is_aligned() {
        return Err(malformed("the array's offsets lie at odd addresses"));
    }
    // An array without items may have no offset at all.
    if end == 0 {
        return Ok(());
    }
    // SAFETY: there is one offset more than there are items.
    count_of(unsafe { *offsets.add(end) }.into()).map(drop)
}

fn check_children(array: &ArrowArray, data_type: &DataType) -> Result<()> {
    // SAFETY: null, or the values of the dictionary, which live as long as the array.
    let dictionary = unsafe { array.dictionary.as_ref() };
    match (data_type, dictionary) {
        (DataType::Dictionary(_, values), Some(dictionary)) => {
            check_each(array, [])?;
            return check_array(dictionary, values);
        }
        (DataType::Dictionary(..), None) => return Err(malformed("the dictionary is missing")),
        (_, Some(_)) => return Err(malformed("a dictionary, of an array that has none")),
        (_, None) => {}
    }
    match data_type {
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _) => check_each(array, [field.data_type()]),
        DataType::Struct(fields) => check_each(array, fields.iter().map(|field| field.data_type())),
        DataType::Union(fields, _) => {
            let types: Vec<_> = fields.iter().map(|(_, field)| field.data_type()).collect();
            check_each(array, types)
        }
        DataType::RunEndEncoded(ends, values) => {
            check_each(array, [ends.data_type(), values.data_type()])
        }
        _ => check_each(array, []),
    }
}

/// Whether the array has children of these types, and no others.
fn check_each<'a, T>(array: &ArrowArray, types: T) -> Result<()>
where
    T: IntoIterator<Item = &'a DataType, IntoIter: ExactSizeIterator>,
{
    let types = types.into_iter();
    if types.len() != count_of(array.n_children)? {
        return Err(malformed(
            "the array has more or fewer children than its type",
        ));
    }
    for (index, data_type) in types.enumerate() {
        // SAFETY: an array has so many pointers to children, which live as long as it does.
        let child = unsafe { child(array.children, index) };
        check_array(child.ok_or_else(missing_child)?, data_type)?;
    }
    Ok(())
}

/// # Safety
/// `children` has more than `index` pointers, to what lives for `'a`.
unsafe fn child<'a, T>(children: *mut *mut T, index: usize) -> Option<&'a T> {
    if children.is_null() {
        return None;
    }
    // SAFETY: as promised by the caller.
    unsafe { (*children.add(index)).as_ref() }
}

/// # Safety contract of the interface
/// The text is null, or ends with a NUL and lives as long as its struct.
fn text<'a>(text: *const c_char) -> Result<Option<&'a str>> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: as the interface says.
    let text = unsafe { CStr::from_ptr(text) }.to_str();
    text.map(Some)
        .map_err(|_| malformed("the schema has a text that is not UTF-8"))
}

fn count_of(number: i64) -> Result<usize> {
    usize::try_from(number).map_err(|_| malformed("a length is negative, or larger than memory"))
}

fn missing_child() -> ArrowError {
    malformed("a child is missing")
}

#[cold]
pub(super) fn malformed(why: &str) -> ArrowError {
    ArrowError::CDataInterface(format!("malformed data: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_schema::{Field, TimeUnit};

    #[test]
    fn frequent_types_have_the_buffers_of_their_layout() {
        let fields = vec![Field::new("x", DataType::Int8, true)];
        for data_type in [
            DataType::Struct(fields.into()),
            DataType::Boolean,
            DataType::Int8,
            DataType::Float64,
            DataType::Decimal256(3, 1),
            DataType::Timestamp(TimeUnit::Second, None),
            DataType::Interval(arrow_schema::IntervalUnit::MonthDayNano),
        ] {
            let layout = layout(&data_type);
            let nulls = usize::from(layout.can_contain_null_mask);
            let expected = (layout.buffers.len() + nulls, layout.variadic);
            assert_eq!(buffers_of(&data_type), expected, "{data_type}");
        }
    }
}
