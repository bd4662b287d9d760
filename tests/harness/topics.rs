//! What is tested: each folder of `tests/extensions` and `examples`, and the module whose builds
//! are measured. Each has a Python test beside its `Cargo.toml`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::headers::CApi;
use crate::host::Host;

/// One extension and its test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The folder's name, which is the column's heading.
    pub name: String,
    /// Where its `Cargo.toml` is.
    pub folder: PathBuf,
    /// `test_NAME.py`, and those beside it whose names begin with `test_`, in order.
    pub tests: Vec<PathBuf>,
    /// What of it is bound to one version of CPython.
    pub bound: Bound,
    /// Another topic whose module its test imports: `with-topic = "…"` in its manifest.
    pub with: Option<String>,
}

/// The one extension of the benchmark that has a test.
const MEASURED: &str = "bench/peers/inventory";

/// What binds a topic to one version of CPython. Such a topic's universal form is HPy's hybrid one,
/// on CPython alone. Its manifest says so, in `[package.metadata.hpy-tests]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// Nothing does.
    Free,
    /// Code in C that includes `Python.h`: `python-h = true`.
    PythonH,
    /// PyO3: `pyo3 = true`. The matrix alone runs it, as it takes ten crates more.
    PyO3,
}

impl Bound {
    fn of_manifest(text: &str) -> Bound {
        let says = |wanted: &str| text.lines().any(|line| line == wanted);
        if says("python-h = true") {
            Bound::PythonH
        } else if says("pyo3 = true") {
            Bound::PyO3
        } else {
            Bound::Free
        }
    }

    /// Why it cannot be built for an interpreter, if so.
    pub fn excused(self, c_api: CApi) -> Option<&'static str> {
        match self {
            Bound::PythonH if !c_api.cpython => Some("uses Python.h, which binds it to CPython"),
            Bound::PythonH if !c_api.header => {
                Some("Python.h is not installed for this interpreter")
            }
            Bound::PyO3 if !c_api.cpython => Some("uses PyO3, which binds it to CPython"),
            Bound::PyO3 if !c_api.pyo3 => {
                Some("PyO3 is not for Python without the GIL before 3.14")
            }
            Bound::Free | Bound::PythonH | Bound::PyO3 => None,
        }
    }
}

impl Topic {
    /// Why it is not run on a host, if so.
    pub fn excused(&self, host: &Host) -> Option<&'static str> {
        match host.triple {
            Some(_) if self.bound != Bound::Free => {
                Some("C code and PyO3 are not built for other systems")
            }
            _ => self.bound.excused(host.c_api),
        }
    }
}

/// The topics of a checkout, test extensions first; only those `asked` for if there are any.
///
/// # Errors
/// If a folder has no test, two have one name, or a name that was asked for is unknown.
pub fn find(checkout: &Path, asked: &[String]) -> Result<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    let mut folders = crates_in(&checkout.join("tests/extensions"))?;
    folders.append(&mut crates_in(&checkout.join("examples"))?);
    folders.extend(Some(checkout.join(MEASURED)).filter(|folder| folder.is_dir()));
    for folder in folders {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let test = folder.join(format!("test_{name}.py"));
        let is_asked = asked.is_empty() || asked.contains(&name);
        if is_asked && !test.is_file() {
            bail!(
                "{} is missing: a topic without a test proves nothing",
                test.display()
            );
        }
        if topics.iter().any(|topic| topic.name == name) {
            bail!("two extensions are named {name}: tables could not tell them apart");
        }
        let tests = tests_in(&folder)?;
        for test in &tests {
            let file = test.file_name();
            let mut others = topics.iter().flat_map(|topic| &topic.tests);
            if others.any(|other| other.file_name() == file) {
                bail!(
                    "another topic has a {} too: reports could not tell them apart",
                    test.display()
                );
            }
        }
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))?;
        topics.push(Topic {
            name,
            bound: Bound::of_manifest(&manifest),
            with: other_topic(&manifest),
            folder,
            tests,
        });
    }
    if let Some(unknown) = asked
        .iter()
        .find(|name| !topics.iter().any(|topic| topic.name == **name))
    {
        let known: Vec<_> = topics.iter().map(|topic| topic.name.as_str()).collect();
        bail!(
            "no topic is named {unknown}: there are {}",
            known.join(", ")
        );
    }
    if !asked.is_empty() {
        let is_asked = |topic: &Topic| asked.contains(&topic.name);
        let with = topics.iter().filter(|topic| is_asked(topic));
        let with: Vec<String> = with.filter_map(|topic| topic.with.clone()).collect();
        topics.retain(|topic| is_asked(topic) || with.contains(&topic.name));
    }
    if topics.is_empty() {
        bail!("there is nothing to test in tests/extensions and examples");
    }
    Ok(topics)
}

/// The topic in `with-topic = "…"`.
fn other_topic(manifest: &str) -> Option<String> {
    let mut lines = manifest.lines();
    let name = lines.find_map(|line| line.strip_prefix("with-topic = \""))?;
    Some(name.trim_end_matches('"').to_owned())
}

fn tests_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut tests = Vec::new();
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("test_") && name.ends_with(".py") {
            tests.push(path);
        }
    }
    tests.sort();
    Ok(tests)
}

fn crates_in(parent: &Path) -> Result<Vec<PathBuf>> {
    if !parent.is_dir() {
        return Ok(Vec::new());
    }
    let mut folders = Vec::new();
    for entry in
        std::fs::read_dir(parent).with_context(|| format!("cannot read {}", parent.display()))?
    {
        let folder = entry?.path();
        if folder.join("Cargo.toml").is_file() {
            folders.push(folder);
        }
    }
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkout(name: &str, files: &[&str]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("hpy-topics-{}-{name}", std::process::id()));
        for file in files {
            let path = root.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        root
    }

    #[test]
    fn extensions_come_before_examples() {
        let root = checkout(
            "order",
            &[
                "examples/hello/Cargo.toml",
                "examples/hello/test_hello.py",
                "bench/peers/inventory/Cargo.toml",
                "bench/peers/inventory/test_inventory.py",
                "bench/peers/types/Cargo.toml",
                "tests/extensions/lists/Cargo.toml",
                "tests/extensions/lists/test_lists.py",
                "tests/extensions/notes.md",
            ],
        );
        let names = |asked: &[&str]| -> Result<Vec<String>> {
            let asked: Vec<_> = asked.iter().map(|name| name.to_string()).collect();
            Ok(find(&root, &asked)?
                .into_iter()
                .map(|topic| topic.name)
                .collect())
        };
        assert_eq!(names(&[]).unwrap(), ["lists", "hello", "inventory"]);
        assert_eq!(names(&["hello"]).unwrap(), ["hello"]);
        assert!(
            names(&["listz"])
                .unwrap_err()
                .to_string()
                .contains("lists, hello, inventory")
        );
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_topic_may_have_several_tests() {
        let root = checkout(
            "several",
            &[
                "tests/extensions/lists/Cargo.toml",
                "tests/extensions/lists/test_lists.py",
                "tests/extensions/lists/test_items.py",
                "tests/extensions/lists/shared.py",
            ],
        );
        let topics = find(&root, &[]).unwrap();
        let tests = topics[0].tests.iter();
        let names: Vec<_> = tests.map(|test| test.file_name().unwrap()).collect();
        assert_eq!(names, ["test_items.py", "test_lists.py"]);
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn what_binds_a_topic_to_cpython_stands_in_its_manifest() {
        let manifest = "[package.metadata.hpy-tests]\npython-h = true\n";
        assert_eq!(Bound::of_manifest(manifest), Bound::PythonH);
        assert_eq!(Bound::of_manifest("name = \"x\"\n"), Bound::Free);
        let c_api = CApi {
            cpython: true,
            header: false,
            pyo3: true,
        };
        let excused = |bound: Bound| bound.excused(c_api).is_some();
        assert!(!excused(Bound::Free) && excused(Bound::PythonH) && !excused(Bound::PyO3));
        let excused = |bound: Bound| bound.excused(CApi::NONE).is_some();
        assert!(!excused(Bound::Free) && excused(Bound::PythonH) && excused(Bound::PyO3));
    }

    #[test]
    fn a_topic_without_a_test_is_an_error() {
        let root = checkout("untested", &["tests/extensions/lists/Cargo.toml"]);
        assert!(
            find(&root, &[])
                .unwrap_err()
                .to_string()
                .contains("test_lists.py")
        );
        std::fs::remove_dir_all(root).unwrap();
    }
}
