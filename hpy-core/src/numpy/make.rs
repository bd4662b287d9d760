//! `NdArray`: arrays made of what Rust owns.

use crate::buffer::Element;
use crate::exceptions::ValueError;
use crate::rust_objects::memory;
use crate::storage::lookup::Lookup;
use crate::types::builtin::cached_marker;
use crate::types::markers::markers;
use crate::{Context, Handle, Result};

markers! {
    /// A `numpy.ndarray`. rust-numpy's `PyUntypedArray`; [`ArrayView`](super::ArrayView) is the way
    /// to its items.
    NdArray;
}

cached_marker! {
    NdArray "numpy.ndarray" c"numpy:ndarray"
}

static FROM_BUFFER: Lookup = Lookup::new(c"numpy:frombuffer");
static EMPTY: Lookup = Lookup::new(c"numpy:empty");

impl NdArray {
    /// An array of one dimension that has these very items: numpy gets the vector's memory, not a
    /// copy, and frees it with the last array that uses it. rust-numpy's `PyArray::from_vec`.
    ///
    /// ```
    /// use hpy::numpy::NdArray;
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method]
    /// fn squares<'ctx>(ctx: Context<'ctx>, count: u32) -> Result<Handle<'ctx, NdArray>> {
    ///     NdArray::from_vec(ctx, (0..count).map(|number| u64::from(number).pow(2)).collect())
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// `numpy.datetime64` has a unit, which a number has not: make an array of `i64`, and call its
    /// `view`: `array.call_method1(c"view", ("datetime64[ns]",))`.
    ///
    /// # Errors
    /// ModuleNotFoundError where there is no numpy.
    pub fn from_vec<'ctx, T: Element>(
        ctx: Context<'ctx>,
        items: Vec<T>,
    ) -> Result<Handle<'ctx, NdArray>> {
        let len = items.len();
        Self::from_shape_vec(ctx, [len], items)
    }

    /// As [`from_vec`](Self::from_vec), of any number of dimensions, the last index moving
    /// quickest.
    ///
    /// ```
    /// # use hpy::numpy::NdArray;
    /// # use hpy::prelude::*;
    /// # fn example<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, NdArray>> {
    /// NdArray::from_shape_vec(ctx, [2, 3], vec![1, 2, 3, 4, 5, 6])
    /// # }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// ValueError where the shape has more or fewer items; as above.
    pub fn from_shape_vec<'ctx, T: Element, const N: usize>(
        ctx: Context<'ctx>,
        shape: [usize; N],
        items: Vec<T>,
    ) -> Result<Handle<'ctx, NdArray>> {
        make(ctx, &shape, "C", items)
    }
}

/// In C's order, or Fortran's, "F".
pub(crate) fn make<'ctx, T: Element>(
    ctx: Context<'ctx>,
    shape: &[usize],
    order: &str,
    items: Vec<T>,
) -> Result<Handle<'ctx, NdArray>> {
    let count = shape
        .iter()
        .try_fold(1usize, |all, one| all.checked_mul(*one));
    if count != Some(items.len()) {
        return Err(ValueError::new(format!(
            "{} items cannot have the shape {shape:?}",
            items.len()
        )));
    }
    let dtype = super::dtypes::name_of::<T>();
    let size = shape.to_vec();
    // What has no items has no memory either, of which some versions of numpy make no array.
    if items.is_empty() {
        return EMPTY.get(ctx)?.call1((size, dtype))?.downcast_into();
    }
    let from_buffer = FROM_BUFFER.get(ctx)?;
    let flat = from_buffer.call1((memory::new(ctx, items)?, dtype))?;
    if shape.len() == 1 {
        return flat.downcast_into();
    }
    let reshape = flat.getattr(c"reshape")?;
    reshape.call((size,), [("order", order)])?.downcast_into()
}
