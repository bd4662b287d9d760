//! What interpreters do otherwise than HPy, or CPython's C API, says.
//!
//! A row names the interpreters, and its comment the version and the smallest case. More cases, and
//! what stands in for each, are in `docs/design/interpreters.md`. Code asks [`Context::has`]. Which
//! runtime a context is of is found out once, when it is met first; `hpy_sys::layout` remembers it.

use super::runtimes::*;

/// A row of the table: the runtimes that have the quirk.
#[derive(Clone, Copy)]
pub(crate) struct Quirk {
    #[cfg_attr(not(feature = "universal"), allow(dead_code))]
    pub(super) of: u8,
}

macro_rules! quirks {
    ($($(#[$doc:meta])* $name:ident: $($runtime:ident)|+;)*) => {
        #[cfg_attr(not(feature = "universal"), allow(dead_code))]
        impl Quirk {
            $($(#[$doc])* pub(crate) const $name: Self = Self { of: $($runtime)|+ };)*
        }
    };
}

quirks! {
    // Types.

    /// PyPy 7.3.19, GraalPy 24: a type's `__doc__` begins with the signature, and
    /// `__text_signature__` is None.
    SIGNATURE_STAYS_IN_DOC: PYPY_HPY | GRAALPY_HPY;
    /// PyPI's hpy 0.9: instances of `class Sub(T): pass` have no call function if `__call__` is a
    /// slot. GraalPy 24 leaves the arguments of such calls on its stack, and ends the process at
    /// exit.
    CALL_IS_NO_SLOT: PYPI_HPY | GRAALPY_HPY;
    /// PyPy 7.3.19 has one call function for all instances of a type. PyPI's hpy 0.9 does not find
    /// its place in instances of `class Sub(T): pass`. For the others nobody has asked.
    CALL_FUNCTION_IS_THE_TYPES: PYPY_HPY | PYPI_HPY | GRAALPY_HPY | PACKAGE;
    /// PyPy 7.3.19: `HPy_AsStruct_Object` finds the data of an object of any type, with its size
    /// before it.
    DATA_IS_MEASURED: PYPY_HPY;
    /// PyPy 7.3.19, PyPI's hpy 0.9 and GraalPy 24 call `HPy_tp_traverse` of the most derived type
    /// alone: a field of `Base` in an instance of `Derived` is not found.
    DERIVED_TRAVERSES_ALONE: PYPY_HPY | PYPI_HPY | GRAALPY_HPY;
    /// Fields belong to objects there, and are bound to theirs when the data is. The own runtime
    /// needs no owner, and GraalPy 24 never asks an object for its fields.
    FIELDS_HAVE_OWNERS: PYPY_HPY | PYPI_HPY | PACKAGE;
    /// PyPy 7.3.19: `T.__new__(x=1)` calls `HPy_tp_new` with what lies behind an empty list as the
    /// class.
    NEW_NEEDS_NO_CLASS: PYPY_HPY;
    /// PyPy 7.3.19 and GraalPy 24 make `class Sub(T): pass` of a type without
    /// `HPy_TPFLAGS_BASETYPE`.
    SUBCLASS_FLAG_IS_IGNORED: PYPY_HPY | GRAALPY_HPY;
    /// PyPy 7.3.19 ends the process at the end of `Sub()`, with `class Sub(T): pass`, if `T` has
    /// `HPy_tp_destroy`.
    SUBCLASS_ENDS_PROCESS: PYPY_HPY;
    /// PyPy 7.3.19: a capsule that C has made, and HPy has renamed, ends with its first name as its
    /// destructor sees it: numpy's would delete a tensor that was taken.
    #[cfg(feature = "dlpack")]
    CAPSULES_END_WITH_FIRST_NAME: PYPY_HPY;
    /// GraalPy 24 calls a capsule's destructor with itself in place of the capsule's pointer.
    #[cfg(any(feature = "arrow", feature = "dlpack"))]
    CAPSULES_END_WITHOUT_POINTER: GRAALPY_HPY;
    /// GraalPy 24 fails with an internal error where it is asked for a capsule's name that
    /// `HPyCapsule_Set` has set.
    #[cfg(feature = "dlpack")]
    CAPSULES_KEEP_THEIR_NAMES: GRAALPY_HPY;
    /// PyPy 7.3.19 and 8 release a view with another `HPy_buffer`, in which `buf` is the same and
    /// `internal` is not set: `memoryview(t).release()`.
    VIEWS_LOSE_INTERNAL: PYPY_HPY | OWN_ON_PYPY;
    /// PyPy 8: `__dict__` and weak references are there without slots for them.
    OBJECTS_HAVE_DICTS: OWN_ON_PYPY;
    /// PyPy 8 and GraalPy 25 make no class of a metaclass whose data is in C.
    METACLASSES_FAIL: OWN_ON_PYPY | OWN_ON_GRAALPY;
    /// PyPy 8 never ends an object whose base is a type in C that derives from `int`.
    DEEP_BASES_LEAK: OWN_ON_PYPY;
    /// GraalPy 25: `PyList_GET_ITEM` of an instance of `class Sub(list)` finds no memory.
    LISTS_HAVE_NO_MEMORY: OWN_ON_GRAALPY;
    /// GraalPy 25 has room for more behind the values of `float` and `str` alone.
    FLOATS_AND_STRS_HAVE_ROOM: OWN_ON_GRAALPY;

    // Objects.

    /// PyPy 7.3.19 never gives up what an `HPyListBuilder` has built: `handles.collect([thing])`
    /// keeps `thing`.
    BUILT_LISTS_LEAK: PYPY_HPY;
    /// PyPy 7.3.19 has one struct for a memoryview and those made of it: with the first that is
    /// released, all lose their memory.
    VIEWS_ARE_RELEASED_TOGETHER: PYPY_HPY;
    /// PyPy 7.3.19 ends the process where an HPy function finds 768 KB of stack used: `repr` of an
    /// object in Rust that holds itself.
    DEEP_RECURSION_ENDS_PROCESS: PYPY_HPY;
    /// GraalPy 24 and 25: `sys.maxsize` is 2**31 - 1. `HPyBytes_FromStringAndSize` of more raises
    /// SystemError, and 24 leaves another exception pending. Texts do the same on 24.
    SIZES_ARE_SHORT: OWN_ON_GRAALPY | GRAALPY_HPY;
    /// GraalPy 24 and 25: `a = [1, 2]; a[2:] = list(array("q", [2**40]))` gives
    /// `[1, 2, 1099511627776, 0]`.
    LIST_SLICES_ARE_MANGLED: OWN_ON_GRAALPY | GRAALPY_HPY;
    /// GraalPy 24 and 25: `weakref.ref(x).__callback__` is a method that gives the callback.
    CALLBACK_IS_A_METHOD: OWN_ON_GRAALPY | GRAALPY_HPY;
    /// GraalPy 24: `HPy_GetItem_i([], 0)` gives an object, and index 5 ends the process.
    INDICES_GO_BEYOND_THE_END: GRAALPY_HPY;
    /// GraalPy 24: `HPy_Length` and `HPy_Call` take a small int or a float for a handle's number.
    /// `length(-128)` ends the process.
    NUMBERS_ARE_TAKEN_FOR_HANDLES: GRAALPY_HPY;
    /// GraalPy 24: `HPyContextVar_Get(variable, 5)` gives False.
    INT_DEFAULTS_ARE_MISREAD: GRAALPY_HPY;
    /// GraalPy 24: `HPyFloat_FromDouble` of the NaN with the bits 2**64 - 67 ends the process.
    NANS_ARE_TAKEN_FOR_HANDLES: GRAALPY_HPY;
    /// GraalPy 24: `HPy_Is(1, True)` is 1 if the int came out of a tuple.
    ONE_IS_TRUE: GRAALPY_HPY;
    /// GraalPy 24: `HPy_RichCompare(1, "a")` is NotImplemented, which is taken for true.
    COMPARISONS_MAKE_BOOLS: GRAALPY_HPY;
    /// GraalPy 24: `HPy_FloorDivide(-7, 3)` is -2; of -2**31 and -1 it ends the process.
    FLOOR_DIVISION_CUTS: GRAALPY_HPY;
    /// GraalPy 24: `HPyLong_AsInt64_t(I(7))` is 5 with
    /// `class I(int): __index__ = lambda self: 5`.
    INTS_ASK_INDEX: GRAALPY_HPY;
    /// GraalPy 24: `HPy_Call` with an interned str as a keyword fails.
    INTERNED_NAMES_FAIL: GRAALPY_HPY;

    // Text, errors, modules.

    /// PyPy 8 and GraalPy 25: `PyErr_CheckSignals` runs no handler.
    SIGNALS_ARE_NOT_CHECKED: OWN_ON_PYPY | OWN_ON_GRAALPY;
    /// GraalPy 24: `HPy_GetAttr_s` does not know UTF-8 of four bytes: `"\u{1f600}"`.
    LONG_UTF8_IS_MISREAD: GRAALPY_HPY;
    /// GraalPy 24: `HPyUnicode_DecodeFSDefault(b"\xe9\xff")` has U+FFFD in place of the bytes.
    PATHS_LOSE_BYTES: GRAALPY_HPY;
    /// GraalPy 24: `HPyUnicode_AsUTF8AndSize("\ud800")` is U+FFFD.
    SURROGATES_ARE_REPLACED: GRAALPY_HPY;
    /// GraalPy 24: `HPyErr_ExceptionMatches` calls what `builtins` has as `isinstance`.
    MATCHING_CALLS_BUILTINS: GRAALPY_HPY;
    /// GraalPy 24: `HPyErr_NewException("package.module.Name")` names it `module.Name`.
    NAMES_SPLIT_AT_FIRST_DOT: GRAALPY_HPY;
    /// GraalPy 24: a traceback has neither the file nor the name of
    /// `code.replace(co_name="name")`.
    RENAMED_CODE_IS_LOST: GRAALPY_HPY;
}
