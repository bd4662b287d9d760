//! What the macros tell of a type.

use super::call_place::CallFunctions;
use crate::entry::definition::MethodDef;
use crate::stubs::description::Piece;
use crate::types::Type;
use crate::{Context, Handle, Result};
use core::ffi::CStr;
use hpy_sys::*;

/// Name, docs and options, from `#[hpy_type]`.
#[derive(Debug)]
pub struct Description {
    /// The name in Python, without the module's.
    pub name: &'static str,
    /// The name of the module that the type says it is from, where it is not the one that declares
    /// it.
    pub module: Option<&'static str>,
    /// Where it is in Rust: the path of a module.
    pub path: &'static str,
    /// The docstring.
    pub doc: &'static str,
    /// Whether Python classes may derive from it.
    pub subclass: bool,
    /// What the class is an instance of, if not of `type`.
    pub metaclass: Option<Metaclass>,
    /// Whether instances have a `__dict__`.
    pub dict: bool,
    /// Whether there can be weak references to instances.
    pub weakref: bool,
    /// Which special methods are derived.
    pub derived: Derived,
    /// `__match_args__`.
    pub match_args: Option<&'static [&'static str]>,
    /// The attributes that are fields.
    pub attributes: &'static [&'static str],
    /// Those of them that `#[hpy(set)]` makes writable.
    pub writable: &'static [&'static str],
    /// The names of the other blocks of `#[hpy_methods]`.
    pub blocks: &'static [&'static str],
    /// Registers the class with an abstract base class, if it is a collection.
    pub register: Option<Register>,
}

impl Description {
    /// That of a type with errors.
    pub const NONE: Self = Self {
        name: "",
        module: None,
        path: "",
        doc: "",
        // What derives from it has no further errors.
        subclass: true,
        metaclass: None,
        dict: false,
        weakref: false,
        derived: Derived::NONE,
        match_args: None,
        attributes: &[],
        writable: &[],
        blocks: &[],
        register: None,
    };

    /// The name of the crate, which is the module's name in most libraries.
    pub(super) fn crate_name(&self) -> &'static str {
        self.path.split("::").next().unwrap_or_default()
    }
}

/// What stands in the impl with `#[hpy_methods]`.
pub struct TypeMethods {
    /// Methods, attributes and slots.
    pub definitions: &'static [MethodDef],
    /// Setters of attributes that are fields: attributes without a getter.
    pub setters: &'static [MethodDef],
    /// Methods that are given the class.
    pub class_methods: &'static [MethodDef],
    /// Reflected operators as methods: PyPy's own HPy has no slots for them.
    pub reflected: &'static [MethodDef],
    /// `(x, y)`, where there is a `#[new]` that shows its signature.
    pub new_signature: Option<&'static str>,
    /// `#[new]`, if there is one.
    pub new: Option<MethodDef>,
    /// Special methods that HPy has no slots for: CPython sees them when they are assigned.
    pub assigned: &'static [&'static CStr],
    /// `__call__` as a function that objects are called by, if there is one.
    pub call: Option<CallPlace>,
    /// Whether there are others to choose from.
    pub chooses_call: bool,
    /// The names of all special methods.
    pub special: &'static [&'static str],
    /// The names of all other methods and attributes.
    pub names: &'static [&'static str],
    /// Functions that set the class attributes.
    pub set_attributes: &'static [SetAttributes],
}

/// Sets class attributes.
pub type SetAttributes = for<'a, 'ctx> fn(&'a Handle<'ctx, Type>) -> Result<()>;

/// Registers a new class.
pub type Register = for<'a, 'ctx> fn(&'a Handle<'ctx, Type>) -> Result<()>;

impl TypeMethods {
    /// Those of a type without `#[hpy_methods]`.
    pub const NONE: Self = Self {
        definitions: &[],
        setters: &[],
        class_methods: &[],
        reflected: &[],
        new_signature: None,
        new: None,
        assigned: &[],
        call: None,
        chooses_call: false,
        special: &[],
        names: &[],
        set_attributes: &[],
    };
    /// Whether each definition is of the kind that its place asks for: `#[new]` is a method where a
    /// built-in type makes the objects. A type's author may write such a constant, and list in it
    /// what was made for another place.
    pub(super) fn are_of_their_kinds(&self, built_in: bool) -> bool {
        let mut methods = self.class_methods.iter().chain(self.reflected);
        let mut others = self.definitions.iter().chain(self.setters);
        let is_new = |new: MethodDef| match built_in {
            true => new.is_method(),
            false => new.is_slot(HPy_tp_new),
        };
        self.new.is_none_or(is_new)
            && methods.all(|method| method.is_method())
            && others.all(|other| !other.as_raw().is_null() && !other.is_slot(HPy_tp_new))
            && self.setters.iter().all(|setter| setter.is_attribute())
    }
    /// Those of a type whose `#[hpy_methods]` has errors: what is there and what is not, nobody
    /// knows.
    pub const UNKNOWN: Self = Self {
        special: &[UNKNOWN],
        ..Self::NONE
    };
    /// Those of a block that is listed, but does not exist.
    pub const MISSING: Self = Self {
        special: &[MISSING],
        ..Self::NONE
    };
}

/// No special method's name.
const UNKNOWN: &str = "?";

/// No special method's name either: those of a block that is listed, but does not exist.
const MISSING: &str = "!";

/// Whether those of [`TypeMethods::UNKNOWN`] are meant.
pub(super) const fn are_unknown(special: &[&str]) -> bool {
    super::names::has(special, UNKNOWN)
}

/// Whether those of [`TypeMethods::MISSING`] are meant.
pub(super) const fn are_missing(special: &[&str]) -> bool {
    super::names::has(special, MISSING)
}

impl core::fmt::Debug for TypeMethods {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("TypeMethods")
            .field("has_new", &self.new.is_some())
            .finish_non_exhaustive()
    }
}

/// What a type has where there is no `#[hpy_methods]`: the attribute makes a constant of the same
/// name that hides this.
pub trait NoMethods {
    /// Nothing.
    const __HPY_METHODS: TypeMethods = TypeMethods::NONE;
    /// Nothing.
    const __HPY_DESCRIBED: &'static [Piece] = &[];
}

impl<T> NoMethods for T {}

/// Which were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived {
    /// `eq`, with or without `ord`.
    pub eq: bool,
    /// `hash`
    pub hash: bool,
    /// `repr`
    pub repr: bool,
    /// `str`
    pub str: bool,
}

impl Derived {
    /// Nothing.
    pub const NONE: Self = Self {
        eq: false,
        hash: false,
        repr: false,
        str: false,
    };
}

/// Finds the metaclass, for the type of this name.
pub type Metaclass = for<'ctx> fn(Context<'ctx>, &str) -> Result<Handle<'ctx, Type>>;

/// Where a [`CallStatic`](crate::class::CallStatic) is: no other pointer can stand in a type's
/// description.
#[derive(Clone, Copy)]
pub struct CallPlace(pub(super) *mut CallFunctions);
