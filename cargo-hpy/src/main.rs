//! cargo-hpy
fn main() {}
