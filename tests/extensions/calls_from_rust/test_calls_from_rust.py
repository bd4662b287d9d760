"""Calls from Rust into Python."""

import functools
import sys

import pytest

import calls_from_rust
from hpy_hosts import PYPYS_DEBUG, PYPY_HPY, THREADS, calls_on_threads, in_thread


def everything(*args, **keywords):
    return args, keywords


def test_call_without_arguments():
    assert calls_from_rust.call0(everything) == ((), {})
    assert calls_from_rust.call0(dict) == {}


def test_call_with_arguments():
    assert calls_from_rust.call1(everything, (1, "two", None)) == ((1, "two", None), {})
    assert calls_from_rust.call1(everything, ()) == ((), {})
    assert calls_from_rust.call1(max, (3, 5)) == 5


def test_arguments_in_every_form():
    results = calls_from_rust.call_in_every_form(everything)
    expected = [(), (1,), (1, "two"), (1, "two", 3.0)]
    expected += [tuple(range(1, n + 1)) for n in range(4, 13)]
    expected += [(1, 2, 3), ("a", "b")]
    assert results == [(args, {}) for args in expected]


@pytest.mark.parametrize("count", [0, 1, 255, 256, 100_000])
def test_many_arguments(count):
    if PYPYS_DEBUG and count > 10_000:
        pytest.skip("PyPy's debug mode keeps arguments on the stack, and takes this for its end")
    args, _ = calls_from_rust.call_with_many(everything, count)
    assert args == tuple(range(count))


def test_call_of_what_can_not_be_called():
    for call in (
        lambda: calls_from_rust.call0(5),
        lambda: calls_from_rust.call1(None, (1,)),
        lambda: calls_from_rust.call("x", (), {"a": 1}),
    ):
        with pytest.raises(TypeError, match="not callable"):
            call()


@pytest.mark.parametrize(
    "value", [0, 1, -1, 7, 77, 300, 1500, 2**31 - 1, -(2**31), 2**80, 0.0, -1.5, True]
)
def test_numbers_can_not_be_called(value):
    for call in (
        lambda: calls_from_rust.call0(value),
        lambda: calls_from_rust.call1(value, (value,)),
        lambda: calls_from_rust.call(value, (value,), {"a": value}),
        lambda: calls_from_rust.call(value, (), {}),
    ):
        with pytest.raises(TypeError, match="not callable"):
            call()
    with pytest.raises(AttributeError, match="append"):
        calls_from_rust.call_method("str", value, "append", (value,))


def test_error_in_the_call():
    error = KeyError("x")

    def function(*args, **keywords):
        raise error

    for call in (
        lambda: calls_from_rust.call0(function),
        lambda: calls_from_rust.call1(function, (1,)),
        lambda: calls_from_rust.call(function, (), {"a": 1}),
    ):
        with pytest.raises(KeyError) as caught:
            call()
        assert caught.value is error
    with pytest.raises(TypeError):
        calls_from_rust.call1(lambda: None, (1,))


# Keywords


def test_keywords():
    assert calls_from_rust.call(everything, (1,), {"a": 2, "h\xe9": 3}) == (
        (1,), {"a": 2, "h\xe9": 3},
    )
    assert calls_from_rust.call(everything, (), {"a\0b": 1}) == ((), {"a\0b": 1})
    assert calls_from_rust.call(everything, (1,), None) == ((1,), {})
    assert calls_from_rust.call(everything, (1,), {}) == ((1,), {})
    assert list(calls_from_rust.call(everything, (), {"b": 1, "a": 2})[1]) == ["b", "a"]


def test_keywords_in_every_form():
    given = {"x": 1}
    results = calls_from_rust.call_with_keywords_in_every_form(everything, given)
    assert results == [
        ((1,), {"a": 2, "b": 3}),
        ((), {"a": "x"}),
        ((1, 2), {"h\xe9": given}),
        ((1,), given),
        ((1,), given),
        ((1,), {}),
        ((1,), {}),
    ]


def test_keywords_of_python_functions():
    def function(a, b=2, *, c=3):
        return a, b, c

    assert calls_from_rust.call(function, (1,), {"c": 4}) == (1, 2, 4)
    with pytest.raises(TypeError, match="multiple values"):
        calls_from_rust.call(function, (1,), {"a": 4})
    with pytest.raises(TypeError, match="unexpected keyword"):
        calls_from_rust.call(function, (1,), {"d": 4})
    assert calls_from_rust.call(dict, (), {"a": 1}) == {"a": 1}
    assert calls_from_rust.call(int, ("ff",), {"base": 16}) == 255


@pytest.mark.parametrize("key", [5, None, b"a", ("a",)])
def test_keywords_that_are_no_text(key):
    with pytest.raises(TypeError):
        calls_from_rust.call(everything, (), {"a": 1, key: 2})


def test_keywords_of_odd_text():
    class Text(str):
        def __eq__(self, other):
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    assert calls_from_rust.call(everything, (), {Text("a"): 1}) == ((), {"a": 1})
    assert calls_from_rust.call(everything, (), {"\ud800": 1}) == ((), {"\ud800": 1})
    assert calls_from_rust.call(everything, (), {"": 1}) == ((), {"": 1})


def test_many_keywords():
    keywords = {"k%d" % n: n for n in range(10_000)}
    assert calls_from_rust.call(everything, (1,), keywords) == ((1,), keywords)


def test_the_same_keyword_twice():
    # What a caller in Python can't write is the last of them, or an error.
    try:
        result = calls_from_rust.call_with_doubled_keyword(everything)
    except TypeError as error:
        assert "a" in str(error)
    else:
        assert result in [((), {"a": 1}), ((), {"a": 2})]


def test_dict_of_keywords_that_changes_during_the_call():
    keywords = {"a": 1, "b": 2}

    def function(**received):
        keywords.clear()
        return received

    assert calls_from_rust.call(function, (), keywords) == {"a": 1, "b": 2}


# Methods


class Receiver:
    def method(self, *args, **keywords):
        return self, args, keywords

    def __getattr__(self, name):
        if name in ("a\0b", "\ud800", "h\xe9", "x" * 1000):
            return lambda *args: (name, args)
        raise AttributeError(name)


@pytest.mark.parametrize("form", ["str", "String", "CStr", "handle"])
def test_methods(form):
    receiver = Receiver()
    assert calls_from_rust.call_method(form, receiver, "method", (1, 2)) == (receiver, (1, 2), {})
    assert calls_from_rust.call_method(form, receiver, "method", ()) == (receiver, (), {})
    assert calls_from_rust.call_method(form, "a,b", "split", (",",)) == ["a", "b"]
    for name in ("h\xe9", "x" * 1000):
        assert calls_from_rust.call_method(form, receiver, name, (1,)) == (name, (1,))
    with pytest.raises(AttributeError, match="missing"):
        calls_from_rust.call_method(form, receiver, "missing", ())
    with pytest.raises(AttributeError):
        calls_from_rust.call_method(form, 5, "missing", (1,))
    with pytest.raises(TypeError):
        calls_from_rust.call_method(form, "a", "split", (1, 2, 3))


def test_method_names_with_nul():
    receiver = Receiver()
    for form in ("str", "String", "CStr"):
        with pytest.raises(ValueError):
            calls_from_rust.call_method(form, receiver, "a\0b", ())
    for name in ("a\0b", "\ud800"):
        assert calls_from_rust.call_method("handle", receiver, name, (1,)) == (name, (1,))


def test_methods_without_arguments_and_with_keywords():
    receiver = Receiver()
    assert calls_from_rust.call_method0([2, 1], "copy") == [2, 1]
    result = calls_from_rust.call_method_with_keywords(receiver, "method", {"a": 1})
    assert result == (receiver, ("positional",), {"a": 1})
    assert calls_from_rust.call_method_with_keywords(receiver, "method", {}) == (
        receiver, ("positional",), {},
    )


def test_methods_of_every_kind():
    class Kinds:
        @staticmethod
        def static(*args):
            return args

        @classmethod
        def of_class(cls, *args):
            return cls, args

        @property
        def prop(self):
            return everything

    kinds = Kinds()
    kinds.own = everything
    assert calls_from_rust.call_method("str", kinds, "static", (1,)) == (1,)
    assert calls_from_rust.call_method("str", kinds, "of_class", (1,)) == (Kinds, (1,))
    assert calls_from_rust.call_method("str", kinds, "prop", (1,)) == ((1,), {})
    assert calls_from_rust.call_method("str", kinds, "own", (1,)) == ((1,), {})
    assert calls_from_rust.call_method("str", Kinds, "static", (1,)) == (1,)


# By macro


EVERY_MACRO_FORM = [
    ((), {}),
    ((), {}),
    ((1,), {}),
    ((1, "two"), {}),
    ((), {"key": 1}),
    ((1, "two"), {"a": 1.5, "b": [1, 2], "type": None, "fn": True}),
    (tuple(range(1, 12)), {"l": 12}),
]


def test_macro_in_every_form():
    for _ in range(3):
        found = calls_from_rust.macro_in_every_form(everything)
        assert found == EVERY_MACRO_FORM
        assert [list(keywords) for _, keywords in found] == [
            list(keywords) for _, keywords in EVERY_MACRO_FORM
        ]


def test_macro_on_other_callables():
    class Callable:
        def __call__(self, *args, **keywords):
            return args, keywords

    assert calls_from_rust.macro_in_every_form(Callable()) == EVERY_MACRO_FORM
    with pytest.raises(TypeError, match="callable"):
        calls_from_rust.macro_in_every_form(42)

    def fails(*args, **keywords):
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        calls_from_rust.macro_in_every_form(fails)


def test_method_macro_in_every_form():
    class Object:
        def method(self, *args, **keywords):
            return args, keywords

    object = Object()
    assert calls_from_rust.method_macro_in_every_form(object) == [
        ((), {}),
        ((1,), {}),
        ((1, "two"), {}),
        ((), {"key": 1}),
        ((1,), {"key": 1, "other": object}),
    ]
    with pytest.raises(AttributeError, match="method"):
        calls_from_rust.method_macro_in_every_form(1)


def test_macros_on_known_types():
    assert calls_from_rust.sorted_words("b a c d e") == ["d e", "c", "b", "a"]


# Recursion


def test_recursion_to_a_depth():
    def down(depth):
        return 0 if depth == 0 else 1 + calls_from_rust.recurse(down, depth - 1)

    assert down(100) == 100


def test_endless_recursion_raises():
    def forever(depth):
        return calls_from_rust.recurse(forever, depth + 1)

    for _ in range(3):
        with pytest.raises(RecursionError):
            forever(0)
    # And afterwards all is well.
    assert calls_from_rust.call0(everything) == ((), {})


def recurse_forever(depth=0):
    return calls_from_rust.recurse(recurse_forever, depth + 1)


@calls_on_threads
@pytest.mark.parametrize("kilobytes", THREADS)
def test_endless_recursion_in_a_thread(kilobytes):
    def run():
        loop = functools.partial(calls_from_rust.call0)
        loop.__setstate__((calls_from_rust.call0, (loop,), {}, {}))
        for function in (lambda: calls_from_rust.call0(loop), recurse_forever):
            with pytest.raises(RecursionError):
                function()
        loop.__setstate__((int, (), {}, {}))
        return True

    assert in_thread(kilobytes, run)


@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="other interpreters allow for as much in any thread",
)
def test_endless_recursion_where_a_larger_stack_was():
    def run():
        with pytest.raises(RecursionError):
            recurse_forever()
        return True

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10**6)
    try:
        # The stack of the first is given back when it ends. Those of the others lie within.
        for kilobytes in [64 << 10] + THREADS:
            assert in_thread(kilobytes, run)
    finally:
        sys.setrecursionlimit(limit)


def test_endless_recursion_without_a_python_function_between():
    if PYPY_HPY:
        pytest.skip("PyPy's own HPy functions abort if the stack ends right within them")
    with pytest.raises((RecursionError, TypeError)):
        function = functools.partial(calls_from_rust.recurse)
        calls_from_rust.recurse(function, 1)
    loop = functools.partial(calls_from_rust.call0)
    loop.__setstate__((calls_from_rust.call0, (loop,), {}, {}))
    with pytest.raises(RecursionError):
        calls_from_rust.call0(loop)
    loop.__setstate__((int, (), {}, {}))


@pytest.mark.parametrize("way", ["repr", "eq", "getattr", "iter", "item"])
def test_endless_recursion_by_special_methods(way):
    if PYPY_HPY:
        pytest.skip("PyPy's own HPy functions abort if the stack ends right within them")

    class Recursive:
        def again(self, *args):
            return calls_from_rust.recurse_by(way, self)

        __repr__ = __eq__ = __iter__ = __getitem__ = again
        __hash__ = None

        def __getattr__(self, name):
            if name != "missing":
                raise AttributeError(name)
            return self.again()

    with pytest.raises(RecursionError):
        calls_from_rust.recurse_by(way, Recursive())
    assert sys.exc_info() == (None, None, None)
