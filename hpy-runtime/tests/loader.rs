//! Runs the Python file beside a universal binary, with a stand-in for `hpy.universal` that is
//! written in Python and remembers what it was given.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the loader calls. The module it makes says how it was called.
const STAND_IN: &str = r#"
import types
def _load_bootstrap(name, full_name, package, path, loader, spec, env):
    assert not isinstance(env, dict), 'hpy 0.9.0 corrupts the contents of a dict'
    module = types.ModuleType(name)
    module.__dict__.update(__loader__=loader, __spec__=spec, __package__=package)
    module.called_with = (name, full_name, package, path)
    module.mode = env.get("HPY")
    return module
"#;

/// A folder of this test's own with `pkg/one.py`, the binary it names, and (if `hpy`) the stand-in.
fn folder(test: &str, hpy: bool) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("pkg")).unwrap();
    fs::write(folder.join("pkg/__init__.py"), "").unwrap();
    fs::write(
        folder.join("pkg/one.py"),
        hpy_runtime::loader("one", "both.hpy0.so"),
    )
    .unwrap();
    fs::write(folder.join("pkg/both.hpy0.so"), "binary").unwrap();
    // Without the stand-in, an hpy that cannot be imported hides one that this machine may have.
    let universal = if hpy {
        STAND_IN
    } else {
        "raise ImportError('not here')"
    };
    fs::create_dir_all(folder.join("hpy")).unwrap();
    fs::write(folder.join("hpy/__init__.py"), "").unwrap();
    fs::write(folder.join("hpy/universal.py"), universal).unwrap();
    folder
}

/// Returns what `program` prints with `folder` on the search path. An exception fails the test.
fn python(folder: &Path, hpy_variable: Option<&str>, program: &str) -> String {
    let mut command = Command::new(if cfg!(windows) { "python" } else { "python3" });
    command
        .args(["-c", program])
        .env("PYTHONPATH", folder)
        .env_remove("HPY");
    if let Some(value) = hpy_variable {
        command.env("HPY", value);
    }
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}\n{errors}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_runtime_gets_the_names_and_the_module_names_the_binary() {
    let folder = folder("names", true);
    let printed = python(
        &folder,
        Some("universal"),
        "import sys, pkg.one as m\n\
         assert sys.modules['pkg.one'] is m\n\
         assert m.__name__ == 'pkg.one' and m.__package__ == 'pkg'\n\
         assert m.__file__ == m.__spec__.origin == m.called_with[3]\n\
         assert type(m.__loader__).__name__ == 'ExtensionFileLoader'\n\
         print(*m.called_with, sep='\\n')",
    );
    let binary = folder.join("pkg/both.hpy0.so");
    assert_eq!(
        printed.lines().collect::<Vec<_>>(),
        ["one", "pkg.one", "pkg", binary.to_str().unwrap()]
    );
}

#[test]
fn a_hybrid_binary_is_that_of_the_running_version_and_one_that_is_missing_is_named() {
    let folder = folder("hybrid", true);
    let loader = hpy_runtime::loader("one", "both.hpy0-cp*.so");
    fs::write(folder.join("pkg/one.py"), loader).unwrap();
    let tag = python(
        &folder,
        None,
        "import sys; print('cp%d%d' % sys.version_info[:2] + sys.abiflags)",
    );
    let program = "try: import pkg.one\n\
         except ImportError as error: print(error.name, error.path, error, sep='|')";
    let binary = folder.join(format!("pkg/both.hpy0-{tag}.so"));
    let (path, printed) = (
        binary.display(),
        python(&folder, Some("universal"), program),
    );
    assert_eq!(
        printed,
        format!(
            "pkg.one|{path}|{path} is missing: 'pkg.one' is in HPy's hybrid form, which is built \
             for each version of CPython"
        )
    );
    fs::write(&binary, "binary").unwrap();
    let program = "import pkg.one as m; print(m.called_with[3])";
    assert_eq!(
        python(&folder, Some("universal"), program),
        path.to_string()
    );
}

#[test]
fn a_reload_leaves_the_module_as_it_is() {
    let folder = folder("reload", true);
    python(
        &folder,
        Some("universal"),
        "import importlib, sys, pkg.one as m\n\
         before = m.__file__, m.__spec__, m.__loader__\n\
         assert importlib.reload(m) is m and importlib.reload(m) is m\n\
         assert sys.modules['pkg.one'] is m\n\
         assert (m.__file__, m.__spec__, m.__loader__) == before\n\
         assert not hasattr(m, '__cached__')",
    );
}

#[test]
fn the_mode_reaches_every_runtime_in_its_plain_form() {
    let folder = folder("mode", true);
    let program = "import pkg.one as m; print(m.mode)";
    for (variable, mode) in [
        (Some("Universal"), "universal"),
        (Some("DEBUG"), "debug"),
        (Some("trace"), "trace"),
        (Some("one:debug"), "debug"),
        (Some("two:trace, pkg.one:Debug"), "debug"),
        (Some("one:universal,"), "universal"),
        (Some(" , two:trace,, one : debug ,"), "debug"),
        (Some("one:debug,one:trace"), "debug"),
        (Some(" trace "), "trace"),
        (Some("nonsense"), "nonsense"),
    ] {
        assert_eq!(python(&folder, variable, program), mode, "HPY={variable:?}");
    }
}

#[test]
fn nothing_is_imported_that_an_interpreter_does_not_have_at_its_start() {
    let folder = folder("imports", true);
    let printed = python(
        &folder,
        Some("universal"),
        "import sys, types, pkg, hpy.universal; before = set(sys.modules); import pkg.one\n\
         print(*sorted(set(sys.modules) - before))",
    );
    assert_eq!(printed, "pkg.one");
}

#[test]
fn without_hpy_a_mode_is_refused_with_what_to_do() {
    let folder = folder("without", false);
    let message = |mode| {
        let printed = python(
            &folder,
            Some(mode),
            "try: import pkg.one\nexcept ImportError as error: print(error.name, error, sep='|')",
        );
        let (name, message) = printed.split_once('|').unwrap();
        assert_eq!(name, "pkg.one");
        assert!(
            message.contains("hpy.universal cannot be imported (not here)"),
            "{message}"
        );
        message.to_owned()
    };
    let is_cpython = python(
        &folder,
        None,
        "import sys; print(sys.implementation.name == 'cpython')",
    );
    for mode in ["debug", "TRACE"] {
        let (message, mode) = (message(mode), mode.to_lowercase());
        assert!(message.contains(&format!("HPY={mode} asks")), "{message}");
        let advice = match is_cpython.as_str() {
            "True" => "-m pip install hpy-rs".to_owned(),
            _ => format!("cargo hpy run --{mode}"),
        };
        assert!(message.ends_with(&advice), "{message}");
    }
    // The binary needs no package for this one.
    let message_of_universal = message("universal");
    assert!(
        message_of_universal.contains("without HPY the module is imported all the same"),
        "{message_of_universal}"
    );
    let message_of_nonsense = message("nonsense");
    assert!(
        message_of_nonsense.ends_with("the modes are universal, debug and trace"),
        "{message_of_nonsense}"
    );
}

/// The stand-in for the binary is no library, which is what the error says.
#[test]
fn without_a_mode_cpython_imports_the_binary_itself() {
    for (variable, hpy) in [(None, true), (Some(""), true), (Some("two:debug"), false)] {
        let folder = folder("itself", hpy);
        let printed = python(
            &folder,
            variable,
            "import sys\n\
             try: import pkg.one\n\
             except ImportError as error: print(error, error.name, 'pkg.one' in sys.modules)",
        );
        assert!(printed.contains("both.hpy0.so"), "{printed}");
        assert!(printed.ends_with(" False"), "{printed}");
    }
}

#[test]
fn without_the_binary_the_error_names_it() {
    let folder = folder("binary", true);
    fs::remove_file(folder.join("pkg/both.hpy0.so")).unwrap();
    let printed = python(
        &folder,
        None,
        "try: import pkg.one\nexcept ImportError as error: print(error)",
    );
    assert!(printed.contains("both.hpy0.so is missing"), "{printed}");
}
