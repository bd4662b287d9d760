//! Modules in several interpreters of a process: one that any number may import, and one that is
//! for one only.

use hpy::State;
use hpy::exceptions::{RuntimeError, ValueError};
use hpy::prelude::*;
use hpy::sys::*;
use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

static LAST: Global = Global::new();
static OTHER: Global = Global::new();
/// Of each interpreter its own.
static NODE: Global<Type> = Global::new();

/// Rust statics are the same for all interpreters.
static KEPT: Mutex<Option<HashMap<String, Persistent>>> = Mutex::new(None);
static ERROR: Mutex<Option<Error>> = Mutex::new(None);
static COUNTER: AtomicI64 = AtomicI64::new(0);

/// Of each interpreter its own.
static CALLS: State<AtomicI64> = State::new(|_| Ok(AtomicI64::new(0)));

fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[hpy_method]
fn store(object: &Handle<'_>) -> Result<()> {
    LAST.store(object)
}

#[hpy_method]
fn load<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
    LAST.load(ctx)
}

#[hpy_method]
fn clear(ctx: Context<'_>) -> Result<()> {
    LAST.clear(ctx)
}

#[hpy_method]
fn store_other(object: &Handle<'_>) -> Result<()> {
    OTHER.store(object)
}

#[hpy_method]
fn load_other<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
    OTHER.load(ctx)
}

/// Keeps the object under a name, for all interpreters to see.
#[hpy_method]
fn keep(name: String, object: Persistent) {
    let before = lock(&KEPT).get_or_insert_default().insert(name, object);
    drop(before);
}

#[hpy_method]
fn kept<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Option<Handle<'ctx>>> {
    let kept = lock(&KEPT);
    let object = kept.as_ref().and_then(|kept| kept.get(name));
    object.map(|object| object.get(ctx)).transpose()
}

#[hpy_method]
fn drop_kept(name: &str) -> bool {
    let kept = lock(&KEPT).as_mut().and_then(|kept| kept.remove(name));
    kept.is_some()
}

/// Drops it on a thread that is attached to no interpreter, which nobody waits for.
#[hpy_method]
fn drop_kept_in_thread(name: &str) {
    let kept = lock(&KEPT).as_mut().and_then(|kept| kept.remove(name));
    std::thread::spawn(move || drop(kept));
}

/// Drops all that is kept while the process ends.
#[hpy_method]
fn drop_all_later(milliseconds: u64) {
    std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        let kept = lock(&KEPT).take();
        drop(kept);
    });
}

/// Keeps the error that the function raises, for all interpreters to see.
#[hpy_method]
fn keep_error(function: &Handle<'_>) -> bool {
    let error = function.call0().err();
    let raised = error.is_some();
    let before = std::mem::replace(&mut *lock(&ERROR), error);
    drop(before);
    raised
}

#[hpy_method]
fn raise_kept_error() -> Result<()> {
    let error = lock(&ERROR).take();
    error.map_or(Ok(()), Err)
}

#[hpy_method(signature = (alpha = 0, *, beta = 0, gamma = 0))]
fn keywords(alpha: i64, beta: i64, gamma: i64) -> (i64, i64, i64) {
    (alpha, beta, gamma)
}

#[hpy_method]
fn builtin<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx>> {
    ctx.builtins().get_item(name)
}

/// The same where the method has no boundary of its own.
#[inline(never)]
#[hpy_method]
fn shared_builtin<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx>> {
    ctx.builtins().get_item(name)
}

/// Its `__new__` is made by the interpreter's `staticmethod`.
#[hpy_type(base = hpy::types::Int)]
struct Derived;

#[hpy_methods]
impl Derived {
    #[new]
    fn new(value: i64) -> (Self, i64) {
        (Derived, value)
    }
}

#[hpy_method]
fn fail(message: String) -> Result<()> {
    Err(ValueError::new(message))
}

#[hpy_method]
fn panic() {
    panic!("on purpose");
}

/// Counts for the whole process.
#[hpy_method]
fn count() -> i64 {
    COUNTER.fetch_add(1, Ordering::Relaxed) + 1
}

/// Counts for the interpreter.
#[hpy_method]
fn count_here(ctx: Context<'_>) -> Result<i64> {
    Ok(CALLS.get(ctx)?.fetch_add(1, Ordering::Relaxed) + 1)
}

/// Makes, keeps, raises and drops objects, many times.
#[hpy_method]
fn work<'ctx>(ctx: Context<'ctx>, rounds: usize, function: &Handle<'ctx>) -> Result<usize> {
    let mut raised = 0;
    for round in 0..rounds {
        let list = ctx.list((0..10).map(|n| n + round))?;
        LAST.store(list.as_object())?;
        let kept = Persistent::new(list.as_object())?;
        let loaded = LAST
            .load(ctx)?
            .ok_or_else(|| RuntimeError::new("nothing there"))?;
        if !loaded.is(&list) || !kept.get(ctx)?.is(&list) {
            return Err(RuntimeError::new("another's list"));
        }
        match function.call1((&list,)) {
            Ok(_) => {}
            Err(error) if error.is_instance_of::<ValueError>(ctx) => raised += 1,
            Err(error) => return Err(error),
        }
        ctx.detach(move || drop(kept));
    }
    Ok(raised)
}

// A type, written by hand: it holds the next in a chain.

unsafe extern "C" fn traverse(
    data: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> i32 {
    // SAFETY: the interpreter calls it with the data of a node.
    unsafe { visit(data.cast::<HPyField>(), arg) }
}

static DESTROYED: AtomicI64 = AtomicI64::new(0);

unsafe extern "C" fn destroy(_: *mut c_void) {
    DESTROYED.fetch_add(1, Ordering::Relaxed);
}

#[hpy_method]
fn destroyed() -> i64 {
    DESTROYED.load(Ordering::Relaxed)
}

const fn slot(slot: HPySlot_Slot, function: HPyCFunction) -> Static<HPyDef> {
    Static::new(HPyDef::slot(HPySlot {
        slot,
        r#impl: function,
        cpy_trampoline: None,
    }))
}

static TRAVERSE: Static<HPyDef> = slot(HPy_tp_traverse, {
    let function: HPyFunc_traverseproc = traverse;
    // SAFETY: the slot's number says what the function is.
    Some(unsafe { std::mem::transmute::<HPyFunc_traverseproc, unsafe extern "C" fn()>(function) })
});
static DESTROY: Static<HPyDef> = slot(HPy_tp_destroy, {
    let function: HPyFunc_destroyfunc = destroy;
    // SAFETY: as above.
    Some(unsafe { std::mem::transmute::<HPyFunc_destroyfunc, unsafe extern "C" fn()>(function) })
});
static DEFINES: Static<[*mut HPyDef; 3]> =
    Static::new([TRAVERSE.as_ptr(), DESTROY.as_ptr(), std::ptr::null_mut()]);
static SPEC: Static<HPyType_Spec> = Static::new(HPyType_Spec {
    name: c"many_interpreters.Node".as_ptr(),
    basicsize: size_of::<HPyField>() as i32,
    itemsize: 0,
    flags: HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC,
    builtin_shape: HPyType_BuiltinShape_Object,
    legacy_slots: std::ptr::null_mut(),
    defines: DEFINES.as_ptr().cast(),
    doc: std::ptr::null(),
});

fn node_type<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    if let Some(type_) = NODE.load(ctx)? {
        return Ok(type_);
    }
    // SAFETY: the spec is valid for ever; a new type or null with an exception.
    let type_: Handle<'ctx, Type> = unsafe {
        let raw = HPyType_FromSpec(ctx.as_ptr(), SPEC.as_ptr(), std::ptr::null_mut());
        ctx.handle_from_raw(raw)?
    };
    NODE.store(&type_)?;
    Ok(type_)
}

/// A node that holds the object.
#[hpy_method]
fn node<'ctx>(ctx: Context<'ctx>, holds: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let type_ = node_type(ctx)?;
    // SAFETY: the type is that of nodes, whose data is a field.
    unsafe {
        let mut data = std::ptr::null_mut();
        let raw = HPy_New(ctx.as_ptr(), type_.as_raw(), &mut data);
        let node: Handle<'ctx> = ctx.handle_from_raw(raw)?;
        HPyField_Store(ctx.as_ptr(), node.as_raw(), data.cast(), holds.as_raw());
        Ok(node)
    }
}

/// The last node of a chain that holds the object.
#[hpy_method]
fn chain<'ctx>(ctx: Context<'ctx>, length: usize, end: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let mut last = end.dup();
    for _ in 0..length {
        last = node(ctx, &last)?;
    }
    Ok(last)
}

hpy_module! {
    /// For any number of interpreters.
    name: many_interpreters,
    methods: [
        store, load, clear, store_other, load_other, keep, kept, drop_kept, drop_kept_in_thread,
        drop_all_later, keep_error, raise_kept_error, keywords, builtin, shared_builtin, fail,
        panic, count, count_here, work, destroyed, node, chain,
    ],
    constants: { ANSWER: 42 },
    globals: [LAST, OTHER, NODE],
    interpreters: many,
}

hpy_module! {
    /// For one interpreter.
    name: one_interpreter,
    methods: [count],
    interpreters: one,
}

hpy_module! {
    /// A module of its own, as PyPI's hpy can make no such type.
    name: derived_from_int,
    types: [Derived],
    interpreters: many,
}
