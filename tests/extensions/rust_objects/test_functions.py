"""Functions in Rust as objects, without a module that lists them."""

import inspect
import sys

import pytest
from hpy_hosts import PYPY_HPY

import rust_objects as t

CPYTHON = sys.implementation.name == "cpython"


def test_a_function_is_an_object():
    assert t.map_double([1, 2.5]) == [2.0, 5.0]
    double = t.function_of("double")
    assert double(2) == 4.0
    assert callable(double)
    assert not hasattr(t, "double")
    with pytest.raises(TypeError, match="double"):
        double("2")


def test_every_calling_convention():
    assert t.function_of("nothing")() is None
    assert t.function_of("twice")(3, 4) == 12
    joined = t.function_of("joined")
    assert joined("a", "b") == joined("a", second="b") == joined(first="a", second="b") == "ab"
    for call in (
        lambda: t.function_of("nothing")(1),
        lambda: t.function_of("twice")(1),
        lambda: joined("a", third="b"),
        lambda: t.function_of("double")(),
    ):
        with pytest.raises(TypeError):
            call()


def test_the_same_function_is_the_same_object():
    assert t.same_functions() == (True, False)
    assert t.function_of("double") is t.function_of("double")


def test_name_docstring_and_signature():
    joined = t.function_of("joined")
    assert joined.__doc__.endswith("Takes keywords.")
    # PyPy 7.3's own HPy makes methods without a name.
    assert PYPY_HPY or joined.__name__ == "joined"
    if CPYTHON:
        assert str(inspect.signature(joined)) == "(first, second)"
        assert str(inspect.signature(t.function_of("double"))) == "(number, /)"


def test_functions_that_the_module_got_at_import():
    assert t.added(1) == 2
    assert t.joined(first="a", second="b") == "ab"
    assert PYPY_HPY or t.added.__name__ == "added"
    assert t.function_of("joined") is t.joined
    assert not hasattr(t, "added_to_module")
