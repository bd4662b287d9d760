//! What is attached to an error: its exception object, once somebody has it, a cause and notes.
//!
//! The code for it stands behind a trait object: few extensions contain something that makes one.

use super::details::append_note;
use super::{Attached, Attachment, Attachments, Error, Lazy, Pending};
use crate::backend::Raised;
use crate::{Context, Handle, Result};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::borrow::Cow;

impl Error {
    /// All that is attached, to change it.
    #[inline]
    pub(super) fn attachments(&mut self) -> &mut Attachments {
        self.0.attached.get_mut_or(Attachments::empty).all_mut()
    }

    #[inline]
    pub(super) fn attached(&self) -> &dyn Attachment {
        match self.0.attached.get() {
            Some(attached) => &**attached,
            None => &**self.0.attached.keep(Attachments::empty()),
        }
    }
}

impl Attachments {
    #[cold]
    fn empty() -> Attached {
        Box::new(Self {
            made: Lazy::new(),
            cause: None,
            notes: Vec::new(),
            noted: AtomicUsize::new(0),
            linked: AtomicBool::new(false),
        })
    }

    #[inline]
    pub(super) fn set_cause(&mut self, cause: Error) {
        self.cause = Some(cause);
        *self.linked.get_mut() = false;
    }

    #[inline]
    pub(super) fn add_note(&mut self, note: Cow<'static, str>) {
        self.notes.push(note);
    }

    /// The exception alone.
    #[inline]
    fn object<'ctx>(&self, error: &Error, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let made = match error.raised() {
            None => error.0.exception.make(ctx)?,
            Some(raised) => match (raised.value(ctx), &error.0.exception) {
                (known, Pending::Raised(_)) | (known @ Ok(_), _) => return known,
                // Made by another interpreter of the process: one for this call.
                (Err(_), _) => return error.0.exception.make(ctx),
            },
        };
        // Another thread may have been quicker.
        self.made.keep(Raised::new(&made)?).value(ctx)
    }

    #[inline]
    fn add_notes(&self, exception: &Handle<'_>) -> Result<()> {
        let noted = self.noted.swap(self.notes.len(), Ordering::Relaxed);
        let mut notes = self.notes.get(noted..).unwrap_or_default().iter();
        notes.try_for_each(|note| append_note(exception, note))
    }
}

impl Attachment for Attachments {
    #[inline]
    fn made(&self) -> Option<&Raised> {
        self.made.get()
    }

    #[inline]
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
            // The error matters more than its notes.
            let _ = attachments.add_notes(&effect);
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

    #[inline]
    fn all(&self) -> &Attachments {
        self
    }

    #[inline]
    fn all_mut(&mut self) -> &mut Attachments {
        self
    }
}

/// An error may have a cause, which has one as well, and so on without end: nothing here recurses.
impl Drop for Attachments {
    #[inline]
    fn drop(&mut self) {
        let mut next = self.cause.take();
        while let Some(mut error) = next {
            let attached = error.0.attached.get_mut();
            next = attached.and_then(|attached| attached.all_mut().cause.take());
        }
    }
}
