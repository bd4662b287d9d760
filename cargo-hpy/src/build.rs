//! Builds packages and installs their modules.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::artifact::Exports;
use crate::compile;
use crate::error::{Error, Result};
use crate::glibc::{self, GlibcVersion};
use crate::install::{self, Module};
use crate::request::{BuildRequest, Out};
use crate::workspace::{Package, Workspace};

/// What [`build`] made.
#[derive(Clone, Debug)]
pub struct Built {
    /// Each package, in the order of the request.
    pub packages: Vec<BuiltPackage>,
    /// Cargo's target folder. This tool's files are in its folder `hpy/`.
    pub target: PathBuf,
}

/// One package's part of [`Built`].
#[derive(Clone, Debug)]
pub struct BuiltPackage {
    /// The package's name.
    pub name: String,
    /// The folder of its `Cargo.toml`.
    pub folder: PathBuf,
    /// The library as cargo left it.
    pub library: PathBuf,
    /// The folder to import from, for the module search path.
    pub out: PathBuf,
    /// The modules that the library exports, each with its files in [`out`](Self::out).
    pub modules: Vec<Module>,
    /// The oldest glibc that the library loads with, on systems that have it.
    pub glibc: Option<GlibcVersion>,
}

/// Builds the packages of `request` with one call of cargo, and puts the files that Python imports
/// in place.
///
/// Cargo's progress and the compiler's messages go to standard error immediately. The target
/// folders are `<target>/hpy/<key>` (see [`Abi::key`](crate::Abi::key)). `<target>` is cargo's own
/// target folder, which `CARGO_TARGET_DIR` may set.
///
/// # Errors
///
/// Everything that makes the extension impossible to import, with advice: no package, no `cdylib`,
/// no feature `universal`, a failed compilation, no exported module, or an existing file that this
/// tool did not make. Also if a library needs a newer glibc than the one it was linked for.
pub fn build(request: &BuildRequest) -> Result<Built> {
    let (workspace, packages) = packages_of(request)?;
    Ok(Built {
        packages: build_packages(request, &workspace, &packages)?,
        target: workspace.target,
    })
}

/// Builds packages that were read before. Cargo takes some time to tell of them.
///
/// # Errors
///
/// As for [`build`].
pub(crate) fn build_packages(
    request: &BuildRequest,
    workspace: &Workspace,
    packages: &[Package],
) -> Result<Vec<BuiltPackage>> {
    check(request, packages)?;
    let libraries = compile::compile(request, workspace, packages)?;

    let mut owners: HashMap<PathBuf, &str> = HashMap::new();
    let mut built = Vec::new();
    for (package, library) in packages.iter().zip(libraries) {
        let names = Exports::read(&library)?.modules(package, &request.abi)?;
        let glibc = glibc::oldest_for(&library)?;
        glibc::check_needs(&package.name, glibc, request.glibc.as_ref())?;
        let out = match &request.out {
            Out::BesideManifest => package.folder().to_path_buf(),
            Out::Folder(folder) => folder.clone(),
            Out::Private => private_folder(&workspace.target, request, &package.name),
        };
        let plan = install::plan(&request.abi, &library, &names)?;
        for file in plan.file_names() {
            if let Some(other) = owners.insert(out.join(file), &package.name) {
                return Err(Error::new(format!(
                    "both {other} and {} make {file} in {}",
                    package.name,
                    out.display()
                ))
                .advise("rename one of the modules, or build them into different folders"));
            }
        }
        let modules = plan.carry_out(&library, &out, request.out == Out::Private)?;
        built.push(BuiltPackage {
            name: package.name.clone(),
            folder: package.folder().to_path_buf(),
            library,
            out,
            modules,
            glibc,
        });
    }
    Ok(built)
}

/// A package's library as cargo left it.
pub(crate) struct BuiltLibrary {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) library: PathBuf,
}

/// Builds the packages of `request` without installing anything.
pub(crate) fn build_libraries(request: &BuildRequest) -> Result<Vec<BuiltLibrary>> {
    let (workspace, packages) = packages_of(request)?;
    check(request, &packages)?;
    let libraries = compile::compile(request, &workspace, &packages)?;
    let built = packages.iter().zip(libraries);
    Ok(built
        .map(|(package, library)| BuiltLibrary {
            name: package.name.clone(),
            folder: package.folder().to_path_buf(),
            library,
        })
        .collect())
}

/// One package's files, in memory.
#[cfg(feature = "packaging")]
pub(crate) struct BuiltFiles {
    /// The library as cargo left it.
    pub(crate) library: PathBuf,
    /// The names of its modules.
    pub(crate) modules: Vec<String>,
    /// The names and contents of the files that Python imports.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

#[cfg(feature = "packaging")]
impl BuiltFiles {
    /// The library's content. Another build may have changed the file since it was read.
    pub(crate) fn binary(&self) -> &[u8] {
        // Copies of the library come first, and there is at least one.
        self.files.first().map_or(&[], |(_, content)| content)
    }
}

/// Builds the one package of `request` without installing anything.
///
/// # Errors
///
/// As for [`build`].
#[cfg(feature = "packaging")]
pub(crate) fn build_files(request: &BuildRequest) -> Result<BuiltFiles> {
    let (workspace, packages) = packages_of(request)?;
    check(request, &packages)?;
    let mut libraries = compile::compile(request, &workspace, &packages)?;
    let (package, library) = (&packages[0], libraries.remove(0));
    let modules = Exports::read(&library)?.modules(package, &request.abi)?;
    let needed = glibc::oldest_for(&library)?;
    glibc::check_needs(&package.name, needed, request.glibc.as_ref())?;
    let files = install::plan(&request.abi, &library, &modules)?.contents(&library)?;
    Ok(BuiltFiles {
        library,
        modules,
        files,
    })
}

fn packages_of(request: &BuildRequest) -> Result<(Workspace, Vec<Package>)> {
    let mut workspace = Workspace::read(&request.manifest)?;
    if let Some(target) = &request.target {
        workspace.target.clone_from(target);
    }
    let packages = workspace.select(&request.manifest, &request.packages)?;
    Ok((workspace, packages))
}

/// Checks that the packages have what the build needs.
fn check(request: &BuildRequest, packages: &[Package]) -> Result<()> {
    for package in packages {
        package.check(&request.abi)?;
        if request.describe {
            package.check_description()?;
        }
    }
    Ok(())
}

/// Whether the package of the manifest has the feature.
pub(crate) fn has_feature(manifest: &std::path::Path, feature: &str) -> Result<bool> {
    let packages = Workspace::read(manifest)?.select(manifest, &[])?;
    Ok(packages.iter().all(|package| package.has_feature(feature)))
}

/// The package's private folder, from which a run imports.
fn private_folder(target: &Path, request: &BuildRequest, package: &str) -> PathBuf {
    let profile = if request.release { "release" } else { "debug" };
    let mut key = request.key();
    if let Some(triple) = &request.triple {
        key = format!("{triple}-{key}");
    }
    target
        .join("hpy")
        .join("run")
        .join(key)
        .join(profile)
        .join(package)
}
