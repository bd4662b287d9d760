"""Types that derive from other types written in Rust."""

import gc
import struct
import sys

import pytest
import type_bases as t
from type_bases import Animal, Dog, Ghost, Puppy
from hpy_hosts import GRAALPY_HPY, PYPIS_HPY, PYPY_HPY

CPYTHON = sys.implementation.name == "cpython"
GRAALPY = sys.implementation.name == "graalpy"
PYPY8 = sys.implementation.name == "pypy" and not PYPY_HPY

subclasses = pytest.mark.skipif(
    PYPIS_HPY or GRAALPY_HPY or PYPY_HPY,
    reason="hpy 0.9.0 and GraalPy 24's own HPy have no data for instances of a subclass written in "
    "Python; PyPy's own HPy aborts when it finalizes one",
)


class Counts:
    """How many values are alive, with what is dropped late collected first.

    GraalPy drops on another thread, at any time, and collects for seconds: the numbers are not
    checked there.
    """

    def __init__(self):
        collect()
        self.before = t.alive()

    def check(self, more=0):
        collect()
        assert GRAALPY or t.alive() == self.before + more


def collect():
    for _ in range(0 if GRAALPY else 1 if CPYTHON else 2):
        gc.collect()


def test_classes():
    # PyPy 8 has classes in between, which keep the data of several types apart.
    mro = [cls for cls in Puppy.__mro__ if cls.__module__ != "hpy"]
    assert mro == [Puppy, Dog, Animal, object]
    assert PYPY8 or Dog.__bases__ == (Animal,)
    assert issubclass(Ghost, Animal) and not issubclass(Ghost, Dog)
    assert isinstance(Puppy("p", 1), Animal)


def test_data_of_each_level():
    dog = Dog("Rex", 3)
    assert (dog.name, dog.tricks) == ("Rex", 3)
    assert dog.introduce() == "I am Rex" and dog.learn(4) == 7
    dog.rename("Max")
    dog.tricks = 9
    assert (dog.name, dog.tricks, dog.both()) == ("Max", 9, "Max: 9")
    dog.name = "x" * 1000
    assert dog.learn(1) == 10 and len(dog) == 1000
    puppy = Puppy("Bo", 6)
    assert (puppy.name, puppy.tricks, puppy.weeks) == ("Bo", 0, 6)
    puppy.learn(2)
    puppy.rename("Boo")
    assert (puppy.both(), puppy.weeks) == ("Boo: 2", 6)


def test_data_that_is_aligned_to_two_words():
    most = sys.maxsize ** 2  # Two words hold it.
    whales = [t.Whale("w" * number, most - number) for number in range(1, 50)]
    for number, whale in enumerate(whales, 1):
        whale.rename(whale.name + "!")
        assert (whale.name, whale.tons) == ("w" * number + "!", most - number)


def test_such_data_without_a_base_and_below_other_data():
    most = 2 ** (8 * struct.calcsize("P") - 2)
    masses = [t.Mass(most - number) for number in range(50)]
    parcels = [t.Parcel(most - number, number) for number in range(50)]
    for number, (mass, parcel) in enumerate(zip(masses, parcels)):
        assert mass.grams == parcel.grams == most - number and mass(2) == 2 * mass.grams
        assert mass.name == parcel.name == f"{mass.grams} g" and parcel.stamps == number
        mass.grams = parcel.grams = number
        parcel.stamps += 1
        assert (mass.grams, parcel.grams, parcel.stamps) == (number, number, number + 1)
        assert mass.name == parcel.name and parcel(3) == 3 * number


def test_methods_are_inherited_and_overridden():
    assert [Animal("a").kind(), Dog("d").kind(), Puppy("p", 1).kind()] == ["animal", "dog", "dog"]
    assert Animal.kind(Dog("d")) == "animal"
    assert repr(Dog("d")) == 'Dog("d")' and repr(Puppy("p", 1)) == 'Dog("p")'
    assert Puppy("p", 1) == Puppy("q", 1) and Puppy("p", 1) != Puppy("p", 2)
    if not PYPY_HPY:  # Which gives a method's function any object.
        with pytest.raises(TypeError):
            Dog.learn(Animal("a"), 1)
    with pytest.raises(AttributeError):
        Animal("a").learn


def test_rust_takes_and_makes_them():
    assert [t.name_of(x) for x in [Animal("a"), Dog("d"), Puppy("p", 1)]] == ["a", "d", "p"]
    assert [t.tricks_of(x) for x in [Animal("a"), Dog("d", 2), Puppy("p", 1)]] == [None, 2, 0]
    grown = Puppy("Bo", 60).grown()
    assert type(grown) is Dog and (grown.name, grown.tricks) == ("Bo", 60)
    ghost = t.make_ghost("Boo")
    assert type(ghost) is Ghost and ghost.introduce() == "I am Boo"
    with pytest.raises(TypeError, match="must be Animal, not int"):
        t.name_of(5)
    with pytest.raises(ValueError, match="no name"):
        t.make_ghost("")


def test_constructors():
    with pytest.raises(TypeError, match="cannot create 'Ghost' instances"):
        Ghost("g")
    with pytest.raises(TypeError):
        Dog()
    counts = Counts()
    for make in [lambda: Animal(""), lambda: Dog(""), lambda: Puppy("", 1)]:
        for _ in range(5):
            with pytest.raises(ValueError, match="no name"):
                make()
    counts.check()


def test_every_level_is_dropped_once():
    counts = Counts()
    things = [
        cls for _ in range(20) for cls in (Animal("a"), Dog("d"), Puppy("p", 1), t.make_ghost("g"))
    ]
    counts.check(20 * 6)
    del things
    counts.check()


def test_borrows_are_per_level():
    dog = Dog("Rex")
    assert dog.call_mut(lambda: dog.learn(1)) == 1
    with pytest.raises(RuntimeError, match="Animal is already mutably borrowed"):
        dog.call_mut(lambda: dog.both())
    with pytest.raises(
        RuntimeError, match="Animal is already borrowed|Animal is already mutably borrowed"
    ):
        dog.call_mut(lambda: dog.rename("x"))
    assert dog.name == "Rex"


def without_constructor(new, cls, *args):
    try:
        return new(cls, *args)
    except TypeError:
        return None


def test_levels_without_constructor_are_told():
    counts = Counts()
    for cls in [Dog, Puppy]:
        half = without_constructor(Animal.__new__, cls, "half")
        if half is not None:
            assert half.introduce() == "I am half"
            with pytest.raises(TypeError, match="was not made by"):
                half.learn(1)
            with pytest.raises(TypeError, match="was not made by"):
                half.both()
        empty = without_constructor(object.__new__, cls)
        if empty is not None:
            for use in [empty.introduce, lambda: empty.learn(1)]:
                with pytest.raises(TypeError, match="was not made by"):
                    use()
        half = empty = None
    with pytest.raises(TypeError):
        Dog.__new__(Animal, "a")
    counts.check()


@pytest.mark.skipif(
    GRAALPY, reason="GraalPy lets an object get any class, whatever data that has"
)
def test_objects_that_get_a_class_with_more_data():
    counts = Counts()
    refused = 0
    for cls in (Dog, Puppy):
        for _ in range(50):
            animal = Animal("a")
            try:
                animal.__class__ = cls
            except TypeError:
                refused += 1
                continue
            # What lies behind the memory is not looked at, also not when the object ends.
            with pytest.raises(TypeError, match="was not made by"):
                animal.learn(1)
            with pytest.raises(TypeError, match="was not made by"):
                animal.both()
            assert animal.introduce() == "I am a"
            animal.__class__ = Animal
    assert refused == (0 if PYPY_HPY else 100)
    animal = None
    counts.check()
    if PYPY_HPY:
        animals = [Animal("a") for _ in range(50)]
        for animal in animals:
            animal.__class__ = Puppy
        animals = animal = None
        # Nothing is dropped of what is not an instance's.
        counts.check(50)


@subclasses
def test_python_subclasses():
    class Old(Puppy):
        def kind(self):
            return "old " + super().kind()

    class Slots(Old):
        __slots__ = ("extra",)

    class Skips(Dog):
        def __new__(cls, name):
            return Animal.__new__(cls, name)

    counts = Counts()
    a, b = Old("a", 1), Slots("b", 2)
    a.own, b.extra = 5, a
    assert (a.kind(), b.kind()) == ("old dog", "old dog")
    assert (b.name, b.tricks, b.weeks, b.extra.weeks) == ("b", 0, 2, 1)
    assert b.learn(3) == 3 and t.name_of(b) == "b" and t.tricks_of(b) == 3
    skips = without_constructor(Skips, "s")
    if skips is not None:
        assert skips.introduce() == "I am s"
        with pytest.raises(TypeError, match="was not made by"):
            skips.learn(1)
    del a, b, skips
    counts.check()


@subclasses
def test_multiple_inheritance():
    class Mixed(Dog, Animal):
        pass

    assert Mixed("m", 1).both() == "m: 1"

    class Plain:
        pass

    class WithPlain(Dog, Plain):
        pass

    assert WithPlain("m", 1).both() == "m: 1"


def test_bases_whose_data_would_overlap():
    with pytest.raises(TypeError):
        type("Both", (Dog, t.Cat), {})


def test_bases_of_which_one_has_room_alone():
    for bases in ((t.Narrow, t.Broad), (t.Broad, t.Narrow)):
        try:
            both = type("Both", bases, {})
        except TypeError:
            continue
        # The room is that of the first one's data.
        assert PYPY_HPY or GRAALPY
        things = []
        for _ in range(100):
            if bases[0] is t.Broad:
                things.append(t.Broad.__new__(both))
                assert things[-1].sum() == 2000
            else:
                with pytest.raises(RuntimeError, match="no room for the data of Broad"):
                    t.Broad.__new__(both)
                things.append(t.Narrow.__new__(both))
                assert things[-1].first() == 1
                with pytest.raises(TypeError, match="was not made by"):
                    things[-1].sum()


def test_types_without_subclass_are_final():
    with pytest.raises(TypeError, match="acceptable base"):

        class Sub(Ghost):
            pass


def cycles():
    """Objects that hold themselves, by either level's field."""
    fork = t.Fork(None, None)
    fork.next = fork
    other = t.Fork(None, None)
    other.other = [other]
    named = t.Named("n", None)
    named.next = {"named": named}
    return fork, other, named


def test_fields_of_each_level():
    fork = t.Fork([1], [2])
    fork.swap()
    assert (fork.next, fork.other) == ([2], [1])
    fork.other = fork.next
    assert fork.other is fork.next
    collect()
    assert (fork.next, fork.other) == ([2], [2])
    assert (t.Named("n", [3]).next, t.Link(4).next) == ([3], 4)


@pytest.mark.skipif(
    PYPY8 or GRAALPY,
    reason="PyPy 8 and GraalPy 24 never collect cycles through fields, GraalPy 25 some, later",
)
def test_cycles_of_each_level_are_collected():
    counts = Counts()
    for _ in range(10):
        cycles()
    things = cycles()
    counts.check(3)
    assert things[0].next is things[0] and things[1].other[0] is things[1]
    del things
    counts.check()


@pytest.mark.skipif(
    not CPYTHON, reason="gc.get_referents of PyPy and GraalPy does not ask objects of extensions"
)
def test_each_field_is_shown_once():
    """More often, and the collector would take what is held elsewhere for garbage."""
    one, two = [1], [2]
    for thing, held in [
        (t.Fork(one, two), [one, two]), (t.Named("n", one), [one]), (t.Link(two), [two]),
    ]:
        assert sorted(shown for shown in gc.get_referents(thing) if type(shown) is list) == held


@pytest.mark.parametrize("place", ["before object", "after"])
def test_classes_with_a_type_in_their_mro_alone(place):
    """PyPy takes any `mro()`. Instances of such a class are as small as those of `object`."""
    for type_, method in ((t.Broad, "sum"), (t.Narrow, "first")):

        class Meta(type):
            def mro(cls):
                return [cls, type_, object] if place == "before object" else [cls, object, type_]

        try:
            class Fake(metaclass=Meta):
                pass
        except TypeError as error:
            assert "layout" in str(error)
            continue
        kept = []
        for round_ in range(200):
            for make in (Fake, lambda: type_.__new__(Fake)):
                try:
                    kept.append(make())
                except (TypeError, RuntimeError):
                    pass
            kept.append(type_())
            fake = object.__new__(Fake)
            with pytest.raises(TypeError):
                getattr(type_, method)(fake)
            kept.append(fake)
            if round_ % 50 == 0:
                collect()
        assert {getattr(it, method)() for it in kept if type(it) is type_} == {
            2000 if type_ is t.Broad else 1
        }
        kept.clear()
        collect()
