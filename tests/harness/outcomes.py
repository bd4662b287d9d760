"""A pytest plugin: writes the outcome of each test to the file that HPY_TEST_OUTCOMES names.

Each outcome is a line of JSON, written at once: after a crash it is known which tests ran, and
which one crashed.
"""

import importlib.util
import json
import os
import time

import pytest

lines = None


def pytest_configure(config):
    global lines
    if os.environ.get("HPY_TEST_WITHOUT_HPY") and importlib.util.find_spec("hpy") is not None:
        raise pytest.UsageError(
            "a package hpy is installed here, and the extension must work without one"
        )
    lines = open(os.environ["HPY_TEST_OUTCOMES"], "w", encoding="utf-8")


def pytest_make_parametrize_id(config, val, argname):
    # pytest puts a test's name into the environment. On Windows that takes 32,767 characters, of
    # which CPython 3.9 complains itself.
    if isinstance(val, (str, bytes)) and len(val) > 1000:
        return f"{argname} of {len(val)}"


def write(**event):
    lines.write(json.dumps(event) + "\n")
    lines.flush()


def pytest_runtest_logstart(nodeid, location):
    # When, as the matrix says which topics take long.
    write(begins=nodeid, at=round(time.time(), 2))


def pytest_runtest_logreport(report):
    if report.failed:
        write(failed=report.nodeid, text=report.longreprtext)
    elif report.skipped:
        write(skipped=report.nodeid, reason=reason_of(report))
    elif report.when == "call":
        write(passed=report.nodeid)


def pytest_collectreport(report):
    if report.failed:
        write(failed=report.nodeid, text=report.longreprtext)
    elif report.skipped:
        write(skipped=report.nodeid, reason=reason_of(report))


def pytest_sessionfinish(session):
    if os.environ.get("HPY") == "trace":
        from hpy.trace import get_call_counts

        write(calls=get_call_counts())
    write(finished=True, at=round(time.time(), 2))


def reason_of(report):
    if hasattr(report, "wasxfail"):
        reason = report.wasxfail.replace("reason: ", "", 1)
    else:
        reason = report.longrepr[2].replace("Skipped:", "", 1)
    reason = reason.strip()
    # pytest's own words for "no reason given".
    return "" if reason == "unconditional skip" else reason
