//! Types whose instances are counted: when they are made, finalized, destroyed, traversed.

use crate::spec::{self, Description, data};
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicI64, Ordering};
use hpy::prelude::*;
use hpy::sys::*;

/// A number of events.
pub struct Counter(AtomicI64);

impl Counter {
    const fn new() -> Self {
        Counter(AtomicI64::new(0))
    }

    pub fn add(&self, count: i64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

static MADE: Counter = Counter::new();
static FINALIZED: Counter = Counter::new();
static TRAVERSED: Counter = Counter::new();
/// Destroyed after `__new__` had run.
static DESTROYED: Counter = Counter::new();
/// Destroyed without it.
static DESTROYED_EMPTY: Counter = Counter::new();
/// Destroyed with data that somebody else has written to.
static BROKEN: Counter = Counter::new();
/// Finalized after they were destroyed, or destroyed twice.
static TOO_LATE: Counter = Counter::new();

/// Destroyed instances of types with a shape, and the sum of their numbers.
pub static SHAPES: Counter = Counter::new();
pub static SUM: Counter = Counter::new();

/// How often what happened since the start, by name.
#[hpy_method]
pub fn counts() -> std::collections::BTreeMap<&'static str, i64> {
    [
        ("made", &MADE),
        ("finalized", &FINALIZED),
        ("traversed", &TRAVERSED),
        ("destroyed", &DESTROYED),
        ("destroyed_empty", &DESTROYED_EMPTY),
        ("broken", &BROKEN),
        ("too_late", &TOO_LATE),
        ("shapes", &SHAPES),
        ("sum", &SUM),
    ]
    .map(|(name, counter)| (name, counter.get()))
    .into()
}

const ALIVE: u64 = 0xa11e_a11e_a11e_a11e;
const DEAD: u64 = 0xdead_dead_dead_dead;

/// What a counted object has. Zeroes are an object that `__new__` has not filled.
#[repr(C)]
struct Counted {
    state: u64,
    /// Memory of its own. Destroying twice would free it twice, and never would leak it.
    heap: *mut [u64; 4],
    next: HPyField,
    other: HPyField,
    end: u64,
}

impl Counted {
    fn fill(&mut self) {
        self.state = ALIVE;
        self.heap = Box::into_raw(Box::new([ALIVE; 4]));
        self.end = ALIVE;
        MADE.add(1);
    }

    /// Whether all is as it should be of an object that is alive.
    fn is_sound(&self) -> bool {
        // SAFETY: where the states fit, the memory is the object's own.
        unsafe {
            (self.state, self.end) == (0, 0) && self.heap.is_null()
                || (self.state, self.end) == (ALIVE, ALIVE) && *self.heap == [ALIVE; 4]
        }
    }
}

unsafe extern "C" fn new(
    ctx: *mut HPyContext,
    type_: HPy,
    _args: *const HPy,
    _nargs: isize,
    _kw: HPy,
) -> HPy {
    // SAFETY: called with a type of this data.
    unsafe {
        let Some((object, data)) = spec::new::<Counted>(ctx, type_) else {
            return HPy_NULL;
        };
        data.fill();
        object
    }
}
hpy_raw_slot!(static NEW = HPy_tp_new, new);

unsafe extern "C" fn destroy(at: *mut c_void) {
    // SAFETY: called with an instance's data.
    let data = unsafe { &mut *at.cast::<Counted>() };
    if data.state == DEAD {
        TOO_LATE.add(1);
        return;
    }
    if !data.is_sound() {
        BROKEN.add(1);
        return;
    }
    if data.heap.is_null() {
        DESTROYED_EMPTY.add(1);
    } else {
        // SAFETY: made by `fill`, freed once.
        drop(unsafe { Box::from_raw(data.heap) });
        DESTROYED.add(1);
    }
    data.state = DEAD;
}
hpy_raw_slot!(static DESTROY = HPy_tp_destroy, destroy);

unsafe extern "C" fn traverse(
    at: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    TRAVERSED.add(1);
    // SAFETY: called with an instance's data.
    unsafe {
        let data = &mut *at.cast::<Counted>();
        for field in [&mut data.next, &mut data.other] {
            if !field.is_null() {
                let stop = visit(field, arg);
                if stop != 0 {
                    return stop;
                }
            }
        }
    }
    0
}
hpy_raw_slot!(static TRAVERSE = HPy_tp_traverse, traverse);

unsafe extern "C" fn finalize(ctx: *mut HPyContext, self_: HPy) {
    // SAFETY: called with an instance that is still whole.
    unsafe {
        let data = data::<Counted>(ctx, self_);
        if data.state == DEAD {
            TOO_LATE.add(1);
        } else if !data.is_sound() {
            BROKEN.add(1);
        }
    }
    FINALIZED.add(1);
}
hpy_raw_slot!(static FINALIZE = HPy_tp_finalize, finalize);

/// Appends the object to the list that `other` is, if it is one.
unsafe extern "C" fn resurrect(ctx: *mut HPyContext, self_: HPy) {
    FINALIZED.add(1);
    // SAFETY: called with an instance; the list is closed once.
    unsafe {
        let list = load(ctx, self_, data::<Counted>(ctx, self_).other);
        if HPyList_Check(ctx, list) != 0 && HPyList_Append(ctx, list, self_) < 0 {
            HPyErr_Clear(ctx);
        }
        HPy_Close(ctx, list);
    }
}
hpy_raw_slot!(static RESURRECT = HPy_tp_finalize, resurrect);

/// A field's object, None for null.
unsafe fn load(ctx: *mut HPyContext, owner: HPy, field: HPyField) -> HPy {
    // SAFETY: the caller's handle is open and the field its object's.
    unsafe {
        if field.is_null() {
            HPy_Dup(ctx, h_None(ctx))
        } else {
            HPyField_Load(ctx, owner, field)
        }
    }
}

macro_rules! field {
    ($def:ident $name:literal $field:ident $get:ident $set:ident) => {
        unsafe extern "C" fn $get(ctx: *mut HPyContext, self_: HPy, _: *mut c_void) -> HPy {
            // SAFETY: called with an instance.
            unsafe { load(ctx, self_, data::<Counted>(ctx, self_).$field) }
        }
        unsafe extern "C" fn $set(
            ctx: *mut HPyContext,
            self_: HPy,
            value: HPy,
            _: *mut c_void,
        ) -> c_int {
            // SAFETY: called with an instance, and a value or null.
            unsafe {
                HPyField_Store(ctx, self_, &mut data::<Counted>(ctx, self_).$field, value);
            }
            0
        }
        hpy_raw_getset!(static $def = $name, $get, $set, c"A field.");
    };
}
field!(NEXT c"next" next get_next set_next);
field!(OTHER c"other" other get_other set_other);

unsafe extern "C" fn get_sound(ctx: *mut HPyContext, self_: HPy, _: *mut c_void) -> HPy {
    // SAFETY: called with an instance.
    unsafe { HPyBool_FromBool(ctx, data::<Counted>(ctx, self_).is_sound()) }
}
hpy_raw_getset!(static SOUND = c"sound", get_sound, c"Whether the data is as it was made.");

const SIZE: usize = size_of::<Counted>();
const GC: core::ffi::c_ulong = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC;

/// Without fields.
pub fn counted() -> Description {
    Description {
        name: c"types_by_hand.Counted",
        size: SIZE,
        defines: vec![&NEW, &DESTROY, &SOUND],
        ..Default::default()
    }
}

/// Without fields, with a finalizer.
pub fn finalized() -> Description {
    Description {
        name: c"types_by_hand.Finalized",
        size: SIZE,
        defines: vec![&NEW, &DESTROY, &FINALIZE, &SOUND],
        ..Default::default()
    }
}

/// With a finalizer and nothing else.
pub fn only_finalized() -> Description {
    Description {
        name: c"types_by_hand.OnlyFinalized",
        size: SIZE,
        defines: vec![&FINALIZE, &SOUND],
        ..Default::default()
    }
}

/// With fields that the collector knows.
pub fn node() -> Description {
    Description {
        name: c"types_by_hand.Node",
        size: SIZE,
        flags: GC,
        defines: vec![&NEW, &DESTROY, &TRAVERSE, &FINALIZE, &NEXT, &OTHER, &SOUND],
        ..Default::default()
    }
}

/// With fields that it does not know: they are given up when the object dies.
pub fn untracked() -> Description {
    Description {
        name: c"types_by_hand.Untracked",
        size: SIZE,
        defines: vec![&NEW, &DESTROY, &TRAVERSE, &NEXT, &OTHER, &SOUND],
        ..Default::default()
    }
}

pub fn resurrecting() -> Description {
    Description {
        name: c"types_by_hand.Resurrecting",
        size: SIZE,
        flags: GC,
        defines: vec![&NEW, &DESTROY, &TRAVERSE, &RESURRECT, &NEXT, &OTHER, &SOUND],
        ..Default::default()
    }
}

/// The data of a type that derives from `Node`: that of the base, and more.
#[repr(C)]
struct More {
    base: Counted,
    own: HPyField,
    heap: *mut u64,
}

unsafe extern "C" fn new_more(
    ctx: *mut HPyContext,
    type_: HPy,
    args: *const HPy,
    nargs: isize,
    kw: HPy,
) -> HPy {
    // SAFETY: called with a type of this data.
    unsafe {
        let object = new(ctx, type_, args, nargs, kw);
        if !object.is_null() {
            data::<More>(ctx, object).heap = Box::into_raw(Box::new(ALIVE));
        }
        object
    }
}
hpy_raw_slot!(static NEW_MORE = HPy_tp_new, new_more);

static DESTROYED_MORE: Counter = Counter::new();

/// Destroyed first: the base's data is still whole.
unsafe extern "C" fn destroy_more(at: *mut c_void) {
    // SAFETY: called with an instance's data; the memory is freed once.
    unsafe {
        let data = &mut *at.cast::<More>();
        if !data.base.is_sound() {
            BROKEN.add(1);
        }
        if !data.heap.is_null() {
            drop(Box::from_raw(core::mem::replace(
                &mut data.heap,
                core::ptr::null_mut(),
            )));
        }
    }
    DESTROYED_MORE.add(1);
}
hpy_raw_slot!(static DESTROY_MORE = HPy_tp_destroy, destroy_more);

unsafe extern "C" fn traverse_more(
    at: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: called with an instance's data.
    unsafe {
        let field = &mut (*at.cast::<More>()).own;
        if field.is_null() {
            0
        } else {
            visit(field, arg)
        }
    }
}
hpy_raw_slot!(static TRAVERSE_MORE = HPy_tp_traverse, traverse_more);

unsafe extern "C" fn get_own(ctx: *mut HPyContext, self_: HPy, _: *mut c_void) -> HPy {
    // SAFETY: called with an instance.
    unsafe { load(ctx, self_, data::<More>(ctx, self_).own) }
}
unsafe extern "C" fn set_own(
    ctx: *mut HPyContext,
    self_: HPy,
    value: HPy,
    _: *mut c_void,
) -> c_int {
    // SAFETY: called with an instance, and a value or null.
    unsafe { HPyField_Store(ctx, self_, &mut data::<More>(ctx, self_).own, value) }
    0
}
hpy_raw_getset!(static OWN = c"own", get_own, set_own, c"A field.");

/// Derives from the base, which is `Node` or derives from it without more data. `new` gives it a
/// `__new__`, else it has the base's.
#[hpy_method(signature = (base, new=true))]
pub fn make_more<'ctx>(
    ctx: Context<'ctx>,
    base: &Handle<'ctx>,
    new: bool,
) -> Result<Handle<'ctx, Type>> {
    let mut defines = vec![&DESTROY_MORE, &TRAVERSE_MORE, &OWN];
    if new {
        defines.push(&NEW_MORE);
    }
    Description {
        name: c"types_by_hand.More",
        size: size_of::<More>(),
        flags: GC,
        defines,
        bases: vec![base.as_raw()],
        ..Default::default()
    }
    .make(ctx)
}

#[hpy_method]
pub fn destroyed_more() -> i64 {
    DESTROYED_MORE.get()
}

#[repr(C)]
struct Watched {
    weak_references: *mut c_void,
}

const WATCHED: [HPyMember; 1] = [HPyMember {
    readonly: 1,
    ..spec::member(
        c"__weaklistoffset__",
        HPyMember_HPYSSIZET,
        core::mem::offset_of!(Watched, weak_references),
    )
}];

const WITH_DICT: [HPyMember; 1] = [HPyMember {
    readonly: 1,
    ..spec::member(
        c"__dictoffset__",
        HPyMember_HPYSSIZET,
        core::mem::offset_of!(Watched, weak_references),
    )
}];

unsafe extern "C" fn traverse_nothing(
    _: *mut c_void,
    _: HPyFunc_visitproc,
    _: *mut c_void,
) -> c_int {
    0
}
hpy_raw_slot!(static TRAVERSE_NOTHING = HPy_tp_traverse, traverse_nothing);

/// A type whose instances have a `__dict__`, which the collector knows or not.
#[hpy_method]
pub fn make_with_dict<'ctx>(ctx: Context<'ctx>, collected: bool) -> Result<Handle<'ctx, Type>> {
    let mut description = Description {
        name: c"types_by_hand.WithDict",
        size: size_of::<Watched>(),
        defines: vec![&DESTROY_WATCHED],
        members: &WITH_DICT,
        ..Default::default()
    };
    if collected {
        description.flags = GC;
        description.defines.push(&TRAVERSE_NOTHING);
    }
    description.make(ctx)
}

unsafe extern "C" fn destroy_watched(_: *mut c_void) {
    SHAPES.add(1);
}
hpy_raw_slot!(static DESTROY_WATCHED = HPy_tp_destroy, destroy_watched);

/// A type whose instances can be referred to weakly.
#[hpy_method]
pub fn make_watched(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
    Description {
        name: c"types_by_hand.Watched",
        size: size_of::<Watched>(),
        defines: vec![&DESTROY_WATCHED],
        members: &WATCHED,
        ..Default::default()
    }
    .make(ctx)
}

/// A chain of so many objects of the type, each the `next` of the one made after it.
#[hpy_method]
pub fn chain<'ctx>(
    ctx: Context<'ctx>,
    type_: &Handle<'ctx>,
    count: usize,
    last: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    let mut first = last.dup();
    for _ in 0..count {
        let object: Handle<'_> = type_.call0()?;
        object.setattr("next", &first)?;
        first = object;
    }
    let _ = ctx;
    Ok(first)
}

pub static KEPT: Global = Global::new();

/// Keeps the object in a global, until the next one or the end of the process.
#[hpy_method]
pub fn keep(object: &Handle<'_>) -> Result<()> {
    KEPT.store(object)
}
