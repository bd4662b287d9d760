"""Ports of PyO3 extensions beside the originals, in one process, in turns.

    python3 bench/ports.py NAME [--python PYTHON] [--rounds 30] [--processes 3]

It builds the port (`cargo hpy build --release`, in both ABIs on CPython) and the original (maturin
from PyPI, from the original's source archive). Both have Cargo's own release profile, and the
newest crates. Then PYTHON measures them as bench/driver.py does. A figure says how many times as
fast as the original the port is. In rows named "long" nearly all the time is that of the work.
"""

import argparse
import json
import math
import os
import resource
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKOUT = os.path.dirname(HERE)
WORK = os.path.join(CHECKOUT, "target", "bench", "ports")

# The version, and what the original's module and the port's are called.
PORTS = {
    "jellyfish": ("1.3.0", "jellyfish._rustyfish", "_rustyfish"),
    "blake3": ("1.0.11", "blake3.blake3", "blake3"),
    "nh3": ("0.3.8", "nh3", "nh3"),
}


def jellyfish():
    from driver import call

    words = "The quick brown fox jumps over the lazy dog"
    turtle = "The slow green turtle crawls under the lazy cat"
    # Different at both ends, since equal ends cost little.
    long, other = "x" + "martha dwayne " * 15 + "y", "z" + "marhta duane " * 15 + "w"
    accents, others = "éàü" + "größe straße " * 8 + "ß", "üäö" + "groß straffe " * 8 + "é"
    text = " ".join(["Metaphone", "thoughtful", "knights", "whispering", "quickly"] * 40)

    def of(name, *values):
        # What both give is compared by `main`.
        arguments = {"abc"[place]: value for place, value in enumerate(values)}
        return call(name, "f(%s)" % ", ".join(arguments), None, **arguments)

    return {
        "levenshtein": of("levenshtein_distance", "kitten", "sitting"),
        "damerau": of("damerau_levenshtein_distance", "jellyifhs", "jellyfish"),
        "hamming": of("hamming_distance", "Saturday", "Sunday"),
        "jaro": of("jaro_similarity", "dixon", "dicksonx"),
        "winkler": of("jaro_winkler_similarity", "dixon", "dicksonx"),
        "tolerant": of("jaro_winkler_similarity", "dixon", "dicksonx", True),
        "jaccard": of("jaccard_similarity", words, turtle),
        "parts": of("jaccard_similarity", words, turtle, 3),
        "soundex": of("soundex", "Washington"),
        "metaphone": of("metaphone", "metaphone"),
        "nysiis": of("nysiis", "montgomery"),
        "codex": of("match_rating_codex", "Catherine"),
        "comparison": of("match_rating_comparison", "Catherine", "Kathryn"),
        "levenshtein, é": of("levenshtein_distance", "Frédéric", "Frederick"),
        "soundex, é": of("soundex", "Frédéric"),
        "levenshtein, long": of("levenshtein_distance", long, other),
        "damerau, long": of("damerau_levenshtein_distance", long, other),
        "hamming, long": of("hamming_distance", long, other),
        "jaro, long": of("jaro_similarity", long, other),
        "levenshtein, long, é": of("levenshtein_distance", accents, others),
        "damerau, long, é": of("damerau_levenshtein_distance", accents, others),
        "metaphone, long": of("metaphone", text),
    }


def blake3():
    from driver import Row

    def of(statement, expression=None, **values):
        def variables(module):
            return {"T": module.blake3, "h": module.blake3(b"some bytes"), **values}

        names = set(compile(statement, "", "exec").co_names)

        def used(module):
            return {name: value for name, value in variables(module).items() if name in names}

        return Row(statement, used, expression or statement, None)

    # What `update` leaves depends on how often it ran: it is the same hasher.
    unchanged = "h is h.update(b'')"
    large = bytes(range(256)) * 4096
    return {
        "new": of("T()", "T().digest()"),
        "update": of("h.update(x)", unchanged, x=b"foo"),
        "digest": of("h.digest()"),
        "hexdigest": of("h.hexdigest()"),
        "copy": of("h.copy()", "h.copy().digest()"),
        "reset": of("h.reset()"),
        "one call": of("T(x).digest()", x=b"foo"),
        "keyed": of("T(x, key=k).digest()", x=b"foo", k=bytes(32)),
        "derived": of("T(x, derive_key_context=k).digest()", x=b"foo", k="some context"),
        "bytearray": of("T(x).digest()", x=bytearray(64)),
        "1 KB": of("T(x).digest()", x=large[:1024]),
        "16 KB": of("T(x).digest()", x=large[:16384]),
        "1 MB, long": of("T(x).digest()", x=large),
        "1 MB of a bytearray, long": of("T(x).digest()", x=bytearray(large)),
        "1 MB on two threads, long": of("T(x, max_threads=2).digest()", x=large),
        "digest of 64 KB, long": of("h.digest(65536)"),
    }


def nh3():
    from driver import Row

    tags = {"a", "b", "p", "img"}
    attributes = {"a": {"href"}, "img": {"src", "alt"}}
    page = (
        "<h1>Title</h1><p onclick='run()'>Some <b>bold</b> text, <a href='https://example.com/?a=b"
        "&amp;c' title=x>a link</a>, <img src='/image.png' alt='image' onerror=run()> and a "
        "<script>run('harm')</script><table><tr><td>table<td>of two</table>"
    ) * 20

    def of(statement, cleaner=None, **values):
        def variables(module):
            names = {"f": module.clean, "t": module.clean_text, "i": module.is_html, **values}
            names["T"] = module.Cleaner
            names["c"] = module.Cleaner(**(cleaner or {}))
            used = compile(statement, "", "exec").co_names
            return {name: value for name, value in names.items() if name in used}

        return Row(statement, variables, statement, None)

    return {
        "is_html": of("i(x)", x="plain text"),
        "clean_text": of("t(x)", x="1 < 2 & 3"),
        "clean": of("f(x)", x="<b>bold</b> text"),
        "clean, tags": of("f(x, tags=y)", x="<b>bold</b> text", y=tags),
        "clean, attributes": of(
            "f(x, tags=y, attributes=z)", x="<a href='/'>link</a>", y=tags, z=attributes
        ),
        "new": of("T(tags=y, attributes=z) and 0", y=tags, z=attributes),
        "cleaner": of("c.clean(x)", {"tags": tags}, x="<b>bold</b> text"),
        "filter": of(
            "c.clean(x)",
            {"attribute_filter": lambda tag, name, value: value},
            x="<a href='/' title='x'>link</a>",
        ),
        "clean, long": of("f(x)", x=page),
        "cleaner, long": of("c.clean(x)", {"tags": tags, "attributes": attributes}, x=page),
        "clean_text, long": of("t(x)", x=page),
        "filter, long": of(
            "c.clean(x)", {"attribute_filter": lambda tag, name, value: value}, x=page
        ),
    }


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, **options)


def processor_seconds():
    """What the programs that ended so far took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def original(name, python, key):
    """The folder with the original's module, built from its source archive."""
    version = PORTS[name][0]
    folder = os.path.join(WORK, key, name + "-original")
    if os.path.isdir(folder):
        return folder
    tools = os.path.join(WORK, "tools")
    installed = os.path.join(tools, "bin", "python")
    if not os.path.isfile(installed):
        run(sys.executable, "-m", "venv", tools)
        run(installed, "-m", "pip", "install", "--quiet", "maturin")
    sources = os.path.join(WORK, "sources")
    unpacked = os.path.join(sources, "%s-%s" % (name, version))
    if not os.path.isdir(unpacked):
        backends = os.path.join(CHECKOUT, "tests", "harness", "backends")
        run(
            installed, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
            "--use-pep517", "--no-build-isolation", "--dest", sources, name + "==" + version,
            env=dict(os.environ, PYTHONPATH=backends, PYTHONDONTWRITEBYTECODE="1"),
        )
        shutil.unpack_archive(unpacked + ".tar.gz", sources)
        # The port takes the newest crates too. A checkout is a workspace, which this is no part of.
        os.remove(os.path.join(unpacked, "Cargo.lock"))
        with open(os.path.join(unpacked, "Cargo.toml"), "a", encoding="utf-8") as manifest:
            manifest.write("\n[workspace]\n")
    wheels = os.path.join(WORK, key, "wheels-" + name)
    before = processor_seconds()
    run(
        os.path.join(tools, "bin", "maturin"), "build", "--release", "-i", python, "--out", wheels,
        cwd=unpacked,
        # Its own, so that its build is a cold one.
        env=dict(os.environ, CARGO_TARGET_DIR=os.path.join(WORK, key, "target-" + name)),
    )
    print("%s's original: built in %.0f s of the processor" % (name, processor_seconds() - before))
    (wheel,) = os.listdir(wheels)
    shutil.unpack_archive(os.path.join(wheels, wheel), folder, "zip")
    return folder


def port(name, python, abi, key):
    folder = os.path.join(WORK, key, "%s-%s" % (name, abi))
    run("cargo", "build", "--quiet", "-p", "cargo-hpy", cwd=CHECKOUT)
    target = os.path.join(WORK, key, "target-%s-%s" % (name, abi))
    is_cold = not os.path.isdir(target)
    before = processor_seconds()
    run(
        os.path.join(CHECKOUT, "target", "debug", "cargo-hpy"), "hpy", "build",
        os.path.join("examples", name), "--release", "--abi", abi, "--out", folder,
        *(["--python", python] if abi == "cpython" else []),
        cwd=CHECKOUT, stdout=subprocess.DEVNULL, env=dict(os.environ, CARGO_TARGET_DIR=target),
    )
    if is_cold:
        seconds = processor_seconds() - before
        print("the port, %s: built in %.0f s of the processor" % (abi, seconds))
    return folder


def measured(name, rounds, folders):
    """In this process: [row, {peer: nanoseconds}] of each row."""
    import driver

    modules = {}
    for peer, folder in folders.items():
        modules[peer] = driver.load(PORTS[name][1 if peer == "original" else 2], folder)
    if driver.COUNTS_REFERENCES:
        driver.gc.disable()
    result = []
    for title, row in globals()[name]().items():
        row.expected = eval(row.expression, row.variables(modules["original"]))
        result.append((title, driver.measure(title, row, modules, rounds)))
    return result


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def report(name, best, version):
    peers = [peer for peer in next(iter(best.values())) if peer != "original"]
    print("%s, %s" % (name, version))
    print("| row | original | %s |" % " | ".join(peers))
    ratios = {peer: [] for peer in peers}
    for title, times in best.items():
        for peer in peers:
            ratios[peer].append(times["original"] / times[peer])
        found = " | ".join("%.2f" % ratios[peer][-1] for peer in peers)
        print("| %s | %.0f ns | %s |" % (title, times["original"], found))
    print("| geometric mean | | %s |" % " | ".join("%.2f" % mean(ratios[p]) for p in peers))
    short = [place for place, times in enumerate(best.values()) if times["original"] < 1000]
    if short:
        found = " | ".join("%.2f" % mean([ratios[peer][i] for i in short]) for peer in peers)
        print("| of calls below a microsecond | | %s |" % found)
    computing = [place for place, title in enumerate(best) if ", long" in title]
    if computing:
        found = " | ".join("%.2f" % min(ratios[peer][i] for i in computing) for peer in peers)
        print("| the least of those that compute | | %s |" % found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=sorted(PORTS))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        folders = json.loads(options.measure)
        json.dump([sys.version, measured(options.name, options.rounds, folders)], sys.stdout)
        return
    key, implementation = subprocess.run(
        [
            options.python, "-c",
            "import sys; print(sys.implementation.cache_tag, sys.implementation.name)",
        ],
        check=True, stdout=subprocess.PIPE, universal_newlines=True,
    ).stdout.split()
    folders = {"original": original(options.name, options.python, key)}
    if implementation == "cpython":
        folders["CPython ABI"] = port(options.name, options.python, "cpython", key)
    folders["universal"] = port(options.name, options.python, "universal", "universal")
    best = {}
    for _ in range(options.processes):
        command = [options.python, __file__, options.name, "--measure", json.dumps(folders)]
        done = subprocess.run(
            command + ["--rounds", str(options.rounds)],
            check=True, stdout=subprocess.PIPE, universal_newlines=True,
        )
        version, rows = json.loads(done.stdout)
        for title, times in rows:
            known = best.setdefault(title, times)
            for peer, time in times.items():
                known[peer] = min(known[peer], time)
    report(options.name, best, version.split()[0] + " " + implementation)


if __name__ == "__main__":
    main()
