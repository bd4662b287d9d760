"""Sequences of safe operations, made from the bytes of a seed.

A finding raises or ends the process.
"""

import os
import random
import sys

import pytest

import operations

pytestmark = pytest.mark.filterwarnings("ignore")

# Others, and more of them: HPY_OPERATIONS_SEED=5000 HPY_OPERATIONS_SEEDS=1000.
FIRST = int(os.environ.get("HPY_OPERATIONS_SEED", 0))
# GraalPy, which runs everything for the first time here, takes a hundred times as long.
SEEDS = int(
    os.environ.get("HPY_OPERATIONS_SEEDS", 10 if sys.implementation.name == "graalpy" else 20)
)


def sequence(seed):
    chance = random.Random(seed)
    return bytes(chance.choices(range(256), k=chance.choice([20, 100, 400])))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_sequences_end_well(seed):
    for n in range(5):
        assert operations.run(sequence(seed * 1000 + n)) > 0


def test_no_operations():
    assert operations.run(b"") == 0
