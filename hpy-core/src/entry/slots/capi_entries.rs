//! The entries that an interpreter calls by the C API for slots and attributes. Both ABIs have
//! them.

use crate::backend::RawContext;
#[cfg(not(feature = "universal"))]
use crate::class::InitMethod;
use crate::class::arguments::with_flat_dict;
use crate::class::slot_bodies;
use crate::class::{Assign, Compare, Fixed, FixedInt};
use crate::entry::guard::{KeywordsMethod, NoArgsMethod, enter};
use crate::entry::methods::capi_entries::keywords;
use crate::entry::shared_boundary::enter_body;
use crate::entry::slots::bodies;
use crate::entry::slots::table::{c_type, slot_table, to_c, to_hpy};
#[cfg(not(feature = "universal"))]
use core::ffi::{c_int, c_void};
use hpy_sys::capi::{self, PyObject};
use hpy_sys::*;

macro_rules! entries {
    ($(
        $name:ident [$bound:path] $signature:ident $args:ident
        ($($field:ident: $kind:ident),*) -> $ret:ident;
    )*) => {$(
        #[inline(never)]
        pub(crate) unsafe extern "C" fn $name<S: $bound>(
            $($field: c_type!($kind)),*
        ) -> c_type!($ret) {
            // SAFETY: an entry by the interpreter; the objects stay alive during it.
            let result = unsafe {
                if S::IN_LINE {
                    enter(RawContext::direct(), |ctx| {
                        slot_bodies::$name::<S>(ctx, $(to_hpy!($kind $field)),*)
                    })
                } else {
                    let raw = RawContext::direct();
                    enter_body!(raw, bodies::$name::<S>, $(to_hpy!($kind $field)),*)
                }
            };
            to_c!($ret result)
        }
    )*};
}

slot_table!(entries);

fn handle(object: *mut PyObject) -> HPy {
    HPy {
        _i: object as isize,
    }
}

/// Calls `then` with a tuple's items.
///
/// # Safety
/// The object is a tuple.
#[cfg(not(feature = "universal"))]
#[inline(always)]
unsafe fn with_items<R>(tuple: *mut PyObject, then: impl FnOnce(*const HPy, isize) -> R) -> R {
    const FEW: usize = 8;
    // SAFETY: as promised by the caller; the tuple keeps its items alive. A handle is its object's
    // address.
    unsafe {
        if let Some(items) = capi::tuple_items_in_line(tuple) {
            return then(items.as_ptr().cast(), items.len() as isize);
        }
        let count = capi::tuple_len(tuple);
        if count as usize <= FEW {
            let mut items = [HPy_NULL; FEW];
            for (index, item) in (0..count).zip(&mut items) {
                *item = handle(capi::tuple_item(tuple, index));
            }
            return then(items.as_ptr(), count);
        }
        let items: Vec<HPy> = (0..count)
            .map(|index| handle(capi::tuple_item(tuple, index)))
            .collect();
        then(items.as_ptr(), count)
    }
}

/// The same where the layout is known.
///
/// # Safety
/// The object is a tuple, and in the universal ABI the layout is known.
#[cfg(feature = "universal")]
#[inline(always)]
unsafe fn with_items<R>(tuple: *mut PyObject, then: impl FnOnce(*const HPy, isize) -> R) -> R {
    // SAFETY: as promised by the caller; the tuple keeps its items alive. A handle is its object's
    // address.
    unsafe {
        core::hint::assert_unchecked(capi::running::layout_known());
        let items = capi::tuple_items_in_line(tuple).unwrap_unchecked();
        then(items.as_ptr().cast(), items.len() as isize)
    }
}

/// `tp_new`. In the universal ABI for interpreters of known layouts only.
#[inline(never)]
pub(crate) unsafe extern "C" fn new<S: KeywordsMethod>(
    class: *mut PyObject,
    args: *mut PyObject,
    kw: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: called by the interpreter; class and arguments stay alive during it.
    unsafe {
        if S::IN_LINE {
            new_by(class, args, kw, keywords::<S>)
        } else {
            new_out_of_line(class, args, kw, keywords::<S>)
        }
    }
}

/// # Safety
/// As for [`new`]; the function is the constructor's.
#[inline(never)]
unsafe extern "C" fn new_out_of_line(
    class: *mut PyObject,
    args: *mut PyObject,
    kw: *mut PyObject,
    function: ArrayCall,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { new_by(class, args, kw, function) }
}

/// # Safety
/// As for [`new_out_of_line`].
#[inline(always)]
unsafe fn new_by(
    class: *mut PyObject,
    args: *mut PyObject,
    kw: *mut PyObject,
    function: ArrayCall,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        with_items(args, |items, count| {
            if kw.is_null() {
                function(class, items, count as usize, HPy_NULL)
            } else {
                with_dict(class, (items, count as usize), kw, function)
            }
        })
    }
}

/// A function with an array of arguments and a tuple of names.
pub(super) type ArrayCall =
    unsafe extern "C" fn(*mut PyObject, *const HPy, usize, HPy) -> *mut PyObject;

/// Calls the function with the keywords of a dict.
///
/// # Safety
/// An entry by the interpreter: of the objects, `kw` is a dict, and `function` takes the object,
/// the arguments and the names of keywords.
#[cold]
#[inline(never)]
pub(super) unsafe fn with_dict(
    this: *mut PyObject,
    (items, count): (*const HPy, usize),
    kw: *mut PyObject,
    function: ArrayCall,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    let result: HPy = unsafe {
        enter(RawContext::direct(), |ctx| {
            with_flat_dict(ctx, items, count, handle(kw), |items, names| {
                // If it is null, an exception is pending, as it shall be.
                handle(function(this, items, count, names))
            })
        })
    };
    result._i as *mut PyObject
}

type NewFunction =
    unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;

/// `tp_vectorcall` of a type with [`new`]: what a call of the class comes to, unless Python code
/// has changed that. On PyPy it is the type's `__new__`.
#[inline(never)]
pub(crate) unsafe extern "C" fn construct<S: KeywordsMethod>(
    class: *mut PyObject,
    args: *const HPy,
    nargsf: usize,
    names: HPy,
) -> *mut PyObject {
    // SAFETY: an entry by the interpreter, which has a class of known layout, or is PyPy.
    unsafe {
        if !S::IN_LINE {
            return construct_out_of_line(class, args, nargsf, names, new::<S>, keywords::<S>);
        }
        if capi::is_made_by(class, new::<S>) {
            return keywords::<S>(class, args, nargsf, names);
        }
        construct_changed(class, args, nargsf, names, keywords::<S>)
    }
}

/// # Safety
/// As for [`construct`]; the functions are the constructor's.
#[inline(never)]
unsafe extern "C" fn construct_out_of_line(
    class: *mut PyObject,
    args: *const HPy,
    nargsf: usize,
    names: HPy,
    new: NewFunction,
    function: ArrayCall,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        if capi::is_made_by(class, new) {
            return function(class, args, nargsf, names);
        }
        construct_changed(class, args, nargsf, names, function)
    }
}

/// # Safety
/// As for [`construct`]; the function is the constructor's.
#[cold]
#[inline(never)]
unsafe extern "C" fn construct_changed(
    class: *mut PyObject,
    args: *const HPy,
    nargsf: usize,
    names: HPy,
    function: ArrayCall,
) -> *mut PyObject {
    #[cfg(feature = "universal")]
    // SAFETY: on PyPy it is called as the type's `__new__`, whose arguments begin with the class. A
    // handle is its object's address.
    unsafe {
        if capi::running::on_pypy() {
            let class = capi::class_of_new(class, args.cast(), nargsf);
            return match class.is_null() {
                true => class,
                false => function(class, args.add(1), nargsf - 1, names),
            };
        }
    }
    let _ = function;
    // SAFETY: as promised by the caller; a handle is its object's address. An entry, as classes
    // may call each other for ever: CPython does not count calls by this protocol.
    let result: HPy = unsafe {
        enter(RawContext::direct(), |_| {
            let names = names._i as *mut PyObject;
            // If it is null, an exception is pending, as it shall be.
            Ok(handle(capi::call_type(class, args.cast(), nargsf, names)))
        })
    };
    result._i as *mut PyObject
}

#[cfg(not(feature = "universal"))] // There, the context makes an array of the arguments.
pub(crate) unsafe extern "C" fn init<S: InitMethod>(
    this: *mut PyObject,
    args: *mut PyObject,
    kw: *mut PyObject,
) -> c_int {
    // SAFETY: an entry by the interpreter; object and arguments stay alive during it.
    unsafe {
        enter(RawContext::direct(), |ctx| {
            with_items(args, |items, count| {
                slot_bodies::init::<S>(ctx, handle(this), items, count, handle(kw))
            })
        })
    }
}

#[cfg(not(feature = "universal"))] // There, the context's word is called.
pub(crate) unsafe extern "C" fn release_buffer(_: *mut PyObject, view: *mut c_void) {
    // SAFETY: a view that `get_buffer` has filled, whose end this is.
    unsafe { crate::buffer::release(crate::buffer::ViewKey::Internal, view.cast()) }
}

pub(crate) unsafe extern "C" fn finalize<S: FixedInt<0>>(this: *mut PyObject) {
    // SAFETY: an entry by the interpreter; the object stays alive during it.
    unsafe { super::finalized::<S>(RawContext::direct(), handle(this)) }
}
