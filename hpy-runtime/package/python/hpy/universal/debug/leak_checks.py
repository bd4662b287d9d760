"""What `pytest --hpy-debug` does around each test."""

import gc
from typing import Any, Iterator

import pytest

from hpy.universal import _debug

from .colours import Painter
from .command import FRAMES
from .findings import Misuses, leaks
from .leakdetector import left_open
from .report import Report

_HINT = "add --hpy-backtrace to see the line in Rust or C"


class LeakChecks:
    """Fails each test that leaks or misuses a handle, with the lines."""

    def __init__(self, backtrace: bool) -> None:
        if backtrace:
            _debug.set_handle_stack_trace_limit(FRAMES)
        self._report = Report(Painter(False), backtrace, _HINT)
        self._misuses = Misuses()
        self._misuses.watch()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_setup(self, item: Any) -> Iterator[None]:
        yield from self._checked(item, "setup")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: Any) -> Iterator[None]:
        yield from self._checked(item, "call")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_teardown(self, item: Any) -> Iterator[None]:
        yield from self._checked(item, "teardown")

    def _checked(self, item: Any, when: str) -> Iterator[None]:
        self._misuses.clear()
        generation = _debug.new_generation()
        outcome: Any = yield
        handles = left_open(generation)
        if handles:
            # Objects in a reference cycle may own handles until they are collected.
            gc.collect()
            handles = left_open(generation)
        findings = self._misuses.clear() + leaks(handles)
        if not findings:
            return
        text = self._report.text(findings)
        if outcome.excinfo is not None:
            # The test has failed by itself, which may be why it leaks.
            item.add_report_section(when, "hpy debug", text)
            return
        failure = pytest.fail.Exception(text, pytrace=False)
        force_exception = getattr(outcome, "force_exception", None)
        if force_exception is None:
            raise failure
        force_exception(failure)
