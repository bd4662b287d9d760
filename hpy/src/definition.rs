//! Definitions of methods, as `#[hpy_method]` puts them in statics and `hpy_module!` lists them.
//!
//! What an interpreter reads and calls is made here only. So code that implements [`Method`](crate::boundary::Method) by hand can
//! name a definition, but not invent one.

use crate::abi::Definition;
use core::ffi::CStr;
use hpy_sys::{HPyDef, Static};

/// The static of a method: what `noargs_def` and its like make.
pub struct MethodStatic(Static<Definition>);

/// Where a method's definition is.
#[derive(Clone, Copy)]
pub struct MethodDef {
    definition: *mut HPyDef,
    name: &'static CStr,
}

impl MethodStatic {
    pub(crate) const fn new(definition: Static<Definition>) -> Self {
        Self(definition)
    }

    /// What a module lists. The Python name is there to be compared: a constant cannot read it in the static.
    pub const fn def(&'static self, name: &'static CStr) -> MethodDef {
        MethodDef {
            // A `Definition` is an `HPyDef`, or begins with one.
            definition: self.0.as_ptr().cast(),
            name,
        }
    }
}

impl MethodDef {
    /// That of a method whose declaration is wrong. Nothing comes of it: there are errors to be mended.
    pub const NONE: Self = Self {
        definition: core::ptr::null_mut(),
        name: c"",
    };

    /// For the module's list. A null pointer would be the list's end.
    pub const fn as_raw(self) -> *mut HPyDef {
        self.definition
    }
}

/// Whether none of the methods before has the Python name of this one.
pub const fn has_new_name(methods: &[MethodDef], index: usize) -> bool {
    let mut before = 0;
    while before < index {
        if is_same(
            methods[before].name.to_bytes(),
            methods[index].name.to_bytes(),
        ) {
            return false;
        }
        before += 1;
    }
    true
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
        let new = [0, 1, 2, 3, 4].map(|index| has_new_name(&methods, index));
        assert_eq!(new, [true, true, true, false, true]);
    }
}
