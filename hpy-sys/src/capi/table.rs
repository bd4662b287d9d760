//! The second table: every name of CPython's C API that is used.
//!
//! Functions in `functions` are in every version from 3.9 on. Those in `newer` name the version
//! that added them, those in `older` the version that removed them; callers check
//! `capi::has::NAME()` first. `objects` are static objects, `variables` are statics that hold an
//! object.

/// Calls the macro `$expand` with the whole table.
#[doc(hidden)]
#[macro_export]
macro_rules! __c_api {
    ($($expand:tt)*) => {
        $($expand)*! {
            functions {
                Py_IncRef(o: *mut PyObject) -> ();
                Py_DecRef(o: *mut PyObject) -> ();
                _Py_Dealloc(o: *mut PyObject) -> ();

                PyLong_FromLong(value: c_long) -> *mut PyObject;
                PyLong_FromUnsignedLong(value: c_ulong) -> *mut PyObject;
                PyLong_FromLongLong(value: i64) -> *mut PyObject;
                PyLong_FromUnsignedLongLong(value: u64) -> *mut PyObject;
                PyLong_FromSize_t(value: usize) -> *mut PyObject;
                PyLong_FromSsize_t(value: isize) -> *mut PyObject;
                PyLong_FromVoidPtr(value: *mut c_void) -> *mut PyObject;
                PyLong_AsLong(o: *mut PyObject) -> c_long;
                PyLong_AsUnsignedLong(o: *mut PyObject) -> c_ulong;
                PyLong_AsUnsignedLongMask(o: *mut PyObject) -> c_ulong;
                PyLong_AsLongLong(o: *mut PyObject) -> i64;
                PyLong_AsLongLongAndOverflow(o: *mut PyObject, overflow: *mut c_int) -> i64;
                PyLong_AsUnsignedLongLong(o: *mut PyObject) -> u64;
                PyLong_AsUnsignedLongLongMask(o: *mut PyObject) -> u64;
                PyLong_AsSize_t(o: *mut PyObject) -> usize;
                PyLong_AsSsize_t(o: *mut PyObject) -> isize;
                PyLong_AsVoidPtr(o: *mut PyObject) -> *mut c_void;
                PyLong_AsDouble(o: *mut PyObject) -> f64;
                PyFloat_FromDouble(value: f64) -> *mut PyObject;
                PyFloat_AsDouble(o: *mut PyObject) -> f64;

                PyNumber_Check(o: *mut PyObject) -> c_int;
                PyNumber_Add(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Subtract(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Multiply(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_MatrixMultiply(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_FloorDivide(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_TrueDivide(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Remainder(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Divmod(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Power(a: *mut PyObject, b: *mut PyObject, c: *mut PyObject) -> *mut PyObject;
                PyNumber_Negative(o: *mut PyObject) -> *mut PyObject;
                PyNumber_Positive(o: *mut PyObject) -> *mut PyObject;
                PyNumber_Absolute(o: *mut PyObject) -> *mut PyObject;
                PyNumber_Invert(o: *mut PyObject) -> *mut PyObject;
                PyNumber_Lshift(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Rshift(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_And(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Xor(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Or(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_Index(o: *mut PyObject) -> *mut PyObject;
                PyNumber_Long(o: *mut PyObject) -> *mut PyObject;
                PyNumber_Float(o: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceAdd(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceSubtract(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceMultiply(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceMatrixMultiply(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceFloorDivide(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceTrueDivide(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceRemainder(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlacePower(a: *mut PyObject, b: *mut PyObject, c: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceLshift(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceRshift(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceAnd(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceXor(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;
                PyNumber_InPlaceOr(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;

                PyObject_Type(o: *mut PyObject) -> *mut PyObject;
                PyObject_IsTrue(o: *mut PyObject) -> c_int;
                PyObject_Size(o: *mut PyObject) -> isize;
                PyObject_GetAttr(o: *mut PyObject, name: *mut PyObject) -> *mut PyObject;
                PyObject_GetAttrString(o: *mut PyObject, name: *const c_char) -> *mut PyObject;
                PyObject_HasAttr(o: *mut PyObject, name: *mut PyObject) -> c_int;
                PyObject_HasAttrString(o: *mut PyObject, name: *const c_char) -> c_int;
                PyObject_SetAttr(o: *mut PyObject, name: *mut PyObject, value: *mut PyObject) -> c_int;
                PyObject_SetAttrString(o: *mut PyObject, name: *const c_char, value: *mut PyObject) -> c_int;
                PyObject_GetItem(o: *mut PyObject, key: *mut PyObject) -> *mut PyObject;
                PyObject_SetItem(o: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> c_int;
                PyObject_DelItem(o: *mut PyObject, key: *mut PyObject) -> c_int;
                PyObject_Repr(o: *mut PyObject) -> *mut PyObject;
                PyObject_Str(o: *mut PyObject) -> *mut PyObject;
                PyObject_ASCII(o: *mut PyObject) -> *mut PyObject;
                PyObject_Bytes(o: *mut PyObject) -> *mut PyObject;
                PyObject_RichCompare(a: *mut PyObject, b: *mut PyObject, op: c_int) -> *mut PyObject;
                PyObject_RichCompareBool(a: *mut PyObject, b: *mut PyObject, op: c_int) -> c_int;
                PyObject_Hash(o: *mut PyObject) -> isize;
                PyObject_GetIter(o: *mut PyObject) -> *mut PyObject;
                PyIter_Check(o: *mut PyObject) -> c_int;
                PyIter_Next(o: *mut PyObject) -> *mut PyObject;
                PyCallable_Check(o: *mut PyObject) -> c_int;
                PyObject_Call(callable: *mut PyObject, args: *mut PyObject, kw: *mut PyObject) -> *mut PyObject;
                PyObject_CallObject(callable: *mut PyObject, args: *mut PyObject) -> *mut PyObject;
                PyObject_VectorcallDict(callable: *mut PyObject, args: *const *mut PyObject, nargsf: usize, kw: *mut PyObject) -> *mut PyObject;
                PyObject_VectorcallMethod(name: *mut PyObject, args: *const *mut PyObject, nargsf: usize, kwnames: *mut PyObject) -> *mut PyObject;
                PyVectorcall_Call(callable: *mut PyObject, args: *mut PyObject, kw: *mut PyObject) -> *mut PyObject;
                PyObject_GenericGetDict(o: *mut PyObject, closure: *mut c_void) -> *mut PyObject;
                PyObject_GenericSetDict(o: *mut PyObject, value: *mut PyObject, closure: *mut c_void) -> c_int;
                PyObject_CallFinalizerFromDealloc(o: *mut PyObject) -> c_int;
                PyObject_ClearWeakRefs(o: *mut PyObject) -> ();
                PyObject_GC_Track(o: *mut c_void) -> ();
                PyObject_GC_UnTrack(o: *mut c_void) -> ();
                PyObject_CheckBuffer(o: *mut PyObject) -> c_int;
                PyObject_GetBuffer(o: *mut PyObject, view: *mut Py_buffer, flags: c_int) -> c_int;
                PyBuffer_Release(view: *mut Py_buffer) -> ();

                PySequence_Check(o: *mut PyObject) -> c_int;
                PySequence_Contains(o: *mut PyObject, item: *mut PyObject) -> c_int;
                PySequence_SetItem(o: *mut PyObject, index: isize, value: *mut PyObject) -> c_int;
                PySequence_DelItem(o: *mut PyObject, index: isize) -> c_int;
                PySequence_GetSlice(o: *mut PyObject, start: isize, end: isize) -> *mut PyObject;
                PySequence_SetSlice(o: *mut PyObject, start: isize, end: isize, value: *mut PyObject) -> c_int;
                PySequence_DelSlice(o: *mut PyObject, start: isize, end: isize) -> c_int;
                PySlice_New(start: *mut PyObject, stop: *mut PyObject, step: *mut PyObject) -> *mut PyObject;
                PySlice_Unpack(slice: *mut PyObject, start: *mut isize, stop: *mut isize, step: *mut isize) -> c_int;

                PyBytes_Size(o: *mut PyObject) -> isize;
                PyBytes_AsString(o: *mut PyObject) -> *const c_char;
                PyBytes_FromString(bytes: *const c_char) -> *mut PyObject;
                PyBytes_FromStringAndSize(bytes: *const c_char, len: isize) -> *mut PyObject;
                PyUnicode_FromString(utf8: *const c_char) -> *mut PyObject;
                PyUnicode_FromStringAndSize(utf8: *const c_char, len: isize) -> *mut PyObject;
                PyUnicode_New(size: isize, largest: u32) -> *mut PyObject;
                PyUnicode_FromKindAndData(kind: c_int, data: *const c_void, size: isize) -> *mut PyObject;
                PyUnicode_InternFromString(utf8: *const c_char) -> *mut PyObject;
                PyUnicode_AsASCIIString(o: *mut PyObject) -> *mut PyObject;
                PyUnicode_AsLatin1String(o: *mut PyObject) -> *mut PyObject;
                PyUnicode_AsUTF8String(o: *mut PyObject) -> *mut PyObject;
                PyUnicode_AsUTF8AndSize(o: *mut PyObject, size: *mut isize) -> *const c_char;
                PyUnicode_GetLength(o: *mut PyObject) -> isize;
                PyUnicode_FromWideChar(text: *const wchar_t, size: isize) -> *mut PyObject;
                PyUnicode_DecodeFSDefault(text: *const c_char) -> *mut PyObject;
                PyUnicode_DecodeFSDefaultAndSize(text: *const c_char, size: isize) -> *mut PyObject;
                PyUnicode_EncodeFSDefault(o: *mut PyObject) -> *mut PyObject;
                PyUnicode_ReadChar(o: *mut PyObject, index: isize) -> u32;
                PyUnicode_DecodeASCII(text: *const c_char, size: isize, errors: *const c_char) -> *mut PyObject;
                PyUnicode_DecodeLatin1(text: *const c_char, size: isize, errors: *const c_char) -> *mut PyObject;
                PyUnicode_FromEncodedObject(o: *mut PyObject, encoding: *const c_char, errors: *const c_char) -> *mut PyObject;
                PyUnicode_Substring(o: *mut PyObject, start: isize, end: isize) -> *mut PyObject;
                PyUnicode_Concat(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject;

                PyList_New(len: isize) -> *mut PyObject;
                PyList_Size(o: *mut PyObject) -> isize;
                PyList_GetItem(o: *mut PyObject, index: isize) -> *mut PyObject;
                PyList_SetItem(o: *mut PyObject, index: isize, item: *mut PyObject) -> c_int;
                PyList_Append(o: *mut PyObject, item: *mut PyObject) -> c_int;
                PyList_Insert(o: *mut PyObject, index: isize, item: *mut PyObject) -> c_int;
                PyTuple_New(len: isize) -> *mut PyObject;
                PyTuple_Size(o: *mut PyObject) -> isize;
                PyTuple_GetItem(o: *mut PyObject, index: isize) -> *mut PyObject;
                PyTuple_SetItem(o: *mut PyObject, index: isize, item: *mut PyObject) -> c_int;
                PyDict_Items(o: *mut PyObject) -> *mut PyObject;
                PyDict_New() -> *mut PyObject;
                PyDict_Size(o: *mut PyObject) -> isize;
                PyDict_Keys(o: *mut PyObject) -> *mut PyObject;
                PyDict_Copy(o: *mut PyObject) -> *mut PyObject;
                PyDict_GetItemWithError(o: *mut PyObject, key: *mut PyObject) -> *mut PyObject;
                PyDict_SetItem(o: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> c_int;
                PyDict_SetDefault(o: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> *mut PyObject;
                PyDict_SetItemString(o: *mut PyObject, key: *const c_char, value: *mut PyObject) -> c_int;
                PyDict_Next(o: *mut PyObject, position: *mut isize, key: *mut *mut PyObject, value: *mut *mut PyObject) -> c_int;

                PyErr_SetString(exception: *mut PyObject, message: *const c_char) -> ();
                PyErr_SetObject(exception: *mut PyObject, value: *mut PyObject) -> ();
                PyErr_SetFromErrnoWithFilename(exception: *mut PyObject, filename: *const c_char) -> *mut PyObject;
                PyErr_SetFromErrnoWithFilenameObjects(exception: *mut PyObject, filename1: *mut PyObject, filename2: *mut PyObject) -> *mut PyObject;
                PyErr_Occurred() -> *mut PyObject;
                PyErr_ExceptionMatches(exception: *mut PyObject) -> c_int;
                PyErr_GivenExceptionMatches(given: *mut PyObject, exception: *mut PyObject) -> c_int;
                PyErr_CheckSignals() -> c_int;
                PyErr_NoMemory() -> *mut PyObject;
                PyErr_Clear() -> ();
                PyErr_Fetch(kind: *mut *mut PyObject, value: *mut *mut PyObject, traceback: *mut *mut PyObject) -> ();
                PyErr_Restore(kind: *mut PyObject, value: *mut PyObject, traceback: *mut PyObject) -> ();
                PyErr_NormalizeException(kind: *mut *mut PyObject, value: *mut *mut PyObject, traceback: *mut *mut PyObject) -> ();
                PyException_SetTraceback(exception: *mut PyObject, traceback: *mut PyObject) -> c_int;
                PyException_GetTraceback(exception: *mut PyObject) -> *mut PyObject;
                PyErr_NewException(name: *const c_char, base: *mut PyObject, dict: *mut PyObject) -> *mut PyObject;
                PyErr_NewExceptionWithDoc(name: *const c_char, doc: *const c_char, base: *mut PyObject, dict: *mut PyObject) -> *mut PyObject;
                PyErr_WarnEx(category: *mut PyObject, message: *const c_char, level: isize) -> c_int;
                PyErr_WriteUnraisable(o: *mut PyObject) -> ();
                Py_FatalError(message: *const c_char) -> ();

                PyType_FromSpecWithBases(spec: *mut PyType_Spec, bases: *mut PyObject) -> *mut PyObject;
                PyType_GetSlot(type_: *mut PyObject, slot: c_int) -> *mut c_void;
                PyType_GetFlags(type_: *mut PyObject) -> c_ulong;
                PyType_IsSubtype(sub: *mut PyObject, type_: *mut PyObject) -> c_int;
                PyType_GenericAlloc(type_: *mut PyObject, items: isize) -> *mut PyObject;
                PyType_Ready(type_: *mut PyObject) -> c_int;
                PyType_Modified(type_: *mut PyObject) -> ();
                PyMember_GetOne(o: *const c_char, member: *mut PyMemberDef) -> *mut PyObject;
                PyMember_SetOne(o: *mut c_char, member: *mut PyMemberDef, value: *mut PyObject) -> c_int;
                PyModuleDef_Init(def: *mut PyObject) -> *mut PyObject;
                PyModule_FromDefAndSpec2(def: *mut PyObject, spec: *mut PyObject, version: c_int) -> *mut PyObject;
                PyModule_ExecDef(module: *mut PyObject, def: *mut PyObject) -> c_int;
                PyImport_ImportModule(name: *const c_char) -> *mut PyObject;
                PySys_GetObject(name: *const c_char) -> *mut PyObject;
                PyEval_EvalCode(code: *mut PyObject, globals: *mut PyObject, locals: *mut PyObject) -> *mut PyObject;
                PyEval_SaveThread() -> *mut c_void;
                PyEval_RestoreThread(state: *mut c_void) -> ();
                PyEval_GetBuiltins() -> *mut PyObject;
                PyGILState_Ensure() -> c_uint;
                PyGILState_Release(state: c_uint) -> ();
                PyGILState_Check() -> c_int;
                Py_IsInitialized() -> c_int;
                Py_GetVersion() -> *const c_char;
                PyInterpreterState_Get() -> *mut c_void;
                PyInterpreterState_GetDict(interpreter: *mut c_void) -> *mut PyObject;
                Py_CompileString(source: *const c_char, filename: *const c_char, start: c_int) -> *mut PyObject;
                Py_AddPendingCall(function: Option<unsafe extern "C" fn(*mut c_void) -> c_int>, arg: *mut c_void) -> c_int;

                PyCapsule_New(pointer: *mut c_void, name: *const c_char, destructor: PyCapsule_Destructor) -> *mut PyObject;
                PyCapsule_IsValid(capsule: *mut PyObject, name: *const c_char) -> c_int;
                PyCapsule_GetPointer(capsule: *mut PyObject, name: *const c_char) -> *mut c_void;
                PyCapsule_GetName(capsule: *mut PyObject) -> *const c_char;
                PyCapsule_GetContext(capsule: *mut PyObject) -> *mut c_void;
                PyCapsule_SetPointer(capsule: *mut PyObject, pointer: *mut c_void) -> c_int;
                PyCapsule_SetName(capsule: *mut PyObject, name: *const c_char) -> c_int;
                PyCapsule_SetContext(capsule: *mut PyObject, context: *mut c_void) -> c_int;
                PyCapsule_SetDestructor(capsule: *mut PyObject, destructor: PyCapsule_Destructor) -> c_int;
                PyContextVar_New(name: *const c_char, default_value: *mut PyObject) -> *mut PyObject;
                PyContextVar_Get(variable: *mut PyObject, default_value: *mut PyObject, value: *mut *mut PyObject) -> c_int;
                PyContextVar_Set(variable: *mut PyObject, value: *mut PyObject) -> *mut PyObject;
                PyWeakref_NewRef(o: *mut PyObject, callback: *mut PyObject) -> *mut PyObject;
                PyMem_Free(memory: *mut c_void) -> ();
            }
            newer {
                hpy_since_3_11 PyObject_Vectorcall(callable: *mut PyObject, args: *const *mut PyObject, nargsf: usize, kwnames: *mut PyObject) -> *mut PyObject;
                hpy_since_3_10 PyIter_Send(iter: *mut PyObject, arg: *mut PyObject, result: *mut *mut PyObject) -> c_int;
                hpy_since_3_11 PyType_GetName(type_: *mut PyObject) -> *mut PyObject;
                hpy_since_3_12 PyType_FromMetaclass(metaclass: *mut PyObject, module: *mut PyObject, spec: *mut PyType_Spec, bases: *mut PyObject) -> *mut PyObject;
                hpy_since_3_12 PyErr_GetRaisedException() -> *mut PyObject;
                hpy_since_3_12 PyErr_SetRaisedException(exception: *mut PyObject) -> ();
                hpy_since_3_13 PyList_GetItemRef(o: *mut PyObject, index: isize) -> *mut PyObject;
                hpy_since_3_13 PyDict_GetItemRef(o: *mut PyObject, key: *mut PyObject, value: *mut *mut PyObject) -> c_int;
                hpy_since_3_13 PyCriticalSection_Begin(section: *mut PyCriticalSection, o: *mut PyObject) -> ();
                hpy_since_3_13 PyCriticalSection_End(section: *mut PyCriticalSection) -> ();
                hpy_since_3_13 PyCriticalSection2_Begin(section: *mut PyCriticalSection2, a: *mut PyObject, b: *mut PyObject) -> ();
                hpy_since_3_13 PyCriticalSection2_End(section: *mut PyCriticalSection2) -> ();
                hpy_since_3_15 PyObject_Dump(o: *mut PyObject) -> ();
            }
            older {
                hpy_since_3_15 _PyObject_Dump(o: *mut PyObject) -> ();
            }
            objects {
                _Py_NoneStruct _Py_TrueStruct _Py_FalseStruct _Py_NotImplementedStruct
                _Py_EllipsisObject PyBaseObject_Type PyType_Type PyBool_Type PyLong_Type
                PyFloat_Type PyUnicode_Type PyTuple_Type PyList_Type PyDict_Type PyComplex_Type
                PyBytes_Type PyMemoryView_Type PyCapsule_Type PySlice_Type PyModule_Type
            }
            variables {
                PyExc_BaseException PyExc_Exception PyExc_StopAsyncIteration PyExc_StopIteration
                PyExc_GeneratorExit PyExc_ArithmeticError PyExc_LookupError PyExc_AssertionError
                PyExc_AttributeError PyExc_BufferError PyExc_EOFError PyExc_FloatingPointError
                PyExc_OSError PyExc_ImportError PyExc_ModuleNotFoundError PyExc_IndexError
                PyExc_KeyError
                PyExc_KeyboardInterrupt PyExc_MemoryError PyExc_NameError PyExc_OverflowError
                PyExc_RuntimeError PyExc_RecursionError PyExc_NotImplementedError PyExc_SyntaxError
                PyExc_IndentationError PyExc_TabError PyExc_ReferenceError PyExc_SystemError
                PyExc_SystemExit PyExc_TypeError PyExc_UnboundLocalError PyExc_UnicodeError
                PyExc_UnicodeEncodeError PyExc_UnicodeDecodeError PyExc_UnicodeTranslateError
                PyExc_ValueError PyExc_ZeroDivisionError PyExc_BlockingIOError PyExc_BrokenPipeError
                PyExc_ChildProcessError PyExc_ConnectionError PyExc_ConnectionAbortedError
                PyExc_ConnectionRefusedError PyExc_ConnectionResetError PyExc_FileExistsError
                PyExc_FileNotFoundError PyExc_InterruptedError PyExc_IsADirectoryError
                PyExc_NotADirectoryError PyExc_PermissionError PyExc_ProcessLookupError
                PyExc_TimeoutError PyExc_Warning PyExc_UserWarning PyExc_DeprecationWarning
                PyExc_PendingDeprecationWarning PyExc_SyntaxWarning PyExc_RuntimeWarning
                PyExc_FutureWarning PyExc_ImportWarning PyExc_UnicodeWarning PyExc_BytesWarning
                PyExc_ResourceWarning
            }
        }
    };
}

pub(crate) use __c_api as c_api;
