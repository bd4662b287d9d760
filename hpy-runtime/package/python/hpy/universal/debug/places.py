"""Places in code: where a handle was made, and the line of source there."""

import io
import linecache
import os
import re
import tokenize
from typing import Any, Iterable, List, NamedTuple, Optional, Tuple

# A frame of a backtrace: function, file, line.
Frame = Tuple[Optional[str], Optional[str], Optional[int]]


class Place(NamedTuple):
    """A line of a file. Each part may be unknown."""

    function: Optional[str]
    file: Optional[str]
    line: Optional[int]

    def short_file(self) -> str:
        """The file as the current folder sees it, if it lies there."""
        if self.file is None:
            return "?"
        try:
            relative = os.path.relpath(self.file)
        except (OSError, ValueError):
            return self.file
        return self.file if relative.startswith(os.pardir) else relative

    def __str__(self) -> str:
        return self.short_file() if self.line is None else "%s:%d" % (self.short_file(), self.line)

    def source(self) -> Optional[str]:
        """The line's text, if the file can be read."""
        if self.file is None or not self.line:
            return None
        text = linecache.getline(self.file, self.line).rstrip().expandtabs(4)
        return text if text.strip() else None

    def language(self) -> str:
        """`rust`, `c`, `python`, or nothing."""
        end = os.path.splitext(self.file or "")[1].lower()
        if end == ".rs":
            return "rust"
        if end in (".c", ".cc", ".cpp", ".cxx", ".h", ".hpp"):
            return "c"
        return "python" if end in (".py", ".pyw") else ""


# Code that passes a handle on, and whose author has no bug to look for: HPy's own functions, this
# project's crates, and Rust's standard library.
_PASSED_THROUGH = re.compile(
    r"/(hpy-core|hpy-sys|hpy-runtime|hpy-macros|hpy)(-\d[^/]*)?/src/"
    r"|/rustc/|/rust/library/|/library/(core|std|alloc)/src/"
    r"|/hpy/devel/|/include/hpy/"
)


def is_passed_through(place: Place) -> bool:
    """Whether a native place belongs to HPy or to Rust, not to the extension, or is not known."""
    if place.file is None or place.line is None:
        return True
    return bool(_PASSED_THROUGH.search(place.file.replace(os.sep, "/")))


def is_glue(place: Place) -> bool:
    """Whether a place is between Python and the author's code: a macro's line, a trampoline."""
    source = place.source() or ""
    return source.lstrip().startswith("#[hpy_") or (place.function or "").endswith("_trampoline")


def native_places(trace: Optional[Iterable[Frame]]) -> List[Place]:
    """The lines of the extension in Rust or C of a backtrace, the innermost first."""
    places = (Place(*frame) for frame in trace or ())
    return [place for place in places if not is_passed_through(place)]


def stripped(trace: Optional[Iterable[Frame]]) -> Optional[str]:
    """The innermost address of a backtrace in a binary without debug information."""
    known = native_places(trace)
    files = (file for _, file, line in trace or () if file is not None and line is None)
    return None if known else next(files, None)


def python_place(function: Any, where: Optional[Tuple[str, int]]) -> Optional[Place]:
    """A function of an extension, and the Python line that called it, if either is known."""
    if function is None and where is None:
        return None
    if function is not None and not isinstance(function, str):
        function = getattr(function, "__qualname__", None) or repr(function)
    file, line = where if where is not None else (None, None)
    return Place(function, file, line)


def made(handle: Any) -> Tuple[List[Place], Optional[Place]]:
    """Where a handle was made: in the extension, and the Python line that called it."""
    return (
        native_places(getattr(handle, "backtrace", None)),
        python_place(getattr(handle, "function", None), getattr(handle, "where", None)),
    )


def closed(handle: Any) -> Tuple[List[Place], Optional[Place]]:
    """The same for where it was closed."""
    return (
        native_places(getattr(handle, "closed_backtrace", None)),
        python_place(
            getattr(handle, "closed_function", None), getattr(handle, "closed_where", None)
        ),
    )


def underlined(place: Place) -> Optional[Tuple[str, int, int]]:
    """The line of source without its indentation, and the columns to underline."""
    source = place.source()
    if source is None:
        return None
    text = source.strip()
    if place.language() == "python":
        start, end = _call(text, (place.function or "").rpartition(".")[2])
    else:
        start, end = 0, len(re.split(r"\s*//|\s*/\*", text)[0].rstrip(";, ")) or len(text)
    return text, start, end


def _call(text: str, name: str) -> Tuple[int, int]:
    """The columns of the first call of the function, or of the whole line."""
    whole = 0, len(text)
    found = re.search(r"(?:\w+\.)*\b%s\s*\(" % re.escape(name), text) if name else None
    if found is None:
        return whole
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text[found.end() - 1 :]).readline):
            depth += (token.string in "([{") - (token.string in ")]}") if token.string else 0
            if depth == 0:
                return found.start(), found.end() - 1 + token.end[1]
    except (tokenize.TokenError, SyntaxError):
        pass
    return found.start(), len(text)
