//! Errors with advice for the user.

use std::fmt;
use std::path::Path;

/// The result type of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// An error message, advice, and an exit code.
#[derive(Debug)]
pub struct Error {
    what: String,
    advice: Option<String>,
    code: u8,
}

impl Error {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Error {
            what: what.into(),
            advice: None,
            code: 1,
        }
    }

    pub(crate) fn io(doing: &str, path: &Path, error: std::io::Error) -> Self {
        Error::new(format!("cannot {doing} {}: {error}", path.display()))
    }

    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub(crate) fn with_code(mut self, code: Option<i32>) -> Self {
        self.code = code
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(self.code);
        self
    }

    /// The exit code of the command: cargo's if cargo failed, otherwise 1.
    pub fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(advice) = &self.advice {
            write!(f, "\n  help: {}", advice.replace('\n', "\n        "))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
