"""Enums with data beside other options of classes."""

import collections.abc
import copy
import pickle
import sys
import types

import data_enums as t
import pytest
from data_enums import Run


def test_blocks_and_a_sequence():
    run = Run.Numbers([1, 2, 3])
    assert run.total() == 6 and list(run) == [1, 2, 3] and Run.Empty().total() == 0
    assert isinstance(run, collections.abc.Sequence) and 2 in run and run.index(3) == 2
    assert list(reversed(run)) == [3, 2, 1] and str(run) == "a run"
    if sys.version_info >= (3, 10):
        names = {"run": run}
        exec(
            "match run:\n    case [first, *rest]:\n        found = (first, rest)",
            names,
        )
        assert names["found"] == (1, [2, 3])


def test_parameters_of_a_class():
    alias = Run[int]
    assert isinstance(alias, types.GenericAlias) and alias.__origin__ is Run
    assert Run.Numbers[int].__origin__ is Run.Numbers


def test_attributes_of_the_class_are_objects_of_variants():
    assert type(Run.one) is Run.Numbers and Run.one.numbers == [1]
    assert Run.Numbers.__module__ == "data_enums"


def test_pickles():
    for run in [Run.Numbers([1, 2]), Run.Empty()]:
        other = pickle.loads(pickle.dumps(run))
        assert type(other) is type(run) and list(other) == list(run)


def enum_of(instance, name):
    """Its base of that name: PyPy 8 has another class between them."""
    return next(base for base in type(instance).__mro__ if base.__name__ == name)


def test_enums_that_no_module_lists():
    some, pair = t.unlisted(5, None), t.unlisted(6, 7)
    class_ = enum_of(some, "Unlisted")
    assert not hasattr(t, "Unlisted")
    assert type(some) is class_.Some and type(pair) is class_.Pair and isinstance(pair, class_)
    assert type(some).__qualname__ == "Unlisted.Some" and type(some).__module__ == "data_enums"
    assert some.number == 5 and (pair[0], pair[1]) == (6, 7) and t.number_of(class_.Pair(8, 9)) == 8
    assert type(class_.zero) is class_.Some and class_.zero == t.unlisted(0, None)
    with pytest.raises(TypeError):

        class Other(class_):
            pass


def test_hidden_enums():
    one = t.hidden(3)
    class_ = enum_of(one, "Hidden")
    assert not hasattr(t, "Hidden")
    assert type(one) is class_.Some and class_.Some(4).number == 4 and "number: 3" in repr(one)
    assert copy.copy(one).number == 3
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError), match="Hidden"):
        pickle.dumps(one)
