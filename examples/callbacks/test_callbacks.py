"""Events and their listeners."""

import gc
import os
import subprocess
import sys
import weakref

import pytest

from callbacks import Events, ListenerError, sort_by

CPYTHON = sys.implementation.name == "cpython"
# No cycle, or not each one, through an object in Rust is collected there.
NO_CYCLES = sys.implementation.name == "graalpy" or (
    sys.implementation.name == "pypy" and sys.pypy_version_info >= (8,)
)
HERE = os.path.dirname(os.path.abspath(__file__))


@pytest.fixture
def events():
    return Events()


def test_listeners_are_called_in_order(events):
    heard = []
    for name in "abc":
        events.on("x", lambda *args, name=name, **options: heard.append((name, args, options)))
    events.on("y", lambda: heard.append("never"))
    assert events.emit("x", 1, "two", three=3) == 3
    assert heard == [(name, (1, "two"), {"three": 3}) for name in "abc"]
    assert events.emit("nothing", 1) == 0 and len(heard) == 3
    assert len(events) == 4 and "x" in events and "nothing" not in events


def test_a_listener_goes(events):
    heard = []
    numbers = [events.on("x", lambda n=n: heard.append(n)) for n in range(3)]
    assert (
        events.off(numbers[1]) is True
        and events.off(numbers[1]) is False
        and events.off(99) is False
    )
    assert events.emit("x") == 2 and heard == [0, 2]


def test_what_fails_keeps_nobody_from_being_called(events):
    heard = []
    events.on("x", lambda: 1 // 0)
    events.on("x", heard.append)
    events.on("x", lambda: heard.append("last"))
    with pytest.raises(ListenerError, match="2 of 3 listeners failed at \"x\"") as raised:
        events.emit("x")
    assert heard == ["last"] and raised.value.args[1] == 2
    assert (
        isinstance(raised.value, RuntimeError)
        and isinstance(raised.value.__cause__, ZeroDivisionError)
    )


def test_listeners_change_who_listens(events):
    heard = []

    def once():
        heard.append("once")
        assert events.off(number)
        events.on("x", lambda: heard.append("new"))
        events.on("x", lambda: heard.append("new"))
        return events.emit("x")

    number = events.on("x", once)
    assert events.emit("x") == 1 and heard == ["once", "new", "new"]
    assert events.emit("x") == 2


def test_arguments():
    with pytest.raises(TypeError):
        Events().on("x", 1)
    with pytest.raises(TypeError):
        Events().on(1, len)
    with pytest.raises(TypeError):
        Events(1)


def test_what_ends_with_a_listener_may_use_the_events(events):
    seen = []

    class Function:
        def __call__(self):
            pass

        def __del__(self):
            seen.append(len(events))

    number = events.on("x", Function())
    assert events.off(number)
    for _ in range(5):
        gc.collect()
    assert seen in ([0], []) if not CPYTHON else seen == [0]


@pytest.mark.skipif(
    NO_CYCLES,
    reason="PyPy 8 and GraalPy 24 never ask an object in Rust for its fields; "
    "GraalPy 25 collects few cycles through objects of Python, and late",
)
def test_cycles_are_collected():
    class Owner:
        def __init__(self):
            self.events = Events()
            self.events.on("x", self.hear)

        def hear(self):
            pass

    ended = weakref.ref(Owner())
    for _ in range(1 if CPYTHON else 5):
        gc.collect()
    assert ended() is None


def test_sort_by():
    assert sort_by(["ccc", "a", "bb"], len) == ["a", "bb", "ccc"]
    assert sort_by([], len) == []
    with pytest.raises(ZeroDivisionError):
        sort_by([1, 0], lambda number: 1 / number)
    with pytest.raises(ValueError, match="NaN"):
        sort_by([1], lambda number: float("nan"))


def test_main():
    found = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=120,
        check=True,
    )
    assert found.stdout.splitlines() == [
        "a.txt was saved, 12 bytes",
        "called: 2",
        "b.txt was saved, 0 bytes",
        "1 of 2 listeners failed at \"saved\" - ZeroDivisionError",
        "removed: True left: 1",
        "['a', 'bb', 'ccc']",
    ]
