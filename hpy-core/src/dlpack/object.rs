//! The Python object that a tensor becomes: it exports DLPack's capsules.

use super::export::{Memory, Tensor};
use super::raw::{CPU, VERSION};
use crate::class::TypeMethods;
use crate::entry;
use crate::entry::arguments::{KeywordArgs, Parameter, ParameterKind, Signature};
use crate::entry::arguments_and_results::receiver;
use crate::entry::definition::MethodStatic;
use crate::entry::guard::{KeywordsMethod, NoArgsMethod};
use crate::exceptions::{BufferError, ValueError};
use crate::rust_objects::{new_object, rust_type};
use crate::types::c_capsule;
use crate::{Context, Handle, Result};
use std::sync::Arc;

/// The data of a `DLPackTensor`.
pub struct GivenTensor(Arc<Memory>);

pub(super) fn new<'ctx>(ctx: Context<'ctx>, memory: Arc<Memory>) -> Result<Handle<'ctx>> {
    new_object(ctx, GivenTensor(memory)).map(Handle::into_object)
}

rust_type! {
    GivenTensor, "DLPackTensor", "A tensor that Rust has made, for numpy, PyTorch and others.",
    TypeMethods {
        definitions: &[EXPORT.def(c"__dlpack__"), DEVICE.def(c"__dlpack_device__")],
        names: &["__dlpack__", "__dlpack_device__"],
        ..TypeMethods::NONE
    }
}

struct DeviceOf;

static DEVICE: MethodStatic = entry::noargs_def::<DeviceOf>(
    c"__dlpack_device__",
    c"__dlpack_device__($self, /)\n--\n\nThe pair (1, 0), which is the CPU.",
);

impl NoArgsMethod for DeviceOf {
    fn call<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        receiver::<false, GivenTensor>(this)?;
        ctx.tuple((CPU.kind, CPU.id)).map(Handle::into_object)
    }
}

struct Export;

static EXPORT: MethodStatic = entry::keywords_def::<Export>(
    c"__dlpack__",
    c"__dlpack__($self, /, *, stream=None, max_version=None, dl_device=None, copy=None)\n--\n\n\
      A capsule with the tensor.",
);

const fn parameter(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: ParameterKind::KeywordOnly,
        required: false,
    }
}

static SIGNATURE: Signature = Signature {
    function: "DLPackTensor.__dlpack__",
    counts_receiver: true,
    parameters: &[
        parameter("stream"),
        parameter("max_version"),
        parameter("dl_device"),
        parameter("copy"),
    ],
    positional: 0,
    var_positional: None,
    var_keyword: None,
    keyword_names: &[],
};

impl KeywordsMethod for Export {
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        let parsed = args.parse::<4>(&SIGNATURE)?;
        let given = |index| {
            parsed
                .optional(index)
                .filter(|argument| !argument.is_none())
        };
        if given(0).is_some() {
            return Err(ValueError::new("a tensor on the CPU has no stream"));
        }
        let major = match given(1) {
            Some(version) => version.extract::<(u32, u32)>()?.0,
            None => 0,
        };
        if let Some(device) = given(2)
            && device.extract::<(i32, i32)>()? != (CPU.kind, CPU.id)
        {
            return Err(BufferError::new(
                "the tensor is on the CPU, and goes nowhere else",
            ));
        }
        let is_copied = match given(3) {
            Some(copy) => copy.is_truthy()?,
            None => false,
        };
        let tensor = Tensor::from_memory(&receiver::<false, GivenTensor>(this)?.0);
        let tensor = if is_copied { tensor.copied() } else { tensor };
        if major >= VERSION.major {
            // SAFETY: a struct that its deleter ends.
            return unsafe { c_capsule::new(ctx, tensor.versioned(is_copied)) };
        }
        if tensor.is_readonly() {
            return Err(BufferError::new(
                "a read-only tensor needs a consumer with DLPack 1.0 or later",
            ));
        }
        // SAFETY: as above.
        unsafe { c_capsule::new(ctx, tensor.unversioned()) }
    }
}
