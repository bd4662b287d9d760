"""`python -m hpy.trace SCRIPT`: a program in trace mode, and a report at its end."""

import json
import os
import platform
import sys
import time
from typing import Dict, List, Optional, Sequence

from ..debug.arguments import Arguments
from ..debug.program import report_stream

USAGE = """\
usage: python -m hpy.trace [--html FILE] [--json FILE] SCRIPT [ARGUMENTS]
       python -m hpy.trace [--html FILE] [--json FILE] -m MODULE [ARGUMENTS]

Runs a program with HPy's trace mode on for every universal HPy extension that
it imports. At the end, reports how often HPy's functions were called and how
long they took: by function, by extension, and by the extension's functions.

options:
  --html FILE  also write the report as a page for a browser
  --json FILE  also write all numbers as JSON
  --help       show this text

Options stand before SCRIPT or at the end of the line. After "--", everything
is the program's. The exit status is the program's own. HPY=NAME:trace,...
chooses the extensions; without it, all are in trace mode.
"""

_OUTPUTS = ("--html", "--json")


def main(arguments: Optional[Sequence[str]] = None, search: Optional[List[str]] = None) -> int:
    """Runs the command, and returns the exit status. `search` is as in `run_script`."""
    command = Arguments("python -m hpy.trace", USAGE, arguments)
    outputs: Dict[str, str] = {}
    for option, value in command.options():
        if option not in _OUTPUTS:
            command.fail("unknown option: %s" % option)
        if value is None and not command.rest:
            command.fail("%s takes the name of a file" % option)
        outputs[option] = command.rest.pop(0) if value is None else value
    if not command.separated:
        _take_from_the_end(command.rest, outputs)
    title, run = command.program(search)
    session = Session(title, outputs)
    status = run()
    session.finish()
    return status


def _take_from_the_end(rest: List[str], outputs: Dict[str, str]) -> None:
    """Takes each option once: the last one behind the program's arguments."""

    def taken(option: str) -> bool:
        return option in _OUTPUTS and option not in outputs

    # The first one names the program.
    while len(rest) > 1:
        option, equals, value = rest[-1].partition("=")
        if equals and taken(option):
            rest.pop()
        elif len(rest) > 2 and taken(rest[-2]):
            option, value = rest[-2:]
            del rest[-2:]
        else:
            return
        outputs[option] = value


class Session:
    """Trace mode from now on, for the rest of the process."""

    def __init__(self, title: str, outputs: Dict[str, str]) -> None:
        if ":" not in os.environ.get("HPY", ""):
            os.environ["HPY"] = "trace"
        from hpy.universal import _trace_function_times

        # Paths are the user's, and the program may change the working directory.
        self._outputs = {option: os.path.abspath(file) for option, file in outputs.items()}
        self._title = title
        self._process = os.getpid()
        _trace_function_times(True)
        self._start = time.perf_counter_ns()

    def finish(self) -> None:
        """Writes the report to standard error and into the files."""
        if os.getpid() != self._process:
            # A child that was forked off. The report is its parent's.
            return
        elapsed = time.perf_counter_ns() - self._start
        from .page import page
        from .results import get_results
        from .table import Report

        results = get_results()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                pass
        stream = report_stream()
        if results.extensions:
            print("\n" + Report(stream).text(self._title, results, elapsed), file=stream)
        else:
            print(
                "hpy.trace: no extension was loaded in trace mode. Extensions in the CPython\n"
                "           ABI ignore it: build for the universal ABI.",
                file=stream,
            )
        if "--json" in self._outputs:
            about = {
                "format": 1,
                "program": self._title,
                "python": platform.python_version(),
                "elapsed_nanoseconds": elapsed,
            }
            about.update(results.as_json())
            _write(self._outputs["--json"], json.dumps(about, indent=1) + "\n")
        if "--html" in self._outputs:
            _write(self._outputs["--html"], page(self._title, results, elapsed))


def _write(path: str, text: str) -> None:
    try:
        # Arguments that are no text in the system's encoding have surrogates.
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        print("hpy.trace: the report was not written: %s" % error, file=report_stream())
