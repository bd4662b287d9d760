"""After each step the module does what it did before.

The same tests run with each step, and objects go through both halves.
"""

import gc
import importlib
import importlib.machinery
import os
import sys

import pytest


@pytest.fixture(params=["words_0", "incremental_pyo3"])
def words(request):
    return importlib.import_module(request.param)


def test_functions(words):
    text = words.Words("one three two")
    assert (words.count(text), words.longest(text)) == (3, "three")
    assert words.joined(text, between="-") == "one-three-two"
    upper = words.upper(text)
    assert type(upper) is words.Words
    assert repr(upper) == "Words('ONE THREE TWO')".replace("'", '"')


def test_each_half_takes_what_the_other_made(words):
    text = words.Words("a b")
    for length in range(3, 6):
        text = words.upper(text)
        text.add("new" * length)
        assert words.count(text) == length
    assert words.joined(words.upper(text)).split()[-1] == words.longest(text).upper()


def test_errors(words):
    with pytest.raises(ValueError, match="^there are no words$"):
        words.longest(words.Words(""))
    for function in words.count, words.longest, words.upper, words.joined:
        with pytest.raises(TypeError, match="Words"):
            function("text")
        with pytest.raises(TypeError):
            function()


def test_what_one_half_borrows_the_other_respects(words):
    text, seen = words.Words("a b"), []

    def look():
        for function in words.count, words.joined:
            with pytest.raises(RuntimeError, match="[Aa]lready mutably borrowed"):
                function(text)
            seen.append(function)

    text.while_in_use(look)
    assert len(seen) == 2
    assert words.count(text) == 2


def test_exceptions_go_through(words):
    class Strange(Exception):
        pass

    def fails():
        raise Strange("of Python's own")

    with pytest.raises(Strange, match="^of Python's own$"):
        words.Words("a").while_in_use(fails)


def test_references_are_given_up(words):
    text = words.Words("one two")
    before = sys.getrefcount(text)
    for _ in range(100):
        words.count(text)
        words.longest(text)
        words.upper(text)
        with pytest.raises(TypeError):
            words.count(words)
    gc.collect()
    assert sys.getrefcount(text) == before
    made, calculated = words.Words(""), words.upper(text)
    assert sys.getrefcount(calculated) == sys.getrefcount(made)


def test_the_file_says_for_which_python_it_is(words):
    """PyO3 is for one version of CPython, so the universal ABI has HPy's hybrid form alone."""
    if os.environ.get("HPY_TEST_ABI") == "universal":
        version = "%d%d%s" % (*sys.version_info[:2], sys.abiflags)
        assert words.__file__.endswith("incremental_pyo3.hpy0-cp%s.so" % version)
    else:
        assert words.__file__.endswith(importlib.machinery.EXTENSION_SUFFIXES[0])


def test_a_step_forgotten_is_told():
    with pytest.raises(ImportError, match="^count is in both halves$"):
        import words_twice  # noqa: F401
