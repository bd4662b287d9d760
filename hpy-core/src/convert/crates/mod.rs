//! Conversions of other crates' types, each behind a feature.

#[cfg(feature = "num-bigint")]
mod bigint;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "num-complex")]
mod complex;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "uuid")]
mod uuid;
