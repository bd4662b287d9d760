"""Colours of the report: on a terminal only, and never where NO_COLOR is set."""

import os
from typing import IO

CODES = {
    "error": "\033[1;31m",
    "warning": "\033[1;33m",
    "note": "\033[1;32m",
    "frame": "\033[1;34m",
    "bold": "\033[1m",
}


class Painter:
    """Puts a text into a colour, or leaves it as it is."""

    def __init__(self, coloured: bool) -> None:
        self.coloured = coloured

    @classmethod
    def of(cls, stream: IO[str]) -> "Painter":
        """The painter that fits a stream."""
        isatty = getattr(stream, "isatty", None)
        on_terminal = isatty is not None and isatty()
        refused = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        return cls(on_terminal and not refused)

    def __call__(self, style: str, text: str) -> str:
        return "%s%s\033[0m" % (CODES[style], text) if self.coloured and text else text
