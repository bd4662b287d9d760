//! `#[hpy_type(pickle)]`: objects that `pickle` and `copy` take apart into the fields of their
//! data, and make anew of them.
//!
//! `__reduce__` returns the class's own method [`RESTORE`], the fields, and what a class of Python
//! that derives from the type has added. So neither `#[new]` nor `__init__` runs again.

use super::PyClass;
use super::attributes::of_attribute;
use super::construct::{NewResult, construct};
use super::names::has;
use crate::entry::arguments::KeywordArgs;
use crate::entry::definition::MethodStatic;
use crate::entry::guard::{KeywordsMethod, NoArgsMethod};
use crate::exceptions::TypeError;
use crate::object::handle::Borrowed;
use crate::storage::lookup::Lookup;
use crate::types::{Str, Type, TypeCheck};
use crate::{Context, Error, FromHandle, Handle, IntoHandle, Result, entry};
use core::ffi::CStr;
use core::marker::PhantomData;

/// The name of the class method that makes an object of the fields.
pub const RESTORE: &CStr = c"__hpy_restore__";

/// A type whose objects can be pickled: what `#[hpy_type(pickle)]` implements.
#[diagnostic::on_unimplemented(
    message = "objects of `{Self}` cannot be pickled",
    label = "a base without `pickle`",
    note = "the base's data is pickled with that of the type: write `pickle` above the base too; a \
            type with a built-in base has a `__reduce__` of its own in place of `pickle`"
)]
pub trait Pickled: TypeCheck + Sized {
    /// The data of an object, with that of its bases.
    type Made;
    /// Adds the fields of an object's data to the others.
    fn write<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        out: &mut PickledFields<'ctx>,
    ) -> Result<()>;
    /// The data from the next ones.
    fn read(fields: &mut RestoredFields<'_, '_>) -> Result<Self::Made>;
}

/// The fields of an object, as objects.
#[derive(Debug, Default)]
pub struct PickledFields<'ctx>(Vec<Handle<'ctx>>);

impl<'ctx> PickledFields<'ctx> {
    /// Adds one.
    pub fn push(&mut self, ctx: Context<'ctx>, value: impl IntoHandle<'ctx>) -> Result<()> {
        self.0.push(value.into_handle(ctx)?);
        Ok(())
    }
}

/// The fields that an object is made of.
#[allow(missing_debug_implementations)] // Only the macros' code has one.
pub struct RestoredFields<'a, 'ctx>(KeywordArgs<'a, 'ctx>);

impl<'ctx> RestoredFields<'_, 'ctx> {
    /// The next one. `class` and `name` are for messages.
    pub fn next<T>(&mut self, class: &str, name: &str) -> Result<T>
    where
        T: for<'any> FromHandle<'any, 'ctx>,
    {
        let field = self.next_object(class)?;
        let ctx = field.ctx();
        T::from_handle(&field).map_err(|error| of_attribute(ctx, error, class, name))
    }

    #[inline]
    fn next_object(&mut self, class: &str) -> Result<Borrowed<'_, 'ctx>> {
        let Some((field, rest)) = self.0.split_first() else {
            return Err(other_fields(class));
        };
        self.0 = rest;
        Ok(field)
    }

    /// The whole value, by `serde`.
    #[cfg(feature = "serde")]
    pub fn next_by_serde<T: ::serde::de::DeserializeOwned>(&mut self, class: &str) -> Result<T> {
        let value = self.next_object(class)?;
        crate::serde::from_handle(&value)
    }
}

/// The whole value, by `serde`.
#[cfg(feature = "serde")]
pub fn write_by_serde<'ctx, T: PyClass + ::serde::Serialize>(
    ctx: Context<'ctx>,
    this: &Handle<'ctx>,
    out: &mut PickledFields<'ctx>,
) -> Result<()> {
    let value = crate::serde::to_handle(ctx, &*super::borrow::borrow_out_of_line::<T>(this)?)?;
    out.push(ctx, value)
}

#[cold]
#[inline(never)]
fn other_fields(class: &str) -> Error {
    let parts = [
        "the pickle has other fields than ",
        class,
        ": it may come from another version of it",
    ];
    TypeError::new(crate::error::joined(&parts))
}

/// `__reduce__`
struct Reduce<T>(PhantomData<T>);

impl<T: Pickled> NoArgsMethod for Reduce<T> {
    #[inline]
    fn call<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let mut fields = PickledFields::default();
        T::write(ctx, this, &mut fields)?;
        reduced(ctx.rarely(), &this.rarely(), fields)
    }
}

#[inline(never)]
fn reduced<'ctx>(
    ctx: Context<'ctx>,
    this: &Handle<'ctx>,
    fields: PickledFields<'ctx>,
) -> Result<Handle<'ctx>> {
    let restore = this.type_().getattr(RESTORE)?;
    let fields = ctx.tuple_of(fields.0)?;
    match state(ctx, this)? {
        Some(state) => (restore, fields, state).into_handle(ctx),
        None => (restore, fields).into_handle(ctx),
    }
}

/// What a class of Python has added to an object: its `__dict__` and `__slots__`, as
/// `object.__getstate__` returns them, which Python 3.11 has first.
#[inline]
fn state<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    static SLOT_NAMES: Lookup = Lookup::new(c"copyreg:_slotnames");
    if let Some(get_state) = this.getattr_opt(c"__getstate__")? {
        let state = get_state.call0()?;
        return Ok((!state.is_none()).then_some(state));
    }
    let dict = this.getattr_opt(c"__dict__")?;
    let names = SLOT_NAMES.get(ctx)?.call1((this.type_(),))?;
    let slots = ctx.dict()?;
    let mut has_slots = false;
    for name in names.iter()? {
        let name = name?.downcast_into::<Str>()?;
        if let Some(value) = this.getattr_opt(&name)? {
            slots.set_item(&name, value)?;
            has_slots = true;
        }
    }
    if has_slots {
        return (dict, slots).into_handle(ctx).map(Some);
    }
    Ok(dict)
}

/// The class method of the name [`RESTORE`].
struct Restore<T>(PhantomData<T>);

impl<T: Pickled + PyClass> KeywordsMethod for Restore<T>
where
    T::Made: for<'any> NewResult<'any, T>,
{
    #[inline]
    fn call<'ctx>(
        _: Context<'ctx>,
        class: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        let mut fields = RestoredFields(args);
        let value = T::read(&mut fields)?;
        if fields.0.split_first().is_some() || fields.0.keyword_count() != 0 {
            return Err(other_fields(T::DESCRIPTION.name));
        }
        construct::<T>(class, value)
    }
}

/// Makes [`RESTORE`] a method that pickle finds by its name, which methods that a host context has
/// made do not have everywhere.
#[cold]
pub(super) fn name_restore(class: &Handle<'_, Type>) -> Result<()> {
    const CODE: &str = "
def named(restore):
    def __hpy_restore__(cls, *fields):
        return restore(cls, *fields)
    return classmethod(__hpy_restore__)
";
    let ctx = class.ctx();
    let names = ctx.dict()?;
    ctx.run(CODE, Some(&names), None)?;
    let method = class.getattr(c"__dict__")?.get_item("__hpy_restore__")?;
    let method = names
        .get_item("named")?
        .call1((method.getattr(c"__func__")?,))?;
    class.setattr(RESTORE, method)
}

/// The definition of `__reduce__`, for a static.
pub const fn reduce_def<T: Pickled>() -> MethodStatic {
    entry::noargs_def::<Reduce<T>>(c"__reduce__", c"Helper for pickle.")
}

/// The definition of [`RESTORE`], for a static.
pub const fn restore_def<T: Pickled + PyClass>() -> MethodStatic
where
    T::Made: for<'any> NewResult<'any, T>,
{
    entry::slots::class_def::<Restore<T>>(RESTORE, c"Helper for pickle.")
}

/// Refuses, when the extension is compiled, methods that would hide those of `pickle`.
#[track_caller]
pub const fn check_pickle(names: &[&str], special: &[&str]) {
    let writes_its_own = has(names, "__reduce__")
        || has(names, "__reduce_ex__")
        || has(special, "__reduce__")
        || has(special, "__reduce_ex__");
    assert!(
        !writes_its_own,
        "`pickle` makes the `__reduce__` that #[hpy_methods] has too: remove the one or the other"
    );
}

/// Refuses, when the extension is compiled, a type that would lose its data, as its base alone is
/// pickled, and what `check_base` refuses.
#[track_caller]
pub const fn check_unpickled_base<B: super::Base>() {
    super::check_base::<B>();
    assert!(
        !B::PICKLES,
        "the base has `pickle`, which knows nothing of this type's data: write `pickle` here too"
    );
}

/// Code that needs `serde`.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __by_serde {
    ($what:ident $code:expr) => {
        $code
    };
}

/// What stands where `serde` is asked for.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __by_serde {
    (write $code:expr) => {
        ::core::compile_error!(
            "`pickle = serde` needs the feature `serde` of hpy: write it in Cargo.toml, or \
             `pickle` for fields that convert"
        )
    };
    (read $code:expr) => {
        ::core::panic!()
    };
}
