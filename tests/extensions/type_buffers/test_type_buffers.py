"""Types that show their memory, on interpreters whose views end at once or late."""

import array
import gc
import io
import os
import struct
import sys
import threading
import time

import pytest

import type_buffers as t
from hpy_hosts import GRAALPY_HPY, panics
from type_buffers import Failing, Numbers, Part, Table

try:
    import numpy
except ImportError:
    numpy = None

CPYTHON = sys.implementation.name == "cpython"
PYPY = sys.implementation.name == "pypy"
GRAALPY = sys.implementation.name == "graalpy"
# The largest number of C's Py_ssize_t, and half of the next one. GraalPy's sys.maxsize has 32 bits.
MOST = 256 ** struct.calcsize("P") // 2 - 1
HALF = (MOST + 1) // 2
FOREIGN = "HPY" in os.environ or "_hpy_universal" in sys.builtin_module_names


def bytes_of(thing):
    """GraalPy 24's `bytes` does not ask for the memory of types in HPy."""
    return bytes(memoryview(thing) if GRAALPY_HPY else thing)


def ends(thing):
    """Whether its last view has gone, now or when the collector has run."""
    for _ in range(50 if CPYTHON else 250):
        if not thing.exported:
            return True
        gc.collect()
        time.sleep(0.02)
    return False


def test_a_view_is_of_the_very_items():
    thing = Numbers([1, 2, 3])
    assert thing.sum() == (True, 6) and not thing.exported
    with memoryview(thing) as view:
        assert (view.format, view.itemsize, view.nbytes, view.ndim) == ("d", 8, 24, 1)
        assert tuple(view.shape) == (3,) and tuple(view.strides) == (8,) and not view.readonly
        assert view.tolist() == [1, 2, 3] and thing.exported
        view[1] = 20
        assert thing[1] == 20 and thing.sum() == (False, 24)
        thing[0] = 10
        assert view[0] == 10 and thing.to_list() == [10, 20, 3]
        assert thing.double() is False
    del view
    assert ends(thing) and thing.double() is True and thing.to_list() == [20, 40, 6]


def test_it_keeps_its_size_while_there_is_a_view():
    thing = Numbers([1])
    with memoryview(thing), memoryview(thing):
        with pytest.raises(BufferError, match="views of the data"):
            thing.append(2)
    assert ends(thing)
    thing.append(2)
    assert thing.to_list() == [1, 2]


def test_a_view_outlives_items_and_object():
    thing = Numbers([1, 2])
    view = memoryview(thing)
    thing.replace([5])
    assert view.tolist() == [1, 2] and thing.to_list() == [5] and not thing.exported
    view[0] = 7
    del thing
    gc.collect()
    assert view.tolist() == [7, 2]
    view.release()


def test_empty_ones():
    thing = Numbers([])
    with memoryview(thing) as view:
        assert view.tolist() == [] and view.nbytes == 0
    assert bytes_of(Table(b"", [0])) == b""


def test_what_never_changes():
    table = Table(b"abcdef", [2, 3])
    with memoryview(table) as view:
        assert (
            view.readonly
            and view.format == "B"
            and tuple(view.shape) == (2, 3)
            and tuple(view.strides) == (3, 1)
        )
        assert view.tolist() == [list(b"abc"), list(b"def")] and view[1, 2] == ord("f")
        with pytest.raises(TypeError):
            view[0, 0] = 1
        assert table.shares == 2
    assert bytes_of(table) == b"abcdef"
    del view
    for _ in range(50):
        if table.shares == 1:
            break
        gc.collect()
        time.sleep(0.02)
    assert table.shares == 1
    wrong = Table(b"abc", [2, 2])
    with pytest.raises(ValueError, match="3 items cannot have the shape"):
        memoryview(wrong)
    assert wrong.shares == 1


@pytest.mark.parametrize(
    "shape",
    [
        [2 * MOST + 1, 0],
        [0, MOST + 1],
        [0, HALF, HALF],
        [HALF // 2, 0, HALF // 2, HALF // 2],
        [0] * 65,
    ],
)
def test_shapes_that_no_memory_has(shape):
    with pytest.raises(ValueError, match="cannot have the shape"):
        memoryview(Table(b"", shape))


@pytest.mark.parametrize(
    "offset, shape, strides, seen",
    [
        (0, [3], [2], [0, 2, 4]),
        (5, [6], [-1], [5, 4, 3, 2, 1, 0]),
        (1, [2], [3], [1, 4]),
        (0, [3, 2], [1, 3], [[0, 3], [1, 4], [2, 5]]),
        (2, [3, 2], [-1, 3], [[2, 5], [1, 4], [0, 3]]),
        (4, [3], [0], [4, 4, 4]),
        (6, [0], [HALF], []),
        (5, [1], [HALF], [5]),
    ],
)
def test_views_of_a_part(offset, shape, strides, seen):
    part = Part(range(6), offset, shape, strides)
    if GRAALPY and seen in ([0, 2, 4], [1, 4]):
        # It takes the view's `len`, that of its items, for the room between the first and the last.
        with memoryview(part) as view, pytest.raises(IndexError):
            view.tolist()
        return
    with memoryview(part) as view:
        assert view.tolist() == seen
        assert tuple(view.shape) == tuple(shape)
        assert view.nbytes == len(view.tobytes())
    assert part.to_list() == list(range(6))


def test_a_part_is_written_in_place():
    part = Part(range(6), 5, [3], [-2])
    with memoryview(part) as view:
        view[0] = 50
        view[2] = 10
        assert view.tolist() == [50, 3, 10]
    assert part.to_list() == [0, 10, 2, 3, 4, 50]


@pytest.mark.parametrize(
    "offset, shape, strides",
    [
        (0, [7], [1]),
        (6, [1], [1]),
        (0, [2], [-1]),
        (1, [3, 2], [1, 4]),
        (0, [2], []),
        (7, [0], [1]),
        (2 * MOST + 1, [1], [1]),
        (0, [2 * MOST + 1], [MOST]),
        (0, [MOST], [-MOST - 1]),
        (0, [2] * 64, [0] * 64),
        (0, [1] * 65, [0] * 65),
        (0, [HALF, 0, HALF], [0, 0, 0]),
    ],
)
def test_parts_beyond_the_memory(offset, shape, strides):
    part = Part(range(6), offset, shape, strides)
    with pytest.raises(ValueError, match="6 items have no view at"):
        memoryview(part)


def test_who_wants_no_gaps_is_refused_them():
    refusals = TypeError if GRAALPY_HPY else BufferError
    with pytest.raises(refusals):
        io.BytesIO().write(Part(range(6), 0, [3], [2]))
    if GRAALPY_HPY:  # It asks types in HPy for no memory here.
        return
    out = io.BytesIO()
    assert out.write(Part(range(6), 1, [2, 2], [2, 1])) == 16
    assert array.array("i", out.getvalue()).tolist() == [1, 2, 3, 4]
    assert io.BytesIO().write(Table(b"abcdef", [2, 3])) == 6


def test_the_layout_is_of_all_items_each_time():
    assert Part(range(6), 5, [1], [1]).flat_after() is None


def test_views_that_were_released():
    one, other = Numbers([1] * 4000), Numbers([0] * 4000)
    view = memoryview(one)
    view.release()
    one.replace([5])
    with pytest.raises((ValueError, TypeError)):
        other.add(view)
    assert other.to_list() == [0] * 4000


def test_empty_objects_do_not_share_their_views():
    one, other = Numbers([]), Numbers([])
    with memoryview(one):
        with memoryview(other):
            assert other.exported
        if FOREIGN and PYPY:  # There is one struct for the views of all objects.
            return
        assert ends(other)
        other.append(1)
    assert other.to_list() == [1]


@pytest.mark.skipif(
    GRAALPY_HPY, reason="GraalPy 24's memoryview crashes on memory without a dimension"
)
def test_no_dimension():
    with memoryview(Table(b"a", [])) as view:
        assert (
            view.ndim == 0 and view.shape == () and view.tobytes() == b"a" and view[()] == ord("a")
        )
    with pytest.raises(ValueError, match="2 items cannot have the shape"):
        memoryview(Table(b"ab", []))


@pytest.mark.parametrize(
    "name, code, values",
    [
        ("I8", "b", [-128, 127]),
        ("I16", "h", [-(2**15), 1]),
        ("I32", "i", [-(2**31), 1]),
        ("I64", "q", [-(2**63), 2**63 - 1]),
        ("U8", "B", [0, 255]),
        ("U16", "H", [0, 2**16 - 1]),
        ("U32", "I", [0, 2**32 - 1]),
        ("U64", "Q", [0, 2**64 - 1]),
        ("F32", "f", [-0.5, 1.5]),
    ],
)
def test_formats(name, code, values):
    thing = getattr(t, name)(values)
    with memoryview(thing) as view:
        assert view.format == code and view.readonly and view.tolist() == values
        assert bytes(view) == array.array(code, values).tobytes()


def test_who_writes_is_refused_what_is_read_only():
    for thing in (Table(b"abc", [3]), t.I64([1])):
        with pytest.raises((TypeError, BufferError)):
            # readinto asks for memory that may be written.
            with open(os.devnull, "rb", buffering=0) as file:
                file.readinto(thing)
    if not (FOREIGN or GRAALPY):
        with open(__file__, "rb", buffering=0) as file:
            assert file.readinto(Numbers([1])) == 8


def test_what_fails():
    thing = Failing()
    with pytest.raises(KeyError, match="no view"):
        memoryview(thing)
    thing.panics = True
    with panics("no view"):
        memoryview(thing)
    with pytest.raises(TypeError):
        memoryview(t)


def test_it_is_borrowed_meanwhile():
    thing = Numbers([1])
    with pytest.raises(RuntimeError, match="borrowed"):
        thing.call_while_borrowed(lambda: memoryview(thing))
    assert not thing.exported and thing.views == 0
    other = Numbers([5, 6])
    thing.add(other)
    assert thing.to_list() == [6] and ends(other)


@pytest.mark.skipif(
    FOREIGN and not PYPY,
    reason="hpy 0.9.0 and GraalPy 24's own HPy have no data for instances of a subclass written in "
    "Python",
)
@pytest.mark.skipif(
    PYPY and FOREIGN, reason="PyPy's own HPy aborts when it finalizes a subclass's instance"
)
def test_subclasses():
    class Sub(Numbers):
        pass

    thing = Sub([1, 2])
    thing.extra = 1
    with memoryview(thing) as view:
        assert view.tolist() == [1, 2]


def test_many_views_end():
    thing = Numbers(range(1000))
    for _ in range(300):
        with memoryview(thing) as view:
            assert view[999] == 999
    view = None
    assert ends(thing) and thing.views == 300


def test_views_of_others_keep_nothing():
    thing, other = Numbers([1, 2]), Numbers([3, 4])
    lasting = memoryview(other)
    with memoryview(thing) as view:
        assert view.tolist() == [1, 2]
    view = None
    assert ends(thing) and thing.double() is True and other.exported
    assert lasting.tolist() == [3, 4]


@pytest.mark.skipif(GRAALPY_HPY, reason="GraalPy 24's HPy works on one thread of a process")
def test_threads():
    thing, wrong = Numbers([0.0] * 8), []

    def work(place):
        for number in range(200):
            try:
                with memoryview(thing) as view:
                    view[place] = number
                    if view[place] != number:
                        wrong.append((place, number))
            except RuntimeError:
                pass  # Another thread borrows it at this moment.

    threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [] and ends(thing)


@pytest.mark.skipif(numpy is None, reason="there is no numpy for this interpreter")
def test_numpy():
    thing = Numbers([1, 2, 3])
    seen = numpy.asarray(thing)
    assert seen.dtype == numpy.float64 and seen.tolist() == [1, 2, 3]
    seen *= 2
    assert thing.to_list() == [2, 4, 6]
    table = numpy.asarray(Table(b"abcdef", [2, 3]))
    assert table.shape == (2, 3) and table[1].tobytes() == b"def" and not table.flags.writeable
    thing.add(seen)
    assert seen.tolist() == [4, 8, 12]
    part = Part(range(6), 2, [3, 2], [-1, 3])
    turned = numpy.asarray(part)
    assert turned.tolist() == [[2, 5], [1, 4], [0, 3]] and turned.strides == (-4, 12)
    turned += 10
    assert part.to_list() == list(range(10, 16))
    del turned
    del seen
    # On PyPy numpy is in its C API's hands, which keep what they had for long.
    assert PYPY or ends(thing)
