//~ are private

use hpy::__private::{Method, MethodDef};
use hpy::prelude::*;

#[allow(non_camel_case_types)]
struct invented {}

// An address that the interpreter would read, by code without `unsafe`.
impl Method for invented {
    const DEF: MethodDef = MethodDef {
        definition: std::ptr::without_provenance_mut(16),
        name: c"invented",
    };
}

hpy_module! {
    name: sample,
    methods: [invented],
}

fn main() {}
