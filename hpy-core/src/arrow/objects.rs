//! The Python objects that arrays, tables and types become: they export Arrow's capsules.

use super::import::{self, capsule};
use super::raw::{ArrowArray, ArrowSchema};
use super::stream::{self, Source};
use crate::class::{FixedInt, TypeMethods};
use crate::entry;
use crate::entry::arguments::{KeywordArgs, Parameter, ParameterKind, Signature};
use crate::entry::arguments_and_results::receiver;
use crate::entry::definition::MethodStatic;
use crate::entry::guard::{KeywordsMethod, NoArgsMethod};
use crate::entry::slots::{self, definitions::slot_def};
use crate::exceptions::ValueError;
use crate::rust_objects::{new_object, rust_type};
use crate::types::c_capsule::{self, CStruct};
use crate::{Annotation, Context, Error, Handle, Result};
use arrow_array::ffi::FFI_ArrowArray;
use arrow_data::ArrayData;
use arrow_schema::FieldRef;
use std::sync::{Arc, Mutex, PoisonError};

/// What stubs say: there is no class that all such objects have.
pub(super) const ANNOTATION: Annotation = Annotation::ANY;

/// The data of an `ArrowArray`.
pub struct GivenArray {
    field: FieldRef,
    data: ArrayData,
}

/// The data of an `ArrowStream`.
pub struct GivenStream {
    field: FieldRef,
    arrays: Arrays,
}

enum Arrays {
    Kept(Arc<[ArrayData]>),
    /// None when it has been read.
    Once(Mutex<Option<Box<dyn Source>>>),
}

/// The data of an `ArrowSchema`.
pub struct GivenSchema(FieldRef);

pub(super) fn array<'ctx>(
    ctx: Context<'ctx>,
    field: FieldRef,
    data: ArrayData,
) -> Result<Handle<'ctx>> {
    new_object(ctx, GivenArray { field, data }).map(Handle::into_object)
}

pub(super) fn kept_stream<'ctx>(
    ctx: Context<'ctx>,
    field: FieldRef,
    arrays: Vec<ArrayData>,
) -> Result<Handle<'ctx>> {
    let arrays = Arrays::Kept(arrays.into());
    new_object(ctx, GivenStream { field, arrays }).map(Handle::into_object)
}

pub(super) fn stream_once<'ctx>(
    ctx: Context<'ctx>,
    field: FieldRef,
    arrays: Box<dyn Source>,
) -> Result<Handle<'ctx>> {
    let arrays = Arrays::Once(Mutex::new(Some(arrays)));
    new_object(ctx, GivenStream { field, arrays }).map(Handle::into_object)
}

pub(super) fn schema<'ctx>(ctx: Context<'ctx>, field: FieldRef) -> Result<Handle<'ctx>> {
    new_object(ctx, GivenSchema(field)).map(Handle::into_object)
}

rust_type! {
    GivenArray, "ArrowArray", "An Arrow array that Rust has made.",
    TypeMethods {
        definitions: &[
            ARRAY.def(c"__arrow_c_array__"),
            ARRAY_SCHEMA.def(c"__arrow_c_schema__"),
            LEN.def(c""),
        ],
        special: &["__len__"],
        names: &["__arrow_c_array__", "__arrow_c_schema__"],
        ..TypeMethods::NONE
    }
}

rust_type! {
    GivenStream, "ArrowStream", "An Arrow table, column or stream that Rust has made.",
    TypeMethods {
        definitions: &[STREAM.def(c"__arrow_c_stream__"), STREAM_SCHEMA.def(c"__arrow_c_schema__")],
        names: &["__arrow_c_stream__", "__arrow_c_schema__"],
        ..TypeMethods::NONE
    }
}

rust_type! {
    GivenSchema, "ArrowSchema", "An Arrow type or schema that Rust has made.",
    TypeMethods {
        definitions: &[SCHEMA.def(c"__arrow_c_schema__")],
        names: &["__arrow_c_schema__"],
        ..TypeMethods::NONE
    }
}

/// What is exported as a schema.
trait HasField {
    fn field(&self) -> &FieldRef;
}

macro_rules! has_field {
    ($($type:ty, $method:ident, $place:ident, |$this:ident| $field:expr;)*) => {$(
        impl HasField for $type {
            fn field(&self) -> &FieldRef {
                let $this = self;
                $field
            }
        }

        struct $method;

        static $place: MethodStatic = entry::noargs_def::<$method>(
            c"__arrow_c_schema__",
            c"__arrow_c_schema__($self, /)\n--\n\nA capsule with the type.",
        );

        impl NoArgsMethod for $method {
            fn call<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
                import::request(ctx, receiver::<false, $type>(this)?.field())
            }
        }
    )*};
}

has_field! {
    GivenArray, SchemaOfArray, ARRAY_SCHEMA, |this| &this.field;
    GivenStream, SchemaOfStream, STREAM_SCHEMA, |this| &this.field;
    GivenSchema, SchemaItself, SCHEMA, |this| &this.0;
}

/// `requested_schema`, the only parameter of both methods. It is a wish, and what is given here has
/// one type; only a wish that is none is refused.
fn check_request<'ctx>(args: KeywordArgs<'_, 'ctx>, signature: &'static Signature) -> Result<()> {
    let parsed = args.parse::<1>(signature)?;
    match parsed.optional(0) {
        Some(wish) if !wish.is_none() && c_capsule::pointer(&wish, ArrowSchema::NAME).is_none() => {
            Err(Error::wrong_type(
                "capsule named 'arrow_schema' or None".into(),
                &wish,
            ))
        }
        _ => Ok(()),
    }
}

const fn signature(function: &'static str) -> Signature {
    Signature {
        function,
        counts_receiver: true,
        parameters: &[Parameter {
            name: "requested_schema",
            kind: ParameterKind::PositionalOrKeyword,
            required: false,
        }],
        positional: 1,
        var_positional: None,
        var_keyword: None,
        keyword_names: &[],
    }
}

struct ExportArray;

static ARRAY: MethodStatic = entry::keywords_def::<ExportArray>(
    c"__arrow_c_array__",
    c"__arrow_c_array__($self, /, requested_schema=None)\n--\n\n\
      Two capsules, with the type and the array. It is given as it is, whatever is requested.",
);

impl KeywordsMethod for ExportArray {
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        static SIGNATURE: Signature = signature("ArrowArray.__arrow_c_array__");
        check_request(args, &SIGNATURE)?;
        let this = receiver::<false, GivenArray>(this)?;
        let schema = import::request(ctx, &this.field)?;
        let array = ArrowArray::from(FFI_ArrowArray::new(&this.data));
        ctx.tuple((schema, capsule(ctx, array)?))
            .map(Handle::into_object)
    }
}

struct ExportStream;

static STREAM: MethodStatic = entry::keywords_def::<ExportStream>(
    c"__arrow_c_stream__",
    c"__arrow_c_stream__($self, /, requested_schema=None)\n--\n\n\
      A capsule with a stream of arrays. They are given as they are, whatever is requested.",
);

impl KeywordsMethod for ExportStream {
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        static SIGNATURE: Signature = signature("ArrowStream.__arrow_c_stream__");
        check_request(args, &SIGNATURE)?;
        let this = receiver::<false, GivenStream>(this)?;
        let source: Box<dyn Source> = match &this.arrays {
            Arrays::Kept(arrays) => {
                let arrays = arrays.clone();
                Box::new((0..arrays.len()).map(move |index| Ok(arrays[index].clone())))
            }
            Arrays::Once(arrays) => {
                let taken = arrays.lock().unwrap_or_else(PoisonError::into_inner).take();
                taken.ok_or_else(|| ValueError::new("the stream has been read already"))?
            }
        };
        capsule(ctx, stream::give(this.field.clone(), source))
    }
}

struct Len;

static LEN: MethodStatic = slot_def(hpy_sys::HPy_sq_length, slots::length::<Len>());

impl FixedInt<0> for Len {
    fn call<'ctx>(_: Context<'ctx>, this: &Handle<'ctx>, _: [&Handle<'ctx>; 0]) -> Result<isize> {
        Ok(receiver::<false, GivenArray>(this)?.data.len() as isize)
    }
}
