"""What trace mode has counted: by extension, by its functions, and by HPy's functions."""

from dataclasses import dataclass, field
from typing import Dict, Iterable, List, Sequence

from hpy.universal import _trace_clock, _trace_results


@dataclass
class Word:
    """The calls of one of HPy's functions, which is one word of the context."""

    name: str
    calls: int
    nanoseconds: int

    def as_json(self) -> Dict[str, object]:
        return {"name": self.name, "calls": self.calls, "nanoseconds": self.nanoseconds}


@dataclass
class Counted:
    """Something that called HPy's functions."""

    name: str
    words: List[Word] = field(default_factory=list)

    @property
    def hpy_calls(self) -> int:
        """How often it called one of HPy's functions."""
        return sum(word.calls for word in self.words)

    @property
    def hpy_nanoseconds(self) -> int:
        """How long these calls took."""
        return sum(word.nanoseconds for word in self.words)


@dataclass
class Function(Counted):
    """A function of an extension that Python calls: of a module, of a class, a special method."""

    calls: int = 0
    #: How long its calls took. 0 unless `python -m hpy.trace` runs the program.
    nanoseconds: int = 0

    def as_json(self) -> Dict[str, object]:
        return {
            "name": self.name,
            "calls": self.calls,
            "nanoseconds": self.nanoseconds,
            "hpy_functions": [word.as_json() for word in self.words],
        }


@dataclass
class Extension(Counted):
    """A file that was loaded in trace mode."""

    path: str = ""
    functions: List[Function] = field(default_factory=list)

    def as_json(self) -> Dict[str, object]:
        return {
            "name": self.name,
            "path": self.path,
            "hpy_functions": [word.as_json() for word in self.words],
            "functions": [function.as_json() for function in self.functions],
        }


@dataclass
class Results(Counted):
    """All that was counted in this process."""

    extensions: List[Extension] = field(default_factory=list)
    #: How many times a second the clock ticks.
    frequency: int = 0
    #: How long reading the clock takes. It is not part of the times of HPy's functions here.
    clock_nanoseconds: int = 0

    def as_json(self) -> Dict[str, object]:
        return {
            "frequency": self.frequency,
            "clock_nanoseconds": self.clock_nanoseconds,
            "hpy_functions": [word.as_json() for word in self.words],
            "extensions": [extension.as_json() for extension in self.extensions],
        }


def get_results() -> Results:
    """What was counted so far. Everything in it is sorted by time, the longest first.

    The times of HPy's functions are without that of the clock. `get_durations` has it in them.
    """
    extensions = []
    for name, path, counted in _trace_results():
        functions = [
            Function(own, _sorted(Word(*word) for word in words), calls, nanoseconds)
            for own, calls, nanoseconds, words in counted
        ]
        functions.sort(key=lambda one: (-one.hpy_nanoseconds, -one.calls, one.name))
        words = _sum(word for function in functions for word in function.words)
        extensions.append(Extension(name, words, path, functions))
    extensions.sort(key=lambda one: (-one.hpy_nanoseconds, one.name))
    frequency, clock = _trace_clock()
    words = _sum(word for extension in extensions for word in extension.words)
    return Results("", words, extensions, frequency, clock)


def short_names(extensions: Sequence[Extension]) -> Dict[str, str]:
    """The last part of each extension's name, or all of it where two end alike."""
    last = [extension.name.rpartition(".")[2] for extension in extensions]
    return {
        extension.name: short if last.count(short) == 1 else extension.name
        for extension, short in zip(extensions, last)
    }


def _sum(words: Iterable[Word]) -> List[Word]:
    sums: Dict[str, Word] = {}
    for word in words:
        one = sums.setdefault(word.name, Word(word.name, 0, 0))
        one.calls += word.calls
        one.nanoseconds += word.nanoseconds
    return _sorted(sums.values())


def _sorted(words: Iterable[Word]) -> List[Word]:
    return sorted(words, key=lambda word: (-word.nanoseconds, -word.calls, word.name))
