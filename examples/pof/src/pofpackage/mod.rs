//! The modules of the package `pofpackage`.

mod bar;
mod foo;
