"""Enums whose variants hold data: a class for each variant."""

import gc
import sys

import data_enums as t
import pytest
from data_enums import Ends, Shape, Tree


def test_each_variant_is_a_class():
    assert isinstance(Shape, type) and isinstance(Shape.Circle, type)
    for name in ["Circle", "Rect", "Pair", "Nothing", "Point"]:
        variant = getattr(Shape, name)
        assert issubclass(variant, Shape) and variant.__name__ == name
        assert variant.__qualname__ == "Shape." + name and variant.__module__ == "data_enums"
    circle = Shape.Circle(radius=2.0)
    assert type(circle) is Shape.Circle and isinstance(circle, Shape)
    assert not isinstance(circle, Shape.Rect) and t.is_shape(circle) and not t.is_shape(1)
    assert Shape.__doc__ == "A shape in the plane."
    assert Shape.Circle.__doc__.endswith("All points at a distance.")
    assert Shape.Circle.radius.__doc__ == "The distance."


def test_fields_are_attributes():
    assert Shape.Circle(2.0).radius == 2.0 and Shape.Circle().radius == 1.0
    rect = Shape.Rect(h=1.0, w=3.0)
    assert (rect.w, rect.h) == (3.0, 1.0)
    pair = Shape.Pair(4.0, _1=5.0)
    assert (pair._0, pair._1) == (4.0, 5.0)
    assert not hasattr(pair, "w") and not hasattr(Shape, "radius")
    with pytest.raises(AttributeError):
        rect.w = 5.0


def test_tuples_have_items():
    pair = Shape.Pair(4.0, 5.0)
    assert len(pair) == 2 and (pair[0], pair[1], pair[-1], pair[-2]) == (4.0, 5.0, 5.0, 4.0)
    for wrong in [2, -3, 2**62, -(2**200)]:
        with pytest.raises(IndexError):
            pair[wrong]
    with pytest.raises(TypeError):
        len(Shape.Rect(1.0, 2.0))


def test_constructors_check_arguments():
    assert isinstance(Shape.Nothing(), Shape.Nothing) and isinstance(Shape.Point(), Shape)
    with pytest.raises(TypeError, match="radius"):
        Shape.Circle("x")
    with pytest.raises(TypeError, match="h"):
        Shape.Rect(1.0)
    with pytest.raises(TypeError):
        Shape.Nothing(1)
    with pytest.raises(TypeError, match="Shape"):
        Shape()
    assert Tree.Leaf(1, label="x").label == "x" and Tree.Leaf(1).label == "none"
    with pytest.raises(TypeError):
        Tree.Leaf(1, "x")


def test_methods_are_those_of_the_enum():
    assert Shape.Circle(2.0).area() == 12.0 and Shape.Nothing().is_empty
    doubled = Shape.Rect(1.0, 2.0).doubled()
    assert type(doubled) is Shape.Pair and doubled._1 == 4.0
    assert type(Shape.unit()) is Shape.Rect and Shape.SIDES == Shape.Circle.SIDES == 4
    assert Shape.area(Shape.Pair(2.0, 3.0)) == 6.0
    with pytest.raises(TypeError):
        Shape.area(1)


def test_values_go_both_ways():
    for shape in [Shape.Circle(2.0), Shape.Pair(1.0, 2.0), Shape.Nothing(), Shape.Point()]:
        again = t.same(shape)
        assert type(again) is type(shape) and again == shape and again is not shape
    assert t.by_value([Shape.unit(), Shape.Pair(2.0, 3.0)]) == 7.0
    assert type(t.instance(3.0)) is Shape.Circle and t.instance(3.0).radius == 3.0
    with pytest.raises(TypeError, match="Shape"):
        t.same(1.0)


def test_what_rusts_traits_give():
    assert repr(Shape.Circle(1.5)) == "Circle { radius: 1.5 }"
    assert Shape.Pair(1.0, 2.0) == Shape.Pair(1.0, 2.0) != Shape.Pair(2.0, 1.0)
    assert Shape.Rect(1.0, 2.0) != Shape.Pair(1.0, 2.0) and Shape.Point() != 5
    assert hash(Shape.Pair(1.0, 2.0)) == hash(Shape.Pair(1.0, 2.0))
    assert len({Shape.Nothing(), Shape.Nothing(), Shape.Point()}) == 2


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 has no match statement")
def test_match_statements_take_them_apart():
    scope = {"Shape": Shape, "Tree": Tree}
    exec(
        """
def name(shape):
    match shape:
        case Shape.Circle(radius):
            return "circle", radius
        case Shape.Rect(w=w, h=1.0):
            return "flat", w
        case Shape.Pair(a, b):
            return "pair", a, b
        case Shape.Point():
            return "point"
        case Shape():
            return "other"
        case Tree.Leaf(value, label):
            return value, label
""",
        scope,
    )
    name = scope["name"]
    assert name(Shape.Circle(3.0)) == ("circle", 3.0)
    assert name(Shape.Rect(2.0, 1.0)) == ("flat", 2.0)
    assert name(Shape.Rect(2.0, 2.0)) == name(Shape.Nothing()) == "other"
    assert name(Shape.Pair(1.0, 2.0)) == ("pair", 1.0, 2.0)
    assert name(Shape.Point()) == "point" and name(5) is None
    assert name(Tree.Leaf([1])) == ([1], "none")
    assert Shape.Pair.__match_args__ == ("_0", "_1") and Shape.Nothing.__match_args__ == ()


def test_other_names_and_objects():
    leaf = Tree.Leaf({1: 2})
    assert leaf.value == {1: 2} and type(leaf) is Tree.Leaf
    both = Tree.two_nodes(leaf, None)
    assert both._0 is leaf and both._1 is None and len(both) == 2
    deep = Tree.two_nodes(both, leaf)
    assert deep(10) == 13 and leaf(0) == 1
    assert "none" in leaf and "none" not in both
    with pytest.raises(TypeError):
        Tree.two_nodes(1, None)


def test_the_enum_may_have_a_constructor():
    made = Tree("x")
    assert type(made) is Tree.Leaf and made.value == "x" and made.label == "new"


def test_nobody_derives_from_them():
    with pytest.raises(TypeError):

        class Other(Shape):
            pass

    with pytest.raises(TypeError):

        class Round(Shape.Circle):
            pass


def test_another_class_does_not_make_another_variant():
    shape = Shape.Pair(1.0, 2.0)
    try:
        shape.__class__ = Shape.Rect
    except TypeError:
        return
    assert shape.area() == 2.0
    with pytest.raises(TypeError):
        shape.w


def test_objects_without_a_value_are_refused():
    try:
        shape = object.__new__(Shape.Circle)
    except TypeError:
        return
    with pytest.raises(TypeError):
        shape.radius
    with pytest.raises(TypeError):
        shape.area()


def test_values_are_dropped_once():
    before = t.dropped()
    ends = [Ends.With(1) for _ in range(10)]
    assert ends[0]._0 == "token" and t.dropped() == before
    del ends
    for _ in range(5):
        gc.collect()
    if sys.implementation.name != "graalpy":
        # Its collector takes its time.
        assert t.dropped() == before + 10
    assert isinstance(Ends.Without(), Ends)


def test_cycles_are_collected():
    for _ in range(100):
        items = []
        items.append(Tree.two_nodes(Tree.Leaf(items), None))
    gc.collect()
    assert items[0]._0.value is items
