"""What the proof of concept in Rust does where the one in C leaves it to chance."""

import gc
import os
import subprocess
import sys

import pytest

import pof
import pofcpp

CPYTHON = sys.implementation.name == "cpython"
HERE = os.path.dirname(os.path.abspath(__file__))


@pytest.fixture(params=[pof, pofcpp], ids=["pof", "pofcpp"])
def half(request):
    return request.param


def test_sums(half):
    assert half.add_ints(-(2**63), 2**63 - 1) == -1 and half.add_ints_kw(1, b=2) == 3
    for calculation in (
        lambda: half.add_ints(2**63 - 1, 1),
        lambda: half.add_ints_kw(a=-(2**63), b=-1),
        lambda: half.add_ints(2**63, 0),
    ):
        with pytest.raises(OverflowError):
            calculation()
    for calculation in (
        lambda: half.add_ints(1),
        lambda: half.add_ints("1", 2),
        lambda: half.add_ints_kw(1, c=2),
        lambda: half.do_nothing(1),
    ):
        with pytest.raises(TypeError):
            calculation()


def test_what_is_doubled_is_any_object(half):
    assert half.double("ab") == "abab" and half.double([1]) == [1, 1]
    with pytest.raises(TypeError):
        half.double(None)


def test_points(half):
    assert repr(half.Point(1.5, -2)) == "Point(1.5, -2)"
    for arguments in ((), (1,), (1, "2"), (1, 2, 3)):
        with pytest.raises(TypeError):
            half.Point(*arguments)


def test_points_of_the_halves_are_not_of_one_type():
    assert pof.Point is not pofcpp.Point and not isinstance(pof.Point(1, 2), pofcpp.Point)


@pytest.mark.skipif(
    not CPYTHON, reason="PyPy and GraalPy end objects in a later collection, not at once"
)
def test_points_are_dropped():
    before = pofcpp.alive()
    points = [pofcpp.Point(1, place) for place in range(5)]
    assert pofcpp.alive() == before + 5
    del points
    gc.collect()
    assert pofcpp.alive() == before


def test_main():
    found = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=120,
        check=True,
    )
    assert found.stdout.splitlines() == ["42 42 42", "Point(1, 2) Point(1, 2)"]
