//! Editable installations: the interpreter imports from the project's folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

use super::archive::{Contents, digest};
use super::develop::DevelopRequest;
use super::platform_tag::PlatformTag;
use super::project::Project;
use super::version;
use super::wheel::{add_info, build_request, check_module_name, write};
use crate::build::build_packages;
use crate::error::{Error, Result};
use crate::request::{Abi, Out};

/// Imports the modules of a package's library from where they were built. The package's own folder
/// has only its Python files.
const FINDER: &str = "\
# Made by cargo hpy.
import sys

MODULES = @MODULES@
FOLDER = @FOLDER@


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in MODULES:
            external = sys.modules[\"_frozen_importlib_external\"]
            return external.PathFinder.find_spec(name, [FOLDER])
        return None


sys.meta_path.insert(0, Finder)
";

/// A wheel that installs links to the project.
pub(crate) struct Editable {
    /// The wheel's file name.
    pub(crate) name: String,
    /// The name of its `.dist-info`.
    pub(crate) info: String,
    /// Differs if it must be installed again. An installed one has it in its file [`MARK`].
    pub(crate) mark: String,
    content: Vec<u8>,
}

/// A file in `.dist-info`.
pub(crate) const MARK: &str = "cargo-hpy-editable";

impl Editable {
    /// Builds the library into a folder below the target folder, and makes the wheel.
    pub(crate) fn build(project: &Project, abi: &Abi, how: &DevelopRequest) -> Result<Self> {
        let mut request = build_request(project, abi);
        request.release = how.release;
        (request.quiet, request.json) = (how.quiet, how.json);
        let key = abi.key();
        let folder = project.workspace.target.join("hpy/editable").join(key);
        let folder = folder.join(&project.package.name);
        request.out = Out::Folder(folder.clone());
        let packages = slice::from_ref(&project.package);
        let built = build_packages(&request, &project.workspace, packages)?.remove(0);
        let modules: Vec<_> = built
            .modules
            .into_iter()
            .map(|module| module.name)
            .collect();
        check_module_name(project, &modules)?;
        Self::of(project, &folder, &modules)
    }

    fn of(project: &Project, folder: &Path, modules: &[String]) -> Result<Self> {
        let mut contents = Contents::default();
        let stem = version::file_name(&project.metadata.name);
        let package = project.module_folder().replace('/', ".");
        let mut lines = Vec::new();
        if let Some(source) = project.python_source()? {
            lines.push(source.display().to_string());
        }
        if package.is_empty() {
            lines.push(folder.display().to_string());
        } else {
            let finder = format!("__editable___{stem}_finder");
            let names: Vec<_> = modules
                .iter()
                .map(|name| format!("{package}{name}"))
                .collect();
            // Lists and strings in JSON are the same in Python.
            let json = |value: serde_json::Value| value.to_string();
            let text = FINDER
                .replace("@MODULES@", &json(names.into()))
                .replace("@FOLDER@", &json(folder.display().to_string().into()));
            contents.add(format!("{finder}.py"), text)?;
            lines.push(format!("import {finder}"));
        }
        let path_file = lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>();
        let any = PlatformTag {
            tags: vec!["any".into()],
            outside: Vec::new(),
        };
        contents.add(format!("__editable___{stem}.pth"), path_file)?;
        let info = add_info(project, "py3-none-any", &any, &mut contents)?;
        let mark = digest(&contents.wheel_of(&info)?);
        contents.add(format!("{info}.dist-info/{MARK}"), format!("{mark}\n"))?;
        Ok(Editable {
            name: format!("{info}-py3-none-any.whl"),
            content: contents.wheel_of(&info)?,
            info: format!("{info}.dist-info"),
            mark,
        })
    }

    /// Writes the wheel into the folder and returns its path.
    pub(crate) fn write(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(&self.name);
        write(&path, &self.content)?;
        Ok(path)
    }

    /// Whether it is installed in the folder `site`.
    pub(crate) fn is_installed(&self, site: &Path) -> bool {
        let mark = fs::read_to_string(site.join(&self.info).join(MARK));
        mark.is_ok_and(|mark| mark.trim() == self.mark)
    }
}

/// Writes what a wheel's `.dist-info` will have, for installers that only want to know. Returns the
/// folder's name.
pub(crate) fn metadata_only(folder: &Path, out: &Path) -> Result<String> {
    let project = Project::read(folder)?;
    let metadata = &project.metadata;
    let stem = version::file_name(&metadata.name);
    let name = format!("{stem}-{}.dist-info", metadata.version);
    let info = out.join(&name);
    let mut files = vec![
        ("METADATA".to_owned(), metadata.text().into_bytes()),
        (
            "WHEEL".to_owned(),
            b"Wheel-Version: 1.0\nGenerator: cargo-hpy\nRoot-Is-Purelib: false\n".to_vec(),
        ),
    ];
    if let Some(text) = metadata.entry_points_text() {
        files.push(("entry_points.txt".into(), text.into_bytes()));
    }
    for file in &project.license_files {
        let content = super::files::read(&file.path)?;
        files.push((format!("licenses/{}", file.name), content));
    }
    for (file, content) in files {
        let path = info.join(file);
        let parent = path.parent().unwrap_or(&info);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, content))
            .map_err(|error| Error::io("write", &path, error))?;
    }
    Ok(name)
}
