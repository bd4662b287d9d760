"""Imports, calls by macro, and source text from Rust."""

import collections
import io
import contextlib
import os
import sys
import types

import pytest

import calling
from hpy_hosts import GRAALPY_HPY

PYPY_HPY = sys.implementation.name == "pypy" and "_hpy_universal" in sys.builtin_module_names


def test_import_from():
    take = calling.import_from
    assert take("collections", "OrderedDict") is collections.OrderedDict
    assert take("os", "path") is os.path
    assert take("os.path", "join") is os.path.join


def test_import_from_takes_submodules(tmp_path, monkeypatch):
    folder = tmp_path / "calling_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("x = 1\n")
    (folder / "inside.py").write_text("y = 2\n")
    (folder / "broken.py").write_text("import no_such_module_at_all\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert calling.import_from("calling_package", "x") == 1
    assert calling.import_from("calling_package", "inside").y == 2
    with pytest.raises(
        ImportError,
        match=r"^cannot import name 'nothing' from 'calling_package' \(.*__init__.py\)$",
    ):
        calling.import_from("calling_package", "nothing")


def test_import_from_says_what_python_says():
    for module, name in [("os", "nothing"), ("builtins", "nothing")]:
        with pytest.raises(ImportError) as ours:
            calling.import_from(module, name)
        with pytest.raises(ImportError) as pythons:
            exec(f"from {module} import {name}")
        assert type(ours.value) is type(pythons.value)
        assert str(ours.value).startswith(f"cannot import name '{name}' from '{module}' (")
        if sys.implementation.name == "cpython":
            assert str(ours.value) == str(pythons.value)
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        calling.import_from("no_such_module", "x")
    with pytest.raises(ValueError):
        calling.import_from("os", "a\0b")


def test_imported_statics():
    assert calling.imported("OrderedDict") is collections.OrderedDict
    assert calling.imported("OrderedDict") is collections.OrderedDict
    assert calling.imported("join") is os.path.join
    with pytest.raises(TypeError, match="type"):
        calling.imported("sep")


def test_an_import_that_failed_is_tried_again(monkeypatch):
    with pytest.raises(ModuleNotFoundError):
        calling.imported("later")
    module = types.ModuleType("calling_later")
    monkeypatch.setitem(sys.modules, "calling_later", module)
    with pytest.raises(ImportError):
        calling.imported("later")
    module.answer = object()
    assert calling.imported("later") is module.answer
    before = module.answer
    module.answer = None
    assert calling.imported("later") is before


def test_cached_is_made_once():
    def fail():
        raise ValueError("not yet")

    assert calling.kept() is None
    with pytest.raises(ValueError, match="not yet"):
        calling.once(fail)
    assert calling.kept() is None

    def within():
        # No lock is held: the first that is ready stays.
        inner = calling.once(lambda: ["inner"])
        assert inner == ["inner"]
        return ["outer"]

    assert calling.once(within) == ["inner"]
    first = calling.once(list)
    assert first is calling.once(fail) is calling.kept()


def echo(*args, **keywords):
    return args, keywords


EVERY_FORM = [
    ((), {}),
    ((), {}),
    ((1,), {}),
    ((1, "two"), {}),
    ((), {"key": 1}),
    ((1, "two"), {"a": 1.5, "b": [1, 2], "type": None, "fn": True}),
    (tuple(range(1, 12)), {"l": 12}),
]


def test_calls_in_every_form():
    for _ in range(3):
        found = calling.call_in_every_form(echo)
        assert found == EVERY_FORM
        assert [list(keywords) for _, keywords in found] == [
            list(keywords) for _, keywords in EVERY_FORM
        ]


def test_calls_of_other_callables():
    class Callable:
        def __call__(self, *args, **keywords):
            return args, keywords

    assert calling.call_in_every_form(Callable()) == EVERY_FORM
    with pytest.raises(TypeError, match="callable"):
        calling.call_in_every_form(42)

    def fails(*args, **keywords):
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        calling.call_in_every_form(fails)


def test_methods_in_every_form():
    class Object:
        def method(self, *args, **keywords):
            return args, keywords

    object = Object()
    assert calling.call_method_in_every_form(object) == [
        ((), {}),
        ((1,), {}),
        ((1, "two"), {}),
        ((), {"key": 1}),
        ((1,), {"key": 1, "other": object}),
    ]
    with pytest.raises(AttributeError, match="method"):
        calling.call_method_in_every_form(1)


def test_calls_on_known_types():
    assert calling.sorted_words("b a c d e") == ["d e", "c", "b", "a"]


def test_eval():
    assert calling.eval("1 + 1") == 2
    assert calling.eval(" \t6 * 7") == 42
    assert calling.eval("len('four')") == 4
    assert calling.eval("'é\N{SNOWMAN}' * 2") == "é\N{SNOWMAN}" * 2
    globals = {"x": 1}
    assert calling.eval("x + 1", globals) == 2
    assert "__builtins__" in globals
    assert calling.eval("x + y", globals, {"y": 2}) == 3
    assert calling.eval("x + y", globals=globals, locals=collections.ChainMap({}, {"y": 5})) == 6
    mine = {"__builtins__": {"len": "mine"}}
    assert calling.eval("len", dict(mine)) == eval("len", dict(mine))
    with pytest.raises(NameError):
        calling.eval("echo")
    with pytest.raises(ZeroDivisionError):
        calling.eval("1 / 0")
    with pytest.raises(SyntaxError) as error:
        calling.eval("1 +")
    assert error.value.filename == "<string>" and error.value.lineno == 1
    with pytest.raises(SyntaxError):
        calling.eval("x = 1")
    with pytest.raises(ValueError):
        calling.eval("1\0")


def test_run():
    names = {}
    assert (
        calling.run("import math\nroot = math.sqrt(16)\ndef f():\n    return root", names) is None
    )
    assert names["root"] == 4 and names["f"]() == 4
    locals = {}
    calling.run("y = root + 1", names, locals)
    assert locals == {"y": 5} and "y" not in names
    calling.run("assert 'y' not in globals()")
    with pytest.raises(KeyError, match="k"):
        calling.run("{}['k']")


@pytest.mark.skipif(
    PYPY_HPY, reason="PyPy's own HPy hands exceptions to extensions without their traceback"
)
def test_errors_of_run_have_a_traceback():
    with pytest.raises(ZeroDivisionError) as error:
        calling.run("def f():\n    return 1 / 0\nf()")
    names = [entry.name for entry in error.traceback]
    assert names[-2:] == ["<module>", "f"]
    assert error.traceback[-1].lineno == 1


def test_compile():
    code = calling.compile("a * 2", "place.py", "eval")
    assert isinstance(code, types.CodeType) and code.co_filename == "place.py"
    assert calling.eval_code(code, {"a": 4}) == eval(code, {"a": 4}) == 8
    code = calling.compile("b = a * 2", "place.py", "exec")
    names = {"a": 4}
    assert calling.eval_code(code, names) is None and names["b"] == 8
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        calling.eval_code(calling.compile("40 + 2", "<stdin>", "single"))
    assert said.getvalue() == "42\n"
    with pytest.raises(SyntaxError) as error:
        calling.compile("\n)", "place.py", "exec")
    assert error.value.filename == "place.py" and error.value.lineno == 2


def test_code_that_cannot_run_alone():
    def outer():
        x = 1

        def inner():
            return x

        return inner

    with pytest.raises(TypeError, match="free variables"):
        calling.eval_code(outer().__code__)
    # PyPy runs it, and x has no value.
    # GraalPy 24's HPy fails within, without an exception of Python's.
    if not GRAALPY_HPY:
        with pytest.raises((TypeError, UnboundLocalError)):
            calling.eval_code((lambda x: x).__code__)
    with pytest.raises(TypeError, match="code"):
        calling.eval_code("1")
