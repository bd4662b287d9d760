//! Has a program with musl load a library. No registry has a Python with musl.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::interpreters::run_quietly;
use crate::platforms;

const LOADER: &str = include_str!("musl_loader.c");

/// Loads the universal binary of `module` among the installed files.
///
/// # Errors
/// If it cannot be loaded, or musl is missing.
pub fn load(installed: &Path, module: &str, triple: &str, provide: bool) -> Result<()> {
    platforms::root(provide)?.provide_musl(provide)?;
    let library = installed.join(module).join(format!("{module}.hpy0.so"));
    if !library.is_file() {
        bail!("{} is not in the wheel", library.display());
    }
    let program = loader(installed, triple)?;
    let mut run = platforms::tool(&program, triple)?;
    let said = run_quietly(run.arg(&library).arg(module)).context("musl does not load it")?;
    match said.contains("loaded: HPy ABI 0") {
        true => Ok(()),
        false => bail!("the program that loads it said: {said}"),
    }
}

/// The program, linked with musl as a library that others load is.
fn loader(folder: &Path, triple: &str) -> Result<PathBuf> {
    let (source, program) = (folder.join("load.c"), folder.join("load"));
    std::fs::write(&source, LOADER)
        .with_context(|| format!("cannot write {}", source.display()))?;
    let architecture = triple.split('-').next().unwrap_or_default();
    let mut zig = platforms::tool(Path::new("zig"), triple)?;
    zig.args(["cc", "-dynamic", "-target"])
        .arg(format!("{architecture}-linux-musl"))
        .arg("-o")
        .arg(&program)
        .arg(&source);
    run_quietly(&mut zig).context("the program that loads it does not compile")?;
    Ok(program)
}
