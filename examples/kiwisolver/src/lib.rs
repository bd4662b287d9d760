//! A drop-in for PyPI's kiwisolver.

#![forbid(unsafe_code)]

mod constraint;
mod digits;
mod exceptions;
mod expression;
mod number;
mod operand;
mod simplex;
mod solver;
mod strength;
mod sum;
mod symbolic;
mod tableau;
mod term;
mod variable;

use constraint::Constraint;
use exceptions::*;
use expression::Expression;
use hpy::prelude::*;
use solver::Solver;
use strength::Strength;
use term::Term;
use variable::Variable;

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

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    exceptions::finish(module)?;
    module.add("strength", Strength)
}

hpy_module! {
    /// The Cassowary constraint solver.
    name: kiwisolver,
    types: [Variable, Term, Expression, Constraint, Solver, Strength],
    constants: {
        __version__: env!("CARGO_PKG_VERSION"),
        __kiwi_version__: env!("CARGO_PKG_VERSION"),
        __all__: NAMES,
    },
    exec: fill,
    submodules: {
        /// What the solver raises.
        exceptions: {
            exceptions: [
                BadRequiredStrength,
                DuplicateConstraint,
                DuplicateEditVariable,
                UnknownConstraint,
                UnknownEditVariable,
                UnsatisfiableConstraint,
            ],
        },
    },
}
