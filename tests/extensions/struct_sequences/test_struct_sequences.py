"""Rust structs as structure sequences."""

import copy
import gc
import pickle
import sys

import pytest
import struct_sequences as t
from struct_sequences import Pair, Stat, Tree, Version


def test_they_are_tuples():
    made = t.stat(3, "a.txt")
    assert type(made) is Stat and issubclass(Stat, tuple)
    assert made == (3, "a.txt", "f") and len(made) == 3
    assert hash(made) == hash((3, "a.txt", "f"))
    size, name, kind = made
    assert (size, name, kind) == (made[0], made[-2], made[2])
    assert made[1:] == ("a.txt", "f")
    with pytest.raises(IndexError):
        made[3]


def test_items_have_names():
    made = t.stat(3, "a.txt")
    assert (made.size, made.name, made.type_) == (3, "a.txt", "f")
    assert repr(made) == "Stat(size=3, name='a.txt', type_='f')"
    assert not hasattr(made, "kind")
    for name in ["size", "other"]:
        with pytest.raises(AttributeError):
            setattr(made, name, 1)
    assert made._asdict() == {"size": 3, "name": "a.txt", "type_": "f"}
    assert made._replace(size=4) == t.stat(4, "a.txt")


def test_what_the_class_says():
    assert (Stat.__name__, Stat.__qualname__, Stat.__module__) == (
        "Stat", "Stat", "struct_sequences",
    )
    assert (Pair.__name__, Pair.__module__) == ("Pair", "elsewhere")
    assert Stat.__doc__ == "What is known of a file."
    assert Stat.size.__doc__ == "In bytes."
    assert Stat.type_.__doc__ == "A file, a folder …"
    assert Pair.count.__doc__ == "The other."
    assert (Stat.n_fields, Stat.n_sequence_fields, Stat.n_unnamed_fields) == (3, 3, 0)
    assert (Pair.n_fields, Tree.n_fields) == (2, 2)
    assert Stat._fields == ("size", "name", "type_")
    assert t.class_of() is Stat


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python has match since 3.10")
def test_match():
    assert Stat.__match_args__ == ("size", "name", "type_")
    found = {}
    source = "match made:\n    case Stat(size, name=name):\n        pass\n"
    exec(source, {"made": t.stat(3, "x"), "Stat": Stat}, found)
    assert (found["size"], found["name"]) == (3, "x")


def test_python_code_makes_them_too():
    assert Stat(1, "b", None) == Stat(size=1, name="b", type_=None)
    assert t.larger(Stat(1, "b", None)) == (2, "b", None)
    assert type(t.larger(Stat(1, "b", None))) is Stat
    assert t.debug(Stat(1, "b", "x")) == "Stat { size: 1, name: \"b\", kind: Some('x') }"
    assert Stat._make([1, "b", None]) == Stat(1, "b", None)
    for wrong in [(), (1,), (1, "b"), (1, "b", None, 4)]:
        with pytest.raises(TypeError):
            Stat(*wrong)
    with pytest.raises(TypeError):
        Stat(1, "b", kind=None)


def test_tuple_structs():
    total, swapped = t.both(Pair(1, 2.5))
    assert total == 3.5 and swapped == (2.5, 1.0) and type(swapped) is Pair
    assert (swapped.first, swapped.count) == (2.5, 1.0)


def test_items_of_another_type():
    with pytest.raises(TypeError, match=r"argument 'stat': Stat\.size: "):
        t.larger(Stat("1", "b", None))
    with pytest.raises(TypeError, match=r"argument 'stat': Stat\.name must be str, not int"):
        t.larger(Stat(1, 2, None))
    with pytest.raises(OverflowError, match=r"argument 'stat': Stat\.size: "):
        t.larger(Stat(2**70, "b", None))
    with pytest.raises(TypeError, match=r"argument 'stat': Stat\.type_"):
        t.larger(Stat(1, "b", 5))
    with pytest.raises(OverflowError):
        t.larger(Stat(2**63, "b", None))


def test_what_is_no_instance():
    for wrong in [(1, "b", None), [1, "b", None], None, Stat, Pair(1, 2)]:
        with pytest.raises(TypeError, match="must be Stat, not "):
            t.larger(wrong)
        with pytest.raises(TypeError, match="must be Stat, not "):
            t.count(wrong)
        assert not t.is_stat(wrong)
    assert t.is_stat(t.stat(1, "x"))


def test_instances_of_any_length():
    """Nobody stops Python code from making them."""
    for items in [(), (1,), (1, "b"), (1, "b", None, 4), tuple(range(100))]:
        odd = tuple.__new__(Stat, items)
        assert t.is_stat(odd) and t.count(odd) == len(items)
        with pytest.raises(
            TypeError, match=f"argument 'stat': a Stat has 3 items, not {len(items)}$"
        ):
            t.larger(odd)
    with pytest.raises(TypeError):
        object.__new__(Stat)


def test_subclasses():
    class Sub(Stat):
        extra = 5

        @property
        def size(self):
            return "no number"

    sub = Sub(1, "b", None)
    assert t.is_stat(sub) and t.count(sub) == 3
    assert t.larger(sub) == (2, "b", None) and type(t.larger(sub)) is Stat

    class Wild(Stat):
        def __new__(cls, *args):
            return 5

    assert t.stat(1, "x") == (1, "x", "f")


def test_subclasses_that_lie_about_their_items():
    class Long(Stat):
        def __len__(self):
            return 1000

    class Other(Stat):
        def __getitem__(self, index):
            return [7, "other", None][index]

    # Of a tuple HPy asks the class, this project's runtime the tuple.
    try:
        assert t.larger(Long(1, "b", None)) == (2, "b", None)
    except TypeError as error:
        assert "a Stat has 3 items, not 1000" in str(error)
    assert t.larger(Other(1, "b", None)) in [(2, "b", None), (8, "other", None)]


def test_the_class_may_be_changed():
    """What Rust code makes is a tuple with its items whatever the class is told."""
    new = Stat.__new__
    try:
        Stat.__new__ = lambda cls, *items: "something else"
        assert Stat(1) == "something else"
        assert type(t.stat(1, "x")) is Stat and type(t.typed()) is Stat
        Stat.n_fields = "many"
        assert t.larger(t.stat(1, "x")) == (2, "x", "f")
    finally:
        Stat.__new__, Stat.n_fields = new, 3


def test_nested():
    small = t.tree(2)
    assert small == (2, [(1, [(0, []), (0, [])]), (1, [(0, []), (0, [])])])
    assert t.sum(small) == 4
    assert t.sum(Tree(1, [Tree(2, [Tree(3, ())])])) == 6
    with pytest.raises(TypeError, match=r"Tree\.children: .*Tree\.value: "):
        t.sum(Tree(1, [Tree(None, [])]))


def test_endless_nesting():
    children = []
    tree = Tree(1, children)
    children.append(tree)
    with pytest.raises(RecursionError):
        t.sum(tree)
    children.clear()


def test_fields_that_convert_one_way():
    made = t.version(True)
    assert type(made) is Version and type(made.stat) is Stat
    assert made == ("one", (1, "inner", "f"), None)
    with pytest.raises(ValueError, match="no object for this"):
        t.version(False)


def test_handles():
    assert type(t.typed()) is Stat and t.typed() == (5, "typed", "f")


def test_a_sequence_that_no_module_lists():
    with pytest.raises(RuntimeError, match="no module with the type Forgotten was imported"):
        t.forgotten()
    with pytest.raises(TypeError):
        t.takes_forgotten((1,))


def test_pickle_and_copy():
    made = t.stat(3, "a.txt")
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(made, protocol))
        assert again == made and type(again) is Stat
    assert copy.copy(made) == made and type(copy.deepcopy(t.tree(1)).children[0]) is Tree
    assert {made: 1}[t.stat(3, "a.txt")] == 1


def test_they_end():
    class Item(str):
        ended = 0

        def __del__(self):
            Item.ended += 1

    for _ in range(10):
        t.larger(Stat(1, Item("x"), None))
    for _ in range(20):
        gc.collect()
        if Item.ended == 10:
            break
    if sys.implementation.name == "cpython":
        assert Item.ended == 10


@pytest.mark.skipif(
    not hasattr(gc, "set_threshold"), reason="PyPy and GraalPy have no gc.set_threshold"
)
def test_collections_at_each_allocation():
    before = gc.get_threshold()
    try:
        gc.set_threshold(1)
    except NotImplementedError:
        pytest.skip("this interpreter does not implement gc.set_threshold")
    try:
        for _ in range(50):
            assert t.sum(t.tree(3)) == 11
            assert t.larger(t.stat(1, "x")) == (2, "x", "f")
    finally:
        gc.set_threshold(*before)


def test_a_second_import_has_the_same_class():
    module = sys.modules.pop("struct_sequences")
    try:
        import struct_sequences as again
    except ImportError:
        assert "struct_sequences" not in sys.modules  # Some interpreters load an extension once.
    else:
        assert again.Stat is Stat and type(again.stat(1, "x")) is Stat
    finally:
        sys.modules["struct_sequences"] = module
