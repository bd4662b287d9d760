"""What tests ask about the interpreter that they run on."""

import contextlib
import functools
import os
import subprocess
import sys
import threading

import pytest

# GraalPy 24, which has an HPy of its own. Later ones have none. They give their own version here,
# and 24 gives Python's.
GRAALPY_HPY = sys.implementation.name == "graalpy" and sys.implementation.version < (25,)

# PyPy 7.3, which has an HPy of its own too. PyPy 8 has none.
PYPY_HPY = sys.implementation.name == "pypy" and "_hpy_universal" in sys.builtin_module_names


def _is_pypis():
    if "HPY" not in os.environ or sys.implementation.name != "cpython":
        return False
    from hpy.universal import get_version

    return "hpy.rs" not in get_version()[0]


# PyPI's package hpy 0.9.0. This project's has the runtime that universal binaries carry.
PYPIS_HPY = _is_pypis()

# The debug mode of any HPy but this project's.
OTHER_DEBUG = os.environ.get("HPY") == "debug" and (PYPIS_HPY or PYPY_HPY or GRAALPY_HPY)
PYPYS_DEBUG = PYPY_HPY and OTHER_DEBUG

# How many runs of one test CPython itself may end by a signal, if threads run while it ends: see
# docs/design/interpreters.md. Each such run is repeated.
if sys.implementation.name == "cpython":
    SIGNALS_AT_THE_END = {(3, 10): 10, (3, 12): 1, (3, 14): 1}.get(sys.version_info[:2], 0)
else:
    SIGNALS_AT_THE_END = 0

calls_on_threads = pytest.mark.skipif(
    GRAALPY_HPY,
    reason="GraalPy 24's HPy works on one thread of a process; calls on others are refused",
)

threads_take_turns = pytest.mark.skipif(
    PYPYS_DEBUG,
    reason="in PyPy's debug mode, threads that call without a pause keep others waiting",
)


@contextlib.contextmanager
def panics(match=None):
    """As `pytest.raises`, for a panic of Rust code: the class exists from the first panic on."""
    with pytest.raises(BaseException, match=match) as raised:
        yield raised
    assert type(raised.value).__name__ == "PanicException", repr(raised.value)
    assert not isinstance(raised.value, Exception)


def close_handles(closes_one):
    """Makes GraalPy 24's HPy let go of closed handles.

    It does so when there are 32 more, or many more late in a long process.
    """
    if GRAALPY_HPY:
        for _ in range(1000):
            closes_one()


def smallest_stack():
    """The smallest stack of a thread in kilobytes.

    glibc has 16 on x86-64 and 128 on aarch64. Wine gives each thread a megabyte, for Xlib.
    """
    if sys.platform == "win32":
        import ctypes

        return 1024 if hasattr(ctypes.WinDLL("ntdll"), "wine_get_version") else 0
    if "SC_THREAD_STACK_MIN" in getattr(os, "sysconf_names", ()):
        return os.sysconf("SC_THREAD_STACK_MIN") >> 10
    return 0


SMALLEST_STACK = smallest_stack()

# Sizes of threads' stacks in kilobytes. The smallest is musl's, and 0 is the system's own. PyPy and
# GraalPy need more for themselves.
THREADS = [1024, 0]
if sys.implementation.name == "cpython":
    THREADS = [size for size in (64, 128, 256, 512) if size >= SMALLEST_STACK] + THREADS


def in_thread(kilobytes, work):
    """What `work` returns or raises in a thread whose stack has so many kilobytes."""
    results = []

    def run():
        try:
            results.append((work(), None))
        except BaseException as raised:
            # A traceback is printed on the stack that is at hand, which may be too small for it.
            results.append((None, raised))

    before = threading.stack_size(kilobytes << 10)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    result, raised = results[0]
    if raised is not None:
        raise raised
    return result


def all_end_well(code, runs, said):
    """Runs the code in interpreters of their own, one after the other.

    Each prints what it should, and ends as it should.
    """
    for run in completed(code, runs):
        assert run.returncode == 0 and run.stdout == said, run


def completed(code, runs, options=()):
    """The runs of the code that CPython's own end has not ended by a signal."""
    lost = 0
    reports = ["-X", "faulthandler"] if SIGNALS_AT_THE_END else []
    while runs:
        run = subprocess.run(
            [sys.executable, *reports, *options, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=300,
        )
        if run.returncode < 0 and lost < SIGNALS_AT_THE_END and not at_fault(run):
            lost += 1
        else:
            runs -= 1
            yield run


def at_fault(run):
    """Whether a run that ended by a signal says that it was not CPython's own end.

    A destructor ran that must not run. Or, on 3.10, faulthandler saw the signal: the interpreter
    has ended faulthandler when its own defect strikes.
    """
    seen = sys.version_info[:2] == (3, 10) and "Fatal Python error: Seg" in run.stderr
    return seen or "dropped" in run.stderr


def collected_in_time(test):
    """Makes GraalPy 24 run a file's tests of this kind in a process of their own.

    In a process that has run for long, its collector leaves objects alone for minutes.
    """
    if not GRAALPY_HPY or "HPY_TEST_ALONE" in os.environ:
        return pytest.mark.collected_in_time(test)

    @functools.wraps(test)
    def alone(**parameters):
        file = os.path.abspath(test.__code__.co_filename)
        output = run_alone(file)
        name = os.environ["PYTEST_CURRENT_TEST"].split("::", 1)[1].rsplit(" (", 1)[0]
        ended = ["PASSED {}::{}".format(os.path.basename(file), name)]
        assert [line for line in output.splitlines() if line in ended] == ended, output

    return alone


@functools.lru_cache(maxsize=None)
def run_alone(file):
    """What pytest says of the file's tests that run in a process of their own."""
    environment = dict(os.environ, HPY_TEST_ALONE="1")
    environment.pop("HPY_TEST_OUTCOMES", None)
    folder, name = os.path.split(file)
    run = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "--rootdir",
            folder, "-m", "collected_in_time", name,
        ],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    return run.stdout
