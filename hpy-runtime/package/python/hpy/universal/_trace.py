"""Where trace mode will be: the names that it has, each refused."""

from hpy.universal._refused import refused

get_call_counts = refused("trace", "get_call_counts")
get_durations = refused("trace", "get_durations")
set_trace_functions = refused("trace", "set_trace_functions")
get_frequency = refused("trace", "get_frequency")
