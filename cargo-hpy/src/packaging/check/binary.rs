//! A library that Python imports.

use object::Object;
use object::read::NameOrOrdinal;

use super::super::platform_tag::{Needs, PlatformTag, platform_tag};
use super::{Report, macos};
use crate::error::{Error, Result};
use crate::target::Target;
use crate::universal2;

/// The entry points that a universal module exports, before its name.
const UNIVERSAL: [&str; 3] = [
    "HPyInit_",
    "get_required_hpy_major_version_",
    "get_required_hpy_minor_version_",
];

/// What the name of a file claims.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    Universal,
    Hybrid,
    CPython,
    Nothing,
}

/// What was learned of a library.
pub(super) struct Checked {
    /// The platforms that can load it.
    pub(super) platform: PlatformTag,
    /// Its modules in the CPython ABI.
    pub(super) native: Vec<String>,
    /// Its modules in the universal ABI. They may be in `native` too.
    pub(super) universal: Vec<String>,
}

/// Checks the library, or each of those for several processors in one file. The files `bundled` are
/// in the same wheel.
pub(super) fn check(
    name: &str,
    data: &[u8],
    bundled: &[String],
    report: &mut Report,
) -> Result<Checked> {
    let Some(slices) = universal2::slices(data) else {
        return check_one(name, data, bundled, report);
    };
    let mut processors = Vec::new();
    let (mut native, mut universal) = (Vec::new(), Vec::new());
    for slice in slices {
        let place = report.problems.len();
        let Checked { platform, .. } = {
            let part = check_one(name, slice, bundled, report)?;
            (native, universal) = (part.native.clone(), part.universal.clone());
            part
        };
        for problem in &mut report.problems[place..] {
            problem.push_str(&format!(" (in the part for {})", platform.tags.join(".")));
        }
        processors.extend(platform.tags);
    }
    for processor in ["x86_64", "arm64"] {
        let end = format!("_{processor}");
        if !processors
            .iter()
            .any(|tag| tag.starts_with("macosx") && tag.ends_with(&end))
        {
            report.problem(format!(
                "{name} has no part for macOS on {processor}; build it with --target {}",
                universal2::TRIPLE
            ));
        }
    }
    let target = Target::new(universal2::TRIPLE);
    Ok(Checked {
        platform: platform_tag(&target, &Needs::of(name, data)?)?,
        native,
        universal,
    })
}

/// Checks a library for one processor.
fn check_one(name: &str, data: &[u8], bundled: &[String], report: &mut Report) -> Result<Checked> {
    let unreadable = |error| unreadable(name, error);
    let file = object::File::parse(data).map_err(unreadable)?;
    let mut exports = Vec::new();
    for export in file.exports().map_err(unreadable)? {
        if let NameOrOrdinal::Name(symbol) = export.map_err(unreadable)?.name() {
            let symbol = String::from_utf8_lossy(symbol);
            exports.push(symbol.strip_prefix('_').unwrap_or(&symbol).to_owned());
        }
    }
    let modules = |prefix: &str| -> Vec<String> {
        let names = exports
            .iter()
            .filter_map(|symbol| symbol.strip_prefix(prefix));
        names.map(str::to_owned).collect()
    };
    let (native, universal) = (modules("PyInit_"), modules("HPyInit_"));
    let claim = claim(name);
    if native.is_empty() && universal.is_empty() {
        report.problem(format!(
            "{name} exports no Python module; hpy_module! makes PyInit_NAME and HPyInit_NAME"
        ));
    }
    for module in &universal {
        report.fact(format!(
            "{name} has the module {module} for the universal ABI"
        ));
        for prefix in UNIVERSAL {
            if !exports.contains(&format!("{prefix}{module}")) {
                report.problem(format!("{name} lacks the entry point {prefix}{module}"));
            }
        }
        if !native.contains(module) {
            report.fact(format!(
                "{name} carries no runtime of its own: {module} needs the package hpy"
            ));
        }
    }
    let only_native = native.iter().filter(|module| !universal.contains(module));
    for module in only_native.clone() {
        report.fact(format!(
            "{name} has the module {module} for the CPython ABI"
        ));
    }
    if claim == Claim::Universal && only_native.count() > 0 {
        report.problem(format!(
            "{name} is named as a universal binary and was built for the CPython ABI; build it \
             with --features universal"
        ));
    }
    undefined(name, &file, claim, report).map_err(unreadable)?;
    let mangled = exports.iter().filter(|symbol| is_of_rust(symbol)).count();
    if mangled > 0 {
        report.fact(format!(
            "{name} exports {mangled} symbols of Rust, which make it larger; lto = \"fat\" in the \
             release profile hides them"
        ));
    }
    if let object::File::MachO64(file) = &file {
        macos::check(name, file, data, report).map_err(unreadable)?;
    }
    Ok(Checked {
        platform: platform(name, &file, data, bundled, report)?,
        native,
        universal,
    })
}

fn unreadable(name: &str, error: object::Error) -> Error {
    Error::new(format!("{name} is not a library of any system: {error}"))
        .advise("build or download it again")
}

/// The platforms that can load a library without a module.
pub(super) fn platform_of(
    name: &str,
    data: &[u8],
    bundled: &[String],
    report: &mut Report,
) -> Result<PlatformTag> {
    let data = universal2::first(data);
    let file = object::File::parse(data).map_err(|error| unreadable(name, error))?;
    platform(name, &file, data, bundled, report)
}

/// Whether rustc made the name, such as `_RNvNt`. One underscore may be removed already.
fn is_of_rust(symbol: &str) -> bool {
    let rest = symbol.strip_prefix('_').unwrap_or(symbol);
    ["RNv", "RIN", "ZN"]
        .iter()
        .any(|start| rest.starts_with(start))
}

fn claim(name: &str) -> Claim {
    if name.contains(".hpy0-cp") {
        Claim::Hybrid
    } else if name.contains(".hpy0.") {
        Claim::Universal
    } else if name.contains(".cpython-") || name.contains(".cp3") {
        Claim::CPython
    } else {
        Claim::Nothing
    }
}

/// A universal binary finds the interpreter's functions when it is imported. One that imports them
/// as symbols loads on one implementation only.
fn undefined(
    name: &str,
    file: &object::File<'_>,
    claim: Claim,
    report: &mut Report,
) -> object::Result<()> {
    use object::ObjectSymbol;
    let mut symbols = Vec::new();
    if file.format() == object::BinaryFormat::Pe {
        for import in file.imports()? {
            if let NameOrOrdinal::Name(symbol) = import?.name() {
                symbols.push(String::from_utf8_lossy(symbol).into_owned());
            }
        }
    } else {
        let is_macos = file.format() == object::BinaryFormat::MachO;
        let dynamic = file.dynamic_symbols().filter(|_| !is_macos);
        let all = file.symbols().filter(|_| is_macos);
        let undefined = dynamic.chain(all).filter(|symbol| symbol.is_undefined());
        let names = undefined.filter_map(|symbol| symbol.name().ok().map(str::to_owned));
        // Mach-O puts an underscore before every C name.
        symbols.extend(names.map(|name| match name.strip_prefix('_') {
            Some(rest) if is_macos => rest.to_owned(),
            _ => name,
        }));
    }
    let of_python: Vec<_> = symbols
        .into_iter()
        .filter(|symbol| symbol.starts_with("Py") || symbol.starts_with("_Py"))
        .collect();
    match (claim, of_python.first()) {
        (Claim::Universal, Some(first)) => report.problem(format!(
            "{name} is named as a universal binary and imports {} symbols of Python ({first} \
             first), which other interpreters don't have",
            of_python.len()
        )),
        (Claim::Universal, None) => report.fact(format!("{name} imports no symbol of Python")),
        (_, Some(_)) => report.fact(format!(
            "{name} imports {} symbols of Python",
            of_python.len()
        )),
        _ => {}
    }
    Ok(())
}

/// The platforms that can load the library.
fn platform(
    name: &str,
    file: &object::File<'_>,
    data: &[u8],
    bundled: &[String],
    report: &mut Report,
) -> Result<PlatformTag> {
    use object::Architecture::{Aarch64, Arm, I386, Riscv64, S390x, X86_64};
    let architecture = match file.architecture() {
        Aarch64 => "aarch64",
        Arm => "armv7",
        I386 => "i686",
        Riscv64 => "riscv64gc",
        S390x => "s390x",
        X86_64 => "x86_64",
        other => {
            return Err(Error::new(format!(
                "{name} is for a processor that is not known: {other:?}"
            ))
            .advise("check it with auditwheel"));
        }
    };
    if !matches!(file.kind(), object::ObjectKind::Dynamic) {
        report.problem(format!("{name} is not a shared library"));
    }
    let mut needs = Needs::of(name, data)?;
    needs.libraries.retain(|library| !bundled.contains(library));
    needs
        .versions
        .retain(|(library, _)| !bundled.contains(library));
    let system = match file.format() {
        object::BinaryFormat::Elf => {
            match needs.libraries.iter().any(|library| library == "libc.so") {
                true => "unknown-linux-musl",
                false => "unknown-linux-gnu",
            }
        }
        object::BinaryFormat::MachO => "apple-darwin",
        object::BinaryFormat::Pe => "pc-windows-gnu",
        other => {
            return Err(Error::new(format!(
                "{name} is in a format that Python cannot load: {other:?}"
            ))
            .advise("build it again for the platform of the wheel's tag"));
        }
    };
    let target = Target::new(&format!("{architecture}-{system}"));
    let platform = platform_tag(&target, &needs)?;
    report.fact(format!("{name} is for {}", platform.tags.join(" and ")));
    for reason in &platform.outside {
        report.fact(format!("{name} is for few systems: {reason}"));
    }
    Ok(platform)
}
