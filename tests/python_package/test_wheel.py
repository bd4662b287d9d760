"""The wheel: what is in it, and how pip installs it, beside PyPI's hpy too.

tests/outside/python_package.rs makes it.
"""

import base64
import csv
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

import pytest

WHEEL = pathlib.Path(os.environ["HPY_TEST_WHEEL"])
DEVEL = pathlib.Path(__file__).with_name("devel")
TRIES = "from hpy.universal import get_version; print(get_version()[0])"
# setuptools must be older than this to have pkg_resources. The files that hpy.devel puts beside an
# extension import that.
SETUPTOOLS = "setuptools<82"


def test_record_names_every_file():
    with zipfile.ZipFile(WHEEL) as archive:
        names = archive.namelist()
        record = names[-1]
        assert record.endswith(".dist-info/RECORD")
        rows = list(csv.reader(archive.read(record).decode().splitlines()))
        assert [row[0] for row in rows] == names
        for name, digest, size in rows[:-1]:
            contents = archive.read(name)
            expected = (
                base64.urlsafe_b64encode(hashlib.sha256(contents).digest()).rstrip(b"=").decode()
            )
            assert (digest, int(size)) == ("sha256=" + expected, len(contents))
        assert rows[-1] == [record, "", ""]


def test_pytest_finds_its_plugin():
    with zipfile.ZipFile(WHEEL) as archive:
        names = archive.namelist()
        (entries,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
        assert archive.read(entries) == b"[pytest11]\nhpy.pytest_plugin = hpy.pytest_plugin\n"
    assert {"hpy/pytest_plugin.py", "hpy/py.typed", "hpy/universal/_debug.pyi"} <= set(names)


def test_nothing_tells_when_or_where_it_was_made():
    with zipfile.ZipFile(WHEEL) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            contents = archive.read(entry)
            for place in (str(pathlib.Path.home()), os.environ["HPY_TEST_CHECKOUT"]):
                assert place.encode() not in contents, (entry.filename, place)


def test_the_tag_is_the_files_name():
    with zipfile.ZipFile(WHEEL) as archive:
        name = next(name for name in archive.namelist() if name.endswith("WHEEL"))
        lines = archive.read(name).decode().splitlines()
    assert "Root-Is-Purelib: false" in lines
    pythons, abis, platforms = (part.split(".") for part in WHEEL.stem.split("-")[2:])
    tags = {
        "Tag: %s-%s-%s" % (python, abi, platform)
        for python in pythons
        for abi in abis
        for platform in platforms
    }
    assert tags == {line for line in lines if line.startswith("Tag: ")}
    # This one, by its own name: with a tag of another version, pip would refuse it without the GIL.
    assert "cp%d%d" % sys.version_info[:2] in pythons and set(abis) == {"abi3", "none"}


@pytest.mark.parametrize(
    "implementation, version, abi, taken",
    [
        ("cp", "39", "cp39", True),
        ("cp", "313", "cp313t", True),
        ("cp", "316", "abi3", True),
        ("cp", "38", "cp38", False),
        ("pp", "311", "pypy311_pp73", False),
        ("pp", "311", "pypy311_pp80", False),
        ("graalpy", "312", "graalpy250_312_native", False),
    ],
)
def test_which_interpreters_take_it(tmp_path, implementation, version, abi, taken):
    """PyPy and GraalPy would have a package that does not work."""
    platform = WHEEL.stem.split("-")[4]
    asked = [
        "--implementation", implementation, "--python-version", version, "--abi", abi, "--abi",
        "none",
    ]
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-index",
            "--no-deps",
        ]
        + [
            "--only-binary=:all:", "--target", str(tmp_path), "--platform", platform, *asked,
            str(WHEEL),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    assert (done.returncode == 0) == taken, done.stdout
    assert taken or "is not a supported wheel on this platform" in done.stdout


class Venv:
    """A virtual environment with pip in it."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        self.executable = folder / "bin" / "python"

    def run(self, *arguments, cwd=None, **environment):
        """What it prints; that it fails, fails the test."""
        result = self.tried(*arguments, cwd=cwd, **environment)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout.strip()

    def tried(self, *arguments, cwd=None, **environment):
        names = ("HPY", "HPY_LOG", "PYTHONPATH")
        inherited = {name: value for name, value in os.environ.items() if name not in names}
        return subprocess.run(
            [str(self.executable), *arguments],
            cwd=str(cwd or self.folder),
            env={**inherited, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
        )

    def pip(self, *arguments):
        return self.run("-m", "pip", "--disable-pip-version-check", *arguments)

    def installs_ours(self):
        """With setuptools, which PyPI has."""
        self.pip("install", str(WHEEL))

    def installs_pypis(self):
        """Where PyPI has no hpy to give, the test fails with what pip says."""
        self.pip("install", "hpy==0.9.0", SETUPTOOLS)

    @property
    def package(self):
        (folder,) = self.folder.glob("lib/python*/site-packages")
        return folder / "hpy"

    def files(self):
        return {
            str(path.relative_to(self.package))
            for path in self.package.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }


def test_installed_and_uninstalled(tmp_path):
    venv = Venv(tmp_path)
    venv.installs_ours()
    assert "hpy-rs" in venv.pip("list") and "No broken requirements" in venv.pip("check")
    assert "hpy.rs" in venv.run("-c", TRIES)
    assert "Version: " + WHEEL.name.split("-")[1] in venv.pip("show", "hpy-rs").splitlines()
    venv.run("-c", "import setuptools; assert int(setuptools.__version__.split('.')[0]) < 82")
    venv.run("-c", "from pkg_resources import resource_filename")
    assert venv.run("-m", "hpy.debug", "--help").startswith("usage: python -m hpy.debug")
    # What Python compiled meanwhile goes too.
    venv.run("-c", "import hpy.debug, hpy.trace, hpy.universal._debug")
    venv.pip("uninstall", "--yes", "hpy-rs")
    assert not venv.package.exists()


BUILT = "import authored; print(authored.half(10), authored.context())"


LEAKS = """
from hpy.debug import LeakDetector, disable_handle_stack_traces, set_handle_stack_trace_limit
set_handle_stack_trace_limit(8)
with LeakDetector():
    import authored
    authored.half(10)
disable_handle_stack_traces()
"""


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="PyPI's hpy has no wheel for this version, only up to 3.11"
)
@pytest.mark.parametrize("order", ["ours_first", "pypis_first"])
def test_beside_pypis(tmp_path, order):
    venv = Venv(tmp_path / "venv")
    steps = [venv.installs_ours, venv.installs_pypis]
    for step in steps if order == "ours_first" else reversed(steps):
        step()
    assert "No broken requirements" in venv.pip("check")

    # Ours is what Python imports.
    assert "hpy.rs" in venv.run("-c", TRIES)
    assert venv.run("-c", "import hpy.universal as u; print(u.__file__)") == str(
        venv.package / "universal/__init__.so"
    )

    # Authors still build with PyPI's hpy.devel, and what they build is loaded by ours.
    project = shutil.copytree(str(DEVEL), str(tmp_path / "project"))
    venv.run("setup.py", "--hpy-abi=universal", "build_ext", "--inplace", cwd=project)
    assert venv.run("-c", BUILT, cwd=project) == "5 HPy Universal ABI (HPy for Rust)"
    for mode in ("Debug", "Trace"):
        said = venv.run("-c", BUILT, cwd=project, HPY=mode.lower())
        assert said == "5 HPy %s Mode ABI (HPy for Rust)" % mode
    # PyPI's has no such command, so ours goes by another name there.
    (pathlib.Path(project) / "script.py").write_text("import authored\nauthored.half(10)\n")
    report = venv.tried("-m", "hpy.universal.debug", "script.py", cwd=project)
    assert report.returncode == 0, report
    assert report.stderr == "hpy.debug: no handle was leaked or misused (authored)\n"
    # PyPI's hpy.debug and hpy.trace are folders and come first. They ask our hpy.universal, which
    # has nothing to report.
    assert venv.run("-c", "import hpy.debug; print(hpy.debug.__file__)") == str(
        venv.package / "debug/__init__.py"
    )
    venv.run(
        "-c",
        LEAKS + "import hpy.trace; assert hpy.trace.get_call_counts()['ctx_Add'] == 0",
        cwd=project,
    )

    # Without ours, all is as if it had never been there.
    both = venv.files()
    venv.pip("uninstall", "--yes", "hpy-rs")
    pypis = venv.files()
    assert (
        not any(file.startswith("universal/") for file in pypis)
        and not (venv.package / "universal").exists()
    )
    assert venv.run("-c", TRIES) == "0.9.0"
    assert venv.run("-c", BUILT, cwd=project) == "5 HPy Universal ABI (CPython backend)"
    assert venv.run("-c", BUILT, cwd=project, HPY="debug") == "5 HPy Debug Mode ABI"
    venv.run("-c", LEAKS, cwd=project)

    # Without PyPI's, ours has lost nothing; only hpy.devel is gone.
    venv.installs_ours()
    assert venv.files() == both
    venv.pip("uninstall", "--yes", "hpy")
    assert venv.files() == both - pypis
    assert "hpy.rs" in venv.run("-c", TRIES)
    assert venv.run("-c", BUILT, cwd=project) == "5 HPy Universal ABI (HPy for Rust)"
    assert venv.run("-c", "import hpy.debug; print(hpy.debug.__file__)") == str(
        venv.package / "debug.py"
    )
    assert "No module named 'hpy.devel'" in venv.tried("-c", "import hpy.devel").stderr
    assert "No broken requirements" in venv.pip("check")
