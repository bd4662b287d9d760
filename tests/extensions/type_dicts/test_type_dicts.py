"""Types whose instances have a `__dict__` or can be referred to weakly."""

import copy
import gc
import inspect
import pickle
import sys
import weakref

import pytest
import type_dicts as t
from hpy_hosts import GRAALPY_HPY, PYPIS_HPY, PYPY_HPY

CPYTHON = sys.implementation.name == "cpython"
PYPY = sys.implementation.name == "pypy"
GRAALPY = sys.implementation.name == "graalpy"
# All objects of extensions have both there, asked for or not.
HAVE_BOTH = PYPY or GRAALPY_HPY


def needs(*names):
    """What an interpreter cannot have it refuses with a reason."""
    why = [t.missing[name] for name in names if name in t.missing]
    return pytest.mark.skipif(bool(why), reason="; ".join(why) or "there are all")


def collect():
    for _ in range(5):
        gc.collect()


def test_what_is_missing():
    missing = set(t.missing)
    if PYPIS_HPY:
        assert missing == {"Open", "Watched", "Bag", "Dog", "Row"}
        assert "no data for instances of a class that Python makes" in t.missing["Open"]
    elif PYPY_HPY or GRAALPY:
        assert missing == {"Row"}
    else:
        assert missing == set()


@needs("Open")
def test_a_dict():
    thing = t.Open(3)
    assert thing.__dict__ == {} and thing.value == 3 and thing.twice() == 6
    thing.colour = "red"
    thing.write("size", 5)
    assert (thing.colour, thing.size, thing.__dict__) == ("red", 5, {"colour": "red", "size": 5})
    thing.value = 4
    assert thing.twice() == 8 and "value" not in thing.__dict__
    del thing.colour
    assert not hasattr(thing, "colour")
    # GraalPy 25's `vars` goes on showing what was deleted.
    assert GRAALPY or vars(thing) == {"size": 5}
    other = thing.another()
    assert type(other) is t.Open and other.value == 5 and vars(other) == {}
    assert (
        t.Open.__name__ == "Open"
        and t.Open.__module__ == "type_dicts"
        and "written on" in t.Open.__doc__
    )
    if CPYTHON and sys.version_info >= (3, 10):  # Before, a base's signature is not looked at.
        assert str(inspect.signature(t.Open)) == "(value, /)"


@needs("Open", "Watched", "Bag")
def test_only_what_was_asked_for():
    watched, bag = t.Watched(1), t.Bag(2)
    assert weakref.ref(watched)() is watched
    bag.anything = 1
    assert vars(bag) == {"anything": 1} and bag.kept == 2
    if HAVE_BOTH:
        watched.anything = 1
        assert weakref.ref(bag)() is bag
        return
    with pytest.raises(AttributeError):
        watched.anything = 1
    if GRAALPY:  # Classes in Python have both there.
        assert weakref.ref(bag)() is bag
        return
    with pytest.raises(TypeError, match="weak reference"):
        weakref.ref(bag)


@needs("Open")
@pytest.mark.skipif(
    GRAALPY, reason="GraalPy frees objects of extensions late, whatever gc.collect() is asked"
)
def test_weak_references():
    collect()
    alive = t.alive()
    thing = t.Open(1)
    gone = []
    seen = weakref.ref(thing, gone.append)
    proxy = weakref.proxy(thing)
    by_thing = weakref.WeakKeyDictionary({thing: 1})
    assert seen() is thing and proxy.twice() == 2 and len(by_thing) == 1 and t.alive() == alive + 1
    del thing
    collect()
    assert seen() is None and gone == [seen] and len(by_thing) == 0 and t.alive() == alive
    with pytest.raises(ReferenceError):
        proxy.twice()


@needs("Open")
@pytest.mark.skipif(
    GRAALPY,
    reason="GraalPy 25 collects no cycle through an object of Python; "
    "24 may leave dead objects alone for minutes",
)
def test_cycles_through_the_dict():
    collect()
    alive = t.alive()
    for number in range(100):
        thing = t.Open(number)
        thing.me = thing
        thing.others = [t.Open(number), thing]
        thing.others[0].back = thing
    del thing
    collect()
    assert t.alive() == alive


@needs("Open")
def test_who_derives():
    with pytest.raises(TypeError):

        class Sub(t.Open):
            pass

    if not PYPY_HPY:  # Nobody derives from a type that drops something there.

        class Deep(t.Bag):
            __slots__ = ("more",)

        class Wide(t.Bag):
            def __init__(self, kept):
                self.doubled = 2 * kept

    if not (PYPY_HPY or GRAALPY_HPY):
        deep, wide = Deep(1), Wide(4)
        deep.more, deep.less = 1, 2
        assert (deep.more, vars(deep), deep.kept, wide.doubled, wide.kept) == (
            1, {"less": 2}, 1, 8, 4,
        )
        with pytest.raises(TypeError):

            class Both(t.Bag, t.Animal):
                pass


@needs("Dog")
def test_a_base_in_rust():
    dog = t.Dog("Rex")
    dog.owner, dog.tricks = "Ann", 3
    assert (dog.name, dog.tricks, dog.owner, vars(dog)) == ("Rex", 3, "Ann", {"owner": "Ann"})
    assert isinstance(dog, t.Animal) and weakref.ref(dog)() is dog
    if not HAVE_BOTH:
        with pytest.raises(AttributeError):
            t.Animal("Tom").owner = "Bob"


@needs("Row")
def test_a_base_in_python():
    row = t.Row([1, 2])
    row.number, row.title = 5, "first"
    row.append(3)
    assert (row, row.number, row.title, weakref.ref(row)() is row) == ([1, 2, 3], 5, "first", True)


@needs("Open")
def test_data_that_no_constructor_made():
    """Whatever makes an object otherwise is refused, or the object has no data to use."""
    thing = t.Open(1)
    thing.note = "x"
    makers = [
        lambda: object.__new__(t.Open),
        lambda: copy.copy(thing),
        lambda: pickle.loads(pickle.dumps(thing)),
        lambda: t.Open.__mro__[1].__new__(t.Open),
    ]
    for make in makers:
        try:
            again = make()
        except TypeError:
            continue
        with pytest.raises(TypeError):
            again.twice()
    assert thing.twice() == 2


@needs("Open")
@pytest.mark.skipif(
    PYPY_HPY or GRAALPY_HPY,
    reason="PyPy 7.3's and GraalPy 24's own HPy let an object get any class",
)
def test_the_dict_is_exchanged():
    thing = t.Open(1)
    thing.__dict__ = {"a": 1}
    assert thing.a == 1 and thing.twice() == 2
    with pytest.raises(TypeError):
        thing.__dict__ = 5
    with pytest.raises(TypeError):
        thing.__class__ = t.Bag
    for _ in range(1000):
        other = t.Open(2)
        other.a = other.b = 1
        other.__dict__ = thing.__dict__
    assert thing.a == 1
