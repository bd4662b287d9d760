//! Which function an object is called by: `__call__`, or one with `#[call]` that was chosen for it.
//!
//! HPy keeps it in a hidden word of the object, where the interpreter's vectorcall looks for it.
//! PyPy has one for all objects of a type, and other runtimes' contexts do not find the word in
//! instances of classes written in Python: there `__call__` looks into a word behind the data.

use super::PyClass;
use super::base::Base;
use super::call_place::{CallFunctions, set_call_function};
use super::construct::{Instance, NewResult};
use super::description::CallPlace;
use super::layout::payload;
use crate::backend::quirks::Quirk;
use crate::entry;
use crate::entry::arguments::KeywordArgs;
use crate::entry::guard::KeywordsMethod;
use crate::object::variance::Invariant;
use crate::{Context, Handle, IntoHandle, Result, backend};
use core::ffi::c_void;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicPtr, Ordering};
use hpy_sys::*;

/// A function that objects of a type may be called by.
///
/// `#[call]` above a method makes a constant of this type, with the method's name in capitals;
/// `CALL` is that of `__call__` then.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::{CallFunction, Called};
///
/// #[hpy_type]
/// struct Power {
///     exponent: i32,
/// }
///
/// #[hpy_methods]
/// impl Power {
///     /// Which function is called is decided here, not at each call.
///     #[new]
///     fn new(exponent: i32) -> Called<Self> {
///         let function: CallFunction<Self> = match exponent {
///             2 => Self::SQUARE,
///             _ => Self::CALL,
///         };
///         Called::new(Power { exponent }, function)
///     }
///
///     fn __call__(&self, x: f64) -> f64 {
///         x.powi(self.exponent)
///     }
///
///     #[call]
///     fn square(&self, x: f64) -> f64 {
///         x * x
///     }
/// }
/// ```
pub struct CallFunction<T> {
    raw: *mut CallFunctions,
    function: Function,
    _type: Invariant<T>,
}

type Function = for<'a, 'ctx> fn(
    Context<'ctx>,
    &'a Handle<'ctx>,
    KeywordArgs<'a, 'ctx>,
) -> Result<Handle<'ctx>>;

impl<T> Clone for CallFunction<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for CallFunction<T> {}

// SAFETY: what it points to is a static that is only read.
unsafe impl<T> Send for CallFunction<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for CallFunction<T> {}

impl<T> core::fmt::Debug for CallFunction<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallFunction")
    }
}

/// The static of a function with `#[call]`.
pub struct CallStatic<M>(Static<CallFunctions>, Invariant<M>);

impl<M: KeywordsMethod> CallStatic<M> {
    /// That of the function.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        let functions = CallFunctions::new(entry::slots::call::<M>());
        Self(Static::new(functions), PhantomData)
    }

    /// Where it is.
    pub const fn as_raw(&'static self) -> CallPlace {
        CallPlace(self.0.as_ptr())
    }

    /// The function as one that objects of the type are called by. It looks at each object.
    pub const fn function<T>(&'static self) -> CallFunction<T> {
        CallFunction {
            raw: self.0.as_ptr(),
            function: M::call,
            _type: PhantomData,
        }
    }
}

impl<M> core::fmt::Debug for CallStatic<M> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CallStatic")
    }
}

/// The data of a new object, and which function it is called by: what `#[new]` returns, or
/// `ctx.instance(…)` takes.
///
/// [`CallFunction`] has an example. Of a type with a base, the value is the data of both:
/// `Called<Self, (Self, Base)>`.
#[derive(Debug)]
pub struct Called<T, V = T> {
    value: V,
    function: CallFunction<T>,
}

impl<T: PyClass, V> Called<T, V> {
    /// Of the data, and the function.
    ///
    /// ```
    /// use hpy::prelude::*;
    /// use hpy::Called;
    ///
    /// #[hpy_type]
    /// struct Constant(i64);
    ///
    /// #[hpy_methods]
    /// impl Constant {
    ///     fn __call__(&self) -> i64 {
    ///         self.0
    ///     }
    ///
    ///     #[call]
    ///     fn negative(&self) -> i64 {
    ///         -self.0
    ///     }
    /// }
    ///
    /// #[hpy_method]
    /// fn minus(value: i64) -> Called<Constant> {
    ///     Called::new(Constant(value), Constant::NEGATIVE)
    /// }
    /// ```
    pub fn new(value: V, function: CallFunction<T>) -> Self {
        Self { value, function }
    }
}

// SAFETY: the object is what the value makes.
unsafe impl<'ctx, T: PyClass, V: NewResult<'ctx, T>> NewResult<'ctx, T> for Called<T, V> {
    type Kind = V::Kind;

    #[inline(always)]
    unsafe fn create(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        // SAFETY: as promised by the caller.
        let object = unsafe { self.value.create(class)? };
        object.downcast::<T>()?.set_call(self.function)?;
        Ok(object)
    }
}

impl<'ctx, T: PyClass, V: NewResult<'ctx, T>> Instance<'ctx> for Called<T, V> {
    type Type = T;
}

impl<'ctx, T: PyClass, V: NewResult<'ctx, T>> IntoHandle<'ctx> for Called<T, V> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION;

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        Ok(ctx.instance(self)?.into_object())
    }
}

impl<T: PyClass> Handle<'_, T> {
    /// From now on the object is called by this function, as long as its class has no `__call__`
    /// written in Python. (A `__call__` that Python code puts into the type itself, not into a
    /// class that derives from it, CPython before 3.12 does not see.)
    ///
    /// A call that is under way goes on. Of an object whose class derives from `T` it takes the
    /// place of the derived class's `__call__` in Rust. HPy's `HPy_SetCallFunction`.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// /// Computes once.
    /// #[hpy_type]
    /// struct Lazy {
    ///     value: Option<f64>,
    /// }
    ///
    /// #[hpy_methods]
    /// impl Lazy {
    ///     #[new]
    ///     fn new() -> Self {
    ///         Lazy { value: None }
    ///     }
    ///
    ///     fn __call__(this: &Handle<'_, Self>) -> Result<f64> {
    ///         let value = 42.0_f64.sqrt();
    ///         this.borrow_mut()?.value = Some(value);
    ///         this.set_call(Self::KNOWN)?;
    ///         Ok(value)
    ///     }
    ///
    ///     #[call]
    ///     fn known(&self) -> Option<f64> {
    ///         self.value
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// TypeError if the object was not made by the type's `__new__`.
    #[inline]
    pub fn set_call(&self, function: CallFunction<T>) -> Result<()> {
        let object = self.as_object();
        payload::<T>(object)?;
        if !self.ctx().has(Quirk::CALL_FUNCTION_IS_THE_TYPES) {
            // SAFETY: the object is of a type with `HPy_tp_call`, the function is a static's.
            return unsafe { set_call_function(object, function.raw) };
        }
        // SAFETY: the handle is open, and the object an instance.
        if let Some(word) = unsafe { word_of::<T>(object) } {
            word.store(function.function as *mut c_void, Ordering::Release);
        }
        Ok(())
    }
}

/// The word behind the data of the first of an object's types that has functions to choose from.
///
/// # Safety
/// The object is an instance of `T`.
unsafe fn word_of<'a, T: PyClass>(object: &'a Handle<'_>) -> Option<&'a AtomicPtr<c_void>> {
    // SAFETY: as promised by the caller, so the object has the shape of `T`, and the data the
    // type's size; the word is zero at first, and lives as long as the object.
    unsafe {
        let data = <T as Base>::data(object.ctx().as_ptr(), object.as_raw());
        if data.is_null() || backend::is_no_data(data) {
            return None;
        }
        Some(&*data.byte_add(<T as Base>::WORD?).cast())
    }
}

/// `__call__`: calls the function that was chosen, where the interpreter does not.
pub struct ByObject<T, M>(PhantomData<(T, M)>);

impl<T: PyClass, M: KeywordsMethod> KeywordsMethod for ByObject<T, M> {
    const IN_LINE: bool = M::IN_LINE;

    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        if const { <T as Base>::WORD.is_some() } && ctx.has(Quirk::CALL_FUNCTION_IS_THE_TYPES) {
            // It is called with anything by who asks the class for it.
            payload::<T>(this)?;
            // SAFETY: just checked.
            let word = unsafe { word_of::<T>(this) };
            let chosen = word.map_or(core::ptr::null_mut(), |word| word.load(Ordering::Acquire));
            if !chosen.is_null() {
                // SAFETY: only such functions are stored there.
                let chosen = unsafe { core::mem::transmute::<*mut c_void, Function>(chosen) };
                return chosen(ctx, this, args);
            }
        }
        M::call(ctx, this, args)
    }
}
