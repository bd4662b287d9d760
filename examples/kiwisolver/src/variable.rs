//! Variables: a name, a value, and an object that goes with them.

use crate::constraint::Constraint;
use crate::expression::Expression;
use crate::number::Number;
use crate::operand::Operand;
use crate::simplex::Relation;
use crate::sum::Part;
use crate::symbolic::{Symbolic, quotient, refused, relation, sum, symbolic_methods};
use crate::term::Term;
use hpy::prelude::*;
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
#[hpy_type(subclass)]
pub struct Variable {
    pub shared: Arc<Shared>,
    context: Option<Field>,
}

impl Symbolic for Variable {
    type Product = Term;

    fn operand<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> Operand<'a, 'ctx> {
        Operand::Variable(this)
    }

    fn times(this: &Handle<'_, Self>, factor: f64) -> Result<Term> {
        Ok(Term {
            part: Part::new(this, factor)?,
        })
    }
}

symbolic_methods! {
    impl Variable {
        #[new]
        #[hpy(signature = (name = "", context = None))]
        fn new(name: &str, context: Option<&Handle<'_>>) -> Result<Self> {
            static NEXT: AtomicU64 = AtomicU64::new(0);
            Ok(Variable {
                shared: Arc::new(Shared {
                    id: NEXT.fetch_add(1, Ordering::Relaxed),
                    bits: AtomicU64::new(0),
                    name: Mutex::new(name.to_owned()),
                }),
                context: context.map(Field::new).transpose()?,
            })
        }

        /// The name.
        pub fn name(&self) -> String {
            self.shared.name()
        }

        /// Gives it another name.
        #[hpy(name = "setName")]
        fn set_name(&self, name: &str) {
            *self.shared.name.lock().unwrap_or_else(PoisonError::into_inner) = name.to_owned();
        }

        /// The value that a solver has found.
        pub fn value(&self) -> f64 {
            self.shared.value()
        }

        /// The object that goes with it.
        fn context<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
            self.context.as_ref().map_or(Ok(None), |context| context.load(ctx))
        }

        /// Has another object go with it.
        #[hpy(name = "setContext")]
        fn set_context(this: &Handle<'_, Self>, context: &Handle<'_>) -> Result<()> {
            let new = Field::new(context)?;
            let before = this.borrow_mut()?.context.replace(new);
            // Its end may run code that asks for the variable: it is not borrowed any more.
            drop(before);
            Ok(())
        }

        fn __repr__(&self) -> String {
            self.name()
        }
    }
}
