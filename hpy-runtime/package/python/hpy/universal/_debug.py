"""The functions of debug mode, as they are while no extension is loaded in it.

There are no handles to report. hpy.universal.load refuses to load an extension in debug mode.
"""

import operator

_generation = 0
_closed_handles_queue_max_size = 1024
_protected_raw_data_max_size = 10 * 1024 * 1024


def new_generation():
    """Begins another generation of handles; its number."""
    global _generation
    _generation += 1
    return _generation


def get_open_handles(generation, /):
    """The open handles of this generation and later ones."""
    operator.index(generation)
    return []


def get_closed_handles(generation=0, /):
    """The closed handles that are still known, of this generation and later ones."""
    operator.index(generation)
    return []


def get_closed_handles_queue_max_size():
    """How many closed handles are kept."""
    return _closed_handles_queue_max_size


def set_closed_handles_queue_max_size(size, /):
    """Has so many closed handles kept."""
    global _closed_handles_queue_max_size
    _closed_handles_queue_max_size = _size(size)


def get_protected_raw_data_max_size():
    """How many bytes of memory that closed handles gave are kept."""
    return _protected_raw_data_max_size


def set_protected_raw_data_max_size(size, /):
    """Has so many bytes of memory kept."""
    global _protected_raw_data_max_size
    _protected_raw_data_max_size = _size(size)


def set_on_invalid_handle(function, /):
    """Has the function, or with None nothing, called where a closed handle is used."""
    _check_callable(function)


def set_on_invalid_builder_handle(function, /):
    """Has the function, or with None nothing, called where a builder is used after its end."""
    _check_callable(function)


def set_handle_stack_trace_limit(limit, /):
    """Keeps the traceback of each handle's creation, at most limit frames; None keeps none."""
    if limit is not None:
        operator.index(limit)


def _size(size):
    size = operator.index(size)
    if size < 0:
        raise OverflowError("can't convert negative value to size_t")
    return size


def _check_callable(function):
    if function is not None and not callable(function):
        raise TypeError("Expected a callable object")


class DebugHandle:
    """A handle of debug mode. Nobody makes one but debug mode."""

    def __new__(cls, *args, **keywords):
        raise TypeError("cannot create 'hpy.debug._debug.DebugHandle' instances")
