//! Enums of unit variants: classes of Python's module `enum`, whose members are the variants.

use super::type_cell::not_imported;
use crate::storage::lookup::Lookup;
use crate::types::{Module, Tuple, Type, TypeCheck};
use crate::{Context, Handle, Result};

/// A Rust enum that is one of Python's: what `#[hpy_type]` makes of an enum whose variants hold
/// nothing.
///
/// `Handle<'ctx, Color>` is a handle to a member; `Color` itself converts to its member and back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an enum that Python knows",
    note = "put `#[hpy_type]` above its definition"
)]
pub trait PyEnum: TypeCheck + Sized + Send + Sync + 'static {
    /// Name, docs and members.
    #[doc(hidden)]
    const DESCRIPTION: EnumDescription;
    /// Where the members are: the same static each time.
    #[doc(hidden)]
    fn place() -> &'static EnumPlace;
    /// The variant's number, from 0.
    #[doc(hidden)]
    fn number(&self) -> usize;
    /// The variant of that number.
    #[doc(hidden)]
    fn of_number(number: usize) -> Option<Self>;
}

/// What the macro tells of an enum.
#[derive(Debug)]
pub struct EnumDescription {
    /// The name in Python.
    pub name: &'static str,
    /// The name of the module that the class says it is from, where it is not the one that declares
    /// it.
    pub module: Option<&'static str>,
    /// The docstring.
    pub doc: &'static str,
    /// Whether it is an `IntEnum`.
    pub int: bool,
    /// The members, as the variants are numbered.
    pub members: &'static [MemberDescription],
}

/// One member.
#[derive(Debug)]
pub struct MemberDescription {
    /// The name in Python.
    pub name: &'static str,
    /// The docstring.
    pub doc: &'static str,
    /// The variant's discriminant.
    pub value: i128,
}

/// A static with the class and its members: a tuple for each interpreter.
pub struct EnumPlace(crate::Cached<Tuple>);

impl EnumPlace {
    /// An empty one, for a static.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(crate::Cached::new())
    }
}

impl core::fmt::Debug for EnumPlace {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("EnumPlace")
    }
}

/// The class, and behind it the members, if the module was imported.
#[inline]
fn all<'ctx, E: PyEnum>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Tuple>> {
    match E::place().0.get(ctx)? {
        Some(all) => Ok(all),
        None => Err(not_imported(E::DESCRIPTION.name)),
    }
}

/// Makes an enum for the module, which is being imported, and adds it if `is_listed`. A module that
/// is imported again gets the same class.
pub fn add_enum<'ctx, E: PyEnum>(
    ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
    is_listed: bool,
) -> Result<()> {
    let ctx = ctx.rarely();
    let all = E::place()
        .0
        .get_or_init(ctx, || make(&E::DESCRIPTION, module))?;
    match is_listed {
        true => module.setattr(E::DESCRIPTION.name, all.get_item(0)?),
        false => Ok(()),
    }
}

#[cold]
#[inline]
fn make<'ctx>(
    description: &EnumDescription,
    module: &Handle<'ctx, Module>,
) -> Result<Handle<'ctx, Tuple>> {
    static ENUM: Lookup = Lookup::new(c"enum:Enum");
    static INT_ENUM: Lookup = Lookup::new(c"enum:IntEnum");
    let ctx = module.ctx().rarely();
    let base = if description.int { &INT_ENUM } else { &ENUM };
    let module_name = match description.module {
        Some(name) => name.to_owned(),
        None => crate::module::submodule::full_name(module)?,
    };
    let members: Vec<(&str, i128)> = description
        .members
        .iter()
        .map(|member| (member.name, member.value))
        .collect();
    let named = [("module", &*module_name), ("qualname", description.name)];
    let class = base.get(ctx)?.call((description.name, members), named)?;
    if !description.doc.is_empty() {
        class.setattr(c"__doc__", description.doc)?;
    }
    let mut all = vec![class.dup()];
    for member in description.members {
        let object = class.getattr(member.name)?;
        if !member.doc.is_empty() {
            object.setattr(c"__doc__", member.doc)?;
        }
        all.push(object);
    }
    ctx.tuple_of(all)
}

/// The class of an enum.
pub fn enum_class<'ctx, E: PyEnum>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    all::<E>(ctx)?.get_item(0)?.downcast_into()
}

/// Whether an object is a member: nobody derives from an enum with members.
pub fn is_enum_member<E: PyEnum>(object: &Handle<'_>) -> bool {
    let class = all::<E>(object.ctx()).and_then(|all| all.get_item(0));
    class.is_ok_and(|class| object.type_().as_object().is(&class))
}

/// A variant as its member.
pub fn enum_member<'ctx, E: PyEnum>(ctx: Context<'ctx>, value: E) -> Result<Handle<'ctx>> {
    all::<E>(ctx)?.get_item(value.number() + 1)
}

/// A member as its variant.
pub fn enum_variant<E: PyEnum>(object: &Handle<'_>) -> Result<E> {
    let all = all::<E>(object.ctx())?;
    for number in 0..E::DESCRIPTION.members.len() {
        if all.get_item(number + 1)?.is(object)
            && let Some(variant) = E::of_number(number)
        {
            return Ok(variant);
        }
    }
    Err(E::wrong_type(object))
}

/// What an enum with `#[hpy_type]` ends with.
#[doc(hidden)]
#[macro_export]
macro_rules! __enum_check {
    ($type:ty, $name:literal $(, $id:literal)?) => {
        $crate::__made_by_python! {
            $type, $name $(, $id)?;
            is_enum_member enum_class add_enum enum_member
        }

        impl<'a, 'ctx> $crate::FromHandle<'a, 'ctx> for $type {
            const ANNOTATION: $crate::Annotation =
                <$type as $crate::types::TypeCheck>::ANNOTATION;

            #[inline]
            fn from_handle(handle: &'a $crate::Handle<'ctx>) -> $crate::Result<Self> {
                $crate::__private::enum_variant(handle)
            }
        }
    };
}
