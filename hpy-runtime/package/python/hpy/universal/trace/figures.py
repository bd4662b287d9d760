"""Numbers and times as people read them."""

_UNITS = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"))


def time(nanoseconds: float) -> str:
    """Three digits and a unit: `1.23 ms`."""
    for size, unit in _UNITS:
        # What would be rounded to a thousand is one of the next unit.
        if nanoseconds >= size * 0.9995:
            value = nanoseconds / size
            digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
            return "%.*f %s" % (digits, value, unit)
    return "%.0f ns" % nanoseconds


def count(number: int) -> str:
    """With commas: `1,234,567`."""
    return format(number, ",")


def calls(number: int) -> str:
    """`1 call`, `1,234 calls`"""
    return "%s call%s" % (count(number), "" if number == 1 else "s")


def share(part: float, whole: float) -> float:
    """The part of the whole, from 0 to 1."""
    return part / whole if whole else 0.0


def percent(part: float, whole: float) -> str:
    """`42.0 %`"""
    return "%.1f %%" % (100 * share(part, whole))
