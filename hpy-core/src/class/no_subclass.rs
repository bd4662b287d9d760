//! Classes that nobody may derive from, where the interpreter does not look at the flag.

use crate::backend::quirks::Quirk;
use crate::entry;
use crate::entry::definition::MethodDef;
use crate::entry::guard::KeywordsMethod;
use crate::exceptions::TypeError;
use crate::{Context, Handle, Result};
use core::ffi::CStr;

/// `__init_subclass__` of types that nobody may derive from, where the interpreter does not look at
/// the flag.
struct NoSubclass;

impl KeywordsMethod for NoSubclass {
    #[cold]
    fn call<'ctx>(
        _: Context<'ctx>,
        _: &Handle<'ctx>,
        _: crate::entry::arguments::KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        Err(TypeError::new("type is not an acceptable base type"))
    }
}

#[cold]
pub(super) fn no_subclass() -> MethodDef {
    const NAME: &CStr = c"__init_subclass__";
    let definition: &'static _ =
        Box::leak(Box::new(entry::slots::class_def::<NoSubclass>(NAME, c"")));
    definition.def(NAME)
}

/// Whether a type has to see to it by itself that no Python class derives from it.
pub(super) fn refuses_subclasses(ctx: Context<'_>, allowed: bool, destroys: bool) -> bool {
    (!allowed && ctx.has(Quirk::SUBCLASS_FLAG_IS_IGNORED))
        || (destroys && ctx.has(Quirk::SUBCLASS_ENDS_PROCESS))
}
