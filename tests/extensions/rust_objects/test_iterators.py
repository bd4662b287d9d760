"""Rust iterators as Python iterators."""

import collections.abc
import gc
import itertools
import operator
import sys
import threading

import pytest

import rust_objects as t
from hpy_hosts import calls_on_threads


def test_items():
    assert list(t.squares(5)) == [0, 1, 4, 9, 16]
    assert tuple(t.words(" one  two ")) == ("one", "two")
    assert sum(t.squares(1000)) == sum(number * number for number in range(1000))
    first, *others = t.squares(4)
    assert (first, others) == (0, [1, 4, 9])
    assert list(itertools.islice(t.endless(), 3)) == ["again"] * 3
    assert list(zip(t.squares(3), "abc")) == [(0, "a"), (1, "b"), (4, "c")]
    assert list(t.numbers_of([1, 2.5])) == [1.0, 2.5]
    assert list(t.numbers_of(t.squares(3))) == [0.0, 1.0, 4.0]


def test_it_is_an_iterator():
    iterator = t.squares(2)
    assert iter(iterator) is iterator
    assert isinstance(iterator, collections.abc.Iterator)
    assert next(iterator) == 0
    assert iterator.__next__() == 1
    for _ in range(3):
        with pytest.raises(StopIteration) as ended:
            next(iterator)
        assert ended.value.args in ((), (None,)) and ended.value.value is None
    assert next(iterator, "end") == "end"
    assert list(iterator) == []
    assert type(iterator).__name__ == "iterator"

    def delegates():
        return (yield from t.squares(2))

    generator = delegates()
    assert [next(generator), next(generator)] == [0, 1]
    with pytest.raises(StopIteration) as ended:
        next(generator)
    assert ended.value.value is None
    with pytest.raises(TypeError):
        type(iterator)()


def test_length_hints():
    iterator = t.squares(3)
    assert operator.length_hint(iterator, -1) == 3
    next(iterator)
    assert operator.length_hint(iterator, -1) == 2
    assert list(iterator) == [1, 4]
    assert operator.length_hint(iterator, -1) == 0
    assert operator.length_hint(t.unknown_length(4), 17) == 17
    assert operator.length_hint(t.endless(), 17) == 17
    # More than Python has lengths for.
    assert operator.length_hint(t.huge(), 17) == 17
    assert list(t.unknown_length(5)) == [0, 2, 4]


def test_errors_are_items():
    iterator = t.results(4)
    assert next(iterator) == 0
    with pytest.raises(ValueError, match="1 is odd"):
        next(iterator)
    assert next(iterator) == 2
    with pytest.raises(ValueError, match="3 is odd"):
        next(iterator)
    assert next(iterator, "end") == "end"


def test_a_panic_ends_the_iteration():
    iterator = t.panics()
    assert next(iterator) == 0
    with pytest.raises(BaseException, match="no second item"):
        next(iterator)
    assert next(iterator, "end") == "end"
    assert operator.length_hint(iterator, -1) == 0
    assert list(iterator) == []


def test_it_is_not_reentrant():
    found = []

    def look():
        found.append(operator.length_hint(iterator, 17))
        with pytest.raises(ValueError, match="^iterator already executing$"):
            next(iterator)
        return len(found)

    iterator = t.lends(look)
    assert list(iterator) == [1, 2, 3]
    # While an item is computed, nobody knows how many are left.
    assert found[1:] == [17, 17] or found == [17, 17, 17]


def test_items_that_call_python():
    assert list(t.lends(lambda: "item")) == ["item"] * 3
    iterator = t.lends(lambda: 1 / 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            next(iterator)
    assert next(iterator, "end") == "end"


def test_a_class_that_is_iterated():
    bag, before = t.Bag(3), t.dropped_iterators()
    assert list(bag) == [2, 1, 0] == list(bag)
    gc.collect()
    # Each was dropped at its end.
    assert t.dropped_iterators() == before + 2
    iterator = iter(bag)
    assert next(iterator) == 2
    del iterator
    for _ in range(3):
        gc.collect()
    assert t.dropped_iterators() == before + 3
    assert 1 in bag and 3 not in bag


def test_a_python_iterator_goes_through_rust():
    assert list(t.after_first("abc")) == ["b", "c"]
    source = iter([1, 2, 3])
    rest = t.after_first(source)
    assert rest is source and list(rest) == [2, 3]
    # Rust has seen its end.
    assert list(t.after_first([])) == []
    with pytest.raises(TypeError):
        t.after_first(1)


def test_an_iterator_that_is_its_own():
    countdown = t.Countdown(left=3)
    assert iter(countdown) is countdown
    assert list(countdown) == [2, 1, 0]


@calls_on_threads
def test_threads_share_an_iterator():
    count = 1000
    iterator, found, clashes = t.squares(count), [], []

    def work():
        while True:
            try:
                found.append(next(iterator))
            except StopIteration:
                return
            except ValueError as error:
                clashes.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [number * number for number in range(count)]
    # Only without the GIL can they meet.
    assert set(clashes) <= {"iterator already executing"}
    if getattr(sys, "_is_gil_enabled", lambda: True)():
        assert clashes == []
