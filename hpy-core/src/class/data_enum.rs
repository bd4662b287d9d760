//! Enums whose variants hold data: a class for the enum, and one for each variant, which derives
//! from it and is an attribute of it. PyO3's complex enums.
//!
//! The value lies in the data of the enum's class. The classes of variants add none.

use super::access::Frozen;
use super::attributes::ReadAttribute;
use super::create::{class_of, make_variant, refuse_subclasses};
use super::declaration::PyClass;
use super::names::has;
use crate::entry::arguments_and_results::{receiver, returned};
use crate::exceptions::{IndexError, OverflowError, TypeError};
use crate::types::{Module, Type};
use crate::{Annotation, Context, Error, FromHandle, Handle, Result};

/// Makes the class of a variant, and an attribute of the enum's class.
#[cold]
pub fn add_variant<'ctx, V: PyClass>(
    class: &Handle<'ctx, Type>,
    module: Option<&Handle<'ctx, Module>>,
) -> Result<()> {
    let variant = make_variant::<V>(class.ctx(), module)?;
    name_variant(class, &variant, V::DESCRIPTION.name)
}

/// The class of a variant, which is made with the others of its enum. The enum's class may be there
/// already: another thread is about to make those of the variants.
#[cold]
pub fn variant_of<'ctx, V: PyClass, E: PyClass>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    let class = class_of::<E>(ctx)?;
    if let Some(variant) = V::place().get(ctx)? {
        return Ok(variant);
    }
    let made = make_variant::<V>(ctx, None);
    match (made, V::place().get(ctx)?) {
        (Ok(variant), _) => {
            name_variant(&class, &variant, V::DESCRIPTION.name)?;
            Ok(variant)
        }
        // The other thread was faster, and nobody may derive from the enum any more.
        (Err(_), Some(variant)) => Ok(variant),
        (Err(error), None) => Err(error),
    }
}

#[cold]
#[inline(never)]
fn name_variant<'ctx>(
    class: &Handle<'ctx, Type>,
    variant: &Handle<'ctx, Type>,
    name: &str,
) -> Result<()> {
    let outer: String = class.getattr(c"__qualname__")?.extract()?;
    variant.setattr(c"__qualname__", crate::error::joined(&[&outer, ".", name]))?;
    class.setattr(name, variant)
}

/// The field of a variant, as an object.
#[inline(always)]
pub fn get_variant_field<
    'ctx,
    E: PyClass<Access = Frozen>,
    V: ReadAttribute<'ctx>,
    const IN_LINE: bool,
>(
    ctx: Context<'ctx>,
    this: &Handle<'ctx>,
    field: impl FnOnce(&E) -> Option<&V>,
) -> Result<Handle<'ctx>> {
    let data = receiver::<IN_LINE, E>(this)?;
    let Some(field) = field(&data) else {
        return Err(other_variant());
    };
    let value = field.read(ctx)?;
    drop(data);
    returned::<IN_LINE, _>(ctx, value)
}

/// An object whose `__class__` was assigned.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
pub extern "C" fn other_variant() -> Error {
    TypeError::new("the object holds another variant than its class says")
}

/// An index into a tuple variant. As for Python's tuples, an int that is too large is out of range.
#[doc(hidden)]
#[derive(Debug)]
pub struct VariantIndex(isize);

impl<'a, 'ctx> FromHandle<'a, 'ctx> for VariantIndex {
    const ANNOTATION: Annotation = Annotation::name("int");

    #[cold]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        match handle.extract::<isize>() {
            Ok(index) => Ok(Self(index)),
            Err(error) if error.is_instance_of::<OverflowError>(handle.ctx()) => {
                Err(IndexError::new("index out of range"))
            }
            Err(error) => Err(error),
        }
    }
}

/// The item of a tuple variant at an index, which counts from the end if it is negative.
#[cold]
pub fn variant_item<'ctx>(
    this: &Handle<'ctx>,
    VariantIndex(index): VariantIndex,
    names: &[&str],
) -> Result<Handle<'ctx>> {
    let place = if index < 0 {
        names.len().checked_add_signed(index)
    } else {
        usize::try_from(index).ok()
    };
    match place.and_then(|place| names.get(place)) {
        Some(name) => this.getattr(*name),
        None => Err(IndexError::new("index out of range")),
    }
}

/// Ends the list of an enum's classes: no class of Python derives from it.
#[cold]
pub fn close_enum<E: PyClass>(class: &Handle<'_, Type>) -> Result<()> {
    refuse_subclasses::<E>(class)
}

/// Refuses, when the extension is compiled, variants that something else hides, and what an enum
/// cannot have.
#[track_caller]
pub const fn check_variants(variants: &[&str], names: &[&str], special: &[&str]) {
    let mut index = 0;
    while index < variants.len() {
        assert!(
            !has(names, variants[index]),
            "a variant has the name of a method or attribute in #[hpy_methods]: keep one, or give \
             the variant another `name`"
        );
        index += 1;
    }
    assert!(
        !has(special, "__init__"),
        "objects of an enum are made by its variants' classes: remove `__init__`"
    );
}
