//! The layouts against HPy's real headers, through a C compiler: those of PyPI's hpy 0.9.0, which
//! are downloaded once, and those of a PyPy that has HPy. If there is no PyPy, standard error says
//! so.

use core::mem::offset_of;
use hpy_sys::*;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const WORD: usize = size_of::<usize>();

/// Where words lie in a set of headers.
#[derive(Clone, Copy)]
enum Words {
    Short,
    Displaced,
}

impl Words {
    /// The word's place in these headers, counted in words, if they have it.
    fn place(self, word: &Word) -> Option<usize> {
        match (self, word.kind) {
            (Self::Short, WordKind::new_data | WordKind::new_call) => None,
            (Self::Displaced, WordKind::new_data) => Some(247),
            (Self::Displaced, WordKind::late_call) => Some(word.index + 1),
            _ => Some(word.index),
        }
    }
}

#[test]
fn headers_of_hpy_0_9_0() {
    let headers = pypi_headers().unwrap_or_else(|reason| {
        panic!("PyPI's hpy 0.9.0 cannot be had, and the first run needs it: {reason}")
    });
    check("hpy 0.9.0 of PyPI", &headers, Words::Short);
}

/// Few machines have a PyPy, so its absence is no failure.
#[test]
fn headers_of_pypy() {
    match pypy_headers() {
        Ok(headers) => check("PyPy with HPy", &headers, Words::Displaced),
        Err(reason) => {
            let line = format!("MISSING: the headers of PyPy were not checked: {reason}\n");
            // Not `eprintln!`, whose lines are shown of failing tests only.
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        }
    }
}

fn check(what: &str, headers: &Path, words: Words) {
    let expected = expectations(words);
    let found = compile_and_run(headers, &expected)
        .unwrap_or_else(|reason| panic!("the headers of {what}: {reason}"));
    assert_eq!(found.len(), expected.len(), "{what}");
    for ((expression, number), found) in expected.iter().zip(found) {
        assert_eq!(*number, found, "{what}: {expression}");
    }
}

/// C expressions, and the numbers that this crate has for them.
fn expectations(words: Words) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    for word in WORDS {
        if let Some(place) = words.place(word) {
            let expression = format!("offsetof(HPyContext, {})", word.name);
            all.push((expression, (place * WORD) as i64));
        }
    }
    macro_rules! structs {
        ($($ty:ident { $($field:ident $($c_name:literal)?)* })*) => {$(
            all.push((concat!("sizeof(", stringify!($ty), ")").into(), size_of::<$ty>() as i64));
            $(
                let c_name = [$($c_name,)? stringify!($field)][0].trim_start_matches("r#");
                let expression = format!("offsetof({}, {c_name})", stringify!($ty));
                all.push((expression, offset_of!($ty, $field) as i64));
            )*
        )*};
    }
    structs! {
        HPyDef { kind definition "meth" }
        HPyMeth { name r#impl cpy_trampoline signature doc }
        HPySlot { slot r#impl cpy_trampoline }
        HPyMember { name r#type offset readonly doc }
        HPyGetSet {
            name getter_impl setter_impl getter_cpy_trampoline setter_cpy_trampoline doc closure
        }
        HPyModuleDef { doc size legacy_methods defines globals }
        HPyType_Spec { name basicsize itemsize flags builtin_shape legacy_slots defines doc }
        HPyType_SpecParam { kind object }
        HPyCallFunction { cpy_trampoline r#impl }
        HPyCapsule_Destructor { cpy_trampoline r#impl }
        HPy_buffer {
            buf obj len itemsize readonly ndim format shape strides suboffsets internal
        }
        HPy {} HPyField {} HPyGlobal {}
        HPyTracker {} HPyListBuilder {} HPyTupleBuilder {} HPyThreadState {}
    }
    macro_rules! enums {
        ($($ty:ident)*) => {$(
            all.extend($ty::ALL.iter().map(|(name, value)| (name.to_string(), i64::from(value.0))));
        )*};
    }
    enums! {
        HPyDef_Kind HPyFunc_Signature HPySlot_Slot HPyMember_FieldType HPyType_BuiltinShape
        HPyType_SpecParam_Kind HPy_SourceKind _HPyCapsule_key HPy_RichCmpOp
    }
    for (name, flag) in [
        ("HPy_TPFLAGS_DEFAULT", HPy_TPFLAGS_DEFAULT),
        ("HPy_TPFLAGS_BASETYPE", HPy_TPFLAGS_BASETYPE),
        ("HPy_TPFLAGS_HAVE_GC", HPy_TPFLAGS_HAVE_GC),
    ] {
        all.push((name.into(), flag as i64));
    }
    if matches!(words, Words::Short) {
        let newer = ["HPy_tp_descr_get", "HPyType_BuiltinShape_Dict"];
        all.retain(|(name, _)| !newer.contains(&name.as_str()));
    }
    all
}

fn compile_and_run(headers: &Path, expressions: &[(String, i64)]) -> Result<Vec<i64>, String> {
    let folder = scratch(&format!("headers-{}", expressions.len()))?;
    let mut source = String::from(
        "#include <stdio.h>\n#include <stddef.h>\n#include \"hpy.h\"\nint main(void) {\n",
    );
    for (expression, _) in expressions {
        source.push_str(&format!(
            "  printf(\"%lld\\n\", (long long)({expression}));\n"
        ));
    }
    source.push_str("  return 0;\n}\n");
    let (file, program) = (folder.join("layout.c"), folder.join("layout"));
    std::fs::write(&file, source).map_err(|error| error.to_string())?;
    let compiled = Command::new("cc")
        .args(["-DHPY_ABI_UNIVERSAL", "-w", "-I"])
        .arg(headers)
        .arg("-o")
        .args([&program, &file])
        // Only declarations are used: what the headers' inline functions call is never linked.
        .args(["-Wl,--unresolved-symbols=ignore-all", "-O1"])
        .output()
        .map_err(|error| format!("no C compiler `cc`: {error}"))?;
    if !compiled.status.success() {
        return Err(String::from_utf8_lossy(&compiled.stderr).into_owned());
    }
    let output = run(Command::new(&program))?;
    Ok(output
        .lines()
        .map(|line| line.parse().unwrap_or(i64::MIN))
        .collect())
}

/// The headers in PyPI's wheel, whose platform doesn't matter for them.
fn pypi_headers() -> Result<PathBuf, String> {
    let folder = scratch("pypi")?;
    let headers = folder.join("hpy/devel/include");
    if headers.join("hpy.h").exists() {
        return Ok(headers);
    }
    // Debian's Python has no pip of its own. A virtual environment has one.
    let venv = folder.join("venv");
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&venv);
    run(make)?;
    let mut download = Command::new(venv.join("bin/python"));
    download
        .args([
            "-m",
            "pip",
            "download",
            "-q",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary",
            ":all:",
        ])
        .args([
            "--python-version",
            "3.11",
            "--implementation",
            "cp",
            "--abi",
            "cp311",
        ])
        .args(["--platform", "manylinux_2_17_x86_64", "hpy==0.9.0", "-d"])
        .arg(&folder);
    run(download)?;
    let wheel = std::fs::read_dir(&folder)
        .map_err(|error| error.to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|end| end == "whl"))
        .ok_or("pip downloaded no wheel")?;
    let mut unpack = Command::new("python3");
    unpack.args(["-m", "zipfile", "-e"]).arg(wheel).arg(&folder);
    run(unpack)?;
    Ok(headers)
}

/// The headers of the first PyPy that says where they are: `HPY_TEST_PYPY`, one that
/// `cargo xtask interpreters` provided, or `pypy3`.
fn pypy_headers() -> Result<PathBuf, String> {
    const QUESTION: &str = "from importlib.util import find_spec
print(find_spec('hpy').submodule_search_locations[0] + '/devel/include')";
    let folder = |name| std::env::var_os(name).map(PathBuf::from);
    let caches = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")));
    let cache = folder("HPY_CACHE").or_else(|| Some(caches?.join("hpy-interpreters")));
    let mut candidates: Vec<PathBuf> = std::env::var_os("HPY_TEST_PYPY")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    if let Some(bin) = cache.and_then(|cache| std::fs::read_dir(cache.join("bin")).ok()) {
        let is_pypy = |path: &PathBuf| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("pypy7"))
        };
        candidates.extend(
            bin.filter_map(|entry| Some(entry.ok()?.path()))
                .filter(is_pypy),
        );
    }
    candidates.push("pypy3".into());
    for candidate in candidates {
        let mut ask = Command::new(&candidate);
        ask.args(["-I", "-c", QUESTION]);
        if let Ok(answer) = run(ask) {
            let headers = PathBuf::from(answer.trim());
            if headers.join("hpy.h").exists() {
                return Ok(headers);
            }
        }
    }
    Err("no PyPy with HPy found; `cargo xtask interpreters` provides one".into())
}

fn scratch(name: &str) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    Ok(folder)
}

fn run(mut command: Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(format!("{command:?}: {}", errors.trim()))
    }
}
