"""Every way of calling a method, and what comes of calling it wrong."""

import hello


def show(text, call):
    try:
        print(text, "=", repr(call()))
    except Exception as error:
        print(text, "raises", type(error).__name__ + ":", error)


# No arguments, one argument, several, keywords.
show("hello()", lambda: hello.hello())
show("double(21)", lambda: hello.double(21))
show("divide(1, 8)", lambda: hello.divide(1, 8))
show("greet('world')", lambda: hello.greet("world"))
show("greet('world', times=2, end='.')", lambda: hello.greet("world", times=2, end="."))

# Errors of the caller's, and of the function's own.
show("double('21')", lambda: hello.double("21"))
show("double(2**62)", lambda: hello.double(2**62))
show("divide(1)", lambda: hello.divide(1))
show("divide(1, 0)", lambda: hello.divide(1, 0))
show("greet('world', start='?')", lambda: hello.greet("world", start="?"))
show("greet('world', -1)", lambda: hello.greet("world", -1))
