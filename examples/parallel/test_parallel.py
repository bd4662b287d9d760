"""parallel counts, sorts and calls back."""

import os
import random
import subprocess
import sys
import threading

import pytest

import parallel

HERE = os.path.dirname(os.path.abspath(__file__))

# GraalPy 25 counts a thread of Rust's own among its own for a moment after the thread has ended. A
# program that ends in this moment has the status 255, though all is done ("The context is currently
# executing on another thread", see docs/design/interpreters.md).
ENDS_WELL = not (sys.implementation.name == "graalpy" and sys.implementation.version >= (25,))

# PyPy 7.3 and GraalPy 24 have an HPy of their own, which has no function for it.
ATTACHES = not (
    "_hpy_universal" in sys.builtin_module_names
    or (sys.implementation.name == "graalpy" and sys.implementation.version < (25,))
)


def test_counts():
    assert [parallel.count_primes(below) for below in (0, 2, 3, 100, 10000)] == [0, 0, 1, 25, 1229]


def test_sorts():
    numbers = [random.uniform(-1e9, 1e9) for _ in range(5000)] + [0.0, -0.0, float("inf")]
    assert parallel.sort(numbers) == sorted(numbers)
    assert parallel.sort([]) == []
    with pytest.raises(ValueError, match="NaN"):
        parallel.sort([1.0, float("nan")])


@pytest.mark.skipif(not ATTACHES, reason="no function of this HPy runtime attaches a thread")
def test_calls_back():
    done, found = threading.Event(), []

    def finished(count):
        found.append((count, threading.get_ident()))
        done.set()

    parallel.count_primes_later(1000, finished)
    assert done.wait(60)
    assert found[0][0] == 168 and found[0][1] != threading.get_ident()


@pytest.mark.skipif(ATTACHES, reason="threads can be attached here")
def test_says_that_it_cannot_call_back():
    with pytest.raises(RuntimeError, match="cannot attach a thread"):
        parallel.count_primes_later(1000, print)


def test_main():
    found = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        timeout=120,
    )
    if ENDS_WELL or found.returncode != 255:
        assert found.returncode == 0, found.stderr
    else:
        assert "currently executing on another thread" in found.stderr
    lines = found.stdout.splitlines()
    assert lines[:2] == ["primes below 100000: 9592", "sorted: [-1.0, 2.5, 10.0]"]
    assert lines[2] == (
        "and below 1000: 168"
        if ATTACHES
        else "the interpreter's own HPy cannot attach a thread that is not inside a call"
    )


SCRIPT = """
import time, parallel

def finished(count):
    time.sleep(0.5)
    print(count, "primes")

parallel.count_primes_later(1000, finished)
"""


@pytest.mark.skipif(not ATTACHES, reason="no function of this HPy runtime attaches a thread")
@pytest.mark.skipif(
    not ENDS_WELL,
    reason="GraalPy ends at once, and loses what was printed, "
    "where a thread of Rust's own has just ended",
)
def test_the_interpreter_ends_when_workers_have_called_back():
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=120,
        check=True,
    )
    assert found.stdout.strip() == "168 primes"
