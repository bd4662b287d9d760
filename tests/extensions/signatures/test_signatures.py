"""Every calling convention: what arrives, and what is said of a call that does not fit.

Each function has a twin written in Python. The function takes what the twin takes, and refuses what
the twin refuses, in the same words.
"""

import functools
import gc
import inspect
import itertools
import math
import operator
import pickle
import pydoc
import sys

import pytest

import signatures

pypy = sys.implementation.name == "pypy"
graalpy = sys.implementation.name == "graalpy"
# GraalPy 24 says Python's version here, 25 its own.
graalpy_hpy = graalpy and sys.implementation.version < (25,)
pypy_hpy = pypy and "_hpy_universal" in sys.builtin_module_names
keeps_signatures = pytest.mark.skipif(
    graalpy_hpy,
    reason="GraalPy 24's own HPy leaves the signature in __doc__ "
    "and has none in __text_signature__",
)


class twins:
    """Functions as Python has them. (In a class for the name's sake: they are never methods.)"""

    def noargs():
        return "noargs"

    def one(x, /):
        return x

    def one_written(x, /):
        return x

    def two(a, b, /):
        return a, b

    def two_context(a, b, /):
        return a, b

    def defaults(a, b=2, c=3, /):
        return a, b, c

    def rest(*args):
        return args

    def some_and_rest(a, b=2, /, *args):
        return a, b, list(args)

    def by_name(a, b):
        return a, b

    def half_by_name(a, /, b):
        return a, b

    def optional(a=None):
        return ("missing",) if a is None else ("given", a)

    def mixed(a, b=1, c="x", *, d, e=None):
        return a, b, c, d, e

    def keyword_only(*, a, b=2, c):
        return a, b, c

    def keywords(**kw):
        return kw

    def one_and_keywords(a, /, **kw):
        return a, kw

    def everything(a, /, b, c=3, *args, d, e=5, **kw):
        return a, b, c, args, d, e, kw

    def shown(a=-1, b=2.5, c="it's", d=True, e=None, f=...):
        return a, b, c, d, e, f

    def raw_names(type, match=0):
        return type, match


TWINS = {name: twin for name, twin in vars(twins).items() if not name.startswith("_")}
for name, twin in TWINS.items():
    twin.__qualname__ = name

POSITIONAL = ["two", "two_context", "defaults", "rest", "some_and_rest"]
WITH_KEYWORDS = [
    "by_name",
    "half_by_name",
    "optional",
    "mixed",
    "keyword_only",
    "keywords",
    "one_and_keywords",
    "everything",
]


def outcome(function, *args, **kw):
    try:
        return "returns", function(*args, **kw)
    except TypeError as error:
        # 3.13 goes on with a guess at what was meant.
        return "TypeError", str(error).partition(" Did you mean")[0].rstrip(".")


def assert_same(name, found, expected, given):
    if (pypy or graalpy) and expected[0] == "TypeError":
        # They word some of it in their own way; the words here are CPython's everywhere.
        assert found[0] == "TypeError" and found[1].startswith(f"{name}() "), given
    else:
        assert found == expected, given


def value_for(name, number):
    """What the twins take, the functions take too: `c` of mixed is a str."""
    return "text" if name == "mixed" and number == 2 else number


@pytest.mark.parametrize("name", POSITIONAL + WITH_KEYWORDS)
def test_positional_arguments(name):
    for count in range(7):
        args = [value_for(name, number) for number in range(count)]
        assert_same(
            name, outcome(getattr(signatures, name), *args), outcome(TWINS[name], *args), args
        )


@pytest.mark.parametrize("name", WITH_KEYWORDS)
def test_positional_and_keyword_arguments(name):
    function, twin = getattr(signatures, name), TWINS[name]
    values = {"a": 10, "b": 11, "c": "text" if name == "mixed" else 12, "d": 13, "e": 14, "zz": 15}
    compared = 0
    for count in range(5):
        args = [value_for(name, number) for number in range(count)]
        for size in range(len(values) + 1):
            for names in (
                itertools.permutations(values, size)
                if size < 3
                else itertools.combinations(values, size)
            ):
                kw = {name: values[name] for name in names}
                expected = outcome(twin, *args, **kw)
                found = outcome(function, *args, **kw)
                assert_same(name, found, expected, (args, kw))
                compared += 1
    assert compared > 300


def test_what_is_refused_and_why():
    # What the comparisons above rest on: these are the words, on PyPy too.
    cases = [
        (lambda: signatures.two(), "two() missing 2 required positional arguments: 'a' and 'b'"),
        (lambda: signatures.two(1), "two() missing 1 required positional argument: 'b'"),
        (lambda: signatures.two(1, 2, 3), "two() takes 2 positional arguments but 3 were given"),
        (lambda: signatures.defaults(), "defaults() missing 1 required positional argument: 'a'"),
        (
            lambda: signatures.defaults(1, 2, 3, 4),
            "defaults() takes from 1 to 3 positional arguments but 4 were given",
        ),
        (
            lambda: signatures.by_name(1, b=2, zz=3),
            "by_name() got an unexpected keyword argument 'zz'",
        ),
        (lambda: signatures.by_name(1, 2, b=3), "by_name() got multiple values for argument 'b'"),
        (lambda: signatures.mixed(1), "mixed() missing 1 required keyword-only argument: 'd'"),
        (
            lambda: signatures.half_by_name(a=1, b=2),
            "half_by_name() got some positional-only arguments passed as keyword arguments: 'a'",
        ),
        (
            lambda: signatures.keyword_only(1, a=1, c=2),
            "keyword_only() takes 0 positional arguments but 1 positional argument "
            "(and 2 keyword-only arguments) were given",
        ),
        (
            lambda: signatures.keyword_only(),
            "keyword_only() missing 2 required keyword-only arguments: 'a' and 'c'",
        ),
    ]
    for call, text in cases:
        with pytest.raises(TypeError) as caught:
            call()
        assert str(caught.value) == text


def test_arguments_of_the_wrong_type_are_named():
    with pytest.raises(
        TypeError,
        match=r"^defaults\(\) argument 'b': .*str.* object cannot be interpreted as an integer$",
    ):
        signatures.defaults(1, "2")
    with pytest.raises(TypeError, match=r"^mixed\(\) argument 'c' must be str, not int$"):
        signatures.mixed(1, d=4, c=3)
    with pytest.raises(
        TypeError,
        match=r"^undocumented\(\) argument '_x': "
        r".*list.* object cannot be interpreted as an integer$",
    ):
        signatures.undocumented([])


def builtin_outcome(function, stands_for, *args, **kw):
    kind, text = outcome(function, *args, **kw)
    assert kind == "TypeError"
    return text.replace(stands_for, "NAME")


@pytest.mark.skipif(pypy or graalpy, reason="PyPy and GraalPy word these errors in their own ways")
def test_arity_and_keyword_errors_of_builtins_are_cpythons_own():
    assert builtin_outcome(signatures.noargs, "signatures.noargs", 1) == builtin_outcome(
        gc.isenabled, "gc.isenabled", 1
    )
    for args in [(), (1, 2)]:
        assert builtin_outcome(signatures.one, "signatures.one", *args) == builtin_outcome(
            math.sqrt, "math.sqrt", *args
        )
    for function in (signatures.noargs, signatures.one, signatures.two, signatures.rest):
        name = f"signatures.{function.__name__}"
        assert builtin_outcome(function, name, a=1) == "NAME() takes no keyword arguments"


def test_arity_and_keyword_errors_are_type_errors_everywhere():
    for call in [
        lambda: signatures.noargs(1),
        lambda: signatures.noargs_context(1),
        lambda: signatures.one(),
        lambda: signatures.one(1, 2),
        lambda: signatures.noargs(x=1),
        lambda: signatures.one(x=1),
        lambda: signatures.two(1, b=2),
        lambda: signatures.rest(x=1),
    ]:
        with pytest.raises(TypeError):
            call()


def test_arguments_arrive_as_they_are():
    thing = object()
    assert signatures.one(thing) is thing
    assert signatures.one_written(thing) is thing
    assert signatures.two(thing, None)[0] is thing
    assert signatures.rest(thing)[0] is thing
    assert signatures.everything(thing, 1, d=2, other=thing)[6]["other"] is thing
    assert signatures.eight(*range(8)) == list(range(8))
    assert signatures.rest_of_numbers() == 0 and signatures.rest_of_numbers(1, 2.5, True) == 4.5


def test_ways_to_call():
    assert list(map(signatures.one, [1, 2])) == [1, 2]
    assert list(map(signatures.two, [1, 2], [3, 4])) == [(1, 3), (2, 4)]
    assert functools.partial(signatures.by_name, b=2)(1) == (1, 2)
    assert functools.partial(signatures.two, 1)(2) == (1, 2)
    assert signatures.mixed(*[1], **{"d": 4}) == (1, 1, "x", 4, None)
    assert operator.methodcaller("everything", 1, 2, d=3)(signatures) == (1, 2, 3, (), 3, 5, {})
    assert signatures.two.__call__(1, 2) == (1, 2)
    assert signatures.rest(*range(1000)) == tuple(range(1000))
    many = {f"name{number}": number for number in range(1000)}
    assert signatures.keywords(**many) == many


def test_misspelt_keywords():
    def painted(hidden, /, colour=0, *, background=0):
        raise AssertionError

    suggests = sys.implementation.name == "cpython" and sys.version_info >= (3, 13)
    for name in [
        "color", "Colour", "COLOUR", "colours", "clour", "back", "backgroun", "hiden", "x", "",
        "é" * 30,
    ]:
        with pytest.raises(TypeError) as ours:
            signatures.painted(1, **{name: 2})
        with pytest.raises(TypeError) as pythons:
            painted(1, **{name: 2})
        if suggests:
            # Python says by which qualified name it knows the function.
            assert str(ours.value).split("()")[1] == str(pythons.value).split("()")[1]
    with pytest.raises(TypeError) as error:
        signatures.painted(1, color=2)
    text = "painted() got an unexpected keyword argument 'color'. Did you mean 'colour'?"
    assert str(error.value) == text
    with pytest.raises(TypeError, match="unexpected keyword argument 'x'$"):
        signatures.painted(1, x=2)


def test_the_dict_of_keywords_is_the_functions_own():
    given = {"x": 1}
    got = signatures.keywords(**given)
    got["y"] = 2
    assert given == {"x": 1}


def test_unusual_keywords():
    class Name(str):
        """Compares equal, and is no plain str."""

    assert signatures.by_name(**{Name("a"): 1, Name("b"): 2}) == (1, 2)
    for name in ["no identifier", "", "naïve", "𝔘", "a\0", "\ud800"]:
        assert signatures.keywords(**{name: 1}) == {name: 1}
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            signatures.by_name(1, 2, **{name: 3})
    # Made at run time, so not the interned str of the same text.
    assert signatures.by_name(**{"".join(["", "a"]): 1, "b": 2}) == (1, 2)
    with pytest.raises(TypeError):
        signatures.keywords(**{1: 2})


def test_a_keyword_may_have_a_positional_only_parameters_name():
    assert signatures.one_and_keywords(1, a=2) == (1, {"a": 2})
    assert signatures.everything(1, 2, d=3, a=4) == (1, 2, 3, (), 3, 5, {"a": 4})


def test_none_and_no_argument():
    assert signatures.optional() == signatures.optional(None) == ("missing",)
    assert signatures.optional(a=0) == ("given", 0)


def test_names():
    assert signatures.type(1) is int
    assert signatures.type.__name__ == "type"
    assert not hasattr(signatures, "type_")
    assert signatures.raw_names(type=1) == (1, 0)
    assert signatures.raw_names(1, match=2) == (1, 2)


def test_the_module_is_passed():
    assert signatures.its_module() is signatures
    assert signatures.from_module(name="two") is signatures.two


def test_defaults_are_what_they_say():
    assert signatures.shown() == (-1, 2.5, "it's", True, None, 2)
    if not graalpy_hpy:
        assert (
            signatures.shown.__text_signature__
            == r"($module, a=-1, b=2.5, c='it\'s', d=True, e=None, f=...)"
        )


def test_defaults_of_options_need_no_some():
    assert signatures.optional_texts() == ("x", "y", "z", "p", b"b", None)
    assert signatures.optional_texts(None, None, None, None, None, "f") == (None,) * 5 + ("f",)
    assert signatures.optional_texts(a="1", d=2) == ("1", "y", "z", 2, b"b", None)
    assert signatures.optional_numbers() == (1, -1.5, True, 10, None, 2)
    assert signatures.optional_numbers(d=None, e=5) == (1, -1.5, True, None, 5, 2)
    if not graalpy_hpy:
        assert (
            signatures.optional_texts.__text_signature__
            == "($module, a='x', b='y', c='z', d='p', e=b'b', f=None)"
        )


def test_texts_are_defaults_of_what_owns_them():
    assert signatures.owned_texts() == ("a", "b", "c", "d", "e")
    assert signatures.owned_texts("1", e="2") == ("1", "b", "c", "d", "2")


@keeps_signatures
def test_docs():
    assert signatures.noargs.__doc__ == "Takes nothing."
    assert signatures.two.__doc__ == "Takes two.\n\nNeither by name."
    assert not signatures.undocumented.__doc__
    assert signatures.everything.__doc__ == "All that there is."


@keeps_signatures
def test_text_signatures():
    expected = {
        "noargs": "($module)",
        "noargs_context": "($module)",
        "one": "($module, x, /)",
        "two_context": "($module, a, b, /)",
        "some_and_rest": "($module, a, b=2, /, *args)",
        "everything": "($module, a, /, b, c=3, *args, d, e=5, **kw)",
        "keyword_only": "($module, *, a, b=2, c)",
        "raw_names": "($module, type, match=0)",
        "its_module": "($module)",
        "from_module": "($module, *, name)",
    }
    for name, signature in expected.items():
        assert getattr(signatures, name).__text_signature__ == signature, name


@pytest.mark.skipif(
    pypy_hpy, reason="PyPy's inspect.signature says (*args, **keywords) of every HPy function"
)
@keeps_signatures
@pytest.mark.parametrize("name", TWINS)
def test_signatures_are_the_twins(name):
    assert inspect.signature(getattr(signatures, name)) == inspect.signature(TWINS[name])


def test_help():
    text = pydoc.plain(pydoc.render_doc(signatures.two))
    assert "Takes two." in text and "Neither by name." in text
    if not (pypy_hpy or graalpy_hpy):
        assert "two(a, b, /)" in text


@pytest.mark.skipif(pypy_hpy, reason="PyPy's HPy functions do not know their module")
def test_a_function_knows_its_module():
    assert signatures.two.__module__ == "signatures"
    assert signatures.two.__self__ is signatures
    assert signatures.two.__qualname__ == "two"
    assert pickle.loads(pickle.dumps(signatures.two)) is signatures.two
    if not pypy:
        assert repr(signatures.two) == "<built-in function two>"
