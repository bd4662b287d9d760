//! Types whose data holds objects: fields wherever they may stand, cycles, finalizers, chains.

mod links;

use hpy::exceptions::{SystemError, ValueError};
use hpy::prelude::*;
use hpy::{bail, ensure};
use links::{Links, OfHand};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

static ALIVE: AtomicI64 = AtomicI64::new(0);
static FINALIZED: AtomicI64 = AtomicI64::new(0);

/// Counts what is made and dropped, and fails where something is dropped twice.
struct Counted(Box<i64>);

impl Counted {
    fn new() -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Counted(Box::new(1))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        assert_eq!(*self.0, 1);
        *self.0 = 0;
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[hpy_method]
fn alive() -> i64 {
    ALIVE.load(Ordering::Relaxed)
}

#[hpy_method]
fn finalized() -> i64 {
    FINALIZED.load(Ordering::Relaxed)
}

/// A node with one field and no more.
#[hpy_type]
struct Node {
    #[hpy(get, set)]
    next: Option<Field>,
    #[allow(dead_code)] // Dropped with it.
    counted: Counted,
}

#[hpy_methods]
impl Node {
    #[new]
    #[hpy(signature = (next = None))]
    fn new(next: Option<&Handle<'_>>) -> Result<Self> {
        Ok(Node {
            next: next.map(Field::new).transpose()?,
            counted: Counted::new(),
        })
    }
}

/// A chain of so many, the first one first.
#[hpy_method]
fn chain<'ctx>(ctx: Context<'ctx>, length: usize) -> Result<Option<Handle<'ctx, Node>>> {
    let mut first: Option<Handle<'ctx, Node>> = None;
    for _ in 0..length {
        let next = first.as_ref().map(Handle::as_object);
        first = Some(ctx.instance(Node::new(next)?)?);
    }
    Ok(first)
}

/// Load, store, take and clear.
#[hpy_type]
struct Slot {
    object: Field,
    list: Field<List>,
    slot: Field<Slot>,
    counted: Counted,
}

#[hpy_methods]
impl Slot {
    #[new]
    fn new() -> Self {
        Slot {
            object: Field::empty(),
            list: Field::default(),
            slot: Field::empty(),
            counted: Counted::new(),
        }
    }

    fn load<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        self.object.load(ctx)
    }

    /// What it held before.
    fn store<'ctx>(&mut self, object: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
        let before = self.object.take(object.ctx())?;
        self.object.store(object)?;
        Ok(before)
    }

    fn take<'ctx>(&mut self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        self.object.take(ctx)
    }

    /// Lets go of the object while the data is borrowed.
    fn clear(&mut self) -> bool {
        self.object.clear();
        self.object.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.object.is_empty()
    }

    fn append<'ctx>(this: &Handle<'ctx, Self>, item: &Handle<'ctx>) -> Result<usize> {
        let ctx = this.ctx();
        let list = this.borrow()?.list.load(ctx)?;
        let list = match list {
            Some(list) => list,
            None => {
                let list = ctx.empty_list()?;
                this.borrow_mut()?.list.store(&list)?;
                list
            }
        };
        list.append(item)?;
        Ok(list.len())
    }

    /// The objects, moved to the other's fields, whose objects come here.
    fn swap(&mut self, mut other: RefMut<'_, Slot>) {
        std::mem::swap(&mut self.object, &mut other.object);
        std::mem::swap(&mut self.list, &mut other.list);
        std::mem::swap(&mut self.slot, &mut other.slot);
    }

    /// Swaps whole values, with all that is in them.
    fn swap_all(&mut self, mut other: RefMut<'_, Slot>) {
        std::mem::swap(self, &mut other);
        assert_eq!((*self.counted.0, *other.counted.0), (1, 1));
    }

    /// Has the other hold the same object.
    fn share(&self, mut other: RefMut<'_, Slot>, ctx: Context<'_>) -> Result<()> {
        other.object = self.object.dup(ctx)?;
        Ok(())
    }

    fn set_slot(&mut self, other: Option<&Handle<'_, Slot>>) -> Result<()> {
        match other {
            Some(other) => self.slot.store(other),
            None => {
                self.slot.clear();
                Ok(())
            }
        }
    }

    #[getter]
    fn slot<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx, Slot>>> {
        self.slot.load(ctx)
    }

    /// Calls a function while the data is this method's own, its fields are elsewhere, and more of
    /// them are made.
    fn call_without<'ctx>(&mut self, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let object = std::mem::take(&mut self.object);
        let more = Field::new(function)?;
        let result = function.call0();
        let kept = more.load(function.ctx())?;
        ensure!(
            kept.is_some_and(|kept| kept.is(function)),
            SystemError,
            "another function"
        );
        self.object = object;
        result
    }

    /// Calls a function while the data is shared.
    fn call_shared<'ctx>(&self, function: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
        let _result = function.call0()?;
        self.object.load(function.ctx())
    }

    /// Panics while a field is elsewhere.
    fn panic(&mut self) {
        let _object = std::mem::take(&mut self.object);
        panic!("on purpose")
    }

    /// Keeps the borrow for ever.
    fn forget_borrow(this: &Handle<'_, Self>) -> Result<()> {
        std::mem::forget(this.borrow_mut()?);
        Ok(())
    }
}

#[derive(Traverse)]
enum Shape {
    Nothing,
    One(Field),
    Two { left: Field, right: Box<Shape> },
}

#[derive(Traverse)]
struct Pair(Field, (), Option<Box<Pair>>);

/// Fields wherever they may stand.
#[hpy_type]
struct Everywhere {
    vec: Vec<Field>,
    deque: VecDeque<Option<Field>>,
    array: [Field; 3],
    boxed: Box<[Field]>,
    hash: HashMap<String, Field>,
    tree: BTreeMap<i64, Vec<Field>>,
    shape: Shape,
    pair: Option<Pair>,
    // None of these has any.
    #[allow(dead_code)]
    plain: Mutex<HashMap<String, Box<dyn Fn() -> i64 + Send + Sync>>>,
    #[allow(dead_code)] // Dropped with it.
    counted: Counted,
}

#[hpy_methods]
impl Everywhere {
    #[new]
    fn new() -> Self {
        Everywhere {
            vec: Vec::new(),
            deque: VecDeque::new(),
            array: Default::default(),
            boxed: Box::default(),
            hash: HashMap::new(),
            tree: BTreeMap::new(),
            shape: Shape::Nothing,
            pair: None,
            plain: Mutex::default(),
            counted: Counted::new(),
        }
    }

    /// Puts the object into each place; how many places there are.
    fn fill(&mut self, object: &Handle<'_>) -> Result<usize> {
        let new = || Field::new(object);
        self.vec.push(new()?);
        self.deque.extend([None, Some(new()?)]);
        self.array[1].store(object)?;
        self.boxed = vec![Field::empty(), new()?].into();
        self.hash.insert("key".into(), new()?);
        self.tree.entry(5).or_default().push(new()?);
        let inner = Box::new(Shape::One(new()?));
        self.shape = Shape::Two {
            left: new()?,
            right: inner,
        };
        self.pair = Some(Pair(
            Field::empty(),
            (),
            Some(Box::new(Pair(new()?, (), None))),
        ));
        Ok(9)
    }

    /// All objects, in the order of the places.
    fn objects<'ctx>(&self, ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>> {
        let mut fields: Vec<&Field> = self.vec.iter().collect();
        fields.extend(self.deque.iter().flatten());
        fields.extend(&self.array);
        fields.extend(&self.boxed);
        fields.extend(self.hash.values());
        fields.extend(self.tree.values().flatten());
        let mut shape = &self.shape;
        loop {
            match shape {
                Shape::Nothing => break,
                Shape::One(field) => {
                    fields.push(field);
                    break;
                }
                Shape::Two { left, right } => {
                    fields.push(left);
                    shape = right;
                }
            }
        }
        let mut pair = self.pair.as_ref();
        while let Some(Pair(field, (), next)) = pair {
            fields.push(field);
            pair = next.as_deref();
        }
        let objects = fields.into_iter().map(|field| field.load(ctx));
        objects.filter_map(Result::transpose).collect()
    }

    /// Many fields, so that the Vec grows while there are some.
    fn grow(&mut self, object: &Handle<'_>, count: usize) -> Result<usize> {
        for _ in 0..count {
            self.vec.push(Field::new(object)?);
        }
        Ok(self.vec.len())
    }

    fn pop<'ctx>(&mut self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        match self.vec.pop() {
            Some(mut field) => field.take(ctx),
            None => Ok(None),
        }
    }
}

/// Nobody changes its fields.
#[hpy_type(frozen)]
struct Cons {
    #[hpy(get)]
    head: Field,
    #[hpy(get)]
    tail: Option<Field<Cons>>,
    #[allow(dead_code)] // Dropped with it.
    counted: Counted,
}

#[hpy_methods]
impl Cons {
    #[new]
    #[hpy(signature = (head, tail = None))]
    fn new(head: &Handle<'_>, tail: Option<&Handle<'_, Cons>>) -> Result<Self> {
        Ok(Cons {
            head: Field::new(head)?,
            tail: tail.map(Field::new).transpose()?,
            counted: Counted::new(),
        })
    }

    fn __len__(&self) -> usize {
        1
    }

    /// A failing constructor drops the fields that it has made.
    #[staticmethod]
    fn fail(head: &Handle<'_>) -> Result<Cons> {
        let _made = Cons::new(head, None)?;
        bail!(ValueError, "on purpose")
    }
}

/// Has a finalizer in Rust, which calls `on_del` with the object, if it is not None.
#[hpy_type]
struct Finalized {
    #[hpy(get, set)]
    on_del: Option<Field>,
    #[hpy(get, set)]
    next: Option<Field>,
    #[allow(dead_code)] // Dropped with it.
    counted: Counted,
}

#[hpy_methods]
impl Finalized {
    #[new]
    #[hpy(signature = (on_del = None))]
    fn new(on_del: Option<&Handle<'_>>) -> Result<Self> {
        Ok(Finalized {
            on_del: on_del.map(Field::new).transpose()?,
            next: None,
            counted: Counted::new(),
        })
    }

    /// Who reports that `__del__` has failed asks for it.
    fn __repr__(&self) -> Result<String> {
        Err(ValueError::new("no repr"))
    }

    fn __del__(this: &Handle<'_, Self>) -> Result<()> {
        FINALIZED.fetch_add(1, Ordering::Relaxed);
        let on_del = this.borrow()?.on_del.as_ref().map(|f| f.load(this.ctx()));
        if let Some(on_del) = on_del.transpose()?.flatten() {
            let _result = on_del.call1((this,))?;
        }
        Ok(())
    }
}

/// A base for classes in Python.
#[hpy_type(subclass)]
struct Base {
    #[hpy(get, set)]
    object: Option<Field>,
    #[allow(dead_code)] // Dropped with it.
    counted: Counted,
}

#[hpy_methods]
impl Base {
    #[new]
    fn new() -> Self {
        Base {
            object: None,
            counted: Counted::new(),
        }
    }
}

thread_local! {
    /// What outlived the object whose it was.
    static TAKEN: RefCell<Vec<Field>> = const { RefCell::new(Vec::new()) };
}

/// Its end takes its field elsewhere.
#[hpy_type]
struct Taker {
    field: Field,
    #[allow(dead_code)] // Dropped with it.
    counted: Counted,
}

impl Drop for Taker {
    fn drop(&mut self) {
        let field = core::mem::take(&mut self.field);
        // Nobody comes for it where the thread ends.
        let _ = TAKEN.try_with(|taken| taken.borrow_mut().push(field));
    }
}

#[hpy_methods]
impl Taker {
    #[new]
    fn new(object: &Handle<'_>) -> Result<Self> {
        Ok(Taker {
            field: Field::new(object)?,
            counted: Counted::new(),
        })
    }
}

/// What the fields still hold that were taken; they are let go of.
#[hpy_method]
fn taken<'ctx>(ctx: Context<'ctx>) -> Result<Vec<Option<Handle<'ctx>>>> {
    let taken = TAKEN.take();
    taken
        .iter()
        .map(|field| field.dup(ctx)?.load(ctx))
        .collect()
}

hpy_module! {
    name: type_fields,
    methods: [alive, finalized, chain, taken],
    types: [Node, Slot, Everywhere, Cons, Finalized, Base, Taker, Links, OfHand],
}
