"""Objects that are pickled and copied."""

import copy
import pickle
import sys

import pickling as t
import pytest
from pickling import Animal, Color, Dog, IntBox, Item, ItemBox, Path, Point, Settings, Shape
from hpy_hosts import GRAALPY_HPY, PYPIS_HPY

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)

# PyPI's package hpy has no data for instances of a subclass written in Python, nor has GraalPy 24's
# own HPy.
subclasses = pytest.mark.skipif(
    PYPIS_HPY or GRAALPY_HPY,
    reason="hpy 0.9.0 and GraalPy 24's own HPy have no data for instances of a subclass "
    "written in Python",
)


class Named(Point):
    """A class of Python with a `__dict__`."""

    def __new__(cls, name):
        return super().__new__(cls, both=1.0)

    def __init__(self, name):
        self.name = name


class Slotted(Point):
    __slots__ = ("label", "unset")


class Own(Point):
    """One that says what its state is."""

    def __getstate__(self):
        return {"double": 2 * self.x}

    def __setstate__(self, state):
        self.double = state["double"]


try:

    class Loud(Dog):
        pass

except TypeError:
    # PyPy 7.3 has no classes of Python that derive from types with data to drop.
    Loud = None


def again(value, protocol):
    return pickle.loads(pickle.dumps(value, protocol))


def ways():
    return [lambda value, p=p: again(value, p) for p in PROTOCOLS] + [copy.copy, copy.deepcopy]


def test_fields_are_what_they_were():
    point = Point(both=2.5)
    point.y = -1.0
    for way in ways():
        other = way(point)
        assert type(other) is Point and other is not point and other == point
        assert (other.x, other.y, other.hidden) == (2.5, -1.0, 7)
        other.x = 0.0
        assert point.x == 2.5


def test_own_types_and_objects_in_them():
    start = Point(both=0.0)
    path = Path([Point(both=1.0), Point(both=2.0)], start, {"a": [1]})
    for way in ways():
        other = way(path)
        assert type(other) is Path and other.points == path.points
        assert other.start == start and other.other == {"a": [1]}
        assert other.shape == Shape.Rect(1.0, 2.0) and other.color is Color.Green
    assert copy.copy(path).start is start and copy.copy(path).other is path.other
    deep = copy.deepcopy(path)
    assert deep.start is not start and deep.other is not path.other


def test_what_is_the_same_stays_the_same():
    start = Point(both=1.0)
    path = Path([], start, start)
    for way in [again, lambda value, _: copy.deepcopy(value)]:
        other = way(path, 2)
        assert other.start is other.other is not start


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_variants(protocol):
    values = [Shape.Circle(radius=1.5), Shape.Rect(1.0, 2.0), Shape.Nothing()]
    values.append(Shape.Many(list(values)))
    for value in values:
        other = again(value, protocol)
        assert type(other) is type(value) and other == value
        assert copy.deepcopy(value) == copy.copy(value) == value
    assert again(Shape.Rect, protocol) is Shape.Rect
    assert [type(one) for one in again(values[3], protocol).shapes] == [
        type(one) for one in values[:3]
    ]


@subclasses
def test_classes_of_python():
    for way in ways():
        named = Named("n")
        named.x = 7.0
        other = way(named)
        assert type(other) is Named and (other.name, other.x, other.y) == ("n", 7.0, 1.0)
        slotted = Slotted(both=3.0)
        slotted.label = "l"
        other = way(slotted)
        assert type(other) is Slotted and (other.label, other.x) == ("l", 3.0)
        assert not hasattr(other, "unset")
        own = way(Own(both=4.0))
        assert type(own) is Own and own.double == 8.0 and own.x == 4.0


def test_bases_in_rust():
    dog = Dog("Rex", ["sit"])
    for way in ways():
        other = way(dog)
        assert type(other) is Dog and (other.name, other.tricks) == ("Rex", ["sit"])
        assert type(way(Animal("Cat"))) is Animal


@subclasses
@pytest.mark.skipif(Loud is None, reason="no class of Python derives from such a type here")
def test_classes_of_python_with_bases_in_rust():
    loud = Loud("Bo", [])
    loud.volume = 11
    for way in ways():
        other = way(loud)
        assert type(other) is Loud and (other.name, other.volume) == ("Bo", 11)


def test_by_serde():
    for settings in [Settings(3, None), Settings(4, 1970)]:
        for way in ways():
            other = way(settings)
            assert type(other) is Settings and other.level == settings.level
            assert other.mode == settings.mode


def test_constructors_from_the_fields():
    item = Item("a")
    item.count = 5
    assert item.change() == 1
    for way in ways():
        other = way(item)
        assert (type(other), other.label, other.count) == (Item, "a", 5)
        # `skip` hides a field from Python, not from pickles.
        assert other.change() == 2


def test_instances_of_generic_structs():
    for way in ways():
        number, empty = way(IntBox(3)), way(IntBox(None))
        assert (type(number), number.content, empty.content) == (IntBox, 3, None)
        item = way(ItemBox(Item("b")))
        assert type(item) is ItemBox and item.content.label == "b"


def test_hidden_classes_are_copied_only():
    assert copy.copy(t.hidden()).number == copy.deepcopy(t.hidden()).number == 3
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError), match="Hidden"):
        pickle.dumps(t.hidden())


def test_pickles_of_another_version_are_refused():
    restore = Point.__hpy_restore__
    for fields in [(), (1.0, 2.0), (1.0, 2.0, None, 3.0)]:
        with pytest.raises(TypeError, match="another version"):
            restore(*fields)
    with pytest.raises(TypeError, match=r"Point\.y: "):
        restore(1.0, "x", None)
    with pytest.raises(TypeError):
        restore(1.0, 2.0, None, x=1.0)
    with pytest.raises(TypeError):
        Point.__dict__["__hpy_restore__"].__get__(None, int)(1.0, 2.0, None)


@subclasses
def test_attributes_that_fail_are_told():
    class Fails(Point):
        @property
        def __dict__(self):
            raise ValueError("no dict")

    if sys.version_info < (3, 11):
        with pytest.raises(ValueError, match="no dict"):
            copy.copy(Fails(both=1.0))


def test_the_module_has_no_more_names():
    assert not [name for name in vars(t) if "restore" in name or "reduce" in name]
