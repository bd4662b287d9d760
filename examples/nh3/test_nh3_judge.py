"""nh3's own tests, with this module under its name.

They come unchanged from its source archive on PyPI, with the examples of its documentation. The
harness unpacks the archive that sources.txt names. By hand: HPY_TEST_SOURCES=FOLDER, where FOLDER
has nh3-0.3.8 in it.

They are tests of this file: what they define stands here too.
"""

import ast
import doctest
import importlib.util
import os
import sys

import nh3
import pytest

ARCHIVE = os.path.join(os.environ["HPY_TEST_SOURCES"], "nh3-0.3.8")
FILES = ["test_doctests.py", "test_nh3.py"]


def load(file):
    spec = importlib.util.spec_from_file_location(
        "nh3s_own_" + file[:-3], os.path.join(ARCHIVE, "tests", file)
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def defined(file):
    with open(os.path.join(ARCHIVE, "tests", file), encoding="utf-8") as source:
        tree = ast.parse(source.read())
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [name for name in names if name.startswith("test_")]


# Those that look at what sys.unraisablehook is told.
HOOKED = [
    "test_attribute_filter_exception_strips", "test_attribute_filter_invalid_return_strips",
]

# What their functions raise, pytest shows as a warning.
WARNED = ["test_clean_url_relative_custom_exception_strips"]

for file in FILES:
    module = load(file)
    for name in defined(file):
        assert name not in globals()
        globals()[name] = getattr(module, name)
        if name in HOOKED and sys.implementation.name == "pypy":
            reason = "PyPy tells sys.unraisablehook the text of the object, and not the object"
            globals()[name] = pytest.mark.skip(reason)(globals()[name])
        if name in WARNED and sys.implementation.name == "graalpy":
            reason = "pytest shows them by tracemalloc, of which GraalPy has only a part"
            globals()[name] = pytest.mark.skip(reason)(globals()[name])


def test_all_of_them_are_here():
    folder = os.path.join(ARCHIVE, "tests")
    assert sorted(name for name in os.listdir(folder) if name.endswith(".py")) == FILES
    names = [name for file in FILES for name in defined(file)]
    assert len(names) == len(set(names)) == 31
    assert set(names) <= {name for name, value in globals().items() if callable(value)}


def test_the_examples_of_its_documentation():
    done = doctest.testfile(os.path.join(ARCHIVE, "docs", "index.rst"), module_relative=False)
    assert done.attempted == 12 and not done.failed


def test_it_is_the_port_that_they_test():
    # Where HPy is the interpreter's own, the signature is shown as well.
    assert "Whether a text has syntax of HTML." in nh3.is_html.__doc__
