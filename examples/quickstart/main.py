"""What the extension does, from Python."""

import quickstart

print("add_ints(40, 2) =", quickstart.add_ints(40, 2))
print("myabs(-1.5) =", quickstart.myabs(-1.5))
print(quickstart.greet("world", times=2))
try:
    quickstart.add_ints(2**63 - 1, 1)
except OverflowError as error:
    print("OverflowError:", error)
try:
    quickstart.add_ints(1)
except TypeError as error:
    print("TypeError:", error)
