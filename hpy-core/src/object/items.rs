//! Items and length.

use crate::backend::quirks::Quirk;
use crate::convert::Key;
use crate::exceptions::TypeError;
use crate::storage::lookup::Lookup;
use crate::types::downcast::exactly;
use crate::types::{List, Object, Tuple};
use crate::{Error, Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Object> {
    /// Whether the context takes the object for a handle's number where its length is asked for or
    /// it is called: GraalPy 24 has ints and floats in the handles themselves.
    #[inline(always)]
    pub(crate) fn is_taken_for_handle(&self) -> bool {
        self.ctx().has(Quirk::NUMBERS_ARE_TAKEN_FOR_HANDLES)
            && crate::backend::is_number_itself(self)
    }

    /// Whether this is a list or tuple in which the context finds items by indices that it does not
    /// have.
    #[inline(always)]
    fn has_items_beyond_the_end(&self) -> bool {
        self.ctx().has(Quirk::INDICES_GO_BEYOND_THE_END) && self.is_list_or_tuple()
    }

    #[inline(never)]
    fn is_list_or_tuple(&self) -> bool {
        self.is_instance_of::<List>() || self.is_instance_of::<Tuple>()
    }

    /// `self[key]`. HPy's `HPy_GetItem`.
    ///
    /// # Errors
    /// KeyError, IndexError, or what the object raises.
    #[inline]
    pub fn get_item<K: IntoHandle<'ctx>>(&self, key: K) -> Result<Handle<'ctx>> {
        let (ctx, raw) = (self.ctx(), self.as_raw());
        if self.has_items_beyond_the_end() {
            return self.get_item_by_operator(key.into_handle(ctx)?);
        }
        // SAFETY: the handles are open, texts are C strings; a new handle or null with an
        // exception.
        unsafe {
            let item = match key.as_key() {
                Some(Key::Index(index)) => HPy_GetItem_i(ctx.as_ptr(), raw, index),
                Some(Key::Text(text)) => HPy_GetItem_s(ctx.as_ptr(), raw, text.as_ptr()),
                None => HPy_GetItem(ctx.as_ptr(), raw, key.into_argument(ctx)?.as_raw()),
            };
            ctx.handle_from_raw(item)
        }
    }

    /// `self[key] = value`. HPy's `HPy_SetItem`.
    ///
    /// # Errors
    /// What the conversions or the object raise.
    #[inline]
    pub fn set_item<K: IntoHandle<'ctx>, V: IntoHandle<'ctx>>(
        &self,
        key: K,
        value: V,
    ) -> Result<()> {
        let (ctx, raw) = (self.ctx(), self.as_raw());
        if self.has_items_beyond_the_end() {
            return self.set_item_by_operator(key.into_handle(ctx)?, value.into_handle(ctx)?);
        }
        let value = value.into_argument(ctx)?;
        // SAFETY: the handles are open, texts are C strings.
        let result = unsafe {
            let value = value.as_raw();
            match key.as_key() {
                Some(Key::Index(index)) => HPy_SetItem_i(ctx.as_ptr(), raw, index, value),
                Some(Key::Text(text)) => HPy_SetItem_s(ctx.as_ptr(), raw, text.as_ptr(), value),
                None => HPy_SetItem(ctx.as_ptr(), raw, key.into_argument(ctx)?.as_raw(), value),
            }
        };
        ctx.check_call(result).map(drop)
    }

    #[cold]
    fn get_item_by_operator(&self, key: Handle<'ctx>) -> Result<Handle<'ctx>> {
        static GET_ITEM: Lookup = Lookup::new(c"operator:getitem");
        GET_ITEM.get(self.ctx())?.call1((self, key))
    }

    #[cold]
    fn set_item_by_operator(&self, key: Handle<'ctx>, value: Handle<'ctx>) -> Result<()> {
        static SET_ITEM: Lookup = Lookup::new(c"operator:setitem");
        let set_item = SET_ITEM.get(self.ctx())?;
        set_item.call1((self, key, value)).map(drop)
    }

    /// `del self[key]`. HPy's `HPy_DelItem`.
    ///
    /// # Errors
    /// KeyError, IndexError, or what the object raises.
    #[inline]
    pub fn del_item<K: IntoHandle<'ctx>>(&self, key: K) -> Result<()> {
        let (ctx, raw) = (self.ctx(), self.as_raw());
        // SAFETY: the handles are open, texts are C strings.
        let result = unsafe {
            match key.as_key() {
                Some(Key::Index(index)) => HPy_DelItem_i(ctx.as_ptr(), raw, index),
                Some(Key::Text(text)) => HPy_DelItem_s(ctx.as_ptr(), raw, text.as_ptr()),
                None => HPy_DelItem(ctx.as_ptr(), raw, key.into_argument(ctx)?.as_raw()),
            }
        };
        ctx.check_call(result).map(drop)
    }

    /// `key in self`. HPy's `HPy_Contains`.
    ///
    /// # Errors
    /// What the object raises.
    #[inline]
    pub fn contains<K: IntoHandle<'ctx>>(&self, key: K) -> Result<bool> {
        let key = key.into_argument(self.ctx())?;
        // SAFETY: the handles are open.
        let result = unsafe { HPy_Contains(self.ctx().as_ptr(), self.as_raw(), key.as_raw()) };
        self.ctx().check_call(result).map(|answer| answer != 0)
    }

    /// `len(self)`. HPy's `HPy_Length`.
    ///
    /// Python code may answer anything: don't reserve memory by it.
    ///
    /// # Errors
    /// TypeError for objects without a length, or what the object raises.
    #[inline]
    pub fn length(&self) -> Result<usize> {
        if self.is_taken_for_handle() {
            return Err(self.no_length());
        }
        // SAFETY: the handle is open.
        let length = unsafe { HPy_Length(self.ctx().as_ptr(), self.as_raw()) };
        usize::try_from(length).map_err(|_| Error::fetch(self.ctx()))
    }

    #[cold]
    fn no_length(&self) -> Error {
        let name = self.type_name();
        TypeError::new(format!("object of type '{name}' has no len()"))
    }

    /// `self[start:end] = values`. HPy's `HPy_SetSlice`.
    ///
    /// # Errors
    /// What the conversion or the object raises.
    pub fn set_slice<V: IntoHandle<'ctx>>(
        &self,
        start: isize,
        end: isize,
        values: V,
    ) -> Result<()> {
        let ctx = self.ctx();
        if ctx.has(Quirk::LIST_SLICES_ARE_MANGLED)
            && let Some(list) = exactly::<List>(self)
        {
            return replace(list, start, end, &values.into_handle(ctx)?.to_list()?);
        }
        let values = values.into_argument(ctx)?;
        // SAFETY: the handles are open.
        let result =
            unsafe { HPy_SetSlice(ctx.as_ptr(), self.as_raw(), start, end, values.as_raw()) };
        ctx.check_call(result).map(drop)
    }

    /// `del self[start:end]`. HPy's `HPy_DelSlice`.
    ///
    /// # Errors
    /// What the object raises.
    pub fn del_slice(&self, start: isize, end: isize) -> Result<()> {
        // SAFETY: the handle is open.
        let result = unsafe { HPy_DelSlice(self.ctx().as_ptr(), self.as_raw(), start, end) };
        self.ctx().check_call(result).map(drop)
    }

    /// `self[start:end]`. HPy's `HPy_GetSlice`.
    ///
    /// # Errors
    /// What the object raises.
    pub fn get_slice(&self, start: isize, end: isize) -> Result<Handle<'ctx>> {
        // SAFETY: the handle is open; a new handle or null with an exception.
        unsafe {
            let slice = HPy_GetSlice(self.ctx().as_ptr(), self.as_raw(), start, end);
            self.ctx().handle_from_raw(slice)
        }
    }
}

/// `list[start:end] = values`, by methods of the list.
#[cold]
fn replace<'ctx>(
    list: &Handle<'ctx, List>,
    start: isize,
    end: isize,
    values: &Handle<'ctx, List>,
) -> Result<()> {
    let len = isize::try_from(list.len())?;
    let place = |index: isize| match index {
        ..0 => index.saturating_add(len).max(0),
        _ => index.min(len),
    };
    let (start, end) = (place(start), place(end));
    let rest = list.get_slice(start.max(end), isize::MAX)?;
    list.del_slice(start, isize::MAX)?;
    list.extend_from(values)?;
    list.extend_from(&rest)
}
