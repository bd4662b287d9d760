//! How the fields in an object's data are found: by the collector, and by what makes them the object's.

use super::PyClass;
#[cfg(feature = "universal")]
use super::base::Base;
use super::borrow::Access;
use super::field::RawField;
#[cfg(feature = "universal")]
use super::payload::Payload;
use super::payload::level;
#[cfg(feature = "universal")]
use crate::{Context, Handle, Result};
use core::ffi::{c_int, c_void};
use hpy_sys::*;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Data in which the fields are found: see [`Field`](crate::Field). `#[derive(Traverse)]` implements it for structs and enums.
///
/// # Safety
/// `traverse` shows every field in the value once, the same ones each time as long as nobody changes the value. It may be called at any time, on any thread, while Python
/// collects garbage: so it does not panic, calls no function of Python, waits for nothing, and looks at nothing that can change behind a
/// shared reference. What it passes on to another `traverse` is in the value too: it stays where it is as long as the value is shared, because
/// deep values are gone over later, after `traverse` has returned.
#[diagnostic::on_unimplemented(
    message = "fields cannot be found in `{Self}`",
    label = "not known to have fields",
    note = "put `#[derive(Traverse)]` above its definition"
)]
pub unsafe trait Traverse {
    /// Shows each field to the visitor.
    fn traverse(&self, visitor: &mut Visitor<'_>);
}

/// Values in one another that are gone over by recursion; those further in wait. Threads may have 64 KB in all.
const MOST_IN_ONE_ANOTHER: u32 = 16;

/// Who is shown the fields.
pub struct Visitor<'a> {
    /// Whether it wants to see more.
    visit: &'a mut dyn FnMut(&RawField) -> bool,
    stopped: bool,
    depth: u32,
    /// What lies too deep, each with its `traverse`. Nothing is allocated before there is any.
    later: Vec<(*const (), Traversal)>,
}

type Traversal = unsafe fn(*const (), &mut Visitor<'_>);

impl<'a> Visitor<'a> {
    /// Shows all fields in the data, until the function returns false.
    fn show<T: PyClass>(data: &T, visit: &'a mut dyn FnMut(&RawField) -> bool) {
        let mut visitor = Visitor {
            visit,
            stopped: false,
            depth: 0,
            later: Vec::new(),
        };
        data.fields(&mut visitor);
        while !visitor.stopped {
            let Some((value, traverse)) = visitor.later.pop() else {
                break;
            };
            visitor.depth = 0;
            // SAFETY: the value lies in the data, which is shared until this returns, and the function is its type's.
            unsafe { traverse(value, &mut visitor) };
        }
    }

    #[inline]
    pub(super) fn visit(&mut self, field: &RawField) {
        if !self.stopped {
            self.stopped = !(self.visit)(field);
        }
    }

    /// Goes one value further in, or puts the value off and returns false.
    ///
    /// # Safety
    /// The value is what `T::traverse` was called with. It is gone over now, and then left, if this returns true; and not at all otherwise.
    #[inline(always)]
    unsafe fn enter<T: Traverse>(&mut self, value: &T) -> bool {
        if self.depth >= MOST_IN_ONE_ANOTHER && self.put_off((value as *const T).cast(), again::<T>)
        {
            return false;
        }
        self.depth += 1;
        true
    }

    #[inline(always)]
    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Whether there was memory to do so. Where there is none, recursion is what is left.
    #[cold]
    #[inline(never)]
    fn put_off(&mut self, value: *const (), traverse: Traversal) -> bool {
        if self.stopped {
            return true;
        }
        let room = self.later.try_reserve(1).is_ok();
        if room {
            self.later.push((value, traverse));
        }
        room
    }
}

/// Goes over a value that was put off.
///
/// # Safety
/// It is a `T`, and shared.
unsafe fn again<T: Traverse>(value: *const (), visitor: &mut Visitor<'_>) {
    // SAFETY: as promised by the caller.
    unsafe { &*value.cast::<T>() }.traverse(visitor);
}

impl core::fmt::Debug for Visitor<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Visitor")
    }
}

macro_rules! in_each {
    ($($(#[$doc:meta])* [$($params:tt)*] $ty:ty, $this:ident => $items:expr;)*) => {$(
        // SAFETY: shows what the items show, each of which is gone over once.
        unsafe impl<$($params)*> Traverse for $ty {
            #[inline]
            fn traverse(&self, visitor: &mut Visitor<'_>) {
                let $this = self;
                for item in $items {
                    item.traverse(visitor);
                }
            }
        }
    )*};
}

in_each! {
    [T: Traverse] Option<T>, this => this.iter();
    [T: Traverse, const N: usize] [T; N], this => this;
}

/// The same for what has its items elsewhere: data that contains itself, by hand too, has one of these in it.
macro_rules! in_each_elsewhere {
    ($([$($params:tt)*] $ty:ty, $this:ident => $items:expr;)*) => {$(
        // SAFETY: shows what the items show, each of which is gone over once.
        unsafe impl<$($params)*> Traverse for $ty {
            #[inline]
            fn traverse(&self, visitor: &mut Visitor<'_>) {
                // SAFETY: it is gone over below, and then left.
                if unsafe { visitor.enter(self) } {
                    let $this = self;
                    for item in $items {
                        item.traverse(visitor);
                    }
                    visitor.leave();
                }
            }
        }
    )*};
}

in_each_elsewhere! {
    [T: Traverse] Box<T>, this => [&**this];
    [T: Traverse] Vec<T>, this => this;
    [T: Traverse] Box<[T]>, this => this.iter();
    [T: Traverse] VecDeque<T>, this => this;
    [K: Send + Sync, T: Traverse, S: Send + Sync] HashMap<K, T, S>, this => this.values();
    [K: Send + Sync, T: Traverse] BTreeMap<K, T>, this => this.values();
}

/// What a field of a struct is, for the macros: something that fields are found in, or something that has none.
#[doc(hidden)]
pub struct In<T: ?Sized>(core::marker::PhantomData<T>);

impl<T: Traverse> In<T> {
    /// Whether there can be any.
    pub const HAS_FIELDS: bool = true;

    /// Shows them.
    #[inline(always)]
    pub fn traverse(value: &T, visitor: &mut Visitor<'_>) {
        value.traverse(visitor);
    }

    /// Goes into a value, or puts it off and returns false: see [`Visitor::enter`].
    ///
    /// # Safety
    /// As for [`Visitor::enter`].
    #[inline(always)]
    pub unsafe fn enter(value: &T, visitor: &mut Visitor<'_>) -> bool {
        // SAFETY: as promised by the caller.
        unsafe { visitor.enter(value) }
    }

    /// Leaves what was gone into.
    #[inline(always)]
    pub fn leave(_: &T, visitor: &mut Visitor<'_>) {
        visitor.leave();
    }

    /// They are found.
    pub const fn check() {}
}

/// What [`In`] is for what does not implement [`Traverse`]: a function of `In` itself comes first.
#[doc(hidden)]
pub trait InOpaque<T: ?Sized> {
    /// There are none, as `check` sees to.
    const HAS_FIELDS: bool = false;

    /// There are none.
    #[inline(always)]
    fn traverse(_: &T, _: &mut Visitor<'_>) {}

    /// What has no size known to the compiler is gone into at any depth.
    ///
    /// # Safety
    /// None.
    #[inline(always)]
    unsafe fn enter(_: &T, _: &mut Visitor<'_>) -> bool {
        true
    }

    /// Leaves it.
    #[inline(always)]
    fn leave(_: &T, _: &mut Visitor<'_>) {}

    /// Any thread may use it, so there is no field in it.
    fn check()
    where
        T: Send + Sync,
    {
    }
}

impl<T: ?Sized> InOpaque<T> for In<T> {}

/// Shows the collector the fields of a type's own data, if there is any data, and nobody has it for himself.
///
/// The data is shared meanwhile: a collector that lets go of what the fields hold runs any Python code, which may not change it then.
///
/// # Safety
/// The memory is that of an instance of `T`, or null; `visit` and `arg` are the interpreter's.
pub(super) unsafe fn traverse_level<T: PyClass>(
    data: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: the data of an instance, or null, and zeroes are a payload.
    let Some(payload) = (unsafe { level::<T>(data).as_ref() }) else {
        return 0;
    };
    if !payload.is_alive() || !payload.access.share() {
        return 0;
    }
    let mut stop = 0;
    crate::boundary::quietly(|| {
        // SAFETY: the data is initialised, and shared until below.
        let data = unsafe { &*payload.value() };
        Visitor::show(data, &mut |field| {
            // SAFETY: the interpreter's.
            stop = unsafe { field.visit(visit, arg) };
            stop == 0
        });
    });
    payload.access.unshare();
    stop
}

/// `HPy_tp_traverse` where the interpreter asks each of an object's classes: what is the type's own.
///
/// # Safety
/// Called by the interpreter with the data of an instance of `T`, which may be memory that no constructor ran on.
unsafe extern "C" fn traverse_own<T: PyClass>(
    data: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { traverse_level::<T>(data, visit, arg) }
}

/// `HPy_tp_traverse` where it asks the most derived class alone: what is the type's own, and its bases'.
///
/// # Safety
/// As for [`traverse_own`].
#[cfg(feature = "universal")]
unsafe extern "C" fn traverse_all<T: PyClass>(
    data: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { <T as Base>::traverse(data, visit, arg) }
}

/// The trampoline of [`traverse_all`], which the package `hpy` calls.
#[cfg(feature = "universal")]
unsafe extern "C" fn trampoline<T: PyClass>(
    object: *mut cpy_PyObject,
    visit: HPyCFunction,
    arg: *mut c_void,
) -> c_int {
    let mut args = _HPyFunc_args_TRAVERSEPROC {
        self_: object,
        visit,
        arg,
        result: -1,
    };
    let function = erased(traverse_all::<T>);
    // SAFETY: the arguments and the implementation are those of the signature.
    unsafe {
        universal::call_from_trampoline(HPyFunc_TRAVERSEPROC, Some(function), &mut args);
    }
    args.result
}

fn erased(function: HPyFunc_traverseproc) -> unsafe extern "C" fn() {
    // SAFETY: who calls it goes by the slot.
    unsafe { core::mem::transmute::<HPyFunc_traverseproc, unsafe extern "C" fn()>(function) }
}

/// The functions of the slot, if there are fields to show.
pub(super) fn functions<T: PyClass>(asks_bases: bool) -> Option<[unsafe extern "C" fn(); 2]> {
    #[cfg(feature = "universal")]
    if !asks_bases {
        // SAFETY: as in `erased`.
        let trampoline = unsafe {
            core::mem::transmute::<
                unsafe extern "C" fn(*mut cpy_PyObject, HPyCFunction, *mut c_void) -> c_int,
                unsafe extern "C" fn(),
            >(trampoline::<T>)
        };
        return <T as Base>::TRAVERSES.then(|| [erased(traverse_all::<T>), trampoline]);
    }
    let _ = asks_bases;
    // Nobody calls a trampoline there.
    T::HAS_FIELDS.then(|| [erased(traverse_own::<T>); 2])
}

/// Makes all fields in an object's data the object's own, where that is something to do.
///
/// # Safety
/// The data is initialised, nobody has it for himself, and `object` is its object.
#[cfg(feature = "universal")]
#[inline(never)]
pub(super) unsafe fn bind<T: PyClass>(ctx: Context<'_>, payload: &Payload<T>, object: HPy) {
    if !crate::abi::binds_fields(ctx) || !payload.access.share() {
        return;
    }
    // SAFETY: as promised by the caller.
    unsafe {
        Visitor::show(&*payload.value(), &mut |field| {
            field.bind(ctx, object);
            true
        });
    }
    payload.access.unshare();
}

/// Empties what is the ending object's: the data's own `Drop` may take a field with it.
///
/// # Safety
/// The data is initialised, nobody borrows it, and its object ends.
#[cfg(feature = "universal")]
#[inline(never)]
pub(super) unsafe fn leave<T: PyClass>(payload: &Payload<T>) {
    // SAFETY: as promised by the caller.
    unsafe {
        Visitor::show(&*payload.value(), &mut |field| {
            field.leave();
            true
        });
    }
}

/// Makes them references on their own, so that they may be moved.
///
/// # Safety
/// As for [`bind`].
#[cfg(feature = "universal")]
#[inline(never)]
pub(super) unsafe fn loosen<T: PyClass>(object: &Handle<'_>, payload: &Payload<T>) -> Result<()> {
    let ctx = object.ctx();
    if !crate::abi::binds_fields(ctx) || !payload.access.share() {
        return Ok(());
    }
    let mut result = Ok(());
    // SAFETY: as promised by the caller.
    unsafe {
        Visitor::show(&*payload.value(), &mut |field| {
            result = field.loosen(ctx, object.as_raw());
            result.is_ok()
        });
    }
    payload.access.unshare();
    if result.is_err() {
        // SAFETY: as promised by the caller.
        unsafe { bind(ctx, payload, object.as_raw()) };
    }
    result
}
