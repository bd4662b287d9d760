"""The report as a page for a browser: one file, which loads nothing."""

import platform
from html import escape
from typing import Callable, List, Sequence, Tuple

from . import figures
from .results import Extension, Function, Results, Word, short_names
from .style import STYLE

# How many bars are shown before one asks for the rest.
BARS = 15


def page(title: str, results: Results, elapsed: int) -> str:
    """The text of the file."""
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<title>HPy trace: %s</title>" % escape(title),
        "<style>\n%s</style>\n</head>\n<body>\n<main>" % STYLE,
        "<header><p>HPy trace</p><h1>%s</h1></header>" % escape(title),
        _tiles(results, elapsed),
    ]
    if results.extensions:
        parts += [_extensions(results), _words(results), _functions(results.extensions)]
    else:
        parts.append("<section><h2>No extension was loaded in trace mode.</h2></section>")
    parts.append(
        "<footer>A call’s time includes the Python code that it runs. The clock’s own time, about "
        "%s for each call of HPy’s functions, is not in theirs. Python %s.</footer>\n"
        "</main>\n</body>\n</html>\n"
        % (figures.time(results.clock_nanoseconds), escape(platform.python_version()))
    )
    return "\n".join(parts)


def _tiles(results: Results, elapsed: int) -> str:
    share = figures.percent(results.hpy_nanoseconds, elapsed)
    number = len(results.extensions)
    tiles = [
        (figures.time(elapsed), "the program ran"),
        (figures.time(results.hpy_nanoseconds), "in HPy’s functions (%s)" % share),
        (figures.count(results.hpy_calls), "calls of HPy’s functions"),
        (figures.count(number), "extension" if number == 1 else "extensions"),
    ]
    texts = ["<div class=tile><b>%s</b><span>%s</span></div>" % tile for tile in tiles]
    return "<div class=tiles>%s</div>" % "".join(texts)


def _extensions(results: Results) -> str:
    whole = results.hpy_nanoseconds
    longest = max(extension.hpy_nanoseconds for extension in results.extensions)

    def row(extension: Extension) -> str:
        return _row(
            extension.name,
            [figures.share(extension.hpy_nanoseconds, longest)],
            figures.time(extension.hpy_nanoseconds),
            figures.calls(extension.hpy_calls),
            figures.percent(extension.hpy_nanoseconds, whole),
            extension.path,
        )

    return _section(
        "By extension",
        "The time in HPy’s functions.",
        _rows([row(extension) for extension in results.extensions]),
    )


def _words(results: Results) -> str:
    time, calls = results.hpy_nanoseconds, results.hpy_calls
    by_calls = sorted(results.words, key=lambda word: -word.calls)
    lists = [
        ("of-time", _of_words(results.words, lambda word: word.nanoseconds, time)),
        ("of-calls", _of_words(by_calls, lambda word: word.calls, calls)),
    ]
    choices = (
        "<input class=choice type=radio name=by id=by-time checked>"
        "<input class=choice type=radio name=by id=by-calls>"
        "<div class=choices><label for=by-time>time</label>"
        "<label for=by-calls>calls</label></div>"
    )
    shown = "".join("<div class=%s>%s</div>" % pair for pair in lists)
    about = "All extensions together."
    return "<section>%s<h2>By HPy function</h2><p class=about>%s</p>%s</section>" % (
        choices,
        about,
        shown,
    )


def _of_words(words: Sequence[Word], size: Callable[[Word], int], whole: int) -> str:
    longest = max(map(size, words), default=0)

    def row(word: Word) -> str:
        each = figures.time(figures.share(word.nanoseconds, word.calls))
        return _row(
            word.name,
            [figures.share(size(word), longest)],
            figures.time(word.nanoseconds),
            figures.calls(word.calls),
            figures.percent(size(word), whole),
            "%s per call" % each,
        )

    return _rows([row(word) for word in words])


def _functions(extensions: Sequence[Extension]) -> str:
    called: List[Tuple[Extension, Function]] = [
        (extension, function)
        for extension in extensions
        for function in extension.functions
        if function.calls or function.hpy_calls
    ]

    def size(pair: Tuple[Extension, Function]) -> int:
        return max(pair[1].nanoseconds, pair[1].hpy_nanoseconds)

    called.sort(key=lambda pair: -size(pair))
    names = short_names(extensions)
    longest = max(map(size, called), default=0)

    def row(pair: Tuple[Extension, Function]) -> str:
        extension, function = pair
        inside = min(function.hpy_nanoseconds, size(pair))
        summary = _row(
            "%s.%s" % (names[extension.name], function.name),
            [figures.share(part, longest) for part in (inside, size(pair) - inside)],
            figures.time(size(pair)),
            figures.calls(function.calls),
            figures.percent(inside, size(pair)),
            "%s in %s of HPy’s functions"
            % (figures.time(inside), figures.calls(function.hpy_calls)),
        )
        if not function.words:
            return "<details><summary>%s</summary></details>" % summary
        words = _of_words(function.words, lambda word: word.nanoseconds, function.hpy_nanoseconds)
        return "<details><summary>%s</summary><div>%s</div></details>" % (summary, words)

    about = (
        "<span class=key><i></i>in HPy’s functions</span>"
        "<span class=key><i class=rest></i>in its own code, and in tracing</span>"
        "<span class=key>Click to see which of HPy’s functions it called.</span>"
    )
    head = (
        '<div class="row head"><span></span><span></span><span>time</span><span></span>'
        "<span>in HPy</span></div>"
    )
    return _section("By the extensions’ functions", about, head + _rows(list(map(row, called))))


def _section(title: str, about: str, content: str) -> str:
    return "<section><h2>%s</h2><p class=about>%s</p>%s</section>" % (title, about, content)


def _rows(rows: Sequence[str]) -> str:
    """All rows, those beyond the first few behind a click."""
    first, rest = "\n".join(rows[:BARS]), "\n".join(rows[BARS:])
    if not rest:
        return first
    more = "<details class=more><summary>and %d more</summary>\n%s</details>"
    return first + more % (len(rows) - BARS, rest)


def _row(
    name: str, parts: Sequence[float], value: str, calls: str, share: str, about: str = ""
) -> str:
    """A name, a bar of one or two parts, and its numbers. `about` shows under the pointer."""
    classes = ("", " class=rest")
    bars = [
        '<i%s style="width:%.2f%%"></i>' % (kind, 100 * part)
        for kind, part in zip(classes, parts)
        if part > 0
    ]
    return (
        '<div class=row title="{about}"><span class=name>{name}</span>'
        "<span class=track>{bars}</span><span>{value}</span>"
        "<span class=soft>{calls}</span><span class=soft>{share}</span></div>"
    ).format(
        about=escape("%s: %s" % (name, about) if about else name),
        name=escape(name),
        bars="".join(bars),
        value=value,
        calls=calls,
        share=share,
    )
