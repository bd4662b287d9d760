"""The memory of bytes, bytearray, memoryview, arrays and ctypes' objects.

It is read and written from Rust. Python's own `array` and `struct` check the results.
"""

import array
import ctypes
import math
import mmap
import pickle
import random
import struct
import sys
import threading

import pytest

import buffers

pypy = sys.implementation.name == "pypy"
graalpy = sys.implementation.name == "graalpy"

CODES = {
    "i8": "b", "i16": "h", "i32": "i", "i64": "q", "isize": "n",
    "u8": "B", "u16": "H", "u32": "I", "u64": "Q", "usize": "N",
    "f32": "f", "f64": "d",
}  # fmt: skip
ARRAYS = [name for name in CODES if CODES[name] not in "nN"]
INTS = [name for name in CODES if name[0] != "f"]


def read(name, data):
    return getattr(buffers, f"read_{name}")(data)


def numbers(name, size, seed=0):
    rng = random.Random(f"{name}{size}{seed}")
    data = rng.getrandbits(64 * size).to_bytes(8 * size, "little") if size else b""
    code = CODES[name]
    if name[0] == "f":
        special = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.5]
        return [
            rng.choice(special) if rng.random() < 0.5 else float(rng.randint(-1000, 1000))
            for _ in range(size)
        ]
    return (
        list(struct.unpack(f"={size}{CODES[name]}", data[: size * struct.calcsize(code)]))
        if code not in "nN"
        else list(struct.unpack(f"{size}{code}", data[: size * struct.calcsize(code)]))
    )


def bits(name, items):
    return struct.pack(f"{len(items)}{CODES[name]}", *items)


def is_zero_copy():
    return not read("u8", bytearray(b"x"))["copy"]


@pytest.mark.parametrize("size", [0, 1, 7, 1000])
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays(name, size):
    items = numbers(name, size)
    found = read(name, array.array(CODES[name], items))
    assert bits(name, found["items"]) == bits(name, items)
    itemsize = struct.calcsize(CODES[name])
    assert found["shape"] == (size,) and found["strides"] == (itemsize,)
    assert found["itemsize"] == itemsize
    assert struct.calcsize(found["format"]) == itemsize
    assert found["c_contiguous"] and found["f_contiguous"] and found["slice"]
    assert found["object_c_contiguous"]
    assert not found["readonly"] and not found["immutable"]


@pytest.mark.parametrize("name", [name for name in CODES if not (pypy and CODES[name] in "nN")])
def test_memoryviews_of_bytes(name):
    items = numbers(name, 50)
    data = bits(name, items)
    found = read(name, memoryview(data).cast(CODES[name]))
    assert bits(name, found["items"]) == data
    assert found["readonly"]
    found = read(name, memoryview(bytearray(data)).cast(CODES[name]))
    assert bits(name, found["items"]) == data
    assert not found["readonly"] and not found["immutable"]


def test_bytes():
    for data in (b"", b"x", bytes(range(256))):
        found = read("u8", data)
        assert found["items"] == list(data)
        assert found["readonly"] and found["immutable"] and found["slice"]
        assert found["shape"] == (len(data),)
        found = read("u8", bytearray(data))
        assert found["items"] == list(data)
        assert not found["readonly"] and not found["immutable"]


class Bytes(bytes):
    pass


def test_which_slices_there_are():
    assert buffers.slices(b"abc") == (True, False, True)
    assert buffers.slices(bytearray(b"abc")) == (True, True, False)
    # A subclass may export other memory, and so may who is behind a memoryview.
    copies = not is_zero_copy()
    assert buffers.slices(Bytes(b"abc")) == (True, False, copies)
    assert buffers.slices(memoryview(b"abc")) == (True, False, copies)
    assert buffers.slices(memoryview(bytearray(b"abc")).toreadonly()) == (True, False, copies)
    assert buffers.slices(memoryview(bytearray(b"abc"))) == (True, True, False)
    # A copy has no gaps.
    assert buffers.slices(memoryview(bytearray(b"abcd"))[::2]) == (copies, copies, False)


@pytest.mark.parametrize("size", [0, 1, 100])
@pytest.mark.parametrize("name", ARRAYS)
def test_writing_items(name, size):
    items = [5] * size
    data = array.array(CODES[name], items)
    getattr(buffers, f"add_{name}")(data, 2)
    assert data.tolist() == [7] * size
    new = [n % 100 for n in range(size)]
    getattr(buffers, f"replace_{name}")(data, new)
    assert data.tolist() == new
    if size:
        getattr(buffers, f"set_{name}")(data, [size - 1], 9)
        assert data.tolist() == [*new[:-1], 9]
        assert getattr(buffers, f"get_{name}")(data, [size - 1]) == 9
    assert getattr(buffers, f"get_{name}")(data, [size]) is None
    with pytest.raises(IndexError, match="no such item"):
        getattr(buffers, f"set_{name}")(data, [size], 1)
    with pytest.raises(ValueError, match=f"the buffer has {size} items, the slice {size + 1}"):
        getattr(buffers, f"replace_{name}")(data, [1] * (size + 1))


def test_what_is_read_only_is_not_written():
    for data in (b"abc", memoryview(b"abc"), memoryview(bytearray(b"abc")).toreadonly()):
        for write in (
            lambda: buffers.add_u8(data, 1),
            lambda: buffers.replace_u8(data, [1, 2, 3]),
            lambda: buffers.set_u8(data, [0], 1),
        ):
            with pytest.raises(BufferError, match="read-only"):
                write()
        assert bytes(data) == b"abc"


@pytest.mark.parametrize("step", [2, 3, -1, -2])
@pytest.mark.parametrize("name", ["u8", "i32", "f64"])
def test_items_with_gaps(name, step):
    data = array.array(CODES[name], range(20))
    view = memoryview(data)[::step]
    found = read(name, view)
    expected = list(range(20))[::step]
    assert found["items"] == expected
    assert found["shape"] == (len(expected),)
    assert not found["object_c_contiguous"]
    if not found["copy"]:
        assert found["strides"] == (step * data.itemsize,)
        assert not found["c_contiguous"] and not found["slice"]
        with pytest.raises(BufferError, match="one behind the other"):
            getattr(buffers, f"add_{name}")(view, 1)
    assert getattr(buffers, f"get_{name}")(view, [1]) == expected[1]
    getattr(buffers, f"set_{name}")(view, [1], 77)
    assert data[expected[1]] == 77
    getattr(buffers, f"replace_{name}")(view, list(range(100, 100 + len(expected))))
    assert list(data)[::step] == list(range(100, 100 + len(expected)))
    untouched = [item for index, item in enumerate(data) if index not in expected]
    assert untouched == [index for index in range(20) if index not in expected]


def test_several_dimensions():
    data = array.array("i", range(24))
    view = memoryview(data).cast("B").cast("i", (2, 3, 4))
    found = read("i32", view)
    assert found["items"] == list(range(24))
    assert found["shape"] == (2, 3, 4) and found["strides"] == (48, 16, 4)
    assert found["c_contiguous"] and not found["f_contiguous"]
    for i in range(2):
        for j in range(3):
            for k in range(4):
                assert buffers.get_i32(view, [i, j, k]) == 12 * i + 4 * j + k
    for outside in (
        [2, 0, 0], [0, 3, 0], [0, 0, 4], [0, 0], [], [0, 0, 0, 0], [sys.maxsize // 2 + 1] * 3,
    ):
        assert buffers.get_i32(view, outside) is None
    buffers.set_i32(view, [1, 2, 3], -1)
    assert data[23] == -1


@pytest.mark.skipif(
    memoryview(ctypes.c_int32(1)).ndim != 0,
    reason="GraalPy 24 gives a number of ctypes one dimension",
)
def test_no_dimension():
    number = ctypes.c_int32(42)
    view = memoryview(number)
    found = read("i32", view)
    assert found["items"] == [42] and found["shape"] == () and found["strides"] == ()
    assert buffers.get_i32(view, []) == 42 and buffers.get_i32(view, [0]) is None


def test_ctypes_arrays():
    data = (ctypes.c_double * 3)(1.0, 2.5, -3.0)
    found = read("f64", data)
    assert found["items"] == [1.0, 2.5, -3.0]
    assert buffers.get_f64(data, [1]) == 2.5


@pytest.mark.parametrize("name", [name for name in CODES if name[-1] != "8"])
def test_the_byte_order_matters(name):
    class Other(
        ctypes.BigEndianStructure if sys.byteorder == "little" else ctypes.LittleEndianStructure
    ):
        pass

    if name == "u32":
        kind = (
            ctypes.c_uint32.__ctype_be__
            if sys.byteorder == "little"
            else ctypes.c_uint32.__ctype_le__
        )
        with pytest.raises(BufferError):
            read(name, (kind * 2)(1, 2))


@pytest.mark.skipif(pypy, reason="views that are cast at an odd address are refused by PyPy")
def test_odd_addresses():
    data = bytearray(33)
    for shift in range(8):
        view = memoryview(data)[shift : shift + 24].cast("q")
        buffers.replace_i64(view, [1, -2, 2**62])
        assert struct.unpack("3q", data[shift : shift + 24]) == (1, -2, 2**62)
        found = read("i64", view)
        assert found["items"] == [1, -2, 2**62]
        assert buffers.get_i64(view, [2]) == 2**62


@pytest.mark.parametrize("name", CODES)
def test_other_items_are_refused(name):
    for code in "bBhHiIqQfd":
        data = array.array(code, [1, 2])
        expected = CODES[name]
        same_kind = (code in "fd") == (expected in "fd") and (code.islower() or code in "fd") == (
            expected.islower() or expected in "fd"
        )
        if same_kind and struct.calcsize(code) == struct.calcsize(expected):
            assert read(name, data)["items"] == [1, 2]
            continue
        with pytest.raises(BufferError) as error:
            read(name, data)
        message = str(error.value)
        assert message.startswith(
            f"read_{name}() argument 'data': the buffer has items of format '"
        )
        assert f"({struct.calcsize(code)} bytes), not {name} (" in message


def test_other_formats():
    for code, size in (("?", 1), ("c", 1)):
        view = memoryview(bytearray(b"\x00\x01")).cast(code)
        found = read("u8", view)
        assert found["items"] == [0, 1]
        # A bool of 2 would be none.
        assert found["readonly"] == (code == "?")
        with pytest.raises(BufferError):
            read("i8", view)
        assert struct.calcsize(code) == size


def test_objects_without_a_buffer():
    for wrong in (1, "text", None, [1], object()):
        with pytest.raises(TypeError) as error:
            read("u8", wrong)
        assert type(wrong).__name__ in str(error.value)


def test_python_writes_while_the_buffer_is_open():
    data = bytearray(b"abc")

    def write():
        data[0] = ord("x")

    assert buffers.while_open(data, write) == (b"abcabc" if not is_zero_copy() else b"abcxbc")


@pytest.mark.skipif(
    pypy or graalpy,
    reason="buffers are copies on PyPy and GraalPy, and keep no bytearray from growing",
)
def test_an_object_keeps_its_size_while_the_buffer_is_open():
    data = bytearray(b"abc")
    with pytest.raises(BufferError):
        buffers.while_open(data, lambda: data.extend(b"d" * 1000))
    assert data == b"abc"
    data.extend(b"d")
    assert buffers.sum_of_three(data) == 3 * sum(data)
    data.extend(b"e")
    released = memoryview(data)
    with pytest.raises(ValueError):
        buffers.while_open(data, lambda: (released.release(), released.tobytes()))
    data.clear()


def of_map():
    data = mmap.mmap(-1, 4096)
    data[:] = bytes(4096)
    return data


EXPORTERS = {
    "array": lambda: array.array("B", bytes(4096)),
    "bytearray": lambda: bytearray(4096),
    "mmap": of_map,
    "ctypes": lambda: (ctypes.c_ubyte * 4096)(),
}
VIEWS = {
    "itself": lambda data: data,
    "memoryview": memoryview,
    "slice": lambda data: memoryview(data)[:4000],
    "nested": lambda data: memoryview(memoryview(data)),
    "cast": lambda data: memoryview(data).cast("b").cast("B"),
    "PickleBuffer": pickle.PickleBuffer,
}
MOVES = {
    "array": [lambda data: data.extend(array.array("B", bytes(1 << 20))), lambda data: data.pop()],
    "bytearray": [
        lambda data: data.extend(bytes(1 << 20)),
        lambda data: data.clear(),
        lambda data: data.__init__(b"x" * (1 << 20)),
    ],
    # On GraalPy, Python code that reads a memoryview of a closed map ends the process.
    "mmap": [lambda data: None if graalpy else data.close()],
    "ctypes": [lambda data: None],
}


@pytest.mark.parametrize("of", VIEWS)
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_memory_that_moves_while_the_buffer_is_open(exporter, of):
    for move in MOVES[exporter]:
        for released in (False, True):
            data = EXPORTERS[exporter]()
            view = VIEWS[of](data)
            others = []

            def callback():
                if released and view is not data:
                    try:
                        view.release()
                    except BufferError:
                        pass
                try:
                    move(data)
                except BufferError:
                    pass
                others.extend(array.array("B", bytes(4096)) for _ in range(20))

            try:
                buffers.fill_after(view, callback)
            except (BufferError, ValueError, IndexError) as error:
                # GraalPy raises IndexError for a memoryview of what has become shorter.
                assert not is_zero_copy() and (graalpy or type(error) is not IndexError)
            assert not any(any(other) for other in others)


@pytest.mark.skipif(
    sys.implementation.name == "cpython",
    reason="memory of which there is a view does not get shorter there",
)
def test_views_of_memory_that_got_shorter():
    for of in (
        lambda data: memoryview(data)[::2],
        lambda data: memoryview(data)[::-1],
        lambda data: memoryview(data)[5000:][:5000],
        lambda data: memoryview(data).cast("B", (1024, 1024)),
        lambda data: pickle.PickleBuffer(memoryview(data)[::-1]),
    ):
        data = array.array("B", bytes(1 << 20))
        view = of(data)
        del data[10:]
        try:
            assert len(read("u8", view)["items"]) <= 10
        except (BufferError, ValueError, IndexError, MemoryError):
            pass


def test_what_is_written_is_put_where_it_was_read():
    data = bytearray(b"abcdef")
    for view, expected in (
        (data, b"\xff" * 6),
        (memoryview(data), b"\xff" * 6),
        (memoryview(data)[1:3], b"a\xff\xffdef"),
        (memoryview(data)[2:][1:], b"abc\xff\xff\xff"),
    ):
        data[:] = b"abcdef"
        buffers.fill_after(view, lambda: None)
        assert data == expected


def test_released_views():
    view = memoryview(b"abc")
    view.release()
    with pytest.raises(ValueError):
        read("u8", view)


@pytest.mark.skipif(
    sys.version_info < (3, 12) or pypy or graalpy,
    reason="classes export buffers from Python 3.12 on",
)
def test_exporters_in_python():
    class Exporter:
        def __init__(self):
            self.data = bytearray(b"abcd")
            self.open = 0

        def __buffer__(self, flags):
            self.open += 1
            return memoryview(self.data)

        def __release_buffer__(self, view):
            self.open -= 1
            view.release()

    exporter = Exporter()
    assert read("u8", exporter)["items"] == list(b"abcd")
    assert exporter.open == 0
    buffers.add_u8(exporter, 1)
    assert exporter.data == b"bcde" and exporter.open == 0
    with pytest.raises(BufferError):
        read("f64", exporter)
    assert exporter.open == 0

    class Fails:
        def __buffer__(self, flags):
            raise KeyError("none today")

    with pytest.raises(KeyError, match="none today"):
        read("u8", Fails())


@pytest.mark.skipif(graalpy, reason="threads in GraalPy's C API take minutes")
def test_threads_write_the_same_memory():
    data = array.array("q", [0] * 100)
    both = (0, -1)

    def write():
        for round_ in range(300):
            buffers.replace_i64(data, [both[round_ % 2]] * 100)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for index in range(3000):
        assert buffers.get_i64(data, [index % 100]) in both
    for thread in threads:
        thread.join()


def test_numpy():
    # On one line with its name: the matrix finds the tests that need numpy by this text.
    numpy = pytest.importorskip("numpy",
                                reason="numpy is not installed in this interpreter's environment")
    rng = numpy.random.default_rng(1)
    for name, dtype in (("f64", "f8"), ("f32", "f4"), ("i64", "i8"), ("u16", "u2"), ("i8", "i1")):
        data = (rng.random((3, 4, 5)) * 100).astype(dtype)
        for view in (
            data,
            data.T,
            data[::2],
            data[:, ::-1],
            data[1, 2],
            data[0, :, 1],
            data[1, 2, ::-1],
            data[::2, 0],
            numpy.asfortranarray(data),
        ):
            found = read(name, view)
            assert found["items"] == view.ravel().tolist()
            assert found["shape"] == view.shape
            assert found["copy"] or found["strides"] == view.strides
            assert found["copy"] or found["c_contiguous"] == view.flags.c_contiguous
            assert found["object_c_contiguous"] == view.flags.c_contiguous
            assert found["copy"] or found["f_contiguous"] == view.flags.f_contiguous
        data.flags.writeable = False
        assert read(name, data)["readonly"]
    with pytest.raises(BufferError):
        read("f64", numpy.zeros(3, ">f8"))
    with pytest.raises(BufferError):
        read("f64", numpy.zeros(3, "c16"))
    assert read("u8", numpy.array([True, False]))["items"] == [1, 0]


def test_a_part_of_the_items():
    items = array.array("H", range(100))
    assert buffers.part(items, 0, 100) == list(range(100))
    assert buffers.part(items, 97, 3) == [97, 98, 99]
    assert buffers.part(items, 100, 0) == []
    for first, size in (98, 3), (101, 0), (0, 101), (sys.maxsize, 2):
        with pytest.raises(IndexError):
            buffers.part(items, first, size)
    # At odd addresses.
    odd = memoryview(bytes(1) + bytes(items))[1:].cast("H")
    assert buffers.part(odd, 5, 2) == [5, 6]
    spread = memoryview(items)[::2]
    try:
        assert buffers.part(spread, 1, 2) == [2, 4]
    except BufferError:
        assert is_zero_copy()
    else:
        assert not is_zero_copy()


def test_bytes_that_rust_writes():
    for size in 0, 1, 2, 1000, 100000:
        made = buffers.bytes_of(size, False)
        assert type(made) is bytes and made == bytes(place % 256 for place in range(size))
        assert hash(made) == hash(bytes(bytearray(made)))
        with pytest.raises(KeyError):
            buffers.bytes_of(size, True)
    assert buffers.bytes_of(0, False) == b"" and bytes(1) == b"\0"
    # Where the size fits but the object's own words do not, it is an OverflowError.
    with pytest.raises((MemoryError, OverflowError)):
        buffers.bytes_of(sys.maxsize, False)
