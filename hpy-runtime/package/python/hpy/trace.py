"""HPy's trace mode: counts and times the calls of HPy's functions.

An extension is loaded in trace mode with `HPY=trace` in the environment. `python -m hpy.trace
SCRIPT` turns it on for a program and reports at its end.
"""

import sys

__all__ = [
    "Extension",
    "Function",
    "Results",
    "Word",
    "get_call_counts",
    "get_durations",
    "get_frequency",
    "get_results",
    "set_trace_functions",
]

if __name__ == "__main__":
    # `python -m hpy.trace` runs this file.
    from hpy.universal.trace.command import main

    sys.exit(main())

from hpy.universal._trace import get_call_counts, get_durations, get_frequency, set_trace_functions
from hpy.universal.trace.results import Extension, Function, Results, Word, get_results
