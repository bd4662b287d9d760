"""Every special method raises, panics, calls back and is called without data.

Then come the ways in which objects live and end.
"""

import gc
import operator
import os
import pickle
import sys
import threading
import time
import weakref

import pytest
import torture as t
from torture import Computed, Deleted, Descriptor, Ending, Every

from hpy_hosts import GRAALPY_HPY, PYPIS_HPY, PYPY_HPY, calls_on_threads, panics

CPYTHON = sys.implementation.name == "cpython"
PYPY = sys.implementation.name == "pypy"
GRAALPY = sys.implementation.name == "graalpy"
DEBUG = os.environ.get("HPY", "").lower() == "debug"

NOTHING, RAISE, PANIC, CALL = range(4)

subclasses = pytest.mark.skipif(
    PYPIS_HPY or GRAALPY_HPY or PYPY_HPY,
    reason="hpy 0.9.0 and GraalPy 24's own HPy have no data for instances of a subclass written in "
    "Python, and PyPy's aborts when it finalizes one",
)

ends_in_time = pytest.mark.skipif(
    GRAALPY,
    reason="when an object ends, GraalPy's collector decides: "
    "finalizers are called in topic type_fields, whose tests wait for it",
)

OPERATORS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "matmul": operator.matmul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "divmod": divmod,
    "lshift": operator.lshift,
    "rshift": operator.rshift,
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
    "pow": operator.pow,
}


class Other:
    """What has no operators."""


def using(x):
    with x:
        pass


# A way to each method of `Every` on an object alone. Those above the second name borrow the data
# for themselves.
CHANGES = {
    "set_attribute": lambda x: setattr(x, "attribute", 1),
    "__setitem__": lambda x: operator.setitem(x, 0, 1),
    "__delitem__": lambda x: operator.delitem(x, 0),
    "__next__": next,
}
for name in OPERATORS:
    if name != "divmod":
        in_place = getattr(operator, "i" + name, None) or getattr(operator, "i" + name.rstrip("_"))
        CHANGES["__i{}__".format(name)] = lambda x, in_place=in_place: in_place(x, Other())
USES = {
    "method": lambda x: x.method(),
    "attribute": lambda x: x.attribute,
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__abs__": abs,
    "__invert__": operator.invert,
    "__int__": int,
    "__float__": float,
    "__index__": operator.index,
    "__repr__": repr,
    "__str__": str,
    "__bool__": bool,
    "__hash__": hash,
    "__len__": len,
    "__contains__": lambda x: 1 in x,
    "__getitem__": lambda x: x[0],
    "__eq__": lambda x: x == 1,
    "__ne__": lambda x: x != 1,
    "__lt__": lambda x: x < 1,
    "__le__": lambda x: x <= 1,
    "__gt__": lambda x: x > 1,
    "__ge__": lambda x: x >= 1,
    "__call__": lambda x: x(),
    "__iter__": iter,
    "__enter__": using,
    "__reduce__": lambda x: x.__reduce__(),
}
for name, of in OPERATORS.items():
    USES["__{}__".format(name)] = lambda x, of=of: of(x, Other())
    USES["__r{}__".format(name)] = lambda x, of=of: of(Other(), x)
ALL = dict(USES, **CHANGES)


@pytest.fixture(autouse=True)
def nothing_is_done():
    yield
    t.set_mode(NOTHING)


def collect():
    """Objects of PyPy and GraalPy die late, those of GraalPy on another thread."""
    for _ in range(1 if CPYTHON else 6):
        gc.collect()
        if not CPYTHON:
            time.sleep(0.02)


def until(ended):
    """Waits for what a collector does when it likes."""
    end = time.monotonic() + 20
    while not ended() and time.monotonic() < end:
        collect()


@pytest.mark.parametrize("name", ALL)
def test_it_answers(name):
    x = Every()
    answer = ALL[name](x)
    if (
        name in ("__getitem__", "method", "__call__", "attribute")
        or name.strip("_").lstrip("r") in OPERATORS
    ):
        assert answer == name
    elif name.startswith("__i") and name in CHANGES or name == "__iter__":
        assert answer is x
    assert ALL[name](x) == answer or name == "__next__"


@pytest.mark.parametrize("name", ALL)
def test_it_raises(name):
    x = Every()
    t.set_mode(RAISE)
    for _ in range(3):
        with pytest.raises(ValueError) as failed:
            ALL[name](x)
        assert failed.value.args == (name,)
    t.set_mode(NOTHING)
    ALL[name](x)


@pytest.mark.parametrize("name", ALL)
def test_it_panics(name):
    x = Every()
    t.set_mode(PANIC)
    for _ in range(3):
        with panics() as failed:
            ALL[name](x)
        assert str(failed.value).startswith(name + " (")
    t.set_mode(NOTHING)
    # The data is not borrowed any more.
    ALL[name](x)
    x[0] = 1


@pytest.mark.parametrize("name", ALL)
def test_it_calls_back(name):
    """The object is used meanwhile. That may clash with a borrow, and is never undefined."""
    x = Every()
    seen = []

    def hook(called):
        t.set_mode(NOTHING)
        seen.append(called)
        gc.collect(0)
        outcomes = []
        for uses in (USES, CHANGES):
            clashes = 0
            for other, use in uses.items():
                try:
                    use(x)
                except RuntimeError as error:
                    assert "borrowed" in str(error)
                    clashes += 1
            outcomes.append(clashes)
        seen.append(outcomes)

    t.set_mode(CALL, hook)
    ALL[name](x)
    every = [len(uses) for uses in (USES, CHANGES)]
    if name in CHANGES:
        # `__iter__` takes the object, not its data.
        assert seen == [name, [every[0] - 1, every[1]]]
    elif name in ("__iter__", "__reduce__"):
        # Nothing is borrowed when the hook is called.
        assert seen == [name, [0, 0]]
    else:
        assert seen == [name, [0, every[1]]]


@pytest.mark.parametrize(
    "name",
    [
        "__repr__", "__add__", "__radd__", "__getitem__", "__eq__", "__hash__", "__call__",
        "method", "__bool__",
    ],
)
def test_recursion_ends(name):
    x = Every()
    depth = []

    def hook(called):
        depth.append(called)
        USES[name](x)

    t.set_mode(CALL, hook)
    with pytest.raises(RecursionError):
        USES[name](x)
    assert len(depth) > 10 and set(depth) == {name}
    t.set_mode(NOTHING)
    USES[name](x)


def raised_in(mode, match):
    """Expects what methods raise in the mode."""
    return panics(match) if mode == PANIC else pytest.raises(ValueError, match=match)


@pytest.mark.parametrize("mode", [RAISE, PANIC])
def test_computed_attributes(mode):
    x = Computed()
    t.set_mode(mode)
    for use in [
        lambda: x.any,
        lambda: setattr(x, "any", 1),
        lambda: delattr(x, "any"),
        lambda: getattr(x, "any", None),
    ]:
        with raised_in(mode, "^__[gsd]etattr__|^__delattr__"):
            use()
    assert getattr(x, "none", 5) == 5 and not hasattr(x, "none")
    t.set_mode(NOTHING)
    assert x.any == "any"
    x.any = 1
    del x.any


@pytest.mark.parametrize("mode", [RAISE, PANIC])
def test_descriptors(mode):
    class Python:
        attribute = Descriptor()

    x = Python()
    t.set_mode(mode)
    for use in [
        lambda: x.attribute,
        lambda: Python.attribute,
        lambda: setattr(x, "attribute", 1),
        lambda: delattr(x, "attribute"),
    ]:
        with raised_in(mode, "^__(get|set|delete)__"):
            use()
    t.set_mode(NOTHING)
    assert x.attribute == Python.attribute == "__get__"


@pytest.mark.parametrize("mode", [RAISE, PANIC])
def test_constructors(mode):
    t.set_mode(mode)
    for _ in range(100):
        with raised_in(mode, "^new"):
            Ending()
    t.set_mode(NOTHING)
    Ending()


@pytest.mark.parametrize("mode", [RAISE, PANIC, CALL])
@ends_in_time
def test_finalizers(mode, monkeypatch):
    unraisable = []
    monkeypatch.setattr(sys, "unraisablehook", lambda it: unraisable.append(str(it.exc_value)))
    called = []
    x = Ending()
    t.set_mode(mode, called.append if mode == CALL else None)
    del x
    if mode == CALL:
        until(lambda: called)
        assert called == ["__del__"]
    else:
        collect()
        assert not CPYTHON or len(unraisable) == 1 and unraisable[0].startswith("__del__")


def test_wrong_objects():
    """A method's `self` is the type's, whoever calls it."""
    for name in ALL:
        method = getattr(Every, name, None)
        # PyPy 8 calls any object by its own function.
        if name in ("attribute", "set_attribute") or name == "__call__" and PYPY:
            continue
        for wrong in (5, "x", Every, object(), Computed()):
            with pytest.raises(TypeError):
                method(wrong)


def without_constructor(cls):
    class Skips(cls):
        def __new__(cls):
            return object.__new__(cls)

        def __del__(self):
            pass

    try:
        return Skips()
    except TypeError:
        return None


@subclasses
@pytest.mark.parametrize("name", ALL)
def test_without_data(name):
    x = without_constructor(Every)
    if x is None:
        # object.__new__(Skips) is not safe
        assert CPYTHON or GRAALPY
        return
    if name in ("__iter__", "__reduce__"):
        return
    # Without data, there is no function that it is called by either.
    with pytest.raises(
        TypeError,
        match="was not made by" + ("|does not support vectorcall" if name == "__call__" else ""),
    ):
        ALL[name](x)


def test_keys_that_change_their_dict():
    d = {}
    keys = [Every(value) for value in range(20)]

    def hook(called):
        if called == "__eq__":
            d.clear()

    for key in keys:
        d[key] = key.value
    # All are equal, and have one hash.
    assert len(d) == 1
    t.set_mode(CALL, hook)
    for key in keys:
        try:
            d[key] = 1
        except (KeyError, RuntimeError):
            pass
    t.set_mode(NOTHING)
    assert len(d) <= 1
    for use in (lambda key: key in d, d.pop):
        d[keys[0]] = 1
        t.set_mode(CALL, hook)
        try:
            use(keys[1])
        except (KeyError, RuntimeError):
            pass
        t.set_mode(NOTHING)
        assert len(d) <= 1


def test_items_that_change_their_list():
    items = [Every(value) for value in range(50)]

    def hook(called):
        del items[len(items) // 2 :]
        if called == "__lt__":
            items.append(Other())

    t.set_mode(CALL, hook)
    # CPython sees that, and says so; others may not.
    with pytest.raises(ValueError):
        items.sort()
        assert not CPYTHON
        raise ValueError
    items[:] = [Every(value) for value in range(50)]
    count = sum(1 for item in items if item == 1)
    t.set_mode(NOTHING)
    assert 0 < count < 50


def test_iterators_that_are_iterated_over():
    x, called_for = Every(), set()

    def hook(called):
        called_for.add(called)
        t.set_mode(NOTHING)
        if called == "__next__":
            with pytest.raises(RuntimeError, match="borrowed"):
                next(x)
        elif called == "__iter__":
            assert list(x) == [1, 2, 3]
        t.set_mode(CALL, hook)

    t.set_mode(CALL, hook)
    assert list(x) == [1, 2, 3]
    assert {"__iter__", "__next__"} <= called_for


@subclasses
def test_attributes_that_are_deleted():
    x = Deleted()
    uses = {
        "method": lambda: x.method(),
        "attribute": lambda: x.attribute,
        "__len__": lambda: len(x),
        "__neg__": lambda: -x,
    }
    assert [use() for use in uses.values()] == [1, 2, 3, 4]
    for name, use in uses.items():
        try:
            delattr(Deleted, name)
        except (TypeError, AttributeError):
            assert not CPYTHON
            continue
        if CPYTHON:
            with pytest.raises((TypeError, AttributeError)):
                use()
    assert isinstance(Deleted(), Deleted)


@subclasses
def test_subclasses_of_subclasses():
    class One(Every):
        __slots__ = ("a", "b")

        def __new__(cls, *values):
            self = super().__new__(cls, *values)
            self.a = [self]
            return self

    class Two(One):
        # PyPy's objects of types in C have these anyway.
        __slots__ = ("c",) if PYPY else ("c", "__dict__", "__weakref__")

        def __repr__(self):
            return "Two: " + super().__repr__()

        def __add__(self, other):
            return (super().__add__(other), "Two")

    collect()
    before = t.alive()
    x = Two(7)
    x.b, x.c, x.d = 1, x, x
    assert (x.value, x.b, repr(x), x + 1) == (7, 1, "Two: __repr__", ("__add__", "Two"))
    for name, use in USES.items():
        if name not in ("__add__", "__repr__"):
            use(x)
    ended = []
    watch = weakref.ref(x, ended.append)
    if CPYTHON or PYPY:
        del x
        for _ in range(5):
            collect()
        assert watch() is None and ended == [watch]
        assert t.alive() == before


@subclasses
def test_classes_that_are_exchanged():
    class One(Every):
        pass

    class Two(Every):
        pass

    class Apart(Computed):
        pass

    x = One(3)
    if CPYTHON:
        x.__class__ = Two
        assert type(x) is Two and x.value == 3 and x + 1 == "__add__"
    for wrong in (Apart, int, type, Other):
        with pytest.raises(TypeError):
            x.__class__ = wrong
            # Where it is allowed, the object is not taken for what it is not.
            Every.method(x) if wrong is not Apart else Computed.__getattr__(x, "a")
            assert not CPYTHON
            raise TypeError
        if not CPYTHON:
            x = One(3)
    assert x.value == 3


@subclasses
@ends_in_time
def test_resurrection():
    kept = []

    class Comes(Every):
        def __del__(self):
            kept.append(self)

    collect()
    before = t.alive()
    x = Comes(8)
    del x
    until(lambda: kept)
    assert [x.value for x in kept] == [8]
    for name, use in ALL.items():
        use(kept[0])
    kept.clear()
    collect()
    if CPYTHON:
        assert t.alive() == before


@subclasses
def test_pickles():
    x = pickle.loads(pickle.dumps(Every(9)))
    assert type(x) is Every and x.value == 9
    t.set_mode(RAISE)
    with pytest.raises(ValueError, match="__reduce__"):
        pickle.dumps(x)
    t.set_mode(NOTHING)
    broken = pickle.dumps(Every(9)).replace(b"Every", b"Other")
    with pytest.raises(AttributeError):
        pickle.loads(broken)


@pytest.mark.skipif(not CPYTHON, reason="the collectors of other interpreters know no thresholds")
@pytest.mark.parametrize("mode", [NOTHING, RAISE, CALL])
def test_collections_at_every_allocation(mode):
    def hook(called):
        return [called]

    x, before = Every(), gc.get_threshold()
    t.set_mode(mode, hook)
    count = 0
    gc.set_threshold(1)
    try:
        for use in ALL.values():
            try:
                use(x)
            except ValueError:
                assert mode == RAISE
                count += 1
    finally:
        gc.set_threshold(*before)
    assert count == (len(ALL) if mode == RAISE else 0)


def memory():
    """The process's bytes, which Linux tells."""
    if not CPYTHON or not sys.platform.startswith("linux"):
        return None
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_creations():
    """Many objects are made.

    In a debug build they take a second or two. `HPY_TEST_CREATIONS` asks for another number.
    """
    count = int(os.environ.get("HPY_TEST_CREATIONS", 100_000 if DEBUG or GRAALPY_HPY else 500_000))
    collect()
    alive = t.alive()
    t.create_many(count // 10)
    for value in range(count // 100):
        Every(value)
    collect()
    before = memory()
    t.create_many(count)
    for value in range(count // 10):
        Every(value)
    after = memory()
    collect()
    # Where objects die as soon as they are unused, none is left. Elsewhere those are left that the
    # collector has not found yet.
    until(lambda: t.alive() - alive <= count // 4)
    assert t.alive() - alive <= (0 if CPYTHON else count // 4)
    if before is not None:
        # A byte for each would be seen.
        assert after - before < max(count, 1 << 20)


@calls_on_threads
def test_threads():
    x, kinds = Every(), []

    def work(number):
        outcomes = set()
        for round in range(30):
            for name, use in ALL.items():
                try:
                    use(x)
                except Exception as error:
                    outcomes.add(type(error))
                Every(round)
        kinds.append(outcomes)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Another thread may have borrowed it; `next` comes to an end.
    assert len(kinds) == 8
    assert set().union(*kinds) <= {RuntimeError, StopIteration}
    x[0] = 1
