"""A pytest plugin: runs HPy's own test suite in universal, debug and trace mode.

Any `hpy.universal` that can be imported will do. The suite builds each test's C snippet with
setuptools, for the Python that runs it. Universal binaries do not depend on that Python. So here
the compiler is called directly, with the headers and sources of the suite's own `hpy.devel`, and
the binary is kept by the hash of its input. Each test gets a copy: binaries have statics, and the
dynamic loader takes two paths to one file for the same library. Binaries of the hybrid ABI use the
C API beside HPy. They depend on the headers of the Python that runs, and are kept for these.
Without headers, none of their tests is run.

Environment:
- `HPY_CONFORMANCE_SUITE` is the folder of `test`, `proof-of-concept` and `hpy/devel`.
- `HPY_CONFORMANCE_BINARIES` is the folder that keeps the binaries.
- `HPY_CONFORMANCE_REPORT` is the file that gets a line of JSON per event.
- `HPY_CONFORMANCE_DONE` is a file with the items that an earlier process has settled, one a line.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

# Before distutils is imported anywhere: setuptools stands in for the standard library's distutils,
# which newer Pythons lack.
import setuptools  # noqa: F401
import distutils.errors

import pytest

SUITE = Path(os.environ["HPY_CONFORMANCE_SUITE"])
BINARIES = Path(os.environ["HPY_CONFORMANCE_BINARIES"])
REPORT = os.environ["HPY_CONFORMANCE_REPORT"]
DONE = os.environ.get("HPY_CONFORMANCE_DONE")

# Python.h and what it includes, of the Python that runs.
HEADERS = [
    Path(folder)
    for folder in dict.fromkeys(sysconfig.get_path(name) for name in ("include", "platinclude"))
]
HAS_HEADERS = any((folder / "Python.h").exists() for folder in HEADERS)

# Read by the suite's fixtures as the kind of binary and of context that a test is for.
MODES = ["universal", "debug", "trace"]
if HAS_HEADERS:
    MODES += ["hybrid", "hybrid+debug", "hybrid+trace"]

# The suite itself runs in trace mode only what tests trace mode. Here all of it does.
MORE_MODES = {
    "default": ["cpython", "universal", "debug", "trace"],
    "with hybrid": ["cpython", "hybrid", "hybrid+debug", "hybrid+trace"],
}

if sys.platform == "darwin":
    SHARED = ["-bundle", "-undefined", "dynamic_lookup"]
else:
    SHARED = ["-shared"]
COMPILER = [os.environ.get("CC", "cc"), "-fPIC", "-O0", "-Wall"]
DEFINES = {"universal": ["-DHPY", "-DHPY_ABI_UNIVERSAL"], "hybrid": ["-DHPY", "-DHPY_ABI_HYBRID"]}


def import_the_suites_own_devel():
    """Imports `hpy.devel` from the suite.

    The `hpy` in place may be a namespace or have an `__init__.py`.
    """
    import hpy

    own = str(SUITE / "hpy")
    if own not in hpy.__path__:
        hpy.__path__.append(own)
    import hpy.devel

    return hpy.devel


devel = import_the_suites_own_devel()


def run_in_more_modes():
    """Has the suite's files, which are imported later, run their tests in more modes."""
    import test.support

    make = test.support.make_hpy_abi_fixture

    def make_hpy_abi_fixture(modes, *options, **named):
        known = isinstance(modes, str)
        return make(MORE_MODES.get(modes, modes) if known else modes, *options, **named)

    test.support.make_hpy_abi_fixture = make_hpy_abi_fixture

    run = test.support.PythonSubprocessRunner.run

    def run_in_mode(self, mod, code):
        if self.hpy_abi != "trace":
            return run(self, mod, code)
        # The suite has its processes load modules in universal mode or in debug mode only.
        again = "mod = hpy.universal.load({!r}, {!r}, spec, mode=hpy.universal.MODE_TRACE);"
        self.hpy_abi = "universal"
        try:
            return run(self, mod, again.format(mod.name, mod.so_filename) + code)
        finally:
            self.hpy_abi = "trace"

    test.support.PythonSubprocessRunner.run = run_in_mode


run_in_more_modes()


def report(event, **details):
    # One write of one line each, so that a crash leaves whole lines.
    with open(REPORT, "a", encoding="utf-8") as file:
        file.write(json.dumps({"event": event, **details}) + "\n")


# Compiling


def once(key, suffix, make):
    """The file of the cache with that key; `make(path)` makes it, in one process, once."""
    path = BINARIES / (key + suffix)
    if path.exists():
        return path
    BINARIES.mkdir(parents=True, exist_ok=True)
    with open(BINARIES / (key + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            attempt = path.with_suffix(f".attempt-{os.getpid()}")
            make(attempt)
            attempt.rename(path)
    try:
        os.remove(BINARIES / (key + ".lock"))
    except FileNotFoundError:
        pass
    return path


def compile_or_raise(command, cwd):
    # Not captured: tests of errors at compile time read what the compiler writes to standard error.
    if subprocess.run(command, cwd=cwd).returncode != 0:
        raise distutils.errors.CompileError("command failed: " + " ".join(map(str, command)))


def fingerprint(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def include_options(hpy_devel, abi):
    own = [f"-I{folder}" for folder in hpy_devel.get_extra_include_dirs()]
    if abi == "hybrid":
        # What a newer compiler has against Python's own headers is not the suite's matter.
        return [*own, *(f"-isystem{folder}" for folder in HEADERS)]
    return [f"-I{hpy_devel.get_include_dir_forbid_python_h()}", *own]


def headers_and_compiler(hpy_devel, abi):
    """What every binary depends on beside its own source."""
    if not hasattr(hpy_devel, "conformance_base"):
        hpy_devel.conformance_base = {}
    known = hpy_devel.conformance_base
    if abi not in known:
        files = sorted(
            path for path in hpy_devel.base_dir.rglob("*") if path.suffix in (".h", ".c")
        )
        if abi == "hybrid":
            files += sorted(path for folder in HEADERS for path in folder.rglob("*.h"))
        version = subprocess.run(
            [COMPILER[0], "--version"], stdout=subprocess.PIPE, check=True
        ).stdout
        known[abi] = fingerprint(
            version, COMPILER, DEFINES[abi], SHARED, *(path.read_bytes() for path in files)
        )
    return known[abi]


def helpers(hpy_devel, abi):
    """Object files of the C that HPy compiles into every extension, argument parsing and such."""
    objects = []
    for source in hpy_devel.get_extra_sources():
        key = fingerprint("helper", headers_and_compiler(hpy_devel, abi), Path(source).name)
        command = [*COMPILER, *DEFINES[abi], *include_options(hpy_devel, abi), "-c", source, "-o"]
        objects.append(once(key, ".o", lambda path: compile_or_raise([*command, path], SUITE)))
    return objects


def build(folder, name, sources, options, hpy_devel, abi="universal"):
    """The extension `name`, as a fresh file in `folder`, with the Python file that HPy writes."""
    sources = [Path(folder, source) for source in sources]
    key = fingerprint(
        headers_and_compiler(hpy_devel, abi),
        name,
        options,
        *(source.read_bytes() for source in sources),
    )
    objects = helpers(hpy_devel, abi)
    suffix = devel.get_hpy_ext_suffix(abi, sysconfig.get_config_var("EXT_SUFFIX"))
    includes = include_options(hpy_devel, abi)
    command = [*COMPILER, *DEFINES[abi], *options, *includes, *SHARED, *sources, *objects, "-o"]
    binary = once(key, ".so", lambda path: compile_or_raise([*command, path], folder))
    *package, short = name.split(".")
    place = Path(folder, *package, short + suffix)
    shutil.copyfile(binary, place)
    stub = devel._HPY_UNIVERSAL_MODULE_STUB_TEMPLATE.format(ext_file=place.name, module_name=short)
    place.with_name(short + ".py").write_text(stub)
    return str(place)


def c_compile(tmpdir, ext, hpy_devel, hpy_abi, compiler_verbose=0, debug=None):
    """In place of the suite's function of that name, which runs setuptools."""
    assert hpy_abi in MODES, f"a test for the ABI {hpy_abi} was not left out"
    # Without debug information, which nobody reads.
    options = [option for option in ext.extra_compile_args if option != "-g"]
    return build(tmpdir, ext.name, ext.sources, options, hpy_devel, hpy_abi)


def build_proof_of_concept(folder):
    """Builds a copy of `proof-of-concept` with the options of its setup.py."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SUITE / "proof-of-concept", folder)
    for name, source in [
        ("pof", "pof.c"),
        ("pofpackage.foo", "pofpackage/foo.c"),
        ("pofcpp", "pofcpp.cpp"),
        ("pofpackage.bar", "pofpackage/bar.cpp"),
    ]:
        build(folder, name, [source], ["-Werror"], devel.HPyDevel())


# Choosing


def mode_of(item):
    """For which mode the suite runs an item; None if it does not load any extension."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    if "hpy_abi" in parameters:
        return parameters["hpy_abi"]
    folder = Path(str(item.path)).parent.name
    return folder if folder in ("debug", "trace") else None


def function_of(item):
    """The function as the suite defines it, even where a class inherits it.

    For example `test/test_x.py::TestX::test_y`.
    """
    function = getattr(item, "function", item.obj)
    defined_in = Path(sys.modules[function.__module__].__file__)
    # A file of ours, beside this one, goes by its name.
    shown = defined_in.relative_to(SUITE) if SUITE in defined_in.parents else defined_in.name
    return "::".join([str(shown), *function.__qualname__.split(".")])


def pytest_ignore_collect(collection_path):
    # Modules that test another mode import what belongs to it.
    if collection_path.is_dir() and collection_path.name in ("debug", "trace"):
        return collection_path.name not in MODES or None
    return None


def pytest_collection_modifyitems(config, items):
    done = set(Path(DONE).read_text(encoding="utf-8").splitlines()) if DONE else set()
    left, out = [], []
    for item in items:
        mode = mode_of(item)
        wanted = mode is None or mode in MODES
        report("collected", item=item.nodeid, function=function_of(item), mode=mode, wanted=wanted)
        (left if wanted and item.nodeid not in done else out).append(item)
    config.hook.pytest_deselected(items=out)
    items[:] = left


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    import test.support

    test.support.c_compile = c_compile
    folder = config.option.proof_of_concept
    if folder:
        build_proof_of_concept(folder)
        sys.path.insert(0, folder)


def pytest_addoption(parser):
    parser.addoption(
        "--proof-of-concept",
        metavar="FOLDER",
        help="Build the extensions there, and import them from there",
    )


# Reporting


def pytest_runtest_logstart(nodeid, location):
    report("started", item=nodeid)


def pytest_runtest_logreport(report):
    write = globals()["report"]
    if report.failed:
        write("failed", item=report.nodeid, why=str(report.longrepr), phase=report.when)
    elif report.skipped:
        write("skipped", item=report.nodeid, why=report.longrepr[2])
    elif report.when == "call":
        write("passed", item=report.nodeid)


def pytest_runtest_logfinish(nodeid, location):
    report("finished", item=nodeid)


def pytest_collectreport(report):
    if report.failed:
        globals()["report"]("not-collected", item=report.nodeid, why=str(report.longrepr))
