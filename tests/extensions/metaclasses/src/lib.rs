//! Metaclasses in Rust, and types that are their instances. Where there can be none, the module's
//! `missing` says so.

use hpy::Keywords;
use hpy::ensure;
use hpy::exceptions::{LookupError, ValueError};
use hpy::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};

static ALIVE: AtomicI64 = AtomicI64::new(0);

/// Counts the classes that have data.
struct Guard;

impl Guard {
    fn new() -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Guard
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Knows its instances by number.
#[hpy_type(base = type, subclass)]
struct Registry {
    /// How often the class was called.
    #[hpy(get)]
    made: u64,
    /// What was said in the class statement.
    #[hpy(get, set)]
    label: String,
    last: Option<Field>,
    #[allow(dead_code)] // Dropped with it.
    guard: Guard,
}

type Class<'ctx> = (Handle<'ctx>, Handle<'ctx>, Handle<'ctx>);

#[hpy_methods]
impl Registry {
    #[new]
    #[hpy(signature = (name, bases, body, /, *, label = "none"))]
    fn new<'ctx>(
        name: Handle<'ctx>,
        bases: Handle<'ctx>,
        body: Handle<'ctx>,
        label: &str,
    ) -> Result<(Self, Class<'ctx>)> {
        ensure!(label != "wrong", ValueError, "no class of this label");
        let registry = Registry {
            made: 0,
            label: label.to_owned(),
            last: None,
            guard: Guard::new(),
        };
        Ok((registry, (name, bases, body)))
    }

    /// Makes an instance, as `type` does.
    #[hpy(signature = (*args, **keywords))]
    fn __call__<'ctx>(
        this: &Handle<'ctx, Self>,
        args: Args<'_, 'ctx>,
        keywords: Keywords<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        let ctx = this.ctx();
        let named = ctx.dict()?;
        for pair in keywords.iter() {
            let (name, value) = pair?;
            named.set_item(&name, &*value)?;
        }
        let mut all = vec![this.as_object().dup()];
        all.extend(args.iter().map(|one| one.dup()));
        let call = Type::type_object(ctx)?.getattr(c"__call__")?;
        let object = call.call(&ctx.tuple_of(all)?, &named)?;
        let field = Field::new(&object)?;
        let mut data = this.borrow_mut()?;
        data.made += 1;
        let before = data.last.replace(field);
        drop(data);
        drop(before);
        Ok(object)
    }

    #[classmethod]
    #[hpy(signature = (name, bases, /, **keywords))]
    fn __prepare__<'ctx>(
        class: &Handle<'ctx, Type>,
        name: &str,
        bases: &Handle<'ctx, Tuple>,
        keywords: Keywords<'_, 'ctx>,
    ) -> Result<Handle<'ctx, Dict>> {
        let body = class.ctx().dict()?;
        body.set_item("prepared", (name, bases.len(), keywords.iter().count()))?;
        Ok(body)
    }

    /// Whatever has a `registered` attribute is an instance.
    fn __instancecheck__(&self, object: &Handle<'_>) -> Result<bool> {
        object.hasattr("registered")
    }

    fn __subclasscheck__<'ctx>(this: &Handle<'ctx, Self>, other: &Handle<'ctx>) -> bool {
        other.is(this) || other.hasattr("registered").unwrap_or(false)
    }

    fn __getitem__<'ctx>(
        this: &Handle<'ctx, Self>,
        key: Handle<'ctx>,
    ) -> (Handle<'ctx, Self>, Handle<'ctx>) {
        (this.dup(), key)
    }

    fn __len__(&self) -> usize {
        self.made as usize
    }

    fn __bool__(&self) -> bool {
        true
    }

    fn __contains__(&self, object: &Handle<'_>) -> Result<bool> {
        match self.last.as_ref().map(|last| last.load(object.ctx())) {
            Some(last) => Ok(last?.is_some_and(|last| last.is(object))),
            None => Ok(false),
        }
    }

    fn __iter__<'ctx>(this: &Handle<'ctx, Self>) -> Result<Handle<'ctx>> {
        let last = this
            .borrow()?
            .last
            .as_ref()
            .map(|last| last.load(this.ctx()));
        let last: Vec<Handle<'ctx>> = last.transpose()?.flatten().into_iter().collect();
        this.ctx().list(last)?.getattr(c"__iter__")?.call0()
    }

    fn __repr__(this: &Handle<'_, Self>) -> Result<String> {
        let name: String = this.getattr(c"__name__")?.extract()?;
        Ok(format!("<{} {name}>", this.borrow()?.label))
    }

    fn __lt__(&self, other: Ref<'_, Registry>) -> bool {
        self.made < other.made
    }

    fn last<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        match &self.last {
            Some(last) => last.load(ctx),
            None => Ok(None),
        }
    }
}

/// One that derives from another.
#[hpy_type(base = Registry, subclass)]
struct Strict {
    #[hpy(get)]
    checked: u64,
}

#[hpy_methods]
impl Strict {
    #[new]
    fn new<'ctx>(
        name: Handle<'ctx>,
        bases: Handle<'ctx>,
        body: Handle<'ctx>,
    ) -> Result<(Self, Registry, Class<'ctx>)> {
        let (registry, class) = Registry::new(name, bases, body, "strict")?;
        Ok((Strict { checked: 5 }, registry, class))
    }

    fn check(&mut self) -> u64 {
        self.checked += 1;
        self.checked
    }
}

/// A class in Rust of a metaclass in Rust.
#[hpy_type(metaclass = Registry, subclass)]
struct Point {
    #[hpy(get, set)]
    x: f64,
    text: String,
}

#[hpy_methods]
impl Point {
    #[new]
    #[hpy(signature = (x, text = "nothing"))]
    fn new(x: f64, text: &str) -> Self {
        let text = text.to_owned();
        Point { x, text }
    }

    #[classattr]
    const DIMENSIONS: u8 = 1;

    #[classmethod]
    fn twice<'ctx>(class: &Handle<'ctx, Type>, x: f64) -> Result<Handle<'ctx>> {
        class.call1((2.0 * x,))
    }

    #[staticmethod]
    fn zero() -> Point {
        Point {
            x: 0.0,
            text: String::new(),
        }
    }

    fn __add__(&self, other: Ref<'_, Point>) -> Point {
        Point {
            x: self.x + other.x,
            text: format!("{}+{}", self.text, other.text),
        }
    }

    fn __repr__(&self) -> String {
        format!("Point({}, {:?})", self.x, self.text)
    }

    fn __iter__<'ctx>(this: &Handle<'ctx, Self>) -> Result<Handle<'ctx>> {
        this.ctx()
            .list([this.borrow()?.x])?
            .getattr(c"__iter__")?
            .call0()
    }
}

/// Nobody derives from it; its objects hold others.
#[hpy_type(metaclass = Strict, frozen, eq, repr)]
#[derive(Debug, PartialEq)]
struct Last {
    number: u8,
}

#[hpy_methods]
impl Last {
    #[new]
    fn new(number: u8) -> Self {
        Last { number }
    }
}

/// In a class of a metaclass, for the collector.
#[hpy_type(metaclass = Registry)]
struct Holder {
    #[hpy(get, set)]
    object: Option<Field>,
}

#[hpy_methods]
impl Holder {
    #[new]
    fn new() -> Self {
        Holder { object: None }
    }
}

/// Makes no class.
#[hpy_type(base = type, subclass)]
struct Odd;

#[hpy_methods]
impl Odd {
    #[new]
    fn new<'ctx>(
        name: Handle<'ctx>,
        bases: Handle<'ctx>,
        body: Handle<'ctx>,
    ) -> Result<(Self, Class<'ctx>)> {
        ensure!(body.contains("allowed")?, LookupError, "it is not allowed");
        Ok((Odd, (name, bases, body)))
    }
}

#[hpy_type(metaclass = Odd)]
struct Refused;

/// Its base has a metaclass.
#[hpy_type(base = Point)]
struct Derived;

/// Its metaclass was not listed.
#[hpy_type(metaclass = Unlisted)]
struct Early;

#[hpy_type(base = type)]
struct Unlisted;

#[hpy_method]
fn alive() -> i64 {
    ALIVE.load(Ordering::Relaxed)
}

/// The data of a class.
#[hpy_method]
fn label(registry: Ref<'_, Registry>) -> String {
    registry.label.clone()
}

/// Made by Rust, so the metaclass is not asked.
#[hpy_method]
fn point(ctx: Context<'_>) -> Result<Handle<'_, Point>> {
    ctx.instance(Point {
        x: 7.0,
        text: "rust".to_owned(),
    })
}

#[hpy_method]
fn is_point(object: &Handle<'_>) -> bool {
    object.is_instance_of::<Point>()
}

#[hpy_method]
fn point_class(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
    Point::type_object(ctx)
}

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    let missing = module.ctx().dict()?;
    macro_rules! add {
        ($($type:ident)*) => {$(
            if let Err(error) = module.add_type::<$type>() {
                let value = error.value(module.ctx())?;
                let text = format!("{}: {}", value.type_name(), value.str()?.to_str()?);
                missing.set_item(stringify!($type), text)?;
            }
        )*};
    }
    add! { Registry Strict Point Last Holder Odd Refused Derived Early }
    module.add("missing", missing)
}

hpy_module! {
    name: metaclasses,
    methods: [alive, label, point, is_point, point_class],
    exec: fill,
}
