//! `Field`: a reference to an object in the data of another, which the garbage collector is told
//! of.
//!
//! HPy stores a field with the help of the object that owns it. Whose that is nobody says here:
//! while Rust code holds a field for itself, it is a reference on its own, which may be moved
//! wherever values go, and when an object's data has been filled, or its exclusive borrow ends, the
//! fields that are found in it become the object's. So there is no other owner that one could name.
//!
//! - Where references are counted and a handle is an object's address, a reference on its own and a
//!   field are the same.
//! - Else (`Loose`) it is kept as what outlives a call is; the object's own (`Bound`) is an
//!   `HPyField`, whose word PyPy's collector changes when it moves the object.

use super::visitor::{Traverse, Visitor};
#[cfg(feature = "universal")]
use crate::backend;
use crate::object::variance::Invariant;
use crate::types::{Object, TypeCheck};
use crate::{Context, FromHandle, Handle, Result};
use core::cell::UnsafeCell;
use core::marker::PhantomData;
use hpy_sys::capi::{self, PyObject};
use hpy_sys::*;

/// A reference to an object in the data of a `#[hpy_type]`. HPy's `HPyField`.
///
/// Python's garbage collector is told of it, so cycles through fields are collected; a
/// [`Persistent`](crate::Persistent) in their place would keep them alive for ever. A field may be
/// empty: it is so after the collector has taken a cycle apart, too.
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_type]
/// struct Node {
///     /// The attribute `next`: a Node, or None.
///     #[hpy(get, set)]
///     next: Option<Field<Node>>,
///     others: Vec<Field>,
/// }
///
/// #[hpy_methods]
/// impl Node {
///     #[new]
///     fn new() -> Self {
///         Node { next: None, others: Vec::new() }
///     }
///
///     fn add(&mut self, object: &Handle<'_>) -> Result<()> {
///         self.others.push(Field::new(object)?);
///         Ok(())
///     }
///
///     fn last<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
///         match self.others.last() {
///             Some(field) => field.load(ctx),
///             None => Ok(None),
///         }
///     }
/// }
/// ```
///
/// Fields stand in structs and enums that derive [`Traverse`](crate::Traverse), and in `Option`,
/// `Vec`, `Box` and the like. Anywhere else they do not compile in a type's data: the collector
/// would not find them. So they are neither Send nor Sync; an object that has them may be used on
/// any thread all the same.
pub struct Field<T = Object> {
    raw: RawField,
    _type: Invariant<T>,
}

/// A field of any type: what a [`Visitor`] is shown.
#[doc(hidden)]
pub struct RawField {
    /// Null, or what `state` says.
    word: UnsafeCell<HPyField>,
    state: UnsafeCell<State>,
    _found: PhantomData<FieldsStandInWhatDerivesTraverse>,
}

/// Not Send, for what the name says: so a field is not in data whose fields must be Send.
struct FieldsStandInWhatDerivesTraverse {
    _neither_send_nor_sync: PhantomData<*mut ()>,
}

enum State {
    /// The word is the address of an object, with a reference of its own, in the interpreter of
    /// this number.
    Counted(u64),
    /// The word is that of an `HPyField`.
    #[cfg(feature = "universal")]
    Bound,
    /// The word is null.
    #[cfg(feature = "universal")]
    Loose(backend::Loose),
}

impl<T> Field<T> {
    /// A field that holds the object.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn new(object: &Handle<'_, T>) -> Result<Self> {
        Ok(Self {
            raw: RawField::new(object.ctx(), object.as_raw())?,
            _type: PhantomData,
        })
    }

    /// A field that holds nothing.
    #[inline]
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            raw: RawField {
                word: UnsafeCell::new(HPyField_NULL),
                state: UnsafeCell::new(State::Counted(0)),
                _found: PhantomData,
            },
            _type: PhantomData,
        }
    }

    /// The object, if there is one. HPy's `HPyField_Load`.
    ///
    /// ```
    /// # hpy_mock::run(|ctx| {
    /// use hpy::Field;
    /// let mut field = Field::new(&ctx.str("a")?)?;
    /// assert_eq!(field.load(ctx)?.unwrap().to_string(), "a");
    /// field.store(&ctx.str("b")?)?;
    /// assert_eq!(field.take(ctx)?.unwrap().to_string(), "b");
    /// assert!(field.is_empty() && field.load(ctx)?.is_none());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// RuntimeError in another interpreter of the process than the one whose object it is, or
    /// MemoryError.
    #[inline]
    pub fn load<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx, T>>> {
        let raw = self.raw.load(ctx)?;
        // SAFETY: a new handle or null; only `T`s are stored.
        Ok(unsafe { Handle::from_raw(ctx, raw) })
    }

    /// The object of a field that is always set.
    ///
    /// A field can only be empty if Rust code has emptied it, or after the garbage collector has
    /// taken apart a cycle that the owner was part of. So a field that the constructor fills, and
    /// that nobody empties, has an object in every method that is called in the owner's life.
    ///
    /// ```
    /// # hpy_mock::run(|ctx| {
    /// use hpy::Field;
    /// let field = Field::new(&ctx.str("a")?)?;
    /// assert_eq!(field.get(ctx)?.to_string(), "a");
    /// assert!(Field::<hpy::types::Str>::empty().get(ctx).is_err());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// RuntimeError if the field is empty. Otherwise as for [`load`](Self::load).
    #[inline]
    pub fn get<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, T>> {
        self.load(ctx)?.ok_or_else(|| emptied())
    }

    /// Stores the object, in place of the one before. HPy's `HPyField_Store`.
    ///
    /// The end of the object before may run any Python code, which finds the data borrowed. To let
    /// go of it after the borrow, put another field in place of this one by [`core::mem::replace`].
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn store(&mut self, object: &Handle<'_, T>) -> Result<()> {
        *self = Self::new(object)?;
        Ok(())
    }

    /// The object, which the field does not hold any more.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    #[inline]
    pub fn take<'ctx>(&mut self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx, T>>> {
        let object = self.load(ctx)?;
        self.clear();
        Ok(object)
    }

    /// A second field that holds the same object. HPy's `HPyField_Load` and `HPyField_Store`,
    /// PyO3's `clone_ref`.
    ///
    /// ```
    /// # hpy_mock::run(|ctx| {
    /// use hpy::Field;
    /// let field = Field::new(&ctx.str("a")?)?;
    /// let mut second = field.dup(ctx)?;
    /// second.store(&ctx.str("b")?)?;
    /// assert_eq!(field.load(ctx)?.unwrap().to_string(), "a");
    /// assert!(Field::<hpy::types::Str>::empty().dup(ctx)?.is_empty());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    #[inline]
    pub fn dup(&self, ctx: Context<'_>) -> Result<Self> {
        match self.load(ctx)? {
            Some(object) => Self::new(&object),
            None => Ok(Self::empty()),
        }
    }

    /// Lets go of the object.
    #[inline]
    pub fn clear(&mut self) {
        *self = Self::empty();
    }

    /// Whether the field holds nothing.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }
}

impl RawField {
    #[inline(always)]
    fn new(ctx: Context<'_>, object: HPy) -> Result<Self> {
        #[cfg(feature = "universal")]
        if !ctx.raw.is_direct() {
            return Ok(Self {
                word: UnsafeCell::new(HPyField_NULL),
                state: UnsafeCell::new(State::Loose(backend::Loose::new(ctx, object)?)),
                _found: PhantomData,
            });
        }
        let _ = ctx;
        // SAFETY: the handle is open, a direct context's is the object's address, and the thread
        // attached.
        unsafe { capi::incref(object._i as *mut PyObject) };
        Ok(Self {
            word: UnsafeCell::new(HPyField { _i: object._i }),
            // SAFETY: a context means that the thread is attached.
            state: UnsafeCell::new(State::Counted(unsafe { interpreters::number() })),
            _found: PhantomData,
        })
    }

    #[inline(always)]
    fn word(&self) -> HPyField {
        // SAFETY: a field is not Sync: who has a reference to it has borrowed the object, in which
        // only the collector, and who is alone with it, writes.
        unsafe { *self.word.get() }
    }

    #[inline(always)]
    fn state(&self) -> &State {
        // SAFETY: as in `word`; the state is changed by `bind` and `loosen`, which keep no
        // reference to it.
        unsafe { &*self.state.get() }
    }

    #[inline(always)]
    fn is_empty(&self) -> bool {
        #[cfg(feature = "universal")]
        if matches!(self.state(), State::Loose(_)) {
            return false;
        }
        self.word().is_null()
    }

    /// A new handle to the object, or null.
    #[inline(always)]
    fn load(&self, ctx: Context<'_>) -> Result<HPy> {
        ctx.assert_attached();
        if ctx.raw.is_direct() {
            let word = self.word();
            if word.is_null() && !self.is_empty() {
                return Err(elsewhere());
            }
            if word.is_null() {
                return Ok(HPy_NULL);
            }
            return match self.state() {
                // SAFETY: a context means that the thread is attached.
                State::Counted(owner) if unsafe { interpreters::is_current(*owner) } => {
                    // SAFETY: the object is alive, the thread attached to its interpreter.
                    unsafe { capi::incref(word._i as *mut PyObject) };
                    Ok(HPy { _i: word._i })
                }
                _ => Err(elsewhere()),
            };
        }
        #[cfg(feature = "universal")]
        if matches!(self.state(), State::Bound)
            && !self.word().is_null()
            // SAFETY: the field is one of an object that is alive.
            && let Some(object) = unsafe { backend::load_bound_at_once(ctx, self.word.get()) }
        {
            return object;
        }
        self.load_foreign(ctx)
    }

    #[cfg(not(feature = "universal"))]
    fn load_foreign(&self, _: Context<'_>) -> Result<HPy> {
        Err(elsewhere())
    }

    #[cfg(feature = "universal")]
    #[inline(never)]
    fn load_foreign(&self, ctx: Context<'_>) -> Result<HPy> {
        match self.state() {
            State::Loose(kept) => kept.get(ctx),
            _ if self.word().is_null() => Ok(HPy_NULL),
            // SAFETY: the field is one of an object that is alive.
            State::Bound => unsafe { backend::load_bound(ctx, self.word.get()) },
            State::Counted(_) => Err(elsewhere()),
        }
    }

    /// Shows the collector what the field holds, by which it may be changed.
    ///
    /// # Safety
    /// `visit` and `arg` are those of a traversal.
    pub(super) unsafe fn visit(
        &self,
        visit: HPyFunc_visitproc,
        arg: *mut core::ffi::c_void,
    ) -> core::ffi::c_int {
        if self.word().is_null() {
            return 0;
        }
        // SAFETY: as promised by the caller; the word lies in a cell, so it may be written to.
        unsafe { visit(self.word.get(), arg) }
    }

    /// Makes the field that of an object.
    ///
    /// # Safety
    /// The field lies in the data of `owner`, and nobody else uses it.
    #[cfg(feature = "universal")]
    pub(super) unsafe fn bind(&self, ctx: Context<'_>, owner: HPy) {
        let State::Loose(kept) = self.state() else {
            return;
        };
        if let Some(handle) = kept.handle(ctx) {
            // SAFETY: as promised by the caller; the handle is open.
            unsafe {
                HPyField_Store(ctx.as_ptr(), owner, self.word.get(), handle);
                let before = core::mem::replace(&mut *self.state.get(), State::Bound);
                if let State::Loose(kept) = before {
                    kept.release(ctx);
                }
            }
            return;
        }
        // Where it cannot be had now it stays as it is, which does as well until the collector
        // asks.
        let Ok(object) = kept.get(ctx) else {
            return;
        };
        // SAFETY: as promised by the caller; the handle is open, and closed once.
        unsafe {
            HPyField_Store(ctx.as_ptr(), owner, self.word.get(), object);
            let before = core::mem::replace(&mut *self.state.get(), State::Bound);
            HPy_Close(ctx.as_ptr(), object);
            drop(before);
        }
    }

    /// Makes it a reference on its own.
    ///
    /// # Safety
    /// As for [`bind`](Self::bind).
    #[cfg(feature = "universal")]
    pub(super) unsafe fn loosen(&self, ctx: Context<'_>, owner: HPy) -> Result<()> {
        if !matches!(self.state(), State::Bound) || self.word().is_null() {
            return Ok(());
        }
        // SAFETY: as promised by the caller; the handle is open, and closed once.
        unsafe {
            let object = backend::load_bound(ctx, self.word.get())?;
            let kept = backend::Loose::new(ctx, object);
            HPy_Close(ctx.as_ptr(), object);
            let kept = kept?;
            HPyField_Store(ctx.as_ptr(), owner, self.word.get(), HPy_NULL);
            self.state.get().write(State::Loose(kept));
        }
        Ok(())
    }
}

#[cfg(feature = "universal")]
impl RawField {
    /// Forgets what is held with the help of the owner, which ends.
    ///
    /// # Safety
    /// Nobody else uses the field.
    pub(super) unsafe fn leave(&self) {
        if matches!(self.state(), State::Bound) {
            // SAFETY: as promised by the caller.
            unsafe { self.word.get().write(HPyField_NULL) };
        }
    }
}

impl Drop for RawField {
    #[inline]
    fn drop(&mut self) {
        let word = *self.word.get_mut();
        // What is bound is given up by the object that it belongs to, what is loose by itself.
        if let (false, State::Counted(owner)) = (word.is_null(), self.state.get_mut()) {
            // SAFETY: the reference is ours, and was made in that interpreter.
            unsafe { interpreters::release(*owner, word._i as *mut PyObject) }
        }
    }
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn elsewhere() -> crate::Error {
    crate::exceptions::RuntimeError::new(
        "the field belongs to an object of another interpreter, or of another HPy runtime of the \
         process",
    )
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // as above
extern "C" fn emptied() -> crate::Error {
    crate::exceptions::RuntimeError::new("the field is empty")
}

// SAFETY: shows the one field.
unsafe impl<T> Traverse for Field<T> {
    const OWNS_MORE: bool = false;

    #[inline(always)]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(&self.raw);
    }
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T> core::fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(if self.is_empty() {
            "Field(empty)"
        } else {
            "Field"
        })
    }
}

impl<'a, 'ctx, T: TypeCheck> FromHandle<'a, 'ctx> for Field<T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION;

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Field::new(handle.downcast::<T>()?)
    }
}
