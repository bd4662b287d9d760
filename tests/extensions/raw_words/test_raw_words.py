"""Functions of the raw layer whose word differs between contexts, or that older contexts lack.

Each does what its documentation says. A function at the wrong word would do something else, or
crash.
"""

import collections
import contextvars
import os
import struct
import sys

import pytest

import raw_words
from hpy_hosts import GRAALPY_HPY, PYPIS_HPY, PYPY_HPY

PYPY = sys.implementation.name == "pypy"
OWN = not PYPIS_HPY and not PYPY_HPY and not GRAALPY_HPY


def everything(*args, **keywords):
    return args, keywords


def test_call():
    assert raw_words.call(everything, (), None) == ((), {})
    assert raw_words.call(everything, (1, "two"), None) == ((1, "two"), {})
    assert raw_words.call(everything, (1, 2, 3), ("a", "b")) == ((1,), {"a": 2, "b": 3})
    with pytest.raises(TypeError, match="not callable"):
        raw_words.call(5, (), None)
    with pytest.raises(ZeroDivisionError):
        raw_words.call(lambda: 1 // 0, (), None)


def test_call_method():
    assert raw_words.call_method("split", ("a,b", ",")) == ["a", "b"]
    assert raw_words.call_method("copy", ([1],)) == [1]
    with pytest.raises(AttributeError):
        raw_words.call_method("missing", (5,))


def test_call_tuple_dict():
    assert raw_words.call_tuple_dict(everything, None, None) == ((), {})
    assert raw_words.call_tuple_dict(everything, (1,), {"a": 2}) == ((1,), {"a": 2})
    with pytest.raises(TypeError):
        raw_words.call_tuple_dict(everything, [1], None)
    with pytest.raises(TypeError):
        raw_words.call_tuple_dict(everything, (), [1])


not_pypys = pytest.mark.skipif(PYPY_HPY, reason="PyPy's own HPy cuts ints to 32 bits")
not_upstreams = pytest.mark.skipif(PYPIS_HPY, reason="PyPI's hpy says OverflowError")


class Index:
    def __index__(self):
        return 7


@pytest.mark.parametrize("bits", [32, 64])
def test_ints(bits):
    signed, unsigned = getattr(raw_words, f"as_i{bits}"), getattr(raw_words, f"as_u{bits}")
    for value in (0, 1, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1))):
        assert signed(value) == value
    for value in (0, 1, 2**bits - 1):
        assert unsigned(value) == value
    assert signed(Index()) == 7
    with pytest.raises(TypeError):
        signed("7")


@pytest.mark.parametrize("bits", [pytest.param(32, marks=not_pypys), 64])
def test_ints_out_of_range(bits):
    signed, unsigned = getattr(raw_words, f"as_i{bits}"), getattr(raw_words, f"as_u{bits}")
    for read, value in [(signed, 2 ** (bits - 1)), (unsigned, 2**bits), (unsigned, -1)]:
        with pytest.raises(OverflowError):
            read(value)


def test_sizes():
    most = 256 ** struct.calcsize("P") - 1
    assert raw_words.as_usize(most) == most
    for value in (-1, most + 1):
        with pytest.raises(OverflowError):
            raw_words.as_usize(value)


@pytest.mark.skipif(PYPY, reason="PyPy's own HPy, and its C API, ask for __index__ here too")
@pytest.mark.parametrize(
    "name", [pytest.param("as_u32", marks=not_upstreams), "as_u64", "as_usize"]
)
def test_unsigned_ints_are_read_from_ints_only(name):
    for value in ("7", 7.0, Index()):
        with pytest.raises(TypeError):
            getattr(raw_words, name)(value)


@pytest.mark.skipif(not OWN, reason="HPy 0.9.0's documentation does not ask for the SystemError")
@pytest.mark.skipif(
    os.environ.get("HPY") == "debug",
    reason="the test takes a handle for its object's address, which it is not in debug mode",
)
def test_a_mod_create_may_make_anything_but_a_module():
    made = object()
    assert raw_words.created(made) is made
    with pytest.raises(SystemError, match="returned a builtin module object"):
        raw_words.created(sys)


def test_capsule():
    capsule = raw_words.capsule_new()
    assert type(capsule).__name__ == "PyCapsule"
    assert raw_words.capsule_value(capsule) == 42
    assert raw_words.capsule_is_valid(capsule, "raw_words.value") is True
    assert raw_words.capsule_is_valid(capsule, "another name") is False
    assert raw_words.capsule_is_valid(5, "raw_words.value") is False
    raw_words.capsule_set_other_value(capsule)
    assert raw_words.capsule_value(capsule) == 7


def test_capsule_of_nothing():
    with pytest.raises(ValueError):
        raw_words.capsule_of_nothing()


def test_builders_are_cancelled():
    class Item:
        pass

    item = Item()
    before = sys.getrefcount(item) if sys.implementation.name == "cpython" else 0
    assert raw_words.cancel_builders(item)
    assert not before or sys.getrefcount(item) == before


def test_what_is_no_capsule():
    with pytest.raises((ValueError, TypeError)):
        raw_words.capsule_value(5)


def test_types():
    class Mine:
        pass

    class Derived(Mine):
        pass

    assert raw_words.type_name(int) == "int"
    assert raw_words.type_name(Mine) == "Mine"
    assert raw_words.type_is_subtype(Derived, Mine) is True
    assert raw_words.type_is_subtype(Mine, Derived) is False
    assert raw_words.type_is_subtype(bool, int) is True


def test_dict():
    values = {"a": 1, 2: None}
    assert raw_words.dict_keys(values) == ["a", 2]
    copy = raw_words.dict_copy(values)
    assert copy == values and copy is not values


@pytest.mark.skipif(not OWN, reason="HPy 0.9.0's documentation does not ask for the SystemError")
@pytest.mark.parametrize("nothing", [None, 42])
def test_keys_of_what_is_no_dict(nothing):
    with pytest.raises(SystemError):
        raw_words.dict_keys(nothing)


def test_substring():
    for start, end in [(0, 3), (1, 2), (2, 100), (3, 1), (5, 9)]:
        assert raw_words.substring("h\xe9\U0001f40dx", start, end) == "h\xe9\U0001f40dx"[start:end]
    for start, end in [(-1, 2), (0, -1)]:
        with pytest.raises(IndexError):
            raw_words.substring("abc", start, end)


def test_from_encoded_object():
    assert raw_words.from_encoded(b"h\xe9", "latin-1", "strict") == "h\xe9"
    assert raw_words.from_encoded(b"a\xff", "utf-8", "replace") == "a\ufffd"
    with pytest.raises(UnicodeDecodeError):
        raw_words.from_encoded(b"\xff", "utf-8", "strict")
    with pytest.raises(LookupError):
        raw_words.from_encoded(b"abc", "no such encoding", "strict")
    with pytest.raises(TypeError):
        raw_words.from_encoded("text", "utf-8", "strict")


@pytest.mark.skipif(PYPY_HPY, reason="PyPy's own HPyUnicode_FromEncodedObject takes bytes only")
def test_from_encoded_bytearray():
    assert raw_words.from_encoded(bytearray(b"abc"), "utf-8", "strict") == "abc"


def test_slice_unpack():
    assert raw_words.slice_unpack(slice(1, 5, 2)) == (1, 5, 2)
    # Not sys.maxsize, which has 32 bits on GraalPy.
    most = 256 ** struct.calcsize("P") // 2 - 1
    assert raw_words.slice_unpack(slice(None)) == (0, most, 1)
    start, stop, step = raw_words.slice_unpack(slice(None, None, -1))
    assert start == most and stop < -most + 1 and step == -1
    with pytest.raises(ValueError):
        raw_words.slice_unpack(slice(0, 1, 0))
    with pytest.raises(TypeError):
        raw_words.slice_unpack(slice("a", None))


def test_context_variable():
    variable = raw_words.context_var_new("variable", None)
    # GraalPy's have no name.
    assert (
        type(variable) is contextvars.ContextVar
        and getattr(variable, "name", "variable") == "variable"
    )
    assert raw_words.context_var_get(variable, None) is None
    # GraalPy 24 takes an int that is given as the default for the number of a handle.
    default = "five" if GRAALPY_HPY else 5
    assert raw_words.context_var_get(variable, default) == default
    token = raw_words.context_var_set(variable, "value")
    assert variable.get() == "value"
    assert raw_words.context_var_get(variable, default) == "value"
    variable.reset(token)
    assert raw_words.context_var_get(variable, default) == default
    assert raw_words.context_var_get(raw_words.context_var_new("other", 7), None) == 7


def test_source_text():
    assert raw_words.run("6 * 7", True, {}) == 42
    namespace = {}
    assert raw_words.run("x = 1\ny = x + 1", False, namespace) is None
    assert namespace["y"] == 2
    with pytest.raises(SyntaxError) as caught:
        raw_words.run("x =", False, {})
    assert caught.value.filename == "source.py"
    with pytest.raises(SyntaxError):
        raw_words.run("x = 1", True, {})
    with pytest.raises(NameError):
        raw_words.run("missing", True, {})


# Newer than HPy 0.9.0


@pytest.mark.parametrize("index", [0, 1, 3, 100, -1, -100])
def test_list_insert(index):
    values, expected = [1, 2, 3], [1, 2, 3]
    raw_words.list_insert(values, index, "x")
    expected.insert(index, "x")
    assert values == expected


def test_list_insert_into_something_else():
    with pytest.raises((SystemError, TypeError)):
        raw_words.list_insert((), 0, 1)


def test_slices():
    values = [1, 2, 3, 4]
    assert raw_words.get_slice(values, 1, 3) == [2, 3]
    assert raw_words.get_slice("abcd", -3, -1) == "bc"
    raw_words.set_slice(values, 1, 3, "xyz")
    assert values == [1, "x", "y", "z", 4]
    raw_words.del_slice(values, 1, 4)
    assert values == [1, 4]
    for call in (
        lambda: raw_words.get_slice(5, 0, 1),
        lambda: raw_words.set_slice((), 0, 1, []),
        lambda: raw_words.del_slice((), 0, 1),
        lambda: raw_words.set_slice(values, 0, 1, 5),
    ):
        with pytest.raises(TypeError):
            call()
    assert values == [1, 4]


def test_iterators():
    iterator = raw_words.get_iter([1, None])
    assert raw_words.iter_check(iterator) is True
    assert raw_words.iter_check([1]) is False
    assert [raw_words.iter_next(iterator) for _ in range(4)] == [(1,), (None,), (), ()]
    with pytest.raises(TypeError, match="not iterable"):
        raw_words.get_iter(5)


def test_iterator_that_raises():
    def generator():
        yield 1
        raise KeyError("midway")

    iterator = raw_words.get_iter(generator())
    assert raw_words.iter_next(iterator) == (1,)
    with pytest.raises(KeyError, match="midway"):
        raw_words.iter_next(iterator)
    assert raw_words.iter_next(iterator) == ()


def test_slice_new():
    assert raw_words.slice_new(1, 2, 3) == slice(1, 2, 3)
    assert raw_words.slice_new(None, None, None) == slice(None, None, None)
    assert raw_words.slice_new("a", 2, None) == slice("a", 2, None)


@pytest.mark.skipif(PYPY_HPY, reason="PyPy's own HPySlice_New aborts on null")
def test_slice_of_nulls():
    assert raw_words.slice_of_nulls() == slice(None, None, None)


class Keys:
    """A class with a length, for which an index is a key like any other."""

    def __init__(self):
        self.log = []

    def __len__(self):
        return 10

    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        self.log.append((key, value))

    def __delitem__(self, key):
        self.log.append(key)


# More than 32 bits where an index has more. GraalPy's sys.maxsize has 32 bits.
LARGE = min(2**40, 256 ** struct.calcsize("P") // 2 - 1)


@pytest.mark.parametrize("index", [0, 3, -1, -11, LARGE])
def test_an_index_reaches_a_class_unchanged(index):
    keys = Keys()
    assert raw_words.get_item_i(keys, index) == index
    assert (
        raw_words.set_item_i(keys, index, "value") == 0 and raw_words.del_item_i(keys, index) == 0
    )
    assert keys.log == [(index, "value"), index]


def test_a_negative_index_is_no_other_key_of_a_dict_in_python():
    values = collections.UserDict({0: "a", 1: "b"})
    raw_words.set_item_i(values, -1, "new")
    assert values == {0: "a", 1: "b", -1: "new"} and raw_words.get_item_i(values, -1) == "new"
    raw_words.del_item_i(values, -1)
    assert values == {0: "a", 1: "b"}
    with pytest.raises(KeyError):
        raw_words.get_item_i(values, -1)


def test_memory_is_written_by_an_index():
    memory = bytearray(b"abc")
    with memoryview(memory) as view:
        raw_words.set_item_i(view, 0, 65)
        raw_words.set_item_i(view, -1, 67)
    assert memory == b"AbC"
    with pytest.raises(TypeError):
        raw_words.set_item_i(memoryview(b"abc"), 0, 65)


def test_items_of_lists_and_tuples():
    for kind in (list, tuple):
        items = kind([1, None, "x"])
        assert [raw_words.get_item_i(items, index) for index in (0, 1, 2)] == [1, None, "x"]
    items = [1, 2, 3]
    raw_words.set_item_i(items, 0, 4)
    raw_words.del_item_i(items, 2)
    assert items == [4, 2]
    with pytest.raises(TypeError):
        raw_words.set_item_i((1,), 0, 0)


@pytest.mark.skipif(
    GRAALPY_HPY,
    reason="GraalPy's own HPy reads and writes beyond the ends of lists and tuples, "
    "and ends the process",
)
def test_items_of_lists_and_tuples_from_the_end_and_beyond():
    for kind in (list, tuple):
        items = kind([1, None, "x"])
        assert [raw_words.get_item_i(items, index) for index in (-1, -3)] == ["x", 1]
        for index in (3, -4, LARGE):
            with pytest.raises(IndexError):
                raw_words.get_item_i(items, index)
    items = [1, 2, 3]
    raw_words.set_item_i(items, -3, 4)
    raw_words.del_item_i(items, -1)
    assert items == [4, 2]
    for index in (2, -3):
        with pytest.raises(IndexError):
            raw_words.set_item_i(items, index, 0)
        with pytest.raises(IndexError):
            raw_words.del_item_i(items, index)
