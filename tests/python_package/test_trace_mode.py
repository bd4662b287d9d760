"""Trace mode of the package hpy: counts, times, functions that it calls, and the report.

tests/outside/python_package.rs makes the files. Their functions make the same calls of HPy's
functions on every interpreter.
"""

import importlib.machinery
import json
import os
import subprocess
import sys
import threading
import time

import hpy.universal
import pytest
from hpy.trace import (
    get_call_counts,
    get_durations,
    get_frequency,
    get_results,
    set_trace_functions,
)
from hpy.universal import MODE_TRACE, MODE_UNIVERSAL, _load_bootstrap, load

FOLDER = os.environ["HPY_TEST_MADE"]


def made(kind="good", name="made", mode=MODE_TRACE):
    path = os.path.join(FOLDER, kind, "made.hpy0.so")
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    return load(name, path, importlib.machinery.ModuleSpec(name, loader), mode=mode)


class Counts:
    """What is counted between two moments."""

    def __init__(self):
        self.before = get_call_counts()

    def made(self):
        after = get_call_counts()
        changes = {name: after[name] - number for name, number in self.before.items()}
        return {name: number for name, number in changes.items() if number}


@pytest.fixture(autouse=True)
def no_functions():
    yield
    set_trace_functions(None, None)


def test_each_call_of_a_known_sequence_is_counted():
    counts = Counts()
    module = made()
    # What the module's two slots call, each once.
    assert counts.made() == {
        "ctx_Long_FromInt64_t": 3,
        "ctx_GetAttr_s": 1,
        "ctx_Add": 2,
        "ctx_SetAttr_s": 2,
        "ctx_Close": 6,
    }
    counts = Counts()
    for number in range(1000):
        assert module.twice(number) == 2 * number
    with pytest.raises(TypeError):
        module.twice(None)
    assert counts.made() == {"ctx_Add": 1001}


def test_errors_are_counted_and_passed_on():
    counts = Counts()
    with pytest.raises(ValueError, match="own code failed"):
        made("exec_fails")
    assert counts.made()["ctx_Err_SetString"] == 1


def test_a_module_that_it_makes_itself():
    counts = Counts()
    assert made("creates") == {}
    assert counts.made() == {"ctx_Dict_New": 1}


def test_another_mode_is_not_counted():
    made()
    module = made(mode=MODE_UNIVERSAL)
    counts = Counts()
    assert module.twice(1) == 2
    assert counts.made() == {}


def test_the_last_load_of_a_file_decides_for_all_its_modules():
    traced = made()
    made(mode=MODE_UNIVERSAL)
    counts = Counts()
    traced.twice(1)
    assert counts.made() == {}
    made()
    counts = Counts()
    traced.twice(1)
    assert counts.made() == {"ctx_Add": 1}


def test_durations_are_nanoseconds():
    class Slow:
        def __add__(self, other):
            time.sleep(0.05)
            return "slow"

    module = made()
    before, start = get_durations(), time.perf_counter_ns()
    assert module.twice(Slow()) == "slow"
    passed = time.perf_counter_ns() - start
    after = get_durations()
    took = after.pop("ctx_Add") - before.pop("ctx_Add")
    assert 49_000_000 < took <= passed * 1.01
    assert before == after
    assert get_frequency() > 1000


def test_threads_count_every_call():
    module = made()
    counts = Counts()

    def work():
        for number in range(20_000):
            module.twice(number)

    # One after the other take over counters, those of one row do not share any.
    for _ in range(3):
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts.made() == {"ctx_Add": 360_000}


def test_functions_are_called_with_the_name():
    module = made()
    log = []
    set_trace_functions(log.append)
    module.twice(1)
    assert log == ["ctx_Add"]
    # What is not passed stays.
    set_trace_functions(on_exit=lambda name: log.append("after " + name))
    module.twice(1)
    assert log == ["ctx_Add", "ctx_Add", "after ctx_Add"]
    set_trace_functions(on_enter=None)
    module.twice(1)
    assert log[3:] == ["after ctx_Add"]
    set_trace_functions(on_exit=None)
    module.twice(1)
    assert len(log) == 4


def test_functions_see_no_exception_and_lose_none():
    module = made()
    seen = []

    def on_exit(name):
        try:
            raise KeyError(name)
        except KeyError:
            seen.append(name)

    set_trace_functions(None, on_exit)
    with pytest.raises(TypeError, match="unsupported operand"):
        module.twice(None)
    assert seen == ["ctx_Add"]


def test_functions_are_not_called_for_what_they_call():
    module = made()
    log = []

    def on_enter(name):
        log.append(name)
        assert module.twice(21) == 42

    counts = Counts()
    set_trace_functions(on_enter)
    module.twice(1)
    assert log == ["ctx_Add"]
    assert counts.made() == {"ctx_Add": 2}


def test_what_a_function_raises_is_unraisable(monkeypatch):
    module = made()
    caught = []
    monkeypatch.setattr(sys, "unraisablehook", caught.append)

    def on_enter(name):
        raise KeyError(name)

    set_trace_functions(on_enter)
    assert module.twice(21) == 42
    assert [(type(one.exc_value), one.object) for one in caught] == [(KeyError, on_enter)]


@pytest.mark.parametrize("wrong", [1, "print", ()])
def test_what_is_no_function_changes_nothing(wrong):
    module = made()
    log = []
    set_trace_functions(log.append)
    for arguments in ((wrong,), (None, wrong)):
        with pytest.raises(TypeError, match="^Expected a callable object or None$"):
            set_trace_functions(*arguments)
    module.twice(1)
    assert log == ["ctx_Add"]


def test_results_tell_extensions_and_their_functions():
    path = os.path.join(FOLDER, "good", "made.hpy0.so")
    loader = importlib.machinery.ExtensionFileLoader("one.made", path)
    spec = importlib.machinery.ModuleSpec("one.made", loader, origin=path)
    module = _load_bootstrap("made", "one.made", "one", path, loader, spec, {"HPY": "trace"})
    for _ in range(5):
        module.twice(1)
    results = get_results()
    one = next(extension for extension in results.extensions if extension.name == "one.made")
    assert one.path == path
    functions = {function.name: function for function in one.functions}
    # The compiler may have made one function of the two slots.
    assert set(functions) == {"twice", "(module execution)"}
    twice = functions["twice"]
    assert (twice.calls, twice.hpy_calls) == (5, 5)
    assert [(word.name, word.calls) for word in twice.words] == [("ctx_Add", 5)]
    assert functions["(module execution)"].calls == 2
    assert functions["(module execution)"].hpy_calls == 14
    assert one.hpy_calls == 19
    assert one.hpy_nanoseconds == sum(word.nanoseconds for word in one.words)
    # All extensions together are what `get_call_counts` has.
    counts = get_call_counts()
    assert {word.name: word.calls for word in results.words} == {
        name: number for name, number in counts.items() if number
    }


PROGRAM = """
import importlib.machinery, os, sys
from hpy.universal import _load_bootstrap

path = os.environ["HPY_TEST_FILE"]
loader = importlib.machinery.ExtensionFileLoader("pkg.made", path)
spec = importlib.machinery.ModuleSpec("pkg.made", loader, origin=path)
made = _load_bootstrap("made", "pkg.made", "pkg", path, loader, spec, os.environ)
for _ in range(100):
    made.twice("<&>")
print("output", sys.argv[1:], __name__)
sys.exit(3)
"""


def run(tmp_path, *arguments, program=PROGRAM):
    script = tmp_path / "program.py"
    script.write_text(program)
    command = [sys.executable, "-m", "hpy.trace"]
    command += [argument.replace("SCRIPT", str(script)) for argument in arguments]
    path = os.path.join(FOLDER, "good", "made.hpy0.so")
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "HPY_TEST_FILE": path, "PYTHONIOENCODING": "utf-8"},
    )


def test_the_command_reports_and_leaves_the_program_its_own(tmp_path):
    ended = run(tmp_path, "--json=one.json", "SCRIPT", "a", "--html", "page.html", "--html", "b")
    assert ended.stdout == "output ['a', '--html', 'page.html'] __main__\n"
    assert ended.returncode == 3
    # Python's own warnings may stand before it.
    lines = ended.stderr[ended.stderr.index("hpy.trace: ") :].splitlines()
    assert all(len(line) < 80 for line in lines), ended.stderr
    words = [line.split() for line in lines]
    assert ["ctx_Add", "102"] in [cells[:2] for cells in words]
    assert ["pkg.made", "114"] in [cells[:2] for cells in words]
    assert ["made.twice", "100"] in [cells[:2] for cells in words]
    # The last of two is meant.
    assert (tmp_path / "b").exists()


def test_the_json_has_all_numbers(tmp_path):
    assert run(tmp_path, "SCRIPT", "--json", "one.json").returncode == 3
    results = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert results["format"] == 1 and results["program"].endswith("program.py")
    assert results["elapsed_nanoseconds"] > 0
    (extension,) = results["extensions"]
    assert extension["name"] == "pkg.made"
    functions = {function["name"]: function for function in extension["functions"]}
    twice = functions["twice"]
    (add,) = twice["hpy_functions"]
    assert (twice["calls"], add["name"], add["calls"]) == (100, "ctx_Add", 100)
    # The function's own time includes that of what it calls.
    assert twice["nanoseconds"] > add["nanoseconds"] >= 0


def test_the_page_loads_nothing_and_names_everything(tmp_path):
    arguments = ("--html", "page.html", "--", "SCRIPT", "<script>", "--json", "x")
    ended = run(tmp_path, *arguments)
    assert ended.stdout.startswith("output ['<script>', '--json', 'x']")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert not any(word in page for word in ("<script", "http:", "https:", "url(", "@import"))
    assert "&lt;script&gt;" in page and "prefers-color-scheme: dark" in page
    for text in ("pkg.made", "ctx_Add", "made.twice", "102 calls"):
        assert text in page


def test_an_exception_of_the_program(tmp_path):
    ended = run(tmp_path, "SCRIPT", program="import os\nraise ValueError('mine')\n")
    assert ended.returncode == 1
    # Its traceback is what Python would print: nothing of ours is in it.
    trace = ended.stderr[ended.stderr.index("Traceback (most recent call last):") :]
    lines = trace.splitlines()
    assert "program.py" in lines[1] and "ValueError: mine" in lines[3:5]
    assert "no extension was loaded in trace mode" in ended.stderr


def test_a_module_and_mistakes(tmp_path):
    (tmp_path / "named.py").write_text("import sys\nprint(sys.argv[1:], __name__)\n")
    ended = run(tmp_path, "-m", "named", "x")
    assert (ended.stdout, ended.returncode) == ("['x'] __main__\n", 0)
    for arguments in ((), ("--nonsense", "SCRIPT"), ("--html",), ("-m",)):
        ended = run(tmp_path, *arguments)
        assert ended.returncode == 2 and "usage:" in ended.stderr
    assert "usage:" in run(tmp_path, "--help").stdout


def test_what_cannot_be_written_is_said(tmp_path):
    ended = run(tmp_path, "SCRIPT", "--html", "no/such/folder.html")
    assert ended.returncode == 3 and "the report was not written" in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows' arguments are text")
def test_an_argument_may_be_any_bytes(tmp_path):
    ended = run(tmp_path, "--html", "page.html", "--json", "one.json", "SCRIPT", "\udcff")
    assert ended.returncode == 3, ended.stderr
    assert "\\udcff</title>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "one.json").read_text())["program"].endswith("\udcff")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_forked_child_writes_no_report(tmp_path):
    program = "import os\nchild = os.fork()\nif child:\n    print(os.waitpid(child, 0)[1])\n"
    ended = run(tmp_path, "SCRIPT", "--json", "one.json", program=program)
    assert (ended.stdout, ended.returncode) == ("0\n", 0)
    assert ended.stderr.count("no extension was loaded") == 1


def test_the_submodule():
    from hpy.universal import _trace

    assert hpy.universal._trace is _trace
    assert _trace.get_call_counts is get_call_counts
    assert len(get_call_counts()) == 189
