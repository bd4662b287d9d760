//! Reads `pyproject.toml`, with errors that name the key.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::files::is_inside;
use crate::error::{Error, Result};

/// A table of the file, for reading values of the right kind.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    file: PathBuf,
    /// The table's own name, such as `tool.hpy`.
    name: String,
    table: Table,
}

/// The tables of a project's `pyproject.toml` that matter here.
#[derive(Clone, Debug, Default)]
pub(crate) struct PyProject {
    /// `[project]`
    pub(crate) project: Option<Section>,
    /// `[tool.hpy]`
    pub(crate) options: Options,
}

/// `[tool.hpy]`
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// `manifest-path`: the `Cargo.toml`, if it is not beside this file.
    pub(crate) manifest: Option<PathBuf>,
    /// `module-name`: the module's dotted name, if it belongs to a package.
    pub(crate) module_name: Option<String>,
    /// `python-source`: the folder of the Python packages.
    pub(crate) python_source: Option<PathBuf>,
    /// `abi`: `universal` or `cpython`, for those who do not say.
    pub(crate) abi: Option<String>,
    /// `features`: Cargo's features.
    pub(crate) features: Vec<String>,
    /// `include`: globs of more files for the wheel and the source archive.
    pub(crate) include: Vec<String>,
    /// `exclude`: globs of files that are left out.
    pub(crate) exclude: Vec<String>,
    /// `stubs = false`: write no stubs.
    pub(crate) without_stubs: bool,
}

const OPTIONS: [&str; 8] = [
    "abi",
    "exclude",
    "features",
    "include",
    "manifest-path",
    "module-name",
    "python-source",
    "stubs",
];

/// The ABI that the project in `folder` chooses.
pub(crate) fn default_abi(folder: &Path) -> Result<Option<String>> {
    let read = PyProject::read(folder)?;
    Ok(read.and_then(|read| read.options.abi))
}

impl PyProject {
    /// Reads the file in `folder`, if there is one.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join("pyproject.toml");
        if !file.is_file() {
            return Ok(None);
        }
        let text = fs::read_to_string(&file).map_err(|error| {
            let advice = match error.kind() {
                ErrorKind::InvalidData => "save the file as UTF-8",
                _ => "make the file readable",
            };
            Error::io("read", &file, error).advise(advice)
        })?;
        Self::parse(&file, &text).map(Some)
    }

    fn parse(file: &Path, text: &str) -> Result<Self> {
        let table: Table = text
            .parse()
            .map_err(|error| Error::new(format!("{} is not TOML: {error}", file.display())))?;
        let whole = Section {
            file: file.to_path_buf(),
            name: String::new(),
            table,
        };
        let options = match whole.section("tool")? {
            Some(tools) => tools.section("hpy")?,
            None => None,
        };
        Ok(PyProject {
            project: whole.section("project")?,
            options: options.map(Options::read).transpose()?.unwrap_or_default(),
        })
    }
}

impl Options {
    fn read(section: Section) -> Result<Self> {
        if let Some(unknown) = section.keys().find(|key| !OPTIONS.contains(key)) {
            return Err(section
                .wrong(unknown, "is not an option")
                .advise(format!("the options are: {}", OPTIONS.join(", "))));
        }
        let abi = section.text("abi")?;
        if let Some(abi) = &abi
            && !["universal", "cpython"].contains(&abi.as_str())
        {
            return Err(section.wrong("abi", "must be \"universal\" or \"cpython\""));
        }
        let module_name = section.text("module-name")?;
        if let Some(name) = &module_name
            && !name.split('.').all(is_identifier)
        {
            return Err(section
                .wrong(
                    "module-name",
                    &format!("is {name:?}, which Python cannot import"),
                )
                .advise("write the names of the packages and the module, such as \"demo._demo\""));
        }
        let python_source = section.text("python-source")?.map(PathBuf::from);
        if let Some(folder) = &python_source
            && !is_inside(folder)
        {
            return Err(section
                .wrong(
                    "python-source",
                    &format!("is {folder:?}, which leads out of the project"),
                )
                .advise("name a folder below that of pyproject.toml: no other is in archives"));
        }
        Ok(Options {
            manifest: section.text("manifest-path")?.map(PathBuf::from),
            module_name,
            python_source,
            abi,
            features: section.texts("features")?.unwrap_or_default(),
            include: section.texts("include")?.unwrap_or_default(),
            exclude: section.texts("exclude")?.unwrap_or_default(),
            without_stubs: section.flag("stubs")? == Some(false),
        })
    }
}

/// Whether it can be a part of a module's name. Each part but the last is a folder in the wheel.
fn is_identifier(part: &str) -> bool {
    let is_letter = |c: char| c == '_' || c.is_alphabetic();
    part.starts_with(is_letter) && part.chars().all(|c| is_letter(c) || c.is_numeric())
}

impl Section {
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(String::as_str)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.table.get(key)
    }

    /// An error about a key.
    pub(crate) fn wrong(&self, key: &str, what: &str) -> Error {
        let dot = if self.name.is_empty() { "" } else { "." };
        Error::new(format!(
            "{}{dot}{key} {what} (in {})",
            self.name,
            self.file.display()
        ))
    }

    pub(crate) fn text(&self, key: &str) -> Result<Option<String>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(key, "must be a string")),
        }
    }

    fn flag(&self, key: &str) -> Result<Option<bool>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::Boolean(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.wrong(key, "must be true or false")),
        }
    }

    pub(crate) fn texts(&self, key: &str) -> Result<Option<Vec<String>>> {
        let Some(value) = self.table.get(key) else {
            return Ok(None);
        };
        let texts = value.as_array().and_then(|list| {
            let texts = list.iter().map(|one| one.as_str().map(str::to_owned));
            texts.collect::<Option<_>>()
        });
        match texts {
            Some(texts) => Ok(Some(texts)),
            None => Err(self.wrong(key, "must be a list of strings")),
        }
    }

    /// The pairs of a table of strings, sorted by key.
    pub(crate) fn pairs(&self, key: &str) -> Result<Vec<(String, String)>> {
        let Some(section) = self.section(key)? else {
            return Ok(Vec::new());
        };
        let pairs = section.table.keys().map(|key| {
            let value = section.text(key)?.unwrap_or_default();
            Ok((key.clone(), value))
        });
        pairs.collect()
    }

    pub(crate) fn section(&self, key: &str) -> Result<Option<Section>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::Table(table)) => Ok(Some(Section {
                file: self.file.clone(),
                name: match self.name.as_str() {
                    "" => key.to_owned(),
                    name => format!("{name}.{key}"),
                },
                table: table.clone(),
            })),
            Some(_) => Err(self.wrong(key, "must be a table")),
        }
    }

    /// The tables in a list.
    pub(crate) fn sections(&self, key: &str) -> Result<Vec<Section>> {
        let list = match self.table.get(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(self.wrong(key, "must be a list of tables")),
        };
        let tables = list.iter().enumerate().map(|(index, value)| match value {
            Value::Table(table) => Ok(Section {
                file: self.file.clone(),
                name: format!("{}.{key}[{index}]", self.name),
                table: table.clone(),
            }),
            _ => Err(self.wrong(key, "must be a list of tables")),
        });
        tables.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let parsed = PyProject::parse(Path::new("pyproject.toml"), text);
        parsed.unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_value_is_named_with_its_key() {
        assert!(error("[tool.hpy]\nabi = 'stable'").contains("tool.hpy.abi must be"));
        assert!(error("[tool.hpy]\nmodul = 'x'").contains("tool.hpy.modul is not an option"));
        assert!(error("[tool.hpy]\ninclude = [1]").contains("tool.hpy.include must be a list"));
        for name in ["", "/etc.words", "...words", "a/b.words", "1a", "a b"] {
            let text = format!("[tool.hpy]\nmodule-name = '{name}'");
            assert!(error(&text).contains("Python cannot import"), "{name}");
        }
        let good = "[tool.hpy]\nmodule-name = 'a1._b.gr\u{f6}\u{df}e'";
        assert!(PyProject::parse(Path::new("p"), good).is_ok());
        assert!(error("project = 1").contains("project must be a table"));
        assert!(error("[project").contains("is not TOML"));
    }

    #[test]
    fn without_a_file_or_a_table_nothing_is_set() {
        let read = PyProject::parse(Path::new("p"), "[build-system]\nrequires = []").unwrap();
        assert!(read.project.is_none() && read.options.module_name.is_none());
        assert!(PyProject::read(Path::new("/nowhere")).unwrap().is_none());
    }
}
