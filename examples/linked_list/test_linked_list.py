"""Linked lists, as Python code uses them."""

import gc
import os
import subprocess
import sys
import weakref

import pytest
from hpy_hosts import PYPIS_HPY

from linked_list import LinkedList, Node

# Its own HPy does not see that an attribute cannot be set.
PYPY7 = sys.implementation.name == "pypy" and sys.pypy_version_info < (8,)
CPYTHON = sys.implementation.name == "cpython"
# No cycle, or not each one, through an object in Rust is collected there.
NO_CYCLES = sys.implementation.name == "graalpy" or (
    sys.implementation.name == "pypy" and sys.pypy_version_info >= (8,)
)
# PyPI's hpy 0.9.0 ends what an object holds while it ends the object, down to the last of a chain.

HERE = os.path.dirname(os.path.abspath(__file__))


def test_it_is_made_of_values():
    assert list(LinkedList()) == [] and len(LinkedList()) == 0
    assert list(LinkedList("abc")) == ["a", "b", "c"] and len(LinkedList("abc")) == 3
    assert repr(LinkedList([1, "a", None])) == "LinkedList([1, 'a', None])"
    with pytest.raises(TypeError):
        LinkedList(1)
    with pytest.raises(ZeroDivisionError):
        LinkedList(1 // number for number in (1, 0))


def test_it_grows_and_shrinks_at_both_ends():
    values = LinkedList()
    values.append(2)
    values.prepend(1)
    values.append(3)
    assert list(values) == [1, 2, 3]
    assert [values.pop(), values.pop(), values.pop()] == [1, 2, 3] and len(values) == 0
    with pytest.raises(IndexError, match="empty"):
        values.pop()
    values.append(4)
    values.prepend(3)
    assert list(values) == [3, 4]


@pytest.mark.parametrize("length", [0, 1, 2, 5])
def test_it_is_turned_round(length):
    values = LinkedList(range(length))
    values.reverse()
    assert list(values) == list(reversed(range(length)))
    values.append("last")
    assert list(values)[-1] == "last" and len(values) == length + 1


def test_nodes():
    values = LinkedList("ab")
    node = values.first
    assert (
        type(node) is Node
        and node.value == "a"
        and node.next.value == "b"
        and node.next.next is None
    )
    node.value = None
    assert list(values) == [None, "b"] and values.first is node
    if not PYPY7:
        with pytest.raises(AttributeError):
            node.next = None
    with pytest.raises(TypeError):
        Node()
    assert LinkedList().first is None


def test_it_changes_while_it_is_walked():
    values, seen = LinkedList([1, 2]), []
    for value in values:
        seen.append(value)
        if len(seen) < 5:
            values.append(len(seen) * 10)
        values.pop()
    assert seen == [1, 2, 10, 20, 30, 40][: len(seen)] and len(seen) >= 2
    walk = iter(LinkedList([1]))
    assert iter(walk) is walk and list(walk) == [1] and list(walk) == []


def test_its_repr_runs_code_that_changes_it():
    class Odd:
        def __repr__(self):
            values.pop()
            return "odd"

    values = LinkedList([Odd(), 2])
    assert repr(values) in ("LinkedList([odd])", "LinkedList([odd, 2])")
    values = LinkedList()
    values.append(values)
    with pytest.raises(RecursionError):
        repr(values)


@pytest.mark.skipif(
    NO_CYCLES,
    reason="PyPy 8 and GraalPy 24 never ask an object in Rust for its fields; "
    "GraalPy 25 collects few cycles through objects of Python, and late",
)
def test_cycles_are_collected():
    class Thing:
        pass

    thing = Thing()
    thing.values = LinkedList([1, thing, 2])
    thing.values.append(thing.values)
    ended = weakref.ref(thing)
    walk = iter(thing.values)
    assert next(walk) == 1
    thing.walk = walk
    del thing, walk
    for _ in range(1 if CPYTHON else 5):
        gc.collect()
    assert ended() is None


def test_a_long_one_ends_without_recursion():
    length = 1_000 if PYPIS_HPY else 100_000
    values = LinkedList(range(length))
    assert len(values) == length
    del values
    gc.collect()


def test_main():
    found = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=120,
        check=True,
    )
    assert found.stdout.splitlines() == [
        "LinkedList([0, 1, 2, 3, 4]) has 5 values",
        "the other way round: [4, 3, 2, 1, 0]",
        "the first: 4 and then: 3",
        "1 of them is the list",
    ]
