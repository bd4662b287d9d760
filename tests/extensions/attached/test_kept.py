"""`Persistent` in collections, compared by identity, and as the key of a map."""

import gc
import sys
import weakref

import pytest

import attached
from hpy_hosts import GRAALPY_HPY, close_handles

GRAALPY = sys.implementation.name == "graalpy"
# How often the collector is called until an object must have ended. GraalPy's takes a second each.
ROUNDS = 2 if GRAALPY else 100
# GraalPy's C API has no function that says without waiting whether a thread is attached.
SHOWS = not GRAALPY or GRAALPY_HPY


class Object:
    def __repr__(self):
        return "<an object>"


class Key:
    def __init__(self, name, compares=None):
        self.name, self.compares = name, compares

    def __hash__(self):
        return 7

    def __eq__(self, other):
        if self.compares is not None:
            self.compares(self, other)
        return isinstance(other, Key) and self.name == other.name


# Persistent


def test_dup():
    thing = Object()
    assert attached.twice_the_same(thing) == [thing, thing]


def test_a_duplicate_keeps_the_object():
    thing = Object()
    reference = weakref.ref(thing)
    both = attached.twice_the_same(thing)
    del thing
    gc.collect()
    assert reference() is both[0]
    del both
    for _ in range(ROUNDS):
        attached.identical(1, 1)
        close_handles(lambda: attached.identical(object(), 1))
        gc.collect()
        if reference() is None:
            break
    if GRAALPY and reference() is not None:
        pytest.skip("GraalPy collects beside the program, when it pleases")
    assert reference() is None


def test_identity():
    a, b = Object(), Object()
    assert attached.identical(a, a) == (True, True)
    assert attached.identical(a, b) == (False, False)
    assert attached.identical([], []) == (False, False)
    for same in (None, Ellipsis, int, 1 << 100, 1.5, -1):
        assert attached.identical(same, same) == (True, True), same


def test_sets_and_maps_by_identity():
    things = [Object() for _ in range(50)]
    assert attached.in_a_set(things + things[:10]) == 50
    assert attached.in_a_set([]) == 0
    pairs = [(thing, number) for number, thing in enumerate(things)]
    assert attached.objects_by_identity(pairs, things[3]) == 3
    assert attached.objects_by_identity(pairs, Object()) is None


def test_debug():
    shown = "[1, 'two', <an object>]" if SHOWS else "[" + ", ".join(["<kept object>"] * 3) + "]"
    assert attached.shown_kept([1, "two", Object()]) == shown
    assert attached.shown_while_detached(Object()) == "<kept object>"


class Unprintable:
    def __repr__(self):
        raise KeyError


def test_debug_where_repr_raises():
    shown = "[<unprintable object>]" if SHOWS else "[<kept object>]"
    assert attached.shown_kept([Unprintable()]) == shown
    for thing in (Object(), Unprintable(), 1):
        with pytest.raises(BaseException, match="on purpose"):
            attached.shown_while_panicking(thing)


# A map whose keys are compared by Python


def test_map():
    objects = attached.ObjectMap()
    assert len(objects) == 0 and objects.get("a") is None
    objects.set("a", 1)
    objects.set(2, "two")
    objects.set(2.0, "zwei")
    assert len(objects) == 2
    assert (objects.get("a"), objects.get(2)) == (1, "zwei")
    assert objects.remove("a") is True and objects.remove("a") is False
    assert len(objects) == 1
    with pytest.raises(TypeError, match="unhashable"):
        objects.set([], 1)
    assert len(objects) == 1


def test_map_with_equal_hashes():
    objects = attached.ObjectMap()
    for name in "abc":
        objects.set(Key(name), name)
    assert [objects.get(Key(name)) for name in "abcd"] == ["a", "b", "c", None]
    assert objects.remove(Key("b")) and len(objects) == 2


def test_map_where_eq_raises():
    def raises(this, other):
        raise OSError("cannot compare")

    objects = attached.ObjectMap()
    key = Key("a", raises)
    objects.set(key, 1)
    # The same object is found without being asked.
    assert objects.get(key) == 1
    with pytest.raises(OSError, match="cannot compare"):
        objects.get(Key("b", raises))
    with pytest.raises(OSError, match="cannot compare"):
        objects.set(Key("b", raises), 2)
    assert len(objects) == 1


def test_map_where_eq_uses_the_map():
    objects = attached.ObjectMap()
    seen = []

    def asks(this, other):
        seen.append(len(objects))
        objects.get("a")

    objects.set("a", 1)
    objects.set(Key("k", asks), 2)
    assert objects.get(Key("k")) == 2
    objects.set(Key("k"), 3)
    assert objects.get(Key("k")) == 3
    assert seen and set(seen) == {2}


def test_map_where_eq_changes_the_map():
    objects = attached.ObjectMap()

    def clears(this, other):
        objects.remove(first)

    first = Key("first", clears)
    objects.set(first, 1)
    with pytest.raises(RuntimeError, match="changed while its keys were compared"):
        objects.set(Key("second"), 2)
    assert len(objects) == 0
    objects.set(first, 1)
    assert objects.get(Key("second")) is None
    assert len(objects) == 0


@pytest.mark.skipif(GRAALPY, reason="GraalPy never calls the __del__ of a class in Python")
def test_map_whose_values_use_it_at_their_end():
    objects = attached.ObjectMap()
    seen = []

    class AtItsEnd:
        def __del__(self):
            seen.append(len(objects))
            objects.set("at the end", 1)

    objects.set("a", AtItsEnd())
    objects.set("a", None)
    for _ in range(ROUNDS):
        close_handles(lambda: attached.identical(object(), 1))
        gc.collect()
        objects.get("a")
        if seen:
            break
    assert seen == [1]
    assert objects.get("at the end") == 1
