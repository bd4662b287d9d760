"""What the quickstart's methods do, and what main.py prints."""

import inspect
import os
import subprocess
import sys

import pytest

import quickstart

HERE = os.path.dirname(os.path.abspath(__file__))

PRINTED = """\
add_ints(40, 2) = 42
myabs(-1.5) = 1.5
Hello, world! Hello, world!
OverflowError: the sum does not fit 64 bits
TypeError: add_ints() missing 1 required positional argument: 'b'
"""


def test_add_ints():
    assert quickstart.add_ints(40, 2) == 42
    assert quickstart.add_ints(2**63 - 1, -(2**63)) == -1
    assert quickstart.add_ints(True, False) == 1


@pytest.mark.parametrize("a, b", [(2**63 - 1, 1), (-(2**63), -1)])
def test_a_sum_that_does_not_fit(a, b):
    with pytest.raises(OverflowError, match="^the sum does not fit 64 bits$"):
        quickstart.add_ints(a, b)


@pytest.mark.parametrize(
    "args, error, text",
    [
        ((), TypeError, "add_ints() missing 2 required positional arguments: 'a' and 'b'"),
        ((1,), TypeError, "add_ints() missing 1 required positional argument: 'b'"),
        ((1, 2, 3), TypeError, "add_ints() takes 2 positional arguments but 3 were given"),
        ((1, "2"), TypeError, "'b'"),
        ((1.5, 2), TypeError, "'a'"),
        ((2**63, 0), OverflowError, "'a'"),
    ],
)
def test_wrong_arguments(args, error, text):
    with pytest.raises(error) as raised:
        quickstart.add_ints(*args)
    assert text in str(raised.value)


def test_myabs():
    assert quickstart.myabs(-1.5) == 1.5
    assert quickstart.myabs(-(10**30)) == 10**30
    assert quickstart.myabs(3 + 4j) == 5.0

    class Mine:
        def __abs__(self):
            return "mine"

    assert quickstart.myabs(Mine()) == "mine"
    with pytest.raises(TypeError, match="operand type for .*abs.*'str'"):
        quickstart.myabs("-1.5")


def test_greet():
    assert quickstart.greet("world") == "Hello, world!"
    assert quickstart.greet("world", 2) == "Hello, world! Hello, world!"
    assert quickstart.greet("world", times=2, end=".") == "Hello, world. Hello, world."
    assert quickstart.greet("world", times=0) == ""
    assert quickstart.greet("wörld \U0001f40d", end="") == "Hello, wörld \U0001f40d"
    with pytest.raises(TypeError, match="unexpected keyword argument 'start'"):
        quickstart.greet("world", start="?")
    with pytest.raises(TypeError, match="positional-only"):
        quickstart.greet(name="world")
    with pytest.raises(OverflowError, match="'times'"):
        quickstart.greet("world", times=-1)
    with pytest.raises(TypeError, match="'end'"):
        quickstart.greet("world", end=None)


def test_documentation():
    assert quickstart.__doc__ == "A first extension."
    signature = "($module, name, /, times=1, *, end='!')"
    if sys.implementation.name == "graalpy" and sys.implementation.version < (25,):
        # GraalPy 24's own HPy leaves the signature in __doc__, before the text.
        assert quickstart.greet.__doc__.startswith("greet" + signature)
        assert quickstart.add_ints.__doc__.endswith("\n\nAdds two integers.")
        assert quickstart.myabs.__doc__.endswith(
            "\n\nThe absolute value of any object that has one."
        )
    else:
        assert quickstart.add_ints.__doc__ == "Adds two integers."
        assert quickstart.myabs.__doc__ == "The absolute value of any object that has one."
        assert quickstart.greet.__text_signature__ == signature
    if sys.implementation.name == "cpython":
        assert str(inspect.signature(quickstart.greet)) == "(name, /, times=1, *, end='!')"
        assert str(inspect.signature(quickstart.add_ints)) == "(a, b, /)"


def test_main_prints_what_the_guide_shows():
    found = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=60,
        check=True,
    )
    assert found.stdout == PRINTED
