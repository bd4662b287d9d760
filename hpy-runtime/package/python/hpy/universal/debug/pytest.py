"""A fixture for pytest: the test fails if it leaves a handle open."""

import pytest

from hpy.debug.leakdetector import LeakDetector


@pytest.fixture
def hpy_debug():
    with LeakDetector() as detector:
        yield detector
