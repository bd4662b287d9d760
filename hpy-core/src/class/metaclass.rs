//! Types whose class is an instance of a metaclass that is written in Rust:
//! `#[hpy_type(metaclass = Meta)]`.
//!
//! CPython makes no type of a spec whose metaclass has a `__new__` of its own. So the class is made
//! as Python makes one: the metaclass is called with a base that has everything, and an empty body.

use super::PyClass;
use super::base::Base;
use super::description::Metaclass;
use crate::exceptions::{ImportError, TypeError};
use crate::types::Type;
use crate::{Context, Handle, Result};
use hpy_sys::HPyType_BuiltinShape_Type;

/// What finds `M`, which derives from `type`.
#[track_caller]
pub const fn metaclass<M: PyClass>() -> Metaclass {
    assert!(
        <M as Base>::SHAPE.0 == HPyType_BuiltinShape_Type.0,
        "a metaclass derives from `type`: write #[hpy_type(base = type)] above its definition"
    );
    find::<M>
}

#[cold]
fn find<'ctx, M: PyClass>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx, Type>> {
    match M::place().get(ctx)? {
        Some(class) => Ok(class),
        None => {
            let meta = M::DESCRIPTION.name;
            let parts = [
                "the metaclass of ",
                name,
                ", ",
                meta,
                ", was not made yet: list it before, `types: [",
                meta,
                ", ",
                name,
                "]`",
            ];
            Err(ImportError::new(crate::error::joined(&parts)))
        }
    }
}

/// The class, which has nothing of its own but its metaclass and these slots; its name and the
/// module's.
#[cold]
#[inline]
pub(super) fn call<'ctx>(
    metaclass: &Handle<'ctx, Type>,
    base: &Handle<'ctx, Type>,
    [name, module]: [&str; 2],
    slots: &[&str],
) -> Result<Handle<'ctx, Type>> {
    let (metaclass, base) = (&metaclass.rarely(), &base.rarely());
    let ctx = metaclass.ctx();
    let body = ctx.dict()?;
    body.set_item("__slots__", ctx.tuple_of(slots.iter().copied())?)?;
    body.set_item("__module__", module)?;
    body.set_item("__qualname__", name)?;
    body.set_item("__doc__", base.getattr(c"__doc__")?)?;
    let made = metaclass.call1((name, (base,), body))?;
    // Whoever wrote `#[new]`, or a `__call__`, may have returned anything.
    match made.downcast_into::<Type>() {
        Ok(class) if class.is_subtype(base) => Ok(class),
        _ => {
            let meta: String = metaclass.getattr(c"__name__")?.extract()?;
            let parts = [&*meta, " made no class that derives from ", name];
            Err(TypeError::new(crate::error::joined(&parts)))
        }
    }
}
