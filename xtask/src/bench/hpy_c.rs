//! The peers in C against `hpy.h`, in the universal ABI, where the interpreter has HPy: PyPy its
//! own, with its own headers, and CPython PyPI's.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use cargo_hpy::{Implementation, Interpreter};

use super::commands::{compiler, output, peers_folder};
use crate::conformance::Suite;
use crate::interpreters::{self, Cache};

/// HPy's functions that every extension in C has a copy of.
const COMPILED_IN: [&str; 3] = ["argparse.c", "format.c", "helpers.c"];

/// Where an interpreter has HPy.
struct Hpy {
    /// What the peer's Python file adds to the path of imports, to find `hpy.universal`.
    packages: Option<PathBuf>,
    headers: PathBuf,
}

/// Builds a module from the peers' folder; the library. None where the interpreter has no HPy.
///
/// # Errors
/// If HPy cannot be had, or the module does not compile.
pub fn build(
    interpreter: &Interpreter,
    module: &str,
    folder: &Path,
    flags: &[&str],
) -> Result<Option<PathBuf>> {
    let cache = Cache::open()?;
    let Some(hpy) = find(interpreter, &cache)? else {
        return Ok(None);
    };
    let sources = Suite::provide(&cache, &interpreters::pip(&cache, false))?.folder;
    let sources = sources.join("hpy/devel/src/runtime");
    let library = folder.join(format!("{module}.hpy0.so"));
    let mut command = compiler();
    command.args(["-O3", "-Wall", "-DNDEBUG", "-DHPY", "-DHPY_ABI_UNIVERSAL"]);
    command.args(flags).args(["-fPIC", "-shared", "-o"]);
    command
        .arg(&library)
        .arg(peers_folder().join("hpy_c").join(format!("{module}.c")));
    command.args(COMPILED_IN.map(|name| sources.join(name)));
    command.arg("-I").arg(&hpy.headers);
    output(&mut command)?;
    let stub = folder.join(format!("{module}.py"));
    std::fs::write(&stub, stub_of(module, &library, hpy.packages.as_deref()))
        .with_context(|| format!("cannot write {}", stub.display()))?;
    Ok(Some(library))
}

fn find(interpreter: &Interpreter, cache: &Cache) -> Result<Option<Hpy>> {
    match &interpreter.implementation {
        Implementation::PyPy => {
            // PyPy 8 has the package's Python files, and not what they import.
            let ask = "import importlib.util as util; found = util.find_spec('hpy')\n\
                       has = found and util.find_spec('_hpy_universal')\n\
                       print(found.submodule_search_locations[0] if has else '')";
            let package = output(Command::new(&interpreter.path).args(["-I", "-c", ask]))?;
            let headers = Path::new(&package).join("devel/include");
            Ok(headers.join("hpy.h").is_file().then_some(Hpy {
                packages: None,
                headers,
            }))
        }
        Implementation::CPython => {
            let (major, minor, _) = interpreter.version;
            let row = interpreters::WANTED.iter().find(|row| {
                row.upstream_wheel == Some(&format!("cp{major}{minor}"))
                    && interpreter.abi_flags.is_empty()
            });
            let Some((name, wheel)) = row.and_then(|row| Some((row.name, row.upstream_wheel?)))
            else {
                return Ok(None);
            };
            let python = interpreters::probe(&interpreter.path)?;
            let environment = interpreters::pip(cache, false).upstream(name, &python, wheel)?;
            let packages = environment
                .ancestors()
                .nth(2)
                .context("an environment's interpreter is in its folder `bin`")?
                .join(format!("lib/python{major}.{minor}/site-packages"));
            Ok(Some(Hpy {
                headers: packages.join("hpy/devel/include"),
                packages: Some(packages),
            }))
        }
        Implementation::GraalPy | Implementation::Other(_) => Ok(None),
    }
}

/// What HPy's own build puts beside a library, without its import of `pkg_resources`.
fn stub_of(module: &str, library: &Path, packages: Option<&Path>) -> String {
    let path = packages.map_or_else(String::new, |packages| {
        format!("sys.path.append({:?})\n", packages.display().to_string())
    });
    format!(
        "import sys\n\
         {path}\
         from hpy.universal import _load_bootstrap\n\
         sys.modules[__name__] = _load_bootstrap(\n    \
         {module:?}, __name__, __package__, {:?}, __loader__, __spec__, {{}}\n\
         )\n",
        library.display().to_string()
    )
}
