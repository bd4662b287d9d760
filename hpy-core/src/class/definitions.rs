//! What the macros tell of a type.

use super::CallPlace;
use super::Derived;
use super::Setting;
use crate::entry::Functions;
use crate::entry::definition::{MethodDef, MethodStatic};
use crate::entry::guard::NoArgsMethod;
use crate::stubs::description::Piece;
use crate::types::Type;
use crate::{Handle, Result};
use core::ffi::CStr;
use hpy_sys::*;

/// Name, docs and options, from `#[hpy_type]`.
#[derive(Debug)]
pub struct Description {
    /// The name in Python, without the module's.
    pub name: &'static str,
    /// The name of the module that the type says it is from, where it is not the one that declares it.
    pub module: Option<&'static str>,
    /// The docstring.
    pub doc: &'static str,
    /// Whether Python classes may derive from it.
    pub subclass: bool,
    /// What the class is an instance of, if not of `type`.
    pub metaclass: Option<super::Metaclass>,
    /// Whether instances have a `__dict__`.
    pub dict: bool,
    /// Whether there can be weak references to instances.
    pub weakref: bool,
    /// Which special methods are derived.
    pub derived: Derived,
    /// `__match_args__`.
    pub match_args: Option<&'static [&'static str]>,
}

impl Description {
    /// That of a type with errors.
    pub const NONE: Self = Self {
        name: "",
        module: None,
        doc: "",
        // What derives from it has no further errors.
        subclass: true,
        metaclass: None,
        dict: false,
        weakref: false,
        derived: Derived::NONE,
        match_args: None,
    };
}

/// What stands in the impl with `#[hpy_methods]`.
pub struct TypeMethods {
    /// Methods, attributes and slots.
    pub definitions: &'static [MethodDef],
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
    /// Sets the class attributes.
    pub set_attributes: for<'a, 'ctx> fn(&'a Handle<'ctx, Type>) -> Result<()>,
}

impl TypeMethods {
    /// Those of a type without `#[hpy_methods]`.
    pub const NONE: Self = Self {
        definitions: &[],
        class_methods: &[],
        reflected: &[],
        new_signature: None,
        new: None,
        assigned: &[],
        call: None,
        chooses_call: false,
        special: &[],
        names: &[],
        set_attributes: |_| Ok(()),
    };
    /// Whether each definition is of the kind that its place asks for: `#[new]` is a method where a
    /// built-in type makes the objects. A type's author may write such a constant, and list in it
    /// what was made for another place.
    pub(super) fn are_of_their_kinds(&self, built_in: bool) -> bool {
        let mut methods = self.class_methods.iter().chain(self.reflected);
        let mut others = self.definitions.iter();
        let is_new = |new: MethodDef| match built_in {
            true => new.is_method(),
            false => new.is_slot(HPy_tp_new),
        };
        self.new.is_none_or(is_new)
            && methods.all(|method| method.is_method())
            && others.all(|other| !other.as_raw().is_null() && !other.is_slot(HPy_tp_new))
    }
    /// Those of a type whose `#[hpy_methods]` has errors: what is there and what is not, nobody knows.
    pub const UNKNOWN: Self = Self {
        special: &[UNKNOWN],
        ..Self::NONE
    };
}

/// No special method's name.
const UNKNOWN: &str = "?";

/// Whether those of [`TypeMethods::UNKNOWN`] are meant.
pub(super) const fn are_unknown(special: &[&str]) -> bool {
    super::derived::has(special, UNKNOWN)
}

impl core::fmt::Debug for TypeMethods {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("TypeMethods")
            .field("has_new", &self.new.is_some())
            .finish_non_exhaustive()
    }
}

/// What a type has where there is no `#[hpy_methods]`: the attribute makes a constant of the same name that hides this.
pub trait NoMethods {
    /// Nothing.
    const __HPY_METHODS: TypeMethods = TypeMethods::NONE;
    /// Nothing.
    const __HPY_DESCRIBED: &'static [Piece] = &[];
}

impl<T> NoMethods for T {}

/// The signature of the slots that `#[hpy_methods]` and `#[hpy_type]` fill.
#[allow(non_upper_case_globals)] // HPy's names.
const fn signature_of(slot: HPySlot_Slot) -> Option<HPyFunc_Signature> {
    Some(match slot {
        HPy_tp_repr | HPy_tp_str | HPy_nb_negative | HPy_nb_positive | HPy_nb_absolute
        | HPy_nb_invert | HPy_nb_int | HPy_nb_float | HPy_nb_index => HPyFunc_UNARYFUNC,
        HPy_nb_add
        | HPy_nb_subtract
        | HPy_nb_multiply
        | HPy_nb_matrix_multiply
        | HPy_nb_true_divide
        | HPy_nb_floor_divide
        | HPy_nb_remainder
        | HPy_nb_divmod
        | HPy_nb_lshift
        | HPy_nb_rshift
        | HPy_nb_and
        | HPy_nb_or
        | HPy_nb_xor
        | HPy_nb_inplace_add
        | HPy_nb_inplace_subtract
        | HPy_nb_inplace_multiply
        | HPy_nb_inplace_matrix_multiply
        | HPy_nb_inplace_true_divide
        | HPy_nb_inplace_floor_divide
        | HPy_nb_inplace_remainder
        | HPy_nb_inplace_lshift
        | HPy_nb_inplace_rshift
        | HPy_nb_inplace_and
        | HPy_nb_inplace_or
        | HPy_nb_inplace_xor
        | HPy_mp_subscript => HPyFunc_BINARYFUNC,
        HPy_nb_power | HPy_nb_inplace_power => HPyFunc_TERNARYFUNC,
        HPy_nb_bool => HPyFunc_INQUIRY,
        HPy_sq_length | HPy_mp_length => HPyFunc_LENFUNC,
        HPy_tp_hash => HPyFunc_HASHFUNC,
        HPy_sq_contains => HPyFunc_OBJOBJPROC,
        HPy_tp_richcompare => HPyFunc_RICHCMPFUNC,
        HPy_mp_ass_subscript => HPyFunc_OBJOBJARGPROC,
        HPy_bf_getbuffer => HPyFunc_GETBUFFERPROC,
        HPy_bf_releasebuffer => HPyFunc_RELEASEBUFFERPROC,
        HPy_tp_new => HPyFunc_NEWFUNC,
        HPy_tp_init => HPyFunc_INITPROC,
        HPy_tp_finalize => HPyFunc_DESTRUCTOR,
        _ => return None,
    })
}

/// The definition of a slot, for a static.
///
/// # Panics
/// When compiled, where the functions are those of a slot of another signature: they would be
/// called with other arguments than they have.
pub const fn slot_def(slot: HPySlot_Slot, functions: Functions) -> MethodStatic {
    match signature_of(slot) {
        Some(signature) if signature.0 == functions.signature.0 => {}
        _ => panic!("a slot has functions of another signature"),
    }
    let definition = HPyDef::slot(HPySlot {
        slot,
        r#impl: functions.implementation,
        cpy_trampoline: functions.trampoline,
    });
    crate::entry::slots::definition(definition, [functions.own, functions.construct])
}

/// The definition of an attribute, for a static.
///
/// # Panics
/// When compiled, where the functions are not those of a setter.
pub const fn attribute_def<G: NoArgsMethod, S: Setting>(
    name: &'static CStr,
    doc: &'static CStr,
) -> MethodStatic {
    const NONE: Functions = Functions {
        signature: HPyFunc_SETTER,
        implementation: None,
        trampoline: None,
        own: None,
        construct: None,
    };
    let getter = crate::entry::slots::getter::<G>();
    let setter = match S::FUNCTIONS {
        Some(setter) if setter.signature.0 == HPyFunc_SETTER.0 => setter,
        Some(_) => panic!("an attribute has functions of another signature"),
        None => NONE,
    };
    let definition = HPyDef::getset(HPyGetSet {
        name: name.as_ptr(),
        getter_impl: getter.implementation,
        setter_impl: setter.implementation,
        getter_cpy_trampoline: getter.trampoline,
        setter_cpy_trampoline: setter.trampoline,
        doc: doc.as_ptr(),
        closure: crate::entry::slots::closure_of_attribute::<G, S>(),
    });
    crate::entry::slots::definition(definition, [getter.own, setter.own])
}
