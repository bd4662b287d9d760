"""The command lines of `python -m hpy.debug` and of `python -m hpy.trace`."""

import sys
from typing import Callable, Iterator, List, NoReturn, Optional, Sequence, Tuple

from .program import read_script, run_module, run_script


class Arguments:
    """Options, and after them a script, or `-m` and a module, with arguments of its own."""

    def __init__(self, command: str, usage: str, arguments: Optional[Sequence[str]]) -> None:
        self._command = command
        self._usage = usage
        # What was not taken yet.
        self.rest: List[str] = list(sys.argv[1:] if arguments is None else arguments)
        # Whether `--` ended the options.
        self.separated = False

    def options(self) -> Iterator[Tuple[str, Optional[str]]]:
        """Takes the options in front, each with what follows its `=`. `--help` ends the process."""
        while self.rest and self.rest[0].startswith("-") and self.rest[0] != "-m":
            option, equals, value = self.rest.pop(0).partition("=")
            if option in ("--help", "-h"):
                print(self._usage, end="")
                raise SystemExit(0)
            if option == "--":
                self.separated = True
                return
            yield option, value if equals else None

    def program(self, search: Optional[List[str]]) -> Tuple[str, Callable[[], int]]:
        """Takes the rest: the program's command line, and what runs it and gives its status.

        `search` is as in `run_script`.
        """
        title = " ".join(self.rest)
        as_module = bool(self.rest) and self.rest[0] == "-m"
        name, *others = self.rest[as_module:] or [""]
        if not name:
            self.fail("name a script to run, or -m and a module")
        if as_module:
            return title, lambda: run_module(name, others)
        try:
            source = read_script(name)
        except OSError as error:
            # As `python SCRIPT` says it.
            reason = "[Errno %s] %s" % (error.errno, error.strerror)
            print("%s: can't open file %r: %s" % (self._command, name, reason), file=sys.stderr)
            raise SystemExit(2) from None
        return title, lambda: run_script(name, source, others, search)

    def fail(self, problem: str) -> NoReturn:
        """Ends the process because of a wrong command line."""
        first = self._usage.split("\n\n")[0]
        print("%s\n%s: error: %s" % (first, self._command, problem), file=sys.stderr)
        raise SystemExit(2)
