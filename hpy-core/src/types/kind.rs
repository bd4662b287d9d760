//! `Kind`: which built-in type an object is of.

use super::markers::{Bytes, Dict, Float, Int, List, Str, Tuple};
use crate::Handle;

/// Which of the most frequent built-in types an object is an instance of, with the handle as one to
/// that type.
///
/// An instance of a subclass is of its built-in type's kind; a `bool` is no `Int` here. See
/// [`Handle::kind`].
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
