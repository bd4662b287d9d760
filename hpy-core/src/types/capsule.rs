//! Capsules: Rust values that Python code carries around without seeing into them.

use crate::exceptions::ValueError;
use crate::object::variance::Invariant;
use crate::types::{AnyCapsule, Subtype, TypeCheck};
use crate::{Context, Error, Handle, Result};
use core::any::TypeId;
use core::ffi::{CStr, c_char, c_void};
use hpy_sys::*;
use std::ffi::CString;

/// A capsule that holds a `T`, made by this library with [`Context::capsule`].
///
/// The value is dropped when the capsule ends, on whatever thread that happens; all threads may
/// read it.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::types::Capsule;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// struct Counter(AtomicU64);
///
/// #[hpy_method]
/// fn counter<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Capsule<Counter>>> {
///     ctx.capsule(c"example.counter", Counter(AtomicU64::new(0)))
/// }
///
/// #[hpy_method]
/// fn next(counter: &Handle<'_, Capsule<Counter>>) -> u64 {
///     counter.value().0.fetch_add(1, Ordering::Relaxed)
/// }
/// ```
///
/// What is in a capsule must be fit for all threads, since it is not known who drops it:
///
/// ```compile_fail,E0277
/// # use hpy::prelude::*;
/// fn shared<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
///     Ok(ctx.capsule(c"example.rc", std::rc::Rc::new(1))?.into_object())
/// }
/// ```
#[derive(Debug)]
pub struct Capsule<T>(Invariant<T>);

/// What a capsule of ours points to.
#[repr(C)]
struct Header {
    value: TypeId,
    value_name: &'static str,
    /// Drops all of it, the value included.
    end: unsafe fn(*mut Header),
    /// Whether a host's context has made the capsule.
    #[cfg(feature = "universal")]
    is_of_host: bool,
    /// The capsule's name: the capsule only borrows it.
    name: CString,
}

#[repr(C)]
struct Contents<T> {
    header: Header,
    value: T,
}

/// What the capsule's end calls. The context of our capsules is its address: so they are known,
/// whatever names others give to theirs.
static DESTRUCTOR: Static<HPyCapsule_Destructor> = Static::new(HPyCapsule_Destructor {
    cpy_trampoline: {
        // SAFETY: function pointers have one size; who calls it goes by where it is found.
        let function = unsafe {
            core::mem::transmute::<unsafe extern "C" fn(*mut cpy_PyObject), unsafe extern "C" fn()>(
                trampoline,
            )
        };
        Some(function)
    },
    r#impl: Some(destroy),
});

unsafe extern "C" fn trampoline(capsule: *mut cpy_PyObject) {
    // SAFETY: the interpreter calls it with the capsule, which is what this signature's
    // implementations are called by.
    unsafe {
        let function = core::mem::transmute::<
            unsafe extern "C" fn(*const c_char, *mut c_void, *mut c_void),
            unsafe extern "C" fn(),
        >(destroy);
        call_from_trampoline(HPyFunc_CAPSULE_DESTRUCTOR, Some(function), &mut *capsule);
    }
}

unsafe extern "C" fn destroy(_: *const c_char, contents: *mut c_void, mark: *mut c_void) {
    if !core::ptr::eq(mark, self::mark()) {
        return;
    }
    let header = contents.cast::<Header>();
    // A panic in the value's drop must not leave through C, nor must one in its payload's.
    // SAFETY: the mark says that this library made the capsule, whose contents are a `Header`; its
    // end comes once.
    let end = || crate::entry::guard::quietly(|| unsafe { ((*header).end)(header) });
    #[cfg(feature = "universal")]
    // SAFETY: as above.
    if unsafe { (*header).is_of_host } {
        return crate::backend::while_destroying(end);
    }
    end();
}

#[inline]
fn mark() -> *mut c_void {
    DESTRUCTOR.as_ptr().cast()
}

unsafe fn end<T>(header: *mut Header) {
    // SAFETY: the caller gives the header of a `Contents<T>` that came from a box, once.
    drop(unsafe { Box::from_raw(header.cast::<Contents<T>>()) })
}

impl<'ctx> Context<'ctx> {
    /// A capsule that holds the value. HPy's `HPyCapsule_New`.
    ///
    /// By custom its name is the dotted name of the module attribute where it can be found.
    ///
    /// # Errors
    /// MemoryError.
    pub fn capsule<T: Send + Sync + 'static>(
        self,
        name: &CStr,
        value: T,
    ) -> Result<Handle<'ctx, Capsule<T>>> {
        let header = Header {
            value: TypeId::of::<T>(),
            value_name: core::any::type_name::<T>(),
            end: end::<T>,
            #[cfg(feature = "universal")]
            is_of_host: !self.raw.is_direct(),
            name: name.to_owned(),
        };
        let contents = Box::into_raw(Box::new(Contents { header, value }));
        // SAFETY: the contents are ours until the capsule has them; name and destructor live as
        // long as it does.
        unsafe {
            let name = (*contents).header.name.as_ptr();
            let capsule = HPyCapsule_New(self.as_ptr(), contents.cast(), name, DESTRUCTOR.as_ptr());
            if capsule.is_null() {
                let error = Error::fetch_as_it_is(self);
                drop(Box::from_raw(contents));
                return Err(error);
            }
            let capsule = Handle::<Capsule<T>>::from_raw_unchecked(self, capsule);
            let marked = HPyCapsule_Set(
                self.as_ptr(),
                capsule.as_raw(),
                HPyCapsule_key_Context,
                mark(),
            );
            if let Err(error) = self.check(marked) {
                // Its end still reads the name.
                drop(capsule);
                // Without the mark its end does not drop the value.
                drop(Box::from_raw(contents));
                return Err(error);
            }
            Ok(capsule)
        }
    }
}

/// The contents of a capsule that this library made; null for all other objects.
#[inline]
fn contents(object: &Handle<'_>) -> *const Header {
    if !object.is_instance_of::<AnyCapsule>() {
        return core::ptr::null();
    }
    let (ctx, raw) = (object.ctx().as_ptr(), object.as_raw());
    // SAFETY: the handle is an open capsule; its name, wherever it lies, is what it is asked for.
    unsafe {
        let mark = HPyCapsule_Get(ctx, raw, HPyCapsule_key_Context, core::ptr::null());
        let contents = if core::ptr::eq(mark, self::mark()) {
            let name = HPyCapsule_Get(ctx, raw, HPyCapsule_key_Name, core::ptr::null());
            HPyCapsule_Get(ctx, raw, HPyCapsule_key_Pointer, name.cast())
        } else {
            core::ptr::null_mut()
        };
        if contents.is_null() {
            // A capsule without a context has none without an exception, or with one.
            drop(Error::take(object.ctx()));
        }
        contents.cast()
    }
}

// SAFETY: the capsule is one of this library's, and says itself what it holds.
unsafe impl<T: Send + Sync + 'static> TypeCheck for Capsule<T> {
    const NAME: &'static str = "capsule";

    #[inline]
    fn check(object: &Handle<'_>) -> bool {
        let header = contents(object);
        // SAFETY: null, or the contents of a capsule that lives as long as its handle.
        unsafe { header.as_ref() }.is_some_and(|header| header.value == TypeId::of::<T>())
    }

    #[inline]
    fn wrong_type(object: &Handle<'_>) -> Error {
        let expected = format!("capsule of {}", core::any::type_name::<T>());
        // SAFETY: as above.
        match unsafe { contents(object).as_ref() } {
            Some(header) => {
                Error::wrong_kind(expected, format!("capsule of {}", header.value_name))
            }
            None if object.is_instance_of::<AnyCapsule>() => {
                Error::wrong_kind(expected, "capsule that another library made".to_owned())
            }
            None => Error::wrong_type(expected.into(), object),
        }
    }
}

impl<T: Send + Sync + 'static> Subtype for Capsule<T> {}

impl<T: Send + Sync + 'static> Handle<'_, Capsule<T>> {
    /// The value.
    #[must_use]
    #[inline]
    pub fn value(&self) -> &T {
        let header = contents(self.as_object());
        // SAFETY: the object was checked to be a capsule that holds a `T`, or made as one; it lives
        // as long as the handle is open, and nothing but its end changes what it holds.
        unsafe { &(*header.cast::<Contents<T>>()).value }
    }

    /// The capsule's name.
    #[must_use]
    #[inline]
    pub fn name(&self) -> &CStr {
        // SAFETY: as above.
        unsafe { &(*contents(self.as_object())).name }
    }
}

impl Handle<'_, AnyCapsule> {
    /// Whether the capsule has this name, and so holds what those who know the name expect. HPy's
    /// `HPyCapsule_IsValid`.
    #[inline]
    #[must_use]
    pub fn is_valid(&self, name: &CStr) -> bool {
        // SAFETY: the handle is open, the name a C string.
        unsafe { HPyCapsule_IsValid(self.ctx().as_ptr(), self.as_raw(), name.as_ptr()) != 0 }
    }

    /// The capsule's name, if it has one. HPy's `HPyCapsule_Get`.
    ///
    /// # Errors
    /// What the interpreter raises.
    #[inline]
    pub fn name(&self) -> Result<Option<CString>> {
        let ctx = self.ctx();
        // SAFETY: the handle is an open capsule; its name is null, or a C string that is copied
        // while it lives.
        unsafe {
            let name = HPyCapsule_Get(
                ctx.as_ptr(),
                self.as_raw(),
                HPyCapsule_key_Name,
                core::ptr::null(),
            );
            if name.is_null() {
                return Error::take(ctx).map_or(Ok(None), Err);
            }
            Ok(Some(CStr::from_ptr(name.cast()).to_owned()))
        }
    }

    /// What the capsule of this name points to: another library's C interface, say. To do anything
    /// with it is unsafe. HPy's `HPyCapsule_Get`.
    ///
    /// # Errors
    /// ValueError if the capsule has another name.
    #[inline]
    pub fn pointer(&self, name: &CStr) -> Result<*mut c_void> {
        let ctx = self.ctx();
        // SAFETY: the handle is an open capsule, the name a C string.
        let pointer = unsafe {
            HPyCapsule_Get(
                ctx.as_ptr(),
                self.as_raw(),
                HPyCapsule_key_Pointer,
                name.as_ptr(),
            )
        };
        if pointer.is_null() {
            let unnamed = || ValueError::new("the capsule has no valid pointer");
            return Err(Error::take(ctx).unwrap_or_else(unnamed));
        }
        Ok(pointer)
    }
}
