"""numpy's arrays: their items, their shapes, and what happens to them while Rust has a view."""

from __future__ import annotations

import gc
import random
import sys
import threading
import types
import weakref
from typing import Any

import arrays
import pytest

numpy = pytest.importorskip(
    "numpy", reason="numpy has no wheel for this interpreter, or Wine lacks what that needs"
)

PYPY = sys.implementation.name == "pypy"
# Host contexts show no memory.
COPIES = arrays.keep_two_views(numpy.zeros(1))[0]


def tables() -> list[Any]:
    """One table, in all the ways that memory can lie."""
    table = numpy.arange(12.0).reshape(3, 4)
    wide = numpy.zeros((6, 8))
    wide[::2, ::2] = table
    odd = numpy.zeros(12 * 8 + 1, "u1")[1:].view("f8").reshape(3, 4)
    odd[:] = table
    return [
        table,
        numpy.asfortranarray(table),
        table.T.copy().T,
        wide[::2, ::2],
        table[::-1, ::-1].copy()[::-1, ::-1],
        odd,
    ]


def test_items_are_read_however_they_lie() -> None:
    for table in tables():
        assert arrays.read_f64(table) == ([3, 4], list(range(12)))
        assert arrays.at(table, 2, 1) == 9
    assert arrays.read_f64(numpy.broadcast_to(numpy.array([1.0, 2.0]), (2, 2))) == (
        [2, 2],
        [1, 2, 1, 2],
    )
    assert arrays.read_f64(numpy.zeros((0, 5))) == ([0, 5], [])
    assert arrays.read_i32(numpy.arange(8, dtype="i4").reshape(2, 2, 2)) == (
        [2, 2, 2],
        list(range(8)),
    )


def test_items_of_each_type() -> None:
    assert arrays.read_i64(numpy.array([1, -(2**63)], "i8"))[1] == [1, -(2**63)]
    assert arrays.read_i64(numpy.array([1, 2], numpy.longlong))[1] == [1, 2]
    assert list(arrays.read_u8(numpy.array([True, False]))[1]) == [1, 0]
    assert list(arrays.read_u8(numpy.frombuffer(b"ab", "u1"))[1]) == [97, 98]
    assert arrays.read_half(numpy.array([0.5, -2, 6e-8], "f2")) == [0.5, -2, 2**-24]
    # PyPy's memoryview cannot read what has two numbers in an item.
    if not PYPY:
        assert arrays.read_complex(numpy.array([1 + 2j, 3]))[1] == [1 + 2j, 3]


def test_times() -> None:
    times = numpy.array(["1970-01-02", "NaT"], "M8[s]")
    assert arrays.read_times(times) == ("s", [86400, None])
    assert arrays.read_times(times[::-1]) == ("s", [None, 86400])
    assert arrays.read_times(numpy.array([], "M8[25us]")) == ("25us", [])
    deltas = numpy.array([1, 2], "m8[ms]")
    assert arrays.read_deltas(deltas) == ("ms", [2, 3])
    assert deltas.astype("i8").tolist() == [2, 3]
    with pytest.raises(TypeError, match="an array of datetime64 with 1 dimension is needed"):
        arrays.read_times(deltas)
    with pytest.raises(TypeError, match="with its bytes swapped"):
        arrays.read_times(times.astype(">M8[s]"))


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (numpy.zeros((2, 2), "f4"), "float64 with 2 dimensions is needed, not one of float32 with"),
        (numpy.zeros(2), "not one of float64 with 1 dimension"),
        (numpy.zeros((2, 2), "i8"), "not one of int64"),
        (numpy.zeros((2, 2), ">f8"), "with its bytes swapped"),
        (numpy.zeros((2, 2), "M8[s]"), "not one of datetime64"),
        (numpy.zeros((2, 2), object), "not one of object"),
        (numpy.zeros((2, 2), "U3"), "not one of <U3"),
        (numpy.zeros((2, 2), [("a", "f8")]), "not one of"),
        (numpy.float64(1), "float64"),
        ([[1.0]], "ndarray"),
        (bytearray(8), "ndarray"),
        (None, "ndarray"),
    ],
)
def test_other_arrays_are_refused(array: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        arrays.read_f64(array)


def test_items_are_written() -> None:
    for table in tables():
        arrays.set(table, 1, 2, 100)
        assert table[1, 2] == 100 and table.sum() == 66 - 6 + 100
        with pytest.raises(IndexError):
            arrays.set(table, 3, 0, 1)
        with pytest.raises(IndexError, match=r"shape \[3, 4\] has nothing at \[0, 4\]"):
            arrays.at(table, 0, 4)
    table.flags.writeable = False
    with pytest.raises(BufferError, match="read-only"):
        arrays.set(table, 0, 0, 1)
    with pytest.raises(BufferError, match="read-only"):
        arrays.set(numpy.broadcast_to(1.0, (2, 2)), 0, 0, 1)


def test_rows() -> None:
    table = numpy.arange(12.0).reshape(3, 4)
    assert arrays.rows(table) == [6, 22, 38]
    assert arrays.rows(table[::-1]) == [38, 22, 6]
    assert arrays.rows(numpy.zeros((2, 0))) == [0, 0]
    arrays.scale_row(table, 1, 10)
    assert table[1].tolist() == [40, 50, 60, 70]
    with pytest.raises(IndexError):
        arrays.scale_row(table, 3, 10)
    if not COPIES:
        with pytest.raises(BufferError, match="one behind the other"):
            arrays.rows(table.T)
        with pytest.raises(BufferError, match="odd addresses"):
            arrays.rows(tables()[-1])
        with pytest.raises(BufferError, match="one behind the other"):
            arrays.plain_sum(numpy.arange(4.0)[::2])
    assert arrays.plain_sum(numpy.arange(4.0)) == 6


def test_subclasses_are_arrays() -> None:
    class Liar(numpy.ndarray):
        """Lies about all that can be asked."""

        shape = (1000000,)  # type: ignore[assignment]
        strides = (1,)  # type: ignore[assignment]
        dtype = numpy.dtype("f8")  # type: ignore[assignment]
        base = None  # type: ignore[assignment]
        __array_interface__ = {  # type: ignore[assignment]
            "data": (16, False), "shape": (10,), "typestr": "<f8", "version": 3,
        }

        def view(self, *args: Any, **keywords: Any) -> Any:
            return numpy.zeros(1)

    array = numpy.arange(3).view(Liar)
    assert arrays.read_i64(array) == ([3], [0, 1, 2])
    assert arrays.read_times(numpy.array([1], "M8[s]").view(Liar)) == ("s", [1])
    assert arrays.read_f64(numpy.matrix([[1.0]])) == ([1, 1], [1])


def test_nothing_is_believed_of_an_address() -> None:
    class Fake:
        __array_interface__ = {"data": (16, False), "shape": (10,), "typestr": "<i8", "version": 3}
        __array_struct__ = None
        dtype = numpy.dtype("i8")
        ndim = 1

    Fake.__name__ = Fake.__qualname__ = "numpy.ndarray"
    Fake.__module__ = "numpy"
    with pytest.raises(TypeError, match="ndarray"):
        arrays.read_i64(Fake())


def test_a_false_numpy_is_no_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    class ndarray:
        pass

    false = types.ModuleType("numpy")
    false.ndarray = ndarray  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "numpy", false)
    with pytest.raises((TypeError, BufferError)):
        arrays.read_i64(ndarray())


def test_arrays_keep_their_size_while_they_are_viewed() -> None:
    array = numpy.arange(1000.0)

    def resize() -> str:
        with pytest.raises(ValueError, match="cannot resize"):
            array.resize(10**7)
        try:
            array.resize(10**7, refcheck=False)
        except ValueError as error:
            return str(error)
        return "resized"

    before, answer, after = arrays.call_while_viewed(array, resize)
    assert before == after == 499500
    # Copies keep nothing.
    assert COPIES or "cannot resize" in answer
    # It has ended with the call.
    array = numpy.arange(1000.0)
    arrays.call_while_viewed(array, lambda: None)
    array.resize(10, refcheck=False)
    assert len(array) == 10


def test_an_array_whose_view_is_viewed_keeps_its_size() -> None:
    owner = numpy.arange(1000.0)
    part = owner[10:20][::-1]

    def resize() -> str:
        try:
            owner.resize(10**7, refcheck=False)
        except ValueError as error:
            return str(error)
        return "resized"

    before, answer, after = arrays.call_while_viewed(part, resize)
    assert before == after == 145
    assert COPIES or "cannot resize" in answer


@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="only CPython collects after so many objects"
)
def test_an_array_that_a_collection_resizes_while_it_is_opened() -> None:
    """Opening makes a weak reference, which may run finalizers on CPython before 3.12."""

    class Resizes:
        def __init__(self, array: Any) -> None:
            self.array, self.itself = array, self

        def __del__(self) -> None:
            self.array.resize((200, 100), refcheck=False)

    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(200):
            array = numpy.ones((10, 100))
            Resizes(array)
            [rows, columns], items = arrays.read_f64(array)
            assert len(items) == rows * columns
            # What was added is zeros.
            assert items[:1000] == [1.0] * 1000
    finally:
        gc.set_threshold(*before)


def test_arrays_may_end_while_they_are_viewed() -> None:
    held = [numpy.arange(1000.0)]
    held.append(held[0][5:])

    def drop() -> None:
        held.clear()
        gc.collect()
        for _ in range(10):
            numpy.full(1000, -1.0)

    assert arrays.call_while_viewed(held[1], drop)[2] == 499490
    # The view of it takes another memory; the one that is viewed stays.
    part = numpy.arange(1000.0)[10:20]
    state = numpy.zeros(5).__reduce__()[2]
    assert arrays.call_while_viewed(part, lambda: part.__setstate__(state))[2] == 145


def test_python_writes_while_there_is_a_view() -> None:
    array = numpy.arange(4.0)

    def write() -> None:
        array[:] = 1
        array.shape = (2, 2)

    assert arrays.call_while_viewed(array, write)[::2] == ((6, 6) if COPIES else (6, 4))
    is_copy, value = arrays.keep_two_views(array.reshape(4))
    assert value == (1 if is_copy else 42)


def test_arrays_are_made_without_a_copy() -> None:
    array = arrays.make([1, 2, 3])
    assert type(array) is numpy.ndarray and array.dtype == numpy.float64
    assert array.tolist() == [1, 2, 3] and array.flags.writeable
    array *= 2
    assert arrays.make_table((2, 3), range(6)).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert arrays.make_table((2, 3), range(6)).dtype == numpy.int32
    assert arrays.make([]).shape == (0,) and arrays.make_table((0, 3), []).shape == (0, 3)
    large, address = arrays.make_large(10**6)
    if not PYPY:
        assert large.__array_interface__["data"][0] == address
    part = large[10:]
    del large
    gc.collect()
    assert part.sum() == 7 * (10**6 - 10)
    with pytest.raises(ValueError, match=r"6 items cannot have the shape \[2, 2\]"):
        arrays.make_table((2, 2), range(6))
    with pytest.raises(ValueError, match="cannot have the shape"):
        arrays.make_table((2**62, 4), [])
    with pytest.raises(ValueError):
        part.resize(10**7, refcheck=False)


def test_ndarray() -> None:
    for dtype, echo in (("f8", arrays.echo_f64), ("f4", arrays.echo_any)):
        array = numpy.arange(5, dtype=dtype)
        assert echo(array).tolist() == array.tolist() and echo(array).dtype == array.dtype
        assert echo(array[::-2]).tolist() == [4, 2, 0]
    matrix = numpy.arange(6).reshape(2, 3)
    assert arrays.echo_matrix(matrix.T).tolist() == matrix.T.tolist()
    assert arrays.echo_any(numpy.array(1.5, "f4")).shape == ()
    assert arrays.echo_any(numpy.zeros((2, 0, 3), "f4")).shape == (2, 0, 3)
    with pytest.raises(TypeError, match="int64 with 2 dimensions is needed"):
        arrays.echo_matrix(numpy.arange(6))
    for table in tables():
        turned = arrays.as_matrix(table)
        assert turned.tolist() == table.T.tolist() and turned.flags.f_contiguous
    assert arrays.strided_matrix().tolist() == [[0, 2], [10, 12], [20, 22]]
    assert arrays.sliced_matrix().tolist() == [[10, 11], [20, 21]]


def test_views_of_ndarray() -> None:
    for table in tables()[:-1]:
        assert arrays.view_sum(table) == (66, 0 * 4 + 1 * 5 + 2 * 6 + 3 * 7)
        assert arrays.view_sum(table[::-1])[1] == 0 * 4 + 1 * 5 + 2 * 6 + 3 * 7
        assert arrays.view_sum(table[:, ::-1])[1] == 0 * 7 + 1 * 6 + 2 * 5 + 3 * 4
    assert arrays.view_sum(numpy.zeros((0, 3))) == (0, None)
    assert arrays.view_sum(numpy.broadcast_to(1.0, (2, 3))) == (6, 3)
    if not COPIES:
        with pytest.raises(BufferError, match="odd addresses"):
            arrays.view_sum(tables()[-1])


def test_any_strides() -> None:
    rng = random.Random(20)
    cube = numpy.arange(6 * 6 * 6, dtype="i4").reshape(6, 6, 6)
    for _ in range(50):
        cuts = tuple(
            slice(rng.randrange(6), rng.choice([None, 5, 0]), rng.choice([1, 2, -1, -3]))
            for _ in range(3)
        )
        part = cube.transpose(rng.sample(range(3), 3))[cuts]
        assert arrays.read_i32(part) == (list(part.shape), part.ravel().tolist())


def test_threads_write_while_another_one_reads() -> None:
    array = numpy.zeros(64, "i8")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            array[:] += 1

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            assert len(arrays.sum_while_others_run(array, 50)) == 50
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_nothing_is_kept() -> None:
    class Array(numpy.ndarray):
        pass

    array = numpy.zeros((2, 2)).view(Array)
    alive = weakref.ref(array)
    arrays.read_f64(array)
    with pytest.raises(TypeError):
        arrays.read_i64(array)
    before = sys.getrefcount(array) if not PYPY else 0
    for _ in range(100):
        arrays.read_f64(array)
    assert PYPY or sys.getrefcount(array) == before
    del array
    gc.collect()
    assert PYPY or alive() is None
