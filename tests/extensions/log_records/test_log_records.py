"""Records of the crates `log` and `tracing` in Python's `logging`."""

import logging
import logging.config
import os
import subprocess
import sys
import textwrap
import threading

import pytest

import log_records
from hpy_hosts import GRAALPY_HPY, OTHER_DEBUG, PYPY_HPY, calls_on_threads

HOST = os.environ["HPY_TEST_ABI"] == "universal" and ("HPY" in os.environ or PYPY_HPY)
CPYTHON = sys.implementation.name == "cpython"

threads_of_rust = pytest.mark.skipif(
    PYPY_HPY or GRAALPY_HPY,
    reason="the own HPy of PyPy 7.3 and GraalPy 24 lets no threads of Rust's own in",
)

NAMES = {1: "ERROR", 2: "WARNING", 3: "INFO", 4: "DEBUG", 5: "Level 5"}


class Keeps(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)

    def take(self):
        taken, self.records = self.records, []
        return taken

    def texts(self):
        # PyPy ends objects when it pleases.
        return [record.getMessage() for record in self.take() if record.name != "ending"]


@pytest.fixture
def kept():
    handler, root = Keeps(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)
    logging.disable(logging.NOTSET)


def levels_taken(target):
    """The levels whose records are taken, by what comes of writing one of each."""
    handler = next(one for one in logging.getLogger().handlers if isinstance(one, Keeps))
    taken = []
    for number in range(1, 6):
        log_records.record(target, number, "x")
        taken += [number] * len(handler.take())
        assert log_records.enabled(target, number) == (number in taken)
    return taken


def test_what_a_record_has(kept):
    logging.getLogger().setLevel(1)
    for number in range(1, 6):
        line = log_records.record("here::and::there", number, "100 % of it: %s")
        record, = kept.take()
        assert record.name == "here.and.there"
        assert record.levelname == NAMES[number]
        assert record.getMessage() == "100 % of it: %s"
        assert record.lineno == line
        assert record.pathname.endswith("lib.rs") and record.filename == "lib.rs"
        assert record.module == "lib" and record.funcName == "log_records"
        assert record.exc_info is None
        assert record.thread == threading.get_ident()
    log_records.literal()
    record, = kept.take()
    assert (record.name, record.getMessage()) == ("log_records", "100 % of %s")
    log_records.record("", 1, "of the root")
    assert kept.take()[0].name in ("root", "")


def test_keys_and_values(kept):
    log_records.with_keys("keys")
    record, = kept.take()
    assert (record.number, record.big, record.share, record.fine) == (-3, 2**128 - 1, 0.5, True)
    assert (record.text, record.letter) == ("a", "c")
    # A record has these names itself.
    assert (record.name, record.name_, record.message_) == ("keys", "b", 1)
    assert record.getMessage() == "keys"


def test_levels_of_loggers(kept):
    root, logger = logging.getLogger(), logging.getLogger("a.b")
    root.setLevel(logging.WARNING)
    assert levels_taken("a::b") == [1, 2]
    for level, expected in [(5, 5), (6, 4), (10, 4), (20, 3), (30, 2), (40, 1), (50, 0)]:
        logger.setLevel(level)
        assert levels_taken("a::b") == list(range(1, expected + 1))
        assert levels_taken("a::b::c") == list(range(1, expected + 1))
        assert levels_taken("a") == [1, 2]
    logger.setLevel(logging.NOTSET)


def test_changes_are_noticed(kept):
    """Each change is noticed by the next record, though it is one that nobody asks Python for."""
    root, logger = logging.getLogger(), logging.getLogger("changes.now")

    def records(number):
        log_records.record("changes::now", number, "x")
        return len(kept.take())

    root.setLevel(logging.WARNING)
    for _ in range(3):
        assert records(4) == 0
        logger.setLevel(logging.DEBUG)
        assert records(4) == 1
        logging.disable(logging.DEBUG)
        assert records(4) == 0 and records(3) == 1
        logging.disable(logging.NOTSET)
        assert records(4) == 1
        logger.setLevel(logging.NOTSET)
        assert records(4) == 0
        root.setLevel(logging.DEBUG)
        assert records(4) == 1
        logging.getLogger("changes").setLevel(logging.ERROR)
        assert records(2) == 0 and records(1) == 1
        logging.getLogger("changes").setLevel(logging.NOTSET)
        root.setLevel(logging.WARNING)
    logging.config.dictConfig({
        "version": 1, "disable_existing_loggers": False, "incremental": True,
        "loggers": {"changes.now": {"level": "INFO"}},
    })
    assert records(3) == 1 and records(4) == 0
    logger.disabled = True
    assert records(1) == 0
    logger.disabled = False
    assert records(1) == 1 and records(3) == 1
    logger.setLevel(logging.NOTSET)


def test_assigned_levels_need_a_reset(kept):
    root, logger = logging.getLogger(), logging.getLogger("assigned")
    root.setLevel(logging.WARNING)
    assert levels_taken("assigned") == [1, 2]
    logger.level = logging.DEBUG
    log_records.reset()
    assert levels_taken("assigned")[:4] == [1, 2, 3, 4]
    logger.setLevel(logging.NOTSET)


def test_levels_of_other_types(kept):
    """Python compares levels, whatever they are."""
    target, name = "odd::levels", "odd.levels"
    logger, other = logging.getLogger(name), logging.getLogger("odd.other")
    try:
        for level, taken in [(15.5, 3), (-(10**30), 5), (10**30, 0), (True, 5)]:
            logger.level = level
            log_records.reset()
            assert levels_taken(target) == list(range(1, taken + 1)), level
        logger.setLevel(logging.INFO)
        logging.disable(-(10**30))
        assert levels_taken(target) == [1, 2, 3]
        logging.disable(10**30)
        assert levels_taken(target) == []
        logging.disable(logging.NOTSET)
        # That of another logger, which cannot be used in Python either.
        other.level = "INFO"
        log_records.reset()
        assert levels_taken(target) == [1, 2, 3]
    finally:
        other.setLevel(logging.NOTSET)
        logger.setLevel(logging.NOTSET)
        logging.disable(logging.NOTSET)


def test_the_crates_own_level_follows(kept):
    """Where no logger takes a level, the macros of `log` drop its records themselves."""
    root, logger = logging.getLogger(), logging.getLogger("narrow.one")
    root.setLevel(logging.WARNING)
    assert log_records.max_level() == 5
    log_records.record("narrow", 1, "x")
    assert log_records.max_level() == 2
    logger.setLevel(logging.DEBUG)
    assert log_records.max_level() == 5
    log_records.record("narrow", 1, "x")
    assert log_records.max_level() == 4
    log_records.record("narrow::one", 4, "taken")
    assert kept.texts()[-1] == "taken"
    logger.setLevel(logging.NOTSET)
    # A level that the program sets itself stays.
    log_records.set_max_level(1)
    try:
        root.setLevel(logging.DEBUG)
        log_records.record("narrow", 1, "x")
        assert log_records.max_level() == 1
    finally:
        log_records.set_max_level(5)
    root.setLevel(logging.INFO)
    log_records.record("narrow", 1, "x")


def test_limits_in_rust(kept):
    logging.getLogger().setLevel(1)
    assert levels_taken("filtered") == levels_taken("filtered::more") == [1, 2]
    assert levels_taken("filtered::less::still") == [1, 2, 3]
    assert levels_taken("filteredx") == [1, 2, 3, 4, 5]


def test_loggers_of_another_class(kept):
    class Odd(logging.Logger):
        taken = True

        def isEnabledFor(self, level):
            return self.taken

    logging.setLoggerClass(Odd)
    try:
        logger = logging.getLogger("odd.one")
    finally:
        logging.setLoggerClass(logging.Logger)
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger().setLevel(logging.DEBUG)
    for taken in [True, False, True]:
        Odd.taken = taken
        log_records.record("odd::one", 4, "x")
        assert len(kept.take()) == taken
    logging.root.manager.loggerDict.pop("odd.one")
    assert logger.name == "odd.one"


def test_a_handler_that_writes_records(kept):
    class Writes(logging.Handler):
        depth = 0

        def emit(self, record):
            if record.name == "writes.first":
                log_records.record("writes::second", 2, "of " + record.getMessage())
                log_records.record("writes::third", 4, "too detailed")

    handler = Writes()
    logging.getLogger("writes").addHandler(handler)
    log_records.record("writes::first", 2, "it")
    assert sorted(kept.texts()) == (["it", "of it"] if HANDLERS_LOG else ["it"])
    logging.getLogger("writes").removeHandler(handler)
    log_records.nested()
    assert kept.texts() == ["within", "around"]


def test_a_handler_without_end(kept):
    class Endless(logging.Handler):
        calls = 0

        def emit(self, record):
            self.calls += 1
            log_records.record("endless", 2, "more")

    handler = Endless()
    logging.getLogger("endless").addHandler(handler)
    for _ in range(3):
        handler.calls = 0
        log_records.record("endless", 2, "one")
        assert (2 if HANDLERS_LOG else 1) <= handler.calls < 100
    logging.getLogger("endless").removeHandler(handler)


def test_errors_of_python_code(kept, monkeypatch):
    raised = []
    monkeypatch.setattr(sys, "unraisablehook", raised.append)

    def fails(record):
        raise LookupError("of the filter")

    logger = logging.getLogger("fails")
    logger.addFilter(fails)
    log_records.record("fails", 2, "x")
    logger.removeFilter(fails)
    log_records.record("fails", 2, "y")
    assert kept.texts() == ["y"]
    if raised:
        assert type(raised[0].exc_value) is LookupError


@pytest.mark.skipif(
    sys.implementation.name == "graalpy",
    reason="GraalPy ends objects when it pleases, in the midst of logging's own code too",
)
def test_the_end_of_objects(kept):
    ending = log_records.Ending("it")
    del ending
    # While a host's context destroys the data of an object, Python cannot be used.
    if CPYTHON and not HOST:
        assert [record.getMessage() for record in kept.take()] == ["the end of it"]

    def raises():
        ending = log_records.Ending("one while an exception is on its way")
        raise KeyError(ending and "mine")

    with pytest.raises(KeyError, match="mine"):
        raises()


# These versions drop what a handler of the same thread logs.
HANDLERS_LOG = not hasattr(logging.Logger, "_is_disabled")

calls_at_once = pytest.mark.skipif(
    OTHER_DEBUG, reason="PyPI's debug mode aborts if calls on several threads overlap"
)


@threads_of_rust
@calls_at_once
def test_eight_threads(kept):
    logging.getLogger().setLevel(logging.INFO)
    log_records.on_threads(8, 50, 3)
    texts = kept.texts()
    missing = {f"{t} {r}" for t in range(8) for r in range(50)}.difference(texts)
    assert not missing
    assert len(texts) == 400
    for thread in range(8):
        of_thread = [text for text in texts if text.startswith(f"{thread} ")]
        assert of_thread == [f"{thread} {record}" for record in range(50)]


@calls_at_once
@calls_on_threads
def test_threads_of_python(kept):
    logging.getLogger().setLevel(logging.INFO)

    def writes(number):
        for index in range(20):
            log_records.record(f"python::t{number}", 3, str(index))

    threads = [threading.Thread(target=writes, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.texts()) == 160


@pytest.mark.parametrize("narrow", [True, False])
def test_nothing_is_taken_from_the_interpreter(kept, narrow):
    """Threads write records that nobody reads while this one waits for them in Python."""
    logging.getLogger().setLevel(logging.WARNING)
    other = logging.getLogger("other.detailed")
    other.setLevel(logging.NOTSET if narrow else 1)
    log_records.record("load::thread", 1, "asks Python")
    log_records.enabled("load::thread", 4)
    assert log_records.max_level() == (2 if narrow else 5)
    log_records.on_threads_while_held(8, 10_000, 4)
    assert kept.texts() == ["asks Python"]
    other.setLevel(logging.NOTSET)


def test_events(kept):
    root = logging.getLogger()
    for level, expected in [(30, 2), (10, 4), (1, 5), (20, 3)]:
        root.setLevel(level)
        for number in range(1, 6):
            log_records.event(number)
        assert kept.texts() == [f"of {number}" for number in range(1, expected + 1)]


def test_spans(kept):
    logging.getLogger().setLevel(logging.INFO)
    log_records.spans(True)
    record, = kept.take()
    assert (record.name, record.getMessage()) == ("spans.known", "an event")
    assert record.levelname == "WARNING" and record.filename == "lib.rs"
    assert record.spans == ["outer", "inner"]
    assert (record.id, record.both, record.late) == (1, "inner", True)
    assert (record.number, record.text) == (-1, "\"q\"")
    log_records.spans(False)
    record, = kept.take()
    assert record.name == "log_records"
    assert record.getMessage() == "number=1.5 text=\"t\" name=\"clash\""
    assert record.name_ == "clash"


def program(code, **variables):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=120,
    )


@threads_of_rust
@pytest.mark.skipif(not CPYTHON, reason="the others run no functions of atexit by themselves")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_waits_for_no_thread_of_its_parent():
    done = program("""
        import atexit, logging, os, sys, threading, time
        import log_records

        class NoLock:
            acquire = release = __enter__ = __exit__ = lambda self, *args: None

        class Blocks(logging.Handler):
            def createLock(self):
                self.lock = NoLock()

            def emit(self, record):
                inside.set()
                time.sleep(60)

        inside = threading.Event()
        logging.getLogger("forever").addHandler(Blocks())
        log_records.for_ever(1)
        inside.wait()
        # A busy machine may be slow once.
        for _ in range(5):
            child = os.fork()
            if child == 0:
                begin = time.monotonic()
                atexit._run_exitfuncs()
                os._exit(time.monotonic() - begin >= 0.9)
            if os.waitpid(child, 0)[1] == 0:
                os._exit(0)
        os._exit(1)
    """)
    assert done.returncode == 0, done.stderr


def test_the_end_of_the_process():
    done = program("""
        import atexit, logging
        logging.basicConfig(level=logging.INFO, format="%(name)s %(message)s")
        atexit.register(lambda: log_records.record("late", 1, "early among the last"))
        import log_records
        kept = log_records.Ending("data that is kept")
        log_records.record("now", 3, "at work")
        logging.kept = kept
    """)
    assert done.returncode == 0, done.stderr
    # Without the GIL, Python warns of modules of a package hpy.
    lines = [line for line in done.stderr.decode().splitlines() if "(GIL)" not in line]
    assert lines[0] == "now at work"
    # On GraalPy 25, a thread cannot be told to be in Python already.
    if GRAALPY_HPY or sys.implementation.name != "graalpy":
        assert "late early among the last" in lines


@threads_of_rust
@calls_at_once
@pytest.mark.skipif(
    sys.implementation.name == "graalpy",
    reason="GraalPy 25 ends with the status 255 while a thread of Rust's own is in it",
)
@pytest.mark.parametrize("level", ["WARNING", "CRITICAL"])
def test_the_end_of_the_process_under_load(level):
    for _ in range(3 if CPYTHON else 1):
        done = program(f"""
            import logging, time
            logging.basicConfig(level=logging.{level}, handlers=[logging.NullHandler()])
            import log_records
            log_records.for_ever(8)
            while log_records.written() < 1000:
                time.sleep(0.001)
        """)
        assert done.returncode == 0, (done.returncode, done.stderr)


@pytest.mark.skipif(not CPYTHON, reason="PyPy and GraalPy have no subinterpreters")
@pytest.mark.skipif("HPY" in os.environ, reason="a package hpy is for one interpreter of a process")
@pytest.mark.skipif(
    sys.version_info < (3, 12),
    reason="before 3.12, CPython does not tell whether a thread is attached to a subinterpreter",
)
def test_each_interpreter_has_its_own_loggers(kept):
    done = program("""
        import logging, sys
        try:
            import _interpreters as interpreters
        except ImportError:
            import _xxsubinterpreters as interpreters
        texts = []
        class Keeps(logging.Handler):
            def emit(self, record):
                texts.append(record.getMessage())
        logging.basicConfig(level=logging.WARNING, handlers=[Keeps()])
        import log_records
        log_records.record("a", 4, "no")
        log_records.record("a", 2, "first")
        other = interpreters.create("legacy") if sys.version_info >= (3, 13) else (
            interpreters.create(isolated=False))
        code = '''
        import logging, sys
        sys.path[:] = %r
        class Keeps(logging.Handler):
            def emit(self, record):
                self.texts.append(record.getMessage())
        Keeps.texts = []
        logging.basicConfig(level=logging.DEBUG, handlers=[Keeps()])
        import log_records
        log_records.record("a", 4, "detail")
        log_records.record("a", 5, "too much")
        assert Keeps.texts == ["detail"], Keeps.texts
        ''' % sys.path
        import textwrap
        def run(code):
            failed = interpreters.run_string(other, textwrap.dedent(code))
            assert failed is None, failed
        run(code)
        log_records.record("a", 4, "no")
        log_records.record("a", 2, "second")
        run("log_records.record('a', 4, 'again'); assert Keeps.texts[1:] == ['again']")
        interpreters.destroy(other)
        log_records.record("a", 4, "no")
        log_records.record("a", 2, "third")
        assert texts == ["first", "second", "third"], texts
    """)
    assert done.returncode == 0, done.stderr.decode()


def test_many_targets(kept):
    """More than are remembered. It is the last test: for others, Python is asked each time."""
    logging.getLogger().setLevel(logging.WARNING)
    count = 6000 if CPYTHON else 600
    for number in range(count):
        log_records.record(f"many::t{number}", 2, "x")
        log_records.record(f"many::t{number}", 4, "x")
    assert len(kept.take()) == count
    for number in range(count):
        logging.root.manager.loggerDict.pop(f"many.t{number}")
