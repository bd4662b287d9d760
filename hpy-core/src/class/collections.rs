//! Classes that are collections: `#[hpy_type(sequence)]` and `#[hpy_type(mapping)]`.

use crate::types::Type;
use crate::{Handle, Result};
use core::ffi::CStr;

/// Makes the class a virtual subclass of `collections.abc.Sequence`, and gives it the methods that
/// such a class would inherit. `case [a, b]` then matches its instances: interpreters since 3.10
/// set the flag that such patterns look at.
#[cold]
pub fn register_sequence(class: &Handle<'_, Type>) -> Result<()> {
    let methods = [
        c"__iter__",
        c"__contains__",
        c"__reversed__",
        c"index",
        c"count",
    ];
    register(class, c"Sequence", &methods)
}

/// The same with `collections.abc.Mapping`, for `case {"key": value}`.
#[cold]
pub fn register_mapping(class: &Handle<'_, Type>) -> Result<()> {
    let methods = [c"__contains__", c"get", c"keys", c"items", c"values"];
    register(class, c"Mapping", &methods)
}

#[cold]
fn register(
    class: &Handle<'_, Type>,
    base: &'static CStr,
    methods: &[&'static CStr],
) -> Result<()> {
    let class = &class.rarely();
    let base = class.ctx().import("collections.abc")?.getattr(base)?;
    for name in methods {
        if !class.hasattr(*name)? {
            class.setattr(*name, base.getattr(*name)?)?;
        }
    }
    base.getattr(c"register")?.call1((class.as_object(),))?;
    Ok(())
}
