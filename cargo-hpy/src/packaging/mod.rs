//! Wheels, source archives and new projects: what is needed to give an extension to others.
//!
//! In this repository these modules are only compiled when they are asked for, because of the
//! crates behind them.

mod archive;
mod cargo_metadata;
mod files;
mod licenses;
mod metadata;
mod platform_tag;
mod project;
mod pyproject;
mod remap;
mod sbom;
mod version;
mod wheel;

pub(crate) use pyproject::default_abi;
pub(crate) use wheel::{WheelRequest, wheel};
