"""HPy's debug mode, without which this version of hpy-rs is: no extension is loaded in it, so nothing here finds a handle.

What looks for mistakes between two moments works as it does in PyPI's hpy for extensions that were not loaded in debug mode.
"""

import os

# A module with a path is a package. This one is no folder, so that PyPI's hpy, installed into the same place, finds
# none of its files taken: where both are, Python prefers that one's folder.
__path__ = [os.path.join(os.path.dirname(__file__), "universal", "debug")]

from hpy.debug.leakdetector import HPyDebugError, HPyLeakError, LeakDetector  # noqa: E402

__all__ = [
    "HPyDebugError",
    "HPyLeakError",
    "LeakDetector",
    "disable_handle_stack_traces",
    "set_handle_stack_trace_limit",
]


def set_handle_stack_trace_limit(limit):
    """Has debug mode remember where each handle was made, as far as limit frames up."""
    from hpy.universal import _debug

    _debug.set_handle_stack_trace_limit(limit)


def disable_handle_stack_traces():
    """Has debug mode no longer remember where handles are made."""
    set_handle_stack_trace_limit(None)
