"""A pytest plugin: writes what became of each test to the file that HPY_TEST_OUTCOMES names, as JSON."""

import importlib.util
import json
import os

import pytest

outcomes = {"passed": 0, "failed": [], "skipped": {}}


def pytest_configure(config):
    if os.environ.get("HPY_TEST_WITHOUT_HPY") and importlib.util.find_spec("hpy") is not None:
        raise pytest.UsageError("a package hpy is installed here, and the extension must work without one")


def pytest_runtest_logreport(report):
    if report.failed:
        outcomes["failed"].append(report.nodeid)
    elif report.skipped:
        outcomes["skipped"][report.nodeid] = reason_of(report)
    elif report.when == "call":
        outcomes["passed"] += 1


def pytest_collectreport(report):
    if report.failed:
        outcomes["failed"].append(report.nodeid)
    elif report.skipped:
        outcomes["skipped"][report.nodeid] = reason_of(report)


def pytest_sessionfinish(session):
    with open(os.environ["HPY_TEST_OUTCOMES"], "w") as file:
        json.dump(outcomes, file)


def reason_of(report):
    if hasattr(report, "wasxfail"):
        reason = report.wasxfail.replace("reason: ", "", 1)
    else:
        reason = report.longrepr[2].replace("Skipped:", "", 1)
    reason = reason.strip()
    # pytest's own words for "no reason given".
    return "" if reason == "unconditional skip" else reason
