"""Tells where an interpreter has its shared library: lines of KEY=VALUE."""

import sys

# A module in the current folder must not stand for the standard library's.
sys.path[:] = [path for path in sys.path if path]

import os
import struct
import sysconfig


def config(name: str) -> str:
    return str(sysconfig.get_config_var(name) or "")


def libraries() -> "list[str]":
    """Paths at which the library may be, the likeliest first."""
    tag = "%d.%d" % sys.version_info[:2] + getattr(sys, "abiflags", "")
    executable = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    folder = os.path.dirname(executable)
    multiarch = config("MULTIARCH")
    base = sys.base_prefix
    if os.name == "nt":
        threads = "t" if config("Py_GIL_DISABLED") == "1" else ""
        debug = "_d" if hasattr(sys, "gettotalrefcount") else ""
        names = ["python%d%d" % sys.version_info[:2] + threads + debug + ".dll"]
        folders = [base, folder]
    elif config("PYTHONFRAMEWORK"):
        names = [config("LDLIBRARY"), config("PYTHONFRAMEWORK")]
        folders = [config("PYTHONFRAMEWORKPREFIX"), base]
    else:
        end = ".dylib" if sys.platform == "darwin" else ".so"
        names = [config("INSTSONAME"), config("LDLIBRARY")]
        names += ["libpython" + tag + end + number for number in (".1.0", "")]
        parts = [config("LIBDIR"), os.path.join(base, "lib"), os.path.join(folder, "..", "lib")]
        folders = []
        for part in parts:
            folders += [part, os.path.join(part, multiarch)] if multiarch else [part]
        folders.append(config("LIBPL"))
    return [
        os.path.join(folder, name)
        for name in names
        if name and not name.endswith(".a")
        for folder in folders
        if folder
    ]


def tell(key: str, value: str) -> None:
    sys.stdout.buffer.write(key.encode() + b"=" + os.fsencode(value) + b"\n")


tell("implementation", sys.implementation.name)
tell("version", "%d.%d" % sys.version_info[:2])
tell("tag", "%d.%d" % sys.version_info[:2] + getattr(sys, "abiflags", ""))
tell("pointers", str(struct.calcsize("P") * 8))
tell("executable", sys.executable)
tell("home", os.environ.get("PYTHONHOME", ""))
tell("debian", "1" if config("MULTIARCH") and sys.base_prefix == "/usr" else "")
for library in libraries():
    if os.path.isfile(library):
        tell("library", os.path.abspath(library))
        break
