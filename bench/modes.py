"""Debug and trace mode of this project's package beside those of PyPI's hpy 0.9.0, in one process.

    python3 bench/modes.py [--python PYTHON] [--group calls] [--row new] [--rounds 60]
        [--processes 5] [--before FOLDER]

PYTHON is a CPython 3.9 to 3.11 with pip, for which PyPI has a wheel. Rows are those of driver.py,
with the peers in Rust and in C in the universal ABI. A file of an extension has one context at a
time, so each runtime and mode gets a copy. They take turns as all peers do.

The tables have nanoseconds, and what our modes cost beside PyPI's. `--before` is the folder of
another build of the package (`cargo xtask package --folder`), for the same tables of it.
"""

import argparse
import importlib.machinery
import importlib.util
import json
import math
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKOUT = os.path.dirname(HERE)
WORK = os.path.join(CHECKOUT, "target", "bench", "modes")

MODES = {"universal": 0, "debug": 1, "trace": 2}
AIMS = {"debug": 0.8, "trace": 0.6}
# The folder of the peer in Rust, and the modules' names.
PEERS = {
    "calls": ("hpy", {"Rust": "rows", "C": "rows_hpy_c", "C, timed": "rows_hpy_c"}),
    "types": ("types", {"Rust": "types_hpy", "C": "types_hpy_c"}),
    "numbers": ("types", {"Rust": "types_hpy"}),
}
# Each calls one function of HPy. In `C, timed` two readings of the counter are around that call.
TIMED = ("noargs", "identity", "add", "str_made", "call_back")
SOURCES = {"C, timed": "rows_timed"}


def run(*command, **options):
    done = subprocess.run(
        [str(part) for part in command],
        check=True, stdout=subprocess.PIPE, universal_newlines=True, **options
    )
    return done.stdout.strip()


def upstream(python, key):
    """PyPI's hpy, in a folder of its own."""
    folder = os.path.join(WORK, key, "upstream")
    if not os.path.isdir(folder):
        options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--target", folder]
        run(python, "-m", "pip", "install", *options, "hpy==0.9.0")
    return folder


def libraries(group, upstream):
    """The files of the peers' modules, built anew."""
    rust, modules = PEERS[group]
    built = os.path.join(WORK, "rust")
    run(
        "cargo", "hpy", "build", os.path.join("bench", "peers", rust), "--release",
        "--abi", "universal", "--out", built, "--quiet", cwd=CHECKOUT,
    )
    devel = os.path.join(upstream, "hpy", "devel")
    sources = [
        os.path.join(devel, "src", "runtime", name)
        for name in ("argparse.c", "format.c", "helpers.c")
    ]
    files = {}
    for peer, module in modules.items():
        if peer == "Rust":
            files[peer] = os.path.join(built, module + ".hpy0.so")
            continue
        folder = os.path.join(WORK, peer.replace(", ", "_"))
        os.makedirs(folder, exist_ok=True)
        files[peer] = os.path.join(folder, module + ".hpy0.so")
        run(
            os.environ.get("CC", "cc"), "-O3", "-Wall", "-DNDEBUG", "-DHPY", "-DHPY_ABI_UNIVERSAL",
            "-fPIC", "-shared", "-o", files[peer],
            os.path.join(HERE, "peers", "hpy_c", SOURCES.get(peer, module) + ".c"), *sources,
            "-I", os.path.join(devel, "include"),
        )
    return files


def runtime(place):
    """The module `hpy.universal` of a folder, whatever else is loaded."""
    folder = os.path.join(place, "hpy")
    if os.path.isdir(os.path.join(folder, "universal")):
        folder = os.path.join(folder, "universal")
    (path,) = [
        os.path.join(folder, name)
        for name in os.listdir(folder)
        if name.endswith(".so") and ("__init__" in name or name.startswith("universal"))
    ]
    name = "hpy.universal"
    before = sys.modules.pop(name, None)
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    sys.modules[name] = module
    loader.exec_module(module)
    sys.modules.pop(name)
    if before is not None:
        sys.modules[name] = before
    return module


def measured(group, rows, rounds, files, folders, copies):
    """In this process: [peer, row, {runtime and mode: nanoseconds}] of each row of each peer."""
    import driver

    runtimes = {name: runtime(folder) for name, folder in folders.items()}
    result = []
    driver.gc.disable()
    for peer, file in files.items():
        module = PEERS[group][1][peer]
        loaded = {}
        for whose, loader in runtimes.items():
            for mode, number in MODES.items():
                if peer == "C, timed" and mode != "universal":
                    continue
                folder = os.path.join(copies, peer, whose, mode)
                os.makedirs(folder)
                copy = shutil.copy(file, folder)
                spec = importlib.machinery.ModuleSpec(module, None, origin=copy)
                loaded["%s, %s" % (whose, mode)] = loader.load(
                    module, copy, spec, debug=mode == "debug", mode=number
                )
        for name, row in driver.GROUPS[group].items():
            if (rows and name not in rows) or (peer == "C, timed" and name not in TIMED):
                continue
            # PyPI's hpy ends the process where Python derives from the type.
            if name == "subclass":
                continue
            result.append((peer, name, driver.measure(name, row, loaded, rounds)))
    return result


def report(best, whose):
    print("| row | PyPI's, debug | ours | ratio | PyPI's, trace | ours | ratio | ours, universal |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    timed = {name: times for (peer, name), times in best.items() if peer == "C, timed"}
    ratios = {mode: {} for mode in AIMS}
    for (peer, name), times in best.items():
        if peer == "C, timed":
            continue
        cells = []
        for mode in AIMS:
            theirs, ours = times["PyPI's, " + mode], times["%s, %s" % (whose, mode)]
            ratios[mode][name + ", " + peer] = ours / theirs
            cells += ["%.1f" % theirs, "%.1f" % ours, "%.2f" % (ours / theirs)]
        plain = "%.1f" % times[whose + ", universal"]
        print("| `%s`, %s | %s | %s |" % (name, peer, " | ".join(cells), plain))
    for mode, aim in AIMS.items():
        mean = math.exp(sum(map(math.log, ratios[mode].values())) / len(ratios[mode]))
        missed = ["%s %.2f" % both for both in ratios[mode].items() if both[1] > aim]
        print("%s: mean %.2f, above %s: %s" % (mode, mean, aim, "; ".join(missed) or "none"))
    for name, times in timed.items():
        plain, theirs = best["C", name][whose + ", universal"], best["C", name]["PyPI's, trace"]
        ours = times[whose + ", universal"]
        print("two readings of the counter, nothing else, in `%s`, C: %.1f ns added to %.1f, "
              "ratio to PyPI's trace mode %.2f" % (name, ours - plain, plain, ours / theirs))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--group", choices=PEERS, action="append")
    parser.add_argument("--row", action="append")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--before", metavar="FOLDER")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        json.dump(measured(**json.loads(options.measure)), sys.stdout)
        return
    key = run(options.python, "-c", "import sys; print(sys.implementation.cache_tag)")
    folders = {"PyPI's": upstream(options.python, key)}
    folders["ours"] = run("cargo", "xtask", "package", "--folder", cwd=CHECKOUT)
    if options.before:
        folders["before"] = options.before
    for group in options.group or PEERS:
        files = libraries(group, folders["PyPI's"])
        best = {}
        for _ in range(options.processes):
            copies = os.path.join(WORK, "copies")
            shutil.rmtree(copies, ignore_errors=True)
            wanted = {
                "group": group, "rows": options.row, "rounds": options.rounds,
                "files": files, "folders": folders, "copies": copies,
            }
            command = [options.python, __file__, "--measure", json.dumps(wanted)]
            for peer, name, times in json.loads(run(*command)):
                known = best.setdefault((peer, name), times)
                for what, time in times.items():
                    known[what] = min(known[what], time)
        for whose in ("ours", "before"):
            if whose in folders:
                print("\n%s, %s" % (group, whose))
                report(best, whose)


if __name__ == "__main__":
    main()
