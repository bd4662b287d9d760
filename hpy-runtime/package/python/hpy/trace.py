"""HPy's trace mode: counts and times the calls of HPy's functions.

An extension is loaded in trace mode with `HPY=trace` in the environment. `python -m hpy.trace
SCRIPT` turns it on for a program and reports at its end.
"""

import os
import sys

# A module with a path is a package. This one is no folder, so that its files are not those of
# PyPI's hpy, installed into the same place. Where both are, Python prefers the folder of PyPI's.
__path__ = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "universal", "trace")]

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
