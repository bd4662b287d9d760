//! Makes wheels.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::archive::Contents;
use super::cargo_metadata::Graph;
use super::files;
use super::platform_tag::{Needs, PlatformTag, check_platform, platform_tag};
use super::project::Project;
use super::{remap, sbom, version};
use crate::build::{BuiltFiles, build_files};
use crate::error::{Error, Result};
use crate::glibc::{GlibcLinker, GlibcVersion};
use crate::linker;
use crate::output::remark;
use crate::request::{Abi, BuildRequest};
use crate::stubs::stubs;
use crate::target::{System, Target};

/// One wheel.
pub(crate) struct WheelRequest {
    pub(crate) folder: PathBuf,
    pub(crate) abi: Abi,
    pub(crate) release: bool,
    /// The folder for the wheel.
    pub(crate) out: PathBuf,
    pub(crate) glibc: Option<GlibcVersion>,
    /// What to build for, unless it is this machine.
    pub(crate) target: Option<Target>,
    /// The Python that may have Zig.
    pub(crate) python: Option<OsString>,
    pub(crate) quiet: bool,
    /// Print cargo's messages as JSON.
    pub(crate) json: bool,
}

/// Makes a wheel and returns its path.
pub(crate) fn wheel(request: &WheelRequest) -> Result<PathBuf> {
    let project = Project::read(&request.folder)?;
    // Before cargo says the same of the feature, without advice.
    project.package.check(&request.abi)?;
    let target = match &request.target {
        Some(target) => {
            for part in target.parts() {
                linker::check_known(&part)?;
            }
            target.clone()
        }
        None => Target::host()?,
    };
    check_platform(&target)?;
    let features = features(&project, &request.abi);
    let graph = Graph::read(
        &project.package.manifest,
        &project.package.id,
        &features,
        &target,
    )?;
    let mut build = build_request(&project, &request.abi);
    build.release = request.release;
    build.triple = request
        .target
        .as_ref()
        .map(|target| target.triple().to_owned());
    (build.quiet, build.json) = (request.quiet, request.json);
    let find = |version| GlibcLinker::find(version, request.python.as_deref());
    build.glibc = request.glibc.map(find).transpose()?;
    if request.release {
        build.remap = remap::folders(&project.workspace, &graph)?;
    }
    let built = build_files(&build)?;
    if request.release {
        warn_of_paths(&project, &built)?;
    }

    let platform = platform_tag(&target, &Needs::of("the library", built.binary())?)?;
    let tag = format!("{}-{}", python_tag(&request.abi), platform.tags.join("."));
    warn_of_platform(&target, &platform, &built.library, request.glibc.is_some());
    let mut contents = Contents::default();
    add_modules(&project, &built, &mut contents)?;
    add_sources(&project, &mut contents)?;
    if !project.options.without_stubs {
        add_stubs(&project, &built.modules, &build, &mut contents)?;
    }
    let info = add_info(&project, &tag, &platform, &mut contents)?;
    let info_folder = format!("{info}.dist-info");
    let sbom = format!(
        "{info_folder}/sboms/{}.cyclonedx.json",
        version::file_name(&project.metadata.name)
    );
    contents.add(sbom, sbom::cyclonedx(&graph))?;

    let path = request.out.join(format!("{info}-{tag}.whl"));
    write(&path, &contents.wheel(&info_folder)?)?;
    Ok(path)
}

/// The build of a project's library, without what one command adds.
pub(crate) fn build_request(project: &Project, abi: &Abi) -> BuildRequest {
    let mut build = BuildRequest::new(project.package.manifest.clone(), abi.clone());
    let of_package = |feature: &String| match feature.contains('/') {
        true => feature.clone(),
        false => format!("{}/{feature}", project.package.name),
    };
    build.features = project.options.features.iter().map(of_package).collect();
    build
}

fn features(project: &Project, abi: &Abi) -> Vec<String> {
    let of_abi = abi.feature().into_iter().map(str::to_owned);
    of_abi
        .chain(project.options.features.iter().cloned())
        .collect()
}

/// `py3-none` for every Python 3, `cp313-cp313t` for one version of CPython.
pub(crate) fn python_tag(abi: &Abi) -> String {
    match abi {
        Abi::Universal => "py3-none".into(),
        Abi::CPython(python) | Abi::Hybrid(python) => {
            let (major, minor, _) = python.version;
            format!("cp{major}{minor}-cp{major}{minor}{}", python.abi_flags)
        }
    }
}

/// Adds the files that Python imports: in the package's folder if there is one. A single module
/// becomes a folder of its name, so that a wheel installs one thing, with its types.
fn add_modules(project: &Project, built: &BuiltFiles, contents: &mut Contents) -> Result<()> {
    check_module_name(project, &built.modules)?;
    let folder = project.module_folder();
    for (name, content) in &built.files {
        let place = match built.modules.as_slice() {
            [module] if folder.is_empty() => in_folder(module, name),
            _ => format!("{folder}{name}"),
        };
        contents.add(place, content.clone())?;
    }
    Ok(())
}

/// `words.py` -> `words/__init__.py`, `words.hpy0.so` -> `words/words.hpy0.so`,
/// `words.cpython-313-….so` -> `words/__init__.cpython-313-….so`
fn in_folder(module: &str, file: &str) -> String {
    let rest = file.strip_prefix(module).unwrap_or(file);
    match rest.starts_with(".hpy0") {
        true => format!("{module}/{file}"),
        false => format!("{module}/__init__{rest}"),
    }
}

/// Checks that `tool.hpy.module-name` names a module of the library.
pub(crate) fn check_module_name(project: &Project, modules: &[String]) -> Result<()> {
    let Some(name) = &project.options.module_name else {
        return Ok(());
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    if modules.iter().any(|module| module == last) {
        return Ok(());
    }
    Err(Error::new(format!(
        "tool.hpy.module-name is {name:?}, and the library has no module {last}"
    ))
    .advise(format!(
        "it has: {}; write hpy_module! {{ name: {last}, … }} or correct pyproject.toml",
        modules.join(", ")
    )))
}

/// The Python packages around the library, and what else is included.
pub(crate) fn add_sources(project: &Project, contents: &mut Contents) -> Result<()> {
    let excluded = excluded(project)?;
    let mut add = |folder: Option<&Path>, files: Vec<(String, PathBuf)>| {
        for (name, path) in files {
            let folder = folder.unwrap_or(Path::new(""));
            if !excluded.contains(&path) && !contents.has(&name) {
                contents.add(name, files::read(&folder.join(path))?)?;
            }
        }
        Ok::<_, Error>(())
    };
    let source = project.python_source()?;
    if let Some(source) = &source {
        add(None, files::below(source)?)?;
    }
    for glob in &project.options.include {
        let mut found = files::globbed(&project.folder, glob)?;
        // What lies in the folder of the packages has its name there.
        for (name, path) in &mut found {
            if let Some(source) = source.as_ref().filter(|source| path.starts_with(source)) {
                *name = files::relative_name(source, path)?;
            }
        }
        add(None, found)?;
    }
    Ok(())
}

/// The files that `tool.hpy.exclude` names.
fn excluded(project: &Project) -> Result<Vec<PathBuf>> {
    let mut excluded = Vec::new();
    for glob in &project.options.exclude {
        let found = files::globbed(&project.folder, glob)?;
        excluded.extend(found.into_iter().map(|(_, path)| path));
    }
    Ok(excluded)
}

/// Adds the stubs of modules that have none by hand, and `py.typed`. Type checkers ignore a stub
/// beside a module that is in no folder: that one is a stub package, `NAME-stubs`.
fn add_stubs(
    project: &Project,
    modules: &[String],
    build: &BuildRequest,
    contents: &mut Contents,
) -> Result<()> {
    if project.package.check_description().is_err() {
        return Ok(());
    }
    let folder = project.module_folder();
    let is_in_package = !folder.is_empty();
    let mut build = build.clone();
    // They are the same in every build, and this one is the quickest.
    (build.release, build.glibc, build.remap) = (false, None, Vec::new());
    if project.package.has_feature("universal") {
        build.abi = Abi::Universal;
        if build.triple.is_some() {
            // This machine's tools are enough.
            build.triple = Some(Target::host()?.triple().to_owned());
        }
    }
    let end = match modules.len() {
        1 => "",
        _ => "-stubs",
    };
    if !build.quiet {
        remark!("    Building once more, for the stubs");
    }
    for (path, text) in stubs(&build, is_in_package)?.remove(0).files {
        let stub = files::relative_name(Path::new(""), &path)?;
        let name = match stub.split_once('/') {
            _ if is_in_package => format!("{folder}{stub}"),
            Some((module, rest)) => format!("{module}{end}/{rest}"),
            None => format!("{}{end}/__init__.pyi", stub.trim_end_matches(".pyi")),
        };
        let by_hand = project.folder.join(&path);
        if contents.has(&name) {
            continue;
        }
        match by_hand.is_file() {
            true => contents.add(name, files::read(&by_hand)?)?,
            false => contents.add(name, text)?,
        }
    }
    let top = match (folder.split_once('/'), modules) {
        (Some((top, _)), _) => top,
        (None, [module]) => module,
        // A stub package needs none.
        _ => return Ok(()),
    };
    if !contents.has(&format!("{top}/py.typed")) {
        contents.add(format!("{top}/py.typed"), "")?;
    }
    Ok(())
}

/// What installers read. Returns the beginning of the wheel's name.
pub(crate) fn add_info(
    project: &Project,
    tag: &str,
    platform: &PlatformTag,
    contents: &mut Contents,
) -> Result<String> {
    let metadata = &project.metadata;
    let stem = format!(
        "{}-{}",
        version::file_name(&metadata.name),
        metadata.version
    );
    let info = format!("{stem}.dist-info");
    let python = tag.rsplit_once('-').map_or(tag, |(python, _)| python);
    let mut wheel = format!(
        "Wheel-Version: 1.0\nGenerator: cargo-hpy {}\nRoot-Is-Purelib: false\n",
        env!("CARGO_PKG_VERSION")
    );
    for platform in &platform.tags {
        wheel.push_str(&format!("Tag: {python}-{platform}\n"));
    }
    contents.add(format!("{info}/WHEEL"), wheel)?;
    contents.add(format!("{info}/METADATA"), metadata.text())?;
    if let Some(text) = metadata.entry_points_text() {
        contents.add(format!("{info}/entry_points.txt"), text)?;
    }
    for file in &project.license_files {
        contents.add(
            format!("{info}/licenses/{}", file.name),
            files::read(&file.path)?,
        )?;
    }
    Ok(stem)
}

/// Writes an archive under its final name only when it is complete.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<()> {
    let failed = |error| {
        Error::io("write", path, error).advise("name a folder that can be written with --out")
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&fresh, content)
        .and_then(|()| fs::rename(&fresh, path))
        .map_err(|error| {
            // Half a file helps nobody. One that cannot be removed does no harm.
            let _ = fs::remove_file(&fresh);
            failed(error)
        })
}

fn warn_of_paths(project: &Project, built: &BuiltFiles) -> Result<()> {
    let private = remap::private_paths(&project.workspace);
    if let Some(path) = remap::found_in(built.binary(), &private) {
        remark!(
            "warning: the library contains the path {} of this machine; it may come from C code \
             or from a build script\n  help: for C code, set \
             CFLAGS=-ffile-prefix-map={}=.",
            path.display(),
            path.display()
        );
    }
    Ok(())
}

fn warn_of_platform(target: &Target, platform: &PlatformTag, library: &Path, is_chosen: bool) {
    if !platform.outside.is_empty() {
        let (whose, repair) = match target.system() {
            System::Windows => ("few systems", "delvewheel repair"),
            _ => ("this system", "auditwheel repair; PyPI takes no such wheel"),
        };
        remark!(
            "warning: the wheel is for {whose} only: {}\n  help: link the library statically, \
             or copy it into the wheel with {repair}",
            platform.outside.join(", ")
        );
    } else if let Ok(Some(version)) = GlibcVersion::needed_by(library)
        && version > GlibcVersion(2, 17)
        && !is_chosen
    {
        remark!(
            "note: the wheel needs glibc {version} or later; --glibc 2.17 makes one for nearly \
             every Linux"
        );
    }
}
