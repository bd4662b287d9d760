"""pytest's plugin of this package: the option `--hpy-debug`, and the fixture `hpy_debug`.

pytest imports it in every run where the package is installed. So it imports nothing of HPy before
somebody asks for debug mode.
"""

import os
from typing import TYPE_CHECKING, Any, Iterator, List

import pytest

if TYPE_CHECKING:
    from hpy.debug import LeakDetector


def pytest_addoption(parser: Any) -> None:
    group = parser.getgroup("hpy")
    group.addoption(
        "--hpy-debug",
        action="store_true",
        help="load HPy extensions in debug mode; a test that leaks or misuses a handle fails",
    )
    group.addoption(
        "--hpy-backtrace",
        action="store_true",
        help="with --hpy-debug, also tell the line in Rust or C that made the handle; slower",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any, parser: Any, args: List[str]) -> None:
    """Chooses the mode before a conftest.py imports an extension."""
    wanted = early_config.known_args_namespace.hpy_debug
    if wanted and ":" not in os.environ.get("HPY", ""):
        os.environ["HPY"] = "debug"


def pytest_configure(config: Any) -> None:
    if not config.getoption("hpy_debug"):
        return
    try:
        from hpy.universal.debug.leak_checks import LeakChecks
    except ImportError as error:
        raise pytest.UsageError(
            "--hpy-debug needs the package hpy-rs on CPython 3.9 or later: %s" % error
        ) from error
    backtrace = config.getoption("hpy_backtrace")
    config.pluginmanager.register(LeakChecks(backtrace), "hpy-leak-checks")


@pytest.fixture
def hpy_debug() -> "Iterator[LeakDetector]":
    """Fails the test if it leaks a handle of an extension that is in debug mode."""
    from hpy.debug import LeakDetector

    with LeakDetector() as detector:
        yield detector
