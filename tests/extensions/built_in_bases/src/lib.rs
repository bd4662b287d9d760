//! Types in Rust that derive from built-in types: values of the base's, with data beside.

use hpy::ensure;
use hpy::exceptions::{IndexError, NotImplementedError, RuntimeError, ValueError};
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

/// An int that knows how it was written.
#[hpy_type(base = int, subclass)]
struct Id {
    #[hpy(get, set)]
    radix: u32,
}

#[hpy_methods]
impl Id {
    #[new]
    #[hpy(signature = (text, radix = 10))]
    fn new<'ctx>(text: &Handle<'ctx>, radix: u32) -> Result<(Self, Handle<'ctx>)> {
        ensure!((2..=36).contains(&radix), ValueError, "no such radix");
        let value = Int::type_object(text.ctx())?.call1((text, radix))?;
        Ok((Id { radix }, value))
    }

    fn next<'ctx>(this: &Handle<'ctx, Self>) -> Result<Handle<'ctx, Self>> {
        let radix = this.borrow()?.radix;
        this.ctx().instance((Id { radix }, this.add(1)?))
    }

    fn __repr__(this: &Handle<'_, Self>) -> Result<String> {
        let value: i64 = this.as_super().extract()?;
        Ok(format!("Id({value}, {})", this.borrow()?.radix))
    }
}

/// A str that knows which class made it.
#[hpy_type(base = str, subclass)]
struct Signed {
    #[hpy(get)]
    by: String,
}

#[hpy_methods]
impl Signed {
    #[classmethod]
    #[new]
    fn new<'ctx>(class: &Handle<'ctx, Type>, text: &str) -> Result<(Self, Handle<'ctx>)> {
        let by = class.getattr("__name__")?.extract()?;
        Ok((Signed { by }, class.ctx().str(text)?.into_object()))
    }
}

/// A float with a unit, which adds in its own way.
#[hpy_type(base = float, frozen, subclass)]
struct Angle {
    #[hpy(get)]
    turns: i32,
}

#[hpy_methods]
impl Angle {
    #[new]
    fn new(degrees: f64) -> (Self, f64) {
        let turns = (degrees / 360.0).floor();
        (
            Angle {
                turns: turns as i32,
            },
            degrees - turns * 360.0,
        )
    }

    /// Only this side: the other is float's.
    fn __add__<'ctx>(this: &Handle<'ctx, Self>, other: f64) -> Result<Handle<'ctx, Self>> {
        let degrees: f64 = this.as_super().extract()?;
        this.ctx().instance(Angle::new(degrees + other))
    }

    /// Only this comparison: the others are float's.
    fn __eq__(this: &Handle<'_, Self>, other: f64) -> Result<bool> {
        let degrees: f64 = this.as_super().extract()?;
        Ok((degrees - other).abs() < 1e-9)
    }

    fn __hash__(&self) -> u64 {
        5
    }
}

/// There is one of it.
#[hpy_type(base = float, frozen)]
struct Only;

static ONLY: Cached<Only> = Cached::new();

#[hpy_methods]
impl Only {
    #[new]
    fn new<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Self>> {
        ONLY.get_or_init(ctx, || ctx.instance((Only, 0.5)))
    }
}

#[hpy_type(base = str, frozen)]
struct Tag {
    #[hpy(get)]
    weight: f64,
}

#[hpy_methods]
impl Tag {
    #[new]
    #[hpy(signature = (text, /, *, weight = 1.0))]
    fn new(text: &str, weight: f64) -> (Self, &str) {
        (Tag { weight }, text)
    }
}

#[hpy_type(base = tuple)]
struct Row {
    #[hpy(get, set)]
    number: u64,
}

#[hpy_methods]
impl Row {
    #[new]
    #[hpy(signature = (number, *items))]
    fn new<'ctx>(number: u64, items: Vec<Handle<'ctx>>) -> (Self, Vec<Handle<'ctx>>) {
        (Row { number }, items)
    }
}

/// No constructor for Python; an empty value in Rust.
#[hpy_type(base = float)]
struct Nothing {
    #[hpy(get)]
    why: u32,
}

#[hpy_method]
fn nothing<'ctx>(ctx: Context<'ctx>, why: u32) -> Result<Handle<'ctx, Nothing>> {
    ctx.instance(Nothing { why })
}

/// An int with data that ends with it.
#[hpy_type(base = int, subclass)]
struct Serial {
    #[hpy(get, set)]
    owner: String,
    #[allow(dead_code)] // Dropped with it.
    guard: Guard,
}

impl Serial {
    fn of(owner: &str) -> Result<Self> {
        ensure!(!owner.is_empty(), ValueError, "no owner");
        let (owner, guard) = (owner.to_owned(), Guard::new());
        Ok(Serial { owner, guard })
    }
}

#[hpy_methods]
impl Serial {
    #[new]
    fn new<'ctx>(owner: &str, value: Handle<'ctx>) -> Result<(Self, Handle<'ctx>)> {
        Ok((Serial::of(owner)?, value))
    }

    fn rename(&mut self, owner: String) {
        self.owner = owner;
    }
}

/// Derives from what derives from int.
#[hpy_type(base = Serial, subclass)]
struct Dated {
    #[hpy(get)]
    date: String,
}

#[hpy_methods]
impl Dated {
    #[new]
    fn new<'ctx>(
        date: String,
        owner: &str,
        value: Handle<'ctx>,
    ) -> Result<(Self, Serial, Handle<'ctx>)> {
        Ok((Dated { date }, Serial::of(owner)?, value))
    }
}

#[hpy_method]
fn owner_of(serial: Ref<'_, Serial>) -> String {
    serial.owner.clone()
}

/// A list that is never longer than its limit.
#[hpy_type(base = list, subclass)]
struct Stack {
    #[hpy(get)]
    limit: usize,
    #[hpy(get, set)]
    other: Option<Field>,
    #[allow(dead_code)] // Dropped with it.
    guard: Guard,
}

#[hpy_methods]
impl Stack {
    #[new]
    #[hpy(signature = (limit, *items))]
    fn new<'ctx>(limit: usize, items: Vec<Handle<'ctx>>) -> Result<(Self, Vec<Handle<'ctx>>)> {
        ensure!(items.len() <= limit, ValueError, "too many");
        let (other, guard) = (None, Guard::new());
        Ok((
            Stack {
                limit,
                other,
                guard,
            },
            items,
        ))
    }

    fn push<'ctx>(this: &Handle<'ctx, Self>, item: &Handle<'ctx>) -> Result<()> {
        ensure!(
            this.as_super().len() < this.borrow()?.limit,
            IndexError,
            "full"
        );
        this.as_super().append(item)
    }

    /// The item that is there, whatever a `__getitem__` says.
    fn at<'ctx>(this: &Handle<'ctx, Self>, index: usize) -> Result<Handle<'ctx>> {
        let item = this.as_super().get(index);
        item.ok_or_else(|| IndexError::new("no such item"))
    }

    /// Only setting: deletion is list's.
    fn __setitem__(this: &Handle<'_, Self>, index: isize, value: i64) -> Result<()> {
        let list = List::type_object(this.ctx())?;
        list.call_method1(c"__setitem__", (this, index, value * 2))
            .map(drop)
    }
}

/// A dict that makes what is missing.
#[hpy_type(base = dict)]
struct Defaults {
    #[hpy(get)]
    make: Field,
    #[hpy(get)]
    missed: u32,
}

#[hpy_methods]
impl Defaults {
    #[new]
    fn new(make: &Handle<'_>) -> Result<Self> {
        Ok(Defaults {
            make: Field::new(make)?,
            missed: 0,
        })
    }

    fn __missing__<'ctx>(this: &Handle<'ctx, Self>, key: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let ctx = this.ctx();
        let make = this.borrow()?.make.load(ctx)?;
        let value = make
            .ok_or_else(|| RuntimeError::new("collected"))?
            .call0()?;
        this.borrow_mut()?.missed += 1;
        this.as_object().set_item(key, &value)?;
        Ok(value)
    }
}

/// A metaclass with data for each class.
#[hpy_type(base = type, subclass)]
struct Counting {
    #[hpy(get)]
    made: u64,
    #[allow(dead_code)] // Dropped with it.
    guard: Guard,
}

type Class<'ctx> = (Handle<'ctx>, Handle<'ctx>, Handle<'ctx>);

#[hpy_methods]
impl Counting {
    #[new]
    fn new<'ctx>(
        name: Handle<'ctx>,
        bases: Handle<'ctx>,
        attributes: Handle<'ctx>,
    ) -> (Self, Class<'ctx>) {
        let guard = Guard::new();
        (Counting { made: 0, guard }, (name, bases, attributes))
    }

    fn count(&mut self) -> u64 {
        self.made += 1;
        self.made
    }
}

/// Adds the types, and says why there are some that there cannot be.
fn fill(module: &Handle<'_, Module>) -> Result<()> {
    let missing = module.ctx().dict()?;
    macro_rules! add {
        ($($type:ident)*) => {$(
            match module.add_type::<$type>() {
                Err(error) if error.is_instance_of::<NotImplementedError>(module.ctx()) => {
                    missing.set_item(stringify!($type), error.to_string())?;
                }
                result => result?,
            }
        )*};
    }
    add! { Id Angle Only Signed Tag Row Nothing Serial Stack Defaults Counting }
    if missing.as_object().contains("Serial")? {
        missing.set_item("Dated", missing.as_object().get_item("Serial")?)?;
    } else {
        add! { Dated }
    }
    module.add("missing", missing)
}

hpy_module! {
    name: built_in_bases,
    methods: [alive, nothing, owner_of],
    exec: fill,
}
