"""The methods of containers: lists, tuples, dicts, sets, slices, views; iterating and building."""

import array
import collections
import itertools
import operator
import os
import sys
import types

import pytest

import containers


class OwnList(list):
    pass


class OwnDict(dict):
    pass


# Lists


@pytest.mark.parametrize("kind", [list, OwnList])
def test_lists_change_as_in_python(kind):
    for operation, value, change in [
        ("append", 7, lambda x: x.append(7)),
        ("extend_from", (8, 9), lambda x: x.extend((8, 9))),
        ("extend_from", "ab", lambda x: x.extend("ab")),
        ("remove", 1, lambda x: x.remove(1)),
        ("clear", None, lambda x: x.clear()),
        ("sort", None, lambda x: x.sort()),
        ("sort_by_key", abs, lambda x: x.sort(key=abs, reverse=True)),
        ("reverse", None, lambda x: x.reverse()),
        ("twice", None, lambda x: x.extend(list(x))),
    ]:
        ours, theirs = kind([3, 1, -2, 1]), [3, 1, -2, 1]
        assert containers.list_change(operation, ours, value) is None
        change(theirs)
        assert list(ours) == theirs, operation


def test_lists_raise_as_in_python():
    with pytest.raises(ValueError):
        containers.list_change("remove", [1], 2)
    with pytest.raises(TypeError):
        containers.list_change("sort", [1, "a"], None)
    with pytest.raises(TypeError):
        containers.list_change("extend_from", [], 1)
    with pytest.raises(ZeroDivisionError):
        containers.list_change("sort_by_key", [1, 0], lambda x: 1 / x)
    with pytest.raises(TypeError, match="must be list, not tuple"):
        containers.list_change("append", (), 1)


def test_extend_appends_all_or_nothing():
    items = [1]
    containers.list_extend(items, False)
    assert items == [1, "a", "b"]
    with pytest.raises(ValueError, match="no form"):
        containers.list_extend(items, True)
    assert items == [1, "a", "b"]


def test_list_pop():
    items = [1, 2, 3, 4]
    assert containers.list_pop(items, None) == 4
    assert containers.list_pop(items, 0) == 1
    assert containers.list_pop(items, -2) == 2
    assert items == [3]
    with pytest.raises(IndexError):
        containers.list_pop(items, 1)
    with pytest.raises(IndexError):
        containers.list_pop([], None)


@pytest.mark.parametrize("start, end", list(itertools.product([-5, -1, 0, 1, 9], repeat=2)))
def test_slices_of_lists_and_tuples(start, end):
    items = [1, 2, 3]
    copy, part = containers.list_copies(items, start, end)
    assert copy == items and copy is not items and type(copy) is list
    assert part == items[start:end]
    assert containers.tuple_slice(tuple(items), start, end) == tuple(items[start:end])


# Items


class Items:
    """Answers with the key that arrives."""

    def __init__(self):
        self.log = []

    def __len__(self):
        return 3

    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        self.log.append((key, value))

    def __delitem__(self, key):
        self.log.append(key)


def test_items_by_index():
    assert containers.by_index("abc", 1) == "b"
    assert containers.by_index([1, 2], -1) == 2
    assert containers.by_index({0: "zero", 2**62: "big"}, 0) == "zero"
    assert containers.by_index({0: "zero", 2**62: "big"}, 2**62) == "big"
    assert containers.by_index(range(10, 20), 3) == 13
    # A class sees the number that was asked for, also a negative one.
    assert [containers.by_index(Items(), n) for n in (0, 5, -1, -9)] == [0, 5, -1, -9]
    missing = collections.defaultdict(list)
    assert containers.by_index(missing, 4) == [] and missing == {4: []}
    with pytest.raises(IndexError):
        containers.by_index([], 0)
    with pytest.raises(KeyError):
        containers.by_index({}, 0)
    with pytest.raises(TypeError):
        containers.by_index(None, 0)


def test_items_are_set_and_deleted_by_index():
    for target in ([1, 2, 3], {0: 1, 1: 2, 2: 3}, array.array("i", [1, 2, 3])):
        containers.set_by_index(target, 1, 9)
        assert target[1] == 9
        containers.del_by_index(target, 0)
        assert len(target) == 2
    items = Items()
    containers.set_by_index(items, 7, "x")
    containers.del_by_index(items, 2)
    assert items.log == [(7, "x"), 2]
    with pytest.raises(IndexError):
        containers.set_by_index([], 0, 1)
    with pytest.raises(TypeError):
        containers.del_by_index((1,), 0)


class WriteOnly:
    """Has items, but no length and nothing to read."""

    def __init__(self):
        self.log = []

    __setitem__ = Items.__setitem__


@pytest.mark.parametrize("index", [0, 1, -1, -2, -3, 2, 300, -300])
@pytest.mark.parametrize(
    "make",
    [
        lambda: [1, 2],
        lambda: OwnList([1, 2]),
        lambda: (1, 2),
        lambda: "ab",
        lambda: b"ab",
        lambda: range(2),
        lambda: bytearray(b"ab"),
        lambda: memoryview(bytearray(b"ab")),
        lambda: array.array("i", [1, 2]),
        lambda: collections.deque([1, 2]),
        lambda: {0: "a", 1: "b", -1: "c"},
        lambda: OwnDict({0: "a", 1: "b", -1: "c"}),
        lambda: collections.UserDict({0: "a", 1: "b", -1: "c"}),
        lambda: collections.UserList([1, 2]),
        lambda: collections.ChainMap({1: "b", -1: "c"}, {0: "a"}),
        Items,
        WriteOnly,
        set,
        object,
    ],
)
def test_an_index_means_what_it_means_in_python(make, index):
    def outcome(operation, *arguments):
        target = make()
        try:
            result = operation(target, *arguments)
        except Exception as error:
            result = type(error)
        left = target.tolist() if isinstance(target, memoryview) else getattr(target, "log", target)
        return result, None if type(left) is object else left

    assert outcome(containers.by_index, index) == outcome(operator.getitem, index)
    assert outcome(containers.set_by_index, index, 65) == outcome(operator.setitem, index, 65)
    assert outcome(containers.del_by_index, index) == outcome(operator.delitem, index)


def test_items_by_text():
    values = {"other": 1}
    assert containers.by_text(values, "v") == "v" and values == {"other": 1}
    items = Items()
    assert containers.by_text(items, 5) == "key"
    assert items.log == [("key", 5), "key"]


def test_slices_are_set_and_deleted():
    for start, end in [(0, 0), (1, 3), (-1, 9), (2, 1)]:
        ours, theirs = [1, 2, 3, 4], [1, 2, 3, 4]
        containers.set_slice(ours, start, end, "xy")
        theirs[start:end] = "xy"
        assert ours == theirs
        ours, theirs = [1, 2, 3, 4], [1, 2, 3, 4]
        containers.del_slice(ours, start, end)
        del theirs[start:end]
        assert ours == theirs
    numbers = [1, 2]
    containers.set_slice(numbers, 2, 2**31 - 1, [2**31, 2**63 - 1])
    containers.set_slice(numbers, 0, 1, [1.5, None])
    assert numbers == [1.5, None, 2, 2**31, 2**63 - 1]
    with pytest.raises(TypeError):
        containers.set_slice((1,), 0, 1, [])
    with pytest.raises(TypeError):
        containers.del_slice("abc", 0, 1)


def test_searching():
    for items in ([1, 2, 1], (1, 2, 1), array.array("i", [1, 2, 1]), collections.deque([1, 2, 1])):
        assert containers.index_and_count(items, 1) == (0, 2)
        with pytest.raises(ValueError):
            containers.index_and_count(items, 5)
    with pytest.raises(TypeError, match="must be sequence, not set"):
        containers.index_and_count({1}, 1)


# Dicts


class BadHash:
    def __hash__(self):
        raise LookupError("unhashable")


@pytest.mark.parametrize("kind", [dict, OwnDict])
def test_dicts_change_as_in_python(kind):
    values = kind(a=1)
    assert containers.dict_setdefault(values, "a", 5) == 1
    assert containers.dict_setdefault(values, "b", 5) == 5
    assert containers.dict_get(values, "b") == 5 and containers.dict_get(values, "c") is None
    assert containers.dict_pop(values, "a") == 1 and containers.dict_pop(values, "a") is None
    containers.dict_update(values, {"c": 6})
    containers.dict_update(values, [("d", 7)])
    assert values == {"b": 5, "c": 6, "d": 7}
    assert containers.dict_pop_item(values) == ("d", 7)
    keys, listed, items, copy, length = containers.dict_parts(values)
    assert keys == ["b", "c"] and listed == [5, 6] and length == 2
    assert items == [("b", 5), ("c", 6)]
    assert copy == values and copy is not values
    containers.dict_clear(values)
    assert values == {} and containers.dict_pop_item(values) is None


def test_dicts_raise_what_keys_raise():
    # An empty dict need not ask for the hash.
    values = {1: 2}
    for function in (containers.dict_get, containers.dict_pop):
        with pytest.raises(LookupError, match="unhashable"):
            function(values, BadHash())
    with pytest.raises(TypeError):
        containers.dict_setdefault(values, [], 1)
    with pytest.raises((TypeError, ValueError)):
        containers.dict_update(values, [1])


# Sets


def test_new_sets():
    a, b = {1, 2, 3}, [3, 4]
    for kind in (set, frozenset):
        for operation in ("union", "intersection", "difference", "symmetric_difference"):
            found = containers.set_new(operation, kind(a), b)
            assert found == getattr(kind(a), operation)(b) and type(found) is kind
        assert containers.set_new("copy", kind(a), None) == a
    with pytest.raises(TypeError):
        containers.set_new("union", a, 1)
    with pytest.raises(TypeError, match="must be frozenset, not list"):
        containers.set_new("union", [], 1)


def test_questions_to_sets():
    a = {1, 2}
    assert containers.set_question("is_subset", a, [1, 2, 3])
    assert not containers.set_question("is_superset", a, [1, 3])
    assert containers.set_question("is_disjoint", a, "xy")
    assert not containers.set_question("is_empty", a, None)
    assert containers.set_question("is_empty", set(), None)
    assert containers.frozenset_len(frozenset(a)) == (2, False)


def test_sets_change_as_in_python():
    a = {1, 2}
    assert containers.set_question("add", a, 3) and not containers.set_question("add", a, 3)
    assert containers.set_question("discard", a, 3) and not containers.set_question("discard", a, 3)
    containers.set_change("remove", a, 1)
    with pytest.raises(KeyError):
        containers.set_change("remove", a, 1)
    containers.set_change("update", a, "x")
    assert a == {2, "x"}
    assert containers.set_pop(a) in {2, "x"} and len(a) == 1
    containers.set_change("clear", a, None)
    assert a == set() and containers.set_pop(a) is None
    with pytest.raises(TypeError):
        containers.set_question("add", a, [])
    with pytest.raises(TypeError, match="must be set, not frozenset"):
        containers.set_change("clear", frozenset(), None)


# Views


def test_what_is_a_sequence_or_mapping():
    sequences = [
        [], (), "", b"", bytearray(), range(3), array.array("i"), collections.deque(),
        memoryview(b""),
    ]
    mappings = [
        {}, OwnDict(), types.MappingProxyType({}), os.environ, collections.ChainMap(),
        collections.Counter(),
    ]
    neither = [1, None, {1}, frozenset(), iter([]), len, int, object(), (n for n in [])]
    assert [containers.is_view(x) for x in sequences] == [(True, False)] * len(sequences)
    assert [containers.is_view(x) for x in mappings] == [(False, True)] * len(mappings)
    assert [containers.is_view(x) for x in neither] == [(False, False)] * len(neither)
    assert containers.is_view(Items()) == (True, False)


def test_sequences():
    for x in ([1, 2], (1, 2), array.array("i", [1, 2]), "ab", b"ab"):
        expected = [len(x), list(x), tuple(x), set(x), x + x, x * 2, x[1:2]]
        assert containers.sequence_parts(x) == expected
    with pytest.raises(TypeError, match="must be sequence, not dict"):
        containers.sequence_parts({})


def test_mappings():
    for x in (
        {"a": 1},
        OwnDict(a=1),
        types.MappingProxyType({"a": 1}),
        collections.ChainMap({"a": 1}),
    ):
        assert containers.mapping_parts(x, "a") == [1, ["a"], [1], [("a", 1)], 1, True]
        assert containers.mapping_parts(x, "b") == [1, ["a"], [1], [("a", 1)], None, False]
    with pytest.raises(TypeError, match="must be mapping, not list"):
        containers.mapping_parts([], "a")


# Slices


def test_slices_are_made_of_anything():
    assert containers.slice_new(1, "x", None) == slice(1, "x", None)
    assert containers.slice_of_rust() == slice(1, None, None)
    assert containers.slice_parts(slice("a", None, 2)) == ("a", None, 2)
    with pytest.raises(TypeError, match="must be slice, not int"):
        containers.slice_parts(1)


BOUNDS = [None, -sys.maxsize - 1, -(2**70), -4, -1, 0, 1, 2, 3, 7, sys.maxsize, 2**70]


@pytest.mark.parametrize("length", [0, 1, 3, 10])
def test_indices_are_those_of_python(length):
    for start, stop in itertools.product(BOUNDS, repeat=2):
        for step in (None, 1, 2, 5, -1, -2, -5, sys.maxsize, -sys.maxsize):
            selected = slice(start, stop, step)
            (a, b, c), count, indices = containers.slice_indices(selected, length)
            assert indices == list(range(length))[selected], selected
            assert count == len(indices) == len(range(a, b, c)), selected


def test_bad_slices():
    with pytest.raises(ValueError):
        containers.slice_indices(slice(0, 1, 0), 5)
    with pytest.raises(TypeError):
        containers.slice_indices(slice("a"), 5)


# Iterating


@pytest.mark.parametrize("kind", [list, tuple, str, bytes, set, frozenset, range, iter])
def test_everything_is_iterated(kind):
    items = range(65, 70) if kind is not str else "ABCDE"
    source = kind(5) if kind is range else "".join(items) if kind is str else kind(items)
    expected = list(range(5)) if kind is range else list(items)
    seen = []
    assert containers.for_each(source, seen.append) == len(expected)
    assert sorted(seen) == sorted(expected)


def test_loops_over_a_list_are_independent():
    items = [1, 2, 3]
    expected = [(a, b) for a in items for b in items if b <= a]
    for _ in range(100):
        assert containers.list_in_list(items) == expected
    assert containers.list_in_list([]) == []


def test_items_that_change_the_list_as_they_are_read():
    class Index:
        def __index__(self):
            items.clear()
            return 5

    items = [Index(), 1, 2]
    assert containers.list_in_list(items) == []


def test_subclasses_without_an_iterator():
    class NoIterator(list):
        __iter__ = None

    seen = []
    assert containers.for_each(NoIterator([1, 2]), seen.append) == 2
    assert seen == [1, 2]


def test_lists_may_change_while_they_are_iterated():
    items = [1, 2, 3, 4]
    seen = []

    def shrink(item):
        seen.append(item)
        items.pop()

    assert containers.for_each(items, shrink) == 2 and seen == [1, 2]

    def grow(item):
        if len(items) < 5:
            items.append(item)

    assert containers.for_each(items, grow) == 5
    assert containers.for_each(items, lambda item: items.clear()) == 1


def test_dicts_may_not_change_size_while_they_are_iterated():
    values = {"a": 1, "b": 2}
    seen = []
    assert containers.for_each(values, lambda *pair: seen.append(pair)) == 2
    assert seen == [("a", 1), ("b", 2)]
    with pytest.raises(RuntimeError, match="changed size during iteration"):
        containers.for_each(values, lambda key, value: values.update(c=3))
    assert values == {"a": 1, "b": 2, "c": 3}
    # A loop in Python ends there without an error, too, if what goes is what would have come.
    if sys.implementation.name != "graalpy":
        values = {"a": 1, "b": 2}
        with pytest.raises(RuntimeError, match="changed size during iteration"):
            containers.for_each(values, lambda key, value: values.pop("b", None))
        assert values == {"a": 1}
    # Other values for the same keys are fine.
    values = {"a": 1, "b": 2}
    assert containers.for_each(values, lambda key, value: values.update({key: 0})) == 2
    assert containers.dict_until_error({"a": 1, "b": 2}) == (1, 1, True)
    # As many keys, but others: CPython's own loops notice that at the end.
    if sys.implementation.name == "cpython":
        values = {"a": 1, "b": 2}
        with pytest.raises(RuntimeError, match="keys changed during iteration"):
            containers.for_each(
                values, lambda key, value: values.update({key + "x": values.pop(key)})
            )
    # The dict of an object, whose keys its class has, and which gets a table of its own meanwhile.
    thing = types.SimpleNamespace(a=1, b=2)
    seen = []
    containers.for_each(vars(thing), lambda *pair: seen.append(pair) or vars(thing).update(b=3))
    assert seen == [("a", 1), ("b", 3)]


def test_sets_may_not_change_size_while_they_are_iterated():
    values = {1, 2}
    with pytest.raises(RuntimeError, match="changed size during iteration"):
        containers.for_each(values, lambda item: values.add(item + 100))


def test_subclasses_iterate_in_their_own_way():
    class Odd(dict):
        def items(self):
            return [1]

    with pytest.raises(TypeError, match="must be tuple, not int"):
        containers.for_each(Odd(), print)

    class Failing(dict):
        def items(self):
            raise LookupError("no items")

    with pytest.raises(LookupError, match="no items"):
        containers.for_each(Failing(), print)


def test_errors_end_the_loop():
    def failing():
        yield 1
        raise LookupError("in the middle")

    seen = []
    with pytest.raises(LookupError, match="in the middle"):
        containers.for_each(failing(), seen.append)
    assert seen == [1]
    with pytest.raises(TypeError):
        containers.for_each(5, seen.append)
    with pytest.raises(TypeError, match="must be callable, not int"):
        containers.for_each([], 5)


# Building


def test_macros():
    x = ("x",)
    assert containers.built(x) == [
        [1, "two", 3.5, x, "owned", None],
        (x, True, ()),
        {1, "x"},
        {"key": x, 2: [{}], x: 1},
        [],
        *range(1, 10),
    ]
    late = containers.built_late(x)
    assert late == {"list": [x, [x]], "set": set(), "tuple": (x,)}
    assert late["list"][0] is x


def test_macros_raise_what_a_value_raises():
    for what in ("list", "tuple", "set", "dict"):
        with pytest.raises(ValueError, match="no form"):
            containers.built_with_failure(what)
    for what in ("unhashable", "key"):
        with pytest.raises(TypeError, match="hash"):
            containers.built_with_failure(what)


def test_from_iterators():
    expected = [[0, 1, 4], (1, 1), (), {1, 2}, set(), frozenset("xy"), {"a": 3, "b": 2}]
    built = containers.from_iterators()
    assert built == expected
    assert [type(x) for x in built] == [type(x) for x in expected]


@pytest.mark.parametrize("items", [[], [1], [1, 2, 3], list(range(100))])
def test_indices_that_a_list_does_not_have(items):
    # Lists that grew or shrank have room behind their end.
    grown = list(items)
    grown.append(1)
    grown.pop()
    for values in (list(items), grown):
        for beyond in (0, 1, 5, 1000):
            with pytest.raises(IndexError):
                containers.set_by_index(values, len(values) + beyond, "new")
            with pytest.raises(IndexError):
                containers.del_by_index(values, len(values) + beyond)
            with pytest.raises(IndexError):
                containers.by_index(values, len(values) + beyond)
        with pytest.raises(IndexError):
            containers.by_index(values, -len(values) - 1)
        assert values == items
        for index in range(len(values)):
            containers.set_by_index(values, index, str(index))
        assert values == [str(index) for index in range(len(values))]


@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="PyPy and GraalPy 24 give an iterator over released memory; GraalPy 25 raises",
)
def test_iterating_memory_that_was_released():
    view = memoryview(b"abc")
    view.release()
    # CPython 3.9 has an iterator whose first step fails. 3.10 to 3.13.0 have one with an exception
    # pending.
    assert containers.can_be_iterated(view) is (sys.version_info < (3, 10))
    assert containers.can_be_iterated(memoryview(b"abc")) and not containers.can_be_iterated(1)


class ChangesTheDict:
    """A key that is compared with 1, and changes its dict then."""

    def __init__(self, of, change):
        self.of, self.change = of, change

    def __hash__(self):
        return hash(1)

    def __eq__(self, other):
        return self.change(self.of)


def grown(a_dict):
    a_dict.update((number, [number]) for number in range(10, 500))
    return False


def cleared(a_dict):
    a_dict.clear()
    return True


@pytest.mark.parametrize("change", [grown, cleared])
def test_a_dict_that_changes_while_an_item_is_set(change):
    def items(set_item):
        a_dict = {}
        a_dict[ChangesTheDict(a_dict, change)] = "first"
        set_item(a_dict, 1, "value")
        return list(a_dict.values())

    # What is left then, each Python decides for itself.
    assert items(containers.set_by_index) == items(operator.setitem)


def test_a_dict_of_a_derived_class_gets_items_by_its_own_function():
    class Noting(dict):
        def __setitem__(self, key, value):
            super().__setitem__(key, [value])

    noting = Noting()
    containers.set_by_index(noting, 3, "value")
    assert dict(noting) == {3: ["value"]}


@pytest.mark.parametrize("length", [0, 1, 2, 5])
def test_what_is_left_out_at_the_beginning(length):
    items = [str(number) for number in range(length)]
    for before in range(4):
        for count in [*range(7), sys.maxsize]:
            rest = items[before:][count:]
            found = containers.behind(items, tuple(items), before, min(count, sys.maxsize - 1))
            assert found == [rest, rest, items[:: min(count, sys.maxsize - 1) + 1]]


def test_pairs_of_several_dicts():
    dicts = [{"a": 1, 2: None}, {}, collections.OrderedDict(b=3), {"a": 4}]
    assert containers.pairs_of_all(dicts) == [("a", 1), (2, None), ("b", 3), ("a", 4)]
    many = [{number: str(number) for number in range(size)} for size in range(40)]
    assert containers.pairs_of_all(many) == [pair for each in many for pair in each.items()]
