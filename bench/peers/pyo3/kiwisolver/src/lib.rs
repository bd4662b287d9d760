//! The example kiwisolver with PyO3, as a user would write it: to compare builds and sizes.
//!
//! The solver knows nothing of Python, so both extensions compile the same files.

mod constraint;
#[path = "../../../../../examples/kiwisolver/src/digits.rs"]
mod digits;
mod exceptions;
mod expression;
mod number;
mod operand;
#[path = "../../../../../examples/kiwisolver/src/simplex/mod.rs"]
mod simplex;
mod solver;
mod strength;
mod sum;
mod symbolic;
#[path = "../../../../../examples/kiwisolver/src/tableau.rs"]
mod tableau;
mod term;
mod variable;

use pyo3::prelude::*;

/// What `from kiwisolver import *` takes.
const NAMES: [&str; 14] = [
    "BadRequiredStrength",
    "Constraint",
    "DuplicateConstraint",
    "DuplicateEditVariable",
    "Expression",
    "Solver",
    "Term",
    "UnknownConstraint",
    "UnknownEditVariable",
    "UnsatisfiableConstraint",
    "Variable",
    "__kiwi_version__",
    "__version__",
    "strength",
];

/// The Cassowary constraint solver.
#[pymodule]
mod kiwisolver {
    use super::*;

    #[pymodule_export]
    use crate::constraint::Constraint;
    #[pymodule_export]
    use crate::exceptions::{
        BadRequiredStrength, DuplicateConstraint, DuplicateEditVariable, UnknownConstraint,
        UnknownEditVariable, UnsatisfiableConstraint,
    };
    #[pymodule_export]
    use crate::expression::Expression;
    #[pymodule_export]
    use crate::solver::Solver;
    #[pymodule_export]
    use crate::strength::Strength;
    #[pymodule_export]
    use crate::term::Term;
    #[pymodule_export]
    use crate::variable::Variable;

    /// What the solver raises.
    #[pymodule]
    mod exceptions {
        #[pymodule_export]
        use crate::exceptions::{
            BadRequiredStrength, DuplicateConstraint, DuplicateEditVariable, UnknownConstraint,
            UnknownEditVariable, UnsatisfiableConstraint,
        };
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("__kiwi_version__", env!("CARGO_PKG_VERSION"))?;
        module.add("__all__", NAMES)?;
        module.add("strength", Strength)?;
        crate::exceptions::finish(module)
    }
}
