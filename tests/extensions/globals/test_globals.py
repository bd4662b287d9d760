"""Globals: statics of the extension that hold objects."""

import gc
import subprocess
import sys
import threading
import time
import weakref

import pytest

import globals as module
from hpy_hosts import calls_on_threads, close_handles, collected_in_time, threads_take_turns

runs_finalizers = pytest.mark.skipif(
    sys.implementation.name == "graalpy",
    reason="GraalPy never calls the __del__ of a class in Python",
)


class Thing:
    pass


@pytest.fixture(autouse=True)
def empty_before_and_after():
    module.clear()
    yield
    module.clear()


def is_gone(reference):
    """Whether the object dies, now or when it is collected: a moving collector takes its time."""
    for _ in range(50):
        if reference() is None:
            return True
        close_handles(module.load_text)
        gc.collect()
        time.sleep(0.01)
    return reference() is None


def test_empty():
    assert module.is_empty()
    assert module.load() is None


def test_what_is_stored_is_loaded():
    for thing in [Thing(), 1, "text", [], (), Thing, module, 10**100]:
        module.store(thing)
        if sys.implementation.name == "graalpy" and isinstance(thing, str):
            # A str that came from native code is another object there.
            assert module.load() == thing
        else:
            assert module.load() is thing
        assert not module.is_empty()


def test_none_is_an_object_too():
    module.store(None)
    assert not module.is_empty()
    assert module.load() is None


def test_clear():
    module.store(1)
    module.clear()
    assert module.is_empty()
    module.clear()
    assert module.is_empty()


def test_swap():
    first, second = Thing(), Thing()
    assert module.swap(first) is None
    assert module.swap(second) is first
    assert module.swap(second) is second
    assert module.load() is second


def test_numbers_and_objects_take_turns():
    text = "another global's"
    module.store_text(text)
    for number in [*range(40), 1000, 2**31 - 1, -1, 0.5]:
        for thing in (number, number, [number], (number,), number, number):
            module.store(thing)
            assert module.load() == thing
        module.clear()
        assert module.load_text() == text.upper()
    module.clear_text()


def test_it_keeps_the_object_alive():
    module.store(Thing())
    reference = weakref.ref(module.load())
    for _ in range(3):
        gc.collect()
    assert reference() is not None
    assert module.load() is reference()


@collected_in_time
def test_what_is_replaced_is_released():
    thing = Thing()
    reference = weakref.ref(thing)
    module.store(thing)
    del thing
    gc.collect()
    assert reference() is not None
    module.store(1)
    assert is_gone(reference)


@collected_in_time
def test_what_is_cleared_is_released():
    thing = Thing()
    reference = weakref.ref(thing)
    module.store(thing)
    del thing
    module.clear()
    assert is_gone(reference)


def load_often():
    # In a function of its own: GraalPy may keep what a call in a loop gave until the function ends.
    for _ in range(100):
        module.load()


@collected_in_time
def test_loading_keeps_nothing():
    thing = Thing()
    reference = weakref.ref(thing)
    module.store(thing)
    load_often()
    module.clear()
    del thing
    assert is_gone(reference)


@runs_finalizers
def test_the_end_of_what_is_replaced_may_use_the_global():
    ended = []

    class Ends:
        def __del__(self):
            ended.append(module.load())
            module.store("from the end")

    module.store(Ends())
    module.store("after it")
    for _ in range(50):
        gc.collect()
        if ended:
            break
        time.sleep(0.01)
    assert ended == ["after it"]
    assert module.load() == "from the end"


def test_exec_may_store():
    said = subprocess.run(
        [sys.executable, "-c", "import globals; print(globals.load_text())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "FROM EXEC\n"


def test_a_global_of_a_type():
    module.store_text("naïve")
    assert module.load_text() == "NAÏVE"
    with pytest.raises(TypeError, match="must be str, not int"):
        module.store_text(1)
    assert module.load_text() == "NAÏVE"
    module.clear_text()
    assert module.load_text() is None


def test_a_global_that_no_module_declares_is_refused():
    for use in [lambda: module.store_forgotten(1), module.load_forgotten, module.clear_forgotten]:
        with pytest.raises(RuntimeError, match="list it in hpy_module! under `globals`"):
            use()


def test_a_program_may_end_with_something_in_it():
    code = "import globals; globals.store([globals]); print('stored')"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, "stored\n"), said.stderr


@calls_on_threads
@threads_take_turns
def test_many_threads():
    # With a dozen busy threads GraalPy takes a minute to start them.
    graalpy = sys.implementation.name == "graalpy"
    things = [Thing() for _ in range(2 if graalpy else 8)]
    known = set(map(id, things))
    strange = []
    stop = threading.Event()

    def write(thing):
        while not stop.is_set():
            module.store(thing)

    def read():
        while not stop.is_set():
            found = module.load()
            if id(found) not in known:
                strange.append(found)

    module.store(things[0])
    threads = [threading.Thread(target=write, args=(thing,)) for thing in things]
    threads += [threading.Thread(target=read) for _ in range(1 if graalpy else 4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    assert strange == []
    references = list(map(weakref.ref, things))
    module.clear()
    del things, threads
    assert all(map(is_gone, references))


def test_state_is_made_once():
    before = module.count_word("other").get("word", 0)
    assert module.count_word("word")["word"] == before + 1
    assert module.count_word("word")["word"] == before + 2
    assert module.count_word("other")["other"] >= 2


def test_state_that_is_not_made_is_made_later():
    for _ in range(3):
        with pytest.raises(ValueError, match="not yet"):
            module.next_late()
    module.allow()
    assert [module.next_late() for _ in range(3)] == [45, 46, 47]


@calls_on_threads
def test_state_from_many_threads():
    before = module.count_word("threads")["threads"]

    def count():
        for _ in range(100):
            module.count_word("threads")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert module.count_word("threads")["threads"] == before + 401
