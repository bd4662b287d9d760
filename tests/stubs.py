"""Compares stubs with their modules at run time.

    python stubs.py FOLDER

FOLDER has both.
"""

import ast
import collections.abc
import importlib
import inspect
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(FOLDER))
KINDS = inspect.Parameter
compared = {"functions": 0, "classes": 0, "members": 0, "docs": 0}


def stub_parameters(function):
    """Name, kind and default of each, as the stub has them."""
    args = function.args
    by_position = args.posonlyargs + args.args
    defaults = [None] * (len(by_position) - len(args.defaults)) + args.defaults
    result = []
    for index, (one, default) in enumerate(zip(by_position, defaults)):
        only = index < len(args.posonlyargs)
        kind = KINDS.POSITIONAL_ONLY if only else KINDS.POSITIONAL_OR_KEYWORD
        result.append((one.arg, kind, default))
    if args.vararg:
        result.append((args.vararg.arg, KINDS.VAR_POSITIONAL, None))
    for one, default in zip(args.kwonlyargs, args.kw_defaults):
        result.append((one.arg, KINDS.KEYWORD_ONLY, default))
    if args.kwarg:
        result.append((args.kwarg.arg, KINDS.VAR_KEYWORD, None))
    return [(name, kind, None if d is None else ast.literal_eval(d)) for name, kind, d in result]


def own_parameters(function):
    """The same as `inspect.signature` has them; None where a module hides it."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return None
    return [
        (p.name, p.kind, None if p.default is p.empty else p.default) for p in parameters
    ]


def check_function(where, node, function, bound):
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    described = stub_parameters(node)[1 if bound else 0 :]
    # `self` is by position only where all that follow are.
    own = own_parameters(function)
    if own is not None:
        own = own[1 if bound and "classmethod" not in decorators else 0 :]
        assert described == own, f"{where}: {described} in the stub, {own} at run time"
        compared["functions"] += 1
    check_doc(where, node, function)


def check_doc(where, node, own):
    doc = ast.get_docstring(node)
    if doc is not None:
        assert doc.strip() == (inspect.getdoc(own) or "").strip(), where
        compared["docs"] += 1


def check_class(where, node, cls):
    compared["classes"] += 1
    assert isinstance(cls, type), where
    check_doc(where, node, cls)
    bases = [ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases]
    if bases == ["NamedTuple"]:
        fields = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign)]
        assert cls._fields == tuple(fields), where
        return
    collection = {"Sequence", "Mapping"} & set(bases)
    for base in collection:
        assert issubclass(cls, getattr(collections.abc, base)), where
        bases.remove(base)
    own = [base.__name__ for base in cls.__bases__ if base is not object]
    if any(base.endswith("Enum") for base in bases):
        # Methods in Rust stand in a class of the same name before it.
        own = [base for base in own if base != cls.__name__]
    assert bases == own, f"{where}: {bases} in the stub, {own} at run time"
    final = any("final" in ast.unparse(decorator) for decorator in node.decorator_list)
    if final:
        try:
            type("Derived", (cls,), {})
        except TypeError:
            pass
        else:
            raise AssertionError(f"{where} is not final")
    described = set()
    for member in node.body:
        if isinstance(member, ast.Assign):
            name, value = member.targets[0].id, ast.literal_eval(member.value)
            there = getattr(cls, name)
            assert getattr(there, "value", there) == value, f"{where}.{name}"
        elif isinstance(member, ast.AnnAssign):
            name = member.target.id
            assert hasattr(cls, name), f"{where}.{name}"
            if name == "__hash__":
                assert cls.__hash__ is None, where
        elif isinstance(member, ast.FunctionDef):
            name = member.name
            there = inspect.getattr_static(cls, name, None)
            assert there is not None or name == "__buffer__", f"{where}.{name} is not there"
            decorators = [ast.unparse(decorator) for decorator in member.decorator_list]
            if "property" in decorators:
                assert not callable(there), f"{where}.{name} is no attribute"
                check_doc(f"{where}.{name}", member, there)
            elif not decorators and not name.startswith("__"):
                check_function(f"{where}.{name}", member, getattr(cls, name), True)
            elif decorators in (["classmethod"], ["staticmethod"]):
                bound = decorators == ["classmethod"]
                check_function(f"{where}.{name}", member, getattr(cls, name), bound)
            elif name == "__new__" and isinstance(cls, type) and type(cls) is type:
                signature = own_parameters(cls)
                if signature is not None:
                    assert stub_parameters(member)[1:] == signature, where
        elif isinstance(member, ast.ClassDef):
            # The class of an enum's variant.
            name = member.name
            assert issubclass(getattr(cls, name), cls), f"{where}.{name}"
            check_class(f"{where}.{name}", member, getattr(cls, name))
        else:
            continue
        described.add(name)
        compared["members"] += 1
    public = {name for name in vars(cls) if not name.startswith("_")}
    missing = public - described
    for base in collection:
        missing -= set(dir(getattr(collections.abc, base)))
    if any(base.endswith("Enum") for base in bases):
        missing = set(cls.__members__) - described
    assert not missing or "Error" in cls.__name__, f"{where}: the stub lacks {sorted(missing)}"


def check_module(path):
    name = ".".join(path.relative_to(FOLDER).with_suffix("").parts)
    name = name.removesuffix(".__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module = importlib.import_module(name)
    assert ast.get_docstring(tree) == (inspect.getdoc(module) or None), name
    described, all_, is_open = set(), None, False
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            if node.name == "__getattr__" and not hasattr(module, "__getattr__"):
                is_open = True
                continue
            if node.name.startswith("_") and not hasattr(module, node.name):
                # The shape of a conversion.
                continue
            if any("type_check_only" in ast.unparse(one) for one in node.decorator_list):
                assert not hasattr(module, node.name), f"{name}.{node.name} is not hidden"
                continue
            described.add(node.name)
            check = check_class if isinstance(node, ast.ClassDef) else check_function
            extra = () if check is check_class else (False,)
            check(f"{name}.{node.name}", node, getattr(module, node.name), *extra)
        elif isinstance(node, ast.AnnAssign) and hasattr(module, node.target.id):
            described.add(node.target.id)
        elif isinstance(node, ast.Assign) and node.targets[0].id == "__all__":
            all_ = ast.literal_eval(node.value)
        elif isinstance(node, ast.ImportFrom) and node.module is None:
            described.update(alias.name for alias in node.names)
    described = {one for one in described if not one.startswith("_")}
    public = {one for one in vars(module) if not one.startswith("_") and one.isidentifier()}
    assert sorted(all_) == sorted(described), name
    assert described <= public, f"{name} lacks {described - public}"
    assert is_open or public == described, f"{name}: the stub lacks {public - described}"


stubs = sorted(FOLDER.rglob("*.pyi"))
for stub in stubs:
    check_module(stub)
assert compared["functions"] >= 150 and compared["classes"] >= 20, compared
assert compared["members"] >= 70 and compared["docs"] >= 60, compared
print(len(stubs), "stubs,", compared)
