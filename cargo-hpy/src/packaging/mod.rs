//! Wheels, source archives and new projects: what is needed to give an extension to others.
//!
//! In this repository these modules are only compiled when they are asked for, because of the
//! crates behind them.

mod archive;
mod cargo_metadata;
mod check;
mod develop;
mod doctor;
mod editable;
mod files;
mod licenses;
mod metadata;
mod new;
mod platform_tag;
mod project;
mod pyproject;
mod remap;
mod sbom;
mod sdist;
mod version;
mod wheel;

pub(crate) use check::check;
pub(crate) use develop::{DevelopRequest, develop, is_in_environment, test};
pub(crate) use doctor::examine;
pub(crate) use editable::{Editable, metadata_only};
pub(crate) use new::{NewRequest, create};
pub(crate) use project::Project;
pub(crate) use pyproject::default_abi;
pub(crate) use sdist::sdist;
pub(crate) use wheel::{WheelRequest, wheel};
