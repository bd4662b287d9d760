//! What `list!`, `tuple!`, `set!` and `dict!` make: values that become Python objects.

use crate::backend::quirks::Quirk;
use crate::convert::Argument;
use crate::types::{Dict, List, Set, Tuple, TypeObject};
use crate::{Context, Handle, IntoHandle, Result};
use hpy_sys::*;

/// A list of values of any types, in the spirit of `vec![]`.
///
/// It is a value that can be passed, returned and put into others, and becomes a list where it
/// arrives:
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn row<'ctx>(name: &Handle<'ctx, Str>, size: u64) -> impl IntoHandle<'ctx> {
///     list![name, size, None::<i64>, dict! { "unit" => "bytes" }]
/// }
/// # hpy_mock::run(|ctx| {
/// #     let row = hpy_mock::method::<row>(ctx).call1(("x", 7))?;
/// #     assert_eq!(row.repr()?.to_str()?, "['x', 7, None, {'unit': 'bytes'}]");
/// #     Ok(())
/// # });
/// ```
///
/// Its `build` makes the list at once:
///
/// ```
/// # use hpy::prelude::*;
/// # hpy_mock::run(|ctx| {
/// let list = list![1, "two"].build(ctx)?;
/// list.append(3.0)?;
/// assert_eq!(list.len(), 3);
/// # Ok(())
/// # });
/// ```
///
/// Values of one type come from a Rust iterator: [`Context::list`].
#[macro_export]
macro_rules! list {
    ($($item:expr),* $(,)?) => {
        $crate::__private::ListOf($crate::__items!($($item),*))
    };
}

/// A tuple of any number of values of any types. As [`list!`](crate::list).
///
/// ```
/// # use hpy::prelude::*;
/// # hpy_mock::run(|ctx| {
/// let tuple = tuple![1, "two", tuple![]].build(ctx)?;
/// assert_eq!(tuple.repr()?.to_str()?, "(1, 'two', ())");
/// # Ok(())
/// # });
/// ```
#[macro_export]
macro_rules! tuple {
    ($($item:expr),* $(,)?) => {
        $crate::__private::TupleOf($crate::__items!($($item),*))
    };
}

/// A set of values of any types. As [`list!`](crate::list).
///
/// ```
/// # use hpy::prelude::*;
/// # hpy_mock::run(|ctx| {
/// let set = set![1, "two", 1].build(ctx)?;
/// assert_eq!(set.len(), 2);
/// # Ok(())
/// # });
/// ```
#[macro_export]
macro_rules! set {
    ($($item:expr),* $(,)?) => {
        $crate::__private::SetOf($crate::__items!($($item),*))
    };
}

/// A dict of keys and values of any types. As [`list!`](crate::list).
///
/// ```
/// # use hpy::prelude::*;
/// # hpy_mock::run(|ctx| {
/// let dict = dict! { "one" => 1, 2 => list![] }.build(ctx)?;
/// assert_eq!(dict.repr()?.to_str()?, "{'one': 1, 2: []}");
/// # Ok(())
/// # });
/// ```
#[macro_export]
macro_rules! dict {
    ($($key:expr => $value:expr),* $(,)?) => {
        $crate::__private::DictOf($crate::__items!($(($key, $value)),*))
    };
}

/// The values one after the other, as a type of nested pairs.
#[doc(hidden)]
#[macro_export]
macro_rules! __items {
    ($($item:expr),*) => {
        $crate::__private::Nothing$(.and($item))*
    };
}

/// No values.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

/// Values, and one more.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct And<A, V>(A, V);

impl Nothing {
    #[inline(always)]
    pub fn and<V>(self, value: V) -> And<Self, V> {
        And(self, value)
    }
}

impl<A, V> And<A, V> {
    #[inline(always)]
    pub fn and<W>(self, value: W) -> And<Self, W> {
        And(self, value)
    }
}

/// Values that each have a Python form.
#[doc(hidden)]
pub trait Items<'ctx> {
    const COUNT: usize;

    /// Appends the values' arguments, which are valid while what the values borrow is.
    fn push(self, ctx: Context<'ctx>, arguments: &mut Vec<Argument<'ctx>>) -> Result<()>;
}

impl<'ctx> Items<'ctx> for Nothing {
    const COUNT: usize = 0;

    #[inline(always)]
    fn push(self, _: Context<'ctx>, _: &mut Vec<Argument<'ctx>>) -> Result<()> {
        Ok(())
    }
}

impl<'ctx, A: Items<'ctx>, V: IntoHandle<'ctx>> Items<'ctx> for And<A, V> {
    const COUNT: usize = A::COUNT + 1;

    #[inline(always)]
    fn push(self, ctx: Context<'ctx>, arguments: &mut Vec<Argument<'ctx>>) -> Result<()> {
        self.0.push(ctx, arguments)?;
        arguments.push(self.1.into_argument(ctx)?);
        Ok(())
    }
}

/// All values are converted before the object is begun: nothing runs that could see it half filled.
fn arguments<'ctx, I: Items<'ctx>>(ctx: Context<'ctx>, items: I) -> Result<Vec<Argument<'ctx>>> {
    let mut arguments = Vec::with_capacity(I::COUNT);
    items.push(ctx, &mut arguments)?;
    Ok(arguments)
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ListOf<I>(pub I);

impl<I> ListOf<I> {
    #[inline]
    pub fn build<'ctx>(self, ctx: Context<'ctx>) -> Result<Handle<'ctx, List>>
    where
        I: Items<'ctx>,
    {
        // SAFETY: what the values borrow is alive until this function returns, since their types
        // say so.
        unsafe { list(ctx, &arguments(ctx, self.0)?) }
    }
}

impl<'ctx, I: Items<'ctx>> IntoHandle<'ctx> for ListOf<I> {
    const ANNOTATION: crate::Annotation =
        crate::Annotation::generic("list", &[crate::Annotation::ANY]);

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.build(ctx).map(Handle::into_object)
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct TupleOf<I>(pub I);

impl<I> TupleOf<I> {
    #[inline]
    pub fn build<'ctx>(self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Tuple>>
    where
        I: Items<'ctx>,
    {
        // SAFETY: as above.
        unsafe { tuple(ctx, &arguments(ctx, self.0)?) }
    }
}

impl<'ctx, I: Items<'ctx>> IntoHandle<'ctx> for TupleOf<I> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("tuple");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.build(ctx).map(Handle::into_object)
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct SetOf<I>(pub I);

impl<I> SetOf<I> {
    #[inline]
    pub fn build<'ctx>(self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Set>>
    where
        I: Items<'ctx>,
    {
        // SAFETY: as above.
        let list = unsafe { list(ctx, &arguments(ctx, self.0)?)? };
        Set::type_object(ctx)?.call1((list,))?.downcast_into()
    }
}

impl<'ctx, I: Items<'ctx>> IntoHandle<'ctx> for SetOf<I> {
    const ANNOTATION: crate::Annotation =
        crate::Annotation::generic("set", &[crate::Annotation::ANY]);

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.build(ctx).map(Handle::into_object)
    }
}

/// Keys and values that each have a Python form.
#[doc(hidden)]
pub trait Pairs<'ctx> {
    fn put(self, dict: &Handle<'ctx, Dict>) -> Result<()>;
}

impl<'ctx> Pairs<'ctx> for Nothing {
    #[inline(always)]
    fn put(self, _: &Handle<'ctx, Dict>) -> Result<()> {
        Ok(())
    }
}

impl<'ctx, A, K, V> Pairs<'ctx> for And<A, (K, V)>
where
    A: Pairs<'ctx>,
    K: IntoHandle<'ctx>,
    V: IntoHandle<'ctx>,
{
    #[inline(always)]
    fn put(self, dict: &Handle<'ctx, Dict>) -> Result<()> {
        self.0.put(dict)?;
        let (key, value) = self.1;
        dict.set_item(key, value)
    }
}

#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct DictOf<P>(pub P);

impl<P> DictOf<P> {
    #[inline]
    pub fn build<'ctx>(self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Dict>>
    where
        P: Pairs<'ctx>,
    {
        let dict = ctx.dict()?;
        self.0.put(&dict)?;
        Ok(dict)
    }
}

impl<'ctx, P: Pairs<'ctx>> IntoHandle<'ctx> for DictOf<P> {
    const ANNOTATION: crate::Annotation =
        crate::Annotation::generic("dict", &[crate::Annotation::ANY, crate::Annotation::ANY]);

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.build(ctx).map(Handle::into_object)
    }
}

impl<'ctx> Context<'ctx> {
    /// A tuple of what a Rust iterator gives: `ctx.tuple_of(names.iter().map(|name| name.len()))`.
    /// In HPy's C API `HPyTupleBuilder_New` and so on.
    ///
    /// # Errors
    /// What a conversion raises, or MemoryError.
    pub fn tuple_of<I>(self, values: I) -> Result<Handle<'ctx, Tuple>>
    where
        I: IntoIterator,
        I::Item: IntoHandle<'ctx>,
    {
        let values = values.into_iter().map(|value| value.into_handle(self));
        let values = values.map(|value| value.map(Argument::owned));
        // SAFETY: the handles are the arguments' own.
        unsafe { tuple(self, &values.collect::<Result<Vec<_>>>()?) }
    }
}

/// # Safety
/// The arguments' handles are open.
#[inline]
unsafe fn list<'ctx>(ctx: Context<'ctx>, items: &[Argument<'ctx>]) -> Result<Handle<'ctx, List>> {
    // SAFETY: the handles are open, as the caller promises; the builder is filled up to its size
    // and used up by the building.
    unsafe {
        if ctx.has(Quirk::BUILT_LISTS_LEAK) {
            let list: Handle<'ctx, List> = ctx.made_handle(HPyList_New(ctx.as_ptr(), 0))?;
            for item in items {
                ctx.check(HPyList_Append(ctx.as_ptr(), list.as_raw(), item.as_raw()))?;
            }
            return Ok(list);
        }
        let builder = HPyListBuilder_New(ctx.as_ptr(), items.len() as HPy_ssize_t);
        if builder.is_null() {
            return Err(no_builder(ctx));
        }
        for (index, item) in items.iter().enumerate() {
            HPyListBuilder_Set(ctx.as_ptr(), builder, index as HPy_ssize_t, item.as_raw());
        }
        ctx.made_handle(HPyListBuilder_Build(ctx.as_ptr(), builder))
    }
}

/// # Safety
/// The arguments' handles are open.
#[inline]
unsafe fn tuple<'ctx>(ctx: Context<'ctx>, items: &[Argument<'ctx>]) -> Result<Handle<'ctx, Tuple>> {
    // SAFETY: as above.
    unsafe {
        let builder = HPyTupleBuilder_New(ctx.as_ptr(), items.len() as HPy_ssize_t);
        if builder.is_null() {
            return Err(no_builder(ctx));
        }
        for (index, item) in items.iter().enumerate() {
            HPyTupleBuilder_Set(ctx.as_ptr(), builder, index as HPy_ssize_t, item.as_raw());
        }
        ctx.made_handle(HPyTupleBuilder_Build(ctx.as_ptr(), builder))
    }
}

#[cold]
fn no_builder(ctx: Context<'_>) -> crate::Error {
    crate::Error::take(ctx).unwrap_or_else(|| crate::exceptions::MemoryError::new(""))
}
