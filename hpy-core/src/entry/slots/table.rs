//! The shapes of slots: one table, from which each ABI's entries are expanded.
//!
//! A row is the name, which is that of the body in `class::slot_bodies` too, what the body is
//! generic over, HPy's signature, the struct of arguments that its trampoline passes, the
//! parameters with the names of that struct's fields, and the result.

macro_rules! slot_table {
    ($expand:ident) => {
        $expand! {
            unary [Fixed<0>] HPyFunc_UNARYFUNC _HPyFunc_args_UNARYFUNC (arg0: Object) -> Object;
            binary [Fixed<1>] HPyFunc_BINARYFUNC _HPyFunc_args_BINARYFUNC
                (arg0: Object, arg1: Object) -> Object;
            ternary [Fixed<2>] HPyFunc_TERNARYFUNC _HPyFunc_args_TERNARYFUNC
                (arg0: Object, arg1: Object, arg2: Object) -> Object;
            inquiry [FixedInt<0>] HPyFunc_INQUIRY _HPyFunc_args_INQUIRY (arg0: Object) -> Int;
            length [FixedInt<0>] HPyFunc_LENFUNC _HPyFunc_args_LENFUNC (arg0: Object) -> Size;
            hash [FixedInt<0>] HPyFunc_HASHFUNC _HPyFunc_args_HASHFUNC (arg0: Object) -> Size;
            contains [FixedInt<1>] HPyFunc_OBJOBJPROC _HPyFunc_args_OBJOBJPROC
                (arg0: Object, arg1: Object) -> Int;
            compare [Compare] HPyFunc_RICHCMPFUNC _HPyFunc_args_RICHCMPFUNC
                (arg0: Object, arg1: Object, arg2: Op) -> Object;
            assign_item [Assign<1>] HPyFunc_OBJOBJARGPROC _HPyFunc_args_OBJOBJARGPROC
                (arg0: Object, arg1: Object, arg2: Object) -> Int;
            getter [NoArgsMethod] HPyFunc_GETTER _HPyFunc_args_GETTER
                (self_: Object, closure: Pointer) -> Object;
            get_buffer [FixedInt<0>] HPyFunc_GETBUFFERPROC _HPyFunc_args_GETBUFFERPROC
                (self_: Object, view: View, flags: Int) -> Int;
            setter [Assign<0>] HPyFunc_SETTER _HPyFunc_args_SETTER
                (self_: Object, value: Object, closure: Pointer) -> Int;
        }
    };
}
pub(crate) use slot_table;

/// The type of a parameter or result where the C API calls.
macro_rules! c_type {
    (Object) => { *mut hpy_sys::cpy_PyObject };
    (View) => { *mut core::ffi::c_void };
    ($other:ident) => { $crate::entry::slots::table::hpy_type!($other) };
}
pub(crate) use c_type;

/// The type of a parameter or result where HPy calls.
macro_rules! hpy_type {
    (Object) => { hpy_sys::HPy };
    (View) => { *mut hpy_sys::HPy_buffer };
    (Int) => { core::ffi::c_int };
    (Size) => { isize };
    (Op) => { hpy_sys::HPy_RichCmpOp };
    (Pointer) => { *mut core::ffi::c_void };
}
pub(crate) use hpy_type;

/// The type of an implementation's result: a whole word, since PyPy reads all of it where HPy says
/// `int`.
#[cfg(feature = "universal")]
macro_rules! result_type {
    (Int) => {
        isize
    };
    ($other:ident) => {
        $crate::entry::slots::table::hpy_type!($other)
    };
}
#[cfg(feature = "universal")]
pub(crate) use result_type;

/// The same value in that type.
#[cfg(feature = "universal")]
macro_rules! to_result {
    (Int $value:expr) => {
        $value as isize
    };
    ($other:ident $value:expr) => {
        $value
    };
}
#[cfg(feature = "universal")]
pub(crate) use to_result;

/// From the C API's to HPy's.
macro_rules! to_hpy {
    (Object $value:expr) => {
        hpy_sys::HPy {
            _i: $value as isize,
        }
    };
    // The two structs have the same fields, and a handle is the object's address.
    (View $value:expr) => {
        $value.cast::<hpy_sys::HPy_buffer>()
    };
    ($other:ident $value:expr) => {
        $value
    };
}
pub(crate) use to_hpy;

/// From HPy's to the C API's.
macro_rules! to_c {
    (Object $value:expr) => {
        $value._i as *mut hpy_sys::cpy_PyObject
    };
    (View $value:expr) => {
        $value.cast::<core::ffi::c_void>()
    };
    ($other:ident $value:expr) => {
        $value
    };
}
pub(crate) use to_c;
