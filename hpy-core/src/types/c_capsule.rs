//! Capsules with the structs of C interfaces, which every library knows by the capsule's name.

use crate::backend::quirks::Quirk;
use crate::types::AnyCapsule;
use crate::{Context, Error, Handle, Result};
use core::ffi::{CStr, c_char, c_void};
use core::ptr::NonNull;
use hpy_sys::*;

/// Who has made a capsule: the C API or a host.
const OWN: u8 = 0;
const HOST: u8 = 1;

/// A struct that goes from one library to another in a capsule.
///
/// # Safety
/// `destructor` gives what [`destructor`] makes for this very type and the same maker.
pub(crate) unsafe trait CStruct: 'static {
    /// The capsule's name, as long as nobody has taken the struct out of it.
    const NAME: &'static CStr;

    /// What the capsule's end calls.
    fn destructor(maker: u8) -> *mut HPyCapsule_Destructor;

    /// Frees the struct of a capsule that ends and has this name now. It may have been taken.
    ///
    /// # Safety
    /// `this` is what the capsule was made with. It is called once.
    unsafe fn end(this: *mut Self, name: &CStr);
}

/// Implements [`CStruct`]: the type, the capsule's name, what ends the struct.
macro_rules! c_struct {
    ($type:ty, $name:literal, $end:path) => {
        // SAFETY: as the trait asks.
        unsafe impl $crate::types::c_capsule::CStruct for $type {
            const NAME: &'static core::ffi::CStr = $name;

            fn destructor(maker: u8) -> *mut hpy_sys::HPyCapsule_Destructor {
                use hpy_sys::{HPyCapsule_Destructor, Static};
                type Ends = Static<HPyCapsule_Destructor>;
                const fn ends<const MAKER: u8>() -> Ends {
                    Static::new($crate::types::c_capsule::destructor::<$type, MAKER>())
                }
                static ENDS: [Ends; 2] = [ends::<0>(), ends::<1>()];
                ENDS[usize::from(maker)].as_ptr()
            }

            unsafe fn end(this: *mut Self, name: &core::ffi::CStr) {
                // SAFETY: as promised by the caller.
                unsafe { $end(this, name) }
            }
        }
    };
}
pub(crate) use c_struct;

pub(crate) const fn destructor<T: CStruct, const MAKER: u8>() -> HPyCapsule_Destructor {
    // SAFETY: function pointers have one size; who calls it goes by where it is found.
    let trampoline = unsafe {
        core::mem::transmute::<unsafe extern "C" fn(*mut cpy_PyObject), unsafe extern "C" fn()>(
            trampoline::<T, MAKER>,
        )
    };
    HPyCapsule_Destructor {
        cpy_trampoline: Some(trampoline),
        r#impl: Some(destroy::<T, MAKER>),
    }
}

unsafe extern "C" fn trampoline<T: CStruct, const MAKER: u8>(capsule: *mut cpy_PyObject) {
    // SAFETY: the interpreter calls it with the capsule, which is what this signature's
    // implementations are called by.
    unsafe {
        let function = core::mem::transmute::<
            unsafe extern "C" fn(*const c_char, *mut c_void, *mut c_void),
            unsafe extern "C" fn(),
        >(destroy::<T, MAKER>);
        call_from_trampoline(HPyFunc_CAPSULE_DESTRUCTOR, Some(function), &mut *capsule);
    }
}

unsafe extern "C" fn destroy<T: CStruct, const MAKER: u8>(
    name: *const c_char,
    this: *mut c_void,
    _: *mut c_void,
) {
    let end = || {
        // SAFETY: a capsule's name is a C string, which lives as long as the capsule; the
        // destructor is that of capsules that `new` has made, and their end comes once.
        crate::entry::guard::quietly(|| unsafe { T::end(this.cast(), CStr::from_ptr(name)) });
    };
    #[cfg(feature = "universal")]
    if MAKER != OWN {
        return crate::backend::while_destroying(end);
    }
    end();
}

/// A capsule that has the struct. If it is never taken out, the capsule's end ends it, unless the
/// host has the quirk [`Quirk::CAPSULES_END_WITHOUT_POINTER`].
///
/// # Safety
/// `this` is a struct that [`CStruct::end`] may end. The caller does not use it any more.
///
/// # Errors
/// MemoryError; the struct has been ended then.
pub(crate) unsafe fn new<'ctx, T: CStruct>(
    ctx: Context<'ctx>,
    this: NonNull<T>,
) -> Result<Handle<'ctx>> {
    let destructor = match ctx.raw.is_direct() {
        true => T::destructor(OWN),
        // Nobody ends the struct there.
        false if ctx.has(Quirk::CAPSULES_END_WITHOUT_POINTER) => core::ptr::null_mut(),
        false => T::destructor(HOST),
    };
    // SAFETY: name and destructor are static; the struct is the capsule's from here on.
    unsafe {
        let pointer = this.as_ptr().cast();
        let capsule = HPyCapsule_New(ctx.as_ptr(), pointer, T::NAME.as_ptr(), destructor);
        if capsule.is_null() {
            let error = Error::fetch_as_it_is(ctx);
            T::end(this.as_ptr(), T::NAME);
            return Err(error);
        }
        Ok(Handle::from_raw_unchecked(ctx, capsule))
    }
}

/// What a capsule of that name points to; None for every other object.
pub(crate) fn pointer(capsule: &Handle<'_>, name: &CStr) -> Option<NonNull<c_void>> {
    if !capsule.is_instance_of::<AnyCapsule>() {
        return None;
    }
    let (ctx, raw) = (capsule.ctx(), capsule.as_raw());
    // Names are compared here: GraalPy 24 fails to compare those that differ.
    // SAFETY: the handle is an open capsule; its name is null or a C string, which lives as long as
    // the capsule has it, and is what it is asked for.
    unsafe {
        let own = HPyCapsule_Get(ctx.as_ptr(), raw, HPyCapsule_key_Name, core::ptr::null());
        let own = own.cast::<c_char>();
        let mut pointer = core::ptr::null_mut();
        if !own.is_null() && CStr::from_ptr(own) == name {
            pointer = HPyCapsule_Get(ctx.as_ptr(), raw, HPyCapsule_key_Pointer, own);
        }
        if pointer.is_null() {
            drop(Error::take(ctx));
        }
        NonNull::new(pointer)
    }
}

/// Gives a capsule another name, which tells all others that its struct was taken.
///
/// # Errors
/// What the interpreter raises.
#[cfg(feature = "dlpack")]
pub(crate) fn rename(capsule: &Handle<'_>, name: &'static CStr) -> Result<()> {
    let ctx = capsule.ctx();
    let name = name.as_ptr().cast_mut().cast();
    // SAFETY: the handle is an open object, and the name is static.
    let set = unsafe { HPyCapsule_Set(ctx.as_ptr(), capsule.as_raw(), HPyCapsule_key_Name, name) };
    ctx.check(set).map(drop)
}
