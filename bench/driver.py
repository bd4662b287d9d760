"""Measures a group of rows for all peers in one process, in nanoseconds per call.

It prints them as JSON, a list of [row, {peer: nanoseconds}].

    python driver.py GROUP REPEATS NAME=MODULE=FOLDER ...

Each row and peer has a function of its own, since the interpreter adapts code to what it calls. The
function has the statement CALLS times in a row, within a loop. The time of an empty loop is
subtracted. The statement itself (pushing the arguments, finding the function, dropping the result)
is measured too, and is the same for all peers. A sample takes about a millisecond, where several
threads run it ten or fifty. The peers take turns, in an order that moves on from repeat to repeat.
The quickest sample of each counts, since disturbances only make a measurement longer.

Threads are spread over the cores in turns and stay there: a system may leave two of them on one
core for as long as a sample takes.
"""

import gc
import importlib
import json
import logging
import os
import queue
import sys
import sysconfig
import threading
from time import perf_counter_ns

import programs

CALLS = 50
SAMPLE_NS = 1_000_000
OBJECTS = 100_000


class Row:
    """A statement, its variables made for a module, and what an expression must give after it."""

    def __init__(
        self, statement, variables, expression, expected, calls=CALLS, parts=1, threads=0,
        shared=False,
    ):
        self.statement, self.variables = statement, variables
        self.expression, self.expected = expression, expected
        # How often the loop has the statement, and how many things of interest each does.
        self.calls, self.parts = calls, parts
        # So many run the loop at once, each with variables of its own unless they are shared. The
        # time is that of all. 0 is the thread that measures, without another.
        self.threads, self.shared = threads, shared
        # Such a statement runs in a coroutine.
        self.awaits = statement.startswith("await ")


def call(name, statement, expected, **values):
    """A function of the module, `f`, called with these values."""
    return Row(
        statement, lambda module: {"f": getattr(module, name), **values}, statement, expected
    )


def of_points(statement, expression, expected, **options):
    """Statements about the module's class `T`, two objects, numbers and a Python class, `S`."""

    def variables(module):
        point = module.Point
        every = {
            "T": point,
            "S": type("S", (point,), {}),
            "p": point(1.5, 2.5),
            "q": point(10.0, 20.0),
            "x": 1.5,
            "y": 2.5,
            "many": range(OBJECTS),
        }
        names = compile(statement, "", "exec").co_names
        inner = [
            code for code in compile(statement, "", "exec").co_consts if hasattr(code, "co_names")
        ]
        names += sum((code.co_names for code in inner), ())
        return {name: value for name, value in every.items() if name in names}

    return Row(statement, variables, expression, expected, **options)


def on_threads(rows, **options):
    """Each row by 1, 2, 4 and 8 threads."""
    return {
        f"{name}, {count}": Row(
            statement,
            lambda module, name=name, values=values: {"f": getattr(module, name), **values},
            statement,
            expected,
            threads=count,
            **options,
        )
        for name, statement, expected, values in rows
        for count in (1, 2, 4, 8)
    }


def of_numbers(name, numbers, expression, expected, statement="f(l)"):
    return Row(
        statement,
        lambda module: {"f": getattr(module, name), "l": list(numbers)},
        expression,
        expected,
    )


def awaited(name):
    """`await` of a coroutine of the module's, in a coroutine of Python's."""
    return Row(
        "await f(a, b)",
        lambda module: {"f": getattr(module, name), "a": 1000, "b": 2000},
        "await f(a, b)",
        3000,
    )


def of_records(function, count, others):
    """Records of the crate `log`. `others` is the level of a logger that does not get them."""

    def variables(module):
        logger = logging.getLogger("bench")
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.handlers[:] = [logging.NullHandler()]
        logging.getLogger("others").setLevel(others)
        return {"f": getattr(module, function), "n": count}

    return Row("f(n)", variables, "f(n)", count, calls=1, parts=count)


def of_arrays(function, make, expected):
    """A function of an array of numpy or pyarrow, which `make` makes of both modules."""

    def variables(module):
        import numpy
        import pyarrow

        return {"f": getattr(module, function), "x": make(numpy, pyarrow)}

    return Row("f(x)", variables, "f(x)", expected)


def texts(count):
    return [f"text {number}" for number in range(count)]


def of_a_program(name, attribute, expected):
    """A program of `programs.py`, compiled anew for each peer, as code adapts to what it calls."""

    def variables(module):
        with open(programs.__file__, encoding="utf-8") as file:
            namespace = {}
            exec(compile(file.read(), programs.__file__, "exec"), namespace)
        return {"f": namespace[name], "x": getattr(module, attribute)}

    return Row("f(x)", variables, "f(x)", expected, calls=1)


FLOATS = [number + 0.5 for number in range(1000)]

GROUPS = {
    "calls": {
        "noargs": call("noargs", "f()", None),
        "identity": call("identity", "f(x)", "an object", x="an object"),
        "add": call("add", "f(a, b)", 3000, a=1000, b=2000),
        "add_ints": call("add_ints", "f(a, b)", 3000, a=1000, b=2000),
        "keywords": call("keywords", "f(a, c=b)", 3010, a=1000, b=2000),
        "str_len": call("str_len", "f(x)", 29, x="a text of some thirty letters"),
        "str_made": call("str_made", "f()", "a text of some thirty letters"),
        "list_sum": call("list_sum", "f(x)", sum(range(1000, 2000)), x=list(range(1000, 2000))),
        "sequence_sum": call(
            "sequence_sum", "f(x)", sum(range(1000, 2000)), x=tuple(range(1000, 2000))
        ),
        "attribute": call("attribute", "f(x)", 1000, x=1000),
        "dict_made": call("dict_made", "f(n)", dict(zip(range(100), range(1000, 1100))), n=100),
        "call_back": call("call_back", "f(g, x)", "an object", g=lambda x: x, x="an object"),
    },
    "types": {
        "new": of_points("T(x, y)", "T(x, y).y", 2.5),
        "member": of_points("p.x", "p.x", 1.5),
        "set_member": of_points("p.x = y", "p.x", 2.5),
        "getter": of_points("p.squared", "p.squared", 8.5),
        "method": of_points("p.square()", "p.square()", 8.5),
        "method_o": of_points("p.dot(q)", "p.dot(q)", 65.0),
        "method_args": of_points("p.shift(x, y)", "p.shift(x, y)", None),
        "operator": of_points("p + q", "(p + q).y", 22.5),
        "call": of_points("p(x)", "p(x)", 4.75),
        "alloc_free": of_points(
            "[T(x, y) for _ in many]", "many[-1]", OBJECTS - 1, calls=1, parts=OBJECTS
        ),
        "subclass": of_points("S(x, y)", "S(x, y).y", 2.5),
    },
    "numbers": {
        "read_floats": of_numbers("sum_floats", FLOATS, "f(l)", sum(FLOATS)),
        "read_ints": of_numbers("sum_ints", range(1000, 2000), "f(l)", sum(range(1000, 2000))),
        "write_floats": of_numbers("negate", FLOATS, "l[-1]", -FLOATS[-1]),
        # The copy shares its floats with the list, so they cannot be given other values in place.
        "write_shared": of_numbers(
            "negate", FLOATS, "(lambda m: [f(m), m[-1], l[-1]])(l[:])",
            [None, -FLOATS[-1], FLOATS[-1]], "f(l[:])"
        ),
    },
    "coroutines": {
        "await_ready": awaited("add"),
        "next_ready": call("add", "next(f(a, b), None)", None, a=1000, b=2000),
        "await_later": awaited("add_later"),
    },
    "threads": on_threads([
        ("noargs", "f()", None, {}),
        ("add_ints", "f(a, b)", 3000, {"a": 1000, "b": 2000}),
        ("keywords", "f(a, c=b)", 3010, {"a": 1000, "b": 2000}),
        ("str_made", "f()", "a text of some thirty letters", {}),
    ]),
    "objects": {
        f"{name}, {count}": of_points(
            statement, expression, expected, threads=count, shared=name == "method_shared"
        )
        for name, statement, expression, expected in [
            ("new", "T(x, y)", "T(x, y).y", 2.5),
            ("getter", "p.squared", "p.squared", 8.5),
            ("method", "p.square()", "p.square()", 8.5),
            ("operator", "p + q", "(p + q).y", 22.5),
            ("method_shared", "p.square()", "p.square()", 8.5),
        ]
        for count in (1, 2, 4, 8)
    },
    "parallel": {
        **on_threads([("away", "f()", None, {})]),
        **on_threads([
            ("detached", "f(n)", 2262, {"n": 20_000}),
            ("on_all_cores", "f(n)", 2262, {"n": 20_000}),
        ], calls=1),
    },
    # By hand: bench/peers/logging and bench/peers/pyo3_log.
    "logging": {
        "in_no_logger": of_records("debug", 1000, logging.NOTSET),
        "in_another_logger": of_records("debug", 1000, logging.DEBUG),
        "kept": of_records("info", 10, logging.NOTSET),
    },
    "programs": {
        "trees": of_a_program("trees", "Node", 2986),
        "pendulum": of_a_program(
            "pendulum", "zeros", [0.356411882, 0.410864356, 2.150189049, 1.609638256]
        ),
    },
    "arrays": {
        "numbers": of_arrays("array", lambda _, pa: pa.array(range(1000)), 1000),
        "nulls": of_arrays("array", lambda _, pa: pa.array([1, None] * 500), 1000),
        "texts": of_arrays("array", lambda _, pa: pa.array(texts(1000)), 1000),
        "unvalidated": of_arrays("unvalidated", lambda _, pa: pa.array(texts(1000)), 1000),
        "batch": of_arrays("batch", lambda _, pa: pa.record_batch({"x": [1], "y": [2.0]}), 1),
        "table": of_arrays("table", lambda _, pa: pa.table({"x": [1], "y": [2.0]}), 1),
        "given": Row(
            "f().__arrow_c_array__()",
            lambda module: {"f": module.make},
            "len(f().__arrow_c_array__())",
            2,
        ),
        "numpy_view": of_arrays("view", lambda np, _: np.zeros((10, 20)), 200),
    },
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


def loop(row, variables):
    """A function that runs the statement `calls` times per item, and returns the nanoseconds."""
    body = "\n        ".join([row.statement] * row.calls)
    kind = "async def" if row.awaits else "def"
    source = f"""
{kind} timed(items, {', '.join(variables) or '_=None'}):
    start = clock()
    for _ in items:
        {body}
    return clock() - start
"""
    namespace = {"clock": perf_counter_ns}
    exec(source, namespace)
    timed = namespace["timed"]
    if row.awaits:
        return lambda times: finish(timed(range(times), *variables.values()))
    return lambda times: timed(range(times), *variables.values())


def at_once(loops):
    """A function that runs all of them at once, each on its thread, and returns the nanoseconds."""
    turns, ends = [queue.SimpleQueue() for _ in loops], queue.SimpleQueue()
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []

    def work(run, turns, number):
        if cores:
            os.sched_setaffinity(0, {cores[number % len(cores)]})
        while True:
            run(turns.get())
            ends.put(None)

    for number, (run, own) in enumerate(zip(loops, turns)):
        threading.Thread(target=work, args=(run, own, number), daemon=True).start()

    def timed(times):
        start = perf_counter_ns()
        for own in turns:
            own.put(times)
        for _ in turns:
            ends.get()
        return perf_counter_ns() - start

    return timed


def finish(coroutine):
    """Runs a coroutine that only ever lets others run."""
    while True:
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value


def empty(items):
    start = perf_counter_ns()
    for _ in items:
        pass
    return perf_counter_ns() - start


def check(peer, name, row, module):
    variables = row.variables(module)
    if row.statement != row.expression:
        exec(row.statement, variables)
    if row.awaits:
        exec(f"async def once():\n    return {row.expression}", variables)
        found = finish(variables["once"]())
    else:
        found = eval(row.expression, variables)
    if found != row.expected:
        raise SystemExit(f"{peer}: {name} gives {found!r}, not {row.expected!r}")


def crashes(peer, row):
    """Whether PyPI's hpy 0.9.0 crashes: where Python derives from a type with `HPy_tp_call`."""
    return COUNTS_REFERENCES and peer.startswith("HPy C") and row == "subclass"


def measure(name, row, peers, repeats):
    loops = {}
    for peer, module in peers.items():
        if crashes(peer, name):
            continue
        check(peer, name, row, module)
        loops[peer] = loop(row, row.variables(module))
        if row.threads:
            one = row.variables(module)
            others = [
                loop(row, one if row.shared else row.variables(module)) for _ in range(row.threads)
            ]
            loops[peer] = at_once(others)
    # Beside it, what it takes to wake all threads is little, and to spread those that work.
    sample = SAMPLE_NS * (10 if row.calls > 1 else 50) if row.threads else SAMPLE_NS
    # The interpreter has adapted the code after a few rounds, a JIT after some milliseconds.
    times = 1
    for run in loops.values():
        start = perf_counter_ns()
        while perf_counter_ns() - start < sample * WARM_UP:
            run(20 if row.calls > 1 else 1)
        rounds = 4 if row.calls > 1 else 1
        times = max(times, sample * rounds // max(1, min(run(rounds) for _ in range(3))))
    best = dict.fromkeys(loops, float("inf"))
    order = list(loops)
    for _ in range(repeats):
        for peer in order:
            best[peer] = min(best[peer], loops[peer](times))
        order.append(order.pop(0))
    overhead = min(empty(range(times)) for _ in range(10))
    return {
        peer: (total - overhead) / (times * row.calls * row.parts * max(1, row.threads))
        for peer, total in best.items()
    }


COUNTS_REFERENCES = sys.implementation.name == "cpython"
# Samples that a row of a peer is run for before it counts.
WARM_UP = 2 if COUNTS_REFERENCES else 300


def main():
    group, repeats, *arguments = sys.argv[1:]
    peers = {}
    for argument in arguments:
        peer, name, folder = argument.split("=", 2)
        peers[peer] = load(name, folder)
    # Elsewhere, nothing would be freed any more.
    if COUNTS_REFERENCES:
        gc.disable()
    # On a build without the GIL no peer turns it on.
    free_threaded = sysconfig.get_config_var("Py_GIL_DISABLED")
    if free_threaded and sys._is_gil_enabled():
        raise SystemExit("a peer has turned the GIL on")
    rows = GROUPS[group]
    result = [(name, measure(name, row, peers, int(repeats))) for name, row in rows.items()]
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
