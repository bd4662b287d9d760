"""`dumps` and `loads` of the port beside PyPI's ujson, orjson and the standard json.

All of them run in one process, in turns.

    python bench/json_modules.py --port "CPython ABI"=FOLDER --port universal=FOLDER
        [--sources FOLDER] [--seconds 0.3] [--processes 3] [--docs KEY]

A port's FOLDER has its built module. The folder of --sources has ujson's unpacked source archive,
for its samples. PyPI's ujson is needed, and orjson is measured where this Python can import it. The
least time of all samples and processes counts. A figure says how many times as fast as ujson the
others are. --docs puts the table on docs/programs.md, between marks with that key.
"""

import argparse
import importlib
import importlib.util
import json
import math
import os
import random
import subprocess
import sys
import time

# Seconds that a sample takes, unless one call takes longer.
SAMPLE = 0.002
# A document that is measured only where --only asks for it.
NOT_IN_THE_TABLE = "records, no floats"


def load_port(folder):
    """The port, which has the name of what it replaces: found in its folder alone."""
    path, others = sys.path[:], sys.modules.pop("ujson", None)
    # Imported from all of the path, as a port needs them: without PyPy's own HPy it would run on
    # PyPy's C API.
    for name in ("decimal", "hpy.universal"):
        try:
            importlib.import_module(name)
        except ImportError:
            pass
    sys.path[:] = [folder]
    try:
        return importlib.import_module("ujson")
    finally:
        sys.path[:] = path
        sys.modules.pop("ujson", None)
        if others is not None:
            sys.modules["ujson"] = others


def records(size):
    """Mixed records, as many as give so many bytes of JSON."""
    rng = random.Random(5)
    words = [
        "alpha", "beta", "gamma", "Größe", "東京",
        "delta/epsilon", 'quoted "text"', "line\nbreak",
    ]
    made, total = [], 0
    while total < size:
        number = len(made)
        made.append(
            {
                "id": number * 7919,
                "name": " ".join(rng.choice(words) for _ in range(3)),
                "email": "user%d@example.com" % number,
                "active": rng.random() < 0.5,
                "score": round(rng.random() * 100, 2),
                "position": {"lat": rng.uniform(-90, 90), "lon": rng.uniform(-180, 180)},
                "tags": [rng.choice(words) for _ in range(rng.randrange(5))],
                "history": [rng.randrange(10**6) for _ in range(rng.randrange(8))],
                "parent": None if number % 3 else number,
                "url": "https://example.com/items/%d?page=%d" % (number, number % 10),
            }
        )
        total += len(json.dumps(made[-1]))
    return made


def documents(sources):
    """Those of ujson's own benchmark, its samples, and mixed records."""
    rng = random.Random(1)
    user = {
        "userId": 3381293,
        "age": 213,
        "username": "johndoe",
        "fullname": "John Doe the Second",
        "isAuthorized": True,
        "liked": 31231.31231202,
        "approval": 31.1471,
        "jobs": [1, 2],
        "currJob": None,
    }
    utf8 = (
        "نظام الحكم سلطاني وراثي في الذكور من ذرية السيد "
        "تركي بن سعيد بن سلطان ويشترط فيمن يختار لولاية "
        "الحكم من بينهم ان يكون مسلما رشيدا عاقلا ًوابنا "
        "شرعيا لابوين عمانيين "
    )

    def pair():
        return {str(rng.random() * 20): int(rng.random() * 1000000)}

    yield "256 doubles", [sys.maxsize * rng.random() for _ in range(256)]
    yield "256 UTF-8 strings", [utf8 for _ in range(256)]
    yield "256 strings", ["A pretty long string which is in a list"] * 256
    yield "medium complex object", [[user, [user] * 8]] * 6
    yield "256 True", [True] * 256
    yield "256 dicts of one int", [pair() for _ in range(256)]
    yield "256 arrays of 256 dicts", {
        str(rng.random() * 20): [pair() for _ in range(256)] for _ in range(256)
    }
    if sources:
        for name in ("sample.json", "comprehensive.json", "334-reproducer.json"):
            with open(os.path.join(sources, "tests", name), encoding="utf-8") as file:
                yield name, json.load(file)
    yield "600 KB of records", records(600000)
    plain = records(600000)
    for record in plain:
        del record["score"], record["position"]
    yield NOT_IN_THE_TABLE, plain


def peers(ports):
    for name, folder in ports:
        module = load_port(folder)
        yield name, module.dumps, module.loads
    for name in ("ujson", "orjson"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        yield name, module.dumps, module.loads
    yield "json", json.dumps, json.loads


def best(functions, argument, seconds):
    """The least time per call of each function, in turns. One that cannot do it at all has none."""
    counts, times = {}, {}
    for name, function in functions[:]:
        start = time.perf_counter()
        try:
            function(argument)
        except (TypeError, ValueError):
            functions.remove((name, function))
            continue
        once = time.perf_counter() - start
        counts[name] = max(1, int(SAMPLE / max(once, 1e-7)))
    # Short samples: on a busy machine one of them is often undisturbed.
    end = time.perf_counter() + seconds * len(functions)
    while len(times) < len(functions) or time.perf_counter() < end:
        for name, function in functions:
            count = range(counts[name])
            start = time.perf_counter()
            for _ in count:
                function(argument)
            used = (time.perf_counter() - start) / len(count)
            times[name] = min(times.get(name, used), used)
    return times


def measured(options):
    """In this process: [document and operation, {peer: microseconds}] of each row."""
    found = list(peers(options.port))
    rows = []
    for title, value in documents(options.sources):
        if options.only not in title or title == NOT_IN_THE_TABLE and not options.only:
            continue
        text = json.dumps(value)
        for operation, argument in (("dumps", value), ("loads", text)):
            functions = [
                (name, dumps if operation == "dumps" else loads) for name, dumps, loads in found
            ]
            times = best(functions, argument, options.seconds)
            rows.append((title, operation, {name: used * 1e6 for name, used in times.items()}))
    return rows


def mean_of(ratios):
    """The geometric mean, for the table; nothing for a peer that can do none of the documents."""
    if not ratios:
        return ""
    return "**%.2f**" % math.exp(sum(map(math.log, ratios)) / len(ratios))


def table(rows, ports):
    """How many times as fast as ujson the others are."""
    others = [name for name, _ in ports] + ["orjson", "json"]
    others = [name for name in others if any(name in times for _, _, times in rows)]
    lines = ["| document | | ujson | %s |" % " | ".join(others)]
    lines.append("|---|---|---:|" + "---:|" * len(others))
    for title, operation, times in rows:
        ratios = [
            "%.2f" % (times["ujson"] / times[name]) if name in times else "" for name in others
        ]
        figures = " | ".join(["%.1f µs" % times["ujson"]] + ratios)
        lines.append("| %s | `%s` | %s |" % (title, operation, figures))
    for operation in ("dumps", "loads"):
        of_it = [times for _, kind, times in rows if kind == operation]
        means = [mean_of([t["ujson"] / t[name] for t in of_it if name in t]) for name in others]
        lines.append("| **geometric mean** | `%s` | | %s |" % (operation, " | ".join(means)))
    return "\n".join(lines)


def write(key, text):
    """Puts the text between its marks on the page, or at its end."""
    path = os.path.join(os.path.dirname(__file__), os.pardir, "docs", "programs.md")
    with open(path, encoding="utf-8") as file:
        page = file.read()
    begin, end = "<!-- measured: %s -->" % key, "<!-- end: %s -->" % key
    block = "%s\n%s\n%s" % (begin, text, end)
    if begin in page:
        before, rest = page.split(begin, 1)
        page = before + block + rest.split(end, 1)[1]
    else:
        page = page.rstrip() + "\n\n" + block + "\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--port", required=True, action="append", type=lambda text: text.split("=", 1)
    )
    parser.add_argument("--sources")
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--docs", metavar="KEY")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        json.dump(measured(options), sys.stdout)
        return
    rows = []
    for _ in range(options.processes):
        done = subprocess.run(
            [sys.executable] + sys.argv + ["--measure"], check=True, stdout=subprocess.PIPE
        )
        found = json.loads(done.stdout)
        rows = rows or found
        for (_, _, times), (_, _, more) in zip(rows, found):
            for name, used in more.items():
                times[name] = min(times[name], used)
    implementation = {"cpython": "CPython", "pypy": "PyPy"}[sys.implementation.name]
    version = ".".join(map(str, (sys.version_info, sys.implementation.version)[
        sys.implementation.name == "pypy"
    ][:3]))
    text = "### %s %s, ujson\n\n%s" % (implementation, version, table(rows, options.port))
    print(text)
    if options.docs:
        write(options.docs, text)


if __name__ == "__main__":
    main()
