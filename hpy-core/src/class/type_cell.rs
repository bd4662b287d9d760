//! Where a type's object is, and which objects are its instances.

use crate::object::handle::Borrowed;
use crate::object::variance::Invariant;
use crate::types::Type;
use crate::{Cached, Context, Error, Handle, Result};
#[cfg(feature = "universal")]
use core::ffi::c_void;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicPtr, Ordering};
use hpy_sys::capi::{self, PyObject};
use hpy_sys::cpython::TypeInfo;
use hpy_sys::*;

/// A static with the type object: one for each interpreter, and for each runtime that has loaded
/// the library.
#[repr(transparent)]
pub struct TypeCell<T> {
    place: TypePlace,
    _type: Invariant<T>,
}

/// The same without the Rust type, so that what is done with it is compiled once for all types.
#[doc(hidden)]
pub struct TypePlace {
    object: Cached<Type>,
    /// The first of those that the C API made. Never freed, so no other type gets the address.
    direct: AtomicPtr<PyObject>,
    /// What is known of that type. It is set after `direct`, so whoever sees it sees the type too.
    info: AtomicPtr<TypeInfo>,
    #[cfg(feature = "universal")]
    lasting: crate::backend::Lasting,
}

impl<T> TypeCell<T> {
    /// An empty one, for a static.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self {
            place: TypePlace {
                object: Cached::new(),
                direct: AtomicPtr::new(core::ptr::null_mut()),
                info: AtomicPtr::new(core::ptr::null_mut()),
                #[cfg(feature = "universal")]
                lasting: crate::backend::Lasting::new(),
            },
            _type: PhantomData,
        }
    }

    /// Whether an object is an instance of the type or of a subclass.
    #[doc(hidden)]
    #[inline(always)]
    pub fn is_type_of(&'static self, object: &Handle<'_>) -> bool {
        self.place.is_type_of(object)
    }
}

impl<T> core::ops::Deref for TypeCell<T> {
    type Target = TypePlace;

    #[inline(always)]
    fn deref(&self) -> &TypePlace {
        &self.place
    }
}

impl TypePlace {
    /// The type, if its module was imported.
    #[inline]
    pub(super) fn get<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
    ) -> Result<Option<Handle<'ctx, Type>>> {
        self.object.get(ctx)
    }

    /// The type, where it is known without a new handle: the own runtime's, of the one interpreter
    /// that there is, or that of a context whose handles last.
    #[inline(always)]
    pub(crate) fn borrowed<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
    ) -> Option<Borrowed<'static, 'ctx>> {
        if !ctx.raw.is_direct() {
            return self.lasting(ctx);
        }
        if interpreters::several() {
            return None;
        }
        let type_ = self.direct.load(Ordering::Relaxed);
        let raw = HPy { _i: type_ as isize };
        // SAFETY: the type is never freed, and a handle is the object's address.
        (!type_.is_null()).then(|| unsafe { Borrowed::new(ctx, raw) })
    }

    /// The type, for a context whose handles last.
    #[inline(always)]
    fn lasting<'ctx>(&'static self, ctx: Context<'ctx>) -> Option<Borrowed<'static, 'ctx>> {
        #[cfg(feature = "universal")]
        if let Some(raw) = self.lasting.get(ctx) {
            // SAFETY: the handle is open for ever, and the context's.
            return Some(unsafe { Borrowed::new(ctx, raw) });
        }
        let _ = ctx;
        None
    }

    /// Whether a host's object's data is found by measuring it, as far as that can be seen at once.
    #[cfg(feature = "universal")]
    #[inline(always)]
    pub(super) fn is_measured(&'static self, object: &Handle<'_>) -> bool {
        self.lasting.is_of(object.ctx())
    }

    /// What instances of a class are made by in line: in a known layout, of the type itself, or of
    /// a class that Python code has derived from it directly.
    #[inline(always)]
    pub(super) fn made_in_line(&'static self, class: &Handle<'_>) -> Option<&'static TypeInfo> {
        if !class.ctx().raw.is_direct() || !class.ctx().layout_known() {
            return None;
        }
        let type_ = class.as_raw()._i as *mut PyObject;
        // SAFETY: a description is for ever.
        let info = unsafe { self.info.load(Ordering::Acquire).as_ref() };
        // SAFETY: it is a class, and the layout is known.
        info.filter(|_| unsafe { self.is_or_is_base_of_python_class(type_) })
    }

    /// The class and what its instances are made by in line, where it is seen to be the type itself
    /// in a known layout. None says nothing.
    #[inline(always)]
    pub(super) fn class_in_line(
        &'static self,
        class: &Handle<'_>,
    ) -> Option<(*mut PyObject, &'static TypeInfo)> {
        let type_ = self.direct.load(Ordering::Relaxed);
        if !class.ctx().raw.is_direct()
            || !class.ctx().layout_known()
            || type_ as isize != class.as_raw()._i
        {
            return None;
        }
        // SAFETY: a description is for ever.
        let info = unsafe { self.info.load(Ordering::Acquire).as_ref() }?;
        Some((type_, info))
    }

    /// The type itself and what its instances are made by in line: in a known layout, where there
    /// is one interpreter.
    #[inline(always)]
    pub(super) fn own_in_line(
        &'static self,
        ctx: Context<'_>,
    ) -> Option<(*mut PyObject, &'static TypeInfo)> {
        if !ctx.raw.is_direct() || !ctx.layout_known() || interpreters::several() {
            return None;
        }
        // SAFETY: a description is for ever. The type is there before it.
        let info = unsafe { self.info.load(Ordering::Acquire).as_ref() }?;
        Some((self.direct.load(Ordering::Relaxed), info))
    }

    /// An object of the class, which derives from the type, and the type from `object`, with no
    /// data yet.
    ///
    /// # Safety
    /// That is so.
    #[inline]
    pub(super) unsafe fn new_instance<'ctx>(
        &'static self,
        class: &Handle<'ctx>,
    ) -> Result<Handle<'ctx>> {
        let ctx = class.ctx();
        #[cfg(feature = "universal")]
        if self.lasting.is_of(ctx) {
            // PyPy's `HPy_New` does this where the class derives from no built-in type, after
            // asking whether it does. Where the data lies is asked by each base here.
            let (args, none) = (core::ptr::null(), HPy_NULL);
            // SAFETY: the handle is an open class; a new handle or null with an exception. PyPy
            // looks at nothing else.
            let object = unsafe {
                let raw = HPyType_GenericNew(ctx.as_ptr(), class.as_raw(), args, 0, none);
                Handle::from_raw(ctx, raw)
            };
            if let Some(object) = object {
                return Ok(object);
            }
            // SAFETY: the context is valid.
            unsafe { HPyErr_Clear(ctx.as_ptr()) };
        }
        let mut unused = core::ptr::null_mut();
        // SAFETY: the handle is an open class, as promised by the caller; a new handle or null with
        // an exception. What is said of the data is not used: of a subclass written in Python,
        // PyPI's hpy says another place than later on.
        unsafe { ctx.made_handle(HPy_New(ctx.as_ptr(), class.as_raw(), &mut unused)) }
    }

    /// The same, and where the data lies, by the one word that PyPy's own HPy needs for both. None
    /// for other contexts.
    ///
    /// # Safety
    /// As for [`new_instance`](Self::new_instance).
    #[cfg(feature = "universal")]
    #[inline]
    pub(super) unsafe fn new_measured<'ctx>(
        &'static self,
        class: &Handle<'ctx>,
    ) -> Option<Result<(Handle<'ctx>, *mut c_void)>> {
        let ctx = class.ctx();
        if !self.lasting.is_of(ctx) {
            return None;
        }
        let (raw, mut data) = (ctx.as_ptr(), core::ptr::null_mut());
        // SAFETY: the handle is an open class, as promised by the caller; a new handle or null with
        // an exception. By the word, as the context is a host's.
        let object = unsafe { ctx.made_handle(((*raw).ctx_New)(raw, class.as_raw(), &mut data)) };
        Some(object.map(|object| (object, data)))
    }

    /// Keeps the type that `make` makes, unless there is one.
    #[cold]
    #[inline(never)]
    pub(super) fn get_or_make<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
        make: &mut dyn FnMut() -> Result<Handle<'ctx, Type>>,
    ) -> Result<Handle<'ctx, Type>> {
        let type_ = self.object.get_or_init(ctx, make)?;
        if ctx.raw.is_direct() {
            let (new, order) = (type_.as_raw()._i as *mut PyObject, Ordering::AcqRel);
            let (null, failed) = (core::ptr::null_mut(), Ordering::Relaxed);
            // SAFETY: a direct context's handles are objects' addresses, and this one is a type.
            let info = unsafe { cpython::type_info(new) };
            if self
                .direct
                .compare_exchange(null, new, order, failed)
                .is_ok()
            {
                // The address stays this type's for ever.
                let _ = type_.dup().into_raw();
                if let Some(info) = info {
                    self.info
                        .store(core::ptr::from_ref(info).cast_mut(), Ordering::Release);
                }
            }
        }
        #[cfg(feature = "universal")]
        if !ctx.raw.is_direct() {
            self.lasting.keep(type_.as_object());
        }
        Ok(type_)
    }

    /// Whether an object is an instance of the type or of a subclass. One function for all types.
    #[inline(always)]
    fn is_type_of(&'static self, object: &Handle<'_>) -> bool {
        object.ctx().assert_attached();
        self.is_type_of_attached(object.by_value())
    }

    #[inline(never)]
    #[allow(improper_ctypes_definitions)] // so it is known not to unwind
    extern "C" fn is_type_of_attached(&'static self, object: Borrowed<'_, '_>) -> bool {
        self.is_exact_type_of(&object) || self.is_base_type_of(&object)
    }

    /// Whether an object is seen, without a call, to be an instance of the type itself, in a layout
    /// that is known. No says nothing.
    #[inline(always)]
    pub(super) fn is_seen_to_be_type_of(&'static self, object: &Handle<'_>) -> bool {
        if !object.ctx().raw.is_direct() || !object.ctx().layout_known() {
            return false;
        }
        let type_ = self.direct.load(Ordering::Relaxed);
        let object = object.as_raw()._i as *mut PyObject;
        // SAFETY: a direct context's handles are objects' addresses, and this one is open; so its
        // type is not null.
        unsafe { capi::type_of(object) == type_ }
    }

    /// Whether the class of an object is seen to derive from the type directly, in a layout that is
    /// known. No says nothing.
    #[inline(always)]
    pub(super) fn is_seen_to_be_base_of_class_of(&'static self, object: &Handle<'_>) -> bool {
        if !object.ctx().raw.is_direct() || !object.ctx().layout_known() {
            return false;
        }
        let type_ = self.direct.load(Ordering::Relaxed);
        let object = object.as_raw()._i as *mut PyObject;
        // SAFETY: a direct context's handles are objects' addresses, and this one is open; its
        // class is of a known layout.
        unsafe { !type_.is_null() && cpython::is_primary_base_of(type_, capi::type_of(object)) }
    }

    /// Whether this is the class itself.
    #[cold]
    pub(super) fn is_class<'ctx>(&'static self, class: &Handle<'ctx>) -> Result<bool> {
        Ok(self.get(class.ctx())?.is_some_and(|own| own.is(class)))
    }

    fn is_exact_type_of(&'static self, object: &Handle<'_>) -> bool {
        if !object.ctx().raw.is_direct() {
            return false;
        }
        let type_ = self.direct.load(Ordering::Relaxed);
        let object = object.as_raw()._i as *mut PyObject;
        // SAFETY: a direct context's handles are objects' addresses, and this one is open.
        !type_.is_null() && unsafe { capi::type_of(object) == type_ }
    }

    fn is_base_type_of(&'static self, object: &Handle<'_>) -> bool {
        let ctx = object.ctx();
        let object_address = object.as_raw()._i as *mut PyObject;
        // SAFETY: a direct context's handles are objects' addresses, and this one is open.
        if ctx.raw.is_direct() && unsafe { self.is_direct_base(capi::type_of(object_address)) } {
            return true;
        }
        if let Some(type_) = self.lasting(ctx) {
            // SAFETY: the handles are open, and one is a type.
            return unsafe { HPy_TypeCheck(ctx.as_ptr(), object.as_raw(), type_.as_raw()) != 0 };
        }
        match self.object.get(ctx) {
            // SAFETY: a direct context's handles are objects' addresses; these are open, and one is
            // a type.
            Ok(Some(type_)) if ctx.raw.is_direct() => unsafe {
                let type_ = type_.as_raw()._i as *mut PyObject;
                capi::has_memory_of(capi::type_of(object_address), type_)
            },
            // SAFETY: the handles are open, and one is a type.
            Ok(Some(type_)) => unsafe {
                HPy_TypeCheck(ctx.as_ptr(), object.as_raw(), type_.as_raw()) != 0
            },
            _ => false,
        }
    }

    /// Whether instances of a class have the type's data.
    #[inline(always)]
    pub(super) fn is_base_of<'ctx>(&'static self, class: &Handle<'ctx>) -> bool {
        let direct = self.direct.load(Ordering::Relaxed) as isize;
        if class.ctx().raw.is_direct() && direct == class.as_raw()._i {
            return true;
        }
        self.is_subclass(class.by_value())
    }

    /// Whether a class is the first type that the C API made, or one that Python code has derived
    /// from it directly.
    ///
    /// # Safety
    /// It is a class, of a known layout.
    #[inline(always)]
    unsafe fn is_or_is_base_of_python_class(&'static self, class: *mut PyObject) -> bool {
        let type_ = self.direct.load(Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        class == type_ || unsafe { cpython::is_python_class_of(class, type_) }
    }

    /// Whether a class derives from the first type that the C API made. No says nothing.
    ///
    /// # Safety
    /// It is a class, and the thread is attached.
    #[inline(always)]
    unsafe fn is_direct_base(&'static self, class: *mut PyObject) -> bool {
        let type_ = self.direct.load(Ordering::Relaxed);
        // SAFETY: as promised by the caller; the type is never freed.
        !type_.is_null() && unsafe { capi::has_memory_of(class, type_) }
    }

    #[cold]
    #[inline(never)]
    fn is_subclass<'ctx>(&'static self, class: Borrowed<'_, 'ctx>) -> bool {
        let object = class.as_raw()._i as *mut PyObject;
        let direct = class.ctx().raw.is_direct();
        // SAFETY: a direct context's handles are objects' addresses, and this one is open; asked
        // whether it is a class.
        if direct && unsafe { capi::is_type(object) && self.is_direct_base(object) } {
            return true;
        }
        if let Some(type_) = self.lasting(class.ctx()) {
            return class.is(&type_)
                || class
                    .downcast::<Type>()
                    // SAFETY: the cell's object is a type.
                    .is_ok_and(|class| class.is_subtype(unsafe { type_.downcast_unchecked() }));
        }
        match (class.downcast::<Type>(), self.object.get(class.ctx())) {
            // SAFETY: a direct context's handles are objects' addresses; these are open, and types.
            (Ok(_), Ok(Some(type_))) if direct => unsafe {
                capi::has_memory_of(object, type_.as_raw()._i as *mut PyObject)
            },
            (Ok(class), Ok(Some(type_))) => class.is(&type_) || class.is_subtype(&type_),
            _ => false,
        }
    }
}

impl<T> core::fmt::Debug for TypeCell<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("TypeCell")
    }
}

/// The base of a type whose module is being imported is not there yet.
#[cold]
pub(super) fn not_listed(base: &str, derived: &str) -> Error {
    let parts = [
        derived,
        " derives from ",
        base,
        ", which was not made yet: list it before, `types: [",
        base,
        ", ",
        derived,
        "]`",
    ];
    crate::exceptions::ImportError::new(crate::error::joined(&parts))
}

#[cold]
pub(super) fn not_imported(name: &str) -> Error {
    let parts = [
        "no module with the type ",
        name,
        " was imported: list it in hpy_module! under `types`",
    ];
    crate::exceptions::RuntimeError::new(crate::error::joined(&parts))
}
