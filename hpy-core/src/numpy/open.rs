//! How the memory of an array is opened, and kept in its place.
//!
//! Nothing here trusts an address that Python code can choose: `__array_interface__` is not read.
//! Where numpy's structs are not read, the buffer protocol says where the items lie.

use super::NdArray;
use super::dtypes::name_of;
use crate::buffer::{Buffer, Element, Kind};
use crate::exceptions::TypeError;
use crate::storage::lookup::Lookup;
use crate::types::TypeObject;
use crate::{Error, Handle, Result, backend};

// numpy's own: a subclass may have methods of its own, which say nothing about the items.
static VIEW: Lookup = Lookup::new(c"numpy:ndarray.view");
static BASE: Lookup = Lookup::new(c"numpy:ndarray.base");
static DTYPE: Lookup = Lookup::new(c"numpy:ndarray.dtype");
static FLAGS: Lookup = Lookup::new(c"numpy:ndarray.flags");
static IN_ORDER: Lookup = Lookup::new(c"numpy:ascontiguousarray");
static COPY: Lookup = Lookup::new(c"numpy:copyto");

/// The items of an array, and what keeps them in their place.
#[derive(Debug)]
pub(crate) struct Opened<'ctx, T> {
    pub(crate) buffer: Buffer<'ctx, T>,
    held: Held<'ctx>,
}

#[derive(Debug)]
enum Held<'ctx> {
    Nothing,
    Pin(#[allow(dead_code)] backend::ArrayPin<'ctx>),
    /// The buffer is of an array that numpy has made of this one, one item behind the other: a
    /// memoryview of arrays with gaps cannot be written, and not everywhere be read.
    Original(Handle<'ctx>),
}

impl<T: Element> Opened<'_, T> {
    /// Puts what was written into the array, where the buffer is a copy.
    pub(crate) fn write_back(&self) -> Result<()> {
        match &self.held {
            Held::Original(array) if self.buffer.is_changed() => {
                self.buffer.write_back()?;
                COPY.get(array.ctx())?
                    .call1((array, self.buffer.object()))?;
                Ok(())
            }
            _ => self.buffer.write_back(),
        }
    }
}

/// As that of a buffer.
impl<T> Drop for Opened<'_, T> {
    fn drop(&mut self) {
        if let Held::Original(array) = &self.held
            && self.buffer.is_changed()
            && crate::thread::detached::put_off(|| ()).is_some()
        {
            let written = self.buffer.write_back_items();
            let copy = |()| {
                COPY.get(array.ctx())?
                    .call1((array, self.buffer.object_of()))
            };
            drop(written.and_then(copy));
        }
    }
}

#[inline]
pub(crate) fn open<'ctx, T: Element>(
    object: &Handle<'ctx>,
    dimensions: usize,
) -> Result<Opened<'ctx, T>> {
    if let Some((pin, layout)) = backend::array(object)? {
        let fits = layout.shape().len() == dimensions;
        // SAFETY: the pin keeps the memory, and is kept beside the buffer, which holds the array.
        let buffer = fits.then(|| unsafe { Buffer::pinned(object, layout) });
        if let Some(Ok(buffer)) = buffer {
            let held = Held::Pin(pin);
            return Ok(Opened { buffer, held });
        }
    }
    open_slowly(object, dimensions)
}

#[cold]
#[inline(never)]
fn open_slowly<'ctx, T: Element>(
    object: &Handle<'ctx>,
    dimensions: usize,
) -> Result<Opened<'ctx, T>> {
    let array = object.downcast::<NdArray>()?;
    let opened = match T::KIND {
        Kind::Datetime | Kind::Timedelta => {
            let dtype = dtype_of(array)?;
            let kind = if T::KIND == Kind::Datetime { "M" } else { "m" };
            let is_this = dtype.getattr(c"kind")?.extract::<String>()? == kind;
            if !is_this || !dtype.getattr(c"isnative")?.is_truthy()? {
                return Err(other_items::<T>(array, dimensions));
            }
            // Of numpy's own class: a subclass may take another dtype for its own.
            let class = NdArray::type_object(object.ctx())?;
            let numbers = VIEW.get(object.ctx())?.call1((array, "i8", class))?;
            // SAFETY: both types are an `i64` in memory.
            unsafe { open::<i64>(&numbers, dimensions)?.read_as() }
        }
        _ if !object.ctx().raw.is_direct() => copied(array, dimensions)?,
        _ => {
            // First, as the array must not move between the two.
            let pin = pin(array)?;
            let buffer = object.buffer::<T>();
            let buffer = buffer.map_err(|_| other_items::<T>(array, dimensions))?;
            let held = pin.map_or(Held::Nothing, Held::Pin);
            Opened { buffer, held }
        }
    };
    if opened.buffer.ndim() != dimensions {
        return Err(other_items::<T>(array, dimensions));
    }
    Ok(opened)
}

/// A copy, for host contexts.
fn copied<'ctx, T: Element>(
    array: &Handle<'ctx, NdArray>,
    dimensions: usize,
) -> Result<Opened<'ctx, T>> {
    let ctx = array.ctx();
    // numpy's memoryviews do not keep the memory in its place either.
    let pin = pin(array)?;
    let flags = FLAGS.get(ctx)?.call_method1(c"__get__", (array,))?;
    let other = |_| other_items::<T>(array, dimensions);
    if flags.get_item("C_CONTIGUOUS")?.is_truthy()? {
        let buffer = array.as_object().buffer::<T>().map_err(other)?;
        let held = pin.map_or(Held::Nothing, Held::Pin);
        return Ok(Opened { buffer, held });
    }
    let in_order = IN_ORDER.get(ctx)?.call1((array,))?;
    let mut buffer = in_order.buffer::<T>().map_err(other)?;
    if !flags.get_item("WRITEABLE")?.is_truthy()? {
        buffer.forbid_writing();
    }
    let held = Held::Original(array.as_object().dup());
    Ok(Opened { buffer, held })
}

impl<'ctx, T: Element> Opened<'ctx, T> {
    /// # Safety
    /// The types have one size and one alignment.
    unsafe fn read_as<U: Element>(self) -> Opened<'ctx, U> {
        let this = core::mem::ManuallyDrop::new(self);
        // SAFETY: the fields are moved once, out of what is not dropped; as promised by the caller.
        unsafe {
            Opened {
                buffer: core::ptr::read(&this.buffer).read_as(),
                held: core::ptr::read(&this.held),
            }
        }
    }
}

/// As the backend's, at the Python level.
fn pin<'ctx>(array: &Handle<'ctx, NdArray>) -> Result<Option<backend::ArrayPin<'ctx>>> {
    let ctx = array.ctx();
    let base = BASE.get(ctx)?;
    let mut owner = array.as_object().dup();
    loop {
        let next = base.call_method1(c"__get__", (&owner,))?;
        if next.is_none() {
            let weak = Some(ctx.weakref(&owner)?.into_object());
            let owner = Some(owner);
            return Ok(Some(backend::ArrayPin { owner, weak }));
        }
        owner = next;
        if !owner.is_instance_of::<NdArray>() {
            let (owner, weak) = (Some(owner), None);
            return Ok(Some(backend::ArrayPin { owner, weak }));
        }
    }
}

pub(super) fn dtype_of<'ctx>(array: &Handle<'ctx, NdArray>) -> Result<Handle<'ctx>> {
    let dtype = DTYPE.get(array.ctx())?;
    dtype.call_method1(c"__get__", (array,))
}

/// Says what is needed, and what the array is.
fn other_items<T: Element>(array: &Handle<'_, NdArray>, dimensions: usize) -> Error {
    let found = || -> Result<String> {
        let dtype = dtype_of(array)?;
        let found = array.getattr(c"ndim")?.extract::<usize>()?;
        let swapped = match dtype.getattr(c"isnative")?.is_truthy()? {
            true => "",
            false => " with its bytes swapped",
        };
        Ok(format!("{dtype}{swapped} with {}", counted(found)))
    };
    match found() {
        Ok(found) => TypeError::new(format!(
            "an array of {} with {} is needed, not one of {found}",
            name_of::<T>(),
            counted(dimensions)
        )),
        Err(error) => error,
    }
}

fn counted(dimensions: usize) -> String {
    match dimensions {
        1 => "1 dimension".to_owned(),
        _ => format!("{dimensions} dimensions"),
    }
}
