"""`python -m hpy.debug SCRIPT`: a program in debug mode, and a report at its end."""

import gc
import os
import re
import sys
from typing import List, Optional, Sequence

from .arguments import Arguments
from .colours import Painter
from .findings import Misuses, leaks
from .program import report_stream
from .report import Report, verdict

USAGE = """\
usage: python -m hpy.debug [--backtrace[=FRAMES]] SCRIPT [ARGUMENTS]
       python -m hpy.debug [--backtrace[=FRAMES]] -m MODULE [ARGUMENTS]

Runs a program with HPy's debug mode on for every universal HPy extension that
it imports. At the end, reports the handles that were leaked or misused.

options:
  --backtrace[=FRAMES]  also find the lines of Rust or C that made each handle,
                        which is slower; FRAMES (default 16) is how many stack
                        frames are kept. The extension must have debug info.
  --help                show this text

The exit status is 1 if a handle was leaked or misused, and otherwise the
program's own. HPY=NAME:debug,... chooses the extensions; without it, all are
in debug mode.
"""

# What a program with leaks or misuses exits with.
FOUND = 1

FRAMES = 16

# The file of a universal binary, of HPy's hybrid form too.
_UNIVERSAL = re.compile(r"\.hpy\d+[^/\\]*\.(so|pyd)$")

_HINT = "run with --backtrace to see the line in Rust or C"


def main(arguments: Optional[Sequence[str]] = None, search: Optional[List[str]] = None) -> int:
    """Runs the command, and returns the exit status. `search` is as in `run_script`."""
    command = Arguments("python -m hpy.debug", USAGE, arguments)
    frames: Optional[int] = None
    for option, value in command.options():
        if option != "--backtrace":
            command.fail("unknown option: %s" % option)
        if not re.fullmatch("[0-9]{0,9}", value or ""):
            command.fail("--backtrace takes a number: %s" % value)
        frames = int(value or FRAMES)
    _, run = command.program(search)
    session = Session(frames)
    return session.finish(run())


class Session:
    """Debug mode from now on, for the rest of the process."""

    def __init__(self, frames: Optional[int]) -> None:
        chosen = os.environ.get("HPY", "")
        if ":" not in chosen:
            os.environ["HPY"] = "debug"
        from hpy.universal import _debug

        self._process = os.getpid()
        self._frames = frames
        # GraalPy 24's HPy does not have it.
        set_limit = getattr(_debug, "set_handle_stack_trace_limit", None)
        if frames is not None and set_limit is not None:
            set_limit(frames)
        self._misuses = Misuses()
        self._misuses.watch()
        self._generation = _debug.new_generation()

    def finish(self, status: int) -> int:
        """Writes the report to standard error, and returns the exit status."""
        if os.getpid() != self._process:
            # A child that was forked off. What it has of its parent is the parent's to report.
            return status
        gc.collect()
        from .leakdetector import left_open

        findings = self._misuses.findings() + leaks(left_open(self._generation))
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                pass
        stream = report_stream()
        painter = Painter.of(stream)
        backtrace = self._frames is not None or bool(os.environ.get("HPY_DEBUG_BACKTRACE"))
        report = Report(painter, backtrace, _HINT)
        if findings:
            print("\n%s\n" % report.text(findings), file=stream)
            print(painter("error", "hpy.debug:"), verdict(findings), file=stream)
            return FOUND
        loaded = _in_debug_mode()
        if not loaded and status == 0:
            print(
                painter("warning", "hpy.debug:"),
                "no extension was loaded in debug mode. Extensions in the CPython\n"
                "           ABI ignore it: build for the universal ABI.",
                file=stream,
            )
        elif loaded:
            print(
                painter("note", "hpy.debug:"),
                "no handle was leaked or misused (%s)" % ", ".join(loaded),
                file=stream,
            )
        return status


def _in_debug_mode() -> List[str]:
    """The names of the extensions that were loaded in debug mode."""
    chosen = os.environ.get("HPY", "")
    names = []
    for name, module in list(sys.modules.items()):
        try:
            file = getattr(module, "__file__", None)
        except Exception:
            # It may be any object, such as one that imports a module when it is used.
            continue
        if not isinstance(file, str) or not _UNIVERSAL.search(file):
            continue
        short = name.rpartition(".")[2]
        if ":" not in chosen or _is_chosen((name, short), chosen):
            names.append(name)
    return sorted(names)


def _is_chosen(names: Sequence[str], chosen: str) -> bool:
    """Whether a list `NAME:MODE,...` has a module with one of the names in debug mode.

    As for the loader, names are exact and the first entry that has one counts.
    """
    for entry in chosen.split(","):
        name, _, mode = entry.partition(":")
        if name.strip() in names:
            return mode.strip().lower() == "debug"
    return False
