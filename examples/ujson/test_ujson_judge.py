"""ujson's own tests, with this module under its name.

They come unchanged from its source archive on PyPI. The harness unpacks the archive that
sources.txt names. By hand: HPY_TEST_SOURCES=FOLDER, where FOLDER has ujson-6.1.0 in it.
"""

import ast
import os
import re
import subprocess
import sys
import textwrap
import xml.etree.ElementTree

import pytest

ARCHIVE = os.path.join(os.environ["HPY_TEST_SOURCES"], "ujson-6.1.0", "tests")
JUDGE = os.path.join(ARCHIVE, "test_ujson.py")
# So many are in the file, and some of them in its closing comment.
MENTIONED = 139

# What the file skips, or expects to fail, by its own conditions.
NOT_RUN = {
    "cpython": {
        "test_gil_not_reenabled", "test_encode_too_big_int_error", "test_decode_too_big_int_error",
    },
    "pypy": {
        "test_encode_dict_values_ref_counting",
        "test_encode_dict_key_ref_counting",
        "test_encode_decode_big_int",
        "test_default_ref_counting",
        "test_loads_bytes_like_refcounting",
        "test_failed_dict_get",
        "test_gil_not_reenabled",
    },
}
NOT_RUN["graalpy"] = NOT_RUN["pypy"] | {
    "test_encode_too_big_int_error",
    "test_decode_too_big_int_error",
    "test_obj_str_exception",
    "test_no_memory_leak_default_ascii",
    "test_no_memory_leak_default_non_ascii",
    "test_loads_non_c_contiguous",
}
# Under the package hpy, the last exception that was raised again is released at the next call:
# there is one reference more. The package also takes the GIL, which the code in C that it loads
# relies on.
NOT_BY_PACKAGE = {"test_obj_str_exception", "test_gil_not_reenabled"}


def run(arguments, timeout):
    environment = dict(
        os.environ, PYTHONPATH=os.pathsep.join(sys.path), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
    )
    environment.pop("HPY_TEST_OUTCOMES", None)
    return subprocess.run(
        [sys.executable] + arguments,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
        timeout=timeout,
    )


def function(case):
    return re.match(r"\w+", case.get("name")).group()


def functions():
    with open(JUDGE, encoding="utf-8") as file:
        source = file.read()
    assert len(re.findall(r"def test_", source)) == MENTIONED
    defined = {
        node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)
    }
    return {name for name in defined if name.startswith("test_")}


def test_ujsons_own_tests_pass(tmp_path):
    report = tmp_path / "report.xml"
    plugins = ["-p", "no:cacheprovider"]
    if os.environ.get("HPY", "").lower() == "debug":
        # Each of them within the leak detector.
        plugins += ["-p", "hpy_leaks"]
    if "HPY" in os.environ:
        plugins += ["-k", " and ".join("not " + name for name in NOT_BY_PACKAGE)]
    done = run(
        ["-m", "pytest", "-q", "--junitxml", str(report), "--rootdir", ARCHIVE] + plugins + [JUDGE],
        560,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    cases = list(xml.etree.ElementTree.parse(str(report)).iter("testcase"))
    left_out = [case for case in cases if case.find("skipped") is not None]
    assert not [
        case for case in cases if case.find("failure") is not None or case.find("error") is not None
    ]
    not_here = NOT_BY_PACKAGE if "HPY" in os.environ else set()
    assert {function(case) for case in cases} == functions() - not_here
    unexpected = {
        (function(case), case.find("skipped").get("message"))
        for case in left_out
        if case.find("skipped").get("type") != "pytest.xfail"
        and function(case) not in NOT_RUN[sys.implementation.name]
    }
    assert not unexpected
    assert len(left_out) < len(cases) / 10


# A run of the tests uses again what the run before has left behind. UJSON_TEST_RUNS=100 makes this
# more certain.
#
# All runs are in one session of pytest. Its reports are dropped, since it keeps some memory for
# each that it shows. The collector runs between the runs only: it would change the reference counts
# of None while a test compares them.
FLAT = """
    import gc, os, sys
    import pytest
    from _pytest.runner import runtestprotocol

    # Two of them make 40 MB again and again, which says little of leaks and takes most of the time.
    left_out = [
        "--deselect", "test_ujson.py::test_encode_big_escape",
        "--deselect", "test_ujson.py::test_decode_big_escape",
    ]
    grown = None


    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


    class Again:
        def pytest_runtestloop(self, session):
            global grown
            gc.disable()
            self.run(session.items, max(2, runs // 10))
            # A leak grows in each part. Memory that an allocator takes at once and keeps grows in
            # some of them.
            for _ in range(10):
                before = resident()
                self.run(session.items, max(1, runs // 3))
                part = resident() - before
                grown = part if grown is None else min(grown, part)
                if grown <= allowed:
                    break
            return True

        def run(self, items, times):
            for _ in range(times):
                for item, next_one in zip(items, items[1:] + [None]):
                    item._initrequest()
                    for report in runtestprotocol(item, nextitem=next_one, log=False):
                        assert not report.failed, report.longreprtext
                gc.collect()


    runs = int(sys.argv[3])
    allowed = 100000 + runs * 2000
    ended = pytest.main(
        ["-q", "-p", "no:cacheprovider", "--rootdir", sys.argv[2], sys.argv[1]] + left_out,
        plugins=[Again()],
    )
    print(ended, "grown by", grown, "in a third of", runs, "runs")
    sys.exit(grown is None or grown > allowed)
"""


@pytest.mark.skipif(
    not (sys.platform == "linux" and os.path.exists("/proc/self/statm")),
    reason="how much memory is used is read from Linux' /proc",
)
@pytest.mark.skipif(
    sys.implementation.name != "cpython",
    reason="PyPy and GraalPy free memory late, which hides its growth",
)
@pytest.mark.skipif(bool(os.environ.get("HPY")), reason="a package hpy keeps memory of its own")
def test_memory_is_flat_over_runs():
    runs = os.environ.get("UJSON_TEST_RUNS", "3")
    done = run(["-c", textwrap.dedent(FLAT), JUDGE, ARCHIVE, runs], 3000)
    assert done.returncode == 0, done.stdout[-3000:]
