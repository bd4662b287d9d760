//! What people outside this workspace have of it: the crates, their own crate, the Python package.
//!
//! They are one program, since each of them builds one crate after another for a minute. Together
//! they keep the processors busy.

mod crates;
mod embedded;
mod python_package;
mod renamed;
mod user;
