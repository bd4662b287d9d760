//! Items, slices, length, iteration.

use super::entry::functions;
use super::errors::c_text;
use super::int::Int;
use super::objects::{Data, Obj};
use super::{Mock, R};
use core::ffi::{c_char, c_int};
use hpy_sys::*;
use std::cell::{Cell, RefCell};

impl Mock {
    pub(super) fn dict_get(&self, dict: &Obj, key: &Obj) -> R<Option<Obj>> {
        self.hash(key)?;
        let Data::Dict(pairs) = &dict.data else {
            return Ok(None);
        };
        let pairs = pairs.borrow().clone();
        for (known, value) in pairs {
            if self.equal(&known, key)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// None deletes. Answers whether the key was there.
    pub(super) fn dict_set(&self, dict: &Obj, key: &Obj, value: Option<Obj>) -> R<bool> {
        self.hash(key)?;
        let Data::Dict(pairs) = &dict.data else {
            return Ok(false);
        };
        let mut place = None;
        let now = pairs.borrow().clone();
        for (index, (known, _)) in now.iter().enumerate() {
            if self.equal(known, key)? {
                place = Some(index);
                break;
            }
        }
        // What is dropped may run code, so the borrow ends before.
        let before = match (place, value) {
            (Some(index), Some(value)) => {
                let mut pairs = pairs.borrow_mut();
                pairs
                    .get_mut(index)
                    .map(|pair| core::mem::replace(&mut pair.1, value))
            }
            (Some(index), None) => Some(pairs.borrow_mut().remove(index).1),
            (None, Some(value)) => {
                pairs.borrow_mut().push((key.clone(), value));
                None
            }
            (None, None) => None,
        };
        drop(before);
        Ok(place.is_some())
    }

    pub(super) fn length_opt(&self, object: &Obj) -> R<Option<isize>> {
        if let Some(answer) = self.special(object, "__len__", &[])? {
            let length = self.index(&answer)?.to_i128();
            return match length.and_then(|length| isize::try_from(length).ok()) {
                Some(length @ 0..) => Ok(Some(length)),
                Some(_) => Err(self.error("ValueError", "__len__() should return >= 0")),
                None => Err(self.error(
                    "OverflowError",
                    "cannot fit 'int' into an index-sized integer",
                )),
            };
        }
        Ok(Some(match &object.data {
            Data::Str(points) => points.len() as isize,
            Data::Bytes(bytes) => bytes.len() as isize,
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
                items.borrow().len() as isize
            }
            Data::Dict(pairs) => pairs.borrow().len() as isize,
            _ => return Ok(None),
        }))
    }

    pub(super) fn length(&self, object: &Obj) -> R<isize> {
        self.length_opt(object)?.ok_or_else(|| {
            let message = format!("object of type '{}' has no len()", self.type_name(object));
            self.error("TypeError", &message)
        })
    }

    /// The item of a sequence, None if there are fewer.
    fn at(&self, object: &Obj, index: usize) -> R<Option<Obj>> {
        match &object.data {
            Data::Str(points) => match points.get(index) {
                Some(&point) => self.make("str", Data::Str(vec![point])).map(Some),
                None => Ok(None),
            },
            Data::Bytes(bytes) => match bytes.get(index) {
                Some(&byte) => self.int(i128::from(byte)).map(Some),
                None => Ok(None),
            },
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
                Ok(items.borrow().get(index).cloned())
            }
            Data::Dict(pairs) => Ok(pairs.borrow().get(index).map(|pair| pair.0.clone())),
            _ => Ok(None),
        }
    }

    fn is_sequence(object: &Obj) -> bool {
        matches!(
            object.data,
            Data::Str(_) | Data::Bytes(_) | Data::List(_) | Data::Tuple(_)
        )
    }

    /// An index counted from the front, within the length.
    fn place(&self, object: &Obj, key: &Obj) -> R<usize> {
        let length = self.length(object)? as i128;
        let index = match self.index(key) {
            Ok(index) => index.to_i128().unwrap_or(i128::MAX),
            Err(_) => {
                let (type_, key) = (self.type_name(object), self.type_name(key));
                let message = format!("{type_} indices must be integers or slices, not {key}");
                return Err(self.error("TypeError", &message));
            }
        };
        let index = if index < 0 { index + length } else { index };
        if (0..length).contains(&index) {
            Ok(index as usize)
        } else {
            let message = format!("{} index out of range", self.type_name(object));
            Err(self.error("IndexError", &message))
        }
    }

    pub(super) fn get_item(&self, object: &Obj, key: &Obj) -> R<Obj> {
        if let Some(item) = self.special(object, "__getitem__", core::slice::from_ref(key))? {
            return Ok(item);
        }
        match (&object.data, &key.data) {
            (Data::Dict(_), _) => self
                .dict_get(object, key)?
                .ok_or_else(|| self.key_error(key)),
            (_, Data::Slice(bounds)) if Self::is_sequence(object) => self.slice(object, *bounds),
            _ if Self::is_sequence(object) => {
                let index = self.place(object, key)?;
                match self.at(object, index)? {
                    Some(item) => Ok(item),
                    None => Err(self.error("IndexError", "index out of range")),
                }
            }
            _ => {
                let message = format!("'{}' object is not subscriptable", self.type_name(object));
                Err(self.error("TypeError", &message))
            }
        }
    }

    pub(super) fn key_error(&self, key: &Obj) -> Obj {
        let args = RefCell::new(vec![key.clone()]);
        self.make_always("KeyError", Data::Exception { args })
    }

    fn slice(&self, object: &Obj, [start, stop, step]: [Option<isize>; 3]) -> R<Obj> {
        let length = self.length(object)?;
        let clip = |bound: Option<isize>, default: isize| match bound {
            Some(bound @ ..0) => (bound + length).max(0),
            Some(bound) => bound.min(length),
            None => default,
        };
        let (start, stop) = (clip(start, 0) as usize, clip(stop, length) as usize);
        let range = (start..stop.max(start)).step_by(step.unwrap_or(1).max(1) as usize);
        match &object.data {
            Data::Str(points) => {
                let points = range.map(|index| points[index]).collect();
                self.make("str", Data::Str(points))
            }
            Data::Bytes(bytes) => {
                let bytes: Vec<u8> = range.map(|index| bytes[index]).collect();
                self.bytes(&bytes)
            }
            Data::List(items) => {
                let items = range.map(|index| items.borrow()[index].clone()).collect();
                self.list(items)
            }
            _ => {
                let items = object.items().unwrap_or_default();
                self.tuple(range.map(|index| items[index].clone()).collect())
            }
        }
    }

    /// None deletes.
    fn set_item(&self, object: &Obj, key: &Obj, value: Option<Obj>) -> R<()> {
        let (method, args) = match &value {
            Some(value) => ("__setitem__", vec![key.clone(), value.clone()]),
            None => ("__delitem__", vec![key.clone()]),
        };
        if self.special(object, method, &args)?.is_some() {
            return Ok(());
        }
        match &object.data {
            Data::Dict(_) => {
                let deletes = value.is_none();
                if !self.dict_set(object, key, value)? && deletes {
                    return Err(self.key_error(key));
                }
            }
            Data::List(items) => {
                let index = self.place(object, key)?;
                let before = match value {
                    Some(value) => core::mem::replace(&mut items.borrow_mut()[index], value),
                    None => items.borrow_mut().remove(index),
                };
                drop(before);
            }
            _ => {
                let (type_, does) = (
                    self.type_name(object),
                    if value.is_some() {
                        "assignment"
                    } else {
                        "deletion"
                    },
                );
                let message = format!("'{type_}' object does not support item {does}");
                return Err(self.error("TypeError", &message));
            }
        }
        Ok(())
    }

    pub(super) fn contains(&self, container: &Obj, key: &Obj) -> R<bool> {
        if let Some(answer) = self.special(container, "__contains__", core::slice::from_ref(key))? {
            return self.truth(&answer);
        }
        match (&container.data, &key.data) {
            (Data::Dict(_), _) => return Ok(self.dict_get(container, key)?.is_some()),
            (Data::Set(_), _) => drop(self.hash(key)?),
            (Data::Str(text), Data::Str(part)) => {
                return Ok(part.is_empty() || text.windows(part.len()).any(|at| at == part));
            }
            (Data::Str(_), _) => {
                return Err(
                    self.error("TypeError", "'in <string>' requires string as left operand")
                );
            }
            _ => {}
        }
        for item in self.collect(container)? {
            if self.equal(&item, key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn iter(&self, object: &Obj) -> R<Obj> {
        if let Some(iterator) = self.special(object, "__iter__", &[])? {
            return Ok(iterator);
        }
        match &object.data {
            Data::Iterator { .. } => Ok(object.clone()),
            Data::Set(_) | Data::Dict(_) => self.iterator(object),
            _ if Self::is_sequence(object) => self.iterator(object),
            _ => {
                let message = format!("'{}' object is not iterable", self.type_name(object));
                Err(self.error("TypeError", &message))
            }
        }
    }

    fn iterator(&self, source: &Obj) -> R<Obj> {
        let data = Data::Iterator {
            source: RefCell::new(Some(source.clone())),
            next: Cell::new(0),
        };
        self.make("iterator", data)
    }

    /// The next item, None at the end.
    pub(super) fn next(&self, iterator: &Obj) -> R<Option<Obj>> {
        let Data::Iterator { source, next } = &iterator.data else {
            return match self.special(iterator, "__next__", &[]) {
                Ok(Some(item)) => Ok(Some(item)),
                Ok(None) => {
                    let message =
                        format!("'{}' object is not an iterator", self.type_name(iterator));
                    Err(self.error("TypeError", &message))
                }
                Err(stop) if self.is_instance(&stop, "StopIteration") => Ok(None),
                Err(error) => Err(error),
            };
        };
        let Some(of) = source.borrow().clone() else {
            return Ok(None);
        };
        let item = self.at(&of, next.get())?;
        next.set(next.get() + 1);
        if item.is_none() {
            let source = source.borrow_mut().take();
            drop(source);
        }
        Ok(item)
    }

    /// All items of what can be iterated.
    pub(super) fn collect(&self, object: &Obj) -> R<Vec<Obj>> {
        let iterator = self.iter(object)?;
        let mut items = Vec::new();
        while let Some(item) = self.next(&iterator)? {
            items.push(item);
        }
        Ok(items)
    }

    pub(super) fn dict(&self) -> R<Obj> {
        self.make("dict", Data::Dict(RefCell::default()))
    }

    /// A set or frozenset of the items, each once.
    pub(super) fn set(&self, type_: &str, items: Vec<Obj>) -> R<Obj> {
        let set = self.make(type_, Data::Set(RefCell::default()))?;
        for item in items {
            if !self.contains(&set, &item)?
                && let Data::Set(items) = &set.data
            {
                items.borrow_mut().push(item);
            }
        }
        Ok(set)
    }

    /// The items of a list, to change them.
    fn list_items<'a>(&self, list: &'a Obj) -> R<&'a RefCell<Vec<Obj>>> {
        match &list.data {
            Data::List(items) => Ok(items),
            _ => Err(self.error("SystemError", "bad argument to internal function")),
        }
    }

    pub(super) fn insert(&self, list: &Obj, index: isize, item: Obj) -> R<()> {
        let items = self.list_items(list)?;
        let length = items.borrow().len() as isize;
        let index = if index < 0 {
            (index.saturating_add(length)).max(0)
        } else {
            index.min(length)
        };
        items.borrow_mut().insert(index as usize, item);
        Ok(())
    }
}

functions! { install:
    ctx_Length(mock, object: HPy) -> isize {
        mock.length(&mock.obj(object)?)
    }
    ctx_GetItem(mock, object: HPy, key: HPy) -> Obj {
        mock.get_item(&mock.obj(object)?, &mock.obj(key)?)
    }
    ctx_GetItem_i(mock, object: HPy, index: HPy_ssize_t) -> Obj {
        let key = mock.make_always("int", Data::Int(Int::from(index as i128)));
        mock.get_item(&mock.obj(object)?, &key)
    }
    ctx_GetItem_s(mock, object: HPy, key: *const c_char) -> Obj {
        mock.get_item(&mock.obj(object)?, &mock.str_always(&c_text(key)))
    }
    ctx_SetItem(mock, object: HPy, key: HPy, value: HPy) -> c_int {
        mock.set_item(&mock.obj(object)?, &mock.obj(key)?, Some(mock.obj(value)?))?;
        Ok(0)
    }
    ctx_SetItem_s(mock, object: HPy, key: *const c_char, value: HPy) -> c_int {
        let key = mock.str_always(&c_text(key));
        mock.set_item(&mock.obj(object)?, &key, Some(mock.obj(value)?))?;
        Ok(0)
    }
    ctx_DelItem(mock, object: HPy, key: HPy) -> c_int {
        mock.set_item(&mock.obj(object)?, &mock.obj(key)?, None)?;
        Ok(0)
    }
    ctx_SetItem_i(mock, object: HPy, index: HPy_ssize_t, value: HPy) -> c_int {
        let key = mock.make_always("int", Data::Int(Int::from(index as i128)));
        mock.set_item(&mock.obj(object)?, &key, Some(mock.obj(value)?))?;
        Ok(0)
    }
    ctx_DelItem_i(mock, object: HPy, index: HPy_ssize_t) -> c_int {
        let key = mock.make_always("int", Data::Int(Int::from(index as i128)));
        mock.set_item(&mock.obj(object)?, &key, None)?;
        Ok(0)
    }
    ctx_DelItem_s(mock, object: HPy, key: *const c_char) -> c_int {
        mock.set_item(&mock.obj(object)?, &mock.str_always(&c_text(key)), None)?;
        Ok(0)
    }
    ctx_Contains(mock, container: HPy, key: HPy) -> bool {
        mock.contains(&mock.obj(container)?, &mock.obj(key)?)
    }
    ctx_GetSlice(mock, object: HPy, start: HPy_ssize_t, end: HPy_ssize_t) -> Obj {
        let bounds = Data::Slice([Some(start), Some(end), None]);
        let key = mock.make("slice", bounds)?;
        mock.get_item(&mock.obj(object)?, &key)
    }
    ctx_SetSlice(mock, object: HPy, start: HPy_ssize_t, end: HPy_ssize_t, value: HPy) -> c_int {
        let (object, value) = (mock.obj(object)?, mock.obj(value)?);
        let (items, new) = (mock.list_items(&object)?, mock.collect(&value)?);
        let length = items.borrow().len();
        let [start, end] = [start, end].map(|bound| (bound.max(0) as usize).min(length));
        drop(items.borrow_mut().splice(start..end.max(start), new).collect::<Vec<_>>());
        Ok(0)
    }
    ctx_GetIter(mock, object: HPy) -> Obj {
        mock.iter(&mock.obj(object)?)
    }
    ctx_Iter_Next(mock, iterator: HPy) -> Option<Obj> {
        mock.next(&mock.obj(iterator)?)
    }
    ctx_List_New(mock, length: HPy_ssize_t) -> Obj {
        let items = core::iter::repeat_n(mock.none(), length.max(0) as usize);
        mock.list(items.collect())
    }
    ctx_List_Append(mock, list: HPy, item: HPy) -> c_int {
        let list = mock.obj(list)?;
        mock.insert(&list, isize::MAX, mock.obj(item)?)?;
        Ok(0)
    }
    ctx_List_Insert(mock, list: HPy, index: HPy_ssize_t, item: HPy) -> c_int {
        mock.insert(&mock.obj(list)?, index, mock.obj(item)?)?;
        Ok(0)
    }
    ctx_Tuple_FromArray(mock, items: *const HPy, n: HPy_ssize_t) -> Obj {
        let items = mock.objects(items, n as usize)?;
        mock.tuple(items)
    }
    ctx_Dict_New(mock) -> Obj {
        mock.dict()
    }
    ctx_Dict_Keys(mock, dict: HPy) -> Obj {
        let dict = mock.obj(dict)?;
        let keys = mock.collect(&dict)?;
        mock.list(keys)
    }
    ctx_Dict_Copy(mock, dict: HPy) -> Obj {
        let dict = mock.obj(dict)?;
        let Data::Dict(pairs) = &dict.data else {
            return Err(mock.error("SystemError", "bad argument to internal function"));
        };
        let pairs = pairs.borrow().clone();
        mock.make("dict", Data::Dict(RefCell::new(pairs)))
    }
}
