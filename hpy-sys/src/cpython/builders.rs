//! Lists and tuples under construction. A builder is the object itself, which no other code has
//! seen yet. Null stands for an object that could not be made, which `Build` reports.

use crate::capi::{self, PyObject};
use crate::handles::{HPyListBuilder, HPyTupleBuilder};

macro_rules! builder {
    ($builder:ident $fill:ident $make:ident: $new:ident $set:ident $build:ident $cancel:ident) => {
        #[inline]
        pub(super) unsafe fn $new(size: isize) -> $builder {
            // SAFETY: the thread is attached.
            let object = unsafe { capi::$make(size) };
            if object.is_null() {
                // SAFETY: the thread is attached. The failure is reported by `Build`.
                unsafe { capi::PyErr_Clear() };
            }
            $builder {
                _i: object as isize,
            }
        }

        #[inline(always)]
        pub(super) unsafe fn $set(builder: $builder, index: isize, item: *mut PyObject) {
            if !builder.is_null() {
                // SAFETY: no other code knows the object. The caller's index is within it.
                unsafe { capi::$fill(builder._i as *mut PyObject, index, capi::new_ref(item)) }
            }
        }

        #[inline(always)]
        pub(super) unsafe fn $build(builder: $builder) -> *mut PyObject {
            if builder.is_null() {
                // SAFETY: the thread is attached.
                return unsafe { capi::PyErr_NoMemory() };
            }
            builder._i as *mut PyObject
        }

        #[inline]
        pub(super) unsafe fn $cancel(builder: $builder) {
            // SAFETY: the builder's reference is released, or it is null.
            unsafe { capi::xdecref_cold(builder._i as *mut PyObject) }
        }
    };
}

builder! {
    HPyListBuilder list_fill PyList_New:
    HPyListBuilder_New HPyListBuilder_Set HPyListBuilder_Build HPyListBuilder_Cancel
}
builder! {
    HPyTupleBuilder tuple_fill PyTuple_New:
    HPyTupleBuilder_New HPyTupleBuilder_Set HPyTupleBuilder_Build HPyTupleBuilder_Cancel
}
