"""logload agrees with zlib, and all that its threads log arrives."""

import collections
import logging
import logging.handlers
import queue
import sys
import threading
import zlib

import pytest

import logload
from hpy_hosts import OTHER_DEBUG

pytestmark = pytest.mark.skipif(
    OTHER_DEBUG, reason="PyPI's debug mode aborts if calls on several threads overlap"
)

# The interpreter's own HPy lets no threads of Rust's own in: what they log is dropped.
OWN_HPY = "_hpy_universal" in sys.builtin_module_names or (
    sys.implementation.name == "graalpy" and sys.implementation.version < (25,)
)
arrives = pytest.mark.skipif(
    OWN_HPY, reason="the own HPy of PyPy 7.3 and GraalPy 24 lets no threads of Rust's own in"
)

BLOCKS = [bytes([number % 256]) * number for number in range(400)]
SUMS = [zlib.adler32(block) for block in BLOCKS]


@pytest.fixture
def records():
    """What is logged, by way of a queue, as programs with many threads have it."""
    found: "queue.SimpleQueue[logging.LogRecord]" = queue.SimpleQueue()
    handler = logging.handlers.QueueHandler(found)
    logger = logging.getLogger("logload")
    logger.addHandler(handler)
    yield found
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)
    logging.getLogger("logload.block").setLevel(logging.NOTSET)


def taken(records):
    found = []
    while not records.empty():
        found.append(records.get())
    return found


def test_checksums(records):
    for threads in [1, 2, 8]:
        assert logload.checksums(BLOCKS, threads) == SUMS
    assert logload.checksums([]) == []
    with pytest.raises(ValueError, match="there must be a thread"):
        logload.checksums([], 0)


@arrives
def test_everything_arrives(records):
    logging.getLogger("logload").setLevel(logging.DEBUG)
    for _ in range(3):
        assert logload.checksums(BLOCKS, 8) == SUMS
        found = taken(records)
        counts = collections.Counter((record.name, record.levelname) for record in found)
        assert counts == {
            ("logload.worker", "INFO"): 16,
            ("logload.worker", "WARNING"): 1,
            ("logload.block", "DEBUG"): len(BLOCKS),
        }
        blocks = [record for record in found if record.name == "logload.block"]
        assert sorted(record.sum for record in blocks) == sorted(SUMS)
        for worker in range(8):
            own = [record.getMessage() for record in found if record.worker == worker]
            assert own[0] == f"worker {worker} begins"
            count = sum(record.worker == worker for record in blocks)
            assert own[-1] == f"worker {worker} did {count} blocks"


@arrives
def test_levels_by_target(records):
    logging.getLogger("logload").setLevel(logging.INFO)
    logload.checksums(BLOCKS)
    assert len(taken(records)) == 17
    logging.getLogger("logload.block").setLevel(logging.DEBUG)
    logload.checksums(BLOCKS)
    assert len(taken(records)) == 17 + len(BLOCKS)
    logging.getLogger("logload.block").setLevel(logging.NOTSET)
    logging.getLogger("logload").setLevel(logging.WARNING)
    logload.checksums(BLOCKS)
    record, = taken(records)
    assert (record.getMessage(), record.block) == ("block 0 is empty", 0)


@arrives
def test_levels_that_change_meanwhile(records):
    """Threads of Python change levels and take records while threads of Rust log."""
    logger = logging.getLogger("logload")
    done = threading.Event()

    def changes():
        while not done.is_set():
            logger.setLevel(logging.DEBUG)
            logger.setLevel(logging.WARNING)

    changer = threading.Thread(target=changes)
    changer.start()
    try:
        for _ in range(10):
            assert logload.checksums(BLOCKS, 8) == SUMS
    finally:
        done.set()
        changer.join()
    found = taken(records)
    # A warning is taken at both levels.
    assert sum(record.levelno == logging.WARNING for record in found) == 10
