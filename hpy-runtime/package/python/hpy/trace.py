"""HPy's trace mode, without which this version of hpy-rs is: no extension is loaded in it, so no call is counted."""

from hpy.universal._trace import get_call_counts, get_durations, get_frequency, set_trace_functions

__all__ = ["get_call_counts", "get_durations", "get_frequency", "set_trace_functions"]
