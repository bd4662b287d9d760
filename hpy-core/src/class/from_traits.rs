//! Special methods derived from Rust's traits: `#[hpy_type(eq, ord, hash, repr, str)]`.

use super::description::Derived;
use super::description::are_unknown;
use super::names::has;
use super::super_call::inherited_comparison;
use super::{Compare, Description, Fixed, FixedInt, HasMethods};
use crate::types::Type;
use crate::{CompareOp, Context, Handle, IntoHandle, Result};
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;

/// Refuses, when the extension is compiled, what is both derived and written by hand.
#[track_caller]
pub const fn check_derived(derived: Derived, special: &[&str]) {
    // An error of theirs is shown alone.
    if are_unknown(special) {
        return;
    }
    let compares = has(special, "__richcmp__")
        || has(special, "__eq__")
        || has(special, "__ne__")
        || has(special, "__lt__")
        || has(special, "__le__")
        || has(special, "__gt__")
        || has(special, "__ge__");
    assert!(
        !(derived.eq && compares),
        "`eq` derives the comparisons that #[hpy_methods] has too: remove the one or the other"
    );
    assert!(
        !(derived.hash && has(special, "__hash__")),
        "`hash` derives the `__hash__` that #[hpy_methods] has too: remove the one or the other"
    );
    assert!(
        !(derived.repr && has(special, "__repr__")),
        "`repr` derives the `__repr__` that #[hpy_methods] has too: remove the one or the other"
    );
    assert!(
        !(derived.str && has(special, "__str__")),
        "`str` derives the `__str__` that #[hpy_methods] has too: remove the one or the other"
    );
    assert!(
        !derived.hash || derived.eq || has(special, "__eq__") || has(special, "__richcmp__"),
        "what is equal has the same hash: write `eq, hash`, or an `__eq__` in #[hpy_methods]"
    );
}

/// Refuses, when the extension is compiled, what is an attribute by its field, and a method or
/// attribute as well: which of them Python sees, each interpreter decides.
#[track_caller]
pub const fn check_attributes(fields: &[&str], others: &[&str]) {
    let mut index = 0;
    while index < fields.len() {
        assert!(
            !has(others, fields[index]),
            "a field with #[hpy(get)] has the name of a method or attribute in #[hpy_methods]: \
             keep one, or give it another `name`"
        );
        index += 1;
    }
}

/// Whether objects have no hash: they are compared, and nobody says how they are hashed.
pub(super) fn is_unhashable(description: &Description, special: &[&str]) -> bool {
    let compares = description.derived.eq || has(special, "__eq__") || has(special, "__richcmp__");
    compares && !description.derived.hash && !has(special, "__hash__")
}

/// Whether objects are ordered by methods of the type, and neither compared for equality nor hashed
/// by it: then they are hashed as the base's are, which the C API forgets.
pub(super) fn only_orders(description: &Description, special: &[&str]) -> bool {
    let orders = ["__lt__", "__le__", "__ne__", "__gt__", "__ge__"];
    let compares = description.derived.eq || has(special, "__eq__") || has(special, "__richcmp__");
    !compares
        && !has(special, "__hash__")
        && !description.derived.hash
        && orders.iter().any(|name| has(special, name))
}

/// `__match_args__`, where the type has one.
#[cold]
pub(super) fn set_match_args(description: &Description, type_: &Handle<'_, Type>) -> Result<()> {
    match description.match_args {
        None => Ok(()),
        Some(names) => {
            let names = type_.ctx().tuple_of(names.iter().copied())?;
            type_.setattr(c"__match_args__", names)
        }
    }
}

/// `==` and `!=` by `PartialEq`.
pub struct DerivedEq<T>(PhantomData<T>);

/// All comparisons, by `PartialEq` and `PartialOrd`.
pub struct DerivedOrd<T>(PhantomData<T>);

/// `__hash__` by `Hash`.
pub struct DerivedHash<T>(PhantomData<T>);

/// `__repr__` by `Debug`.
pub struct DerivedRepr<T>(PhantomData<T>);

/// `__str__` by `Display`.
pub struct DerivedStr<T>(PhantomData<T>);

/// Compares the data of two objects; what is no `T` is NotImplemented.
#[inline(always)]
fn compare<'ctx, T: HasMethods>(
    ctx: Context<'ctx>,
    this: &Handle<'ctx>,
    other: &Handle<'ctx>,
    compare: impl FnOnce(&T, &T) -> bool,
) -> Result<Handle<'ctx>> {
    if !this.is_instance_of::<T>() || !other.is_instance_of::<T>() {
        return Ok(ctx.not_implemented());
    }
    let (this, other) = (T::data::<false>(this)?, T::data::<false>(other)?);
    compare(&this, &other).into_handle(ctx)
}

impl<T: HasMethods + PartialEq> Compare for DerivedEq<T> {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        other: &Handle<'ctx>,
        op: CompareOp,
    ) -> Result<Handle<'ctx>> {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return inherited_comparison::<T>(ctx, this, other, op);
        }
        compare(ctx, this, other, |this: &T, other: &T| {
            (this == other) == (op == CompareOp::Eq)
        })
    }
}

impl<T: HasMethods + PartialOrd> Compare for DerivedOrd<T> {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        other: &Handle<'ctx>,
        op: CompareOp,
    ) -> Result<Handle<'ctx>> {
        compare(ctx, this, other, |this: &T, other: &T| match op {
            CompareOp::Lt => this < other,
            CompareOp::Le => this <= other,
            CompareOp::Eq => this == other,
            CompareOp::Ne => this != other,
            CompareOp::Gt => this > other,
            CompareOp::Ge => this >= other,
        })
    }
}

impl<T: HasMethods + Hash> FixedInt<0> for DerivedHash<T> {
    #[inline(always)]
    fn call<'ctx>(_: Context<'ctx>, this: &Handle<'ctx>, _: [&Handle<'ctx>; 0]) -> Result<isize> {
        // Without a seed: the same data has the same hash in every process.
        let mut hasher = std::hash::DefaultHasher::new();
        T::data::<false>(this)?.hash(&mut hasher);
        super::IntoHash::into_hash(hasher.finish())
    }
}

impl<T: HasMethods + core::fmt::Debug> Fixed<0> for DerivedRepr<T> {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        _: [&Handle<'ctx>; 0],
    ) -> Result<Handle<'ctx>> {
        format!("{:?}", &*T::data::<false>(this)?).into_handle(ctx)
    }
}

impl<T: HasMethods + core::fmt::Display> Fixed<0> for DerivedStr<T> {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        _: [&Handle<'ctx>; 0],
    ) -> Result<Handle<'ctx>> {
        format!("{}", &*T::data::<false>(this)?).into_handle(ctx)
    }
}
