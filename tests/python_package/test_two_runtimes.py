"""One file, loaded by this project's package and by PyPI's in one process.

Each context has its own layout, and each runtime its own globals. tests/outside/python_package.rs
makes the files.
"""

import gc
import importlib.machinery
import os
import sys

import hpy.universal as pypis
import pytest

FOLDER = os.environ["HPY_TEST_UNIVERSAL"]


def spec_of(name, path):
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    return importlib.machinery.ModuleSpec(name, loader, origin=path)


def own_way_in(name, path, last=None):
    """The module as Python's own import makes it."""
    spec = spec_of(name, path)
    module = spec.loader.create_module(spec)
    spec.loader.exec_module(module)
    return module


# Under another name than PyPI's, or there could be only one.
ours = own_way_in("ours.universal", os.environ["HPY_TEST_OURS"])


def by(runtime, name):
    path = os.path.join(FOLDER, name + ".hpy0.so")
    if runtime == "own":
        return own_way_in(name, path)
    if runtime == "ours":
        return ours.load(name, path, spec_of(name, path))
    mode = {"pypis": pypis.MODE_UNIVERSAL, "debug": pypis.MODE_DEBUG}[runtime]
    return pypis.load(name, path, spec_of(name, path), mode=mode)


def test_they_are_two():
    assert "hpy.rs" in ours.get_version()[0] and pypis.get_version()[0] == "0.9.0"
    assert sys.modules["hpy.universal"] is pypis


ORDERS = [
    ["ours", "pypis"],
    ["pypis", "ours"],
    ["ours", "pypis", "debug", "own", "ours"],
    ["debug", "own", "ours", "pypis"],
]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_words_beyond_the_end_of_a_context(order):
    modules = []
    for runtime in order:
        modules.append(by(runtime, "raw_words"))
        # Modules that came before are called in the context that came last.
        for module in modules:
            # PyPI's contexts end before these functions.
            items = [1, 3]
            module.list_insert(items, 1, 2)
            assert items == [1, 2, 3] and module.get_slice(items, 1, 3) == [2, 3]
            module.set_slice(items, 0, 2, [0])
            assert items == [0, 3]
            module.del_slice(items, 0, 1)
            assert list(module.get_iter(items)) == [3] and module.iter_check(iter(items))
            assert module.slice_new(1, 2, 3) == slice(1, 2, 3)
            # And PyPy's have these one word later.
            assert module.type_name(int) == "int" and module.substring("words", 1, 3) == "or"
            assert module.call(max, (1, 2), None) == 2


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_globals(order):
    modules = []
    for number, runtime in enumerate(order):
        modules.append(by(runtime, "globals"))
        for module in modules:
            assert module.load_text() == "FROM EXEC"
            thing = [number]
            module.store(thing)
            assert module.load() is thing and module.swap(module) is thing
            module.store_text("text %d" % number)
            assert module.load_text() == "TEXT %d" % number
            module.store_text("from exec")
        gc.collect()
    for module in modules:
        module.clear()
        assert module.is_empty()


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_errors(order):
    modules = []
    for runtime in order:
        modules.append(by(runtime, "raw_words"))
        for module in modules:
            with pytest.raises(TypeError):
                module.get_iter(5)
            with pytest.raises(SystemError):
                module.list_insert((), 0, 1)
