//! Types whose objects only the thread that made them may use.

use hpy::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

static DROPPED: AtomicUsize = AtomicUsize::new(0);

struct CountsEnds;

impl Drop for CountsEnds {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

#[hpy_type(unsendable)]
pub struct Local {
    count: Rc<Cell<i64>>,
    others: RefCell<Vec<Rc<Cell<i64>>>>,
    #[hpy(get, set)]
    plain: i64,
    _ends: CountsEnds,
}

#[hpy_methods]
impl Local {
    #[new]
    fn new() -> Self {
        Local {
            count: Rc::new(Cell::new(0)),
            others: RefCell::default(),
            plain: 0,
            _ends: CountsEnds,
        }
    }

    fn next(&self) -> i64 {
        self.count.set(self.count.get() + 1);
        self.others.borrow_mut().push(self.count.clone());
        self.count.get()
    }

    fn set(&mut self, count: i64) {
        self.count.set(count);
    }

    fn __len__(&self) -> usize {
        Rc::strong_count(&self.count)
    }
}

/// One that holds an object, which the collector finds on any thread.
#[hpy_type(unsendable, frozen)]
pub struct LocalHolder {
    object: Option<Field>,
    _local: Rc<()>,
}

#[hpy_methods]
impl LocalHolder {
    #[new]
    fn new(object: &Handle<'_>) -> Result<Self> {
        Ok(LocalHolder {
            object: Some(Field::new(object)?),
            _local: Rc::new(()),
        })
    }

    #[getter]
    fn object<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        match &self.object {
            Some(field) => field.load(ctx),
            None => Ok(None),
        }
    }
}

#[hpy_type(unsendable)]
pub enum LocalChoice {
    One(i64),
    Other {},
}

#[hpy_methods]
impl LocalChoice {
    fn is_one(&self) -> bool {
        matches!(self, LocalChoice::One(_))
    }
}

/// Instances, and attributes of all fields.
#[hpy_type(instances(LocalTexts = Kept<Rc<str>>), unsendable, new, get_all, from_handle)]
#[derive(Clone)]
pub struct Kept<T> {
    count: i64,
    #[hpy(skip)]
    parts: Vec<T>,
}

#[hpy_methods]
impl<T: Clone + for<'a> From<&'a str>> Kept<T> {
    fn keep(&mut self, text: &str) -> usize {
        self.parts.push(T::from(text));
        self.parts.len()
    }
}

#[hpy_method]
pub fn count_of(kept: LocalTexts) -> i64 {
    kept.count
}

#[hpy_method]
pub fn local_ends() -> usize {
    DROPPED.load(Ordering::Relaxed)
}

#[hpy_method]
pub fn take_local(local: RefMut<'_, Local>) -> i64 {
    local.plain
}
