"""What debug mode's reports say about mistakes that were made on purpose.

tests/debug_mode.rs makes the files.
"""

import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import textwrap
import zipfile

import pytest

FOLDER = pathlib.Path(os.environ["HPY_TEST_PLANTED"])
PACKAGE = os.environ["HPY_TEST_PACKAGE"]
HERE = pathlib.Path(__file__).parent
SOURCES = {"planted_rust": HERE / "planted_bugs/src/lib.rs", "planted_c": HERE / "planted_c.c"}
LANGUAGES = sorted(SOURCES)

if sysconfig.get_config_var("Py_GIL_DISABLED"):
    # Without a warning that planted_c turns it on.
    os.environ["PYTHON_GIL"] = "0"


def line_of(module, bug):
    """`file:line` of the comment `BUG: name`."""
    lines = SOURCES[module].read_text().splitlines()
    mark = re.compile(r"BUG: %s\b" % bug)
    number, = (number for number, line in enumerate(lines, 1) if mark.search(line))
    return "%s:%d" % (SOURCES[module].name, number)


class Run:
    """A program that ran under `python -m hpy.debug`."""

    def __init__(self, tmp_path, code, *options, kind="whole", command="hpy.debug", **more):
        self.script = tmp_path / "script.py"
        self.script.write_text(textwrap.dedent(code))
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(FOLDER / kind), PACKAGE]))
        environment.update(more.pop("environment", {}))
        arguments = more.pop("arguments", [str(self.script)])
        done = subprocess.run(
            [sys.executable, "-m", command, *options, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            cwd=str(tmp_path),
            env=environment,
            timeout=120,
        )
        self.status, self.out, self.report = done.returncode, done.stdout, done.stderr

    def names(self, *words):
        for word in words:
            assert word in self.report, self.report
        return self


@pytest.mark.parametrize("module", LANGUAGES)
def test_a_leak_has_its_native_line(tmp_path, module):
    argument = "'word'" if module == "planted_rust" else ""
    code = """
        import %s as planted

        def measure():
            planted.leak(%s)

        measure()
    """ % (module, argument)
    run = Run(tmp_path, code, "--backtrace")
    assert run.status == 1
    run.names("error: 1 handle made here was never closed", line_of(module, "leak"))
    run.names("script.py:5", "`%s.leak`" % module, "hpy.debug: 1 handle leaked in 1 place")
    run.names("^^^")
    assert max(map(len, run.report.splitlines())) <= 80 or str(HERE) in run.report


@pytest.mark.parametrize("kind", ["whole", "stripped"])
@pytest.mark.parametrize("module", LANGUAGES)
def test_a_leak_has_its_function_and_python_line(tmp_path, module, kind):
    argument = "'word'" if module == "planted_rust" else ""
    code = "import %s as planted\n\nplanted.leak(%s)\n" % (module, argument)
    options = ["--backtrace"] if kind == "stripped" else []
    run = Run(tmp_path, code, *options, kind=kind)
    assert run.status == 1
    run.names("1 handle made here was never closed", "script.py:3", "`%s.leak`" % module)
    run.names(" 3 | planted.leak(%s)\n" % argument)
    assert SOURCES[module].name not in run.report, run.report


def test_leaks_are_grouped_by_place(tmp_path):
    code = """
        import planted_rust

        for _ in range(5):
            planted_rust.leak_in_two_places(10)
    """
    run = Run(tmp_path, code, "--backtrace")
    run.names("error: 50 handles made here were never closed")
    run.names(line_of("planted_rust", "leak_number"), line_of("planted_rust", "leak_float"))
    run.names("of type int", "of type float", "hpy.debug: 100 handles leaked in 2 places")
    # Without native lines there is one place: the call.
    run = Run(tmp_path, code)
    run.names("error: 100 handles made here were never closed", "script.py:5")
    run.names("run with --backtrace", "100 handles leaked in 1 place")


TITLES = {
    "close_twice": "a handle was closed that was closed before",
    "use_after_close": "a handle was used after it was closed",
    "build_twice": "a builder was used after its Build or Cancel",
}


@pytest.mark.parametrize("module", LANGUAGES)
@pytest.mark.parametrize("kind", ["whole", "stripped"])
@pytest.mark.parametrize("bug", sorted(TITLES))
def test_a_misuse_is_reported(tmp_path, module, kind, bug):
    code = "import %s as planted\nplanted.%s()\nprint('on it goes')\n" % (module, bug)
    run = Run(tmp_path, code, "--backtrace", kind=kind)
    assert (run.status, run.out) == (1, "on it goes\n"), run.report
    run.names("error: %s\n" % TITLES[bug])
    run.names("script.py:2", "`%s.%s`" % (module, bug), "hpy.debug: 1 misuse in 1 place")
    if bug != "build_twice":
        line = line_of(module, bug)
        told = "made here:\n" in run.report and line in run.report
        assert told == (kind == "whole"), run.report


def test_an_argument_that_is_kept_is_reported(tmp_path):
    code = """
        import planted_rust

        word = "kept"
        planted_rust.keep_argument(word)
        planted_rust.keep_argument("another")
    """
    run = Run(tmp_path, code, "--backtrace")
    assert run.status == 1, run.report
    run.names("error: an argument's handle was used after its call\n")
    run.names(line_of("planted_rust", "keep_argument"), "script.py:6", "script.py:5")
    run.names("the handle was closed here:", "help: an argument is open while the call runs")


@pytest.mark.parametrize(
    "bug, title, result",
    [
        ("use_freed", "a handle was used after it was closed", 0),
        ("return_freed", "a function returned a handle that is closed", None),
    ],
)
def test_the_program_goes_on_without_an_object_that_is_gone(tmp_path, bug, title, result):
    code = """
        import planted_c

        print({planted_c.%s() for _ in range(2000)})
    """ % bug
    run = Run(tmp_path, code, "--backtrace")
    assert (run.status, run.out) == (1, "{%s}\n" % result), run.report
    run.names("error: %s, 2000 times\n" % title, line_of("planted_c", bug))


@pytest.mark.parametrize("bug", ["size_of_freed", "unpack_freed", "eval_freed"])
def test_the_process_ends_with_a_report_where_memory_would_be_read(tmp_path, bug):
    run = Run(tmp_path, "import planted_c\nplanted_c.%s()\n" % bug)
    assert run.status not in (0, 1), run.report
    run.names("A handle was used after it was closed.", "script.py", "Fatal Python error")
    run.names("Invalid usage of already closed handle", "planted_c.%s" % bug)


def test_a_callback_that_makes_many_handles_lets_the_program_go_on(tmp_path):
    code = """
        import planted_c
        from hpy.universal import _debug

        def callback():
            # The closed handle leaves the queue.
            _debug.set_closed_handles_queue_max_size(0)
            planted_c.leak()

        _debug.set_on_invalid_handle(callback)
        planted_c.close_twice()
        print("on it goes")
    """
    assert Run(tmp_path, code).out == "on it goes\n"


def test_nobody_has_to_read_the_error_of_a_callback(tmp_path):
    code = """
        import os

        # A pipe that nobody reads.
        end, start = os.pipe()
        os.close(end)
        os.dup2(start, 2)
        import planted_c
        from hpy.universal import _debug

        _debug.set_on_invalid_handle(lambda: 1 / 0)
        planted_c.close_twice()
        print("on it goes", flush=True)
        os._exit(0)
    """
    run = Run(tmp_path, code)
    assert (run.status, run.out) == (0, "on it goes\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_forked_child_leaves_the_report_to_its_parent(tmp_path):
    code = """
        import os
        import planted_c

        planted_c.leak()
        child = os.fork()
        if child:
            print(os.waitpid(child, 0)[1])
    """
    run = Run(tmp_path, code)
    assert (run.status, run.out) == (1, "0\n"), run.report
    assert run.report.count("1 handle leaked in 1 place") == 1, run.report


@pytest.mark.parametrize("what", ["sys.stderr.close()", "sys.stderr = None", "failing_hook()"])
def test_a_program_that_breaks_things_has_its_report(tmp_path, what):
    code = """
        import sys
        import planted_c

        def failing_hook():
            sys.excepthook = None
            raise KeyError(1)

        planted_c.leak()
        %s
    """ % what
    run = Run(tmp_path, code)
    assert (run.status, run.out) == (1, ""), run.report
    run.names("hpy.debug: 1 handle leaked in 1 place")


def test_any_object_may_be_among_the_modules(tmp_path):
    code = """
        import sys
        import planted_c

        class Lazy:
            @property
            def __file__(self):
                raise ImportError

        sys.modules["lazy"] = Lazy()
    """
    run = Run(tmp_path, code)
    assert run.status == 0, run.report
    run.names("no handle was leaked or misused (planted_c)")


def test_a_zipped_program_is_run(tmp_path):
    with zipfile.ZipFile(str(tmp_path / "program.pyz"), "w") as file:
        file.writestr("__main__.py", "import planted_c, sys; print(sys.argv); planted_c.leak()")
    run = Run(tmp_path, "", arguments=["program.pyz", "more"])
    assert (run.status, run.out) == (1, "['program.pyz', 'more']\n"), run.report


@pytest.mark.parametrize("status", [0, 3])
def test_without_mistakes_the_status_is_the_programs(tmp_path, status):
    code = """
        import sys
        import planted_rust
        print(planted_rust.clean("word"), sys.argv[1:], __name__, __file__ == sys.argv[0])
        sys.exit(%d)
    """ % status
    run = Run(tmp_path, code, arguments=["script.py", "--backtrace", "-m"])
    assert run.status == status
    assert run.out == "4 ['--backtrace', '-m'] __main__ True\n"
    assert run.report == "hpy.debug: no handle was leaked or misused (planted_rust)\n"


def test_an_exception_is_shown_as_python_shows_it(tmp_path):
    run = Run(tmp_path, "import planted_rust\nraise ValueError('its own')\n")
    assert run.status == 1
    shown, _, verdict = run.report.rpartition("hpy.debug: ")
    assert shown.startswith("Traceback (most recent call last):\n  File \"")
    assert shown.count("File") == 1 and shown.endswith("ValueError: its own\n"), shown
    assert verdict.startswith("no handle"), run.report


def test_a_module_is_run_too(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__main__.py").write_text(
        "import sys, planted_rust\nplanted_rust.leak('a')\nprint(__package__, sys.argv[1:])\n"
    )
    run = Run(tmp_path, "", arguments=["-m", "package", "one"])
    assert (run.status, run.out) == (1, "package ['one']\n"), run.report
    run.names("package/__main__.py:2")


def test_leaks_of_threads_are_counted(tmp_path):
    code = """
        import threading, time
        import planted_rust

        def work():
            time.sleep(0.2)
            planted_rust.leak("late")

        threading.Thread(target=work).start()
    """
    Run(tmp_path, code).names("script.py:7", "1 handle leaked")


def test_calls_that_still_run_have_leaked_nothing(tmp_path):
    code = """
        import threading
        import planted_rust

        inside = threading.Event()

        def wait():
            inside.set()
            threading.Event().wait()

        def work():
            planted_rust.leak("before")
            planted_rust.hold(wait)

        threading.Thread(target=work, daemon=True).start()
        inside.wait()
    """
    run = Run(tmp_path, code)
    run.names("script.py:12", "1 handle leaked in 1 place")
    assert "hold" not in run.report, run.report


def test_a_detector_within_a_call_leaves_the_calls_handles_out(tmp_path):
    code = """
        import planted_rust
        from hpy.debug import HPyLeakError, LeakDetector
        from hpy.universal import _debug

        generation = _debug.new_generation()
        detector = LeakDetector()
        detector.start()
        planted_rust.hold(detector.stop)
        planted_rust.hold(lambda: [
            print(handle.obj, handle.in_running_call)
            for handle in _debug.get_open_handles(generation) if handle.obj == "held"
        ])
        planted_rust.leak("lost")
        try:
            detector.stop()
        except HPyLeakError as error:
            print([(handle.obj, handle.in_running_call) for handle in error.leaks])
    """
    run = Run(tmp_path, code)
    assert run.out == "held True\n[('lost', False)]\n", run.report


def test_a_program_without_extensions_is_told_so(tmp_path):
    run = Run(tmp_path, "print('nothing')\n")
    assert run.status == 0
    run.names("no extension was loaded in debug mode", "build for the universal ABI")


def test_one_of_several_extensions_is_chosen(tmp_path):
    code = "import planted_rust, planted_c\nplanted_rust.leak('a')\nplanted_c.leak()\n"
    run = Run(tmp_path, code, environment={"HPY": "planted_c:debug"})
    run.names("script.py:3", "1 handle leaked in 1 place")
    assert "script.py:2" not in run.report


def test_a_name_that_ends_as_an_extensions_is_not_its(tmp_path):
    run = Run(tmp_path, "import planted_rust\n", environment={"HPY": "my_planted_rust:debug"})
    run.names("no extension was loaded in debug mode")


@pytest.mark.parametrize(
    "options",
    [
        ["--nonsense"],
        ["--backtrace=x"],
        ["--backtrace=\u00b2"],
        ["--backtrace=%s" % 10**20],
        [],
    ],
)
def test_wrong_usage(tmp_path, options):
    run = Run(tmp_path, "", *options, arguments=[])
    assert run.status == 2
    run.names("usage: python -m hpy.debug", "error: ")


@pytest.mark.parametrize("command", ["hpy.debug", "hpy.trace"])
def test_a_script_that_is_not_there(tmp_path, command):
    run = Run(tmp_path, "", command=command, arguments=["missing.py"])
    assert run.status == 2
    said = "python -m %s: can't open file 'missing.py': [Errno 2] No such file or directory\n"
    assert run.report == said % command


def test_the_other_name_of_the_command(tmp_path):
    run = Run(tmp_path, "", command="hpy.universal.debug", arguments=["--help"])
    assert run.status == 0 and run.out.startswith("usage: python -m hpy.debug")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminal")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_colours_on_a_terminal_only(tmp_path, no_color):
    import pty

    (tmp_path / "script.py").write_text("import planted_rust\nplanted_rust.leak('word')\n")
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(FOLDER / "whole"), PACKAGE]))
    environment.update(NO_COLOR=no_color, TERM="xterm")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "hpy.debug", "script.py"],
        cwd=str(tmp_path), env=environment, stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert process.wait() == 1
    assert b"never closed" in said
    assert (b"\033[" in said) == (not no_color), said
    plain = re.sub(r"\033\[[0-9;]*m", "", said.decode())
    assert max(map(len, plain.splitlines())) <= 80, plain


TESTS = """
    import planted_rust

    def test_clean():
        planted_rust.clean("word")

    def test_leaks():
        planted_rust.leak("word")

    def test_misuses():
        planted_rust.use_after_close()

    def test_leaks_and_fails():
        planted_rust.leak("word")
        assert False

    def test_own_fixture(hpy_debug):
        planted_rust.clean("word")
"""


def pytest_of(tmp_path, *options):
    plugin = ["-p", "hpy.pytest_plugin", "-p", "no:cacheprovider", "-v"]
    (tmp_path / "test_planted.py").write_text(textwrap.dedent(TESTS))
    return Run(tmp_path, "", *plugin, *options, command="pytest", arguments=["test_planted.py"])


def test_pytest_fails_tests_that_leak(tmp_path):
    run = pytest_of(tmp_path, "--hpy-debug", "--hpy-backtrace")
    assert run.status == 1
    outcomes = dict(re.findall(r"::(\w+) (PASSED|FAILED|ERROR)", run.out))
    assert outcomes == {
        "test_clean": "PASSED",
        "test_leaks": "FAILED",
        "test_misuses": "FAILED",
        "test_leaks_and_fails": "FAILED",
        "test_own_fixture": "PASSED",
    }, run.out
    assert run.out.count("1 handle made here was never closed") >= 2, run.out
    assert line_of("planted_rust", "leak") in run.out, run.out
    assert "test_planted.py:8" in run.out, run.out
    assert "a handle was used after it was closed" in run.out, run.out


def test_pytest_without_the_option_does_nothing(tmp_path):
    run = pytest_of(tmp_path, "-k", "leaks and not fails or clean")
    assert run.status == 0, run.out
    code = """
        import sys
        import hpy.pytest_plugin
        print(sorted(name for name in sys.modules if name.startswith("hpy.")))
    """
    run = Run(tmp_path, code, command="runpy", arguments=[])
    done = subprocess.run(
        [sys.executable, "script.py"],
        stdout=subprocess.PIPE,
        universal_newlines=True,
        cwd=str(tmp_path),
        env=dict(os.environ, PYTHONPATH=PACKAGE),
    )
    assert done.stdout == "['hpy.pytest_plugin']\n"


def test_the_names_of_hpy_debug(tmp_path):
    code = """
        import planted_rust
        from hpy.debug import (
            HPyDebugError, HPyLeakError, LeakDetector, disable_handle_stack_traces,
            set_handle_stack_trace_limit,
        )

        detector = LeakDetector()
        for wrong, message in [
            (detector.stop, "LeakDetector not started yet"),
            (lambda: (detector.start(), detector.start()), "LeakDetector already started"),
        ]:
            try:
                wrong()
            except ValueError as error:
                assert str(error) == message, error
            else:
                raise AssertionError(message)
        planted_rust.leak("word")
        try:
            detector.stop()
        except HPyLeakError as error:
            assert isinstance(error, HPyDebugError)
            (leak,) = error.leaks
            assert leak.obj == "word" and not leak.is_closed
            assert leak.function == "planted_rust.leak" and leak.where == (__file__, 19), (
                leak.function, leak.where
            )
            assert str(error).startswith("1 unclosed handle:\\n    <DebugHandle"), error
            leak._force_close()
        else:
            raise AssertionError("no leak")
        set_handle_stack_trace_limit(8)
        disable_handle_stack_traces()
    """
    run = Run(tmp_path, code)
    assert run.status == 0, run.report
