//! Which interpreter is embedded, and where its shared library is. Its executable is asked.

use super::StartError;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const QUESTION: &str = include_str!("ask.py");

/// The oldest version that hpy knows: 3.9.
const OLDEST: u32 = 9;

/// An interpreter that can be embedded.
#[derive(Debug)]
pub(super) struct Interpreter {
    /// How it was found, for messages.
    pub(super) origin: String,
    /// What it calls its executable: that of the virtual environment, if there is one.
    pub(super) executable: OsString,
    pub(super) home: Option<OsString>,
    pub(super) library: PathBuf,
}

/// The interpreter that `HPY_PYTHON` names, else that of the active virtual environment, else
/// `python3` on `PATH`: as for a build in the CPython ABI.
pub(super) fn find() -> Result<Interpreter, StartError> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(path) = set("HPY_PYTHON") {
        return ask(&path, "HPY_PYTHON names it");
    }
    if let Some(folder) = set("VIRTUAL_ENV") {
        let program = match cfg!(windows) {
            true => "Scripts/python.exe",
            false => "bin/python",
        };
        let path = Path::new(&folder).join(program);
        return ask(path.as_os_str(), "the active virtual environment");
    }
    let mut first = None;
    for name in ["python3", "python"] {
        match ask(OsStr::new(name), "found on PATH") {
            Err(error) if error.is_without_interpreter() => {
                first.get_or_insert(error);
            }
            answer => return answer,
        }
    }
    Err(first.unwrap_or_else(|| StartError::without_interpreter(String::new())))
}

fn ask(program: &OsStr, why: &str) -> Result<Interpreter, StartError> {
    let origin = format!("`{}` ({why})", program.to_string_lossy());
    let output = Command::new(program)
        .args(["-S", "-c", QUESTION])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            StartError::without_interpreter(format!("{origin} could not be run: {error}"))
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().to_owned();
        return Err(StartError::without_interpreter(format!(
            "{origin} did not say where its library is: {said}"
        )));
    }
    let answer = Answer(output.stdout);
    answer.check(origin)
}

/// Lines of `KEY=VALUE`.
struct Answer(Vec<u8>);

impl Answer {
    fn bytes(&self, key: &str) -> &[u8] {
        let mut lines = self.0.split(|byte| *byte == b'\n');
        lines
            .find_map(|line| {
                line.strip_suffix(b"\r")
                    .unwrap_or(line)
                    .strip_prefix(key.as_bytes())?
                    .strip_prefix(b"=")
            })
            .unwrap_or_default()
    }

    fn text(&self, key: &str) -> String {
        String::from_utf8_lossy(self.bytes(key)).into_owned()
    }

    fn path(&self, key: &str) -> Option<OsString> {
        let bytes = self.bytes(key);
        (!bytes.is_empty()).then(|| os_string(bytes))
    }

    fn check(&self, origin: String) -> Result<Interpreter, StartError> {
        let (implementation, version) = (self.text("implementation"), self.text("version"));
        if implementation != "cpython" {
            return Err(StartError::without_library(format!(
                "{origin} is {implementation}: only CPython can be embedded. Set HPY_PYTHON to a \
                 CPython"
            )));
        }
        let minor = version
            .strip_prefix("3.")
            .and_then(|minor| minor.parse().ok());
        if minor.is_none_or(|minor: u32| minor < OLDEST) {
            return Err(StartError::without_library(format!(
                "{origin} is Python {version}, and hpy needs 3.{OLDEST} or newer"
            )));
        }
        let (pointers, width) = (self.text("pointers"), usize::BITS.to_string());
        if pointers != width {
            return Err(StartError::without_library(format!(
                "{origin} has pointers of {pointers} bits, and this program has {width}"
            )));
        }
        let Some(library) = self.path("library") else {
            return Err(StartError::without_library(self.without_library(&origin)));
        };
        Ok(Interpreter {
            origin,
            executable: self.path("executable").unwrap_or_default(),
            home: self.path("home"),
            library: library.into(),
        })
    }

    /// What to do where there is no shared library.
    fn without_library(&self, origin: &str) -> String {
        let (version, tag) = (self.text("version"), self.text("tag"));
        let executable = self.text("executable");
        let mut text = format!(
            "{origin}, CPython {version} at {executable}, has no shared library, so no program \
             can embed it. To get one:\n"
        );
        if self.text("debian") == "1" {
            text += &format!("  Debian and Ubuntu: apt install libpython{tag}\n");
        }
        text += &format!(
            "  pyenv: PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force {version}\n  \
             uv: uv python install {version}, and set HPY_PYTHON to what uv python find {version} \
             prints\n  \
             from source: ./configure --enable-shared"
        );
        text
    }
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes.to_vec())
}

/// Python writes UTF-8 there.
#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        let width = usize::BITS;
        Answer(format!("implementation=cpython\npointers={width}\n{text}").into_bytes())
    }

    fn refused(text: &str) -> String {
        let error = answer(text).check("`python3`".into()).unwrap_err();
        error.to_string()
    }

    #[test]
    fn an_interpreter_with_a_library_is_taken() {
        let text = "version=3.9\nexecutable=/v/bin/python\nhome=\nlibrary=/l/libpython3.9.so\n";
        let found = answer(text).check("`python3`".into()).unwrap();
        assert_eq!(found.executable, "/v/bin/python");
        assert_eq!(found.library, Path::new("/l/libpython3.9.so"));
        assert_eq!(found.home, None);
    }

    #[test]
    fn one_without_a_library_is_named_and_told_how_to_get_one() {
        let text = refused("version=3.13\ntag=3.13t\nexecutable=/usr/bin/python3\ndebian=1\n");
        assert!(
            text.contains("at /usr/bin/python3, has no shared library"),
            "{text}"
        );
        assert!(text.contains("apt install libpython3.13t"), "{text}");
        assert!(text.contains("uv python install 3.13"), "{text}");
        assert!(!refused("version=3.13\ntag=3.13\n").contains("apt"));
    }

    #[test]
    fn other_pythons_are_refused() {
        assert!(refused("version=3.8\n").contains("needs 3.9"));
        assert!(refused("version=2.7\n").contains("needs 3.9"));
        let pypy = Answer(b"implementation=pypy\nversion=3.11\n".to_vec());
        let error = pypy.check("`pypy3`".into()).unwrap_err();
        assert!(error.to_string().contains("is pypy: only CPython"));
    }
}
