"""The proof of concept's own tests, with these modules under its names.

They come unchanged from the source archive of PyPI's hpy. The harness unpacks the archive that
sources.txt names. By hand: HPY_TEST_SOURCES=FOLDER, where FOLDER has hpy-0.9.0 in it.

They are tests of this file: what they define stands here too.
"""

import importlib.util
import os
import sys
import types

import pof

ARCHIVE = os.path.join(os.environ["HPY_TEST_SOURCES"], "hpy-0.9.0", "proof-of-concept")

# Its modules are built beside the others.
package = types.ModuleType("pofpackage")
package.__path__ = [os.path.dirname(pof.__file__)]
sys.modules["pofpackage"] = package

spec = importlib.util.spec_from_file_location(
    "pofs_own_tests", os.path.join(ARCHIVE, "test_pof.py")
)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
tests = {name: value for name, value in vars(module).items() if name.startswith("test_")}
globals().update(tests)


def test_all_of_them_are_here():
    assert len(tests) == 12


def test_it_is_the_port_that_they_test():
    # Where HPy is the interpreter's own, the signature is shown as well.
    assert pof.add_ints_kw.__doc__.endswith("The same, whose arguments have names.")
