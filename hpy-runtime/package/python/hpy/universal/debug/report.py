"""The report, as a compiler words its messages, in 80 columns."""

import textwrap
from typing import Dict, List, Sequence

from .colours import Painter
from .findings import Finding
from .places import Place, is_glue, underlined

WIDTH = 80

# So many callers in Rust or C are shown.
OUTER = 3

# More Python lines than this, for one native line, are only counted.
CALLERS = 3

_HELP = {
    "rust": "a `Handle` closes itself when it is dropped: look for `mem::forget` and "
    "`ManuallyDrop` on the way from this line; a raw handle, of `into_raw` or of a function of "
    "`hpy::sys`, is closed or given away on every path, also before its variable is overwritten",
    "c": "call `HPy_Close(ctx, h)` on every path that leaves the function, those of errors too, "
    "and before the variable is overwritten",
    "": "in C, every path out of the function needs an `HPy_Close`; in Rust, look for "
    "`mem::forget`, `ManuallyDrop` and `into_raw`",
}

_TITLES = {
    "closed": "a handle was used after it was closed",
    "builder": "a builder was used after its Build or Cancel",
}

_STRIPPED = (
    "%s has no debug information, so its line is not known: build without `--release`, or with `-g`"
)
_UNKNOWN = "this HPy does not tell where it was made; the package hpy-rs on CPython does"

# By a word of the title, the first that fits.
_MISUSE_HELP = (
    ("builder", "Build and Cancel end a builder: make a new one with `New`"),
    ("constant", "constants such as `ctx->h_None` are the context's: give away what `HPy_Dup` "
     "makes of them"),
    ("after its call", "an argument is open while the call runs: keep its object in a `Global` or "
     "a `Field`, or what `HPy_Dup` makes of it"),
    ("argument", "arguments are the caller's: give away what `HPy_Dup` makes of them"),
    ("", "every handle has one owner, who closes it once, and nobody uses it afterwards: either "
     "the place of this error or the one that closed it first is wrong; `handle_from_raw` makes a "
     "`Handle` the owner, and `HPy_Dup` makes a handle for another one"),
)


def counted(number: int, what: str) -> str:
    """`1 handle`, `2 handles`."""
    return "%d %s%s" % (number, what, "" if number == 1 else "s")


class Report:
    """Writes findings as text."""

    def __init__(self, painter: Painter, backtrace: bool, hint: str = "") -> None:
        self._paint = painter
        self._backtrace = backtrace
        # How to ask for native lines, where they were not asked for.
        self._hint = hint

    def text(self, findings: Sequence[Finding]) -> str:
        """The messages, with an empty line between them."""
        return "\n\n".join("\n".join(self._message(finding)) for finding in findings)

    def _message(self, finding: Finding) -> List[str]:
        lines = self._wrapped("error: ", "error", self._title(finding))
        lines += self._places(finding)
        closed = "closed first" if "closed before" in self._title(finding) else "closed"
        for what, place in (("made", finding.made), (closed, finding.closed)):
            if place is not None:
                lines += self._fact("note", "the handle was %s here:" % what)
                lines += self._place("-->", place, self._margin([place]))
        if finding.kind == "leak" and finding.types:
            lines += self._fact("note", "of type " + self._objects(finding))
        if finding.kind == "leak":
            language = finding.native[0].language() if finding.native else ""
            lines += self._fact("help", _HELP.get(language, _HELP[""]))
        else:
            title = finding.title or _TITLES[finding.kind]
            text = next(text for word, text in _MISUSE_HELP if word in title)
            lines += self._fact("help", text)
        if not self._backtrace and self._hint and finding.tells_places:
            lines += self._fact("help", self._hint)
        return lines

    def _title(self, finding: Finding) -> str:
        if finding.kind == "leak":
            verb = "was" if finding.count == 1 else "were"
            here = "made here " if finding.native or finding.callers else ""
            return "%s %s%s never closed" % (counted(finding.count, "handle"), here, verb)
        title = finding.title or _TITLES[finding.kind]
        return title if finding.count == 1 else "%s, %d times" % (title, finding.count)

    def _places(self, finding: Finding) -> List[str]:
        lines: List[str] = []
        callers = sorted(finding.callers, key=lambda caller: -finding.callers[caller])
        shown = callers[:CALLERS]
        margin = self._margin(finding.native[:1] + shown)
        if finding.native:
            lines += self._place("-->", finding.native[0], margin)
            for outer in [place for place in finding.native[1:] if not is_glue(place)][:OUTER]:
                lines.append(self._outer(outer, margin))
        for caller in shown:
            lines += self._place("-->" if not lines else ":::", caller, margin)
            times = finding.callers[caller]
            if len(callers) > 1:
                lines += self._fact("note", "%s by this line" % counted(times, "handle"), margin)
        if len(callers) > len(shown):
            rest = sum(finding.callers[caller] for caller in callers[CALLERS:])
            words = "%s by %s more" % (
                counted(rest, "handle"),
                counted(len(callers) - CALLERS, "Python line"),
            )
            lines += self._fact("note", words, margin)
        if finding.address is not None:
            lines += self._fact("note", _STRIPPED % finding.address, margin)
        if not lines:
            lines += self._fact("note", _UNKNOWN, margin)
        return lines

    def _outer(self, place: Place, margin: int) -> str:
        text = str(place)
        name = " in `%s`" % place.function if place.function else ""
        if margin + len(" = by: ") + len(text) + len(name) <= WIDTH:
            text += name
        start = self._paint("frame", " " * margin + " = ") + self._paint("bold", "by")
        return "%s: %s" % (start, text)

    def _place(self, arrow: str, place: Place, margin: int) -> List[str]:
        paint = self._paint
        if place.file is None:
            # The interpreter does not tell the line.
            return self._fact("note", "in the call of `%s`" % place.function, margin)
        head = "%s%s %s" % (" " * margin, paint("frame", arrow), place)
        if place.function:
            call = "in the call of" if place.language() in ("python", "") else "in"
            words = "%s `%s`" % (call, place.function)
            width = margin + 4 + len(str(place)) + 1 + len(words)
            head += ("\n" + " " * (margin + 4) if width > WIDTH else " ") + words
        lines = head.split("\n")
        shown = underlined(place)
        if shown is None:
            return lines
        text, start, end = shown
        room = WIDTH - margin - 3
        if len(text) > room:
            text = text[: room - 1] + "\u2026"
            start, end = min(start, room - 1), min(end, room)
        bar = paint("frame", "|")
        number = paint("frame", str(place.line).rjust(margin))
        return lines + [
            "%s %s" % (" " * margin, bar),
            "%s %s %s" % (number, bar, text),
            "%s %s %s%s" % (" " * margin, bar, " " * start, paint("error", "^" * (end - start))),
        ]

    @staticmethod
    def _margin(places: Sequence[Place]) -> int:
        return max([len(str(place.line)) for place in places if place.line] + [2])

    @staticmethod
    def _objects(finding: Finding) -> str:
        names = sorted(finding.types, key=lambda name: -finding.types[name])
        several = len(names) > 1
        words = [
            "%s (%d)" % (name, finding.types[name]) if several else name for name in names[:4]
        ]
        if len(names) > 4:
            words.append("others")
        example = ", such as %s" % finding.example if finding.example else ""
        return ", ".join(words) + example

    def _fact(self, label: str, text: str, margin: int = 2) -> List[str]:
        start = " " * margin + " = " + label + ": "
        lines = textwrap.wrap(
            text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start),
            break_long_words=False, break_on_hyphens=False,
        )
        painted = " " * margin + self._paint("frame", " = ") + self._paint("bold", label) + ": "
        lines[0] = painted + lines[0][len(start) :]
        return lines

    def _wrapped(self, start: str, style: str, text: str) -> List[str]:
        lines = textwrap.wrap(
            text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start)
        )
        return [self._paint(style, start.rstrip()) + self._paint("bold", lines[0][len(start) - 1 :])
                ] + [self._paint("bold", line) for line in lines[1:]]


def verdict(findings: Sequence[Finding]) -> str:
    """One line for all of it."""
    numbers: Dict[str, int] = {}
    places: Dict[str, int] = {}
    for finding in findings:
        kind = "leak" if finding.kind == "leak" else "misuse"
        numbers[kind] = numbers.get(kind, 0) + finding.count
        places[kind] = places.get(kind, 0) + 1
    words = []
    if "leak" in numbers:
        count = counted(numbers["leak"], "handle")
        known = any(finding.native or finding.callers for finding in findings)
        where = " in %s" % counted(places["leak"], "place") if known else ""
        words.append("%s leaked%s" % (count, where))
    if "misuse" in numbers:
        count = counted(numbers["misuse"], "misuse")
        words.append("%s in %s" % (count, counted(places["misuse"], "place")))
    return ", ".join(words)
