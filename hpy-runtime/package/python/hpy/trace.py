"""HPy's trace mode, which this version of hpy-rs does not have.

No extension is loaded in trace mode, so no call is counted.
"""

from hpy.universal._trace import get_call_counts, get_durations, get_frequency, set_trace_functions

__all__ = ["get_call_counts", "get_durations", "get_frequency", "set_trace_functions"]
