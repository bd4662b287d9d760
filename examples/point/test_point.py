"""Points, as Python code uses them."""

import copy
import inspect
import math
import os
import pickle
import subprocess
import sys

import pytest

import point
from point import Point, centre

CPYTHON = sys.implementation.name == "cpython"
# Its own HPy does not look at what a setter returns.
PYPY7 = sys.implementation.name == "pypy" and sys.pypy_version_info < (8,)

HERE = os.path.dirname(os.path.abspath(__file__))


def test_it_is_made():
    assert (Point().x, Point().y) == (0, 0)
    assert (Point(1).x, Point(1, y=2).y) == (1, 2)
    assert repr(Point(1, -0.5)) == "Point(1.0, -0.5)"
    with pytest.raises(TypeError):
        Point("1")
    with pytest.raises(TypeError):
        Point(1, 2, 3)
    with pytest.raises(TypeError):
        Point(z=1)


def test_other_ways_to_make_one():
    turned = Point.polar(math.pi / 2, length=2)
    assert abs(turned.x) < 1e-15 and turned.y == 2
    assert Point.parse("1.5, 2") == Point(1.5, 2)
    with pytest.raises(ValueError, match="two numbers"):
        Point.parse("1.5")
    with pytest.raises(ValueError):
        Point.parse("one, two")


def test_attributes():
    place = Point(3, 4)
    place.x = 6
    place.y *= 2
    assert place.norm() == abs(place) == 10
    place.angle = 0
    assert place == Point(10, 0)
    assert Point.DIMENSIONS == 2
    if not PYPY7:
        with pytest.raises(TypeError):
            place.x = "far"
        with pytest.raises(TypeError):
            place.angle = None
    if CPYTHON:  # On others objects of such types take any attribute.
        with pytest.raises(AttributeError):
            place.z = 1


def test_operators():
    assert Point(1, 2) + Point(3, 4) == Point(4, 6)
    assert Point(1, 2) - Point(3, 5) == Point(-2, -3)
    assert Point(1, 2) * 2 == 2 * Point(1, 2) == Point(2, 4)
    assert Point(1, 2) / 2 == Point(0.5, 1)
    assert Point(1, 2) @ Point(3, 4) == 11
    assert -Point(1, 2) == Point(-1, -2)
    assert Point(0, 1) and not Point()
    with pytest.raises(ZeroDivisionError):
        Point(1, 2) / 0
    for wrong in (
        lambda: Point() + 1,
        lambda: 1 + Point(),
        lambda: Point() * Point(),
        lambda: Point() @ 1,
    ):
        with pytest.raises(TypeError):
            wrong()
    assert Point() != (0, 0) and Point() != 0


def test_in_place():
    place = same = Point(1, 2)
    place += 1, 1
    assert place is same and place == Point(2, 3)
    place.shift(dy=-3)
    assert same == Point(2, 0)


def test_it_can_be_unpacked():
    x, y = Point(1, 2)
    assert (x, y) == (1, 2) == tuple(Point(1, 2))
    assert [Point(1, 2)[index] for index in (0, 1, -1, -2)] == [1, 2, 2, 1]
    assert len(Point()) == 2 and 4 in Point(4, 5) and 6 not in Point(4, 5)
    with pytest.raises(IndexError):
        Point()[2]
    coordinates = iter(Point(1, 2))
    assert (
        iter(coordinates) is coordinates and list(coordinates) == [1, 2] and list(coordinates) == []
    )


def test_it_is_not_hashable_since_it_changes():
    with pytest.raises(TypeError, match="unhashable"):
        hash(Point())


def test_copies():
    place = Point(1, 2)
    for same in (copy.copy(place), copy.deepcopy(place), pickle.loads(pickle.dumps(place))):
        assert same == place and same is not place and type(same) is Point


def test_functions_take_points():
    assert centre([Point(0, 0), Point(2, 4)]) == Point(1, 2)
    with pytest.raises(ValueError):
        centre([])
    with pytest.raises(TypeError):
        centre([Point(), 1])
    assert Point(0, 0).distance(Point(3, 4)) == 5


def test_it_is_described():
    assert Point.__name__ == "Point" and Point.__module__ == "point"
    assert "in the plane" in Point.__doc__
    if CPYTHON:
        assert str(inspect.signature(Point.shift)) == "(self, /, dx=0.0, dy=0.0)"
    assert point.__doc__ == "Points in the plane."


def test_main():
    run = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    middle, diagonal, refused = run.stdout.splitlines()[-3:]
    assert middle == "the middle of the square: Point(1.0, 1.0)"
    # The last digit is that of each library's own hypot.
    what, length = diagonal.split(": ")
    assert what == "its diagonal" and math.isclose(float(length), math.hypot(2, 2), rel_tol=1e-15)
    assert refused == 'ValueError: two numbers belong here, not "north"'
