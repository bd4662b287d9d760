//! Arrays and types, from Python and to it.

use super::import;
use super::objects;
use crate::exceptions::TypeError;
use crate::{Annotation, Context, Error, FromHandle, Handle, IntoHandle, Result};
use arrow_array::types::{ArrowPrimitiveType, ByteArrayType, ByteViewType};
use arrow_array::{
    Array, ArrayRef, BooleanArray, GenericByteArray, GenericByteViewArray, PrimitiveArray,
    StructArray, make_array,
};
use arrow_data::ArrayData;
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};
use std::sync::Arc;

use super::Unvalidated;

/// From any array, or a column that lies in one piece, of which nothing is checked yet.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Unvalidated {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        import::single(handle, None)
    }
}

/// From any array, or a column that lies in one piece.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for ArrayData {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        import::single(handle, None)?.validate()
    }
}

/// From any array, or a column that lies in one piece.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for ArrayRef {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Ok(make_array(import::single(handle, None)?.validate()?))
    }
}

/// The array, of which the producer is asked for this type.
///
/// Arrow lets a producer ignore the request: pyarrow converts, polars does not. What comes has the
/// type, or there is an error.
///
/// ```
/// use hpy::arrow::{arrow_array, arrow_schema};
/// use arrow_array::ArrayRef;
/// use arrow_schema::DataType;
/// use hpy::prelude::*;
///
/// fn as_floats<'ctx>(array: &Handle<'ctx>) -> Result<ArrayRef> {
///     hpy::arrow::array_as(array, &DataType::Float64)
/// }
/// # fn main() {}
/// ```
///
/// # Errors
/// TypeError for what exports no array, or one of another type all the same; what the producer
/// raises where it cannot convert.
pub fn array_as(array: &Handle<'_>, data_type: &DataType) -> Result<ArrayRef> {
    let field = Field::new("", data_type.clone(), true);
    let data = import::single(array, Some(&field))?.validate()?;
    match data.data_type() == data_type {
        true => Ok(make_array(data)),
        false => Err(other_type(data_type, data.data_type())),
    }
}

#[cold]
fn other_type(expected: &DataType, found: &DataType) -> Error {
    TypeError::new(format!(
        "an Arrow array of {expected} is needed, not one of {found}"
    ))
}

/// An array of a type that is known when this is compiled.
fn typed(
    handle: &Handle<'_>,
    expected: &DataType,
    is_it: impl Fn(&DataType) -> bool,
) -> Result<ArrayData> {
    let array = import::single(handle, None)?;
    if is_it(array.field().data_type()) {
        return array.validate();
    }
    let found = array.field().data_type().clone();
    if means_the_same(expected, &found) {
        let field = Field::new("", expected.clone(), true);
        let array = import::single(handle, Some(&field))?;
        if is_it(array.field().data_type()) {
            return array.validate();
        }
    }
    Err(other_type(expected, &found))
}

/// Whether the types differ in nothing but how the values are laid out. Only then a producer is
/// asked to convert without being told to by the user.
fn means_the_same(one: &DataType, other: &DataType) -> bool {
    use DataType::*;
    match (one, other) {
        (Dictionary(_, values), other) | (other, Dictionary(_, values)) => {
            **values == *other || means_the_same(values, other)
        }
        (RunEndEncoded(_, values), other) | (other, RunEndEncoded(_, values)) => {
            values.data_type() == other || means_the_same(values.data_type(), other)
        }
        (Utf8 | LargeUtf8 | Utf8View, Utf8 | LargeUtf8 | Utf8View) => true,
        (Binary | LargeBinary | BinaryView, Binary | LargeBinary | BinaryView) => true,
        _ => false,
    }
}

macro_rules! typed_arrays {
    ($([$($parameters:tt)*] $type:ty, $expected:expr, $is_it:expr;)*) => {$(
        /// From an array of that type, or a column that lies in one piece.
        impl<'a, 'ctx, $($parameters)*> FromHandle<'a, 'ctx> for $type {
            fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                typed(handle, &$expected, $is_it).map(Self::from)
            }
        }

        /// An `ArrowArray`.
        impl<'ctx, $($parameters)*> IntoHandle<'ctx> for $type {
            const ANNOTATION: Annotation = objects::ANNOTATION;

            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                ArrayData::from(self).into_handle(ctx)
            }
        }
    )*};
}

typed_arrays! {
    [T: ArrowPrimitiveType] PrimitiveArray<T>, T::DATA_TYPE, Self::is_compatible;
    [T: ByteArrayType] GenericByteArray<T>, T::DATA_TYPE, |found| *found == T::DATA_TYPE;
    [T: ByteViewType] GenericByteViewArray<T>, T::DATA_TYPE, |found| *found == T::DATA_TYPE;
    [] BooleanArray, DataType::Boolean, |found| *found == DataType::Boolean;
    [] StructArray, DataType::Struct(Default::default()), |found| found.is_nested()
        && matches!(found, DataType::Struct(_));
}

/// An `ArrowArray`.
impl<'ctx> IntoHandle<'ctx> for ArrayData {
    const ANNOTATION: Annotation = objects::ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let field = Field::new("", self.data_type().clone(), true);
        objects::array(ctx, Arc::new(field), self)
    }
}

/// An `ArrowArray`.
impl<'ctx> IntoHandle<'ctx> for ArrayRef {
    const ANNOTATION: Annotation = objects::ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.to_data().into_handle(ctx)
    }
}

/// What has a name and metadata beside its type.
macro_rules! types {
    ($($type:ty, |$schema:ident| $from:expr, |$value:ident| $field:expr;)*) => {$(
        /// From an object with `__arrow_c_schema__`.
        impl<'a, 'ctx> FromHandle<'a, 'ctx> for $type {
            fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
                let $schema = import::field_of(&import::schema(handle)?)?;
                Ok($from)
            }
        }

        /// An `ArrowSchema`.
        impl<'ctx> IntoHandle<'ctx> for $type {
            const ANNOTATION: Annotation = objects::ANNOTATION;

            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                let $value = self;
                objects::schema(ctx, Arc::new($field))
            }
        }
    )*};
}

types! {
    DataType, |field| field.data_type().clone(), |data_type| Field::new("", data_type, true);
    Field, |field| Arc::unwrap_or_clone(field), |field| field;
    FieldRef, |field| field, |field| Arc::unwrap_or_clone(field);
    Schema, |field| schema_of(&field)?, |schema| struct_of(&schema);
    SchemaRef, |field| Arc::new(schema_of(&field)?), |schema| struct_of(&schema);
}

/// A table's schema comes as the type of a struct.
pub(super) fn schema_of(field: &Field) -> Result<Schema> {
    match field.data_type() {
        DataType::Struct(fields) => Ok(Schema::new_with_metadata(
            fields.clone(),
            field.metadata().clone(),
        )),
        other => Err(TypeError::new(format!(
            "an Arrow table or schema is needed, not the type {other}"
        ))),
    }
}

pub(super) fn struct_of(schema: &Schema) -> Field {
    let data_type = DataType::Struct(schema.fields.clone());
    Field::new("", data_type, false).with_metadata(schema.metadata.clone())
}
