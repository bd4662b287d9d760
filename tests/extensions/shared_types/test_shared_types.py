"""An extension that takes and gives objects of types that another one declares."""

import gc

import pytest
import shared_types as t
import shared_vectors
from shared_vectors import Counter, Span, Vector
from hpy_hosts import GRAALPY_HPY, PYPIS_HPY

# PyPI's package hpy has no data for instances of a subclass written in Python, nor has GraalPy 24's
# own HPy.
subclasses = pytest.mark.skipif(
    PYPIS_HPY or GRAALPY_HPY,
    reason="hpy 0.9.0 and GraalPy 24's own HPy have no data for instances of a subclass "
    "written in Python",
)


@pytest.fixture(scope="module", autouse=True)
def before():
    with pytest.raises(RuntimeError, match="no class Vector yet.*shared_type::<Vector>"):
        t.vector_class()
    with pytest.raises(TypeError, match="has not taken the class Span"):
        t.longest([Span(1)])
    with pytest.raises(TypeError, match="has not taken the class Vector"):
        t.norm(Vector(3.0, 4.0))
    assert not t.is_vector(Vector(0.0, 0.0))
    t.take()
    # A second time it is known.
    t.take()


def test_the_class_is_the_other_extensions():
    assert t.vector_class() is Vector and t.is_vector(Vector(0.0, 0.0))


def test_objects_are_taken_and_given():
    vector = Vector(3.0, 4.0)
    assert t.norm(vector) == 5.0
    t.swap(vector)
    assert (vector.x, vector.y) == (40.0, 30.0)
    total = t.sum([vector, shared_vectors.vector(1.0), Vector(0.5, 0.5)])
    assert type(total) is Vector and (total.x, total.y) == (41.5, 30.5)
    assert total.marks == bytes([1, 2, 3, 4, 5, 6])
    total.scale(2.0)
    assert (total.x, t.norm(Vector(0.0, total.y))) == (83.0, 61.0)
    with pytest.raises(TypeError, match="Vector"):
        t.norm((3.0, 4.0))


def test_borrows_are_seen_by_both():
    vector = Vector(3.0, 4.0)
    with pytest.raises(RuntimeError, match="already mutably borrowed"):
        vector.borrowed_while(lambda: t.norm(vector))
    with pytest.raises(RuntimeError, match="already borrowed"):
        vector.borrowed_while(lambda: t.swap(vector))
    assert t.norm(vector) == 5.0


def test_atomics_count_for_both():
    counter = Counter()
    assert [counter.next(), t.next(counter), counter.next(), t.next(counter)] == [0, 1, 2, 3]


def test_options_of_classes():
    span = Span(start=3)
    span.end = 9
    assert (span.start, len(span)) == (3, 6) and Span[int].__origin__ is Span
    longest = t.longest([Span(1, 2), span])
    assert type(longest) is Span and longest is not span
    assert (longest.start, longest.end, len(longest)) == (3, 9, 6) and t.longest([]) is None


def test_a_class_that_the_module_hides():
    ticket = shared_vectors.ticket(3)
    later = t.later(ticket)
    assert type(later) is type(ticket) and later.number == 4
    assert not hasattr(shared_vectors, "Ticket")


def test_a_class_that_no_module_lists():
    for make in [lambda: shared_vectors.unlisted(1), t.unlisted]:
        with pytest.raises(RuntimeError, match="no class Unlisted yet: the module shared_vectors"):
            make()


class Named(Vector):
    """A class of Python that derives from it."""


@subclasses
def test_classes_of_python():
    named = Named(3.0, 4.0)
    named.name = "n"
    assert t.norm(named) == 5.0 and t.is_vector(named)
    t.swap(named)
    assert (named.x, named.name) == (40.0, "n")


def test_objects_without_data_are_refused():
    try:
        vector = object.__new__(Vector)
    except TypeError:
        return
    with pytest.raises(TypeError):
        t.norm(vector)


@pytest.mark.parametrize(
    "name, why",
    [
        ("Older", "its version is 1.0 there and 0.9 here"),
        ("Narrow", "its field is `x: f64` at byte 0 there and `x: f32` at byte 0 here"),
        ("Named", "its field is `y: f64` at byte 8 there and `z: f64` at byte 8 here"),
        ("Swapped", "its field is `x: f64` at byte 0 there and `y: f64` at byte 0 here"),
        ("Longer", "`marks: 6 u8` at byte 16 there and `marks: 7 u8` at byte 16 here"),
        ("Fewer", "it has 3 fields there and 1 here"),
        ("NeverBorrowed", "(it is frozen|its size)"),
        ("Private", "it is not a shared type there"),
    ],
)
def test_what_differs_is_said(name, why):
    with pytest.raises(TypeError, match="cannot use shared_vectors.*" + why):
        t.wrong(name)


def test_what_is_not_there_is_said():
    with pytest.raises(AttributeError):
        t.wrong("Missing")


def test_descriptions_of_other_classes_are_no_use():
    class Fake:
        pass

    Fake.__hpy_shared__ = Vector.__hpy_shared__
    real, shared_vectors.Own = shared_vectors.Own, Fake
    try:
        with pytest.raises(TypeError, match="shared_vectors.Own"):
            t.wrong("Private")
    finally:
        shared_vectors.Own = real
    real, shared_vectors.Vector = shared_vectors.Vector, Fake
    try:
        with pytest.raises(TypeError, match="the description of another class is there"):
            t.wrong("Fewer")
    finally:
        shared_vectors.Vector = real


def test_objects_outlive_calls():
    for _ in range(1000):
        t.sum([Vector(1.0, 2.0)])
    gc.collect()
    assert t.norm(t.sum([])) == 0.0
