"""A fixture for pytest: the test fails if it leaves a handle open.

`--hpy-debug` checks all tests, and tells the lines.
"""

from typing import Iterator

import pytest

from hpy.debug import LeakDetector


@pytest.fixture
def hpy_debug() -> Iterator[LeakDetector]:
    """Fails the test if it leaks a handle of an extension that is in debug mode."""
    with LeakDetector() as detector:
        yield detector
