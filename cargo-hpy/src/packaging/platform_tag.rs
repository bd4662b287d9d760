//! The platform tag of a wheel: which systems can load its binary.
//!
//! On Linux it follows from what the binary needs. `manylinux_X_Y` stands for every Linux with
//! glibc X.Y or later, and with the libraries that the manylinux policy lists. On macOS it is the
//! oldest system that the linker has written into the binary.

use object::read::elf::{ElfFile, FileHeader};
use object::read::macho::{LoadCommandVariant, MachHeader, MachOFile};
use object::{Architecture, Object};

use crate::error::{Error, Result};
use crate::glibc::{GlibcVersion, of_symbol, symbol_versions};
use crate::target::{System, Target};
use crate::universal2;

/// The libraries that every system has, by the manylinux policy.
const LIBRARIES: [&str; 20] = [
    "libGL.so.1",
    "libICE.so.6",
    "libSM.so.6",
    "libX11.so.6",
    "libXext.so.6",
    "libXrender.so.1",
    "libatomic.so.1",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libglib-2.0.so.0",
    "libgobject-2.0.so.0",
    "libgthread-2.0.so.0",
    "libm.so.6",
    "libnsl.so.1",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libstdc++.so.6",
    "libutil.so.1",
];

/// The oldest glibc that is told apart: Rust's standard library works with no older one.
const OLDEST: GlibcVersion = GlibcVersion(2, 17);

/// The newest symbols of GCC's libraries beside each glibc: libgcc_s, and of libstdc++ GLIBCXX and
/// CXXABI.
const GCC: [(GlibcVersion, [&[u32]; 3]); 5] = [
    (GlibcVersion(2, 17), [&[4, 8, 0], &[3, 4, 19], &[1, 3, 7]]),
    (GlibcVersion(2, 28), [&[8, 0, 0], &[3, 4, 25], &[1, 3, 11]]),
    (GlibcVersion(2, 31), [&[9, 0, 0], &[3, 4, 28], &[1, 3, 12]]),
    (GlibcVersion(2, 34), [&[11, 0, 0], &[3, 4, 29], &[1, 3, 13]]),
    (GlibcVersion(2, 39), [&[14, 0, 0], &[3, 4, 33], &[1, 3, 15]]),
];

/// What a binary is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlatformTag {
    /// The tags in the wheel's name, the general one first.
    pub(crate) tags: Vec<String>,
    /// Why the binary is not for every Linux, if it is not.
    pub(crate) outside: Vec<String>,
}

/// The libraries and symbol versions that a binary needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    pub(crate) libraries: Vec<String>,
    /// With the library that has them.
    pub(crate) versions: Vec<(String, String)>,
    /// The oldest macOS, in files for it.
    pub(crate) macos: Option<(u32, u32)>,
}

impl Needs {
    /// Reads what a library needs from its content.
    pub(crate) fn of(name: &str, data: &[u8]) -> Result<Self> {
        let read = || {
            let (mut libraries, mut macos) = (Vec::new(), None);
            if let Some(slices) = universal2::slices(data) {
                for slice in slices {
                    if let object::File::MachO64(file) = object::File::parse(slice)? {
                        // Apple's processors came with 11, which their tags need not say.
                        let oldest = oldest_macos(&file)?.filter(|oldest| {
                            file.architecture() != Architecture::Aarch64 || *oldest > (11, 0)
                        });
                        macos = macos.max(oldest);
                    }
                }
                return Ok(Needs {
                    macos,
                    ..Needs::default()
                });
            }
            match object::File::parse(data)? {
                object::File::Elf64(file) => libraries = needed(&file)?,
                object::File::Elf32(file) => libraries = needed(&file)?,
                object::File::MachO64(file) => macos = oldest_macos(&file)?,
                file if file.format() == object::BinaryFormat::Pe => libraries = dlls(&file)?,
                _ => {}
            }
            Ok(Needs {
                libraries,
                versions: symbol_versions(data)?,
                macos,
            })
        };
        read().map_err(|error: object::Error| {
            Error::new(format!("cannot read what {name} needs: {error}"))
        })
    }
}

/// The libraries that a file for Windows imports from.
fn dlls(file: &object::File<'_>) -> object::Result<Vec<String>> {
    let mut names = Vec::new();
    for import in file.imports()? {
        let name = String::from_utf8_lossy(import?.library()).into_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// The deployment target that the linker wrote.
fn oldest_macos<Mach: MachHeader>(
    file: &MachOFile<'_, Mach>,
) -> object::Result<Option<(u32, u32)>> {
    let mut commands = file.macho_load_commands()?;
    while let Some(command) = commands.next()? {
        let version = match command.variant()? {
            LoadCommandVariant::BuildVersion(build, _) => build.minos.get(file.endian()).0,
            LoadCommandVariant::VersionMin(version) => version.version.get(file.endian()).0,
            _ => continue,
        };
        return Ok(Some((version >> 16, version >> 8 & 0xff)));
    }
    Ok(None)
}

fn needed<Elf: FileHeader>(file: &ElfFile<'_, Elf>) -> object::Result<Vec<String>> {
    use object::elf::DT_NEEDED;
    use object::read::elf::Dyn;
    let (endian, data, sections) = (file.endian(), file.data(), file.elf_section_table());
    let Some((entries, strings)) = sections.dynamic(endian, data)? else {
        return Ok(Vec::new());
    };
    let strings = sections.strings(endian, data, strings)?;
    let names = entries
        .iter()
        .filter(|entry| entry.d_tag(endian) == DT_NEEDED)
        .map(|entry| entry.string(endian, strings));
    names
        .map(|name| Ok(String::from_utf8_lossy(name?).into_owned()))
        .collect()
}

/// The tag of a binary for `target` that needs this.
pub(crate) fn platform_tag(target: &Target, needs: &Needs) -> Result<PlatformTag> {
    let architecture = target.architecture();
    match target.system() {
        System::LinuxGnu => Ok(manylinux(architecture, needs)),
        // The oldest musl that the policy for it names, apart from one that nobody has.
        System::LinuxMusl => Ok(PlatformTag {
            tags: vec![format!("musllinux_1_2_{architecture}")],
            outside: Vec::new(),
        }),
        System::MacOs => Ok(macos(architecture, needs)),
        System::Windows => windows(architecture, needs).ok_or_else(|| unknown(target)),
        System::Other => Err(unknown(target)),
    }
}

/// Fails for a target without wheels, before anything is built for it.
pub(crate) fn check_platform(target: &Target) -> Result<()> {
    platform_tag(target, &Needs::default()).map(drop)
}

fn unknown(target: &Target) -> Error {
    Error::new(format!(
        "how wheels for {} are named is not known",
        target.triple()
    ))
    .advise("`cargo hpy build --target` makes importable files for it")
}

fn windows(architecture: &str, needs: &Needs) -> Option<PlatformTag> {
    let tag = match architecture {
        "x86_64" => "win_amd64",
        "aarch64" => "win_arm64",
        "i686" => "win32",
        _ => return None,
    };
    // MinGW's own libraries. Names of Windows' libraries do not begin in this way.
    let of_mingw = |name: &&String| name.to_ascii_lowercase().starts_with("lib");
    let outside = needs.libraries.iter().filter(of_mingw);
    Some(PlatformTag {
        tags: vec![tag.to_owned()],
        outside: outside
            .map(|name| format!("it needs {name}, which Windows does not have"))
            .collect(),
    })
}

fn macos(architecture: &str, needs: &Needs) -> PlatformTag {
    let (architecture, oldest) = match architecture {
        "aarch64" => ("arm64", (11, 0)),
        other => (other, (10, 12)),
    };
    let (mut major, mut minor) = needs.macos.unwrap_or(oldest).max(oldest);
    // From 11 on installers know whole versions only.
    if major >= 11 && minor > 0 {
        (major, minor) = (major + 1, 0);
    }
    PlatformTag {
        tags: vec![format!("macosx_{major}_{minor}_{architecture}")],
        outside: Vec::new(),
    }
}

fn manylinux(architecture: &str, needs: &Needs) -> PlatformTag {
    let mut outside = Vec::new();
    for library in &needs.libraries {
        if !LIBRARIES.contains(&library.as_str()) && !library.starts_with("ld-linux") {
            outside.push(format!("it needs {library}, which not every Linux has"));
        }
    }
    let mut version = OLDEST;
    for (library, symbols) in &needs.versions {
        match glibc_for(symbols) {
            Some(needed) => version = version.max(needed),
            None if LIBRARIES.contains(&library.as_str()) => {
                outside.push(format!("it needs {symbols} of {library}"));
            }
            None => {}
        }
    }
    if !outside.is_empty() {
        return PlatformTag {
            tags: vec![format!("linux_{architecture}")],
            outside,
        };
    }
    let GlibcVersion(major, minor) = version;
    let mut tags = vec![format!("manylinux_{major}_{minor}_{architecture}")];
    // The name that installers knew before there were numbers.
    if version == OLDEST && architecture != "riscv64" {
        tags.push(format!("manylinux2014_{architecture}"));
    }
    PlatformTag { tags, outside }
}

/// The oldest glibc whose systems have these symbols.
fn glibc_for(symbols: &str) -> Option<GlibcVersion> {
    let (kind, number) = symbols.split_once('_')?;
    let kind = match kind {
        "GLIBC" => return of_symbol(number),
        "GCC" => 0,
        "GLIBCXX" => 1,
        "CXXABI" => 2,
        _ => return None,
    };
    let number: Option<Vec<u32>> = number.split('.').map(|part| part.parse().ok()).collect();
    let number = number?;
    let mut rows = GCC.iter();
    let row = rows.find(|(_, newest)| number.as_slice() <= newest[kind]);
    row.map(|(version, _)| *version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(libraries: &[&str], versions: &[(&str, &str)]) -> PlatformTag {
        let needs = Needs {
            libraries: libraries.iter().map(|name| name.to_string()).collect(),
            versions: versions
                .iter()
                .map(|(library, version)| (library.to_string(), version.to_string()))
                .collect(),
            macos: None,
        };
        platform_tag(&Target::new("x86_64-unknown-linux-gnu"), &needs).unwrap()
    }

    #[test]
    fn the_newest_symbols_decide() {
        let old = tags(
            &["libc.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"],
            &[("libc.so.6", "GLIBC_2.14"), ("libgcc_s.so.1", "GCC_4.2.0")],
        );
        assert_eq!(old.tags, ["manylinux_2_17_x86_64", "manylinux2014_x86_64"]);
        let new = tags(
            &["libc.so.6"],
            &[("libc.so.6", "GLIBC_2.34"), ("libc.so.6", "GLIBC_2.2.5")],
        );
        assert_eq!(new.tags, ["manylinux_2_34_x86_64"]);
        let cxx = tags(&["libstdc++.so.6"], &[("libstdc++.so.6", "GLIBCXX_3.4.26")]);
        assert_eq!(cxx.tags, ["manylinux_2_31_x86_64"]);
    }

    #[test]
    fn what_the_policy_does_not_have_makes_a_wheel_for_this_machine() {
        let foreign = tags(&["libssl.so.3"], &[("libssl.so.3", "OPENSSL_3.0.0")]);
        assert_eq!(foreign.tags, ["linux_x86_64"]);
        assert_eq!(
            foreign.outside,
            ["it needs libssl.so.3, which not every Linux has"]
        );
        let private = tags(&["libc.so.6"], &[("libc.so.6", "GLIBC_PRIVATE")]);
        assert_eq!(private.tags, ["linux_x86_64"]);
    }

    #[test]
    fn the_target_decides_not_the_host() {
        let of = |triple: &str| platform_tag(&Target::new(triple), &Needs::default());
        assert_eq!(
            of("armv7-unknown-linux-gnueabihf").unwrap().tags[0],
            "manylinux_2_17_armv7l"
        );
        assert_eq!(
            of("aarch64-unknown-linux-musl").unwrap().tags,
            ["musllinux_1_2_aarch64"]
        );
        assert_eq!(of("x86_64-pc-windows-gnu").unwrap().tags, ["win_amd64"]);
        assert_eq!(of("aarch64-pc-windows-msvc").unwrap().tags, ["win_arm64"]);
        let error = of("wasm32-wasip1").unwrap_err().to_string();
        assert!(error.contains("wasm32-wasip1"), "{error}");
    }

    #[test]
    fn the_oldest_macos_is_that_of_the_binary() {
        let of = |triple: &str, macos| {
            let needs = Needs {
                macos,
                ..Needs::default()
            };
            platform_tag(&Target::new(triple), &needs).unwrap().tags
        };
        let intel = "x86_64-apple-darwin";
        assert_eq!(of(intel, Some((10, 15))), ["macosx_10_15_x86_64"]);
        assert_eq!(of(intel, None), ["macosx_10_12_x86_64"]);
        let arm = "aarch64-apple-darwin";
        assert_eq!(of(arm, Some((11, 0))), ["macosx_11_0_arm64"]);
        assert_eq!(of(arm, Some((12, 3))), ["macosx_13_0_arm64"]);
    }

    #[test]
    fn libraries_of_mingw_are_not_windows_own() {
        let needs = Needs {
            libraries: ["KERNEL32.dll", "libgcc_s_seh-1.dll"]
                .map(str::to_owned)
                .into(),
            ..Needs::default()
        };
        let tag = platform_tag(&Target::new("x86_64-pc-windows-gnu"), &needs).unwrap();
        assert_eq!(tag.tags, ["win_amd64"]);
        assert_eq!(tag.outside.len(), 1);
        assert!(tag.outside[0].contains("libgcc_s_seh-1.dll"));
    }
}
