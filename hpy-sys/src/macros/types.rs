//! Macros for types on the raw API: slots, attributes with a getter, and call functions. Each makes
//! the trampoline that belongs to the implementation.

#[cfg(all(feature = "cpython", not(feature = "universal")))]
mod trampoline {
    use crate::enums::HPyFunc_Signature;
    use crate::handles::HPyCFunction;

    /// Calls `implementation` with `args`, the struct of arguments of `signature`.
    ///
    /// # Safety
    /// A trampoline's contract: the interpreter calls it with the thread attached. `args` is the
    /// struct that belongs to `signature`, and `implementation` has that signature.
    #[inline(always)]
    pub unsafe fn call_from_trampoline<A>(
        signature: HPyFunc_Signature,
        implementation: HPyCFunction,
        args: &mut A,
    ) {
        let (ctx, args) = (core::ptr::null_mut(), (&raw mut *args).cast());
        // SAFETY: as promised by the caller. The context is ignored.
        unsafe { crate::_HPy_CallRealFunctionFromTrampoline(ctx, signature, implementation, args) }
    }
}

#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use trampoline::call_from_trampoline;

/// Defines a slot of a type or a module in a static. The implementation has HPy's type for the
/// slot.
///
/// ```no_run
/// use hpy_sys::*;
///
/// unsafe extern "C" fn length(_ctx: *mut HPyContext, _self: HPy) -> HPy_ssize_t {
///     3
/// }
/// hpy_raw_slot!(static LENGTH = HPy_sq_length, length);
/// ```
#[macro_export]
macro_rules! hpy_raw_slot {
    ($vis:vis static $def:ident = $slot:ident, $implementation:path) => {
        $vis static $def: $crate::Static<$crate::HPyDef> = {
            $crate::__hpy_raw_slot!($slot $implementation);
            $crate::Static::new($crate::HPyDef::slot($crate::HPySlot {
                slot: $crate::$slot,
                r#impl: IMPLEMENTATION,
                cpy_trampoline: TRAMPOLINE,
            }))
        };
    };
}

/// Defines an attribute with a getter and perhaps a setter in a static: name in Python, the
/// functions, docstring. The setter gets a null value when Python deletes the attribute.
///
/// ```no_run
/// use core::ffi::c_void;
/// use hpy_sys::*;
///
/// unsafe extern "C" fn get_none(ctx: *mut HPyContext, _self: HPy, _closure: *mut c_void) -> HPy {
///     // SAFETY: the caller's context is valid.
///     unsafe { HPy_Dup(ctx, h_None(ctx)) }
/// }
/// hpy_raw_getset!(static NOTHING = c"nothing", get_none, c"Always None.");
/// ```
#[macro_export]
macro_rules! hpy_raw_getset {
    ($vis:vis static $def:ident = $name:literal, $getter:path, $doc:literal) => {
        $vis static $def: $crate::Static<$crate::HPyDef> =
            $crate::__hpy_raw_getset!($name, (GETTER $getter), (), $doc);
    };
    ($vis:vis static $def:ident = $name:literal, $getter:path, $setter:path, $doc:literal) => {
        $vis static $def: $crate::Static<$crate::HPyDef> =
            $crate::__hpy_raw_getset!($name, (GETTER $getter), (SETTER $setter), $doc);
    };
}

/// Defines a function for `HPy_SetCallFunction` in a static. The implementation has the KEYWORDS
/// convention.
///
/// ```no_run
/// use hpy_sys::*;
///
/// unsafe extern "C" fn twice(
///     ctx: *mut HPyContext, _self: HPy, args: *const HPy, nargs: usize, _kwnames: HPy,
/// ) -> HPy {
///     assert_eq!(nargs, 1);
///     // SAFETY: the caller gives open handles, `nargs` of them.
///     unsafe { HPy_Add(ctx, *args, *args) }
/// }
/// hpy_raw_call_function!(static TWICE = twice);
/// ```
#[macro_export]
macro_rules! hpy_raw_call_function {
    ($vis:vis static $def:ident = $implementation:path) => {
        $vis static $def: $crate::Static<$crate::HPyCallFunction> = {
            $crate::__hpy_raw_function!(CALL $implementation);
            $crate::Static::new($crate::HPyCallFunction {
                cpy_trampoline: TRAMPOLINE,
                r#impl: IMPLEMENTATION,
            })
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __hpy_raw_getset {
    ($name:literal, $getter:tt, $setter:tt, $doc:literal) => {{
        const GETTER: ($crate::HPyCFunction, $crate::HPyCFunction) =
            $crate::__hpy_raw_getset!(@ $getter);
        const SETTER: ($crate::HPyCFunction, $crate::HPyCFunction) =
            $crate::__hpy_raw_getset!(@ $setter);
        $crate::Static::new($crate::HPyDef::getset($crate::HPyGetSet {
            name: $name.as_ptr(),
            getter_impl: GETTER.0,
            setter_impl: SETTER.0,
            getter_cpy_trampoline: GETTER.1,
            setter_cpy_trampoline: SETTER.1,
            doc: $doc.as_ptr(),
            closure: ::core::ptr::null_mut(),
        }))
    }};
    (@ ()) => {
        (None, None)
    };
    (@ ($shape:ident $implementation:path)) => {{
        $crate::__hpy_raw_function!($shape $implementation);
        (IMPLEMENTATION, TRAMPOLINE)
    }};
}

/// The shape of each slot's function.
#[doc(hidden)]
#[macro_export]
macro_rules! __hpy_raw_slot {
    (HPy_bf_getbuffer $f:path) => { $crate::__hpy_raw_function!(GETBUFFER $f); };
    (HPy_bf_releasebuffer $f:path) => { $crate::__hpy_raw_function!(RELEASEBUFFER $f); };
    (HPy_mod_create $f:path) => { $crate::__hpy_raw_function!(UNARY $f); };
    (HPy_mod_exec $f:path) => { $crate::__hpy_raw_function!(INQUIRY $f); };
    (HPy_mp_ass_subscript $f:path) => { $crate::__hpy_raw_function!(OBJOBJARG $f); };
    (HPy_mp_length $f:path) => { $crate::__hpy_raw_function!(LEN $f); };
    (HPy_nb_absolute $f:path) => { $crate::__hpy_raw_function!(UNARY $f); };
    (HPy_nb_bool $f:path) => { $crate::__hpy_raw_function!(INQUIRY $f); };
    (HPy_nb_float $f:path) => { $crate::__hpy_raw_function!(UNARY $f); };
    (HPy_nb_index $f:path) => { $crate::__hpy_raw_function!(UNARY $f); };
    (HPy_nb_inplace_power $f:path) => { $crate::__hpy_raw_function!(TERNARY $f); };
    (HPy_nb_int $f:path) => { $crate::__hpy_raw_function!(UNARY $f); };
    (HPy_nb_invert $f:path) => { $crate::__hpy_raw_function!(UNARY $f); };
    (HPy_nb_negative $f:path) => { $crate::__hpy_raw_function!(UNARY $f); };
    (HPy_nb_positive $f:path) => { $crate::__hpy_raw_function!(UNARY $f); };
    (HPy_nb_power $f:path) => { $crate::__hpy_raw_function!(TERNARY $f); };
    (HPy_sq_ass_item $f:path) => { $crate::__hpy_raw_function!(SSIZEOBJARG $f); };
    (HPy_sq_contains $f:path) => { $crate::__hpy_raw_function!(OBJOBJ $f); };
    (HPy_sq_inplace_repeat $f:path) => { $crate::__hpy_raw_function!(SSIZEARG $f); };
    (HPy_sq_item $f:path) => { $crate::__hpy_raw_function!(SSIZEARG $f); };
    (HPy_sq_length $f:path) => { $crate::__hpy_raw_function!(LEN $f); };
    (HPy_sq_repeat $f:path) => { $crate::__hpy_raw_function!(SSIZEARG $f); };
    (HPy_tp_call $f:path) => { $crate::__hpy_raw_function!(CALL $f); };
    (HPy_tp_descr_get $f:path) => { $crate::__hpy_raw_function!(TERNARY $f); };
    (HPy_tp_destroy $f:path) => { $crate::__hpy_raw_function!(DESTROY $f); };
    (HPy_tp_finalize $f:path) => { $crate::__hpy_raw_function!(DESTRUCTOR $f); };
    (HPy_tp_hash $f:path) => { $crate::__hpy_raw_function!(HASH $f); };
    (HPy_tp_init $f:path) => { $crate::__hpy_raw_function!(INIT $f); };
    (HPy_tp_new $f:path) => { $crate::__hpy_raw_function!(NEW $f); };
    (HPy_tp_repr $f:path) => { $crate::__hpy_raw_function!(REPR $f); };
    (HPy_tp_richcompare $f:path) => { $crate::__hpy_raw_function!(RICHCMP $f); };
    (HPy_tp_str $f:path) => { $crate::__hpy_raw_function!(REPR $f); };
    (HPy_tp_traverse $f:path) => { $crate::__hpy_raw_function!(TRAVERSE $f); };
    ($other:ident $f:path) => { $crate::__hpy_raw_function!(BINARY $f); };
}

/// Constants `IMPLEMENTATION` and `TRAMPOLINE` of a function of the shape. A wrong type does not
/// compile.
#[doc(hidden)]
#[macro_export]
#[rustfmt::skip]
macro_rules! __hpy_raw_function {
    (UNARY $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_UNARYFUNC _HPyFunc_args_UNARYFUNC fn(HPy) -> HPy;
        (arg0: Object) -> Object = null); };
    (REPR $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_REPRFUNC _HPyFunc_args_REPRFUNC fn(HPy) -> HPy;
        (arg0: Object) -> Object = null); };
    (BINARY $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_BINARYFUNC _HPyFunc_args_BINARYFUNC fn(HPy, HPy) -> HPy;
        (arg0: Object, arg1: Object) -> Object = null); };
    (TERNARY $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_TERNARYFUNC _HPyFunc_args_TERNARYFUNC fn(HPy, HPy, HPy) -> HPy;
        (arg0: Object, arg1: Object, arg2: Object) -> Object = null); };
    (RICHCMP $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_RICHCMPFUNC _HPyFunc_args_RICHCMPFUNC fn(HPy, HPy, Op) -> HPy;
        (arg0: Object, arg1: Object, arg2: Op) -> Object = null); };
    (SSIZEARG $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_SSIZEARGFUNC _HPyFunc_args_SSIZEARGFUNC fn(HPy, Size) -> HPy;
        (arg0: Object, arg1: Size) -> Object = null); };
    (INQUIRY $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_INQUIRY _HPyFunc_args_INQUIRY fn(HPy) -> Int;
        (arg0: Object) -> Int = minus_one); };
    (LEN $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_LENFUNC _HPyFunc_args_LENFUNC fn(HPy) -> Size;
        (arg0: Object) -> Size = minus_one); };
    (HASH $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_HASHFUNC _HPyFunc_args_HASHFUNC fn(HPy) -> Size;
        (arg0: Object) -> Size = minus_one); };
    (SSIZEOBJARG $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_SSIZEOBJARGPROC _HPyFunc_args_SSIZEOBJARGPROC fn(HPy, Size, HPy) -> Int;
        (arg0: Object, arg1: Size, arg2: Object) -> Int = minus_one); };
    (OBJOBJARG $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_OBJOBJARGPROC _HPyFunc_args_OBJOBJARGPROC fn(HPy, HPy, HPy) -> Int;
        (arg0: Object, arg1: Object, arg2: Object) -> Int = minus_one); };
    (OBJOBJ $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_OBJOBJPROC _HPyFunc_args_OBJOBJPROC fn(HPy, HPy) -> Int;
        (arg0: Object, arg1: Object) -> Int = minus_one); };
    (GETTER $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_GETTER _HPyFunc_args_GETTER fn(HPy, Pointer) -> HPy;
        (self_: Object, closure: Pointer) -> Object = null); };
    (SETTER $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_SETTER _HPyFunc_args_SETTER fn(HPy, HPy, Pointer) -> Int;
        (self_: Object, value: Object, closure: Pointer) -> Int = minus_one); };
    (NEW $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_NEWFUNC _HPyFunc_args_NEWFUNC fn(HPy, Items, Size, HPy) -> HPy;
        (self_: Object, args: Object, kw: Object) -> Object = null); };
    (INIT $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_INITPROC _HPyFunc_args_INITPROC fn(HPy, Items, Size, HPy) -> Int;
        (self_: Object, args: Object, kw: Object) -> Int = minus_one); };
    (CALL $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_KEYWORDS _HPyFunc_args_KEYWORDS fn(HPy, Items, Count, HPy) -> HPy;
        (self_: Object, args: Objects, nargsf: Count, kwnames: Object) -> Object = null); };
    (GETBUFFER $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_GETBUFFERPROC _HPyFunc_args_GETBUFFERPROC fn(HPy, Buffer, Int) -> Int;
        (self_: Object, view: Pointer, flags: Int) -> Int = minus_one); };
    (RELEASEBUFFER $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_RELEASEBUFFERPROC _HPyFunc_args_RELEASEBUFFERPROC fn(HPy, Buffer);
        (self_: Object, view: Pointer)); };
    (DESTRUCTOR $f:path) => { $crate::__hpy_raw_function!(@ $f,
        HPyFunc_DESTRUCTOR _HPyFunc_args_DESTRUCTOR fn(HPy);
        (arg0: Object)); };
    // The context is not an argument of these.
    (TRAVERSE $f:path) => {
        const TYPED: $crate::HPyFunc_traverseproc = $f;
        $crate::__hpy_raw_function!(@ HPyFunc_TRAVERSEPROC _HPyFunc_args_TRAVERSEPROC
            (self_: Object, visit: Function, arg: Pointer) -> Int = minus_one);
    };
    (DESTROY $f:path) => {
        const TYPED: $crate::HPyFunc_destroyfunc = $f;
        // SAFETY: only called as the type that the slot's number names.
        const IMPLEMENTATION: $crate::HPyCFunction = Some(unsafe {
            ::core::mem::transmute::<$crate::HPyFunc_destroyfunc, unsafe extern "C" fn()>(TYPED)
        });
        extern "C" fn trampoline() {
            // Runtimes call the implementation.
            ::std::process::abort()
        }
        const TRAMPOLINE: $crate::HPyCFunction = Some(trampoline);
    };
    (
        @ $f:path, $signature:ident $args:ident fn($($ty:ident),*) $(-> $ret:ident)?;
        $($rest:tt)*
    ) => {
        const TYPED: unsafe extern "C" fn(
            *mut $crate::HPyContext $(, $crate::__hpy_raw_type!($ty))*
        ) $(-> $crate::__hpy_raw_type!($ret))? = $f;
        $crate::__hpy_raw_function!(@ $signature $args $($rest)*);
    };
    (
        @ $signature:ident $args:ident
        ($($field:ident: $ty:ident),*) $(-> $ret:ident = $failed:ident)?
    ) => {
        // SAFETY: only called as the type that the signature names.
        const IMPLEMENTATION: $crate::HPyCFunction = Some(unsafe {
            ::core::mem::transmute::<*const (), unsafe extern "C" fn()>(TYPED as *const ())
        });
        unsafe extern "C" fn trampoline(
            $($field: $crate::__hpy_raw_type!($ty)),*
        ) $(-> $crate::__hpy_raw_type!($ret))? {
            let mut args = $crate::$args {
                $($field,)*
                $(result: $crate::__hpy_raw_type!(@ $failed),)?
            };
            // SAFETY: a trampoline's arguments, with the signature and function they belong to.
            unsafe { $crate::call_from_trampoline($crate::$signature, IMPLEMENTATION, &mut args) };
            $($crate::__hpy_raw_type!(@@ $failed args))?
        }
        // SAFETY: the interpreter calls it with the arguments of its slot.
        const TRAMPOLINE: $crate::HPyCFunction = Some(unsafe {
            ::core::mem::transmute::<*const (), unsafe extern "C" fn()>(trampoline as *const ())
        });
    };
}

/// The types of parameters and results, and a result's value when the call fails.
#[doc(hidden)]
#[macro_export]
#[rustfmt::skip]
macro_rules! __hpy_raw_type {
    (HPy) => { $crate::HPy };
    (Object) => { *mut $crate::cpy_PyObject };
    (Objects) => { *const *mut $crate::cpy_PyObject };
    (Items) => { *const $crate::HPy };
    (Size) => { isize };
    (Count) => { usize };
    (Int) => { ::core::ffi::c_int };
    (Op) => { $crate::HPy_RichCmpOp };
    (Pointer) => { *mut ::core::ffi::c_void };
    (Buffer) => { *mut $crate::HPy_buffer };
    (Function) => { $crate::HPyCFunction };
    (@ null) => { ::core::ptr::null_mut() };
    (@ minus_one) => { -1 };
    (@@ $failed:ident $args:ident) => { $args.result };
}
