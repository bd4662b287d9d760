"""Typed handles to what is no container, and what any object can do beyond the topic handles."""

import abc
import array
import contextvars
import errno
import gc
import math
import os
import sys
import types

import pytest
from hpy_hosts import GRAALPY_HPY, OTHER_DEBUG, PYPY_HPY

import objects

PYPY = sys.implementation.name == "pypy"
GRAALPY = sys.implementation.name == "graalpy"

# GraalPy 24 takes sizes of 32 bits, as its `sys.maxsize` says, and of 64 in debug mode.
LARGEST = 2**63 - 1 if GRAALPY_HPY and OTHER_DEBUG else sys.maxsize


class OwnInt(int):
    pass


class OwnStr(str):
    pass


class OwnBytes(bytes):
    def __len__(self):
        return 1000


# Any object


def test_getattr_opt():
    class Failing:
        @property
        def value(self):
            raise LookupError("no value")

    assert objects.getattr_opt("x", "upper")() == "X"
    assert objects.getattr_opt("x", "missing") is None
    with pytest.raises(LookupError, match="no value"):
        objects.getattr_opt(Failing(), "value")
    with pytest.raises(ValueError, match="null"):
        objects.getattr_opt("x", "a\0b")


def test_dir():
    class Telling:
        def __dir__(self):
            return ["b", "a"]

    assert objects.dir([]) == dir([])
    assert objects.dir(Telling()) == ["a", "b"]


def test_truth():
    assert [objects.is_truthy(x) for x in (0, 1, "", "x", None)] == [
        False, True, False, True, False,
    ]

    class Neither:
        def __bool__(self):
            raise LookupError("neither")

    with pytest.raises(LookupError, match="neither"):
        objects.is_truthy(Neither())


def test_to_bytes():
    class Telling:
        def __bytes__(self):
            return b"told"

    for x in (b"x", bytearray(b"x"), memoryview(b"x"), [1, 2], Telling()):
        assert objects.to_bytes(x) == bytes(x)
    for x in ("x", None, ["a"]):
        with pytest.raises(TypeError):
            objects.to_bytes(x)


def test_format():
    assert objects.format_with(3.14159, ".2f") == "3.14"
    assert objects.format_with("x", ">3") == "  x"
    assert objects.format_with([1], "") == "[1]"
    with pytest.raises((TypeError, ValueError)):
        objects.format_with(1, "no such format")


def test_dump(capfd):
    # What is printed is each interpreter's own affair.
    assert objects.dump("some text") is None
    capfd.readouterr()


def test_pow_assign():
    class Number:
        def __ipow__(self, exponent):
            self.exponent = exponent
            return self

    number = Number()
    assert objects.pow_assign(number, 3, None) is number and number.exponent == 3
    assert objects.pow_assign(2, 10, None) == 1024
    if not PYPY or PYPY_HPY:
        # PyPy 8's C API refuses a modulus here.
        assert objects.pow_assign(2, 10, 1000) == 24
    with pytest.raises(TypeError):
        objects.pow_assign("x", 2, None)


def test_exact_types():
    assert objects.is_exactly(1) == (True, False, False)
    assert objects.is_exactly(True) == (False, False, False)
    assert objects.is_exactly(set()) == (False, True, False)
    assert objects.is_exactly(frozenset()) == (False, False, False)
    assert objects.is_exactly(ValueError()) == (False, False, True)
    assert objects.is_exactly(UnicodeError()) == (False, False, False)


# Numbers


@pytest.mark.parametrize(
    "number", [0, 1, -1, 2**31 - 1, -(2**31), 2**31, 2**32 - 1, 2**32, -(2**63), 2**64, 10**400]
)
def test_ints(number):
    for n in (number, OwnInt(number)):
        assert objects.int_as("u32_wrapping", n) == number % 2**32
        assert objects.int_as("u64_wrapping", n) == number % 2**64
        for kind, low, high in [
            ("i32", -(2**31), 2**31),
            ("u32", 0, 2**32),
            ("isize", -LARGEST - 1, LARGEST + 1),
        ]:
            if low <= number < high:
                assert objects.int_as(kind, n) == number
            else:
                with pytest.raises((OverflowError, ValueError)):
                    objects.int_as(kind, n)
        if number < 10**300:
            assert objects.int_as("f64", n) == float(number)
        else:
            with pytest.raises(OverflowError):
                objects.int_as("f64", n)
    if 0 <= number <= sys.maxsize:
        assert objects.int_as("address", number) == number
    with pytest.raises(TypeError, match="must be int, not float"):
        objects.int_as("i32", 1.5)


def test_complex():
    assert objects.complex_parts(1 - 2.5j) == (1.0, -2.5, complex(-2.5, 1))
    assert objects.complex_parts(complex(-0.0, math.inf))[:2] == (0.0, math.inf)
    with pytest.raises(TypeError, match="must be complex, not float"):
        objects.complex_parts(1.0)


# Text and bytes


TEXTS = ["", "abc", "é", "ÿ", "€", "😀", "a\0b"]


@pytest.mark.parametrize("text", TEXTS)
def test_encoding(text):
    for how, encoding in [
        ("ascii", "ascii"), ("latin1", "latin-1"), ("utf8", "utf-8"), ("utf-16", "utf-16"),
    ]:
        try:
            expected = text.encode(encoding)
        except UnicodeEncodeError:
            with pytest.raises(UnicodeEncodeError):
                objects.encode(how, text)
        else:
            assert objects.encode(how, text) == expected
            assert objects.encode(how, OwnStr(text)) == expected
    assert objects.encode("fs", text) == os.fsencode(text)


def test_encoding_surrogates():
    assert objects.encode("utf-8", "\ud800") == b"\xed\xa0\x80"
    with pytest.raises(UnicodeEncodeError):
        objects.encode("ascii", "\ud800")
    with pytest.raises(LookupError):
        objects.encode("no-such-encoding", "x")


@pytest.mark.parametrize("data", [b"", b"abc", b"\xe9\xff", "é€😀".encode()])
def test_decoding(data):
    assert objects.decode("latin1", data) == data.decode("latin-1")
    try:
        expected = os.fsdecode(data)
    except UnicodeDecodeError:  # Windows takes UTF-8 alone.
        for kind in ("fs", "fs_c_str"):
            with pytest.raises(UnicodeDecodeError):
                objects.decode(kind, data)
    else:
        assert objects.decode("fs", data) == objects.decode("fs_c_str", data) == expected
    assert objects.decode("cp1252", b"x\x80") == "x€"
    with pytest.raises(UnicodeDecodeError):
        objects.decode("utf-8", b"\xff")
    with pytest.raises(LookupError):
        objects.decode("no-such-encoding", b"x")


def test_bytes_with_a_nul():
    assert objects.decode("fs", b"a\0b") == "a\0b"
    assert objects.bytes_from_c_str(b"abc") == b"abc"
    for function in (objects.bytes_from_c_str, lambda data: objects.decode("fs_c_str", data)):
        with pytest.raises(ValueError, match="embedded null byte"):
            function(b"a\0b")


def test_wide_text():
    assert objects.str_from_wide([0x61, 0xE9, 0x20AC]) == "aé€"
    assert objects.str_from_wide([]) == ""


def test_lengths():
    assert objects.lengths("a😀") == (2, False) and objects.lengths("") == (0, True)
    assert objects.lengths(b"abc") == (3, False) and objects.lengths(OwnBytes(b"ab")) == (2, False)


def test_parts_of_text():
    assert objects.substring("a😀c", 1, 2) == ("😀", 0x1F600)
    assert objects.substring("a\ud800", 1, 99) == ("\ud800", 0xD800)
    assert objects.substring("abc", 3, 5) == ("", None)
    assert objects.substring("abc", 2, 1) == ("", ord("c"))


def test_join():
    assert objects.join(", ", ["a", "b"]) == "a, b"
    assert objects.join("-", []) == ""
    with pytest.raises(TypeError):
        objects.join(", ", ["a", 1])


@pytest.mark.parametrize("width", [1, 5, 100, 245, 250, 255, 256, 257, 5000])
def test_formatting(width):
    assert objects.formatted("é€", width) == f"<é€|{'é€':>{width}}>"


def test_formatting_nothing_and_failing():
    assert objects.formatted("x", 0) == "nothing to format, é"
    with pytest.raises(ValueError, match="could not be formatted"):
        objects.formatted_badly()


# Buffers and ranges


def test_bytearrays():
    array_ = objects.bytearray_of(b"ab\0")
    assert type(array_) is bytearray and array_ == b"ab\0"
    before, after = objects.bytearray_change(array_)
    assert bytes(before) == b"ab\0" and bytes(after) == b"ab\0\xffend" and array_ == b""
    with pytest.raises(TypeError, match="must be bytearray, not bytes"):
        objects.bytearray_change(b"")


def test_memoryviews():
    assert objects.memoryview_parts(b"abc") == (b"abc", 3, 1, "B", [3], True)
    numbers = array.array("h", [1, -1])
    assert objects.memoryview_parts(numbers) == (numbers.tobytes(), 4, 2, "h", [2], False)
    with pytest.raises(TypeError):
        objects.memoryview_parts("abc")


def test_ranges():
    assert objects.range_parts(1, 10, 3) == (range(1, 10, 3), (1, 10, 3))
    assert objects.range_parts(5, -5, -1)[0] == range(5, -5, -1)
    with pytest.raises(ValueError):
        objects.range_parts(1, 2, 0)
    with pytest.raises(TypeError):
        objects.range_parts(1, 2.5, 1)
    with pytest.raises(OverflowError):
        objects.range_parts(0, 2**70, 1)


# Callables and iterators


def test_callables():
    class Outer:
        def method(self):
            pass

    assert objects.callable_names(len) == ("len", "len")
    assert objects.callable_names(Outer.method)[0] == "method"
    assert objects.callable_names(Outer.method)[1].endswith("Outer.method")
    assert objects.callable_names(Outer)[0] == "Outer"
    with pytest.raises(TypeError, match="must be callable, not int"):
        objects.callable_names(1)


def test_iterators():
    assert objects.first_and_rest(iter([1, 2, 3])) == (1, [2, 3])
    assert objects.first_and_rest(iter([])) == (None, [])
    assert objects.first_and_rest(n * n for n in range(3)) == (0, [1, 4])
    for x in ([1], 1, range(3)):
        with pytest.raises(TypeError, match="must be iterator, not"):
            objects.first_and_rest(x)

    def failing():
        yield 1
        raise LookupError("at the second")

    with pytest.raises(LookupError, match="at the second"):
        objects.first_and_rest(failing())


# Classes and modules


def test_classes():
    class Base:
        pass

    class Derived(Base, dict):
        pass

    name, qualname, module, bases, mro = objects.class_parts(Derived)
    assert (name, qualname, module) == ("Derived", Derived.__qualname__, __name__)
    assert bases == (Base, dict) and mro == Derived.__mro__
    assert objects.class_parts(int)[:3] == ("int", "int", "builtins")


def test_subclasses_as_python_sees_them():
    class Abstract(abc.ABC):
        pass

    Abstract.register(int)
    assert objects.is_subclass(int, Abstract) and not objects.is_subclass(str, Abstract)
    assert objects.is_subclass(bool, (str, int))
    with pytest.raises(TypeError):
        objects.is_subclass(int, 1)


def test_modules():
    name, names, filename = objects.module_parts(os)
    assert name == "os" and names is vars(os) and filename == os.__file__
    made = types.ModuleType("made")
    assert objects.module_parts(made) == ("made", vars(made), None)
    with pytest.raises(TypeError, match="must be module, not str"):
        objects.module_parts("os")


# Exceptions


def test_exceptions():
    try:
        try:
            raise KeyError("first", 1)
        except KeyError as first:
            raise ValueError("second") from first
    except ValueError as error:
        caught = error
    args, cause, context, traceback = objects.exception_parts(caught)
    assert args == ("second",) and type(cause) is KeyError and context is cause
    assert traceback is caught.__traceback__
    assert objects.exception_parts(cause)[0] == ("first", 1)
    assert objects.exception_parts(OSError(2, "x")) == ((2, "x"), None, None, None)
    with pytest.raises(TypeError, match="must be BaseException, not type"):
        objects.exception_parts(ValueError)


def test_exceptions_are_raised_again():
    with pytest.raises(IndexError, match="again"):
        objects.raise_again(IndexError("again"))
    with pytest.raises(TypeError, match="must be LookupError, not ValueError"):
        objects.raise_again(ValueError())


@pytest.mark.parametrize("files", [[], ["one"], ["one", "two"]])
def test_errors_of_c_functions(files):
    with pytest.raises(OSError) as caught:
        objects.last_os_error(files)
    error = caught.value
    assert error.strerror == os.strerror(errno.EBADF)
    # With two files, CPython itself also gives 0 as Windows' number there, which makes it EINVAL.
    lost = sys.platform == "win32" and len(files) > 1
    assert error.errno == (errno.EINVAL if lost else errno.EBADF)
    assert error.filename == (files[0] if files else "by name")
    assert error.filename2 == (files[1] if len(files) > 1 else None)


def test_no_memory():
    with pytest.raises(MemoryError):
        objects.no_memory()


# Capsules


def collected():
    for _ in range(5):
        gc.collect()
    return objects.capsules_alive()


def test_capsules_hold_rust_values():
    capsule = objects.capsule_of(42)
    assert type(capsule).__name__ == "PyCapsule"
    assert objects.capsule_value(capsule) == (42, "objects.counted")
    assert objects.capsule_text(objects.capsule_of_text("text é")) == "text é"


@pytest.mark.skipif(GRAALPY, reason="GraalPy's collector does not run when it is asked to")
def test_a_capsule_s_value_is_dropped_once():
    before = collected()
    capsules = [objects.capsule_of(n) for n in range(10)]
    assert objects.capsules_alive() == before + 10
    del capsules[:5]
    assert collected() == before + 5
    del capsules
    assert collected() == before


@pytest.mark.skipif(GRAALPY, reason="GraalPy's collector does not run when it is asked to")
def test_a_panic_in_a_drop_stays_inside(capfd):
    before = collected()
    objects.capsule_of(13)
    assert collected() == before
    assert "dropped as it should be" in capfd.readouterr().err


@pytest.mark.parametrize("raises", [False, True])
def test_a_capsule_ends_while_an_exception_is_on_its_way(raises):
    said = []

    def farewell():
        said.append(int("5"))
        if raises:
            raise KeyError("from the end of a capsule")

    # int() fails, then lets go of its arguments, and only then is its exception seen.
    with pytest.raises(TypeError):
        int("10", objects.capsule_that_calls(farewell))
    # The package hpy cannot be entered from outside.
    if sys.implementation.name == "cpython" and "HPY" not in os.environ:
        assert said == [5]


def test_capsules_are_told_apart():
    counted = r"capsule of objects::Counted"
    with pytest.raises(TypeError, match=f"must be {counted}, not capsule of alloc::string::String"):
        objects.capsule_value(objects.capsule_of_text("x"))
    with pytest.raises(TypeError, match=f"must be {counted}, not int"):
        objects.capsule_value(1)


def test_capsules_of_others():
    foreign = pytest.importorskip("datetime", reason="no datetime")
    capsule = getattr(foreign, "datetime_CAPI", None)
    if capsule is None:
        pytest.skip("this interpreter's datetime has no capsule")
    assert objects.any_capsule(capsule, "datetime.datetime_CAPI") == (
        "datetime.datetime_CAPI", True, True,
    )
    assert objects.any_capsule(capsule, "other") == ("datetime.datetime_CAPI", False, False)
    with pytest.raises(TypeError, match="not capsule that another library made"):
        objects.capsule_value(capsule)


def test_names_of_capsules():
    capsule = objects.capsule_of(1)
    assert objects.any_capsule(capsule, "objects.counted") == ("objects.counted", True, True)
    assert objects.any_capsule(capsule, "objects.other") == ("objects.counted", False, False)
    with pytest.raises(ValueError):
        objects.capsule_pointer_by_wrong_name(capsule)
    with pytest.raises(TypeError, match="must be capsule, not str"):
        objects.any_capsule("x", "x")


# Context variables


def test_context_variables():
    variable = objects.context_var(None)
    assert type(variable) is contextvars.ContextVar
    assert objects.context_var_get(variable, 5) == (None, 5)
    token = objects.context_var_set(variable, "set")
    assert objects.context_var_get(variable, 5) == ("set", "set")
    assert variable.get() == "set"
    assert contextvars.copy_context().run(lambda: objects.context_var_get(variable, 5)[0]) == "set"
    objects.context_var_reset(variable, token)
    assert objects.context_var_get(variable, 5) == (None, 5)
    with pytest.raises((RuntimeError, ValueError)):
        objects.context_var_reset(variable, token)


def test_context_variables_with_a_default():
    variable = objects.context_var("default")
    assert objects.context_var_get(variable, 5) == ("default", 5)
    with pytest.raises(TypeError, match="must be ContextVar, not str"):
        objects.context_var_get("x", 5)


# CPython's C API


def test_the_way_to_the_c_api():
    for x in (None, int, len):
        assert objects.there_and_back(x) is x


# Types' names


class Renamed(type):
    """Names its classes anew each time, except where the class's own name is asked for in C."""

    @property
    def __name__(cls):
        return "x" * 100


@pytest.mark.skipif(
    GRAALPY or os.name == "nt",
    reason="GraalPy's memory is Java's, and Windows has no module resource",
)
def test_failed_downcasts_leave_nothing_behind():
    import resource

    class Heap:
        pass

    def fail(times):
        for wrong in (5, ..., Heap(), Renamed("Meta", (), {})()):
            for _ in range(times):
                with pytest.raises(TypeError, match="(must be|expected|cannot be) "):
                    objects.lengths(wrong)

    def peak():
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    # PyPy's heap grows to its size in the first tens of thousands of calls.
    for _ in range(2 if PYPY else 1):
        fail(10_000 if PYPY else 2_000)
    before = peak()
    fail(10_000)
    assert peak() - before < 6_000, "kilobytes for 40,000 calls that failed"


# PyPy 8 writes behind an object that pretends to be a tuple or bytes, as soon as any C function is
# called with it.
@pytest.mark.parametrize("base", [str, list, dict, int, float, complex, slice, memoryview, type])
def test_what_only_pretends_to_be_built_in(base):
    class Meta(type):
        def mro(cls):
            return [cls, base, object]

    try:
        class Fake(metaclass=Meta):
            pass
    except TypeError as error:
        assert "layout" in str(error)
        return
    fake = object.__new__(Fake)
    assert isinstance(fake, base)
    if PYPY_HPY and base is str:
        # PyPy's own HPy takes it for a str, and finds no text.
        assert objects.lengths(fake) == (0, True)
        return
    with pytest.raises(TypeError):
        objects.lengths(fake)
    with pytest.raises(TypeError):
        objects.substring(fake, 0, 1)


def test_interned_names():
    thing = types.SimpleNamespace()
    for value in range(100):
        assert objects.by_interned_name(thing, value) == (False, value, "text", False)
    with pytest.raises(AttributeError):
        objects.by_interned_name(object(), 1)
