"""Runs a script or a module as `python SCRIPT` and `python -m MODULE` do, within this process."""

import io
import os
import runpy
import sys
import threading
import types
import zipfile
from typing import IO, Callable, List, Optional, Sequence


def read_script(path: str) -> Optional[bytes]:
    """The text of a script. None for a folder or an archive, which Python runs by itself."""
    if os.path.isdir(path) or (os.path.isfile(path) and zipfile.is_zipfile(path)):
        return None
    with open(path, "rb") as file:
        return file.read()


def run_script(
    path: str, source: Optional[bytes], arguments: Sequence[str], search: Optional[List[str]] = None
) -> int:
    """Runs a script with the text that `read_script` gave, and returns its exit status.

    `search` takes the place of the script's folder on the module search path.
    """
    sys.argv[:] = [path, *arguments]
    if not getattr(sys.flags, "safe_path", False):
        folder = os.path.dirname(os.path.realpath(path))
        sys.path[0:1] = search if search is not None else [folder]
    if source is None:
        return _status(lambda: runpy.run_path(path, run_name="__main__"))

    def run() -> None:
        main = types.ModuleType("__main__")
        main.__dict__["__file__"] = path
        main.__dict__["__builtins__"] = sys.modules["builtins"]
        code = compile(source, path, "exec", dont_inherit=True)
        sys.modules["__main__"] = main
        exec(code, main.__dict__)

    return _status(run)


def run_module(name: str, arguments: Sequence[str]) -> int:
    """Runs a module, and returns its exit status."""
    sys.argv[:] = [name, *arguments]
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0:1] = [os.getcwd()]
    return _status(lambda: runpy.run_module(name, run_name="__main__", alter_sys=True))


def _status(run: Callable[[], object]) -> int:
    """What the interpreter would exit with."""
    status = 0
    try:
        run()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            status = end.code or 0
        else:
            print(end.code, file=sys.stderr)
            status = 1
    except BaseException as error:
        status = 130 if isinstance(error, KeyboardInterrupt) else 1
        try:
            _show(error)
        except BaseException as another:
            # The program's own `sys.excepthook` has failed.
            sys.__excepthook__(type(another), another, another.__traceback__)
    _join_threads()
    return status


def _show(error: BaseException) -> None:
    """Prints the traceback of the program, without the lines of this file and of runpy."""
    trace = error.__traceback__
    ours = (__file__, runpy.__file__, "<frozen runpy>")
    while trace is not None and trace.tb_frame.f_code.co_filename in ours:
        trace = trace.tb_next
    sys.excepthook(type(error), error.with_traceback(trace), trace)


def report_stream() -> IO[str]:
    """Standard error, also where the program has closed or removed Python's object for it."""
    for stream in (sys.stderr, sys.__stderr__):
        if stream is not None and not getattr(stream, "closed", False):
            return stream
    try:
        return open(2, "w", errors="backslashreplace", closefd=False)
    except OSError:
        return io.StringIO()


def _join_threads() -> None:
    """Waits for the program's threads, as the interpreter does at its end."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
