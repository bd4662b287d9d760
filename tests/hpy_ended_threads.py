"""Tests of threads that the end of the interpreter finds in Python.

Topic threads has them, and topic ended_threads has them optimised.
"""

import sys

import pytest

from hpy_hosts import OTHER_DEBUG, completed

pytestmark = [
    pytest.mark.skipif(
        OTHER_DEBUG,
        reason="hpy's debug mode keeps the contexts of all threads on one stack, "
        "and aborts if calls overlap",
    ),
    pytest.mark.skipif(
        sys.implementation.name == "graalpy",
        reason="GraalPy says by its exit status that threads ran when it ended",
    ),
]

# The package `hpy` turns the GIL on, and Python warns that it did.
WITHOUT_GIL_WARNING = ["-W", "ignore:The global interpreter lock:RuntimeWarning"]

# The way into Python, and the class whose methods do not return.
WAYS = {
    "call": "__call__",
    "call_with_names": "__call__",
    "method": "method",
    "attribute": "__getattr__",
    "set_attribute": "__setattr__",
    "item": "__getitem__",
    "set_item": "__setitem__",
    "add": "__add__",
    "compare": "__lt__",
    "hash": "__hash__",
    "truth": "__bool__",
    "length": "__len__",
    "str": "__str__",
    "integer": "__index__",
    "iterate": "__iter__",
    "drop": "__del__",
}

# The thread waits for the GIL, or comes for it, while the main thread runs the last finalizers.
PROGRAM = """
import sys, threading, time
import {module} as extension

class Busy:
    started = False

    def {method}(self, *arguments, **keywords):
        Busy.started = True
        while True:
            pass

class Late:
    def __del__(self, clock=time.perf_counter):
        end = clock() + 0.3
        while clock() < end:
            pass

thread = threading.Thread(target=lambda: {call}, daemon=True)
thread.start()
while not Busy.started and thread.is_alive():
    time.sleep(0.01)
sys.late = Late()
print("ends", flush=True)
"""


def ends_well(module, method, call, runs=1):
    """The program ends as if the thread had never been there: nothing of it is dropped."""
    code = PROGRAM.format(module=module, method=method, call=call)
    for run in completed(code, runs, WITHOUT_GIL_WARNING):
        assert (run.returncode, run.stdout, run.stderr) == (0, "ends\n", ""), run
