"""What surrounds each test: a new `__main__`, and output that Rust's test harness captures."""

import builtins
import io
import sys
import types
from typing import Callable, Optional

Kept = tuple[Optional[types.ModuleType], list[str], list[str]]


class Output(io.TextIOBase):
    """A stream that writes as Rust's `print!` does."""

    def __init__(self, write: Callable[[str], None], name: str) -> None:
        self._write = write
        self.name = name

    encoding = "utf-8"
    errors = "backslashreplace"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._write(text.encode("utf-8", "backslashreplace").decode())
        return len(text)


def enter() -> Kept:
    """Gives the test its own `__main__`, and returns what `leave` takes."""
    kept = sys.modules.get("__main__"), sys.path[:], sys.argv[:]
    main = types.ModuleType("__main__")
    main.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = main
    return kept


def leave(kept: Kept) -> None:
    main, path, argv = kept
    if main is not None:
        sys.modules["__main__"] = main
    sys.path[:] = path
    sys.argv[:] = argv
