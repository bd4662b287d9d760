"""The report on a terminal of 80 columns."""

from typing import IO, List, Sequence

from . import figures
from .results import Extension, Results, short_names

# How many lines a table has.
LINES = 20

_NAME = 30


class Report:
    """Lines of text, with bars that the stream can show."""

    def __init__(self, stream: IO[str]) -> None:
        self._blocks = "▏▎▍▌▋▊▉█"
        try:
            self._blocks.encode(getattr(stream, "encoding", None) or "ascii")
            self._more = "…"
        except (LookupError, UnicodeEncodeError):
            self._blocks, self._more = "#", "~"

    def text(self, title: str, results: Results, elapsed: int) -> str:
        """The whole report."""
        lines = [
            ("hpy.trace: %s" % self._cut(title, 68)).rstrip(),
            "%s, %s of it in %s calls of HPy's functions"
            % (
                figures.time(elapsed),
                figures.time(results.hpy_nanoseconds),
                figures.count(results.hpy_calls),
            ),
        ]
        lines += self._words(results)
        lines += self._extensions(results)
        lines += self._functions(results.extensions)
        lines += [
            "",
            "A call's time includes the Python code that it runs. The clock's own time,",
            "about %s for each call of HPy's functions, is not in theirs."
            % figures.time(results.clock_nanoseconds),
        ]
        text = "\n".join(lines)
        return text if self._more == "…" else text.replace("µ", "u")

    def _words(self, results: Results) -> List[str]:
        lines = ["", self._row("HPy function", "Calls", "Time", "Per call", "Share")]
        whole = results.hpy_nanoseconds
        for word in results.words[:LINES]:
            lines.append(
                self._row(
                    word.name,
                    figures.count(word.calls),
                    figures.time(word.nanoseconds),
                    figures.time(figures.share(word.nanoseconds, word.calls)),
                    figures.percent(word.nanoseconds, whole),
                    self._bar(figures.share(word.nanoseconds, whole)),
                )
            )
        return lines + self._rest(len(results.words))

    def _extensions(self, results: Results) -> List[str]:
        lines = ["", self._row("Extension", "HPy calls", "Time", "Per call", "Share")]
        whole = results.hpy_nanoseconds
        for extension in results.extensions[:LINES]:
            time = extension.hpy_nanoseconds
            lines.append(
                self._row(
                    extension.name,
                    figures.count(extension.hpy_calls),
                    figures.time(time),
                    figures.time(figures.share(time, extension.hpy_calls)),
                    figures.percent(time, whole),
                    self._bar(figures.share(time, whole)),
                )
            )
        return lines + self._rest(len(results.extensions))

    def _functions(self, extensions: Sequence[Extension]) -> List[str]:
        called = [
            (extension, function)
            for extension in extensions
            for function in extension.functions
            if function.calls or function.hpy_calls
        ]
        called.sort(key=lambda pair: -max(pair[1].nanoseconds, pair[1].hpy_nanoseconds))
        names = short_names(extensions)
        lines = ["", self._row("Function", "Calls", "Time", "In HPy", "HPy calls")]
        for extension, function in called[:LINES]:
            lines.append(
                self._row(
                    "%s.%s" % (names[extension.name], function.name),
                    figures.count(function.calls),
                    figures.time(function.nanoseconds),
                    figures.time(function.hpy_nanoseconds),
                    figures.count(function.hpy_calls),
                )
            )
        return lines + self._rest(len(called))

    def _row(self, name: str, calls: str, time: str, each: str, last: str, bar: str = "") -> str:
        row = "%s %11s %9s %9s %9s  %s" % (self._cut(name, _NAME), calls, time, each, last, bar)
        return row.rstrip()

    def _cut(self, text: str, width: int) -> str:
        return (text if len(text) <= width else text[: width - 1] + self._more).ljust(width)

    def _bar(self, share: float) -> str:
        width = 5
        eighths = len(self._blocks)
        filled = round(share * width * eighths)
        bar = self._blocks[-1] * (filled // eighths)
        return bar + (self._blocks[filled % eighths - 1] if filled % eighths else "")

    def _rest(self, number: int) -> List[str]:
        return ["  and %d more" % (number - LINES)] if number > LINES else []
