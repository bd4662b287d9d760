"""Threads that the end of the interpreter finds in Python, under optimised code."""

import pytest

from hpy_ended_threads import WAYS, ends_well, pytestmark  # noqa: F401

MODULE = "ended_threads"


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_dropped(way):
    ends_well(MODULE, WAYS[way], "extension.end_with_guard({!r}, Busy())".format(way))


@pytest.mark.parametrize("way", ["call", "drop"])
def test_handles_stay_open(way):
    ends_well(MODULE, WAYS[way], "extension.end_with_handle({!r}, Busy())".format(way))


def test_a_frame_with_nothing_to_drop():
    ends_well(MODULE, "method", "extension.end_in_a_call(Busy().method)", runs=3)
