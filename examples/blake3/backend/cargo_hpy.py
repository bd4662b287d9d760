"""The build backend of PEP 517 and PEP 660: it calls `cargo hpy`.

Made by `cargo hpy new`. It lies in the project because cargo-hpy is not published yet. It looks for
the tool in this order: the command that the variable CARGO_HPY names; `cargo-hpy` on PATH; the
crate `crates/cargo-hpy` of a source archive; the checkout that Cargo.toml takes hpy from.
"""

import json
import os
import shutil
import subprocess
import sys

PROJECT = os.getcwd()


def tool():
    named = os.environ.get("CARGO_HPY")
    if named:
        return [named, "hpy"]
    installed = shutil.which("cargo-hpy")
    if installed:
        return [installed, "hpy"]
    for manifest in manifests():
        if os.path.isfile(manifest):
            return [cargo(), "run", "--quiet", "--manifest-path", manifest, "--"]
    raise SystemExit(
        "error: the command cargo-hpy was not found\n"
        "  help: install it from a checkout of https://github.com/hpy-rs/hpy-rs with\n"
        "        cargo install --path hpy-rs/cargo-hpy\n"
        "        or set CARGO_HPY to its path"
    )


def manifests():
    yield os.path.join(PROJECT, "crates", "cargo-hpy", "Cargo.toml")
    command = [cargo(), "metadata", "--no-deps", "--format-version=1"]
    found = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True)
    for package in json.loads(found.stdout.decode("utf-8"))["packages"]:
        for dependency in package["dependencies"]:
            if dependency["name"] == "hpy" and dependency.get("path"):
                yield os.path.join(dependency["path"], os.pardir, "cargo-hpy", "Cargo.toml")


def cargo():
    found = os.environ.get("CARGO") or shutil.which("cargo")
    usual = os.path.join(os.path.expanduser("~"), ".cargo", "bin", "cargo")
    if not found and os.path.isfile(usual):
        found = usual
    if not found:
        raise SystemExit(
            "error: cargo was not found\n  help: install Rust from https://rustup.rs"
        )
    return found


def run(*arguments):
    """Runs the tool and returns the name of the file that it made."""
    # The compiler's messages go to standard error, as the compiler wrote them.
    made = subprocess.run([*tool(), *arguments], cwd=PROJECT, stdout=subprocess.PIPE)
    if made.returncode:
        raise SystemExit(made.returncode)
    return os.path.basename(made.stdout.decode("utf-8").splitlines()[-1])


def interpreter():
    # The environment of a build is new each time. Its interpreter is not.
    return getattr(sys, "_base_executable", None) or sys.executable


def options(settings):
    """Settings are options of `cargo hpy wheel`, such as abi=cpython."""
    given = []
    for key, values in (settings or {}).items():
        for value in values if isinstance(values, list) else [values]:
            given.append("--" + key.lstrip("-"))
            if value not in ("", "true", True):
                given.append(value)
    return given


def get_requires_for_build_wheel(config_settings=None):
    return []


get_requires_for_build_editable = get_requires_for_build_wheel
get_requires_for_build_sdist = get_requires_for_build_wheel


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    return run("wheel", PROJECT, "--metadata-only", "--out", metadata_directory)


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    more = options(config_settings)
    if "--dev" in more:
        more.remove("--dev")
    else:
        more.append("--release")
    return run("wheel", PROJECT, "--out", wheel_directory, "--python", interpreter(), *more)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    more = options(config_settings)
    return run(
        "wheel", PROJECT, "--editable", "--out", wheel_directory, "--python", interpreter(), *more
    )


def build_sdist(sdist_directory, config_settings=None):
    return run("sdist", PROJECT, "--out", sdist_directory)
