"""The parts of hpy.debug, and what `python -m hpy.debug` runs.

They use nothing but `hpy.universal._debug`, so they work with every HPy that has a debug mode.
They import each other relatively, so they also run as a package of another name.
"""
