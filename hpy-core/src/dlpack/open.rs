//! How a tensor is taken out of its capsule, and what is checked of it.

use super::export;
use super::raw::{CPU, Device, Layout, Managed, Unversioned, VERSION, Versioned};
use super::raw::{DataType, READ_ONLY};
use crate::backend::quirks::Quirk;
use crate::buffer::{self, Buffer, Element};
use crate::exceptions::{AttributeError, BufferError, TypeError, ValueError};
use crate::sync::with_critical_section;
use crate::types::Tuple;
use crate::types::c_capsule;
use crate::{Error, Handle, Result, call_method};
use core::ptr::NonNull;

/// More dimensions than any library has.
const MOST_DIMENSIONS: i32 = 64;

/// A tensor that was taken out of its capsule. Its deleter is called when this is dropped.
#[derive(Debug)]
pub(super) enum Taken<'ctx> {
    Unversioned(Owned<'ctx, Unversioned>),
    Versioned(Owned<'ctx, Versioned>),
}

/// The one who calls the deleter.
#[derive(Debug)]
pub(super) struct Owned<'ctx, T: Managed> {
    place: NonNull<T>,
    /// The capsule, where it cannot be told that its struct was taken: its end deletes it.
    capsule: Option<Handle<'ctx>>,
}

impl<T: Managed> Drop for Owned<'_, T> {
    fn drop(&mut self) {
        if self.capsule.is_some() {
            return;
        }
        // SAFETY: the struct was taken out of its capsule, once, and nobody uses it any more. The
        // producer lets the deleter be called on any thread, attached or not.
        unsafe { T::delete(self.place.as_ptr()) }
    }
}

impl<'ctx> Taken<'ctx> {
    /// A tensor of an object, or of a capsule.
    pub(super) fn of(object: &Handle<'ctx>) -> Result<Self> {
        if is_capsule(object) {
            return Self::out_of(object);
        }
        check_device(object)?;
        let ctx = object.ctx();
        let version = (VERSION.major, VERSION.minor);
        let capsule = match call_method!(object, "__dlpack__", max_version = version) {
            // Producers from before 2024 have no such parameter.
            Err(error) if error.is_instance_of::<TypeError>(ctx) => {
                object.call_method0(c"__dlpack__")?
            }
            other => other?,
        };
        Self::out_of(&capsule)
    }

    fn out_of(capsule: &Handle<'ctx>) -> Result<Self> {
        // Without the GIL another thread may come with the same capsule.
        with_critical_section(capsule, || {
            if let Some(taken) = take::<Versioned>(capsule)? {
                // SAFETY: a struct of any version begins with its version, and with what ends it.
                let version = unsafe { (*taken.place.as_ptr()).version };
                if version.major != VERSION.major {
                    return Err(BufferError::new(format!(
                        "the tensor has version {}.{} of DLPack: {}.x is needed",
                        version.major, version.minor, VERSION.major
                    )));
                }
                return Ok(Self::Versioned(taken));
            }
            match take::<Unversioned>(capsule)? {
                Some(taken) => Ok(Self::Unversioned(taken)),
                None => Err(not_taken(capsule)),
            }
        })
    }

    fn layout(&self) -> (&Layout, u64) {
        // SAFETY: the struct is there until this is dropped.
        unsafe {
            match self {
                Self::Unversioned(Owned { place: this, .. }) => {
                    (Managed::layout(*this), Managed::flags(*this))
                }
                Self::Versioned(Owned { place: this, .. }) => {
                    (Managed::layout(*this), Managed::flags(*this))
                }
            }
        }
    }

    /// The items, as long as this is not dropped.
    ///
    /// # Safety
    /// The buffer is dropped before this.
    pub(super) unsafe fn buffer<T: Element>(
        &self,
        object: &Handle<'ctx>,
        dimensions: usize,
    ) -> Result<Buffer<'ctx, T>> {
        let (tensor, flags) = self.layout();
        if tensor.device.kind != CPU.kind {
            return Err(other_device(tensor.device));
        }
        if !(0..=MOST_DIMENSIONS).contains(&tensor.ndim) {
            return Err(malformed("it has no such number of dimensions"));
        }
        let ndim = tensor.ndim as usize;
        let other = || other_items::<T>(tensor.dtype, ndim, dimensions);
        let format = tensor.dtype.format().filter(|_| ndim == dimensions);
        let layout = buffer_layout(tensor, format.ok_or_else(other)?, flags & READ_ONLY != 0)?;
        // SAFETY: the producer says so, and the items' place is not given up before this is
        // dropped.
        unsafe { Buffer::pinned(object, layout) }.map_err(|_| other())
    }
}

fn is_capsule(object: &Handle<'_>) -> bool {
    object.is_instance_of::<crate::types::AnyCapsule>()
}

/// The struct, if the capsule's name says that it is one of these and nobody has taken it.
fn take<'ctx, T: Managed>(capsule: &Handle<'ctx>) -> Result<Option<Owned<'ctx, T>>> {
    let Some(place) = c_capsule::pointer(capsule, T::NAME) else {
        return Ok(None);
    };
    let place = place.cast::<T>();
    let ctx = capsule.ctx();
    // SAFETY: by the capsule's name it is such a struct.
    let is_own = export::is_own(unsafe { T::deleter(place) });
    if ctx.has(Quirk::CAPSULES_KEEP_THEIR_NAMES)
        || ctx.has(Quirk::CAPSULES_END_WITH_FIRST_NAME) && !is_own
    {
        let capsule = Some(capsule.dup());
        return Ok(Some(Owned { place, capsule }));
    }
    c_capsule::rename(capsule, T::USED)?;
    let capsule = None;
    Ok(Some(Owned { place, capsule }))
}

#[cold]
fn not_taken(capsule: &Handle<'_>) -> Error {
    let used = [Versioned::USED, Unversioned::USED];
    match used
        .iter()
        .any(|name| c_capsule::pointer(capsule, name).is_some())
    {
        true => ValueError::new(
            "the capsule's tensor has been consumed already: call __dlpack__ for another one",
        ),
        false => Error::wrong_type(
            "capsule named 'dltensor' or 'dltensor_versioned'".into(),
            capsule,
        ),
    }
}

/// The producer is asked before it makes anything, as it may have to wait for a device.
fn check_device(object: &Handle<'_>) -> Result<()> {
    let device = match call_method!(object, "__dlpack_device__") {
        Err(error) if error.is_instance_of::<AttributeError>(object.ctx()) => {
            return Err(match object.hasattr(c"__dlpack_device__")? {
                true => error,
                false => {
                    let expected = "a tensor, an object with __dlpack__ and __dlpack_device__";
                    Error::wrong_type(expected.into(), object)
                }
            });
        }
        other => other?,
    };
    let (Some(kind), Some(id)) = (
        device.downcast::<Tuple>()?.get(0),
        device.downcast::<Tuple>()?.get(1),
    ) else {
        return Err(malformed("__dlpack_device__ returned no pair"));
    };
    // Producers return members of an enum.
    let device = Device {
        kind: kind.extract()?,
        id: id.extract()?,
    };
    match device.kind == CPU.kind {
        true => Ok(()),
        false => Err(other_device(device)),
    }
}

/// Shape, strides and place of the items, if they can be those of memory.
fn buffer_layout(
    tensor: &Layout,
    format: &'static str,
    readonly: bool,
) -> Result<Box<buffer::Layout>> {
    let ndim = tensor.ndim as usize;
    let itemsize = isize::from(tensor.dtype.bits) / 8;
    let shape = numbers(tensor.shape, ndim)
        .filter(|shape| shape.iter().all(|size| *size >= 0))
        .ok_or_else(|| malformed("its shape is missing, or negative"))?;
    let items = shape
        .iter()
        .try_fold(1isize, |all, size| all.checked_mul(*size));
    let bytes = items.and_then(|items| items.checked_mul(itemsize));
    let bytes = bytes.ok_or_else(|| malformed("it is larger than memory"))?;
    let strides = match tensor.strides.is_null() {
        true => Vec::new(),
        false => {
            let strides = numbers(tensor.strides, ndim);
            let in_bytes = |stride: isize| stride.checked_mul(itemsize);
            let strides = strides.and_then(|all| all.into_iter().map(in_bytes).collect());
            strides.ok_or_else(|| malformed("its strides are larger than memory"))?
        }
    };
    let offset = usize::try_from(tensor.byte_offset).ok();
    let start = offset.and_then(|offset| tensor.data.addr().checked_add(offset).map(|_| offset));
    let start = tensor
        .data
        .cast::<u8>()
        .wrapping_add(start.ok_or_else(outside)?);
    if bytes > 0 && tensor.data.is_null() {
        return Err(malformed("it has items, and no memory"));
    }
    let layout = buffer::Layout::new(
        start,
        bytes,
        itemsize,
        format.into(),
        readonly,
        (ndim, &shape, &strides),
    )?;
    match layout.is_in_memory() {
        true => Ok(layout),
        false => Err(outside()),
    }
}

/// As many numbers, which C has as `int64_t`.
fn numbers(start: *const i64, count: usize) -> Option<Vec<isize>> {
    if count == 0 {
        return Some(Vec::new());
    }
    if start.is_null() {
        return None;
    }
    // SAFETY: a tensor has a number for each dimension, and is not written meanwhile.
    let numbers = unsafe { core::slice::from_raw_parts(start, count) };
    numbers
        .iter()
        .map(|number| isize::try_from(*number).ok())
        .collect()
}

#[cold]
fn other_device(device: Device) -> Error {
    let name = match device.kind {
        2 => "CUDA",
        3 => "CUDA's host memory",
        4 => "OpenCL",
        7 => "Vulkan",
        8 => "Metal",
        10 => "ROCm",
        13 => "CUDA's managed memory",
        14 => "oneAPI",
        15 => "WebGPU",
        kind => {
            return BufferError::new(format!(
                "a tensor on the CPU is needed, not one on device {kind}:{}: copy it there first",
                device.id
            ));
        }
    };
    BufferError::new(format!(
        "a tensor on the CPU is needed, not one in {name} (device {}): copy it there first",
        device.id
    ))
}

/// Says what is needed, and what the tensor is.
#[cold]
fn other_items<T: Element>(found: DataType, ndim: usize, dimensions: usize) -> Error {
    let expected = DataType::of::<T>().name();
    TypeError::new(format!(
        "a tensor of {expected} with {} is needed, not one of {} with {}",
        counted(dimensions),
        found.name(),
        counted(ndim)
    ))
}

fn counted(dimensions: usize) -> String {
    match dimensions {
        1 => "1 dimension".to_owned(),
        _ => format!("{dimensions} dimensions"),
    }
}

fn outside() -> Error {
    malformed("its items lie outside of memory")
}

#[cold]
fn malformed(why: &str) -> Error {
    ValueError::new(format!("malformed tensor: {why}"))
}
