"""Derived conversions: what they take, what they give, and what they say of what does not fit."""

import collections
import re
import types

import derive
import pytest

from hpy_hosts import PYPYS_DEBUG, THREADS, calls_on_threads, in_thread

Point = collections.namedtuple("Point", "x y")


class Thing:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def refused(function, value, error, text):
    """`function` refuses `value`. The message is its argument's name and `text`.

    `...` stands for the interpreter's own words.
    """
    with pytest.raises(error) as caught:
        function(value)
    assert type(caught.value) is error
    pattern = re.escape(f"{function.__name__}() argument 'value'{text}").replace(r"\.\.\.", ".*")
    message = caught.value.args[0]
    assert re.fullmatch(pattern, message), message
    return caught.value


def test_attributes():
    for point in [Point(1, 2.5), Thing(x=1, y=2.5), types.SimpleNamespace(x=1, y=2.5)]:
        assert derive.echo_point(point) == {"x": 1.0, "y": 2.5}
    assert derive.echo_points([Point(0, 1)] * 3) == [{"x": 0.0, "y": 1.0}] * 3
    assert derive.echo_points([]) == []


def test_attributes_that_need_not_be_there():
    assert derive.echo_optional(Thing(__name__="n", size=3)) == {"__name__": "n", "size": 3}
    assert derive.echo_optional(Thing()) == {"__name__": None, "size": -1}


def test_attributes_that_do_not_fit():
    refused(derive.echo_point, Point(1, "2"), TypeError, ": Point.y: ...")
    refused(derive.echo_points, [Point(1, 2), Point([], 2)], TypeError, ": item 1: Point.x: ...")
    refused(derive.echo_optional, Thing(size=2**64), OverflowError, ": Optional.size: ...")
    refused(
        derive.echo_optional, Thing(__name__=1), TypeError, ": Optional.name must be str, not int"
    )


def test_attributes_that_are_missing():
    error = refused(
        derive.echo_point,
        Thing(x=1),
        AttributeError,
        ": Point.y: 'Thing' object has no attribute 'y'",
    )
    assert isinstance(error.__cause__, AttributeError)
    refused(
        derive.echo_point, {"x": 1}, AttributeError, ": Point.x: 'dict' object has no attribute 'x'"
    )


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt, MemoryError])
def test_what_an_attribute_raises_is_passed_on(error):
    class Raises:
        @property
        def x(self):
            raise error("from within")

        size = x

    for function in [derive.echo_point, derive.echo_optional]:
        with pytest.raises(error) as caught:
            function(Raises())
        assert caught.value.args == ("from within",)


def test_items():
    line = {"start": {"x": 1.0, "why": 2.0}, "end": {"x": 3.0, "why": 4.5}}
    assert derive.echo_line(line) == line
    assert derive.echo_line(types.MappingProxyType(line)) == line
    assert derive.echo_line(collections.ChainMap({}, line)) == line


def test_items_that_do_not_fit():
    good = {"x": 1, "why": 2}
    bad = {"x": 1, "why": None}
    refused(derive.echo_line, {"start": good, "end": bad}, TypeError, ": Line.end: Items.y: ...")
    refused(derive.echo_line, {"start": 1}, TypeError, ": Line.start: Items.x: ...")
    refused(derive.echo_line, 5, TypeError, ": Line.start: ...")
    refused(derive.echo_kept, [5], TypeError, ": Kept.list: ...")


def test_items_that_are_missing():
    error = refused(derive.echo_line, {}, KeyError, ": Line.start: there is no item 'start'")
    assert isinstance(error.__cause__, KeyError)
    assert error.__cause__.args == ("start",)
    refused(
        derive.echo_line,
        {"start": {"x": 1}},
        KeyError,
        ": Line.start: Items.y: there is no item 'why'",
    )


def test_options_of_fields():
    least = {"userName": "ada", "secret": [1, 2, 3], "type": None}
    every = {
        "userName": "ada",
        "portNumber": None,
        "the list": [1, 2],
        7: "seven",
        "secret": "***",
        "type": None,
    }
    assert derive.echo_settings(least) == every
    assert list(derive.echo_settings(least)) == list(every)
    given = {"userName": "", "portNumber": 80, "the list": (), 7: "VII", "secret": "", "type": "t"}
    assert derive.echo_settings(given) == {**given, "the list": []}
    refused(derive.echo_settings, {**least, "secret": 1}, TypeError, ": Settings.secret: ...")
    refused(
        derive.echo_settings,
        {**least, "portNumber": -1},
        OverflowError,
        ": Settings.port_number: ...",
    )
    refused(
        derive.echo_settings,
        {**least, "type": 1},
        TypeError,
        ": Settings.type must be str, not int",
    )
    refused(
        derive.echo_settings,
        {"userName": ""},
        KeyError,
        ": Settings.secret: there is no item 'secret'",
    )


def test_tuples():
    assert derive.echo_pair((1, "abc")) == (1, 3)
    assert derive.echo_pair(Point(1, ())) == (1, 0)
    refused(derive.echo_pair, [1, 2], TypeError, ": Pair must be tuple, not list")
    refused(derive.echo_pair, (1,), ValueError, ": Pair is a tuple of 2 items, not of 1")
    refused(derive.echo_pair, (1, "", 3), ValueError, ": Pair is a tuple of 2 items, not of 3")
    refused(derive.echo_pair, (2**64, ""), OverflowError, ": Pair.0: ...")
    refused(derive.echo_pair, (1, 1), TypeError, ": Pair.1: ...")


def test_what_is_the_object_itself():
    assert derive.echo_name("ada") == "ada"
    refused(derive.echo_name, 1, TypeError, ": Name must be str, not int")
    assert derive.echo_wrapped(5) == 5
    assert derive.echo_wrapped(None) is None
    refused(derive.echo_wrapped, 2**64, OverflowError, ": Wrapped.inner: ...")
    assert derive.lent("naïve") == 5
    refused(derive.lent, b"", TypeError, ": Lent must be str, not bytes")
    with pytest.raises(UnicodeEncodeError):
        derive.lent("\ud800")


def test_handles_are_kept():
    class Mapping(dict):
        pass

    given = Mapping({"list": [], -1: object()})
    kept = derive.echo_kept(given)
    assert kept["list"] is given["list"] and kept[-1] is given[-1]
    assert type(kept) is dict
    refused(derive.echo_kept, {"list": (), -1: 0}, TypeError, ": Kept.list must be list, not tuple")


SHAPES = {
    "Circle": (Thing(radius=1), {"radius": 1.0}),
    "Side": (2, 2.0),
    "Text": ("text", "text"),
    "Rectangle": ((1, 2), (1.0, 2.0)),
    "Triangle": ({"a": 3, "b": 4, "c": 5}, {"a": 3.0, "b": 4.0, "c": 5.0}),
}


@pytest.mark.parametrize("variant", SHAPES)
def test_an_enum_is_the_first_variant_that_fits(variant):
    given, made = SHAPES[variant]
    assert derive.which(given) == variant
    assert derive.echo_shape(given) == made


def test_why_no_variant_fits():
    refused(
        derive.echo_shape,
        {"a": 1},
        TypeError,
        ": no variant of Shape fits 'dict' object\n"
        "- Circle: AttributeError: Shape::Circle.radius: 'dict' object has no attribute 'radius'\n"
        "- Side: TypeError: ...\n"
        "- Text: TypeError: must be str, not dict\n"
        "- Rectangle: TypeError: Shape::Rectangle must be tuple, not dict\n"
        "- Triangle: KeyError: Shape::Triangle.b: there is no item 'b'",
    )
    refused(
        derive.echo_tree,
        [1, [2, "3"]],
        TypeError,
        ": no variant of Tree fits 'list' object\n"
        "- Leaf: TypeError: ...\n"
        "- Inner: TypeError: item 1: no variant of Tree fits 'list' object\n"
        "  - Leaf: TypeError: ...\n"
        "  - Inner: TypeError: item 1: no variant of Tree fits 'str' object\n"
        "    - Leaf: TypeError: ...\n"
        "    - Inner: TypeError: must be a sequence, not str",
    )


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ZeroDivisionError, SystemExit])
def test_other_errors_are_no_misfits(error):
    class Raises:
        def __getattr__(self, name):
            if name == "radius":
                raise error("from within")
            raise AttributeError(name)

    with pytest.raises(error, match="from within"):
        derive.which(Raises())


def test_variants_without_fields_are_text():
    for color in ["red", "deep-blue", "grün"]:
        assert derive.echo_color(color) == color
    refused(
        derive.echo_color,
        "Red",
        TypeError,
        ": no variant of Color fits 'str' object\n"
        "- Red: ValueError: must be 'red', not 'Red'\n"
        "- DeepBlue: ValueError: must be 'deep-blue', not 'Red'\n"
        "- Green: ValueError: must be 'grün', not 'Red'",
    )
    refused(
        derive.echo_color,
        1,
        TypeError,
        ": no variant of Color fits 'int' object\n"
        "- Red: TypeError: must be str, not int\n"
        "- DeepBlue: TypeError: must be str, not int\n"
        "- Green: TypeError: must be str, not int",
    )
    with pytest.raises(TypeError, match="no variant of Color fits 'str' object"):
        derive.echo_color("\ud800")


def test_enums_within_themselves():
    tree = [1, [2, [], [3, [4]]], 5]
    assert derive.echo_tree(tree) == tree
    assert derive.echo_tree(7) == 7


def test_what_contains_itself_is_too_deep():
    ring = Thing(value=1)
    ring.next = ring
    endless = []
    endless.append(endless)
    for _ in range(3):
        for function, value in [(derive.echo_link, ring), (derive.echo_tree, endless)]:
            with pytest.raises(RecursionError):
                function(value)
    # Nothing of it is left behind.
    chain = None
    for value in range(50):
        chain = Thing(value=value, next=chain)
    made = derive.echo_link(chain)
    assert made["value"] == 49 and made["next"]["next"]["value"] == 47
    nested = 1
    for _ in range(50):
        nested = [nested]
    assert derive.echo_tree(nested) == nested


def chain_too_deep(kilobytes):
    """Made and dropped by Rust, and no deeper than needed: frames of a release build are small."""
    with pytest.raises(RecursionError):
        for times in range(1, 13):
            derive.chain(times * 3 * kilobytes)


def test_what_is_deep_in_rust_is_too_deep():
    for _ in range(3):
        # Rust drops it by recursion, and the main thread has 2 MB on Windows.
        chain_too_deep(1024)
    assert derive.chain(2) == {"value": 1, "next": {"value": 0, "next": None}}
    assert derive.chain(50)["next"]["value"] == 48


def endless():
    """What contains itself, beside the function that converts it."""
    ring = Thing(value=1)
    ring.next = ring
    items = []
    items.append(items)
    pairs = {}
    pairs["in"] = [pairs]
    yield derive.echo_link, ring
    yield derive.follow, ring
    yield derive.echo_tree, items
    yield derive.echo_nested, items
    yield derive.echo_nested, pairs


def test_what_is_converted_by_hand_is_too_deep():
    for function, value in endless():
        for _ in range(2):
            with pytest.raises(RecursionError):
                function(value)
    with pytest.raises(RecursionError):
        for times in range(1, 11):
            derive.nested(times * 500)
    nested = derive.nested(50)
    assert derive.echo_nested(nested) == nested
    chain = None
    for _ in range(50):
        chain = Thing(next=chain)
    assert derive.follow(chain) == 49


@calls_on_threads
@pytest.mark.parametrize("kilobytes", THREADS)
def test_what_contains_itself_is_too_deep_in_any_thread(kilobytes):
    def convert():
        small = Thing(value=1, next=Thing(value=2, next=None))
        for function, value in endless():
            for _ in range(2):
                with pytest.raises(RecursionError):
                    function(value)
            assert derive.echo_link(small)["next"]["value"] == 2
            assert derive.follow(small) == 1
        chain_too_deep(kilobytes or 1024)
        return True

    assert in_thread(kilobytes, convert)


class Deeper:
    """Converts another one before it can be converted."""

    value = 1

    @property
    def next(self):
        return derive.echo_link(Deeper()) and None


class Called(Thing):
    @property
    def next(self):
        return derive.call(lambda: Called(value=1))


@calls_on_threads
@pytest.mark.skipif(PYPYS_DEBUG, reason="PyPy's debug mode takes many minutes for it")
@pytest.mark.parametrize("kilobytes", THREADS)
def test_conversions_at_each_depth_of_a_recursion(kilobytes):
    items = []
    items.append(items)

    def deeper():
        with pytest.raises(RecursionError):
            derive.echo_tree(items)
        return derive.call(deeper)

    def convert():
        for function, value in [
            (derive.call, deeper),
            (derive.echo_link, Deeper()),
            (derive.echo_link, Called(value=1)),
        ]:
            with pytest.raises(RecursionError):
                function(value)
        return True

    assert in_thread(kilobytes, convert)


def test_generics():
    assert derive.echo_many({"array": [1, 2], "map": {"a": 1}}) == {
        "array": [1, 2],
        "map": {"a": 1},
    }
    refused(
        derive.echo_many,
        {"array": [1], "map": {}},
        ValueError,
        ": Many.array: expected 2 items, got 1",
    )


def test_attributes_that_are_called_like_keywords():
    class Span:
        to = 5

    setattr(Span, "from", 2)
    assert derive.extent(Span()) == 3
