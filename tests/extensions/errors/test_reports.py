"""Errors of the crates `anyhow` and `eyre`."""

import asyncio
import os
import struct
import subprocess
import sys

import pytest
from hpy_hosts import PYPY_HPY

import errors


def caught(function, *args):
    with pytest.raises(BaseException) as info:
        function(*args)
    return info.value


def chain(error):
    """The error and its causes, as pairs of type and text."""
    found = []
    while error is not None:
        found.append((type(error), str(error)))
        error = error.__cause__
    return found


@pytest.mark.parametrize("port", [errors.anyhow_port, errors.eyre_port])
def test_a_method(port):
    assert port({"port": "80"}) == 80
    assert chain(caught(port, {"port": "x"})) == [
        (RuntimeError, "\"x\" is no port"),
        (ValueError, "invalid digit found in string"),
    ]
    assert chain(caught(port, {})) == [(RuntimeError, "no port"), (KeyError, "'port'")]
    assert chain(caught(port, {"port": 1})) == [(TypeError, "must be str, not int")]
    assert errors.none() is None


def test_an_async_function():
    async def port(text):
        return await errors.later_port(text)

    assert asyncio.run(port("80")) == 80
    assert chain(caught(asyncio.run, port("x"))) == [
        (RuntimeError, "\"x\" is no port"),
        (ValueError, "invalid digit found in string"),
    ]


@pytest.mark.parametrize("layers", [errors.layers, errors.eyre_layers])
def test_chains(layers):
    for texts, count in [([], 0), (["a"], 0), (["a", "b", ""], 2), (["x"] * 50, 100)]:
        expected = texts + [f"layer {layer}" for layer in range(count, -1, -1)]
        assert chain(caught(layers, texts, count)) == [(RuntimeError, text) for text in expected]


@pytest.mark.parametrize("raised", [errors.raised_below, errors.eyre_raised_below])
def test_an_exception_in_a_chain_is_itself(raised):
    class Own(Exception):
        pass

    earlier = KeyError("earlier")
    error = Own("it", 1)
    error.__cause__ = earlier

    def function():
        raise error

    assert raised(lambda: 1, ["a"]) == 1
    outer = caught(raised, function, ["a", "b"])
    assert chain(outer)[:2] == [(RuntimeError, "a"), (RuntimeError, "b")]
    assert outer.__cause__.__cause__ is error
    assert error.__cause__ is earlier
    assert caught(raised, function, []) is error
    if not PYPY_HPY:
        frames = []
        trace = error.__traceback__
        while trace is not None:
            frames.append(trace.tb_frame.f_code.co_name)
            trace = trace.tb_next
        assert "function" in frames


def test_an_exception_alone():
    error = KeyboardInterrupt()

    def function():
        raise error

    assert caught(errors.raised_alone, function) is error


def test_an_exception_above_others():
    assert chain(caught(errors.raised_above, 1)) == [
        (LookupError, "above"),
        (RuntimeError, "layer 1"),
        (RuntimeError, "layer 0"),
    ]


def test_types_of_errors():
    for kind, type_ in [
        ("parse", ValueError),
        ("file", FileNotFoundError),
        ("text", UnicodeDecodeError),
        ("narrow", OverflowError),
        ("message", RuntimeError),
        ("eyre", RuntimeError),
    ]:
        error = caught(errors.by_question_mark, kind)
        assert type(error) is type_ and error.__cause__ is None
    assert errors.as_hpy_error("1") == 1
    assert type(caught(errors.as_hpy_error, "x")) is ValueError


def test_finding_the_exception():
    def function():
        raise LookupError("here")

    assert errors.finds_exception(lambda: None) is None
    found = errors.finds_exception(function)
    # Under a foreign HPy runtime an exception is not asked for its text.
    assert found in ("LookupError: here", "BaseException: a Python exception")


def test_an_error_that_is_kept():
    error = KeyError("k")

    def function():
        raise error

    errors.keep_report(function)
    again = caught(errors.raise_kept_report)
    assert str(again) == "kept" and again.__cause__ is error
    assert errors.raise_kept_report() is None


# The largest usize, on processors of 32 bits too.
SIZE_MAX = 2 ** (8 * struct.calcsize("P")) - 1


def test_special_methods():
    assert chain(caught(errors.Reporter, -1))[0] == (RuntimeError, "too few")
    assert type(caught(errors.Reporter, -1).__cause__) is OverflowError
    assert str(caught(len, errors.Reporter(13))) == "no such length"
    reporter = errors.Reporter(2)
    assert len(reporter) == 2 and reporter.half == 1
    assert [next(reporter), next(reporter)] == [1, 0]
    assert str(caught(next, reporter)) == "at the end"
    reporter.half = 3
    assert len(reporter) == 6
    assert next(reporter) == 5
    assert str(caught(lambda: reporter.half)) == "5 is odd"
    assert str(caught(setattr, reporter, "half", SIZE_MAX)) == "too large"


def test_backtraces_are_notes():
    program = (
        "import errors\n"
        "try: errors.by_question_mark('message')\n"
        "except RuntimeError as error:\n"
        "    print(error, *getattr(error, '__notes__', []), sep='|')"
    )
    for wanted in ["0", "1"]:
        environment = {**os.environ, "RUST_BACKTRACE": wanted}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, check=True
        )
        printed = done.stdout.decode().replace(os.linesep, "\n")
        text, *notes = printed.strip().split("|")
        assert text == "a message"
        assert len(notes) == int(wanted)
        assert all(note.startswith("Backtrace of Rust:\n") for note in notes)
