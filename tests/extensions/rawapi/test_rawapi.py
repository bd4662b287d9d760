"""The example of the raw API, `hpy-sys/examples/rawapi.rs`.

The file that `hpy-sys` has for it checks what it does.
"""

import os
import runpy

import pytest
import rawapi
from hpy_hosts import PYPIS_HPY

CHECK = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "hpy-sys", "tests", "rawapi.py"
)


def test_all_of_it():
    runpy.run_path(CHECK)["check"](rawapi)


@pytest.mark.skipif(
    PYPIS_HPY,
    reason="hpy 0.9.0 looks for the data of a class in Python elsewhere than for its base's",
)
def test_a_class_in_python():
    runpy.run_path(CHECK)["check_class_in_python"](rawapi)


def test_it_is_built_without_the_safe_layer():
    manifest = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Cargo.toml")
    with open(manifest) as file:
        dependencies = file.read().split("[dependencies]\n")[1].split("\n\n")[0]
    assert [line.split(" = ")[0] for line in dependencies.splitlines()] == ["hpy-sys"]
