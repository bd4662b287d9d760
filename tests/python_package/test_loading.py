"""How the package hpy loads extensions, good and bad.

tests/outside/python_package.rs makes the files.
"""

import gc
import importlib.machinery
import os
import shutil
import subprocess
import sys

import hpy.universal
import pytest
from hpy.universal import MODE_DEBUG, MODE_TRACE, MODE_UNIVERSAL, _load_bootstrap, get_version, load

FOLDER = os.environ["HPY_TEST_MADE"]


def file(kind, name="made.hpy0.so"):
    return os.path.join(FOLDER, kind, name)


def spec_of(name, path):
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    return importlib.machinery.ModuleSpec(name, loader, origin=path)


def made(kind, name="made", **options):
    path = file(kind)
    return load(name, path, spec_of(name, path), **options)


def traced(function):
    """How often the function was called in trace mode."""
    import hpy.trace

    return hpy.trace.get_call_counts()[function]


def bootstrap(env, name="made", ext_name="pkg.made", kind="good"):
    path = file(kind)
    spec = spec_of(ext_name, path)
    return _load_bootstrap(name, ext_name, "pkg", path, spec.loader, spec, env)


def test_the_constants_and_the_version():
    assert (MODE_UNIVERSAL, MODE_DEBUG, MODE_TRACE) == (0, 1, 2)
    version, revision = get_version()
    assert "hpy.rs" in version and isinstance(revision, str)


def test_the_module():
    module = made("good")
    assert type(module) is type(sys) and module.__name__ == "made"
    assert module.__doc__ == "A module by hand."
    assert module.twice(21) == 42 and module.twice("ab") == "abab"
    assert "made" not in sys.modules


def test_all_of_its_code_runs_in_order():
    module = made("good")
    assert (module.first, module.second) == (1, 2)


def test_arguments_by_name():
    path = file("good")
    module = load(name="made", path=path, spec=spec_of("made", path), debug=False, mode=-1)
    assert module.twice(1) == 2
    assert made("good", debug=0, mode=0).twice(1) == 2


def test_a_file_loaded_twice_is_two_modules():
    one, other = made("good"), made("good")
    assert one is not other
    one.mark = True
    assert not hasattr(other, "mark")
    assert one.twice(2) == other.twice(2) == 4


def test_a_file_loaded_under_two_names():
    one, other = made("good", "one.made"), made("good", "other.made")
    assert (one.__name__, other.__name__) == ("one.made", "other.made")
    del one
    gc.collect()
    assert other.twice(2) == 4


def test_a_dash_in_the_name_is_an_underscore_in_the_symbols():
    path = file("good")
    with pytest.raises(RuntimeError, match="get_required_hpy_major_version_ma_de"):
        load("ma-de", path, spec_of("ma-de", path))


def test_a_name_that_no_symbol_can_have():
    path = file("good")
    with pytest.raises(UnicodeEncodeError):
        load("m\xe4de", path, spec_of("m\xe4de", path))


def test_what_its_own_code_raises():
    for _ in range(2):
        with pytest.raises(ValueError, match="^the module's own code failed$"):
            made("exec_fails")


def test_a_module_that_it_makes_itself():
    assert made("creates") == {}
    # A dict takes no attributes.
    assert bootstrap({}, kind="creates") == {}


def test_another_version():
    with pytest.raises(RuntimeError) as raised:
        made("major")
    assert str(raised.value) == (
        "HPy extension module 'made' requires unsupported version of the HPy runtime. "
        "Requested version: 999.0. Current HPy version: 0.0."
    )
    with pytest.raises(RuntimeError, match="Requested version: 0.1. Current"):
        made("minor")


def test_another_tag(tmp_path):
    path = str(tmp_path / "made.hpy7.so")
    shutil.copy(file("good"), path)
    with pytest.raises(RuntimeError) as raised:
        load("made", path, spec_of("made", path))
    assert str(raised.value) == (
        "HPy extension module 'made' at path '%s': mismatch between the HPy ABI tag encoded in the "
        "filename and the major version requested by the HPy extension itself. "
        "Major version tag parsed from filename: 7. "
        "Requested version: 0.0." % path
    )


def test_no_tag(tmp_path):
    path = str(tmp_path / "made.so")
    shutil.copy(file("good"), path)
    with pytest.raises(RuntimeError) as raised:
        load("made", path, spec_of("made", path))
    assert str(raised.value) == (
        "HPy extension module 'made' at path '%s': "
        "could not find HPy ABI tag encoded in the filename. "
        "The extension claims to be compiled with HPy ABI version: 0.0." % path
    )


@pytest.mark.parametrize(
    "kind, symbol",
    [
        ("no_version", "get_required_hpy_major_version_made"),
        ("no_context", "HPyInitGlobalContext_made"),
        ("no_init", "HPyInit_made"),
    ],
)
def test_a_missing_symbol(kind, symbol):
    with pytest.raises(RuntimeError, match=symbol) as raised:
        made(kind)
    assert file(kind) in str(raised.value) and "undefined symbol" in str(raised.value)


def test_no_definition():
    with pytest.raises(RuntimeError, match="HPyInit_made' returned NULL"):
        made("no_definition")


def test_definitions_that_modules_cannot_have():
    with pytest.raises(SystemError, match="Module state is not supported"):
        made("state")
    with pytest.raises(SystemError, match="value: 6"):
        made("slot")


def test_no_library(tmp_path):
    path = str(tmp_path / "made.hpy0.so")
    with pytest.raises(RuntimeError, match="cannot open shared object file"):
        load("made", path, spec_of("made", path))
    with open(path, "w") as text:
        text.write("no library")
    with pytest.raises(RuntimeError, match="made.hpy0.so"):
        load("made", path, spec_of("made", path))
    with pytest.raises(ValueError, match="null byte"):
        load("made", path + "\0", spec_of("made", path))


@pytest.mark.parametrize("wrong", [("made", 1), (1, "made.hpy0.so"), (b"made", "made.hpy0.so")])
def test_arguments_of_another_type(wrong):
    with pytest.raises(TypeError):
        load(*wrong, None)


def test_the_modes():
    for options in (
        {"debug": True},
        {"mode": MODE_DEBUG},
        {"mode": MODE_TRACE},
        {"debug": True, "mode": MODE_TRACE},
    ):
        assert made("good", **options).twice(21) == 42
    with pytest.raises(ValueError, match="invalid HPy mode: 3"):
        made("good", mode=3)


def test_the_names_of_the_other_modes():
    import hpy.debug
    import hpy.trace
    from hpy.debug.leakdetector import LeakDetector
    from hpy.universal import _debug, _trace

    assert hpy.universal._debug is _debug and hpy.universal._trace is _trace
    assert hpy.debug.LeakDetector is LeakDetector
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        hpy.universal.nonsense


def test_nothing_leaks_in_universal_mode():
    """The leak detector finds none.

    PyPI's hpy finds none either in extensions without debug mode.
    """
    from hpy.debug import HPyDebugError, HPyLeakError, LeakDetector

    with LeakDetector() as detector:
        assert made("good").twice(21) == 42
        with pytest.raises(ValueError, match="already started"):
            detector.start()
    with pytest.raises(ValueError, match="not started"):
        LeakDetector().stop()
    with pytest.raises(KeyError), LeakDetector():
        raise KeyError
    assert issubclass(HPyLeakError, HPyDebugError)
    error = HPyLeakError(["one", "two"])
    assert (
        error.leaks == ["one", "two"] and str(error) == "2 unclosed handles:\n    'one'\n    'two'"
    )


def test_the_functions_of_debug_mode_without_it():
    from hpy.debug import disable_handle_stack_traces, set_handle_stack_trace_limit
    from hpy.universal import _debug

    set_handle_stack_trace_limit(16)
    disable_handle_stack_traces()
    with pytest.raises(TypeError):
        set_handle_stack_trace_limit("16")
    generation = _debug.new_generation()
    assert _debug.new_generation() == generation + 1
    assert made("good").twice(1) == 2
    assert _debug.get_open_handles(generation) == [] == _debug.get_closed_handles(generation)
    with pytest.raises(TypeError):
        _debug.get_open_handles()
    with pytest.raises(TypeError):
        _debug.get_open_handles("1")
    for what, default in (
        ("closed_handles_queue_max_size", 1024), ("protected_raw_data_max_size", 10 * 1024 * 1024),
    ):
        get, set_ = getattr(_debug, "get_" + what), getattr(_debug, "set_" + what)
        assert get() == default
        set_(5)
        assert get() == 5
        set_(default)
        with pytest.raises(TypeError):
            set_("5")
        with pytest.raises(OverflowError):
            set_(-1)
    for set_ in (_debug.set_on_invalid_handle, _debug.set_on_invalid_builder_handle):
        set_(print)
        set_(None)
        with pytest.raises(TypeError, match="Expected a callable object"):
            set_(5)
    with pytest.raises(TypeError, match="cannot create"):
        _debug.DebugHandle()
    assert not isinstance(5, _debug.DebugHandle)


def test_the_functions_of_trace_mode_without_it():
    import hpy.trace

    counts, durations = hpy.trace.get_call_counts(), hpy.trace.get_durations()
    assert list(counts) == list(durations)
    assert {"ctx_Dup", "ctx_Add", "ctx_Call", "ctx_CallMethod"} <= set(counts)
    assert all(name.startswith("ctx_") for name in counts)
    hpy.trace.set_trace_functions(on_enter=print, on_exit=None)
    hpy.trace.set_trace_functions()
    assert made("good").twice(1) == 2
    assert (hpy.trace.get_call_counts(), hpy.trace.get_durations()) == (counts, durations)
    hpy.trace.set_trace_functions(on_enter=None)
    with pytest.raises(TypeError, match="Expected a callable object or None"):
        hpy.trace.set_trace_functions(on_exit=5)
    assert hpy.trace.get_frequency() > 0


CONFTEST = """
import pytest
from hpy.debug import LeakDetector, disable_handle_stack_traces, set_handle_stack_trace_limit
from hpy.debug.pytest import hpy_debug


@pytest.fixture(autouse=True)
def leaks():
    set_handle_stack_trace_limit(16)
    with LeakDetector():
        yield
    disable_handle_stack_traces()
"""

SUITE = """
import importlib.machinery
import hpy.universal


def module():
    path = %r
    spec = importlib.machinery.ModuleSpec(
        "made", importlib.machinery.ExtensionFileLoader("made", path), origin=path
    )
    return hpy.universal.load("made", path, spec)


def test_by_itself():
    assert module().twice(1) == 2


def test_with_the_fixture(hpy_debug):
    assert module().twice("a") == "aa"
"""


def test_a_suite_with_a_leak_detector_around_each_test(tmp_path):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_made.py").write_text(SUITE % file("good"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout


SUBINTERPRETER = """
try:
    import _interpreters as interpreters
    other = interpreters.create("legacy")
except ImportError:
    import _xxsubinterpreters as interpreters
    try:
        other = interpreters.create(isolated=False)
    except TypeError:
        other = interpreters.create()
import hpy.universal

code = '''
try:
    import hpy.universal
except ImportError as error:
    assert (
        "extensions of HPy in C work in one only" in str(error)
        and "hpy_module" not in str(error)
    ), error
else:
    raise AssertionError("a second interpreter has imported it")
print("refused", flush=True)
'''
assert interpreters.run_string(other, code) is None
"""


def test_another_interpreter_is_refused_in_words_for_authors_in_c():
    command = [sys.executable, "-c", SUBINTERPRETER]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )
    assert done.returncode == 0 and "refused" in done.stdout, done.stdout


class Mapping:
    """Not a dict, as os.environ is not."""

    def __init__(self, items):
        self.items = items

    def __getitem__(self, key):
        return self.items[key]


@pytest.mark.parametrize(
    "env", [{}, Mapping({}), {"HPY": "universal"}, Mapping({"HPY": "made:UNIVERSAL"}), {"HPY": ""}]
)
def test_the_attributes_of_a_bootstrapped_module(env):
    path = file("good")
    spec = spec_of("pkg.made", path)
    spec.origin = None
    module = _load_bootstrap("made", "pkg.made", "pkg", path, spec.loader, spec, env)
    assert (module.__name__, module.__package__, module.__file__) == ("pkg.made", "pkg", path)
    assert module.__loader__ is spec.loader and module.__spec__ is spec and spec.origin == path
    assert "pkg.made" in repr(module) and path in repr(module)
    assert module.twice(1) == 2


def test_the_variable_asks_for_a_mode():
    for value in ("TRACE", "pkg.made:trace", "other:universal,made:trace"):
        before = traced("ctx_Add")
        assert bootstrap({"HPY": value}).twice(1) == 2
        assert traced("ctx_Add") > before
    for value in (
        "other:debug",
        "mad:debug",
        "made:universal,other:debug",
        "made:universal,",
        " pkg.made : Universal ,, other:debug,",
    ):
        assert bootstrap({"HPY": value}).twice(1) == 2
    for value in ("nonsense", "d", "made:nonsense", "other:debug,nonsense"):
        with pytest.raises(ValueError) as raised:
            bootstrap({"HPY": value})
        assert str(raised.value).startswith(
            "invalid HPy mode: %s (HPY is universal, debug or trace, or" % value
        )
    for value in ("debug", "made:debug,", "other:universal,made:debug,", " debug "):
        before = traced("ctx_Add")
        assert bootstrap({"HPY": value}).twice(1) == 2
        assert traced("ctx_Add") == before
    with pytest.raises(TypeError):
        bootstrap({"HPY": 1})


def test_an_error_of_the_mapping_is_passed_on():
    class Broken:
        def __getitem__(self, key):
            raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        bootstrap(Broken())


def test_the_environment_keeps_its_own():
    """PyPI's 0.9.0 gives up references that it does not own, when env is a dict."""
    value = "".join(["uni", "versal"])
    env = {"HPY": value, "HPY_LOG": "".join(["y", "es"])}
    before = sys.getrefcount(value), sys.getrefcount(env["HPY_LOG"])
    for _ in range(10):
        bootstrap(env)
    assert (sys.getrefcount(value), sys.getrefcount(env["HPY_LOG"])) == before


def test_the_log(capsys):
    bootstrap({"HPY_LOG": ""})
    assert capsys.readouterr().out == "Loading 'made' in HPy universal mode\n"
    for mode in ("debug", "trace"):
        bootstrap({"HPY_LOG": "1", "HPY": mode})
        assert (
            capsys.readouterr().out
            == "Loading 'made' in HPy universal mode with a %s context\n" % mode
        )
    bootstrap({})
    assert capsys.readouterr().out == ""


def test_loading_leaves_nothing_behind():
    made("good")
    gc.collect()
    before = sys.gettotalrefcount() if hasattr(sys, "gettotalrefcount") else len(gc.get_objects())
    for _ in range(50):
        made("good")
        with pytest.raises(ValueError):
            made("exec_fails")
    gc.collect()
    after = sys.gettotalrefcount() if hasattr(sys, "gettotalrefcount") else len(gc.get_objects())
    assert after - before < 50
