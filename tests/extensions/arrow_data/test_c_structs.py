"""Arrow's structs as ctypes makes them: released once, and refused where they do not fit."""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import Any

import arrow_data
import pytest

if sys.implementation.name != "cpython":
    pytest.skip("only CPython's ctypes can make capsules", allow_module_level=True)


class Schema(ctypes.Structure):
    """`ArrowSchema`."""


class Array(ctypes.Structure):
    """`ArrowArray`."""


class Stream(ctypes.Structure):
    """`ArrowArrayStream`."""


def pointers(struct: Any) -> Any:
    return ctypes.POINTER(ctypes.POINTER(struct))


Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", pointers(Schema)),
    ("dictionary", ctypes.POINTER(Schema)),
    ("release", Release),
    ("private_data", ctypes.c_void_p),
]
Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", pointers(Array)),
    ("dictionary", ctypes.POINTER(Array)),
    ("release", Release),
    ("private_data", ctypes.c_void_p),
]
Get = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
GetError = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
Stream._fields_ = [
    ("get_schema", Get),
    ("get_next", Get),
    ("get_last_error", GetError),
    ("release", Release),
    ("private_data", ctypes.c_void_p),
]

new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
NAMES = {Schema: b"arrow_schema", Array: b"arrow_array", Stream: b"arrow_array_stream"}


class Counted:
    """A struct that counts how often it is released, and a capsule of it."""

    def __init__(self, struct: Any) -> None:
        self.struct = struct
        self.released = 0
        self.callback = Release(self.release)
        struct.release = self.callback

    def release(self, address: int) -> None:
        self.released += 1
        struct = type(self.struct).from_address(address)
        struct.release = Release()

    def capsule(self) -> Any:
        return new_capsule(ctypes.addressof(self.struct), NAMES[type(self.struct)], None)


class Made:
    """An array of one type, with what is said of it."""

    def __init__(self, format: bytes | None, buffers: list[Any], **said: Any) -> None:
        # What the structs point to.
        self.kept: list[Any] = [buffers]
        self.schema = Counted(self.fill(Schema(format, b"made"), said.get("schema", {})))
        array = Array(said.get("length", 3), said.get("null_count", 0), said.get("offset", 0))
        places = [None if buffer is None else ctypes.addressof(buffer) for buffer in buffers]
        array.n_buffers = said.get("n_buffers", len(places))
        array.buffers = (ctypes.c_void_p * max(len(places), 1))(*places)
        self.array = Counted(self.fill(array, said.get("array", {})))

    def fill(self, struct: Any, parts: dict[str, Any]) -> Any:
        children = parts.get("children", [])
        struct.n_children = parts.get("n_children", len(children))
        if children:
            own = (ctypes.POINTER(type(struct)) * len(children))()
            for index, child in enumerate(children):
                if child is not None:
                    own[index] = ctypes.pointer(child)
            struct.children = own
            self.kept.append(own)
        if "dictionary" in parts:
            struct.dictionary = ctypes.pointer(parts["dictionary"])
        return struct

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self.schema.capsule(), self.array.capsule()


def ints(*numbers: int, of: Any = ctypes.c_int32) -> Any:
    return (of * len(numbers))(*numbers)


def text(value: bytes) -> Any:
    return ctypes.create_string_buffer(value)


def test_structs_are_released_once() -> None:
    made = Made(b"l", [None, ints(1, 2, 3, of=ctypes.c_int64)])
    array = arrow_data.echo_array(made)
    assert arrow_data.show(array)[:3] == ("Int64", 3, 0)
    assert (made.schema.released, made.array.released) == (1, 0)
    other = arrow_data.echo_data(array)
    del array
    gc.collect()
    assert made.array.released == 0
    assert arrow_data.address(other) == ctypes.addressof(made.kept[0][1])
    del other
    gc.collect()
    assert made.array.released == 1


def test_released_on_another_thread() -> None:
    made = Made(b"l", [None, ints(1, 2, 3, of=ctypes.c_int64)])
    arrow_data.keep(made)
    assert made.array.released == 0
    # The producer's own business: ctypes attaches the thread.
    assert arrow_data.drop_kept_on_a_thread() == 1
    assert made.array.released == 1


def test_released_though_the_call_fails() -> None:
    made = Made(b"l", [None, ints(1, 2, 3, of=ctypes.c_int64)])
    with pytest.raises(TypeError, match="other"):
        arrow_data.fail_after(made, "no number")
    assert (made.schema.released, made.array.released) == (1, 1)
    with pytest.raises(ValueError, match="consumed already"):
        arrow_data.echo_array(made)
    assert (made.schema.released, made.array.released) == (1, 1)


def test_offsets_and_nulls() -> None:
    validity = ctypes.c_uint8(0b101)
    made = Made(b"u", [validity, ints(0, 1, 1, 3), text(b"abc")], null_count=1)
    assert arrow_data.texts(made) == ["a", None, "bc"]
    made = Made(b"u", [None, ints(0, 1, 1, 3), text(b"abc")], length=2, offset=1)
    assert arrow_data.texts(made) == ["", "bc"]
    # The number of nulls may be left to whoever wants to know it.
    made = Made(b"u", [validity, ints(0, 1, 1, 3), text(b"abc")], null_count=-1)
    assert arrow_data.show(made)[:3] == ("Utf8", 3, 1)
    # Nothing, without any memory for it.
    made = Made(b"g", [None, None], length=0)
    assert arrow_data.show(made)[:3] == ("Float64", 0, 0)


def child(length: int = 3) -> Any:
    array = Array(length, 0, 0, 2)
    array.buffers = (ctypes.c_void_p * 2)(None, ctypes.addressof(NUMBERS))
    return array


NUMBERS = ints(*range(8), of=ctypes.c_int64)


def nested(depth: int) -> Any:
    schema = Schema(b"l", b"")
    for _ in range(depth):
        outer = Schema(b"+l", b"")
        outer.n_children = 1
        outer.children = (ctypes.POINTER(Schema) * 1)(ctypes.pointer(schema))
        schema = outer
    return schema


BAD: list[Any] = [
    (b"u", [None, ints(0, 2, 1, 3), text(b"abc")], {}, "ffset"),
    (b"u", [None, ints(0, 1, 2, -1), text(b"abc")], {}, "negative"),
    (b"u", [None, ints(-1, 1, 2, 3), text(b"abc")], {}, "ffset"),
    (b"u", [None, ints(0, 1, 2, 3), text(b"a\xffb")], {}, "(?i)utf-?8"),
    (b"u", [None, ints(0, 1, 2, 3), None], {}, "null"),
    (b"u", [None, None, text(b"abc")], {}, "null"),
    (b"u", [None, ints(0, 1, 2, 3)], {}, "more or fewer buffers"),
    (b"U", [None, ints(0, 1, 2, 2**40, of=ctypes.c_int64)], {}, "more or fewer buffers"),
    (b"l", [None], {}, "more or fewer buffers"),
    (b"l", [None, NUMBERS, NUMBERS], {}, "more or fewer buffers"),
    (b"l", [None, NUMBERS], {"n_buffers": -1}, "negative"),
    (b"l", [None, NUMBERS], {"length": -1}, "negative"),
    (b"l", [None, NUMBERS], {"offset": -1}, "negative"),
    (b"l", [None, NUMBERS], {"length": 2**63 - 1}, "longer than any memory"),
    (b"l", [None, NUMBERS], {"length": 2**61}, "longer than any memory"),
    (b"l", [ctypes.c_uint8(0b101), NUMBERS], {"null_count": 2}, "null"),
    (b"l", [None, NUMBERS], {"array": {"children": [child()]}}, "more or fewer children"),
    (b"l", [None, NUMBERS], {"array": {"dictionary": child()}}, "has none"),
    (b"l", [None, NUMBERS], {"schema": {"children": [Schema(b"l", b"")]}}, "more or fewer child"),
    (b"+l", [None, NUMBERS], {}, "more or fewer children"),
    (b"+s", [None], {"schema": {"children": [Schema(b"l", b"")]}}, "more or fewer children"),
    (b"+s", [None], {"schema": {"children": [None]}}, "a child is missing"),
    (
        b"+s",
        [None],
        {"schema": {"children": [Schema(b"l", b"")]}, "array": {"children": [None]}},
        "a child is missing",
    ),
    (
        b"+s",
        [None],
        {"schema": {"children": [Schema(b"l", b"")]}, "array": {"children": [child(2)]}},
        "length",
    ),
    (
        b"+l",
        [None, ints(0, 1, 2, 9)],
        {"schema": {"children": [Schema(b"l", b"")]}, "array": {"children": [child()]}},
        "ffset",
    ),
    (
        b"i",
        [None, ints(0, 1, 3)],
        {"schema": {"dictionary": Schema(b"l", b"")}, "array": {"dictionary": child()}},
        "(?i)key|value|dictionary",
    ),
    (b"i", [None, ints(0, 1, 2)], {"schema": {"dictionary": Schema(b"l", b"")}}, "missing"),
    (b"+l", [None, NUMBERS], {"schema": {"children": [nested(100)]}}, "nested too deeply"),
    (b"w:-4", [None, NUMBERS], {}, "(?i)negative|size"),
    (b"w:x", [None, NUMBERS], {}, None),
    (b"nonsense", [None, NUMBERS], {}, None),
    (b"\xff", [None, NUMBERS], {}, "not UTF-8"),
    (b"", [None, NUMBERS], {}, None),
    (None, [None, NUMBERS], {}, "no format"),
    (b"vu", [None, NUMBERS], {}, "more or fewer buffers"),
    (b"vu", [None, NUMBERS, text(b"abc"), None], {}, "lengths"),
    (b"vu", [None, NUMBERS, text(b"abc"), ints(-3, of=ctypes.c_int64)], {}, "negative"),
    (b"vu", [None, ints(*[2**62] * 6, of=ctypes.c_int64), ints(0)], {}, None),
    (b"+ud:5", [ints(5, 5, 6)], {"schema": {"children": [Schema(b"l", b"")]}}, None),
]


@pytest.mark.parametrize("case", range(len(BAD)))
def test_structs_that_do_not_fit(case: int) -> None:
    format, buffers, said, message = BAD[case]
    made = Made(format, buffers, **said)
    with pytest.raises(ValueError, match=message):
        arrow_data.echo_array(made)
    gc.collect()
    assert (made.schema.released, made.array.released) == (1, 1)


def test_odd_addresses() -> None:
    """Numbers are copied then, and offsets refused."""
    memory = text(b"\0" + bytes(ints(1, 2, 3, of=ctypes.c_int64)))
    odd = (ctypes.c_int64 * 3).from_buffer(memory, 1)
    assert "2," in arrow_data.show(Made(b"l", [None, odd]))[3]
    memory = text(b"\0" + bytes(ints(0, 1, 2, 3)))
    odd = (ctypes.c_int32 * 4).from_buffer(memory, 1)
    with pytest.raises(ValueError, match="odd addresses"):
        arrow_data.texts(Made(b"u", [None, odd, text(b"abc")]))


class MadeStream:
    """A stream of arrays, of which the callbacks may fail."""

    def __init__(self, format: bytes, arrays: list[Any], **said: Any) -> None:
        self.format, self.arrays, self.said = format, list(arrays), said
        self.message = ctypes.create_string_buffer(b"out of order")
        self.functions = Get(self.get_schema), Get(self.get_next), GetError(self.get_error)
        self.stream = Counted(Stream(*self.functions))
        self.given: list[Any] = []

    def get_schema(self, _: int, out: int) -> int:
        if "schema_fails" in self.said:
            return int(self.said["schema_fails"])
        self.schema = Counted(Schema(self.format, b""))
        ctypes.memmove(out, ctypes.addressof(self.schema.struct), ctypes.sizeof(Schema))
        return 0

    def get_next(self, _: int, out: int) -> int:
        if not self.arrays:
            ctypes.memset(out, 0, ctypes.sizeof(Array))
            return int(self.said.get("fails", 0))
        made = self.arrays.pop(0)
        self.given.append(made)
        ctypes.memmove(out, ctypes.addressof(made.array.struct), ctypes.sizeof(Array))
        return 0

    def get_error(self, _: int) -> int | None:
        return None if "silent" in self.said else ctypes.addressof(self.message)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.stream.capsule()


def part(*numbers: int) -> Made:
    return Made(b"l", [None, ints(*numbers, of=ctypes.c_int64)], length=len(numbers))


def test_streams() -> None:
    stream = MadeStream(b"l", [part(1, 2), part(3)])
    column = arrow_data.echo_column(stream)
    assert stream.stream.released == 1 and stream.schema.released == 1
    assert [made.array.released for made in stream.given] == [0, 0]
    del column
    gc.collect()
    assert [made.array.released for made in stream.given] == [1, 1]
    assert arrow_data.show(MadeStream(b"l", [part(1, 2)]))[1] == 2
    assert arrow_data.show(MadeStream(b"l", []))[:2] == ("Int64", 0)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"fails": 5}, "out of order"),
        ({"fails": 5, "silent": True}, "error 5"),
        ({"schema_fails": 22}, "out of order"),
    ],
)
def test_streams_that_fail(said: Any, message: str) -> None:
    stream = MadeStream(b"l", [part(1, 2)], **said)
    with pytest.raises(ValueError, match=message):
        arrow_data.echo_column(stream)
    gc.collect()
    assert stream.stream.released == 1
    assert all(made.array.released == 1 for made in stream.given)


def test_a_stream_without_functions() -> None:
    stream = MadeStream(b"l", [])
    stream.stream.struct.get_schema = Get()
    with pytest.raises(ValueError, match="producer failed"):
        arrow_data.echo_column(stream)
    assert stream.stream.released == 1
