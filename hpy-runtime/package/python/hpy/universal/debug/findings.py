"""What debug mode found, put together by the place in the code."""

import sys
from typing import Any, Dict, Iterable, List, Optional, Tuple

from .places import Place, native_places, python_place

# Objects of these types are shown. Those of other types are named by their type, because their
# `__repr__` may be code of the extension.
_SHOWN = (str, int, float, bool, bytes, type(None))


class Finding:
    """A mistake in one place: how often, made where, with which objects."""

    def __init__(self, kind: str, native: List[Place]) -> None:
        self.kind = kind
        self.native = native
        self.count = 0
        self.callers: Dict[Place, int] = {}
        self.types: Dict[str, int] = {}
        self.example: Optional[str] = None
        self.made: Optional[Place] = None
        self.closed: Optional[Place] = None

    def add(self, caller: Optional[Place], handle: Any = None) -> None:
        """Counts one more."""
        self.count += 1
        if caller is not None:
            self.callers[caller] = self.callers.get(caller, 0) + 1
        if handle is None:
            return
        try:
            object_ = handle.obj
        except Exception:
            # The object of a closed handle is not there on every HPy.
            return
        name = type(object_).__name__
        self.types[name] = self.types.get(name, 0) + 1
        if self.example is None and type(object_) in _SHOWN:
            shown = repr(object_)
            self.example = shown if len(shown) <= 40 else shown[:39] + "\u2026"


def leaks(handles: Iterable[Any]) -> List[Finding]:
    """The open handles by place, the most frequent first."""
    found: Dict[Tuple[Any, ...], Finding] = {}
    for handle in handles:
        native = native_places(handle)
        caller = python_place(handle)
        key = (native[0].file, native[0].line) if native else (caller,)
        finding = found.get(key)
        if finding is None:
            finding = found[key] = Finding("leak", native)
        finding.add(caller, handle)
    return sorted(found.values(), key=lambda finding: -finding.count)


class Misuses:
    """Counts, by place, how closed handles and builders are used."""

    def __init__(self) -> None:
        self._found: Dict[Tuple[Any, ...], Finding] = {}

    def findings(self) -> List[Finding]:
        """What was counted, in the order of the first time."""
        return list(self._found.values())

    def clear(self) -> List[Finding]:
        """The same, and forgets it."""
        found = self.findings()
        self._found = {}
        return found

    def watch(self) -> None:
        """Has debug mode report to this object, in place of ending the process."""
        from hpy.universal import _debug

        _debug.set_on_invalid_handle(self._invalid_handle)
        # PyPy 7.3's HPy does not have it.
        set_on_builder = getattr(_debug, "set_on_invalid_builder_handle", None)
        if set_on_builder is not None:
            set_on_builder(self._invalid_builder)

    def _invalid_handle(self, *details: Any) -> None:
        self._record("closed", details)

    def _invalid_builder(self, *details: Any) -> None:
        self._record("builder", details)

    def _record(self, kind: str, details: Tuple[Any, ...]) -> None:
        # The frame above the two of this class is that of Python code that called the extension.
        frame = sys._getframe(2) if hasattr(sys, "_getframe") else None
        caller = None
        if frame is not None:
            caller = Place(None, frame.f_code.co_filename, frame.f_lineno)
        handle = details[0] if details else None
        key = (kind, caller)
        finding = self._found.get(key)
        if finding is None:
            finding = self._found[key] = Finding(kind, [])
            if handle is not None:
                finding.native = native_places(handle)
                finding.made = python_place(handle)
        finding.add(caller)
