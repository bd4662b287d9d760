//! Files for both of the Mac's processors: two libraries in one.
//!
//! Apple calls such a file a universal binary, and wheels' tags call it `universal2`. It has
//! nothing to do with HPy's universal ABI.

use std::fs;
use std::path::{Path, PathBuf};

use object::macho::FatArch32;
use object::read::macho::{FatArch, MachOFatFile32};

use crate::error::{Error, Result};

/// The target for both processors, as maturin names it. rustc knows no such target.
pub(crate) const TRIPLE: &str = "universal2-apple-darwin";

/// What it is built from, in the order in the file.
pub(crate) const TRIPLES: [&str; 2] = ["x86_64-apple-darwin", "aarch64-apple-darwin"];

/// Joins the libraries of [`TRIPLES`] to one of the same name in `folder`.
pub(crate) fn join(libraries: &[PathBuf], folder: &Path) -> Result<PathBuf> {
    let read = |path: &PathBuf| fs::read(path).map_err(|error| Error::io("read", path, error));
    let slices = libraries.iter().map(read).collect::<Result<Vec<_>>>()?;
    let content = joined(&slices).ok_or_else(|| {
        Error::new("the libraries for the Mac's two processors are too large for one file")
            .advise("make a wheel for each of them")
    })?;
    let name = libraries.first().and_then(|library| library.file_name());
    let path = folder.join(name.unwrap_or_default());
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, content))
        .map_err(|error| Error::io("write", &path, error))?;
    Ok(path)
}

/// A header, which says where each library begins, and the libraries. `None` beyond 4 GiB, and if
/// one of them has no header of its own.
fn joined(slices: &[Vec<u8>]) -> Option<Vec<u8>> {
    /// `FAT_MAGIC`.
    const MAGIC: u32 = 0xcafe_babe;
    /// Pages of Apple's processors have 16 KiB. Larger alignment than the other's does no harm.
    const ALIGNMENT: u32 = 14;
    let mut header = vec![MAGIC, u32::try_from(slices.len()).ok()?];
    let mut content = Vec::new();
    let first = 8 + slices.len() * size_of::<FatArch32>();
    for slice in slices {
        let start = (first + content.len()).next_multiple_of(1 << ALIGNMENT);
        content.resize(start - first, 0);
        content.extend(slice);
        let word = |at| Some(u32::from_le_bytes(slice.get(at..at + 4)?.try_into().ok()?));
        let (processor, kind) = (word(4)?, word(8)?);
        let (start, length) = (u32::try_from(start).ok()?, u32::try_from(slice.len()).ok()?);
        start.checked_add(length)?;
        header.extend([processor, kind, start, length, ALIGNMENT]);
    }
    let header = header.into_iter().flat_map(u32::to_be_bytes);
    Some(header.chain(content).collect())
}

/// The libraries in a file for several processors. `None` for any other file.
pub(crate) fn slices(data: &[u8]) -> Option<Vec<&[u8]>> {
    let file = MachOFatFile32::parse(data).ok()?;
    let slices = file.arches().iter().map(|one| one.data(data).ok());
    slices
        .collect::<Option<Vec<_>>>()
        .filter(|all| !all.is_empty())
}

/// The first of the libraries in a file for several processors, and any other file itself.
pub(crate) fn first(data: &[u8]) -> &[u8] {
    slices(data).map_or(data, |slices| slices[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a library: `MH_MAGIC_64`, the processor and its kind.
    fn library(processor: u32, kind: u32, length: usize) -> Vec<u8> {
        let words = [0xfeed_facf, processor, kind].map(u32::to_le_bytes);
        let mut library = words.concat();
        library.resize(length, 7);
        library
    }

    #[test]
    fn what_is_joined_is_found_again() {
        let libraries = [library(0x0100_0007, 3, 20_001), library(0x0100_000c, 0, 77)];
        let file = joined(&libraries).unwrap();
        let found = slices(&file).unwrap();
        assert_eq!(found, libraries);
        assert_eq!(first(&file), libraries[0]);
        for slice in found {
            let start = slice.as_ptr().addr() - file.as_ptr().addr();
            assert_eq!(start % (1 << 14), 0);
        }
    }

    #[test]
    fn other_files_are_not_taken_apart() {
        let library = library(0x0100_000c, 0, 77);
        assert_eq!(slices(&library), None);
        assert_eq!(first(&library), library);
        // A class of Java begins with the same four bytes, and has no libraries.
        assert_eq!(slices(b"\xca\xfe\xba\xbe\0\0\0\x3d"), None);
        assert_eq!(slices(b"\xca\xfe\xba\xbe\0\0\0\0"), None);
        assert_eq!(joined(&[vec![0; 5]]), None);
    }
}
