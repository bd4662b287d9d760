//! What is attached to an error: its exception object, once somebody has it, a cause and notes.
//!
//! The code for it stands behind a trait object: few extensions contain something that makes one.

use super::details::append_note;
use super::{Error, Pending};
use crate::backend::Raised;
use crate::{Context, Handle, Result};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use std::borrow::Cow;

/// A box that is made when it is needed. An atomic pointer is less code than a lock.
pub(super) struct Lazy<T>(AtomicPtr<T>);

impl<T> Lazy<T> {
    pub(super) const fn new() -> Self {
        Self(AtomicPtr::new(null_mut()))
    }

    #[inline]
    pub(super) fn get(&self) -> Option<&T> {
        // SAFETY: null, or a box that lives as long as `self`.
        unsafe { self.0.load(Ordering::Acquire).as_ref() }
    }

    #[inline]
    pub(super) fn get_mut(&mut self) -> Option<&mut T> {
        // SAFETY: null, or a box that lives as long as `self`, which is borrowed.
        unsafe { self.0.get_mut().as_mut() }
    }

    pub(super) fn get_mut_or(&mut self, new: impl FnOnce() -> T) -> &mut T {
        let value = self.0.get_mut();
        if value.is_null() {
            *value = Box::into_raw(Box::new(new()));
        }
        // SAFETY: a box that lives as long as `self`, which is borrowed.
        unsafe { &mut **value }
    }

    /// Keeps the value, unless another thread came first. The one that is kept.
    pub(super) fn keep(&self, value: T) -> &T {
        let new = Box::into_raw(Box::new(value));
        let kept = self
            .0
            .compare_exchange(null_mut(), new, Ordering::AcqRel, Ordering::Acquire);
        // SAFETY: each is a box: the one that is kept lives as long as `self`, and one that came
        // too late is not used again.
        unsafe {
            match kept {
                Ok(_) => &*new,
                Err(first) => {
                    drop(Box::from_raw(new));
                    &*first
                }
            }
        }
    }
}

impl<T> Drop for Lazy<T> {
    #[inline]
    fn drop(&mut self) {
        let value = *self.0.get_mut();
        if !value.is_null() {
            // SAFETY: the box is ours, and not used again.
            drop(unsafe { Box::from_raw(value) });
        }
    }
}

/// What is attached to an error.
pub(super) type Attached = Box<dyn Attachment>;

pub(super) trait Attachment: Send + Sync {
    /// The exception object, if it was made already.
    fn made(&self) -> Option<&Raised>;
    /// The next value is a new object.
    fn forget_object(&mut self);
    /// The exception object with cause and notes, the same each time.
    fn value<'ctx>(&self, error: &Error, ctx: Context<'ctx>) -> Result<Handle<'ctx>>;
    fn all(&self) -> &Attachments;
    fn all_mut(&mut self) -> &mut Attachments;
}

pub(super) struct Attachments {
    made: Lazy<Raised>,
    cause: Option<Error>,
    notes: Vec<Cow<'static, str>>,
    /// How many of the notes the object has.
    noted: AtomicUsize,
    /// Whether the object has the cause.
    linked: AtomicBool,
}

impl Error {
    /// All that is attached, to change it.
    pub(super) fn attachments(&mut self) -> &mut Attachments {
        self.0.attached.get_mut_or(Attachments::new).all_mut()
    }

    pub(super) fn attached(&self) -> &dyn Attachment {
        match self.0.attached.get() {
            Some(attached) => &**attached,
            None => &**self.0.attached.keep(Attachments::new()),
        }
    }
}

impl Attachments {
    #[cold]
    fn new() -> Attached {
        Box::new(Self {
            made: Lazy::new(),
            cause: None,
            notes: Vec::new(),
            noted: AtomicUsize::new(0),
            linked: AtomicBool::new(false),
        })
    }

    pub(super) fn set_cause(&mut self, cause: Error) {
        self.cause = Some(cause);
        *self.linked.get_mut() = false;
    }

    pub(super) fn add_note(&mut self, note: Cow<'static, str>) {
        self.notes.push(note);
    }

    /// The exception alone.
    fn object<'ctx>(&self, error: &Error, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let made = match error.raised() {
            None => error.0.exception.make(ctx)?,
            Some(raised) => match (raised.value(ctx), &error.0.exception) {
                // Made by another interpreter of the process: one for this call.
                (Err(_), Pending::Message(..) | Pending::Built(_) | Pending::WrongType(_)) => {
                    return error.0.exception.make(ctx);
                }
                (known, _) => return known,
            },
        };
        // Another thread may have been quicker.
        self.made.keep(Raised::new(&made)?).value(ctx)
    }

    fn add_notes(&self, exception: &Handle<'_>) -> Result<()> {
        let noted = self.noted.swap(self.notes.len(), Ordering::Relaxed);
        let mut notes = self.notes.get(noted..).unwrap_or_default().iter();
        notes.try_for_each(|note| append_note(exception, note))
    }
}

impl Attachment for Attachments {
    fn made(&self) -> Option<&Raised> {
        self.made.get()
    }

    fn forget_object(&mut self) {
        self.made = Lazy::new();
        *self.noted.get_mut() = 0;
        *self.linked.get_mut() = false;
    }

    #[cold]
    #[inline(never)]
    fn value<'ctx>(&self, error: &Error, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let ctx = ctx.rarely();
        let value = self.object(error, ctx)?;
        // There may be a long row of causes: nothing here recurses.
        let (mut effect, mut attachments) = (value.dup(), self);
        loop {
            attachments.add_notes(&effect)?;
            let cause = match &attachments.cause {
                Some(cause) if !attachments.linked.load(Ordering::Relaxed) => cause,
                _ => return Ok(value),
            };
            let next = cause.attached().all();
            let made = next.object(cause, ctx)?;
            effect.setattr(c"__cause__", &made)?;
            attachments.linked.store(true, Ordering::Relaxed);
            (effect, attachments) = (made, next);
        }
    }

    fn all(&self) -> &Attachments {
        self
    }

    fn all_mut(&mut self) -> &mut Attachments {
        self
    }
}

/// An error may have a cause, which has one as well, and so on without end: nothing here recurses.
impl Drop for Attachments {
    fn drop(&mut self) {
        let mut next = self.cause.take();
        while let Some(mut error) = next {
            let attached = error.0.attached.get_mut();
            next = attached.and_then(|attached| attached.all_mut().cause.take());
        }
    }
}
