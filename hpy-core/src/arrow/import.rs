//! From what another library exports to the types of `arrow-array`.

use super::check::{self, check_array, check_schema, malformed};
use super::quick_validation::passes_quickly;
use super::raw::{ArrowArray, ArrowArrayStream, ArrowSchema, Consumable};
use super::stream::Chunks;
use crate::exceptions::{AttributeError, ValueError};
use crate::sync::with_critical_section;
use crate::types::Tuple;
use crate::types::c_capsule::{self, CStruct};
use crate::{Context, Error, Handle, Result, call_method};
use arrow_array::ffi::from_ffi_and_data_type;
use arrow_data::ArrayData;
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{DataType, Field, FieldRef};
use std::sync::Arc;

/// An array that nobody has looked into yet, and what its producer says that it is.
///
/// A parameter of this type is as quick as the interface allows. What came is no array of Rust's
/// yet: [`validate`](Self::validate) makes it one, as all other types of this module do by
/// themselves, and [`assume_valid`](Self::assume_valid) believes the producer.
///
/// ```
/// use hpy::arrow::Unvalidated;
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn len(array: Unvalidated) -> Result<usize> {
///     Ok(array.validate()?.len())
/// }
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct Unvalidated {
    field: FieldRef,
    data: ArrayData,
}

impl Unvalidated {
    /// Name, type and metadata, as the producer gave them.
    #[must_use]
    pub fn field(&self) -> &FieldRef {
        &self.field
    }

    /// The array, after a look at all of it: that offsets and keys lie where there is something,
    /// that texts are UTF-8, that there are as many nulls as it says.
    ///
    /// It takes no time to speak of for numbers, and a pass over the memory for texts and lists.
    ///
    /// # Errors
    /// ValueError where the array is not what it says.
    pub fn validate(self) -> Result<ArrayData> {
        Ok(self.into_parts()?.1)
    }

    /// The array, as it is.
    ///
    /// # Safety
    /// The array is valid: what [`validate`](Self::validate) looks at is right.
    #[must_use]
    pub unsafe fn assume_valid(self) -> ArrayData {
        self.data
    }

    pub(super) fn into_parts(self) -> check::Result<(FieldRef, ArrayData)> {
        // The only offset of an empty array, a slice of another, may lie beyond the values that
        // `arrow-array` has taken: none. `validate_full` refuses that.
        let is_text = matches!(
            self.data.data_type(),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary
        );
        if is_text && self.data.is_empty() {
            let data = ArrayData::new_empty(self.data.data_type());
            return Ok((self.field, data));
        }
        if !passes_quickly(&self.data) {
            self.data.validate_full()?;
        }
        Ok((self.field, self.data))
    }

    pub(super) fn without_items(field: &FieldRef) -> Self {
        Self {
            field: field.clone(),
            data: ArrayData::new_empty(field.data_type()),
        }
    }

    /// # Safety
    /// The structs are those of a producer that keeps to Arrow's specification: the memory that
    /// they name is there, and nobody writes it, until the array is released.
    pub(super) unsafe fn new(array: ArrowArray, field: FieldRef) -> check::Result<Self> {
        check_array(&array, field.data_type())?;
        let data_type = field.data_type().clone();
        // SAFETY: as promised by the caller, and the parts are those of the type.
        let data = unsafe { from_ffi_and_data_type(array.into(), data_type)? };
        Ok(Self { field, data })
    }
}

/// Name and type out of a schema.
pub(super) fn field_of(schema: &ArrowSchema) -> check::Result<FieldRef> {
    check_schema(schema)?;
    Ok(Arc::new(Field::try_from(schema.as_ffi())?))
}

/// A type that the producer is asked for.
pub(super) fn request<'ctx>(ctx: Context<'ctx>, field: &Field) -> Result<Handle<'ctx>> {
    capsule(ctx, ArrowSchema::from(FFI_ArrowSchema::try_from(field)?))
}

/// A capsule with such a struct.
pub(super) fn capsule<'ctx, T: CStruct>(ctx: Context<'ctx>, value: T) -> Result<Handle<'ctx>> {
    let place = core::ptr::NonNull::from(Box::leak(Box::new(value)));
    // SAFETY: a box of what ends with its box.
    unsafe { c_capsule::new(ctx, place) }
}

/// The struct that a capsule has, which the capsule loses.
fn taken<T: CStruct + Consumable>(capsule: &Handle<'_>) -> Result<T> {
    let Some(place) = c_capsule::pointer(capsule, T::NAME) else {
        let expected = format!("capsule named '{}'", T::NAME.to_string_lossy());
        return Err(Error::wrong_type(expected.into(), capsule));
    };
    // Without the GIL another thread may come with the same capsule.
    // SAFETY: by its name it is such a struct, which lives as long as the capsule; it is used by
    // one thread at a time here, and others have no reason to use a capsule that they gave away.
    let taken = with_critical_section(capsule, || unsafe { T::take(place.cast()) });
    taken.ok_or_else(|| consumed(T::WHAT))
}

#[cold]
fn consumed(what: &str) -> Error {
    ValueError::new(format!(
        "the capsule's {what} has been consumed already: ask its owner for another one"
    ))
}

/// Calls the method that exports, with the type that is asked for: None if there is no such method.
macro_rules! exported {
    ($object:expr, $name:literal, $requested:expr) => {{
        let (object, requested): (&Handle<'_>, Option<&Field>) = ($object, $requested);
        let result = match requested {
            None => call_method!(object, $name),
            Some(field) => call_method!(object, $name, request(object.ctx(), field)?),
        };
        if_there(object, $name, result)
    }};
}

/// None instead of the error that there is no such method.
fn if_there<'ctx>(
    object: &Handle<'ctx>,
    method: &'static str,
    result: Result<Handle<'ctx>>,
) -> Result<Option<Handle<'ctx>>> {
    match result {
        Err(error) if error.is_instance_of::<AttributeError>(object.ctx()) => {
            match object.hasattr(method)? {
                true => Err(error),
                false => Ok(None),
            }
        }
        other => other.map(Some),
    }
}

/// An array, if the object exports one.
pub(super) fn array(object: &Handle<'_>, requested: Option<&Field>) -> Result<Option<Unvalidated>> {
    let Some(pair) = exported!(object, "__arrow_c_array__", requested)? else {
        return Ok(None);
    };
    let pair = pair.downcast::<Tuple>()?;
    let (Some(schema), Some(array), 2) = (pair.get(0), pair.get(1), pair.len()) else {
        return Err(malformed("__arrow_c_array__ returned no pair").into());
    };
    let schema: ArrowSchema = taken(&schema)?;
    let array = taken(&array)?;
    let field = field_of(&schema)?;
    // SAFETY: the capsules' names promise it.
    Ok(Some(unsafe { Unvalidated::new(array, field)? }))
}

/// A stream, if the object exports one.
pub(super) fn stream(object: &Handle<'_>, requested: Option<&Field>) -> Result<Option<Chunks>> {
    match exported!(object, "__arrow_c_stream__", requested)? {
        Some(capsule) => Chunks::new(taken::<ArrowArrayStream>(&capsule)?).map(Some),
        None => Ok(None),
    }
}

/// The type that an object exports, or that it is.
pub(super) fn schema(object: &Handle<'_>) -> Result<ArrowSchema> {
    match exported!(object, "__arrow_c_schema__", None)? {
        Some(capsule) => taken(&capsule),
        None => Err(no_method(
            "an Arrow type or schema",
            "__arrow_c_schema__",
            object,
        )),
    }
}

/// An array, or the only one of a stream.
pub(super) fn single(object: &Handle<'_>, requested: Option<&Field>) -> Result<Unvalidated> {
    if let Some(array) = array(object, requested)? {
        return Ok(array);
    }
    match stream(object, requested)? {
        Some(chunks) => chunks.single(object.ctx()),
        None => Err(no_method("an Arrow array", "__arrow_c_array__", object)),
    }
}

/// The arrays of a stream, or one alone: what `each` makes of them and of what is `known` of all.
pub(super) fn chunks<K, T>(
    object: &Handle<'_>,
    what: &str,
    known: impl FnOnce(FieldRef) -> Result<K>,
    each: impl Fn(ArrayData, &K) -> check::Result<T> + Send + 'static,
) -> Result<(K, Vec<T>)>
where
    K: Send + 'static,
    T: Send + 'static,
{
    if let Some(chunks) = stream(object, None)? {
        let known = known(chunks.field().clone())?;
        return chunks.read_all(object.ctx(), known, each);
    }
    match array(object, None)? {
        Some(array) => {
            let (field, data) = array.into_parts()?;
            let known = known(field)?;
            let made = each(data, &known)?;
            Ok((known, vec![made]))
        }
        None => Err(no_method(what, "__arrow_c_stream__", object)),
    }
}

#[cold]
pub(super) fn no_method(what: &str, method: &str, object: &Handle<'_>) -> Error {
    Error::wrong_type(format!("{what}, an object with {method}").into(), object)
}
