//! The arguments of `__new__` and `__init__`: an array and a dict, made into an array and a tuple
//! of names.

use crate::exceptions::TypeError;
use crate::object::handle::Borrowed;
use crate::types::{List, Str, Tuple};
use crate::{Context, Handle, Result};
use hpy_sys::*;

/// Calls `then` with the arguments: their array, number, and the tuple of the keywords' names.
///
/// # Safety
/// The handles are open during the call, `nargs` of them in the array; `kw` is a dict or null. If
/// it `is_flat`, it is the tuple of names or null, and the values are in the array.
#[inline(always)]
pub(crate) unsafe fn with_dict<'ctx, R>(
    ctx: Context<'ctx>,
    (args, nargs): (*const HPy, usize),
    kw: HPy,
    is_flat: bool,
    then: impl Fn(*const HPy, usize, HPy) -> Result<R>,
) -> Result<R> {
    // SAFETY: as promised by the caller.
    unsafe {
        // GraalPy 24's own HPy passes `__new__` the tuple of names, and their values in the array.
        let is_flat = is_flat
            || kw.is_null()
            || !ctx.raw.is_direct() && HPyTuple_Check(ctx.as_ptr(), kw) != 0;
        if is_flat {
            return then(args, nargs, kw);
        }
        let flat = flattened(ctx, kw)?;
        then(flat.all(args, nargs).as_ptr(), nargs, flat.names())
    }
}

/// Calls `then` with the arguments, the values of keywords behind the others, and the tuple of
/// their names, or null.
///
/// # Safety
/// The handles are open during the call, `nargs` of them in the array; `kw` is a dict.
pub(crate) unsafe fn with_flat_dict<'ctx, R>(
    ctx: Context<'ctx>,
    args: *const HPy,
    nargs: usize,
    kw: HPy,
    then: impl FnOnce(*const HPy, HPy) -> R,
) -> Result<R> {
    // SAFETY: as promised by the caller.
    unsafe {
        let flat = flattened(ctx, kw)?;
        Ok(then(flat.all(args, nargs).as_ptr(), flat.names()))
    }
}

/// What a dict of keywords holds.
struct Flat<'ctx> {
    names: Option<Handle<'ctx, Tuple>>,
    values: Vec<Handle<'ctx>>,
}

impl Flat<'_> {
    fn names(&self) -> HPy {
        self.names.as_ref().map_or(HPy_NULL, Handle::as_raw)
    }

    /// # Safety
    /// The array has `nargs` handles.
    unsafe fn all(&self, args: *const HPy, nargs: usize) -> Vec<HPy> {
        // SAFETY: as promised by the caller.
        let args = (0..nargs).map(|index| unsafe { *args.add(index) });
        args.chain(self.values.iter().map(Handle::as_raw)).collect()
    }
}

/// # Safety
/// As for [`with_dict`].
#[cold]
#[inline(never)]
unsafe fn flattened<'ctx>(ctx: Context<'ctx>, kw: HPy) -> Result<Flat<'ctx>> {
    // SAFETY: the caller's dict is open; new handles or null with an exception.
    unsafe {
        let kw = Borrowed::new(ctx, kw);
        let names: Handle<'ctx, List> = ctx.made_handle(HPyDict_Keys(ctx.as_ptr(), kw.as_raw()))?;
        let mut values = Vec::new();
        let mut raw = Vec::new();
        let mut keys = Vec::new();
        for index in 0..names.len() {
            let name = names.get_item(index)?;
            if !name.is_instance_of::<Str>() {
                return Err(TypeError::new("keywords must be strings"));
            }
            values.push(kw.get_item(&name)?);
            raw.push(name.as_raw());
            keys.push(name);
        }
        if raw.is_empty() {
            return Ok(Flat {
                names: None,
                values,
            });
        }
        let names = HPyTuple_FromArray(ctx.as_ptr(), raw.as_ptr(), raw.len() as isize);
        Ok(Flat {
            names: Some(ctx.made_handle(names)?),
            values,
        })
    }
}
