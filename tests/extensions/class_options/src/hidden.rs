//! Types that the module makes, but does not show.

use hpy::prelude::*;

/// An iterator.
#[hpy_type]
pub struct Countdown {
    from: u32,
}

#[hpy_methods]
impl Countdown {
    fn __iter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> {
        this.dup()
    }

    fn __next__(&mut self) -> Option<u32> {
        self.from = self.from.checked_sub(1)?;
        Some(self.from)
    }
}

#[hpy_method]
pub fn countdown(start: u32) -> Countdown {
    Countdown { from: start }
}

#[hpy_type]
#[derive(Clone, Copy)]
pub enum Level {
    Low,
}

#[hpy_method]
pub fn level() -> Level {
    Level::Low
}

#[hpy_type(struct_sequence)]
pub struct Span {
    start: u32,
    end: u32,
}

#[hpy_method]
pub fn span() -> Span {
    Span { start: 1, end: 2 }
}

#[hpy_type]
pub struct Inner;

/// No module lists it.
#[hpy_type(new, get_all, from_handle)]
#[derive(Clone)]
pub struct Unlisted {
    number: u32,
}

#[hpy_method]
pub fn of_unlisted(number: u32) -> Unlisted {
    Unlisted { number }
}
