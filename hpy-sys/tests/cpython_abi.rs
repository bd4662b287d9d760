//! The CPython ABI: the names in the table of the C API, and the example of `docs/raw-api.md`, on
//! the Python that the build is for.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The one that the build script asks.
fn python() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let program = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let of_environment = || Some(PathBuf::from(set("VIRTUAL_ENV")?).join(program));
    let named = set("HPY_PYTHON").map(PathBuf::from);
    named
        .or_else(of_environment)
        .unwrap_or_else(|| "python3".into())
}

fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command can be run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Every row of the table is a symbol of the interpreter, and no newer one is older than it says.
#[test]
fn names_of_the_c_api() {
    const SCRIPT: &str = "
import ctypes, re, sys
table = open(sys.argv[1]).read().split('functions {', 1)[1]
functions, rest = table.split('newer {')
newer, rest = rest.split('older {')
older, statics = rest.split('objects {')
has = lambda name: hasattr(ctypes.pythonapi, name)
old = re.findall(r'^ +(\\w+)\\(', functions, re.M) + re.findall(r'\\b_?Py\\w+', statics)
dated = lambda rows: [(int(v), n) for v, n in re.findall(r'hpy_since_3_(\\d+) (\\w+)\\(', rows)]
new, gone = dated(newer), dated(older)
assert len(old) > 250 and len(new) > 5, (len(old), len(new))
minor = sys.version_info[1]
print([n for n in old if not has(n)]
      + [n for v, n in new if has(n) != (minor >= v)]
      + [n for v, n in gone if has(n) == (minor >= v)])
";
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/capi/table.rs");
    let wrong = output(Command::new(python()).args(["-I", "-c", SCRIPT]).arg(table));
    assert_eq!(wrong, "[]");
}

#[test]
fn the_example_of_the_guide() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cpython-abi");
    output(
        Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", "rawapi"])
            .args(["--no-default-features", "--features", "cpython"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("CARGO_TARGET_DIR", &target),
    );
    let library = target.join("debug/examples").join(format!(
        "{}rawapi{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    ));
    let test = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rawapi.py");
    let said = output(Command::new(python()).arg(test).arg(library));
    assert_eq!(said, "ok");
}
