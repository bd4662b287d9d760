"""Detaching, threads, and what outlives a call."""

import gc
import os
import subprocess
import sys
import sysconfig
import threading
import time
import weakref

import pytest

import threads
import hpy_ended_threads
from hpy_ended_threads import ends_well
from hpy_hosts import (
    GRAALPY_HPY,
    OTHER_DEBUG,
    SMALLEST_STACK,
    all_end_well,
    calls_on_threads,
    close_handles,
    collected_in_time,
    panics,
)


calls_at_once = pytest.mark.skipif(
    OTHER_DEBUG,
    reason="hpy's debug mode keeps the contexts of all threads on one stack, "
    "and aborts if calls overlap",
)

GRAALPY = sys.implementation.name == "graalpy"
runs_finalizers = pytest.mark.skipif(
    GRAALPY, reason="GraalPy never calls the __del__ of a class in Python"
)


class Object:
    pass


def raiser(error):
    def function():
        raise error

    return function


def released(reference):
    threads.enter()
    # Where the collector runs beside the program it takes a while.
    for _ in range(100):
        close_handles(lambda: threads.hammer(Object(), raiser(KeyError())))
        gc.collect()
        if reference() is None:
            return True
        time.sleep(0.01)
    return False


def is_kept(reference):
    threads.enter()
    gc.collect()
    return reference() is not None


@pytest.fixture(autouse=True)
def nothing_is_kept():
    yield
    threads.drop_kept()
    threads.clear()
    threads.enter()


# Detaching


def test_detach():
    assert threads.detach(41) == 42
    assert threads.detach_with_shared("a\nb\nc") == 3
    assert threads.detach_with_mutable([3, 1, 2]) == [1, 2, 3]
    assert threads.detach_with_several(["x", "y"], "my-", 5) == ["my-x", "my-y", "10"]


@calls_on_threads
def test_other_threads_run_meanwhile():
    ended = threading.Event()

    def work():
        # Again and again: the first may come before the other has begun to wait.
        while not ended.wait(0.01):
            threads.enter()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert threads.wait_for_entry(60_000) is True
    finally:
        ended.set()
        thread.join()


@calls_at_once
@calls_on_threads
def test_detached_threads_run_at_the_same_time():
    start = time.monotonic()
    sleepers = [threading.Thread(target=threads.sleep_detached, args=(1000,)) for _ in range(8)]
    for thread in sleepers:
        thread.start()
    for thread in sleepers:
        thread.join()
    assert time.monotonic() - start < 7


def test_detach_between_calls():
    values = iter(["before", "after"])
    assert threads.detach_between_calls(lambda: next(values)) == ["before", 42, "after"]


def test_panic_while_detached():
    for n in range(10):
        with panics("boom %d" % n):
            threads.detach_and_panic("boom %d" % n)
    assert threads.detach_and_catch_panic("boom") == "attached again"
    assert threads.detach(1) == 2


def test_threads_of_rust():
    numbers = list(range(1000))
    for count in (1, 3, 8):
        assert threads.sum_on_threads(numbers, count) == sum(numbers)
    assert threads.sum_on_threads([], 4) == 0
    assert threads.panic_on_a_thread() is True


# Persistent


def test_kept_objects_are_the_same():
    objects = [Object(), None, 5, []]
    if not GRAALPY:
        # There, a str that came from native code is another object.
        objects.append("text")
    for value in objects:
        threads.keep(value)
    kept = threads.kept()
    assert len(kept) == len(objects)
    assert all(a is b for a, b in zip(kept, objects))
    assert threads.send_through_a_thread(objects[0]) is objects[0]


@pytest.mark.parametrize(
    "drop",
    [threads.drop_kept, threads.drop_kept_on_a_thread, threads.drop_kept_while_detached],
)
@collected_in_time
def test_kept_object_is_released_by_the_next_entry(drop):
    thing = Object()
    reference = weakref.ref(thing)
    threads.keep(thing)
    del thing
    assert is_kept(reference)
    drop()
    assert released(reference)


@runs_finalizers
def test_finalizer_that_runs_while_objects_are_released():
    log = []

    class Finalized:
        def __del__(self):
            # Back into the extension that is releasing.
            threads.keep(5)
            threads.enter()
            threads.drop_kept_on_a_thread()
            log.append(1)

    for _ in range(10):
        threads.keep(Finalized())
    threads.drop_kept_on_a_thread()
    assert released(lambda: None if len(log) == 10 else log)


@runs_finalizers
def test_finalizer_that_raises_while_objects_are_released():
    class Finalized:
        def __del__(self):
            raise KeyError("in a finalizer")

    before, seen = sys.unraisablehook, []
    sys.unraisablehook = lambda report: seen.append(report.exc_type)
    try:
        threads.keep(Finalized())
        threads.drop_kept_on_a_thread()
        assert released(lambda: None if seen else seen)
    finally:
        sys.unraisablehook = before
    assert seen == [KeyError]


# Errors


def test_error_sent_through_a_thread():
    error = KeyError("x")
    threads.keep_error(raiser(error))
    with pytest.raises(KeyError) as caught:
        threads.raise_kept_error_from_a_thread()
    assert caught.value is error
    with pytest.raises(ValueError, match="made on a thread"):
        threads.raise_error_made_on_a_thread()


@collected_in_time
def test_error_dropped_on_a_thread():
    def kept():
        error = Object_error()
        threads.keep_error(raiser(error))
        return weakref.ref(error)

    class Object_error(Exception):
        pass

    reference = kept()
    assert is_kept(reference)
    threads.drop_kept_errors_on_a_thread()
    assert released(reference)


# Globals


def test_global():
    assert threads.load() is None
    first, second = Object(), Object()
    threads.store(first)
    assert threads.load() is first
    threads.store(second)
    assert threads.load() is second
    threads.clear()
    assert threads.load() is None


@collected_in_time
def test_global_releases_what_it_held():
    thing = Object()
    reference = weakref.ref(thing)
    threads.store(thing)
    del thing
    assert is_kept(reference)
    threads.store(None)
    assert released(reference)


@runs_finalizers
def test_finalizer_that_uses_the_global_it_is_dropped_from():
    seen = []

    class Finalized:
        def __del__(self):
            seen.append(threads.load())
            threads.store("from the finalizer")

    threads.store(Finalized())
    threads.store("next")
    assert released(lambda: None if seen else seen)
    assert seen == ["next"]
    assert threads.load() == "from the finalizer"


# Many threads


@calls_at_once
@calls_on_threads
def test_eight_threads_at_once():
    wrong = []
    barrier = threading.Barrier(8)

    def work(number):
        barrier.wait()
        for n in range(300):
            error = KeyError(number, n)
            try:
                if threads.hammer(Object(), raiser(error)) is not error:
                    wrong.append("another thread's error")
            except BaseException as other:
                wrong.append(other)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []


@calls_at_once
@calls_on_threads
def test_eight_threads_share_containers_and_a_global():
    wrong, numbers, names = [], [0], {}
    barrier = threading.Barrier(8)

    def work(number):
        barrier.wait()
        for n in range(20 if GRAALPY else 200):
            try:
                # All that can be in the containers.
                if not 0 <= threads.churn(numbers, names, number * 1000 + n) <= 10**9:
                    wrong.append("a number that nobody put there")
                names.pop(number * 1000 + n // 2, None)
                numbers[:1] = [number, n]
                numbers.pop()
            except BaseException as other:
                wrong.append(other)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []
    assert all(name == value for name, value in names.items())


@pytest.mark.skipif(not GRAALPY_HPY, reason="only GraalPy 24's HPy refuses calls on other threads")
def test_calls_on_other_threads_are_refused():
    raised = []

    def work():
        try:
            threads.enter()
        except SystemError as error:
            raised.append(str(error))

    for _ in range(2):
        worker = threading.Thread(target=work)
        worker.start()
        worker.join()
    assert len(raised) == 2 and "enter" in raised[0], raised
    assert threads.detach(41) == 42


# Importing


def run(code):
    # Warnings are errors: an import that turned the GIL on would warn. The package hpy turns it on,
    # for the extensions in C that it loads: under that package it is on from the beginning.
    environment = {**os.environ, "PYTHON_GIL": "1"} if "HPY" in os.environ else None
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, env=environment
    )
    assert said.returncode == 0, said.stderr
    return said.stdout


def test_importing_turns_no_gil_on():
    # Where there is no choice it is on before and after.
    code = (
        "import sys\ngil = getattr(sys, '_is_gil_enabled', lambda: True)\nbefore = gil()\n"
        "import threads\nprint(gil() is before)"
    )
    assert run(code) == "True\n"


@calls_at_once
@calls_on_threads
def test_import_from_eight_threads_at_once():
    code = """
import threading

found, barrier = [], threading.Barrier(8)

def work():
    barrier.wait()
    import threads

    found.append((threads.detach_with_shared, threads.detach_with_shared("a\\nb")))

workers = [threading.Thread(target=work) for _ in range(8)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
assert len(found) == 8, found
# There may be two modules. Beside a universal binary lies a Python file, and a thread that has to
# wait gets the module of that file, with all that is in the other.
assert len({id(function) for function, _ in found}) == 1, found
assert {lines for _, lines in found} == {2}, found
print(found[0][0].__name__)
"""
    # GraalPy takes seconds to start.
    for _ in range(1 if GRAALPY else 3):
        assert run(code) == "detach_with_shared\n"


@pytest.mark.skipif(
    not GRAALPY_HPY, reason="only GraalPy 24's HPy refuses imports on other threads"
)
def test_import_on_another_thread_is_refused():
    code = """
import threading

def work():
    try:
        import threads
    except ImportError as error:
        print(error)

worker = threading.Thread(target=work)
worker.start()
worker.join()
import threads
print(threads.detach(41))
"""
    assert (
        run(code)
        == "import 'threads' on the main thread first: this GraalPy's HPy works on no other\n42\n"
    )


# PyPy 7.3 and GraalPy 24 have an HPy of their own, which has no function for it.
ATTACHES = not (
    "_hpy_universal" in sys.builtin_module_names
    or GRAALPY_HPY
)
attaches = pytest.mark.skipif(
    not ATTACHES, reason="the interpreter's own HPy attaches no thread from outside"
)


@pytest.mark.skipif(ATTACHES, reason="threads can be attached here")
def test_attaching_is_refused():
    cannot = "^the interpreter's own HPy cannot attach a thread that is not inside a call$"
    with pytest.raises(RuntimeError, match=cannot):
        threads.call_on_threads(lambda number: number, 2)


@attaches
def test_calls_on_threads_of_rust():
    seen = set()

    def square(number):
        seen.add(threading.get_ident())
        return number * number

    assert threads.call_on_threads(square, 8) == [number * number for number in range(8)]
    assert threading.get_ident() not in seen
    assert threads.call_on_threads(square, 0) == []


@attaches
def test_an_error_comes_back_from_a_thread():
    error = KeyError("k")
    with pytest.raises(KeyError) as caught:
        threads.call_on_threads(raiser_of(error), 3)
    assert caught.value is error


def raiser_of(error):
    def function(number):
        raise error

    return function


@attaches
@pytest.mark.parametrize("kilobytes", [16, 32, 64, 96])
def test_no_attaching_on_a_stack_that_interpreters_overflow(kilobytes):
    if kilobytes < SMALLEST_STACK:
        pytest.skip("no thread has so small a stack on this system")
    with pytest.raises(RuntimeError, match="the stack of this thread is too small for Python"):
        threads.call_on_stack(lambda: 1, kilobytes)


@attaches
@pytest.mark.parametrize("kilobytes", [128, 256, 1024])
def test_attaching_on_a_small_stack(kilobytes):
    assert threads.call_on_stack(lambda: len([1, 2, 3]), kilobytes) == 3


def test_attaching_twice():
    assert threads.attach_within(lambda: threads.attach_within(lambda: 42)) == 42


@attaches
@pytest.mark.skipif(
    "HPY" in os.environ,
    reason="under a package hpy no thread attaches while the data of an object is dropped",
)
@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="PyPy and GraalPy end objects in a later collection, not where they are given up",
)
@pytest.mark.parametrize("error", [None, KeyError("k")])
@pytest.mark.parametrize("raises", [None, OSError("at the end"), KeyboardInterrupt()])
def test_attaching_where_data_ends_while_an_exception_is_on_its_way(raises, error):
    """Who calls with wrong arguments raises first, and gives them up then."""
    seen = []

    def function(text):
        seen.append(text)
        try:
            raise ValueError
        except ValueError:
            gc.collect()
        if raises is not None:
            raise raises

    expected = "" if error is None else "KeyError: 'k'"
    with pytest.raises(TypeError, match=r"^threads\.enter\(\) takes|^enter\(\) takes"):
        threads.enter(threads.calls_at_its_end(function, error))
    with pytest.raises(ValueError, match="invalid literal"):
        int("x" * (threads.calls_at_its_end(function, error) is not None))
    with pytest.raises(TypeError, match="number"):
        "%d" % threads.calls_at_its_end(function, error)
    assert seen == [expected] * 3


@attaches
def test_a_thread_that_nobody_waits_for():
    called = threading.Event()
    threads.call_later(called.set)
    assert called.wait(30)


@attaches
def test_a_panic_while_attached(capfd):
    assert threads.panic_while_attached()
    assert threads.call_on_threads(lambda number: number, 1) == [0]


@attaches
@pytest.mark.skipif(
    "HPY" in os.environ, reason="PyPI's hpy lets every interpreter import the module"
)
@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="PyPy and GraalPy have no subinterpreters"
)
def test_attaching_after_another_interpreter_was_refused():
    """The module is for one interpreter: who is refused has none of its code run."""
    code = """
import sys, threads
try:
    import _interpreters as interpreters
    other, run = interpreters.create("legacy"), interpreters.run_string
except ImportError:
    import _xxsubinterpreters as interpreters
    other, run = interpreters.create(), interpreters.run_string
run(other, f'''
import sys
sys.path[:] = {sys.path!r}
try:
    import threads
except ModuleNotFoundError:
    raise
except ImportError:
    print("refused", flush=True)
''')
assert threads.attach_within(lambda: 42) == 42
assert threads.call_on_threads(lambda number: number, 2) == [0, 1]
interpreters.destroy(other)
assert threads.call_on_threads(lambda number: number, 2) == [0, 1]
print("done")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run
    assert run.stdout.splitlines() == ["refused", "done"]


@attaches
@pytest.mark.skipif(
    GRAALPY,
    reason="GraalPy says IllegalStateException at its exit "
    "if a thread that it did not start runs then",
)
@pytest.mark.skipif(
    sysconfig.get_config_var("Py_GIL_DISABLED") == 1 and sys.version_info < (3, 15),
    reason="free-threaded CPython 3.13 and 3.14 crash in PyGILState_Ensure of a new thread while"
    " they end, with C alone too (docs/design/interpreters.md)",
)
def test_the_program_ends_while_threads_attach():
    """A thread that comes too late waits, or is told: the process ends as it should."""
    # Which place each thread has come to differs from run to run.
    code = (
        "import threads\n"
        "for _ in range(20): threads.call_later(lambda: sum(range(1000)))\n"
        "print('done')"
    )
    all_end_well(code, 5, "done\n")


@attaches
@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="PyPy and GraalPy end with their process, not before it",
)
def test_attaching_after_the_end_is_refused():
    code = "import threads\nassert threads.attach_after_the_end()\nprint('done', flush=True)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run
    assert run.stdout.splitlines() == [
        "done", "RuntimeError: the interpreter that has loaded the module has ended",
    ]


# Threads that the end of the interpreter finds in Python. Topic ended_threads has more of them,
# optimised.


def ends_in_python(test):
    for mark in hpy_ended_threads.pytestmark:
        test = mark(test)
    return test


@ends_in_python
@pytest.mark.parametrize("way, method", [("call", "__call__"), ("drop", "__del__")])
@pytest.mark.parametrize("function", ["end_with_guard", "end_with_handle"])
def test_nothing_of_a_thread_that_ends_is_dropped(function, way, method):
    ends_well("threads", method, f"extension.{function}({way!r}, Busy())")


@ends_in_python
def test_a_thread_ends_in_a_call():
    ends_well("threads", "method", "extension.end_in_a_call(Busy().method)", runs=2)


@ends_in_python
def test_a_thread_ends_in_a_method():
    ends_well("threads", "method", "extension.Ended().end_in_a_method(Busy().method)")


@ends_in_python
def test_a_thread_ends_in_a_deallocation():
    """Of an object that Rust has made, below frames of the runtime's own."""
    ends_well("threads", "method", "type('Last', (extension.Ended,), {'__del__': Busy.method})()")


@ends_in_python
def test_a_thread_ends_while_it_comes_back():
    ends_well(
        "threads",
        "method",
        "(setattr(Busy, 'started', True), extension.end_with_guard('detach', None))",
    )


# Forked processes.

FORKS = """
import os, signal, threading, warnings
import threads
warnings.simplefilter("ignore")
stop = False

def work():
    while not stop:
        threads.drop_detached([[number] for number in range(50)])

def fork(function):
    child = function()
    if not child:
        signal.alarm(20)
        threads.drop_detached([[1], [2]])
        threads.store([3])
        threads.clear()
        threads.enter()
        os._exit(0)
    return os.waitpid(child, 0)[1]

workers = [threading.Thread(target=work) for _ in range(3)]
for worker in workers:
    worker.start()
found = set()
for _ in range(60):
    found.add({fork})
stop = True
for worker in workers:
    worker.join()
print(found)
"""

forks = pytest.mark.skipif(
    GRAALPY or not hasattr(os, "fork"),
    reason="a forked Java machine lacks most of its threads, and Windows has no fork",
)


@forks
@calls_at_once
@pytest.mark.parametrize("fork", ["fork(os.fork)", "threads.fork_detached([1])"])
def test_a_child_does_not_wait_for_threads_that_it_does_not_have(fork):
    code = FORKS.replace("{fork}", fork)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run
    assert run.stdout == "{0}\n", run
