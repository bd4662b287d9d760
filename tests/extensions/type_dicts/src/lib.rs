//! Types whose instances have a `__dict__` or can be referred to weakly.

use hpy::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};

static ALIVE: AtomicI64 = AtomicI64::new(0);

/// Counts what is alive.
struct Guard(Box<i64>);

impl Guard {
    fn new() -> Self {
        Guard(Box::new(ALIVE.fetch_add(1, Ordering::Relaxed)))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        assert!(*self.0 >= 0);
        *self.0 = -1;
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[hpy_method]
fn alive() -> i64 {
    ALIVE.load(Ordering::Relaxed)
}

/// Anything can be written on it.
#[hpy_type(dict, weakref)]
struct Open {
    #[hpy(get, set)]
    value: i64,
    _guard: Guard,
}

#[hpy_methods]
impl Open {
    #[new]
    fn new(value: i64) -> Self {
        Open {
            value,
            _guard: Guard::new(),
        }
    }

    fn twice(&self) -> i64 {
        2 * self.value
    }

    fn another<'ctx>(this: &Handle<'ctx, Self>) -> Result<Handle<'ctx, Self>> {
        let value = this.borrow()?.value;
        this.ctx().instance(Open::new(value + 1))
    }

    fn write<'ctx>(this: &Handle<'ctx, Self>, name: &str, value: &Handle<'ctx>) -> Result<()> {
        this.setattr(name, value)
    }
}

/// Only to be watched.
#[hpy_type(weakref, frozen)]
struct Watched {
    #[hpy(get)]
    value: i64,
}

#[hpy_methods]
impl Watched {
    #[new]
    fn new(value: i64) -> Self {
        Watched { value }
    }
}

/// Only to be written on; classes in Python derive from it.
#[hpy_type(dict, subclass)]
struct Bag {
    #[hpy(get)]
    size: usize,
    kept: Field,
}

#[hpy_methods]
impl Bag {
    #[new]
    fn new(kept: &Handle<'_>) -> Result<Self> {
        Ok(Bag {
            size: 1,
            kept: Field::new(kept)?,
        })
    }

    #[getter]
    fn kept<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        self.kept.load(ctx)
    }
}

/// Data of its own.
#[hpy_type(subclass)]
struct Animal {
    #[hpy(get)]
    name: String,
}

#[hpy_methods]
impl Animal {
    #[new]
    fn new(name: String) -> Self {
        Animal { name }
    }
}

/// More data, and attributes besides.
#[hpy_type(base = Animal, dict, weakref)]
struct Dog {
    #[hpy(get, set)]
    tricks: u32,
}

#[hpy_methods]
impl Dog {
    #[new]
    fn new(name: String) -> (Self, Animal) {
        (Dog { tricks: 0 }, Animal { name })
    }
}

/// A list that can be written on.
#[hpy_type(base = list, dict, weakref)]
struct Row {
    #[hpy(get, set)]
    number: u32,
}

#[hpy_methods]
impl Row {
    #[new]
    fn new<'ctx>(items: &Handle<'ctx>) -> Result<(Self, Handle<'ctx>)> {
        Ok((Row { number: 0 }, items.dup()))
    }
}

/// What there can be, and why not the others.
fn fill(module: &Handle<'_, Module>) -> Result<()> {
    let missing = module.ctx().dict()?;
    macro_rules! add {
        ($($type:ident)*) => {$(
            if let Err(error) = module.add_type::<$type>() {
                missing.set_item(stringify!($type), error.to_string())?;
            }
        )*};
    }
    add!(Open Watched Bag Animal Dog Row);
    module.add("missing", missing)
}

hpy_module! {
    /// Types whose instances have a `__dict__` or can be referred to weakly.
    name: type_dicts,
    methods: [alive],
    exec: fill,
}
