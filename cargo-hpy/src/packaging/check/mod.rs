//! Whether a binary or a wheel is what it claims to be.

mod archive;
mod binary;
mod macos;
mod modules;
mod wheel;

use std::path::Path;

use crate::error::{Error, Result};
use crate::universal2;

/// What was found in a file.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What it is.
    pub(crate) facts: Vec<String>,
    /// What is wrong, with what to do.
    pub(crate) problems: Vec<String>,
}

impl Report {
    fn fact(&mut self, fact: impl Into<String>) {
        self.facts.push(fact.into());
    }

    fn problem(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }
}

/// Reads a wheel, or a library that Python imports.
pub(crate) fn check(file: &Path) -> Result<Report> {
    let data = super::files::read(file)?;
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let mut report = Report::default();
    if name.ends_with(".whl") {
        wheel::check(name, &data, &mut report)?;
    } else if object::File::parse(universal2::first(&data)).is_ok() {
        binary::check(name, &data, &[], &mut report)?;
    } else {
        return Err(Error::new(format!(
            "{} is neither a wheel nor a library",
            file.display()
        ))
        .advise("name a file NAME.whl, or one that Python imports, such as NAME.hpy0.so"));
    }
    Ok(report)
}
