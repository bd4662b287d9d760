"""Objects that end in threads of any size.

CPython 3.13 without the GIL keeps all later classes for ever once there was a thread, so this comes
after the tests of how classes die.
"""

import sys

import pytest

import types_by_hand as t
from hpy_hosts import THREADS, in_thread
from test_lifetimes import CPYTHON, counted
from test_types_by_hand import PYPIS_HPY


@pytest.mark.skipif(
    not CPYTHON, reason="PyPy and GraalPy do not end objects on the thread that gives them up"
)
@pytest.mark.skipif(
    PYPIS_HPY, reason="hpy 0.9.0 deallocates one object within the other, and the stack overflows"
)
@pytest.mark.parametrize("kilobytes", THREADS)
def test_a_chain_that_ends_in_any_thread(kilobytes):
    if kilobytes == 64 and sys.version_info >= (3, 14):
        pytest.skip(
            "CPython 3.14 itself ends no object that the collector knows in so small a thread"
        )
    length = 10_000

    def chained():
        first = t.chain(t.Node, length, None)
        for _ in range(length):
            node = t.Node()
            node.next = [first]
            first = (node,)
        del node, first
        return True

    with counted(made=2 * length, finalized=2 * length, destroyed=2 * length):
        assert in_thread(kilobytes, chained)
