//! Generic structs, and classes of their instances.

use hpy::prelude::*;
use std::fmt;

/// A pile.
#[hpy_type(
    instances(
        /// Whole numbers.
        IntPile = Pile<i64>,
        TextPile = Pile<String>,
    ),
    new, get_all, eq, repr, blocks = [sums, more]
)]
#[derive(PartialEq)]
pub struct Pile<T> {
    items: Vec<T>,
}

impl<T: fmt::Debug> fmt::Debug for Pile<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pile({:?})", self.items)
    }
}

#[hpy_methods]
impl<T: Clone + for<'a, 'ctx> FromHandle<'a, 'ctx>> Pile<T> {
    #[classattr]
    const NAME: &'static str = "pile";

    /// One more.
    fn push(&mut self, item: T) {
        self.items.push(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.items.pop()
    }

    #[hpy(signature = (other))]
    fn joined(&self, other: Ref<'_, Self>) -> Self
    where
        Self: hpy::PyClass,
    {
        Pile {
            items: self.items.iter().chain(&other.items).cloned().collect(),
        }
    }
}

#[hpy_methods(block = more)]
impl<T> Pile<T>
where
    T: Clone,
{
    fn __len__(&self) -> usize {
        self.items.len()
    }

    fn top(&self) -> Option<T> {
        self.items.last().cloned()
    }
}

/// Of one instance only.
#[hpy_methods(block = sums)]
impl IntPile {
    fn total(&self) -> i64 {
        self.items.iter().sum()
    }
}

#[hpy_methods(block = sums)]
impl TextPile {}

/// A number of numbers.
#[hpy_type(instances(Vector3 = Vector<f64, 3>), new, get_all)]
pub struct Vector<T, const N: usize> {
    parts: [T; N],
}

#[hpy_methods]
impl<T, const N: usize> Vector<T, N> {
    fn length(&self) -> usize {
        N
    }
}
