//! What lies in an object's memory: the data, and whether it is there.
//!
//! Memory that no constructor ran on is zeroed. The first word says otherwise: the address of the
//! type's own static, which no other type has. So an object whose class was exchanged for another
//! with other data is told apart too.

use super::PyClass;
use super::access::Access;
use super::base::{Base, end_of, offset_of};
use super::kind::ClassKind;
use super::threads::{Threads, was_left_behind, wrong_thread};
#[cfg(feature = "universal")]
use crate::backend::dispatch::own;
use crate::backend::quirks::Quirk;
use crate::exceptions::{RuntimeError, TypeError};
use crate::object::handle::Borrowed;
use crate::{Error, Handle, Result};
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicPtr, Ordering};
use hpy_sys::capi::PyObject;
use hpy_sys::{HPy, HPyType_BuiltinShape_Object, cpython};

/// Which layout [`Payload`] has. It changes with the layout, with `Access`, with what `state` says,
/// and with the place of the data in an object, which `hpy-sys` decides.
pub(super) const PAYLOAD_VERSION: usize = 1;

/// The data of an object, in its memory.
#[repr(C)]
pub(crate) struct Payload<T: PyClass> {
    /// The address of `T::place()` while `value` is initialised; null before, another address
    /// after.
    state: AtomicPtr<c_void>,
    pub(super) access: T::Access,
    /// Which thread may use the data.
    threads: T::Threads,
    value: UnsafeCell<MaybeUninit<T>>,
}

impl<T: PyClass> Payload<T> {
    /// How the memory says that the data is a `T`.
    #[inline(always)]
    pub(super) fn alive() -> *mut c_void {
        let own = core::ptr::from_ref(T::place()).cast_mut().cast();
        match T::sharing() {
            Some(sharing) => sharing.alive(own),
            None => own,
        }
    }

    /// How it says that there was a `T`.
    fn gone() -> *mut c_void {
        Self::alive().wrapping_byte_add(1)
    }

    #[inline(always)]
    pub(super) fn is_alive(&self) -> bool {
        self.state.load(Ordering::Acquire) == Self::alive()
    }

    /// Whether there is data that this thread may use.
    #[inline(always)]
    pub(super) fn is_usable(&self) -> bool {
        self.is_alive() && self.threads.is_here()
    }

    /// Whether nobody has filled the memory yet, nor will but the caller. What built-in types make
    /// may be known to other threads.
    #[inline(always)]
    fn claim(&self) -> bool {
        let (zero, order) = (core::ptr::null_mut(), Ordering::Relaxed);
        if <T as Base>::BUILT_IN {
            let claimed = self
                .state
                .compare_exchange(zero, Self::gone(), order, order);
            return claimed.is_ok();
        }
        self.state.load(order).is_null()
    }

    /// The data, which is initialised as long as `is_alive`.
    #[inline(always)]
    pub(super) fn value(&self) -> *mut T {
        self.value.get().cast()
    }
}

/// How large the memory is that objects have for the data, with that of the bases.
pub(super) const fn size_of_payload<T: PyClass>() -> usize {
    const {
        assert!(
            align_of::<Payload<T>>() <= 2 * size_of::<usize>(),
            "data is aligned to two words at most: put what needs more into a Box"
        );
        assert!(
            <T as Base>::SIZE <= i32::MAX as usize,
            "an object's memory has less than 2 GB: put the data into a Box"
        );
        if T::LEGACY.is_some() {
            super::check_legacy_base::<T::Base>();
        }
    }
    <T as Base>::SIZE
}

/// The memory for data of an object; null where it has none.
///
/// # Safety
/// The object is an instance of `T`.
#[inline(always)]
unsafe fn memory<T: PyClass>(object: &Handle<'_>) -> *mut Payload<T> {
    let (ctx, raw) = (object.ctx().as_ptr(), object.as_raw());
    // SAFETY: as promised by the caller, so the object has the shape of `T`.
    unsafe {
        let data = <T as Base>::data(ctx, raw);
        if crate::backend::is_no_data(data) {
            return core::ptr::null_mut();
        }
        level(data)
    }
}

/// Where the type's own data lies in the memory that an object has for all data; null where it has
/// none.
///
/// Interpreters align the memory to two words, but PyPy 7.3.19 to one: a `u128` is a word further
/// there. An object's memory never moves.
///
/// # Safety
/// The memory is that of an instance of `T`, or null.
#[inline(always)]
pub(super) unsafe fn level<T: PyClass>(data: *mut c_void) -> *mut Payload<T> {
    if const { offset_of::<T>() == 0 && <T as Base>::ALIGN <= size_of::<usize>() } || data.is_null()
    {
        return data.cast();
    }
    let data = data.map_addr(|address| aligned(address, <T as Base>::ALIGN));
    // SAFETY: the memory is as large as the class and its bases say.
    unsafe { data.byte_add(offset_of::<T>()).cast() }
}

/// The next address that suits data of this alignment. Memory is aligned to one word at least.
#[inline(always)]
fn aligned(address: usize, align: usize) -> usize {
    match align > size_of::<usize>() {
        true => address.next_multiple_of(align),
        false => address,
    }
}

/// Whether an object is seen, without the search, to have the type's data, in a layout that is
/// known. No says nothing.
#[inline(always)]
fn is_seen_to_be<T: PyClass>(object: &Handle<'_>) -> bool {
    match T::KIND {
        ClassKind::Struct => T::place().is_seen_to_be_type_of(object),
        ClassKind::Enum => T::place().is_seen_to_be_base_of_class_of(object),
        ClassKind::Variant => false,
    }
}

/// The initialised data of an object.
#[inline(always)]
pub(super) fn payload<'a, T: PyClass>(object: &'a Handle<'_>) -> Result<&'a Payload<T>> {
    // Where all is known in line, an instance of the class itself takes a few instructions;
    // whatever else there is, a call.
    if <T as Base>::SHAPE == HPyType_BuiltinShape_Object && is_seen_to_be::<T>(object) {
        // SAFETY: just seen, and so is the layout. The data lives as long as the object, which the
        // handle keeps alive, and zeroes are a payload.
        let payload = unsafe { &*level::<T>(cpython::data_in_line(object.as_raw())) };
        if payload.is_usable() {
            return Ok(payload);
        }
    }
    // What panics in debug builds does so here, where that may unwind.
    object.ctx().assert_attached();
    #[cfg(feature = "universal")]
    if <T as Base>::SHAPE == HPyType_BuiltinShape_Object
        && !own(object.ctx())
        && let Some(payload) = measured_at_once(object.by_value())
    {
        return Ok(payload);
    }
    match searched(object.by_value()) {
        Some(payload) => Ok(payload),
        None => Err(without_data::<T>(object.by_value())),
    }
}

/// The same by one function per type.
#[inline(never)]
pub(super) fn payload_out_of_line<'a, T: PyClass>(
    object: &'a Handle<'_>,
) -> Result<&'a Payload<T>> {
    payload(object)
}

/// By the one word that PyPy's own HPy needs for it. None says nothing.
#[cfg(feature = "universal")]
#[inline(always)]
fn measured_at_once<'a, T: PyClass>(object: Borrowed<'a, '_>) -> Option<&'a Payload<T>> {
    if T::KIND == ClassKind::Variant || !T::place().is_measured(&object) {
        return None;
    }
    measured::<T>(&object).filter(|payload| payload.threads.is_here())
}

/// By all means but the quick ones.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn searched<'a, T: PyClass>(object: Borrowed<'a, '_>) -> Option<&'a Payload<T>> {
    found::<T>(&object).filter(|payload| payload.threads.is_here())
}

/// Initialised data, whichever thread may use it.
#[inline]
fn found<'a, T: PyClass>(object: &Borrowed<'a, '_>) -> Option<&'a Payload<T>> {
    if T::KIND == ClassKind::Variant {
        // It has none of its own.
        return None;
    }
    #[cfg(feature = "universal")]
    if <T as Base>::SHAPE == HPyType_BuiltinShape_Object
        && object.ctx().has(Quirk::DATA_IS_MEASURED)
    {
        return measured(object);
    }
    if !T::check(object) {
        return None;
    }
    // GraalPy lets an object of its own get any class.
    #[cfg(feature = "universal")]
    if own(object.ctx()) && !hpy_sys::capi::has_memory(object.as_raw()) {
        return None;
    }
    // SAFETY: just checked. The data lives as long as the object, which the handle keeps alive, and
    // zeroes are a payload.
    let payload = unsafe { memory::<T>(object).as_ref() };
    payload.filter(|payload| payload.is_alive())
}

/// Where a type is asked for by a call of its own, but the memory of any object can be looked at:
/// what begins with the address of the type's static was filled by the type. Data behind that of a
/// base may have anything there, so the type is asked for.
#[cfg(feature = "universal")]
#[inline]
fn measured<'a, T: PyClass>(object: &Borrowed<'a, '_>) -> Option<&'a Payload<T>> {
    if const { offset_of::<T>() != 0 } && !T::check(object) {
        return None;
    }
    let (data, size) = crate::backend::measured_data(object)?;
    if size < const { end_of::<T>() } {
        return None;
    }
    // SAFETY: the memory is large enough, and aligned as the state is, which stands first.
    unsafe {
        let payload = level::<T>(data);
        let state = AtomicPtr::from_ptr((&raw mut (*payload).state).cast::<*mut c_void>());
        if state.load(Ordering::Acquire) != Payload::<T>::alive() {
            return None;
        }
        // It was filled. The data lives as long as the object, which the handle keeps alive.
        Some(&*payload)
    }
}

/// Why an object has no data of the type.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // as above
extern "C" fn without_data<T: PyClass>(object: Borrowed<'_, '_>) -> Error {
    if T::check(&object) {
        if T::Threads::IS_BOUND && found::<T>(&object).is_some() {
            return wrong_thread(T::DESCRIPTION.name);
        }
        uninitialised(T::DESCRIPTION.name)
    } else if T::sharing().is_some() && matches!(T::place().get(object.ctx()), Ok(None)) {
        super::shared::not_taken(T::DESCRIPTION.name)
    } else {
        T::wrong_type(&object)
    }
}

#[cold]
#[inline(never)]
fn uninitialised(name: &str) -> Error {
    let parts = ["this ", name, " was not made by ", name, ".__new__()"];
    TypeError::new(crate::error::joined(&parts))
}

/// Whether [`fill_in_line`] may fill objects of the type: the data follows the header, and is
/// aligned there. Objects lie at whole words at least.
pub(super) const fn fills_in_line<T: PyClass>() -> bool {
    <T as Base>::SHAPE.0 == HPyType_BuiltinShape_Object.0
        && align_of::<Payload<T>>() <= align_of::<usize>()
}

/// Puts the value into a new object of a known layout.
///
/// # Safety
/// The object is an instance of `T`, which [`fills_in_line`], and nobody else has seen it. The
/// context is the own runtime's.
#[inline(always)]
pub(super) unsafe fn fill_in_line<T: PyClass>(object: *mut PyObject, value: T) {
    // SAFETY: CPython has allocated the memory just now, zeroed, large enough by the type's spec,
    // and aligned to two words. It has the same effect as `fill`.
    unsafe {
        let _i = object as isize;
        let memory = level::<T>(cpython::data_in_line(HPy { _i }));
        write(memory, value);
    }
}

/// # Safety
/// The memory is a new payload's, which nobody else has seen, or has claimed.
#[inline(always)]
unsafe fn write<T: PyClass>(memory: *mut Payload<T>, value: T) {
    // SAFETY: as promised by the caller.
    unsafe {
        (&raw mut (*memory).access).write(T::Access::NEW);
        (&raw mut (*memory).threads).write(T::Threads::new());
        (*memory).value().write(value);
        (*memory)
            .state
            .store(Payload::<T>::alive(), Ordering::Release);
    }
}

/// Whether the type's data is all that its objects have, beside no built-in value.
#[cfg(feature = "universal")]
pub(super) const fn is_measured_alone<T: PyClass>() -> bool {
    <T as Base>::SHAPE.0 == HPyType_BuiltinShape_Object.0
        && offset_of::<T>() == 0
        && !matches!(T::KIND, ClassKind::Variant)
}

/// Puts the value into a new object.
///
/// # Safety
/// The object is an instance of `T` that nobody else has seen, or, where a built-in type made it,
/// any object.
#[inline]
pub(super) unsafe fn fill<T: PyClass>(object: &Handle<'_>, value: T) -> Result<()> {
    if T::KIND == ClassKind::Variant {
        // The data is all the enum's.
        return Ok(());
    }
    if <T as Base>::BUILT_IN && !T::check(object) {
        // `type.__new__` leaves it to the metaclass of a base, which returns what it likes.
        return Err(no_memory_for(T::DESCRIPTION.name));
    }
    let in_line = <T as Base>::SHAPE == HPyType_BuiltinShape_Object
        && object.ctx().raw.is_direct()
        && object.ctx().layout_known();
    // SAFETY: just checked, or as promised by the caller. In line, CPython has allocated the memory
    // just now, zeroed, large enough by the type's spec, and aligned.
    unsafe {
        if !in_line {
            let data = <T as Base>::data(object.ctx().as_ptr(), object.as_raw());
            return fill_at(object, data, value);
        }
        write(level::<T>(cpython::data_in_line(object.as_raw())), value);
    }
    set_call::<T>(object)
}

/// The same, where all data of the object lies at this address.
///
/// # Safety
/// As for [`fill`], and so the context says.
#[inline]
pub(super) unsafe fn fill_at<T: PyClass>(
    object: &Handle<'_>,
    data: *mut c_void,
    value: T,
) -> Result<()> {
    let room = const {
        &Room {
            offset: offset_of::<T>(),
            align: <T as Base>::ALIGN,
            end: end_of::<T>(),
        }
    };
    // SAFETY: as promised by the caller: the memory is the object's own, large enough by the type's
    // spec, zeroed, aligned, and seen by nobody else, or claimed.
    unsafe {
        let memory: *mut Payload<T> = room_in(object, data, room).cast();
        if memory.is_null() || !(*memory).claim() {
            // Or a base's constructor has run already. What is there is dropped by the object.
            return Err(no_memory_for(T::DESCRIPTION.name));
        }
        write(memory, value);
        #[cfg(feature = "universal")]
        if T::HAS_FIELDS && !object.ctx().raw.is_direct() {
            super::traverse::bind(object.ctx(), &*memory, object.as_raw());
        }
    }
    set_call::<T>(object)
}

/// What `HPy_New` does for objects that it makes.
#[inline(always)]
fn set_call<T: PyClass>(object: &Handle<'_>) -> Result<()> {
    if <T as Base>::BUILT_IN
        && let Some(call) = <T as Base>::CALL
        && !object.ctx().has(Quirk::CALL_IS_NO_SLOT)
    {
        // SAFETY: the type has `HPy_tp_call`, and the function is a static's.
        unsafe { super::call_place::set_call_function(object, call)? };
    }
    Ok(())
}

/// Where a type's own data lies in the data of an object.
struct Room {
    offset: usize,
    align: usize,
    end: usize,
}

/// The room in the data of a new object; null where it has none. One function for all types.
///
/// # Safety
/// `data` is what the context says of the object, whose class has the room.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // as above
unsafe extern "C" fn room_in(object: &Handle<'_>, data: *mut c_void, room: &Room) -> *mut c_void {
    if data.is_null() || crate::backend::is_no_data(data) {
        return core::ptr::null_mut();
    }
    #[cfg(not(feature = "universal"))]
    let _ = (object, room.end);
    // Of a class with several bases PyPy's own HPy makes room for the data of the first one alone.
    #[cfg(feature = "universal")]
    if object.ctx().has(Quirk::DATA_IS_MEASURED)
        // SAFETY: the address is that of the object's data.
        && unsafe { crate::backend::measure(data) } < room.end
    {
        return core::ptr::null_mut();
    }
    let data = data.map_addr(|address| aligned(address, room.align));
    // SAFETY: the memory is as large as the class and its bases say.
    unsafe { data.byte_add(room.offset) }
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // as above
extern "C" fn no_memory_for(name: &str) -> Error {
    // GraalPy 24's own HPy gives instances of Python's subclasses none.
    let parts = [
        "an instance of this class has no room for the data of ",
        name,
    ];
    RuntimeError::new(crate::error::joined(&parts))
}

/// `HPy_tp_destroy` for the bundled runtime, for hosts, and for those that
/// [measure data](Quirk::DATA_IS_MEASURED).
pub(super) fn destroy_functions<T: PyClass>() -> [hpy_sys::HPyFunc_destroyfunc; 3] {
    #[cfg(feature = "universal")]
    {
        let is_object = <T as Base>::SHAPE == HPyType_BuiltinShape_Object;
        let measured: hpy_sys::HPyFunc_destroyfunc = if is_object {
            destroy_measured::<T>
        } else {
            destroy_by_host::<T>
        };
        [destroy::<T>, destroy_by_host::<T>, measured]
    }
    #[cfg(not(feature = "universal"))]
    [destroy::<T>; 3]
}

/// `HPy_tp_destroy`: drops the data of the class and of its bases, if there is any. Some
/// interpreters call it for each of them: what is dropped already is left alone.
///
/// # Safety
/// Called by the interpreter with the data of an instance of `T` that ends.
unsafe extern "C" fn destroy<T: PyClass>(data: *mut c_void) {
    // SAFETY: as promised by the caller.
    unsafe { <T as Base>::destroy(data) }
}

/// The same, called by a host: nobody attaches meanwhile.
///
/// # Safety
/// As for [`destroy`].
#[cfg(feature = "universal")]
unsafe extern "C" fn destroy_by_host<T: PyClass>(data: *mut c_void) {
    // SAFETY: as promised by the caller.
    crate::backend::while_destroying(|| unsafe { destroy::<T>(data) });
}

/// `HPy_tp_destroy` where classes are exchanged for others with more data: memory that was not made
/// for an instance is left alone.
///
/// # Safety
/// As for [`destroy`], by an interpreter that [measures data](Quirk::DATA_IS_MEASURED).
#[cfg(feature = "universal")]
unsafe extern "C" fn destroy_measured<T: PyClass>(data: *mut c_void) {
    // SAFETY: as promised by the caller.
    unsafe {
        if !crate::backend::is_no_data(data) && crate::backend::measure(data) >= <T as Base>::SIZE {
            destroy_by_host::<T>(data);
        }
    }
}

/// Drops what is the type's own.
///
/// # Safety
/// The memory is that of an instance of `T` that ends, or null.
#[inline(always)]
pub(super) unsafe fn drop_level<T: PyClass>(data: *mut c_void) {
    if !core::mem::needs_drop::<T>() {
        return;
    }
    // SAFETY: the data of an instance, or null, and zeroes are a payload.
    let Some(payload) = (unsafe { level::<T>(data).as_ref() }) else {
        return;
    };
    if !payload.is_alive() {
        return;
    }
    payload.state.store(Payload::<T>::gone(), Ordering::Release);
    if !payload.threads.is_here() {
        return was_left_behind(T::DESCRIPTION.name);
    }
    #[cfg(feature = "universal")]
    if T::HAS_FIELDS {
        // SAFETY: the data is initialised, and its object ends.
        unsafe { super::traverse::leave(payload) };
    }
    // SAFETY: the value is initialised, and dropped this one time, as the state shows from here on.
    // Nobody borrows from an object that ends.
    crate::entry::guard::quietly(|| unsafe { core::ptr::drop_in_place(payload.value()) });
}
