"""Handles of the rarer types: weak references, functions, frames, views, paths."""

import collections
import gc
import os
import pathlib
import sys
import time
import traceback
import types
import typing
import weakref

import pytest

import handle_types
from hpy_hosts import close_handles


class Thing:
    def method(self):
        return 42


class CallableThing(Thing):
    def __call__(self):
        return 7


def function(a, b=1, *, c=2):
    """Its doc."""
    local = a
    return local


def collected(reference):
    # Where the collector runs beside the program it takes a while.
    for _ in range(100):
        close_handles(lambda: handle_types.kinds(Thing()))
        gc.collect()
        if reference() is None:
            return True
        time.sleep(0.01)
    return False


def raised(function):
    try:
        function()
    except Exception as error:
        return error


def fails():
    raise KeyError("k")


# What they are


def test_kinds():
    thing, called = Thing(), CallableThing()
    cases = [
        (weakref.ref(thing), ["WeakRef"]),
        (weakref.WeakMethod(thing.method), ["WeakRef"]),
        (weakref.proxy(thing), ["WeakProxy"]),
        (weakref.proxy(called), ["WeakProxy"]),
        (function, ["Function"]),
        (lambda: 1, ["Function"]),
        (Thing.method, ["Function"]),
        (thing.method, ["BoundMethod"]),
        (function.__code__, ["Code"]),
        (sys._getframe(), ["Frame"]),
        (raised(fails).__traceback__, ["Traceback"]),
        (types.MappingProxyType({}), ["MappingProxy"]),
        ({}.keys(), ["DictKeys"]),
        ({}.values(), ["DictValues"]),
        ({}.items(), ["DictItems"]),
        (list[int], ["GenericAlias"]),
        (super(CallableThing, called), ["Super"]),
        (..., ["EllipsisType"]),
        (NotImplemented, ["NotImplementedType"]),
        (pathlib.PurePosixPath("a"), ["Path", "PathLike"]),
        (pathlib.Path("a"), ["Path", "PathLike"]),
        (thing, []),
        (Thing, []),
        (1, []),
        ("a", []),
        ({}, []),
        (collections.OrderedDict, []),
    ]
    for object, expected in cases:
        assert handle_types.kinds(object) == expected, object
    assert "Function" not in handle_types.kinds(len)
    assert handle_types.kinds(types.BuiltinFunctionType) == []


def test_what_is_refused_is_named():
    with pytest.raises(TypeError, match=r"must be weakref\.ref, not Thing"):
        handle_types.takes_weakref(Thing())
    with pytest.raises(TypeError, match="must be traceback, not int"):
        handle_types.takes_traceback(1)
    with pytest.raises(TypeError, match=r"must be os\.PathLike, not str"):
        handle_types.takes_path_like("a")


def test_a_class_that_only_claims_to_be_another():
    class Claims:
        __class__ = weakref.ref

    assert handle_types.kinds(Claims()) == []


# Weak references


def test_weak_references():
    thing = Thing()
    reference = handle_types.weakref(thing)
    assert type(reference) is weakref.ref and reference() is thing
    assert reference is weakref.ref(thing) or sys.implementation.name != "cpython"
    assert handle_types.takes_weakref(reference) is thing
    assert handle_types.callback(reference) is None
    del thing
    assert collected(reference)
    assert handle_types.takes_weakref(reference) is None
    assert handle_types.upgrade_as_set(reference) is None


def test_callbacks_of_weak_references():
    called = []
    thing = Thing()
    reference = handle_types.weakref_with(thing, called.append)
    proxy = handle_types.weak_proxy_with(thing, lambda proxy: called.append("proxy"))
    assert handle_types.callback(reference) == called.append
    assert handle_types.through_proxy(proxy, "method")() == 42
    del thing
    assert collected(reference)
    for _ in range(100):
        if len(called) == 2:
            break
        gc.collect()
        time.sleep(0.01)
    assert any(one is reference for one in called) and "proxy" in called
    with pytest.raises(ReferenceError):
        handle_types.through_proxy(proxy, "method")


def test_weak_references_of_a_known_type():
    kept = {1, 2}
    assert handle_types.upgrade_as_set(weakref.ref(kept)) is kept
    thing = Thing()
    with pytest.raises(TypeError, match="must be set, not Thing"):
        handle_types.upgrade_as_set(weakref.ref(thing))


def test_weak_methods_give_methods():
    thing = Thing()
    assert handle_types.takes_weakref(weakref.WeakMethod(thing.method))() == 42


def test_what_cannot_be_referred_to_weakly():
    for make in (handle_types.weakref, handle_types.weak_proxy):
        with pytest.raises(TypeError):
            make(5)


def test_proxies():
    thing, called = Thing(), CallableThing()
    proxy = handle_types.weak_proxy(thing)
    assert proxy.method() == 42
    assert handle_types.through_proxy(proxy, "method")() == 42
    assert handle_types.weak_proxy(called)() == 7


def test_a_reference_that_raises():
    class Raises(weakref.ref):
        def __call__(self):
            raise OSError("no")

    thing = Thing()
    with pytest.raises(OSError, match="no"):
        handle_types.takes_weakref(Raises(thing))


# Functions, frames, tracebacks


def test_functions():
    seen = 1

    def inner():
        return seen

    for one in (function, inner, lambda: 1, Thing.method):
        parts = handle_types.function_parts(one)
        assert parts == {name: getattr(one, name) for name in parts}
        code = handle_types.code_parts(one.__code__)
        assert code == {name: getattr(one.__code__, name) for name in code}


def test_functions_without_a_module():
    one = types.FunctionType(function.__code__, {})
    one.__module__ = None
    assert handle_types.function_parts(one)["__module__"] is None


def test_builtin_functions():
    if "BuiltinFunction" not in handle_types.kinds(len):
        pytest.skip("this interpreter has another type for its functions")
    assert handle_types.builtin_names(len) == ("len", "len")


def test_bound_methods():
    thing = Thing()
    assert handle_types.bound_parts(thing.method) == (Thing.method, thing)


def test_frames():
    frame = handle_types.current_frame()
    assert frame is sys._getframe()
    parts = handle_types.frame_parts(frame)
    assert parts["f_code"] is test_frames.__code__
    assert parts["f_globals"] is globals()
    assert parts["f_back"] is frame.f_back
    assert parts["f_locals"]["frame"] is frame
    assert parts["f_lineno"] < test_frames.__code__.co_firstlineno + 20
    assert "len" in parts["f_builtins"]


def test_the_outermost_frame():
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
    assert handle_types.frame_parts(frame)["f_back"] is None


def test_tracebacks():
    def outer():
        fails()

    error = raised(outer)
    found = error.__traceback__
    assert handle_types.takes_traceback(found) == "".join(traceback.format_tb(found))
    places = [(name, line) for name, line in handle_types.places(found)]
    assert [name for name, _ in places] == ["raised", "outer", "fails"]
    assert places == [(f.name, f.lineno) for f in traceback.extract_tb(found)]


def test_the_traceback_of_an_error():
    text = handle_types.traceback_of(fails)
    if text == "":
        pytest.skip("this interpreter's HPy loses tracebacks")
    assert "in fails" in text and 'raise KeyError("k")' in text
    assert handle_types.traceback_of(lambda: 1) is None


# Views


def test_views_of_dicts():
    for kind in (dict, collections.OrderedDict, collections.defaultdict):
        owner = kind()
        owner.update(a=1)
        keys, values, items = handle_types.dict_views(owner)
        owner["b"] = 2
        assert list(keys) == ["a", "b"] and list(values) == [1, 2]
        assert list(items) == [("a", 1), ("b", 2)]
        assert handle_types.view_parts(keys, "b") == (2, True, ["a", "b"])
        assert handle_types.view_parts(keys, "x") == (2, False, ["a", "b"])


def test_a_dict_that_gives_other_views():
    class Own(dict):
        def keys(self):
            return [1]

    with pytest.raises(TypeError, match="must be dict_keys, not list"):
        handle_types.dict_views(Own())


def test_what_a_view_is_of():
    owner = {"a": 1}
    if not hasattr(owner.keys(), "mapping"):
        with pytest.raises(AttributeError):
            handle_types.view_mapping(owner.keys())
    else:
        assert handle_types.view_mapping(owner.keys())["a"] == 1


class OwnMapping(collections.abc.Mapping):
    def __getitem__(self, key):
        if key == "bad":
            raise OSError(key)
        return {"a": 1}[key]

    def __len__(self):
        return 1

    def __iter__(self):
        return iter("a")

    def copy(self):
        return {"a": 1}


def test_mapping_proxies():
    for owner in ({"a": 1}, OwnMapping(), collections.OrderedDict(a=1)):
        proxy = handle_types.mapping_proxy(owner)
        assert type(proxy) is types.MappingProxyType
        with pytest.raises(TypeError):
            proxy["b"] = 2
        parts = handle_types.proxy_parts(proxy, "a")
        assert parts == {
            "len": 1, "get": 1, "contains": True, "keys": ["a"], "values": [1],
            "items": [("a", 1)], "copy": {"a": 1}, "iter": ["a"],
        }
        parts = handle_types.proxy_parts(proxy, "x")
        assert parts["get"] is None and not parts["contains"]
    with pytest.raises(OSError):
        handle_types.proxy_parts(handle_types.mapping_proxy(OwnMapping()), "bad")
    assert handle_types.kinds(Thing.__dict__) == ["MappingProxy"]
    for no_mapping in ([1], (1,), 5):
        with pytest.raises(TypeError):
            handle_types.mapping_proxy(no_mapping)


# Generic aliases, super


def test_generic_aliases():
    alias = handle_types.generic_alias(list, int)
    assert alias == list[int] and type(alias) is types.GenericAlias
    assert handle_types.generic_alias(dict, (str, int)) == dict[str, int]
    variable = typing.TypeVar("variable")
    assert handle_types.alias_parts(dict[str, variable]) == (dict, (str, variable), (variable,))
    alias = handle_types.Shelf[int]
    assert handle_types.alias_parts(alias) == (handle_types.Shelf, (int,), ())
    assert alias([1]).held == [1]


def test_super():
    class Derived(Thing):
        def method(self):
            return 43

    derived = Derived()
    assert derived.method() == 43
    assert handle_types.super_call(Derived, derived, "method") == 42
    with pytest.raises(TypeError):
        handle_types.super_call(Derived, Thing(), "method")


# Paths


def test_paths():
    path = handle_types.path(os.path.join("a", "b.txt"))
    assert path == pathlib.Path("a", "b.txt")
    assert handle_types.path_parts(path) == (path, "b.txt", pathlib.Path("a"))
    assert handle_types.takes_path_like(path) == (str(path), path)


def test_what_has_fspath():
    class Own:
        def __fspath__(self):
            return "own"

    class Bad:
        def __fspath__(self):
            return 5

    assert handle_types.takes_path_like(Own()) == ("own", pathlib.Path("own"))
    with pytest.raises(TypeError):
        handle_types.takes_path_like(Bad())
    own = Thing()
    own.__fspath__ = lambda: "no"
    with pytest.raises(TypeError, match="must be os.PathLike, not Thing"):
        handle_types.takes_path_like(own)
