//! From Rust values to an object: `#[new]`, and values that Rust code makes objects of.

use super::PyClass;
use super::base::Base;
use super::create::class_of;
use super::kind::ClassKind;
use super::layout::{fill, fill_in_line, fills_in_line};
#[cfg(feature = "universal")]
use super::layout::{fill_at, is_measured_alone};
use crate::entry;
use crate::entry::arguments::KeywordArgs;
use crate::entry::definition::MethodStatic;
use crate::entry::guard::KeywordsMethod;
use crate::exceptions::TypeError;
use crate::object::handle::Borrowed;
use crate::types::Type;
use crate::{Context, Error, Handle, Result};
use core::marker::PhantomData;
use hpy_sys::*;

/// What `#[new]` may return: the data of an object, with that of each base, or an object.
///
/// - `Self`, for a type without a base, or with a built-in one: an int is 0 then, a str empty;
/// - `(Self, Base)`, where the second is the data of a base that is written in Rust;
/// - `(Self, value)`, with what a built-in base's constructor makes its value of; for `type` the
///   name, bases and attributes, a tuple of three;
/// - `(Self, Middle, Base)`, and so on up to four;
/// - `Handle<'ctx, Self>`, an object that exists;
/// - a `Result` of these, also of the base's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the data of a new `{T}`",
    label = "not the data of the new object",
    note = "return `Self` or `Result<Self>`; where the type has a base, the data of both: \
            `(Self, Base)`; an object that exists as `Handle<'ctx, Self>`",
    note = "of a `Result` the error converts into `hpy::Error`, as every `std::error::Error` does; \
            for a `String` or a `Box<dyn Error>` say which exception it is: `.map_err(|error| \
            ValueError::new(error.to_string()))`; for an `anyhow::Error` turn on hpy's feature \
            `anyhow`"
)]
///
/// # Safety
/// What `create` returns is an object of `T`, or of a class that derives from it. Of `NewData` it
/// is one that nobody has seen, of the class that it is given or of one that derives from it,
/// unless the class derives from a built-in one: what is there is asked for then.
pub unsafe trait NewResult<'ctx, T> {
    /// [`NewData`] or [`ExistingObject`]. Only data becomes part of the data of a derived class.
    #[doc(hidden)]
    type Kind;

    /// Makes the object, and puts the data into it.
    ///
    /// # Safety
    /// The class is `T`'s, or derives from it.
    #[doc(hidden)]
    unsafe fn create(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>>;

    /// As `create`, of an object that may be no such class.
    ///
    /// # Errors
    /// TypeError if it is none.
    #[doc(hidden)]
    #[inline(always)]
    fn create_checked(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>>
    where
        Self: Sized,
        T: PyClass,
    {
        if !T::place().is_base_of(class) {
            return Err(no_class_of(T::DESCRIPTION.name));
        }
        // SAFETY: just checked.
        unsafe { self.create(class) }
    }
}

/// Of the data of a new object.
pub struct NewData;

/// Of an object that exists.
pub struct ExistingObject;

/// A base of whose own nothing has to be said: `object`, or a built-in type with an empty value.
#[diagnostic::on_unimplemented(
    message = "the base `{Self}` has data of its own, which a new object needs too",
    label = "the base's data is missing",
    note = "return `(Self, {Self})`: the data of both"
)]
///
/// # Safety
/// As for [`NewResult`].
pub unsafe trait WithoutValue: Base {
    /// An object with no data yet.
    ///
    /// # Safety
    /// The class is `T`'s or derives from it, and `T` from this one.
    #[doc(hidden)]
    unsafe fn make<'ctx, T: PyClass>(class: &Handle<'ctx>) -> Result<Handle<'ctx>>;
}

// SAFETY: the object is what the base makes of the class.
unsafe impl<'ctx, T: PyClass> NewResult<'ctx, T> for T
where
    T::Base: WithoutValue,
{
    type Kind = NewData;

    #[inline(always)]
    unsafe fn create(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        if T::KIND == ClassKind::Enum {
            if T::place().is_class(class)? {
                return self.into_variant(class.ctx());
            }
            // SAFETY: as promised by the caller.
            return unsafe { create_elsewhere(class.by_value(), self) };
        }
        if fills_in_line::<T>()
            && let Some(info) = T::place().made_in_line(class)
        {
            let type_ = class.as_raw()._i as *mut capi::PyObject;
            // SAFETY: the class is the type, or has its instances' layout from there.
            return unsafe { create_in_line(class.ctx(), type_, info, self) };
        }
        // SAFETY: as promised by the caller.
        unsafe { create_elsewhere(class.by_value(), self) }
    }

    /// Where the class is the type itself, nearly all is known.
    #[inline(always)]
    fn create_checked(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        if is_made_in_line::<T>()
            && let Some((own, info)) = T::place().class_in_line(class)
        {
            // SAFETY: the description is that of the type itself.
            return unsafe { create_in_line(class.ctx(), own, info, self) };
        }
        if !T::place().is_base_of(class) {
            return Err(no_class_of(T::DESCRIPTION.name));
        }
        // SAFETY: just checked.
        unsafe { self.create(class) }
    }
}

/// Whether objects of the type itself may be made by [`create_in_line`].
const fn is_made_in_line<T: PyClass>() -> bool {
    matches!(T::KIND, ClassKind::Struct) && fills_in_line::<T>()
}

/// In a known layout.
///
/// # Safety
/// The class is the type that the description is of, or has its instances' layout from there. The
/// context is the own runtime's, and `T` [`fills_in_line`].
#[inline(always)]
unsafe fn create_in_line<'ctx, T: PyClass>(
    ctx: Context<'ctx>,
    class: *mut capi::PyObject,
    info: &cpython::TypeInfo,
    value: T,
) -> Result<Handle<'ctx>> {
    // SAFETY: as promised by the caller; a new object, which nobody has seen, or null with an
    // exception.
    unsafe {
        let object = cpython::new_instance(class, info);
        if !object.is_null() {
            fill_in_line::<T>(object, value);
        }
        let _i = object as isize;
        ctx.made_handle(HPy { _i })
    }
}

/// The same for all other layouts, classes and contexts.
///
/// # Safety
/// As for [`NewResult::create`].
#[cold]
#[inline(never)]
unsafe fn create_elsewhere<'ctx, T: PyClass>(
    class: Borrowed<'_, 'ctx>,
    value: T,
) -> Result<Handle<'ctx>>
where
    T::Base: WithoutValue,
{
    // SAFETY: as promised by the caller: the class derives from the base, too. Nobody has seen the
    // object yet.
    unsafe {
        #[cfg(feature = "universal")]
        if is_measured_alone::<T>()
            && let Some(made) = T::place().new_measured(&class)
        {
            let (object, data) = made?;
            fill_at(&object, data, value)?;
            return Ok(object);
        }
        let object = <T::Base as WithoutValue>::make::<T>(&class)?;
        fill(&object, value)?;
        Ok(object)
    }
}

// SAFETY: as above.
unsafe impl<'ctx, T: PyClass, V> NewResult<'ctx, T> for (T, V)
where
    V: NewResult<'ctx, T::Base, Kind = NewData>,
{
    type Kind = NewData;

    #[inline(always)]
    unsafe fn create(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let (own, base) = self;
        // SAFETY: as above.
        unsafe {
            let object = base.create(class)?;
            fill(&object, own)?;
            Ok(object)
        }
    }
}

macro_rules! longer {
    ($($base:ident)*) => {
        // SAFETY: as above.
        unsafe impl<'ctx, T: PyClass, $($base),*> NewResult<'ctx, T> for (T, $($base),*)
        where
            ($($base,)*): NewResult<'ctx, T::Base, Kind = NewData>,
        {
            type Kind = NewData;

            #[inline(always)]
            #[allow(non_snake_case)]
            unsafe fn create(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
                let (own, $($base),*) = self;
                // SAFETY: as promised by the caller.
                unsafe { (own, ($($base,)*)).create(class) }
            }
        }
    };
}

longer! { B C }
longer! { B C D }

#[diagnostic::do_not_recommend] // of an error that does not convert, the message above is to tell
// SAFETY: the object is what the value makes.
unsafe impl<'ctx, T: PyClass, V: NewResult<'ctx, T>, E: Into<Error>> NewResult<'ctx, T>
    for core::result::Result<V, E>
{
    type Kind = V::Kind;

    #[inline(always)]
    unsafe fn create(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        // SAFETY: as promised by the caller.
        unsafe { self.map_err(Into::into)?.create(class) }
    }

    #[inline(always)]
    fn create_checked(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        self.map_err(Into::into)?.create_checked(class)
    }
}

/// An object that exists is the result, as of a `__new__` in Python. It need not be of the class
/// that was called, which may be one that derives from `T`.
// SAFETY: the handle's type says that it is an object of `T`.
unsafe impl<'ctx, T: PyClass> NewResult<'ctx, T> for Handle<'ctx, T> {
    type Kind = ExistingObject;

    #[inline(always)]
    unsafe fn create(self, _: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        Ok(self.into_object())
    }
}

/// What `ctx.instance(…)` takes: the data of an object, which says of which type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the data of an object",
    label = "not the data of a new object",
    note = "give the value of a type with `#[hpy_type]`; where the type has a base, the data of \
            both: `(derived, base)`"
)]
pub trait Instance<'ctx>: NewResult<'ctx, Self::Type> {
    /// The object's type.
    type Type: PyClass;
}

impl<'ctx, T: PyClass> Instance<'ctx> for T
where
    T: NewResult<'ctx, T>,
{
    type Type = T;
}

macro_rules! with_bases {
    ($($base:ident)*) => {
        impl<'ctx, T: PyClass, $($base),*> Instance<'ctx> for (T, $($base),*)
        where
            Self: NewResult<'ctx, T>,
        {
            type Type = T;
        }
    };
}

with_bases! { B }
with_bases! { B C }
with_bases! { B C D }

/// What `T.__new__(class, …)` returns.
#[inline(always)]
pub fn construct<'ctx, T: PyClass>(
    class: &Handle<'ctx>,
    value: impl NewResult<'ctx, T>,
) -> Result<Handle<'ctx>> {
    value.create_checked(class)
}

/// The class that a constructor is told: the type's own, or one that derives from it.
#[inline]
pub fn class_of_new<'a, 'ctx, T: PyClass>(
    class: &'a Handle<'ctx>,
) -> Result<&'a Handle<'ctx, Type>> {
    match T::place().is_base_of(class) {
        true => class.downcast(),
        false => Err(no_class_of(T::DESCRIPTION.name)),
    }
}

#[cold]
#[inline(never)]
fn no_class_of(name: &str) -> Error {
    let parts = [name, ".__new__(X): X is not a subtype of ", name];
    TypeError::new(crate::error::joined(&parts))
}

/// The definition of `#[new]`, for a static: a slot, or a function whose first argument is the
/// class, where a built-in type makes the objects.
pub const fn new_def<T: PyClass, M: KeywordsMethod>() -> MethodStatic {
    if <T as Base>::BUILT_IN {
        entry::keywords_def::<ByFirst<M>>(c"new", c"")
    } else {
        crate::entry::slots::definitions::slot_def(HPy_tp_new, entry::slots::new::<M>())
    }
}

/// A method of the class as a function whose first argument is the class.
struct ByFirst<M>(PhantomData<M>);

impl<M: KeywordsMethod> KeywordsMethod for ByFirst<M> {
    const IN_LINE: bool = M::IN_LINE;

    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        _: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        match args.split_first() {
            Some((class, rest)) => M::call(ctx, &class, rest),
            None => Err(TypeError::new("not enough arguments: the class is missing")),
        }
    }
}

impl<'ctx> Context<'ctx> {
    /// A new object of a type with `#[hpy_type]`, with the value as its data. A method may as well
    /// return the value itself.
    ///
    /// Of a type with a base it takes what `#[new]` returns, the data of both:
    /// `ctx.instance((derived, base))`.
    ///
    /// # Errors
    /// MemoryError, what a built-in base raises of the value, or what making the type raises if no
    /// module lists it.
    #[inline(always)]
    pub fn instance<V: Instance<'ctx>>(self, value: V) -> Result<Handle<'ctx, V::Type>> {
        // SAFETY: a new handle, of an instance of the type.
        unsafe { Ok(Handle::from_raw_unchecked(self, new_object(self, value)?)) }
    }
}

/// A new object of the value's own type: one function per type, whoever makes its objects.
#[inline(never)]
fn new_object<'ctx, V: Instance<'ctx>>(ctx: Context<'ctx>, value: V) -> Result<HPy> {
    if let Some(class) = V::Type::place().borrowed(ctx) {
        // SAFETY: the class is that of the type.
        return unsafe { value.create(&class).map(Handle::into_raw) };
    }
    let class = class_of::<V::Type>(ctx)?;
    // SAFETY: as above.
    unsafe { value.create(class.as_object()).map(Handle::into_raw) }
}

/// As [`into_instance`], in line.
#[inline(always)]
pub fn into_instance_in_line<'ctx, T: PyClass + Instance<'ctx>>(
    ctx: Context<'ctx>,
    value: T,
) -> Result<Handle<'ctx>> {
    if const { is_made_in_line::<T>() } {
        return match T::place().own_in_line(ctx) {
            // SAFETY: the description is that of the type itself.
            Some((class, info)) => unsafe { create_in_line(ctx, class, info, value) },
            None => into_instance(ctx, value),
        };
    }
    match <T as Instance<'ctx>>::Type::place().borrowed(ctx) {
        // SAFETY: the class is that of the type.
        Some(class) => unsafe { value.create(&class) },
        None => into_instance(ctx, value),
    }
}

/// A type's value as any object: what the macro's `IntoHandle` calls.
#[inline(always)]
pub fn into_instance<'ctx, T: PyClass + Instance<'ctx>>(
    ctx: Context<'ctx>,
    value: T,
) -> Result<Handle<'ctx>> {
    Ok(ctx.instance(value)?.into_object())
}
