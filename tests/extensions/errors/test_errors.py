"""Exceptions and panics across the boundary."""

import builtins
import errno
import gc
import os
import sys
import time
import traceback
import weakref

import pytest

import errors
import hpy_hosts
from hpy_hosts import PYPY_HPY, close_handles, collected_in_time

PYPY = sys.implementation.name == "pypy"
NEED_MORE_ARGUMENTS = ("UnicodeEncodeError", "UnicodeDecodeError", "UnicodeTranslateError")
EXCEPTIONS = [
    "BaseException Exception GeneratorExit KeyboardInterrupt SystemExit StopAsyncIteration "
    "StopIteration ArithmeticError LookupError AssertionError AttributeError BufferError EOFError "
    "OSError ImportError MemoryError NameError RuntimeError SyntaxError ReferenceError SystemError "
    "TypeError ValueError Warning FloatingPointError ModuleNotFoundError IndexError KeyError "
    "OverflowError RecursionError NotImplementedError IndentationError UnboundLocalError "
    "UnicodeError ZeroDivisionError BlockingIOError ChildProcessError ConnectionError "
    "FileExistsError FileNotFoundError InterruptedError IsADirectoryError NotADirectoryError "
    "PermissionError ProcessLookupError TimeoutError UserWarning DeprecationWarning "
    "PendingDeprecationWarning SyntaxWarning RuntimeWarning FutureWarning ImportWarning "
    "UnicodeWarning BytesWarning ResourceWarning TabError BrokenPipeError ConnectionAbortedError "
    "ConnectionRefusedError ConnectionResetError"
][0].split()


@pytest.fixture(autouse=True)
def nothing_is_left_pending():
    yield
    assert sys.exc_info() == (None, None, None)
    assert errors.enter() is None


def raiser(error):
    def function():
        raise error

    return function


# Raising


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_raise(name):
    type_ = getattr(builtins, name)
    with pytest.raises(type_) as caught:
        errors.raise_named(name, "a message")
    assert type(caught.value) is type_
    assert caught.value.args == ("a message",)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", NEED_MORE_ARGUMENTS)
def test_raise_a_type_that_takes_no_message_alone(name):
    with pytest.raises(TypeError):
        errors.raise_named(name, "a message")


@pytest.mark.parametrize(
    "message", ["", "a\0b", "\0", "h\xe9 \U0001f40d", "%s %d {} {0}", "x" * 100_000]
)
def test_raise_any_message(message):
    with pytest.raises(ValueError) as caught:
        errors.raise_value_error(message)
    assert caught.value.args == (message,)


def test_raise_from_a_type():
    class Mine(Exception):
        def __init__(self, a, b):
            super().__init__(a)
            self.b = b

    with pytest.raises(Mine) as caught:
        errors.raise_from_type(Mine, ("\ud800\0", 2))
    assert (caught.value.args, caught.value.b) == (("\ud800\0",), 2)
    with pytest.raises(TypeError, match="__init__"):
        errors.raise_from_type(Mine, ())
    with pytest.raises(TypeError, match="must derive from BaseException"):
        errors.raise_from_type(int, ())


def test_raise_a_type_whose_constructor_misbehaves():
    class Failing(Exception):
        def __init__(self, *args):
            raise KeyError("init")

    class Other(Exception):
        def __new__(cls, *args):
            return 5

    with pytest.raises(KeyError, match="init"):
        errors.raise_from_type(Failing, ())
    with pytest.raises(TypeError, match="must derive from BaseException"):
        errors.raise_from_type(Other, ())


def test_raise_an_object():
    error = ValueError("mine")
    with pytest.raises(ValueError) as caught:
        errors.raise_value(error)
    assert caught.value is error
    for value in (5, None, ValueError):
        with pytest.raises(TypeError, match="must derive from BaseException"):
            errors.raise_value(value)


def test_an_object_that_lies_about_being_an_exception():
    class Liar:
        __class__ = ValueError

    assert isinstance(Liar(), ValueError)
    with pytest.raises(TypeError, match="must derive from BaseException"):
        errors.raise_value(Liar())


def test_rusts_frames_stand_between_pythons():
    with pytest.raises(ValueError) as caught:
        errors.raise_value_error("x")
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names == ["test_rusts_frames_stand_between_pythons"]


# Rust's own errors


def test_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        errors.open(str(tmp_path / "missing"))
    assert caught.value.errno == errno.ENOENT
    if os.name == "nt":
        assert caught.value.winerror == 2 and caught.value.filename is None
    else:
        assert caught.value.strerror == os.strerror(errno.ENOENT)


@pytest.mark.skipif(os.name == "nt", reason="to Windows this is a path that is not there")
def test_file_that_is_a_directory(tmp_path):
    with pytest.raises(NotADirectoryError) as caught:
        (tmp_path / "file").write_text("")
        errors.open(str(tmp_path / "file" / "inside"))
    assert caught.value.errno == errno.ENOTDIR


@pytest.mark.skipif(os.name == "nt", reason="Windows has numbers of its own")
@pytest.mark.parametrize(
    "number, type_",
    [
        (errno.EACCES, PermissionError),
        (errno.EEXIST, FileExistsError),
        (errno.EAGAIN, BlockingIOError),
        (errno.ECHILD, ChildProcessError),
        (errno.EPIPE, BrokenPipeError),
        (errno.ETIMEDOUT, TimeoutError),
        (errno.ESRCH, ProcessLookupError),
        (errno.ENOSPC, OSError),
    ],
)
def test_error_of_the_system(number, type_):
    with pytest.raises(type_) as caught:
        errors.io_error_of_number(number)
    assert type(caught.value) is type_
    assert (caught.value.errno, caught.value.strerror) == (number, os.strerror(number))


@pytest.mark.skipif(os.name != "nt", reason="these are the numbers of Windows")
@pytest.mark.parametrize(
    "number, type_, number_in_c",
    [
        (2, FileNotFoundError, errno.ENOENT),
        (3, FileNotFoundError, errno.ENOENT),
        (5, PermissionError, errno.EACCES),
        (109, BrokenPipeError, errno.EPIPE),
        (183, FileExistsError, errno.EEXIST),
        (10061, ConnectionRefusedError, 10061),
    ],
)
def test_error_of_windows(number, type_, number_in_c):
    with pytest.raises(type_) as caught:
        errors.io_error_of_number(number)
    assert type(caught.value) is type_
    assert (caught.value.winerror, caught.value.errno) == (number, number_in_c)
    assert caught.value.filename is None


@pytest.mark.parametrize(
    "kind, type_",
    [
        ("NotFound", FileNotFoundError),
        ("PermissionDenied", PermissionError),
        ("AlreadyExists", FileExistsError),
        ("ConnectionRefused", ConnectionRefusedError),
        ("ConnectionReset", ConnectionResetError),
        ("ConnectionAborted", ConnectionAbortedError),
        ("BrokenPipe", BrokenPipeError),
        ("WouldBlock", BlockingIOError),
        ("TimedOut", TimeoutError),
        ("Interrupted", InterruptedError),
        ("UnexpectedEof", EOFError),
        ("InvalidInput", ValueError),
        ("InvalidData", ValueError),
        ("Other", OSError),
    ],
)
def test_io_error_without_a_number(kind, type_):
    with pytest.raises(type_) as caught:
        errors.io_error_of_kind(kind, "what h\xe9 said\0")
    assert type(caught.value) is type_
    assert caught.value.args == ("what h\xe9 said\0",)


@pytest.mark.parametrize("kind", ["int", "float", "bool", "char", "address"])
def test_parse_error(kind):
    with pytest.raises(ValueError) as caught:
        errors.parse(kind, "not this")
    assert type(caught.value) is ValueError
    assert str(caught.value)


def test_number_that_does_not_fit():
    assert errors.narrow(255) == 255
    with pytest.raises(OverflowError, match="out of range"):
        errors.narrow(256)


@pytest.mark.parametrize("data", [b"\xff", b"abc\xffdef", b"abc\xe2\x82", b"\xed\xa0\x80"])
def test_bytes_that_are_no_text(data):
    with pytest.raises(UnicodeDecodeError) as caught:
        errors.decode(data)
    with pytest.raises(UnicodeDecodeError) as expected:
        data.decode()
    assert (caught.value.encoding, caught.value.object) == ("utf-8", data)
    assert caught.value.start == expected.value.start
    assert data[caught.value.start : caught.value.end]
    assert "position %d" % expected.value.start in str(caught.value)


def test_bytes_that_are_no_text_and_not_known_to_the_error():
    for data in (b"abc\xffdef", b"abc\xe2"):
        with pytest.raises(UnicodeDecodeError) as caught:
            errors.decode_borrowed(data)
        assert caught.value.start == 3


def test_source_chain_becomes_causes():
    with pytest.raises(RuntimeError, match="layer 0") as caught:
        errors.chain(3)
    second = caught.value.__cause__
    assert type(second) is RuntimeError and str(second) == "layer 1"
    third = second.__cause__
    assert type(third) is RuntimeError and str(third) == "layer 2"
    last = third.__cause__
    assert type(last) is FileNotFoundError and last.errno == errno.ENOENT
    assert last.__cause__ is None
    assert "direct cause" in "".join(traceback.format_exception(RuntimeError, caught.value, None))


def test_long_source_chain():
    with pytest.raises((RuntimeError, RecursionError)) as caught:
        errors.chain(100)
    depth, error = 0, caught.value
    while error.__cause__ is not None:
        depth, error = depth + 1, error.__cause__
    assert depth == 100


def test_boxed_errors():
    error = KeyError("from Python")
    with pytest.raises(KeyError) as caught:
        errors.boxed(raiser(error))
    assert caught.value is error
    with pytest.raises(RuntimeError, match="a boxed message"):
        errors.boxed(int)


# Catching in Rust


def test_catching_leaves_nothing_behind():
    assert errors.catch(raiser(ValueError("x"))) is True
    assert errors.catch(int) is False
    assert errors.catch_and_go_on(raiser(ValueError("x"))) == "a,b"
    assert errors.catch_and_go_on(int) == "a,b"


def test_catching_inside_an_except_block():
    try:
        raise KeyError("outer")
    except KeyError as outer:
        assert errors.catch(raiser(ValueError("inner")))
        assert sys.exc_info()[1] is outer
        value = errors.caught(raiser(ValueError("inner")))
        assert value.__context__ is outer


def test_caught_exception_is_the_one_raised():
    class Mine(Exception):
        pass

    error = Mine(1, "two", [3])
    value = errors.caught(raiser(error))
    assert value is error
    assert value.args == (1, "two", [3])
    frames = traceback.extract_tb(value.__traceback__)
    assert frames[-1].name == "function"


def test_caught_exceptions_of_odd_classes():
    class FailingInit(Exception):
        def __init__(self):
            raise KeyError("init")

    class FailingStr(Exception):
        def __str__(self):
            raise KeyError("str")

        __repr__ = __str__

    class Falsy(Exception):
        def __bool__(self):
            raise KeyError("bool")

        def __eq__(self, other):
            raise KeyError("eq")

        __hash__ = None

    class NoAttributes(Exception):
        def __getattribute__(self, name):
            raise KeyError(name)

        def __setattr__(self, name, value):
            raise KeyError(name)

    def raise_class():
        raise FailingInit

    value = errors.caught(raise_class)
    assert type(value) is KeyError and value.args == ("init",)
    types = [FailingStr, Falsy]
    # PyPy itself sets attributes of exceptions, and these don't let it.
    types += [] if PYPY else [NoAttributes]
    for type_ in types:
        error = type_()
        assert errors.caught(raiser(error)) is error
        with pytest.raises(type_) as caught:
            errors.reraise(raiser(error))
        assert caught.value is error
        with pytest.raises(type_) as caught:
            errors.reraise_through_value(raiser(error))
        assert caught.value is error
        assert errors.catch(raiser(error))


def test_instance_checks():
    function = raiser(FileNotFoundError(2, "x"))
    for name in ("FileNotFoundError", "OSError", "Exception", "BaseException"):
        assert errors.raises_instance_of(function, name) is True
        assert errors.unraised_is_instance_of(name) is True
    for name in ("PermissionError", "ValueError", "KeyError"):
        assert errors.raises_instance_of(function, name) is False
        assert errors.unraised_is_instance_of(name) is False


def test_matching_as_except_does():
    class Meta(type):
        def __instancecheck__(cls, instance):
            raise AssertionError("`except` does not ask this")

    class Base(Exception, metaclass=Meta):
        pass

    class Derived(Base):
        pass

    function = raiser(Derived())
    assert errors.matches(function, Base)
    assert errors.matches(function, (KeyError, (ValueError, (Derived,))))
    assert not errors.matches(function, KeyError)
    assert not errors.matches(function, (KeyError, ()))
    assert not errors.matches(function, 5)
    assert not errors.matches(function, "Base")


def test_matching_a_tuple_that_is_nested_deeply():
    types = (KeyError,)
    # PyPy's C API converts a tuple with all that is in it. Where that is too deep, it raises
    # RecursionError.
    for _ in range(100 if PYPY and not PYPY_HPY else 100_000):
        types = (types,)
    assert errors.matches(raiser(KeyError()), types) is True
    assert errors.matches(raiser(ValueError()), types) is False
    # Freed from outside in, not by a recursion of the interpreter's.
    while isinstance(types[0], tuple):
        types = types[0]


def test_matching_does_not_depend_on_builtins():
    function, namespace = raiser(KeyError()), vars(builtins)
    before = dict(namespace)
    try:
        for name in ("isinstance", "issubclass", "type", "len", "getattr"):
            namespace[name] = None
        answer = errors.matches(function, LookupError)
    finally:
        namespace.update(before)
    assert answer is True


@pytest.mark.parametrize("reraise", [errors.reraise, errors.reraise_through_value])
def test_raising_again(reraise):
    class Mine(Exception):
        def __init__(self, *args):
            super().__init__(*args)
            self.extra = "kept"

    error = Mine("a", 2)
    cause, context = KeyError("cause"), KeyError("context")
    error.__cause__, error.__context__ = cause, context
    with pytest.raises(Mine) as caught:
        reraise(raiser(error))
    assert caught.value is error
    assert (error.args, error.extra) == (("a", 2), "kept")
    assert error.__cause__ is cause and error.__context__ is context
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert names[0] == "test_raising_again"
    # PyPy's HPy has no way to raise an exception with the traceback that it has.
    assert names[-1] == ("test_raising_again" if PYPY_HPY else "function")


def test_raising_through_several_layers():
    def layer(depth):
        if depth == 0:
            raise KeyError("deep")
        return errors.reraise(lambda: layer(depth - 1))

    with pytest.raises(KeyError, match="deep") as caught:
        layer(20)
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names.count("layer") == (1 if PYPY_HPY else 21)


@pytest.mark.parametrize(
    "type_", [SystemExit, KeyboardInterrupt, GeneratorExit, StopIteration, MemoryError]
)
def test_exceptions_that_mean_something_to_the_interpreter_pass(type_):
    error = type_("through")
    with pytest.raises(type_) as caught:
        errors.reraise(raiser(error))
    assert caught.value is error


def test_raise_from():
    inner = KeyError("inner")
    with pytest.raises(ValueError, match="outer") as caught:
        errors.raise_from(raiser(inner))
    assert caught.value.__cause__ is inner
    assert caught.value.__suppress_context__ is True
    with pytest.raises(ValueError, match="outer") as caught:
        errors.raise_from_io_error()
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_cause():
    inner, outer = KeyError("inner"), ValueError("outer")
    outer.__cause__ = inner
    assert errors.cause(raiser(outer)) is inner
    assert errors.cause(raiser(ValueError("alone"))) is None


def test_description_in_rust():
    texts = errors.describe(raiser(ValueError("from Python")))
    assert texts[0] == "ValueError: a message"
    assert "ValueError" in texts[1] and "a message" in texts[1]
    assert ("WinError 2" if os.name == "nt" else "Errno 2") in texts[2]
    assert texts[3] == texts[5]
    assert texts[3] in ("ValueError: from Python", "BaseException: a Python exception")
    if "HPY" not in os.environ and sys.implementation.name == "cpython":
        # The C API is asked; a foreign HPy has no context to ask outside its calls.
        assert texts[3] == "ValueError: from Python"
        assert texts[4] == "Error(ValueError: 'from Python')".replace("'", '"')
    assert texts[6] == "BaseException: a Python exception"


def test_an_error_whose_text_raises_is_described_nevertheless():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no text")

    texts = errors.describe(raiser(Mute()))
    assert texts[3] in ("Mute: <exception str() failed>", "BaseException: a Python exception")
    assert errors.describe(raiser(KeyError()))[3] in (
        "KeyError", "BaseException: a Python exception",
    )


# Errors kept beyond their call


def test_error_raised_by_a_later_call():
    error = KeyError("kept")
    errors.keep(raiser(error))
    assert errors.raise_named is not None
    with pytest.raises(KeyError) as caught:
        errors.raise_kept()
    assert caught.value is error
    assert errors.raise_kept() is None


@collected_in_time
def test_kept_error_is_released_by_the_next_entry():
    class Mine(Exception):
        pass

    def kept():
        error = Mine("kept")
        errors.keep(raiser(error))
        return weakref.ref(error)

    # GraalPy 24 holds on to the first exception that its HPy meets, kept or not.
    errors.matches(raiser(KeyError()), KeyError)
    reference = kept()
    gc.collect()
    assert reference() is not None
    errors.drop_kept_on_a_thread()
    errors.enter()
    # Where the collector runs beside the program it takes a while.
    for _ in range(200):
        close_handles(lambda: errors.matches(raiser(KeyError()), KeyError))
        gc.collect()
        if reference() is None:
            break
        time.sleep(0.01)
    assert reference() is None


# Panics


def panics(function, *args):
    with hpy_hosts.panics() as caught:
        function(*args)
    assert type(caught.value) is sys.modules["hpy_runtime"].PanicException
    return str(caught.value)


def test_panic_names_message_file_and_line():
    import re

    pattern = r"%s \(.*lib\.rs:\d+:\d+\)"
    assert re.fullmatch(pattern % "boom h\xe9", panics(errors.panic, "boom h\xe9"))
    assert re.fullmatch(pattern % "a constant message", panics(errors.panic_with_constant))
    assert re.fullmatch(pattern % ".*out of bounds.*", panics(errors.index_out_of_range, [1], 5))
    assert "\0" in panics(errors.panic, "a\0b")


def test_panic_with_a_payload_that_is_no_text():
    assert "lib.rs" in panics(errors.panic_with_number)


def test_panic_whose_payload_panics_when_it_is_dropped():
    assert "lib.rs" in panics(errors.panic_with_explosive)
    for length in (0, 1, 2, 10):
        assert "lib.rs" in panics(errors.panic_with_fuse, length)


@pytest.mark.parametrize("of", ["object", "capsule", "nothing"])
def test_panic_does_not_name_the_place_of_one_that_nobody_was_told_of(of):
    panics(errors.panic_with_explosive)
    assert panics(errors.resume_after_drop, of) == "resumed"


def test_panic_closes_the_handles_that_are_open():
    message = panics(errors.panic_with_open_handles, raiser(KeyError("x")))
    assert message.startswith("a handle of 3 items")


def test_panics_again_and_again():
    for n in range(100):
        assert panics(errors.panic, "number %d" % n).startswith("number %d (" % n)


def test_panic_that_rust_catches():
    assert errors.caught_panic() is True
    with pytest.raises(ValueError):
        errors.raise_value_error("not the panic")
