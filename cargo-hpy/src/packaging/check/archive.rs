//! The archive of a wheel. Installers unpack it, so its names must lead nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Report;
use crate::error::{Error, Result};

/// The files of the archive by their names.
pub(super) fn read(
    name: &str,
    data: &[u8],
    report: &mut Report,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::new(format!("{name} is damaged: {error}")).advise("build or download it again")
    };
    let mut archive = ZipArchive::new(Cursor::new(data)).map_err(|error| damaged(&error))?;
    if archive.offset() > 0 {
        report.problem("bytes precede the archive, which other programs may read");
    }
    repeated(&archive, data, report);
    let mut files = BTreeMap::new();
    let mut folded = BTreeSet::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|error| damaged(&error))?;
        let path = file.name().to_owned();
        if !is_inside(&path) {
            report.problem(format!(
                "the file {path:?} would leave the folder of packages"
            ));
        }
        // The type in the mode of Unix. Archives of other systems have none.
        let kind = file.unix_mode().unwrap_or_default() & 0o170_000;
        if !matches!(kind, 0 | 0o040_000 | 0o100_000) {
            report.problem(format!(
                "{path} is a link or a device, which installers write as text"
            ));
        }
        if local_name(data, file.header_start()) != Some(file.name_raw()) {
            report.problem(format!(
                "{path} has another name in the list of the archive's files"
            ));
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content)
            .map_err(|error| damaged(&error))?;
        if file.is_dir() {
            continue;
        }
        if !folded.insert(path.to_lowercase()) {
            report.problem(format!(
                "another file has the name {path} but for capitals, and Windows and macOS keep one"
            ));
        }
        files.insert(path, content);
    }
    Ok(files)
}

/// Whether a name leads to a file below the folder that the archive is unpacked into.
fn is_inside(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Reports names that stand twice in the list of files. `ZipArchive` has only the last of them, and
/// other programs take the first.
fn repeated(archive: &ZipArchive<Cursor<&[u8]>>, data: &[u8], report: &mut Report) {
    const ENTRY: &[u8] = b"PK\x01\x02";
    let mut seen = BTreeSet::new();
    let start = usize::try_from(archive.central_directory_start());
    let mut rest = start.ok().and_then(|start| data.get(start..));
    while let Some(entry) = rest.filter(|rest| rest.starts_with(ENTRY)) {
        let lengths = [28, 30, 32].map(|at| length(entry, at).unwrap_or_default());
        let Some(name) = entry.get(46..46 + lengths[0]) else {
            break;
        };
        if !seen.insert(name) {
            report.problem(format!(
                "the archive has two files {}",
                String::from_utf8_lossy(name)
            ));
        }
        rest = entry.get(46 + lengths.iter().sum::<usize>()..);
    }
    let end = rest.unwrap_or_default();
    let comment = archive.comment().len();
    // The end of the list is 22 bytes long, without the records for archives beyond 4 GB.
    if end.starts_with(b"PK\x05\x06") && end.len() != 22 + comment {
        report.problem("bytes follow the archive");
    }
}

/// The name before a file's content.
fn local_name(data: &[u8], start: u64) -> Option<&[u8]> {
    let header = data.get(usize::try_from(start).ok()?..)?;
    header.get(30..30 + length(header, 26)?)
}

/// A length of two bytes.
fn length(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn problems(data: &[u8]) -> String {
        let mut report = Report::default();
        read("x.whl", data, &mut report).unwrap();
        report.problems.join("\n")
    }

    fn archive(names: &[&str]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            let options = SimpleFileOptions::default();
            archive.start_file(*name, options).unwrap();
            archive.write_all(b"x").unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    /// Puts another name of the same length wherever `old` is.
    fn renamed(mut data: Vec<u8>, old: &str, new: &str, first_only: bool) -> Vec<u8> {
        let mut at = 0;
        while let Some(found) = data[at..]
            .windows(old.len())
            .position(|w| w == old.as_bytes())
        {
            at += found;
            data[at..at + new.len()].copy_from_slice(new.as_bytes());
            if first_only {
                break;
            }
        }
        data
    }

    #[test]
    fn names_must_lead_below_the_folder() {
        for name in ["a.py", "a/b.py", "a/", "a/..b", "gr\u{f6}\u{df}e/b"] {
            assert!(is_inside(name), "{name}");
        }
        for name in [
            "", "/a", "../a", "a/../b", "a//b", "./a", "a\\b", "C:/a", "a\nb",
        ] {
            assert!(!is_inside(name), "{name:?}");
        }
    }

    #[test]
    fn a_name_stands_once_whatever_its_capitals() {
        assert_eq!(problems(&archive(&["a.py", "b.py"])), "");
        assert!(problems(&archive(&["a.py", "A.py"])).contains("but for capitals"));
        let twice = renamed(archive(&["a.py", "b.py"]), "b.py", "a.py", false);
        assert!(problems(&twice).contains("two files a.py"));
    }

    #[test]
    fn the_archive_is_the_whole_file_and_has_one_list_of_names() {
        let good = archive(&["a.py"]);
        let before = [b"#!/bin/sh\n", good.as_slice()].concat();
        assert!(problems(&before).contains("bytes precede"));
        let after = [good.as_slice(), b"more"].concat();
        assert!(problems(&after).contains("bytes follow"));
        let other = renamed(good, "a.py", "b.py", true);
        assert!(problems(&other).contains("another name"));
    }

    #[test]
    fn links_are_reported() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        archive.add_symlink("a", "/etc/passwd", options).unwrap();
        let data = archive.finish().unwrap().into_inner();
        assert!(problems(&data).contains("a is a link"));
    }
}
