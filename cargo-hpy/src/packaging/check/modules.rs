//! Whether Python finds a wheel's modules, and on each Python that the tag promises.

use std::collections::BTreeMap;

use super::Report;
use super::binary::Checked;

/// Checks the library at `path`, in a wheel with the tag `python-abi`.
pub(super) fn check(
    path: &str,
    library: &Checked,
    files: &BTreeMap<String, Vec<u8>>,
    python: &str,
    abi: &str,
    report: &mut Report,
) {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let version = version_of(file);
    if let Some(version) = version {
        let tags: Vec<_> = abi.split('.').collect();
        if abi == "none" {
            report.problem(format!(
                "{file} is for one version of CPython, and the wheel's tag {python}-none is for all"
            ));
        } else if !tags.contains(&format!("cp{version}").as_str()) {
            report.problem(format!(
                "{file} is for the ABI cp{version}, and the wheel's tag {python}-{abi} for another"
            ));
        }
    } else if library.universal.is_empty() {
        report.problem(format!(
            "{file} has no version of CPython in its name and is not a universal binary: it may be \
             imported where it cannot work; make the wheel with cargo hpy wheel"
        ));
    }
    if !library.universal.is_empty() && !file.contains(".hpy0") {
        report.problem(format!(
            "{file} is a universal binary, and only NAME.hpy0.so is imported as one; do not rename \
             it"
        ));
        return;
    }
    if !python.split('.').all(is_python_3) {
        report.problem(format!(
            "the tag {python} is for Pythons that hpy does not work with"
        ));
    }
    if file.contains(".hpy0") {
        loaders(folder, file, library, files, report);
        return;
    }
    // Python takes the module's name from the file's.
    let stem = file.split('.').next().unwrap_or(file);
    let module = match stem {
        "__init__" => folder.rsplit('/').next().unwrap_or(folder),
        stem => stem,
    };
    let is_there = |modules: &[String]| modules.iter().any(|one| one == module);
    if !library.native.is_empty() && !is_there(&library.native) {
        report.problem(format!(
            "{file} is imported as {module}, and has the module {}; do not rename it",
            library.native.join(", ")
        ));
    }
}

/// A universal binary is imported by a Python file beside it, which names it.
fn loaders(
    folder: &str,
    file: &str,
    library: &Checked,
    files: &BTreeMap<String, Vec<u8>>,
    report: &mut Report,
) {
    let place = |name: String| match folder {
        "" => name,
        folder => format!("{folder}/{name}"),
    };
    for module in &library.universal {
        let own = files.get(&place(format!("{module}.py")));
        // Written by hand, it may be in any module of a package.
        let Some(loader) = own.or(files.get(&place("__init__.py".into()))) else {
            report.problem(format!(
                "nothing imports {file}: it needs {module}.py beside it, which cargo hpy makes"
            ));
            continue;
        };
        let loader = String::from_utf8_lossy(loader);
        // One for several versions puts the name together.
        let stem = file.split(".hpy0").next().unwrap_or(file);
        if hpy_runtime::is_loader(&loader) && !loader.contains(&format!("\"{stem}.hpy0")) {
            report.problem(format!(
                "the Python file for {module} imports another file than {file}; do not rename it"
            ));
        }
    }
}

/// `words.cpython-313t-x86_64-linux-gnu.so` -> `313t`, `words.cp313-win_amd64.pyd` and
/// `words.hpy0-cp313.so` -> `313`
fn version_of(file: &str) -> Option<&str> {
    let starts = [".cpython-", ".hpy0-cp", ".cp3"];
    let (start, at) = starts
        .into_iter()
        .find_map(|start| Some((start, file.find(start)?)))?;
    // The last one has the first digit in it.
    let length = start.trim_end_matches('3').len();
    let rest = &file[at + length..];
    Some(rest.split(['-', '.']).next().unwrap_or(rest))
}

fn is_python_3(tag: &str) -> bool {
    let rest = tag.strip_prefix("py").or(tag.strip_prefix("cp"));
    rest.is_some_and(|rest| rest.starts_with('3'))
}

#[cfg(test)]
mod tests {
    use super::super::super::platform_tag::PlatformTag;
    use super::*;

    fn problems(path: &str, universal: bool, others: &[(&str, &str)], tag: (&str, &str)) -> String {
        let modules = vec!["words".to_owned()];
        let library = Checked {
            platform: PlatformTag {
                tags: Vec::new(),
                outside: Vec::new(),
            },
            native: modules.clone(),
            universal: if universal { modules } else { Vec::new() },
        };
        let others = others.iter();
        let files = others.map(|(name, text)| (name.to_string(), text.as_bytes().to_vec()));
        let mut report = Report::default();
        check(path, &library, &files.collect(), tag.0, tag.1, &mut report);
        report.problems.join("\n")
    }

    #[test]
    fn a_universal_binary_has_a_python_file_that_names_it() {
        let all = ("py3", "none");
        let text = hpy_runtime::loader("words", "words.hpy0.so");
        let loader = [("words/__init__.py", text.as_str())];
        assert_eq!(problems("words/words.hpy0.so", true, &loader, all), "");
        assert!(problems("words/words.hpy0.so", true, &[], all).contains("nothing imports"));
        assert!(problems("words/other.hpy0.so", true, &loader, all).contains("another file"));
        assert!(problems("words/words.so", true, &loader, all).contains("NAME.hpy0.so"));
        let by_hand = [("words/__init__.py", "import hpy_loader")];
        assert_eq!(problems("words/words.hpy0.so", true, &by_hand, all), "");
        let text = hpy_runtime::loader("words", "words.hpy0-cp*.so");
        let loader = [("words.py", text.as_str())];
        assert_eq!(
            problems("words.hpy0-cp313.so", true, &loader, ("cp313", "cp313")),
            ""
        );
    }

    #[test]
    fn a_native_module_is_for_the_version_of_the_tag() {
        let file = "words/__init__.cpython-313t-x86_64-linux-gnu.so";
        assert_eq!(problems(file, false, &[], ("cp313", "cp313t")), "");
        assert!(problems(file, false, &[], ("cp313", "cp313")).contains("for the ABI cp313t"));
        assert!(problems(file, false, &[], ("py3", "none")).contains("for all"));
        assert!(problems("words.so", false, &[], ("py3", "none")).contains("no version"));
        let windows = "words.cp312-win_amd64.pyd";
        assert_eq!(problems(windows, false, &[], ("cp312", "cp312")), "");
        let other = "other.cp312-win_amd64.pyd";
        assert!(problems(other, false, &[], ("cp312", "cp312")).contains("imported as other"));
        assert!(problems(file, false, &[], ("py2", "none")).contains("does not work with"));
    }
}
