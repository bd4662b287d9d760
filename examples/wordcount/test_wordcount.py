"""wordcount agrees with collections.Counter, in sequence and in parallel."""

import argparse
import collections
import os
import re
import subprocess
import sys
import threading

import pytest

import wordcount

HERE = os.path.dirname(os.path.abspath(__file__))


def source():
    """A real text; where the source is not installed, as on some interpreters, this file."""
    path = argparse.__file__
    if not path.endswith(".py"):
        path = __file__
    with open(path, encoding="utf-8") as file:
        return file.read()


TEXTS = {
    "argparse": source(),
    "empty": "",
    "spaces": " \n\t ",
    "one word": "word",
    "one long word": "w" * 1000,
    "unicode": "Größe größe GRÖSSE 蛇 蛇 \U0001f40d naïve naïve",
}


def expected(text):
    return collections.Counter(re.findall(r"\w+", text))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_agrees_with_counter(name):
    text = TEXTS[name]
    counts = wordcount.count(text)
    assert type(counts) is dict
    assert counts == expected(text)
    assert wordcount.total(text) == sum(counts.values())


@pytest.mark.parametrize("threads", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_parallel_agrees(name, threads):
    assert wordcount.count_parallel(TEXTS[name], threads=threads) == expected(TEXTS[name])


def test_argparse_has_words():
    counts = wordcount.count(TEXTS["argparse"])
    assert counts["def"] > 3 and sum(counts.values()) > 300


def test_errors():
    with pytest.raises(ValueError, match="threads must be 1 to 64, not 0"):
        wordcount.count_parallel("", threads=0)
    with pytest.raises(TypeError, match="'text'"):
        wordcount.count(b"bytes")
    with pytest.raises(TypeError):
        wordcount.count_parallel("", 2)
    with pytest.raises(UnicodeEncodeError):
        wordcount.total("\ud800")


@pytest.mark.skipif(
    sys.implementation.name == "graalpy" and sys.implementation.version < (25,),
    reason="GraalPy 24's HPy works on one thread of a process; calls on others are refused",
)
def test_threads_of_python_count_at_once():
    text, found = TEXTS["argparse"] * 5, []
    workers = [
        threading.Thread(target=lambda: found.append(wordcount.count_parallel(text)))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert found == [expected(text)] * 4


def test_main_prints_the_ten_most_frequent():
    found = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=60,
        check=True,
    )
    lines = found.stdout.splitlines()
    assert len(lines) == 12
    top = sorted(expected(source()).items(), key=lambda item: (-item[1], item[0]))[:10]
    if argparse.__file__.endswith(".py"):
        assert lines[:10] == ["%6d  %s" % (count, word) for word, count in top]
    assert lines[11] == "in parallel the same: True"
