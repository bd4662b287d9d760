//! Writes a wheel's archive: the same bytes for the same files.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::{Error, Result};

/// The files of a wheel, by their names in it.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    files: BTreeMap<String, Vec<u8>>,
}

impl Contents {
    /// Adds a file. Two of one name are an error.
    pub(crate) fn add(
        &mut self,
        name: impl Into<String>,
        content: impl Into<Vec<u8>>,
    ) -> Result<()> {
        let (name, content) = (name.into(), content.into());
        match self.files.get(&name) {
            Some(present) if *present != content => Err(Error::new(format!(
                "two files would be {name} in the wheel"
            ))
            .advise("rename one of them, or exclude it by tool.hpy.exclude in pyproject.toml")),
            _ => {
                self.files.insert(name, content);
                Ok(())
            }
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// The archive, with a `RECORD` in the folder `info`, whose files come last.
    pub(crate) fn wheel(mut self, info: &str) -> Result<Vec<u8>> {
        let record = self.record(info);
        self.files
            .insert(format!("{info}/RECORD"), record.into_bytes());
        let mut names: Vec<_> = self.files.keys().collect();
        names.sort_by_key(|name| (name.starts_with(info), name.as_str()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(time_stamp());
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let failed =
            |error: &dyn std::fmt::Display| Error::new(format!("cannot make the wheel: {error}"));
        for name in names {
            let options = options.unix_permissions(if is_library(name) { 0o755 } else { 0o644 });
            archive
                .start_file(name.as_str(), options)
                .map_err(|error| failed(&error))?;
            archive
                .write_all(&self.files[name])
                .map_err(|error| failed(&error))?;
        }
        let finished = archive.finish().map_err(|error| failed(&error))?;
        Ok(finished.into_inner())
    }

    /// The same for the folder `INFO.dist-info`, without giving up the files.
    pub(crate) fn wheel_of(&self, info: &str) -> Result<Vec<u8>> {
        let files = self.files.clone();
        Contents { files }.wheel(&format!("{info}.dist-info"))
    }

    fn record(&self, info: &str) -> String {
        let mut record = String::new();
        for (name, content) in &self.files {
            let _ = writeln!(
                record,
                "{},sha256={},{}",
                quoted(name),
                digest(content),
                content.len()
            );
        }
        let _ = writeln!(record, "{},,", quoted(&format!("{info}/RECORD")));
        record
    }
}

/// A field of a CSV file.
fn quoted(name: &str) -> String {
    if name.contains([',', '"']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

fn is_library(name: &str) -> bool {
    [".so", ".pyd", ".dylib"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// The SHA-256 of a file in RECORD's form: base64 for URLs, without padding.
pub(crate) fn digest(content: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in Sha256::digest(content).chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..=three.len() {
            let index = bits >> (18 - 6 * digit) & 63;
            text.push(char::from(DIGITS[index as usize]));
        }
    }
    text
}

/// Seconds since 1970 from `SOURCE_DATE_EPOCH`, if that is set.
pub(crate) fn source_date() -> Option<u64> {
    env::var("SOURCE_DATE_EPOCH").ok()?.trim().parse().ok()
}

/// `SOURCE_DATE_EPOCH` if it is set, otherwise the oldest date that the format has.
fn time_stamp() -> DateTime {
    source_date().and_then(date_time).unwrap_or_default()
}

/// A moment in UTC. None if it is before 1980 or after 2107.
fn date_time(seconds: u64) -> Option<DateTime> {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let leap =
        |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let (mut year, mut day) = (1970, days);
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [
        31,
        28 + u64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    let part = |value: u64| u8::try_from(value).ok();
    DateTime::from_date_and_time(
        u16::try_from(year).ok()?,
        month,
        part(day + 1)?,
        part(rest / 3600)?,
        part(rest / 60 % 60)?,
        part(rest % 60)?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_wheel_format() {
        assert_eq!(digest(b""), "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
        assert_eq!(
            digest(b"abc"),
            "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
        );
    }

    #[test]
    fn the_date_is_that_of_the_environment() {
        let date = date_time(1_709_210_096).unwrap();
        assert_eq!((date.year(), date.month(), date.day()), (2024, 2, 29));
        assert_eq!((date.hour(), date.minute(), date.second()), (12, 34, 56));
        assert!(date_time(0).is_none());
    }

    #[test]
    fn the_order_of_adding_does_not_matter_and_names_are_not_taken_twice() {
        let make = |names: [&str; 2]| {
            let mut contents = Contents::default();
            for name in names {
                contents.add(name, name).unwrap();
            }
            contents.wheel("x-1.dist-info").unwrap()
        };
        assert_eq!(make(["a.py", "b.so"]), make(["b.so", "a.py"]));
        let mut contents = Contents::default();
        contents.add("a", "1").unwrap();
        assert!(contents.add("a", "2").is_err());
    }
}
