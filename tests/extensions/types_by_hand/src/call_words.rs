//! Types that keep the function which calls an instance in a word of their own data, and say where.
//! HPy's porting guide has it so.

use crate::protocols::{OTHER, saying_call};
use crate::spec::{self, Description};
use core::ffi::c_ulong;
use core::mem::offset_of;
use hpy::prelude::*;
use hpy::sys::*;

#[repr(C)]
struct Called {
    before: f64,
    function: HPyCallFunction,
    after: f64,
}

/// Begins with the data of the base.
#[repr(C)]
struct More {
    called: Called,
    more: [f64; 4],
}

const WORD: HPyMember = HPyMember {
    readonly: 1,
    ..spec::member(
        c"__vectorcalloffset__",
        HPyMember_HPYSSIZET,
        offset_of!(Called, function),
    )
};

const MEMBERS: [HPyMember; 3] = [
    WORD,
    spec::member(c"before", HPyMember_DOUBLE, offset_of!(Called, before)),
    spec::member(c"after", HPyMember_DOUBLE, offset_of!(Called, after)),
];

const MORE: [HPyMember; 1] = [spec::member(
    c"more",
    HPyMember_DOUBLE,
    offset_of!(More, more),
)];

unsafe extern "C" fn by_word(
    ctx: *mut HPyContext,
    self_: HPy,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
) -> HPy {
    // SAFETY: the handles are open.
    unsafe { saying_call(ctx, c"word", self_, args, nargs, kwnames) }
}
hpy_raw_call_function!(static BY_WORD = by_word);

/// With an argument, the function is that of `HPy_SetCallFunction`; with two, there is none.
unsafe extern "C" fn new(
    ctx: *mut HPyContext,
    type_: HPy,
    _args: *const HPy,
    nargs: isize,
    _kw: HPy,
) -> HPy {
    // SAFETY: called with a type whose data begins with this. Nobody changes the statics.
    unsafe {
        let Some((object, data)) = spec::new::<Called>(ctx, type_) else {
            return HPy_NULL;
        };
        (data.before, data.after) = (1.5, 2.5);
        match nargs {
            0 => data.function = *BY_WORD.as_ptr(),
            1 if HPy_SetCallFunction(ctx, object, OTHER.as_ptr()) < 0 => {
                HPy_Close(ctx, object);
                return HPy_NULL;
            }
            _ => {}
        }
        object
    }
}
hpy_raw_slot!(static NEW = HPy_tp_new, new);

/// A type with such a word, and with `HPy_TPFLAGS_HAVE_VECTORCALL` if `flagged`.
#[hpy_method]
pub fn make_call_word(ctx: Context<'_>, flagged: bool) -> Result<Handle<'_, Type>> {
    let flag: c_ulong = if flagged {
        HPy_TPFLAGS_HAVE_VECTORCALL
    } else {
        0
    };
    Description {
        name: c"types_by_hand.CallWord",
        size: size_of::<Called>(),
        flags: HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | flag,
        defines: vec![&NEW],
        members: &MEMBERS,
        ..Default::default()
    }
    .make(ctx)
}

/// Derives from such a type. The data is the base's, or has more behind it. `own` adds a word of
/// its own at the same place.
#[hpy_method]
pub fn derive_call_word<'ctx>(
    ctx: Context<'ctx>,
    base: &Handle<'ctx>,
    more: bool,
    own: bool,
) -> Result<Handle<'ctx, Type>> {
    Description {
        name: c"types_by_hand.DerivedCallWord",
        size: if more {
            size_of::<More>()
        } else {
            size_of::<Called>()
        },
        members: match (more, own) {
            (true, false) => &MORE,
            (_, true) => &const { [WORD] },
            (false, false) => &[],
        },
        bases: vec![base.as_raw()],
        ..Default::default()
    }
    .make(ctx)
}

/// A type with such a word and a slot for calls, which is one too many.
#[hpy_method]
pub fn make_call_word_and_slot(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
    Description {
        name: c"types_by_hand.TwoCallWords",
        size: size_of::<Called>(),
        defines: vec![&NEW, &crate::protocols::CALL],
        members: &MEMBERS,
        ..Default::default()
    }
    .make(ctx)
}
