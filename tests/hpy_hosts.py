"""What tests ask about the interpreter that they run on."""

import functools
import os
import subprocess
import sys

import pytest

# GraalPy 24, which has an HPy of its own. Later ones have none, and say their own version here, where 24 says Python's.
GRAALPY_HPY = sys.implementation.name == "graalpy" and sys.implementation.version < (25,)

calls_on_threads = pytest.mark.skipif(
    GRAALPY_HPY, reason="GraalPy 24's HPy works on one thread of a process; calls on others are refused"
)


def close_handles(closes_one):
    """Has GraalPy 24's HPy let go of closed handles: it does so when there are 32 more, and many more late in a long process."""
    if GRAALPY_HPY:
        for _ in range(1000):
            closes_one()


def collected_in_time(test):
    """Has GraalPy 24 run a file's tests of this kind in a process of their own: in one that has run for long, its collector
    leaves objects alone for minutes."""
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
        [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "--rootdir", folder, "-m", "collected_in_time", name],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    return run.stdout
