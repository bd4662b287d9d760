//! Variables: a name, a value, and an object that goes with them.

use crate::constraint::Constraint;
use crate::expression::Expression;
use crate::number::Number;
use crate::operand::Operand;
use crate::simplex::Relation;
use crate::sum::Part;
use crate::symbolic::{Symbolic, quotient, refused, relation, sum, symbolic_methods};
use crate::term::Term;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a variable and the solvers that know it share, which may outlive it.
pub struct Shared {
    /// No other variable has it.
    pub id: u64,
    /// Of the value, which is what the last solver said.
    bits: AtomicU64,
    name: Mutex<String>,
}

impl Shared {
    pub fn value(&self) -> f64 {
        f64::from_bits(self.bits.load(Ordering::Relaxed))
    }

    pub fn set_value(&self, value: f64) {
        self.bits.store(value.to_bits(), Ordering::Relaxed);
    }

    pub fn name(&self) -> String {
        self.name
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A number that a solver finds.
#[pyclass(subclass, module = "kiwisolver")]
pub struct Variable {
    pub shared: Arc<Shared>,
    context: Option<Py<PyAny>>,
}

impl Symbolic for Variable {
    type Product = Term;

    fn operand<'py>(this: &Bound<'py, Self>) -> Operand<'py> {
        Operand::Variable(this.clone())
    }

    fn times(this: &Bound<'_, Self>, factor: f64) -> PyResult<Term> {
        Ok(Term {
            part: Part::new(this, factor)?,
        })
    }
}

symbolic_methods! {
    impl Variable {
        #[new]
        #[pyo3(signature = (name = "", context = None))]
        fn new(name: &str, context: Option<Py<PyAny>>) -> Self {
            static NEXT: AtomicU64 = AtomicU64::new(0);
            Variable {
                shared: Arc::new(Shared {
                    id: NEXT.fetch_add(1, Ordering::Relaxed),
                    bits: AtomicU64::new(0),
                    name: Mutex::new(name.to_owned()),
                }),
                context,
            }
        }

        /// The name.
        pub fn name(&self) -> String {
            self.shared.name()
        }

        /// Gives it another name.
        #[pyo3(name = "setName")]
        fn set_name(&self, name: &str) {
            *self.shared.name.lock().unwrap_or_else(PoisonError::into_inner) = name.to_owned();
        }

        /// The value that a solver has found.
        pub fn value(&self) -> f64 {
            self.shared.value()
        }

        /// The object that goes with it.
        fn context(&self, py: Python<'_>) -> Option<Py<PyAny>> {
            self.context.as_ref().map(|context| context.clone_ref(py))
        }

        /// Has another object go with it.
        #[pyo3(name = "setContext")]
        fn set_context(slf: &Bound<'_, Self>, context: Py<PyAny>) -> PyResult<()> {
            let before = slf.try_borrow_mut()?.context.replace(context);
            // Its end may run code that asks for the variable: it is not borrowed any more.
            drop(before);
            Ok(())
        }

        fn __repr__(&self) -> String {
            self.name()
        }

        fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
            visit.call(&self.context)
        }

        fn __clear__(&mut self) {
            self.context = None;
        }
    }
}
