//! A drop-in for PyPI's blake3: the cryptographic hash function of that name.

#![forbid(unsafe_code)]

mod hasher;
mod input;
mod threads;

use hasher::Hasher;
use hpy::prelude::*;

hpy_module! {
    /// The hash function BLAKE3.
    name: blake3,
    types: [Hasher],
    constants: { __version__: env!("CARGO_PKG_VERSION") },
}
