"""Rust enums as classes of Python's module `enum`."""

import copy
import enum
import gc
import pickle
import sys

import enums as t
import pytest
from enums import Answer, Color, Large, Lamp, Level

NEVER = Answer.Never


def test_they_are_classes_of_enum():
    assert issubclass(Color, enum.Enum) and not issubclass(Color, int)
    assert issubclass(Level, enum.IntEnum) and issubclass(Large, enum.IntEnum)
    assert isinstance(Color.Red, Color) and Color["Red"] is Color.Red and Color(10) is Color.Green
    assert list(Color) == [Color.Red, Color.Green, Color.BLUE]
    assert repr(Color.BLUE) == "<Color.BLUE: 11>" and str(Color.Red) == "Color.Red"


@pytest.mark.parametrize(
    "take, forged",
    [
        (t.next, lambda: object.__new__(Color)),
        (Answer.moved, lambda: object.__new__(Answer)),
        (lambda level: t.at_least(level, level), lambda: int.__new__(Level, -10)),
    ],
)
def test_an_instance_that_enum_has_not_made_is_no_member(take, forged):
    with pytest.raises(TypeError, match="must be a member of .*, not another instance of it"):
        take(forged())


def test_values_are_discriminants():
    assert [(m.name, m.value) for m in Color] == [("Red", 0), ("Green", 10), ("BLUE", 11)]
    assert [(m.name, m.value) for m in Level] == [
        ("NOT_SET", -(2**63)),
        ("DEBUG", -10),
        ("VERY_BAD", 50),
        ("LAST", 2**63 - 1),
    ]
    assert Large.Most == 2**64 - 1
    assert Level.DEBUG == -10 and Level.DEBUG < Level.VERY_BAD and Level.VERY_BAD + 1 == 51


def test_members_may_have_the_names_of_what_members_have():
    keys = [("name", 0), ("value", 7), ("match", 8), ("type", 9)]
    assert [(m.name, m.value) for m in t.Key] == keys
    assert t.keys() == list(t.Key) and t.keys()[1] is t.Key.value is t.Key(7) is t.Key["value"]
    assert t.Key.name.__doc__ == "Not what it is called."
    assert t.parts(t.Part) == [(t.Part.name, 0), (t.Part.real, 4), (t.Part.bit_length, 5)]
    # One that is called like a method hides that from all of them.
    assert t.Part.name.real in (0, t.Part.real) and t.Part.bit_length == 5


def test_names_and_docs():
    assert (Color.__name__, Color.__qualname__, Color.__module__) == ("Color", "Color", "enums")
    assert Color.__doc__ == "What light does."
    assert Color.Red.__doc__ == "Like fire."
    assert Level.__name__ == "Level"
    assert t.Single.__module__ == "elsewhere"


def test_members_go_both_ways():
    assert [t.next(c) for c in Color] == [Color.Green, Color.BLUE, Color.Red]
    assert all(t.next(c) in Color and type(t.next(c)) is Color for c in Color)
    assert t.next(Color.Red) is Color.Green
    assert t.number(Color.BLUE) == 11 and t.number(None) is None
    assert [t.member(c) for c in Color] == ["Red", "Green", "Blue"]
    assert t.levels() == list(Level) and all(a is b for a, b in zip(t.levels(), Level))
    assert t.at_least(Level.VERY_BAD, Level.DEBUG) and not t.at_least(Level.NOT_SET, Level.DEBUG)
    assert t.large(Large.One) == (1, Large.Most) and t.large(Large.Most)[0] == 2**64 - 1
    assert t.only(t.Single.Only) is t.Single.Only
    assert t.color_class() is Color


def test_what_is_no_member_is_refused():
    class Other(enum.Enum):
        Red = 0

    for wrong in [0, "Red", None, Color, Other.Red, Level.DEBUG]:
        with pytest.raises(TypeError, match="must be Color"):
            t.next(wrong)
        assert not t.is_color(wrong)
    with pytest.raises(TypeError, match="must be Level, not int"):
        t.at_least(50, Level.DEBUG)
    assert t.is_color(Color.Red)


def test_members_stay_what_they_are():
    with pytest.raises(AttributeError):
        Color.Red = 5
    with pytest.raises(TypeError):

        class Sub(Color):
            pass

    with pytest.raises(ValueError):
        Color(5)


def test_pickle_and_copy():
    for member in [*Color, *Level, *Large]:
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(member, protocol)) is member
        assert copy.copy(member) is member and copy.deepcopy(member) is member
    assert {Color.Red: 1}[Color.Red] == 1


def test_attributes_and_defaults():
    lamp = Lamp()
    assert lamp.color is Color.Green
    lamp.color = Color.Red
    assert lamp.color is Color.Red
    with pytest.raises(TypeError, match="Lamp.color must be Color, not int"):
        lamp.color = 5
    with pytest.raises(TypeError):
        Lamp("Red")


def test_methods():
    assert [one.is_possible() for one in Answer] == [False, True, True]
    assert [one.percent for one in Answer] == [0, 50, 100]
    assert Answer.Never.moved() is Answer.Perhaps and Answer.Always.moved(by=2, up=False) == NEVER
    assert Answer.is_possible(Answer.Always) is True
    assert Answer.Perhaps.name_of() == "Perhaps"
    assert Answer.count() == Answer.Never.count() == 3
    assert Answer.of(True) is Answer.Perhaps and Answer.Always.of(False) is NEVER
    assert (Answer.FIRST, Answer.best, NEVER.best) == ("never", Answer.Always, Answer.Always)
    with pytest.raises(ValueError, match="no such answer"):
        NEVER.moved(by=5)
    with pytest.raises(TypeError):
        NEVER.moved("x")
    for wrong in [5, None, Color.Red, Answer, object()]:
        with pytest.raises(TypeError):
            Answer.is_possible(wrong)
        with pytest.raises(TypeError):
            Answer.name_of(wrong)
    with pytest.raises(AttributeError):
        NEVER.percent = 5
    assert Answer.Perhaps.is_possible.__doc__.endswith("Whether it may be so.")


def test_special_methods():
    assert [str(one) for one in Answer] == ["Never!", "Perhaps!", "Always!"]
    assert repr(Answer.Always) == "Always" and f"{Answer.Always:?}" == "Always!?"
    assert [len(one) for one in Answer] == [0, 50, 100] and not NEVER and Answer.Always
    assert Answer.Perhaps[3] == 53
    assert NEVER + 1 is Answer.Perhaps and 60 - Answer.Perhaps == 10
    for wrong in [lambda: NEVER + "x", lambda: 1 + NEVER, lambda: NEVER - 1, lambda: "x" - NEVER]:
        with pytest.raises(TypeError):
            wrong()


def test_order():
    assert NEVER < Answer.Perhaps <= Answer.Always > NEVER and not NEVER > Answer.Perhaps
    assert sorted([Answer.Always, NEVER, Answer.Perhaps]) == list(Answer)
    assert NEVER == Answer.Never != Answer.Perhaps and NEVER != 0
    assert {Answer.Always: 1}[Answer.Always] == 1 and len(set(Answer)) == 3
    with pytest.raises(TypeError):
        NEVER < 5
    with pytest.raises(TypeError):
        Color.Red < Color.Green


def test_methods_of_members_that_are_ints():
    small, large = t.Size
    assert (small.doubled(), large.doubled()) == (2, 20)
    assert [str(one) for one in t.Size] == ["S", "L"]
    assert 1 + small == 1001 and small + 1 == 2 and small + large == 11 and large - small == 9
    assert large < small and not small < large and small <= large and small == 1 != large
    assert hash(small) == hash(1) and {1: "x"}[small] == "x"
    with pytest.raises(TypeError):
        small + "x"


def test_enums_with_methods_are_enums_of_python():
    assert issubclass(Answer, enum.Enum) and issubclass(t.Size, enum.IntEnum)
    assert list(Answer.__members__) == ["Never", "Perhaps", "Always"]
    assert Answer(100).name == "Always"
    assert (Answer.__name__, Answer.__module__) == ("Answer", "enums")
    assert Answer.__doc__ == "An answer, with all that a method can be."
    for member in [*Answer, *t.Size]:
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(member, protocol)) is member
        assert copy.copy(member) is member and copy.deepcopy(member) is member
        assert type(member)(member.value) is member
    with pytest.raises(TypeError):

        class Sub(Answer):
            pass


def test_an_enum_that_no_module_lists():
    with pytest.raises(RuntimeError, match="no module with the type Forgotten was imported"):
        t.forgotten()


def test_members_are_kept_once():
    before = [id(m) for m in Color]
    for _ in range(100):
        for c in Color:
            t.next(c)
    gc.collect()
    assert [id(m) for m in Color] == before


def test_a_second_import_has_the_same_class():
    module = sys.modules.pop("enums")
    try:
        import enums as again
    except ImportError:
        assert "enums" not in sys.modules  # Some interpreters load an extension once.
    else:
        assert again.Color is Color and again.next(Color.Red) is Color.Green
    finally:
        sys.modules["enums"] = module
