"""Metaclasses in Rust."""

import gc
import sys
import sysconfig
import types

import metaclasses as m
import pytest
from hpy_hosts import PYPIS_HPY

CPYTHON = sys.implementation.name == "cpython"
THERE = CPYTHON and not PYPIS_HPY

where_there_are = pytest.mark.skipif(
    not THERE, reason="there can be no metaclasses in Rust: see test_where_there_are_none"
)


def test_where_there_are_none():
    """It says so; the rest of the module is there."""
    assert m.alive() >= 0
    if THERE:
        assert set(m.missing) == {"Refused", "Derived", "Early"}
        return
    assert set(m.missing) >= {
        "Registry", "Strict", "Odd", "Point", "Last", "Holder", "Refused", "Early",
    }
    for name in set(m.missing) - {"Derived"}:
        assert m.missing[name].startswith(
            "NotImplementedError: there can be no type " + name + ": "
        ), m.missing[name]
        assert not hasattr(m, name)
    with pytest.raises(NotImplementedError, match="there can be no type Point"):
        m.point()


@where_there_are
def test_what_is_refused():
    assert "LookupError" in m.missing["Refused"] and "not allowed" in m.missing["Refused"]
    assert m.missing["Derived"].startswith(
        "NotImplementedError: there can be no type Derived: its base has a metaclass"
    )
    assert "ImportError: the metaclass of Early, Unlisted, was not made yet" in m.missing["Early"]


def thing():
    class Thing(metaclass=m.Registry, label="thing"):
        def __init__(self, value=0, *, other=None):
            self.value, self.other = value, other

    return Thing


@where_there_are
def test_classes_in_python():
    Thing = thing()
    assert type(Thing) is m.Registry and isinstance(Thing, type)
    assert (Thing.made, Thing.label, m.label(Thing)) == (0, "thing", "thing")
    assert Thing.prepared == ("Thing", 0, 1)
    assert repr(Thing) == "<thing Thing>"

    class Sub(Thing):
        pass

    assert (
        type(Sub) is m.Registry
        and (Sub.label, Sub.made) == ("none", 0)
        and Sub.prepared == ("Sub", 1, 0)
    )
    made = m.Registry("Made", (Thing,), {"x": 1}, label="made")
    assert made().x == 1 and made.label == "made"
    Thing.label = "other"
    assert (m.label(Thing), m.label(Sub)) == ("other", "none")
    with pytest.raises(TypeError):
        Thing.label = 5
    with pytest.raises(ValueError, match="no class of this label"):

        class Wrong(metaclass=m.Registry, label="wrong"):
            pass

    with pytest.raises(TypeError):

        class Unknown(metaclass=m.Registry, unknown=1):
            pass


@where_there_are
def test_call():
    Thing = thing()
    one, two = Thing(5), Thing(6, other="x")
    assert (one.value, two.value, two.other) == (5, 6, "x") and Thing.made == 2
    assert type(one) is Thing and Thing.last() is two
    with pytest.raises(TypeError):
        Thing(1, 2, 3)
    with pytest.raises(TypeError):
        Thing(unknown=1)
    assert Thing.made == 2
    assert Thing(*[1], **{"other": 2}).other == 2 and list(map(Thing, [1]))[0].value == 1
    assert type.__call__(Thing, 3).value == 3 and Thing.made == 4

    class Sub(Thing):
        def __new__(cls, *args):
            assert args, "an argument is missing"
            return super().__new__(cls)

    with pytest.raises(AssertionError, match="an argument is missing"):
        Sub()
    assert (Sub(5).value, Sub.made, Thing.made) == (5, 1, 4)


@where_there_are
def test_slots():
    Thing = thing()
    assert len(Thing) == 0 and bool(Thing) and None not in Thing and list(Thing) == []
    one = Thing()
    assert len(Thing) == 1 and one in Thing and Thing() is not one and one not in Thing
    assert list(Thing) == [Thing.last()]
    assert Thing[5] == (Thing, 5) and Thing["x", 1] == (Thing, ("x", 1))
    Other = thing()
    assert Other < Thing and not Thing < Other
    with pytest.raises(TypeError):
        Thing < 5
    with pytest.raises(TypeError):
        one[5]


@where_there_are
def test_instance_checks():
    Thing = thing()
    registered = types.SimpleNamespace(registered=1)
    assert isinstance(registered, Thing) and not isinstance(5, Thing)
    assert isinstance(Thing(), Thing)  # That is the very type.

    class Registered:
        registered = 1

    class Plain:
        pass

    assert (
        issubclass(Registered, Thing) and not issubclass(Plain, Thing) and issubclass(Thing, Thing)
    )


@where_there_are
def test_a_metaclass_that_derives():
    class Thing(metaclass=m.Strict):
        pass

    assert type(Thing) is m.Strict and isinstance(Thing, m.Registry)
    assert (Thing.label, Thing.made, Thing.checked) == ("strict", 0, 5)
    Thing(), Thing()
    assert (Thing.made, Thing.check(), Thing.check(), Thing.checked, len(Thing)) == (2, 6, 7, 7, 2)
    assert m.label(Thing) == "strict"

    class Meta(m.Strict):
        def __call__(cls, *args):
            return cls, args, super().__call__()

        def __len__(cls):
            return 1000

    class Other(metaclass=Meta):
        __slots__ = ("a", "b", "c")

    cls, args, made = Other(1, 2)
    assert cls is Other and args == (1, 2) and type(made) is Other and Other.made == 1
    assert len(Other) == 1000 and Other.check() == 6
    made.a, made.b, made.c = 1, 2, 3
    assert (made.a, made.b, made.c) == (1, 2, 3)

    class Joined(Thing, Other):
        pass

    assert type(Joined) is Meta and Joined.checked == 5


@where_there_are
def test_metaclass_conflicts():
    class Other(type):
        pass

    with pytest.raises(TypeError, match="metaclass conflict"):

        class Thing(m.Point, metaclass=Other):
            pass

    for wrong in [(), ("x",), ("x", ()), (5, (), {}), ("x", 5, {}), ("x", (), 5)]:
        with pytest.raises(TypeError):
            m.Registry(*wrong)


# Types in Rust


@where_there_are
def test_types_in_rust():
    Point = m.Point
    assert type(Point) is m.Registry and Point is m.point_class()
    assert (Point.__name__, Point.__qualname__, Point.__module__) == (
        "Point", "Point", "metaclasses",
    )
    assert Point.__doc__ == "A class in Rust of a metaclass in Rust." and Point.DIMENSIONS == 1
    assert Point.label == "none" and repr(Point) == "<none Point>"
    made = Point.made
    point = Point(1.5)
    assert (point.x, repr(point), type(point)) == (1.5, 'Point(1.5, "nothing")', Point)
    assert Point.made == made + 1 and Point.last() is point and m.is_point(point)
    assert repr(Point(1, text="a") + Point(x=2, text="b")) == 'Point(3, "a+b")'
    assert Point.twice(2).x == 4.0 and Point.zero().x == 0.0 and list(point) == [1.5]
    point.x = 5
    assert point.x == 5.0
    with pytest.raises(AttributeError):
        point.attribute = 1
    with pytest.raises(TypeError):
        Point("x")


@where_there_are
def test_what_rust_makes_is_an_instance():
    made = m.Point.made
    point = m.point()
    assert type(point) is m.Point and point.x == 7.0 and m.is_point(point)
    assert m.Point.made == made and not m.is_point(5)
    assert type(point + point) is m.Point


@where_there_are
def test_classes_that_derive_from_it():
    class Sub(m.Point, label="sub"):
        def __init__(self, *args):
            self.extra = args

    assert type(Sub) is m.Registry and Sub.label == "sub"
    sub = Sub(3, "x")
    assert (sub.x, sub.extra, repr(sub)) == (3.0, (3, "x"), 'Point(3, "x")') and m.is_point(sub)
    assert (sub + m.Point(1)).x == 4.0 and Sub.twice(1).x == 2.0 and type(Sub.twice(1)) is Sub
    with pytest.raises(TypeError, match="not an acceptable base type"):

        class Wrong(m.Last):
            pass


@where_there_are
def test_a_frozen_type():
    assert type(m.Last) is m.Strict and m.Last.label == "strict" and m.Last.check() > 5
    assert m.Last(5) == m.Last(5) != m.Last(6) and repr(m.Last(5)) == "Last { number: 5 }"
    with pytest.raises(TypeError):
        hash(m.Last(5))
    with pytest.raises(OverflowError):
        m.Last(300)


@where_there_are
def test_the_base_that_has_all_of_it():
    """Nobody makes anything of it."""
    for type_, args in [(m.Point, (1,)), (m.Last, (1,)), (m.Holder, ())]:
        base = type_.__base__
        assert base.__name__ == type_.__name__ and type(base) is type and base is not type_
        with pytest.raises(TypeError):
            base(*args)
        with pytest.raises(TypeError):
            base.__new__(base, *args)
        with pytest.raises(TypeError):
            object.__new__(base)
        with pytest.raises(TypeError):
            object.__new__(type_)
        with pytest.raises(TypeError):
            type_.__new__(int, *args)
        assert type(base.__new__(type_, *args)) is type_

    class Other(m.Point.__base__):
        pass

    with pytest.raises(TypeError):
        Other(1)


@where_there_are
def test_classes_that_no_constructor_made():
    """`type` makes them without asking the metaclass."""
    for meta in (m.Registry, m.Strict):
        Bare = type.__new__(meta, "Bare", (), {})
        assert type(Bare) is meta
        assert Bare[5] == (Bare, 5)  # Looks at no data.
        with pytest.raises(TypeError, match="was not made by"):
            Bare.made
        for use in [
            lambda: Bare(),
            lambda: m.label(Bare),
            lambda: Bare.last(),
            lambda: len(Bare),
            lambda: repr(Bare),
            lambda: isinstance(5, Bare),
            lambda: meta.__call__(Bare),
        ]:
            with pytest.raises(TypeError):
                use()
        assert type(type.__call__(Bare)) is Bare
    with pytest.raises(TypeError):
        m.Registry.__new__(type, "x", (), {})
    with pytest.raises(TypeError):
        m.Registry.__new__(int, "x", (), {})
    with pytest.raises(TypeError):
        m.Registry.__call__(int)
    with pytest.raises(TypeError):
        m.Registry.__dict__["made"].__get__(int)


@where_there_are
def test_calls_during_calls():
    class Thing(metaclass=m.Registry):
        def __init__(self, again=0):
            self.again = again
            if again:
                Thing(again - 1)

    assert Thing(5).again == 5 and Thing.made == 6

    class Looks(metaclass=m.Registry):
        def __del__(self):
            seen.append(Looks.made)

    seen = []
    Looks()
    Looks()
    Looks()
    gc.collect()
    assert len(seen) >= 2


@where_there_are
def test_they_end():
    gc.collect()
    before = m.alive()
    for _ in range(10):
        Thing = thing()
        Thing.itself, Thing.instance = Thing, Thing()
    # Whether or not the GIL is on.
    immortal = sys.version_info[:2] == (3, 13) and bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    del Thing
    gc.collect()
    assert m.alive() == before or immortal
    for _ in range(10):
        holder = m.Holder()
        holder.object = [holder]
    del holder
    gc.collect()


@where_there_are
def test_collections_at_each_allocation():
    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for number in range(30):
            Thing = thing()
            assert Thing(number).value == number and Thing.made == 1

            class Sub(m.Point):
                pass

            assert Sub(number).x == number and m.Point(1).x == 1.0
    finally:
        gc.set_threshold(*before)


@where_there_are
def test_attributes_of_the_class():
    m.Point.attribute = 5
    assert m.Point(1).attribute == 5
    del m.Point.attribute
    with pytest.raises(AttributeError):
        m.Point.made = 5
    assert "made" not in dir(m.Point(1)) and not hasattr(m.Point(1), "made")
