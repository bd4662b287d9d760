"""HPy's debug mode, which this version of hpy-rs does not have.

No extension is loaded in debug mode, so nothing here finds a handle. The leak detector works as it
does in PyPI's hpy for extensions that were not loaded in debug mode.
"""

import os

# A module with a path is a package. This one is no folder, so that its files are not those of
# PyPI's hpy, installed into the same place. Where both are, Python prefers the folder of PyPI's.
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
