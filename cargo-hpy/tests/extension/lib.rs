// The smallest extension, by hand, for the tests of the tool alone: it needs no other package. In
// the CPython ABI it can be imported and has `answer()`, in the universal ABI it only exports what
// one exports.
#![allow(non_snake_case)]

#[cfg(feature = "universal")]
mod universal {
    #[unsafe(no_mangle)]
    extern "C" fn HPyInit_NAME() {}
    #[unsafe(no_mangle)]
    extern "C" fn HPyInitGlobalContext_NAME() {}
    #[cfg(feature = "second")]
    #[unsafe(no_mangle)]
    extern "C" fn HPyInit_second() {}
}

#[cfg(not(feature = "universal"))]
mod native {
    use std::ffi::{c_char, c_int, c_long, c_void};
    use std::ptr::{null, null_mut};

    #[repr(C)]
    struct Method {
        name: *const c_char,
        function: Option<unsafe extern "C" fn(*mut c_void, *mut c_void) -> *mut c_void>,
        flags: c_int,
        doc: *const c_char,
    }

    #[repr(C)]
    struct Definition {
        base: [*mut c_void; 5],
        name: *const c_char,
        doc: *const c_char,
        size: isize,
        methods: *mut Method,
        rest: [*mut c_void; 4],
    }

    unsafe extern "C" {
        fn PyModuleDef_Init(definition: *mut Definition) -> *mut c_void;
        fn PyLong_FromLong(value: c_long) -> *mut c_void;
    }

    unsafe extern "C" fn answer(_module: *mut c_void, _unused: *mut c_void) -> *mut c_void {
        // SAFETY: called by the interpreter, so its lock is held.
        unsafe { PyLong_FromLong(42) }
    }

    fn define() -> *mut c_void {
        let methods = Box::leak(Box::new([
            Method { name: c"answer".as_ptr(), function: Some(answer), flags: 4, doc: null() },
            Method { name: null(), function: None, flags: 0, doc: null() },
        ]));
        let mut base = [null_mut(); 5];
        base[0] = 1 as *mut c_void;
        let definition = Box::leak(Box::new(Definition {
            base,
            name: c"NAME".as_ptr(),
            doc: null(),
            size: 0,
            methods: methods.as_mut_ptr(),
            rest: [null_mut(); 4],
        }));
        // SAFETY: the definition is leaked above, so it lives as long as the interpreter.
        unsafe { PyModuleDef_Init(definition) }
    }

    #[unsafe(no_mangle)]
    extern "C" fn PyInit_NAME() -> *mut c_void {
        define()
    }

    #[cfg(feature = "second")]
    #[unsafe(no_mangle)]
    extern "C" fn PyInit_second() -> *mut c_void {
        define()
    }
}
