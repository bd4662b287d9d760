"""Every conversion, both ways, with hard values.

They are at the edges, of subclasses, or lie about themselves.
"""

import array
import collections
import decimal
import fractions
import itertools
import math
import struct
import sys
import types

import pytest

import conversions

pypy = sys.implementation.name == "pypy"
graalpy = sys.implementation.name == "graalpy"

WORD = 8 * struct.calcsize("P")
INTS = {
    **{f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64, 128)},
    **{f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64, 128)},
    # sys.maxsize is another thing: the longest that a list may be, 32 bits on GraalPy.
    "isize": (-(2 ** (WORD - 1)), 2 ** (WORD - 1) - 1),
    "usize": (0, 2**WORD - 1),
}


def echo(name):
    return getattr(conversions, f"echo_{name}")


class Int(int):
    """An int of another type, which arithmetic of its own must not disturb."""

    def __rshift__(self, other):
        raise AssertionError("an int's value is read, not computed by its methods")

    __index__ = __int__ = __rshift__


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class Str(str):
    def __str__(self):
        raise AssertionError("a str's text is read, not asked for")

    __iter__ = __len__ = encode = __str__


def refused(function, value, error, text=""):
    """`function` refuses `value`. The message begins with the names of function and argument."""
    with pytest.raises(error) as caught:
        function(value)
    assert type(caught.value) is error
    message = str(caught.value)
    assert message.startswith(f"{function.__name__}() argument 'value'"), message
    assert text in message, message


# Numbers


@pytest.mark.parametrize("name", INTS)
def test_ints(name):
    least, most = INTS[name]
    values = [
        least, least + 1, -1, 0, 1, 2, 127, 128, 255, 256, 2**15, 2**31, 2**32, 2**63, 2**64,
        2**127, most - 1, most,
    ]
    for value in values + [-value for value in values]:
        if least <= value <= most:
            assert echo(name)(value) == value
            assert type(echo(name)(value)) is int


@pytest.mark.parametrize("name", INTS)
def test_ints_at_the_edges_of_their_digits(name):
    """Ints of one digit are read without a call where the layout is known.

    A digit has 15 or 30 bits.
    """
    least, most = INTS[name]
    edges = [
        sign * 2**bits + step
        for bits in (15, 30, 45, 60)
        for sign in (1, -1)
        for step in (-2, -1, 0, 1, 2)
    ]
    for value in edges:
        if least <= value <= most:
            assert echo(name)(value) == value
            assert echo(name)(Int(value)) == value
        else:
            refused(echo(name), value, OverflowError)


@pytest.mark.parametrize("name", INTS)
def test_ints_that_do_not_fit(name):
    least, most = INTS[name]
    for value in [
        least - 1, most + 1, 2**128, -(2**128), 2**200 + 1, -(2**200), 10**400, -(10**400),
    ]:
        refused(echo(name), value, OverflowError)


@pytest.mark.parametrize("name", INTS)
def test_what_is_an_int(name):
    take = echo(name)
    assert take(True) == 1 and type(take(True)) is int
    assert take(False) == 0
    assert take(Index(7)) == 7
    assert take(Index(True)) == 1


@pytest.mark.parametrize("name", INTS)
def test_an_ints_subclass_is_read_not_asked(name):
    assert echo(name)(Int(7)) == 7
    assert type(echo(name)(Int(7))) is int
    most = INTS[name][1]
    assert echo(name)(Int(most)) == most


@pytest.mark.parametrize("name", INTS)
def test_what_is_no_int(name):
    for value in [1.0, "1", None, [], b"1", decimal.Decimal(1), 1j, object()]:
        refused(echo(name), value, TypeError)
    refused(echo(name), Index("no int"), TypeError)
    with pytest.raises(KeyError, match="from within"):
        echo(name)(Index(KeyError("from within")))


def test_only_bools_are_bool():
    assert conversions.echo_bool(True) is True
    assert conversions.echo_bool(False) is False
    for value in [1, 0, None, "", []]:
        refused(
            conversions.echo_bool, value, TypeError, f"must be bool, not {type(value).__name__}"
        )


FLOATS = [0.0, 1.5, -1.0, 1e308, -1e308, 5e-324, math.pi, math.inf, -math.inf, sys.float_info.max]


def test_floats():
    for value in FLOATS:
        assert conversions.echo_f64(value) == value
    assert math.copysign(1, conversions.echo_f64(-0.0)) == -1
    assert math.isnan(conversions.echo_f64(math.nan))
    for bits in (
        2**64 - 67, 0x7FF8_0000_0000_0001, 0x7FF0_0000_0000_0001, 0xFFF8_0000_0000_0000, 2**63 - 1,
    ):
        assert [math.isnan(number) for number in conversions.float_of_bits(bits)] == [True] * 3


def test_what_is_a_float():
    class HasFloat:
        def __float__(self):
            return 2.5

    class Float(float):
        def __float__(self):
            raise AssertionError("a float's value is read, not asked for")

    for value in [3, True, 2**53, fractions.Fraction(1, 4), decimal.Decimal("0.25"), Index(3), -1]:
        assert conversions.echo_f64(value) == float(value)
        assert type(conversions.echo_f64(value)) is float
    assert conversions.echo_f64(HasFloat()) == 2.5
    assert conversions.echo_f64(Float(1.25)) == 1.25
    assert type(conversions.echo_f64(Float(1.25))) is float


def test_what_is_no_float():
    for value in ["1.0", None, [], 1j]:
        refused(conversions.echo_f64, value, TypeError)
    refused(conversions.echo_f64, 10**400, OverflowError)

    class Raises:
        def __float__(self):
            raise KeyError("from within")

    with pytest.raises(KeyError, match="from within"):
        conversions.echo_f64(Raises())


def test_f32_rounds():
    assert conversions.echo_f32(0.5) == 0.5
    assert conversions.echo_f32(0.1) == array.array("f", [0.1])[0] != 0.1
    assert conversions.echo_f32(1e300) == math.inf
    assert math.isnan(conversions.echo_f32(math.nan))


# Text and bytes

TEXTS = [
    "", "a", "plain", "a\0b", "\0", "naïve", "€", "𝔘", "\U0010ffff", "\x80", "x" * 100_000,
    "é" * 100_000,
]


@pytest.mark.parametrize("name", ["str", "string", "box_str", "cow", "optional_str"])
def test_texts(name):
    for text in TEXTS:
        assert echo(name)(text) == text
    assert echo(name)(Str("sub")) == "sub"
    assert type(echo(name)(Str("sub"))) is str


@pytest.mark.parametrize("name", ["str", "string", "box_str", "cow"])
def test_what_is_no_text(name):
    for value in [b"bytes", 1, None, ["a"], bytearray(b"x")]:
        refused(echo(name), value, TypeError, f"must be str, not {type(value).__name__}")


@pytest.mark.parametrize("name", ["str", "string", "box_str", "cow", "char"])
def test_a_lone_surrogate_is_no_unicode(name):
    for text in ["\ud800", "a\udfffb"]:
        with pytest.raises(UnicodeEncodeError):
            echo(name)(text)
    # Nothing of the error is left behind.
    assert echo(name)("x") == "x"


def test_lengths_are_rusts():
    assert conversions.count_chars("né𝔘\0") == 4


def test_chars():
    for text in ["a", "\0", "é", "𝔘", "\U0010ffff"]:
        assert conversions.echo_char(text) == text
    for text in ["", "ab", "e\u0301"]:
        refused(conversions.echo_char, text, ValueError)
    refused(conversions.echo_char, 97, TypeError, "must be str, not int")


def test_optional_text():
    assert conversions.echo_optional_str(None) is None
    refused(conversions.echo_optional_str, 1, TypeError)


def test_bytes():
    class Bytes(bytes):
        def __iter__(self):
            raise AssertionError("its contents are read, not asked for")

    for value in [b"", b"a\0b", bytes(range(256)), b"x" * 100_000]:
        for given in [
            value, bytearray(value), memoryview(value), list(value), tuple(value), iter(value),
            array.array("B", value),
        ]:
            got = conversions.echo_bytes(given)
            assert got == value and type(got) is bytes
        assert conversions.echo_byte_slice(value) == value
        assert (
            conversions.echo_byte_cow(value) == conversions.echo_byte_cow(bytearray(value)) == value
        )
    assert conversions.echo_bytes(Bytes(b"abc")) == b"abc"
    assert conversions.echo_byte_slice(Bytes(b"abc")) == b"abc"


def test_memoryviews():
    view = memoryview(b"abcdef")
    if graalpy:
        # bytes() takes no views with steps there.
        with pytest.raises(BufferError):
            conversions.echo_bytes(view[::2])
    else:
        assert conversions.echo_bytes(view[::2]) == b"ace"
        assert conversions.echo_bytes(view[::-1]) == b"fedcba"
    assert conversions.echo_bytes(view.cast("B", (2, 3))) == b"abcdef"
    view.release()
    with pytest.raises(ValueError):
        conversions.echo_bytes(view)


def test_what_is_no_bytes():
    refused(conversions.echo_bytes, "text", TypeError)
    refused(conversions.echo_bytes, [1, 256], OverflowError)
    refused(conversions.echo_bytes, [-1], OverflowError)
    refused(conversions.echo_bytes, [None], TypeError)
    refused(conversions.echo_byte_slice, bytearray(b"x"), TypeError, "must be bytes, not bytearray")
    refused(conversions.echo_byte_slice, "x", TypeError, "must be bytes, not str")


# Sequences


class Lying:
    """Iterates over some items, and says something else about their number."""

    def __init__(self, items, length):
        self.items, self.length = items, length

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        if isinstance(self.length, Exception):
            raise self.length
        return self.length


def test_sequences():
    for given in [
        [1, 2],
        (1, 2),
        range(1, 3),
        {1: 0, 2: 0},
        iter([1, 2]),
        (n for n in [1, 2]),
        collections.deque([1, 2]),
    ]:
        assert conversions.echo_vec(given) == [1, 2]
    assert conversions.echo_vec([]) == []
    assert conversions.echo_vec(frozenset([5])) == [5]
    assert conversions.echo_vec(range(100_000)) == list(range(100_000))
    assert conversions.echo_matrix([[1], (2, 3), range(0)]) == [[1], [2, 3], []]
    assert conversions.echo_options([1, None, 2.5]) == [1.0, None, 2.5]
    assert conversions.echo_strings(iter("ab")) == ["a", "b"]
    assert conversions.echo_slice([1, 2, 3]) == 3


def test_what_is_no_sequence():
    refused(conversions.echo_vec, "12", TypeError, "not str")
    refused(conversions.echo_strings, "ab", TypeError, "not str")
    for value in [None, 1, object(), int]:
        refused(conversions.echo_vec, value, TypeError)
    refused(conversions.echo_vec, [1, "2"], TypeError)
    refused(conversions.echo_vec, [1, 2**64], OverflowError)


@pytest.mark.parametrize(
    "length", [-1, 0, 1, 3, sys.maxsize, 2**100, "no number", KeyError("from within")]
)
def test_a_lying_length_does_no_harm(length):
    assert conversions.echo_vec(Lying([1, 2], length)) == [1, 2]


def test_an_iterator_that_raises():
    def items():
        yield 1
        raise KeyError("from within")

    with pytest.raises(KeyError, match="from within"):
        conversions.echo_vec(items())

    class Raises:
        def __iter__(self):
            raise KeyError("from within")

    with pytest.raises(KeyError, match="from within"):
        conversions.echo_vec(Raises())


def test_a_list_that_changes_while_it_is_read():
    class Clears:
        def __index__(self):
            victim.clear()
            return 1

    class Grows:
        def __index__(self):
            if len(victim) < 100:
                victim.append(1)
            return 1

    victim = [Clears()] + [object() for _ in range(100)]
    # Where reading many at once fails, they are read one by one afterwards. By then there are none.
    assert conversions.echo_vec(victim) in ([1], [])
    victim = [Grows()]
    assert conversions.echo_vec(victim)[:1] == [1]
    victim = [Clears(), 2, 3]
    refused(conversions.echo_array, victim, ValueError)


def test_a_lists_subclass_is_asked_as_python_asks_it():
    class List(list):
        def __iter__(self):
            return iter([7, 8])

        def __len__(self):
            raise AssertionError

    class Tuple(tuple):
        __iter__ = List.__iter__

    assert conversions.echo_vec(List([1, 2, 3])) == [7, 8]
    assert conversions.echo_vec(Tuple([1, 2, 3])) == [7, 8]


def test_a_list_that_contains_itself():
    inside = []
    inside.append(inside)
    got = conversions.echo_handles(inside)
    assert got is not inside and got[0] is inside
    refused(conversions.echo_matrix, inside, TypeError)


def test_objects_stay_the_same():
    things = [object(), [], "x"]
    got = conversions.echo_handles(things)
    assert got is not things and all(a is b for a, b in zip(got, things))


def test_arrays():
    assert conversions.echo_array([1, 2, 3]) == [1, 2, 3]
    assert conversions.echo_array(n for n in (1, 2, 3)) == [1, 2, 3]
    # What has no end is not taken in, and what is too long is not converted.
    refused(conversions.echo_array, itertools.repeat(1), ValueError, "expected 3 items")
    refused(conversions.echo_array, range(1 << 40), ValueError, "expected 3 items")
    assert conversions.echo_byte_array(b"abcd") == b"abcd"
    for value in [[], [1, 2], [1, 2, 3, 4]]:
        refused(conversions.echo_array, value, ValueError, f"expected 3 items, got {len(value)}")
    refused(conversions.echo_byte_array, b"abc", ValueError)


def test_tuples():
    Pair = collections.namedtuple("Pair", "number text")
    assert conversions.echo_single((1,)) == (1,)
    assert conversions.echo_pair((1, "a")) == (1, "a")
    assert type(conversions.echo_pair(Pair(1, "a"))) is tuple
    nested = (1, (2.5, True), [("a", -128), ("b", 127)])
    assert conversions.echo_nested(nested) == nested
    refused(conversions.echo_pair, [1, "a"], TypeError, "must be tuple, not list")
    refused(conversions.echo_pair, (1,), ValueError, "expected 2 items, got 1")
    refused(conversions.echo_pair, (1, "a", 2), ValueError, "expected 2 items, got 3")
    refused(conversions.echo_pair, ("a", 1), TypeError)
    refused(conversions.echo_nested, (1, (2.5, 1), []), TypeError, "must be bool, not int")


# Maps and sets


def test_maps():
    pairs = {"a": 1, "b": -(2**63), "": 2**63 - 1}
    for given in [
        pairs,
        collections.OrderedDict(pairs),
        collections.Counter(pairs),
        collections.UserDict(pairs),
        collections.ChainMap(pairs),
        types.MappingProxyType(pairs),
    ]:
        got = conversions.echo_map(given)
        assert got == pairs and type(got) is dict
    assert conversions.echo_map({}) == {}
    assert list(conversions.echo_tree_map({3: ["c"], 1: [], 2: ["a", "b"]})) == [1, 2, 3]
    assert conversions.echo_pair_map({(1, True): None, (2, False): "x"}) == {
        (1, True): None,
        (2, False): "x",
    }
    many = {str(number): number for number in range(10_000)}
    assert conversions.echo_map(many) == many


def test_what_is_no_map():
    for value in [None, 1, "ab", [("a", 1)], {"a"}]:
        refused(conversions.echo_map, value, TypeError, f"must be dict, not {type(value).__name__}")
    refused(conversions.echo_map, {"a": "1"}, TypeError)
    refused(conversions.echo_map, {1: 1}, TypeError, "must be str, not int")
    refused(conversions.echo_map, {"a": 2**63}, OverflowError)


def test_a_dicts_subclass_is_asked_as_python_asks_it():
    class Dict(dict):
        def keys(self):
            return ["x"]

        def __getitem__(self, key):
            return 7

    assert conversions.echo_map(Dict({"a": 1})) == {"x": 7}


def test_mappings_that_misbehave():
    class Mapping:
        def __init__(self, keys):
            self.names = keys

        def keys(self):
            if isinstance(self.names, Exception):
                raise self.names
            return self.names

        def __getitem__(self, key):
            if key == "missing":
                raise LookupError(key)
            return 1

    assert conversions.echo_map(Mapping(["a", "b", "a"])) == {"a": 1, "b": 1}
    with pytest.raises(KeyError, match="from within"):
        conversions.echo_map(Mapping(KeyError("from within")))
    with pytest.raises(TypeError):
        conversions.echo_map(Mapping(7))
    with pytest.raises(LookupError, match="missing"):
        conversions.echo_map(Mapping(["missing"]))


def test_a_dict_that_changes_while_it_is_read():
    class Clears:
        def __index__(self):
            victim.clear()
            return 1

    victim = {"a": Clears(), **{str(number): 2 for number in range(100)}}
    try:
        got = conversions.echo_map(victim)
    except RuntimeError:
        pass
    else:
        assert got["a"] == 1
    assert victim == {}


def test_sets():
    class Set(set):
        pass

    for given in [{1, 2}, frozenset([1, 2]), Set([1, 2])]:
        got = conversions.echo_set(given)
        assert got == {1, 2} and type(got) is set
    assert conversions.echo_set(set()) == set()
    assert conversions.echo_tree_set({"b", "a"}) == {"a", "b"}
    for value in [[1], (1,), {1: 1}, None, "1"]:
        refused(conversions.echo_set, value, TypeError, f"must be set, not {type(value).__name__}")
    refused(conversions.echo_set, {"1"}, TypeError)


# The rest


def test_none():
    assert conversions.echo_none(None) is None
    refused(conversions.echo_none, 0, TypeError, "must be None, not int")
    assert conversions.echo_option(None) is None
    assert conversions.echo_option(0) == 0
    refused(conversions.echo_option, "0", TypeError)


TYPES = {
    "bool": True,
    "int": 10**400,
    "float": 1.5,
    "str": "\ud800",
    "bytes": b"\0",
    "list": [1],
    "tuple": (1,),
    "dict": {"a": 1},
    "type": int,
    "module": math,
    "None": None,
}


@pytest.mark.parametrize("name", TYPES)
def test_handles_of_a_type(name):
    take = getattr(conversions, f"take_{name.lower()}")
    if graalpy and name == "str":
        # A str that came from native code is another object there.
        assert take(TYPES[name]) == TYPES[name]
    else:
        assert take(TYPES[name]) is TYPES[name]
    for other, value in TYPES.items():
        if other != name and not (name == "int" and other == "bool"):
            refused(take, value, TypeError, f"must be {name}, not {type(value).__name__}")


def test_handles_of_a_subclass():
    for base, value in TYPES.items():
        if base not in ("bool", "None", "module", "type"):
            subclass = type("Subclass", (type(value),), {})
            thing = subclass() if base != "tuple" else subclass((1,))
            assert getattr(conversions, f"take_{base}")(thing) is thing
    assert conversions.take_int(True) is True

    class Meta(type):
        pass

    meta = Meta("meta", (), {})
    assert conversions.take_type(meta) is meta


def test_a_class_that_lies_about_its_class():
    class Liar:
        __class__ = list

    assert isinstance(Liar(), list)
    refused(conversions.take_list, Liar(), TypeError, "must be list, not Liar")
    with pytest.raises(TypeError):
        conversions.echo_vec(Liar())


def test_values_made_in_rust():
    assert conversions.made_in_rust() == [
        [1, 2, 3],
        [1, 2, 3],
        b"\x01\x02",
        b"\x01\x02",
        ["x", "y"],
        {"a": 1.5, "b": 2.5},
        7,
        None,
        "boxed",
        (1, "two", 3.0, True, None, "c"),
    ]
    with pytest.raises(TypeError, match="unhashable"):
        conversions.unhashable_keys()


def test_the_default_of_what_is_none_is_none():
    f = conversions.none_by_default
    assert f() == f(None) == [True, True] and f(None, None) == [True, False]
    with pytest.raises(TypeError):
        f(())
