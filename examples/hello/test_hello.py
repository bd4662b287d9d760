"""hello does what its documentation says, and what the same module in C, c/hello_c.c, does.

The results, errors and documentation of both are compared.
"""

import importlib.util
import inspect
import os
import pydoc
import shutil
import subprocess
import sys
import sysconfig

import pytest

import hello

HERE = os.path.dirname(os.path.abspath(__file__))
FUNCTIONS = ["hello", "double", "divide", "greet"]


class Index:
    def __index__(self):
        return 20


class Float:
    def __float__(self):
        return 0.5


class Text(str):
    pass


# Function, positional arguments, keywords.
CALLS = [
    ("hello", (), {}),
    ("hello", (1,), {}),
    ("hello", (), {"a": 1}),
    ("double", (21,), {}),
    ("double", (-(2**62),), {}),
    ("double", (-1,), {}),
    ("double", (True,), {}),
    ("double", (Index(),), {}),
    ("double", (2**62,), {}),
    ("double", (2**64,), {}),
    ("double", ("21",), {}),
    ("double", (None,), {}),
    ("double", (), {}),
    ("double", (1, 2), {}),
    ("double", (), {"x": 1}),
    ("divide", (1, 8), {}),
    ("divide", (-1.0, 1.0), {}),
    ("divide", (Float(), Index()), {}),
    ("divide", (1, 0), {}),
    ("divide", ("1", 2), {}),
    ("divide", (1, None), {}),
    ("divide", (10**400, 1), {}),
    ("divide", (), {}),
    ("divide", (1,), {}),
    ("divide", (1, 2, 3), {}),
    ("divide", (1,), {"b": 2}),
    ("greet", ("world",), {}),
    ("greet", ("world", 2), {}),
    ("greet", ("world",), {"times": 0}),
    ("greet", ("world",), {"times": 3, "end": "?"}),
    ("greet", ("wörld \U0001f40d",), {"end": "\0"}),
    ("greet", (Text("world"),), {"times": Index()}),
    ("greet", ("world", -1), {}),
    ("greet", ("world", 1001), {}),
    ("greet", ("world", 2**64), {}),
    ("greet", ("world", "2"), {}),
    ("greet", (b"world",), {}),
    ("greet", ("\ud800",), {}),
    ("greet", ("world",), {"end": 1}),
    ("greet", (), {}),
    ("greet", (), {"times": 2}),
    ("greet", (), {"name": "world"}),
    ("greet", ("world", 1, 2), {}),
    ("greet", ("world", 1, 2), {"end": "?"}),
    ("greet", ("world", 1), {"times": 2}),
    ("greet", ("world",), {"start": "?"}),
]


def test_results():
    assert hello.hello() == "Hello!"
    assert hello.double(21) == 42
    assert hello.divide(1, 8) == 0.125
    assert hello.greet("world") == "Hello, world!"
    assert hello.greet("world", times=2, end=".") == "Hello, world. Hello, world."
    assert hello.greet("world", 2, end=".") == "Hello, world. Hello, world."
    assert hello.MOST == 1000


def test_errors():
    with pytest.raises(OverflowError, match="the double does not fit 64 bits"):
        hello.double(2**62)
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        hello.divide(1, 0)
    with pytest.raises(ValueError, match="times must be 0 to 1000, not -1"):
        hello.greet("world", -1)
    with pytest.raises(TypeError, match="'times'"):
        hello.greet("world", times="2")
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'start'"):
        hello.greet("world", start="?")


def test_main_prints_results_and_errors():
    found = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=60,
        check=True,
    )
    lines = found.stdout.splitlines()
    assert len(lines) == 11
    assert lines[0] == "hello() = 'Hello!'"
    assert lines[4] == "greet('world', times=2, end='.') = 'Hello, world. Hello, world.'"
    assert lines[5].startswith("double('21') raises TypeError: ")
    assert lines[8] == "divide(1, 0) raises ZeroDivisionError: division by zero"


@pytest.fixture(scope="module")
def hello_c(tmp_path_factory):
    """The module in C, built for this interpreter."""
    header = os.path.join(sysconfig.get_paths()["include"], "Python.h")
    if not os.path.exists(header):
        pytest.skip("there is no %s to build the module in C with" % header)
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler (cc) to build the module in C with")
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    path = str(tmp_path_factory.mktemp("c") / ("hello_c" + suffix))
    command = [compiler, "-shared", "-fPIC", "-O2", "-Wno-deprecated-declarations", "-o", path]
    if sys.platform == "darwin":
        command += ["-undefined", "dynamic_lookup"]
    folders = {sysconfig.get_paths()[kind] for kind in ("include", "platinclude")}
    command += ["-I" + folder for folder in sorted(folders)]
    subprocess.run(command + [os.path.join(HERE, "c", "hello_c.c")], check=True, timeout=300)
    spec = importlib.util.spec_from_file_location("hello_c", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcome(module, name, args, keywords):
    """The result, or the error's type and text, without the module's name."""
    try:
        return getattr(module, name)(*args, **keywords)
    except Exception as error:
        return type(error), str(error).replace(module.__name__ + ".", "MODULE.")


@pytest.mark.parametrize("name, args, keywords", CALLS)
def test_same_as_in_c(hello_c, name, args, keywords):
    found = outcome(hello, name, args, keywords)
    expected = outcome(hello_c, name, args, keywords)
    if (
        sys.implementation.name == "pypy"
        and name == "divide"
        and any(type(arg) is Index for arg in args)
    ):
        # CPython's PyFloat_AsDouble asks for an index since 3.8, PyPy's since 8.
        assert type(found) is float
        if sys.pypy_version_info < (8,):
            assert expected[0] is TypeError
            return
    if sys.implementation.name != "cpython" and isinstance(expected, tuple):
        # What the interpreter itself checks and says differs between C functions and HPy's there.
        assert found[0] is expected[0]
        return
    assert found == expected
    assert type(found) is type(expected)


def test_same_documentation_as_in_c(hello_c):
    assert hello.__doc__ == hello_c.__doc__ == "The four calling conventions."
    for name in FUNCTIONS:
        ours, theirs = getattr(hello, name), getattr(hello_c, name)
        assert ours.__name__ == theirs.__name__ == name
        assert ours.__doc__ == theirs.__doc__
        if sys.implementation.name != "cpython":
            continue
        assert ours.__text_signature__ == theirs.__text_signature__
        assert inspect.signature(ours) == inspect.signature(theirs)
        assert (ours.__module__, theirs.__module__) == ("hello", "hello_c")


@pytest.mark.skipif(
    sys.implementation.name == "pypy" and sys.pypy_version_info < (8,),
    reason="PyPy 7.3's pydoc lists functions of its own HPy as data, without their signatures",
)
@pytest.mark.skipif(
    sys.implementation.name == "graalpy" and sys.implementation.version < (25,),
    reason="GraalPy 24's own HPy gives functions no `__text_signature__`",
)
def test_same_help_as_in_c(hello_c):
    def shown(module):
        text = pydoc.plain(pydoc.render_doc(module))
        # What follows is the path.
        return text[: text.index("FILE")]

    assert shown(hello) == shown(hello_c).replace("hello_c", "hello")
    assert "greet(name, /, times=1, *, end='!')" in shown(hello)
