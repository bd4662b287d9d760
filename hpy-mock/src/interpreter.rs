//! `Interpreter`: a mock and its context, whose table names the functions of all files.

use super::mock::{Mock, Private};
use super::{
    attributes, calls, compare, containers, errors, operators, state, table, text, values,
};
use core::ffi::CStr;
use hpy_sys::*;

/// The names of the two kinds of contexts.
const OWN: &CStr = c"HPy for Rust mock";
const FOREIGN: &CStr = c"HPy for Rust mock, without extensions";

/// A mock with its context, at addresses that stay.
pub(super) struct Interpreter {
    pub(super) context: *mut HPyContext,
    private: *mut Private,
}

impl Interpreter {
    pub(super) fn new(own: bool) -> Self {
        let extension = ContextExtension {
            size: if own {
                size_of::<ContextExtension>()
            } else {
                0
            },
            fetch: errors::fetch,
            numbers: None,
        };
        let mock = Mock::new(own);
        let private = Box::into_raw(Box::new(Private { extension, mock }));
        let name = if own { OWN } else { FOREIGN };
        // SAFETY: the box was just made.
        let mock = unsafe { &(*private).mock };
        let mut table = table::blank(mock, name.as_ptr(), private.cast());
        attributes::install(&mut table);
        calls::install(&mut table);
        compare::install(&mut table);
        containers::install(&mut table);
        errors::install(&mut table);
        operators::install(&mut table);
        state::install(&mut table);
        text::install(&mut table);
        values::install(&mut table);
        let context = Box::into_raw(Box::new(table));
        mock.context.set(context);
        Self { context, private }
    }

    pub(super) fn mock(&self) -> &Mock {
        // SAFETY: the box lives as long as `self`.
        unsafe { &(*self.private).mock }
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        // SAFETY: both came from boxes, and nothing refers to them any more: calls have ended.
        unsafe {
            drop(Box::from_raw(self.private));
            drop(Box::from_raw(self.context));
        }
    }
}
