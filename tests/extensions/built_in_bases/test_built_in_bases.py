"""Types in Rust that derive from built-in ones."""

import copy
import gc
import math
import os
import sys
import sysconfig
import weakref

import pytest
import built_in_bases as b
from hpy_hosts import PYPIS_HPY

OWN_HPY = "_hpy_universal" in sys.builtin_module_names or (
    sys.implementation.name == "graalpy" and sys.implementation.version < (25,)
)
PYPY8 = sys.implementation.name == "pypy" and not OWN_HPY
GRAALPY25 = sys.implementation.name == "graalpy" and not OWN_HPY


def needs(*names):
    """What an interpreter cannot have it refuses with a reason."""
    why = [b.missing[name] for name in names if name in b.missing]
    return pytest.mark.skipif(bool(why), reason="; ".join(why) or "there are all")


ALL = {"Id", "Angle", "Signed", "Tag", "Row", "Nothing", "Serial", "Dated", "Stack", "Defaults"}
ALL |= {"Counting", "Only"}


def test_what_is_missing():
    missing = set(b.missing)
    if OWN_HPY:
        assert missing == ALL and "own HPy has no data" in b.missing["Id"]
    elif PYPY8:
        assert (
            missing == {"Dated", "Counting"} and "whose base is in Rust too" in b.missing["Dated"]
        )
    elif GRAALPY25:
        assert missing == {"Stack", "Counting"}
    elif PYPIS_HPY:
        assert missing == {"Id", "Row", "Serial", "Dated", "Defaults", "Counting"}
    else:
        assert missing == set()
    assert all(hasattr(b, name) != (name in missing) for name in ALL)


class Counts:
    """How many values are alive."""

    def __init__(self):
        gc.collect()
        self.before = b.alive()

    def check(self, more=0):
        gc.collect()
        assert b.alive() == self.before + more


@pytest.mark.skipif(
    PYPIS_HPY, reason="hpy 0.9.0 has no data for instances of a subclass written in Python"
)
@needs("Signed")
def test_new_is_told_the_class():
    class Python(b.Signed):
        pass

    made = Python("text")
    assert made == "text" and made.by == "Python" and type(made) is Python
    assert b.Signed("text").by == "Signed"
    assert b.Signed.__new__(Python, "text").by == "Python"
    for wrong in [str, int, object, 5]:
        with pytest.raises(TypeError):
            b.Signed.__new__(wrong, "text")


@needs("Id")
def test_int():
    for text, radix, value in [
        ("12", 10, 12), ("-ff", 16, -255), ("1" * 1000, 2, 2**1000 - 1), ("0", 8, 0),
    ]:
        thing = b.Id(text, radix)
        assert type(thing) is b.Id and isinstance(thing, int) and thing == value
        assert hash(thing) == hash(value) and thing + 1 == value + 1 and -thing == -value
        assert thing.radix == radix
        thing.radix = 36
        assert (thing, thing.radix) == (value, 36)
    assert repr(b.Id("7")) == "Id(7, 10)" and repr(b.Id("7").next()) == "Id(8, 10)"
    assert type(b.Id("7").next()) is b.Id and type(b.Id("7") + 1) is int
    assert [10, 20, 30][b.Id("1")] == 20 and b.Id(text="11", radix=2) == 3
    for args, error in [
        ((), TypeError), (("x",), ValueError), (("1", 99), ValueError), (("1", 2, 3), TypeError),
    ]:
        with pytest.raises(error):
            b.Id(*args)


@needs("Only")
def test_a_constructor_that_returns_an_existing_object():
    only = b.Only()
    assert type(only) is b.Only and only == 0.5 and isinstance(only, float)
    assert b.Only() is only and b.Only.__new__(b.Only) is only
    with pytest.raises(TypeError):
        b.Only.__new__(float)


@needs("Angle")
def test_float():
    thing = b.Angle(370.5)
    assert type(thing) is b.Angle and isinstance(thing, float) and (thing, thing.turns) == (10.5, 1)
    assert math.sqrt(b.Angle(-356.0)) == 2.0 and float(thing) == 10.5 and repr(thing) == "10.5"
    assert f"{thing:.2f}" == "10.50" and thing.is_integer() is False
    total = thing + 720
    assert type(total) is b.Angle and (float(total), total.turns) == (10.5, 2)


@needs("Angle")
def test_what_is_overridden_in_part():
    """The other side, and the other comparisons, are the base's."""
    one, two = b.Angle(1), b.Angle(2)
    assert (
        1.5 + one == 2.5
        and type(1.5 + one) is float
        and 1 + one == 2
        and one - 0.5 == 0.5
        and 2 * one == 2
    )
    assert one == 1 + 1e-12 and not one == 2 and one != 2 and not one != 1 + 1e-12
    assert (
        one < two
        and two > one
        and one <= 1
        and two >= 2
        and not two < 1
        and sorted([two, one]) == [one, two]
    )
    assert hash(one) == 5 and {one: 1}[b.Angle(1)] == 1
    with pytest.raises(TypeError):
        one < "x"
    with pytest.raises(TypeError):
        "x" + one
    assert one != "x"


@needs("Tag")
def test_str():
    thing = b.Tag("h\u00e9llo \U0001f600", weight=2.5)
    assert type(thing) is b.Tag and thing == "h\u00e9llo \U0001f600" and thing.weight == 2.5
    assert (
        thing.upper() == "H\u00c9LLO \U0001f600" and len(thing) == 7 and {thing: 1}[str(thing)] == 1
    )
    assert b.Tag("").weight == 1 and b.Tag("") == "" and type(thing + "x") is str
    with pytest.raises(TypeError):
        b.Tag("x", 1.0)
    with pytest.raises(TypeError):
        b.Tag(5)


@needs("Row")
def test_tuple():
    for count in (0, 1, 2, 50):
        thing = b.Row(7, *range(count))
        assert type(thing) is b.Row and thing == tuple(range(count)) and thing.number == 7
        thing.number = 2**63
        assert (*thing, thing.number) == (*range(count), 2**63) and len(thing) == count
    assert hash(b.Row(1, 2)) == hash((2,)) and b.Row(1, 2) + (3,) == (2, 3)


@needs("Nothing")
def test_made_by_rust_alone():
    thing = b.nothing(5)
    assert type(thing) is b.Nothing and thing == 0.0 and thing.why == 5
    for make in [b.Nothing, lambda: b.Nothing(1.5), lambda: b.Nothing.__new__(b.Nothing, 2)]:
        with pytest.raises(TypeError, match="cannot create 'Nothing' instances"):
            make()


@needs("Angle")
def test_data_that_no_constructor_made():
    try:
        thing = float.__new__(b.Angle, 5)
    except TypeError:
        pass  # "float.__new__(Angle) is not safe"
    else:
        assert float(thing) == 5.0 and (2.0 * thing) == 10.0
        with pytest.raises(TypeError, match="was not made by"):
            thing.turns


@needs("Id")
def test_new_looks_at_the_class():
    for wrong in [int, float, object, 5, None]:
        with pytest.raises(TypeError):
            b.Id.__new__(wrong, "5")
    with pytest.raises(TypeError):
        b.Id.__new__()
    assert b.Id.__new__(b.Id, "5").radix == 10


@needs("Serial")
def test_what_is_dropped():
    counts = Counts()
    things = [b.Serial("me", 2**70 + number) for number in range(20)]
    things += [b.Serial("me", number) for number in range(20)]
    counts.check(40)
    for number, thing in enumerate(things):
        thing.rename(f"you{number}")
        assert (
            thing.owner == b.owner_of(thing) == f"you{number}"
            and thing == (2**70 if number < 20 else -20) + number
        )
    for wrong in [("", 5), ("me", "x"), ("me",)]:
        with pytest.raises((ValueError, TypeError)):
            b.Serial(*wrong)
    del thing, things
    counts.check()


@needs("Serial", "Dated")
def test_a_base_in_between():
    counts = Counts()
    things = [b.Dated("today", "me", 2**70 + number) for number in range(20)]
    for number, thing in enumerate(things):
        thing.rename("you")
        assert (thing.date, thing.owner, b.owner_of(thing), thing) == (
            "today", "you", "you", 2**70 + number,
        )
    assert b.Dated.__mro__ == (b.Dated, b.Serial, int, object)
    counts.check(20)
    del thing, things
    counts.check()


@needs("Stack")
def test_list():
    counts = Counts()
    stack = b.Stack(3, 1, 2)
    assert type(stack) is b.Stack and stack == [1, 2] and stack.limit == 3
    stack.push(3)
    with pytest.raises(IndexError, match="full"):
        stack.push(4)
    stack.extend([4, 5])
    assert stack[1:] == [2, 3, 4, 5] and sum(stack) == 15 and stack.limit == 3
    stack[0] = 50
    del stack[1]
    assert stack == [100, 3, 4, 5]
    stack.other = [stack]
    with pytest.raises(ValueError, match="too many"):
        b.Stack(0, 1)
    with pytest.raises(TypeError):
        b.Stack()
    counts.check(1)
    if PYPY8:  # A list of an extension's type is not collected in a cycle there.
        stack.other = None
    del stack
    counts.check()


@needs("Stack")
@pytest.mark.skipif(
    "HPY" in os.environ,
    reason="under a package hpy an item is what __getitem__ says, as of HPy_GetItem_i",
)
def test_items_of_a_list_whatever_getitem_says():
    class Loud(b.Stack):
        def __getitem__(self, index):
            return "not " + str(self.at(index))

    loud = Loud(3, "a", "b")
    assert loud[1] == "not b" and loud.at(0) == "a"
    with pytest.raises(IndexError, match="no such item"):
        loud.at(2)


@needs("Defaults")
def test_dict():
    thing = b.Defaults(list)
    assert type(thing) is b.Defaults and thing == {} and thing.make is list
    thing["a"].append(1)
    thing["a"].append(2)
    thing["b"] = 5
    assert thing == {"a": [1, 2], "b": 5} and thing.missed == 1 and thing.get("c") is None
    assert sorted(thing) == ["a", "b"] and thing.pop("b") == 5 and "b" not in thing
    thing.update({str(number): number for number in range(100)})
    assert len(thing) == 101 and thing.missed == 1


def classes_end():
    """Whether classes end before the interpreter does.

    They do not on 3.13 without the GIL, once a second thread was started.
    """

    class Plain:
        pass

    plain = weakref.ref(Plain)
    del Plain
    gc.collect()
    immortal = sysconfig.get_config_var("Py_GIL_DISABLED") and sys.version_info[:2] == (3, 13)
    assert immortal or plain() is None
    return plain() is None


@needs("Counting")
def test_type():
    counts = Counts()

    class Thing(metaclass=b.Counting):
        attribute = 5

    class Sub(Thing):
        pass

    assert type(Thing) is b.Counting and type(Sub) is b.Counting and isinstance(Sub, type)
    assert (
        [Thing.count(), Thing.count(), Sub.count()] == [1, 2, 1]
        and (Thing.made, Sub.made) == (2, 1)
    )
    assert Thing().attribute == 5 and b.Counting("Made", (Thing,), {"x": 1})().x == 1
    ends = classes_end()
    counts.check(2 if ends else 3)
    del Thing, Sub
    counts.check(0 if ends else 3)


@pytest.mark.skipif(
    PYPIS_HPY, reason="hpy 0.9.0 has no data for instances of a subclass written in Python"
)
@needs("Angle")
def test_python_subclasses():
    class Own(b.Angle):
        def __new__(cls, degrees, name):
            self = super().__new__(cls, degrees)
            self.name = name
            return self

    thing = Own(361, "a")
    assert (float(thing), thing.turns, thing.name, type(thing)) == (1.0, 1, "a", Own)
    assert thing + 1 == 2 and 1 + thing == 2 and type(thing + 1) is b.Angle
    if "Serial" not in b.missing:

        class Sub(b.Serial):
            pass

        sub = Sub("me", 2**100)
        sub.rename("you")
        assert (sub, sub.owner, b.owner_of(sub)) == (2**100, "you", "you")
    if "Stack" not in b.missing:

        class Deep(b.Stack):
            def __init__(self, *args):
                super().__init__(*args)
                self.extra = len(self)

        deep = Deep(5, 1, 2)
        deep.push(3)
        assert (deep, deep.extra, deep.limit) == ([1, 2, 3], 2, 5)
        with pytest.raises(TypeError):

            class Both(b.Stack, b.Defaults):
                pass


@needs("Tag")
def test_types_without_subclass_are_final():
    with pytest.raises(TypeError, match="acceptable base"):

        class Sub(b.Tag):
            pass


@needs("Angle", "Tag")
def test_copies():
    """A copy is made by the constructor, or refused, or lacks the data. It never has another's."""
    for thing in [b.Angle(365), b.Tag("x", weight=3)]:
        try:
            again = copy.copy(thing)
        except TypeError:
            continue
        assert again == thing
        if type(again) is type(thing) and again is not thing:
            try:
                assert getattr(again, "turns", 0) in (0, 1)
            except TypeError as error:
                assert "was not made by" in str(error)


@needs("Counting")
def test_a_metaclass_that_is_given_something_else():
    """`type.__new__` hands over to the metaclass of a base.

    What that returns has no room for the data.
    """
    made = []

    class Odd(b.Counting):
        def __new__(cls, *args):
            made.append(object())
            return made[-1]

    Class = type.__new__(Odd, "Class", (), {})
    for _ in range(50):
        with pytest.raises(RuntimeError, match="no room"):
            b.Counting("Another", (Class,), {})
    assert len(made) == 50 and {type(one) for one in made} == {object}
