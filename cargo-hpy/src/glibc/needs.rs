//! The glibc that a library needs, by the symbol versions it requires.

use std::fs;
use std::path::Path;

use object::read::elf::{ElfFile, FileHeader};

use super::GlibcVersion;
use crate::error::{Error, Result};
use crate::universal2;

/// The oldest glibc that `library` loads with. None if it is not an ELF file or needs no version of
/// glibc.
pub(crate) fn oldest_for(library: &Path) -> Result<Option<GlibcVersion>> {
    let data = fs::read(library).map_err(|error| Error::io("read", library, error))?;
    let versions = symbol_versions(&data).map_err(|error| {
        Error::new(format!(
            "cannot read the symbol versions of {}: {error}",
            library.display()
        ))
    })?;
    // Other libraries also have versions, and some of glibc's have no numbers.
    let numbers = versions
        .iter()
        .map(|(_, version)| version.strip_prefix("GLIBC_"));
    Ok(numbers.flatten().filter_map(of_symbol).max())
}

/// All symbol versions that an ELF file requires, each with the library that has it. The loader
/// rejects the file if one of them is missing.
pub(crate) fn symbol_versions(data: &[u8]) -> object::Result<Vec<(String, String)>> {
    match object::File::parse(universal2::first(data))? {
        object::File::Elf64(file) => versions(&file),
        object::File::Elf32(file) => versions(&file),
        _ => Ok(Vec::new()),
    }
}

fn versions<Elf: FileHeader>(file: &ElfFile<'_, Elf>) -> object::Result<Vec<(String, String)>> {
    let (endian, data, sections) = (file.endian(), file.data(), file.elf_section_table());
    let Some((mut libraries, strings)) = sections.gnu_verneed(endian, data)? else {
        return Ok(Vec::new());
    };
    let strings = sections.strings(endian, data, strings)?;
    let mut found = Vec::new();
    while let Some((library, mut needs)) = libraries.next()? {
        let library = String::from_utf8_lossy(library.file(endian, strings)?).into_owned();
        while let Some(need) = needs.next()? {
            let name = String::from_utf8_lossy(need.name(endian, strings)?);
            found.push((library.clone(), name.into_owned()));
        }
    }
    Ok(found)
}

/// `2.2.5` is part of 2.2.
pub(crate) fn of_symbol(number: &str) -> Option<GlibcVersion> {
    let mut parts = number.split('.');
    Some(GlibcVersion(
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_versions_are_glibcs() {
        assert_eq!(of_symbol("2.34"), Some(GlibcVersion(2, 34)));
        assert_eq!(of_symbol("2.2.5"), Some(GlibcVersion(2, 2)));
        assert_eq!(of_symbol("PRIVATE"), None);
    }

    #[test]
    fn a_real_file_says_what_it_needs() {
        let found = oldest_for(&std::env::current_exe().unwrap()).unwrap();
        assert_eq!(found.is_some(), cfg!(target_env = "gnu"), "{found:?}");
        assert!(found.is_none_or(|version| version >= GlibcVersion(2, 17)));
        assert!(oldest_for(Path::new("/nowhere")).is_err());
    }
}
