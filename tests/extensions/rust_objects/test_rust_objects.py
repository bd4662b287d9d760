"""The types of the library's own that hold closures and iterators of Rust."""

import rust_objects as t


def test_types_are_made_once_and_named():
    function, iterator = type(t.adder(1)), type(t.squares(1))
    assert function is type(t.counter()) and iterator is type(t.words("a"))
    assert (function.__module__, function.__name__) == ("hpy", "function")
    assert (iterator.__module__, iterator.__name__) == ("hpy", "iterator")
    # They are in no module.
    assert not hasattr(t, "function") and not hasattr(t, "iterator")
