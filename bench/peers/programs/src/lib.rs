//! The nodes and arrays of the benchmark's programs with hpy, as a user would write them.

use hpy::exceptions::{IndexError, ValueError};
use hpy::prelude::*;

/// A node of a binary tree.
#[hpy_type]
struct Node {
    /// On the left, or None.
    #[hpy(get)]
    left: Field,
    /// On the right, or None.
    #[hpy(get)]
    right: Field,
}

#[hpy_methods]
impl Node {
    #[new]
    fn new(left: &Handle<'_>, right: &Handle<'_>) -> Result<Self> {
        Ok(Node {
            left: Field::new(left)?,
            right: Field::new(right)?,
        })
    }
}

/// A row of floats.
#[hpy_type]
struct Array {
    data: Vec<f64>,
}

#[hpy_methods]
impl Array {
    fn __len__(&self) -> usize {
        self.data.len()
    }

    fn __getitem__(&self, index: usize) -> Result<f64> {
        self.data.get(index).copied().ok_or_else(out_of_range)
    }

    fn __setitem__(&mut self, index: usize, value: f64) -> Result<()> {
        *self.data.get_mut(index).ok_or_else(out_of_range)? = value;
        Ok(())
    }

    fn __add__(&self, other: Ref<'_, Array>) -> Result<Array> {
        if self.data.len() != other.data.len() {
            return Err(ValueError::new("the arrays have other lengths"));
        }
        let pairs = self.data.iter().zip(&other.data);
        Ok(Array {
            data: pairs.map(|(a, b)| a + b).collect(),
        })
    }

    fn __mul__(&self, factor: f64) -> Array {
        Array {
            data: self.data.iter().map(|a| a * factor).collect(),
        }
    }
}

#[cold]
fn out_of_range() -> Error {
    IndexError::new("index out of range")
}

/// An array of so many zeros.
#[hpy_method]
fn zeros(count: u32) -> Array {
    Array {
        data: vec![0.0; count as usize],
    }
}

hpy_module! {
    name: programs_hpy,
    types: [Node, Array],
    methods: [zeros],
}
