//! Handles, identity, items by index and name, iteration.

use crate::capi::{self, PyObject};
use crate::interpreters;
use core::ffi::{c_char, c_int};
use core::sync::atomic::{AtomicPtr, Ordering};

#[inline(always)]
pub(super) unsafe fn HPy_Dup(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller's object is alive, or null.
    unsafe {
        if !o.is_null() && !capi::dups_in_line(o) {
            capi::incref(o);
        }
    }
    o
}

#[inline(always)]
pub(super) unsafe fn HPy_Close(o: *mut PyObject) {
    // SAFETY: the caller passes on the object's reference, or the handle is null.
    unsafe { capi::xdecref(o) }
}

#[inline(always)]
pub(super) unsafe fn HPy_FromPyObject(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller's object is alive, or null.
    unsafe { capi::xnew_ref(o) }
}

#[inline(always)]
pub(super) unsafe fn HPy_AsPyObject(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller's object is alive, or null.
    unsafe { capi::xnew_ref(o) }
}

#[inline(always)]
pub(super) unsafe fn HPy_Is(o: *mut PyObject, other: *mut PyObject) -> c_int {
    // SAFETY: the caller's objects are alive, or null.
    unsafe { capi::is_same(o, other) as c_int }
}

#[inline(always)]
pub(super) unsafe fn HPy_Type(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller's object is alive.
    unsafe {
        if capi::layout_known() {
            capi::new_ref(capi::type_of(o))
        } else {
            capi::PyObject_Type(o)
        }
    }
}

#[inline(always)]
pub(super) unsafe fn HPy_TypeCheck(o: *mut PyObject, type_: *mut PyObject) -> c_int {
    // SAFETY: the caller passes an object and a type.
    unsafe { capi::type_check(o, type_) as c_int }
}

// Items by index behave like `o[index]` in Python, even for negative indices. `PySequence_GetItem`
// does not: it adds the length to a negative index, even for classes that treat it as a key. Lists
// and tuples, where the results are the same, take a shortcut if their type can be read without a
// call.

#[inline]
pub(super) unsafe fn HPy_GetItem_i(o: *mut PyObject, index: isize) -> *mut PyObject {
    // SAFETY: the caller's object is alive. The key is released once.
    unsafe {
        if !capi::layout_known() {
            return item_by_key(o, index);
        }
        let type_ = capi::type_of(o);
        let item = if type_ == capi::PyList_Type() && (0..capi::list_len(o)).contains(&index) {
            match capi::list_item_in_line(o, index) {
                Some(item) => item,
                None => return capi::PyList_GetItemRef(o, index),
            }
        } else if type_ == capi::PyTuple_Type() && (0..capi::tuple_len(o)).contains(&index) {
            capi::tuple_item(o, index)
        } else {
            return item_by_key(o, index);
        };
        capi::xnew_ref_anywhere(item)
    }
}

/// A key is an object, whose making and end take PyPy longer than all else. So tuples take a
/// shortcut there too.
#[inline(never)]
unsafe extern "C" fn item_by_key(o: *mut PyObject, index: isize) -> *mut PyObject {
    // SAFETY: the caller's object is alive. The key is released once.
    unsafe {
        if capi::on_pypy()
            && capi::is_exactly(o, capi::PyTuple_Type())
            && (0..capi::tuple_len(o)).contains(&index)
        {
            return capi::xnew_ref(capi::tuple_item(o, index));
        }
        let key = capi::PyLong_FromSsize_t(index);
        with_key(key, core::ptr::null_mut(), |key| {
            capi::PyObject_GetItem(o, key)
        })
    }
}

#[inline]
pub(super) unsafe fn HPy_GetItem_s(o: *mut PyObject, key: *const c_char) -> *mut PyObject {
    // SAFETY: the caller's object is alive, the key a C string.
    unsafe {
        let key = capi::PyUnicode_FromString(key);
        with_key(key, core::ptr::null_mut(), |key| {
            capi::PyObject_GetItem(o, key)
        })
    }
}

#[inline]
pub(super) unsafe fn HPy_SetItem(
    o: *mut PyObject,
    key: *mut PyObject,
    value: *mut PyObject,
) -> c_int {
    // SAFETY: the caller's objects are alive.
    unsafe { set_item(o, key, value) }
}

/// A dict needs no search for its function.
#[inline]
unsafe fn set_item(o: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> c_int {
    // SAFETY: the caller's objects are alive.
    unsafe {
        if capi::layout_known() && capi::is_exactly(o, capi::PyDict_Type()) {
            capi::PyDict_SetItem(o, key, value)
        } else {
            capi::PyObject_SetItem(o, key, value)
        }
    }
}

#[inline]
pub(super) unsafe fn HPy_SetItem_i(o: *mut PyObject, index: isize, value: *mut PyObject) -> c_int {
    // SAFETY: the caller's objects are alive.
    unsafe {
        if capi::layout_known() && capi::is_exactly(o, capi::PyList_Type()) {
            return capi::PySequence_SetItem(o, index, value);
        }
        let key = capi::PyLong_FromSsize_t(index);
        with_key(key, -1, |key| set_item(o, key, value))
    }
}

#[inline]
pub(super) unsafe fn HPy_SetItem_s(
    o: *mut PyObject,
    key: *const c_char,
    value: *mut PyObject,
) -> c_int {
    // SAFETY: the caller's objects are alive, the key a C string.
    unsafe {
        let key = capi::PyUnicode_FromString(key);
        with_key(key, -1, |key| set_item(o, key, value))
    }
}

#[inline]
pub(super) unsafe fn HPy_DelItem_i(o: *mut PyObject, index: isize) -> c_int {
    // SAFETY: the caller's object is alive.
    unsafe {
        if capi::layout_known() && capi::is_exactly(o, capi::PyList_Type()) {
            return capi::PySequence_DelItem(o, index);
        }
        let key = capi::PyLong_FromSsize_t(index);
        with_key(key, -1, |key| capi::PyObject_DelItem(o, key))
    }
}

#[inline]
pub(super) unsafe fn HPy_DelItem_s(o: *mut PyObject, key: *const c_char) -> c_int {
    // SAFETY: the caller's object is alive, the key a C string. (GraalPy's `PyObject_DelItemString`
    // aborts.)
    unsafe {
        let key = capi::PyUnicode_FromString(key);
        with_key(key, -1, |key| capi::PyObject_DelItem(o, key))
    }
}

#[inline]
pub(super) unsafe fn HPyIter_Next(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller's object is alive. The function requires a `tp_iternext`.
    unsafe {
        if !capi::is_iterator(o) {
            let message = c"an iterator is required";
            capi::PyErr_SetString(capi::PyExc_TypeError(), message.as_ptr());
            return core::ptr::null_mut();
        }
        capi::PyIter_Next(o)
    }
}

#[inline]
pub(super) unsafe fn _HPy_Dump(o: *mut PyObject) {
    // SAFETY: the function accepts invalid objects.
    unsafe {
        if capi::on_pypy() {
            // PyPy 8's ends the process.
        } else if capi::has::PyObject_Dump() {
            capi::PyObject_Dump(o)
        } else {
            capi::_PyObject_Dump(o)
        }
    }
}

/// The dict of the interpreter's module `builtins`. Looked up at the first use and cached. Null
/// with an exception if it is not found.
///
/// Loading a module is the first use. Later, the calling code may run with its own `__builtins__`,
/// in which imports fail.
#[inline]
pub(super) fn builtins() -> *mut PyObject {
    // SAFETY: callers are attached.
    let place = unsafe { interpreters::builtins() };
    let known = place.map_or(core::ptr::null_mut(), |place| place.load(Ordering::Acquire));
    if known.is_null() {
        find_builtins(place)
    } else {
        known
    }
}

#[cold]
fn find_builtins(place: Option<&AtomicPtr<PyObject>>) -> *mut PyObject {
    // SAFETY: callers are attached.
    let dict = unsafe {
        let module = capi::PyImport_ImportModule(c"builtins".as_ptr());
        if module.is_null() {
            return module;
        }
        let dict = capi::PyObject_GetAttrString(module, c"__dict__".as_ptr());
        capi::xdecref_cold(module);
        if !dict.is_null() && !capi::has_type_flag(dict, capi::Py_TPFLAGS_DICT_SUBCLASS) {
            capi::xdecref_cold(dict);
            let message = c"what sys.modules has for 'builtins' is no module";
            capi::PyErr_SetString(capi::PyExc_TypeError(), message.as_ptr());
            return core::ptr::null_mut();
        }
        dict
    };
    if let (Some(place), false) = (place, dict.is_null()) {
        // Two threads may do this at the same time with the same dict. The second one leaks a
        // reference.
        place.store(dict, Ordering::Release);
    }
    dict
}

/// Calls `then` with the key and releases the key. Returns `failed` if there is none.
#[inline(always)]
unsafe fn with_key<T>(key: *mut PyObject, failed: T, then: impl Fn(*mut PyObject) -> T) -> T {
    if key.is_null() {
        return failed;
    }
    let result = then(key);
    // SAFETY: the caller passes the key's reference on.
    unsafe { capi::decref(key) };
    result
}
