"""Arguments of exceptions, groups, panics on their way through Python, and signals."""

import builtins
import importlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading

import pytest

import exceptions
from hpy_hosts import GRAALPY_HPY, PYPY_HPY, calls_on_threads, panics

GRAALPY = sys.implementation.name == "graalpy"

# On an HPy of others, which raises an exception anew: with another context and no traceback.
FOREIGN = PYPY_HPY or GRAALPY_HPY or "HPY" in os.environ

KEY = (1, 2)


def raised(kind, value=KEY):
    with pytest.raises(BaseException) as caught:
        exceptions.raise_value_of(kind, value)
    return caught.value


@pytest.mark.parametrize("in_groups", [False, True])
def test_errors_in_errors_without_end(in_groups):
    with pytest.raises(ValueError) as caught:
        exceptions.raise_nested(3, in_groups)
    inner = caught.value.args[1]
    assert type(inner[0] if in_groups else inner) is ValueError
    with pytest.raises(RecursionError):
        exceptions.raise_nested(100_000, in_groups)


@pytest.mark.parametrize("kind", ["object", "owned", "persistent"])
def test_an_object_is_the_argument(kind):
    error = raised(kind)
    assert type(error) is KeyError and len(error.args) == 1 and error.args[0] is KEY
    exception = ValueError("an exception as an argument")
    assert raised(kind, exception).args == (exception,)


@pytest.mark.parametrize(
    "kind, type_, args",
    [
        ("none", StopIteration, ()),
        ("number", SystemExit, (3,)),
        ("value", StopIteration, (KEY,)),
        ("own", ValueError, ("refused", 80)),
        ("options", ValueError, (1, None, ["a"], 1.5, True, "x")),
        ("imported text", socket.gaierror, ("no host",)),
        ("tuple", KeyError, (KEY, "two")),
    ],
)
def test_arguments(kind, type_, args):
    error = raised(kind)
    if GRAALPY_HPY and args == ():
        # Its HPy sets None as the argument.
        args = (None,)
    assert type(error) is type_ and error.args == args


def test_what_exceptions_make_of_their_arguments():
    error = raised("errno")
    assert type(error) is FileNotFoundError
    assert (error.errno, error.strerror) == (2, "no such file")
    assert os.fspath(error.filename) == "settings"
    error = raised("decode", b"\xff")
    assert type(error) is UnicodeDecodeError and error.object == b"\xff" and error.end == 1
    assert raised("number").code == 3 and raised("value").value is KEY
    error = raised("error")
    assert type(error.args[0]) is KeyError and error.args[0].args == (KEY,)


def test_arguments_that_do_not_fit():
    assert type(raised("wrong")) is TypeError
    error = raised("loud")
    assert type(error) is TypeError and str(error) == "it does not convert"


def test_imported_types():
    error = raised("imported")
    assert type(error) is json.JSONDecodeError and (error.doc, error.pos) == ("text", 2)
    error = raised("derived")
    assert type(error) is exceptions.TheirError and isinstance(error, socket.gaierror)
    assert error.errno == 8
    for _ in range(2):
        assert type(raised("not there")) is ModuleNotFoundError
        error = raised("no exception")
        assert type(error) is TypeError and "'JSONDecoder' is no type of exceptions" in str(error)


def test_text_of_what_was_not_raised():
    assert exceptions.shown("number", None) == "SystemExit: 3"
    assert exceptions.shown("none", None) == "StopIteration: "
    assert exceptions.shown("errno", None) == 'OSError: (2, no such file, "settings")'
    assert exceptions.shown("own", None).startswith("ValueError: (refused, ")
    assert exceptions.shown("object", "k") in ("KeyError: k", "KeyError: a Python object")
    assert exceptions.shown("error", "k") in (
        "ValueError: KeyError: k",
        "ValueError: KeyError: a Python object",
    )


@pytest.mark.parametrize("kind", ["object", "errno", "own", "imported", "error"])
def test_the_value_stays_the_same(kind):
    seen = []
    with pytest.raises(BaseException) as caught:
        exceptions.values_of(kind, KEY, seen)
    assert len(seen) == 3 and all(value is caught.value for value in seen)
    assert caught.value.__notes__ == ["one", "two"]
    assert repr(caught.value.__cause__) == "KeyError('cause')"


# Groups.

groups = pytest.mark.skipif(
    not hasattr(builtins, "ExceptionGroup"), reason="Python has exception groups from 3.11 on"
)


def fails(exception):
    def function():
        raise exception

    return function


@pytest.mark.skipif(
    hasattr(builtins, "ExceptionGroup"), reason="Python has exception groups from 3.11 on"
)
def test_no_groups():
    try:
        import exceptiongroup
    except ImportError:
        with pytest.raises(RuntimeError, match="need Python 3.11, or the package exceptiongroup"):
            exceptions.raise_group([], False)
    else:
        with pytest.raises(exceptiongroup.ExceptionGroup, match="several"):
            exceptions.raise_group([], False)
    assert exceptions.texts_of_group(fails(KeyError(1))) is None
    error = KeyError(1)
    assert exceptions.split(fails(error), None) == [error, None]
    assert exceptions.split(fails(error), ValueError) == [None, error]


@groups
def test_groups():
    key, cancelled = KeyError("k"), KeyboardInterrupt()
    with pytest.raises(ExceptionGroup, match="several") as caught:  # noqa: F821
        exceptions.raise_group([fails(key), int], False)
    first, second = caught.value.exceptions
    assert first is key and repr(second) == "ValueError('from Rust')"
    with pytest.raises(BaseExceptionGroup) as caught:  # noqa: F821
        exceptions.raise_group([fails(cancelled)], True)
    assert caught.value.exceptions[0] is cancelled
    assert type(caught.value) is BaseExceptionGroup  # noqa: F821
    with pytest.raises(ExceptionGroup):  # noqa: F821
        exceptions.raise_group([], True)
    with pytest.raises(TypeError):
        exceptions.raise_group([fails(cancelled)], False)


@groups
def test_groups_that_come_to_rust():
    key, value = KeyError("k"), ValueError("v")
    group = ExceptionGroup("g", [key, value])  # noqa: F821
    assert exceptions.texts_of_group(fails(group)) == ["KeyError('k')", "ValueError('v')"]
    assert exceptions.texts_of_group(fails(key)) is None
    found, rest = exceptions.split(fails(group), None)
    assert found.message == rest.message == "g"
    assert found.exceptions == (key,) and rest.exceptions == (value,)
    found, rest = exceptions.split(fails(group), (OSError, LookupError))
    assert found.exceptions == (key,)
    assert exceptions.split(fails(group), OSError) == [None, group]
    whole, nothing = exceptions.split(fails(group), (KeyError, ValueError))
    assert whole.exceptions == (key, value) and nothing is None
    assert exceptions.split(fails(key), None) == [key, None]


@groups
@pytest.mark.skipif(GRAALPY_HPY, reason="GraalPy 24 does not implement except*")
def test_except_star():
    names = {"exceptions": exceptions, "fails": fails, "seen": []}
    code = """
        try:
            exceptions.raise_group([fails(KeyError("k"))], False)
        except* KeyError as group:
            seen.extend(group.exceptions)
        except* ValueError as group:
            seen.extend(group.exceptions)
    """
    exec(textwrap.dedent(code), names)
    assert [repr(error) for error in names["seen"]] == ["KeyError('k')", "ValueError('from Rust')"]


# Panics.


def test_no_except_exception_swallows_a_panic():
    def swallows():
        try:
            exceptions.panic_with("not to be swallowed")
        except Exception:
            pass

    with panics(r"^not to be swallowed \(.*values\.rs:\d+:\d+\)$") as caught:
        swallows()
    class_ = type(caught.value)
    assert class_.__bases__ == (BaseException,) and class_.__module__ == "hpy_runtime"
    import hpy_runtime

    assert hpy_runtime.PanicException is class_


class Panicking:
    def __call__(self):
        exceptions.panic_with("the panic")

    @property
    def panics(self):
        exceptions.panic_with("the panic")

    def __iter__(self):
        yield 1
        exceptions.panic_with("the panic")

    def __getitem__(self, index):
        exceptions.panic_with("the panic")

    def __repr__(self):
        exceptions.panic_with("the panic")

    def __eq__(self, other):
        exceptions.panic_with("the panic")

    def __add__(self, other):
        exceptions.panic_with("the panic")


@pytest.mark.parametrize(
    "how",
    ["call", "method", "macro", "attribute", "iterate", "item", "compare", "repr", "add"],
)
def test_a_panic_goes_on_in_rust(how):
    for _ in range(3):
        unwinds, text = exceptions.caught_in_rust(Panicking(), how)
        assert unwinds and text.startswith("the panic (")
    # Other exceptions are errors, also those that `except Exception` does not catch.
    for error in [ValueError("x"), KeyboardInterrupt(), SystemExit(1), GeneratorExit()]:
        assert exceptions.caught_in_rust(fails(error), "call") == (False, None)


def test_a_panic_through_several_frames():
    def through_two():
        exceptions.forget_errors(lambda: exceptions.panic_with("deep"))

    with panics(r"^deep \([^()]*values\.rs:\d+:\d+\)$"):
        exceptions.forget_errors(through_two)
    for exception in [ValueError("forgotten"), KeyboardInterrupt()]:
        exceptions.forget_errors(fails(exception))


def second_library(folder):
    """The same extension from a copy of its file: a library of its own, with its own statics."""
    for file in pathlib.Path(exceptions.__file__).parent.iterdir():
        if file.name.split(".")[0] == "exceptions" and file.is_file():
            shutil.copy(file, folder)
    first = sys.modules.pop("exceptions")
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        return importlib.import_module("exceptions")
    finally:
        sys.path.pop(0)
        sys.modules["exceptions"] = first


def test_a_panic_through_two_libraries(tmp_path):
    second = second_library(tmp_path)
    assert second.__file__ != exceptions.__file__
    classes = set()
    for inner, outer in [(exceptions, second), (second, exceptions)]:

        def panics_in_inner():
            inner.panic_with("deep")

        with panics(r"^deep \([^()]*values\.rs:\d+:\d+\)$") as caught:
            outer.forget_errors(panics_in_inner)
        classes.add(type(caught.value))
        with panics("^deep ") as caught:
            inner.forget_errors(lambda: outer.forget_errors(panics_in_inner))
        classes.add(type(caught.value))
        unwinds, text = outer.caught_in_rust(panics_in_inner, "call")
        assert unwinds and text.startswith("deep (")
        assert outer.raise_panic_exception(caught.value) is True
    assert classes == {sys.modules["hpy_runtime"]}


@calls_on_threads
def test_threads_make_one_class():
    mine = sys.modules.get("hpy_runtime")
    count = 4
    barrier, classes = threading.Barrier(count), []

    def work():
        barrier.wait()
        try:
            exceptions.panic_with("on a thread")
        except BaseException as panic:
            classes.append(type(panic))

    try:
        for _ in range(20):
            sys.modules.pop("hpy_runtime", None)
            classes.clear()
            threads = [threading.Thread(target=work) for _ in range(count)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert classes == [sys.modules["hpy_runtime"]] * count
    finally:
        if mine is not None:
            sys.modules["hpy_runtime"] = mine


def test_a_panic_while_another_unwinds():
    """A second one would end the process."""
    with panics("^the first"):
        exceptions.call_while_panicking(lambda: exceptions.panic_with("the second"))
    with panics("^the first"):
        exceptions.call_while_panicking(fails(KeyboardInterrupt()))


def test_a_panic_s_exception_as_an_object():
    with panics("^made in Rust$"):
        exceptions.raise_panic_exception(None)
    class_ = sys.modules["hpy_runtime"].PanicException
    assert exceptions.raise_panic_exception(class_("x")) is True
    assert exceptions.raise_panic_exception(ValueError("x")) is False

    class Unfriendly(class_):
        def __str__(self):
            raise self

        args = property(__str__)

    unwinds, _ = exceptions.caught_in_rust(fails(Unfriendly()), "call")
    assert unwinds


def test_other_code_has_taken_the_name():
    with panics():
        exceptions.panic_with("first")
    mine = sys.modules["hpy_runtime"]
    try:
        for other in [None, 5, textwrap, int, [], Panicking()]:
            sys.modules["hpy_runtime"] = other
            with pytest.raises(BaseException) as caught:
                exceptions.panic_with("with another class")
            assert not isinstance(caught.value, ValueError)
            assert exceptions.caught_in_rust(fails(KeyboardInterrupt()), "call") == (False, None)
        del sys.modules["hpy_runtime"]
        with panics("^again "):
            exceptions.panic_with("again")
        assert sys.modules["hpy_runtime"] is not mine
    finally:
        sys.modules["hpy_runtime"] = mine


# Signals.


def test_no_signal():
    assert exceptions.check_signals(1000) == 1000


WAITS = """
import exceptions, signal, sys

def handler(number, frame):
    raise LookupError("by the handler")

# A shell may have the signal ignored in what it runs in the background.
signal.signal(signal.SIGINT, handler if sys.argv[1] == "own" else signal.default_int_handler)
exceptions.check_signals(10)
print(type(exceptions.wait_for_signal(60)).__name__)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT for one process on Windows")
@pytest.mark.skipif(
    GRAALPY and not GRAALPY_HPY,
    reason="GraalPy 25 fails within itself (FrameSlotTypeException) if a handler runs in a "
    "function that C code has called, and runs none in PyErr_CheckSignals",
)
@pytest.mark.skipif(
    GRAALPY_HPY, reason="GraalPy 24 now and then runs no handler while an extension's loop runs"
)
@pytest.mark.parametrize(
    "handler, said", [("default", "KeyboardInterrupt"), ("own", "LookupError")]
)
def test_a_signal_ends_a_loop(handler, said):
    program = subprocess.Popen(
        [sys.executable, "-c", WAITS, handler], stdout=subprocess.PIPE, universal_newlines=True
    )
    with program:
        assert program.stdout.readline() == "ready\n"
        program.send_signal(signal.SIGINT)
        assert program.stdout.read() == said + "\n"
    assert program.returncode == 0


@calls_on_threads
def test_signals_are_not_checked_on_other_threads():
    turns = []
    thread = threading.Thread(target=lambda: turns.append(exceptions.check_signals(1000)))
    thread.start()
    thread.join()
    assert turns == [1000]
