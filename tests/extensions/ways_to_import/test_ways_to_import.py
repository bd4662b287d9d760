"""The places from which a module is imported, and the ways to import it.

Each is tried in a process of its own that sees the files and nothing else.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import zipfile

import pytest

import ways_to_import
from hpy_hosts import GRAALPY_HPY

universal = os.environ["HPY_TEST_ABI"] == "universal"
FOLDER = pathlib.Path(ways_to_import.__file__).parent
GRAALPY = sys.implementation.name == "graalpy"


def one_on_graalpy(first, *others):
    """Cases of which the first stands for all where each start takes long."""
    slow = pytest.mark.skipif(
        GRAALPY, reason="GraalPy takes seconds to start: another case stands for this one"
    )
    return [first, *(pytest.param(other, marks=slow) for other in others)]


def copy(folder):
    """The module's files in a folder where nothing else is."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in FOLDER.iterdir():
        if file.name.split(".")[0] == "ways_to_import":
            shutil.copy(file, folder)
    return folder


def python(*arguments, at, check=True, **environment):
    """What the interpreter prints in a folder, where it looks for modules first."""
    others = [
        place
        for place in os.environ.get("PYTHONPATH", "").split(os.pathsep)
        if place and not (os.path.isdir(place) and os.path.samefile(place, FOLDER))
    ]
    if "HPY" in os.environ:
        # The package hpy turns the GIL on, which Python warns of where it was off.
        environment = {"PYTHON_GIL": "1", **environment}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=at,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(at), *others]),
            "PYTHONIOENCODING": "utf-8",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    if check:
        assert done.returncode == 0, done.stderr
        # Whatever is printed there: a warning, an ignored exception, a debug mode's finding.
        assert not done.stderr.strip()
        return done.stdout
    assert done.returncode == 1, (done.returncode, done.stderr)
    return done.stderr


def hide(file, hook):
    """Makes a hook one that no interpreter asks for."""
    content = file.read_bytes()
    assert hook in content
    # Linkers let the name begin within HPyInit_NAME, which is not asked for here.
    file.write_bytes(content.replace(hook, b"No" + hook[2:]))


def code(text):
    return "-c", textwrap.dedent(text)


USES = """
    import ways_to_import
    assert ways_to_import.double(4) == 8 and ways_to_import.ANSWER == 42
    print(ways_to_import.__file__)
"""


def test_every_warning_is_an_error(tmp_path):
    at = copy(tmp_path / "plain")
    assert pathlib.Path(python("-W", "error", *code(USES), at=at).strip()).parent == at


@pytest.mark.parametrize(
    "options", one_on_graalpy(["-OO"], ["-X", "dev"], ["-B", "-s"]), ids="".join
)
def test_options_of_the_interpreter(tmp_path, options):
    at = copy(tmp_path / "plain")
    said = python(
        *options,
        *code("import ways_to_import; print(ways_to_import.double(4), ways_to_import.ANSWER)"),
        at=at,
    )
    assert said.split() == ["8", "42"]


# GraalPy 24's HPy opens no file whose path has characters beyond U+FFFF.
ODD = "ünï-目录" if GRAALPY_HPY else "ünï-𝄞-目录"


@pytest.mark.parametrize(
    "name", one_on_graalpy(ODD, "with space", "per%cent {brace} 'quote'", "dot.ted.hpy0")
)
def test_folders_of_any_name(tmp_path, name):
    at = copy(tmp_path / name)
    assert pathlib.Path(python(*code(USES), at=at).strip()).parent == at


def test_a_folder_that_cannot_be_written(tmp_path):
    at = copy(tmp_path / "readonly")
    # root may write anywhere, but nobody can make a folder where a file is.
    (at / "__pycache__").write_text("")
    for file in at.iterdir():
        file.chmod(0o444)
    at.chmod(0o555)
    try:
        # With byte code to be written beside the files, too: that it cannot be is nobody's error.
        writing = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": ""}
        for _ in range(2):
            assert pathlib.Path(python(*code(USES), at=at, **writing).strip()).parent == at
    finally:
        at.chmod(0o755)


@pytest.mark.skipif(
    not universal or "HPY" in os.environ or "_hpy_universal" in sys.builtin_module_names,
    reason="about universal files where there is no HPy",
)
@pytest.mark.skipif(
    GRAALPY, reason="GraalPy takes seconds to start: CPython's case stands for its own"
)
def test_a_binary_without_a_runtime(tmp_path):
    """As a universal extension in C is, or one in Rust without `hpy_module!`."""
    at = copy(tmp_path / "raw")
    [file] = [file for file in at.iterdir() if ".hpy0." in file.name]
    for hook in (b"PyInit_", b"PyModExport_"):
        hide(file, hook)
    said = python(*code("import ways_to_import"), at=at, check=False)
    last = said.strip().splitlines()[-1]
    assert last.startswith(
        f"ImportError: {file} brings no runtime of its own (it has no PyInit_ways_to_import), and"
    ), said
    assert "hpy-rs" in last and "HPY=universal" in last


OTHER_HPY = "HPY" in os.environ or GRAALPY_HPY or "_hpy_universal" in sys.builtin_module_names


@pytest.mark.skipif(OTHER_HPY, reason="another HPy asks for HPyInit_NAME")
@pytest.mark.skipif(
    GRAALPY, reason="GraalPy takes seconds to start: CPython's case stands for its own"
)
@pytest.mark.parametrize("hook", ["PyInit", "PyModExport"])
def test_by_one_hook(tmp_path, hook):
    """CPython 3.15 asks for `PyModExport_NAME` first. Others ask for `PyInit_NAME` alone."""
    at = copy(tmp_path / "plain")
    [file] = [file for file in at.iterdir() if file.suffix in (".so", ".pyd")]
    asked = sys.implementation.name == "cpython" and sys.version_info >= (3, 15)
    if universal or asked:
        hide(file, b"PyModExport_" if hook == "PyInit" else b"PyInit_")
    else:
        assert b"PyModExport_" not in file.read_bytes()
    if hook == "PyModExport" and not universal and not asked:
        pytest.skip("a binary of the CPython ABI has the hook where Python asks for it")
    if hook == "PyModExport" and not asked:
        last = python(*code(USES), at=at, check=False).strip().splitlines()[-1]
        assert last.startswith("ImportError: ") and "ways_to_import" in last
        return
    # A warning would be an error, such as the one that the GIL was turned on.
    said = python(
        "-W",
        "error",
        *code(
            """
            import sys
            gil = getattr(sys, "_is_gil_enabled", lambda: True)
            before = gil()
            import ways_to_import
            assert gil() == before
            print(ways_to_import.double(4), ways_to_import.__name__, ways_to_import.__doc__, before)
            """
        ),
        at=at,
        PYTHON_GIL="" if sysconfig.get_config_var("Py_GIL_DISABLED") else "1",
    )
    with_gil = not sysconfig.get_config_var("Py_GIL_DISABLED")
    text = "A module that is imported in many ways."
    assert said.strip() == f"8 ways_to_import {text} {with_gil}"


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows asks for rights to make links, and Wine follows none"
)
def test_through_a_link_to_the_folder(tmp_path):
    copy(tmp_path / "real")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real", target_is_directory=True)
    assert pathlib.Path(python(*code(USES), at=link).strip()).parent in (link, tmp_path / "real")


def test_by_a_relative_path(tmp_path):
    copy(tmp_path / "lib")
    said = python(*code("import sys; sys.path[:0] = ['lib']" + textwrap.dedent(USES)), at=tmp_path)
    assert (tmp_path / said.strip()).parent == tmp_path / "lib"


def test_by_what_importlib_offers(tmp_path):
    at = copy(tmp_path / "plain")
    said = python(
        *code(
            """
            import importlib, importlib.util, pkgutil, sys
            found = importlib.util.find_spec("ways_to_import")
            assert found is not None and "ways_to_import" not in sys.modules
            module = importlib.import_module("ways_to_import")
            assert __import__("ways_to_import") is module is sys.modules["ways_to_import"]
            assert [
                one.name
                for one in pkgutil.iter_modules([sys.argv[1]])
                if one.name == "ways_to_import"
            ]
            assert pkgutil.resolve_name("ways_to_import:double") is module.double
            assert importlib.util.find_spec("ways_to_import") is not None
            before = module.double
            assert importlib.reload(module) is module and module.double is before
            namespace = {}
            exec("from ways_to_import import *", namespace)
            print(namespace["double"](21), namespace["ANSWER"])
            """
        ),
        at,
        at=at,
    )
    assert said.split() == ["42", "42"]


def test_in_a_package_by_relative_imports(tmp_path):
    package = copy(tmp_path / "outer" / "inner")
    (tmp_path / "outer" / "__init__.py").write_text(
        "from .inner.ways_to_import import double\nfrom .inner import ways_to_import\n"
    )
    (package / "__init__.py").write_text(
        "from .ways_to_import import ANSWER\nfrom . import ways_to_import as native\n"
    )
    said = python(
        *code(
            """
            import outer, sys, outer.inner.ways_to_import
            assert (
                outer.inner.native is outer.inner.ways_to_import
                is outer.ways_to_import is sys.modules["outer.inner.ways_to_import"]
            )
            print(
                outer.double(2), outer.inner.ANSWER, outer.ways_to_import.__name__,
                outer.ways_to_import.__package__, "ways_to_import" in sys.modules,
            )
            """
        ),
        at=tmp_path,
    )
    assert said.split() == ["4", "42", "outer.inner.ways_to_import", "outer.inner", "False"]


def test_in_a_namespace_package(tmp_path):
    copy(tmp_path / "spaces" / "deep")
    said = python(
        *code("import spaces.deep.ways_to_import as m; print(m.double(3), m.__name__)"), at=tmp_path
    )
    assert said.split() == ["6", "spaces.deep.ways_to_import"]


def test_a_program_beside_it(tmp_path):
    """`python -m program` and `python program.py`, which import it."""
    at = copy(tmp_path / "plain")
    (at / "program.py").write_text(
        "import ways_to_import\nprint(ways_to_import.double(5), __name__)\n"
    )
    assert python("-m", "program", at=at).split() == ["10", "__main__"]
    assert python(at / "program.py", at=at).split() == ["10", "__main__"]


@pytest.mark.skipif(not universal, reason="a native file has no code that -m could run")
def test_as_the_program(tmp_path):
    """`python -m ways_to_import`: it is imported, which is all that there is to it."""
    assert python("-m", "ways_to_import", at=copy(tmp_path / "plain")) == ""


def test_a_zip_file_is_refused_with_a_reason(tmp_path):
    """As for any native extension: a library cannot be loaded from within a zip file."""
    files = copy(tmp_path / "files")
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as archived:
        for file in files.iterdir():
            archived.write(file, file.name)
    said = python(
        *code(
            """
            import sys
            sys.path.insert(0, sys.argv[1])
            import ways_to_import
            """
        ),
        archive,
        at=tmp_path,
        check=False,
    )
    last = said.strip().splitlines()[-1]
    assert last.startswith(("ImportError: ", "ModuleNotFoundError: ")), said
    assert "ways_to_import" in last
    if universal:
        assert "archive.zip" in last and "is missing" in last


@pytest.mark.skipif(not universal, reason="a module of the CPython ABI is one file")
def test_without_the_binary(tmp_path):
    at = copy(tmp_path / "plain")
    [binary] = [file for file in at.iterdir() if ".hpy0." in file.name]
    binary.unlink()
    last = python(*code(USES), at=at, check=False).strip().splitlines()[-1]
    assert last.startswith("ImportError: ") and str(binary) in last and "ways_to_import.py" in last
    binary.write_bytes(b"not a library")
    last = python(*code(USES), at=at, check=False).strip().splitlines()[-1]
    assert "Error" in last and "ways_to_import" in last


@pytest.mark.skipif(not universal, reason="the file is a module of the interpreter's own kind")
def test_it_says_which_binary_it_is(tmp_path):
    at = copy(tmp_path / "plain")
    said = python(
        *code(
            "import ways_to_import; "
            "print(ways_to_import.__file__, ways_to_import.__spec__.origin, "
            "repr(ways_to_import), sep='\\n')"
        ),
        at=at,
    )
    file, origin, shown = said.splitlines()
    assert ".hpy0." in file and origin == file
    assert shown.startswith("<module 'ways_to_import'") and repr(file) in shown


def test_two_copies_in_one_process(tmp_path):
    """Two files of one name, each imported as what it is called where it is."""
    for name in ("one", "two"):
        (copy(tmp_path / name) / "__init__.py").write_text("")
    said = python(
        *code(
            """
            from one import ways_to_import as one
            from two import ways_to_import as two
            assert one is not two and one.__file__ != two.__file__
            print(one.double(1), two.double(2), one.__name__, two.__name__)
            """
        ),
        at=tmp_path,
    )
    assert said.split() == ["2", "4", "one.ways_to_import", "two.ways_to_import"]


@pytest.mark.skipif(
    not universal or "HPY" in os.environ or sys.implementation.name != "cpython",
    reason="only the runtime of a universal binary meets versions that it does not know",
)
def test_a_version_that_is_not_known(tmp_path):
    at = copy(tmp_path / "unknown")
    uses = USES + "    print(ways_to_import.layout_known())\n"
    known = sys.version_info < (3, 15) and "HPY_TEST_UNKNOWN_PYTHON" not in os.environ
    assert python(*code(uses), at=at).split()[-1] == str(known)
    if sys.version_info >= (3, 13):
        # A later version has what 3.13 has, which is more than older ones have.
        assert python(*code(uses), at=at, HPY_TEST_UNKNOWN_PYTHON="1").split()[-1] == "False"
