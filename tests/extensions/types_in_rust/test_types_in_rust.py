"""Types written in Rust: data, constructors, methods, attributes."""

import copy
import gc
import inspect
import os
import pickle
import sys
import sysconfig
import threading
import time

import pytest
import types_in_rust as t
from types_in_rust import Counted, Pair, Point, Sealed

from hpy_hosts import GRAALPY_HPY, PYPIS_HPY, PYPY_HPY, calls_on_threads, panics

CPYTHON = sys.implementation.name == "cpython"
GRAALPY = sys.implementation.name == "graalpy"
UNIVERSAL = os.environ["HPY_TEST_ABI"] == "universal"

subclasses = pytest.mark.skipif(
    PYPIS_HPY or GRAALPY_HPY,
    reason="hpy 0.9.0 and GraalPy 24's own HPy have no data for instances of a subclass "
    "written in Python",
)
dropping_subclasses = pytest.mark.skipif(
    PYPY_HPY,
    reason="PyPy's own HPy aborts when it finalizes a subclass's instance: "
    "such classes are refused there",
)
texts = pytest.mark.skipif(
    not CPYTHON,
    reason="interpreters other than CPython show the signatures of types in other ways, "
    "or not at all",
)


def collect():
    """Objects of PyPy and GraalPy die late, those of GraalPy on another thread."""
    for _ in range(1 if CPYTHON else 6):
        gc.collect()
        if not CPYTHON:
            time.sleep(0.02)


def test_objects_have_data():
    p = Point(3, 4.0)
    assert (p.x, p.why, p.norm()) == (3.0, 4.0, 5.0)
    assert Point(1).why == 0
    assert Point(y=2, x=1).why == 2
    assert repr(p) == "Point(3.0, 4.0)"
    assert type(p) is Point and isinstance(p, Point) and t.is_point(p) and not t.is_point(5)
    assert t.ORIGIN.norm() == 0


def test_attributes_are_set():
    p = Point(0)
    p.x = 7
    p.why = 1.5
    assert (p.x, p.why) == (7.0, 1.5)
    with pytest.raises(TypeError, match=r"Point\.x.* must be (float|real number), not str"):
        p.x = "text"
    with pytest.raises((AttributeError, TypeError)):
        del p.x
    assert p.x == 7
    with pytest.raises(AttributeError):
        p.missing
    if CPYTHON:
        with pytest.raises(AttributeError):
            p.missing = 1


def refuses_to_set(thing, name):
    with pytest.raises((AttributeError, TypeError)):
        setattr(thing, name, "other")
    with pytest.raises((AttributeError, TypeError)):
        delattr(thing, name)


def test_properties():
    p = Point(3, 4)
    assert p.length == 5 and p.name == "Point"
    p.length = 10
    assert (p.x, p.why) == (6, 8)
    with pytest.raises(TypeError):
        p.length = "long"
    del p.length
    assert p.length == 0
    with pytest.raises(ValueError, match="no direction"):
        p.length = 1
    refuses_to_set(p, "name")
    assert p.name == "Point"


def test_methods_convert_arguments_and_results():
    p = Point(1, 2)
    assert p.shift(1) is None and p.shift(dy=3, dx=1) is None
    assert repr(p) == "Point(3.0, 5.0)"
    q = p.scaled(2)
    assert type(q) is Point and q is not p and repr(q) == "Point(6.0, 10.0)"
    assert p.itself() is p
    assert Point(0).distance(Point(3, 4)) == 5
    assert p.distance(p) == 0
    assert t.x_of(p) == 3
    with pytest.raises(TypeError, match="must be Point, not int"):
        p.distance(5)
    with pytest.raises(TypeError, match="must be Point, not int"):
        t.x_of(5)
    with pytest.raises(TypeError):
        p.norm(1)
    with pytest.raises(TypeError, match="shift"):
        p.shift()
    with pytest.raises(TypeError, match="shift.*z"):
        p.shift(1, z=2)


def test_constructors_parse_arguments():
    for args, kw in [
        ((), {}), ((1, 2, 3), {}), ((1,), {"z": 2}), ((1,), {"x": 2}), (("a",), {}), ((), {"y": 1}),
    ]:
        with pytest.raises(TypeError, match="Point"):
            Point(*args, **kw)
    with pytest.raises(ValueError, match="not a number"):
        Point(float("nan"))
    assert repr(Point(**{"x": 1, "y": 2})) == "Point(1.0, 2.0)"


def test_class_and_static_methods():
    p = Point.origin()
    assert type(p) is Point and repr(p) == "Point(0.0, 0.0)"
    assert type(p.origin()) is Point
    assert repr(Point.polar(0, length=2)) == "Point(2.0, 0.0)"
    assert repr(p.polar(0)) == "Point(1.0, 0.0)"
    with pytest.raises(TypeError):
        Point.polar()
    with pytest.raises(TypeError):
        Point.origin(1)


def test_class_attributes():
    assert Point.DIMENSIONS == 2 and Point(1).DIMENSIONS == 2
    assert Point.kind == "point" and not hasattr(Point, "KIND")
    assert repr(Point.unit) == "Point(1.0, 0.0)"


def test_names_and_docs():
    assert Point.__name__ == "Point" and Point.__qualname__ == "Point"
    assert Point.__module__ == "types_in_rust"
    assert Counted.__name__ == "Counted"
    if not GRAALPY_HPY:
        assert Point.__doc__ == "A point in the plane."
        assert Point.norm.__doc__.endswith("How far it is from the origin.")
    assert Point.x.__doc__ == "To the right."


@texts
def test_signatures():
    if sys.version_info >= (3, 10):  # CPython 3.9 takes the signature out of a class's docs.
        assert str(inspect.signature(Point)) == "(x, y=0.0)"
    assert str(inspect.signature(Point.norm)) == "(self, /)"
    assert str(inspect.signature(Point(1).shift)) == "(dx, dy=0.0)"


def test_numbers_are_converted_before_the_borrow():
    class Moves:
        def __float__(self):
            p.shift(1)
            return 2.0

    p = Point(1)
    p.shift(Moves())
    assert p.x == 4


def test_borrows_clash():
    p = Point(1)
    with pytest.raises(RuntimeError, match="Point is already mutably borrowed"):
        p.call_mut(p.norm)
    with pytest.raises(RuntimeError, match="Point is already borrowed"):
        p.call_mut(lambda: p.shift(1))
    with pytest.raises(RuntimeError, match="already mutably borrowed"):
        p.call_mut(lambda: p.x)
    p.x -= 1
    assert p.x == 3  # Added to before each call, and no more after.
    assert p.call_mut(lambda: 5.0) == 5
    assert p.x == 5
    assert p.call_shared(lambda: p.call_shared(p.norm)) == 5
    with pytest.raises(RuntimeError, match="already borrowed"):
        p.call_shared(lambda: p.shift(1))
    with pytest.raises(RuntimeError, match="already borrowed"):
        p.call_shared(lambda: setattr(p, "x", 1))
    with pytest.raises(RuntimeError):
        p.take(p)
    q = Point(9)
    p.take(q)
    assert (p.x, q.x) == (9, 0)
    p.shift(1)
    assert p.x == 10


def test_panics_end_a_borrow():
    p = Point(1)
    with panics("on purpose"):
        p.panic()
    p.shift(1)
    assert p.x == 2


def test_data_is_dropped_once():
    before = t.alive()
    things = [Counted(str(i)) for i in range(100)]
    assert t.alive() == before + 100
    assert things[7].shout() == "7" and Counted("a").shout() == "A"
    things[3].text = "three"
    assert things[3].text == "three"
    del things
    collect()
    assert t.alive() == before


def test_a_failing_constructor_leaves_nothing():
    before = t.alive()
    for _ in range(10):
        with pytest.raises(TypeError):
            Counted(5)
    collect()
    assert t.alive() == before


def without_constructor(cls):
    """What `object.__new__` says, or an object that no constructor has seen."""
    try:
        return object.__new__(cls)
    except TypeError:
        return None


def test_memory_without_constructor_is_no_data():
    for cls, use in [
        (Point, Point.norm),
        (Counted, Counted.shout),
        (Pair, lambda pair: pair.sum_with(pair)),
    ]:
        empty = without_constructor(cls)
        if empty is not None:
            with pytest.raises(TypeError, match="was not made by"):
                use(empty)
        assert empty is None or not CPYTHON
    before = t.alive()
    for _ in range(100):
        without_constructor(Counted)
    collect()
    assert t.alive() == before


def test_copies_have_no_data_or_are_refused():
    p = Point(1, 2)
    for make in [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))]:
        try:
            other = make(p)
        except Exception as error:
            assert isinstance(error, (TypeError, pickle.PicklingError))
        else:
            with pytest.raises(TypeError, match="was not made by"):
                other.norm()


def test_types_without_constructor():
    with pytest.raises(TypeError, match="cannot create 'Sealed' instances"):
        Sealed()
    with pytest.raises(TypeError):
        Sealed(1)
    assert t.make_sealed(5).number == 5
    assert type(t.make_sealed(5)) is Sealed
    with pytest.raises(OverflowError):
        t.make_sealed(256)


def test_rust_makes_objects():
    points = t.make_points(100)
    assert [p.x for p in points] == list(range(100))
    assert {type(p) for p in points} == {Point}


def test_objects_of_other_types_are_refused():
    for wrong in [5, "text", Counted("a"), Pair(1, 2), None, Point]:
        with pytest.raises(TypeError):
            Point.norm(wrong)
        with pytest.raises(TypeError):
            Point.x.__get__(wrong, int) if wrong is not None else Point.norm(None)
        with pytest.raises(TypeError):
            Pair.sum_with(Pair(1, 2), wrong if not isinstance(wrong, Pair) else 5)


def test_types_are_final_unless_told():
    with pytest.raises(TypeError, match="acceptable base"):

        class Sub(Point):
            pass

    with pytest.raises(TypeError, match="acceptable base"):
        type("Sub", (Sealed,), {})


@subclasses
@dropping_subclasses
def test_python_subclasses():
    class Loud(Counted):
        def shout(self):
            return super().shout() + "!"

    class Slots(Loud):
        __slots__ = ("extra",)

    collect()
    before = t.alive()
    a, b = Loud("a"), Slots("b")
    a.own = 5
    b.extra = a
    assert a.shout() == "A!" and b.shout() == "B!" and b.extra.own == 5
    assert (a.text, b.text) == ("a", "b")
    assert t.alive() == before + 2
    assert type(a) is Loud
    del a, b
    collect()
    assert t.alive() == before


@subclasses
@dropping_subclasses
def test_subclasses_that_skip_the_constructor():
    class Skips(Counted):
        def __new__(cls):
            return object.__new__(cls)

    class Other(Counted):
        def __new__(cls, text):
            return super().__new__(cls, text * 2)

    assert Other("a").text == "aa"
    collect()
    before = t.alive()
    try:
        skips = Skips()
    except TypeError:
        assert CPYTHON or GRAALPY  # object.__new__(Skips) is not safe
    else:
        with pytest.raises(TypeError, match="was not made by"):
            skips.shout()
        del skips
    collect()
    assert t.alive() == before


@subclasses
def test_subclasses_of_frozen_types():
    class Sub(Pair):
        pass

    s = Sub(1, 2)
    assert s.sum_with(Pair(3, 4)) == 10 and Pair(3, 4).sum_with(s) == 10
    assert s.first == 1


def test_ways_to_call_a_class():
    for made in [
        Point(1, 2),
        Point(1, y=2),
        Point(y=2, x=1),
        Point(*[1, 2], **{}),
        Point.__new__(Point, 1, 2),
        Point.__new__(Point, 1, y=2),
        type.__call__(Point, 1, 2),
        type.__call__(Point, 1, y=2),
    ]:
        assert type(made) is Point and (made.x, made.why) == (1, 2)
    for args, kw in [
        ((), {}), (range(20), {}), ((1,), {"x": 2}), ((1, 2), {"z": 3}), ((), {"y": 1}),
    ]:
        for call in [Point, lambda *args, **kw: Point.__new__(Point, *args, **kw)]:
            with pytest.raises(TypeError, match="Point"):
                call(*args, **kw)


@pytest.mark.skipif(
    PYPY_HPY, reason="PyPy's own HPy calls no __init__ that Python code puts into a type"
)
def test_a_class_that_python_code_changes_is_called_as_it_is_then():
    calls = []

    def init(self, *args, **kw):
        calls.append((type(self), args, kw))

    Changed = t.Changed
    assert Changed(1).number == 1
    Changed.__init__ = init
    try:
        assert Changed(2, twice=True).number == 4
        assert calls == [(Changed, (2,), {"twice": True})]
    finally:
        del Changed.__init__
    assert Changed(3).number == 3 and len(calls) == 1

    ended = []
    Changed.__del__ = lambda self: ended.append(self)
    Changed(4)
    collect()
    # It came back to life, and ends once more.
    assert [it.number for it in ended] == [4] or not CPYTHON
    del Changed.__del__
    ended.clear()

    # For good: no interpreter lets the function before be put back.
    Changed.__new__ = staticmethod(lambda cls, *args, **kw: (cls, args, kw))
    assert Changed(5, z=6) == (Changed, (5,), {"z": 6})
    # A class that is its own `__new__` is called for ever.
    if CPYTHON:
        Changed.__new__ = Changed
        with pytest.raises(RecursionError):
            Changed(7)


@subclasses
@pytest.mark.skipif(
    not CPYTHON or bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="interpreters other than CPython, and CPython without the GIL, "
    "do not count the references to a type one by one",
)
def test_objects_give_back_the_reference_to_their_type():
    class Sub(Pair):
        pass

    # Earlier tests' classes refer to their base.
    gc.collect()
    for cls in [Pair, Sub]:
        before = sys.getrefcount(cls)
        objects = [cls(number, 1) for number in range(1000)]
        del objects
        with pytest.raises(TypeError):
            cls("a", "b")
        gc.collect()
        assert sys.getrefcount(cls) == before


def test_frozen_types():
    pair = Pair(1, 2)
    assert pair.sum_with(pair) == 6
    with pytest.raises(TypeError):
        pair.sum_with(1)
    refuses_to_set(pair, "first")
    assert pair.first == 1


def test_new_without_a_class():
    if GRAALPY:
        return  # 25 ends here for every type in C.
    for keywords in [{}, {"x": 1.0}, {"x": 1.0, "y": 2.0}]:
        for type_ in [Point, Sealed]:
            with pytest.raises(TypeError):
                type_.__new__(**keywords)


def test_new_of_another_class():
    for wrong in [int, object, str]:
        with pytest.raises(TypeError):
            Point.__new__(wrong, 1)
    with pytest.raises(TypeError):
        Point.__new__(5, 1)


def test_new_is_told_its_own_class():
    assert (t.Scaled().number, t.Scaled(number=2).number) == (1, 2)
    assert t.Scaled().letters == len("Scaled")
    for wrong in [int, object, Point, 5]:
        with pytest.raises(TypeError):
            t.Scaled.__new__(wrong, 1)


@subclasses
def test_new_is_told_a_subclass():
    class Python(t.Scaled):
        scale = 10

    class Broken(t.Scaled):
        scale = "x"

    made = Python(3)
    assert type(made) is Python and (made.number, made.letters) == (30, len("Python"))
    assert t.Scaled.__new__(Python).number == 10
    with pytest.raises(TypeError):
        Broken()


def test_class_assignment():
    class Python:
        pass

    if GRAALPY_HPY:
        pytest.skip(
            "GraalPy 24's own HPy lets an object get any class, whatever data that has"
        )
    p = Point(1)
    for cls in [Counted, Pair, Sealed, Python]:
        try:
            p.__class__ = cls
        except TypeError:
            continue
        # The interpreter allows it: then the data is not taken for the other type's.
        assert not CPYTHON
        if cls is not Python:
            with pytest.raises((TypeError, AttributeError)):
                Counted.shout(p)
        p.__class__ = Point
    assert p.norm() == 1


def test_class_assignment_to_an_object_of_python():
    class Python:
        pass

    if GRAALPY_HPY:
        pytest.skip(
            "GraalPy 24's own HPy lets an object get any class, whatever data that has"
        )
    thing = Python()
    # Where the interpreter allows it, the object has no data.
    with pytest.raises(TypeError):
        thing.__class__ = Point
        thing.norm()
    with pytest.raises(TypeError):
        Point.norm(thing)


@calls_on_threads
def test_other_threads_use_and_drop_objects():
    collect()
    before = t.alive()
    things = [Counted("a") for _ in range(50)]
    texts = []

    def use():
        texts.extend(thing.shout() for thing in things)
        things.clear()

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert texts == ["A"] * 50
    collect()
    assert t.alive() == before


def run_on_threads(*functions):
    errors, all_are_there = [], threading.Barrier(len(functions))

    def run(function):
        try:
            all_are_there.wait()
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@subclasses
@dropping_subclasses
@pytest.mark.skipif(not CPYTHON, reason="others refuse to exchange such classes")
def test_a_class_that_changes_while_others_use_the_object():
    class One(t.Pair):
        __slots__ = ()

    class Two(t.Pair):
        __slots__ = ()

    pair = One(3, 4)

    def change():
        for _ in range(200):
            pair.__class__ = Two
            pair.__class__ = One

    def use():
        for _ in range(5000):
            assert (pair.first, pair.sum_with(pair), type(pair) in (One, Two)) == (3, 14, True)

    run_on_threads(change, use, use)


@calls_on_threads
def test_borrows_by_several_threads():
    """One has the data for itself, or some share it."""
    p, done = Point(0.0, 0.0), []
    rounds = 50_000 if CPYTHON else 1000

    def shift():
        count = 0
        for _ in range(rounds):
            try:
                p.shift(3.0, 4.0)
                count += 1
            except RuntimeError as error:
                assert "borrowed" in str(error)
        done.append(count)

    def use():
        for _ in range(rounds):
            try:
                # Never one of the two numbers without the other.
                assert p.norm() % 5.0 == 0.0
            except RuntimeError as error:
                assert "mutably borrowed" in str(error)

    run_on_threads(shift, shift, use, use)
    assert (p.x, p.why) == (3.0 * sum(done), 4.0 * sum(done))


def test_a_constructor_that_returns_an_existing_object():
    first = t.Settings()
    assert type(first) is t.Settings and t.Settings() is first
    first.level = 3
    assert t.Settings().level == 3
    with pytest.raises(TypeError):
        t.Settings(1)
    with pytest.raises(TypeError):
        t.Settings.__new__(int)
    del first
    gc.collect()
    assert t.Settings().level == 3

    word = t.Word("a")
    assert t.Word("a") is word and t.Word("b") is not word
    assert word.text == "a" and word.len() == 1
    with pytest.raises(ValueError, match="no word"):
        t.Word("")
    # Many times: each call gives a reference of its own.
    assert {id(t.Word("a")) for _ in range(1000)} == {id(word)}
    del word
    gc.collect()
    assert t.Word("a").text == "a"


@calls_on_threads
def test_an_existing_object_on_threads():
    results = []

    def look():
        results.append([id(t.Word(f"thread {n % 10}")) for n in range(200)])

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4 and all(len(one) == 200 for one in results)


@subclasses
@dropping_subclasses
def test_an_existing_object_for_a_derived_class():
    class Sub(t.Word):
        def __init__(self, text):
            raise AssertionError("it is not an object of this class")

        def more(self):
            return 1

    word = t.Word("derived")
    # As with a `__new__` in Python: no object of the class, so no `__init__`.
    assert Sub("derived") is word and type(Sub("derived 2")) is t.Word

    class Own(t.Word):
        def __new__(cls, text):
            made = super().__new__(cls, text)
            assert type(made) is t.Word
            return made.len()

    assert Own("four") == 4


@subclasses
def test_a_derived_type_beside_a_constructor_that_returns_existing_objects():
    loud = t.LoudWord("a")
    assert type(loud) is t.LoudWord and loud.text == "A" and t.LoudWord("a") is not loud
    assert isinstance(loud, t.Word) and loud.len() == 1
