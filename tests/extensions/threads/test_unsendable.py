"""Types whose objects only the thread that made them may use."""

import gc
import os
import sys
import sysconfig
import threading

import pytest

import threads as t
from hpy_hosts import OTHER_DEBUG
from threads import Local, LocalChoice, LocalHolder, LocalTexts

HOST = os.environ["HPY_TEST_ABI"] == "universal" and (
    "HPY" in os.environ
    or "_hpy_universal" in sys.builtin_module_names
    or (sys.implementation.name == "graalpy" and sys.implementation.version < (25,))
)
one_thread_only = pytest.mark.skipif(
    OTHER_DEBUG,
    reason="hpy's debug mode keeps the contexts of all threads on one stack",
)


def elsewhere(function):
    """The result of a function on another thread, or what it raises."""
    results = []

    def run():
        try:
            results.append(function())
        except BaseException as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return results.pop()


def refused(function):
    error = elsewhere(function)
    return isinstance(error, RuntimeError) and "is unsendable" in str(error)


def test_its_own_thread_uses_it():
    local = Local()
    assert [local.next(), local.next()] == [1, 2] and len(local) == 3
    local.set(10)
    local.plain = 5
    assert local.next() == 11 and local.plain == 5 and t.take_local(local) == 5


@one_thread_only
def test_instances_and_attributes_of_all_fields():
    kept = LocalTexts(3)
    assert kept.keep("a") == 1 and kept.keep("b") == 2 and (kept.count, t.count_of(kept)) == (3, 3)
    assert refused(lambda: kept.keep("c")) and refused(lambda: kept.count)
    assert refused(lambda: t.count_of(kept)) and kept.keep("c") == 3


@one_thread_only
def test_other_threads_do_not():
    local = Local()
    assert refused(local.next) and refused(lambda: local.set(1)) and refused(lambda: local.plain)
    assert refused(lambda: setattr(local, "plain", 1)) and refused(lambda: len(local))
    assert refused(lambda: t.take_local(local))
    assert local.next() == 1
    # Another one than the thread that made it, whatever the system calls it.
    theirs = elsewhere(Local)
    with pytest.raises(RuntimeError, match="Local is unsendable: only the thread that made"):
        theirs.next()
    assert all(refused(theirs.next) for _ in range(20))
    choice, holder = LocalChoice.One(1), LocalHolder([])
    assert choice.is_one() and refused(choice.is_one) and refused(lambda: choice._0)
    assert holder.object == [] and refused(lambda: holder.object)


def test_its_own_thread_drops_it():
    gc.collect()
    before = t.local_ends()
    for _ in range(10):
        Local().next()
    for _ in range(5):
        gc.collect()
    if sys.implementation.name != "graalpy":
        # Its collector takes its time.
        assert t.local_ends() == before + 10


@one_thread_only
@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="who ends an object is up to the collector"
)
@pytest.mark.skipif(
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="the free-threaded build gives an object back to the thread that made it to end it",
)
def test_no_other_thread_drops_it(capfd, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(unraisable.exc_value))
    before = t.local_ends()
    kept = [Local()]
    elsewhere(kept.clear)
    assert kept == [] and t.local_ends() == before
    if HOST:
        assert "Local is unsendable" in capfd.readouterr().err
    else:
        assert [type(error) for error in told] == [RuntimeError]
        assert "Local is unsendable" in str(told[0])
    # An exception on its way is left alone.

    def fails():
        kept.clear()
        raise KeyError(1)

    kept.append(Local())
    assert isinstance(elsewhere(fails), KeyError)


@one_thread_only
def test_the_collector_finds_objects_in_it_on_any_thread():
    cycles = []
    for _ in range(20):
        cycle = []
        cycle.append(LocalHolder(cycle))
        cycles.append(cycle)
    elsewhere(gc.collect)
    assert all(cycle[0].object is cycle for cycle in cycles)
    del cycle, cycles
    gc.collect()
