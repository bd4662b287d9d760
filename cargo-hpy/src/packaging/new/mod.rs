//! New projects.

mod names;

use std::fs;
use std::path::{Path, PathBuf};

use self::names::{crate_name, package_name};
use crate::error::{Error, Result};

/// A project to create.
pub(crate) struct NewRequest {
    pub(crate) folder: PathBuf,
    /// The distribution's name. By default that of the folder.
    pub(crate) name: Option<String>,
    /// With a Python package around the library.
    pub(crate) mixed: bool,
    /// Whether the folder may be there already. Files in it stay as they are.
    pub(crate) into_existing: bool,
}

/// What was created.
pub(crate) struct Created {
    pub(crate) written: Vec<PathBuf>,
    /// Files that were there before.
    pub(crate) kept: Vec<PathBuf>,
    /// The crate `hpy` that the project depends on.
    pub(crate) hpy: PathBuf,
}

/// Writes the project's files.
pub(crate) fn create(request: &NewRequest) -> Result<Created> {
    let folder = std::path::absolute(&request.folder)
        .map_err(|error| Error::io("resolve", &request.folder, error))?;
    if !request.into_existing && folder.exists() {
        return Err(Error::new(format!("{} exists already", folder.display()))
            .advise("choose another name, or run cargo hpy init in that folder"));
    }
    let of_folder = folder.file_name().and_then(|name| name.to_str());
    let name = request.name.as_deref().or(of_folder).unwrap_or_default();
    let package = package_name(name)?;
    let hpy = hpy_crate()?;
    let mut created = Created {
        written: Vec::new(),
        kept: Vec::new(),
        hpy: hpy.clone(),
    };
    let module = match request.mixed {
        true => format!("_{package}"),
        false => package.clone(),
    };
    for (path, text) in files(request.mixed, &package) {
        let text = text
            .replace("@NAME@", name)
            .replace("@CRATE@", &crate_name(name))
            .replace("@PACKAGE@", &package)
            .replace("@LIBRARY@", &package)
            .replace("@MODULE@", &module)
            // A string in JSON is one in TOML.
            .replace(
                "@HPY@",
                &serde_json::Value::from(hpy.display().to_string()).to_string(),
            );
        let path = folder.join(path);
        if path.exists() {
            created.kept.push(path);
            continue;
        }
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| Error::io("write", &path, error))?;
        created.written.push(path);
    }
    Ok(created)
}

/// The paths of the files and their texts, with places for the names.
fn files(mixed: bool, package: &str) -> Vec<(String, String)> {
    let mut pyproject = include_str!("templates/pyproject.toml.in").to_owned();
    if mixed {
        pyproject.push_str(include_str!("templates/mixed.toml.in"));
    }
    pyproject.push_str(include_str!("templates/pytest.toml.in"));
    let mut files = vec![
        ("pyproject.toml".to_owned(), pyproject),
        (
            format!("tests/test_{package}.py"),
            include_str!("templates/test.py.in").into(),
        ),
        ("backend/cargo_hpy.py".into(), backend().into()),
    ];
    for (path, text) in [
        ("Cargo.toml", include_str!("templates/Cargo.toml.in")),
        ("src/lib.rs", include_str!("templates/lib.rs.in")),
        ("README.md", include_str!("templates/README.md.in")),
        ("LICENSE", include_str!("templates/LICENSE.in")),
        (".gitignore", include_str!("templates/gitignore.in")),
        (
            ".github/workflows/ci.yml",
            include_str!("templates/ci.yml.in"),
        ),
    ] {
        files.push((path.into(), text.into()));
    }
    if mixed {
        let text = include_str!("templates/init.py.in");
        files.push((format!("python/{package}/__init__.py"), text.into()));
        files.push((format!("python/{package}/py.typed"), String::new()));
    }
    files
}

/// The build backend in the project, `backend/cargo_hpy.py`.
pub(crate) fn backend() -> &'static str {
    include_str!("templates/cargo_hpy.py")
}

/// The crate `hpy` in the checkout that this tool was built from.
fn hpy_crate() -> Result<PathBuf> {
    let hpy = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("hpy");
    if hpy.join("Cargo.toml").is_file() {
        return Ok(hpy);
    }
    Err(Error::new(format!(
        "the checkout that this cargo-hpy was built from is gone: {} is missing",
        hpy.display()
    ))
    .advise("install cargo-hpy again, from the checkout that is there now"))
}
