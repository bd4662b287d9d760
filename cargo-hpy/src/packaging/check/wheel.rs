//! A wheel.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::super::archive::digest;
use super::super::platform_tag::PlatformTag;
use super::{Report, binary};
use crate::error::{Error, Result};

/// The parts of a wheel's name.
struct Name<'a> {
    stem: String,
    python: &'a str,
    abi: &'a str,
    platforms: Vec<&'a str>,
}

pub(super) fn check(name: &str, data: &[u8], report: &mut Report) -> Result<()> {
    let parts = parse(name).ok_or_else(|| {
        Error::new(format!("{name} is not a wheel's name"))
            .advise("it must be NAME-VERSION-PYTHON-ABI-PLATFORM.whl")
    })?;
    let files = read(name, data)?;
    let info = format!("{}.dist-info/", parts.stem);
    record(&files, &info, report);
    tags(&files, &info, &parts, report);
    metadata(&files, &info, &parts, report);
    let mut libraries = 0;
    for (path, content) in &files {
        let file = path.rsplit('/').next().unwrap_or(path);
        let is_library = [".so", ".pyd", ".dylib"]
            .iter()
            .any(|end| file.ends_with(end));
        if !is_library {
            continue;
        }
        libraries += 1;
        let is_universal = file.contains(".hpy0.");
        if parts.abi == "none" && !is_universal && file.contains(".cpython-") {
            report.problem(format!(
                "{file} is for one version of CPython, and the wheel's tag {}-none is for all",
                parts.python
            ));
        }
        if let Some(platform) = binary::check(file, content, report)? {
            promises(file, &platform, &parts, report);
        }
    }
    if libraries == 0 {
        report.problem("the wheel has no library");
    }
    Ok(())
}

fn parse(name: &str) -> Option<Name<'_>> {
    let parts: Vec<_> = name.strip_suffix(".whl")?.split('-').collect();
    let (first, last) = parts.split_at(parts.len().checked_sub(3)?);
    // A build number may follow the version.
    let stem = first.get(..2)?.join("-");
    Some(Name {
        stem,
        python: last[0],
        abi: last[1],
        platforms: last[2].split('.').collect(),
    })
}

fn read(name: &str, data: &[u8]) -> Result<BTreeMap<String, Vec<u8>>> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::new(format!("{name} is damaged: {error}")).advise("build or download it again")
    };
    let mut archive = ZipArchive::new(Cursor::new(data)).map_err(|error| damaged(&error))?;
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|error| damaged(&error))?;
        let mut content = Vec::new();
        file.read_to_end(&mut content)
            .map_err(|error| damaged(&error))?;
        if !file.is_dir() {
            files.insert(file.name().to_owned(), content);
        }
    }
    Ok(files)
}

/// Every file must be in RECORD with its digest and size.
fn record(files: &BTreeMap<String, Vec<u8>>, info: &str, report: &mut Report) {
    let own = format!("{info}RECORD");
    let Some(record) = files.get(&own) else {
        report.problem(format!("the wheel has no {own}"));
        return;
    };
    let mut rows = BTreeMap::new();
    for line in String::from_utf8_lossy(record).lines() {
        let mut fields = line.rsplitn(3, ',');
        let (size, hash, path) = (fields.next(), fields.next(), fields.next());
        let path = path
            .unwrap_or_default()
            .trim_matches('"')
            .replace("\"\"", "\"");
        let row = (
            hash.unwrap_or_default().to_owned(),
            size.unwrap_or_default().to_owned(),
        );
        rows.insert(path, row);
    }
    let mut wrong = 0;
    for (path, content) in files.iter().filter(|(path, _)| **path != own) {
        let right = (
            format!("sha256={}", digest(content)),
            content.len().to_string(),
        );
        match rows.remove(path) {
            Some(row) if row == right => {}
            Some(_) => {
                wrong += 1;
                report.problem(format!("{path} differs from what RECORD says of it"));
            }
            None => {
                wrong += 1;
                report.problem(format!("{path} is not in RECORD"));
            }
        }
    }
    rows.remove(&own);
    for path in rows.keys() {
        wrong += 1;
        report.problem(format!(
            "RECORD names {path}, which the wheel does not have"
        ));
    }
    if wrong == 0 {
        report.fact(format!("RECORD is right about {} files", files.len() - 1));
    }
}

/// The tags inside must be those of the name.
fn tags(files: &BTreeMap<String, Vec<u8>>, info: &str, name: &Name<'_>, report: &mut Report) {
    let path = format!("{info}WHEEL");
    let Some(wheel) = files.get(&path) else {
        report.problem(format!("the wheel has no {path}"));
        return;
    };
    let text = String::from_utf8_lossy(wheel).into_owned();
    let mut inside: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("Tag: "))
        .collect();
    let mut expected = Vec::new();
    for python in name.python.split('.') {
        for abi in name.abi.split('.') {
            for platform in &name.platforms {
                expected.push(format!("{python}-{abi}-{platform}"));
            }
        }
    }
    inside.sort();
    expected.sort();
    match inside == expected {
        true => report.fact(format!("its tags are {}", expected.join(", "))),
        false => report.problem(format!(
            "the name says {}, and WHEEL says {}",
            expected.join(", "),
            inside.join(", ")
        )),
    }
}

fn metadata(files: &BTreeMap<String, Vec<u8>>, info: &str, name: &Name<'_>, report: &mut Report) {
    let path = format!("{info}METADATA");
    let Some(metadata) = files.get(&path) else {
        report.problem(format!("the wheel has no {path}"));
        return;
    };
    let text = String::from_utf8_lossy(metadata);
    let field = |wanted: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(wanted));
        value.unwrap_or_default().trim().to_owned()
    };
    let own = format!(
        "{}-{}",
        super::super::version::file_name(&field("Name:")),
        field("Version:")
    );
    if own != name.stem {
        report.problem(format!(
            "METADATA is of {own}, and the name says {}",
            name.stem
        ));
    }
    for line in text.lines().take_while(|line| !line.is_empty()) {
        if let Some(license) = line.strip_prefix("License-File: ") {
            let file = format!("{info}licenses/{license}");
            if !files.contains_key(&file) {
                report.problem(format!(
                    "METADATA names {file}, which the wheel does not have"
                ));
            }
        }
    }
}

/// The library must load on all systems that the wheel's tag promises.
fn promises(file: &str, platform: &PlatformTag, name: &Name<'_>, report: &mut Report) {
    let real = platform.tags.first().and_then(|tag| manylinux(tag));
    for promised in &name.platforms {
        if !platform.tags.iter().all(|tag| is_same_kind(promised, tag)) {
            report.problem(format!("{file} is not for {promised}"));
            continue;
        }
        if let (Some(real), Some(promised_version)) = (
            platform.tags.first().and_then(|tag| macos(tag)),
            macos(promised),
        ) {
            if real > promised_version {
                report.problem(format!(
                    "{promised} promises macOS {}.{}, and {file} needs {}.{}; set \
                     MACOSX_DEPLOYMENT_TARGET",
                    promised_version.0, promised_version.1, real.0, real.1
                ));
            }
            continue;
        }
        let Some(promised_version) = manylinux(promised) else {
            continue;
        };
        match real {
            Some(real) if real <= promised_version => {}
            Some((major, minor)) => report.problem(format!(
                "{promised} promises glibc {}.{}, and {file} needs {major}.{minor}; build it with \
                 --glibc",
                promised_version.0, promised_version.1
            )),
            None => report.problem(format!(
                "{promised} promises many systems, and {file} is for few: {}",
                platform.outside.join(", ")
            )),
        }
    }
}

/// Whether a library for `other` is one for the processor and the kind of system of `one`.
fn is_same_kind(one: &str, other: &str) -> bool {
    let processor = |tag: &str| {
        let processors = ["x86_64", "win_amd64", "win_arm64", "win32"];
        let known = processors.iter().find(|end| tag.ends_with(*end));
        let last = tag.rsplit_once('_').map_or(tag, |(_, end)| end);
        known.map_or(last.to_owned(), |end| (*end).to_owned())
    };
    let system = |tag: &str| {
        let systems = ["manylinux", "musllinux", "linux", "macosx", "win"];
        let system = systems.into_iter().find(|start| tag.starts_with(start));
        // A wheel for this machine is a wheel for any Linux with glibc to some extent.
        system.map(|system| {
            if system == "linux" {
                "manylinux"
            } else {
                system
            }
        })
    };
    let has_both = processor(other) == "universal2";
    let is_processor = match has_both {
        true => ["x86_64", "arm64", "universal2"].contains(&processor(one).as_str()),
        false => processor(one) == processor(other),
    };
    is_processor && system(one) == system(other)
}

/// The macOS of a tag.
fn macos(tag: &str) -> Option<(u32, u32)> {
    let mut parts = tag.strip_prefix("macosx_")?.split('_');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The glibc of a tag.
fn manylinux(tag: &str) -> Option<(u32, u32)> {
    let rest = tag.strip_prefix("manylinux")?;
    if rest.starts_with("2014_") {
        return Some((2, 17));
    }
    let mut parts = rest.strip_prefix('_')?.split('_');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_and_without_a_build_number() {
        for name in [
            "a-1.0-py3-none-linux_x86_64.whl",
            "a-1.0-2-py3-none-linux_x86_64.whl",
        ] {
            let name = parse(name).unwrap();
            assert_eq!(
                (name.stem.as_str(), name.python, name.abi),
                ("a-1.0", "py3", "none")
            );
        }
        assert!(parse("a.whl").is_none());
    }

    #[test]
    fn tags_name_a_processor_and_a_system() {
        assert!(is_same_kind("manylinux2014_x86_64", "linux_x86_64"));
        assert!(!is_same_kind("manylinux2014_x86_64", "macosx_10_12_x86_64"));
        assert!(!is_same_kind("win_amd64", "win_arm64"));
        let both = "macosx_10_12_universal2";
        assert!(is_same_kind("macosx_11_0_arm64", both) && is_same_kind(both, both));
        assert!(!is_same_kind(both, "macosx_11_0_arm64"));
        assert!(!is_same_kind(
            "manylinux2014_aarch64",
            "musllinux_1_2_aarch64"
        ));
        assert_eq!(macos("macosx_10_12_x86_64"), Some((10, 12)));
        assert_eq!(macos("win_amd64"), None);
    }

    #[test]
    fn tags_name_a_glibc() {
        assert_eq!(manylinux("manylinux2014_x86_64"), Some((2, 17)));
        assert_eq!(manylinux("manylinux_2_28_aarch64"), Some((2, 28)));
        assert_eq!(manylinux("linux_x86_64"), None);
    }
}
