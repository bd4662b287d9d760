"""Where debug mode will be: the names that it has, each refused."""

from hpy.universal._refused import refused

new_generation = refused("debug", "new_generation")
get_open_handles = refused("debug", "get_open_handles")
get_closed_handles = refused("debug", "get_closed_handles")
get_closed_handles_queue_max_size = refused("debug", "get_closed_handles_queue_max_size")
set_closed_handles_queue_max_size = refused("debug", "set_closed_handles_queue_max_size")
get_protected_raw_data_max_size = refused("debug", "get_protected_raw_data_max_size")
set_protected_raw_data_max_size = refused("debug", "set_protected_raw_data_max_size")
set_on_invalid_handle = refused("debug", "set_on_invalid_handle")
set_on_invalid_builder_handle = refused("debug", "set_on_invalid_builder_handle")
set_handle_stack_trace_limit = refused("debug", "set_handle_stack_trace_limit")


class DebugHandle:
    """A handle of debug mode: there is none."""

    __new__ = refused("debug", "DebugHandle")
