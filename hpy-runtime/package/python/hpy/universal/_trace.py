"""The functions of trace mode, as they are while no extension is loaded in it.

No call of HPy's functions was counted. hpy.universal.load refuses to load an extension in trace
mode.
"""

import time

from hpy.universal import _function_names


def get_call_counts():
    """How often each of the context's functions was called."""
    return dict.fromkeys(_function_names(), 0)


def get_durations():
    """How long each of the context's functions took, in nanoseconds."""
    return dict.fromkeys(_function_names(), 0)


# What stands for a function that was not passed, and so stays.
_KEPT = object()


def set_trace_functions(on_enter=_KEPT, on_exit=_KEPT):
    """Sets functions that are called with the name of each context function.

    The first is called before the context function, the second after it. None calls nothing.
    """
    for function in (on_enter, on_exit):
        if function is not _KEPT and function is not None and not callable(function):
            raise TypeError("Expected a callable object or None")


def get_frequency():
    """How many times a second the clock ticks that calls are timed with."""
    return round(1 / time.get_clock_info("perf_counter").resolution)
