"""Matrices, as Python code uses them."""

import gc
import os
import random
import subprocess
import sys

import pytest

from matrix import Matrix

try:
    import numpy
except ImportError:
    numpy = None

HERE = os.path.dirname(os.path.abspath(__file__))


def test_making():
    assert Matrix([[1, 2, 3], [4, 5, 6]]).shape == (2, 3)
    assert Matrix([]).shape == (0, 0) and Matrix([[], []]).shape == (2, 0)
    assert Matrix(((1, 2), [True, 4.5])).tolist() == [[1, 2], [1, 4.5]]
    assert (
        Matrix.identity(3).tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        and Matrix.identity(0).shape == (0, 0)
    )
    with pytest.raises(ValueError):
        Matrix([[1], [2, 3]])
    for wrong in (1, None, [1], [["1"]], "12"):
        with pytest.raises(TypeError):
            Matrix(wrong)
    for size in (1 << 31, 1 << 62):
        with pytest.raises((MemoryError, OverflowError)):
            Matrix.identity(size)
    tall = Matrix([[]] * (1 << 19))
    with pytest.raises(MemoryError):
        tall @ tall.T


def test_items():
    m = Matrix([[1, 2, 3], [4, 5, 6]])
    assert (m[0, 0], m[1, 2], m[-1, -1], m[-2, 1]) == (1, 6, 6, 2)
    m[1, 0] = 40
    assert m.tolist() == [[1, 2, 3], [40, 5, 6]]
    for index in ((2, 0), (0, 3), (-3, 0), (0, -4)):
        with pytest.raises(IndexError):
            m[index]
        with pytest.raises(IndexError):
            m[index] = 1
    for index in (0, (0,), (0, 0, 0), ("0", 0), None):
        with pytest.raises((TypeError, ValueError)):
            m[index]


def test_rows():
    m = Matrix([[1, 2], [3, 4], [5, 6]])
    assert list(m) == [[1, 2], [3, 4], [5, 6]] and len(m) == 3
    rows = iter(m)
    assert next(rows) == [1, 2]
    m[1, 1] = 40
    del m
    gc.collect()
    assert list(rows) == [[3, 40], [5, 6]] and list(rows) == [] and next(rows, "end") == "end"
    assert list(Matrix([[], []])) == [[], []]


def test_calculations():
    m, n = Matrix([[1, 2], [3, 4]]), Matrix([[5, 6], [7, 8]])
    assert (m + n).tolist() == [[6, 8], [10, 12]] and (n - m).tolist() == [[4, 4], [4, 4]]
    assert (
        (m * 2).tolist() == (2 * m).tolist() == [[2, 4], [6, 8]]
        and (m / 2).tolist() == [[0.5, 1], [1.5, 2]]
    )
    assert (-m).tolist() == [[-1, -2], [-3, -4]] and (m @ n).tolist() == [[19, 22], [43, 50]]
    assert m @ Matrix.identity(2) == m and m.T.tolist() == [[1, 3], [2, 4]] and m.T.T == m != m.T
    assert m + m == 2 * m and m @ m == Matrix([[7, 10], [15, 22]])
    before = m
    m *= 3
    assert m is before and m.tolist() == [[3, 6], [9, 12]]
    wide = Matrix([[1, 2, 3]])
    assert (wide @ wide.T).tolist() == [[14]] and (wide.T @ wide).shape == (3, 3)


def test_calculations_that_fail():
    m = Matrix([[1, 2], [3, 4]])
    for calculation in (lambda: m + Matrix([[1]]), lambda: m @ Matrix([[1, 2]])):
        with pytest.raises(ValueError):
            calculation()
    with pytest.raises(ZeroDivisionError):
        m / 0
    for calculation in (
        lambda: m + 1,
        lambda: m @ 2,
        lambda: m * "a",
        lambda: "a" - m,
        lambda: m * m,
        lambda: 1 / m,
    ):
        with pytest.raises(TypeError):
            calculation()
    assert m != 1 and m.tolist() == [[1, 2], [3, 4]]


def test_products_are_those_of_lists():
    chance = random.Random(1)
    for _ in range(30):
        rows, inner, columns = (chance.randrange(1, 6) for _ in range(3))
        one = [[chance.gauss(0, 1) for _ in range(inner)] for _ in range(rows)]
        two = [[chance.gauss(0, 1) for _ in range(columns)] for _ in range(inner)]
        expected = [[0.0] * columns for _ in range(rows)]
        for row in range(rows):
            for column in range(columns):
                for place in range(inner):
                    expected[row][column] += one[row][place] * two[place][column]
        assert (Matrix(one) @ Matrix(two)).tolist() == expected


def test_text():
    assert repr(Matrix([[1, 2.5], [1e16, -0.0]])) == "Matrix([[1.0, 2.5], [1e+16, -0.0]])"


def test_memory():
    m = Matrix([[1, 2, 3], [4, 5, 6]])
    view = memoryview(m)
    assert (view.format, view.ndim, tuple(view.shape), tuple(view.strides)) == (
        "d", 2, (2, 3), (24, 8),
    )
    assert view.tolist() == [[1, 2, 3], [4, 5, 6]] and not view.readonly
    m[1, 1] = 50
    m *= 2
    assert view.tolist() == m.tolist() == [[2, 4, 6], [8, 100, 12]]
    del m
    gc.collect()
    assert view.tolist() == [[2, 4, 6], [8, 100, 12]]


@pytest.mark.skipif(numpy is None, reason="there is no numpy for this interpreter")
def test_numpy():
    m = Matrix([[1, 2], [3, 4]])
    seen = numpy.asarray(m)
    seen[0] = 10
    assert m.tolist() == [[10, 10], [3, 4]] and (seen @ seen).tolist() == (m @ m).tolist()


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
        "Matrix([[7.0, 10.0], [15.0, 22.0]]) Matrix([[1.0, 2.0], [3.0, 4.0]]) 3.0",
        "[1.0, 2.0]",
        "[3.0, 4.0]",
        "(2, 2) [[1.0, 2.0], [3.0, 4.0]]",
    ]
