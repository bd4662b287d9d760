"""After each step the module does what it did before: the same tests run with each, and objects go through both halves."""

import importlib
import importlib.machinery
import os
import sys

import pytest

STEPS = ["series_0", "series_1", "incremental_c"]


@pytest.fixture(params=STEPS)
def series(request):
    return importlib.import_module(request.param)


def test_functions(series):
    numbers = series.Series([1, 2.5, 4])
    assert (len(numbers), list(numbers)) == (3, [1.0, 2.5, 4.0])
    assert series.total(numbers) == 7.5
    assert series.mean(numbers) == 2.5
    scaled = series.scaled(numbers, 2)
    assert type(scaled) is series.Series
    assert list(scaled) == [2.0, 5.0, 8.0]
    assert list(numbers) == [1.0, 2.5, 4.0]


def test_errors(series):
    with pytest.raises(ValueError, match="^an empty series has no mean$"):
        series.mean(series.Series([]))
    for function, rest in [(series.total, ()), (series.mean, ()), (series.scaled, (2,))]:
        with pytest.raises(TypeError, match="^a Series is expected, not list$"):
            function([1], *rest)
    with pytest.raises(TypeError):
        series.scaled(series.Series([1]), "two")
    with pytest.raises(TypeError):
        series.mean()
    assert series.total(series.Series([])) == 0


def test_each_half_takes_what_the_other_made(series):
    numbers = series.Series(range(4))
    for _ in range(3):
        numbers = series.scaled(numbers, 0.5)
        assert series.mean(numbers) == series.total(numbers) / 4
    assert list(numbers) == [0, 0.125, 0.25, 0.375]


def test_docs_and_names(series):
    for name in "total", "mean", "scaled":
        function = getattr(series, name)
        assert function.__name__ == name
        assert function.__self__ is series
        assert "series" in function.__doc__


def test_references_are_given_up(series):
    numbers = series.Series([1, 2])
    before = sys.getrefcount(numbers)
    for _ in range(100):
        series.mean(numbers)
        series.total(numbers)
        series.scaled(numbers, 3)
        with pytest.raises(TypeError):
            series.mean(before)
    assert sys.getrefcount(numbers) == before
    made, calculated = series.Series([]), series.scaled(numbers, 1)
    assert sys.getrefcount(calculated) == sys.getrefcount(made)


def test_the_file_says_for_which_python_it_is(series):
    """In the universal ABI there is HPy's hybrid form alone, as code that uses Python.h is for one version of CPython."""
    if os.environ.get("HPY_TEST_ABI") == "universal":
        version = "%d%d%s" % (*sys.version_info[:2], sys.abiflags)
        assert series.__file__.endswith("incremental_c.hpy0-cp%s.so" % version)
    else:
        assert series.__file__.endswith(importlib.machinery.EXTENSION_SUFFIXES[0])


def test_a_step_forgotten_is_told():
    with pytest.raises(ImportError, match="series_twice has two functions mean, one in methods and one in legacy_methods"):
        import series_twice  # noqa: F401
