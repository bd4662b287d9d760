"""Exception types of an extension's own, and what exceptions have beyond a message."""

import os
import pathlib
import pickle
import sys
import traceback
import warnings
import weakref

import pytest

import exceptions
from exceptions import Bare, Habit, MissingKey, ParseError
from hpy_hosts import GRAALPY_HPY, PYPY_HPY

PYPY = sys.implementation.name == "pypy"

# On an HPy of others, which cannot put a fetched exception back.
FOREIGN = PYPY_HPY or GRAALPY_HPY or "HPY" in os.environ


def raiser(exception):
    def fails():
        raise exception

    return fails


def test_types():
    assert ParseError.__mro__[:2] == (ParseError, ValueError)
    assert MissingKey.__bases__ == (ParseError, KeyError)
    assert Bare.__bases__ == (Exception,)
    assert Habit.__bases__ == (UserWarning,)
    assert [type_.__name__ for type_ in (ParseError, Habit)] == ["ParseError", "Habit"]
    assert {type_.__module__ for type_ in (ParseError, MissingKey, Bare)} == {"exceptions"}
    assert ParseError.__doc__ == "What is wrong with a text.\n\nWith a second paragraph."
    assert MissingKey.__doc__ == "A text lacks something."


def test_an_exception_that_no_module_lists():
    unlisted = exceptions.type_of_unlisted()
    assert unlisted is exceptions.type_of_unlisted()
    assert unlisted.__name__ == "Unlisted" and unlisted.__module__ == "exceptions"
    assert unlisted.__bases__ == (ParseError,)
    assert not hasattr(exceptions, "Unlisted")
    with pytest.raises(unlisted, match="^hidden$"):
        exceptions.raise_custom("Unlisted", "hidden")


@pytest.mark.parametrize("type_", [ParseError, MissingKey, Bare], ids=lambda type_: type_.__name__)
def test_raised(type_):
    for message in ["text", "", "é\N{SNOWMAN}\0"]:
        with pytest.raises(type_) as error:
            exceptions.raise_custom(type_.__name__, message)
        assert type(error.value) is type_ and error.value.args == (message,)
    again = pickle.loads(pickle.dumps(error.value))
    assert type(again) is type_ and again.args == error.value.args


def test_a_class_that_makes_something_else():
    """Python code may give the class a `__new__`.

    What it returns is raised if it can be, and nothing else is.
    """
    made = []
    Bare.__new__ = lambda *args: made[0]
    try:
        for made[:] in [5], [Bare], [None]:
            name = type(made[0]).__name__
            with pytest.raises(
                TypeError,
                match="^calling Bare should have returned an instance of BaseException, "
                f"not {name}$",
            ):
                exceptions.raise_custom("Bare", "text")
        made[:] = [KeyError("other")]
        with pytest.raises(KeyError, match="other"):
            exceptions.raise_custom("Bare", "text")
    finally:
        del Bare.__new__
        # Once there was one, what is inherited refuses arguments on some interpreters.
        Bare.__new__ = lambda class_, *args: Exception.__new__(class_, *args)
    with pytest.raises(Bare, match="^text$"):
        exceptions.raise_custom("Bare", "text")


def test_with_arguments():
    for args in [(), (1,), ("text", [2])]:
        with pytest.raises(MissingKey) as error:
            exceptions.raise_with_args(*args)
        assert error.value.args == args


def test_recognised():
    kinds = exceptions.kinds
    assert kinds(lambda: None) == []
    assert kinds(raiser(ParseError("x"))) == ["ParseError"]
    assert kinds(raiser(MissingKey("x"))) == ["ParseError", "MissingKey", "KeyError"]
    assert kinds(raiser(KeyError("x"))) == ["KeyError"]
    assert kinds(raiser(Bare)) == ["Bare"]
    assert kinds(lambda: exceptions.raise_custom("Unlisted", "")) == ["ParseError"]


def test_as_a_parameter():
    assert exceptions.args_of(MissingKey(1, 2)) == (1, 2)
    with pytest.raises(TypeError, match="ParseError"):
        exceptions.args_of(ValueError(1))


def test_messages():
    assert exceptions.parse("42") == 42
    with pytest.raises(ParseError, match='^invalid digit found in string: "x"$'):
        exceptions.parse("x")
    assert exceptions.half(4) == 2
    with pytest.raises(Bare, match="^3 is odd$"):
        exceptions.half(3)
    with pytest.raises(ValueError, match="^no negative numbers$"):
        exceptions.half(-2)
    with pytest.raises(TypeError, match="^text is 'text'$"):
        exceptions.describe("text")

    class Broken:
        def __repr__(self):
            raise KeyError

    with pytest.raises(TypeError, match="^<unprintable object> is <unprintable object>$"):
        exceptions.describe(Broken())


def test_warnings():
    with pytest.warns(Habit, match="^unusual$") as caught:
        exceptions.warn("Habit", "unusual")
    assert caught[0].filename == __file__
    with pytest.warns(ResourceWarning, match="open"):
        exceptions.warn("ResourceWarning", "open")
    with pytest.warns(DeprecationWarning, match="old"):
        exceptions.warn_of(DeprecationWarning, "old")

    def within(stack_level):
        exceptions.warn("Habit", "unusual", stack_level)

    lines = []
    for level in (1, 2):
        with pytest.warns(Habit) as caught:
            within(level)
        lines.append(caught[0].lineno)
    assert lines[0] == within.__code__.co_firstlineno + 1 and lines[1] > lines[0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(Habit, match="unusual"):
            exceptions.warn("Habit", "unusual")
    for category in [
        lambda: exceptions.warn("ParseError", "x"),
        lambda: exceptions.warn_of(int, "x"),
    ]:
        with pytest.raises(TypeError):
            category()


def test_notes():
    error = KeyError("k")
    with pytest.raises(KeyError) as caught:
        exceptions.with_notes(raiser(error), ["one", "two é"])
    assert caught.value is error and error.__notes__ == ["one", "two é"]
    with pytest.raises(ParseError, match="first") as caught:
        exceptions.raise_noted()
    assert caught.value.__notes__ == ["note"]
    if sys.version_info >= (3, 11):
        text = "".join(traceback.format_exception(type(error), error, None))
        assert text.endswith("one\ntwo é\n")


def test_a_note_that_cannot_be_added():
    class Stubborn(Exception):
        def add_note(self, note):
            raise MemoryError

    error = Stubborn("still this one")
    with pytest.raises(Stubborn) as caught:
        exceptions.with_notes(raiser(error), ["note"])
    assert caught.value is error


def test_chains():
    error = KeyError("k")
    with pytest.raises(ParseError, match="outer") as caught:
        exceptions.chain(raiser(error), "cause")
    assert caught.value.__cause__ is error and caught.value.__suppress_context__
    with pytest.raises(ParseError, match="outer") as caught:
        exceptions.chain(raiser(error), "context")
    assert caught.value.__context__ is error and caught.value.__cause__ is None


def test_parts():
    def fails():
        try:
            {}["k"]
        except KeyError as error:
            raise ValueError("v") from error

    cause, context, has_traceback = exceptions.parts(fails)
    assert isinstance(cause, KeyError) and context is cause
    assert has_traceback or PYPY_HPY
    assert exceptions.parts(raiser(ValueError()))[:2] == (None, None)


def test_format():
    error = ValueError("deep")

    def fails():
        raise error

    said, shown = exceptions.format(fails)
    expected = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    if not PYPY_HPY:
        assert "in fails" in said
        assert said == expected
    assert said.endswith("ValueError: deep\n")
    # Elsewhere Rust's own formatting has no way to the interpreter.
    assert shown in (said.rstrip(), "BaseException: a Python exception")


def test_unraisable(monkeypatch):
    reports = []
    monkeypatch.setattr(sys, "unraisablehook", reports.append)
    error = ValueError("lost")
    exceptions.report(raiser(error))
    exceptions.report(raiser(error), "here")
    exceptions.report(lambda: None, "nowhere")
    assert [report.exc_value for report in reports] == [error, error]
    if not PYPY:
        assert [report.object for report in reports] == [None, "here"]


def fail(this):
    raise ValueError("no repr")


def leave(this):
    raise SystemExit(3)


@pytest.mark.parametrize("repr_", [fail, leave, lambda this: 5, lambda this: repr(this)])
def test_unraisable_of_an_object_whose_repr_fails(monkeypatch, repr_):
    error = KeyError("lost")
    nameless = type("Nameless", (), {"__repr__": repr_})()
    reports = []
    monkeypatch.setattr(sys, "unraisablehook", reports.append)
    exceptions.report(raiser(error), nameless)
    assert [report.exc_value for report in reports] in ([error], [])
    if sys.implementation.name == "cpython" or PYPY and not PYPY_HPY:
        assert len(reports) == 1


@pytest.mark.parametrize("type_", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_what_is_no_exception_passes(type_):
    """Code that handles Exception lets these through, with their arguments."""
    calls = []

    def fails():
        calls.append(1)
        raise type_(3)

    for function in (exceptions.retry, exceptions.boxed):
        calls.clear()
        with pytest.raises(type_) as caught:
            function(fails)
        assert calls == [1] and caught.value.args == (3,)
    if type_ is SystemExit:
        assert caught.value.code == 3


def test_a_boxed_error_is_the_same_exception():
    error = ParseError("boxed")
    with pytest.raises(ParseError) as caught:
        exceptions.boxed(raiser(error))
    assert caught.value is error


SOURCE = pathlib.Path(__file__).parent / "src" / "lib.rs"


def entries(error):
    """Function and line of each entry, below that of the test itself."""
    first, *found = traceback.extract_tb(error.__traceback__)
    assert first.filename == __file__
    return [
        (entry.name, "here" if entry.filename == __file__ else line_in_rust(entry))
        for entry in found
    ]


def line_in_rust(entry):
    assert entry.filename.replace("\\", "/").endswith("exceptions/src/lib.rs")
    return SOURCE.read_text(encoding="utf-8").splitlines()[entry.lineno - 1].strip()


def rust(*entries):
    # It raises exceptions without the traceback that they have.
    return [] if PYPY_HPY else list(entries)


PARSE = ("parse_in_rust", "fn parse_in_rust(text: &str) -> Result<i64> {")
CALL = ("traced_call", "fn traced_call<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {")


def test_a_traceback_names_the_function():
    assert exceptions.traced_parse("12") == 12
    for _ in range(3):
        with pytest.raises(ValueError, match="invalid digit") as caught:
            exceptions.traced_parse("x")
        assert entries(caught.value) == rust(PARSE)
    with pytest.raises(TypeError, match="must be str") as caught:
        exceptions.traced_parse(1)
    assert entries(caught.value) == rust(PARSE)
    assert caught.value.__context__ is None and caught.value.__cause__ is None


def test_a_function_below_a_method_is_named():
    with pytest.raises(ValueError, match="below") as caught:
        exceptions.traced_below()
    assert entries(caught.value) == rust(
        ("traced_below", "fn traced_below<'ctx>(ctx: Context<'ctx>) -> Result<()> {"),
        # GraalPy 24 knows a function only by the name that it was compiled with.
        (
            "Parser__next" if GRAALPY_HPY else "Parser::next",
            'Err(ValueError::new("below").at(ctx, "Parser::next"))',
        ),
    )


def test_entries_of_rust_and_python_alternate():
    error, inner = KeyError("deep"), LookupError("was handled")

    def fails():
        try:
            raise inner
        except LookupError:
            raise error

    def between():
        return exceptions.traced_call(fails)

    handled = OSError("is being handled")
    try:
        raise handled
    except OSError:
        with pytest.raises(KeyError) as caught:
            exceptions.traced_call(between)
    assert caught.value is error
    # As it was raised: the exception handled now is the context's context. HPy's own ways to raise
    # it again put one above the other.
    if not FOREIGN:
        assert error.__context__ is inner and inner.__context__ is handled
    if not PYPY_HPY:
        assert entries(error) == [CALL, ("between", "here"), CALL, ("fails", "here")]


@pytest.mark.skipif(
    FOREIGN or sys.implementation.name != "cpython",
    reason="only CPython lets go of objects at once, "
    "and under the package hpy what Rust kept of one goes at the next call",
)
def test_an_entry_does_not_keep_its_exception():
    class Mine(Exception):
        pass

    held = [Mine()]
    alive = weakref.ref(held[0])

    def fails():
        raise held.pop()

    try:
        exceptions.traced_call(fails)
    except Mine as caught:
        names = [entry.name for entry in traceback.extract_tb(caught.__traceback__)]
    assert names[-2:] == ["traced_call", "fails"]
    # The collector alone would find a frame that holds what holds it.
    assert alive() is None


def test_exceptions_that_are_each_other_s_base():
    for _ in range(3):
        with pytest.raises(RecursionError):
            exceptions.raise_custom("Hen", "which came first")
