//! HPy's proof of concept, which is in C and C++, in Rust: the modules `pof` and `pofcpp`, and
//! `foo` and `bar` of a package.

mod pof;
mod pofcpp;
mod pofpackage;
