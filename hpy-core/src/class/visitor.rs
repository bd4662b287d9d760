//! How the fields in a value are found.

use super::field::RawField;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Data in which the fields are found: see [`Field`](crate::Field). `#[derive(Traverse)]`
/// implements it for structs and enums.
///
/// # Safety
/// `traverse` shows every field in the value once, the same ones each time as long as nobody
/// changes the value. It may be called at any time, on any thread, while Python collects garbage:
/// so it does not panic, calls no function of Python, waits for nothing, and looks at nothing that
/// can change behind a shared reference. What it passes on to another `traverse` is in the value
/// too: it stays where it is as long as the value is shared, because deep values are gone over
/// later, after `traverse` has returned.
#[diagnostic::on_unimplemented(
    message = "fields cannot be found in `{Self}`",
    label = "not known to have fields",
    note = "put `#[derive(Traverse)]` above its definition"
)]
pub unsafe trait Traverse {
    /// Whether a value owns more than its fields.
    #[doc(hidden)]
    const OWNS_MORE: bool = true;
    /// Shows each field to the visitor.
    fn traverse(&self, visitor: &mut Visitor<'_>);
}

/// Values in one another that are gone over by recursion; those further in wait. Threads may have
/// 64 KB in all.
const MOST_IN_ONE_ANOTHER: u32 = 16;

/// Who is shown the fields.
pub struct Visitor<'a> {
    /// Whether it wants to see more.
    visit: &'a mut dyn FnMut(&RawField) -> bool,
    stopped: bool,
    depth: u32,
    /// What lies too deep, each with its `traverse`. Nothing is allocated before there is any.
    later: Vec<(*const (), Traversal)>,
}

type Traversal = unsafe fn(*const (), &mut Visitor<'_>);

impl<'a> Visitor<'a> {
    /// Shows all fields that `fields` finds, until `visit` returns false.
    #[inline(never)]
    pub(super) fn show(
        fields: &dyn Fn(&mut Visitor<'_>),
        visit: &'a mut dyn FnMut(&RawField) -> bool,
    ) {
        let mut visitor = Visitor {
            visit,
            stopped: false,
            depth: 0,
            later: Vec::new(),
        };
        fields(&mut visitor);
        while !visitor.stopped {
            let Some((value, traverse)) = visitor.later.pop() else {
                break;
            };
            visitor.depth = 0;
            // SAFETY: the value lies in the data, which is shared until this returns, and the
            // function is its type's.
            unsafe { traverse(value, &mut visitor) };
        }
    }

    #[inline]
    pub(super) fn visit(&mut self, field: &RawField) {
        if !self.stopped {
            self.stopped = !(self.visit)(field);
        }
    }

    /// Goes one value further in, or puts the value off and returns false.
    ///
    /// # Safety
    /// The value is what `T::traverse` was called with. It is gone over now, and then left, if this
    /// returns true; and not at all otherwise.
    #[inline(always)]
    unsafe fn enter<T: Traverse>(&mut self, value: &T) -> bool {
        if self.depth >= MOST_IN_ONE_ANOTHER && self.put_off((value as *const T).cast(), again::<T>)
        {
            return false;
        }
        self.depth += 1;
        true
    }

    #[inline(always)]
    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Whether there was memory to do so. Where there is none, recursion is what is left.
    #[cold]
    #[inline(never)]
    fn put_off(&mut self, value: *const (), traverse: Traversal) -> bool {
        if self.stopped {
            return true;
        }
        let room = self.later.try_reserve(1).is_ok();
        if room {
            self.later.push((value, traverse));
        }
        room
    }
}

/// Goes over a value that was put off.
///
/// # Safety
/// It is a `T`, and shared.
unsafe fn again<T: Traverse>(value: *const (), visitor: &mut Visitor<'_>) {
    // SAFETY: as promised by the caller.
    unsafe { &*value.cast::<T>() }.traverse(visitor);
}

impl core::fmt::Debug for Visitor<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Visitor")
    }
}

macro_rules! in_each {
    ($($(#[$doc:meta])* [$($params:tt)*] $ty:ty, $this:ident => $items:expr;)*) => {$(
        // SAFETY: shows what the items show, each of which is gone over once.
        unsafe impl<$($params)*> Traverse for $ty {
            const OWNS_MORE: bool = T::OWNS_MORE;

            #[inline]
            fn traverse(&self, visitor: &mut Visitor<'_>) {
                let $this = self;
                for item in $items {
                    item.traverse(visitor);
                }
            }
        }
    )*};
}

in_each! {
    [T: Traverse] Option<T>, this => this.iter();
    [T: Traverse, const N: usize] [T; N], this => this;
}

/// The same for what has its items elsewhere: data that contains itself, by hand too, has one of
/// these in it.
macro_rules! in_each_elsewhere {
    ($([$($params:tt)*] $ty:ty, $this:ident => $items:expr;)*) => {$(
        // SAFETY: shows what the items show, each of which is gone over once.
        unsafe impl<$($params)*> Traverse for $ty {
            #[inline]
            fn traverse(&self, visitor: &mut Visitor<'_>) {
                // SAFETY: it is gone over below, and then left.
                if unsafe { visitor.enter(self) } {
                    let $this = self;
                    for item in $items {
                        item.traverse(visitor);
                    }
                    visitor.leave();
                }
            }
        }
    )*};
}

in_each_elsewhere! {
    [T: Traverse] Box<T>, this => [&**this];
    [T: Traverse] Vec<T>, this => this;
    [T: Traverse] Box<[T]>, this => this.iter();
    [T: Traverse] VecDeque<T>, this => this;
    [K: Send + Sync, T: Traverse, S: Send + Sync] HashMap<K, T, S>, this => this.values();
    [K: Send + Sync, T: Traverse] BTreeMap<K, T>, this => this.values();
}

/// The type of a value, for the macros, as a type that nothing is coerced to.
#[doc(hidden)]
pub struct Exactly<T: ?Sized>(core::marker::PhantomData<fn(&T) -> &T>);

/// The type of a value. Where the result's type is known beforehand, the value may be coerced: so
/// it is to be assigned after the call.
#[doc(hidden)]
#[inline(always)]
pub fn exactly<T: ?Sized>(_: &T) -> Exactly<T> {
    Exactly(core::marker::PhantomData)
}

/// What a field of a struct is, for the macros: something that fields are found in, or something
/// that has none.
#[doc(hidden)]
pub struct In<T: ?Sized>(core::marker::PhantomData<T>);

impl<T: Traverse> In<T> {
    /// Whether there can be any.
    pub const HAS_FIELDS: bool = true;
    /// Whether there is more to drop.
    pub const OWNS_MORE: bool = T::OWNS_MORE;

    /// Shows them.
    #[inline(always)]
    pub fn traverse(value: &T, visitor: &mut Visitor<'_>) {
        value.traverse(visitor);
    }

    /// Goes into a value, or puts it off and returns false: see [`Visitor::enter`].
    ///
    /// # Safety
    /// As for [`Visitor::enter`].
    #[inline(always)]
    pub unsafe fn enter(value: &T, visitor: &mut Visitor<'_>) -> bool {
        // SAFETY: as promised by the caller.
        unsafe { visitor.enter(value) }
    }

    /// Leaves what was gone into.
    #[inline(always)]
    pub fn leave(_: &T, visitor: &mut Visitor<'_>) {
        visitor.leave();
    }

    /// They are found.
    pub const fn check() {}
}

/// What [`In`] is for what does not implement [`Traverse`]: a function of `In` itself comes first.
#[doc(hidden)]
pub trait InOpaque<T: ?Sized> {
    /// There are none, as `check` sees to.
    const HAS_FIELDS: bool = false;
    /// Whether there is anything to drop.
    const OWNS_MORE: bool = core::mem::needs_drop::<T>();

    /// There are none.
    #[inline(always)]
    fn traverse(_: &T, _: &mut Visitor<'_>) {}

    /// What has no size known to the compiler is gone into at any depth.
    ///
    /// # Safety
    /// None.
    #[inline(always)]
    unsafe fn enter(_: &T, _: &mut Visitor<'_>) -> bool {
        true
    }

    /// Leaves it.
    #[inline(always)]
    fn leave(_: &T, _: &mut Visitor<'_>) {}

    /// Any thread may use it, so there is no field in it.
    fn check()
    where
        T: Send + Sync,
    {
    }
}

impl<T: ?Sized> InOpaque<T> for In<T> {}

/// Whether a type itself implements `Drop`, for the macros.
#[doc(hidden)]
pub struct DropOf<T: ?Sized>(core::marker::PhantomData<T>);

#[allow(drop_bounds)] // It asks for the impl itself, not whether anything is dropped.
impl<T: Drop> DropOf<T> {
    /// It does.
    pub const IMPLEMENTS_DROP: bool = true;
}

/// What [`DropOf`] is for all other types: a constant of `DropOf` itself comes first.
#[doc(hidden)]
pub trait NoDrop {
    /// It does not.
    const IMPLEMENTS_DROP: bool = false;
}

impl<T: ?Sized> NoDrop for DropOf<T> {}
