"""jellyfish's own tests, with this module under its name.

They come unchanged from its source archive on PyPI, and with them the implementation in Python that
they also test. The harness unpacks the archive that sources.txt names. By hand:
HPY_TEST_SOURCES=FOLDER, where FOLDER has jellyfish-1.3.0 in it.

They are tests of this file: what they define stands here too.
"""

import ast
import importlib.util
import os
import sys
import types

import _rustyfish

ARCHIVE = os.path.join(os.environ["HPY_TEST_SOURCES"], "jellyfish-1.3.0")

# The package has the module beside its files in Python.
package = types.ModuleType("jellyfish")
package.__path__ = [os.path.join(ARCHIVE, "python", "jellyfish")]
package._rustyfish = _rustyfish
sys.modules["jellyfish"] = package
sys.modules["jellyfish._rustyfish"] = _rustyfish


def opened(path, **options):
    """They name their data from the folder that they usually run in."""
    return open(os.path.join(ARCHIVE, path), **options)


spec = importlib.util.spec_from_file_location(
    "jellyfishs_own_tests", os.path.join(ARCHIVE, "tests", "test_jellyfish.py")
)
module = importlib.util.module_from_spec(spec)
module.open = opened
spec.loader.exec_module(module)
tests = {name: value for name, value in vars(module).items() if name.startswith("test_")}
globals().update(tests, jf=module.jf)


def test_all_of_them_are_here():
    with open(spec.origin, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert set(tests) == {name for name in names if name.startswith("test_")}
    assert len(tests) == 23


def test_it_is_the_port_that_they_test():
    # Where HPy is the interpreter's own, the signature is shown as well.
    assert _rustyfish.soundex.__doc__.endswith("The code of a name by American Soundex.")
