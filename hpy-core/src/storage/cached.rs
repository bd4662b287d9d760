//! What is found at the Python level is looked up once per interpreter: types and functions that
//! HPy has no word for.

use crate::types::Type;
use crate::{Context, Handle, Result};
use core::ffi::CStr;
use hpy_sys::HPy_TypeCheck;

/// An object that a module has, for a static: `Cached::new(c"collections.abc:Mapping.register")`.
pub(crate) struct Cached {
    /// The module, a colon, the attribute; dots lead on from there.
    path: &'static CStr,
    found: crate::Cached,
}

impl Cached {
    pub(crate) const fn new(path: &'static CStr) -> Self {
        Self {
            path,
            found: crate::Cached::new(),
        }
    }

    /// The object, imported if this interpreter has not done so yet.
    #[inline]
    pub(crate) fn get<'ctx>(&'static self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.found.get_or_init(ctx, || look_up(ctx, self.path))
    }

    /// The object, which is a type.
    #[inline]
    pub(crate) fn get_type<'ctx>(&'static self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        self.get(ctx)?.downcast_into()
    }

    /// Whether an object is an instance of the type, without asking Python code but for the first
    /// import: no, where that fails.
    #[inline]
    pub(crate) fn is_type_of(&'static self, object: &Handle<'_>) -> bool {
        self.get_type(object.ctx()).is_ok_and(|type_| {
            // SAFETY: the handles are open, and one is a type.
            unsafe { HPy_TypeCheck(object.ctx().as_ptr(), object.as_raw(), type_.as_raw()) != 0 }
        })
    }
}

#[cold]
#[inline(never)]
fn look_up<'ctx>(ctx: Context<'ctx>, path: &CStr) -> Result<Handle<'ctx>> {
    let ctx = ctx.rarely();
    let path = path.to_str().unwrap_or_default();
    let (module, names) = path.split_once(':').unwrap_or((path, ""));
    let mut names = names.split('.');
    // An import asks the running code's own `__builtins__` for `__import__`, which need not be
    // there.
    let mut object = match names.next() {
        Some(name) if module == "builtins" => ctx.builtins().get_item(name)?,
        Some(name) => ctx.import(module)?.getattr(name)?,
        None => ctx.import(module)?.into_object(),
    };
    for name in names {
        object = object.getattr(name)?;
    }
    Ok(object)
}
