//! Which built-in types no type in Rust can derive from under PyPI's hpy.

#![allow(non_upper_case_globals)] // They have C's names.

use crate::Context;
use hpy_sys::*;

/// Why there can be no type of this shape, if so: docs/design/interpreters.md.
pub(crate) fn refuses_base(ctx: Context<'_>, shape: HPyType_BuiltinShape) -> Option<&'static str> {
    // SAFETY: the context is valid.
    let layout = unsafe {
        if shape == HPyType_BuiltinShape_Object || is_of_package(ctx.as_ptr()) {
            return None;
        }
        context_layout(ctx.as_ptr())
    };
    match (layout, shape) {
        (_, HPyType_BuiltinShape_Long | HPyType_BuiltinShape_Tuple) => Some(
            "in PyPI's hpy its data would lie where an int has its digits and a tuple its items",
        ),
        (_, HPyType_BuiltinShape_Type) => {
            Some("classes of a metaclass with data end the process in PyPI's hpy")
        }
        (ContextLayout::Short, HPyType_BuiltinShape_Dict) => {
            Some("PyPI's hpy has no types that derive from dict")
        }
        _ => None,
    }
}
