"""Options of classes."""

import collections.abc
import inspect
import sys
import types

import class_options as t
import pytest
from class_options import (
    Account,
    Counter,
    IntPile,
    Line,
    Options,
    Pair,
    Point,
    Row,
    Stack,
    Table,
    TextPile,
)
from hpy_hosts import GRAALPY_HPY, PYPIS_HPY, PYPY_HPY

subclasses = pytest.mark.skipif(
    PYPIS_HPY or GRAALPY_HPY,
    reason="instances of Python's subclasses have no room for the data there",
)


def test_get_all_and_set_all():
    point = Point(1, 2)
    assert (point.x, point.y) == (1.0, 2.0)
    point.x = 5
    assert point.x == 5.0
    with pytest.raises(TypeError, match="Point.x"):
        point.x = "a"
    if not PYPY_HPY:
        assert Point.x.__doc__ == "To the right."
    line = Line(3, "dotted")
    with pytest.raises(AttributeError):
        line.lineWidth = 4


def test_constructor_takes_the_fields():
    assert Point(2).y == 1.5 and Point(y=3, x=4).y == 3.0
    with pytest.raises(TypeError):
        Point()
    with pytest.raises(TypeError):
        Point(1, 2, 3)
    with pytest.raises(TypeError, match="z"):
        Point(1, z=2)
    with pytest.raises(TypeError, match="x"):
        Point("a")


@subclasses
def test_constructor_makes_instances_of_subclasses():
    class Derived(Point):
        pass

    assert Derived(1).x == 1.0 and type(Derived(1)) is Derived


@pytest.mark.skipif(
    sys.implementation.name != "cpython" or sys.version_info < (3, 10),
    reason="CPython 3.9 takes the signature out of a class's docs, and other interpreters show the "
    "signatures of types in other ways, or not at all",
)
def test_constructor_has_a_signature():
    assert str(inspect.signature(Point)) == "(x, y=1.5)"
    assert list(inspect.signature(Line).parameters) == [
        "lineWidth",
        "type_",
        "endPoint",
        "allTags",
    ]


def test_other_names_and_defaults():
    line = Line(3, "dotted")
    assert (line.lineWidth, line.type_, line.endPoint, line.allTags) == (3, "dotted", None, ["a"])
    assert not hasattr(line, "secret") and line.hidden_sum() == 7
    end = Point(1, 2)
    line = Line(lineWidth=1, type_="b", allTags=[], endPoint=end)
    assert line.endPoint is end and line.allTags == []
    for name in ["secret", "more", "line_width"]:
        with pytest.raises(TypeError):
            Line(1, "a", **{name: 1})


def test_texts_by_a_format_string():
    assert str(Point(1, 2)) == "(1, 2.0) {2}"
    assert repr(Point(1, 2)) == "Point(1.0, 2.0)"
    assert str(Pair(1, "b")) == "1 and b" and (Pair(1, "b").first, Pair(1, "b").second) == (1, "b")
    assert repr(t.Empty()) == "Empty {}"
    with pytest.raises(RuntimeError, match="Display"):
        str(t.Failing())


def test_data_is_taken_by_value():
    near, far = Point(1, 1), Point(5, 5)
    assert t.farther(near, [near, far]).x == 5.0 and t.farther(far, [near]).x == 5.0
    with pytest.raises(TypeError, match="Point"):
        t.farther(5, [])
    one = Options("a", 3)
    assert t.name_of(one, None, Options("a", 3)) == "a None"
    assert t.name_of(one, Options("b"), one) == "a b"
    assert one == Options("a", level=3) and hash(one) == hash(Options("a", 3))
    counter = Counter(2)
    assert t.counted(counter) == 3
    with pytest.raises(RuntimeError):
        counter.with_borrow(lambda: t.counted(counter))
    assert counter.with_borrow(lambda: 5) == 5 and counter.count == 5


def test_a_field_with_a_setter():
    thermometer = t.Thermometer(degrees=20)
    thermometer.degrees = 30
    assert thermometer.degrees == 30.0
    with pytest.raises(ValueError, match="too cold"):
        thermometer.degrees = -300
    with pytest.raises(TypeError):
        thermometer.degrees = "warm"
    with pytest.raises((AttributeError, TypeError)):
        del thermometer.degrees
    assert thermometer.degrees == 30.0
    if not PYPY_HPY:
        assert t.Thermometer.degrees.__doc__ == "In degrees Celsius."


def test_several_blocks():
    account = Account(balance=5)
    account.deposit(2)
    assert account.balance == 7 and account.twice == 14
    account.twice = 20
    assert account == Account(10) and account + 1 == 1 + account == Account(11)
    account.balance = 3
    assert list(account) == [2, 1, 0]
    assert Account.empty() == Account.zero == Account(0) and Account.limit() == 2**63 - 1
    assert Account.CURRENCY == "EUR"
    account = Account(4)
    assert account(2) == 8
    account.be_negative()
    assert account(2) == -8
    with pytest.raises(TypeError):
        hash(account)
    assert len(t.Both("abc")) == 3


def test_sequences_and_mappings():
    row = Row([1, 2, 3])
    assert isinstance(row, collections.abc.Sequence)
    assert not isinstance(row, collections.abc.Mapping)
    assert list(row) == [1, 2, 3] and row[-1] == 3 and t.total(row) == 6
    assert 2 in row and 5 not in row and list(reversed(row)) == [3, 2, 1]
    assert row.index(3) == 2 and row.count(1) == 1
    table = Table()
    assert isinstance(table, collections.abc.Mapping) and table["a"] == 1
    assert table.get("a") == 1 and table.get("b", 2) == 2 and table.get("c") == "own"
    assert list(table.items()) == [("a", 1)] and list(table.values()) == [1]
    assert "a" in table and "b" not in table and list(table.keys()) == ["a"]
    assert dict(table) == {"a": 1}
    assert not isinstance(Table(), collections.abc.Sequence)
    if sys.version_info >= (3, 10):
        source = """
def matched(object):
    match object:
        case [first, *_]:
            return first
        case {"a": value}:
            return {"a": value}
"""
        names = {}
        exec(source, names)
        assert names["matched"](row) == 1
        assert names["matched"](Table()) == {"a": 1}
        assert names["matched"](Stack) is None


def test_classes_with_parameters():
    alias = Stack[int]
    assert isinstance(alias, types.GenericAlias)
    assert alias.__origin__ is Stack and alias.__args__ == (int,)
    assert Account[int, str].__args__ == (int, str)
    assert Account[int](5).balance == 5


@subclasses
def test_classes_derive_from_one_with_a_parameter():
    class Derived(Stack[int]):
        pass

    assert Derived.__mro__[1] is Stack


def test_hidden_types():
    for name in ["Countdown", "Level", "Span", "Inner", "Unlisted"]:
        assert not hasattr(t, name) and not hasattr(t.inner, name)
    iterator = t.countdown(3)
    assert list(iterator) == [2, 1, 0]
    assert type(iterator).__name__ == "Countdown"
    assert type(iterator).__module__ == "class_options"
    with pytest.raises(TypeError):
        type(iterator)()
    assert t.level().name == "LOW" or t.level().name == "Low"
    assert t.span() == (1, 2) and t.span().end == 2


def test_types_that_no_module_lists():
    one = t.of_unlisted(5)
    assert one.number == 5 and type(one) is type(t.of_unlisted(6))
    assert type(one).__name__ == "Unlisted" and type(one).__module__ == "class_options"
    assert type(one)(7).number == 7


def test_instances_of_generic_structs():
    numbers, texts = IntPile([1, 2]), TextPile(items=["a"])
    numbers.push(3)
    assert numbers.items == [1, 2, 3] and len(numbers) == 3 and numbers.pop() == 3
    assert texts.top() == "a" and repr(texts) == 'Pile(["a"])'
    with pytest.raises(TypeError, match="IntPile.push"):
        numbers.push("a")
    with pytest.raises(TypeError):
        texts.push(1)
    assert numbers == IntPile([1, 2]) and numbers != IntPile([2]) and numbers != texts
    assert numbers.joined(IntPile([5])).items == [1, 2, 5]
    with pytest.raises(TypeError):
        numbers.joined(texts)
    assert IntPile.NAME == TextPile.NAME == "pile"
    assert numbers.total() == 3 and not hasattr(texts, "total")
    assert IntPile.__doc__.endswith("Whole numbers.") and TextPile.__doc__.endswith("A pile.")
    assert IntPile is not TextPile and type(numbers).__name__ == "IntPile"
    vector = t.Vector3([1, 2, 3])
    assert vector.length() == 3 and vector.parts == [1.0, 2.0, 3.0]
    with pytest.raises((TypeError, ValueError)):
        t.Vector3([1, 2])
