//~ requires an `unsafe impl` declaration

// An exception of Python's has no data of Rust's, whatever is said of it.

use hpy::__private::{AnyThread, Checked, Description, MethodDef, TypeCell, TypeMethods};
use hpy::Visitor;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::PyClass;

exception!(Broken: ValueError, "Something is broken.");

static PLACE: TypeCell<Broken> = TypeCell::new();

impl PyClass for Broken {
    type Access = Checked;
    type Threads = AnyThread;
    type Base = Object;
    const DESCRIPTION: Description = Description::NONE;
    const FIELDS: &'static [MethodDef] = &[];
    const METHODS: TypeMethods = TypeMethods::NONE;
    const HAS_FIELDS: bool = false;

    fn fields(&self, _: &mut Visitor<'_>) {}

    fn place() -> &'static TypeCell<Self> {
        &PLACE
    }
}

fn main() {}
