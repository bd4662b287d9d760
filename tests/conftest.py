"""What every test of an extension has: see hpy_leaks.py."""

from hpy_leaks import no_leaked_handles  # noqa: F401
