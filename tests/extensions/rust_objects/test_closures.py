"""Rust closures as Python callables."""

import functools
import gc
import pickle
import sys
import threading
import weakref

import pytest

import rust_objects as t
from hpy_hosts import GRAALPY_HPY, OTHER_DEBUG, calls_on_threads

PYPY = sys.implementation.name == "pypy"


def test_a_closure_is_called():
    add = t.adder(3)
    assert add(4) == 7 and add(-3) == 0
    assert [t.adder(number)(1) for number in range(3)] == [1, 2, 3]
    assert callable(add)
    assert list(map(add, [1, 2])) == [4, 5]
    assert functools.partial(add, 1)() == 4
    with pytest.raises(TypeError, match=r"add\(\) needs a number"):
        add()
    with pytest.raises(TypeError):
        add("1")


def test_each_closure_has_its_own_data():
    one, other = t.counter(), t.counter()
    assert [one(), one(), other(), one()] == [1, 2, 1, 3]


def test_all_arguments_arrive():
    everything = t.everything()
    assert everything() == ([], {})
    assert everything(1, "2", None) == ([1, "2", None], {})
    assert everything(a=1, b=2) == ([], {"a": 1, "b": 2})
    assert everything(*range(9), **{"ü": 1}) == (list(range(9)), {"ü": 1})
    # GraalPy 24 has a parameter of this name before those of each object that is called.
    if not GRAALPY_HPY:
        assert everything(**{"self": 2}) == ([], {"self": 2})
    assert t.first_keyword("b")(a=1, b=2) == 2
    assert t.first_keyword("b")(a=1) == "none"


def test_name_and_docstring():
    function = t.documented("name", "What it does.")
    assert function.__name__ == function.__qualname__ == "name"
    assert function.__doc__ == "What it does."
    assert t.documented("ü", "").__doc__ is None
    assert t.documented("ü", "").__name__ == "ü"
    assert repr(function) == "<Rust function name>"
    if not PYPY and not GRAALPY_HPY:
        # There, all objects take attributes.
        with pytest.raises(AttributeError):
            function.__name__ = "other"
    with pytest.raises(AttributeError, match="'function' object has no attribute 'other'"):
        function.other
    wrapper = functools.wraps(function)(lambda: None)
    assert (wrapper.__name__, wrapper.__doc__) == ("name", "What it does.")
    assert type(function).__name__ == "function"
    # No str of Rust's can hold this name.
    assert getattr(function, "\udc80", None) is None
    assert type(function) is type(t.adder(1))


def test_nobody_else_makes_one():
    function = type(t.adder(1))
    with pytest.raises(TypeError):
        function()
    with pytest.raises(TypeError):
        type("Derived", (function,), {})
    with pytest.raises(TypeError):
        function.__call__(object())
    raw = None
    try:
        raw = object.__new__(function)
    except TypeError:
        pass
    if raw is not None:
        with pytest.raises(TypeError):
            raw()
    with pytest.raises((TypeError, pickle.PicklingError)):
        pickle.dumps(t.adder(1))


def test_errors_and_panics():
    with pytest.raises(ValueError, match="^no luck$"):
        t.failing("no luck")()
    panic = t.panicking("no luck at all")
    for _ in range(3):
        with pytest.raises(BaseException, match="no luck at all"):
            panic()


def test_a_closure_calls_python():
    add = t.calls(lambda *args: sum(args))
    assert add(1, 2, 3) == 6
    assert t.calls(dict)([("a", 1)], b=2) == {"a": 1, "b": 2}
    nested = t.calls(t.calls(t.adder(1)))
    assert nested(1) == 2
    with pytest.raises(ZeroDivisionError):
        t.calls(lambda: 1 / 0)()


def test_recursion():
    assert t.countdown_to_itself()(t.countdown_to_itself(), 20) == "done"
    recurse = t.recursive()
    with pytest.raises(RecursionError):
        recurse(recurse)
    assert t.adder(1)(1) == 2


def test_closures_are_reentrant():
    seen = []

    def again(number):
        seen.append(number)
        return function(number - 1) if number else "end"

    function = t.calls(again)
    assert function(3) == "end"
    assert seen == [3, 2, 1, 0]


class Object:
    pass


def collect():
    for _ in range(3):
        gc.collect()


def test_captured_data_ends_with_the_function():
    before = t.dropped()
    thing = Object()
    function = t.captures(thing)
    assert function() is thing
    reference = weakref.ref(thing)
    del thing
    collect()
    assert function() is reference()
    del function
    collect()
    assert t.dropped() == before + 1
    t.adder(1)(1)
    collect()
    assert reference() is None


def test_a_function_that_ends_while_it_runs():
    holder = []

    def end():
        holder.clear()
        collect()
        return "ended"

    holder.append(t.calls(end))
    assert holder[0]() == "ended"


def test_a_destructor_that_panics():
    function = t.raises_in_drop()
    assert function() == 1
    del function
    collect()
    assert t.adder(1)(1) == 2


@calls_on_threads
@pytest.mark.skipif(
    OTHER_DEBUG,
    reason="hpy's debug mode keeps the contexts of all threads on one stack, "
    "which detached threads mix up",
)
def test_threads_call_one_closure():
    count, wait = t.counter(), t.waiting()
    found = []

    def work():
        for _ in range(100):
            count()
        found.append(wait())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count() == 201
    # Both calls ran at once.
    assert max(found) >= 2


@pytest.mark.skipif(GRAALPY_HPY, reason="GraalPy 24's own HPy looks classes up by another way")
def test_as_an_attribute_of_a_class():
    class Class:
        everything = t.everything()

    # Like a built-in function, it binds no `self`.
    assert Class().everything(1) == ([1], {})
