"""What a type can have: members, attributes, methods, operators and the other protocols."""

import copy
import gc
import inspect
import operator
import os
import pickle
import platform
import struct
import sys
import time
import types
import weakref

import pytest
from hpy_hosts import PYPIS_HPY, PYPYS_DEBUG

import types_by_hand as t

NAME = sys.implementation.name
PYPY = NAME == "pypy"
GRAALPY = NAME == "graalpy"
# The interpreter's own HPy, or the package's.
FOREIGN = os.environ["HPY_TEST_ABI"] == "universal" and (
    PYPIS_HPY
    or (PYPY and sys.pypy_version_info < (8,))
    or (GRAALPY and sys.implementation.version < (25,))
)
PYPY_HPY = PYPY and FOREIGN
PYPY8 = PYPY and not FOREIGN
# GraalPy without an HPy of its own.
GRAALPY25 = GRAALPY and not FOREIGN
GRAALPY24 = GRAALPY and FOREIGN


def not_on_pypys(reason):
    return pytest.mark.skipif(PYPY_HPY, reason="PyPy's own HPy " + reason)


# The safe layer makes the context usable again.
NO_CALL_WITHIN = "in PyPy's debug mode no context may be used within a call of one of its functions"
not_from_within_a_call = pytest.mark.skipif(PYPYS_DEBUG, reason=NO_CALL_WITHIN)


def not_on_pypy8(reason):
    return pytest.mark.skipif(PYPY8, reason="PyPy " + reason)


def not_on_graalpy25(reason):
    return pytest.mark.skipif(GRAALPY25, reason="GraalPy " + reason)


def not_on_graalpy24(reason):
    return pytest.mark.skipif(GRAALPY24, reason="GraalPy's own HPy " + reason)


# CPython reads HPyMember_BYTE as C's char, which has no sign on most of Linux' processors.
CHAR_IS_SIGNED = (
    NAME != "cpython"
    or sys.platform != "linux"
    or platform.machine() in ("x86_64", "i386", "i686")
)

# The bits of C's long beside its sign. Windows has 31.
LONG = struct.calcsize("l") * 8 - 1

# PyPy's own HPy refuses larger ones.
MOST = 2**63 - 1 if PYPY_HPY else 2**64 - 1


@pytest.fixture
def everything():
    thing = t.Everything()
    yield thing
    assert thing.intact


def test_names():
    assert t.Everything.__name__ == "Everything"
    assert t.Everything.__module__ == "types_by_hand"
    assert t.Everything.__qualname__ == "Everything"
    assert t.Everything.__doc__ == "All kinds of everything."
    assert not t.Bare.__doc__
    if PYPY8:
        # A base in between gives the type a layout of its own.
        assert [base.__name__ for base in t.Everything.__mro__] == [
            "Everything", "layout", "object",
        ]
        assert t.Bare.__mro__ == (t.Bare, object)
    else:
        assert t.Everything.__mro__ == (t.Everything, object)
    assert type(t.Everything) is type
    assert repr(t.Everything) == "<class 'types_by_hand.Everything'>"


def test_new_and_init():
    assert t.Everything(5).int == 5
    assert t.Everything(5, object="x").object == "x"
    with pytest.raises(TypeError, match="at most one argument"):
        t.Everything(1, 2)
    with pytest.raises((TypeError, SystemError)):
        t.Everything("x")
    with pytest.raises(KeyError):
        t.Everything(other=1)
    thing = t.Everything.__new__(t.Everything, 1, 2, 3)
    assert thing.int == 0
    thing.__init__(7)
    assert thing.int == 7


@not_on_graalpy24("calls the function of a type with a class of another, and ends the process")
def test_new_of_an_int():
    with pytest.raises(TypeError):
        t.Everything.__new__(int)


@not_on_pypys("raises a MemoryError")
@not_on_graalpy25("ends the process when a `__new__` in C is called without arguments")
def test_new_of_nothing():
    with pytest.raises(TypeError):
        t.Everything.__new__()


@not_on_pypys("lets everybody make instances by object.__new__")
@not_on_pypy8("lets everybody make instances by object.__new__")
@not_on_graalpy24("lets everybody make instances by object.__new__")
def test_object_new_is_refused():
    with pytest.raises(TypeError):
        object.__new__(t.Everything)


@pytest.mark.skipif(
    not PYPY8, reason="only on PyPy 8 does `object.__new__` make instances with zeroes for data"
)
def test_object_new_makes_harmless_instances():
    """No function of the type has seen them: their data are zeroes."""
    thing = object.__new__(t.Everything)
    assert thing.int == 0 and thing.string is None and thing.object is None and not thing.intact
    thing.object = thing.object_ex = [thing]
    assert thing.noargs() == ("noargs", thing)
    for type_ in (t.Callable, t.CallableWithoutNew):
        with pytest.raises(TypeError):
            object.__new__(type_)()


@pytest.mark.skipif(
    FOREIGN,
    reason="hpy 0.9.0, PyPy's own HPy and GraalPy 24's write the function where the derived type "
    "has its data, and crash",
)
@pytest.mark.parametrize("wide", [False, True])
def test_types_that_derive_from_one_that_is_called(wide):
    derived = t.derive_called(t.Callable, wide)
    # PyPy does not tell.
    assert PYPY8 or derived.__basicsize__ > t.Callable.__basicsize__ - (not wide)
    things = [derived() for _ in range(1000)]
    for thing in things:
        assert thing(2, x=3)[3:] == (2, 3) and thing()[0] == "call"
        t.call_by_other(thing)
        assert thing()[0] == "other"
        assert not wide or thing.last == 1.5

    class Sub(derived):
        __slots__ = ("a", "b")

    thing = Sub()
    thing.a = thing.b = 5
    assert thing(1)[0] == "call" and (thing.a, thing.b) == (5, 5)
    more = t.derive_called(derived, True)()
    assert more(1)[3:] == (1,) and more.last == 1.5


@pytest.mark.skipif(
    FOREIGN or sys.implementation.name != "cpython",
    reason="PyPy and GraalPy end objects in a later collection; "
    "HPy 0.9.0 does not promise to release what a class in Python inherits",
)
def test_members_that_a_class_in_python_inherits_are_given_up():
    class Held:
        pass

    class Sub(t.Holding):
        pass

    thing = Sub()
    thing.held = Held()
    watch = weakref.ref(thing.held)
    del thing
    assert watch() is None


@pytest.mark.skipif(
    PYPIS_HPY,
    reason="hpy 0.9.0 looks for the data of a subclass written in Python in the object's head",
)
def test_new_of_other_types():
    class Sub(t.Everything):
        def __new__(cls, *args):
            return super().__new__(cls, *args)

    assert Sub(5).int == 5
    assert type(t.Everything.__new__(Sub)) is Sub
    # GraalPy's own HPy calls the function with any class.
    if not PYPY_HPY and not GRAALPY24:
        more = t.derive([t.Everything], None, 0)
        assert type(t.Everything.__new__(more)) is more
        for call in (
            lambda: t.Everything.__new__(5),
            lambda: t.Everything.__new__(t.Memory),
            lambda: t.Everything.__new__(object),
        ):
            with pytest.raises(TypeError):
                call()


@pytest.mark.parametrize(
    "name, values, wrong",
    [
        ("short", [0, 1, -(2**15), 2**15 - 1], "x"),
        ("int", [0, 1, -(2**31), 2**31 - 1], "x"),
        ("long", [0, 1, -(2**LONG), 2**LONG - 1], "x"),
        ("float", [0.0, 1.5, -2.0], "x"),
        ("double", [0.0, 1.1, -1e300], "x"),
        ("char", ["a", "z"], 5),
        ("byte", [0, 1, 127] + ([-128] if CHAR_IS_SIGNED else [128, 255]), "x"),
        ("ubyte", [0, 1, 255], "x"),
        ("ushort", [0, 1, 65535], "x"),
        ("uint", [0, 1, 2**32 - 1], "x"),
        ("ulong", [0, 1, min(MOST, 2 ** (LONG + 1) - 1)], "x"),
        ("bool", [True, False], "x"),
        ("longlong", [0, 1, -(2**63), 2**63 - 1], "x"),
        ("ulonglong", [0, 1, MOST], "x"),
        ("ssize", [0, 1, -sys.maxsize - 1, sys.maxsize], "x"),
        ("object", [None, [], "text", 5], None),
        ("object_ex", [None, [], "text", 5], None),
    ],
)
def test_members(everything, name, values, wrong):
    if GRAALPY24 and name in ("ubyte", "ushort", "ulong", "longlong", "ulonglong"):
        pytest.skip(
            "GraalPy's own HPy reads unsigned members as signed ones, "
            "and those of 64 bits the other way round"
        )
    for value in values:
        setattr(everything, name, value)
        assert getattr(everything, name) == value
        assert type(getattr(everything, name)) is type(value)
    if wrong is not None:
        with pytest.raises(TypeError):
            setattr(everything, name, wrong)
        with pytest.raises(TypeError):
            delattr(everything, name)


def test_members_of_text(everything):
    assert everything.string == "text"
    assert everything.inplace == "inplace"
    for name in ("string", "inplace"):
        with pytest.raises(TypeError):
            setattr(everything, name, "other")


def test_members_that_are_objects(everything):
    assert everything.object is None
    with pytest.raises(AttributeError):
        everything.object_ex
    value = object()
    everything.object = everything.object_ex = value
    assert everything.object is everything.object_ex is value
    del everything.object, everything.object_ex
    assert everything.object is None
    with pytest.raises(AttributeError):
        everything.object_ex


@pytest.mark.skipif(PYPIS_HPY, reason="hpy 0.9.0 allows it")
@not_on_pypys("has nothing against it")
def test_deleting_members_that_are_not_there(everything):
    with pytest.raises(AttributeError):
        del everything.object_ex


def test_members_that_are_none(everything):
    assert everything.none is None
    with pytest.raises((TypeError, SystemError)):
        everything.none = 5


def test_members_that_are_read_only():
    thing = t.Sealed()
    assert thing.int == 0 and thing.object is None
    for name in ("int", "object"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(thing, name, 5)
        with pytest.raises((AttributeError, TypeError)):
            delattr(thing, name)


@not_on_pypys("lets everybody derive from every type")
def test_a_type_that_is_no_base():
    with pytest.raises(TypeError):

        class Derived(t.Sealed):
            pass


def test_getsets(everything):
    everything.int = 21
    assert everything.doubled == 42
    everything.doubled = 10
    assert everything.int == 5
    assert t.Everything.doubled.__doc__ == "Twice `int`."


@not_on_graalpy24("does not ask the setter, and raises a TypeError")
def test_deleting_getsets(everything):
    with pytest.raises(AttributeError, match="cannot delete" if PYPY_HPY else "cannot be deleted"):
        del everything.doubled


@not_on_pypys("ends the process when an attribute without a setter is assigned to")
def test_getsets_that_cannot_be_set(everything):
    with pytest.raises(AttributeError):
        everything.intact = False


@not_on_pypys("does not look whose attribute is asked for, and passes any object's memory")
def test_getsets_of_another_object():
    with pytest.raises(TypeError):
        t.Everything.doubled.__get__(5)


@not_on_pypys("does not see that a setter fails")
def test_setters_that_fail(everything):
    with pytest.raises((TypeError, SystemError)):
        everything.doubled = "x"


def test_methods(everything):
    assert everything.noargs() == ("noargs", everything)
    assert everything.o(5) == ("o", everything, 5)
    assert everything.varargs() == ("varargs", everything)
    assert everything.varargs(1, 2) == ("varargs", everything, 1, 2)
    assert everything.keywords() == ("keywords", everything, 1, 2)
    assert everything.keywords(5, b=7) == ("keywords", everything, 5, 7)
    assert everything.keywords(a=3) == ("keywords", everything, 3, 2)
    for call in (
        lambda: everything.noargs(1),
        lambda: everything.o(),
        lambda: everything.o(1, 2),
        lambda: everything.varargs(x=1),
        lambda: everything.keywords(1, 2),
        lambda: everything.keywords(c=1),
        lambda: t.Everything.noargs(),
        lambda: t.Everything.noargs(5),
        lambda: t.Everything.o(object(), 5),
    ):
        with pytest.raises(TypeError):
            call()
    bound = everything.o
    assert bound(1) == t.Everything.o(everything, 1)
    assert t.Everything.o.__doc__ == "One argument."


def test_repr_and_str(everything):
    assert repr(everything) == "<everything>"
    assert str(everything) == "everything"
    assert f"{everything}" == "everything"


def test_attributes_that_are_not_there(everything):
    with pytest.raises(AttributeError):
        everything.other


@not_on_pypys("gives every object a dict")
@not_on_pypy8("gives every object a dict")
@not_on_graalpy24("gives every object a dict")
def test_attributes_that_nobody_declared(everything):
    with pytest.raises(AttributeError):
        everything.other = 5


BINARY = "add and_ floordiv lshift mul or_ mod rshift sub truediv xor".split()
INPLACE = "iadd iand ifloordiv ilshift imul ior imod irshift isub itruediv ixor".split()


@pytest.mark.parametrize("name", BINARY + INPLACE + ["matmul", "imatmul"])
def test_binary_operators(name):
    thing = t.Operators()
    assert getattr(operator, name)(thing, 5) == (name, thing, 5)
    assert getattr(operator, name)(thing, thing) == (name, thing, thing)


@not_on_pypys("has no reflected operators")
@pytest.mark.parametrize("name", BINARY + ["matmul"])
def test_reflected_operators(name):
    thing = t.Operators()
    assert getattr(operator, name)(5, thing) == (name, 5, thing)
    assert getattr(operator, name)(None, thing) == (name, None, thing)


def test_other_operators():
    thing = t.Operators()
    assert abs(thing) == ("abs", thing)
    assert ~thing == ("invert", thing)
    assert -thing == ("neg", thing)
    assert +thing == ("pos", thing)
    assert divmod(thing, 5) == ("divmod", thing, 5)
    assert thing**5 == ("pow", thing, 5, None)
    assert pow(thing, 5, 7) == ("pow", thing, 5, 7)
    assert operator.ipow(thing, 5)[:3] == ("ipow", thing, 5)
    assert int(thing) == 7 and operator.index(thing) == 7 and float(thing) == 7.5
    assert not thing
    assert [0, 1, 2, 3, 4, 5, 6, "x"][thing] == "x"


def test_operators_of_subclasses():
    class Sub(t.Operators):
        def __sub__(self, other):
            return "python"

        def __radd__(self, other):
            return "reflected"

    thing = Sub()
    assert thing - 1 == "python"
    assert thing + 1 == ("add", thing, 1)
    if not PYPY_HPY:
        assert 1 + thing == "reflected"


def test_operators_that_fail():
    thing = t.Failing()
    for call in (
        lambda: thing + 1,
        lambda: bool(thing),
        lambda: len(thing),
        lambda: hash(thing),
        lambda: thing == 1,
        lambda: thing < thing,
        lambda: thing[1],
        lambda: operator.setitem(thing, 1, 2),
        lambda: operator.delitem(thing, 1),
        lambda: {thing},
    ):
        with pytest.raises(KeyError, match="on purpose"):
            call()


def test_sequences():
    row = t.Sequence(1, 2, 3)
    assert len(row) == 3
    assert row[0] == 1 and row[-1] == 3
    assert list(row) == [1, 2, 3]
    with pytest.raises(IndexError):
        row[3]
    row[1] = 7
    del row[2]
    assert list(row) == [1, 7, -1]
    assert 7 in row and 5 not in row
    assert operator.concat(row, "x") == ("concat", row, "x")
    assert row * 3 == ("repeat", row, 3)
    assert operator.iconcat(row, "x") == ("iconcat", row, "x")
    with pytest.raises(TypeError):
        "x" in row
    assert not t.Sequence()


@not_on_pypys("has no in-place repetition")
def test_repeating_a_sequence_in_place():
    row = same = t.Sequence(1)
    row *= 2
    assert row == ("irepeat", same, 2)


def test_mappings():
    thing = t.Mapping(1, 2)
    assert len(thing) == 2
    assert thing["key"] == ("subscript", thing, "key")
    assert thing[1:2] == ("subscript", thing, slice(1, 2))
    thing[0] = 5
    del thing[1]
    with pytest.raises(IndexError):
        thing[2] = 5
    with pytest.raises(TypeError):
        thing["key"] = 5


def test_comparisons():
    two, three = t.Compared(2), t.Compared(3)
    assert two < three and two <= three and two != three and not two == three
    assert three > two and three >= two and t.Compared(2) == two
    assert two == 2 and 2 == two and 3 > two
    assert two != "x" and not two == "x"
    with pytest.raises(TypeError):
        two < "x"
    assert sorted([three, two]) == [two, three]


def test_shapes_are_known_and_instances_are_made_without_a_new():
    assert t.shape_of(t.Bare) == 0
    made = t.generic_new(t.Bare)
    assert type(made) is t.Bare and made is not t.generic_new(t.Bare)


def test_hashes():
    assert hash(t.Compared(5)) == 5
    assert {t.Compared(5): 1}[t.Compared(5)] == 1
    thing = t.Bare()
    assert hash(thing) == hash(thing) == object.__hash__(thing)


@not_on_pypys("leaves such types the hash of object")
@not_on_graalpy24("leaves such types the hash of object")
def test_comparable_and_so_not_hashable():
    with pytest.raises(TypeError, match="unhashable"):
        hash(t.Unhashable(1))


def test_calls():
    thing = t.Callable(1)
    assert thing() == ("call", thing, None)
    assert thing(1, 2) == ("call", thing, None, 1, 2)
    assert thing(1, x=2, y=3) == ("call", thing, ("x", "y"), 1, 2, 3)
    assert thing(*range(20))[3:] == tuple(range(20))
    assert thing(**{"x": 1}) == ("call", thing, ("x",), 1)
    assert list(map(thing, [1])) == [("call", thing, None, 1)]
    assert callable(thing) and len(thing) == 1
    bare = t.CallableWithoutNew()
    assert bare(1) == ("call", bare, None, 1)


@not_on_pypys("sets the function of the type")
@not_on_graalpy24("raises a SystemError for objects that cannot have one")
def test_objects_with_another_call_function():
    thing, same = t.Callable(), t.Callable()
    t.call_by_other(thing)
    assert thing(1, x=2) == ("other", thing, ("x",), 1, 2)
    assert same(1) == ("call", same, None, 1)
    for other in (5, t.Bare()):
        with pytest.raises(TypeError):
            t.call_by_other(other)


@pytest.mark.skipif(
    PYPIS_HPY,
    reason="hpy 0.9.0 looks for the data of a subclass written in Python in the object's head",
)
@not_on_pypys("sets the function of the type")
@not_on_graalpy24(
    "gives instances of a class written in Python no data where the type has no `__new__`"
)
def test_calls_of_subclasses():
    class Sub(t.Callable):
        pass

    class Own(t.CallableWithoutNew):
        def __call__(self, *args):
            return "python", super().__call__(*args)

    thing = Sub(1)
    assert thing(1, x=2) == ("call", thing, ("x",), 1, 2)
    assert len(thing) == 1
    own = Own()
    assert own(1) == ("python", ("call", own, None, 1))
    t.call_by_other(thing)
    assert thing(1) == ("other", thing, None, 1)


@not_on_pypys("does not look for the word, and calls no such object")
@not_on_graalpy24("does not look for the word, and calls no such object")
@pytest.mark.parametrize("flagged", [False, True])
def test_the_word_for_the_function_that_calls(flagged):
    """A type may keep the word in its own data, and name it by `__vectorcalloffset__`.

    HPy's porting guide says so.
    """
    type_ = t.make_call_word(flagged)
    thing = type_()
    assert (thing.before, thing.after) == (1.5, 2.5)
    assert callable(thing) and callable(type_)
    assert thing() == ("word", thing, None)
    assert thing(1, 2) == ("word", thing, None, 1, 2)
    assert thing(1, x=2, y=3) == ("word", thing, ("x", "y"), 1, 2, 3)
    assert thing(*range(20))[3:] == tuple(range(20))
    assert thing.__call__(1) == ("word", thing, None, 1)
    assert list(map(thing, [1])) == [("word", thing, None, 1)]


@not_on_pypys("sets the function of the type")
@not_on_graalpy24("does not look for the word, and calls no such object")
@pytest.mark.parametrize("flagged", [False, True])
def test_another_function_in_the_word(flagged):
    type_ = t.make_call_word(flagged)
    thing, other, none = type_(), type_(1), type_(1, 2)
    for each in (thing, other, none):
        assert (each.before, each.after) == (1.5, 2.5)
    assert other(1, x=2) == ("other", other, ("x",), 1, 2)
    with pytest.raises(TypeError):
        none()
    t.call_by_other(none)
    t.call_by_other(thing)
    assert none() == ("other", none, None) and thing() == ("other", thing, None)


@not_on_pypys("sets the function of the type")
@not_on_graalpy24("does not look for the word, and calls no such object")
@pytest.mark.skipif(
    PYPIS_HPY,
    reason="hpy 0.9.0 looks for the data of a subclass written in Python in the object's head",
)
def test_subclasses_of_a_type_with_a_call_word():
    class Sub(t.make_call_word(False)):
        __slots__ = ("a", "b")

    class Own(Sub):
        def __call__(self, *args):
            return "python", super().__call__(*args)

    for type_ in (Sub, Own):
        things = [type_(), type_(1)]
        for thing, way in zip(things, ("word", "other")):
            thing.a = thing.b = thing.before = 5
            expected = (way, thing, None, 1)
            assert thing(1) == (expected if type_ is Sub else ("python", expected))
            assert (thing.before, thing.after) == (5, 2.5)


@not_on_pypys("sets the function of the type")
@not_on_graalpy24("does not look for the word, and calls no such object")
@pytest.mark.skipif(
    PYPIS_HPY, reason="in hpy 0.9.0 no type inherits the word for the call function"
)
@pytest.mark.parametrize("flagged", [False, True])
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("more", [False, True])
def test_types_that_derive_from_one_with_a_call_word(more, own, flagged):
    derived = t.derive_call_word(t.make_call_word(flagged), more, own)

    class Sub(derived):
        pass

    for type_ in (derived, Sub, t.derive_call_word(derived, more, False)):
        thing, other = type_(), type_(1)
        if more and not own:
            assert thing.more == 0.0
            thing.more = 7.5
        assert thing(1, x=2) == ("word", thing, ("x",), 1, 2)
        assert other() == ("other", other, None)
        t.call_by_other(thing)
        assert thing() == ("other", thing, None)
        assert (thing.before, thing.after) == (1.5, 2.5)


@not_on_pypys("takes both")
def test_a_call_word_and_a_slot_are_one_too_many():
    with pytest.raises(TypeError, match="Specify just one of them"):
        t.make_call_word_and_slot()


@pytest.mark.skipif(FOREIGN, reason="HPy 0.9.0 has no slot for descriptors")
def test_descriptors():
    descriptor = t.make_descriptor()()

    class Owner:
        attribute = descriptor

    owner = Owner()
    assert owner.attribute == ("get", descriptor, owner, Owner)
    assert Owner.attribute == ("get", descriptor, None, Owner)


@not_on_pypys("releases views late")
@not_on_pypy8("releases views late")
def test_buffers():
    thing = t.Memory()
    assert len(thing) == 0
    with memoryview(thing) as view:
        assert len(thing) == 1
        assert view.nbytes == 16 and not view.readonly
        view[3] = 7
        with memoryview(thing) as other:
            assert other[3] == 7 and len(thing) == 2
            with pytest.raises(BufferError, match="two at most"):
                memoryview(thing)
        del other
    del view
    assert len(thing) == 0
    for _ in range(3):
        # Of views that nobody releases, GraalPy's collector finds out when it next runs.
        view = memoryview(thing)
        assert bytes(view)[3] == 7
        if GRAALPY:
            view.release()
        del view
        assert len(thing) == 0


def test_buffers_whose_views_are_released_late():
    thing = t.Memory()
    for number in range(3):
        with memoryview(thing) as view:
            view[3] = number
            assert bytes(view)[3] == number and view.nbytes == 16 and not view.readonly
        view = None
        for _ in range(50):
            gc.collect()
            if len(thing) == 0:
                break
            time.sleep(0.02)
        assert len(thing) == 0
    with memoryview(thing), memoryview(thing):
        with pytest.raises(BufferError, match="two at most"):
            memoryview(thing)


def test_types_of_one_spec():
    if PYPIS_HPY:
        pytest.skip("hpy 0.9.0 changes the spec, so that the second type has its data elsewhere")
    one, two = t.make_twice()
    assert one is not two
    for type_ in (one, two):
        things = [type_(number) for number in range(10)]
        for number, thing in enumerate(things):
            thing.object_ex = number
            assert thing.int == number and thing.object_ex == number and thing.intact
            assert thing.o(1) == ("o", thing, 1)
    with pytest.raises(TypeError):
        one.noargs(two())


@pytest.mark.skipif(
    PYPIS_HPY,
    reason="hpy 0.9.0 looks for the data of a subclass written in Python in the object's head",
)
@not_on_pypys("lets a class have the data of one type and the methods of another")
@not_on_graalpy24("accepts some bases whose data cannot be in one object")
def test_types_whose_data_cannot_be_in_one_object():
    for others in ((t.Memory,), (t.Callable, t.Bare), (int,), (list,)):
        with pytest.raises(TypeError):
            type("Both", (t.Everything, *others), {})
    both = type("Both", (t.Bare, t.Everything), {})
    assert both(5).int == 5

    class Sub(t.Everything):
        pass

    for other in (t.Memory, type("Other", (t.Memory,), {})):
        with pytest.raises(TypeError):
            Sub(5).__class__ = other


@pytest.mark.skipif(
    PYPIS_HPY,
    reason="hpy 0.9.0 looks for the data of a subclass written in Python in the object's head",
)
@not_on_pypys("lets a class have the data of one type and the methods of another")
@not_on_graalpy25(
    "does not look whether the data of a class's new bases fit, whatever they are written in"
)
@not_on_graalpy24("does not look whether the data of a class's new bases fit")
def test_bases_that_have_other_data_are_not_assigned():
    class Sub(t.Everything):
        pass

    for other in (t.Memory, type("Other", (t.Memory,), {})):
        with pytest.raises(TypeError):
            Sub.__bases__ = (other,)


def test_specs_that_are_refused():
    with pytest.raises(ValueError, match="invalid shape"):
        t.make_invalid(0, None)
    with pytest.raises(ValueError, match="traverse" if GRAALPY24 else "HPy_tp_traverse"):
        t.make_invalid(1, None)
    with pytest.raises(NotImplementedError if GRAALPY24 else TypeError):
        t.make_invalid(3, 5)


@not_on_pypys("accepts them")
@not_on_graalpy24("accepts them")
def test_more_specs_that_are_refused():
    with pytest.raises(TypeError, match="not a subclass of 'type'"):
        t.make_invalid(2, 5)
    with pytest.raises(TypeError):
        t.make_invalid(3, bool)
    with pytest.raises(TypeError, match="basicsize==0"):
        t.make_invalid(4, None)


def test_pickling_types():
    assert pickle.loads(pickle.dumps(t.Everything)) is t.Everything


@not_on_pypys("takes its objects for ones that have a dict and nothing else")
def test_pickling_and_copying_is_refused():
    thing = t.Everything(5)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(thing, protocol)
    with pytest.raises(TypeError):
        copy.copy(thing)
    with pytest.raises(TypeError):
        copy.deepcopy(thing)


@pytest.mark.skipif(
    PYPIS_HPY,
    reason="hpy 0.9.0 looks for the data of a subclass written in Python in the object's head",
)
@not_on_pypys("takes its objects for ones that have a dict and nothing else")
def test_pickling_that_the_class_knows_about():
    thing = Known(5)
    assert copy.copy(thing).int == 5
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(thing, protocol)).int == 5
    assert copy.copy(Reducing(7)).int == 7


class Known(t.Everything):
    def __getnewargs__(self):
        return ()

    def __getstate__(self):
        return self.int

    def __setstate__(self, state):
        self.int = state


class Reducing(t.Everything):
    def __reduce__(self):
        return Reducing, (self.int,)


def test_inspection():
    assert inspect.isclass(t.Everything)
    assert "doubled" in dir(t.Everything())
    # GraalPy has no proxies for types in C.
    assert isinstance(vars(t.Everything), dict if GRAALPY25 else types.MappingProxyType)
    assert [name for name, _ in inspect.getmembers(t.Everything())]


def test_types_are_immutable_or_not_without_a_crash():
    for type_ in (t.Bare, t.Everything):
        try:
            type_.extra = 5
            assert type_().extra == 5
            del type_.extra
        except TypeError:
            pass


def test_weak_references_to_types():
    assert weakref.ref(t.Bare)() is t.Bare


@not_on_pypys("allows them for all objects")
@not_on_pypy8("allows them for all objects")
@not_on_graalpy24("allows them for all objects")
def test_weak_references():
    with pytest.raises(TypeError):
        weakref.ref(t.Bare())


def test_lists_of_methods_that_were_written_by_hand():
    refused = t.add_forged(t)
    assert len(refused) == 3
    for why in refused:
        assert "its methods are not those that `#[hpy_methods]` lists" in why
    assert not {"ClassMethod", "Reflected", "New"} & set(vars(t))
