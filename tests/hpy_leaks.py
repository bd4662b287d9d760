"""A pytest plugin: under HPY=debug every test runs within hpy's leak detector.

Objects from before the tests are frozen for the collector.
A test that leaves a handle open fails, and the report has what hpy knows about the handle.
What an extension keeps on purpose (an HPyGlobal, a field) is no open handle, so nothing is exempt.
"""

import gc
import os
import sys

import pytest

DEBUG = os.environ.get("HPY", "").lower() == "debug"


def pytest_collection_finish(session):
    """Freezes what there is before the tests, pytest above all.

    Else the collector would traverse it each time that a test collects.
    """
    if sys.implementation.name == "cpython":
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def no_leaked_handles():
    if not DEBUG:
        yield
        return
    # Missing in this mode, it must not pass for "no leaks": the import error fails the test.
    from hpy.debug import HPyLeakError, LeakDetector

    detector = LeakDetector()
    detector.start()
    yield
    try:
        detector.stop()
    except HPyLeakError:
        # Objects that a test dropped in a cycle may hold handles until they are collected. That
        # takes GraalPy seconds, and hardly a test leaves any.
        gc.collect()
        detector.stop()
