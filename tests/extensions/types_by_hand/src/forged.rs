//! Types with lists of methods written by hand, whose definitions were made for other places.

use hpy::__private::{Absent, MethodStatic, TypeMethods, slot_def, slots};
use hpy::prelude::*;
use hpy::sys::HPy_tp_repr;

static REPR: MethodStatic = slot_def(HPy_tp_repr, slots::unary::<Absent>());

/// Its method that is given the class is a slot.
#[hpy_type]
struct ClassMethod;

impl ClassMethod {
    pub const __HPY_METHODS: TypeMethods = TypeMethods {
        class_methods: &[REPR.def(c"repr")],
        ..TypeMethods::NONE
    };
}

/// Its reflected operator is a slot.
#[hpy_type]
struct Reflected;

impl Reflected {
    pub const __HPY_METHODS: TypeMethods = TypeMethods {
        reflected: &[REPR.def(c"repr")],
        ..TypeMethods::NONE
    };
}

/// Its `#[new]` is another slot.
#[hpy_type]
struct New;

impl New {
    pub const __HPY_METHODS: TypeMethods = TypeMethods {
        new: Some(REPR.def(c"repr")),
        ..TypeMethods::NONE
    };
}

/// What the module raises that such types are added to.
#[hpy_method]
pub fn add_forged(module: &Handle<'_, Module>) -> Vec<Option<String>> {
    let added = [
        module.add_type::<ClassMethod>(),
        module.add_type::<Reflected>(),
        module.add_type::<New>(),
    ];
    let raised = |added: Result<()>| added.err().map(|error| error.to_string());
    added.into_iter().map(raised).collect()
}
