"""Types that derive from built-in ones, with data of their own.

The data is inline behind the base's, or elsewhere.
"""

import copy
import gc
import sys

import pytest

import types_by_hand as t
from test_lifetimes import (
    CPYTHON,
    collect,
    counted,
    gives_memory_back,
    growth,
    no_thresholds,
    run,
)
from test_types_by_hand import (
    FOREIGN,
    GRAALPY,
    GRAALPY24,
    GRAALPY25,
    PYPIS_HPY,
    PYPY8,
    PYPY_HPY,
    not_on_graalpy24,
)

pytestmark = pytest.mark.skipif(
    PYPY_HPY,
    reason="PyPy's own HPy aborts when it destroys an instance of a type "
    "that extends a built-in one",
)
no_new = not_on_graalpy24(
    "gives instances of a class written in Python no data where the type has no `__new__`"
)
own = pytest.mark.skipif(
    PYPIS_HPY or PYPY_HPY, reason="hpy 0.9.0 and PyPy's own HPy let data and items overlap"
)

SHAPES = {object: 0, type: 1, int: 2, float: 3, str: 4, tuple: 5, list: 6, dict: 7}
BIG = 2**1000 + 1
# GraalPy's own HPy reads a negative member of 64 bits as an unsigned one.
NUMBER, LEAST = (8, 0) if GRAALPY24 else (-8, -(2**63))
# What each is made of, and something that the instance made of it is equal to.
VALUES = {
    int: [(0,), (5,), (-1,), (BIG,), (-BIG,)],
    float: [(0.0,), (1.5,), (1e300,)],
    str: [("",), ("a",), ("text" * 100,), ("h\u00e9llo \u20ac \U0001f600",)],
    tuple: [((),), ((1,),), (range(100),)],
    list: [((),), ([1],), (range(100),)],
    dict: [((),), ({"a": 1},), ([(n, n) for n in range(100)],)],
}


JAVA = (
    "GraalPy keeps instances of classes that extend list or type in Java, "
    "where there is no memory for data"
)


def shape(base):
    if GRAALPY25 and base in (list, type):
        pytest.skip(JAVA)
    try:
        return t.make_shape(SHAPES[base], base)
    except ValueError:
        # PyPI's hpy 0.9.0 has no dicts; it says so.
        assert FOREIGN and base is dict
        pytest.skip("HPy 0.9.0 has no types that extend dict")


def skip_what_lives_for_ever(base):
    if GRAALPY25 and base in (int, dict):
        pytest.skip("GraalPy never frees an instance of a type in C that extends int or dict")


def around(thing):
    """What makes a cycle, where it is collected."""
    return object() if GRAALPY25 else None if PYPY8 else thing


@pytest.fixture(
    params=[base for base in SHAPES if base not in (object, type)], ids=lambda base: base.__name__
)
def base(request):
    if PYPY_HPY and request.param in (list, dict):
        pytest.skip("PyPy's own HPy makes no such types")
    return request.param


def test_the_value_is_the_bases(base):
    if PYPIS_HPY and base in (int, tuple):
        pytest.skip("in hpy 0.9.0 digits and items of subclasses lie where the data are")
    type_ = shape(base)
    # On PyPy a base in between gives the type a layout of its own.
    assert type_.__mro__[-2:] == (base, object) and (PYPY8 or type_.__base__ is base)
    for args in VALUES[base]:
        plain = base(*args)
        thing = type_(*args)
        assert type(thing) is type_ and thing == plain
        thing.value, thing.other, thing.object = 7, NUMBER, "object"
        assert thing == plain and repr(thing) == repr(plain)
        assert (thing.value, thing.other, thing.object) == (7, NUMBER, "object")
        if base is not type and base.__hash__:
            assert hash(thing) == hash(plain)
        if base in (int, float):
            assert thing + 1 == plain + 1 and thing * 2 == plain * 2
        elif base is str:
            assert thing + "x" == plain + "x" and thing.upper() == plain.upper()
        elif base is list:
            thing.extend(range(1000))
            del thing[10:]
            thing.sort()
            assert len(thing) == 10
        elif base is dict:
            for number in range(1000):
                thing[str(number)] = number
            thing.clear()
        elif base is tuple:
            assert thing + (1,) == plain + (1,)
        assert (thing.value, thing.other, thing.object) == (7, NUMBER, "object")


def test_new_instances_have_zeroes(base):
    type_ = shape(base)
    for _ in range(100):
        thing = type_()
        assert (thing.value, thing.other, thing.object) == (0, 0, None)
        thing.value = thing.other = -1
        thing.object = thing


def test_instances_die(base):
    skip_what_lives_for_ever(base)
    if PYPIS_HPY and base in (int, tuple):
        pytest.skip("in hpy 0.9.0 digits and items of subclasses lie where the data are")
    with counted(shapes=50, sum=50 * 3):
        type_ = shape(base)
        things = [type_(*VALUES[base][-1]) for _ in range(50)]
        for thing in things:
            thing.value = 3
            # The cycle is through the field.
            thing.object = around(things)
        del thing, things, type_


@no_new
def test_subclasses(base):
    skip_what_lives_for_ever(base)
    if PYPIS_HPY:
        pytest.skip(
            "hpy 0.9.0 looks for the data of a subclass written in Python in the object's head"
        )
    if PYPY_HPY:
        pytest.skip(
            "PyPy's own HPy aborts when it finalizes a subclass of a type with HPy_tp_destroy"
        )
    type_ = shape(base)

    class Sub(type_):
        def __init__(self, *args):
            if base in (list, dict):
                super().__init__(*args)
            self.attribute = args

    class Slots(type_):
        __slots__ = () if base in (int, tuple) else ("attribute",)

    with counted(shapes=20, sum=20 * 5):
        for class_ in (Sub, Slots):
            things = [class_(*VALUES[base][-1]) for _ in range(10)]
            for thing in things:
                thing.value, thing.object = 5, around(things)
                if class_ is Sub or base not in (int, tuple):
                    thing.attribute = around(thing)
                assert thing == base(*VALUES[base][-1])
                assert thing.value == 5
            del thing, things


@not_on_graalpy24("does not look whether a shape fits the base")
def test_types_of_the_wrong_shape(base):
    """The data would lie where the base has its own."""
    if PYPY_HPY or PYPIS_HPY:
        pytest.skip("hpy 0.9.0 and PyPy's own HPy accept any shape, and the data overlaps")
    with pytest.raises(TypeError):
        t.make_shape(0, base)


@own
@not_on_graalpy24("does not look whether a shape fits the base")
def test_types_of_a_shape_smaller_than_the_base():
    """The base's items may begin before the data."""
    for number in (3, 4, 7) if GRAALPY25 else (3, 4, 6, 7):
        for other in (bytes, int, tuple, type("Bytes", (bytes,), {}), type("Tuple", (tuple,), {})):
            with pytest.raises(TypeError):
                t.make_shape(number, other)

@pytest.mark.skipif(
    not GRAALPY25, reason="only GraalPy 25 has no room for data in instances of list and type"
)
def test_types_without_room_for_data_are_refused():
    for base in (list, type):
        with pytest.raises(NotImplementedError, match="cannot have data"):
            t.make_shape(SHAPES[base], base)
    # Without data they work.
    assert t.derive([list], None, SHAPES[list])((1, 2)) == [1, 2]


@own
@no_new
@pytest.mark.parametrize("new", ["base", "type", "object"])
def test_instances_made_by_new(base, new):
    skip_what_lives_for_ever(base)
    type_ = shape(base)

    class Sub(type_):
        pass

    with counted(shapes=20, sum=20 * 4):
        for class_ in (type_, Sub):
            for _ in range(10):
                if new == "object":
                    with pytest.raises(TypeError):
                        object.__new__(class_)
                thing = (class_ if new == "type" else base).__new__(class_, *VALUES[base][-1])
                assert type(thing) is class_ and (thing.value, thing.object) == (0, None)
                thing.value, thing.object = 4, around(thing)
        del thing


@own
@no_thresholds
def test_the_collector_at_every_allocation(base):
    type_ = shape(base)

    class Sub(type_):
        def __del__(self):
            assert self.value == 3

    before = gc.get_threshold()
    with counted(shapes=60, sum=60 * 3):
        gc.set_threshold(1, 1, 1)
        try:
            for class_ in (type_, Sub):
                things = [class_(*VALUES[base][-1]) for _ in range(30)]
                for thing in things:
                    thing.value, thing.object = 3, [things, [thing]]
                    assert thing == base(*VALUES[base][-1]) or base in (list, dict)
                    assert thing.object[1][0] is thing
        finally:
            gc.set_threshold(*before)
        del thing, things


@own
@pytest.mark.skipif(GRAALPY, reason="GraalPy never finalizes by itself")
def test_resurrected(base):
    kept = []

    class Sub(shape(base)):
        def __del__(self):
            kept.append(self)

    with counted():
        for _ in range(10):
            thing = Sub(*VALUES[base][-1])
            thing.value, thing.object = 6, None if PYPY8 else thing
        del thing
        collect()
        assert len(kept) == 10 and all(
            thing.value == 6 and thing.object is (None if PYPY8 else thing) for thing in kept
        )
    with counted(shapes=10, sum=60):
        kept.clear()


@own
@gives_memory_back
def test_memory_stays_the_same(base):
    type_ = shape(base)
    args = VALUES[base][-1] if base in (int, float) else VALUES[base][0]

    def work():
        for _ in range(20_000):
            thing = type_(*args)
            thing.value = 1
            thing.object = thing
        things = [type_(*args) for _ in range(1_000)]
        for thing in things:
            thing.value = 1
        gc.collect()

    assert growth(work) < 1 << 20


@own
@pytest.mark.skipif(
    not CPYTHON,
    reason="PyPy frees a chain by a collection for each of its objects, and GraalPy long ones late",
)
@pytest.mark.parametrize("holder", [tuple, list, dict])
def test_a_chain_through_items(holder):
    """Not only fields: what a base's own items hold is given up one within the other, too."""
    run(
        f"""
        import threading, types_by_hand as t
        base = {holder.__name__}
        type_ = t.make_shape({SHAPES[holder]}, base)
        class Sub(type_):
            pass
        def work():
            for class_ in (type_, Sub):
                before = t.counts()["shapes"]
                first = None
                for _ in range(100_000):
                    first = class_(((1, first),)) if base is dict else class_((first,))
                    first.value = 1
                del first
                assert t.counts()["shapes"] - before == 100_000
        work()
        # Other threads' stacks are smaller.
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        """
    )


@own
@pytest.mark.skipif(GRAALPY, reason="started for each test, GraalPy takes too long")
def test_eight_threads_at_once():
    """Without the GIL they do it at the same time."""
    run(
        """
        import gc, sys, threading
        import types_by_hand as t
        sys.setswitchinterval(1e-5)
        types = [
            t.make_shape(2, int),
            t.make_shape(5, tuple),
            t.make_shape(6, list),
            t.make_shape(4, str),
        ]
        types += [type("Sub", (type_,), {}) for type_ in types]
        args = [5**100, (1, 2, 3), [4], "text"] * 2
        shared = types[0](7)
        before, barrier, failures = t.counts(), threading.Barrier(8), []

        def work():
            barrier.wait()
            try:
                for number in range(200):
                    things = [type_(arg) for type_, arg in zip(types, args)]
                    for thing, arg in zip(things, args):
                        thing.value, thing.other, thing.object = 1, number, things
                    for thing, arg in zip(things, args):
                        assert thing == arg and (thing.value, thing.other) == (1, number)
                        assert thing.object is things
                        shared.other = number
                    if number % 50 == 0:
                        gc.collect()
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        assert not failures, failures
        for _ in range(5): gc.collect()
        after = t.counts()
        if sys.implementation.name == "cpython":
            assert (
                after["shapes"] - before["shapes"] == after["sum"] - before["sum"] == 8 * 200 * 8
            ), after
        """
    )


@own
def test_members_of_data_elsewhere(base):
    thing = shape(base)()
    for value in (0, LEAST, 2**63 - 1):
        thing.other = value
        assert thing.other == value and type(thing).other.__get__(thing) == value
    for wrong, error in (("x", TypeError), (2**64, OverflowError), (None, TypeError)):
        with pytest.raises(error):
            thing.other = wrong
    with pytest.raises(TypeError):
        del thing.other
    assert thing == base()
    for other in (base(), object(), 5):
        with pytest.raises(TypeError):
            type(thing).other.__get__(other)
        with pytest.raises(TypeError):
            type(thing).value.__set__(other, 5)


@not_on_graalpy24("lets all bases be combined")
def test_types_with_data_of_their_own_are_not_combined(base):
    if PYPY_HPY:
        pytest.skip("PyPy's own HPy lets all bases be combined")
    one, two = shape(base), shape(base)
    with pytest.raises(TypeError):
        type("Both", (one, two), {})
    bases = one, t.derive([base], None, SHAPES[base])
    if PYPY8 and base is tuple:
        # There items make another layout, too.
        with pytest.raises(TypeError):
            type("Mixed", bases, {})
        return
    # One that adds nothing fits.
    mixed = type("Mixed", bases, {})
    if not PYPIS_HPY:
        assert mixed().value == 0


@pytest.mark.skipif(
    GRAALPY25,
    reason="GraalPy lets an instance of one type in C become one of any other, with other data",
)
@not_on_graalpy24("lets any class be assigned, whatever data its instances have")
def test_an_instance_does_not_become_one_with_other_data(base):
    if PYPY_HPY:
        pytest.skip("PyPy's own HPy lets all bases be combined")
    one, two = shape(base), shape(base)
    thing = one()
    with pytest.raises(TypeError):
        thing.__class__ = two
    sub = type("Sub", (one,), {})()
    with pytest.raises(TypeError):
        sub.__class__ = type("Sub", (two,), {})
    thing.value = 5
    assert thing.value == 5


def test_copies_and_results_are_plain(base):
    if GRAALPY24 and base is list:
        pytest.skip("GraalPy's `list.copy` gives an object of the same class, without the data")
    if PYPIS_HPY and base in (int, tuple):
        pytest.skip("in hpy 0.9.0 digits and items of subclasses lie where the data are")
    type_ = shape(base)
    thing = type_(*VALUES[base][-1])
    if base in (int, float):
        assert type(thing + 0) is base and type(+thing) is base
    elif base in (list, dict):
        assert type(thing.copy()) is base
    else:
        assert type(thing[:]) is base
    # A copy is made of the value: it has no data.
    thing.value, thing.object = 7, thing
    for again in (copy.copy(thing), pickled(thing)):
        assert (
            again is None
            or (again == base(*VALUES[base][-1]) and again.value == 0 and again.object is None)
        )
    assert (thing.value, thing.object) == (7, thing)


def pickled(thing):
    """What pickle makes of it, which may be that it can't."""
    try:
        function, args, *_ = thing.__reduce_ex__(4)
    except TypeError:
        return None
    again = function(*args)
    if isinstance(again, list):
        again.extend(thing)
    elif isinstance(again, dict):
        again.update(thing)
    return again


# Metaclasses


@pytest.fixture
def meta():
    if PYPY8:
        pytest.skip("PyPy's C API makes no types with a metaclass")
    if PYPY_HPY:
        pytest.skip("PyPy's own HPy makes no types with a metaclass")
    if PYPIS_HPY:
        pytest.skip(
            "in hpy 0.9.0 types made with a metaclass that has data crash when they are used or die"
        )
    return shape(type)


def test_classes_of_a_metaclass(meta):
    class Class(metaclass=meta):
        attribute = 5

    assert type(Class) is meta and isinstance(Class, type)
    Class.value, Class.other, Class.object = 1, 2, Class
    assert (Class.value, Class.other, Class.object) == (1, 2, Class)
    thing = Class()
    assert thing.attribute == 5

    class Sub(Class):
        pass

    assert type(Sub) is meta and Sub.value == 0
    Sub.value = 6
    assert Class.value == 1 and Sub().attribute == 5


def test_types_with_a_metaclass(meta):
    type_ = t.derive([object], meta, 0)
    assert type(type_) is meta
    type_.value, type_.object = 5, type_
    thing = type_()
    assert type(thing) is type_ and type_.value == 5
    for base in (t.Everything, t.Node):
        derived = t.derive([base], meta, 0)
        assert type(derived) is meta and derived.__base__ is base
        assert derived.__name__ == "Derived" and derived.__module__ == "types_by_hand"
        derived.value = 9
        thing = derived()
        assert isinstance(thing, base)
        assert derived.value == 9 and derived.object is None
        with pytest.raises(TypeError):
            derived.value = "x"

    class Sub(derived):
        pass

    assert type(Sub) is meta and Sub.value == 0


def test_classes_of_a_metaclass_die(meta):
    with counted(shapes=40, sum=40 * 2):
        for _ in range(20):
            type_ = t.derive([object], meta, 0)
            type_.value, type_.object = 2, type_

            class Class(metaclass=meta):
                pass

            Class.value, Class.object = 2, [Class, type_, Class()]
        del type_, Class
        gc.collect()


def test_metaclasses_that_are_refused(meta):
    class New(type):
        def __new__(cls, *args):
            return super().__new__(cls, *args)

    with pytest.raises(TypeError):
        t.derive([object], New, 0)
    with pytest.raises(TypeError):
        t.derive([object], 5, 0)
    with pytest.raises(TypeError):
        t.derive([object], int, 0)


@not_on_graalpy24("takes a metaclass that does not derive from the base's")
def test_a_metaclass_that_does_not_fit_the_base(meta):
    class Other(type):
        pass

    class Base(metaclass=Other):
        pass

    with pytest.raises(TypeError):
        t.derive([Base], meta, 0)


# Bases


def test_several_bases():
    type_ = t.derive([t.Everything, t.Bare], None, 0)
    thing = type_(5)
    assert thing.int == 5 and thing.intact and isinstance(thing, t.Bare)
    for number in range(20):
        thing.object = thing.object_ex = number
    assert thing.intact and thing.o(1) == ("o", thing, 1)


@pytest.mark.skipif(PYPY_HPY, reason="PyPy's own HPy lets all bases be combined")
@not_on_graalpy24("lets all bases be combined")
def test_bases_that_do_not_fit():
    # PyPy lets everybody derive from every type.
    sealed = [] if PYPY8 else [[t.Sealed]]
    for bases in (
        [t.Everything, t.Counted], [t.Counted, int], *sealed, [bool], [5], [None, object],
    ):
        with pytest.raises(TypeError):
            t.derive(bases, None, 0)


def test_a_chain_of_types():
    type_ = t.Node
    for _ in range(20):
        type_ = t.derive([type_], None, 0)
    with counted(made=10, finalized=10, destroyed=10):
        for _ in range(10):
            thing = type_()
            # GraalPy collects and finalizes cycles of fields only for types that extend `object`
            # alone.
            thing.next = None if PYPY8 else thing
            assert thing.sound
        del thing
    # On PyPy a base in between gives `Node` a layout of its own.
    assert len(type_.__mro__) == (23 if PYPY8 else 22)


def test_built_in_types_are_as_they_were():
    assert 2**100 + 1 == int(str(2**100 + 1)) and (1, 2) + (3,) == (1, 2, 3)
    assert PYPY8 or sys.getsizeof([]) >= 0  # PyPy doesn't know.
    assert type("X", (list,), {})([1]) == [1]


@own
@pytest.mark.skipif(
    not CPYTHON,
    reason="PyPy frees a chain by a collection for each of its objects, and GraalPy long ones late",
)
def test_a_deep_chain_of_all_kinds_with_finalizers():
    """Objects whose end waits for another's are finalized and resurrected like all others.

    The collector may run meanwhile.
    """
    of_tuple, of_list, of_dict = shape(tuple), shape(list), shape(dict)
    kept = []

    class Sub(of_tuple):
        def __del__(self):
            if self.value == 1:
                self.value = 0
                kept.append(self)
            elif self.value == 2:
                gc.collect(0)

    with counted(
        shapes=20_000 + 4_000 + 2_857, sum=20 * 2, made=6_667, finalized=6_667, destroyed=6_667
    ):
        first = None
        for number in range(20_000):
            first = Sub((first,))
            first.value = {0: 1, 500: 2}.get(number % 1000, 0)
            if number % 3 == 0:
                node = t.Node()
                node.next, first, node = first, node, None
            if number % 5 == 0:
                first = of_list([first])
            if number % 7 == 1:
                first = of_dict([(number, first)])
        first = None
        for _ in range(20):
            assert len(kept) == 1 and kept[0].value == 0
            kept.clear()
        assert not kept
