//! Enums of unit variants: classes of Python's module `enum`, whose members are the variants.

use super::create::make_methods;
use super::names::has;
use super::type_cell::not_imported;
use super::{Derived, Description, TypeMethods};
use crate::entry::definition::MethodDef;
use crate::storage::lookup::Lookup;
use crate::types::{Int, Module, Object, Tuple, Type, TypeCheck, TypeObject};
use crate::{CallArgs, Context, Error, Handle, Result};
use core::ffi::CStr;
use core::ops::Deref;

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
    /// The slots that options derive.
    #[doc(hidden)]
    const SLOTS: &'static [MethodDef];
    /// What `#[hpy_methods]` made.
    #[doc(hidden)]
    const METHODS: TypeMethods;
    /// What the class that has the methods is made of.
    #[doc(hidden)]
    const CLASS: Description = Description {
        name: Self::DESCRIPTION.name,
        path: Self::DESCRIPTION.path,
        derived: Self::DESCRIPTION.derived,
        ..Description::NONE
    };
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
    /// Where it is in Rust: the path of a module.
    pub path: &'static str,
    /// The docstring.
    pub doc: &'static str,
    /// Whether it is an `IntEnum`.
    pub int: bool,
    /// Which special methods are derived.
    pub derived: Derived,
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
        .get_or_init(ctx, || make(module, &methods_of::<E>()))?;
    // Some of them may be members.
    for set in const { &E::METHODS }.set_attributes {
        set(all.get_item(0)?.downcast()?)?;
    }
    match is_listed {
        true => module.setattr(E::DESCRIPTION.name, all.get_item(0)?),
        false => Ok(()),
    }
}

/// What an enum is made of.
struct Parts {
    description: &'static EnumDescription,
    class: &'static Description,
    slots: &'static [MethodDef],
    methods: &'static TypeMethods,
}

fn methods_of<E: PyEnum>() -> Parts {
    Parts {
        description: const { &E::DESCRIPTION },
        class: const { &E::CLASS },
        slots: E::SLOTS,
        methods: const { &E::METHODS },
    }
}

impl Parts {
    fn have_methods(&self) -> bool {
        let methods = self.methods;
        let lists = [methods.definitions, methods.class_methods, self.slots];
        lists.iter().any(|list| !list.is_empty())
    }

    /// The class that has the methods. `base` is `Enum` or `IntEnum`.
    fn class_of_methods<'ctx>(
        &self,
        base: &Handle<'ctx>,
        module_name: &str,
    ) -> Result<Handle<'ctx, Type>> {
        let (class, methods) = (self.class, self.methods);
        let made = make_methods(
            base.ctx(),
            class,
            self.slots,
            methods,
            module_name.to_owned(),
        )?;
        if made.getattr(c"__dict__")?.contains("__new__")? {
            // PyPy's own HPy puts one there. By it `enum` takes the class for that of the values.
            made.as_object().delattr(c"__new__")?;
        }
        let compares = ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"];
        let compares = class.derived.eq
            || has(methods.special, "__richcmp__")
            || compares.iter().any(|name| has(methods.special, name));
        if compares && !has(methods.special, "__hash__") {
            // The slot hides it.
            made.setattr(c"__hash__", base.getattr(c"__hash__")?)?;
        }
        Ok(made)
    }
}

#[cold]
#[inline]
fn make<'ctx>(module: &Handle<'ctx, Module>, parts: &Parts) -> Result<Handle<'ctx, Tuple>> {
    let description = parts.description;
    static ENUM: Lookup = Lookup::new(c"enum:Enum");
    static INT_ENUM: Lookup = Lookup::new(c"enum:IntEnum");
    let ctx = module.ctx().rarely();
    let base = if description.int { &INT_ENUM } else { &ENUM };
    let base = base.get(ctx)?;
    let module_name = match description.module {
        Some(name) => name.to_owned(),
        None => crate::module::submodule::full_name(module)?,
    };
    let members: Vec<(&str, i128)> = description
        .members
        .iter()
        .map(|member| (member.name, member.value))
        .collect();
    let named = ctx.dict()?;
    named.set_item("module", &*module_name)?;
    named.set_item("qualname", description.name)?;
    if parts.have_methods() {
        named.set_item("type", parts.class_of_methods(&base, &module_name)?)?;
    }
    let class = base.call((description.name, members), &named)?;
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
    if is_enum_member::<E>(object) {
        return Err(no_member(E::DESCRIPTION.name));
    }
    Err(E::wrong_type(object))
}

/// For an instance of the class that `enum` has not made, as by `object.__new__(Color)`.
#[cold]
#[inline(never)]
fn no_member(name: &str) -> Error {
    let member = crate::error::joined(&["a member of ", name]);
    Error::wrong_kind(member, "another instance of it".to_owned())
}

/// `&self` of an enum's method.
pub struct OwnedVariant<E>(E);

impl<E> Deref for OwnedVariant<E> {
    type Target = E;

    #[inline(always)]
    fn deref(&self) -> &E {
        &self.0
    }
}

/// `&self` of a method that is called with this member.
#[inline]
pub fn enum_receiver<E: PyEnum>(this: &Handle<'_>) -> Result<OwnedVariant<E>> {
    enum_variant(this).map(OwnedVariant)
}

/// What the method of this name returns that the enum would have without `#[hpy_methods]`. Those of
/// `int` and the comparisons of `object` are meant: `Enum` has others from its metaclass.
#[cold]
pub fn enum_inherited<'ctx, E: PyEnum>(
    ctx: Context<'ctx>,
    name: &'static CStr,
    args: impl CallArgs<'ctx>,
) -> Result<Option<Handle<'ctx>>> {
    let compares = [
        c"__lt__", c"__le__", c"__eq__", c"__ne__", c"__gt__", c"__ge__",
    ];
    let base = match E::DESCRIPTION.int {
        true => Int::type_object(ctx)?,
        false if compares.contains(&name) => Object::type_object(ctx)?,
        false => return Ok(None),
    };
    match base.getattr_opt(name)? {
        Some(method) => method.call1(args).map(Some),
        None => Ok(None),
    }
}

/// Refuses, when the extension is compiled, what an enum cannot have.
#[track_caller]
pub const fn check_enum_methods(methods: &TypeMethods) {
    assert!(
        methods.new.is_none(),
        "the objects of an enum are its variants: write a #[staticmethod] that returns one, in \
         place of #[new]"
    );
    assert!(
        !has(methods.special, "__init__") && !has(methods.special, "__del__"),
        "the members of an enum are made by Python and never end: remove `__init__` and `__del__`"
    );
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

        impl $crate::__private::HasMethods for $type {
            type Data<'a> = $crate::__private::OwnedVariant<$type>;
            const INHERITS: ::core::primitive::bool =
                <$type as $crate::__private::PyEnum>::DESCRIPTION.int;

            #[inline]
            fn data<'a, const IN_LINE: ::core::primitive::bool>(
                this: &'a $crate::Handle<'_>,
            ) -> $crate::Result<$crate::__private::OwnedVariant<$type>> {
                $crate::__private::enum_receiver(this)
            }

            #[inline]
            fn inherited<'ctx>(
                ctx: $crate::Context<'ctx>,
                name: &'static ::core::ffi::CStr,
                args: impl $crate::CallArgs<'ctx>,
            ) -> $crate::Result<::core::option::Option<$crate::Handle<'ctx>>> {
                $crate::__private::enum_inherited::<$type>(ctx, name, args)
            }
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
