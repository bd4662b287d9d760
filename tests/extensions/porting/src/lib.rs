//! The snippets of `docs/porting`: a module for each that declares one, and `porting` for the
//! methods of the others.

#![allow(missing_docs, private_interfaces)]

include!(concat!(env!("OUT_DIR"), "/snippets.rs"));
