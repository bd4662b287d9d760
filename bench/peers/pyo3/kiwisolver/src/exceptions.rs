//! What the solver raises: `kiwisolver.exceptions`, and the same names in the module itself.

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    kiwisolver.exceptions,
    BadRequiredStrength,
    PyException,
    "An edit variable cannot be required."
);
create_exception!(
    kiwisolver.exceptions,
    DuplicateConstraint,
    PyException,
    "The solver has the constraint already."
);
create_exception!(
    kiwisolver.exceptions,
    DuplicateEditVariable,
    PyException,
    "The solver has the edit variable already."
);
create_exception!(
    kiwisolver.exceptions,
    UnknownConstraint,
    PyException,
    "The solver does not have the constraint."
);
create_exception!(
    kiwisolver.exceptions,
    UnknownEditVariable,
    PyException,
    "The solver does not have the edit variable."
);
create_exception!(
    kiwisolver.exceptions,
    UnsatisfiableConstraint,
    PyException,
    "The constraint is required and contradicts others that are."
);

/// Gives the exceptions an attribute for what they are about, and lets their module be imported.
pub fn finish(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let first = py.eval(c"property(lambda self: self.args[0])", None, None)?;
    for (class, about) in [
        (py.get_type::<DuplicateConstraint>(), "constraint"),
        (py.get_type::<DuplicateEditVariable>(), "edit_variable"),
        (py.get_type::<UnknownConstraint>(), "constraint"),
        (py.get_type::<UnknownEditVariable>(), "edit_variable"),
        (py.get_type::<UnsatisfiableConstraint>(), "constraint"),
    ] {
        class.setattr(about, &first)?;
    }
    // A submodule is not in `sys.modules` by itself.
    py.import("sys")?
        .getattr("modules")?
        .set_item("kiwisolver.exceptions", module.getattr("exceptions")?)
}
