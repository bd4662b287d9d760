"""Handles that are used in `detach`.

A trait object in a scoped thread-local brings them there, and debug builds find it.
"""

import gc
import os
import sys
import weakref

import pytest

import threads

found_in_debug_builds = pytest.mark.skipif(
    not threads.finds_use_while_detached(),
    reason="release builds do not look, and what is used while detached is undefined there",
)
# PyPy 7.3 and GraalPy 24 have an HPy of their own, which has no function for it.
ATTACHES = not (
    "_hpy_universal" in sys.builtin_module_names
    or (sys.implementation.name == "graalpy" and sys.implementation.version < (25,))
)
attaches = pytest.mark.skipif(
    not ATTACHES, reason="the interpreter's own HPy attaches no thread from outside"
)

USED = "^a context or handle is used while the thread is detached from Python"
DROPPED = "^a handle is dropped while the thread is detached from Python"


class Object:
    pass


@pytest.fixture(autouse=True)
def nothing_is_kept():
    yield
    threads.drop_kept()
    threads.clear()


@found_in_debug_builds
@pytest.mark.parametrize(
    "how",
    [
        "append", "length", "call", "type check", "is none", "dup", "int", "text", "numbers",
        "constant", "import", "detach", "global", "persistent", "buffer item", "raise",
    ],
)  # fmt: skip
def test_use_is_found(how):
    items = [0]
    threads.store(items)
    threads.keep(items)
    with pytest.raises(RuntimeError, match=USED):
        threads.use_while_detached(items, how)
    assert items == [0]
    assert threads.detach(1) == 2


@found_in_debug_builds
@pytest.mark.parametrize("panicking", [False, True])
@pytest.mark.parametrize("what", ["handle", "handles"])
def test_dropped_handle_is_closed_later(what, panicking):
    thing = Object()
    reference = weakref.ref(thing)
    with pytest.raises(RuntimeError, match="^on purpose" if panicking else DROPPED):
        threads.drop_while_detached(thing, what, panicking)
    assert threads.detach(1) == 2
    del thing
    if sys.implementation.name == "cpython":
        gc.collect()
        assert reference() is None


@found_in_debug_builds
@pytest.mark.parametrize("panicking", [False, True])
@pytest.mark.parametrize("what", ["shared borrow", "borrow"])
def test_borrow_ends_later(what, panicking):
    counted = threads.Counted()
    with pytest.raises(RuntimeError, match="^on purpose" if panicking else DROPPED):
        threads.drop_while_detached(counted, what, panicking)
    assert counted.count() == 1


@found_in_debug_builds
@pytest.mark.parametrize("panicking", [False, True])
def test_buffer_is_released_later(panicking):
    memory = bytearray(b"abc")
    with pytest.raises(RuntimeError, match="^on purpose" if panicking else DROPPED):
        threads.drop_while_detached(memory, "buffer", panicking)
    # It cannot be resized while there is a view.
    memory.extend(b"d")
    assert memory == b"abcd"


@attaches
def test_use_in_an_attached_part():
    items = [0]
    assert threads.use_while_attached_again(items) == 2
    assert items == [0, 1]


@attaches
@found_in_debug_builds
def test_use_after_an_attached_part_is_found():
    items = [0]
    with pytest.raises(RuntimeError, match=USED):
        threads.use_after_attached_again(items)
    assert items == [0]
