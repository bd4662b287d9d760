//! An extension written by hand on the raw API, in both ABIs. `docs/raw-api.md` explains it.

use core::ptr::null_mut;
use hpy_sys::arguments::{Arguments, Raised};
use hpy_sys::*;

/// The absolute value of any object that has one.
unsafe extern "C" fn myabs_impl(ctx: *mut HPyContext, _module: HPy, arg: HPy) -> HPy {
    // SAFETY: the runtime calls with a valid context and open handles.
    unsafe { HPy_Absolute(ctx, arg) }
}
hpy_raw_method!(static MYABS = c"myabs", myabs_impl, O, c"The absolute value.");

unsafe extern "C" fn nothing_impl(ctx: *mut HPyContext, _module: HPy) -> HPy {
    // SAFETY: as above; a constant is borrowed, so the result is a handle of its own.
    unsafe { HPy_Dup(ctx, h_None(ctx)) }
}
hpy_raw_method!(static NOTHING = c"nothing", nothing_impl, NOARGS, c"None.");

unsafe extern "C" fn pack_impl(
    ctx: *mut HPyContext,
    _module: HPy,
    args: *const HPy,
    nargs: usize,
) -> HPy {
    // SAFETY: as above; `args` has `nargs` handles.
    unsafe { HPyTuple_FromArray(ctx, args, nargs as HPy_ssize_t) }
}
hpy_raw_method!(static PACK = c"pack", pack_impl, VARARGS, c"The arguments as a tuple.");

/// `repeat(word, count=1, *, loud=False)`
unsafe extern "C" fn repeat_impl(
    ctx: *mut HPyContext,
    _module: HPy,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
) -> HPy {
    // SAFETY: as above; `args` has the values of keywords behind the positional ones.
    let mut arguments = unsafe { Arguments::new(ctx, "repeat", args, nargs, kwnames) };
    let mut parse = || -> Result<_, Raised> {
        let word = arguments.named("word")?.text()?;
        let count = arguments.named("count")?.int_or(1)?;
        let loud = arguments.keyword_only("loud")?.truth_or(false)?;
        arguments.finish()?;
        Ok((word.to_string_lossy(), count, loud))
    };
    let Ok((word, count, loud)) = parse() else {
        return HPy_NULL;
    };
    let mut text = word.repeat(count.clamp(0, 1000) as usize);
    if loud {
        text.push('!');
    }
    text.push('\0');
    // SAFETY: the text ends with a NUL.
    unsafe { HPyUnicode_FromString(ctx, text.as_ptr().cast()) }
}
hpy_raw_method!(static REPEAT = c"repeat", repeat_impl, KEYWORDS, c"The word, repeated.");

/// The sum of the items of any sequence, by index.
unsafe extern "C" fn total_impl(ctx: *mut HPyContext, _module: HPy, items: HPy) -> HPy {
    // SAFETY: as above; each item is closed once.
    unsafe {
        let count = HPy_Length(ctx, items);
        if count < 0 {
            return HPy_NULL;
        }
        let mut total = 0.0;
        for index in 0..count {
            let item = HPy_GetItem_i(ctx, items, index);
            if item.is_null() {
                return HPy_NULL;
            }
            let value = HPyFloat_AsDouble(ctx, item);
            HPy_Close(ctx, item);
            if value == -1.0 && HPyErr_Occurred(ctx) != 0 {
                return HPy_NULL;
            }
            total += value;
        }
        HPyFloat_FromDouble(ctx, total)
    }
}
hpy_raw_method!(static TOTAL = c"total", total_impl, O, c"The sum of the items.");

/// Makes a named tuple type of the header's helper, and an instance of it.
unsafe extern "C" fn point_impl(
    ctx: *mut HPyContext,
    _module: HPy,
    args: *const HPy,
    nargs: usize,
) -> HPy {
    let field = |name: &'static core::ffi::CStr| HPyStructSequence_Field {
        name: name.as_ptr(),
        doc: core::ptr::null(),
    };
    let mut fields = [
        field(c"x"),
        field(c"y"),
        HPyStructSequence_Field {
            name: core::ptr::null(),
            doc: core::ptr::null(),
        },
    ];
    let desc = HPyStructSequence_Desc {
        name: c"rawapi.Point".as_ptr(),
        doc: c"A point.".as_ptr(),
        fields: fields.as_mut_ptr(),
    };
    // SAFETY: as above; the description is valid for the call, the type is closed once.
    unsafe {
        let point = HPyStructSequence_NewType(ctx, &desc);
        if point.is_null() {
            return HPy_NULL;
        }
        let items = if nargs == 0 {
            &[][..]
        } else {
            core::slice::from_raw_parts(args, nargs)
        };
        let instance = HPyStructSequence_New(ctx, point, items);
        HPy_Close(ctx, point);
        instance
    }
}
hpy_raw_method!(static POINT = c"point", point_impl, VARARGS, c"A named tuple.");

/// The data of a `Tally`.
#[repr(C)]
struct Tally {
    count: HPy_ssize_t,
}

/// # Safety
/// The handle is to an instance of `Tally`.
unsafe fn tally<'a>(ctx: *mut HPyContext, object: HPy) -> &'a mut Tally {
    // SAFETY: as promised by the caller: what `_HPy_New` has zeroed, which `Tally` may be.
    unsafe { &mut *_HPy_AsStruct_Object(ctx, object).cast() }
}

/// `Tally(count=0)`
unsafe extern "C" fn tally_new_impl(
    ctx: *mut HPyContext,
    type_: HPy,
    args: *const HPy,
    nargs: HPy_ssize_t,
    _kw: HPy,
) -> HPy {
    // SAFETY: as above; `args` has `nargs` handles; `type_` is `Tally` or derives from it.
    unsafe {
        let mut count = 0;
        if nargs > 0 {
            count = HPyLong_AsSsize_t(ctx, *args);
            if count == -1 && HPyErr_Occurred(ctx) != 0 {
                return HPy_NULL;
            }
        }
        let mut data = null_mut();
        let object = HPy_New(ctx, type_, &mut data);
        if !object.is_null() {
            (*data.cast::<Tally>()).count = count;
        }
        object
    }
}
hpy_raw_slot!(static TALLY_NEW = HPy_tp_new, tally_new_impl);

unsafe extern "C" fn tally_repr_impl(ctx: *mut HPyContext, self_: HPy) -> HPy {
    // SAFETY: as above; the text ends with a NUL.
    unsafe {
        let text = format!("Tally({})\0", tally(ctx, self_).count);
        HPyUnicode_FromString(ctx, text.as_ptr().cast())
    }
}
hpy_raw_slot!(static TALLY_REPR = HPy_tp_repr, tally_repr_impl);

unsafe extern "C" fn tally_next_impl(ctx: *mut HPyContext, self_: HPy) -> HPy {
    // SAFETY: as above: the method is found in instances only.
    unsafe {
        let data = tally(ctx, self_);
        data.count += 1;
        HPyLong_FromSsize_t(ctx, data.count)
    }
}
hpy_raw_method!(static TALLY_NEXT = c"next", tally_next_impl, NOARGS, c"One more.");

static TALLY_COUNT: Static<HPyDef> = Static::new(HPyDef::member(HPyMember {
    name: c"count".as_ptr(),
    r#type: HPyMember_HPYSSIZET,
    offset: core::mem::offset_of!(Tally, count) as HPy_ssize_t,
    readonly: 0,
    doc: c"How many.".as_ptr(),
}));

static TALLY_DEFINES: Static<[*mut HPyDef; 5]> = Static::new([
    TALLY_NEW.as_ptr(),
    TALLY_REPR.as_ptr(),
    TALLY_NEXT.as_ptr(),
    TALLY_COUNT.as_ptr(),
    null_mut(),
]);
static TALLY: Static<HPyType_Spec> = Static::new(HPyType_Spec {
    name: c"rawapi.Tally".as_ptr(),
    basicsize: size_of::<Tally>() as i32,
    itemsize: 0,
    flags: HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,
    builtin_shape: HPyType_BuiltinShape_Object,
    legacy_slots: null_mut(),
    defines: TALLY_DEFINES.as_ptr().cast(),
    doc: c"Counts.".as_ptr(),
});

/// Makes the type when the module is imported.
unsafe extern "C" fn exec_impl(ctx: *mut HPyContext, module: HPy) -> core::ffi::c_int {
    // SAFETY: as above; the spec is a static; the type is closed once.
    unsafe {
        let type_ = HPyType_FromSpec(ctx, TALLY.as_ptr(), null_mut());
        if type_.is_null() {
            return -1;
        }
        let done = HPy_SetAttr_s(ctx, module, c"Tally".as_ptr(), type_);
        HPy_Close(ctx, type_);
        done
    }
}
hpy_raw_slot!(static EXEC = HPy_mod_exec, exec_impl);

static DEFINES: Static<[*mut HPyDef; 8]> = Static::new([
    MYABS.as_ptr(),
    NOTHING.as_ptr(),
    PACK.as_ptr(),
    REPEAT.as_ptr(),
    TOTAL.as_ptr(),
    POINT.as_ptr(),
    EXEC.as_ptr(),
    null_mut(),
]);
static MODULE: Static<HPyModuleDef> = Static::new(HPyModuleDef {
    doc: c"Written by hand.".as_ptr(),
    size: 0,
    legacy_methods: null_mut(),
    defines: DEFINES.as_ptr().cast(),
    globals: null_mut(),
});
// SAFETY: what the definition lists are statics, and each function has its place's signature.
hpy_raw_module!(rawapi, unsafe { RawModule::new(&MODULE) });
