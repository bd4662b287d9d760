//! Virtual subclasses of sequences and mappings, and classes with parameters.

use hpy::exceptions::{IndexError, KeyError};
use hpy::prelude::*;

/// What `case [a, b]` matches.
#[hpy_type(sequence, new)]
pub struct Row {
    cells: Vec<i64>,
}

#[hpy_methods]
impl Row {
    fn __len__(&self) -> usize {
        self.cells.len()
    }

    fn __getitem__(&self, index: isize) -> Result<i64> {
        let index = if index < 0 {
            index + self.cells.len() as isize
        } else {
            index
        };
        let cell = usize::try_from(index)
            .ok()
            .and_then(|index| self.cells.get(index));
        cell.copied().ok_or_else(|| IndexError::new("no such cell"))
    }
}

/// What `case {"a": a}` matches.
#[hpy_type(mapping)]
pub struct Table;

#[hpy_methods]
impl Table {
    #[new]
    fn new() -> Self {
        Table
    }

    fn __len__(&self) -> usize {
        1
    }

    fn __getitem__(&self, key: String) -> Result<i64> {
        match key.as_str() {
            "a" => Ok(1),
            _ => Err(KeyError::new("no such key")),
        }
    }

    /// In place of that of `Mapping`.
    #[hpy(signature = (key, default = None))]
    fn get<'ctx>(
        &self,
        ctx: Context<'ctx>,
        key: String,
        default: Option<Handle<'ctx>>,
    ) -> Result<Handle<'ctx>> {
        match (self.__getitem__(key), default) {
            (Ok(value), _) => value.into_handle(ctx),
            (Err(_), Some(default)) => Ok(default),
            (Err(_), None) => "own".into_handle(ctx),
        }
    }

    fn __iter__<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.list(["a"])?.as_object().getattr("__iter__")?.call0()
    }
}

/// `Stack[int]`
#[hpy_type(generic, subclass)]
pub struct Stack;

#[hpy_method]
pub fn total(row: Ref<'_, Row>) -> i64 {
    row.cells.iter().sum()
}
