//! Memory of Rust that Python has a share in, as an object of its own.

use super::{new_object, rust_type};
use crate::buffer::{Element, Export, Memory};
use crate::class::{FixedInt, TypeMethods};
use crate::entry::arguments_and_results::receiver;
use crate::entry::definition::MethodStatic;
use crate::entry::slots::{self, definitions::slot_def};
use crate::{Context, Handle, Result};

/// Gives out shares of the memory, each for a view.
trait Shared: Send + Sync {
    fn share(&self) -> Export;
}

impl<T: Element> Shared for Memory<T> {
    #[inline]
    fn share(&self) -> Export {
        // Nobody can reach the memory here but by its views.
        Memory::share(self)
    }
}

/// The data of such an object.
pub struct RustMemory(Box<dyn Shared>);

/// An object that exports the items, and frees them when it and all views of it have ended.
pub(crate) fn new<'ctx, T: Element>(ctx: Context<'ctx>, items: Vec<T>) -> Result<Handle<'ctx>> {
    let memory = RustMemory(Box::new(Memory::from(items)));
    Ok(new_object(ctx, memory)?.into_object())
}

rust_type! {
    RustMemory, "memory", "Memory that Rust has allocated.", TypeMethods {
        definitions: &[GET_BUFFER.def(c""), RELEASE_BUFFER.def(c"")],
        special: &["__buffer__"],
        ..TypeMethods::NONE
    }
}

struct GetBuffer;

static GET_BUFFER: MethodStatic =
    slot_def(hpy_sys::HPy_bf_getbuffer, slots::get_buffer::<GetBuffer>());

static RELEASE_BUFFER: MethodStatic =
    slot_def(hpy_sys::HPy_bf_releasebuffer, slots::release_buffer());

impl FixedInt<0> for GetBuffer {
    #[inline]
    fn call<'ctx>(_: Context<'ctx>, this: &Handle<'ctx>, _: [&Handle<'ctx>; 0]) -> Result<isize> {
        let memory = receiver::<false, RustMemory>(this)?;
        crate::buffer::hand_out(memory.0.share());
        Ok(0)
    }
}

impl core::fmt::Debug for RustMemory {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RustMemory")
    }
}
