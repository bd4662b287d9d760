"""How instances live and die.

They are counted exactly where the interpreter destroys objects at once or when asked to.
"""

import contextlib
import gc
import os
import subprocess
import sys
import sysconfig
import textwrap
import time
import weakref

import pytest

from test_types_by_hand import (
    FOREIGN,
    GRAALPY,
    GRAALPY24,
    GRAALPY25,
    NO_CALL_WITHIN,
    PYPIS_HPY,
    PYPY,
    PYPY8,
    PYPY_HPY,
    not_from_within_a_call,
    not_on_graalpy24,
)

import types_by_hand as t
from hpy_hosts import PYPYS_DEBUG, all_end_well

CPYTHON = sys.implementation.name == "cpython"

subclasses = pytest.mark.skipif(
    PYPIS_HPY,
    reason="hpy 0.9.0 looks for the data of a subclass written in Python in the object's head",
)
pypy_subclasses = pytest.mark.skipif(
    PYPY_HPY,
    reason="PyPy's own HPy aborts when it finalizes a subclass of a type with HPy_tp_destroy",
)
no_cycles = pytest.mark.skipif(
    PYPY8, reason="PyPy never collects a cycle through the data of a type in C"
)
no_thresholds = pytest.mark.skipif(
    PYPY or GRAALPY, reason="the collectors of PyPy and GraalPy have no thresholds"
)
finalizes = pytest.mark.skipif(GRAALPY, reason="GraalPy never finalizes by itself")
late = not_on_graalpy24("leaves dead objects alone for minutes in a process that has run for long")
gives_memory_back = pytest.mark.skipif(
    not CPYTHON, reason="PyPy and GraalPy give memory back late, so growth shows no leak"
)
no_del = pytest.mark.skipif(GRAALPY, reason="GraalPy calls no class's `__del__`")
# What is in a cycle through objects of Python is not collected there.
NO_CYCLES = PYPY8 or GRAALPY25


def collect(rounds=1 if CPYTHON else 2 if GRAALPY else 3 if PYPY8 else 6):
    """Objects of PyPy and GraalPy die late, those of GraalPy on another thread."""
    for _ in range(rounds):
        gc.collect()
        if not CPYTHON:
            time.sleep(0.02)


def collect_again(number):
    """What is done while a test waits for objects to die, for the time of that number."""
    if GRAALPY and number % 4 != 3:
        # This takes a tenth of the time that `gc.collect` takes there. It uses up the room for new
        # objects, so that the interpreter lets old ones go.
        for _ in range(1_500):
            bytearray(100_000)
        time.sleep(0.01)
    else:
        collect(*([1] if GRAALPY else []))


@contextlib.contextmanager
def counted(**expected):
    """What happens within, exactly: names of counters and how much they grow.

    All others but `traversed` don't grow.
    """
    if not GRAALPY24:
        collect(*([1] if GRAALPY else []))
    before = t.counts()
    yield
    if GRAALPY24:
        # When something dies is not waited for there, see `late`.
        found = {
            name: t.counts()[name] - before[name]
            for name in ("made", "finalized", "broken", "too_late")
        }
        assert found == {
            "made": expected.get("made", 0),
            "finalized": 0,
            "broken": 0,
            "too_late": 0,
        }
        return
    expected = {name: expected.get(name, 0) for name in before if name != "traversed"}
    for number in range(1 if CPYTHON else 16 if GRAALPY else 50):
        collect_again(number)
        found = {name: t.counts()[name] - before[name] for name in expected}
        if found == expected:
            break
    assert found == expected


def test_an_object_dies():
    with counted(made=1, destroyed=1):
        thing = t.Counted()
        assert thing.sound
        del thing


@finalizes
def test_finalized_once_and_then_destroyed():
    with counted(made=3, finalized=3, destroyed=3):
        things = [t.Finalized() for _ in range(3)]
        del things


def test_many_die():
    with counted(made=2_000, destroyed=2_000):
        things = [t.Counted() for _ in range(2_000)]
        assert all(thing.sound for thing in things)
        del things


@pytest.mark.skipif(
    not CPYTHON, reason="PyPy has no sys.getrefcount, and GraalPy's means nothing"
)
def test_reference_counts_return():
    node, other = t.Node(), object()
    types = [t.Node, t.Counted, t.Callable, t.Everything]
    before = [sys.getrefcount(thing) for thing in [*types, other, None]]

    class Sub(t.Counted):
        __slots__ = ()

    for _ in range(50):
        node.next = other
        node.next = None
        del node.next
        t.Counted()
        t.Callable(1)()
        everything = t.Everything(1, object=other)
        everything.object_ex = other
        (
            everything.noargs(),
            everything.o(other),
            everything.varargs(other),
            everything.keywords(1, b=2),
        )
        node.next = node
        node = t.Node()
        if not PYPIS_HPY:
            Sub()
    del everything, Sub
    node = None
    gc.collect()
    after = [sys.getrefcount(thing) for thing in [*types, other, None]]
    # On None everybody counts: pytest, the collector, caches. From 3.12 on it is immortal.
    expected = [before[0] - 1, *before[1:-1]]
    if sysconfig.get_config_var("Py_GIL_DISABLED") and sys.version_info >= (3, 14):
        # Each thread counts a type's instances for itself, for classes in Python too: the sum that
        # getrefcount gives lags behind. 50 rounds without a release would show.
        lag = [abs(a - b) for a, b in zip(after, expected)][: len(types)]
        assert max(lag) < 10
        expected[: len(types)] = after[: len(types)]
    assert after[:-1] == expected
    assert sys.version_info >= (3, 12) or abs(after[-1] - before[-1]) < 40


@pytest.mark.skipif(FOREIGN, reason="hpy 0.9.0 leaves weak references to what is gone")
@pytest.mark.skipif(
    not CPYTHON, reason="other interpreters look after weak references without such a member"
)
def test_weak_references():
    Watched = t.make_watched()

    class Sub(Watched):
        pass

    for class_ in [Watched, Sub]:
        ended = []
        thing = class_()
        references = [weakref.ref(thing), weakref.ref(thing, ended.append)]
        assert all(reference() is thing for reference in references)
        with counted(shapes=1):
            del thing
        assert ended == references[1:]
        assert all(reference() is None for reference in references)


@pytest.mark.skipif(FOREIGN, reason="hpy 0.9.0 never gives such a dict up")
@pytest.mark.skipif(not CPYTHON, reason="other interpreters give all instances a dict")
@pytest.mark.parametrize("collected", [False, True])
def test_dicts_by_a_member(collected):
    WithDict = t.make_with_dict(collected)

    class Sub(WithDict):
        pass

    for class_ in [WithDict, Sub]:
        with counted(shapes=1, made=1, destroyed=1):
            thing = class_()
            thing.attribute = t.Counted()
            assert thing.attribute.sound
            del thing
        if collected:
            with counted(shapes=1, made=1, destroyed=1):
                thing = class_()
                thing.attribute, thing.self = t.Counted(), thing
                del thing


@pytest.mark.skipif(
    not CPYTHON, reason="PyPy and GraalPy free a type in a later collection, if at all"
)
def test_types_die():
    """A type has a cycle with itself; it dies with its last instance."""
    type_ = t.make_shape(0, object)
    thing = type_()
    thing.value = 7
    gone = weakref.ref(type_)
    with counted(shapes=1, sum=7):
        del type_
        gc.collect()
        assert gone() is not None and thing.value == 7
        thing.object = thing
        del thing
    gc.collect()
    assert gone() is None


def test_types_that_outlive_their_names():
    before = t.counts()["shapes"]
    for number in range(100):
        type_ = t.make_shape(0, object)
        things = [type_() for _ in range(3)]
        for thing in things:
            thing.object = things
            thing.value = 1
    del type_, things, thing
    collect()
    if CPYTHON:
        assert t.counts()["shapes"] - before == 300


@pytest.mark.skipif(GRAALPY25, reason="GraalPy never finalizes by itself")
@late
@no_cycles
def test_cycles_are_collected():
    with counted(made=200, finalized=200, destroyed=200):
        for _ in range(100):
            one, two = t.Node(), t.Node()
            one.next, two.next = two, one
            one.other, two.other = [one, two], {"one": one}
        del one, two


@pytest.mark.skipif(
    not GRAALPY25, reason="only GraalPy 25 collects cycles of fields alone, and no others"
)
def test_cycles_of_fields_alone_are_collected():
    with counted(made=40, finalized=40, destroyed=40):
        for _ in range(20):
            one, two = t.Node(), t.Node()
            one.next, two.next, two.other = two, one, two
        del one, two


def test_fields_that_the_collector_does_not_know():
    with counted(made=3, destroyed=3):
        first = t.Untracked()
        first.next = t.Untracked()
        first.other = [t.Untracked()]
        del first


@pytest.mark.skipif(PYPY, reason="PyPy traverses in its own time, if at all")
@pytest.mark.skipif(GRAALPY, reason="GraalPy traverses in its own time, if at all")
def test_the_collector_traverses():
    node = t.Node()
    before = t.counts()["traversed"]
    gc.collect()
    assert t.counts()["traversed"] > before
    node.next, node.other = "next", ["other"]
    assert gc.is_tracked(node)
    assert not gc.is_tracked(t.Counted())
    assert gc.get_referents(node) == ["next", ["other"]]
    more = t.make_more(t.Node)()
    more.next, more.own = "next", "own"
    # hpy 0.9.0 does not look at the fields of bases.
    assert (
        sorted(gc.get_referents(more)) == ["next", "own"]
        or PYPIS_HPY and gc.get_referents(more) == ["own"]
    )


@subclasses
@pytest.mark.skipif(
    not CPYTHON, reason="gc.get_referents of PyPy and GraalPy does not ask objects of extensions"
)
def test_what_python_adds_to_a_type_is_listed():
    class Sub(t.Node):
        pass

    sub = Sub()
    sub.next, sub.attribute = "next", "attribute"
    referents = gc.get_referents(sub)
    assert "next" in referents and Sub in referents


@pytest.mark.skipif(
    not CPYTHON, reason="gc.get_referents of PyPy and GraalPy does not ask objects of extensions"
)
@pytest.mark.skipif(
    PYPIS_HPY, reason="hpy 0.9.0 does not tell the collector that an instance holds its type"
)
@pytest.mark.parametrize("fill", ["attribute", "field"])
def test_types_that_lead_to_their_own_instances_are_collected(fill):
    type_ = t.make_more(t.Node)
    gone = weakref.ref(type_)
    with counted(made=2, finalized=2, destroyed=2):
        destroyed = t.destroyed_more()
        type_.instance = type_()
        other = type_()
        if fill == "field":
            type_.instance.own = [type_, other]
        # The collector is told what the list does not have.
        assert type_ not in gc.get_referents(type_.instance)
        assert other in gc.get_referrers(type_)
        del type_, other
        gc.collect()
        assert t.destroyed_more() == destroyed + 2
    assert gone() is None


@finalizes
@pytest.mark.skipif(PYPY_HPY, reason="PyPy's own HPy finalizes when it destroys")
def test_resurrecting_finalizers():
    kept = []
    with counted(made=1, finalized=1):
        thing = t.Resurrecting()
        thing.other = kept
        del thing
        collect()
        assert len(kept) == 1 and kept[0].sound
        assert kept[0].other is kept
    # CPython and PyPy finalize an object once.
    with counted(destroyed=1):
        kept.pop()


@finalizes
@pytest.mark.skipif(PYPY_HPY, reason="PyPy's own HPy finalizes when it destroys")
@no_cycles
def test_resurrecting_out_of_a_cycle():
    kept = []
    with counted(made=10, finalized=10):
        things = [t.Resurrecting() for _ in range(10)]
        for thing, following in zip(things, things[1:] + things[:1]):
            thing.next, thing.other = following, kept
        del thing, things, following
        collect()
        assert len(kept) == 10
    with counted(destroyed=10):
        assert all(thing.sound and thing.next.sound for thing in kept)
        kept[:] = []
        # Not only the list is gone: the cycle is, too.
        gc.collect()


def test_the_new_of_a_base():
    """It makes instances with room for the data of the type that derives from it."""
    more = t.make_more(t.Node, False)
    things = [more() for _ in range(10)]
    for thing in things:
        assert thing.sound and (thing.own, thing.next) == (None, None)
        thing.own, thing.next, thing.other = "own", "next", ["other"]
    for thing in things:
        assert thing.sound and (thing.own, thing.next, thing.other) == ("own", "next", ["other"])
    before = t.destroyed_more()
    del thing, things
    for _ in range(1 if CPYTHON else 0 if GRAALPY24 else 50):
        collect()
        if t.destroyed_more() == before + 10:
            break
    assert GRAALPY24 or t.destroyed_more() == before + 10


@pytest.mark.skipif(
    PYPY_HPY, reason="PyPy's own HPy destroys by the function of the derived type alone"
)
@late
def test_bases_are_destroyed_after_what_derives_from_them():
    more = t.make_more(t.Node)
    before = t.destroyed_more()
    finalized = 0 if GRAALPY25 else 5
    with counted(made=5, finalized=finalized, destroyed=5):
        things = [more() for _ in range(5)]
        for thing in things:
            thing.own = None if NO_CYCLES else things
            # hpy 0.9.0 shows the collector only what the derived type's function visits, not the
            # base's.
            thing.next = None if NO_CYCLES or PYPIS_HPY else thing
        assert thing.sound
        del thing, things
    assert t.destroyed_more() - before == 5


# Subclasses written in Python


def plain(base):
    class Plain(base):
        pass

    return Plain


def with_slots(base):
    class WithSlots(base):
        __slots__ = ("a", "b")

    return WithSlots


def with_empty_slots(base):
    class WithEmptySlots(base):
        __slots__ = ()

    return WithEmptySlots


def with_all(base):
    class WithAll(base):
        __slots__ = ("a", "__dict__", "__weakref__")

    return WithAll


def of_a_subclass(base):
    return with_slots(plain(base))


def with_mixin(base):
    class Mixin:
        def mixed(self):
            return self

    class WithMixin(Mixin, base):
        pass

    return WithMixin


def with_slots_of_two(base):
    class Mixin:
        __slots__ = ()

    class One(Mixin, base):
        __slots__ = ("a",)

    class Two(One):
        __slots__ = ("b", "__weakref__")

    return Two


def diamond(base):
    class Left(base):
        pass

    class Right(base):
        pass

    class Diamond(Left, Right):
        pass

    return Diamond


SUBCLASSES = [
    plain, with_slots, with_empty_slots, with_all, of_a_subclass, with_mixin, with_slots_of_two,
    diamond,
]
if PYPY8:
    # Instances have a dict and a place for weak references anyway, so slots for them are refused.
    SUBCLASSES = [make for make in SUBCLASSES if make not in (with_all, with_slots_of_two)]
if GRAALPY24:
    # Their instances get data when the class is assigned. GraalPy refuses that for classes with
    # slots.
    SUBCLASSES = [plain, with_mixin, diamond]
BASES = [t.Counted, t.Finalized, t.Node, t.Untracked]


@subclasses
@pypy_subclasses
@pytest.mark.parametrize("make", SUBCLASSES)
@pytest.mark.parametrize("base", BASES)
def test_subclasses(make, base):
    finalized = 20 if base in (t.Finalized, t.Node) and not GRAALPY25 else 0
    with counted(made=20, finalized=finalized, destroyed=20):
        class_ = make(base)
        things = [class_() for _ in range(20)]
        for thing in things:
            for name in ("a", "b", "attribute", "next", "other"):
                with contextlib.suppress(AttributeError):
                    setattr(thing, name, [] if GRAALPY25 else [thing])
                    if (base is t.Untracked or PYPY8) and name in ("next", "other"):
                        setattr(thing, name, None)
            assert thing.sound
        if base is not t.Node:
            # A type that does not show its fields is in no cycle. Python itself knows the dict.
            for thing in things:
                for name in ("a", "b"):
                    with contextlib.suppress(AttributeError):
                        delattr(thing, name)
        del thing, things, class_


@pytest.mark.skipif(
    not GRAALPY24, reason="only GraalPy 24's own HPy has no data for such instances"
)
def test_instances_that_cannot_have_data_are_refused():
    for make in (with_slots, with_empty_slots, with_all, of_a_subclass, with_slots_of_two):
        with pytest.raises(TypeError, match="layout differs|slot disallowed"):
            make(t.Node)()


@late
@subclasses
@pypy_subclasses
@pytest.mark.parametrize("base", [t.Counted, t.Node])
def test_weak_references_to_instances(base):
    called = []

    class Weak(base):
        __slots__ = () if PYPY8 else ("__weakref__",)

    thing = Weak()
    reference = weakref.ref(thing, called.append)
    assert reference() is thing
    del thing
    collect()
    assert reference() is None and called == [reference]


@no_del
@subclasses
@pypy_subclasses
@pytest.mark.parametrize("base", BASES)
def test_del_in_python(base):
    said = []

    class Sub(base):
        def __del__(self):
            said.append(self.sound)

    finalized = 0
    with counted(made=10, finalized=finalized, destroyed=10):
        for _ in range(10):
            Sub()
        collect()
    assert said == [True] * 10


@subclasses
@pypy_subclasses
@finalizes
@pytest.mark.parametrize("base", [t.Finalized, t.Node])
def test_del_that_calls_the_base(base):
    class Sub(base):
        def __del__(self):
            super().__del__()

    with counted(made=10, finalized=10, destroyed=10):
        for _ in range(10):
            Sub()


@no_del
@subclasses
@pypy_subclasses
@pytest.mark.parametrize("base", BASES)
def test_del_that_resurrects(base):
    kept = []

    class Sub(base):
        def __del__(self):
            kept.append(self)

    with counted(made=10):
        for _ in range(10):
            Sub()
        collect()
        assert len(kept) == 10 and all(thing.sound for thing in kept)
    with counted(destroyed=10):
        kept.clear()
        collect()


@no_del
@subclasses
@pypy_subclasses
def test_del_that_raises_or_keeps_what_the_object_has(capsys):
    kept = []

    class Sub(t.Node):
        def __del__(self):
            kept.append(self.next)
            raise KeyError("in __del__")

    hook, sys.unraisablehook = sys.unraisablehook, lambda *args: None
    try:
        with counted(made=10, destroyed=5):
            for _ in range(5):
                thing = Sub()
                thing.next = t.Counted()
            del thing
            collect()
        assert len(kept) == 5 and all(thing.sound for thing in kept)
    finally:
        sys.unraisablehook = hook
    with counted(destroyed=5):
        kept.clear()


@subclasses
@pypy_subclasses
def test_new_that_does_not_call_the_base():
    class Sub(t.Counted):
        def __new__(cls):
            return 5

    assert Sub() == 5

    class Failing(t.Counted):
        def __new__(cls):
            super().__new__(cls)
            raise KeyError("late")

    with counted(made=1, destroyed=1):
        with pytest.raises(KeyError):
            Failing()


@subclasses
@pypy_subclasses
def test_init_that_fails():
    class Sub(t.Node):
        def __init__(self):
            self.next = None if NO_CYCLES else self
            raise KeyError("init")

    finalized = 0 if GRAALPY25 else 10
    with counted(made=10, finalized=finalized, destroyed=10):
        for _ in range(10):
            with pytest.raises(KeyError, match="init"):
                Sub()


@pytest.mark.skipif(
    PYPY_HPY, reason="PyPy's own HPy lets everybody make instances by object.__new__"
)
@pytest.mark.skipif(PYPY8, reason="PyPy lets everybody make instances by object.__new__")
@not_on_graalpy24("lets everybody make instances by object.__new__")
def test_object_new_makes_no_instances():
    for base in BASES:
        with pytest.raises(TypeError):
            object.__new__(base)
        with pytest.raises(TypeError):
            t.Bare.__new__(base)
    with counted():
        with pytest.raises(TypeError):
            t.Counted.__new__(t.Bare)


def test_empty_objects():
    """A type without `__new__` has its base's: the data are zeroes."""
    finalized = 0 if GRAALPY25 else 3
    with counted(finalized=finalized):
        things = [t.OnlyFinalized() for _ in range(3)]
        assert all(thing.sound for thing in things)
        del things


@subclasses
@pypy_subclasses
@not_on_graalpy24("lets any class be assigned, whatever data its instances have")
def test_assigning_the_class():
    class One(t.Counted):
        pass

    class Two(t.Counted):
        pass

    class Three(t.Counted):
        __slots__ = ("slot",)

    with counted(made=1, destroyed=1):
        thing = One()
        thing.__class__ = Two
        assert type(thing) is Two and thing.sound
        for other in (Three, t.Node, t.Bare, int, object, plain(t.Node), plain(object)):
            with pytest.raises(TypeError):
                thing.__class__ = other
        thing.__class__ = One
        assert thing.sound
        del thing


@subclasses
@pypy_subclasses
@pytest.mark.skipif(
    GRAALPY25,
    reason="GraalPy lets an instance of one type in C become one of any other, with other data",
)
def test_assigning_the_class_of_an_instance_of_ours():
    class One(t.Node):
        pass

    with counted(made=1, destroyed=1, finalized=0 if GRAALPY25 else 1):
        thing = t.Node()
        for other in (One, t.Counted, t.Bare, int, object, t.Untracked):
            with contextlib.suppress(TypeError):
                thing.__class__ = other
        assert thing.sound
        del thing


@subclasses
@pypy_subclasses
@not_on_graalpy24("lets any class be assigned, whatever data its instances have")
def test_assigning_bases():
    class One(t.Counted):
        pass

    class Two(t.Counted):
        pass

    class Sub(One):
        pass

    with counted(made=1, destroyed=1):
        thing = Sub()
        Sub.__bases__ = (Two,)
        assert isinstance(thing, Two) and thing.sound
        for bases in ((t.Node,), (object,), (int,), (plain(t.Node),)):
            with pytest.raises(TypeError):
                Sub.__bases__ = bases
        assert thing.sound
        del thing


@subclasses
@pypy_subclasses
@pytest.mark.parametrize(
    "others", [(t.Node,), (int,), (list,), (t.Untracked, list), (type,), (BaseException,)]
)
def test_layouts_that_do_not_fit(others):
    with pytest.raises(TypeError):
        type("Both", (t.Counted, *others), {})


@subclasses
@pypy_subclasses
@pytest.mark.parametrize("base", BASES)
def test_hpy_types_that_derive_from_python_classes(base):
    """A type without data of its own."""
    try:
        derived = t.derive([plain(base)], None, 0)
    except TypeError:
        return
    finalized = 10 if base in (t.Finalized, t.Node) and not GRAALPY25 else 0
    with counted(made=10, finalized=finalized, destroyed=10):
        things = [derived() for _ in range(10)]
        for thing in things:
            with contextlib.suppress(AttributeError):
                thing.attribute = "x"
            assert thing.sound
        del thing, things


@pytest.mark.parametrize("make", [plain, with_slots, with_all, diamond])
@subclasses
@pypy_subclasses
@no_thresholds
def test_the_collector_at_every_allocation(make):
    before = gc.get_threshold()
    finalized = 0 if GRAALPY25 else 60
    with counted(made=90, finalized=finalized, destroyed=90):
        gc.set_threshold(1, 1, 1)
        try:
            class_, more = make(t.Node), t.make_more(t.Node)
            for number in range(30):
                thing = class_()
                thing.next, thing.other = more(), [thing, {"thing": thing}]
                thing.next.own = thing
                thing.next.next = t.Counted()
                assert thing.sound and thing.next.sound
                everything = t.Everything(number, object=[thing])
                everything.object_ex = [everything]
                assert (
                    everything.intact
                    and everything.keywords(a=1) == ("keywords", everything, 1, 2)
                )
                t.Operators() + [], list(t.Sequence(1, 2)), t.Callable()(x=[])
            thing = everything = class_ = more = None
        finally:
            gc.set_threshold(*before)


# PyPy finds one dead object of a chain per collection.
ONE_A_COLLECTION = 10


@pytest.mark.skipif(
    PYPIS_HPY, reason="hpy 0.9.0 deallocates one object within the other, and the stack overflows"
)
@not_from_within_a_call
@pytest.mark.parametrize("base", [t.Node, t.Untracked])
def test_a_chain_longer_than_the_stack(base):
    """Each holds the next.

    Given up one within the other, they would overflow a stack of 8 MB at 40 bytes each.
    """
    length = 200_000 if CPYTHON else ONE_A_COLLECTION if PYPY else 20_000
    finalized = length if base is t.Node and not GRAALPY25 else 0
    with counted(made=length, finalized=finalized, destroyed=length):
        first = t.chain(base, length, None)
        assert first.sound
        del first
    if CPYTHON and resident() is not None:
        # What the first chain took is there for the others.
        memory = resident()
        t.chain(base, length, None)
        assert resident() < memory + length * 40


@subclasses
@pypy_subclasses
@pytest.mark.parametrize(
    "make", [make for make in (plain, with_slots, diamond) if make in SUBCLASSES]
)
def test_a_chain_of_subclasses(make):
    length = 50_000 if CPYTHON else ONE_A_COLLECTION if PYPY else 1_000 if GRAALPY24 else 20_000
    with counted(made=length, finalized=0 if GRAALPY25 else length, destroyed=length):
        t.chain(make(t.Node), length, None)


@pytest.mark.skipif(
    not CPYTHON,
    reason="PyPy frees a chain by a collection for each of its objects, and GraalPy long ones late",
)
def test_a_chain_through_lists():
    length = 50_000
    with counted(made=length, finalized=length, destroyed=length):
        first = None
        for _ in range(length):
            node = t.Node()
            node.next = [first]
            first = (node,)
        del node, first


def test_an_object_with_many():
    with counted(made=20_001, destroyed=20_001):
        holder = t.Untracked()
        holder.next = [t.Counted() for _ in range(20_000)]
        del holder


@pytest.mark.skipif(
    not CPYTHON,
    reason="PyPy and GraalPy end objects in a later collection, not where they are given up",
)
def test_a_pending_exception_survives_deaths():
    class Sub(t.Node):
        pass

    def fail():
        things = [t.Node(), t.Counted(), t.Everything(1), *([] if PYPIS_HPY else [Sub()])]
        things[0].next = things
        raise KeyError("pending", things.pop())

    for _ in range(20):
        with pytest.raises(KeyError, match="pending"):
            fail()
        with pytest.raises(TypeError, match="at most one argument"):
            t.Everything(1, 2)
        with pytest.raises(KeyError):
            [t.Node() for _ in range(3)] and {}[t.Counted()]


@gives_memory_back
def test_no_leak():
    def work():
        for _ in range(4_000):
            node = t.Node()
            node.next, node.other = node, t.Counted()
            t.Callable(1)(2, x=3)
            everything = t.Everything(1, object=node)
            everything.object_ex = everything
            bytes(memoryview(t.Memory()))
        gc.collect()

    assert growth(work) < 2 << 20


@subclasses
@gives_memory_back
def test_no_leak_of_subclasses():
    def work():
        for _ in range(100):
            class_ = with_all(t.Node)
            for _ in range(50):
                thing = class_()
                thing.next = thing.attribute = thing
        gc.collect()

    assert growth(work) < 2 << 20


def resident():
    """Bytes of this process in memory.

    None where the system does not tell, or where AddressSanitizer keeps freed memory for a while.
    """
    if "ASAN_OPTIONS" in os.environ:
        return None
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError):  # Wine has the file, and Python on Windows no sysconf.
        return None


def growth(work):
    """By how much the process grows when the work is done for the fourth to the eighth time."""
    if resident() is None:
        pytest.skip("the memory of a process is read from Linux' /proc, without AddressSanitizer")
    for _ in range(3):
        work()
    before = resident()
    for _ in range(5):
        work()
    return resident() - before


def run(code, **environment):
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, f"{result.returncode}: {result.stdout}{result.stderr}"
    return result.stdout


EXITS = {
    "globals": (
        "node = t.Node(); node.next = node; other = t.Callable(); "
        "everything = t.Everything(1, object=other)"
    ),
    "kept by the extension": "node = t.Node(); node.next = t; t.keep(node)",
    "atexit": """
        import atexit
        node = t.Node()
        atexit.register(
            lambda: (t.Node(), node.noargs if hasattr(node, "noargs") else node.next, t.counts())
        )
        atexit.register(t.Callable(), 1, x=2)
        """,
    "in sys.modules": (
        "sys.modules['fake'] = node = t.Node(); sys.fake = t.Counted(); node.next = sys"
    ),
    "in builtins": "import builtins; builtins.node = t.Node(); builtins.node.next = builtins",
    "types": "type_ = t.make_shape(0, object); thing = type_(); thing.object = type_; type_ = None",
    "a long chain": "chain = t.chain(t.Node, 100_000, None)",
    "finalizers that use the module": """
        kept = []
        thing = t.Resurrecting(); thing.other = kept; kept.append(thing); thing.next = thing
        """,
}
SUBCLASS_EXITS = {
    "instances": (
        "class Sub(t.Node):\n    def __del__(self): self.next\n"
        "thing = Sub(); thing.next = thing"
    ),
    "classes that hold all": (
        "class Sub(t.Node):\n    kept = []\nSub.kept.append(Sub()); Sub.kept[0].next = Sub"
    ),
}


if GRAALPY:
    # It takes long to start, so one process has all of them.
    EXITS = {"all": "\n".join(textwrap.dedent(code) for code in EXITS.values())}
    SUBCLASS_EXITS = {"all": "\n".join(SUBCLASS_EXITS.values())}

if PYPIS_HPY:
    # It deallocates one object within the other, and the stack overflows: see
    # test_a_chain_longer_than_the_stack.
    EXITS["a long chain"] = EXITS["a long chain"].replace("100_000", "1_000")


@pytest.mark.parametrize("name", EXITS)
def test_exit_with_live_objects(name):
    if PYPYS_DEBUG and name == "a long chain":
        pytest.skip(NO_CALL_WITHIN)
    run("import sys, types_by_hand as t\n" + textwrap.dedent(EXITS[name]))


@pytest.mark.skipif(
    GRAALPY,
    reason="GraalPy ends the process "
    "if a daemon thread is about to go on when the interpreter ends",
)
def test_exit_while_threads_make_objects():
    code = """
import threading, time
import types_by_hand as t

def work():
    while True:
        node = t.Node()
        node.next = [node, t.Counted()]

for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.1)
"""
    all_end_well(code, 4, "")


@subclasses
@pypy_subclasses
@pytest.mark.parametrize("name", SUBCLASS_EXITS)
def test_exit_with_live_subclasses(name):
    run("import sys, types_by_hand as t\n" + SUBCLASS_EXITS[name])
