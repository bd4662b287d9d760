"""Measures the rows of the peers in one process and prints the nanoseconds per call as JSON: a list of
[row, {peer: nanoseconds}].

    python driver.py REPEATS NAME=MODULE=FOLDER ...

Per row and peer there is a function of its own, so that the interpreter, which adapts code to what it calls, does so
for each alone. It calls CALLS times in a row, within a loop; what an empty loop takes is subtracted. The call itself
(pushing the arguments, the interpreter's way to the function, dropping the result) is measured with it, and is the
same for all. A sample takes about a millisecond; the peers take turns, in an order that moves on from repeat to
repeat, and of each the quickest sample counts: what disturbs a measurement only makes it longer.
"""

import gc
import importlib
import json
import sys
from time import perf_counter_ns

CALLS = 50
SAMPLE_NS = 1_000_000

# The statement, what it calls it with, and what must come out.
ROWS = {
    "noargs": ("f()", {}, None),
    "identity": ("f(x)", {"x": "an object"}, "an object"),
    "add": ("f(a, b)", {"a": 1000, "b": 2000}, 3000),
    "add_ints": ("f(a, b)", {"a": 1000, "b": 2000}, 3000),
    "keywords": ("f(a, c=b)", {"a": 1000, "b": 2000}, 3010),
    "str_len": ("f(x)", {"x": "a text of some thirty letters"}, 29),
    "list_sum": ("f(x)", {"x": list(range(1000, 2000))}, sum(range(1000, 2000))),
    "call_back": ("f(g, x)", {"g": lambda x: x, "x": "an object"}, "an object"),
}


def load(name, folder):
    """The module in the folder, also if another of its name is loaded."""
    before = sys.modules.pop(name, None)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)
        sys.modules.pop(name, None)
        if before is not None:
            sys.modules[name] = before


def loop(statement, values):
    """A function that runs the statement CALLS times for each item it is given, and returns the nanoseconds."""
    body = "\n        ".join([statement] * CALLS)
    source = f"""
def timed(items, f, {', '.join(values) or '_=None'}):
    start = clock()
    for _ in items:
        {body}
    return clock() - start
"""
    namespace = {"clock": perf_counter_ns}
    exec(source, namespace)
    timed = namespace["timed"]
    return lambda times, function: timed(range(times), function, *values.values())


def empty(items):
    start = perf_counter_ns()
    for _ in items:
        pass
    return perf_counter_ns() - start


def measure(name, row, peers, repeats):
    statement, values, expected = row
    loops = {}
    for peer, module in peers.items():
        function = getattr(module, name)
        arguments = list(values.values())
        if "c=" in statement:
            found = function(arguments[0], c=arguments[1])
        else:
            found = function(*arguments)
        if found != expected:
            raise SystemExit(f"{peer}: {name} gives {found!r}, not {expected!r}")
        loops[peer] = (loop(statement, values), function)
    # The interpreter has adapted the code after a few rounds.
    times = 1
    for run, function in loops.values():
        run(20, function)
        times = max(times, SAMPLE_NS * 4 // max(1, min(run(4, function) for _ in range(3))))
    best = dict.fromkeys(loops, float("inf"))
    order = list(loops)
    for _ in range(repeats):
        for peer in order:
            run, function = loops[peer]
            best[peer] = min(best[peer], run(times, function))
        order.append(order.pop(0))
    overhead = min(empty(range(times)) for _ in range(10))
    return {peer: (total - overhead) / (times * CALLS) for peer, total in best.items()}


def main():
    repeats, *arguments = sys.argv[1:]
    peers = {}
    for argument in arguments:
        peer, name, folder = argument.split("=", 2)
        peers[peer] = load(name, folder)
    gc.disable()
    result = [(name, measure(name, row, peers, int(repeats))) for name, row in ROWS.items()]
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
