"""`dumps` and `loads` of the port beside PyPI's ujson, orjson and the standard json.

All of them run in one process, in turns.

    python bench/json_modules.py --port FOLDER [--sources FOLDER] [--seconds 0.3]

FOLDER has the port's built module. The folder of --sources has ujson's unpacked source archive, for
its sample. PyPI's ujson and orjson are measured where this Python can import them. A figure is the
best of the rounds, in microseconds per call.
"""

import argparse
import importlib
import importlib.util
import json
import os
import random
import sys
import time

ROUNDS = 7


def load_port(folder):
    """The port, which has the name of what it replaces: found in its folder alone."""
    path, others = sys.path[:], sys.modules.pop("ujson", None)
    sys.path[:] = [folder]
    try:
        for name in ("decimal",):
            sys.path[:] = path
            importlib.import_module(name)
            sys.path[:] = [folder]
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


def peers(port):
    yield "port", port.dumps, port.loads
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
        counts[name] = max(1, int(seconds / ROUNDS / max(once, 1e-7)))
    for _ in range(ROUNDS):
        for name, function in functions:
            count = range(counts[name])
            start = time.perf_counter()
            for _ in count:
                function(argument)
            used = (time.perf_counter() - start) / len(count)
            times[name] = min(times.get(name, used), used)
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", required=True)
    parser.add_argument("--sources")
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    found = list(peers(load_port(options.port)))
    names = [name for name, _, _ in found]
    print("%-28s %s" % (sys.version.split()[0], "".join("%12s" % name for name in names)))
    ratios = {"dumps": [], "loads": []}
    for title, value in documents(options.sources):
        if options.only not in title:
            continue
        text = json.dumps(value)
        for operation, argument in (("dumps", value), ("loads", text)):
            functions = [
                (name, dumps if operation == "dumps" else loads) for name, dumps, loads in found
            ]
            times = best(functions, argument, options.seconds)
            figures = "".join(
                "%12.2f" % (times[name] * 1e6) if name in times else "%12s" % "-" for name in names
            )
            beside = ""
            if "ujson" in times:
                ratio = times["ujson"] / times["port"]
                ratios[operation].append(ratio)
                beside = "   %5.2f times as fast as ujson" % ratio
            print("%-28s %s%s" % (title + " " + operation, figures, beside))
    for operation, values in ratios.items():
        if values:
            product = 1.0
            for value in values:
                product *= value
            print(
                "%s: %.2f times as fast as ujson (geometric mean)"
                % (operation, product ** (1 / len(values)))
            )


main()
