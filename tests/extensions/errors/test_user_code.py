"""Errors that Python code raises while its objects are converted arrive as the same object."""

import collections.abc
import os
import traceback

import pytest
from hpy_hosts import GRAALPY_HPY, PYPY_HPY

import errors

# Exceptions have notes since 3.11.
HAS_NOTES = hasattr(BaseException, "add_note")


class MyTypeError(TypeError):
    """One of the user's own."""


KINDS = [
    TypeError, ValueError, OverflowError, MyTypeError, KeyError, AttributeError, ZeroDivisionError,
    RuntimeError, LookupError,
]


class Raises:
    """Raises its error wherever it is asked for something."""

    def __init__(self, error):
        self.error = error

    def fail(self, *args):
        raise self.error


def with_methods(*names, **others):
    """A class whose methods of these names raise, each in a function of its own name."""

    def method(name):
        def function(self, *args):
            raise self.error

        function.__name__ = name
        return function

    return type("Given", (Raises,), dict({name: method(name) for name in names}, **others))


Index = with_methods("__index__")
Float = with_methods("__float__")
Iter = with_methods("__iter__")
Len = with_methods("__len__", __iter__=lambda self: iter(()))
Next = with_methods("__next__", __iter__=lambda self: self)
Items = with_methods("__getitem__", __len__=lambda self: 2)
Keys = with_methods("keys", __getitem__=lambda self, key: 1)
Values = with_methods("__getitem__", keys=lambda self: ["a"])
Path = with_methods("__fspath__")


class KeysAttribute(Raises):
    @property
    def keys(self):
        raise self.error


class Port(Raises):
    @property
    def port(self):
        raise self.error


class X(Raises):
    @property
    def x(self):
        raise self.error


def generator(error):
    yield 1
    raise error


class SetWith(set):
    def __iter__(self):
        raise self.error


class Key:
    """Equal to a str, and raises in being compared."""

    def __init__(self, error):
        self.error = error

    def __hash__(self):
        return hash("name")

    def __eq__(self, other):
        raise self.error


def set_with(error):
    given = SetWith()
    given.error = error
    return given


def index_pair(error):
    return (Index(error), 1.0)


def doubled(error):
    errors.Taker(1).doubled = Index(error)


def value(error):
    errors.Taker(1).value = Index(error)


def set_item(error):
    errors.Taker(1)[0] = Index(error)


def in_place(error):
    taker = errors.Taker(1)
    taker += Index(error)


# A call that asks an object for something, and the places that the notes of the error name.
ASKED = {
    "int": (lambda e: errors.take_i64(Index(e)), ["argument 'value' of take_i64()"]),
    "unsigned": (lambda e: errors.take_u64(Index(e)), ["argument 'value' of take_u64()"]),
    "byte": (lambda e: errors.take_u8(Index(e)), ["argument 'value' of take_u8()"]),
    "wide": (lambda e: errors.take_i128(Index(e)), ["argument 'value' of take_i128()"]),
    "float": (lambda e: errors.take_f64(Float(e)), ["argument 'value' of take_f64()"]),
    "float_by_index": (lambda e: errors.take_f64(Index(e)), ["argument 'value' of take_f64()"]),
    "option": (lambda e: errors.take_maybe(Index(e)), ["argument 'value' of take_maybe()"]),
    "item_of_list": (
        lambda e: errors.take_integers([1, Index(e)]),
        ["item 1", "argument 'value' of take_integers()"],
    ),
    "item_of_floats": (
        lambda e: errors.take_floats([1.0, 2.0, Float(e)]),
        ["item 2", "argument 'value' of take_floats()"],
    ),
    "item_of_long_list": (lambda e: errors.take_integers([1] * 20 + [Index(e)]), None),
    "item_of_tuple": (
        lambda e: errors.take_integers((1, Index(e))),
        ["item 1", "argument 'value' of take_integers()"],
    ),
    "item_of_bytes": (
        lambda e: errors.take_bytes([1, Index(e)]),
        ["item 1", "argument 'value' of take_bytes()"],
    ),
    "item_of_item": (
        lambda e: errors.take_lists([[], [1, 2, Index(e)]]),
        ["item 2", "item 1", "argument 'value' of take_lists()"],
    ),
    "generator": (
        lambda e: errors.take_integers(generator(e)),
        ["argument 'value' of take_integers()"],
    ),
    "iter": (lambda e: errors.take_integers(Iter(e)), ["argument 'value' of take_integers()"]),
    "next": (lambda e: errors.take_integers(Next(e)), ["argument 'value' of take_integers()"]),
    "getitem": (lambda e: errors.take_integers(Items(e)), ["argument 'value' of take_integers()"]),
    "array": (lambda e: errors.take_array(generator(e)), ["argument 'value' of take_array()"]),
    "tuple": (lambda e: errors.take_pair(index_pair(e)), ["argument 'value' of take_pair()"]),
    "key": (
        lambda e: errors.take_sorted_map({1: 1, Index(e): 1}),
        ["argument 'value' of take_sorted_map()"],
    ),
    "value": (lambda e: errors.take_map({"a": Index(e)}), ["argument 'value' of take_map()"]),
    "keys": (lambda e: errors.take_map(Keys(e)), ["argument 'value' of take_map()"]),
    "values": (lambda e: errors.take_map(Values(e)), ["argument 'value' of take_map()"]),
    "set": (lambda e: errors.take_set(set_with(e)), ["argument 'value' of take_set()"]),
    "path": (lambda e: errors.take_path(Path(e)), ["argument 'value' of take_path()"]),
    "field": (
        lambda e: errors.take_server(type("Given", (), {"port": Index(e)})),
        ["Server.port", "argument 'value' of take_server()"],
    ),
    "item_field": (
        lambda e: errors.take_named({"name": Index(e)}),
        ["Named.name", "argument 'value' of take_named()"],
    ),
    "default_field": (
        lambda e: errors.take_named({"name": 1, "count": Index(e)}),
        ["Named.count", "argument 'value' of take_named()"],
    ),
    "equal": (
        lambda e: errors.take_named({Key(e): 1}),
        ["Named.name", "argument 'value' of take_named()"],
    ),
    "first": (lambda e: errors.take_all(Index(e)), ["argument 'first' of take_all()"]),
    "second": (lambda e: errors.take_all(1, Index(e)), ["argument 'second' of take_all()"]),
    "third": (lambda e: errors.take_all(1, third=Index(e)), ["argument 'third' of take_all()"]),
    "rest": (lambda e: errors.take_all(1, 2, Index(e)), ["argument 'rest' of take_all()"]),
    "more": (lambda e: errors.take_all(1, four=Index(e)), ["argument 'more' of take_all()"]),
    "new": (lambda e: errors.Taker(Index(e)), ["argument 'value' of Taker()"]),
    "method": (lambda e: errors.Taker(1).method(Index(e)), ["argument 'value' of Taker.method()"]),
    "class_method": (
        lambda e: errors.Taker.by_class(Index(e)),
        ["argument 'value' of Taker.by_class()"],
    ),
    "static_method": (
        lambda e: errors.Taker.by_nobody(1, generator(e)),
        ["argument 'more' of Taker.by_nobody()"],
    ),
    "call": (lambda e: errors.Taker(1)(Index(e)), ["argument 'value' of Taker.__call__()"]),
    "attribute": (value, ["Taker.value"]),
    "setter": (doubled, ["Taker.doubled"]),
    "subscript": (lambda e: errors.Taker(1)[Index(e)], ["argument 'index' of Taker.__getitem__()"]),
    "set_item": (set_item, ["argument 'value' of Taker.__setitem__()"]),
    "contains": (
        lambda e: Index(e) in errors.Taker(1),
        ["argument 'value' of Taker.__contains__()"],
    ),
}

# Where NotImplemented is the answer to operands of another type.
OPERANDS = {
    "add": lambda e: errors.Taker(1) + Index(e),
    "reflected": lambda e: Index(e) + errors.Taker(1),
    "in_place": in_place,
    "power": lambda e: errors.Taker(1) ** Index(e),
    "equal": lambda e: errors.Taker(1) == Index(e),
    "less": lambda e: errors.Taker(1) < generator(e),
}


def new_error(kind):
    """An error with all that an error may have."""
    error = kind("line 7 of my csv is broken", 42)
    error.mine = "an attribute"
    error.__cause__ = EOFError("the cause")
    error.__context__ = FileNotFoundError("the context")
    if HAS_NOTES:
        error.add_note("a note of mine")
    return error


def check(error, caught):
    assert caught is error
    assert error.args == ("line 7 of my csv is broken", 42)
    assert error.mine == "an attribute"
    assert type(error.__cause__) is EOFError and error.__suppress_context__


def names(error):
    return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked", sorted(ASKED))
def test_what_the_object_raises_arrives(asked, kind):
    call, places = ASKED[asked]
    error = new_error(kind)
    with pytest.raises(kind) as caught:
        call(error)
    check(error, caught.value)
    assert type(error.__context__) is FileNotFoundError
    # The frame that raised it. PyPy's own HPy cannot raise an exception with the traceback that it
    # has.
    if not PYPY_HPY:
        assert len(names(error)) >= 3, names(error)
    if HAS_NOTES and places is not None:
        assert error.__notes__ == ["a note of mine"] + [
            "while converting " + place for place in places
        ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operator", sorted(OPERANDS))
def test_what_an_operand_raises_is_not_taken_for_another_type(operator, kind):
    error = new_error(kind)
    with pytest.raises(kind) as caught:
        OPERANDS[operator](error)
    check(error, caught.value)
    if not PYPY_HPY:
        assert len(names(error)) >= 3, names(error)


def test_operands_of_other_types_are_still_not_implemented():
    taker = errors.Taker(1)
    assert taker.__add__("x") is NotImplemented
    assert taker.__lt__(1) is NotImplemented
    assert not taker == "x"
    with pytest.raises(TypeError, match="unsupported operand"):
        taker + object()


@pytest.mark.parametrize("kind", [TypeError, ValueError, ZeroDivisionError])
def test_properties_and_lengths(kind):
    for call in (
        lambda e: errors.take_server(Port(e)),
        lambda e: errors.take_map(KeysAttribute(e)),
        lambda e: errors.take_either(X(e)),
        lambda e: errors.take_either(generator(e)),
    ):
        error = new_error(kind)
        with pytest.raises(kind) as caught:
            call(error)
        check(error, caught.value)
    # The length of what is iterated over is only a help.
    assert errors.take_integers(Len(new_error(kind))) is None
    interrupted = KeyboardInterrupt("now")
    with pytest.raises(KeyboardInterrupt) as caught:
        errors.take_integers(Len(interrupted))
    assert caught.value is interrupted


def test_an_attribute_that_python_code_says_there_is_none():
    error = new_error(AttributeError)
    with pytest.raises(AttributeError) as caught:
        errors.take_server(Port(error))
    check(error, caught.value)
    # For an enum it only means that this variant does not fit.
    with pytest.raises(TypeError, match="no variant of Either fits") as caught:
        errors.take_either(X(error))
    assert caught.value.__cause__ is error


def test_exceptions_that_are_none_of_exception():
    for kind in (KeyboardInterrupt, SystemExit, GeneratorExit):
        for ask in ("int", "generator", "item_of_long_list", "keys", "method", "setter"):
            error = kind("now")
            with pytest.raises(kind) as caught:
                ASKED[ask][0](error)
            assert caught.value is error
            assert not getattr(error, "__notes__", [])


def test_context_is_what_was_being_handled():
    def fail():
        try:
            int("x")
        except ValueError:
            raise TypeError("while handling")

    class Nested:
        def __index__(self):
            fail()

    try:
        raise KeyError("outside")
    except KeyError as outside:
        with pytest.raises(TypeError) as caught:
            errors.take_integers([Nested()])
        assert str(caught.value) == "while handling"
        context = caught.value.__context__
        if PYPY_HPY or ("HPY" in os.environ and not GRAALPY_HPY):
            # Other runtimes can only raise an exception anew, and it gets a new context.
            assert context is outside
        else:
            assert type(context) is ValueError and context.__context__ is outside


@pytest.mark.skipif(not HAS_NOTES, reason="exceptions have no notes before Python 3.11")
def test_one_that_is_raised_again_and_again_has_each_note_once():
    error = ValueError("for ever")
    for _ in range(3):
        with pytest.raises(ValueError):
            errors.take_i64(Index(error))
        with pytest.raises(ValueError):
            errors.take_u8(Index(error))
    assert error.__notes__ == [
        "while converting argument 'value' of take_{}()".format(name) for name in ("i64", "u8")
    ]


@pytest.mark.skipif(not HAS_NOTES, reason="exceptions have no notes before Python 3.11")
def test_notes_are_not_asked_of_the_exception():
    class Odd(ValueError):
        def add_note(self, note):
            raise ZeroDivisionError

    error = Odd("odd")
    with pytest.raises(Odd) as caught:
        errors.take_i64(Index(error))
    assert caught.value is error
    error = ValueError("other notes")
    error.__notes__ = "not a list"
    with pytest.raises(ValueError) as caught:
        errors.take_i64(Index(error))
    assert caught.value is error and error.__notes__ == "not a list"


# What a function in C raises on the way, as in `map(int, ...)`, is the object's own too.


def test_iterators_in_c():
    with pytest.raises(ValueError) as caught:
        errors.take_integers(map(int, ["1", "x"]))
    assert str(caught.value).startswith("invalid literal for int() with base 10: ")
    error = new_error(TypeError)
    with pytest.raises(TypeError) as caught:
        errors.take_integers(map(Raises(error).fail, [1]))
    check(error, caught.value)


# The conversion's own errors have the argument's name before their message.

OWN = [
    (lambda: errors.take_i64("x"), TypeError, "take_i64() argument 'value': "),
    (lambda: errors.take_i64(1 << 64), OverflowError, "take_i64() argument 'value': "),
    (lambda: errors.take_u64(-1), OverflowError, "take_u64() argument 'value': "),
    (lambda: errors.take_u8(256), OverflowError, "take_u8() argument 'value': "),
    (lambda: errors.take_f64("x"), TypeError, "take_f64() argument 'value': "),
    (lambda: errors.take_f64(10**400), OverflowError, "take_f64() argument 'value': "),
    (lambda: errors.take_integers(1), TypeError, "take_integers() argument 'value': "),
    (
        lambda: errors.take_integers([1, "x"]),
        TypeError,
        "take_integers() argument 'value': item 1: ",
    ),
    (
        lambda: errors.take_integers([1] * 20 + ["x"]),
        TypeError,
        "take_integers() argument 'value': item 20: ",
    ),
    (lambda: errors.take_path(1), TypeError, "take_path() argument 'value': "),
    (lambda: errors.take_map(1), TypeError, "take_map() argument 'value' must be dict, not int"),
    (lambda: errors.take_set([]), TypeError, "take_set() argument 'value' must be set, not list"),
    (
        lambda: errors.take_server(1),
        AttributeError,
        "take_server() argument 'value': Server.port: ",
    ),
    (lambda: errors.take_named({}), KeyError, "take_named() argument 'value': Named.name: "),
    (lambda: errors.take_all(1, 2, "x"), TypeError, "take_all() argument 'rest': "),
    (lambda: errors.take_all(1, four="x"), TypeError, "take_all() argument 'more': "),
    (lambda: errors.Taker("x"), TypeError, "Taker() argument 'value': "),
    (lambda: errors.Taker(1).method("x"), TypeError, "Taker.method() argument 'value': "),
    (lambda: errors.Taker.by_class("x"), TypeError, "Taker.by_class() argument 'value': "),
    (lambda: errors.Taker.by_nobody(1, 2), TypeError, "Taker.by_nobody() argument 'more': "),
    (lambda: setattr(errors.Taker(1), "value", "x"), TypeError, "Taker.value: "),
    (lambda: setattr(errors.Taker(1), "doubled", "x"), TypeError, "Taker.doubled: "),
]


@pytest.mark.parametrize("number", range(len(OWN)))
@pytest.mark.parametrize("handling", [False, True])
def test_own_errors_name_the_argument(number, handling):
    call, kind, message = OWN[number]
    outside = None
    with pytest.raises(kind) as caught:
        if handling:
            try:
                raise ZeroDivisionError
            except ZeroDivisionError as error:
                outside = error
                call()
        else:
            call()
    error = caught.value
    assert str(error.args[0]).startswith(message), error
    assert error.__context__ is outside or error.__cause__ is not None
    assert not getattr(error, "__notes__", [])


def test_numbers_of_c_extensions_are_asked_as_before():
    class Same(collections.abc.Sequence):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return (1, 2)[index]

    assert errors.take_integers(Same()) is None
    assert errors.take_integers(iter([1, 2])) is None
    assert errors.take_map({"a": 1}) is None
    assert errors.take_either("x") is None and errors.take_either([1]) is None
