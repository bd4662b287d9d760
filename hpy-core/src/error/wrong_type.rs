//! "must be list, not int": built when somebody looks at the error, as most that are made for a
//! question are only dropped.

use super::{Error, Pending, joined};
use crate::backend::Kept;
use crate::types::Type;
use crate::{Context, Handle};
use std::borrow::Cow;

/// What was expected and what was found.
#[derive(Debug)]
pub(super) struct WrongType {
    expected: Cow<'static, str>,
    found: Found,
}

#[derive(Debug)]
enum Found {
    Named(String),
    /// The object's type, a reference of its own.
    OfType(Kept),
}

impl Error {
    /// A TypeError: the object is not what was expected.
    #[inline(always)]
    pub(crate) fn wrong_type(expected: Cow<'static, str>, object: &Handle<'_>) -> Self {
        object.ctx().assert_attached();
        Self::wrong_type_attached(expected, object)
    }

    #[cold]
    #[inline(never)]
    extern "C" fn wrong_type_attached(expected: Cow<'static, str>, object: &Handle<'_>) -> Self {
        let object = &object.rarely();
        // To keep an object takes a foreign context longer than to ask for the name.
        let found = if object.ctx().raw.is_direct()
            && let type_ = object.type_()
            && let Ok(kept) = Kept::new(object.ctx(), type_.as_raw())
        {
            Found::OfType(kept)
        } else {
            Found::Named(object.type_name())
        };
        Self::from_pending(Pending::WrongType(WrongType { expected, found }))
    }

    /// The same, where more is known of the object than its type.
    #[cold]
    #[inline(never)]
    pub(crate) extern "C" fn wrong_kind(expected: String, found: String) -> Self {
        let (expected, found) = (expected.into(), Found::Named(found));
        Self::from_pending(Pending::WrongType(WrongType { expected, found }))
    }
}

impl WrongType {
    /// The message. An argument's name comes before it.
    #[cold]
    pub(super) fn message(&self, ctx: Context<'_>) -> String {
        match &self.found {
            Found::Named(name) => self.text(name),
            Found::OfType(kept) => self.text(&name(kept, ctx)),
        }
    }

    /// The message as far as it can be known without a context.
    #[cold]
    pub(super) fn message_anywhere(&self) -> String {
        match &self.found {
            Found::Named(name) => self.text(name),
            Found::OfType(kept) => match kept.while_attached(|ctx| name(kept, ctx)) {
                Some(name) => self.text(&name),
                None => joined(&["must be ", &self.expected]),
            },
        }
    }

    extern "C" fn text(&self, found: &str) -> String {
        joined(&["must be ", &self.expected, ", not ", found])
    }
}

fn name(type_: &Kept, ctx: Context<'_>) -> String {
    let name = type_.get(ctx).and_then(|raw| {
        // SAFETY: a new handle to a type.
        unsafe { Handle::<Type>::from_raw_unchecked(ctx, raw) }.name()
    });
    name.unwrap_or_else(|_| "?".to_owned())
}
