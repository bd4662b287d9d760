//! A copy of an object's memory, where no memory is shown: through Python's `memoryview`.

use super::Layout;
use crate::cached::Cached;
use crate::types::{Bytes, List, MemoryView, Tuple, TypeObject};
use crate::{Context, Handle, Result};
use core::cell::Cell;
use core::ptr::NonNull;

/// The items of an object, the last index moving quickest, and what they were copied from.
#[derive(Debug)]
pub(super) struct Copied<'ctx> {
    view: Handle<'ctx>,
    /// Of whole words, so that every number is aligned.
    memory: NonNull<[u64]>,
    bytes: usize,
    /// Whether somebody may have written since the copy was made, or written back.
    pub(super) changed: Cell<bool>,
}

impl<'ctx> Copied<'ctx> {
    #[inline]
    pub(super) fn new(object: &Handle<'ctx>) -> Result<(Self, Layout)> {
        let ctx = object.ctx();
        let view = MemoryView::type_object(ctx)?.call1((object,))?;
        let shape = view.getattr(c"shape")?.downcast_into::<Tuple>()?;
        let shape = shape.to_vec::<isize>()?;
        let (format, itemsize) = (
            view.getattr(c"format")?.extract::<String>()?,
            view.getattr(c"itemsize")?.extract::<isize>()?,
        );
        let readonly = view.getattr(c"readonly")?.is_true()?;
        let data = if !view.getattr(c"c_contiguous")?.is_true()? {
            packed(&view, &format)?
        } else {
            view.call_method0(c"tobytes")?.downcast_into::<Bytes>()?
        };
        let data = data.as_bytes();
        let mut words = Vec::new();
        words.try_reserve_exact(data.len().div_ceil(8))?;
        words.resize(data.len().div_ceil(8), 0u64);
        let memory = NonNull::from(Box::leak(words.into_boxed_slice()));
        let copied = Self {
            view,
            memory,
            bytes: data.len(),
            changed: Cell::new(false),
        };
        let start = memory.as_ptr().cast::<u8>();
        // SAFETY: the memory has room for all bytes, and is new.
        unsafe { start.copy_from_nonoverlapping(data.as_ptr(), data.len()) };
        let layout = Layout::new(
            start,
            data.len() as isize,
            itemsize,
            format.into(),
            readonly,
            (shape.len(), &shape, &[]),
        )?;
        Ok((copied, layout))
    }

    /// Puts the items into the object, if they may have been written.
    #[inline]
    pub(super) fn write_back(&self) -> Result<()> {
        if !self.changed.replace(false) {
            return Ok(());
        }
        let ctx: Context<'ctx> = self.view.ctx();
        // SAFETY: all bytes are initialised, and nobody writes during the copy.
        let data = unsafe {
            let start = self.memory.as_ptr().cast::<u8>();
            ctx.bytes(core::slice::from_raw_parts(start, self.bytes))?
        };
        let all = ctx.builtins().get_item("slice")?.call1((ctx.none(),))?;
        let (target, source) = if self.view.getattr(c"c_contiguous")?.is_true()? {
            (self.view.call_method1(c"cast", ("B",))?, data.into_object())
        } else {
            let format = self.view.getattr(c"format")?;
            let source = MemoryView::type_object(ctx)?.call1((data,))?;
            (self.view.dup(), source.call_method1(c"cast", (format,))?)
        };
        target.set_item(&all, &source)
    }
}

/// The bytes of all items. `tobytes` of PyPy 7.3.19 mixes them up, or takes others, where they do not lie one behind the other with the
/// last index moving quickest.
#[inline]
fn packed<'ctx>(view: &Handle<'ctx>, format: &str) -> Result<Handle<'ctx, Bytes>> {
    static PACK: Cached = Cached::new(c"struct:pack");
    let ctx = view.ctx();
    let mut items = Vec::new();
    flatten(&view.call_method0(c"tolist")?, &mut items)?;
    let format = ctx.str(&format!("{}{format}", items.len()))?;
    items.insert(0, format.into_object());
    PACK.get(ctx)?.call1(items)?.downcast_into()
}

/// The items of lists within lists: as deep as a buffer has dimensions, of which there are 64 at most.
#[inline]
fn flatten<'ctx>(list: &Handle<'ctx>, items: &mut Vec<Handle<'ctx>>) -> Result<()> {
    match list.downcast::<List>() {
        Ok(list) => list.iter().try_for_each(|item| flatten(&item, items)),
        Err(_) => {
            items.try_reserve(1)?;
            items.push(list.dup());
            Ok(())
        }
    }
}

impl Drop for Copied<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the memory came from a box, and is not used again.
        drop(unsafe { Box::from_raw(self.memory.as_ptr()) });
    }
}
