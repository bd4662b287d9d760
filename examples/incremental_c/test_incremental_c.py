"""After each step the module does what it did before.

The same tests run with each step, and objects go through both halves.
"""

import gc
import importlib
import importlib.machinery
import os
import sys

import pytest

STEPS = ["series_0", "series_1", "incremental_c", "series_3"]


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
        with pytest.raises(TypeError, match="Series.*list"):
            function([1], *rest)
    with pytest.raises(TypeError):
        series.scaled(series.Series([1]), "two")
    with pytest.raises(TypeError):
        series.mean()
    with pytest.raises(IndexError, match="^there is no such number in the series$"):
        series.Series([1])[1]
    with pytest.raises(TypeError):
        series.Series(["one"])
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
    """Code that uses Python.h is for one version of CPython.

    So the universal ABI has HPy's hybrid form alone.
    """
    if os.environ.get("HPY_TEST_ABI") == "universal":
        version = "%d%d%s" % (*sys.version_info[:2], sys.abiflags)
        assert series.__file__.endswith("incremental_c.hpy0-cp%s.so" % version)
    else:
        assert series.__file__.endswith(importlib.machinery.EXTENSION_SUFFIXES[0])


def test_slots_in_c_of_a_type_in_rust():
    from series_3 import Series, alive

    class Subclass(Series):
        pass

    before = alive()
    for cls in Series, Subclass:
        series = cls([1, 2, 1])
        assert (series[0], series[-1], series.count(1), series.last) == (1.0, 1.0, 2, 1.0)
        series.append(7)
        assert (series.last, len(series), list(series)) == (7.0, 4, [1.0, 2.0, 1.0, 7.0])
        assert alive() == before + 1
        with pytest.raises(AttributeError):
            series.last = 2
        with pytest.raises(TypeError):
            series.count("one")
        del series
    assert alive() == before
    assert (Series.count.__doc__, Series.last.__doc__) == (
        "How often a number is in the series.", "The last number.",
    )
    assert Series.__doc__ == "Numbers in a row."
    with pytest.raises(TypeError):
        Series.count([1], 1)


def test_the_collector_finds_what_the_type_holds():
    from series_3 import Series, alive

    before = alive()
    for _ in range(10):
        series = Series([1, 2])
        series.note = [series]
        assert series.note[0] is series
    del series
    gc.collect()
    assert alive() == before


def test_c_does_not_see_what_rust_has_for_itself():
    from series_3 import Series

    series = Series([1])
    seen = []

    def look():
        for function in (
            (lambda: series[0]),
            (lambda: series.last),
            (lambda: series.count(1)),
            (lambda: len(series)),
        ):
            with pytest.raises(RuntimeError) as caught:
                function()
            seen.append(str(caught.value))

    series.while_in_use(look)
    assert seen[:3] == ["the series is in use"] * 3
    assert "borrowed" in seen[3]
    assert series.last == 1


def test_slots_that_are_rusts_are_refused():
    import series_3

    with pytest.raises(
        ImportError,
        match="^the legacy_slots of Twice have slot 45, which it has in Rust too: "
        "take it out of the table in C$",
    ):
        series_3.make(True)
    with pytest.raises(
        ImportError, match="^the legacy_slots of Dealloc have slot 52, which is for Rust to fill$"
    ):
        series_3.make(False)


def test_a_step_forgotten_is_told():
    with pytest.raises(
        ImportError,
        match="series_twice has two functions mean, one in methods and one in legacy_methods",
    ):
        import series_twice  # noqa: F401
