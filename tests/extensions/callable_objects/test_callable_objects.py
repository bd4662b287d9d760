"""Objects that are called."""

import gc
import inspect
import os
import sys
import threading

import callable_objects as t
import pytest
from callable_objects import Later, Named, Own, Partial, Plain, Scale
from hpy_hosts import GRAALPY_HPY, PYPIS_HPY, PYPY_HPY, threads_take_turns

CPYTHON = sys.implementation.name == "cpython"
HAVE_VECTORCALL = 1 << 11

in_debug_mode_too = pytest.mark.skipif(
    PYPIS_HPY and os.environ["HPY"] == "debug",
    reason="hpy 0.9.0's debug mode ends the process for instances of classes in Python",
)


def test_call():
    scale = Scale(3.0)
    assert callable(scale) and scale(2) == 6.0
    assert scale(x=2) == 6.0 and scale(*[2]) == 6.0 and scale(**{"x": 2}) == 6.0
    assert list(map(scale, [1, 2, 3])) == [3.0, 6.0, 9.0]
    assert t.call(scale, 5) == 15.0 and scale.__call__(2) == 6.0 and Scale.__call__(scale, 2) == 6.0
    assert sorted([1, 2, 3], key=Scale(-1.0)) == [3, 2, 1]


@pytest.mark.skipif(
    PYPY_HPY or sys.implementation.name != "pypy",
    reason="only on PyPy 8 it is a method of this library's; others know no signature",
)
def test_the_method_has_a_signature():
    assert str(inspect.signature(Scale(1.0))) == "(*args, **kwargs)"
    assert Scale.__call__.__doc__ == "Call self as a function."


@pytest.mark.skipif(
    not CPYTHON or PYPIS_HPY,
    reason="the flags of PyPy's and GraalPy's types do not tell, and in hpy 0.9.0 it is a method",
)
def test_calls_pass_no_tuples():
    """Each type with a `__call__` has a function for vectorcall."""
    for type_ in (Scale, Plain, Own, Later, Partial):
        assert type_.__flags__ & HAVE_VECTORCALL, type_


def test_arguments():
    scale = Scale()
    for wrong in [(), (1, 2), ("x",)]:
        with pytest.raises(TypeError):
            scale(*wrong)
    with pytest.raises(TypeError):
        scale(1, x=2)
    with pytest.raises(TypeError):
        scale(y=2)
    with pytest.raises(TypeError):
        scale(**{"x": 1, "y": 2})
    plain = Plain()
    assert plain() == (plain, 0, {})
    assert plain(*range(300)) == (plain, 300, {})
    assert plain(1, 2, a=3, b=4) == (plain, 2, {"a": 3, "b": 4})
    names = {"name{}".format(number): number for number in range(100)}
    assert plain(**names) == (plain, 0, names)


def test_each_object_has_its_function():
    call, nothing, everything = Scale(3.0), Scale(3.0, "nothing"), Scale(3.0, "everything")
    assert (call(2), nothing(), everything(2)) == (6.0, -3.0, (6.0, 0, 0.0, 0))
    assert everything(1, None, "x", second=2, other=5) == (3.0, 2, 6.0, 1)
    for wrong in [lambda: nothing(1), lambda: nothing(x=1), lambda: call(), lambda: everything()]:
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(TypeError):
        everything(first=2, second=1)
    assert nothing.__call__() == -3.0 and Scale.__call__(nothing) == -3.0
    with pytest.raises(LookupError, match="no function other"):
        Scale(1.0, "other")


def test_functions_that_are_chosen_later():
    scale, same = Scale(2.0), Scale(2.0)
    for _ in range(3):
        scale.set("nothing")
        assert scale() == -2.0 and same(1) == 2.0
        t.set(scale, "grow")
        assert scale() is None and scale.by == 3.0
        scale.by = 2.0
        t.set(scale, "call")
        assert scale(4) == 8.0
    with pytest.raises(LookupError):
        scale.set("other")
    assert scale(4) == 8.0
    for wrong in [5, None, Plain(), Scale, Later()]:
        with pytest.raises(TypeError):
            t.set(wrong, "nothing")


def test_a_method_that_returns_one():
    again = Scale(5.0).again("nothing")
    assert type(again) is Scale and again() == -5.0
    assert again.again("call")(2) == 10.0


def test_errors():
    for how, error in [("fail", ValueError), ("panic", BaseException)]:
        scale = Scale(7.0, how)
        for _ in range(3):
            with pytest.raises(error, match="called by 7"):
                scale()
        scale.set("nothing")
        assert scale() == -7.0


def test_borrows():
    scale = Scale(1.0, "call_exclusively")
    assert scale(lambda: 5) == 5
    with pytest.raises(RuntimeError):
        scale(lambda: scale(lambda: 6))
    with pytest.raises(RuntimeError):
        scale(lambda: scale.by)
    # The choice is no part of the data, so it can be made meanwhile.
    assert scale(lambda: scale.set("nothing")) is None
    assert scale() == -1.0


def test_a_change_while_it_runs():
    scale = Scale(2.0, "change")
    assert scale("nothing") == -2.0
    assert scale() == -2.0
    scale.set("change")
    assert scale("everything") == (2.0, 0, 0.0, 0)
    assert scale(1) == (2.0, 0, 0.0, 0)
    scale.set("change")
    with pytest.raises(TypeError):
        scale("change")
    with pytest.raises(LookupError):
        scale("other")


def test_recursion():
    scale = Scale(2.0, "change")

    partial = Partial(lambda last: last(last))
    with pytest.raises(RecursionError):
        partial(partial)
    assert scale("nothing") == -2.0


# Classes that derive


def test_types_in_rust_inherit_it():
    named = Named("a")
    assert named(2) == 6.0 and named.name == "a" and named.canary == 0x1122334455667788
    assert Named("a", "nothing")() == -3.0
    for how, args in [("nothing", ()), ("call", (1,)), ("everything", (1,)), ("nothing", ())]:
        named.set(how)
        named(*args)
        assert (named.by, named.name, named.canary) == (3.0, "a", 0x1122334455667788)
    t.set(named, "nothing")
    assert named() == -3.0


def test_types_in_rust_with_their_own():
    own = Own("text")
    assert own() == "text" and own.by == 4.0
    with pytest.raises(TypeError):
        own(1)
    t.set(own, "nothing")
    assert own() == -4.0
    t.set(own, "everything")
    assert own(1) == (4.0, 0, 0.0, 0)


def test_types_in_rust_with_their_own_choice():
    assert (Later()(), Later(True)()) == ("call", "fast")
    assert Later().canary == Later(True).canary == 77
    with pytest.raises(TypeError):
        Later()(1)


@in_debug_mode_too
def test_classes_in_python():
    class Sub(Scale):
        pass

    for how, args, result in [("call", (2,), 6.0), ("nothing", (), -3.0)]:
        sub = Sub(3.0, how)
        assert type(sub) is Sub and sub(*args) == result
    sub.set("everything")
    assert sub(1, 2, second=1) == (3.0, 1, 3.0, 0)
    sub.attribute = 5
    assert sub.attribute == 5 and sub(1) == (3.0, 0, 0.0, 0)

    class Slots(Scale):
        __slots__ = ("a", "b")

    if not GRAALPY_HPY:
        slots = Slots(3.0, "nothing")
        slots.a, slots.b = 1, 2
        assert (slots(), slots.a, slots.b) == (-3.0, 1, 2)
        slots.set("call")
        assert (slots(2), slots.a, slots.b) == (6.0, 1, 2)


@in_debug_mode_too
@pytest.mark.parametrize("how", ["call", "nothing", "grow"])
def test_a_call_in_python_wins(how):
    class Over(Scale):
        def __call__(self, *args):
            return "python", args

    over = Over(3.0, how)
    assert over() == ("python", ()) and over(1, 2) == ("python", (1, 2))
    assert t.call(over, 1) == ("python", (1.0,)) and list(map(over, "a")) == [("python", ("a",))]
    over.set("nothing")
    assert over(1) == ("python", (1,)) and t.call(over, 1) == ("python", (1.0,))

    class Deeper(Over):
        pass

    assert Deeper(3.0, how)(1) == ("python", (1,))


@in_debug_mode_too
def test_a_call_in_python_that_calls_super():
    class Over(Scale):
        def __call__(self, *args, **keywords):
            return "python", super().__call__(*args, **keywords)

    over = Over(3.0)
    assert over(2) == ("python", 6.0) and over(x=1) == ("python", 3.0)
    over.set("nothing")
    assert over() == ("python", -3.0)


@in_debug_mode_too
def test_a_call_that_comes_and_goes():
    class Sub(Scale):
        pass

    sub = Sub(3.0)
    for _ in range(3):
        assert sub(1) == 3.0 and t.call(sub, 1) == 3.0
        Sub.__call__ = lambda self, *args: args
        assert sub(1) == (1,) and t.call(sub, 1) == (1.0,)
        sub.set("nothing")
        assert sub() == ()
        del Sub.__call__
        assert sub() == -3.0
        sub.set("call")


def test_objects_that_no_constructor_made():
    for type_ in (Scale, Named, Own, Partial):
        try:
            odd = object.__new__(type_)
        except TypeError:
            continue
        for call in (odd, lambda: odd(1), lambda: t.call(odd, 1), lambda: type_.__call__(odd, 1)):
            with pytest.raises(TypeError):
                call()
        if type_ is not Partial:
            with pytest.raises(TypeError):
                t.set(odd, "nothing")
            with pytest.raises(TypeError):
                odd()


def test_call_of_other_objects():
    for wrong in [5, None, object()]:
        with pytest.raises(TypeError):
            Scale.__call__(wrong, 1)
    other = Plain()
    with pytest.raises(TypeError):
        Scale.__call__(other, 1)
    with pytest.raises(TypeError):
        Scale.__call__()


@in_debug_mode_too
@pytest.mark.skipif(
    not hasattr(t, "Line"), reason="there can be no types that derive from float here"
)
def test_of_a_built_in_type():
    line = t.Line(2.0, 1.0)
    assert line == 2.0 and line(3) == 7.0 and line(x=0) == 1.0

    class Sub(t.Line):
        def __call__(self, x):
            return "python", super().__call__(x)

    class Other(t.Line):
        pass

    assert Sub(2.0, 1.0)(3) == ("python", 7.0) and Other(1.0, 1.0)(1) == 2.0
    odd = float.__new__(t.Line, 5)
    with pytest.raises(TypeError):
        odd(1)


# Garbage


def test_partials():
    partial = Partial(lambda *args: args, 1, [2])
    assert partial(3) == (1, [2], 3)
    alone = Partial(lambda last: [last])
    assert alone(5) == [5]
    alone, cycle = None, Partial(lambda *args: args, partial, [])
    cycle_list = cycle(0)[1]
    cycle_list.append(cycle)
    del cycle, cycle_list
    gc.collect()


@pytest.mark.skipif(not CPYTHON, reason="PyPy and GraalPy have no gc.set_threshold")
def test_collections_at_each_allocation():
    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for number in range(100):
            partial = Partial(lambda *args: args, [number], {}, Scale(1.0))
            assert partial([5])[0] == [number]
            alone = Partial(lambda last: [last, gc.collect(0)])
            assert alone([number])[0] == [number]
            scale = Scale(2.0, "change")
            assert scale("nothing") == -2.0
    finally:
        gc.set_threshold(*before)


def test_a_function_ends_while_it_runs():
    """The object is let go of by all others during its call."""
    holder = []

    def release(last):
        holder.clear()
        gc.collect()
        return last

    holder.append(Partial(release))
    assert holder[0]([5]) == [5] and holder == []


@pytest.mark.skipif(GRAALPY_HPY, reason="GraalPy 24's HPy works on one thread of a process")
@threads_take_turns
def test_threads_choose():
    scale = Scale(2.0)
    wrong, done = [], []

    def call():
        while not done:
            try:
                result = scale()
            except TypeError:
                continue  # `__call__` wants an argument.
            if result not in (-2.0, None):
                wrong.append(result)

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(3000):
        scale.set("nothing" if number % 2 else "call")
    done.append(True)
    for thread in threads:
        thread.join()
    assert wrong == []
