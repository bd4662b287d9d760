"""Approximate and phonetic matching of strings."""

from ._rustyfish import *
