"""The functions of trace mode: counts and times of the calls of HPy's functions.

They tell of the extensions that were loaded in trace mode. Of others nothing is counted.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from hpy.universal import _function_names, _set_trace_function, _trace_clock, _trace_totals

__all__ = ["get_call_counts", "get_durations", "get_frequency", "set_trace_functions"]


def get_call_counts() -> dict[str, int]:
    """How often each of the context's functions was called."""
    return {name: calls for name, (calls, _) in zip(_function_names(), _trace_totals())}


def get_durations() -> dict[str, int]:
    """How long each of the context's functions took, in nanoseconds."""
    return {name: time for name, (_, time) in zip(_function_names(), _trace_totals())}


# What stands for a function that was not passed, and so stays.
_KEPT: Any = object()


def set_trace_functions(
    on_enter: Optional[Callable[[str], object]] = _KEPT,
    on_exit: Optional[Callable[[str], object]] = _KEPT,
) -> None:
    """Sets functions that are called with the name of each context function.

    The first is called before the context function, the second after it. None calls nothing.
    """
    for function in (on_enter, on_exit):
        if function is not _KEPT and function is not None and not callable(function):
            raise TypeError("Expected a callable object or None")
    for which, function in enumerate((on_enter, on_exit)):
        if function is not _KEPT:
            _set_trace_function(which, function)


def get_frequency() -> int:
    """How many times a second the clock ticks that calls are timed with."""
    return _trace_clock()[0]
