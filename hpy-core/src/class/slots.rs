//! From the functions that the macros emit to HPy's slots: what several special methods share, and
//! what is missing.

use super::HasMethods;
use super::super_call::{inherited_comparison, inherited_operator, names};
use crate::entry::arguments::KeywordArgs;
use crate::exceptions::TypeError;
use crate::object::handle::Borrowed;
use crate::{CompareOp, Context, Error, Handle, Result};
use core::marker::PhantomData;

/// A function of the object and `N` arguments that returns an object.
pub trait Fixed<const N: usize> {
    /// Whether it is short, and has a boundary of its own.
    const IN_LINE: bool = false;
    /// Whether there is one.
    const EXISTS: bool = true;
    /// Converts the arguments, calls the Rust function.
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: [&Handle<'ctx>; N],
    ) -> Result<Handle<'ctx>>;
}

/// A function of the object and `N` arguments that returns a number: a length, a hash, 0 or 1, or 0
/// for nothing.
pub trait FixedInt<const N: usize> {
    /// Whether it is short, and has a boundary of its own.
    const IN_LINE: bool = false;
    /// Whether there is one.
    const EXISTS: bool = true;
    /// Converts the arguments, calls the Rust function.
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: [&Handle<'ctx>; N],
    ) -> Result<isize>;
}

/// `__richcmp__`, or what stands for it.
pub trait Compare {
    /// Whether it is short, and has a boundary of its own.
    const IN_LINE: bool = false;
    /// Compares.
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        other: &Handle<'ctx>,
        op: CompareOp,
    ) -> Result<Handle<'ctx>>;
}

/// `__init__`: a function of any arguments that returns nothing.
pub trait InitMethod {
    /// Converts the arguments, calls the Rust function.
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<isize>;
}

/// A special method that the type does not have.
pub struct Absent;

impl<const N: usize> Fixed<N> for Absent {
    const EXISTS: bool = false;
    const IN_LINE: bool = true;

    fn call<'ctx>(
        ctx: Context<'ctx>,
        _: &Handle<'ctx>,
        _: [&Handle<'ctx>; N],
    ) -> Result<Handle<'ctx>> {
        Ok(ctx.not_implemented())
    }
}

impl<const N: usize> FixedInt<N> for Absent {
    const EXISTS: bool = false;
    const IN_LINE: bool = true;

    #[cold]
    fn call<'ctx>(_: Context<'ctx>, this: &Handle<'ctx>, _: [&Handle<'ctx>; N]) -> Result<isize> {
        let name = this.type_name();
        Err(TypeError::new(crate::error::joined(&[
            "'",
            &name,
            "' object does not support this",
        ])))
    }
}

/// A binary operator: `__add__` and `__radd__`. The slot, of this number, is called with an object
/// of the type on either side.
pub struct Operator<T, F, R, const SLOT: i32>(PhantomData<(T, F, R)>);

impl<T: HasMethods, F: Fixed<1>, R: Fixed<1>, const SLOT: i32> Fixed<1>
    for Operator<T, F, R, SLOT>
{
    const IN_LINE: bool = F::IN_LINE && R::IN_LINE;

    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        [other]: [&Handle<'ctx>; 1],
    ) -> Result<Handle<'ctx>> {
        let (name, reflected) = const { names(SLOT) };
        if T::is_receiver(this) || T::is_instance(this, Self::IN_LINE) {
            if F::EXISTS {
                F::call(ctx, this, [other])
            } else {
                inherited_operator::<T>(ctx, name, (this, other))
            }
        } else if !R::EXISTS && !T::INHERITS || !T::is_instance(other, Self::IN_LINE) {
            Ok(ctx.not_implemented())
        } else if R::EXISTS {
            R::call(ctx, other, [this])
        } else {
            inherited_operator::<T>(ctx, reflected, (other, this))
        }
    }
}

/// `__pow__` and `__rpow__`, the latter without a modulus.
pub struct Power<T, F, R>(PhantomData<(T, F, R)>);

impl<T: HasMethods, F: Fixed<2>, R: Fixed<2>> Fixed<2> for Power<T, F, R> {
    const IN_LINE: bool = F::IN_LINE && R::IN_LINE;

    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        [other, modulus]: [&Handle<'ctx>; 2],
    ) -> Result<Handle<'ctx>> {
        if this.is_instance_of::<T>() {
            if F::EXISTS {
                F::call(ctx, this, [other, modulus])
            } else if modulus.is_none() {
                inherited_operator::<T>(ctx, c"__pow__", (this, other))
            } else {
                inherited_operator::<T>(ctx, c"__pow__", (this, other, modulus))
            }
        } else if !R::EXISTS && !T::INHERITS || !other.is_instance_of::<T>() {
            Ok(ctx.not_implemented())
        } else if R::EXISTS {
            R::call(ctx, other, [this, modulus])
        } else {
            inherited_operator::<T>(ctx, c"__rpow__", (other, this))
        }
    }
}

/// The six comparisons, each of which may be absent.
pub struct Comparisons<T, Lt, Le, Eq, Ne, Gt, Ge>(PhantomData<(T, Lt, Le, Eq, Ne, Gt, Ge)>);

impl<T, Lt, Le, Eq, Ne, Gt, Ge> Compare for Comparisons<T, Lt, Le, Eq, Ne, Gt, Ge>
where
    T: HasMethods,
    Lt: Fixed<1>,
    Le: Fixed<1>,
    Eq: Fixed<1>,
    Ne: Fixed<1>,
    Gt: Fixed<1>,
    Ge: Fixed<1>,
{
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        other: &Handle<'ctx>,
        op: CompareOp,
    ) -> Result<Handle<'ctx>> {
        let args = [other];
        match op {
            CompareOp::Lt if Lt::EXISTS => Lt::call(ctx, this, args),
            CompareOp::Le if Le::EXISTS => Le::call(ctx, this, args),
            CompareOp::Eq if Eq::EXISTS => Eq::call(ctx, this, args),
            CompareOp::Ne if Ne::EXISTS => Ne::call(ctx, this, args),
            CompareOp::Ne if Eq::EXISTS => opposite(ctx, Eq::call(ctx, this, args)?),
            CompareOp::Gt if Gt::EXISTS => Gt::call(ctx, this, args),
            CompareOp::Ge if Ge::EXISTS => Ge::call(ctx, this, args),
            _ => inherited_comparison::<T>(ctx, this, other, op),
        }
    }
}

/// What `!=` is, given `==`.
#[inline(never)]
fn opposite<'ctx>(ctx: Context<'ctx>, equal: Handle<'ctx>) -> Result<Handle<'ctx>> {
    use crate::IntoHandle;
    if equal.is(&ctx.not_implemented()) {
        return Ok(equal);
    }
    (!equal.is_truthy()?).into_handle(ctx)
}

/// `__setitem__` and `__delitem__` in one slot, whose value is null for the latter.
pub struct ItemSlot<T, Set, Del>(PhantomData<(T, Set, Del)>);

/// A setter and a deleter in one function likewise.
pub struct Attribute<Set, Del>(PhantomData<(Set, Del)>);

/// Sets or deletes.
pub trait Assign<const N: usize> {
    /// Whether it is short, and has a boundary of its own.
    const IN_LINE: bool = false;
    /// `value` is None to delete.
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        keys: [&Handle<'ctx>; N],
        value: Option<&Handle<'ctx>>,
    ) -> Result<isize>;
}

impl<T: HasMethods, Set: FixedInt<2>, Del: FixedInt<1>> Assign<1> for ItemSlot<T, Set, Del> {
    const IN_LINE: bool = Set::IN_LINE && Del::IN_LINE;

    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        [key]: [&Handle<'ctx>; 1],
        value: Option<&Handle<'ctx>>,
    ) -> Result<isize> {
        match value {
            Some(value) if Set::EXISTS => Set::call(ctx, this, [key, value]),
            None if Del::EXISTS => Del::call(ctx, this, [key]),
            Some(value) => match T::inherited(ctx, c"__setitem__", (this, key, value))? {
                Some(_) => Ok(0),
                None => Err(unsupported(this, "item assignment")),
            },
            None => match T::inherited(ctx, c"__delitem__", (this, key))? {
                Some(_) => Ok(0),
                None => Err(unsupported(this, "item deletion")),
            },
        }
    }
}

impl<Set: FixedInt<1>, Del: FixedInt<0>> Assign<0> for Attribute<Set, Del> {
    const IN_LINE: bool = Set::IN_LINE && Del::IN_LINE;

    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        _: [&Handle<'ctx>; 0],
        value: Option<&Handle<'ctx>>,
    ) -> Result<isize> {
        match value {
            Some(value) if Set::EXISTS => Set::call(ctx, this, [value]),
            None if Del::EXISTS => Del::call(ctx, this, []),
            Some(_) => Err(unassignable("the attribute cannot be assigned")),
            None => Err(unassignable("the attribute cannot be deleted")),
        }
    }
}

#[cold]
#[inline(never)]
fn unsupported(this: &Handle<'_>, what: &str) -> crate::Error {
    let name = this.type_name();
    let parts = ["'", &name, "' object does not support ", what];
    TypeError::new(crate::error::joined(&parts))
}

#[cold]
#[inline(never)]
fn unassignable(what: &'static str) -> crate::Error {
    crate::exceptions::AttributeError::new(what)
}

/// A reflected operator as a method of its name, for interpreters that look for one.
pub struct AsMethod<F>(PhantomData<F>);

impl<F: Fixed<1>> crate::entry::guard::OMethod for AsMethod<F> {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        arg: &Handle<'ctx>,
    ) -> Result<Handle<'ctx>> {
        F::call(ctx, this, [arg])
    }
}

/// The same of `__rpow__`, which a modulus may follow.
pub struct AsPowerMethod<F>(PhantomData<F>);

impl<F: Fixed<2>> crate::entry::guard::VarArgsMethod for AsPowerMethod<F> {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: crate::Args<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        match (args.get(0), args.get(1)) {
            (Some(base), None) => F::call(ctx, this, [&base, ctx.none().as_object()]),
            (Some(base), Some(modulus)) if args.len() == 2 => F::call(ctx, this, [&base, &modulus]),
            _ => Err(TypeError::new(
                "__rpow__ takes a base, and may take a modulus",
            )),
        }
    }
}

/// The class that a class method is called with.
#[inline(always)]
pub fn argument_class<'a, 'ctx>(
    class: &'a Handle<'ctx>,
) -> Result<&'a Handle<'ctx, crate::types::Type>> {
    class.downcast()
}

/// Whether the error says that an operand is of a type that the operator does not know. Others are
/// returned.
#[cold]
#[inline(never)]
pub(crate) fn unknown_operand(error: Error, operand: Borrowed<'_, '_>) -> Result<()> {
    let ctx = operand.ctx();
    if error.is_instance_of::<TypeError>(ctx) && !error.is_raised_by_object(ctx) {
        Ok(())
    } else {
        Err(error)
    }
}
