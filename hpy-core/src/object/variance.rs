//! `Invariant`: how a type says which type of object it stands for.

use core::marker::PhantomData;

/// The marker of a parameter `T` that says what an object is, while no `T` is owned or lent.
///
/// Invariant: `T` is compared by its `TypeId`, and statics are stored to by a shared reference.
/// Where `T` could be exchanged for a subtype or a supertype, one reference would store what
/// another one takes for something else. Send and Sync, whatever `T` is: an object is not in Rust's
/// hands.
pub(crate) type Invariant<T> = PhantomData<fn(T) -> T>;
