"""Names of a mode that is not there yet."""


def refused(mode, name):
    """A function that says so."""

    def function(*args, **keywords):
        raise NotImplementedError(
            "%s is part of HPy's %s mode, which this version of hpy-rs does not have yet" % (name, mode)
        )

    function.__name__ = function.__qualname__ = name
    return function
