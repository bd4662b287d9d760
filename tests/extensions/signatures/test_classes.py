"""What is said of calls of a class's functions is what CPython says of such functions in Python."""

import sys

import pytest

import signatures
from hpy_hosts import OTHER_DEBUG


class Thing:
    """The same in Python."""

    def shift(self, dx, dy, scale=1):
        pass

    def renamed(self, *, first, second):
        pass

    def positional(self, a, /, b):
        pass

    @classmethod
    def of_class(cls, a, b):
        pass

    @staticmethod
    def of_nobody(a, b):
        pass

    def __call__(self, a, b):
        pass


class DerivedInPython(Thing):
    pass


CALLS = [
    (
        lambda thing: thing.shift(),
        "Thing.shift() missing 2 required positional arguments: 'dx' and 'dy'",
    ),
    (lambda thing: thing.shift(1), "Thing.shift() missing 1 required positional argument: 'dy'"),
    (lambda thing: thing.shift(dy=1), "Thing.shift() missing 1 required positional argument: 'dx'"),
    (
        lambda thing: thing.shift(1, 2, 3, 4),
        "Thing.shift() takes from 3 to 4 positional arguments but 5 were given",
    ),
    (
        lambda thing: thing.shift(1, 2, qqq=3),
        "Thing.shift() got an unexpected keyword argument 'qqq'",
    ),
    (lambda thing: thing.shift(1, 2, dx=3), "Thing.shift() got multiple values for argument 'dx'"),
    (
        lambda thing: thing.renamed(1),
        "Thing.renamed() takes 1 positional argument but 2 were given",
    ),
    (
        lambda thing: thing.renamed(1, first=1, second=2),
        "Thing.renamed() takes 1 positional argument but 2 positional arguments "
        "(and 2 keyword-only arguments) were given",
    ),
    (
        lambda thing: thing.renamed(),
        "Thing.renamed() missing 2 required keyword-only arguments: 'first' and 'second'",
    ),
    (
        lambda thing: thing.positional(a=1, b=2),
        "Thing.positional() got some positional-only arguments passed as keyword arguments: 'a'",
    ),
    (
        lambda thing: thing.of_class(1),
        "Thing.of_class() missing 1 required positional argument: 'b'",
    ),
    (
        lambda thing: thing.of_class(1, 2, 3),
        "Thing.of_class() takes 3 positional arguments but 4 were given",
    ),
    (
        lambda thing: type(thing).of_class(1),
        "Thing.of_class() missing 1 required positional argument: 'b'",
    ),
    (
        lambda thing: thing.of_nobody(1),
        "Thing.of_nobody() missing 1 required positional argument: 'b'",
    ),
    (
        lambda thing: thing.of_nobody(1, 2, 3),
        "Thing.of_nobody() takes 2 positional arguments but 3 were given",
    ),
    (
        lambda thing: thing.of_nobody(1, 2, qqq=3),
        "Thing.of_nobody() got an unexpected keyword argument 'qqq'",
    ),
    (lambda thing: thing(1), "Thing.__call__() missing 1 required positional argument: 'b'"),
    (
        lambda thing: thing(1, 2, 3),
        "Thing.__call__() takes 3 positional arguments but 4 were given",
    ),
]


def said(call, thing):
    with pytest.raises(TypeError) as caught:
        call(thing)
    return str(caught.value)


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_functions_are_named_with_their_class(number):
    call, message = CALLS[number]
    assert said(call, signatures.Thing(1)) == message
    if sys.implementation.name == "cpython" and sys.version_info >= (3, 10):
        assert said(call, Thing()) == message
        assert said(call, DerivedInPython()) == message


@pytest.mark.skipif(
    OTHER_DEBUG,
    reason="hpy 0.9.0's debug mode ends the process for instances of classes in Python",
)
@pytest.mark.parametrize("number", range(len(CALLS)))
def test_functions_of_a_base_are_named_with_the_base(number):
    class Derived(signatures.Thing):
        pass

    try:
        derived = Derived(1)
    except TypeError as error:
        pytest.skip(
            "the runtime has no data for instances of a subclass written in Python: "
            "{}".format(error)
        )
    call, message = CALLS[number]
    assert said(call, derived) == message


CONSTRUCTED = [
    (lambda: signatures.Thing(), "Thing() missing 1 required positional argument: 'x'"),
    (
        lambda: signatures.Thing(1, 2, 3),
        "Thing() takes from 1 to 2 positional arguments but 3 were given",
    ),
    (lambda: signatures.Thing(1, qqq=3), "Thing() got an unexpected keyword argument 'qqq'"),
    (lambda: signatures.Thing(1, x=3), "Thing() got multiple values for argument 'x'"),
    (lambda: signatures.Thing("x"), "Thing() argument 'x': "),
    (lambda: signatures.Thing(1).shift(1, "x"), "Thing.shift() argument 'dy': "),
]


@pytest.mark.parametrize("number", range(len(CONSTRUCTED)))
def test_a_class_is_called_by_its_name_in_python(number):
    call, message = CONSTRUCTED[number]
    assert said(lambda _: call(), None).startswith(message)
