"""The parts of hpy.trace, and what `python -m hpy.trace` runs."""
