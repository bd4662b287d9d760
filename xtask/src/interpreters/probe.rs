//! Asks an interpreter what it is.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Implementation {
    CPython,
    PyPy,
    GraalPy,
}

/// What an interpreter says about itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Probed {
    pub implementation: Implementation,
    /// Python's version.
    pub python: [u32; 3],
    /// The implementation's own version (CPython's is Python's).
    pub own: [u32; 3],
    pub free_threaded: bool,
    /// False for alphas, betas and candidates.
    pub final_release: bool,
    pub executable: PathBuf,
    pub pip: bool,
}

impl Probed {
    /// The version that tells releases of this implementation apart.
    pub fn own_version(&self) -> &[u32] {
        &self.own
    }

    /// For people: `CPython 3.11.7`, `PyPy 7.3.19 (Python 3.11.11)`.
    pub fn describe(&self) -> String {
        let dotted = |v: [u32; 3]| format!("{}.{}.{}", v[0], v[1], v[2]);
        match self.implementation {
            Implementation::CPython if self.free_threaded => {
                format!("CPython {}, free-threaded", dotted(self.own))
            }
            Implementation::CPython => format!("CPython {}", dotted(self.own)),
            Implementation::PyPy => {
                format!("PyPy {} (Python {})", dotted(self.own), dotted(self.python))
            }
            Implementation::GraalPy => format!(
                "GraalPy {} (Python {})",
                dotted(self.own),
                dotted(self.python)
            ),
        }
    }
}

/// Must run on every Python 3. `sys.executable` of a shim is the real interpreter.
const QUESTION: &str = r#"
import importlib.util, json, sys, sysconfig
name = sys.implementation.name
if name == "pypy":
    own = sys.pypy_version_info
elif name == "graalpy":
    # sys.implementation.version is Python's on GraalPy 24.
    own = [int(part) for part in __graalpython__.get_graalvm_version().split("-")[0].split(".")]
else:
    own = sys.version_info
print(json.dumps({
    "implementation": name,
    "python": list(sys.version_info[:3]),
    "own": list(own[:3]),
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "final_release": sys.version_info[3] == "final",
    "executable": sys.executable,
    "pip": importlib.util.find_spec("pip") is not None,
}))
"#;

/// Runs `python` once and reads its answer.
///
/// # Errors
/// If it does not start, fails, or is no Python that can be used here.
pub fn probe(python: &Path) -> Result<Probed> {
    let output = std::process::Command::new(python)
        .args(["-I", "-c", QUESTION])
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} does not start", python.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} fails: {}",
            python.display(),
            said.trim().lines().last().unwrap_or("no message")
        );
    }
    parse(&output.stdout).with_context(|| format!("{} gives no usable answer", python.display()))
}

fn parse(answer: &[u8]) -> Result<Probed> {
    Ok(serde_json::from_slice(answer)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_pypy_says() {
        let answer = concat!(
            r#"{"implementation": "pypy", "python": [3, 11, 11], "own": [7, 3, 19],"#,
            "\n            ",
            r#""free_threaded": false, "final_release": true, "#,
            r#""executable": "/usr/bin/pypy3", "pip": false}"#,
        );
        let probed = parse(answer.as_bytes()).unwrap();
        assert_eq!(probed.describe(), "PyPy 7.3.19 (Python 3.11.11)");
        assert_eq!(probed.own_version(), [7, 3, 19]);
    }

    #[test]
    fn an_unknown_implementation_is_an_error() {
        assert!(parse(br#"{"implementation": "micropython"}"#).is_err());
        assert!(parse(b"").is_err());
    }
}
