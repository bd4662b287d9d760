//! The table of HPy's API: every word of the context, in order.
//!
//! A row, and what is generated from it:
//!
//! ```text
//! 103 v0_9_0 call ctx_Add HPy_Add(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Add;
//!
//! index  since  kind  field  function(arguments without ctx) -> result = how, CPython's names
//! ```
//!
//! - `HPyContext::ctx_Add: unsafe extern "C" fn(*mut HPyContext, HPy, HPy) -> HPy` at word 103;
//! - `HPy_Add(ctx, h1, h2)`: in the universal ABI a call through the context, in the CPython ABI
//!   inline over `PyNumber_Add`;
//! - an entry in [`WORDS`](crate::WORDS), against which the layout is tested.
//!
//! `kind`: `data` is a constant handle, `call` a function. `late_call` is a function that PyPy from
//! 7.3.16 on has one word later. `new_data` and `new_call` are missing in contexts of HPy 0.9.0.
//!
//! `how`: `forward` is one call of the C API with the same arguments. `custom` is written by hand
//! in `cpython/` and uses the calls named. `object` is the address of a static object, `variable` a
//! static that holds one, `module` the dict of an imported module.
//!
//! Rules of the table:
//! - Rows are only appended. No row moves, changes its signature or goes away.
//! - Appended words raise HPy's minor version; a moved, changed or removed one would raise the
//!   major version, which is part of every binary's file name.
//! - A word's name, index and signature are always HPy's.

/// Calls the macro `$expand` with all rows. Private to this project: it changes without notice.
#[doc(hidden)]
#[macro_export]
macro_rules! hpy_api {
    ($expand:ident) => {
        $expand! {
            3 v0_9_0 data h_None h_None() -> HPy = object _Py_NoneStruct;
            4 v0_9_0 data h_True h_True() -> HPy = object _Py_TrueStruct;
            5 v0_9_0 data h_False h_False() -> HPy = object _Py_FalseStruct;
            6 v0_9_0 data h_NotImplemented h_NotImplemented() -> HPy = object _Py_NotImplementedStruct;
            7 v0_9_0 data h_Ellipsis h_Ellipsis() -> HPy = object _Py_EllipsisObject;
            8 v0_9_0 data h_BaseException h_BaseException() -> HPy = variable PyExc_BaseException;
            9 v0_9_0 data h_Exception h_Exception() -> HPy = variable PyExc_Exception;
            10 v0_9_0 data h_StopAsyncIteration h_StopAsyncIteration() -> HPy = variable PyExc_StopAsyncIteration;
            11 v0_9_0 data h_StopIteration h_StopIteration() -> HPy = variable PyExc_StopIteration;
            12 v0_9_0 data h_GeneratorExit h_GeneratorExit() -> HPy = variable PyExc_GeneratorExit;
            13 v0_9_0 data h_ArithmeticError h_ArithmeticError() -> HPy = variable PyExc_ArithmeticError;
            14 v0_9_0 data h_LookupError h_LookupError() -> HPy = variable PyExc_LookupError;
            15 v0_9_0 data h_AssertionError h_AssertionError() -> HPy = variable PyExc_AssertionError;
            16 v0_9_0 data h_AttributeError h_AttributeError() -> HPy = variable PyExc_AttributeError;
            17 v0_9_0 data h_BufferError h_BufferError() -> HPy = variable PyExc_BufferError;
            18 v0_9_0 data h_EOFError h_EOFError() -> HPy = variable PyExc_EOFError;
            19 v0_9_0 data h_FloatingPointError h_FloatingPointError() -> HPy = variable PyExc_FloatingPointError;
            20 v0_9_0 data h_OSError h_OSError() -> HPy = variable PyExc_OSError;
            21 v0_9_0 data h_ImportError h_ImportError() -> HPy = variable PyExc_ImportError;
            22 v0_9_0 data h_ModuleNotFoundError h_ModuleNotFoundError() -> HPy = variable PyExc_ModuleNotFoundError;
            23 v0_9_0 data h_IndexError h_IndexError() -> HPy = variable PyExc_IndexError;
            24 v0_9_0 data h_KeyError h_KeyError() -> HPy = variable PyExc_KeyError;
            25 v0_9_0 data h_KeyboardInterrupt h_KeyboardInterrupt() -> HPy = variable PyExc_KeyboardInterrupt;
            26 v0_9_0 data h_MemoryError h_MemoryError() -> HPy = variable PyExc_MemoryError;
            27 v0_9_0 data h_NameError h_NameError() -> HPy = variable PyExc_NameError;
            28 v0_9_0 data h_OverflowError h_OverflowError() -> HPy = variable PyExc_OverflowError;
            29 v0_9_0 data h_RuntimeError h_RuntimeError() -> HPy = variable PyExc_RuntimeError;
            30 v0_9_0 data h_RecursionError h_RecursionError() -> HPy = variable PyExc_RecursionError;
            31 v0_9_0 data h_NotImplementedError h_NotImplementedError() -> HPy = variable PyExc_NotImplementedError;
            32 v0_9_0 data h_SyntaxError h_SyntaxError() -> HPy = variable PyExc_SyntaxError;
            33 v0_9_0 data h_IndentationError h_IndentationError() -> HPy = variable PyExc_IndentationError;
            34 v0_9_0 data h_TabError h_TabError() -> HPy = variable PyExc_TabError;
            35 v0_9_0 data h_ReferenceError h_ReferenceError() -> HPy = variable PyExc_ReferenceError;
            36 v0_9_0 data h_SystemError h_SystemError() -> HPy = variable PyExc_SystemError;
            37 v0_9_0 data h_SystemExit h_SystemExit() -> HPy = variable PyExc_SystemExit;
            38 v0_9_0 data h_TypeError h_TypeError() -> HPy = variable PyExc_TypeError;
            39 v0_9_0 data h_UnboundLocalError h_UnboundLocalError() -> HPy = variable PyExc_UnboundLocalError;
            40 v0_9_0 data h_UnicodeError h_UnicodeError() -> HPy = variable PyExc_UnicodeError;
            41 v0_9_0 data h_UnicodeEncodeError h_UnicodeEncodeError() -> HPy = variable PyExc_UnicodeEncodeError;
            42 v0_9_0 data h_UnicodeDecodeError h_UnicodeDecodeError() -> HPy = variable PyExc_UnicodeDecodeError;
            43 v0_9_0 data h_UnicodeTranslateError h_UnicodeTranslateError() -> HPy = variable PyExc_UnicodeTranslateError;
            44 v0_9_0 data h_ValueError h_ValueError() -> HPy = variable PyExc_ValueError;
            45 v0_9_0 data h_ZeroDivisionError h_ZeroDivisionError() -> HPy = variable PyExc_ZeroDivisionError;
            46 v0_9_0 data h_BlockingIOError h_BlockingIOError() -> HPy = variable PyExc_BlockingIOError;
            47 v0_9_0 data h_BrokenPipeError h_BrokenPipeError() -> HPy = variable PyExc_BrokenPipeError;
            48 v0_9_0 data h_ChildProcessError h_ChildProcessError() -> HPy = variable PyExc_ChildProcessError;
            49 v0_9_0 data h_ConnectionError h_ConnectionError() -> HPy = variable PyExc_ConnectionError;
            50 v0_9_0 data h_ConnectionAbortedError h_ConnectionAbortedError() -> HPy = variable PyExc_ConnectionAbortedError;
            51 v0_9_0 data h_ConnectionRefusedError h_ConnectionRefusedError() -> HPy = variable PyExc_ConnectionRefusedError;
            52 v0_9_0 data h_ConnectionResetError h_ConnectionResetError() -> HPy = variable PyExc_ConnectionResetError;
            53 v0_9_0 data h_FileExistsError h_FileExistsError() -> HPy = variable PyExc_FileExistsError;
            54 v0_9_0 data h_FileNotFoundError h_FileNotFoundError() -> HPy = variable PyExc_FileNotFoundError;
            55 v0_9_0 data h_InterruptedError h_InterruptedError() -> HPy = variable PyExc_InterruptedError;
            56 v0_9_0 data h_IsADirectoryError h_IsADirectoryError() -> HPy = variable PyExc_IsADirectoryError;
            57 v0_9_0 data h_NotADirectoryError h_NotADirectoryError() -> HPy = variable PyExc_NotADirectoryError;
            58 v0_9_0 data h_PermissionError h_PermissionError() -> HPy = variable PyExc_PermissionError;
            59 v0_9_0 data h_ProcessLookupError h_ProcessLookupError() -> HPy = variable PyExc_ProcessLookupError;
            60 v0_9_0 data h_TimeoutError h_TimeoutError() -> HPy = variable PyExc_TimeoutError;
            61 v0_9_0 data h_Warning h_Warning() -> HPy = variable PyExc_Warning;
            62 v0_9_0 data h_UserWarning h_UserWarning() -> HPy = variable PyExc_UserWarning;
            63 v0_9_0 data h_DeprecationWarning h_DeprecationWarning() -> HPy = variable PyExc_DeprecationWarning;
            64 v0_9_0 data h_PendingDeprecationWarning h_PendingDeprecationWarning() -> HPy = variable PyExc_PendingDeprecationWarning;
            65 v0_9_0 data h_SyntaxWarning h_SyntaxWarning() -> HPy = variable PyExc_SyntaxWarning;
            66 v0_9_0 data h_RuntimeWarning h_RuntimeWarning() -> HPy = variable PyExc_RuntimeWarning;
            67 v0_9_0 data h_FutureWarning h_FutureWarning() -> HPy = variable PyExc_FutureWarning;
            68 v0_9_0 data h_ImportWarning h_ImportWarning() -> HPy = variable PyExc_ImportWarning;
            69 v0_9_0 data h_UnicodeWarning h_UnicodeWarning() -> HPy = variable PyExc_UnicodeWarning;
            70 v0_9_0 data h_BytesWarning h_BytesWarning() -> HPy = variable PyExc_BytesWarning;
            71 v0_9_0 data h_ResourceWarning h_ResourceWarning() -> HPy = variable PyExc_ResourceWarning;
            72 v0_9_0 data h_BaseObjectType h_BaseObjectType() -> HPy = object PyBaseObject_Type;
            73 v0_9_0 data h_TypeType h_TypeType() -> HPy = object PyType_Type;
            74 v0_9_0 data h_BoolType h_BoolType() -> HPy = object PyBool_Type;
            75 v0_9_0 data h_LongType h_LongType() -> HPy = object PyLong_Type;
            76 v0_9_0 data h_FloatType h_FloatType() -> HPy = object PyFloat_Type;
            77 v0_9_0 data h_UnicodeType h_UnicodeType() -> HPy = object PyUnicode_Type;
            78 v0_9_0 data h_TupleType h_TupleType() -> HPy = object PyTuple_Type;
            79 v0_9_0 data h_ListType h_ListType() -> HPy = object PyList_Type;
            80 v0_9_0 call ctx_Dup HPy_Dup(h: HPy) -> HPy = custom Py_NewRef Py_IncRef;
            81 v0_9_0 call ctx_Close HPy_Close(h: HPy) -> () = custom Py_DecRef;
            82 v0_9_0 call ctx_Long_FromInt32_t HPyLong_FromInt32_t(value: i32) -> HPy = custom PyLong_FromLong;
            83 v0_9_0 call ctx_Long_FromUInt32_t HPyLong_FromUInt32_t(value: u32) -> HPy = custom PyLong_FromUnsignedLong;
            84 v0_9_0 call ctx_Long_FromInt64_t HPyLong_FromInt64_t(v: i64) -> HPy = forward PyLong_FromLongLong;
            85 v0_9_0 call ctx_Long_FromUInt64_t HPyLong_FromUInt64_t(v: u64) -> HPy = forward PyLong_FromUnsignedLongLong;
            86 v0_9_0 call ctx_Long_FromSize_t HPyLong_FromSize_t(value: usize) -> HPy = forward PyLong_FromSize_t;
            87 v0_9_0 call ctx_Long_FromSsize_t HPyLong_FromSsize_t(value: HPy_ssize_t) -> HPy = forward PyLong_FromSsize_t;
            88 v0_9_0 call ctx_Long_AsInt32_t HPyLong_AsInt32_t(h: HPy) -> i32 = custom PyLong_AsLong;
            89 v0_9_0 call ctx_Long_AsUInt32_t HPyLong_AsUInt32_t(h: HPy) -> u32 = custom PyLong_AsUnsignedLong;
            90 v0_9_0 call ctx_Long_AsUInt32_tMask HPyLong_AsUInt32_tMask(h: HPy) -> u32 = custom PyLong_AsUnsignedLongMask;
            91 v0_9_0 call ctx_Long_AsInt64_t HPyLong_AsInt64_t(h: HPy) -> i64 = forward PyLong_AsLongLong;
            92 v0_9_0 call ctx_Long_AsUInt64_t HPyLong_AsUInt64_t(h: HPy) -> u64 = custom PyLong_AsUnsignedLongLong;
            93 v0_9_0 call ctx_Long_AsUInt64_tMask HPyLong_AsUInt64_tMask(h: HPy) -> u64 = forward PyLong_AsUnsignedLongLongMask;
            94 v0_9_0 call ctx_Long_AsSize_t HPyLong_AsSize_t(h: HPy) -> usize = custom PyLong_AsSize_t;
            95 v0_9_0 call ctx_Long_AsSsize_t HPyLong_AsSsize_t(h: HPy) -> HPy_ssize_t = forward PyLong_AsSsize_t;
            96 v0_9_0 call ctx_Long_AsVoidPtr HPyLong_AsVoidPtr(h: HPy) -> *mut c_void = forward PyLong_AsVoidPtr;
            97 v0_9_0 call ctx_Long_AsDouble HPyLong_AsDouble(h: HPy) -> f64 = forward PyLong_AsDouble;
            98 v0_9_0 call ctx_Float_FromDouble HPyFloat_FromDouble(v: f64) -> HPy = forward PyFloat_FromDouble;
            99 v0_9_0 call ctx_Float_AsDouble HPyFloat_AsDouble(h: HPy) -> f64 = forward PyFloat_AsDouble;
            100 v0_9_0 call ctx_Bool_FromBool HPyBool_FromBool(v: bool) -> HPy = custom Py_True Py_False;
            101 v0_9_0 call ctx_Length HPy_Length(h: HPy) -> HPy_ssize_t = forward PyObject_Size;
            102 v0_9_0 call ctx_Number_Check HPyNumber_Check(h: HPy) -> c_int = forward PyNumber_Check;
            103 v0_9_0 call ctx_Add HPy_Add(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Add;
            104 v0_9_0 call ctx_Subtract HPy_Subtract(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Subtract;
            105 v0_9_0 call ctx_Multiply HPy_Multiply(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Multiply;
            106 v0_9_0 call ctx_MatrixMultiply HPy_MatrixMultiply(h1: HPy, h2: HPy) -> HPy = forward PyNumber_MatrixMultiply;
            107 v0_9_0 call ctx_FloorDivide HPy_FloorDivide(h1: HPy, h2: HPy) -> HPy = forward PyNumber_FloorDivide;
            108 v0_9_0 call ctx_TrueDivide HPy_TrueDivide(h1: HPy, h2: HPy) -> HPy = forward PyNumber_TrueDivide;
            109 v0_9_0 call ctx_Remainder HPy_Remainder(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Remainder;
            110 v0_9_0 call ctx_Divmod HPy_Divmod(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Divmod;
            111 v0_9_0 call ctx_Power HPy_Power(h1: HPy, h2: HPy, h3: HPy) -> HPy = forward PyNumber_Power;
            112 v0_9_0 call ctx_Negative HPy_Negative(h1: HPy) -> HPy = forward PyNumber_Negative;
            113 v0_9_0 call ctx_Positive HPy_Positive(h1: HPy) -> HPy = forward PyNumber_Positive;
            114 v0_9_0 call ctx_Absolute HPy_Absolute(h1: HPy) -> HPy = forward PyNumber_Absolute;
            115 v0_9_0 call ctx_Invert HPy_Invert(h1: HPy) -> HPy = forward PyNumber_Invert;
            116 v0_9_0 call ctx_Lshift HPy_Lshift(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Lshift;
            117 v0_9_0 call ctx_Rshift HPy_Rshift(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Rshift;
            118 v0_9_0 call ctx_And HPy_And(h1: HPy, h2: HPy) -> HPy = forward PyNumber_And;
            119 v0_9_0 call ctx_Xor HPy_Xor(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Xor;
            120 v0_9_0 call ctx_Or HPy_Or(h1: HPy, h2: HPy) -> HPy = forward PyNumber_Or;
            121 v0_9_0 call ctx_Index HPy_Index(h1: HPy) -> HPy = forward PyNumber_Index;
            122 v0_9_0 call ctx_Long HPy_Long(h1: HPy) -> HPy = forward PyNumber_Long;
            123 v0_9_0 call ctx_Float HPy_Float(h1: HPy) -> HPy = forward PyNumber_Float;
            124 v0_9_0 call ctx_InPlaceAdd HPy_InPlaceAdd(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceAdd;
            125 v0_9_0 call ctx_InPlaceSubtract HPy_InPlaceSubtract(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceSubtract;
            126 v0_9_0 call ctx_InPlaceMultiply HPy_InPlaceMultiply(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceMultiply;
            127 v0_9_0 call ctx_InPlaceMatrixMultiply HPy_InPlaceMatrixMultiply(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceMatrixMultiply;
            128 v0_9_0 call ctx_InPlaceFloorDivide HPy_InPlaceFloorDivide(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceFloorDivide;
            129 v0_9_0 call ctx_InPlaceTrueDivide HPy_InPlaceTrueDivide(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceTrueDivide;
            130 v0_9_0 call ctx_InPlaceRemainder HPy_InPlaceRemainder(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceRemainder;
            131 v0_9_0 call ctx_InPlacePower HPy_InPlacePower(h1: HPy, h2: HPy, h3: HPy) -> HPy = forward PyNumber_InPlacePower;
            132 v0_9_0 call ctx_InPlaceLshift HPy_InPlaceLshift(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceLshift;
            133 v0_9_0 call ctx_InPlaceRshift HPy_InPlaceRshift(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceRshift;
            134 v0_9_0 call ctx_InPlaceAnd HPy_InPlaceAnd(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceAnd;
            135 v0_9_0 call ctx_InPlaceXor HPy_InPlaceXor(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceXor;
            136 v0_9_0 call ctx_InPlaceOr HPy_InPlaceOr(h1: HPy, h2: HPy) -> HPy = forward PyNumber_InPlaceOr;
            137 v0_9_0 call ctx_Callable_Check HPyCallable_Check(h: HPy) -> c_int = forward PyCallable_Check;
            138 v0_9_0 call ctx_CallTupleDict HPy_CallTupleDict(callable: HPy, args: HPy, kw: HPy) -> HPy = custom PyObject_Call;
            139 v0_9_0 call ctx_FatalError HPy_FatalError(message: *const c_char) -> () = custom Py_FatalError;
            140 v0_9_0 call ctx_Err_SetString HPyErr_SetString(h_type: HPy, utf8_message: *const c_char) -> () = forward PyErr_SetString;
            141 v0_9_0 call ctx_Err_SetObject HPyErr_SetObject(h_type: HPy, h_value: HPy) -> () = forward PyErr_SetObject;
            142 v0_9_0 call ctx_Err_SetFromErrnoWithFilename HPyErr_SetFromErrnoWithFilename(h_type: HPy, filename_fsencoded: *const c_char) -> HPy = forward PyErr_SetFromErrnoWithFilename;
            143 v0_9_0 call ctx_Err_SetFromErrnoWithFilenameObjects HPyErr_SetFromErrnoWithFilenameObjects(h_type: HPy, filename1: HPy, filename2: HPy) -> () = custom PyErr_SetFromErrnoWithFilenameObjects;
            144 v0_9_0 call ctx_Err_Occurred HPyErr_Occurred() -> c_int = custom PyErr_Occurred;
            145 v0_9_0 call ctx_Err_ExceptionMatches HPyErr_ExceptionMatches(exc: HPy) -> c_int = forward PyErr_ExceptionMatches;
            146 v0_9_0 call ctx_Err_NoMemory HPyErr_NoMemory() -> () = custom PyErr_NoMemory;
            147 v0_9_0 call ctx_Err_Clear HPyErr_Clear() -> () = forward PyErr_Clear;
            148 v0_9_0 call ctx_Err_NewException HPyErr_NewException(utf8_name: *const c_char, base: HPy, dict: HPy) -> HPy = forward PyErr_NewException;
            149 v0_9_0 call ctx_Err_NewExceptionWithDoc HPyErr_NewExceptionWithDoc(utf8_name: *const c_char, utf8_doc: *const c_char, base: HPy, dict: HPy) -> HPy = forward PyErr_NewExceptionWithDoc;
            150 v0_9_0 call ctx_Err_WarnEx HPyErr_WarnEx(category: HPy, utf8_message: *const c_char, stack_level: HPy_ssize_t) -> c_int = forward PyErr_WarnEx;
            151 v0_9_0 call ctx_Err_WriteUnraisable HPyErr_WriteUnraisable(obj: HPy) -> () = forward PyErr_WriteUnraisable;
            152 v0_9_0 call ctx_IsTrue HPy_IsTrue(h: HPy) -> c_int = forward PyObject_IsTrue;
            153 v0_9_0 call ctx_Type_FromSpec HPyType_FromSpec(spec: *mut HPyType_Spec, params: *mut HPyType_SpecParam) -> HPy = custom PyType_FromMetaclass PyType_FromSpecWithBases;
            154 v0_9_0 call ctx_Type_GenericNew HPyType_GenericNew(type_: HPy, args: *const HPy, nargs: HPy_ssize_t, kw: HPy) -> HPy = custom PyType_GenericNew;
            155 v0_9_0 call ctx_GetAttr HPy_GetAttr(obj: HPy, name: HPy) -> HPy = forward PyObject_GetAttr;
            156 v0_9_0 call ctx_GetAttr_s HPy_GetAttr_s(obj: HPy, utf8_name: *const c_char) -> HPy = forward PyObject_GetAttrString;
            157 v0_9_0 call ctx_HasAttr HPy_HasAttr(obj: HPy, name: HPy) -> c_int = forward PyObject_HasAttr;
            158 v0_9_0 call ctx_HasAttr_s HPy_HasAttr_s(obj: HPy, utf8_name: *const c_char) -> c_int = forward PyObject_HasAttrString;
            159 v0_9_0 call ctx_SetAttr HPy_SetAttr(obj: HPy, name: HPy, value: HPy) -> c_int = forward PyObject_SetAttr;
            160 v0_9_0 call ctx_SetAttr_s HPy_SetAttr_s(obj: HPy, utf8_name: *const c_char, value: HPy) -> c_int = forward PyObject_SetAttrString;
            161 v0_9_0 call ctx_GetItem HPy_GetItem(obj: HPy, key: HPy) -> HPy = forward PyObject_GetItem;
            162 v0_9_0 call ctx_GetItem_i HPy_GetItem_i(obj: HPy, idx: HPy_ssize_t) -> HPy = custom PyObject_GetItem;
            163 v0_9_0 call ctx_GetItem_s HPy_GetItem_s(obj: HPy, utf8_key: *const c_char) -> HPy = custom PyObject_GetItem;
            164 v0_9_0 call ctx_Contains HPy_Contains(container: HPy, key: HPy) -> c_int = forward PySequence_Contains;
            165 v0_9_0 call ctx_SetItem HPy_SetItem(obj: HPy, key: HPy, value: HPy) -> c_int = custom PyObject_SetItem PyDict_SetItem;
            166 v0_9_0 call ctx_SetItem_i HPy_SetItem_i(obj: HPy, idx: HPy_ssize_t, value: HPy) -> c_int = custom PyObject_SetItem;
            167 v0_9_0 call ctx_SetItem_s HPy_SetItem_s(obj: HPy, utf8_key: *const c_char, value: HPy) -> c_int = custom PyObject_SetItem;
            168 v0_9_0 call ctx_Type HPy_Type(obj: HPy) -> HPy = custom Py_TYPE;
            169 v0_9_0 call ctx_TypeCheck HPy_TypeCheck(obj: HPy, type_: HPy) -> c_int = custom PyObject_TypeCheck;
            170 v0_9_0 call ctx_Is HPy_Is(obj: HPy, other: HPy) -> c_int = custom;
            171 v0_9_0 call ctx_AsStruct_Object _HPy_AsStruct_Object(h: HPy) -> *mut c_void = custom;
            172 v0_9_0 call ctx_AsStruct_Legacy _HPy_AsStruct_Legacy(h: HPy) -> *mut c_void = custom;
            173 v0_9_0 call ctx_New HPy_New(h_type: HPy, data: *mut *mut c_void) -> HPy = custom tp_alloc;
            174 v0_9_0 call ctx_Repr HPy_Repr(obj: HPy) -> HPy = forward PyObject_Repr;
            175 v0_9_0 call ctx_Str HPy_Str(obj: HPy) -> HPy = forward PyObject_Str;
            176 v0_9_0 call ctx_ASCII HPy_ASCII(obj: HPy) -> HPy = forward PyObject_ASCII;
            177 v0_9_0 call ctx_Bytes HPy_Bytes(obj: HPy) -> HPy = forward PyObject_Bytes;
            178 v0_9_0 call ctx_RichCompare HPy_RichCompare(v: HPy, w: HPy, op: c_int) -> HPy = forward PyObject_RichCompare;
            179 v0_9_0 call ctx_RichCompareBool HPy_RichCompareBool(v: HPy, w: HPy, op: c_int) -> c_int = forward PyObject_RichCompareBool;
            180 v0_9_0 call ctx_Hash HPy_Hash(obj: HPy) -> HPy_hash_t = forward PyObject_Hash;
            181 v0_9_0 call ctx_Bytes_Check HPyBytes_Check(h: HPy) -> c_int = custom PyBytes_Check;
            182 v0_9_0 call ctx_Bytes_Size HPyBytes_Size(h: HPy) -> HPy_ssize_t = forward PyBytes_Size;
            183 v0_9_0 call ctx_Bytes_GET_SIZE HPyBytes_GET_SIZE(h: HPy) -> HPy_ssize_t = custom PyBytes_GET_SIZE;
            184 v0_9_0 call ctx_Bytes_AsString HPyBytes_AsString(h: HPy) -> *const c_char = forward PyBytes_AsString;
            185 v0_9_0 call ctx_Bytes_AS_STRING HPyBytes_AS_STRING(h: HPy) -> *const c_char = custom PyBytes_AS_STRING;
            186 v0_9_0 call ctx_Bytes_FromString HPyBytes_FromString(bytes: *const c_char) -> HPy = forward PyBytes_FromString;
            187 v0_9_0 call ctx_Bytes_FromStringAndSize HPyBytes_FromStringAndSize(bytes: *const c_char, len: HPy_ssize_t) -> HPy = custom PyBytes_FromStringAndSize;
            188 v0_9_0 call ctx_Unicode_FromString HPyUnicode_FromString(utf8: *const c_char) -> HPy = forward PyUnicode_FromString;
            189 v0_9_0 call ctx_Unicode_Check HPyUnicode_Check(h: HPy) -> c_int = custom PyUnicode_Check;
            190 v0_9_0 call ctx_Unicode_AsASCIIString HPyUnicode_AsASCIIString(h: HPy) -> HPy = forward PyUnicode_AsASCIIString;
            191 v0_9_0 call ctx_Unicode_AsLatin1String HPyUnicode_AsLatin1String(h: HPy) -> HPy = forward PyUnicode_AsLatin1String;
            192 v0_9_0 call ctx_Unicode_AsUTF8String HPyUnicode_AsUTF8String(h: HPy) -> HPy = forward PyUnicode_AsUTF8String;
            193 v0_9_0 call ctx_Unicode_AsUTF8AndSize HPyUnicode_AsUTF8AndSize(h: HPy, size: *mut HPy_ssize_t) -> *const c_char = forward PyUnicode_AsUTF8AndSize;
            194 v0_9_0 call ctx_Unicode_FromWideChar HPyUnicode_FromWideChar(w: *const wchar_t, size: HPy_ssize_t) -> HPy = forward PyUnicode_FromWideChar;
            195 v0_9_0 call ctx_Unicode_DecodeFSDefault HPyUnicode_DecodeFSDefault(v: *const c_char) -> HPy = forward PyUnicode_DecodeFSDefault;
            196 v0_9_0 call ctx_Unicode_DecodeFSDefaultAndSize HPyUnicode_DecodeFSDefaultAndSize(v: *const c_char, size: HPy_ssize_t) -> HPy = forward PyUnicode_DecodeFSDefaultAndSize;
            197 v0_9_0 call ctx_Unicode_EncodeFSDefault HPyUnicode_EncodeFSDefault(h: HPy) -> HPy = forward PyUnicode_EncodeFSDefault;
            198 v0_9_0 call ctx_Unicode_ReadChar HPyUnicode_ReadChar(h: HPy, index: HPy_ssize_t) -> HPy_UCS4 = forward PyUnicode_ReadChar;
            199 v0_9_0 call ctx_Unicode_DecodeASCII HPyUnicode_DecodeASCII(ascii: *const c_char, size: HPy_ssize_t, errors: *const c_char) -> HPy = forward PyUnicode_DecodeASCII;
            200 v0_9_0 call ctx_Unicode_DecodeLatin1 HPyUnicode_DecodeLatin1(latin1: *const c_char, size: HPy_ssize_t, errors: *const c_char) -> HPy = forward PyUnicode_DecodeLatin1;
            201 v0_9_0 call ctx_List_Check HPyList_Check(h: HPy) -> c_int = custom PyList_Check;
            202 v0_9_0 call ctx_List_New HPyList_New(len: HPy_ssize_t) -> HPy = custom PyList_New;
            203 v0_9_0 call ctx_List_Append HPyList_Append(h_list: HPy, h_item: HPy) -> c_int = forward PyList_Append;
            204 v0_9_0 call ctx_Dict_Check HPyDict_Check(h: HPy) -> c_int = custom PyDict_Check;
            205 v0_9_0 call ctx_Dict_New HPyDict_New() -> HPy = forward PyDict_New;
            206 v0_9_0 call ctx_Tuple_Check HPyTuple_Check(h: HPy) -> c_int = custom PyTuple_Check;
            207 v0_9_0 call ctx_Tuple_FromArray HPyTuple_FromArray(items: *const HPy, n: HPy_ssize_t) -> HPy = custom PyTuple_New PyTuple_SetItem;
            208 v0_9_0 call ctx_Import_ImportModule HPyImport_ImportModule(utf8_name: *const c_char) -> HPy = forward PyImport_ImportModule;
            209 v0_9_0 call ctx_FromPyObject HPy_FromPyObject(obj: *mut cpy_PyObject) -> HPy = custom Py_IncRef;
            210 v0_9_0 call ctx_AsPyObject HPy_AsPyObject(h: HPy) -> *mut cpy_PyObject = custom Py_IncRef;
            211 v0_9_0 call ctx_CallRealFunctionFromTrampoline _HPy_CallRealFunctionFromTrampoline(sig: HPyFunc_Signature, func: HPyCFunction, args: *mut c_void) -> () = custom;
            212 v0_9_0 call ctx_ListBuilder_New HPyListBuilder_New(size: HPy_ssize_t) -> HPyListBuilder = custom;
            213 v0_9_0 call ctx_ListBuilder_Set HPyListBuilder_Set(builder: HPyListBuilder, index: HPy_ssize_t, h_item: HPy) -> () = custom;
            214 v0_9_0 call ctx_ListBuilder_Build HPyListBuilder_Build(builder: HPyListBuilder) -> HPy = custom;
            215 v0_9_0 call ctx_ListBuilder_Cancel HPyListBuilder_Cancel(builder: HPyListBuilder) -> () = custom;
            216 v0_9_0 call ctx_TupleBuilder_New HPyTupleBuilder_New(size: HPy_ssize_t) -> HPyTupleBuilder = custom;
            217 v0_9_0 call ctx_TupleBuilder_Set HPyTupleBuilder_Set(builder: HPyTupleBuilder, index: HPy_ssize_t, h_item: HPy) -> () = custom;
            218 v0_9_0 call ctx_TupleBuilder_Build HPyTupleBuilder_Build(builder: HPyTupleBuilder) -> HPy = custom;
            219 v0_9_0 call ctx_TupleBuilder_Cancel HPyTupleBuilder_Cancel(builder: HPyTupleBuilder) -> () = custom;
            220 v0_9_0 call ctx_Tracker_New HPyTracker_New(size: HPy_ssize_t) -> HPyTracker = custom;
            221 v0_9_0 call ctx_Tracker_Add HPyTracker_Add(ht: HPyTracker, h: HPy) -> c_int = custom;
            222 v0_9_0 call ctx_Tracker_ForgetAll HPyTracker_ForgetAll(ht: HPyTracker) -> () = custom;
            223 v0_9_0 call ctx_Tracker_Close HPyTracker_Close(ht: HPyTracker) -> () = custom;
            224 v0_9_0 call ctx_Field_Store HPyField_Store(target_object: HPy, target_field: *mut HPyField, h: HPy) -> () = custom;
            225 v0_9_0 call ctx_Field_Load HPyField_Load(source_object: HPy, source_field: HPyField) -> HPy = custom;
            226 v0_9_0 call ctx_ReenterPythonExecution HPy_ReenterPythonExecution(state: HPyThreadState) -> () = custom PyEval_RestoreThread;
            227 v0_9_0 call ctx_LeavePythonExecution HPy_LeavePythonExecution() -> HPyThreadState = custom PyEval_SaveThread;
            228 v0_9_0 call ctx_Global_Store HPyGlobal_Store(global: *mut HPyGlobal, h: HPy) -> () = custom;
            229 v0_9_0 call ctx_Global_Load HPyGlobal_Load(global: HPyGlobal) -> HPy = custom;
            230 v0_9_0 call ctx_Dump _HPy_Dump(h: HPy) -> () = custom _PyObject_Dump;
            231 v0_9_0 call ctx_AsStruct_Type _HPy_AsStruct_Type(h: HPy) -> *mut c_void = custom;
            232 v0_9_0 call ctx_AsStruct_Long _HPy_AsStruct_Long(h: HPy) -> *mut c_void = custom;
            233 v0_9_0 call ctx_AsStruct_Float _HPy_AsStruct_Float(h: HPy) -> *mut c_void = custom;
            234 v0_9_0 call ctx_AsStruct_Unicode _HPy_AsStruct_Unicode(h: HPy) -> *mut c_void = custom;
            235 v0_9_0 call ctx_AsStruct_Tuple _HPy_AsStruct_Tuple(h: HPy) -> *mut c_void = custom;
            236 v0_9_0 call ctx_AsStruct_List _HPy_AsStruct_List(h: HPy) -> *mut c_void = custom;
            237 v0_9_0 call ctx_Type_GetBuiltinShape _HPyType_GetBuiltinShape(h_type: HPy) -> HPyType_BuiltinShape = custom;
            238 v0_9_0 call ctx_DelItem HPy_DelItem(obj: HPy, key: HPy) -> c_int = forward PyObject_DelItem;
            239 v0_9_0 call ctx_DelItem_i HPy_DelItem_i(obj: HPy, idx: HPy_ssize_t) -> c_int = custom PyObject_DelItem;
            240 v0_9_0 call ctx_DelItem_s HPy_DelItem_s(obj: HPy, utf8_key: *const c_char) -> c_int = custom PyUnicode_FromString PyObject_DelItem;
            241 v0_9_0 data h_ComplexType h_ComplexType() -> HPy = object PyComplex_Type;
            242 v0_9_0 data h_BytesType h_BytesType() -> HPy = object PyBytes_Type;
            243 v0_9_0 data h_MemoryViewType h_MemoryViewType() -> HPy = object PyMemoryView_Type;
            244 v0_9_0 data h_CapsuleType h_CapsuleType() -> HPy = object PyCapsule_Type;
            245 v0_9_0 data h_SliceType h_SliceType() -> HPy = object PySlice_Type;
            246 v0_9_0 data h_Builtins h_Builtins() -> HPy = module builtins;
            247 v0_9_0 late_call ctx_Capsule_New HPyCapsule_New(pointer: *mut c_void, utf8_name: *const c_char, destructor: *mut HPyCapsule_Destructor) -> HPy = custom PyCapsule_New;
            248 v0_9_0 late_call ctx_Capsule_Get HPyCapsule_Get(capsule: HPy, key: _HPyCapsule_key, utf8_name: *const c_char) -> *mut c_void = custom PyCapsule_GetPointer PyCapsule_GetName PyCapsule_GetContext PyCapsule_GetDestructor;
            249 v0_9_0 late_call ctx_Capsule_IsValid HPyCapsule_IsValid(capsule: HPy, utf8_name: *const c_char) -> c_int = forward PyCapsule_IsValid;
            250 v0_9_0 late_call ctx_Capsule_Set HPyCapsule_Set(capsule: HPy, key: _HPyCapsule_key, value: *mut c_void) -> c_int = custom PyCapsule_SetPointer PyCapsule_SetName PyCapsule_SetContext PyCapsule_SetDestructor;
            251 v0_9_0 late_call ctx_Compile_s HPy_Compile_s(utf8_source: *const c_char, utf8_filename: *const c_char, kind: HPy_SourceKind) -> HPy = custom Py_CompileString;
            252 v0_9_0 late_call ctx_EvalCode HPy_EvalCode(code: HPy, globals: HPy, locals: HPy) -> HPy = forward PyEval_EvalCode;
            253 v0_9_0 late_call ctx_ContextVar_New HPyContextVar_New(name: *const c_char, default_value: HPy) -> HPy = forward PyContextVar_New;
            254 v0_9_0 late_call ctx_ContextVar_Get HPyContextVar_Get(context_var: HPy, default_value: HPy, result: *mut HPy) -> i32 = custom PyContextVar_Get;
            255 v0_9_0 late_call ctx_ContextVar_Set HPyContextVar_Set(context_var: HPy, value: HPy) -> HPy = forward PyContextVar_Set;
            256 v0_9_0 late_call ctx_Type_GetName HPyType_GetName(type_: HPy) -> *const c_char = custom PyType_GetName;
            257 v0_9_0 late_call ctx_Type_IsSubtype HPyType_IsSubtype(sub: HPy, type_: HPy) -> c_int = forward PyType_IsSubtype;
            258 v0_9_0 late_call ctx_Unicode_FromEncodedObject HPyUnicode_FromEncodedObject(obj: HPy, encoding: *const c_char, errors: *const c_char) -> HPy = forward PyUnicode_FromEncodedObject;
            259 v0_9_0 late_call ctx_Unicode_Substring HPyUnicode_Substring(string: HPy, start: HPy_ssize_t, end: HPy_ssize_t) -> HPy = forward PyUnicode_Substring;
            260 v0_9_0 late_call ctx_Dict_Keys HPyDict_Keys(h: HPy) -> HPy = custom PyDict_Keys;
            261 v0_9_0 late_call ctx_Dict_Copy HPyDict_Copy(h: HPy) -> HPy = forward PyDict_Copy;
            262 v0_9_0 late_call ctx_Slice_Unpack HPySlice_Unpack(slice: HPy, start: *mut HPy_ssize_t, stop: *mut HPy_ssize_t, step: *mut HPy_ssize_t) -> c_int = forward PySlice_Unpack;
            263 v0_9_0 late_call ctx_SetCallFunction HPy_SetCallFunction(h: HPy, func: *mut HPyCallFunction) -> c_int = custom;
            264 v0_9_0 late_call ctx_Call HPy_Call(callable: HPy, args: *const HPy, nargs: usize, kwnames: HPy) -> HPy = custom PyObject_Vectorcall;
            265 v0_9_0 late_call ctx_CallMethod HPy_CallMethod(name: HPy, args: *const HPy, nargs: usize, kwnames: HPy) -> HPy = custom PyObject_VectorcallMethod;
            266 v0_9_1 new_data h_DictType h_DictType() -> HPy = object PyDict_Type;
            267 v0_9_1 new_call ctx_AsStruct_Dict _HPy_AsStruct_Dict(h: HPy) -> *mut c_void = custom;
            268 v0_9_1 new_call ctx_List_Insert HPyList_Insert(h_list: HPy, index: HPy_ssize_t, h_item: HPy) -> c_int = forward PyList_Insert;
            269 v0_9_1 new_call ctx_GetSlice HPy_GetSlice(obj: HPy, start: HPy_ssize_t, end: HPy_ssize_t) -> HPy = forward PySequence_GetSlice;
            270 v0_9_1 new_call ctx_SetSlice HPy_SetSlice(obj: HPy, start: HPy_ssize_t, end: HPy_ssize_t, value: HPy) -> c_int = forward PySequence_SetSlice;
            271 v0_9_1 new_call ctx_DelSlice HPy_DelSlice(obj: HPy, start: HPy_ssize_t, end: HPy_ssize_t) -> c_int = forward PySequence_DelSlice;
            272 v0_9_1 new_call ctx_GetIter HPy_GetIter(obj: HPy) -> HPy = forward PyObject_GetIter;
            273 v0_9_1 new_call ctx_Iter_Next HPyIter_Next(obj: HPy) -> HPy = custom PyIter_Next;
            274 v0_9_1 new_call ctx_Iter_Check HPyIter_Check(obj: HPy) -> c_int = forward PyIter_Check;
            275 v0_9_1 new_call ctx_Slice_New HPySlice_New(start: HPy, stop: HPy, step: HPy) -> HPy = forward PySlice_New;
        }
    };
}

pub(crate) use hpy_api;
