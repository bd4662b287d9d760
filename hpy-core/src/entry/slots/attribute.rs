//! The functions of an attribute that is assigned to.

use crate::class::{Absent, Attribute, FixedInt};
use crate::entry;
use crate::entry::definition::Functions;
use hpy_sys::HPyCFunction;

/// What an attribute is assigned to by, and deleted: an [`Attribute`], or nothing.
///
/// # Safety
/// The functions take the arguments of a setter, and those of methods with two arguments and with
/// one.
pub unsafe trait Setting {
    /// The setter's functions.
    const FUNCTIONS: Option<Functions>;
    /// As methods: to set, and to delete.
    const METHODS: [HPyCFunction; 2];
}

// SAFETY: they are made for these places.
unsafe impl<Set: FixedInt<1>, Del: FixedInt<0>> Setting for Attribute<Set, Del> {
    const FUNCTIONS: Option<Functions> = Some(entry::slots::setter::<Self>());
    const METHODS: [HPyCFunction; 2] = entry::slots::of_setter::<Self>();
}

// SAFETY: there are none.
unsafe impl Setting for Absent {
    const FUNCTIONS: Option<Functions> = None;
    const METHODS: [HPyCFunction; 2] = [None; 2];
}
