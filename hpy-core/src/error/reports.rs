//! `anyhow` and `eyre`: errors of any type, with their chains. The chain becomes `__cause__`, and
//! an `Error` in it is the exception that it was.

use super::from_std::{MOST_SOURCES, in_a_row, of_any_type};
use super::{Error, Result};
use std::error::Error as StdError;

/// The chain, in which `original` has been found, as an address: that of the first field of one of
/// the errors. It is the last otherwise.
fn places<'a>(
    chain: impl Iterator<Item = &'a (dyn StdError + 'static)>,
    original: Option<*const Error>,
) -> (Vec<Option<Error>>, Option<usize>) {
    let mut errors = Vec::new();
    let mut place = None;
    for (index, error) in chain.take(MOST_SOURCES).enumerate() {
        let address: *const (dyn StdError + 'static) = error;
        let found = original.is_some_and(|original| core::ptr::addr_eq(address, original));
        if found {
            place = Some(index);
        }
        errors.push((!found).then(|| of_any_type(error)));
    }
    if original.is_some() && place.is_none() {
        place = errors.len().checked_sub(1);
    }
    (errors, place)
}

/// The chain as exceptions, `original` among them at its place.
fn joined(
    (errors, place): (Vec<Option<Error>>, Option<usize>),
    mut original: Option<Error>,
) -> Option<Error> {
    let errors = errors.into_iter().enumerate();
    let errors = errors.filter_map(|(index, error)| match place {
        Some(place) if place == index => original.take().or(error),
        _ => error,
    });
    in_a_row(errors.collect())
}

macro_rules! reports {
    (
        $(#[$doc:meta])*
        $feature:literal, $report:ty, $from:ident, $trait:ident: $add:ident, $add_with:ident,
        $wrap:ident, $backtrace:expr
    ) => {
        /// The exception is kept: it comes back where the error becomes an exception again, and
        /// `downcast_ref::<hpy::Error>()` finds it.
        impl From<Error> for $report {
            #[cold]
            fn from(error: Error) -> Self {
                Self::msg(error)
            }
        }

        impl Error {
            $(#[$doc])*
            #[cold]
            pub fn $from(report: $report) -> Self {
                let backtrace: Option<String> = $backtrace(&report);
                let original = report.downcast_ref::<Error>().map(core::ptr::from_ref);
                let found = places(report.chain(), original);
                let error = joined(found, report.downcast::<Error>().ok());
                // The chain begins with the error itself.
                let error = error.unwrap_or_else(|| crate::exceptions::RuntimeError::new(""));
                match backtrace {
                    Some(backtrace) => error.with_note(backtrace),
                    None => error,
                }
            }
        }

        /// Adds text to errors of Python, as the trait of this name does to others in
        #[doc = concat!("`", $feature, "`.")]
        ///
        /// Import both, `as _`: each is for its own errors. Where both are imported, the compiler
        /// wants to know the type of the error: `text.parse::<u16>()`.
        pub trait $trait<T> {
            /// The error with a text before it.
            ///
            /// # Errors
            /// The error, if it is one.
            fn $add<C>(self, text: C) -> core::result::Result<T, $report>
            where
                C: core::fmt::Display + Send + Sync + 'static;

            /// The error with a text before it, which is made for an error only.
            ///
            /// # Errors
            /// The error, if it is one.
            fn $add_with<C, F>(self, text: F) -> core::result::Result<T, $report>
            where
                C: core::fmt::Display + Send + Sync + 'static,
                F: FnOnce() -> C;
        }

        impl<T> $trait<T> for Result<T> {
            #[inline]
            fn $add<C>(self, text: C) -> core::result::Result<T, $report>
            where
                C: core::fmt::Display + Send + Sync + 'static,
            {
                self.map_err(|error| <$report>::msg(error).$wrap(text))
            }

            #[inline]
            fn $add_with<C, F>(self, text: F) -> core::result::Result<T, $report>
            where
                C: core::fmt::Display + Send + Sync + 'static,
                F: FnOnce() -> C,
            {
                self.map_err(|error| <$report>::msg(error).$wrap(text()))
            }
        }
    };
}

/// What the feature `anyhow` has beside conversions.
#[cfg(feature = "anyhow")]
pub mod anyhow {
    use super::{Error, Result, joined, places};
    use std::backtrace::BacktraceStatus;

    reports! {
        /// An `anyhow::Error` as an exception: its text and type are those of the first error of
        /// the chain, the others are its `__cause__`, one of the other. An exception in the chain
        /// is the object that it was. A backtrace, where one was captured, becomes a note.
        ///
        /// A method that returns an `anyhow::Result` does so by itself. Elsewhere, write
        /// `.map_err(Error::from_anyhow)?`. PyO3's `From<anyhow::Error> for PyErr`.
        ///
        /// ```
        /// use anyhow::Context as _;
        /// use hpy::anyhow::Context as _;
        /// use hpy::prelude::*;
        ///
        /// #[hpy_method]
        /// fn port(settings: &Handle<'_>) -> anyhow::Result<u16> {
        ///     let port = settings.get_item("port").context("the settings have no port")?;
        ///     let port: String = port.extract()?;
        ///     port.parse::<u16>().with_context(|| format!("{port:?} is no port"))
        /// }
        /// # fn main() {}
        /// ```
        "anyhow", ::anyhow::Error, from_anyhow, Context: context, with_context, context,
        |error: &::anyhow::Error| {
            let backtrace = error.backtrace();
            (backtrace.status() == BacktraceStatus::Captured)
                .then(|| format!("Backtrace of Rust:\n{backtrace}"))
        }
    }
}

/// What the feature `eyre` has beside conversions.
#[cfg(feature = "eyre")]
pub mod eyre {
    use super::{Error, Result, joined, places};

    reports! {
        /// An `eyre::Report` as an exception: its text and type are those of the first error of
        /// the chain, the others are its `__cause__`, one of the other. An exception in the chain
        /// is the object that it was. What the report's handler adds, such as a backtrace, is left
        /// out.
        ///
        /// A method that returns an `eyre::Result` does so by itself. Elsewhere, write
        /// `.map_err(Error::from_eyre)?`. PyO3's `From<eyre::Report> for PyErr`.
        ///
        /// ```
        /// use eyre::WrapErr as _;
        /// use hpy::eyre::WrapErr as _;
        /// use hpy::prelude::*;
        ///
        /// #[hpy_method]
        /// fn port(settings: &Handle<'_>) -> eyre::Result<u16> {
        ///     let port = settings.get_item("port").wrap_err("the settings have no port")?;
        ///     let port: String = port.extract()?;
        ///     port.parse::<u16>().wrap_err_with(|| format!("{port:?} is no port"))
        /// }
        /// # fn main() {}
        /// ```
        "eyre", ::eyre::Report, from_eyre, WrapErr: wrap_err, wrap_err_with, wrap_err,
        |_: &::eyre::Report| None
    }
}

/// What a method returned: errors of these crates become exceptions, all else is passed on.
///
/// `settled` is a method of the type itself for their results, and one of a trait for all else.
#[doc(hidden)]
#[derive(Debug)]
pub struct Outcome<T>(pub T);

/// For what has no errors of these crates.
#[doc(hidden)]
pub trait Settle {
    /// What it is.
    type Value;

    /// The value as it is.
    fn settled(self) -> Self::Value;
}

impl<T> Settle for Outcome<T> {
    type Value = T;

    #[inline(always)]
    fn settled(self) -> T {
        self.0
    }
}

#[cfg(feature = "anyhow")]
impl<T> Outcome<core::result::Result<T, ::anyhow::Error>> {
    /// With an exception for the error.
    ///
    /// # Errors
    /// The exception.
    #[inline(always)]
    pub fn settled(self) -> Result<T> {
        self.0.map_err(Error::from_anyhow)
    }
}

#[cfg(feature = "eyre")]
impl<T> Outcome<core::result::Result<T, ::eyre::Report>> {
    /// With an exception for the error.
    ///
    /// # Errors
    /// The exception.
    #[inline(always)]
    pub fn settled(self) -> Result<T> {
        self.0.map_err(Error::from_eyre)
    }
}
