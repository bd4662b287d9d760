"""blake3's own tests, with this module under its name.

They come unchanged from its source archive on PyPI. The harness unpacks the archive that
sources.txt names. By hand: HPY_TEST_SOURCES=FOLDER, where FOLDER has blake3-1.0.11 in it.

They are tests of this file: what they define stands here too.
"""

import ast
import importlib.util
import os
import sys
import types

import blake3
import pytest
from hpy_hosts import OTHER_DEBUG

ARCHIVE = os.path.join(os.environ["HPY_TEST_SOURCES"], "blake3-1.0.11", "tests")


class Numpy(types.ModuleType):
    """Stands for numpy where it is not installed. One of the tests uses it."""

    def __getattr__(self, name):
        pytest.skip("numpy is not installed in this interpreter's environment")


def is_missing(name):
    return importlib.util.find_spec(name) is None


if is_missing("numpy"):
    sys.modules["numpy"] = Numpy("numpy")
# Before Python 3.12 they take the name of a type from there, for annotations.
if sys.version_info < (3, 12) and is_missing("typing_extensions"):
    sys.modules["typing_extensions"] = types.ModuleType("typing_extensions")
    sys.modules["typing_extensions"].Buffer = object

spec = importlib.util.spec_from_file_location(
    "blake3s_own_tests", os.path.join(ARCHIVE, "test_blake3.py")
)
module = importlib.util.module_from_spec(spec)
try:
    spec.loader.exec_module(module)
finally:
    for name in "numpy", "typing_extensions":
        if getattr(sys.modules.get(name), "__spec__", None) is None:
            sys.modules.pop(name, None)
tests = {name: value for name, value in vars(module).items() if name.startswith("test_")}
# It has two threads that call while the other one is detached.
threaded = pytest.mark.skipif(
    OTHER_DEBUG,
    reason="hpy 0.9.0's debug mode ends the process when threads call while one is detached",
)
tests["test_reentrancy_deadlock"] = threaded(tests["test_reentrancy_deadlock"])
on_threads = pytest.mark.skipif(
    sys.implementation.name == "graalpy" and sys.implementation.version < (25,),
    reason="GraalPy 24's HPy works on one thread of a process; calls on others are refused",
)
tests["test_reentrancy_deadlock"] = on_threads(tests["test_reentrancy_deadlock"])
strided = pytest.mark.skipif(
    sys.implementation.name == "pypy",
    reason="PyPy's bytes() of a strided numpy array has other items, which the test finds first",
)
tests["test_strided_array_fails"] = strided(tests["test_strided_array_fails"])
globals().update(tests)


def test_all_of_them_are_here():
    with open(spec.origin, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert set(tests) == {name for name in names if name.startswith("test_")}
    assert len(tests) == 28


def test_it_is_the_port_that_they_test():
    # Where HPy is the interpreter's own, the signature is shown as well.
    assert blake3.blake3.reset.__doc__.endswith("Forgets what was added.")
