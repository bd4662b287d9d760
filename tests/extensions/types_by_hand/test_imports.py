"""How modules with types are imported.

They are imported with failures, under two names, by many threads and by two runtimes at once.
"""

import gc
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from hpy_hosts import calls_on_threads, panics
from test_types_by_hand import FOREIGN, GRAALPY, PYPIS_HPY, PYPY_HPY
from test_lifetimes import CPYTHON, collect, gives_memory_back, growth, run

import types_by_hand as t

FOLDER = pathlib.Path(t.__file__).parent
STEPS = range(1, 8)

own = pytest.mark.skipif(
    FOREIGN, reason="other HPy runtimes may leave objects behind when an import fails"
)


def fails(step):
    """Every other step panics."""
    text = f"step {step}"
    return panics(match=text) if step % 2 == 0 else pytest.raises(ValueError, match=text)


def import_failing():
    sys.modules.pop("types_failing", None)
    import types_failing

    return types_failing


@own
@pytest.mark.parametrize("step", STEPS)
def test_an_import_that_fails(step):
    collect(*([1] if GRAALPY else []))
    # Its file may be a copy of the other module's, with counters of its own.
    failing = import_failing()
    before = failing.counts()
    failing.fail_at(step)
    try:
        for _ in range(3):
            with fails(step):
                import_failing()
            assert "types_failing" not in sys.modules
    finally:
        failing.fail_at(0)
    module = import_failing()
    assert module.first.sound and module.first.next is module.first
    assert type(module.first.other) is module.Sub
    del module, sys.modules["types_failing"]
    collect(*([1] if GRAALPY else []))
    after = failing.counts()
    assert after["broken"] == after["too_late"] == 0
    if CPYTHON:
        # Half a module is given up as a whole; what the last one kept is its own.
        made, destroyed = (after[name] - before[name] for name in ("made", "destroyed"))
        assert made - destroyed <= 4, (made, destroyed)


@own
@gives_memory_back
def test_imports_that_fail_do_not_leak():
    failing = import_failing()

    def work():
        for step in STEPS:
            failing.fail_at(step)
            for _ in range(10):
                with fails(step):
                    import_failing()
        gc.collect()

    try:
        before = failing.counts()
        grown = growth(work)
        after = failing.counts()
    finally:
        failing.fail_at(0)
    assert after["made"] - before["made"] > 100
    assert after["made"] - before["made"] - (after["destroyed"] - before["destroyed"]) <= 4
    # Definitions of types are kept for ever: about 10 KB for each of these 350 imports.
    assert grown < 8 << 20
    assert import_failing().first.sound


def test_imported_twice_under_two_names(tmp_path):
    """In a package, too: other types, of the same file or of a copy."""
    package = tmp_path / "outer"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for file in FOLDER.iterdir():
        if file.name.startswith("types_by_hand."):
            # Windows asks for rights for links.
            if sys.platform == "win32":
                shutil.copy(file, package)
            else:
                (package / file.name).symlink_to(file)
    run(
        f"""
        import sys
        sys.path.insert(0, {str(tmp_path)!r})
        import types_by_hand as one
        from outer import types_by_hand as two
        assert one is not two and one.Node is not two.Node
        for module in (one, two, one):
            node = module.Node()
            node.next, node.other = one.Node(), two.Counted()
            everything = module.Everything(5, object=node)
            assert everything.intact and everything.o(1) == ("o", everything, 1)
            assert module.Callable(1)(2)[3:] == (2,)
            assert len(module.Sequence(1, 2)) == 2
        try:
            one.Everything.noargs(two.Everything())
        except TypeError:
            pass
        else:
            raise AssertionError
        """
    )


@pytest.mark.skipif(GRAALPY, reason="started for each test, GraalPy takes too long")
def test_forgotten_and_imported_again():
    run(
        """
        import gc, sys
        import types_by_hand as first
        node = first.Node()
        for _ in range(10):
            del sys.modules["types_by_hand"]
            import types_by_hand as again
            other = again.Node()
            other.next, node.next = node, other
            assert again.Everything(1).intact and other.sound
            type(other.next)(), type(node)()
            gc.collect()
        # The types of a module that is gone live on in their instances.
        del first
        gc.collect()
        assert node.sound and type(node)().sound
        """
    )


# GraalPy takes long to start.
@calls_on_threads
@pytest.mark.parametrize("times", range(1 if GRAALPY else 3))
def test_imported_by_eight_threads_at_once(times):
    said = run(
        """
        import sys, threading
        sys.setswitchinterval(1e-6)
        barrier, found = threading.Barrier(8), []

        def work():
            barrier.wait()
            import types_by_hand as t
            node = t.Node()
            node.next = node
            assert t.Everything(1).intact and node.sound
            found.append(t.Node)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(len(found), len(set(found)))
        """
    )
    assert said.split() == ["8", "1"]


@calls_on_threads
@pytest.mark.skipif(PYPY_HPY, reason="PyPy's own HPy is not tested on several threads at once")
def test_used_by_eight_threads_at_once():
    """Without the GIL they do it at the same time."""
    run(
        """
        import gc, sys, threading
        import types_by_hand as t
        sys.setswitchinterval(1e-5)
        subclasses = """
        + repr(not PYPIS_HPY)
        # GraalPy starts a thread only when the busy ones let it.
        + f"\n        THREADS, ROUNDS = {(3, 30) if GRAALPY else (8, 300)}"
        + """
        class Sub(t.Node if subclasses else object):
            pass
        before, barrier, failures = t.counts(), threading.Barrier(THREADS), []
        shared = t.Everything(7)

        def work():
            barrier.wait()
            try:
                for number in range(ROUNDS):
                    node = t.Node()
                    node.next, node.other = node, t.Counted()
                    chain = t.chain(t.Untracked, 20, node)
                    if subclasses:
                        sub = Sub()
                        sub.next, sub.attribute = node, sub
                        assert sub.sound
                    assert chain.sound and node.sound
                    assert shared.o(number) == ("o", shared, number) and shared.intact
                    assert t.Callable(1)(2, x=number)[2] == ("x",)
                    if number % 100 == 0:
                        type_ = t.make_shape(0, object)
                        thing = type_()
                        thing.value, thing.object = 1, thing
                        gc.collect()
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(THREADS)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        assert not failures, failures
        for _ in range(5): gc.collect()
        after = t.counts()
        grown = {name: after[name] - before[name] for name in after}
        assert grown["broken"] == grown["too_late"] == 0, grown
        if sys.implementation.name == "cpython":
            assert (
                grown["made"] == grown["destroyed"] == THREADS * ROUNDS * (23 if subclasses else 22)
            ), grown
            assert grown["shapes"] == grown["sum"] == THREADS * ROUNDS // 100, grown
        """
    )


def package_hpy():
    """An interpreter with PyPI's hpy, of this one's version."""
    cache = os.environ.get("HPY_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "hpy-interpreters"
    )
    return pathlib.Path(cache, "upstream", "cpython%d.%d" % sys.version_info[:2], "bin", "python")


@pytest.mark.skipif(
    not CPYTHON
    or PYPIS_HPY
    or os.environ["HPY_TEST_ABI"] != "universal"
    or sys.version_info[:2] != (3, 11),
    reason="needs the universal file on CPython 3.11",
)
@pytest.mark.parametrize("first", ["own", "debug"])
def test_by_its_own_way_in_and_by_the_package_in_debug_mode(first):
    python = package_hpy()
    if not python.exists():
        pytest.skip("PyPI's hpy is not there")
    code = """
import importlib.machinery, sys
path, first = sys.argv[1:]

def own():
    loader = importlib.machinery.ExtensionFileLoader("types_by_hand", path)
    spec = importlib.machinery.ModuleSpec("types_by_hand", loader, origin=path)
    module = loader.create_module(spec)
    loader.exec_module(module)
    return module

def debug():
    import hpy.universal
    spec = importlib.machinery.ModuleSpec("types_by_hand", None, origin=path)
    return hpy.universal.load("types_by_hand", path, spec, mode=hpy.universal.MODE_DEBUG)

one, two = (own(), debug()) if first == "own" else reversed((debug(), own()))
from hpy.debug import LeakDetector
for round in range(3):
    for module in (one, two):
        before = module.counts()
        with LeakDetector():
            node = module.Node()
            node.next, node.other = node, module.Counted()
            everything = module.Everything(5, object=node)
            assert everything.intact and everything.doubled == 10
            assert everything.keywords(a=1) == ("keywords", everything, 1, 2)
            assert module.Operators() + 1 and 1 + module.Operators()
            assert module.Callable(1)(2, x=3)[3:] == (2, 3) or True
            assert list(module.Sequence(1, 2)) == [1, 2] and module.Compared(1) < module.Compared(2)
            mixed = (
                1 + module.Operators(),
                (one.Operators() + two.Operators())[0],
                (two.Operators() + one.Operators())[0],
            )
            assert mixed[1:] == ("add", "add")
            module.keep(node)
            bytes(memoryview(module.Memory()))
            del node, everything, mixed
        module.keep(None)
        import gc
        gc.collect()
        after = module.counts()
        assert (
            after["made"] - before["made"] == after["destroyed"] - before["destroyed"] == 2
        ), (before, after)
        assert not after["broken"] and not after["too_late"]
class Sub(one.Node):
    def __del__(self): pass
sub = Sub()
sub.next = sub
del sub
gc.collect()
print("both")
"""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("HPY", "PYTHONPATH")
    }
    file = str(FOLDER / "types_by_hand.hpy0.so")
    result = subprocess.run(
        [str(python), "-X", "faulthandler", "-c", code, file, first],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (result.returncode, result.stdout) == (0, "both\n"), result.stdout + result.stderr
