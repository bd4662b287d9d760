"""HPy's debug mode: finds handles that were never closed, and closed ones that are used.

An extension is loaded in debug mode with `HPY=debug` in the environment. `python -m hpy.debug
SCRIPT` turns it on for a program and reports at its end. `pytest --hpy-debug` checks each test.
"""

import os
import sys
from typing import TYPE_CHECKING, Optional

# A module with a path is a package. This one is no folder, so that its files are not those of
# PyPI's hpy, installed into the same place. Where both are, Python prefers the folder of PyPI's.
__path__ = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "universal", "debug")]

__all__ = [
    "HPyDebugError",
    "HPyLeakError",
    "LeakDetector",
    "disable_handle_stack_traces",
    "set_handle_stack_trace_limit",
]

if __name__ == "__main__":
    # `python -m hpy.debug` runs this file.
    from hpy.universal.debug.command import main

    sys.exit(main())

if TYPE_CHECKING:
    # Where the file is. Type checkers do not see the path above.
    from hpy.universal.debug.leakdetector import HPyDebugError, HPyLeakError, LeakDetector
else:
    from hpy.debug.leakdetector import HPyDebugError, HPyLeakError, LeakDetector


def set_handle_stack_trace_limit(limit: Optional[int]) -> None:
    """Records where each handle is made: at most `limit` native stack frames. None turns it off.

    This is not trace mode, which counts and times HPy's functions (`hpy.trace`).
    """
    from hpy.universal import _debug

    _debug.set_handle_stack_trace_limit(limit)


def disable_handle_stack_traces() -> None:
    """Stops recording where handles are made."""
    set_handle_stack_trace_limit(None)
