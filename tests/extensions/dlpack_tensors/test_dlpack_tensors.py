"""DLPack's capsules between Rust and itself, between Rust and numpy, and from C structs."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
from typing import Any

import dlpack_tensors
import pytest

try:
    import numpy
except ImportError:
    numpy = None

needs_numpy = pytest.mark.skipif(numpy is None, reason="numpy has no wheel for this interpreter")
# Elsewhere ctypes has no access to the functions that make capsules.
needs_c = pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="only CPython's ctypes can make capsules"
)


# GraalPy 24 cannot rename a capsule, by which others learn that it was used.
GRAALPY_24 = sys.implementation.name == "graalpy" and sys.implementation.version < (25,)
renames = pytest.mark.skipif(GRAALPY_24, reason="GraalPy 24 cannot rename capsules")
ends = pytest.mark.skipif(
    GRAALPY_24, reason="GraalPy 24 does not tell a capsule's destructor what was in the capsule"
)


def table() -> Any:
    return dlpack_tensors.make([2, 3], [0.0, 1, 2, 3, 4, 5])


def collect_until(done: Any) -> bool:
    """Interpreters without reference counts need some rounds."""
    for _ in range(10):
        gc.collect()
        if done():
            return True
    return False


def test_tensors_of_rust_come_back() -> None:
    tensor = table()
    assert type(tensor).__name__ == "DLPackTensor"
    assert tensor.__dlpack_device__() == (1, 0)
    assert dlpack_tensors.read_f64(tensor) == ([2, 3], [0, 1, 2, 3, 4, 5])
    assert dlpack_tensors.rows(tensor) == [3, 12]
    assert dlpack_tensors.address(tensor) == dlpack_tensors.address(tensor)
    ints = dlpack_tensors.make_ints([1, 2, 2], [1, 2, 3, -4])
    assert dlpack_tensors.read_i32(ints) == ([1, 2, 2], [1, 2, 3, -4])
    assert dlpack_tensors.read_point(dlpack_tensors.make_point(42)) == ([], [42])
    assert dlpack_tensors.read_f64(dlpack_tensors.make([0, 5], [])) == ([0, 5], [])
    with pytest.raises(ValueError, match=r"5 items cannot have the shape \[2, 3\]"):
        dlpack_tensors.make([2, 3], [1.0] * 5)
    with pytest.raises(TypeError):
        type(tensor)()


def test_items_are_written() -> None:
    tensor = table()
    dlpack_tensors.set(tensor, 1, 2, 50)
    dlpack_tensors.add(tensor, 1)
    assert dlpack_tensors.read_f64(tensor)[1] == [1, 2, 3, 4, 5, 51]
    with pytest.raises(IndexError):
        dlpack_tensors.set(tensor, 2, 0, 1)
    assert dlpack_tensors.is_readonly(dlpack_tensors.shared())
    with pytest.raises(BufferError, match="read-only"):
        dlpack_tensors.set(dlpack_tensors.shared(), 0, 0, 1)
    with pytest.raises(BufferError, match="read-only"):
        dlpack_tensors.add(dlpack_tensors.shared(), 1)


def test_written_while_viewed() -> None:
    tensor = table()
    write = lambda: dlpack_tensors.set(tensor, 0, 0, 100)  # noqa: E731
    assert dlpack_tensors.call_while_viewed(tensor, write) == (15, 115)


@renames
def test_a_capsule_is_used_once() -> None:
    for arguments in ({}, {"max_version": (1, 0)}, {"max_version": (1, 1)}):
        capsule = table().__dlpack__(**arguments)
        assert dlpack_tensors.read_f64(capsule)[0] == [2, 3]
        with pytest.raises(ValueError, match="consumed already: call __dlpack__ for another one"):
            dlpack_tensors.read_f64(capsule)
    assert "used_dltensor_versioned" in repr(capsule) or sys.implementation.name != "cpython"

    class Again:
        """Gives the same capsule each time."""

        capsule = table().__dlpack__()

        def __dlpack_device__(self) -> Any:
            return (1, 0)

        def __dlpack__(self, **_: Any) -> Any:
            return self.capsule

    assert dlpack_tensors.rows(dlpack_tensors.make([1, 1], [2.0])) == [2]
    with pytest.raises(BufferError, match="read-only"):
        dlpack_tensors.set(Again(), 0, 0, 1)
    with pytest.raises(ValueError, match="consumed already"):
        dlpack_tensors.rows(Again())


@ends
def test_memory_is_freed_once() -> None:
    before = dlpack_tensors.shares()
    tensor = dlpack_tensors.shared()
    # Objects of other tests may end meanwhile.
    assert dlpack_tensors.shares() <= before + 1
    unused = [tensor.__dlpack__(max_version=(1, 0)) for _ in range(5)]
    assert dlpack_tensors.read_f64(unused[0])[1] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(TypeError, match="other"):
        dlpack_tensors.fail_after(unused[1], "no number")
    with pytest.raises(TypeError, match="float32 with 1 dimension is needed, not one of float64"):
        dlpack_tensors.read_f32(unused[2])
    del tensor, unused
    assert collect_until(lambda: dlpack_tensors.shares() <= before)


def test_arguments_of_dlpack() -> None:
    tensor, shared = table(), dlpack_tensors.shared()
    copy = tensor.__dlpack__(copy=True, max_version=(1, 0))
    dlpack_tensors.add(tensor, 10)
    assert dlpack_tensors.read_f64(copy)[1] == [0, 1, 2, 3, 4, 5]
    # A copy may be written.
    copied = shared.__dlpack__(copy=True, max_version=(1, 0), dl_device=(1, 0), stream=None)
    assert not dlpack_tensors.is_readonly(copied)
    assert dlpack_tensors.is_readonly(shared.__dlpack__(copy=False, max_version=(2, 0)))
    with pytest.raises(BufferError, match="read-only tensor needs a consumer with DLPack 1.0"):
        shared.__dlpack__()
    with pytest.raises(BufferError, match="on the CPU"):
        tensor.__dlpack__(dl_device=(2, 0))
    with pytest.raises(ValueError, match="stream"):
        tensor.__dlpack__(stream=1)
    with pytest.raises(TypeError):
        tensor.__dlpack__((1, 0))
    with pytest.raises(TypeError, match="strem"):
        tensor.__dlpack__(strem=None)
    with pytest.raises(TypeError):
        tensor.__dlpack__(max_version=1)


class Producer:
    """A tensor of Rust behind a class that says other things of it."""

    device: Any = (1, 0)

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor

    def __dlpack_device__(self) -> Any:
        return self.device

    def __dlpack__(self, **arguments: Any) -> Any:
        return self.tensor.__dlpack__(**arguments)


class Old(Producer):
    """From before 2024."""

    def __dlpack__(self) -> Any:  # type: ignore[override]
        return self.tensor.__dlpack__()


def test_producers_in_python() -> None:
    assert dlpack_tensors.rows(Producer(table())) == [3, 12]
    assert not dlpack_tensors.is_readonly(Producer(table()))
    assert dlpack_tensors.rows(Old(table())) == [3, 12]
    # They do not say whether it may be written.
    assert dlpack_tensors.is_readonly(Old(table()))
    for device, name in (((2, 0), "CUDA"), ((8, 0), "Metal"), ((99, 3), "device 99:3")):
        elsewhere = Producer(table())
        elsewhere.device = device
        with pytest.raises(BufferError, match="on the CPU is needed.*" + name):
            dlpack_tensors.rows(elsewhere)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (1, TypeError, "a tensor, an object with __dlpack__ and __dlpack_device__, not int"),
        (None, TypeError, "an object with __dlpack__"),
        ([[1.0]], TypeError, "an object with __dlpack__"),
        (dlpack_tensors.make_point(1), TypeError, "not one of float64 with 0 dimensions"),
        (dlpack_tensors.make_ints([1, 1, 1], [1]), TypeError, "not one of int32 with 3 dimensions"),
    ],
)
def test_other_objects_are_refused(value: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        dlpack_tensors.rows(value)


def test_producers_that_fail() -> None:
    class Fails(Producer):
        def __dlpack__(self, **_: Any) -> Any:
            raise KeyError("not now")

    class Lacks(Producer):
        def __dlpack_device__(self) -> Any:
            return self.nothing  # type: ignore[attr-defined]

    class GivesOther(Producer):
        def __dlpack__(self, **_: Any) -> Any:
            return 42

    with pytest.raises(KeyError, match="not now"):
        dlpack_tensors.rows(Fails(table()))
    with pytest.raises(AttributeError, match="nothing"):
        dlpack_tensors.rows(Lacks(table()))
    with pytest.raises(TypeError, match="capsule named 'dltensor' or 'dltensor_versioned'"):
        dlpack_tensors.rows(GivesOther(table()))
    for device in (1, (), ("cpu", 0), None, (1,)):
        producer = Producer(table())
        producer.device = device
        with pytest.raises((TypeError, ValueError)):
            dlpack_tensors.rows(producer)


@renames
def test_threads_share_a_capsule() -> None:
    """One of them gets it, whether there is a GIL or not."""
    for _ in range(50):
        capsule = table().__dlpack__(max_version=(1, 0))
        results: list[str] = []
        barrier = threading.Barrier(4)

        def consume(capsule: Any = capsule, results: Any = results, barrier: Any = barrier) -> None:
            barrier.wait()
            try:
                assert dlpack_tensors.rows(capsule) == [3, 12]
                results.append("read")
            except ValueError:
                results.append("consumed")

        threads = [threading.Thread(target=consume) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == ["consumed"] * 3 + ["read"]


@needs_numpy
def test_numpy_takes_tensors() -> None:
    tensor = table()
    array = numpy.from_dlpack(tensor)
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]] and array.dtype == numpy.float64
    assert array.ctypes.data == dlpack_tensors.address(tensor)
    before = dlpack_tensors.shares()
    arrays = [numpy.from_dlpack(Producer(table())) for _ in range(3)]
    assert [array.sum() for array in arrays] == [15, 15, 15]
    if supports_versions():
        shared = numpy.from_dlpack(dlpack_tensors.shared())
        assert not shared.flags.writeable and shared[1, 2] == 5
        del shared
    assert collect_until(lambda: dlpack_tensors.shares() <= before)
    del tensor
    gc.collect()
    assert array.sum() == 15


def supports_versions() -> bool:
    """Whether numpy knows DLPack 1: from 2.1 on."""
    major, minor = numpy.__version__.split(".")[:2]
    return (int(major), int(minor)) >= (2, 1)


@needs_numpy
def test_tensors_of_numpy() -> None:
    array = numpy.arange(12.0).reshape(3, 4)
    assert dlpack_tensors.read_f64(array) == ([3, 4], list(range(12)))
    assert dlpack_tensors.read_f64(array.T) == ([4, 3], array.T.ravel().tolist())
    assert dlpack_tensors.read_f64(array[::-2, 1:3]) == ([2, 2], [9, 10, 1, 2])
    assert dlpack_tensors.read_i64(numpy.array([1, -(2**63)])) == ([2], [1, -(2**63)])
    assert dlpack_tensors.read_complex(numpy.array([1 + 2j]))[1] == [1 + 2j]
    assert dlpack_tensors.read_point(numpy.array(3.0)) == ([], [3])
    assert dlpack_tensors.read_f64(numpy.zeros((0, 4))) == ([0, 4], [])
    assert list(dlpack_tensors.read_u8(numpy.array([1, 255], "u1"))[1]) == [1, 255]
    with pytest.raises(BufferError, match="one behind the other"):
        dlpack_tensors.rows(array.T)
    with pytest.raises(TypeError, match="not one of float32 with 2 dimensions"):
        dlpack_tensors.rows(array.astype("f4"))
    if supports_versions():
        assert dlpack_tensors.address(array) == array.ctypes.data
        dlpack_tensors.set(array, 0, 0, 50)
        assert array[0, 0] == 50
        array.flags.writeable = False
        with pytest.raises(BufferError, match="read-only"):
            dlpack_tensors.set(array, 0, 0, 1)
    else:
        with pytest.raises(BufferError, match="read-only"):
            dlpack_tensors.set(array, 0, 0, 1)
    with pytest.raises((BufferError, TypeError)):
        dlpack_tensors.rows(array.astype(">f8"))
    count = sys.getrefcount(array) if hasattr(sys, "getrefcount") else 0
    for _ in range(100):
        dlpack_tensors.read_f64(array)
    assert not count or sys.getrefcount(array) == count


class Layout(ctypes.Structure):
    """`DLTensor`."""

    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device", ctypes.c_int32 * 2),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    ]


Deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Versioned(ctypes.Structure):
    """`DLManagedTensorVersioned`."""

    _fields_ = [
        ("major", ctypes.c_uint32),
        ("minor", ctypes.c_uint32),
        ("context", ctypes.c_void_p),
        ("deleter", Deleter),
        ("flags", ctypes.c_uint64),
        ("tensor", Layout),
    ]


class Made:
    """A tensor that ctypes has made: six floats, and what is said of them."""

    def __init__(self, **said: Any) -> None:
        self.items = (ctypes.c_double * 6)(*range(6))
        self.deleted = 0
        said = {"shape": [2, 3], "strides": [3, 1], "code": 2, "bits": 64, "lanes": 1, **said}
        self.struct = struct = Versioned(said.get("major", 1), said.get("minor", 0), None)
        # Without a deleter that the interpreter outlives, the struct is freed by nobody.
        self.callback = Deleter(self.delete)
        struct.deleter = self.callback
        struct.flags = said.get("flags", 0)
        tensor = struct.tensor
        tensor.data = said.get("data", ctypes.addressof(self.items))
        tensor.device[:] = said.get("device", (1, 0))
        tensor.ndim = said.get("ndim", len(said["shape"] or []))
        tensor.code, tensor.bits, tensor.lanes = said["code"], said["bits"], said["lanes"]
        for name in ("shape", "strides"):
            if said[name] is not None:
                setattr(tensor, name, (ctypes.c_int64 * len(said[name]))(*said[name]))
        tensor.byte_offset = said.get("byte_offset", 0)
        new = ctypes.pythonapi.PyCapsule_New
        new.restype = ctypes.py_object
        new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        self.name = b"dltensor_versioned"
        self.capsule = new(ctypes.addressof(struct), self.name, None)

    def delete(self, address: int) -> None:
        assert address == ctypes.addressof(self.struct)
        self.deleted += 1


@needs_c
def test_structs_are_read_and_deleted_once() -> None:
    for said, items in [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"strides": None}, [0, 1, 2, 3, 4, 5]),
        ({"strides": [1, 2]}, [0, 2, 4, 1, 3, 5]),
        ({"strides": [0, 1]}, [0, 1, 2, 0, 1, 2]),
        ({"shape": [2, 2], "byte_offset": 8}, [1, 2, 4, 5]),
        ({"shape": [2, 2], "byte_offset": 40, "strides": [-3, -1]}, [5, 4, 2, 1]),
        ({"shape": [0, 3], "data": None}, []),
        ({"shape": [2, 0], "strides": [2**40, 2**40]}, []),
        ({"minor": 7}, [0, 1, 2, 3, 4, 5]),
    ]:
        made = Made(**said)
        assert dlpack_tensors.read_f64(made.capsule)[1] == items, said
        assert made.deleted == 1
        with pytest.raises(ValueError, match="consumed"):
            dlpack_tensors.read_f64(made.capsule)
        assert made.deleted == 1


@needs_c
@pytest.mark.parametrize(
    ("said", "error", "message"),
    [
        ({"major": 2}, BufferError, "version 2.0 of DLPack: 1.x is needed"),
        ({"device": (2, 1)}, BufferError, "CUDA .device 1.: copy it there first"),
        ({"code": 4, "bits": 16}, TypeError, "not one of bfloat16 with 2"),
        ({"code": 2, "bits": 32}, TypeError, "not one of float32"),
        ({"code": 2, "bits": 4}, TypeError, "not one of float4"),
        ({"code": 17, "bits": 8}, TypeError, "type 17 of 8 bits"),
        ({"lanes": 4}, TypeError, "not one of 4 × float64"),
        ({"code": 0}, TypeError, "not one of int64"),
        ({"shape": [6], "strides": [1]}, TypeError, "with 1 dimension"),
        ({"ndim": -1}, ValueError, "no such number of dimensions"),
        ({"ndim": 65}, ValueError, "no such number of dimensions"),
        ({"shape": [2, -3]}, ValueError, "negative"),
        ({"shape": None, "ndim": 2}, ValueError, "missing"),
        ({"shape": [2**62, 2**62]}, ValueError, "larger than memory"),
        ({"shape": [2**59, 4]}, ValueError, "larger than memory"),
        ({"strides": [2**62, 1]}, ValueError, "larger than memory"),
        ({"strides": [2**60 - 1, 1]}, ValueError, "outside of memory"),
        ({"strides": [-(2**59), 1]}, ValueError, "outside of memory"),
        ({"data": None}, ValueError, "has items, and no memory"),
        ({"byte_offset": 2**64 - 8}, ValueError, "outside of memory"),
    ],
)
def test_structs_that_do_not_fit(said: Any, error: Any, message: str) -> None:
    made = Made(**said)
    with pytest.raises(error, match=message):
        dlpack_tensors.read_f64(made.capsule)
    assert made.deleted == 1


@needs_c
def test_flags_and_alignment() -> None:
    made = Made(flags=1)
    with pytest.raises(BufferError, match="read-only"):
        dlpack_tensors.set(made.capsule, 0, 0, 1)
    assert made.deleted == 1
    # A bool is read as a byte, and never written.
    made = Made(code=6, bits=8, shape=[3], strides=[1])
    made.items[0] = 0.0
    assert list(dlpack_tensors.read_u8(made.capsule)[1]) == [0, 0, 0]
    odd = Made(shape=[1, 1], byte_offset=3)
    assert len(dlpack_tensors.read_f64(odd.capsule)[1]) == 1
    odd = Made(shape=[1, 1], byte_offset=3)
    with pytest.raises(BufferError, match="odd addresses"):
        dlpack_tensors.rows(odd.capsule)
    assert odd.deleted == 1
    written = Made()
    dlpack_tensors.set(written.capsule, 1, 2, 9)
    assert list(written.items) == [0, 1, 2, 3, 4, 9]
