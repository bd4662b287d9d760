//! Runs the commands of packaging.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::slice;

use super::{Build, CheckOf, DevelopOf, Form, PackageAbi, PackagingVerb, TestOf, WheelOf};
use crate::cli::run_verb::no_mode_in_the_cpython_abi;
use crate::cli::{find_interpreter, foreign_target, of_version};
use crate::error::{Error, Result};
use crate::modes::Mode;
use crate::output::{remark, say};
use crate::packaging::{self, DevelopRequest, Editable, NewRequest, Project, WheelRequest};
use crate::target::Target;
use crate::{Abi, Implementation, Interpreter};

pub(in crate::cli) fn execute(verb: PackagingVerb, _arguments: &[OsString]) -> Result<ExitCode> {
    match verb {
        PackagingVerb::Wheel(what) => wheel(what),
        PackagingVerb::Sdist(what) => {
            let out = what.out.unwrap_or_else(|| what.folder.join("dist"));
            say!("{}", packaging::sdist(&what.folder, &out)?.display());
            Ok(ExitCode::SUCCESS)
        }
        PackagingVerb::Check(what) => check(&what),
        PackagingVerb::Doctor => Ok(doctor()),
        PackagingVerb::New(what) => create(what.folder, what.form, false),
        PackagingVerb::Init(what) => create(what.folder, what.form, true),
        PackagingVerb::Develop(what) => develop(what),
        PackagingVerb::Test(what) => test(&what),
    }
}

fn wheel(what: WheelOf) -> Result<ExitCode> {
    let mut abis = what.abi.clone();
    if abis.is_empty() {
        abis.push(default_abi(&what.folder)?);
    }
    if !what.python_version.is_empty() && !abis.contains(&PackageAbi::Cpython) {
        return Err(Error::new(
            "--python-version is for the CPython ABI, and no such wheel is made",
        )
        .advise("add --abi cpython; a universal wheel is for all versions"));
    }
    let out = what.out.unwrap_or_else(|| what.folder.join("dist"));
    if what.metadata_only {
        say!("{}", packaging::metadata_only(&what.folder, &out)?);
        return Ok(ExitCode::SUCCESS);
    }
    let target = match what.editable {
        true => None,
        false => foreign_target(what.target.as_deref())?,
    };
    for abi in abis {
        for abi in resolve(abi, &what.python, &what.python_version, target.as_ref())? {
            if what.editable {
                let project = Project::read(&what.folder)?;
                let request = DevelopRequest {
                    folder: what.folder.clone(),
                    abi,
                    release: what.release,
                    quiet: what.messages.quiet,
                    json: what.messages.is_json(),
                };
                let editable = Editable::build(&project, &request.abi, &request)?;
                what.messages.print(&editable.write(&out)?);
                continue;
            }
            let wheel = packaging::wheel(&WheelRequest {
                folder: what.folder.clone(),
                abi,
                release: what.release,
                out: out.clone(),
                glibc: what.glibc,
                target: target.clone(),
                python: what.python.first().cloned(),
                quiet: what.messages.quiet,
                json: what.messages.is_json(),
            })?;
            what.messages.print(&wheel);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check(what: &CheckOf) -> Result<ExitCode> {
    let mut problems = 0;
    for file in &what.files {
        let report = packaging::check(file)?;
        if !what.quiet {
            say!("{}", file.display());
            for fact in &report.facts {
                say!("  {fact}");
            }
        }
        for problem in &report.problems {
            remark!("error: {}: {problem}", file.display());
        }
        problems += report.problems.len();
    }
    Ok(ExitCode::from(u8::from(problems > 0)))
}

fn doctor() -> ExitCode {
    let mut failed = false;
    for finding in packaging::examine() {
        let sign = match (finding.good, finding.needed) {
            (true, _) => "ok     ",
            (false, true) => "missing",
            (false, false) => "note   ",
        };
        say!("{sign}  {}", finding.what);
        for advice in finding.advice.iter().filter(|advice| !advice.is_empty()) {
            say!("         help: {advice}");
        }
        failed |= !finding.good && finding.needed;
    }
    ExitCode::from(u8::from(failed))
}

fn create(folder: PathBuf, form: Form, into_existing: bool) -> Result<ExitCode> {
    let created = packaging::create(&NewRequest {
        folder: folder.clone(),
        name: form.name,
        mixed: form.mixed,
        into_existing,
    })?;
    for path in &created.written {
        say!("{}", path.display());
    }
    for path in &created.kept {
        remark!(
            "note: {} was there already and is unchanged",
            path.display()
        );
    }
    remark!(
        "note: the crates are not published yet; Cargo.toml depends on {}\n\
         next: cd {}; cargo hpy test",
        created.hpy.display(),
        quoted(&folder)
    );
    Ok(ExitCode::SUCCESS)
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    match path.contains(char::is_whitespace) {
        true => format!("\"{path}\""),
        false => path,
    }
}

fn develop(what: DevelopOf) -> Result<ExitCode> {
    let python = Interpreter::find(what.python.as_deref())?;
    if what.python.is_none() && !packaging::is_in_environment(&python.path) {
        return Err(Error::new("no virtual environment is active").advise(
            "make one with `python3 -m venv .venv` and activate it with `. .venv/bin/activate`, \
             or name an interpreter with --python",
        ));
    }
    let request = request_of(&what.build, slice::from_ref(&python))?;
    let installed = packaging::develop(&request, &python)?;
    if !what.build.messages.quiet {
        remark!("   Installed {installed} for {python}, editable");
    }
    Ok(ExitCode::SUCCESS)
}

fn test(what: &TestOf) -> Result<ExitCode> {
    let mut pythons = Vec::new();
    for python in &what.python {
        pythons.push(Interpreter::find(Some(python))?);
    }
    if pythons.is_empty() {
        pythons.push(Interpreter::find(None)?);
    }
    let mut build = what.build.clone();
    if what.debug {
        if build.abi == Some(PackageAbi::Cpython) {
            return Err(no_mode_in_the_cpython_abi(Mode::Debug));
        }
        build.abi = Some(PackageAbi::Universal);
    }
    let request = request_of(&build, &pythons)?;
    let mode = what.debug.then_some(Mode::Debug);
    let failed = packaging::test(&request, &pythons, mode, &what.arguments)?;
    let code = failed.map_or(Some(0), |status| status.code());
    let code = code.and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

fn request_of(build: &Build, pythons: &[Interpreter]) -> Result<DevelopRequest> {
    let abi = match build.abi {
        Some(abi) => abi,
        None => default_abi(&build.folder)?,
    };
    let abi = match abi {
        PackageAbi::Universal => Abi::Universal,
        // Of several interpreters this is the first one. Each is built for in its turn.
        PackageAbi::Cpython => {
            let all = pythons.iter().cloned().map(cpython);
            all.collect::<Result<Vec<_>>>()?.remove(0)
        }
    };
    Ok(DevelopRequest {
        folder: build.folder.clone(),
        abi,
        release: build.release,
        quiet: build.messages.quiet,
        json: build.messages.is_json(),
    })
}

fn default_abi(folder: &Path) -> Result<PackageAbi> {
    Ok(match packaging::default_abi(folder)?.as_deref() {
        Some("cpython") => PackageAbi::Cpython,
        _ => PackageAbi::Universal,
    })
}

/// The ABI for each of the interpreters and versions. The universal one needs none.
fn resolve(
    abi: PackageAbi,
    pythons: &[OsString],
    versions: &[String],
    target: Option<&Target>,
) -> Result<Vec<Abi>> {
    if abi == PackageAbi::Universal {
        return Ok(vec![Abi::Universal]);
    }
    if !versions.is_empty() {
        let found = versions.iter().map(|version| of_version(version, target));
        return found.map(|found| cpython(found?)).collect();
    }
    if pythons.is_empty() {
        return Ok(vec![cpython(find_interpreter(None, target)?)?]);
    }
    let found = pythons
        .iter()
        .map(|python| find_interpreter(Some(python), target));
    found.map(|found| cpython(found?)).collect()
}

fn cpython(found: Interpreter) -> Result<Abi> {
    match found.implementation {
        Implementation::CPython => Ok(Abi::CPython(found)),
        _ => Err(Error::new(format!(
            "{} is {found}; the CPython ABI is for CPython alone",
            found.path.display()
        ))
        .advise("name a CPython with --python, or use --abi universal")),
    }
}
