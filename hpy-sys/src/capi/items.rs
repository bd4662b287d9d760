//! Items of lists, tuples and bytes, inlined where the layout is known.

use super::layout::{VarHeader, known, read_size};
use super::*;
use core::ffi::c_char;

#[repr(C)]
struct List {
    header: VarHeader,
    items: *mut *mut PyObject,
}

#[repr(C)]
struct Bytes {
    header: VarHeader,
    hash: isize,
    text: [c_char; 1],
}

/// CPython's `PyList_GET_SIZE`.
///
/// # Safety
/// `list` is a list.
#[inline(always)]
pub unsafe fn list_len(list: *mut PyObject) -> isize {
    // SAFETY: `list` is a list.
    unsafe {
        if mutable_in_line() {
            (*list.cast::<VarHeader>()).size
        } else if layout_known() {
            read_size(&raw const (*known::<VarHeader>(list)).size)
        } else {
            PyList_Size(list)
        }
    }
}

/// CPython's `PyList_GET_ITEM`, as a new reference. Null for an unset item of a list under
/// construction. Null with an exception for an index outside the list, where other threads may
/// shorten it, and where the layout is unknown.
///
/// # Safety
/// `list` is a list, `index` less than its length.
#[inline(always)]
pub unsafe fn list_item(list: *mut PyObject, index: isize) -> *mut PyObject {
    // SAFETY: `list` is a list that has this item.
    unsafe {
        match list_item_in_line(list, index) {
            Some(item) => xnew_ref(item),
            // All versions without the GIL have this function.
            None if layout_known() => PyList_GetItemRef(list, index),
            None => list_item_slow(list, index),
        }
    }
}

/// An item of a list, borrowed, where no other thread can remove it meanwhile.
///
/// # Safety
/// As for [`list_item`].
#[inline(always)]
pub(crate) unsafe fn list_item_in_line(list: *mut PyObject, index: isize) -> Option<*mut PyObject> {
    // SAFETY: `list` is a list of a known layout that has this item.
    mutable_in_line().then(|| unsafe { *(*list.cast::<List>()).items.offset(index) })
}

#[inline(never)]
unsafe extern "C" fn list_item_slow(list: *mut PyObject, index: isize) -> *mut PyObject {
    // SAFETY: the caller's list has this item.
    unsafe {
        if on_pypy() {
            list_item_on_pypy(list, index)
        } else if has::PyList_GetItemRef() {
            PyList_GetItemRef(list, index)
        } else {
            xnew_ref(PyList_GetItem(list, index))
        }
    }
}

/// PyPy's `PyList_GetItem` and `PySequence_GetItem` convert all items at once. If one conversion
/// fails, the list is broken and its next use aborts. This converts one item only, without calling
/// a subclass's `__getitem__`.
#[inline]
unsafe fn list_item_on_pypy(list: *mut PyObject, index: isize) -> *mut PyObject {
    // SAFETY: the caller's list has this item. The key and the function are released once.
    unsafe {
        let key = PyLong_FromSsize_t(index);
        if key.is_null() {
            return key;
        }
        let item = if is_exactly(list, PyList_Type()) {
            PyObject_GetItem(list, key)
        } else {
            list_item_of_subclass(list, key)
        };
        xdecref_cold(key);
        item
    }
}

/// A new iterator over a list, on PyPy alone. Null for an instance of a subclass, which may have an
/// iterator of its own; null with an exception if there is no memory.
///
/// # Safety
/// `list` is a list.
#[cfg(feature = "universal")]
#[inline]
pub unsafe fn list_iterator_on_pypy(list: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        if !on_pypy() || !is_exactly(list, PyList_Type()) {
            return core::ptr::null_mut();
        }
        PyObject_GetIter(list)
    }
}

/// `list.__getitem__(list, key)`.
#[cold]
unsafe fn list_item_of_subclass(list: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller passes objects. The function is released once.
    unsafe {
        let function = PyObject_GetAttrString(PyList_Type(), c"__getitem__".as_ptr());
        if function.is_null() {
            return function;
        }
        let item =
            PyObject_VectorcallDict(function, [list, key].as_ptr(), 2, core::ptr::null_mut());
        xdecref_cold(function);
        item
    }
}

/// The items of a list, borrowed from it, if they can be read without a call. An unset item of a
/// list under construction is null.
///
/// # Safety
/// `list` is a list, and nothing runs that could change it as long as the slice is used.
#[inline(always)]
pub(super) unsafe fn list_items<'a>(list: *mut PyObject) -> Option<&'a [*mut PyObject]> {
    if !mutable_in_line() {
        return None;
    }
    // SAFETY: `list` is a list of a known layout, which nothing changes.
    Some(unsafe { items_now(list) })
}

/// # Safety
/// `list` is a list of a known layout, which nothing changes as long as the slice is used.
#[inline(always)]
unsafe fn items_now<'a>(list: *mut PyObject) -> &'a [*mut PyObject] {
    // SAFETY: as promised by the caller. The pointer may be null if there are no items.
    unsafe {
        let list = known::<List>(list);
        match (*list).header.size {
            0 => &[],
            size => core::slice::from_raw_parts((*list).items, size as usize),
        }
    }
}

/// Calls `body` with the items of a list, borrowed from it, or with none where the layout is
/// unknown. Without the GIL the list is locked meanwhile. An unset item of a list under
/// construction is null.
///
/// # Safety
/// `list` is a list, and the thread is attached. `body` calls nothing of Python, and does not wait.
#[inline(always)]
pub unsafe fn with_list_items<R>(
    list: *mut PyObject,
    body: impl FnOnce(&[*mut PyObject]) -> R,
) -> R {
    /// Leaves the section also where `body` panics.
    struct Entered(*mut PyCriticalSection);
    impl Drop for Entered {
        #[inline(always)]
        fn drop(&mut self) {
            // SAFETY: this thread has entered the section, and left those that it entered since.
            unsafe { PyCriticalSection_End(self.0) }
        }
    }
    // SAFETY: as promised by the caller. CPython changes the items of a list, their number and
    // their place within its section only, or with all other threads stopped. The section stays in
    // its place, and is not given up, as `body` does not wait.
    unsafe {
        if !layout_known() {
            body(&[])
        } else if mutable_in_line() {
            body(items_now(list))
        } else {
            let mut section = PyCriticalSection::EMPTY;
            let section = &raw mut section;
            PyCriticalSection_Begin(section, list);
            let _entered = Entered(section);
            body(items_now(list))
        }
    }
}

/// Swaps the items of two lists of equal length without a call. Returns whether it did.
///
/// # Safety
/// Both are lists, and the thread is attached.
#[inline]
pub unsafe fn swap_items(list: *mut PyObject, other: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller; nothing runs here that could change a list. Each has as
    // many items as it says, in memory of its own.
    unsafe {
        let (Some(items), Some(others)) = (list_items(list), list_items(other)) else {
            return false;
        };
        let len = items.len();
        if len != others.len() || core::ptr::eq(list, other) {
            return false;
        }
        if len > 0 {
            let (list, other) = (list.cast::<List>(), other.cast::<List>());
            core::ptr::swap_nonoverlapping((*list).items, (*other).items, len);
        }
        true
    }
}

/// Sets an item of a list under construction. The list takes over the reference.
///
/// # Safety
/// `list` is a list that no other code knows, `index` is less than its length, `item` is an owned
/// reference.
#[inline(always)]
pub unsafe fn list_fill(list: *mut PyObject, index: isize, item: *mut PyObject) {
    // SAFETY: as promised by the caller.
    unsafe {
        if layout_known() {
            let place = (*known::<List>(list)).items.offset(index);
            xdecref(core::mem::replace(&mut *place, item));
        } else {
            PyList_SetItem(list, index, item);
        }
    }
}

/// The first item of a tuple of known layout.
#[inline(always)]
unsafe fn tuple_items(tuple: *mut PyObject) -> *mut *mut PyObject {
    let hash = if version() >= (3, 14) {
        size_of::<isize>()
    } else {
        0
    };
    // SAFETY: the items follow the header, and from 3.14 on a word for the hash.
    unsafe { known::<VarHeader>(tuple).add(1).byte_add(hash).cast() }
}

/// CPython's `PyTuple_GET_SIZE`.
///
/// # Safety
/// `tuple` is a tuple.
#[inline(always)]
pub unsafe fn tuple_len(tuple: *mut PyObject) -> isize {
    // SAFETY: `tuple` is a tuple.
    unsafe {
        if layout_known() {
            (*known::<VarHeader>(tuple)).size
        } else {
            PyTuple_Size(tuple)
        }
    }
}

/// CPython's `PyTuple_GET_ITEM`: borrowed from the tuple.
///
/// # Safety
/// `tuple` is a tuple, `index` less than its length.
#[inline(always)]
pub unsafe fn tuple_item(tuple: *mut PyObject, index: isize) -> *mut PyObject {
    // SAFETY: `tuple` is a tuple that has this item.
    unsafe {
        if layout_known() {
            *tuple_items(tuple).offset(index)
        } else {
            PyTuple_GetItem(tuple, index)
        }
    }
}

/// The items of a tuple, borrowed from it, where the layout is known.
///
/// # Safety
/// `tuple` is a tuple, which is alive as long as the slice is used.
#[inline(always)]
pub unsafe fn tuple_items_in_line<'a>(tuple: *mut PyObject) -> Option<&'a [*mut PyObject]> {
    if !layout_known() {
        return None;
    }
    // SAFETY: `tuple` is a tuple of a known layout, whose items follow its header.
    unsafe {
        let size = (*known::<VarHeader>(tuple)).size as usize;
        Some(core::slice::from_raw_parts(tuple_items(tuple), size))
    }
}

/// Sets an item of a tuple under construction. The tuple takes over the reference.
///
/// # Safety
/// `tuple` is a tuple that no other code knows, `index` is less than its length, `item` is an owned
/// reference.
#[inline(always)]
pub unsafe fn tuple_fill(tuple: *mut PyObject, index: isize, item: *mut PyObject) {
    // SAFETY: as promised by the caller.
    unsafe {
        if layout_known() {
            let place = tuple_items(tuple).offset(index);
            xdecref(core::mem::replace(&mut *place, item));
        } else {
            PyTuple_SetItem(tuple, index, item);
        }
    }
}

/// CPython's `PyBytes_GET_SIZE`.
///
/// # Safety
/// `bytes` is a bytes object.
#[inline(always)]
pub unsafe fn bytes_len(bytes: *mut PyObject) -> isize {
    // SAFETY: `bytes` is a bytes object.
    unsafe {
        if layout_known() {
            (*known::<VarHeader>(bytes)).size
        } else {
            PyBytes_Size(bytes)
        }
    }
}

/// CPython's `PyBytes_AS_STRING`.
///
/// # Safety
/// `bytes` is a bytes object.
#[inline(always)]
pub unsafe fn bytes_text(bytes: *mut PyObject) -> *const c_char {
    // SAFETY: `bytes` is a bytes object.
    unsafe {
        if layout_known() {
            (&raw const (*known::<Bytes>(bytes)).text).cast()
        } else {
            PyBytes_AsString(bytes)
        }
    }
}
