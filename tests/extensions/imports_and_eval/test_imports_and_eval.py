"""Imports and source text from Rust."""

import collections
import io
import contextlib
import os
import sys
import types

import pytest

import imports_and_eval
from hpy_hosts import GRAALPY_HPY, PYPY_HPY


def test_import_from():
    take = imports_and_eval.import_from
    assert take("collections", "OrderedDict") is collections.OrderedDict
    assert take("os", "path") is os.path
    assert take("os.path", "join") is os.path.join


def test_import_from_takes_submodules(tmp_path, monkeypatch):
    folder = tmp_path / "imported_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("x = 1\n")
    (folder / "inside.py").write_text("y = 2\n")
    (folder / "broken.py").write_text("import no_such_module_at_all\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert imports_and_eval.import_from("imported_package", "x") == 1
    assert imports_and_eval.import_from("imported_package", "inside").y == 2
    with pytest.raises(
        ImportError,
        match=r"^cannot import name 'nothing' from 'imported_package' \(.*__init__.py\)$",
    ):
        imports_and_eval.import_from("imported_package", "nothing")


def test_import_from_says_what_python_says():
    for module, name in [("os", "nothing"), ("builtins", "nothing")]:
        with pytest.raises(ImportError) as ours:
            imports_and_eval.import_from(module, name)
        with pytest.raises(ImportError) as pythons:
            exec(f"from {module} import {name}")
        assert type(ours.value) is type(pythons.value)
        assert str(ours.value).startswith(f"cannot import name '{name}' from '{module}' (")
        if sys.implementation.name == "cpython":
            assert str(ours.value) == str(pythons.value)
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        imports_and_eval.import_from("no_such_module", "x")
    with pytest.raises(ValueError):
        imports_and_eval.import_from("os", "a\0b")


def test_imported_statics():
    assert imports_and_eval.imported("OrderedDict") is collections.OrderedDict
    assert imports_and_eval.imported("OrderedDict") is collections.OrderedDict
    assert imports_and_eval.imported("join") is os.path.join
    with pytest.raises(TypeError, match="type"):
        imports_and_eval.imported("sep")


def test_an_import_that_failed_is_tried_again(monkeypatch):
    with pytest.raises(ModuleNotFoundError):
        imports_and_eval.imported("later")
    module = types.ModuleType("imported_later")
    monkeypatch.setitem(sys.modules, "imported_later", module)
    with pytest.raises(ImportError):
        imports_and_eval.imported("later")
    module.answer = object()
    assert imports_and_eval.imported("later") is module.answer
    before = module.answer
    module.answer = None
    assert imports_and_eval.imported("later") is before


def test_cached_is_made_once():
    def fail():
        raise ValueError("not yet")

    assert imports_and_eval.kept() is None
    with pytest.raises(ValueError, match="not yet"):
        imports_and_eval.once(fail)
    assert imports_and_eval.kept() is None

    def within():
        # No lock is held: the first that is ready stays.
        inner = imports_and_eval.once(lambda: ["inner"])
        assert inner == ["inner"]
        return ["outer"]

    assert imports_and_eval.once(within) == ["inner"]
    first = imports_and_eval.once(list)
    assert first is imports_and_eval.once(fail) is imports_and_eval.kept()


def test_eval():
    assert imports_and_eval.eval("1 + 1") == 2
    assert imports_and_eval.eval(" \t6 * 7") == 42
    assert imports_and_eval.eval("len('four')") == 4
    assert imports_and_eval.eval("'é\N{SNOWMAN}' * 2") == "é\N{SNOWMAN}" * 2
    globals = {"x": 1}
    assert imports_and_eval.eval("x + 1", globals) == 2
    assert "__builtins__" in globals
    assert imports_and_eval.eval("x + y", globals, {"y": 2}) == 3
    assert (
        imports_and_eval.eval("x + y", globals=globals, locals=collections.ChainMap({}, {"y": 5}))
        == 6
    )
    mine = {"__builtins__": {"len": "mine"}}
    assert imports_and_eval.eval("len", dict(mine)) == eval("len", dict(mine))
    with pytest.raises(NameError):
        imports_and_eval.eval("PYPY_HPY")
    with pytest.raises(ZeroDivisionError):
        imports_and_eval.eval("1 / 0")
    with pytest.raises(SyntaxError) as error:
        imports_and_eval.eval("1 +")
    assert error.value.filename == "<string>" and error.value.lineno == 1
    with pytest.raises(SyntaxError):
        imports_and_eval.eval("x = 1")
    with pytest.raises(ValueError):
        imports_and_eval.eval("1\0")


def test_run():
    names = {}
    assert (
        imports_and_eval.run(
            "import math\nroot = math.sqrt(16)\ndef f():\n    return root", names
        )
        is None
    )
    assert names["root"] == 4 and names["f"]() == 4
    locals = {}
    imports_and_eval.run("y = root + 1", names, locals)
    assert locals == {"y": 5} and "y" not in names
    imports_and_eval.run("assert 'y' not in globals()")
    with pytest.raises(KeyError, match="k"):
        imports_and_eval.run("{}['k']")


@pytest.mark.skipif(
    PYPY_HPY, reason="PyPy's own HPy hands exceptions to extensions without their traceback"
)
def test_errors_of_run_have_a_traceback():
    with pytest.raises(ZeroDivisionError) as error:
        imports_and_eval.run("def f():\n    return 1 / 0\nf()")
    names = [entry.name for entry in error.traceback]
    assert names[-2:] == ["<module>", "f"]
    assert error.traceback[-1].lineno == 1


def test_compile():
    code = imports_and_eval.compile("a * 2", "place.py", "eval")
    assert isinstance(code, types.CodeType) and code.co_filename == "place.py"
    assert imports_and_eval.eval_code(code, {"a": 4}) == eval(code, {"a": 4}) == 8
    code = imports_and_eval.compile("b = a * 2", "place.py", "exec")
    names = {"a": 4}
    assert imports_and_eval.eval_code(code, names) is None and names["b"] == 8
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        imports_and_eval.eval_code(imports_and_eval.compile("40 + 2", "<stdin>", "single"))
    assert said.getvalue() == "42\n"
    with pytest.raises(SyntaxError) as error:
        imports_and_eval.compile("\n)", "place.py", "exec")
    assert error.value.filename == "place.py" and error.value.lineno == 2


def test_code_that_cannot_run_alone():
    def outer():
        x = 1

        def inner():
            return x

        return inner

    with pytest.raises(TypeError, match="free variables"):
        imports_and_eval.eval_code(outer().__code__)
    # PyPy runs it, and x has no value.
    # GraalPy 24's HPy fails within, without an exception of Python's.
    if not GRAALPY_HPY:
        with pytest.raises((TypeError, UnboundLocalError)):
            imports_and_eval.eval_code((lambda x: x).__code__)
    with pytest.raises(TypeError, match="code"):
        imports_and_eval.eval_code("1")


def test_a_module_from_code():
    source = "x = 6\n\n\ndef f():\n    return x * 7\n"
    try:
        module = imports_and_eval.module_from_code(source, "of_code.py", "module_of_code")
        assert isinstance(module, types.ModuleType) and module.__name__ == "module_of_code"
        assert module.f() == 42 and module.__file__ == "of_code.py"
        assert module.f.__code__.co_filename == "of_code.py"
        # Other code imports it, so a module can consist of several files.
        import module_of_code

        assert module_of_code is module
        using = imports_and_eval.module_from_code(
            "from module_of_code import f\ny = f() + 1\n", "using.py", "module_of_code.using"
        )
        assert using.y == 43

        # A new one takes its place, unless it cannot be made.
        with pytest.raises(ZeroDivisionError):
            imports_and_eval.module_from_code("1 / 0", "of_code.py", "module_of_code")
        with pytest.raises(SyntaxError):
            imports_and_eval.module_from_code("for", "of_code.py", "module_of_code")
        assert sys.modules["module_of_code"] is module
        other = imports_and_eval.module_from_code("", "of_code.py", "module_of_code")
        assert sys.modules["module_of_code"] is other is not module
    finally:
        sys.modules.pop("module_of_code", None)
        sys.modules.pop("module_of_code.using", None)
    with pytest.raises(ZeroDivisionError):
        imports_and_eval.module_from_code("1 / 0", "of_code.py", "module_of_code")
    assert "module_of_code" not in sys.modules
    for texts in [("x\0", "f", "n"), ("x", "f\0", "n")]:
        with pytest.raises(ValueError):
            imports_and_eval.module_from_code(*texts)
    assert "n" not in sys.modules
