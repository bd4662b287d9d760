//! Types that export memory: views of all kinds, how long they live, what may be done meanwhile.

use hpy::buffer::{Buffer, Export, Memory};
use hpy::exceptions::{IndexError, KeyError};
use hpy::prelude::*;
use hpy::{bail, ensure};
use std::sync::Arc;

/// Numbers that may be written.
#[hpy_type(subclass)]
struct Numbers {
    items: Memory<f64>,
    views: u32,
}

#[hpy_methods]
impl Numbers {
    #[new]
    fn new(items: Vec<f64>) -> Self {
        Numbers {
            items: items.into(),
            views: 0,
        }
    }

    fn __buffer__(&mut self) -> Export {
        self.views += 1;
        self.items.export()
    }

    fn __len__(&self) -> usize {
        self.items.len()
    }

    fn __getitem__(&self, index: usize) -> Result<f64> {
        match self.items.get(index) {
            Some(item) => Ok(item),
            None => bail!(IndexError, "there is no item {index}"),
        }
    }

    fn __setitem__(&mut self, index: usize, value: f64) -> Result<()> {
        ensure!(
            self.items.set(index, value),
            IndexError,
            "there is no item {index}"
        );
        Ok(())
    }

    fn append(&mut self, value: f64) -> Result<()> {
        self.items.as_vec_mut()?.push(value);
        Ok(())
    }

    /// Other items, while views of the ones before live on.
    fn replace(&mut self, items: Vec<f64>) {
        self.items = items.into();
    }

    /// As a slice if nobody has a view, and one by one otherwise.
    fn sum(&self) -> (bool, f64) {
        match self.items.as_slice() {
            Some(items) => (true, items.iter().sum()),
            None => (false, self.items.iter().sum()),
        }
    }

    fn double(&mut self) -> bool {
        match self.items.as_mut_slice() {
            Some(items) => {
                items.iter_mut().for_each(|item| *item *= 2.0);
                true
            }
            None => false,
        }
    }

    #[getter]
    fn exported(&self) -> bool {
        self.items.is_exported()
    }

    #[getter]
    fn views(&self) -> u32 {
        self.views
    }

    fn to_list(&self) -> Vec<f64> {
        self.items.to_vec()
    }

    /// Asks Python for a view while it is borrowed: another one of its own data.
    fn add(&mut self, other: Buffer<'_, f64>) -> Result<()> {
        for (index, item) in other.to_vec()?.into_iter().enumerate() {
            if let Some(before) = self.items.get(index) {
                self.items.set(index, before + item);
            }
        }
        Ok(())
    }

    fn call_while_borrowed<'ctx>(&self, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        function.call0()
    }
}

/// A table of bytes that never change.
#[hpy_type(frozen)]
struct Table {
    bytes: Arc<[u8]>,
    shape: Vec<usize>,
}

#[hpy_methods]
impl Table {
    #[new]
    fn new(bytes: &[u8], shape: Vec<usize>) -> Self {
        Table {
            bytes: bytes.into(),
            shape,
        }
    }

    /// ValueError if the shape is another number of bytes.
    fn __buffer__(&self) -> Result<Export> {
        Export::of(self.bytes.clone()).shaped(&self.shape)
    }

    /// How many have a share in the bytes.
    #[getter]
    fn shares(&self) -> usize {
        Arc::strong_count(&self.bytes)
    }
}

/// A part of some numbers, in any order.
#[hpy_type]
struct Part {
    items: Memory<i32>,
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
}

#[hpy_methods]
impl Part {
    #[new]
    fn new(items: Vec<i32>, offset: usize, shape: Vec<usize>, strides: Vec<isize>) -> Self {
        Part {
            items: items.into(),
            offset,
            shape,
            strides,
        }
    }

    fn to_list(&self) -> Vec<i32> {
        self.items.to_vec()
    }

    /// Each asks for a view of all the memory, whatever was asked for before.
    fn __buffer__(&mut self) -> Result<Export> {
        let last = self.items.len().saturating_sub(1);
        let backwards = self
            .items
            .export()
            .strided(last, &[self.items.len()], &[-1])?;
        backwards.strided(self.offset, &self.shape, &self.strides)
    }

    /// The same as a view of one dimension again.
    fn flat_after(&mut self) -> Result<()> {
        let export = self
            .items
            .export()
            .strided(self.offset, &self.shape, &self.strides)?;
        export.shaped(&[self.items.len()]).map(drop)
    }
}

macro_rules! kinds {
    ($($name:ident $item:ty;)*) => {$(
        /// Memory of this type.
        #[hpy_type]
        struct $name {
            items: Memory<$item>,
        }

        #[hpy_methods]
        impl $name {
            #[new]
            fn new(items: Vec<$item>) -> Self {
                $name { items: items.into() }
            }

            fn __buffer__(&mut self) -> Export {
                self.items.export().read_only()
            }
        }
    )*};
}

kinds! {
    I8 i8;
    I16 i16;
    I32 i32;
    I64 i64;
    U8 u8;
    U16 u16;
    U32 u32;
    U64 u64;
    F32 f32;
}

/// A view that cannot be had.
#[hpy_type]
struct Failing {
    #[hpy(get, set)]
    panics: bool,
}

#[hpy_methods]
impl Failing {
    #[new]
    fn new() -> Self {
        Failing { panics: false }
    }

    fn __buffer__(&self) -> Result<Export> {
        assert!(!self.panics, "no view");
        bail!(KeyError, "no view")
    }
}

hpy_module! {
    /// Types that show their memory.
    name: type_buffers,
    types: [Numbers, Table, Part, I8, I16, I32, I64, U8, U16, U32, U64, F32, Failing],
}
