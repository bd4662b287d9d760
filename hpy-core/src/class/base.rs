//! What a type derives from: `object`, another type written in Rust, whose data lies before its
//! own, or a built-in type (`built_in`).

use super::PyClass;
use super::call_place::CallFunctions;
use super::kind::ClassKind;
use super::layout::{Payload, drop_level};
use super::names::has;
use super::traverse::traverse_level;
use super::type_cell::not_listed;
use crate::types::{Type, TypeCheck};
use crate::{Context, Handle, Result};
use core::ffi::{c_int, c_void};
use hpy_sys::*;

/// What a type derives from: `#[hpy_type(base = …)]`.
///
/// # Safety
/// Shape, sizes and functions are those of the class, and of no other.
#[diagnostic::on_unimplemented(
    message = "a type can't derive from `{Self}`",
    label = "not a type that others in Rust derive from",
    note = "a base is a struct with `#[hpy_type(subclass)]`, or one of object, type, int, float, \
            str, tuple, list, dict"
)]
pub unsafe trait Base: TypeCheck {
    /// Whether types may derive from it.
    const SUBCLASS: bool;
    /// Whether its instances are made by the `__new__` of a built-in type that is not `object`.
    const BUILT_IN: bool = false;
    /// Whether this is `object` itself.
    const IS_OBJECT: bool = false;
    /// Whether `__init__` fills the objects: that of list and dict.
    const FILLED_BY_INIT: bool = false;
    /// Whether it, or what it derives from, has an `__init__` in Rust.
    const HAS_INIT: bool = false;
    /// What of the object's memory is not the data's.
    const SHAPE: HPyType_BuiltinShape;
    /// Where the data of the class, with that of its bases, ends.
    const SIZE: usize = 0;
    /// Where the data of what derives from it may begin: instances that can be called have a word
    /// of their own behind the data.
    const END: usize = 0;
    /// What the data of the class needs, or that of a base.
    const ALIGN: usize = 1;
    /// The `__call__` of the class, its own or that of a base.
    const CALL: Option<*mut CallFunctions> = None;
    /// Where the word lies that says which function an object is called by, if there are several.
    const WORD: Option<usize> = None;
    /// Whether any of the data has to be dropped.
    const DROPS: bool = false;
    /// Whether dropping it does more than to let go of what fields hold.
    const OWNS_MORE: bool = false;
    /// Whether a class in Python gives instances a `__dict__` or room for weak references, behind
    /// the data.
    const HAS_SLOTS: bool = false;
    /// Whether there are fields in any of the data.
    const TRAVERSES: bool = false;
    /// Whether its objects can be pickled by `pickle`.
    const PICKLES: bool = false;
    /// Whether it is an enum, whose classes are those of its variants.
    const IS_ENUM: bool = false;

    /// The class, if it is not `object`. `derived` is whose base it is.
    fn class<'ctx>(ctx: Context<'ctx>, derived: &str) -> Result<Option<Handle<'ctx, Type>>>;

    /// Where the data of an instance begins.
    ///
    /// # Safety
    /// The context is valid, the handle open, and the object's shape this one's.
    unsafe fn data(ctx: *mut HPyContext, object: HPy) -> *mut c_void;

    /// Drops the data of the class and of its bases, as far as there is any.
    ///
    /// # Safety
    /// `data` is the memory for data of an instance that ends, or null.
    #[inline(always)]
    unsafe fn destroy(data: *mut c_void) {
        let _ = data;
    }

    /// Shows the fields in the data of the class and of its bases.
    ///
    /// # Safety
    /// As for `HPy_tp_traverse`.
    #[inline(always)]
    unsafe fn traverse(data: *mut c_void, visit: HPyFunc_visitproc, arg: *mut c_void) -> c_int {
        let _ = (data, visit, arg);
        0
    }
}

// SAFETY: from what the type says, and what its base does.
unsafe impl<T: PyClass> Base for T {
    const SUBCLASS: bool = T::DESCRIPTION.subclass;
    const BUILT_IN: bool = <T::Base as Base>::BUILT_IN;
    const HAS_SLOTS: bool = T::DESCRIPTION.dict || T::DESCRIPTION.weakref;
    const FILLED_BY_INIT: bool = <T::Base as Base>::FILLED_BY_INIT;
    const HAS_INIT: bool = has(T::METHODS.special, "__init__") || <T::Base as Base>::HAS_INIT;
    const SHAPE: HPyType_BuiltinShape = match T::LEGACY {
        Some(_) => HPyType_BuiltinShape_Legacy,
        None => <T::Base as Base>::SHAPE,
    };
    const SIZE: usize = match (<T::Base as Base>::WORD, Self::WORD) {
        // Its objects have the enum's data and no other.
        _ if is_variant::<T>() => <T::Base as Base>::END,
        (None, Some(word)) => word + WORD_SIZE,
        _ => end_of::<T>(),
    };
    const ALIGN: usize = {
        let (own, before) = (align_of::<Payload<T>>(), <T::Base as Base>::ALIGN);
        if own > before { own } else { before }
    };
    const END: usize = match Self::CALL {
        _ if is_variant::<T>() => Self::SIZE,
        // Interpreters align it to two words.
        Some(_) => Self::SIZE.next_multiple_of(2 * WORD_SIZE) + WORD_SIZE,
        None => Self::SIZE,
    };
    const CALL: Option<*mut CallFunctions> = match T::METHODS.call {
        Some(own) => Some(own.0),
        None => <T::Base as Base>::CALL,
    };
    const WORD: Option<usize> = word::<T>();
    const DROPS: bool = core::mem::needs_drop::<T>() || <T::Base as Base>::DROPS;
    const OWNS_MORE: bool =
        core::mem::needs_drop::<T>() && T::OWNS_MORE || <T::Base as Base>::OWNS_MORE;
    const PICKLES: bool = T::PICKLES;
    const IS_ENUM: bool = matches!(T::KIND, ClassKind::Enum);
    const TRAVERSES: bool = T::HAS_FIELDS || <T::Base as Base>::TRAVERSES;

    #[cold]
    fn class<'ctx>(ctx: Context<'ctx>, derived: &str) -> Result<Option<Handle<'ctx, Type>>> {
        match T::place().get(ctx)? {
            Some(class) => Ok(Some(class)),
            None => Err(not_listed(T::DESCRIPTION.name, derived)),
        }
    }

    #[inline(always)]
    unsafe fn data(ctx: *mut HPyContext, object: HPy) -> *mut c_void {
        // SAFETY: as promised by the caller.
        unsafe {
            if T::LEGACY.is_some() {
                return _HPy_AsStruct_Legacy(ctx, object);
            }
            <T::Base as Base>::data(ctx, object)
        }
    }

    #[inline(always)]
    unsafe fn destroy(data: *mut c_void) {
        // SAFETY: as promised by the caller. What derives goes first.
        unsafe {
            drop_level::<T>(data);
            <T::Base as Base>::destroy(data);
        }
    }

    #[inline(always)]
    unsafe fn traverse(data: *mut c_void, visit: HPyFunc_visitproc, arg: *mut c_void) -> c_int {
        // SAFETY: as promised by the caller.
        unsafe {
            if T::HAS_FIELDS {
                let stop = traverse_level::<T>(data, visit, arg);
                if stop != 0 {
                    return stop;
                }
            }
            <T::Base as Base>::traverse(data, visit, arg)
        }
    }
}

/// Whether the type is the class of an enum's variant, which adds no data.
const fn is_variant<T: PyClass>() -> bool {
    matches!(T::KIND, ClassKind::Variant)
}

const WORD_SIZE: usize = size_of::<usize>();

/// Where a type's own data ends at the latest: [`level`](super::layout::level) may skip some bytes
/// before it.
pub(super) const fn end_of<T: PyClass>() -> usize {
    let skipped = <T as Base>::ALIGN.saturating_sub(WORD_SIZE);
    offset_of::<T>() + size_of::<Payload<T>>() + skipped
}

/// Where a type's own data lies, behind that of its bases: the same in instances of all that
/// derives from it.
pub(super) const fn offset_of<T: PyClass>() -> usize {
    let before = if T::LEGACY.is_some() && <T::Base as Base>::IS_OBJECT {
        LARGEST_HEADER
    } else {
        <T::Base as Base>::END
    };
    before.next_multiple_of(align_of::<Payload<T>>())
}

/// What objects of the legacy shape begin with, and their data too: without the GIL four words on
/// 64 bits and five on 32, two with it.
const LARGEST_HEADER: usize = if size_of::<usize>() == 8 { 32 } else { 24 };

/// Refuses, when the extension is compiled, a base whose data lies where CPython's header is in
/// that of a type with slots in C.
#[track_caller]
pub const fn check_legacy_base<B: Base>() {
    assert!(
        B::IS_OBJECT || B::SHAPE.0 == HPyType_BuiltinShape_Legacy.0,
        "a type with `legacy_slots` derives from `object`, or from a type that has `legacy_slots` \
         too"
    );
}

/// Refuses, when the extension is compiled, a base that nobody may derive from.
#[track_caller]
pub const fn check_base<B: Base>() {
    assert!(
        !B::IS_ENUM,
        "nobody may derive from an enum: its variants are its only classes"
    );
    assert!(
        B::SUBCLASS,
        "nobody may derive from the base: write #[hpy_type(subclass)] above its definition"
    );
    assert!(
        !B::HAS_SLOTS,
        "the base has `dict` or `weakref`, which lie where this type's data would: ask for them \
         above the types that derive from the base"
    );
}

impl<'ctx, T: PyClass> Handle<'ctx, T> {
    /// The same object as one of its base: `this.as_super().borrow()` is the base's data.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// #[hpy_type(subclass)]
    /// struct Animal {
    ///     name: String,
    /// }
    ///
    /// #[hpy_type(base = Animal)]
    /// struct Dog {
    ///     tricks: u32,
    /// }
    ///
    /// #[hpy_methods]
    /// impl Dog {
    ///     #[new]
    ///     fn new(name: String) -> (Self, Animal) {
    ///         (Dog { tricks: 0 }, Animal { name })
    ///     }
    ///
    ///     fn __repr__(this: &Handle<'_, Self>) -> Result<String> {
    ///         let (dog, animal) = (this.borrow()?, this.as_super().borrow()?);
    ///         Ok(format!("{}, {} tricks", animal.name, dog.tricks))
    ///     }
    /// }
    /// ```
    #[inline(always)]
    pub fn as_super(&self) -> &Handle<'ctx, T::Base> {
        // SAFETY: the class derives from that of the base.
        unsafe { self.as_object().downcast_unchecked() }
    }

    /// As [`as_super`](Self::as_super), for a handle that is given away.
    #[inline(always)]
    pub fn into_super(self) -> Handle<'ctx, T::Base> {
        // SAFETY: the class derives from that of the base.
        unsafe { self.into_object().downcast_into_unchecked() }
    }
}

/// Where the word is: behind the type's own data.
const fn word<T: PyClass>() -> Option<usize> {
    match <T::Base as Base>::WORD {
        Some(word) => Some(word),
        None if T::METHODS.chooses_call => Some(end_of::<T>()),
        None => None,
    }
}
