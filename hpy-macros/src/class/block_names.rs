//! The constants of a block of `#[hpy_methods]`.

use proc_macro2::Ident;
use quote::format_ident;

/// The constants that a block makes: its methods, and their description.
pub fn constants(block: Option<&Ident>) -> (Ident, Ident) {
    match block {
        None => (
            format_ident!("__HPY_METHODS"),
            format_ident!("__HPY_DESCRIBED"),
        ),
        Some(block) => (
            format_ident!("__HPY_METHODS_{}", block, span = block.span()),
            format_ident!("__HPY_DESCRIBED_{}", block, span = block.span()),
        ),
    }
}
