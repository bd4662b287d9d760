"""Functions that take all arguments by keyword, without a signature."""

import inspect
import sys

import pytest

import signatures
from signatures import Inner, Partly, Vector
from hpy_hosts import GRAALPY_HPY

keeps_signatures = pytest.mark.skipif(
    GRAALPY_HPY,
    reason="GraalPy 24's own HPy leaves the signature in __doc__ "
    "and has none in __text_signature__",
)


@pytest.mark.parametrize("function", [signatures.pair, signatures.alone])
def test_arguments_by_position_and_by_keyword(function):
    assert function(1, 2) == (1, 2)
    assert function(1, second=2) == (1, 2)
    assert function(second=2, first=1) == (1, 2)
    for call in (
        lambda: function(1),
        lambda: function(1, 2, 3),
        lambda: function(1, first=2),
        lambda: function(1, 2, third=3),
        lambda: function(second=2),
    ):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(TypeError, match="argument 'second'"):
        function(first=1, second="2")


def test_functions_without_the_option_stay_positional():
    assert signatures.positional(1, 2) == (1, 2)
    with pytest.raises(TypeError):
        signatures.positional(1, second=2)


def test_one_argument_and_none():
    assert signatures.single(1) == signatures.single(value=1) == 1
    assert signatures.nothing() is None
    with pytest.raises(TypeError):
        signatures.nothing(value=1)


def test_raw_names_and_options():
    assert signatures.optional_pair(type=1, second=None) == "Some(1) None"
    assert signatures.optional_pair(None, "a") == 'None Some("a")'
    # An `Option` says which values there are, not that the argument may be missing.
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'second'"):
        signatures.optional_pair(1)
    # The context is no argument.
    with pytest.raises(TypeError):
        signatures.optional_pair(1, "a", ctx=None)


def test_the_functions_own_signature_decides():
    assert signatures.written(1) == (1, 2)
    with pytest.raises(TypeError):
        signatures.written(first=1)


def test_the_module_is_no_argument():
    assert signatures.of_module(end="!") == "signatures!"


def test_methods():
    vector = Vector(y=4.0, x=3.0)
    assert vector.scaled(by=2) == vector.scaled(2) == (6.0, 8.0)
    assert Vector.of_class(y=1, x=2).x == 2.0
    assert Vector.length(y=4, x=3) == 5.0
    assert vector(times=2.0, add=1.0) == 8.0
    assert vector + 1 == 4.0
    vector.y = 5
    assert vector.y == 5.0
    with pytest.raises(TypeError):
        vector.written(by=1)
    assert Inner(number=3).plus(other=4) == 7
    partly = Partly()
    assert partly.by_name(b=1, a=3) == partly.by_position(3, 1) == 2
    with pytest.raises(TypeError):
        partly.by_position(3, b=1)


@keeps_signatures
def test_signatures_are_shown():
    def shown(function):
        text = function.__text_signature__
        return text.replace("$module, ", "").replace("$self, ", "").replace("$type, ", "")

    assert shown(signatures.pair) == "(first, second)"
    assert shown(signatures.single) == "(value)"
    assert shown(signatures.optional_pair) == "(type, second)"
    assert shown(signatures.positional) == "(first, second, /)"
    if sys.implementation.name == "cpython":
        assert str(inspect.signature(signatures.pair)) == "(first, second)"
        # 3.9 does not show the signature of a class that is not Python's own.
        if sys.version_info >= (3, 10):
            assert str(inspect.signature(Vector)) == "(x, y)"
        assert shown(Vector.scaled) == "(by)"


def test_arguments_as_a_sequence():
    ends, looped, reverse, rest, two, one, none, all_of_them, numbers = signatures.sequence(
        "a", "b", "c", "d", "e"
    )
    # From the ends: e, a, d, and one is left out before the next.
    assert ends == ["e", "a", "d", "c"]
    assert looped == ["a", "b", "c", "d", "e"] * 2
    assert reverse == ["e", "d", "c", "b", "a"]
    assert rest == ["b", "c", "d", "e"]
    assert two == ["a", "b"]
    assert one == ["b"]
    assert none == []
    assert all_of_them == ["a", "b", "c", "d", "e"]
    assert numbers == ["0", "4", "4", "(5, Some(5))", "5", "e"]


def test_no_arguments_as_a_sequence():
    *lists, numbers = signatures.sequence()
    assert all(found == [] for found in lists)
    assert numbers == ["0", "0", "0", "(0, Some(0))", "0", "-"]
