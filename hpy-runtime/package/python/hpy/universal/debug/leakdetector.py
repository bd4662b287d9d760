"""Finds handles that were opened and not closed between two moments."""

from types import TracebackType
from typing import List, Optional, Type

from hpy.universal import _debug


def left_open(generation: int) -> "List[_debug.DebugHandle]":
    """The open handles from a generation on, without those of calls that have not ended.

    Such a call runs on another thread, or has called Python. It may yet close its handles.
    """
    handles = _debug.get_open_handles(generation)
    # Only the package hpy-rs tells it.
    return [handle for handle in handles if not getattr(handle, "in_running_call", False)]


class HPyDebugError(Exception):
    """A mistake that debug mode found."""


class HPyLeakError(HPyDebugError):
    """Handles are still open. `leaks` has them."""

    def __init__(self, leaks: "List[_debug.DebugHandle]") -> None:
        super().__init__(leaks)
        self.leaks = leaks

    def __str__(self) -> str:
        count = len(self.leaks)
        title = "%d unclosed handle%s:" % (count, "" if count == 1 else "s")
        return "\n".join([title] + ["    %r" % (handle,) for handle in self.leaks])


class LeakDetector:
    """Requires that handles opened between `start` and `stop`, or in a `with` block, are closed."""

    def __init__(self) -> None:
        self.generation: Optional[int] = None

    def start(self) -> None:
        """Begins. ValueError if it has begun."""
        if self.generation is not None:
            raise ValueError("LeakDetector already started")
        self.generation = _debug.new_generation()

    def stop(self) -> None:
        """Ends. HPyLeakError if a handle is open, ValueError if it had not begun."""
        if self.generation is None:
            raise ValueError("LeakDetector not started yet")
        leaks = left_open(self.generation)
        if leaks:
            raise HPyLeakError(leaks)

    def __enter__(self) -> "LeakDetector":
        self.start()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.stop()
