"""Python code that does its worst.

The tests mostly assert that the interpreter lives on, with sound answers. A test that would end the
process if it went wrong runs in a process of its own.
"""

import builtins
import functools
import gc
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import threading

import pytest

import hostile
from hpy_hosts import (
    GRAALPY_HPY,
    OTHER_DEBUG,
    PYPYS_DEBUG,
    all_end_well,
    calls_on_threads,
    panics,
)

PYPY = sys.implementation.name == "pypy"
# Before a function is called with subclasses of these, PyPy's C API asks them for length and items.
ASKED_BY_PYPY = (
    (bytes, tuple, dict) if PYPY and "_hpy_universal" not in sys.builtin_module_names else ()
)
UNIVERSAL = os.environ.get("HPY_TEST_ABI") == "universal"

TYPES = [
    "bool", "i8", "i64", "u64", "i128", "u128", "usize", "f64", "char", "String", "bytes",
    "Vec<i64>", "Vec<String>", "Vec<object>", "Vec<Vec<i64>>", "[i64; 3]", "(i64, String)",
    "Option<i64>",
    "HashMap<String, i64>", "BTreeMap<i64, object>", "HashSet<i64>",
]  # fmt: skip


def run(code):
    """Runs the code in an interpreter of its own, which must end well."""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def survives(function, *args):
    """The function returns or raises an ordinary exception."""
    try:
        return function(*args)
    except Exception as error:
        return error


@pytest.fixture(autouse=True)
def all_is_well_afterwards():
    yield
    hostile.store(None)
    assert sys.exc_info() == (None, None, None)
    assert hostile.two_arguments(5, 3) == 2


SPECIAL = (
    "repr str hash bool len getattr setattr delattr getitem setitem delitem contains iter next eq "
    "lt add iadd pow index int float call format bytes dir length_hint"
).split()


def tormentor(action, base=object):
    """A class all of whose special methods do the action."""
    methods = {"__%s__" % name: action for name in SPECIAL}
    return type("Tormentor", (base,), methods)


def instances(type_, base):
    return (
        type_(b"abc" if base is bytes else "abc" if base is str else ())
        if base in (bytes, str, list, tuple)
        else type_()
    )


BASES = [object, int, float, str, bytes, list, tuple, dict, set]


def convert_to_all(thing, base):
    for to in TYPES:
        # PyPy's debug mode copies as much memory as `__len__` of such an object says.
        if not (to == "bytes" and base is bytes and PYPYS_DEBUG):
            survives(hostile.convert, to, thing)


@pytest.mark.parametrize("base", BASES)
def test_methods_that_raise(base):
    def action(self, *args, **keywords):
        raise KeyError("worst")

    thing = instances(tormentor(action, base), base)
    if base in ASKED_BY_PYPY:
        survives(hostile.torment, thing)
    else:
        assert hostile.torment(thing) > 0
    convert_to_all(thing, base)


@pytest.mark.parametrize("answer", [None, 5, -1, "text", 1.5, [], 2**100, NotImplemented])
@pytest.mark.parametrize("base", BASES)
def test_methods_that_answer_nonsense(base, answer):
    thing = instances(tormentor(lambda self, *args, **keywords: answer, base), base)
    if base in ASKED_BY_PYPY:
        survives(hostile.torment, thing)
    else:
        hostile.torment(thing)
    convert_to_all(thing, base)


@pytest.mark.parametrize("base", [object, list, dict])
def test_methods_that_call_back(base):
    depth = 0

    def action(self, *args, **keywords):
        nonlocal depth
        if depth < 3:
            depth += 1
            try:
                hostile.torment(self)
                survives(hostile.convert, "Vec<i64>", self)
            finally:
                depth -= 1
        return 1

    thing = tormentor(action, base)()
    depth = 2
    hostile.torment(thing)


def test_index_that_changes_the_list_it_is_in():
    class Index:
        def __init__(self, action):
            self.action = action

        def __index__(self):
            self.action()
            return 7

    values = []
    values[:] = [Index(values.clear) for _ in range(100)]
    # As it is when an item is asked for, or, where many are read at once, as it was before.
    assert hostile.convert("Vec<i64>", values) in ([7], [7] * 100)
    values[:] = [Index(lambda: values.append(1) if len(values) < 1000 else None)]
    assert survives(hostile.convert, "Vec<i64>", values)[0] == 7
    values[:] = [Index(lambda: values.__setitem__(slice(None), [3])), 2, 3]
    assert hostile.convert("Vec<i64>", values) == [7]


def test_keys_that_change_the_dict_they_are_in():
    class Value:
        def __index__(self):
            if values:
                values.clear()
                gc.collect()
            return 1

    values = {str(n): Value() for n in range(100)}
    result = survives(hostile.convert, "HashMap<String, i64>", values)
    assert isinstance(result, (dict, Exception))


def test_length_that_promises_too_much():
    class Endless:
        def __len__(self):
            return sys.maxsize

        def __getitem__(self, index):
            if index == 3:
                raise IndexError
            return index

    assert hostile.convert("Vec<i64>", Endless()) == [0, 1, 2]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_length_that_is_interrupted(error):
    """Of the length nobody depends, but who interrupts is heard."""

    class Iterable:
        def __init__(self, error):
            self.error = error

        def __len__(self):
            raise self.error

        def __iter__(self):
            return iter([1, 2])

    with pytest.raises(error):
        hostile.convert("Vec<i64>", Iterable(error))
    for error in TypeError, ValueError, MemoryError:
        assert hostile.convert("Vec<i64>", Iterable(error)) == [1, 2]


def test_lists_with_tuples_that_cannot_be_converted():
    """PyPy 8 fails to convert some tuples with all that is in them: the list must go on working."""

    class Tuple(tuple):
        def __iter__(self):
            raise ValueError("iter")

    deep = ()
    for _ in range(30_000):
        deep = (deep,)
    for item in Tuple((1, 2)), deep:
        objects = [[], item, 3]
        for _ in range(3):
            try:
                result = hostile.convert("Vec<object>", objects)
            except (ValueError, RecursionError):
                assert PYPY
                continue
            assert len(result) == 3 and all(one is other for one, other in zip(result, objects))
        assert len(objects) == 3 and objects[0] == [] and objects[1] is item and objects[2] == 3


# Names that Python code replaces


def test_builtins_replaced_with_junk():
    namespace, before = vars(builtins), dict(vars(builtins))
    convert, torment, catch = hostile.convert, hostile.torment, hostile.catch

    def failing():
        raise KeyError("x")

    results = []
    for junk in (None, 5, lambda *args: 5, failing):
        try:
            for name in (
                "isinstance", "iter", "next", "len", "type", "set", "slice", "bytearray", "getattr",
            ):
                namespace[name] = junk
            for to in TYPES:
                for value in ([1, 2], {"a": 1}, "x", b"x", 5):
                    try:
                        convert(to, value)
                    except Exception:
                        pass
            torment([1])
            results.append(catch(failing))
        finally:
            namespace.update(before)
    assert results == [True] * 4


@pytest.mark.parametrize("own", ["{}", "{'__import__': None}", "dict(vars(builtins), set=None)"])
def test_code_with_builtins_of_its_own(own):
    # The first call of the program: nothing about builtins may be looked up by then.
    run(f"""
import builtins, hostile
namespace = {{"__builtins__": {own}, "convert": hostile.convert, "values": {{1, 2}}}}
exec("result = convert('HashSet<i64>', values)", namespace)
assert namespace["result"] == {{1, 2}}, namespace["result"]
""")


def test_unraisable_hook_replaced_with_junk():
    def failing(*args):
        raise KeyError("x")

    before = sys.unraisablehook
    try:
        for junk in (None, 5, failing, print):
            sys.unraisablehook = junk
            assert hostile.catch(failing) is True
            assert sys.unraisablehook is junk
        del sys.unraisablehook
        assert hostile.catch(failing) is True
    finally:
        sys.unraisablehook = before
    with pytest.raises(KeyError, match="x"):
        hostile.call(failing)


def test_module_gone_from_sys_modules():
    def action():
        for name in ("hostile", "builtins"):
            removed[name] = sys.modules.pop(name)
        return hostile.convert("Vec<i64>", {1})

    removed = {}
    try:
        assert hostile.call(action) == [1]
    finally:
        sys.modules.update(removed)


# The garbage collector


def test_collector_that_looks_at_everything():
    class Cycle:
        def __init__(self):
            self.me = self

        def __del__(self):
            hostile.one_argument(1)

    def walk(phase, info):
        for thing in gc.get_objects()[-200:]:
            if type(thing) in (list, tuple, dict):
                repr(type(thing)), len(thing)
                any(item is None for item in thing)

    if hasattr(gc, "get_threshold"):
        threshold = gc.get_threshold()
        gc.callbacks.append(walk)
        gc.set_threshold(1)
    try:
        for _ in range(3):
            Cycle()
            numbers, words, objects, both = hostile.build(Cycle(), 20)
            assert numbers[19] == [(1, "text", 2.5)] and words["3"] == b"\0\0\0"
            assert len(objects) == len(both) == 20
    finally:
        if hasattr(gc, "get_threshold"):
            gc.set_threshold(*threshold)
            gc.callbacks.remove(walk)


# Wrong arguments


@pytest.mark.parametrize(
    "function", [hostile.no_arguments, hostile.one_argument, hostile.two_arguments]
)
def test_wrong_numbers_of_arguments(function):
    right = [hostile.no_arguments, hostile.one_argument, hostile.two_arguments].index(function)
    for count in [n for n in (0, 1, 2, 3, 300) if n != right]:
        for call in (function, functools.partial(function), functools.partial(function.__call__)):
            with pytest.raises(TypeError):
                call(*[1] * count)
    with pytest.raises(TypeError):
        function(*[1] * right, keyword=1)


def test_odd_keywords():
    class Text(str):
        def __eq__(self, other):
            raise KeyError("eq")

        __hash__ = str.__hash__

    assert hostile.every_kind(1, **{"\ud800": 1}) == (1, 2, [], 3, {"\ud800": 1})
    assert hostile.every_kind(1, **{"": 1, "a": 2}) == (1, 2, [], 3, {"": 1, "a": 2})
    with pytest.raises(TypeError):
        hostile.keywords(1, **{"\ud800": 1})
    with pytest.raises(TypeError):
        hostile.keywords(1, **{"b\0": 1})
    with pytest.raises(TypeError):
        hostile.keywords(1, a=1)
    with pytest.raises(TypeError):
        hostile.keywords(1, **{"b": 1}, **{"b": 2})
    with pytest.raises(TypeError):
        hostile.keywords(1, **{5: 1})
    for result in (survives(lambda: hostile.keywords(1, **{Text("b"): 9})),):
        assert result == (1, 9, 3) or isinstance(result, Exception)


@pytest.mark.skipif(
    GRAALPY_HPY,
    reason="GraalPy 24 ends if a native function is called with more than eight thousand arguments",
)
@pytest.mark.skipif(PYPYS_DEBUG, reason="PyPy's debug mode takes minutes to pass 100,000 arguments")
def test_a_hundred_thousand_keywords():
    many = {"k%d" % n: n for n in range(100_000)}
    assert hostile.every_kind(1, **many)[4] == many
    with pytest.raises(TypeError):
        hostile.keywords(1, **many)


# Import


def test_import_under_another_name():
    for name in ("other_name", "package.hostile"):
        loader = importlib.machinery.ExtensionFileLoader(name, hostile.__file__)
        spec = importlib.util.spec_from_file_location(name, hostile.__file__, loader=loader)

        def load():
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module

        result = survives(load)
        assert (
            isinstance(result, ImportError)
            or hasattr(result, "no_arguments")
            or hasattr(result, "__file__")
        )


@calls_on_threads
def test_import_by_many_threads():
    code = """
import sys, threading
found = []
barrier = threading.Barrier(8)
def work():
    barrier.wait()
    import hostile
    found.append(hostile.two_arguments(5, 3))
workers = [threading.Thread(target=work) for _ in range(8)]
[worker.start() for worker in workers]
[worker.join() for worker in workers]
print(found)
"""
    assert run(code).strip() == str([2] * 8)


def test_import_again():
    code = """
import sys
for _ in range(5):
    import hostile
    assert hostile.two_arguments(5, 3) == 2
    hostile.store(hostile)
    del sys.modules["hostile"], hostile
print("well")
"""
    assert run(code).strip() == "well"


# The end of the interpreter


def test_calls_while_the_interpreter_ends():
    code = """
import atexit, hostile, sys
class Late:
    def __init__(self, hostile):
        self.hostile = hostile
    def __del__(self):
        try:
            self.hostile.convert("Vec<i64>", [1, 2])
            self.hostile.catch(lambda: 1 / 0)
            self.hostile.torment([])
        except Exception:
            pass
kept = Late(hostile)
hostile.store(kept)
sys.late = Late(hostile)
atexit.register(lambda: hostile.convert("Vec<i64>", [1]))
atexit.register(hostile.torment, kept)
hostile.catch(lambda: 1 / 0)
print("end")
"""
    assert run(code).strip() == "end"


@pytest.mark.skipif(
    sys.implementation.name == "graalpy",
    reason="GraalPy ends the process if a thread comes back from C code while the interpreter ends",
)
def test_daemon_threads_that_are_detached_when_the_interpreter_ends():
    # hpy 0.9.0's debug mode ends the process when other threads have made 16 calls while a thread
    # is detached: see docs/design/interpreters.md. There each thread makes one call.
    times, duration = (1, 120) if OTHER_DEBUG else (100, 20)
    code = f"""
import hostile, threading, time
for n in range(8):
    threading.Thread(
        target=lambda: [hostile.sleep({duration}) for _ in range({times})], daemon=True
    ).start()
time.sleep(0.1)
print("end")
"""
    all_end_well(code, 3, "end\n")


@pytest.mark.skipif(
    sys.implementation.name == "graalpy",
    reason="GraalPy ends the process if a thread comes back from C code while the interpreter ends",
)
@pytest.mark.skipif(
    bool(os.environ.get("HPY")),
    reason="the C code of HPy's modes is unwound, of which nothing is promised",
)
def test_daemon_threads_that_are_in_python_code_when_the_interpreter_ends():
    """CPython before 3.14 unwinds their stacks, which stops at the first entry into Rust."""
    code = """
import hostile, threading, time

def busy():
    for _ in range(50): sum(range(100))
    return [1]

def work():
    while True: hostile.call(lambda: hostile.call(busy))

for _ in range(8):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.1)
print("end")
"""
    all_end_well(code, 3, "end\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_fork():
    code = """
import hostile, os
hostile.store([1])
hostile.catch(lambda: 1 / 0)
child = os.fork()
if child == 0:
    assert hostile.load() == [1]
    assert hostile.catch(lambda: 1 / 0)
    os._exit(7)
print(os.WEXITSTATUS(os.waitpid(child, 0)[1]))
"""
    assert run(code).strip() == "7"


@pytest.mark.skipif(PYPY, reason="PyPy has no subinterpreters")
def test_subinterpreter_is_refused_or_works():
    code = """
import hostile
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    try:
        import _interpreters as interpreters
    except ImportError:
        interpreters = None
if interpreters is not None:
    one = interpreters.create()
    try:
        interpreters.run_string(one, '''
try:
    import hostile
    hostile.convert("Vec<i64>", [1])
    hostile.catch(lambda: 1 / 0)
except ImportError:
    pass
''')
    finally:
        interpreters.destroy(one)
assert hostile.convert("Vec<i64>", [1]) == [1]
assert hostile.catch(lambda: 1 / 0)
print("well")
"""
    assert run(code).strip() == "well"


@calls_on_threads
def test_panics_on_many_threads():
    raised = []

    def work():
        for _ in range(10):
            try:
                hostile.panic()
            except BaseException as error:
                raised.append("on purpose" in str(error))

    workers = [threading.Thread(target=work) for _ in range(4)]
    if OTHER_DEBUG:
        # hpy's debug mode keeps the contexts of all threads on one stack, so one thread runs after
        # the other.
        for worker in workers:
            worker.start()
            worker.join()
    else:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert raised == [True] * 40


def message_of_panic(function, *args):
    with panics() as raised:
        function(*args)
    return str(raised.value).split(" (")[0]


def test_panics_about_objects_that_panic():
    """Rust ends the process if anything panics while the message of a panic is made."""

    class Panics(Exception):
        def __str__(self):
            hostile.panic()

        __repr__ = __str__

    class Again:
        def __repr__(self):
            hostile.panic_about(self)

    def raises(exception):
        def function():
            raise exception

        return function

    assert message_of_panic(hostile.panic_about, Panics()) == "<Panics object> and <Panics object>"
    assert message_of_panic(hostile.panic_about, Again()) == "<Again object> and <Again object>"
    assert message_of_panic(hostile.panic_about, "it's") == "it's and \"it's\""
    assert message_of_panic(hostile.panic_about, None) == "None and None"
    assert message_of_panic(hostile.panic_about, True) == "True and True"
    for exception, shown in [
        (Panics("a text"), 'Panics: "a text"'),
        (Panics(1), 'Panics: ""'),
        (ValueError("a text"), 'ValueError: "a text"'),
    ]:
        # By another HPy an exception cannot be looked at without a context.
        unknown = 'BaseException: "a Python exception"'
        unwrapped = [
            f"called `Result::unwrap()` on an `Err` value: Error({text})"
            for text in (shown, unknown)
        ]
        assert message_of_panic(hostile.call_and_unwrap, raises(exception)) in unwrapped


@pytest.mark.parametrize("of", ["iterator", "iterator of unknown length", "vec"])
def test_a_list_that_memory_has_no_room_for(of):
    assert hostile.list_in_scarce_memory(of, 1000) == 1000
    with pytest.raises(MemoryError):
        hostile.list_in_scarce_memory(of, 200_000)
    assert hostile.list_in_scarce_memory(of, 1000) == 1000
