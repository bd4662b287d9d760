"""Layouts by the port of kiwisolver beside PyPI's kiwisolver, in one process, in turns.

    python bench/constraint_solvers.py --port FOLDER [--sources FOLDER] [--rounds 20]

FOLDER has the port's built module. The folder of --sources has kiwisolver's unpacked source
archive, for its own benchmark. A time is the best of the rounds, in milliseconds of this thread.
The figure for a whole layout is the sum of its parts.

The two take turns in being first, and garbage is collected before each layout. On PyPy, who wrote
the next layout would pay for it otherwise.

A layout is a row of boxes. A box has two variables, a least width, a preferred width and a place
after the box before it, and prefers to be as wide as the first one. The layout is written
(variables and constraints as Python objects), added to a solver constraint by constraint, resized a
hundred times and taken apart.
"""

import argparse
import gc
import importlib
import math
import os
import sys
import time
import types

RESIZES = 100


def load_port(folder):
    """The port, which has the name of what it replaces: found in its folder alone."""
    path = sys.path[:]
    sys.path[:] = [folder] + path
    try:
        return importlib.import_module("kiwisolver")
    finally:
        sys.path[:] = path
        for name in [name for name in sys.modules if name.split(".")[0] == "kiwisolver"]:
            del sys.modules[name]


def written(kiwi, boxes):
    left = [kiwi.Variable("left%d" % number) for number in range(boxes)]
    right = [kiwi.Variable("right%d" % number) for number in range(boxes)]
    width = kiwi.Variable("width")
    constraints = [left[0] == 0, right[-1] == width]
    for number in range(boxes):
        constraints.append(right[number] - left[number] >= 20)
        constraints.append((right[number] - left[number] == 50 + number % 7) | "weak")
        if number:
            constraints.append(left[number] == right[number - 1] + 5)
            constraints.append((right[number] - left[number] == right[0] - left[0]) | "medium")
    return width, constraints, left + right


def layout(kiwi, boxes):
    """The seconds that each part takes, and where the boxes are."""
    seconds = {}
    clock = time.thread_time
    gc.collect()
    start = clock()
    width, constraints, variables = written(kiwi, boxes)
    seconds["written"] = clock() - start
    solver = kiwi.Solver()
    start = clock()
    solver.addEditVariable(width, "strong")
    for constraint in constraints:
        solver.addConstraint(constraint)
    seconds["added"] = clock() - start
    start = clock()
    for number in range(RESIZES):
        solver.suggestValue(width, 70 * boxes + number * 37 % 400)
        solver.updateVariables()
    seconds["resized"] = clock() - start
    places = [variable.value() for variable in variables]
    start = clock()
    for constraint in constraints:
        solver.removeConstraint(constraint)
    seconds["taken apart"] = clock() - start
    return seconds, places


def own_benchmark(kiwi, sources):
    """kiwisolver's own: a dialog of enaml's, resized. Its runner is replaced by this file's."""
    file = os.path.join(sources, "benchmarks", "enaml_like_benchmark.py")
    given = {}

    class Runner:
        def bench_time_func(self, name, function, *arguments, **options):
            given["run"] = lambda: function(10, *arguments)

    sys.modules["kiwisolver"] = kiwi
    sys.modules["perf"] = types.SimpleNamespace(Runner=Runner, perf_counter=time.thread_time)
    try:
        with open(file, encoding="utf-8") as source:
            exec(compile(source.read(), file, "exec"), {"__name__": "enaml_like_benchmark"})
    finally:
        del sys.modules["kiwisolver"], sys.modules["perf"]
    return given["run"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", required=True)
    parser.add_argument("--sources")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--boxes", type=int, nargs="*", default=[20, 60, 120])
    options = parser.parse_args()
    peers = [load_port(options.port), importlib.import_module("kiwisolver")]
    assert peers[0] is not peers[1]
    sys.modules.pop("kiwisolver")
    best = {}

    def note(title, peer, seconds):
        times = best.setdefault(title, [math.inf, math.inf])
        times[peer] = min(times[peer], seconds)

    order = list(enumerate(peers))
    for _ in range(options.rounds):
        order.append(order.pop(0))
        for boxes in options.boxes:
            found = []
            for peer, kiwi in order:
                seconds, places = layout(kiwi, boxes)
                found.append(places)
                for part, taken in seconds.items():
                    note("%d boxes, %s" % (boxes, part), peer, taken)
            # The constraints determine all places.
            assert all(
                math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-3) for a, b in zip(*found)
            ), found
        if options.sources:
            for peer, kiwi in order:
                note("enaml's dialog, resized", peer, own_benchmark(kiwi, options.sources)())
    print("%-28s %10s %10s" % (sys.version.split()[0], "port", "kiwisolver"))
    for boxes in options.boxes:
        whole = [times for title, times in best.items() if title.startswith("%d boxes," % boxes)]
        best["%d boxes, all of it" % boxes] = [sum(times) for times in zip(*whole)]
    for title, (port, original) in best.items():
        print(
            "%-28s %10.3f %10.3f   %5.2f times as fast"
            % (title, port * 1e3, original * 1e3, original / port)
        )


main()
