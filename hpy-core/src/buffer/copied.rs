//! A copy of an object's memory, in C order.
//!
//! There are two ways to copy. A context that shows no memory is asked through Python's
//! `memoryview`. An interpreter that shows memory and may move it while there is a view is asked
//! for a view each time, which ends before Python code runs.

use super::Layout;
use crate::backend::quirks::Quirk;
use crate::exceptions::BufferError;
use crate::storage::lookup::Lookup;
use crate::types::{Bytes, List, MemoryView, Tuple, TypeObject};
use crate::{Context, Handle, Result, backend};
use core::cell::Cell;
use core::ptr::NonNull;

/// The items of an object, and where they go when they are written back.
#[derive(Debug)]
pub(super) struct Copied<'ctx> {
    source: Source<'ctx>,
    memory: Words,
    /// Whether the object's own items lie in this order, one behind the other.
    pub(super) was_c_contiguous: bool,
    /// Whether somebody may have written since the copy was made, or written back.
    pub(super) changed: Cell<bool>,
}

#[derive(Debug)]
enum Source<'ctx> {
    /// By Python's `memoryview` of the object, which had this shape and format.
    Asked {
        object: Handle<'ctx>,
        shape: Vec<isize>,
        format: String,
        /// Where views are counted, it keeps the object from changing its size.
        held: Handle<'ctx>,
    },
    /// By views of the object, whose items lay so when they were copied.
    Viewed(Handle<'ctx>, Box<Layout>),
}

/// Zeroed memory of whole words, so that every number in it is aligned.
#[derive(Debug)]
struct Words {
    start: NonNull<[u64]>,
    bytes: usize,
}

impl Words {
    #[inline]
    fn new(bytes: usize) -> Result<Self> {
        let mut words = Vec::new();
        words.try_reserve_exact(bytes.div_ceil(8))?;
        words.resize(bytes.div_ceil(8), 0u64);
        let start = NonNull::from(Box::leak(words.into_boxed_slice()));
        Ok(Self { start, bytes })
    }

    #[inline]
    fn start(&self) -> *mut u8 {
        self.start.as_ptr().cast()
    }
}

impl Drop for Words {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the memory came from a box, and is not used again.
        drop(unsafe { Box::from_raw(self.start.as_ptr()) });
    }
}

impl<'ctx> Copied<'ctx> {
    /// Copies the items of a view that is open.
    #[inline]
    pub(super) fn of_view(
        object: &Handle<'ctx>,
        viewed: Box<Layout>,
    ) -> Result<(Self, Box<Layout>)> {
        let memory = Words::new(viewed.bytes())?;
        // SAFETY: the memory has room for all items, and no Python code has run since the view was
        // opened.
        unsafe { viewed.copy_out(memory.start()) };
        let shape: Vec<isize> = viewed.shape.iter().map(|size| *size as isize).collect();
        let layout = Layout::new(
            memory.start(),
            memory.bytes as isize,
            viewed.itemsize as isize,
            viewed.format.clone(),
            viewed.readonly,
            (shape.len(), &shape, &[]),
        )?;
        let copied = Self {
            was_c_contiguous: viewed.is_c_contiguous(),
            source: Source::Viewed(object.dup(), viewed),
            memory,
            changed: Cell::new(false),
        };
        Ok((copied, layout))
    }

    /// Copies the items of an object through Python's `memoryview`.
    #[inline]
    pub(super) fn new(object: &Handle<'ctx>) -> Result<(Self, Box<Layout>)> {
        let ctx = object.ctx();
        let view = MemoryView::type_object(ctx)?.call1((object,))?;
        let shape = view.getattr(c"shape")?.downcast_into::<Tuple>()?;
        let shape = shape.to_vec::<isize>()?;
        let (format, itemsize) = (
            view.getattr(c"format")?.extract::<String>()?,
            view.getattr(c"itemsize")?.extract::<isize>()?,
        );
        let readonly = view.getattr(c"readonly")?.is_truthy()?;
        let was_c_contiguous = view.getattr(c"c_contiguous")?.is_truthy()?;
        let data = if !was_c_contiguous {
            packed(&view, &format)?
        } else {
            view.call_method0(c"tobytes")?.downcast_into::<Bytes>()?
        };
        let data = data.as_bytes();
        let memory = Words::new(data.len())?;
        let start = memory.start();
        // SAFETY: the memory has room for all bytes, and is new.
        unsafe { start.copy_from_nonoverlapping(data.as_ptr(), data.len()) };
        let layout = Layout::new(
            start,
            data.len() as isize,
            itemsize,
            format.clone().into(),
            readonly,
            (shape.len(), &shape, &[]),
        )?;
        let copied = Self {
            source: Source::Asked {
                object: object.dup(),
                shape,
                format,
                held: view,
            },
            memory,
            was_c_contiguous,
            changed: Cell::new(false),
        };
        Ok((copied, layout))
    }

    /// Puts the items into the object, if they may have been written.
    #[inline]
    pub(super) fn write_back(&self) -> Result<()> {
        if !self.changed.replace(false) {
            return Ok(());
        }
        match &self.source {
            Source::Asked {
                object,
                shape,
                format,
                ..
            } => self.write_through(object, shape, format),
            Source::Viewed(object, copied) => self.write_into(object, copied),
        }
    }

    /// Asks for the memory again, as it may have moved since.
    #[inline]
    fn write_into(&self, object: &Handle<'ctx>, copied: &Layout) -> Result<()> {
        let Some((_view, now)) = backend::view(object)? else {
            return Err(no_longer_the_same());
        };
        let same = now.shape == copied.shape
            && now.itemsize == copied.itemsize
            && now.format == copied.format
            && !now.readonly;
        if !same {
            return Err(no_longer_the_same());
        }
        // SAFETY: the copy has as many items, the view is open and writable, and no Python code
        // runs before it ends.
        unsafe { now.copy_in(self.memory.start()) };
        Ok(())
    }

    /// Makes another memoryview, as one of memory that was given up may end the process.
    #[inline]
    fn write_through(&self, object: &Handle<'ctx>, shape: &[isize], format: &str) -> Result<()> {
        let ctx: Context<'ctx> = object.ctx();
        let view = MemoryView::type_object(ctx)?.call1((object,))?;
        let now = view.getattr(c"shape")?.downcast_into::<Tuple>()?;
        if now.to_vec::<isize>()? != shape
            || view.getattr(c"format")?.extract::<String>()? != format
        {
            return Err(no_longer_the_same());
        }
        // SAFETY: all bytes are initialised, and nobody writes during the copy.
        let data = unsafe {
            let start = self.memory.start();
            ctx.bytes(core::slice::from_raw_parts(start, self.memory.bytes))?
        };
        let all = ctx.builtins().get_item("slice")?.call1((ctx.none(),))?;
        let (target, source) = if view.getattr(c"c_contiguous")?.is_truthy()? {
            (view.call_method1(c"cast", ("B",))?, data.into_object())
        } else {
            let format = view.getattr(c"format")?;
            let source = MemoryView::type_object(ctx)?.call1((data,))?;
            (view.dup(), source.call_method1(c"cast", (format,))?)
        };
        let written = target.set_item(&all, &source);
        release(&target);
        release(&view);
        written
    }

    /// Gives up the view of the object, which else lasts until Python's collector has run.
    #[inline]
    pub(super) fn release(&self) {
        if let Source::Asked { held, .. } = &self.source {
            release(held);
        }
    }
}

/// Releases a memoryview, as GraalPy collects it late. One whose memory was given up raises, and
/// nobody is told.
#[inline]
fn release(view: &Handle<'_>) {
    if !view.ctx().has(Quirk::VIEWS_ARE_RELEASED_TOGETHER) {
        drop(view.call_method0(c"release"));
    }
}

#[cold]
#[inline]
fn no_longer_the_same() -> crate::Error {
    BufferError::new("the object's memory has another size or format than when it was copied")
}

/// The bytes of all items. `tobytes` of PyPy 7.3.19 mixes them up, or takes others, where they do
/// not lie one behind the other with the last index moving quickest.
#[inline]
fn packed<'ctx>(view: &Handle<'ctx>, format: &str) -> Result<Handle<'ctx, Bytes>> {
    static PACK: Lookup = Lookup::new(c"struct:pack");
    let ctx = view.ctx();
    let mut items = Vec::new();
    flatten(&view.call_method0(c"tolist")?, &mut items)?;
    let format = ctx.str(&format!("{}{format}", items.len()))?;
    items.insert(0, format.into_object());
    PACK.get(ctx)?.call1(items)?.downcast_into()
}

/// The items of lists within lists: as deep as a buffer has dimensions, of which there are 64 at
/// most.
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
