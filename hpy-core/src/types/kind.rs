//! `Kind`: which built-in type an object is of.

use crate::types::{Bytes, Dict, Float, Int, List, Object, Str, Tuple};
use crate::{Handle, abi};

/// Which of the most frequent built-in types an object is an instance of, with the handle as one to that type.
///
/// An instance of a subclass is of its built-in type's kind; a `bool` is no `Int` here. See [`Handle::kind`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Kind<'a, 'ctx> {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An `int`, but no `bool`.
    Int(&'a Handle<'ctx, Int>),
    /// A `float`.
    Float(&'a Handle<'ctx, Float>),
    /// A `str`.
    Str(&'a Handle<'ctx, Str>),
    /// A `bytes`.
    Bytes(&'a Handle<'ctx, Bytes>),
    /// A `list`.
    List(&'a Handle<'ctx, List>),
    /// A `tuple`.
    Tuple(&'a Handle<'ctx, Tuple>),
    /// A `dict`.
    Dict(&'a Handle<'ctx, Dict>),
    /// Anything else.
    Other,
}

impl<'ctx> Handle<'ctx, Object> {
    /// Which built-in type the object is of, for a `match`: quicker than one
    /// [`downcast`](Handle::downcast) after another. No Python code runs.
    ///
    /// ```
    /// use hpy::exceptions::TypeError;
    /// use hpy::prelude::*;
    /// use hpy::types::Kind;
    ///
    /// /// The sum of the numbers in lists in lists.
    /// fn total(object: &Handle<'_>) -> Result<f64> {
    ///     match object.kind() {
    ///         Kind::Int(number) => Ok(number.extract::<i64>()? as f64),
    ///         Kind::Float(number) => Ok(number.value()),
    ///         Kind::List(list) => list.iter().map(|item| total(&item)).sum(),
    ///         _ => Err(TypeError::new("neither a number nor a list")),
    ///     }
    /// }
    /// # hpy::mock::run(|ctx| {
    /// #     let nested = ctx.list([ctx.handle(1.5)?, ctx.handle(vec![1, 2])?])?;
    /// #     assert_eq!(total(&nested)?, 4.5);
    /// #     assert!(total(&ctx.bool(true)).is_err());
    /// #     Ok(())
    /// # });
    /// ```
    #[inline(always)]
    #[must_use]
    pub fn kind(&self) -> Kind<'_, 'ctx> {
        abi::kind(self)
    }
}
