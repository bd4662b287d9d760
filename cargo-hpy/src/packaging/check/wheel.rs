//! A wheel.

use std::collections::BTreeMap;

use super::super::archive::digest;
use super::super::platform_tag::PlatformTag;
use super::binary::Checked;
use super::{Report, archive, binary, modules};
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
    let files = archive::read(name, data, report)?;
    let info = format!("{}.dist-info/", parts.stem);
    folders(&files, &parts, report);
    record(&files, &info, report);
    tags(&files, &info, &parts, report);
    metadata(&files, &info, &parts, report);
    let bundled: Vec<_> = files.keys().filter(|path| is_bundled(path)).collect();
    let names = bundled.iter().map(|path| file_name(path).to_owned());
    let names: Vec<_> = names.collect();
    let mut has_module = false;
    for (path, content) in &files {
        let file = file_name(path);
        if is_bundled(path) {
            let platform = binary::platform_of(file, content, &names, report)?;
            promises(file, &platform, &parts, report);
        } else if is_library(file) {
            has_module = true;
            let checked = binary::check(file, content, &names, report)?;
            modules::check(path, &checked, &files, parts.python, parts.abi, report);
            let Checked { platform, .. } = checked;
            promises(file, &platform, &parts, report);
        }
    }
    if !has_module {
        report.problem("the wheel has no library");
    }
    Ok(())
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_library(file: &str) -> bool {
    [".so", ".pyd", ".dylib"]
        .iter()
        .any(|end| file.ends_with(end))
}

/// Whether auditwheel, delocate or delvewheel put the library there. It has no module.
fn is_bundled(path: &str) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else {
        return false;
    };
    let is_theirs = folder.ends_with(".libs") || folder.ends_with(".dylibs");
    is_theirs && (is_library(file) || file.contains(".so.") || file.ends_with(".dll"))
}

/// A wheel has one `.dist-info`, and at most one `.data` of the same name.
fn folders(files: &BTreeMap<String, Vec<u8>>, name: &Name<'_>, report: &mut Report) {
    let mut tops: Vec<_> = files
        .keys()
        .map(|path| path.split('/').next().unwrap_or(path))
        .collect();
    tops.dedup();
    for top in tops {
        let stem = top.strip_suffix(".dist-info").or(top.strip_suffix(".data"));
        if stem.is_some_and(|stem| stem != name.stem) {
            report.problem(format!(
                "the wheel has {top}, which is not a folder of {}; installers refuse it",
                name.stem
            ));
        } else if top.ends_with(".pth") {
            report.fact(format!("{top} is read whenever Python starts"));
        }
    }
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
        if let Some(former) = rows.insert(path.clone(), row.clone())
            && former != row
        {
            report.problem(format!("RECORD has two different rows of {path}"));
        }
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
    let field = |wanted: &str| text.lines().find_map(|line| line.strip_prefix(wanted));
    if field("Wheel-Version: ").is_none_or(|version| !version.starts_with("1.")) {
        report.problem("WHEEL does not say Wheel-Version: 1.0, which installers ask for");
    }
    if field("Root-Is-Purelib: ") != Some("false") {
        report.problem("WHEEL does not say Root-Is-Purelib: false, as one with a library must");
    }
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
            if promised.starts_with("manylinux") {
                report.problem(format!("{promised} is no tag of manylinux"));
            }
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
    for (old, glibc) in [("1_", (2, 5)), ("2010_", (2, 12)), ("2014_", (2, 17))] {
        if rest.starts_with(old) {
            return Some(glibc);
        }
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
    fn bundled_libraries_are_known_by_their_folder() {
        assert!(is_bundled("demo.libs/libz-1a2b.so.1") && is_bundled("demo/.dylibs/libz.dylib"));
        assert!(!is_bundled("demo/demo.hpy0.so") && !is_bundled("demo.libs/note.txt"));
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
        assert_eq!(manylinux("manylinux1_x86_64"), Some((2, 5)));
        assert_eq!(manylinux("manylinux2010_i686"), Some((2, 12)));
        assert_eq!(manylinux("manylinux_2_28_aarch64"), Some((2, 28)));
        assert_eq!(manylinux("linux_x86_64"), None);
    }
}
