"""What debug mode found, put together by the place in the code."""

import sys
from typing import Any, Dict, Iterable, List, Optional, Tuple

from .places import Place, closed, made, native_places, stripped

# Objects of these types are shown. Those of other types are named by their type, because their
# `__repr__` may be code of the extension.
_SHOWN = (str, int, float, bool, bytes, type(None))


_NAME = type.__dict__["__name__"].__get__


class Finding:
    """A mistake in one place: how often, made where, with which objects."""

    def __init__(self, kind: str, native: List[Place]) -> None:
        self.kind = kind
        self.native = native
        self.count = 0
        self.callers: Dict[Place, int] = {}
        self.types: Dict[str, int] = {}
        self.example: Optional[str] = None
        # For a misuse: what it was, and where the handle was made and closed.
        self.title: Optional[str] = None
        self.made: Optional[Place] = None
        self.closed: Optional[Place] = None
        # A place in a binary without debug information.
        self.address: Optional[str] = None
        # Whether native lines are to be had from this HPy.
        self.tells_places = False

    def add(self, caller: Optional[Place], handle: Any = None) -> None:
        """Counts one more."""
        self.count += 1
        if caller is not None:
            self.callers[caller] = self.callers.get(caller, 0) + 1
        if handle is None:
            return
        self.tells_places = hasattr(handle, "backtrace")
        try:
            object_ = handle.obj
        except Exception:
            # The object of a closed handle is not there on every HPy.
            return
        # Not by the name's attribute, for which a metaclass may have code.
        name = _NAME(type(object_))
        self.types[name] = self.types.get(name, 0) + 1
        if self.example is None and type(object_) in _SHOWN:
            try:
                shown = repr(object_)
            except Exception:
                # An int may have too many digits.
                return
            self.example = shown if len(shown) <= 40 else shown[:39] + "\u2026"


def leaks(handles: Iterable[Any]) -> List[Finding]:
    """The open handles by place, the most frequent first."""
    found: Dict[Tuple[Any, ...], Finding] = {}
    for handle in handles:
        native, caller = made(handle)
        key = (native[0].file, native[0].line) if native else (caller,)
        finding = found.get(key)
        if finding is None:
            finding = found[key] = Finding("leak", native)
            finding.address = stripped(getattr(handle, "backtrace", None))
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

        # GraalPy 24's HPy has the first only.
        for setter, report in (
            ("set_on_invalid_handle", self._invalid_handle),
            ("set_on_invalid_builder_handle", self._invalid_builder),
        ):
            set_report = getattr(_debug, setter, None)
            if set_report is not None:
                set_report(report)

    def _invalid_handle(self) -> None:
        self._record("closed")

    def _invalid_builder(self) -> None:
        self._record("builder")

    def _record(self, kind: str) -> None:
        from hpy.universal import _debug

        # Only the package hpy-rs tells it.
        last_invalid = getattr(_debug, "_last_invalid", None)
        title, handle, function, trace = last_invalid() if last_invalid else (None,) * 4
        # The frame above the two of this class is that of Python code that called the extension.
        frame = sys._getframe(2) if hasattr(sys, "_getframe") else None
        caller = None
        if frame is not None:
            caller = Place(function, frame.f_code.co_filename, frame.f_lineno)
        native = native_places(trace)
        key = (kind, title, (native[0].file, native[0].line) if native else caller)
        finding = self._found.get(key)
        if finding is None:
            finding = self._found[key] = Finding(kind, native)
            finding.tells_places = last_invalid is not None
            # As a sentence. A title is none.
            finding.address = stripped(trace)
            finding.title = title and title[0].lower() + title[1:].rstrip(".")
            if handle is not None:
                finding.made = _one(made(handle), caller)
                finding.closed = _one(closed(handle), caller)
        finding.add(caller)


def _one(places: Tuple[List[Place], Optional[Place]], known: Optional[Place]) -> Optional[Place]:
    """The native place, if there is one. Else that in Python, if it says something new."""
    native, python = places
    if native:
        return native[0]
    return python if python is not None and python != known else None
