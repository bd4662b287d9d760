//! Definitions of methods, as `#[hpy_method]` puts them in statics and `hpy_module!` lists them.
//!
//! What an interpreter reads and calls is made here only. So code that implements [`Method`] by
//! hand can name a definition, but not invent one.

#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub(crate) mod cpython;
#[cfg(feature = "universal")]
pub(crate) mod universal;

#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython::{Definition, OwnFunctions};
#[cfg(all(feature = "cpython", not(feature = "universal")))]
use cpython::{construct_of, for_own_types};
#[cfg(feature = "universal")]
pub use universal::{Definition, OwnFunctions};
#[cfg(feature = "universal")]
use universal::{construct_of, for_own_types};

use core::ffi::CStr;
use hpy_sys::{
    HPy_tp_new, HPyCFunction, HPyDef, HPyDef_Kind_GetSet, HPyDef_Kind_Meth, HPyDef_Kind_Slot,
    HPyFunc_Signature, HPySlot_Slot, Static,
};

/// A function that `hpy_module!` can list: what `#[hpy_method]` makes of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Python method",
    label = "not a method of a Python module",
    note = "put `#[hpy_method]` above `fn {Self}`"
)]
pub trait Method {
    /// Its definition, which stands in a static.
    const DEF: MethodDef;
    /// Whether it takes the module that it is called through.
    const PASSES_MODULE: bool = false;
}

/// What stands in the definition of a slot.
#[derive(Clone, Copy)]
pub struct Functions {
    /// What they are called with: a slot of another signature may not have them.
    pub(crate) signature: HPyFunc_Signature,
    /// The implementation. In the CPython ABI nobody calls it, but it tells one slot from another.
    pub(crate) implementation: HPyCFunction,
    /// What CPython calls.
    pub(crate) trampoline: HPyCFunction,
    /// What CPython calls of types that the own runtime makes, if that is another.
    #[cfg_attr(not(feature = "universal"), allow(dead_code))]
    pub(crate) own: HPyCFunction,
    /// Of `HPy_tp_new`: what a call of the class comes to, where CPython asks for it.
    #[cfg_attr(not(feature = "universal"), allow(dead_code))]
    pub(crate) construct: HPyCFunction,
}

/// The static of a method: what `noargs_def` and its like make.
#[repr(C)]
pub struct MethodStatic {
    definition: Static<Definition>,
    /// Of slots and attributes: what CPython calls of types that the own runtime makes.
    own: OwnFunctions,
}

/// Where a method's definition is.
#[derive(Clone, Copy)]
pub struct MethodDef {
    definition: *mut HPyDef,
    name: &'static CStr,
}

impl MethodStatic {
    pub(crate) const fn new(definition: Static<Definition>) -> Self {
        Self::with_own(definition, OwnFunctions::NONE)
    }

    pub(crate) const fn with_own(definition: Static<Definition>, own: OwnFunctions) -> Self {
        Self { definition, own }
    }

    /// What a module lists. The Python name is there to be compared: a constant cannot read it in
    /// the static.
    pub const fn def(&'static self, name: &'static CStr) -> MethodDef {
        MethodDef {
            // The whole static begins with its `Definition`, which is an `HPyDef`, or begins with
            // one.
            definition: core::ptr::from_ref(self).cast_mut().cast(),
            name,
        }
    }
}

impl MethodDef {
    /// That of a method whose declaration is wrong. Nothing comes of it: there are errors to be
    /// mended.
    pub const NONE: Self = Self {
        definition: core::ptr::null_mut(),
        name: c"",
    };

    /// The name in Python.
    pub(crate) const fn name(self) -> &'static CStr {
        self.name
    }

    /// Whether it is a method's definition.
    pub(crate) fn is_method(self) -> bool {
        self.read().is_some_and(|def| def.kind == HPyDef_Kind_Meth)
    }

    /// Whether it is an attribute's definition.
    pub(crate) fn is_attribute(self) -> bool {
        self.read()
            .is_some_and(|def| def.kind == HPyDef_Kind_GetSet)
    }

    /// Whether it is the definition of that slot.
    pub(crate) fn is_slot(self, slot: HPySlot_Slot) -> bool {
        self.read().is_some_and(|def| {
            // SAFETY: the kind says which field is meant.
            def.kind == HPyDef_Kind_Slot && unsafe { def.definition.slot.slot } == slot
        })
    }

    fn read(&self) -> Option<&'static HPyDef> {
        // SAFETY: a pointer that is not null is one to a static's `HPyDef`, which nobody writes to.
        unsafe { self.definition.as_ref() }
    }

    /// For the list of a type that a runtime makes: the own one's types have functions that need no
    /// detour over a context.
    pub(crate) fn for_type(self, own_runtime: bool) -> *mut HPyDef {
        if !own_runtime || self.definition.is_null() {
            return self.definition;
        }
        // SAFETY: a definition is a `MethodStatic`'s, of which the pointer is one to all of it.
        // Nobody writes to it.
        unsafe {
            let own = &(*self.definition.cast::<MethodStatic>()).own;
            for_own_types(self.definition, own)
        }
    }

    /// What CPython may call when a class with this `HPy_tp_new` is called.
    ///
    /// None of what is no such definition.
    ///
    /// # Safety
    /// It is the definition of a type's.
    pub(crate) unsafe fn construct(self) -> hpy_sys::HPyCFunction {
        // SAFETY: as above, and as promised by the caller; the kind says which field is meant.
        unsafe {
            let definition = &*self.definition;
            if definition.kind != HPyDef_Kind_Slot || definition.definition.slot.slot != HPy_tp_new
            {
                return None;
            }
            let own = &(*self.definition.cast::<MethodStatic>()).own;
            construct_of(self.definition, own)
        }
    }

    /// For the module's list. A null pointer would be the list's end.
    pub const fn as_raw(self) -> *mut HPyDef {
        self.definition
    }
}

/// Whether each method has a Python name that none before it has.
///
/// Every module's compilation runs this, so it takes a time proportional to the number of methods:
/// their names are found in a table of `PLACES`, which is a power of two, and more than there are
/// methods.
pub const fn new_names<const N: usize, const PLACES: usize>(methods: &[MethodDef; N]) -> [bool; N] {
    assert!(PLACES.is_power_of_two() && PLACES > N);
    let mut new = [true; N];
    // The number of the method that is there, counted from 1.
    let mut table = [0; PLACES];
    let mut index = 0;
    while index < N {
        let name = methods[index].name.to_bytes();
        let mut place = hash(name) & (PLACES - 1);
        while table[place] != 0 {
            if is_same(methods[table[place] - 1].name.to_bytes(), name) {
                new[index] = false;
                break;
            }
            place = (place + 1) & (PLACES - 1);
        }
        if new[index] {
            table[place] = index + 1;
        }
        index += 1;
    }
    new
}

/// FNV-1a, the upper half mixed in.
const fn hash(name: &[u8]) -> usize {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ name[at] as u64).wrapping_mul(0x100_0000_01b3);
        at += 1;
    }
    (hash ^ (hash >> 32)) as u32 as usize
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_new_or_not() {
        let methods = [c"a", c"ab", c"", c"a", c"b"].map(|name| MethodDef {
            name,
            ..MethodDef::NONE
        });
        assert_eq!(new_names::<5, 8>(&methods), [true, true, true, false, true]);
    }
}
