//! Runs the cases: programs that must not compile. Each has the sentences that a newcomer acts on
//! in `//~` lines at its top, and the compiler's whole output beside it in a `.stderr`.
//!
//! The output is compared exactly with the compiler named in `RUSTC`, whose words are recorded.
//! With any other compiler each case must still fail, and its output must contain the sentences.
//! `HPY_COMPILE_FAIL=words` asks for that with the recorded compiler too. To record the words anew:
//! `TRYBUILD=overwrite cargo test -p hpy-compile-fail-cpython`, then read them.

mod without_std_sources;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs every case in the ABI.
pub fn run(abi: &str) {
    let cases = cases(abi);
    assert!(cases.len() >= 30, "only {} cases were found", cases.len());
    if are_words_compared() {
        if run_without_std_sources() {
            return;
        }
        let tests = trybuild::TestCases::new();
        for folder in folders(abi) {
            tests.compile_fail(format!("../{folder}/*.rs"));
        }
        drop(tests);
        // The cases run when the value is dropped; the words are checked on what is recorded.
        let failures: Vec<String> = cases
            .iter()
            .filter_map(|case| {
                let output = fs::read_to_string(case.with_extension("stderr")).unwrap_or_default();
                missing_words(case, &output)
            })
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    } else {
        let project = Project::new(&[abi], &cases);
        let failures: Vec<String> = cases
            .iter()
            .filter_map(|case| project.check(case))
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

/// Runs the cases of that name with the feature `description`. What the macros emit for stubs must
/// add no errors of its own.
#[allow(dead_code)]
pub fn run_described(abi: &str, names: &[&str]) {
    let named = |name: &&str| folder().join(format!("cases/{name}.rs"));
    let cases: Vec<PathBuf> = names.iter().map(named).collect();
    let project = Project::new(&[abi, "description"], &cases);
    // Other compilers may tell more or fewer errors: they are asked themselves.
    let plain = (!words_are_recorded()).then(|| Project::new(&[abi], &cases));
    // All but the sentence in which cargo says how many.
    let count = |output: &str| {
        let is_error =
            |line: &&str| line.starts_with("error") && !line.contains("could not compile");
        output.lines().filter(is_error).count()
    };
    for case in cases {
        let expected = match &plain {
            Some(plain) => plain.errors(&case).expect("it does not compile"),
            None => fs::read_to_string(case.with_extension("stderr")).expect("it is recorded"),
        };
        let errors = project.errors(&case).expect("it does not compile");
        assert_eq!(missing_words(&case, &errors), None);
        assert_eq!(count(&errors), count(&expected), "{errors}");
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The folders of the cases: of both ABIs, and of one.
fn folders(abi: &str) -> [String; 2] {
    ["cases".to_owned(), format!("cases-{abi}")]
}

fn cases(abi: &str) -> Vec<PathBuf> {
    let folders = folders(abi).map(|name| folder().join(name));
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("the folder of the cases"));
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    cases.sort();
    cases
}

/// Whether the compiler's words are compared with the `.stderr` files. Windows has no links for
/// everybody, so with rust-src only the sentences are compared there.
fn are_words_compared() -> bool {
    let is_as_recorded =
        cfg!(unix) || !without_std_sources::shows_std(&without_std_sources::sysroot(&rustc()));
    is_as_recorded && words_are_recorded() && env::var_os("HPY_COMPILE_FAIL").is_none()
}

/// Where the compiler would show the standard library's source, runs the test in a new process, in
/// which it does not. Returns whether it did.
fn run_without_std_sources() -> bool {
    #[cfg(unix)]
    {
        let sysroot = without_std_sources::sysroot(&rustc());
        if without_std_sources::shows_std(&sysroot) {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("without-std-sources");
            let compiler = without_std_sources::compiler(&rustc(), &sysroot, &folder);
            let status = Command::new(env::current_exe().expect("this program has a path"))
                .args(["--exact", "--nocapture", "misuse_does_not_compile"])
                .args(env::args().filter(|argument| argument.starts_with("trybuild=")))
                .env("RUSTC", compiler)
                .status()
                .expect("this program runs again");
            assert!(status.success(), "the cases failed: see above");
            return true;
        }
    }
    false
}

/// Whether the compiler is the one whose words the `.stderr` files hold.
fn words_are_recorded() -> bool {
    let recorded =
        fs::read_to_string(folder().join("RUSTC")).expect("RUSTC names the recorded compiler");
    rustc_version() == recorded.trim()
}

/// `1.95` of `rustc 1.95.0 (…)`.
fn rustc_version() -> String {
    let output = Command::new(rustc())
        .arg("--version")
        .output()
        .expect("rustc runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split(' ').nth(1).unwrap_or_default();
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

/// The compiler that cargo runs.
fn rustc() -> PathBuf {
    env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from)
}

/// What is wrong if a sentence of the case is not in the compiler's output, or if it has none.
fn missing_words(case: &Path, output: &str) -> Option<String> {
    let source = fs::read_to_string(case).expect("the case is a text file");
    let name = case.file_name().unwrap_or_default().display();
    let sentences = sentences(&source);
    if sentences.is_empty() {
        return Some(format!("{name}: the case has no line that starts with //~"));
    }
    let shown = one_line(output);
    let missing = sentences.iter().find(|words| !shown.contains(*words))?;
    Some(format!(
        "{name}: the compiler does not say `{missing}`, but:\n{output}"
    ))
}

/// The sentences in the `//~` lines. A line that is indented continues the one above.
fn sentences(source: &str) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for line in source.lines().filter_map(|line| line.strip_prefix("//~")) {
        match sentences.last_mut() {
            Some(above) if line.starts_with("   ") => *above = one_line(&format!("{above} {line}")),
            _ => sentences.push(one_line(line)),
        }
    }
    sentences
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A package of its own with the cases as programs, for compilers whose words are not recorded.
struct Project {
    manifest: PathBuf,
}

impl Project {
    fn new(features: &[&str], cases: &[PathBuf]) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(features.join("-"));
        fs::create_dir_all(&root).expect("a folder under the target folder");
        let hpy = folder()
            .join("../../hpy")
            .canonicalize()
            .expect("the folder of hpy");
        let mut manifest = format!(
            "[package]\nname = \"cases\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\nhpy = {{ path = {hpy:?}, features = {features:?} }}\n"
        );
        for case in cases {
            let name = case.file_stem().unwrap_or_default().display().to_string();
            let path = case.canonicalize().expect("the case is there");
            manifest += &format!("[[bin]]\nname = {name:?}\npath = {path:?}\n");
        }
        let path = root.join("Cargo.toml");
        fs::write(&path, manifest).expect("the manifest can be written");
        let lock = folder().join("../../Cargo.lock");
        if lock.exists() {
            fs::copy(lock, root.join("Cargo.lock")).expect("the lock file can be copied");
        }
        Self { manifest: path }
    }

    /// What is wrong if the case compiles, or fails with other words.
    fn check(&self, case: &Path) -> Option<String> {
        let name = case.file_stem().unwrap_or_default().display();
        match self.errors(case) {
            None => Some(format!("{name}: it compiles")),
            Some(errors) => missing_words(case, &errors),
        }
    }

    /// What the compiler says, if anything.
    fn errors(&self, case: &Path) -> Option<String> {
        let name = case.file_stem().unwrap_or_default();
        let output = Command::new(env!("CARGO"))
            // As trybuild does it: incremental compilation shows some errors twice.
            .env("CARGO_INCREMENTAL", "0")
            .args(["check", "--quiet", "--color=never", "--bin"])
            .arg(name)
            .arg("--manifest-path")
            .arg(&self.manifest)
            .arg("--target-dir")
            .arg(self.manifest.with_file_name("target"))
            .output()
            .expect("cargo runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        (!output.status.success()).then_some(errors)
    }
}
