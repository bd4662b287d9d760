"""Comparisons, hashes and texts of types, derived from Rust's traits."""

import sys

import pytest
import type_derives as t
from type_derives import Measure, MinusOne, Name, Panics, Partial, Version

from hpy_hosts import GRAALPY_HPY, PYPIS_HPY, PYPY_HPY, panics


def test_equality():
    assert Version(1, 2) == Version(1, 2) and not Version(1, 2) != Version(1, 2)
    assert Version(1, 2) != Version(1, 3) and not Version(1, 2) == Version(1, 3)
    assert Measure(1, "m") == Measure(1, "m") != Measure(1, "km")
    nan = Measure(float("nan"), "m")
    assert nan != nan and not nan == nan


def test_other_types_are_not_compared():
    for method in ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"]:
        assert getattr(Version(1), method)(5) is NotImplemented
    assert Version(1) != 5 and not Version(1) == None  # noqa: E711
    assert Version(1) != Measure(1, "m")
    with pytest.raises(TypeError):
        Version(1) < 5
    with pytest.raises(TypeError):
        Version(1) <= Partial(1)

    class Always:
        def __eq__(self, other):
            return "asked"

        def __gt__(self, other):
            return "asked too"

    assert (Version(1) == Always()) == "asked"
    assert (Version(1) < Always()) == "asked too"


def test_order():
    versions = [Version(2), Version(1, 5), Version(1), Version(10)]
    assert [str(v) for v in sorted(versions)] == ["1.0", "1.5", "2.0", "10.0"]
    assert (
        Version(1) < Version(1, 1) <= Version(1, 1)
        and Version(3) > Version(2, 9) >= Version(2, 9)
    )
    assert max(versions) == Version(10)
    for name in ["__lt__", "__le__", "__gt__", "__ge__", "__eq__"]:
        assert getattr(Partial(float("nan")), name)(Partial(1)) is False
    assert Partial(1) < Partial(2)


def test_equality_alone_has_no_order():
    assert Measure(1, "m").__lt__(Measure(2, "m")) is NotImplemented
    with pytest.raises(TypeError):
        Measure(1, "m") < Measure(2, "m")


def test_hashes():
    assert hash(Version(1, 2)) == hash(Version(1, 2))
    assert len({Version(i % 10, i % 3) for i in range(1000)}) == 30
    assert {Version(1): "one"}[Version(1)] == "one"
    assert {Name("Ada"), Name("ADA"), Name("Bob")} == {Name("bob"), Name("ada")}
    assert hash(Partial(5)) == 5
    assert isinstance(hash(MinusOne()), int) and hash(MinusOne()) != -1


def test_equality_without_hash_is_unhashable():
    with pytest.raises(TypeError, match="unhashable"):
        hash(Measure(1, "m"))
    assert Measure.__hash__ is None
    with pytest.raises(TypeError):
        {Measure(1, "m")}


def test_texts():
    assert repr(Version(1, 2)) == "Version { major: 1, minor: 2 }"
    assert str(Version(1, 2)) == "1.2" and f"{Version(1, 2)}" == "1.2"
    assert str([Version(1)]) == "[Version { major: 1, minor: 0 }]"


def test_match_args():
    assert Version.__match_args__ == ("major", "minor")
    assert Measure.__match_args__ == ("x",)
    assert not hasattr(Partial, "__match_args__")


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 has no match statement")
def test_match():
    space = {"Version": Version, "Measure": Measure}
    exec(
        """
def take(value):
    match value:
        case Version(1, minor):
            return minor
        case Version(major, 0):
            return -major
        case Measure(x):
            return x
""",
        space,
    )
    take = space["take"]
    assert [
        take(Version(1, 5)), take(Version(4)), take(Version(4, 1)), take(Measure(2.5, "m")),
    ] == [5, -4, None, 2.5]


def test_borrowed_data_is_not_compared():
    a, b = Measure(1, "m"), Measure(1, "m")
    with pytest.raises(RuntimeError, match="Measure is already mutably borrowed"):
        a.call_mut(lambda: a == b)
    with pytest.raises(RuntimeError, match="Measure is already mutably borrowed"):
        a.call_mut(lambda: b == a)
    assert a.call_mut(lambda: b == b) is True
    assert a == b


@pytest.mark.skipif(
    PYPIS_HPY or GRAALPY_HPY,
    reason="hpy 0.9.0 and GraalPy 24's own HPy have no data for instances of a subclass "
    "written in Python",
)
def test_subclasses():
    class Sub(Version):
        pass

    assert Sub(1, 2) == Version(1, 2) and Version(1, 2) == Sub(1, 2)
    assert hash(Sub(1, 2)) == hash(Version(1, 2)) and Sub(1) < Version(2)

    class Equal(Version):
        def __eq__(self, other):
            return True

    assert Version(1) == Equal(2) and Equal(2) == 7
    if not PYPY_HPY:
        with pytest.raises(TypeError):
            hash(Equal(1))


def test_memory_without_constructor():
    try:
        empty = object.__new__(Version)
    except TypeError:
        return
    for use in [
        lambda: empty == empty.__class__(1),
        lambda: Version(1) < empty,
        lambda: repr(empty),
        lambda: hash(empty),
    ]:
        with pytest.raises(TypeError, match="was not made by"):
            use()


def test_panics():
    with panics("no equality"):
        Panics() == Panics()
    with panics("no hash"):
        hash(Panics())
    with panics("no repr"):
        repr(Panics())
    with panics():
        str(Panics())


def test_many_comparisons_leave_nothing():
    a, b = t.Version(1), t.Version(2)
    for _ in range(1000):
        assert a < b and a != b and hash(a) != 0 and len(repr(a) + str(b)) > 5
