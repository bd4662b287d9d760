//! Attributes that are fields of the data: `#[hpy(get, set)]`.

use super::access::NotFrozen;
use super::{HasMethods, PyClass};
use crate::entry::arguments_and_results::{converted, receiver, receiver_mut, returned};
use crate::types::TypeCheck;
use crate::{Context, Error, Field, FromHandle, Handle, IntoHandle, Result};

/// What can be read as an attribute: a copy of the value, or what a [`Field`] holds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as an attribute",
    label = "neither something to copy and convert to an object nor a `Field`",
    note = "an attribute's type is Clone and converts to an object (`IntoHandle`); for others \
            write a `#[getter]`"
)]
pub trait ReadAttribute<'ctx> {
    /// What becomes an object when the data is no longer borrowed.
    type Value: IntoHandle<'ctx>;
    /// Reads it.
    fn read(&self, ctx: Context<'ctx>) -> Result<Self::Value>;
}

impl<'ctx, V: Clone + IntoHandle<'ctx>> ReadAttribute<'ctx> for V {
    type Value = V;

    #[inline(always)]
    fn read(&self, _: Context<'ctx>) -> Result<V> {
        Ok(self.clone())
    }
}

impl<'ctx, T: TypeCheck> ReadAttribute<'ctx> for Field<T> {
    type Value = Option<Handle<'ctx, T>>;

    #[inline(always)]
    fn read(&self, ctx: Context<'ctx>) -> Result<Self::Value> {
        self.load(ctx)
    }
}

impl<'ctx, T: TypeCheck> ReadAttribute<'ctx> for Option<Field<T>> {
    type Value = Option<Handle<'ctx, T>>;

    #[inline(always)]
    fn read(&self, ctx: Context<'ctx>) -> Result<Self::Value> {
        match self {
            Some(field) => field.load(ctx),
            None => Ok(None),
        }
    }
}

/// The value of a field, as an object: in line, where the field's type converts quickly.
#[inline(always)]
pub fn get_attribute<'ctx, T: PyClass, V: ReadAttribute<'ctx>, const IN_LINE: bool>(
    ctx: Context<'ctx>,
    this: &Handle<'ctx>,
    field: impl FnOnce(&T) -> &V,
) -> Result<Handle<'ctx>> {
    let data = receiver::<IN_LINE, T>(this)?;
    let value = field(&data).read(ctx)?;
    drop(data);
    returned::<IN_LINE, _>(ctx, value)
}

/// Gives a field another value.
#[inline(always)]
pub fn set_attribute<'a, 'ctx, T: NotFrozen, V: FromHandle<'a, 'ctx>, const IN_LINE: bool>(
    this: &Handle<'ctx>,
    value: &'a Handle<'ctx>,
    name: &str,
    field: impl FnOnce(&mut T) -> &mut V,
) -> Result<isize> {
    let value = match converted::<IN_LINE, V>(value) {
        Ok(value) => value,
        Err(error) => return Err(of_attribute(this.ctx(), error, T::DESCRIPTION.name, name)),
    };
    let mut data = receiver_mut::<IN_LINE, T>(this)?;
    let before = core::mem::replace(field(&mut data), value);
    drop(data);
    // May run any code.
    drop(before);
    Ok(0)
}

/// The class's name in Python.
pub const fn class_name<T: HasMethods>() -> &'static str {
    T::NAME
}

/// "Point.x must be float, not str"
#[cold]
#[inline(never)]
pub fn of_attribute(ctx: Context<'_>, error: Error, type_: &str, name: &str) -> Error {
    error.behind(ctx, &[type_, ".", name])
}
