"""Lists and tuples of numbers through Rust and out again, checked by Python's own `struct`."""

import math
import random
import struct
import sys
import threading

import pytest

import numeric_lists
from hpy_hosts import calls_on_threads

CPYTHON = sys.implementation.name == "cpython"
pypy = sys.implementation.name == "pypy"
WORD = 8 * struct.calcsize("P")

INTS = {
    **{f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
    "isize": (-(2 ** (WORD - 1)), 2 ** (WORD - 1) - 1),
    "usize": (0, 2**WORD - 1),
}
TYPES = [*INTS, "f32", "f64"]
# One by one below, all at once above: where there is such a way.
SIZES = [0, 1, 2, 15, 16, 17, 100, 5000]


def functions(name):
    return [
        getattr(numeric_lists, f"{prefix}_{name}")
        for prefix in ("vec", "slice", "list", "reference")
    ]


def through(name, numbers):
    """What each of the functions makes of the numbers, as lists."""
    vec, slice_, list_, reference = functions(name)
    results = [vec(numbers), slice_(numbers, len(numbers)), list_(numbers), reference(numbers)]
    assert type(results[0]) is tuple and type(results[1]) is list
    assert type(results[2]) is type(results[3]) is (bytes if name == "u8" else list)
    return [list(result) for result in results]


def hard_ints(name):
    low, high = INTS[name]
    edges = {0, 1, -1, low, high}
    for bits in (7, 8, 15, 16, 29, 30, 31, 32, 45, 59, 60, 61, 62, 63):
        for near in (-1, 0, 1):
            edges |= {2**bits + near, -(2**bits) + near}
    return [number for number in sorted(edges) if low <= number <= high]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", INTS)
def test_ints_come_back(name, size):
    rng = random.Random(size)
    low, high = INTS[name]
    hard = hard_ints(name)
    numbers = [
        rng.choice(hard) if rng.random() < 0.5 else rng.randint(low, high) for _ in range(size)
    ]
    for sequence in (numbers, tuple(numbers)):
        for result in through(name, sequence):
            assert result == numbers
            assert {type(number) for number in result} <= {int}


@pytest.mark.parametrize("size", SIZES)
def test_floats_come_back_bit_by_bit(size):
    rng = random.Random(size)
    hard = [
        0.0, -0.0, 1.5, math.inf, -math.inf, math.nan, 5e-324, sys.float_info.max,
        -sys.float_info.min,
    ]
    numbers = [
        rng.choice(hard) if rng.random() < 0.5 else rng.uniform(-1e300, 1e300) for _ in range(size)
    ]
    packed = struct.pack(f"{size}d", *numbers)
    for sequence in (numbers, tuple(numbers)):
        for result in through("f64", sequence):
            assert struct.pack(f"{size}d", *result) == packed
            assert {type(number) for number in result} <= {float}


@pytest.mark.parametrize("size", SIZES)
def test_narrow_floats_are_rounded(size):
    rng = random.Random(size)
    numbers = [rng.choice([0.1, -0.0, 1e-50, 1.5, 16777217.0, math.inf]) for _ in range(size)]
    rounded = list(struct.unpack(f"{size}f", struct.pack(f"{size}f", *numbers)))
    for result in through("f32", numbers):
        assert result == rounded
        assert [math.copysign(1, number) for number in result] == [
            math.copysign(1, n) for n in rounded
        ]


@pytest.mark.parametrize("size", [3, 300])
def test_what_is_too_large_for_a_narrow_float_is_infinite(size):
    for result in through("f32", [1e300, -1e300, 1.0] * (size // 3)):
        assert result == [math.inf, -math.inf, 1.0] * (size // 3)


@pytest.mark.parametrize("size", [4, 400])
def test_ints_among_floats(size):
    numbers = [1.5, 2, True, 2**60 + 1] * (size // 4)
    for result in through("f64", numbers):
        assert result == [1.5, 2.0, 1.0, float(2**60 + 1)] * (size // 4)
        assert {type(number) for number in result} == {float}
    for big in (2**53 + 1, 2**59 + 1, 2**62 + 1, 10**300, -(2**1000)):
        for result in through("f64", [1.0] * size + [big]):
            assert result == [1.0] * size + [float(big)]


class Int(int):
    """Its value is read, not asked for by an int's methods."""

    def __index__(self):
        raise AssertionError("asked for __index__")

    __int__ = __index__


class FloatingInt(int):
    def __float__(self):
        return 0.25


class Float(float):
    pass


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value


class Floating:
    def __float__(self):
        return 2.5


@pytest.mark.parametrize("size", [0, 100])
@pytest.mark.parametrize("name", INTS)
def test_what_counts_as_an_int(name, size):
    numbers = [7] * size + [True, Int(5), Index(6)]
    for result in through(name, numbers):
        assert result == [7] * size + [1, 5, 6]
        assert {type(number) for number in result} == {int}


@pytest.mark.parametrize("size", [0, 100])
@pytest.mark.parametrize("name", ["f32", "f64"])
def test_what_counts_as_a_float(name, size):
    numbers = [0.5] * size + [Float(1.5), Floating(), Index(4), True]
    for result in through(name, numbers):
        assert result == [0.5] * size + [1.5, 2.5, 4.0, 1.0]
    for (result,) in through(name, [FloatingInt(3)]):
        # PyPy's own HPy takes the int's value.
        assert result == 0.25 or (pypy and result == 3.0)


def failing(name):
    """Functions of the numbers that fail, and what they put before the message."""
    vec, slice_, list_, reference = functions(name)
    return [
        (vec, ""),
        (lambda numbers: slice_(numbers, len(numbers)), ""),
        (list_, f"list_{name}() argument 'numbers': "),
        (reference, f"reference_{name}() argument 'numbers': "),
    ]


@pytest.mark.parametrize("index", [0, 1, 3, 40])
@pytest.mark.parametrize("name", TYPES)
def test_errors_name_the_index(name, index):
    for wrong in ("one", None, [1], 1j):
        numbers = [1] * index + [wrong] + [2, 3]
        for sequence in (numbers, tuple(numbers)):
            for function, before in failing(name):
                with pytest.raises(TypeError) as error:
                    function(sequence)
                assert str(error.value).startswith(f"{before}item {index}: "), error.value
                assert str(error.value).count("item") == 1


@pytest.mark.skipif(pypy, reason="PyPy has words of its own for objects that are no ints")
def test_the_whole_message():
    with pytest.raises(TypeError) as error:
        numeric_lists.vec_i64([1, 2, 3, "four"])
    assert str(error.value) == "item 3: 'str' object cannot be interpreted as an integer"


@pytest.mark.parametrize("index", [0, 3, 40])
@pytest.mark.parametrize("name", INTS)
def test_what_does_not_fit_is_an_error_with_the_index(name, index):
    low, high = INTS[name]
    for wrong in (low - 1, high + 1, 10**400, -(10**400)):
        for function, before in failing(name):
            with pytest.raises(OverflowError) as error:
                function([1] * index + [wrong] + [2])
            assert str(error.value).startswith(f"{before}item {index}: "), error.value


@pytest.mark.parametrize("size", [2, 60])
def test_floats_are_no_ints(size):
    for function, before in failing("i64"):
        with pytest.raises(TypeError) as error:
            function([1] * size + [1.0])
        assert str(error.value).startswith(f"{before}item {size}: ")


class OwnError(ValueError):
    pass


@pytest.mark.parametrize("size", [2, 60])
def test_errors_of_other_types_stay_as_they_are(size):
    own = OwnError("mine")
    for function, _ in failing("i64"):
        with pytest.raises(OwnError) as error:
            function([1] * size + [Index(own)])
        assert error.value is own
    for function, _ in failing("f64"):
        with pytest.raises(OverflowError):
            function([1] * size + [10**400])


def test_tuples_that_cannot_be_converted_are_no_numbers():
    """PyPy 8 fails at them before it can be seen what they are."""

    class Tuple(tuple):
        def __iter__(self):
            raise ValueError("iter")

        def __len__(self):
            raise ValueError("len")

    for function in numeric_lists.vec_i64, numeric_lists.vec_f64:
        for _ in range(2):
            with pytest.raises((TypeError, ValueError)):
                function([Tuple((1, 2)), 3])


def test_lengths_are_checked():
    for size, wrong in ((0, 1), (3, 2), (100, 101)):
        with pytest.raises(ValueError, match=f"{size} items, where {wrong} are expected"):
            numeric_lists.slice_f64([1.0] * size, wrong)
    numbers = [1, 2, 3]
    with pytest.raises(ValueError, match="3 items, where 2 are expected"):
        numeric_lists.replace_i64(numbers, [1, 2])
    assert numbers == [1, 2, 3]


@pytest.mark.parametrize("size", [0, 1, 30])
@pytest.mark.parametrize("name", TYPES)
def test_writing_into_lists(name, size):
    numbers = ["first"]
    getattr(numeric_lists, f"extend_{name}")(numbers, list(range(size)))
    assert numbers == ["first", *range(size)]
    numbers = [None] * size
    same = numbers
    getattr(numeric_lists, f"replace_{name}")(numbers, list(range(size)))
    assert numbers == list(range(size)) and numbers is same


@pytest.mark.parametrize("kind", [[], [1, 2], [2**40] * 3, [1.5], ["text"], [None, 1, 2**63]])
@pytest.mark.parametrize("new", [[1], [1, 2**31], [-(2**63), 5], [2**40] * 17])
def test_ints_of_other_sizes_follow(kind, new):
    numbers = list(kind)
    numeric_lists.extend_i64(numbers, new)
    numeric_lists.extend_i64(numbers, new)
    assert numbers == kind + new + new
    numbers = [1.5] * len(new)
    numeric_lists.replace_i64(numbers, new)
    assert numbers == new


class Shortens:
    """Its conversion changes the list that it stands in."""

    def __init__(self, change):
        self.change = change

    def __index__(self):
        self.change()
        return 7

    def __float__(self):
        return float(self.__index__())


@pytest.mark.parametrize("size", [3, 60])
@pytest.mark.parametrize("name", ["i64", "u8", "f64"])
def test_a_list_that_changes_underneath(name, size):
    vec, slice_, list_, _ = functions(name)
    for function in (vec, list_, lambda numbers: slice_(numbers, 2 * size + 1)):
        for change in ("clear", "shrink", "grow", "replace"):
            numbers = []

            def changes(numbers=numbers, change=change):
                if change == "clear":
                    numbers.clear()
                elif change == "shrink":
                    del numbers[size + 1 :]
                elif change == "grow":
                    numbers.extend([9] * 100)
                else:
                    numbers[size + 1 :] = ["x"] * size

            numbers.extend([1] * size + [Shortens(changes)] + [2] * size)
            try:
                result = list(function(numbers))
            except (TypeError, ValueError, RuntimeError) as error:
                assert change != "grow" or "items" in str(error) or pypy
            else:
                assert set(result) <= {1, 2, 7, 9}


class LyingList(list):
    def __len__(self):
        return 10**15

    def __iter__(self):
        raise AssertionError("asked to iterate")

    def __getitem__(self, index):
        raise IndexError(index)


def test_subclasses_of_list():
    class Plain(list):
        pass

    for function in (numeric_lists.vec_f64, numeric_lists.list_f64):
        assert list(function(Plain([1.5] * 50))) == [1.5] * 50
    # What is asked of the subclass differs between interpreters: no answer may do harm.
    try:
        assert numeric_lists.vec_i64(LyingList([1, 2])) in ((1, 2), ())
    except (TypeError, ValueError, MemoryError, OverflowError, SystemError):
        pass


def test_other_iterables_are_taken_as_parameters():
    assert numeric_lists.list_i64(range(3)) == [0, 1, 2]
    assert numeric_lists.list_f64(float(n) for n in range(3)) == [0.0, 1.0, 2.0]
    assert numeric_lists.list_i64(iter([1, True])) == [1, 1]
    assert numeric_lists.list_u8(b"ab") == b"ab" == numeric_lists.list_u8([97, 98])
    with pytest.raises(TypeError, match="item 1: "):
        numeric_lists.list_i64(iter([1, "x"]))


def test_lists_that_other_threads_change():
    """Whatever is read was in the list at some time."""
    numbers = [1] * 1000
    done = threading.Event()

    def disturb():
        while not done.is_set():
            del numbers[500:]
            numbers.extend([2] * 500)

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        for _ in range(200 if sys.implementation.name != "graalpy" else 5):
            assert set(numeric_lists.vec_i64(numbers)) <= {1, 2}
            assert set(numeric_lists.list_f64(numbers)) <= {1.0, 2.0}
    finally:
        done.set()
        thread.join()


# Far from the ints that exist once: each is an object that ends with its last reference.
FIRST = 10**9
STEP = 7
# So many that others get on while they are read.
COUNT = 50_000 if CPYTHON else 300


def new_numbers(kind=int):
    return [kind(FIRST + STEP * n) for n in range(COUNT)]


def other_numbers(kind):
    """What lies in the memory of numbers that have ended, if somebody still looks at it."""
    return [kind(-FIRST - STEP * n - 1) for n in range(COUNT)]


def are_numbers(values):
    return not values or FIRST <= min(values) <= max(values) < FIRST + STEP * COUNT


def while_disturbed(disturbers, *readers):
    """Runs the readers on threads of their own, while the disturbers run again and again."""
    done, errors = threading.Event(), []

    def again():
        while not done.is_set():
            for disturb in disturbers:
                disturb()

    def read(reader):
        try:
            for _ in range(30 if CPYTHON else 5):
                reader()
        except BaseException as error:
            errors.append(error)

    readings = [threading.Thread(target=read, args=[reader]) for reader in readers]
    disturbing = [threading.Thread(target=again) for _ in range(2)]
    for thread in readings + disturbing:
        thread.start()
    for thread in readings:
        thread.join()
    done.set()
    for thread in disturbing:
        thread.join()
    assert errors == []


@calls_on_threads
@pytest.mark.parametrize("kind", [int, float])
def test_items_that_end_while_they_are_read(kind):
    """No thread uses an item that has ended, nor the memory of a list that has moved."""
    numbers = new_numbers(kind)

    def replace():
        for index, number in enumerate(new_numbers(kind)):
            try:
                numbers[index] = number
            except IndexError:
                return

    def shorten():
        del numbers[10:]
        other_numbers(kind)
        numbers.extend(new_numbers(kind))
        del numbers[COUNT:]

    def refill():
        numbers.clear()
        other_numbers(kind)
        numbers[:] = new_numbers(kind)

    def move():
        numbers.sort()
        numbers.append(numbers.pop() if numbers else kind(FIRST))

    def at_once():
        assert are_numbers(numeric_lists.vec_f64(numbers))
        assert kind is float or are_numbers(numeric_lists.list_i64(numbers))

    def into_a_slice():
        try:
            assert are_numbers(numeric_lists.slice_f64(numbers, COUNT))
        except ValueError:
            pass  # The list has another length just now.

    def one_by_one():
        assert 0 <= numeric_lists.sum_one_by_one(numbers) < 2 * FIRST * 5 * COUNT

    # Alone, the one that frees most.
    while_disturbed([refill], at_once, into_a_slice, one_by_one)
    while_disturbed([replace, shorten, refill, move], at_once, into_a_slice, one_by_one)


@calls_on_threads
def test_tuples_that_are_dropped_while_they_are_read():
    holder = [tuple(new_numbers())]

    def replace():
        holder[0] = tuple(new_numbers())
        other_numbers(int)

    def read():
        assert are_numbers(numeric_lists.vec_i64(holder[0]))

    while_disturbed([replace], read, read)


@calls_on_threads
def test_references_that_threads_count_at_once():
    """Items that one thread has made, and has many references to, and others refer to as well."""
    few = new_numbers()[:10]
    many = few * 100_000
    numbers = few * (COUNT // 10)
    before = [sys.getrefcount(number) for number in few] if CPYTHON else None

    def read():
        assert numeric_lists.sum_one_by_one(numbers) == sum(numbers)

    while_disturbed([read], read, read, read)
    if CPYTHON:
        assert [sys.getrefcount(number) for number in few] == before
    assert set(many) == set(few)


def test_both_ways_agree():
    numbers = [n / 8 for n in range(1000)]
    assert (
        numeric_lists.sum_at_once(numbers) == numeric_lists.sum_one_by_one(numbers) == sum(numbers)
    )
    assert numeric_lists.squares_at_once(1000) == numeric_lists.squares_one_by_one(1000)


def floats(size):
    """New objects, each of which the list alone knows."""
    return [float(str(number)) for number in range(size)]


@pytest.mark.parametrize("name", ["f32", "f64"])
@pytest.mark.parametrize("size", [0, 1, 17, 1000])
def test_floats_that_somebody_else_has_do_not_change(name, size):
    replace = getattr(numeric_lists, f"replace_{name}")
    new = [number + 0.5 for number in range(size)]
    alone = floats(size)
    replace(alone, new)
    assert alone == new
    # All of them are somebody else's, one is, one is twice in the list itself.
    numbers = floats(size)
    kept = list(numbers)
    replace(numbers, new)
    assert numbers == new and kept == floats(size)
    if not size:
        return
    numbers = floats(size)
    last = numbers[-1]
    replace(numbers, new)
    assert numbers == new and last == size - 1
    if size > 1:
        numbers = floats(size)
        numbers[0] = numbers[1]
        replace(numbers, new)
        assert numbers == new


class Float(float):
    pass


def test_items_of_any_type_are_replaced_and_given_up():
    given_up = []

    class Told:
        def __del__(self):
            given_up.append(list(numbers))

    new = [number + 0.5 for number in range(20)]
    for other in (Float(1.5), 7, "text", None):
        numbers = [*floats(19), other]
        numeric_lists.replace_f64(numbers, new)
        assert numbers == new and {type(number) for number in numbers} == {float}
        if isinstance(other, float):
            assert other == 1.5
    numbers = [*floats(19), Told()]
    numeric_lists.replace_f64(numbers, new)
    assert numbers == new
    if sys.implementation.name == "cpython":
        # When the old item ends, all are new.
        assert given_up == [new]


def test_a_subclass_of_list_is_asked():
    class Watched(list):
        def __setitem__(self, index, value):
            assigned.append(index)
            super().__setitem__(index, value)

    assigned = []
    numbers = Watched(floats(20))
    new = [number + 0.5 for number in range(20)]
    numeric_lists.replace_f64(numbers, new)
    assert list(numbers) == new
    if sys.implementation.name == "cpython":
        assert len(assigned) == 1


def test_sorting_a_list_that_is_written_to():
    numbers = floats(20)

    def key(number):
        with pytest.raises(ValueError, match="^0 items, where 20 are expected$"):
            numeric_lists.replace_f64(numbers, [0.0] * 20)
        return -number

    if sys.implementation.name == "cpython":
        numbers.sort(key=key)
        assert numbers == floats(20)[::-1]
