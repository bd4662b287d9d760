"""What a module declares, and the ways in which it is imported."""

import importlib
import importlib.machinery
import importlib.util
import os
import pathlib
import pydoc
import shutil
import subprocess
import sys
import sysconfig
import textwrap

import pytest

import modules
import modules_empty
from hpy_hosts import PYPIS_HPY, calls_on_threads, panics

pypy = sys.implementation.name == "pypy"
universal = os.environ["HPY_TEST_ABI"] == "universal"
FOLDER = pathlib.Path(modules.__file__).parent


def test_docstring():
    assert modules.__doc__ == "The module's docstring.\n\nOf two paragraphs."
    assert not modules_empty.__doc__
    text = pydoc.plain(pydoc.render_doc(modules))
    assert "Of two paragraphs." in text and "A function of the first module." in text


def test_constants():
    assert modules.ANSWER == 42
    assert modules.NAME == "hpy-test-modules"
    assert modules.NONE is None
    assert modules.NESTED == (1, ["a", "b"], 2.5)
    assert vars(modules)["weird name"] is True


def test_what_exec_adds():
    assert modules.added == [1, 2, 3]
    assert modules.next == 43


def test_methods():
    assert modules.double(4) == 8
    assert modules.triple(4) == 12
    assert callable(modules.double)


def test_an_empty_module_has_nothing_of_its_own():
    assert [name for name in vars(modules_empty) if not name.startswith("_")] == []


def test_attributes_of_the_import():
    assert sys.modules["modules"] is modules
    assert modules.__name__ == "modules"
    assert modules.__spec__.name == "modules"
    assert modules.__package__ == ""
    assert modules.__loader__ is not None
    assert pathlib.Path(modules.__file__).parent == FOLDER
    assert modules.name_of(modules) == "modules"
    assert repr(modules).startswith("<module 'modules'")


def test_file_names():
    """A native module has the interpreter's own suffix.

    Modules of one library share one universal binary.
    """
    names = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.startswith("modules"))
    if universal:
        assert "modules.hpy0.so" in names or "modules.hpy0.pyd" in names
        assert {"modules.py", "modules_empty.py"} < set(names)
        assert not [name for name in names if name.startswith("modules_empty.hpy0")]
    else:
        suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
        assert {f"modules{suffix}", f"modules_empty{suffix}"} < set(names)
        assert pathlib.Path(modules.__file__).name == f"modules{suffix}"


def test_importing_again_gives_the_same():
    before = modules.imports()
    assert importlib.import_module("modules") is modules
    assert modules.import_module("modules") is modules
    assert modules.imports() == before


def test_import_from_rust():
    import json

    take = modules.import_module
    assert take("json") is json
    assert take("os.path") is os.path
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        take("no_such_module")
    with pytest.raises(ValueError):
        take("a\0b")


def test_reload_keeps_the_module_and_its_functions():
    double = modules.double
    assert importlib.reload(modules) is modules
    assert modules.double(2) == double(2) == 4
    assert modules.ANSWER == 42


def test_imported_anew_after_it_was_forgotten():
    ours = [name for name in sys.modules if name.split(".")[0] == "modules"]
    all_before = {name: sys.modules.pop(name) for name in ours}
    before = all_before["modules"]
    try:
        again = importlib.import_module("modules")
        assert again.double(3) == before.double(3) == 6
        assert again.ANSWER == 42 and again.added == [1, 2, 3]
    finally:
        sys.modules.update(all_before)


def test_an_exec_that_raises():
    for _ in range(2):
        with pytest.raises(ValueError, match="^not today$"):
            import modules_refusing  # noqa: F401
        assert "modules_refusing" not in sys.modules


def test_an_exec_that_panics(capfd):
    for _ in range(2):
        with panics(r"^no module comes of this \(.*lib\.rs:\d+:\d+\)$"):
            import modules_panicking  # noqa: F401
        assert "modules_panicking" not in sys.modules
    # Nothing is broken for the others.
    assert modules.double(1) == 2


def python(code, *folders, exit=False, **environment):
    """The output of a program in an interpreter of its own, without what is printed at its exit."""
    path = os.pathsep.join([*map(str, folders), os.environ["PYTHONPATH"]])
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout if exit else run.stdout.replace("finished\n", "")


@pytest.mark.parametrize("name, uses", [("modules", False), ("modules_with_gil", True)])
def test_whether_the_gil_is_used(name, uses):
    """Python without the GIL turns it on for a module that says so, and for the package hpy."""
    said = python(
        f"""
        import sys, warnings
        enabled = getattr(sys, "_is_gil_enabled", lambda: True)
        before = enabled()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            import {name} as module
        assert module.double(2) == 4
        print(before, enabled(), [str(warning.message) for warning in caught])
        """
    )
    disabled = (
        bool(sysconfig.get_config_var("Py_GIL_DISABLED")) and os.environ.get("PYTHON_GIL") != "1"
    )
    if not disabled:
        assert said == "True True []\n"
    elif uses or "HPY" in os.environ:
        by = "hpy.universal" if "HPY" in os.environ else name
        assert said.startswith("False True [") and f"load module '{by}'" in said, said
    else:
        assert said == "False False []\n"


@pytest.mark.skipif(not universal, reason="a native extension has no modes of HPy")
@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="PyPy 7.3 and GraalPy 24 have the modes; PyPy 8 and GraalPy 25 by cargo hpy run alone",
)
@pytest.mark.parametrize("mode", ["debug", "trace"])
def test_a_mode_is_had_or_refused_with_what_to_do(mode):
    code = """
        try:
            import modules
        except ImportError as error:
            print(type(error).__name__, error, sep=": ")
        else:
            print(modules.double(2))
    """
    said = python(code, HPY=mode)
    if "HPY" not in os.environ:
        assert said.startswith(
            f"ImportError: HPY={mode} asks for a mode of the package hpy to import 'modules', and"
        ), said
        assert said.endswith(f"with: {sys.executable} -m pip install hpy-rs\n"), said
    else:
        assert said == "4\n"


@pytest.fixture
def package(tmp_path):
    """The modules in a package `outer.inner`, and nowhere else."""
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "outer" / "__init__.py").write_text("")
    (inner / "__init__.py").write_text("")
    for file in FOLDER.iterdir():
        if file.name.startswith("modules"):
            shutil.copy(file, inner)
    return tmp_path


def test_in_a_package(package):
    said = python(
        """
        import sys
        import outer.inner.modules
        from outer.inner import modules, modules_empty
        from outer.inner.modules import double
        assert modules is outer.inner.modules is sys.modules["outer.inner.modules"]
        assert "modules" not in sys.modules
        assert modules.double(2) == double(2) == 4
        print(
            modules.__spec__.name, modules.__package__, modules.__file__, modules.__name__,
            sep="\\n",
        )
        """,
        package,
    ).splitlines()
    assert said[:2] == ["outer.inner.modules", "outer.inner"]
    assert pathlib.Path(said[2]).parent == package / "outer" / "inner"
    assert said[3] == "outer.inner.modules"


def test_by_both_names_in_one_program(package):
    said = python(
        """
        import modules, outer.inner.modules as inside
        assert inside is not modules
        print(modules.double(1), inside.double(2), modules.ANSWER, inside.ANSWER)
        """,
        package,
    )
    assert said.split() == ["2", "4", "42", "42"]


@calls_on_threads
def test_many_threads_import_it_at_once():
    said = python(
        """
        import threading
        found = []
        barrier = threading.Barrier(8)

        def work():
            barrier.wait()
            import modules
            found.append(modules)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        # The very same module, but for a race in CPython's import of files that put another module
        # in their place.
        print(len(found), len({module.double for module in found}), found[0].imports())
        """
    )
    assert said.split() == ["8", "1", "1"]


def test_submodules():
    import modules.nothing
    import modules.shapes
    from modules.shapes import ShapeError, area, solids
    from modules.shapes.solids import volume

    assert area(1.0) == pytest.approx(3.14159, abs=1e-5) and volume(2.0) == 8
    assert (
        modules.shapes is sys.modules["modules.shapes"]
        and solids is sys.modules["modules.shapes.solids"]
    )
    assert isinstance(solids, type(modules)) and modules.shapes.solids is solids
    assert modules.shapes.SIDES == 3
    assert modules.shapes.__doc__ == "Shapes in the plane." and solids.__doc__ is None
    assert solids.__name__ == solids.__spec__.name == "modules.shapes.solids"
    assert solids.__package__ == "modules.shapes" and solids.name_in_exec == "modules.shapes.solids"
    assert ShapeError.__module__ == "modules.shapes" and issubclass(ShapeError, ValueError)
    # The functions are in the submodules alone.
    assert not {"area", "volume"} & set(vars(modules)) and "volume" not in vars(modules.shapes)
    if sys.implementation.name == "cpython":
        assert area.__module__ == "modules.shapes"
    with pytest.raises(ModuleNotFoundError):
        import modules.missing  # noqa: F401


def test_submodules_in_a_package(package):
    said = python(
        """
        import outer.inner.modules.shapes.solids as solids
        from outer.inner.modules import shapes
        print(
            solids.__name__, shapes.ShapeError.__module__, shapes.solids is solids,
            solids.volume(1.0), sep="\\n",
        )
        """,
        package,
    ).splitlines()
    assert said[:4] == [
        "outer.inner.modules.shapes.solids", "outer.inner.modules.shapes", "True", "1.0",
    ]


def test_what_a_star_imports():
    names = {}
    exec("from modules import *", names)
    assert {"double", "ANSWER"} == set(names) - {"__builtins__"}
    names = {}
    exec("from modules.shapes import *", names)
    assert {"area"} == set(names) - {"__builtins__"}


def test_attributes_that_are_computed():
    assert modules.length_of_abc == 3
    assert dir(modules) == ["double", "length_of_x"]
    with pytest.raises(AttributeError, match="^module 'modules' has no attribute 'nothing'$"):
        modules.__getattr__("nothing")
    assert not hasattr(modules, "no_such_name")


def test_exit():
    assert "finish" not in vars(modules)
    assert (
        python("import modules; print('running', flush=True)", exit=True) == "running\nfinished\n"
    )


def test_deprecated_functions():
    with pytest.warns(DeprecationWarning) as caught:
        assert modules.twice(4) == 8
        assert modules.old(y=5) == 6
        assert modules.older() is None
    texts = [str(warning.message) for warning in caught]
    assert texts == [
        "twice() is deprecated: use double",
        "old() is deprecated",
        "older() is deprecated: use nothing",
    ]
    assert {warning.filename for warning in caught} == {__file__}
    assert caught[0].lineno == test_deprecated_functions.__code__.co_firstlineno + 2
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DeprecationWarning, match="use double"):
            modules.twice(4)


def warned(call):
    """What a call warns of: categories and texts."""
    with pytest.warns(Warning) as caught:
        call()
    assert {warning.filename for warning in caught} == {__file__}
    return [(warning.category, str(warning.message)) for warning in caught]


def test_categories_of_warnings():
    old = (PendingDeprecationWarning, "soon_old() is deprecated: use double")
    assert warned(lambda: modules.soon_old(2)) == [old]
    assert issubclass(modules.OldWarning, FutureWarning)
    assert warned(lambda: modules.warns(2)) == [
        (modules.OldWarning, "old indeed"),
        (UserWarning, "careful"),
    ]
    with pytest.raises(TypeError, match="category must be a Warning subclass, not 'ValueError'"):
        modules.warns_of_nothing()
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.simplefilter("ignore", modules.OldWarning)
        with pytest.raises(UserWarning, match="careful"):
            modules.warns(2)


def test_methods_that_warn():
    import warnings

    assert warned(modules.Warner) == [(ResourceWarning, "made")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warner = modules.Warner()
    assert warned(lambda: warner.method(x=1)) == [(UserWarning, "called")]
    assert warned(lambda: warner + 1) == [(UserWarning, "added")]
    assert warned(lambda: warner.attribute) == [
        (DeprecationWarning, "attribute() is deprecated"),
    ]


SUBINTERPRETER = """
    import sys, textwrap
    try:
        import _interpreters as interpreters
        def create(): return interpreters.create("legacy")
    except ImportError:
        import _xxsubinterpreters as interpreters
        def create():
            try:
                return interpreters.create(isolated=False)
            except TypeError:
                return interpreters.create()
    import modules
    attempt = textwrap.dedent('''
        import sys
        sys.path[:] = {path!r}
        try:
            import modules
        except ImportError as error:
            with open({file!r}, "a") as file:
                print("refused:", error, file=file)
        else:
            with open({file!r}, "a") as file:
                print("imported", file=file)
    ''').format(path=sys.path, file=FILE)
    for _ in range(2):
        other = create()
        interpreters.run_string(other, attempt)
        interpreters.destroy(other)
    assert modules.double(2) == 4
"""


@pytest.mark.skipif(
    pypy or sys.implementation.name == "graalpy", reason="PyPy and GraalPy have no subinterpreters"
)
@pytest.mark.skipif(
    PYPIS_HPY, reason="PyPI's hpy refuses nothing, and is not made for subinterpreters"
)
def test_a_second_interpreter_of_the_process_is_refused(tmp_path):
    file = tmp_path / "said"
    python(f"FILE = {str(file)!r}\n" + textwrap.dedent(SUBINTERPRETER))
    lines = file.read_text().splitlines()
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("refused:"), line
        if sysconfig.get_config_var("Py_GIL_DISABLED"):
            # Python itself refuses it first.
            assert "does not support loading in subinterpreters" in line, line
            continue
        # The package comes first, which is for one interpreter too.
        name = "hpy.universal" if "HPY" in os.environ else "modules"
        assert f"module '{name}' is for one interpreter of a process" in line, line
        if name == "modules":
            assert "`interpreters: many`" in line
        else:
            # Authors in C have no hpy_module!.
            assert "hpy_module!" not in line and "extensions of HPy in C work in one only" in line
