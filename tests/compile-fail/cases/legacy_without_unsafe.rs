//~ call to unsafe function
//! That a table in C is what it should be is the user's word.
use hpy::legacy::{LegacyMethods, LegacySlots};

const METHODS: LegacyMethods = LegacyMethods::new(std::ptr::null());
const SLOTS: LegacySlots = LegacySlots::new(std::ptr::null());

fn main() {}
