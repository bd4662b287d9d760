//! Why a value could not be read or written, and where in it.

use crate::exceptions::{TypeError, ValueError};
use crate::{Context, Error};
use ::serde::de::{Expected, Unexpected};
use core::fmt::{self, Display};

/// An error with its place in the value.
#[derive(Debug)]
pub struct Failure {
    error: Error,
    /// `.users[3].name`
    place: String,
}

impl Failure {
    fn new(error: Error) -> Self {
        Self {
            error,
            place: String::new(),
        }
    }

    /// The same, in an item.
    pub fn in_item(mut self, index: usize) -> Self {
        self.place.insert_str(0, &format!("[{index}]"));
        self
    }

    /// The same, in the value of a key.
    pub fn in_key(mut self, key: &str) -> Self {
        let plain = !key.is_empty() && key.chars().all(|c| c == '_' || c.is_alphanumeric());
        let step = if plain {
            format!(".{key}")
        } else {
            format!("[{key:?}]")
        };
        self.place.insert_str(0, &step);
        self
    }

    /// With the place before the message.
    pub fn into_error(self, ctx: Context<'_>) -> Error {
        match self.place.trim_start_matches('.') {
            "" => self.error,
            place => self.error.behind(ctx, &[place]),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.error, f)
    }
}

impl std::error::Error for Failure {}

impl ::serde::ser::Error for Failure {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(ValueError::new(message.to_string()))
    }
}

impl ::serde::de::Error for Failure {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(ValueError::new(message.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Unit => "None".to_owned(),
            other => other.to_string(),
        };
        Self::new(TypeError::new(format!(
            "invalid type: {found}, expected {expected}"
        )))
    }
}
