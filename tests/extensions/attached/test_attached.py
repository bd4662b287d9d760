"""`hpy::attach` in code that gets no context, on threads that are inside a call."""

import gc
import os
import sys
import threading
import weakref

import pytest

import attached
from hpy_hosts import GRAALPY_HPY, OTHER_DEBUG, PYPY_HPY, calls_on_threads, close_handles

GRAALPY = sys.implementation.name == "graalpy"
# How often the collector is called until an object must have ended. GraalPy's takes a second each.
ROUNDS = 2 if GRAALPY else 100
HOST = os.environ["HPY_TEST_ABI"] == "universal" and ("HPY" in os.environ or PYPY_HPY)
# The interpreter's own HPy: no thread can be entered from outside.
OWN_HPY = HOST and (PYPY_HPY or GRAALPY_HPY)
CANNOT = "RuntimeError: the interpreter's own HPy cannot attach a thread that is not inside a call"
DROPPED = "RuntimeError: an object's data is being dropped, and Python cannot be used then"

calls_at_once = pytest.mark.skipif(
    OTHER_DEBUG,
    reason="hpy's debug mode keeps the contexts of all threads on one stack, "
    "and aborts if calls overlap",
)


class Object:
    pass


class Raises:
    def __eq__(self, other):
        raise ValueError("not comparable")

    def __lt__(self, other):
        raise ValueError("not comparable")

    def __str__(self):
        raise ValueError("not printable")


# Rust's traits


def test_traits_without_a_context():
    assert attached.equal(1, 1.0) is True
    assert attached.equal([1], [2]) is False
    assert attached.in_order([3, 1, 2.5, 2]) == [1, 2, 2.5, 3]
    assert attached.in_order(["b", "a"]) == ["a", "b"]
    assert attached.shown([1, "two", [3]]) == "1 two [3]"
    assert attached.total(iter([1, 2, 3])) == 6


def test_traits_where_python_raises():
    assert attached.equal(Raises(), Raises()) is False
    assert attached.shown([Raises(), 1]) == "? 1"
    assert len(attached.in_order([Raises(), Raises()])) == 2
    with pytest.raises(TypeError):
        attached.total(iter([1, "two"]))

    def items():
        yield 1
        raise KeyError("k")

    with pytest.raises(KeyError):
        attached.total(items())


# Calls


def test_before_and_after_calls():
    assert attached.around_a_call(lambda: 42) == ("", 42, "")
    inner = attached.around_a_call(lambda: attached.around_a_call(lambda: 1))
    assert inner == ("", ("", 1, ""), "")


def test_calls_by_way_of_attach():
    assert attached.call(lambda: 42) == 42
    assert attached.call(lambda: attached.call(lambda: attached.equal(1, 1))) is True
    for depth in (1, 5, 40):
        assert attached.call_nested(lambda: attached.around_a_call(lambda: 1), depth) == ("", 1, "")


@pytest.mark.parametrize("times", [1, 15, 16, 17, 100])
def test_the_own_context_is_as_good_as_before(times):
    assert attached.attach_often(times) == sum(range(times))

    def again():
        return attached.attach_often(times)

    assert attached.call(again) == sum(range(times))


def test_errors_and_panics():
    with pytest.raises(ValueError, match="raised within"):
        attached.raises()
    with pytest.raises(KeyError):
        attached.call(lambda: {}["k"])
    for _ in range(3):
        with pytest.raises(BaseException, match="boom"):
            attached.panics("boom")
    assert attached.catches_panic() == 'true ""'
    assert attached.around_a_call(lambda: 1) == ("", 1, "")


def test_a_method_that_raises_leaves_nothing_behind():
    def raises():
        raise OSError

    for _ in range(3):
        with pytest.raises(OSError):
            attached.around_a_call(raises)
    result, why, after = attached.within_detach(lambda: 1)
    assert (result, why, after) == ((None, CANNOT, "") if OWN_HPY else (1, "", ""))


def test_within_detach():
    def called():
        return attached.around_a_call(lambda: attached.equal(2, 2))

    result, why, after = attached.within_detach(called)
    assert after == ""
    if OWN_HPY:
        assert (result, why) == (None, CANNOT)
    else:
        assert (result, why) == (("", True, ""), "")


@calls_at_once
@calls_on_threads
def test_threads_of_python():
    """Each thread is inside a call, and waits there for the other one."""
    barrier = threading.Barrier(2, timeout=60)
    results = []

    def inside():
        barrier.wait()
        value = attached.call(lambda: attached.equal(1, 1))
        barrier.wait()
        return value

    def run():
        for _ in range(20):
            results.append(attached.around_a_call(inside))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [("", True, "")] * 40


@calls_on_threads
def test_threads_of_rust():
    if OWN_HPY:
        with pytest.raises(RuntimeError, match="not inside a call"):
            attached.on_a_thread(lambda: 1)
    else:
        assert attached.on_a_thread(lambda: attached.around_a_call(lambda: 1)) == ("", 1, "")
    assert attached.around_a_call(lambda: 1) == ("", 1, "")


# Greenlets


def test_greenlets_leave_calls_in_any_order():
    greenlet = pytest.importorskip(
        "greenlet", reason="greenlet has no wheel for this interpreter"
    ).greenlet
    seen = []

    def first():
        def waits():
            second_greenlet.switch()
            seen.append(attached.call(lambda: "first is inside"))
            return 1

        seen.append(attached.around_a_call(waits))
        # The first call has ended, the second one has not.
        second_greenlet.switch()

    def second():
        def waits():
            first_greenlet.switch()
            seen.append(attached.call(lambda: "second is inside"))
            seen.append(attached.attach_often(20))
            return 2

        seen.append(attached.around_a_call(waits))

    first_greenlet, second_greenlet = greenlet(first), greenlet(second)
    first_greenlet.switch()
    assert seen == [
        "first is inside",
        ("", 1, ""),
        "second is inside",
        190,
        ("", 2, ""),
    ]
    # Nobody is inside a call any more.
    result, why, after = attached.within_detach(lambda: 1)
    assert (result, why, after) == ((None, CANNOT, "") if OWN_HPY else (1, "", ""))


def in_ended_threads(work):
    for _ in range(8):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()


@pytest.mark.skipif(
    os.environ.get("HPY") == "debug", reason="for debug mode a call that never ends leaks handles"
)
def test_calls_of_greenlets_that_nobody_goes_on_with_end_with_their_thread():
    greenlet = pytest.importorskip("greenlet", reason="greenlet has no wheel for this interpreter")
    left_alone = []

    def work():
        back = greenlet.getcurrent()
        waits = greenlet.greenlet(lambda: attached.call(back.switch))
        waits.switch()
        left_alone.append(waits)

    in_ended_threads(work)
    # Threads get the memory of ended ones, and their places in the table of counts.
    answers = attached.on_new_threads(8, lambda: 1)
    assert set(answers) == ({CANNOT} if OWN_HPY else {""})
    in_ended_threads(lambda: left_alone.append(attached.around_a_call(lambda: 1)))
    assert left_alone[8:] == [("", 1, "")] * 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.skipif(GRAALPY, reason="GraalPy cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_has_no_calls_of_its_parents_threads():
    inside, over = threading.Event(), threading.Event()

    def work():
        attached.call(lambda: (inside.set(), over.wait()))

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            answers = attached.on_new_threads(8, lambda: 1)
            status = 0 if set(answers) == ({CANNOT} if OWN_HPY else {""}) else 2
        finally:
            os._exit(status)
    over.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


# Objects at their end


def collected(seen):
    for _ in range(ROUNDS):
        close_handles(lambda: attached.equal(object(), 1))
        gc.collect()
        seen += attached.seen_at_ends()
        if seen:
            return seen
    return seen


@pytest.mark.parametrize("make", [lambda: attached.Ends(None), lambda: attached.capsule()])
def test_no_attaching_while_data_is_dropped(make):
    attached.seen_at_ends()
    made = make()
    del made
    seen = collected([])
    if GRAALPY and not seen:
        pytest.skip("GraalPy collects beside the program, when it pleases")
    assert set(seen) == ({DROPPED} if HOST else {""})
    assert attached.around_a_call(lambda: 1) == ("", 1, "")


def test_what_is_dropped_with_data_is_released():
    kept = Object()
    reference = weakref.ref(kept)
    ends = attached.Ends(kept)
    del kept, ends
    if not collected([]) and GRAALPY:
        pytest.skip("GraalPy collects beside the program, when it pleases")
    for _ in range(ROUNDS):
        attached.equal(1, 1)
        close_handles(lambda: attached.equal(object(), 1))
        gc.collect()
        if reference() is None:
            break
    if GRAALPY and reference() is not None:
        pytest.skip("GraalPy collects beside the program, when it pleases")
    assert reference() is None
    attached.seen_at_ends()


def test_what_is_dropped_within_is_released():
    kept = Object()
    reference = weakref.ref(kept)
    attached.drop_within(kept)
    del kept
    for _ in range(ROUNDS):
        attached.equal(1, 1)
        close_handles(lambda: attached.equal(object(), 1))
        gc.collect()
        if reference() is None:
            break
    if GRAALPY and reference() is not None:
        pytest.skip("GraalPy collects beside the program, when it pleases")
    assert reference() is None
