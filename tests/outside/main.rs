//! What people have of this workspace who are not in it: the crates, their own crate, the Python package.
//!
//! One program, as each of them builds one crate after another for a minute: together they keep the processors busy.

mod crates;
mod python_package;
mod renamed;
mod user;
