"""A module in several interpreters of a process, which share the GIL or have their own."""

import gc
import os
import subprocess
import sys
import sysconfig
import textwrap
import weakref

import pytest

import many_interpreters as many
import one_interpreter
from hpy_hosts import PYPIS_HPY, close_handles

universal = os.environ["HPY_TEST_ABI"] == "universal"

KINDS = ["shared"] + (["own"] if sys.version_info >= (3, 12) else [])

subinterpreters = pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="PyPy and GraalPy have no subinterpreters"
)
own_runtime = pytest.mark.skipif(
    "HPY" in os.environ,
    reason=(
        "PyPI's hpy refuses nothing, and keeps objects of all interpreters in one place"
        if PYPIS_HPY
        else "this project's package hpy is for one interpreter of a process: "
        "HPy's modules don't say that they are for many"
    ),
)

PRELUDE = """
import os, sys, textwrap, threading, time
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

def create(kind=KIND):
    if sys.version_info >= (3, 13):
        return interpreters.create({"shared": "legacy", "own": "isolated"}[kind])
    return interpreters.create(isolated=kind == "own")

def run(interpreter, code):
    paths = "import sys; sys.path[:] = %r\\n" % sys.path
    failed = interpreters.run_string(interpreter, paths + textwrap.dedent(code))
    assert failed is None, failed

destroy = interpreters.destroy
"""


def python(code, kind="shared"):
    """The output of a program that makes interpreters."""
    run = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-c",
            f"KIND = {kind!r}\n{PRELUDE}{textwrap.dedent(code)}",
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


class Object:
    pass


# In one interpreter


def test_it_works_in_one():
    assert many.ANSWER == 42
    thing = Object()
    many.store(thing)
    assert many.load() is thing
    many.clear()
    assert many.load() is None
    many.keep("a", thing)
    assert many.kept("a") is thing
    assert many.drop_kept("a")
    assert many.kept("a") is None
    assert many.keywords(1, gamma=2) == (1, 0, 2)
    assert many.builtin("len") is len
    assert one_interpreter.count() < one_interpreter.count()
    assert many.count_here() + 1 == many.count_here()


def test_an_error_kept_and_raised():
    def fail():
        raise KeyError("first")

    assert many.keep_error(fail)
    with pytest.raises(KeyError, match="first"):
        many.raise_kept_error()
    many.raise_kept_error()


def test_a_global_gives_up_what_it_held():
    thing = Object()
    reference = weakref.ref(thing)
    many.store(thing)
    del thing
    many.store(None)
    close_handles(lambda: many.keep_error(lambda: 1 / 0))
    for _ in range(3):
        gc.collect()
    assert reference() is None


@pytest.mark.skipif(
    PYPIS_HPY, reason="the type's HPy_tp_traverse has no trampoline, which PyPI's hpy needs"
)
@pytest.mark.skipif(
    sys.implementation.name == "pypy",
    reason="PyPy frees a chain by a collection for each of its objects",
)
@pytest.mark.skipif(
    sys.implementation.name == "graalpy",
    reason="GraalPy frees no chain of 100,000 objects at once",
)
def test_a_long_chain():
    before = many.destroyed()
    chain = many.chain(100_000, "end")
    del chain
    assert many.destroyed() == before + 100_000


# In several


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_each_has_its_own_objects(kind):
    said = python(
        """
        import many_interpreters as many
        many.store("main")
        many.store_other(["main's"])
        assert many.count_here() == 1
        for number in range(3):
            other = create()
            run(other, f'''
                import many_interpreters as many
                assert many.ANSWER == 42
                assert many.count_here() == 1 and many.count_here() == 2
                assert many.load() is None and many.load_other() is None
                thing = [{number}]
                many.store(thing)
                assert many.load() is thing
                many.store(("another", {number}))
                assert many.load() == ("another", {number})
                assert many.load_other() is None
                many.clear()
                assert many.load() is None
                many.store(thing)
                import builtins
                assert many.builtin("len") is len
                builtins.only_here = many
                assert many.builtin("only_here") is many
                assert many.shared_builtin("only_here") is many
                assert many.keywords(1, gamma=2) == many.keywords(alpha=1, gamma=2) == (1, 0, 2)
                try:
                    many.keywords(delta=1)
                except TypeError as error:
                    assert "delta" in str(error)
            ''')
            assert many.load() == "main" and many.load_other() == ["main's"]
            assert many.count_here() == number + 2
            # It is found again, with all it has.
            run(other, f"import many_interpreters as m; assert m is many and m.load() is thing")
            many.store(number)
            run(other, f"assert many.load() == [{number}]")
            assert many.load() == number
            many.store("main")
            if number != 1:
                destroy(other)
            assert many.load() == "main" and many.load_other() == ["main's"]
            assert many.keywords(1, beta=number) == (1, number, 0)
            for builtin in many.builtin, many.shared_builtin:
                try:
                    builtin("only_here")
                except KeyError:
                    pass
                else:
                    raise AssertionError("another's builtins")
        print("well")
        """,
        kind,
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_only_subinterpreters_import_it(kind):
    """The first to use a library may be any; what it has does not become another's."""
    said = python(
        """
        for number in range(20):
            other = create()
            run(other, f'''
                import many_interpreters as many
                assert many.load() is None, many.load()
                many.store([{number}])
                many.keywords(alpha=1, beta=2)
                many.keep("{number}", [{number}])
                assert many.kept("{number}") == [{number}]
                assert many.shared_builtin("len") is len
                import derived_from_int
                assert derived_from_int.Derived(3) + 1 == 4
            ''')
            destroy(other)
        import many_interpreters as many
        assert many.load() is None
        assert many.keywords(gamma=1) == (0, 0, 1)
        many.store(1)
        assert many.load() == 1
        for number in range(20):
            try:
                many.kept(str(number))
            except RuntimeError as error:
                assert "interpreter" in str(error)
            else:
                raise AssertionError("of an interpreter that has ended")
            assert many.drop_kept(str(number))
        print("well")
        """,
        kind,
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_kept_objects_stay_with_their_interpreter(kind):
    said = python(
        """
        import many_interpreters as many
        many.keep("main's", ["main's"])
        other = create()
        run(other, '''
            import many_interpreters as many
            try:
                many.kept("main's")
            except RuntimeError as error:
                assert "another interpreter" in str(error), error
            else:
                raise AssertionError("another's object")

            class Thing:
                ended = 0
                def __del__(self):
                    Thing.ended += 1

            for name in "abc":
                many.keep(name, Thing())
            many.keep("mine", ["mine"])
            assert many.kept("mine") == ["mine"]
        ''')
        try:
            many.kept("mine")
        except RuntimeError:
            pass
        else:
            raise AssertionError("another's object")
        # Dropped elsewhere, they are released where they belong.
        assert many.drop_kept("a")
        many.drop_kept_in_thread("b")
        for _ in range(100):
            many.count()
        time.sleep(0.2)
        run(other, '''
            many.count()
            assert Thing.ended == 2, Thing.ended
            assert many.drop_kept("c")
            many.count()
            assert Thing.ended == 3, Thing.ended
            assert many.drop_kept("main's")
        ''')
        many.count()
        # What is dropped after the end is gone.
        destroy(other)
        assert many.drop_kept("mine")
        many.count()
        print("well")
        """,
        kind,
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_errors_stay_with_their_interpreter(kind):
    said = python(
        """
        import many_interpreters as many
        other = create()
        run(other, '''
            import many_interpreters as many
            class Own(Exception):
                pass
            def fail():
                raise Own("in the other")
            for function, exception in (
                (lambda: many.fail("x"), ValueError),
                (many.panic, BaseException),
            ):
                try:
                    function()
                except exception:
                    pass
                else:
                    raise AssertionError(exception)
            assert many.keep_error(fail)
            try:
                many.raise_kept_error()
            except Own as error:
                assert str(error) == "in the other"
            assert many.keep_error(fail)
        ''')
        try:
            many.raise_kept_error()
        except RuntimeError as error:
            assert "another interpreter" in str(error), error
        else:
            raise AssertionError("another's exception")
        many.raise_kept_error()
        run(other, "many.count()")
        print("well")
        """,
        kind,
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_types_and_their_ends(kind):
    said = python(
        """
        import many_interpreters as many
        main = type(many.node(1))
        other = create()
        run(other, f'''
            import gc
            import many_interpreters as many
            kind = type(many.node(1))
            assert id(kind) != {id(main)}
            class Below(kind):
                pass
            thing = Below()
            chain = many.chain(50_000, thing)
            before = many.destroyed()
            del chain
            assert many.destroyed() == before + 50_000
            # A cycle.
            holder = []
            holder.append(many.node(holder))
            del holder
            gc.collect()
            assert many.destroyed() == before + 50_001
            many.keep("node", many.node(2))
        ''')

        # Objects that end within the end of an object of another interpreter.
        class Nested:
            def __del__(self):
                run(other, '''
                    chain = many.chain(50_000, 1)
                    before = many.destroyed()
                    del chain
                    assert many.destroyed() == before + 50_000
                ''')
                nested.append(1)
        nested = []
        chain = many.chain(1000, Nested())
        before = many.destroyed()
        del chain
        assert nested == [1]
        assert many.destroyed() >= before + 51_000
        destroy(other)
        assert type(many.node(1)) is main
        many.drop_kept("node")
        many.count()
        print("well")
        """,
        kind,
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_threads_run_several_at_once(kind):
    said = python(
        """
        import many_interpreters as many
        code = '''
            import many_interpreters as many
            def function(items):
                if sum(items) % 3 == 0:
                    raise ValueError("divisible")
                return many.keywords(alpha=len(items), gamma=1)
            for _ in range(20):
                raised = many.work(200, function)
                assert 60 <= raised <= 70, raised
                node = many.chain(100, raised)
        '''
        others = [create() for _ in range(3)]
        errors = []

        def work(other):
            try:
                run(other, code)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(other,)) for other in others]
        for thread in threads: thread.start()
        # The main interpreter meanwhile.
        exec(textwrap.dedent(code))
        for thread in threads: thread.join()
        assert not errors, errors
        for other in others: destroy(other)
        assert many.ANSWER == 42 and many.load() is not None
        print("well")
        """,
        kind,
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_many_import_it_at_once(kind):
    """None of them has used the library before."""
    said = python(
        """
        others = [create() for _ in range(6)]
        barrier = threading.Barrier(len(others))
        errors = []

        def work(number, other):
            barrier.wait()
            try:
                run(other, f'''
                    import many_interpreters as many
                    many.store([{number}])
                    for _ in range(1000):
                        assert many.load() == [{number}]
                        many.store([{number}])
                ''')
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(others)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        assert not errors, errors
        for other in others: destroy(other)
        print("well")
        """,
        kind,
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_one_that_is_for_one_is_refused(kind):
    said = python(
        """
        import many_interpreters as many, one_interpreter
        other = create()
        run(other, '''
            import many_interpreters
            for _ in range(2):
                try:
                    import one_interpreter
                except ImportError as error:
                    assert "interpreter" in str(error), error
                else:
                    raise AssertionError("not refused")
        ''')
        assert one_interpreter.count() > 0
        print("well")
        """,
        kind,
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.skipif(
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="without a GIL, Python itself refuses a module for one interpreter "
    "in every interpreter but the first",
)
def test_the_one_may_be_any_and_another_after_its_end():
    said = python(
        """
        one, two = create(), create()
        run(one, "import one_interpreter; one_interpreter.count()")
        attempt = '''
            try:
                import one_interpreter
            except ImportError as error:
                assert "interpreter" in str(error), error
            else:
                raise AssertionError("not refused")
        '''
        run(two, attempt)
        exec(textwrap.dedent(attempt))
        destroy(one)
        run(two, "import one_interpreter; one_interpreter.count()")
        exec(textwrap.dedent(attempt))
        print("well")
        """
    )
    assert said == "well\n"


@subinterpreters
@own_runtime
@pytest.mark.parametrize("kind", KINDS)
def test_the_process_ends_with_objects_kept(kind):
    """By all interpreters, one of which is not destroyed, while a thread of Rust drops them."""
    for wait in (0, 20):
        said = python(
            f"""
            import many_interpreters as many
            for number in range(3):
                other = create()
                run(other, f'''
                    import many_interpreters as many
                    for n in range(100):
                        many.keep("{{number}}" + str(n), [n])
                    many.store(many.node([{{number}}]))
                ''')
                if number != 1:
                    destroy(other)
            for n in range(10_000):
                many.keep(str(n), many.node(n) if n % 2 else [n])
            print("well", flush=True)
            many.drop_all_later({wait})
            """,
            kind,
        )
        assert said == "well\n"
