# hpy: imports the universal binary @BINARY@ beside this file.
# Made by cargo-hpy; edits are overwritten.
def __hpy_load__(namespace):
    import os
    import sys

    name = namespace["__name__"]
    # Not importlib.util: it takes 10 ms and more to import on 3.9. This one is always there.
    external = sys.modules["_frozen_importlib_external"]

    # importlib.reload runs this file again, in the finished module. As with a native extension,
    # only the attributes that the import system has just overwritten are put back.
    finished = namespace.get("_hpy_spec")
    if finished is not None:
        namespace["__spec__"] = finished
        namespace["__loader__"] = finished.loader
        namespace["__file__"] = finished.origin
        namespace.pop("__cached__", None)
        return

    here = os.path.dirname(os.path.abspath(namespace["__file__"]))
    path = os.path.join(here, "@BINARY@")
    if not os.path.isfile(path):
        raise ImportError(
            "%s is missing: %r needs it beside %s"
            % (path, name, os.path.basename(namespace["__file__"])),
            name=name,
            path=path,
        )

    # HPY=MODE or HPY=NAME:MODE,... The interpreters differ about the second form, capitals, names
    # with dots and lists without this module, so each gets the plain first form.
    environment = dict(os.environ)
    mode = environment.pop("HPY", "").lower().strip(", ")
    if ":" in mode:
        names = name.lower(), "@MODULE@".lower()
        entries = [
            [part.strip() for part in entry.partition(":")[::2]] for entry in mode.split(",")
        ]
        mode = next((mode for entry, mode in entries if entry in names), "")
    if mode:
        environment["HPY"] = mode

    # GraalPy 24's HPy works on one thread of the process, the first that touches it.
    if sys.implementation.name == "graalpy" and sys.implementation.version < (25,):
        import threading

        if threading.current_thread() is not threading.main_thread():
            raise ImportError(
                "import %r on the main thread first: this GraalPy's HPy works on no other" % name,
                name=name,
                path=path,
            )

    # An interpreter with an HPy of its own uses that. HPY=MODE asks for the package hpy. All others
    # use the binary's own runtime, with nothing installed.
    bootstrap = None
    if mode or sys.implementation.name != "cpython":
        try:
            from hpy.universal import _load_bootstrap as bootstrap
        except ImportError as error:
            if mode:
                if mode == "universal":
                    advice = (
                        "without HPY the module is imported all the same, "
                        "on the runtime that its binary carries"
                    )
                elif mode not in ("debug", "trace"):
                    advice = "the modes are universal, debug and trace"
                elif sys.implementation.name == "cpython":
                    advice = (
                        "install the package of HPy for Rust with: %s -m pip install hpy-rs"
                        % sys.executable
                    )
                else:
                    advice = (
                        "the wheel hpy-rs is for CPython; on this interpreter, the tool cargo hpy "
                        "provides the package: cargo hpy run --%s" % mode
                    )
                raise ImportError(
                    "HPY=%s asks for a mode of the package hpy to import %r, "
                    "and hpy.universal cannot be imported (%s); %s"
                    % (mode, name, error, advice),
                    name=name,
                    path=path,
                ) from error

    # The spec is that of a native extension: tools see that the module came from the binary, not
    # from this file. PyInit_NAME is looked for by the last part of the spec's name.
    package = namespace.get("__package__")
    own_name = (
        name
        if name.rpartition(".")[2] == "@MODULE@"
        else ".".join(filter(None, [package, "@MODULE@"]))
    )
    spec = external.spec_from_file_location(
        own_name, path, loader=external.ExtensionFileLoader(own_name, path)
    )

    if bootstrap is None:
        try:
            module = sys.modules["_frozen_importlib"].module_from_spec(spec)
        except ImportError as error:
            # CPython names the hook that it misses. Others word it differently, or don't say it.
            if "PyInit_@MODULE@" not in str(error):
                with open(path, "rb") as file:
                    if b"PyInit" in file.read():
                        raise
            raise ImportError(
                "%s brings no runtime of its own (it has no PyInit_@MODULE@), "
                "and this interpreter has no HPy; the package hpy loads it on CPython: "
                "install hpy-rs, and set HPY=universal" % path,
                name=name,
                path=path,
            ) from error
        # A thread that finds the module meanwhile waits for the import's lock, which is held.
        spec._initializing = True
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        finally:
            spec._initializing = False
        spec.name = name
    else:
        # PyPI's hpy 0.9.0 takes a borrowed value from a dict and releases it: the interpreter
        # crashes later. From any other mapping it gets a value of its own.
        environment = type(type.__dict__)(environment)
        try:
            module = bootstrap("@MODULE@", name, package, path, spec.loader, spec, environment)
        except BaseException as error:
            # What GraalPy raises for a file that the system does not load.
            if type(error).__name__ != "ForeignException":
                raise
            raise ImportError(
                "%s cannot be loaded: %s" % (path, error), name=name, path=path
            ) from None
    if isinstance(module, type(sys)):
        # PyPy's own names a module in a package without the package.
        module.__name__ = name
        module.__file__ = path
        module._hpy_spec = spec
    sys.modules[name] = module
    # Only the thread that runs this file looks into sys.modules again. Another one that imports the
    # same name meanwhile gets this file's module, so that has the same contents.
    namespace.update(getattr(module, "__dict__", {}))


__hpy_load__(globals())
del __hpy_load__
