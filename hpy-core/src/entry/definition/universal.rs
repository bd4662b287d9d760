//! What stands in a static of the universal ABI.

use hpy_sys::*;

/// What stands in a static for each method: HPy's definition, and the function for the own runtime.
#[repr(C)]
pub struct Definition {
    definition: HPyDef,
    own: HPyCFunction,
}

impl Definition {
    pub(crate) const fn new(definition: HPyDef, own: HPyCFunction) -> Self {
        Self { definition, own }
    }
}

/// Which function CPython calls of a module that the own runtime made.
///
/// # Safety
/// The definition is the first field of a `Definition`.
pub(crate) unsafe fn own_function(definition: &HPyDef) -> HPyCFunction {
    // SAFETY: as promised by the caller: the pointer came from the whole static.
    unsafe { (*(&raw const *definition).cast::<Definition>()).own }
}

/// What is no function of a module: the own runtime calls the trampoline.
pub(crate) const fn without_own(definition: HPyDef) -> Definition {
    Definition {
        definition,
        own: None,
    }
}

/// What CPython calls of types that the own runtime makes, in place of the trampolines.
pub struct OwnFunctions([HPyCFunction; 2]);

impl OwnFunctions {
    pub(crate) const NONE: Self = Self([None; 2]);

    pub(crate) const fn new(functions: [HPyCFunction; 2]) -> Self {
        Self(functions)
    }
}

/// What a call of a class with this definition of `HPy_tp_new` comes to.
///
/// # Safety
/// The functions are those of such a definition.
pub(crate) unsafe fn construct_of(_: *mut HPyDef, own: &OwnFunctions) -> HPyCFunction {
    own.0[1]
}

/// The definition for a type that the own runtime makes: with its functions in place of the
/// trampolines.
///
/// # Safety
/// The pointer is to all of a `MethodStatic`, whose own functions these are.
#[allow(non_upper_case_globals)] // HPy's names.
pub(crate) unsafe fn for_own_types(definition: *mut HPyDef, own: &OwnFunctions) -> *mut HPyDef {
    let OwnFunctions([first, second]) = *own;
    // SAFETY: as promised by the caller; the kind says which field is meant.
    unsafe {
        let mut copy = *definition;
        match copy.kind {
            HPyDef_Kind_Meth => {
                let function = first.or_else(|| own_function(&*definition));
                let trampoline = &mut copy.definition.meth.cpy_trampoline;
                *trampoline = function.or(*trampoline);
            }
            HPyDef_Kind_Slot => {
                // Elsewhere, whoever calls `T.__new__(S)` comes by here whatever `S` is: the
                // runtime looks at it.
                if copy.definition.slot.slot == HPy_tp_new
                    && !hpy_sys::capi::running::layout_known()
                {
                    return definition;
                }
                let trampoline = &mut copy.definition.slot.cpy_trampoline;
                *trampoline = first.or(*trampoline);
            }
            HPyDef_Kind_GetSet => {
                let attribute = &mut copy.definition.getset;
                attribute.getter_cpy_trampoline = first.or(attribute.getter_cpy_trampoline);
                attribute.setter_cpy_trampoline = second.or(attribute.setter_cpy_trampoline);
            }
            _ => return definition,
        }
        // Types are for ever, and so are their definitions.
        Box::into_raw(Box::new(copy))
    }
}
