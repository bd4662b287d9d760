//! The type.

use crate::operand::{Operand, Operator, Side};
use hpy::buffer::{Export, Memory};
use hpy::exceptions::{IndexError, OverflowError, TypeError, ValueError};
use hpy::prelude::*;
use hpy::types::Slice;
use hpy::{bail, ensure};

/// Floats in a row.
#[hpy_type(name = "array")]
pub struct Array {
    items: Memory<f64>,
}

/// Goes through an array. What is written to it meanwhile is seen.
#[hpy_type(name = "array_iterator")]
pub struct Items {
    array: Option<Field<Array>>,
    next: usize,
}

impl Array {
    pub fn of(items: Vec<f64>) -> Self {
        Array {
            items: items.into(),
        }
    }

    pub fn side(&self) -> Side<'_> {
        match self.items.as_slice() {
            Some(items) => Side::Items(items),
            None => Side::Shared(&self.items),
        }
    }

    fn calculate(&self, operator: Operator, other: &Operand<'_, '_>) -> Result<Array> {
        let items = self.side().calculate(operator, other.side()?)?;
        Ok(Array::of(items))
    }

    fn reflected(&self, operator: Operator, other: &Operand<'_, '_>) -> Result<Array> {
        let items = other.side()?.calculate(operator, self.side())?;
        Ok(Array::of(items))
    }

    /// Other floats in the same memory, which others may have a view of.
    fn overwrite(&mut self, at: impl Iterator<Item = usize>, floats: &[f64]) {
        for (index, float) in at.zip(floats) {
            self.items.set(index, *float);
        }
    }

    /// Writes the result into the array's memory. The other side may be the array itself or a view
    /// of it, so it is released before.
    fn in_place(this: &Handle<'_, Self>, operator: Operator, other: Operand<'_, '_>) -> Result<()> {
        let result = this.borrow()?.side().calculate(operator, other.side()?)?;
        drop(other);
        let mut array = this.borrow_mut()?;
        match array.items.as_mut_slice() {
            Some(items) if items.len() == result.len() => items.copy_from_slice(&result),
            _ => array.overwrite(0.., &result),
        }
        Ok(())
    }

    /// Where an index is, of which negative ones count from the end.
    fn place(&self, index: isize) -> Result<usize> {
        let len = self.items.len();
        let place = match index {
            0.. => Some(index.unsigned_abs()),
            _ => len.checked_sub(index.unsigned_abs()),
        };
        match place.filter(|place| *place < len) {
            Some(place) => Ok(place),
            None => bail!(IndexError, "index {index} is not in an array of {len}"),
        }
    }
}

/// IndexError for an int that no index is as large as, as lists have it.
fn index(object: &Handle<'_>) -> Result<isize> {
    object.extract().map_err(|error: Error| {
        if error.is_instance_of::<OverflowError>(object.ctx()) {
            IndexError::new("the index is too large")
        } else {
            error
        }
    })
}

#[hpy_methods]
impl Array {
    /// Of a list, a tuple, or memory of floats.
    #[new]
    #[hpy(signature = (values, /))]
    fn new(values: &Handle<'_>) -> Result<Self> {
        if !values.is_instance_of::<List>() && !values.is_instance_of::<Tuple>() {
            match Operand::from_handle(values) {
                Ok(Operand::Number(_)) => bail!(TypeError, "a number is no row of floats"),
                Ok(Operand::Array(array)) => return Ok(array.copy()),
                Ok(Operand::Buffer(buffer)) => return buffer.to_vec().map(Array::of),
                Ok(Operand::Copy(items)) => return Ok(Array::of(items)),
                Err(_) => {}
            }
        }
        values.extract().map(Array::of)
    }

    /// Another array with the same floats.
    fn copy(&self) -> Array {
        Array::of(self.items.to_vec())
    }

    /// A list of the floats.
    fn tolist(&self) -> Vec<f64> {
        self.items.to_vec()
    }

    /// The sum.
    fn sum(&self) -> f64 {
        self.side().sum()
    }

    /// The sum of the products with another array's floats.
    #[hpy(signature = (other, /))]
    fn dot(&self, other: Operand<'_, '_>) -> Result<f64> {
        self.side().dot(other.side()?)
    }

    /// The square roots.
    ///
    /// ValueError if there is a negative float.
    fn sqrt(&self) -> Result<Array> {
        let negative = self.items.iter().any(|item| item < 0.0);
        ensure!(!negative, ValueError, "math domain error");
        Ok(Array::of(self.items.iter().map(f64::sqrt).collect()))
    }

    fn __add__(&self, other: Operand<'_, '_>) -> Result<Array> {
        self.calculate(Operator::Add, &other)
    }

    fn __radd__(&self, other: Operand<'_, '_>) -> Result<Array> {
        self.reflected(Operator::Add, &other)
    }

    fn __iadd__(this: &Handle<'_, Self>, other: Operand<'_, '_>) -> Result<()> {
        Array::in_place(this, Operator::Add, other)
    }

    fn __sub__(&self, other: Operand<'_, '_>) -> Result<Array> {
        self.calculate(Operator::Sub, &other)
    }

    fn __rsub__(&self, other: Operand<'_, '_>) -> Result<Array> {
        self.reflected(Operator::Sub, &other)
    }

    fn __isub__(this: &Handle<'_, Self>, other: Operand<'_, '_>) -> Result<()> {
        Array::in_place(this, Operator::Sub, other)
    }

    fn __mul__(&self, other: Operand<'_, '_>) -> Result<Array> {
        self.calculate(Operator::Mul, &other)
    }

    fn __rmul__(&self, other: Operand<'_, '_>) -> Result<Array> {
        self.reflected(Operator::Mul, &other)
    }

    fn __imul__(this: &Handle<'_, Self>, other: Operand<'_, '_>) -> Result<()> {
        Array::in_place(this, Operator::Mul, other)
    }

    fn __truediv__(&self, other: Operand<'_, '_>) -> Result<Array> {
        self.calculate(Operator::Div, &other)
    }

    fn __rtruediv__(&self, other: Operand<'_, '_>) -> Result<Array> {
        self.reflected(Operator::Div, &other)
    }

    fn __itruediv__(this: &Handle<'_, Self>, other: Operand<'_, '_>) -> Result<()> {
        Array::in_place(this, Operator::Div, other)
    }

    fn __neg__(&self) -> Array {
        Array::of(self.items.iter().map(|item| -item).collect())
    }

    fn __len__(&self) -> usize {
        self.items.len()
    }

    /// A float at an index, an array at a slice: a copy, as of a list.
    fn __getitem__<'ctx>(this: &Handle<'ctx, Self>, index: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let ctx = this.ctx();
        let Ok(slice) = index.downcast::<Slice>() else {
            let index = self::index(index)?;
            let array = this.borrow()?;
            let item = array.items.get(array.place(index)?).unwrap_or_default();
            return ctx.float(item).map(Handle::into_object);
        };
        let len = this.borrow()?.items.len();
        let selected = slice.indices(len)?.iter();
        let array = this.borrow()?;
        let items = selected
            .filter_map(|index| array.items.get(index))
            .collect();
        ctx.instance(Array::of(items)).map(Handle::into_object)
    }

    /// Sets a float at an index. A slice takes one float for each place, or as many as it has. No
    /// array changes its length.
    fn __setitem__(this: &Handle<'_, Self>, index: &Handle<'_>, value: &Handle<'_>) -> Result<()> {
        let Ok(slice) = index.downcast::<Slice>() else {
            // Both may run code of Python's, which may want the array: it is borrowed after them.
            let value = value.extract::<f64>()?;
            let index = self::index(index)?;
            let mut array = this.borrow_mut()?;
            let place = array.place(index)?;
            array.items.set(place, value);
            return Ok(());
        };
        let len = this.borrow()?.items.len();
        let selected = slice.indices(len)?;
        let floats = Operand::from_handle(value)?
            .side()?
            .to_vec(selected.iter().count())?;
        this.borrow_mut()?.overwrite(selected.iter(), &floats);
        Ok(())
    }

    fn __iter__(this: &Handle<'_, Self>) -> Result<Items> {
        Ok(Items {
            array: Some(Field::new(this)?),
            next: 0,
        })
    }

    fn __repr__(this: &Handle<'_, Self>) -> Result<String> {
        let items = this.borrow()?.items.to_vec();
        let list = this.ctx().list_from_slice(&items)?;
        Ok(format!("array({list})"))
    }

    /// For `copy` and `pickle`.
    fn __reduce__<'ctx>(this: &Handle<'ctx, Self>) -> Result<(Handle<'ctx, Type>, (Vec<f64>,))> {
        let items = this.borrow()?.items.to_vec();
        Ok((this.type_(), (items,)))
    }

    fn __buffer__(&mut self) -> Export {
        self.items.export()
    }
}

#[hpy_methods]
impl Items {
    fn __iter__<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> &'a Handle<'ctx, Self> {
        this
    }

    fn __next__(&mut self, ctx: Context<'_>) -> Result<Option<f64>> {
        let Some(array) = &self.array else {
            return Ok(None);
        };
        let item = match array.load(ctx)? {
            Some(array) => array.borrow()?.items.get(self.next),
            None => None,
        };
        match item {
            Some(_) => self.next += 1,
            // At the end for good.
            None => self.array = None,
        }
        Ok(item)
    }
}
