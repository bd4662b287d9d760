//! What a library for macOS says of itself: its name, the libraries that it needs, its signature.

use object::macho::{LC_CODE_SIGNATURE, LC_LOAD_DYLIB};
use object::read::macho::{LoadCommandVariant, MachHeader, MachOFile};
use object::{Architecture, Object};
use sha2::{Digest, Sha256};

use super::Report;

/// Where macOS has its own libraries, and words that stand for the library's own folders.
const EVERYWHERE: [&str; 3] = ["/usr/lib/", "/System/Library/", "@"];

/// Checks the library.
pub(super) fn check<Mach: MachHeader>(
    name: &str,
    file: &MachOFile<'_, Mach>,
    data: &[u8],
    report: &mut Report,
) -> object::Result<()> {
    let endian = file.endian();
    let mut signature = None;
    let mut commands = file.macho_load_commands()?;
    while let Some(command) = commands.next()? {
        match command.variant()? {
            LoadCommandVariant::IdDylib(library) => {
                let id = command.string(endian, library.dylib.name)?;
                let id = String::from_utf8_lossy(id);
                match id.starts_with('/') {
                    true => report.problem(format!(
                        "{name} names itself {id}, which is a path of the machine that built it; \
                         link with -Wl,-install_name,@rpath/NAME"
                    )),
                    false => report.fact(format!("{name} names itself {id}")),
                }
            }
            LoadCommandVariant::Dylib(library) if command.cmd() == LC_LOAD_DYLIB => {
                let needed = command.string(endian, library.dylib.name)?;
                let needed = String::from_utf8_lossy(needed);
                if !EVERYWHERE.iter().any(|start| needed.starts_with(start)) {
                    report.problem(format!(
                        "{name} needs {needed}, which not every Mac has; link it statically, or \
                         copy it into the wheel with delocate"
                    ));
                }
            }
            LoadCommandVariant::LinkeditData(place) if command.cmd() == LC_CODE_SIGNATURE => {
                signature = Some((place.dataoff.get(endian), place.datasize.get(endian)));
            }
            _ => {}
        }
    }
    let Some((start, length)) = signature else {
        if file.architecture() == Architecture::Aarch64 {
            report.problem(format!(
                "{name} has no signature, and Macs with Apple's processors load no such library; \
                 sign it on a Mac with codesign --sign - {name}"
            ));
        }
        return Ok(());
    };
    let (start, end) = (start as usize, start as usize + length as usize);
    match data.get(start..end).and_then(|of| pages(of, data)) {
        None => report.problem(format!("{name} has a signature that cannot be read")),
        Some(Ok(count)) => report.fact(format!(
            "{name} is signed, and the hashes of its {count} pages are right"
        )),
        Some(Err(page)) => report.problem(format!(
            "{name} was changed after it was signed: the hash of page {page} is another one; sign \
             it again on a Mac with codesign --force --sign - {name}"
        )),
    }
    Ok(())
}

/// A number of a signature, which has its own order of bytes.
fn number(data: &[u8], at: usize) -> Option<usize> {
    let bytes: [u8; 4] = data.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

/// Compares the hashes in a signature with the file. The number of pages, or the first one that
/// differs. None for a signature of an unknown kind.
fn pages(signature: &[u8], file: &[u8]) -> Option<Result<usize, usize>> {
    const SIGNATURE: usize = 0xfade_0cc0;
    const DIRECTORY: usize = 0xfade_0c02;
    const SHA_256: u8 = 2;
    if number(signature, 0)? != SIGNATURE {
        return None;
    }
    let parts = 0..number(signature, 8)?;
    let mut directories = parts
        .map_while(|index| number(signature, 16 + 8 * index))
        .filter_map(|place| signature.get(place..))
        .filter(|part| number(part, 0) == Some(DIRECTORY) && part.get(37) == Some(&SHA_256));
    let directory = directories.next()?;
    let (hashes, count, limit) = (
        number(directory, 16)?,
        number(directory, 28)?,
        number(directory, 32)?,
    );
    let size = match *directory.get(39)? {
        // One page.
        0 => limit.max(1),
        bits => 1usize.checked_shl(bits.into())?,
    };
    let signed = file.get(..limit)?;
    if signed.chunks(size).count() != count {
        return Some(Err(count));
    }
    for (index, page) in signed.chunks(size).enumerate() {
        let hash = directory.get(hashes + 32 * index..)?.get(..32)?;
        if Sha256::digest(page)[..] != *hash {
            return Some(Err(index));
        }
    }
    Some(Ok(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A signature of `file` with pages of 16 bytes.
    fn signature_of(file: &[u8]) -> Vec<u8> {
        let hashes: Vec<_> = file.chunks(16).map(Sha256::digest).collect();
        let be = |number: usize| u32::try_from(number).unwrap().to_be_bytes();
        let mut directory = vec![0; 44];
        directory[0..4].copy_from_slice(&be(0xfade_0c02));
        directory[16..20].copy_from_slice(&be(44));
        directory[28..32].copy_from_slice(&be(hashes.len()));
        directory[32..36].copy_from_slice(&be(file.len()));
        (directory[36], directory[37], directory[39]) = (32, 2, 4);
        directory.extend(hashes.iter().flatten());
        let head = [0xfade_0cc0, 0, 1, 0, 20].map(be);
        [head.concat(), directory].concat()
    }

    #[test]
    fn a_change_after_signing_is_found() {
        let mut file = (0..50).collect::<Vec<u8>>();
        let signature = signature_of(&file);
        assert_eq!(pages(&signature, &file), Some(Ok(4)));
        file[20] += 1;
        assert_eq!(pages(&signature, &file), Some(Err(1)));
        assert_eq!(pages(b"another", &file), None);
    }
}
