import collections
import enum

import pytest

import plain_data


class Sub:
    """Subclasses that lie about themselves: nobody asks."""

    class Int(int):
        def __class__(self):
            return str

    class Float(float):
        pass

    class Str(str):
        pass

    class Bytes(bytes):
        pass

    class List(list):
        pass

    class Tuple(tuple):
        pass

    class Dict(dict):
        pass


class Colour(enum.IntEnum):
    RED = 1


KINDS = [
    (None, "None", None),
    (True, "bool", True),
    (False, "bool", False),
    (0, "int", 0),
    (-5, "int", -5),
    (10**400, "int", 10**400),
    (Sub.Int(7), "int", 7),
    (Colour.RED, "int", 1),
    (0.0, "float", 0.0),
    (1e300, "float", 1e300),
    (Sub.Float(2.5), "float", 2.5),
    ("", "str", ""),
    ("h\xe9 \U0001f600", "str", "h\xe9 \U0001f600"),
    (Sub.Str("sub"), "str", "sub"),
    (b"", "bytes", b""),
    (b"\xff\0", "bytes", b"\xff\0"),
    (Sub.Bytes(b"sub"), "bytes", b"sub"),
    ([], "list", 0),
    ([1, 2], "list", 2),
    (Sub.List([1]), "list", 1),
    ((), "tuple", 0),
    ((1, 2, 3), "tuple", 3),
    (Sub.Tuple((1,)), "tuple", 1),
    (collections.namedtuple("Pair", "a b")(1, 2), "tuple", 2),
    ({}, "dict", []),
    ({"a": 1, 2: 3}, "dict", ["a", 2]),
    (Sub.Dict(a=1), "dict", ["a"]),
    (collections.OrderedDict(b=1, a=2), "dict", ["b", "a"]),
    (collections.defaultdict(list), "dict", []),
]


@pytest.mark.parametrize("value, kind, content", KINDS, ids=lambda value: ascii(value)[:20])
def test_kinds(value, kind, content):
    assert plain_data.kind(value) == (kind, content)


def test_kinds_of_one_after_another():
    # What was asked for last is asked first: runs of all lengths, and each kind after each other.
    for length in (1, 2, 3):
        for first in KINDS:
            for second in KINDS:
                for value, kind, content in [first] * length + [second] * length:
                    assert plain_data.kind(value) == (kind, content)
                other, _ = plain_data.kind(len)
                assert other == "other"


class Pretender:
    __class__ = dict

    def __index__(self):
        return 1


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1},
        frozenset(),
        bytearray(b"x"),
        1j,
        range(3),
        memoryview(b"x"),
        int,
        type,
        Ellipsis,
        NotImplemented,
        Pretender(),
        {}.keys(),
        iter([]),
        collections.UserDict(),
        len,
        ValueError("x"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_of_no_kind(value):
    kind, same = plain_data.kind(value)
    assert kind == "other" and same is value


@pytest.mark.parametrize(
    "text", ["", "ascii", "h\xe9", "\u6771\U0001f600\0", "\ud800", "a\udfff\ud800b"], ids=ascii
)
def test_text_becomes_bytes_and_comes_back(text):
    for encoding, errors in (
        ("utf-8", "surrogatepass"), ("utf-16-le", "surrogatepass"), ("ascii", "backslashreplace"),
    ):
        try:
            expected = text.encode(encoding, errors)
        except UnicodeEncodeError:  # GraalPy's UTF-16 has no surrogates
            with pytest.raises(UnicodeEncodeError):
                plain_data.encode(text, encoding, errors)
            continue
        data = plain_data.encode(text, encoding, errors)
        assert data == expected
        assert plain_data.decode(
            data, encoding, errors if errors == "surrogatepass" else "strict"
        ) == data.decode(encoding, errors if errors == "surrogatepass" else "strict")


@pytest.mark.parametrize(
    "text",
    ["", "a", "\xe9", "ascii\0", "h\xe9", "\u6771!", "\u6771\U0001f600\0", "\U0010ffff", "\ud800",
     "\udc00\ud800", "a\udfff\U0001f600"],
    ids=ascii,
)
def test_text_of_code_points(text):
    made = plain_data.of_code_points([ord(character) for character in text])
    assert made == text and hash(made) == hash(text) and made.isascii() == text.isascii()


def test_what_is_no_code_point():
    for point in (0x110000, 2**32 - 1):
        with pytest.raises(ValueError):
            plain_data.of_code_points([97, point])


def test_a_subclass_is_encoded_as_what_it_is():
    class Own(str):
        def encode(self, *args):
            return b"own"

    assert plain_data.encode(Own("text"), "utf-8", "strict") == b"text"


def test_what_cannot_be_encoded_or_decoded():
    with pytest.raises(UnicodeEncodeError):
        plain_data.encode("\ud800", "utf-8", "strict")
    with pytest.raises(UnicodeEncodeError):
        plain_data.encode("\u6771", "latin-1", "strict")
    with pytest.raises(UnicodeDecodeError) as caught:
        plain_data.decode(b"a\xff", "utf-8", "surrogatepass")
    assert caught.value.start == 1
    for function, value in ((plain_data.encode, "x\ud800"), (plain_data.decode, b"x\xff")):
        with pytest.raises(LookupError):
            function(value, "no such encoding", "strict")
        with pytest.raises(LookupError):
            function(value, "utf-8", "no such way")
