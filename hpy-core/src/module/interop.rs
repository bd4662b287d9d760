//! The way to and from libraries that speak CPython's C API.

use crate::{Context, Error, Handle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// A handle to an object of CPython's C API, whose reference stays the caller's. HPy's
    /// `HPy_FromPyObject`.
    ///
    /// # Errors
    /// MemoryError.
    ///
    /// # Safety
    /// The object is alive, and one of the C API that the interpreter has.
    ///
    /// # Examples
    /// ```
    /// use hpy::legacy::PyObject;
    /// use hpy::prelude::*;
    ///
    /// unsafe extern "C" {
    ///     /// A function in C that lends its object.
    ///     fn words_cache() -> *mut PyObject;
    /// }
    ///
    /// #[hpy_method]
    /// fn cache<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    ///     // SAFETY: the object lives as long as the process.
    ///     unsafe { ctx.handle_from_py_object(words_cache()) }
    /// }
    /// ```
    #[inline]
    pub unsafe fn handle_from_py_object(self, object: *mut cpy_PyObject) -> Result<Handle<'ctx>> {
        // SAFETY: as promised by the caller; a new handle or null with an exception.
        unsafe { self.made_handle(HPy_FromPyObject(self.as_ptr(), object)) }
    }

    /// A handle to what a function of CPython's C API returned: the handle takes over its
    /// reference. Null is the exception that the function left behind.
    ///
    /// In the CPython ABI and in HPy's hybrid form: see [`legacy`](crate::module::legacy).
    ///
    /// # Errors
    /// The pending exception, where `object` is null. MemoryError.
    ///
    /// # Safety
    /// `object` is null with an exception pending, or a new reference that nobody else gives up.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(any())] {
    /// use hpy::legacy::PyObject;
    /// use hpy::prelude::*;
    ///
    /// unsafe extern "C" {
    ///     fn words_count(text: *mut PyObject) -> *mut PyObject;
    /// }
    ///
    /// #[hpy_method]
    /// fn count<'ctx>(text: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    ///     // SAFETY: the function takes any object, and returns a new reference or null with an
    ///     // exception.
    ///     text.with_py_object(|text| unsafe { words_count(text) })
    ///         .and_then(|count| unsafe { text.ctx().handle_from_new_py_object(count) })
    /// }
    /// # }
    /// ```
    #[cfg(any(not(feature = "universal"), feature = "hybrid"))]
    #[inline]
    pub unsafe fn handle_from_new_py_object(
        self,
        object: *mut cpy_PyObject,
    ) -> Result<Handle<'ctx>> {
        if object.is_null() {
            return Err(Error::fetch_as_it_is(self));
        }
        // SAFETY: as promised by the caller; the handle has a reference of its own.
        unsafe {
            let handle = self.handle_from_py_object(object);
            give_up(object);
            handle
        }
    }

    /// What a function of CPython's C API says by a number: below zero, that it left an exception
    /// behind.
    ///
    /// # Errors
    /// The pending exception, where `status` is negative.
    ///
    /// # Examples
    /// ```
    /// use hpy::legacy::PyObject;
    /// use hpy::prelude::*;
    ///
    /// unsafe extern "C" {
    ///     fn words_clear_cache() -> i32;
    /// }
    ///
    /// #[hpy_method]
    /// fn clear_cache(ctx: Context<'_>) -> Result<()> {
    ///     // SAFETY: the thread is attached.
    ///     ctx.py_status(unsafe { words_clear_cache() })?;
    ///     Ok(())
    /// }
    /// ```
    #[inline]
    pub fn py_status(self, status: core::ffi::c_int) -> Result<core::ffi::c_int> {
        self.check(status)
    }
}

impl<T> Handle<'_, T> {
    /// The object for CPython's C API: a new reference, which the caller has to give up. HPy's
    /// `HPy_AsPyObject`.
    ///
    /// For a call `with_py_object` does that, where there is code in C: see
    /// [`legacy`](crate::module::legacy).
    ///
    /// # Errors
    /// MemoryError.
    ///
    /// # Examples
    /// ```
    /// use hpy::legacy::PyObject;
    /// use hpy::prelude::*;
    ///
    /// unsafe extern "C" {
    ///     /// Takes over the reference, as `PyList_SetItem` does.
    ///     fn words_keep(object: *mut PyObject);
    /// }
    ///
    /// #[hpy_method]
    /// fn keep(object: &Handle<'_>) -> Result<()> {
    ///     let object = object.to_py_object()?;
    ///     // SAFETY: the reference is new.
    ///     unsafe { words_keep(object) };
    ///     Ok(())
    /// }
    /// ```
    pub fn to_py_object(&self) -> Result<*mut cpy_PyObject> {
        // SAFETY: the handle is open.
        let object = unsafe { HPy_AsPyObject(self.ctx().as_ptr(), self.as_raw()) };
        if object.is_null() {
            Err(Error::fetch_as_it_is(self.ctx()))
        } else {
            Ok(object)
        }
    }

    /// Calls `function` with the object for CPython's C API. The reference is lent: what keeps the
    /// object beyond the call takes one of its own.
    ///
    /// In the CPython ABI and in HPy's hybrid form: see [`legacy`](crate::module::legacy).
    ///
    /// # Errors
    /// MemoryError.
    ///
    /// # Examples
    /// See [`handle_from_new_py_object`](Context::handle_from_new_py_object).
    #[cfg(any(not(feature = "universal"), feature = "hybrid"))]
    pub fn with_py_object<R>(&self, function: impl FnOnce(*mut cpy_PyObject) -> R) -> Result<R> {
        /// Gives the reference up, also where the function panics.
        struct Lent(*mut cpy_PyObject);

        impl Drop for Lent {
            fn drop(&mut self) {
                // SAFETY: the reference is new, and the thread attached: a handle is there.
                unsafe { give_up(self.0) };
            }
        }

        let lent = Lent(self.to_py_object()?);
        Ok(function(lent.0))
    }
}

/// # Safety
/// The reference is the caller's, and the thread attached.
#[cfg(not(feature = "universal"))]
#[inline]
unsafe fn give_up(object: *mut cpy_PyObject) {
    // SAFETY: as promised by the caller.
    unsafe { capi::decref(object) };
}

/// # Safety
/// The reference is the caller's, and the thread attached.
#[cfg(feature = "hybrid")]
#[inline]
unsafe fn give_up(object: *mut cpy_PyObject) {
    // By name: where another HPy loads the binary, the table of the C API is not resolved.
    unsafe extern "C" {
        fn Py_DecRef(object: *mut cpy_PyObject);
    }
    // SAFETY: as promised by the caller.
    unsafe { Py_DecRef(object) };
}
