//! Types that derive from types written in Rust: data at each level, constructors of all levels.

use hpy::ensure;
use hpy::exceptions::{RuntimeError, ValueError};
use hpy::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};

static ALIVE: AtomicI64 = AtomicI64::new(0);

/// Counts what is alive; says when it is dropped twice.
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

/// Has a name.
#[hpy_type(subclass)]
struct Animal {
    #[hpy(get, set)]
    name: String,
    #[allow(dead_code)] // Dropped with it.
    guard: Guard,
}

impl Animal {
    fn named(name: &str) -> Result<Self> {
        ensure!(!name.is_empty(), ValueError, "no name");
        Ok(Animal {
            name: name.to_owned(),
            guard: Guard::new(),
        })
    }
}

#[hpy_methods]
impl Animal {
    #[new]
    fn new(name: &str) -> Result<Self> {
        Animal::named(name)
    }

    fn introduce(&self) -> String {
        format!("I am {}", self.name)
    }

    fn rename(&mut self, name: String) {
        self.name = name;
    }

    fn kind(&self) -> &'static str {
        "animal"
    }

    /// Calls a function while this level's data is nobody else's.
    fn call_mut<'ctx>(&mut self, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        function.call0()
    }

    fn __len__(&self) -> usize {
        self.name.len()
    }
}

/// Data of its own behind the base's.
#[hpy_type(base = Animal, subclass)]
struct Dog {
    #[hpy(get, set)]
    tricks: u8,
    big: u64,
    #[allow(dead_code)]
    guard: Guard,
}

impl Dog {
    fn with(tricks: u8) -> Self {
        Dog {
            tricks,
            big: u64::MAX,
            guard: Guard::new(),
        }
    }
}

#[hpy_methods]
impl Dog {
    #[new]
    #[hpy(signature = (name, tricks = 0))]
    fn new(name: &str, tricks: u8) -> Result<(Self, Animal)> {
        Ok((Dog::with(tricks), Animal::named(name)?))
    }

    fn kind(&self) -> &'static str {
        "dog"
    }

    fn learn(&mut self, tricks: u8) -> Result<u8> {
        ensure!(self.big == u64::MAX, RuntimeError, "overwritten");
        self.tricks += tricks;
        Ok(self.tricks)
    }

    fn both(this: &Handle<'_, Self>) -> Result<String> {
        let (dog, animal) = (this.borrow()?, this.as_super().borrow()?);
        Ok(format!("{}: {}", animal.name, dog.tricks))
    }

    fn __repr__(this: &Handle<'_, Self>) -> Result<String> {
        Ok(format!("Dog({:?})", this.as_super().borrow()?.name))
    }
}

/// The third level: its data needs no drop, and never changes.
#[hpy_type(base = Dog, subclass, frozen, eq)]
#[derive(PartialEq)]
struct Puppy {
    #[hpy(get)]
    weeks: u32,
}

#[hpy_methods]
impl Puppy {
    #[new]
    fn new(name: &str, weeks: u32) -> (Self, Dog, Result<Animal>) {
        (Puppy { weeks }, Dog::with(0), Animal::named(name))
    }

    fn grown<'ctx>(this: &Handle<'ctx, Self>) -> Result<Handle<'ctx, Dog>> {
        let name = this.as_super().as_super().borrow()?.name.clone();
        let weeks = this.get()?.weeks as u8;
        this.ctx()
            .instance((Dog::with(weeks), Animal::named(&name)?))
    }
}

/// Little data, of which nothing has to be dropped.
#[hpy_type(subclass)]
struct Narrow {
    byte: u8,
}

#[hpy_methods]
impl Narrow {
    #[new]
    fn new() -> Self {
        Narrow { byte: 1 }
    }

    fn first(&self) -> u8 {
        self.byte
    }
}

/// Much of it.
#[hpy_type(subclass)]
struct Broad {
    words: [u64; 1000],
}

#[hpy_methods]
impl Broad {
    #[new]
    fn new() -> Self {
        Broad { words: [2; 1000] }
    }

    fn sum(&self) -> u64 {
        self.words.iter().sum()
    }
}

/// An integer of two words.
#[cfg(target_pointer_width = "64")]
type Tons = u128;
#[cfg(not(target_pointer_width = "64"))]
type Tons = u64;

/// Data with another alignment than the base's.
#[hpy_type(base = Animal, frozen)]
struct Whale {
    #[hpy(get)]
    tons: Tons,
}

#[hpy_methods]
impl Whale {
    #[new]
    fn new(name: &str, tons: Tons) -> Result<(Self, Animal)> {
        Ok((Whale { tons }, Animal::named(name)?))
    }
}

/// The same without a base, and the base of another.
#[hpy_type(subclass)]
struct Mass {
    #[hpy(get, set)]
    grams: Tons,
    #[hpy(get)]
    name: String,
}

#[hpy_methods]
impl Mass {
    #[new]
    fn new(grams: Tons) -> Self {
        let name = format!("{grams} g");
        Mass { grams, name }
    }

    fn __call__(&self, times: Tons) -> Tons {
        self.grams * times
    }
}

/// Data that needs less than its base's.
#[hpy_type(base = Mass)]
struct Parcel {
    #[hpy(get, set)]
    stamps: u8,
}

#[hpy_methods]
impl Parcel {
    #[new]
    fn new(grams: Tons, stamps: u8) -> (Self, Mass) {
        (Parcel { stamps }, Mass::new(grams))
    }
}

/// No constructor: only Rust makes these.
#[hpy_type(base = Animal)]
struct Ghost;

/// Beside Dog: nobody is both.
#[hpy_type(base = Animal, subclass)]
struct Cat {
    #[hpy(get)]
    lives: u64,
}

#[hpy_methods]
impl Cat {
    #[new]
    fn new(name: &str) -> Result<(Self, Animal)> {
        Ok((Cat { lives: 9 }, Animal::named(name)?))
    }
}

#[hpy_method]
fn make_ghost<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx, Ghost>> {
    ctx.instance((Ghost, Animal::named(name)?))
}

/// Takes any animal.
#[hpy_method]
fn name_of(animal: Ref<'_, Animal>) -> String {
    animal.name.clone()
}

#[hpy_method]
fn tricks_of(animal: &Handle<'_, Animal>) -> Result<Option<u8>> {
    match animal.as_object().downcast::<Dog>() {
        Ok(dog) => Ok(Some(dog.borrow()?.tricks)),
        Err(_) => Ok(None),
    }
}

/// Has a field, as what derives from it has.
#[hpy_type(subclass)]
struct Link {
    #[hpy(get, set)]
    next: Option<Field>,
    #[allow(dead_code)]
    guard: Guard,
}

impl Link {
    fn to(next: &Handle<'_>) -> Result<Self> {
        Ok(Link {
            next: Some(Field::new(next)?),
            guard: Guard::new(),
        })
    }
}

#[hpy_methods]
impl Link {
    #[new]
    fn new(next: &Handle<'_>) -> Result<Self> {
        Link::to(next)
    }
}

/// Two fields, each in another level's data.
#[hpy_type(base = Link, subclass)]
struct Fork {
    #[hpy(get, set)]
    other: Option<Field>,
}

#[hpy_methods]
impl Fork {
    #[new]
    fn new(next: &Handle<'_>, other: &Handle<'_>) -> Result<(Self, Link)> {
        let other = Some(Field::new(other)?);
        Ok((Fork { other }, Link::to(next)?))
    }

    /// Exchanges what the two levels hold.
    fn swap(this: &Handle<'_, Self>) -> Result<()> {
        let (mut fork, mut link) = (this.borrow_mut()?, this.as_super().borrow_mut()?);
        core::mem::swap(&mut fork.other, &mut link.next);
        Ok(())
    }
}

/// No fields but those of its base.
#[hpy_type(base = Link, subclass)]
struct Named {
    #[hpy(get)]
    name: String,
}

#[hpy_methods]
impl Named {
    #[new]
    fn new(name: String, next: &Handle<'_>) -> Result<(Self, Link)> {
        Ok((Named { name }, Link::to(next)?))
    }
}

hpy_module! {
    name: type_bases,
    methods: [alive, make_ghost, name_of, tricks_of],
    types: [
        Animal, Dog, Puppy, Whale, Ghost, Cat, Link, Fork, Named, Narrow, Broad, Mass,
        Parcel,
    ],
}
