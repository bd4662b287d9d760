"""What `examples/rawapi.rs` does, seen from Python. The path of the library is the argument."""

import collections
import importlib.machinery
import importlib.util
import sys


def message(exception, function, *args, **kw):
    try:
        function(*args, **kw)
    except exception as error:
        return str(error)
    raise AssertionError("nothing was raised")


def check(rawapi):
    assert rawapi.__doc__ == "Written by hand."
    assert rawapi.myabs(-3) == 3 and rawapi.myabs(-2.5) == 2.5
    assert rawapi.myabs.__doc__ == "The absolute value."
    # Worded by the interpreter.
    assert "operand" in message(TypeError, rawapi.myabs, "x")
    assert rawapi.nothing() is None
    assert rawapi.pack() == () and rawapi.pack(1, "a") == (1, "a")

    assert rawapi.repeat("ab") == "ab"
    assert rawapi.repeat("ab", 2) == rawapi.repeat(count=2, word="ab") == "abab"
    assert rawapi.repeat("ab", loud=1) == "ab!"
    assert message(TypeError, rawapi.repeat) == "repeat() no value for required argument"
    assert message(TypeError, rawapi.repeat, "a", 1, True) == (
        "repeat() keyword only argument passed as positional argument"
    )
    assert message(TypeError, rawapi.repeat, "a", lound=1) == (
        "repeat() mismatched args (too many keywords for fmt)"
    )
    assert message(ValueError, rawapi.repeat, "a\0b") == "embedded null character"

    for items in ([1, 2.5], (1, 2.5), collections.deque([1, 2.5])):
        assert rawapi.total(items) == 3.5
    assert rawapi.total({0: 4, 1: 5}) == 9
    assert message(KeyError, rawapi.total, {"a": 1}) == "0"

    point = rawapi.point(1, 2)
    assert (point.x, point.y, tuple(point)) == (1, 2, (1, 2))
    assert type(point).__name__ == "Point" and type(point).__module__ == "rawapi"
    assert type(point).__doc__ == "A point." and type(point).n_fields == 2
    assert message(TypeError, rawapi.point, 1) == "expected exactly 2 arguments but got 1"

    tally = rawapi.Tally(3)
    assert repr(tally) == "Tally(3)" and tally.next() == 4 and tally.count == 4
    tally.count = 10
    assert tally.next() == 11 and rawapi.Tally().count == 0
    assert rawapi.Tally.__doc__ == "Counts." and rawapi.Tally.next.__doc__ == "One more."
    assert "integer" in message(TypeError, rawapi.Tally, "x")
    message(TypeError, setattr, tally, "count", "x")


def check_class_in_python(rawapi):
    class Double(rawapi.Tally):
        def next(self):
            super().next()
            return super().next()

    double = Double(5)
    double.name = "five"
    assert double.next() == 7 and isinstance(double, rawapi.Tally) and repr(double) == "Tally(7)"


if __name__ == "__main__":
    # The file's name is Cargo's: no interpreter takes it for an extension's by itself.
    loader = importlib.machinery.ExtensionFileLoader("rawapi", sys.argv[1])
    spec = importlib.util.spec_from_file_location("rawapi", sys.argv[1], loader=loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    check(module)
    check_class_in_python(module)
    print("ok")
