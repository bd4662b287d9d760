"""Locks that are waited for outside Python, values made once, critical sections.

A thread that has a lock and wants the GIL meets one that has the GIL and wants the lock: if one of
them does not leave Python while it waits, both wait forever.
"""

import os
import subprocess
import sys
import sysconfig
import threading
import time

import pytest

import locks
from hpy_hosts import OTHER_DEBUG, calls_on_threads

calls_at_once = pytest.mark.skipif(
    OTHER_DEBUG,
    reason="hpy's debug mode keeps the contexts of all threads on one stack, "
    "and aborts if calls overlap",
)

THREADS = 4


def together(*works):
    """Runs each on a thread, and gives what they return. One that hangs fails the test."""
    results, raised = [None] * len(works), []

    def run(number, work):
        try:
            results[number] = work()
        except BaseException as error:
            raised.append(error)

    threads = [
        threading.Thread(target=run, args=(number, work), daemon=True)
        for number, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "they wait for one another"
    assert raised == []
    return results


def lets_others_run():
    """Gives the GIL up several times, as code that waits does."""
    for _ in range(5):
        time.sleep(0.001)


def meets(call):
    """One thread calls back under the lock, while others have the GIL and want the lock."""
    inside = threading.Event()

    def first():
        def callback():
            inside.set()
            lets_others_run()

        return call(callback)

    def other():
        assert inside.wait(60)
        return call(lets_others_run)

    return together(first, *[other] * (THREADS - 1))


# Locks of the standard library


def test_locks_that_are_free():
    own = locks.Locks()
    assert [own.in_mutex(int), own.in_mutex(int)] == [1, 2]
    assert [own.writing(int), own.reading(int), own.writing(int)] == [1, 1, 2]
    # Readers don't exclude one another.
    assert own.reading(lambda: own.reading(int)) == 2


@calls_at_once
@calls_on_threads
def test_a_mutex_is_waited_for_outside_python():
    for _ in range(5):
        own = locks.Locks()
        assert sorted(meets(own.in_mutex)) == [1, 2, 3, 4]


@calls_at_once
@calls_on_threads
def test_a_lock_of_readers_and_writers_is_waited_for_outside_python():
    for _ in range(5):
        own = locks.Locks()
        assert sorted(meets(own.writing)) == [1, 2, 3, 4]
        inside = threading.Event()

        def writes():
            return own.writing(lambda: (inside.set(), lets_others_run()))

        def reads():
            assert inside.wait(60)
            return own.reading(lets_others_run)

        assert together(writes, reads, reads) == [5, 5, 5]


@calls_on_threads
@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="a finalizer has to run at once"
)
def test_finalizers_run_when_a_lock_is_free_again():
    own, counts = locks.Locks(), []

    class Counts:
        def __del__(self):
            counts.append(own.in_mutex(int) + own.writing(int))

    locks.keep(Counts())
    assert together(own.after_drop) == [1]
    assert own.in_mutex(int) == 3 and counts == [3]


def test_locks_that_are_poisoned_say_so():
    own = locks.Locks()
    assert not own.mutex_says_poisoned()
    with pytest.raises(BaseException, match="in the mutex"):
        own.panic_in_mutex()
    assert own.mutex_says_poisoned() and own.in_mutex(int) == 1
    assert own.rw_lock_says_poisoned() == (False, False)
    with pytest.raises(BaseException, match="in the lock"):
        own.panic_while_writing()
    assert own.rw_lock_says_poisoned() == (True, True)
    assert own.writing(int) == 1


def test_an_exception_poisons_nothing():
    own = locks.Locks()
    with pytest.raises(ZeroDivisionError):
        own.in_mutex(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        own.writing(lambda: 1 // 0)
    assert not own.mutex_says_poisoned()
    assert own.rw_lock_says_poisoned() == (False, False)


@calls_at_once
@calls_on_threads
def test_a_poisoned_lock_is_waited_for():
    own = locks.Locks()
    with pytest.raises(BaseException):
        own.panic_in_mutex()
    assert sorted(meets(own.in_mutex)) == [1, 2, 3, 4]


# Values that are made once


def test_once():
    own, calls = locks.Locks(), []
    assert own.once(lambda: calls.append(1)) and own.once(lambda: calls.append(2))
    assert own.once_forced(calls.append)
    assert calls == [1]
    assert own.once_lock(lambda: 5) == own.once_lock(lambda: 6) == 5


@calls_at_once
@calls_on_threads
@pytest.mark.parametrize("way", ["once", "once_lock"])
def test_once_is_waited_for_outside_python(way):
    for _ in range(5):
        own, calls = locks.Locks(), []

        def call(callback):
            return getattr(own, way)(lambda: (calls.append(1), callback(), 7)[-1])

        assert meets(call) == [True if way == "once" else 7] * THREADS
        assert calls == [1]


@calls_at_once
@calls_on_threads
def test_all_come_at_once():
    for _ in range(20):
        own, calls, barrier = locks.Locks(), [], threading.Barrier(THREADS)

        def call():
            barrier.wait()
            return own.once(lambda: calls.append(1))

        assert together(*[call] * THREADS) == [True] * THREADS
        assert calls == [1]


def test_a_panic_poisons_a_once():
    own, told = locks.Locks(), []
    with pytest.raises(BaseException, match="in the once"):
        own.panic_in_once()
    with pytest.raises(BaseException, match="poison"):
        own.once(int)
    # As in the standard library, this one does not mind.
    assert own.once_forced(told.append) and told == [True]
    assert own.once(int)


def test_a_panic_leaves_a_once_lock_empty():
    own = locks.Locks()
    with pytest.raises(BaseException, match="in the lock"):
        own.panic_in_once_lock()
    assert own.once_lock(lambda: 8) == 8


def test_lazy_values():
    calls = []

    def maker():
        calls.append(1)
        if len(calls) == 1:
            raise OSError("not yet")
        # What is None makes Rust panic.
        return None if len(calls) == 2 else 9

    locks.set_maker(maker)
    assert locks.lazy_if_made(0) is None
    with pytest.raises(OSError, match="not yet"):
        locks.lazy(0)
    with pytest.raises(BaseException, match="made to panic"):
        locks.lazy(0)
    assert locks.lazy_if_made(0) is None
    assert locks.lazy(0) == locks.lazy(0) == locks.lazy_if_made(0) == 9
    assert len(calls) == 3


def test_a_lazy_value_that_needs_itself():
    locks.set_maker(lambda: locks.lazy(1))
    with pytest.raises(RuntimeError, match="^a Lazy needs its own value to make it$"):
        locks.lazy(1)
    # Another one may.
    locks.set_maker(lambda: (locks.set_maker(lambda: 3), locks.lazy(2))[1] + 1)
    assert locks.lazy(1) == 4 and locks.lazy(2) == 3


@calls_at_once
@calls_on_threads
def test_a_lazy_value_is_waited_for_outside_python():
    for number in (3, 4, 5):
        calls = []

        def maker():
            calls.append(1)
            lets_others_run()
            if len(calls) == 1:
                # The next one tries.
                raise KeyError("first")
            return 11

        locks.set_maker(maker)
        barrier = threading.Barrier(THREADS)

        def call():
            barrier.wait()
            try:
                return locks.lazy(number)
            except KeyError:
                return "failed"

        assert sorted(map(str, together(*[call] * THREADS))) == ["11"] * 3 + ["failed"]
        assert len(calls) == 2


@calls_at_once
@pytest.mark.skipif(
    sys.implementation.name == "graalpy" or not hasattr(os, "fork"),
    reason="a forked Java machine lacks most of its threads, and Windows has no fork",
)
def test_a_child_does_not_wait_for_a_maker_that_it_does_not_have():
    code = """
import os, signal, threading, warnings
import locks
warnings.simplefilter("ignore")
inside, done = threading.Event(), threading.Event()

def maker():
    inside.set()
    done.wait(60)
    return 1

locks.set_maker(maker)
worker = threading.Thread(target=lambda: locks.lazy(6))
worker.start()
inside.wait(60)
child = os.fork()
if not child:
    signal.alarm(30)
    locks.set_maker(lambda: 2)
    os._exit(0 if locks.lazy(6) == 2 else 1)
status = os.waitpid(child, 0)[1]
done.set()
worker.join()
print(status, locks.lazy(6))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout) == (0, "0 1\n"), run


# Critical sections


def test_sections_run_their_body():
    one, other = [], {}
    assert locks.section(one, lambda: 5) == 5
    assert locks.section2(one, other, lambda: 6) == 6
    assert locks.section2(one, one, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        locks.section(one, lambda: 1 // 0)
    with pytest.raises(BaseException, match="in the section"):
        locks.panic_in_section(one, other)
    assert locks.detach_in_section(one, other) == 42
    # All of them are left: the methods of lists take the same lock.
    one.append(1)
    assert together(lambda: one.pop()) == [1]


def test_sections_of_anything():
    for one in (1, "text", None, len, object(), locks, locks.Locks):
        assert locks.section(one, lambda: 5) == 5


def test_nested_sections():
    one, other = [], []

    def within():
        one.append(1)
        return locks.section2(other, one, lambda: locks.section(one, lambda: one.pop()))

    assert locks.section(one, lambda: locks.section(one, within)) == 1


@calls_at_once
@calls_on_threads
def test_one_thread_at_a_time_is_in_a_section():
    shared, times = object(), 2000
    before = locks.counted()
    together(*[lambda: locks.count_in_section(shared, times)] * THREADS)
    assert locks.counted() == before + THREADS * times


@calls_at_once
@calls_on_threads
@pytest.mark.skipif(
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")) and sys.version_info < (3, 14),
    reason="free-threaded CPython 3.13 gives a section up where a method of the object takes the "
    "object's lock once more",
)
def test_two_steps_are_one():
    counter, times = [0], 2000
    together(*[lambda: locks.add_in_section(counter, times)] * THREADS)
    assert counter == [THREADS * times]


@calls_at_once
@calls_on_threads
def test_sections_in_any_order_do_not_wait_for_one_another():
    one, other = [], []

    def work(a, b):
        def nested():
            lets_others_run()
            return locks.section(b, lambda: (a.append(1), b.append(1), lets_others_run()))

        for _ in range(10):
            locks.section(a, nested)
            locks.section2(a, b, lets_others_run)
            locks.detach_in_section(a, b)

    together(*[lambda: work(one, other), lambda: work(other, one)] * 2)
    assert len(one) == len(other) == 40


@calls_at_once
@calls_on_threads
def test_a_section_and_a_mutex():
    """Whoever waits for the mutex gives up its section."""
    own, shared = locks.Locks(), []

    def section_first():
        return locks.section(shared, lambda: own.in_mutex(lets_others_run))

    def mutex_first():
        return own.in_mutex(lambda: locks.section(shared, lets_others_run))

    for _ in range(5):
        together(section_first, mutex_first, section_first, mutex_first)
    assert own.in_mutex(int) == 21
