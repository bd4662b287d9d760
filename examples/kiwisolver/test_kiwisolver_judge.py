"""kiwisolver's own tests, with this module under its name.

They come unchanged from its source archive on PyPI. The harness unpacks the archive that
sources.txt names. By hand: HPY_TEST_SOURCES=FOLDER, where FOLDER has kiwisolver-1.5.1 in it.

They are tests of this file: what they define stands here too.
"""

import ast
import importlib.util
import os

import kiwisolver

ARCHIVE = os.path.join(os.environ["HPY_TEST_SOURCES"], "kiwisolver-1.5.1", "py", "tests")
FILES = [
    "test_constraint.py", "test_expression.py", "test_solver.py", "test_strength.py",
    "test_term.py", "test_variable.py",
]


def load(file):
    spec = importlib.util.spec_from_file_location(
        "kiwisolvers_own_" + file[:-3], os.path.join(ARCHIVE, file)
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def defined(file):
    with open(os.path.join(ARCHIVE, file), encoding="utf-8") as source:
        tree = ast.parse(source.read())
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


for file in FILES:
    module = load(file)
    for name in defined(file):
        assert name not in globals()
        globals()[name] = getattr(module, name)


def test_all_of_them_are_here():
    assert sorted(name for name in os.listdir(ARCHIVE) if name.endswith(".py")) == FILES
    names = [name for file in FILES for name in defined(file) if name.startswith("test_")]
    # Some of them run several times.
    assert len(names) == len(set(names)) == 36
    assert set(names) <= {name for name, value in globals().items() if callable(value)}


def test_it_is_the_port_that_they_test():
    # Where HPy is the interpreter's own, the signature is shown as well.
    assert kiwisolver.Solver.addConstraint.__doc__.endswith("Adds a constraint.")
