//! A Rust iterator as a Python iterator.

use super::{new_object, rust_type};
use crate::class::TypeMethods;
use crate::entry;
use crate::entry::arguments_and_results::receiver;
use crate::entry::definition::MethodStatic;
use crate::entry::guard::{IntoReturn, NoArgsMethod};
use crate::exceptions::{StopIteration, ValueError};
use crate::types::PyIterator;
use crate::{Annotation, Context, Handle, IntoHandle, Result};
use core::marker::PhantomData;
use std::sync::{Mutex, TryLockError};

/// A Rust iterator that Python iterates over: what a method returns to be a lazy sequence.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::RustIterator;
///
/// /// The squares of the first numbers.
/// #[hpy_method]
/// fn squares(count: u64) -> RustIterator<u64> {
///     RustIterator::new((0..count).map(|number| number * number))
/// }
/// ```
///
/// `T` is what the iterator yields: anything that converts to an object, or a `Result` of it, whose
/// error Python code gets as an exception. The iteration goes on after an error if the Rust
/// iterator does.
///
/// - `None` ends the iteration for good. The Rust iterator is dropped then.
/// - A panic becomes an exception and ends the iteration.
/// - Nobody else can use it while it computes an item. Then `next` raises ValueError, as that of a
///   generator does.
/// - `list` and its like learn the number of items from `__length_hint__`, if the iterator knows it
///   exactly.
///
/// The iterator is `Send`, because any thread may go on with it. It has no context: one that needs
/// Python objects keeps them as [`Persistent`](crate::Persistent) and calls
/// [`attach`](crate::attach).
pub struct RustIterator<T> {
    items: Box<dyn Items>,
    _item: PhantomData<fn() -> T>,
}

impl<T: for<'c> IntoReturn<'c>> RustIterator<T> {
    /// Of a Rust iterator, or of what can be made one.
    pub fn new<I>(items: I) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
    {
        Self {
            items: Box::new(Adapter(items.into_iter())),
            _item: PhantomData,
        }
    }
}

impl<'ctx> Context<'ctx> {
    /// A Python iterator over the items of a Rust iterator. A method may as well return a
    /// [`RustIterator`].
    ///
    /// ```
    /// use hpy::prelude::*;
    /// use hpy::types::PyIterator;
    ///
    /// #[hpy_method]
    /// fn words<'ctx>(ctx: Context<'ctx>, text: String) -> Result<Handle<'ctx, PyIterator>> {
    ///     let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    ///     ctx.iterator(words)
    /// }
    /// ```
    ///
    /// # Errors
    /// MemoryError.
    pub fn iterator<I>(self, items: I) -> Result<Handle<'ctx, PyIterator>>
    where
        I: IntoIterator,
        I::Item: for<'c> IntoReturn<'c>,
        I::IntoIter: Send + 'static,
    {
        make(self, Box::new(Adapter(items.into_iter())))
    }
}

impl<'ctx, T: IntoReturn<'ctx>> IntoHandle<'ctx> for RustIterator<T> {
    const ANNOTATION: Annotation =
        Annotation::generic("collections.abc.Iterator", const { &[T::ANNOTATION] });

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        make(ctx, self.items).map(Handle::into_object)
    }
}

impl<T> core::fmt::Debug for RustIterator<T> {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RustIterator")
    }
}

/// Any iterator whose items convert.
trait Items: Send {
    fn next<'ctx>(&mut self, ctx: Context<'ctx>) -> Option<Result<Handle<'ctx>>>;

    /// How many are left, if that is known.
    fn len(&self) -> Option<usize>;
}

struct Adapter<I>(I);

impl<I> Items for Adapter<I>
where
    I: Iterator + Send,
    I::Item: for<'c> IntoReturn<'c>,
{
    #[inline]
    fn next<'ctx>(&mut self, ctx: Context<'ctx>) -> Option<Result<Handle<'ctx>>> {
        Some(self.0.next()?.into_return(ctx))
    }

    #[inline]
    fn len(&self) -> Option<usize> {
        match self.0.size_hint() {
            (least, Some(most)) if least == most => Some(least),
            _ => None,
        }
    }
}

/// The data of such an object. The lock is tried only, never waited for. None at the end.
pub struct Iteration(Mutex<Option<Box<dyn Items>>>);

#[inline]
fn make<'ctx>(ctx: Context<'ctx>, items: Box<dyn Items>) -> Result<Handle<'ctx, PyIterator>> {
    let object = new_object(ctx, Iteration(Mutex::new(Some(items))))?.into_object();
    // SAFETY: the type has a `__next__`.
    Ok(unsafe { object.downcast_into_unchecked() })
}

rust_type! {
    Iteration, "iterator", "An iterator written in Rust.", TypeMethods {
        definitions: &[
            ITER.def(c"__iter__"),
            NEXT.def(c"__next__"),
            HINT.def(c"__length_hint__"),
        ],
        assigned: &[c"__iter__", c"__next__"],
        special: &["__iter__", "__next__"],
        names: &["__length_hint__"],
        ..TypeMethods::NONE
    }
}

impl Iteration {
    /// Runs `body` with the items, unless they are in use or there are none any more.
    fn with<R>(&self, body: impl FnOnce(&mut Option<Box<dyn Items>>) -> R) -> Option<R> {
        match self.0.try_lock() {
            Ok(mut items) => Some(body(&mut items)),
            // A panic in an item has ended the iteration.
            Err(TryLockError::Poisoned(_)) => Some(body(&mut None)),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

struct Itself;

static ITER: MethodStatic = entry::noargs_def::<Itself>(c"__iter__", c"");

impl NoArgsMethod for Itself {
    #[inline(always)]
    fn call<'ctx>(_: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        Ok(this.dup())
    }
}

struct Next;

static NEXT: MethodStatic = entry::noargs_def::<Next>(c"__next__", c"");

impl NoArgsMethod for Next {
    #[inline(always)]
    fn call<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let iteration = receiver::<false, Iteration>(this)?;
        let taken = iteration.with(|items| match items.as_mut()?.next(ctx) {
            Some(item) => Some(Ok(item)),
            None => Some(Err(items.take())),
        });
        match taken {
            Some(Some(Ok(item))) => item,
            // The iterator is dropped here, where the lock is free.
            Some(_) => Err(StopIteration::new(())),
            None => Err(ValueError::new("iterator already executing")),
        }
    }
}

struct Hint;

static HINT: MethodStatic = entry::noargs_def::<Hint>(c"__length_hint__", c"");

impl NoArgsMethod for Hint {
    #[inline(always)]
    fn call<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let iteration = receiver::<false, Iteration>(this)?;
        let known = iteration.with(|items| items.as_ref().map_or(Some(0), |items| items.len()));
        // Python takes no larger numbers, and would raise.
        let known = known.flatten().and_then(|len| isize::try_from(len).ok());
        match known {
            Some(len) => ctx.handle(len),
            None => Ok(ctx.not_implemented()),
        }
    }
}

impl core::fmt::Debug for Iteration {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Iteration")
    }
}
