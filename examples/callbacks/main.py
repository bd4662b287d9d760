"""Functions of Python's that Rust calls."""

from callbacks import Events, ListenerError, sort_by

events = Events()
events.on("saved", lambda name, size=0: print(name, "was saved,", size, "bytes"))
number = events.on("saved", lambda name, size=0: 1 // size)
print("called:", events.emit("saved", "a.txt", size=12))

try:
    events.emit("saved", "b.txt")
except ListenerError as error:
    print(error.args[0], "-", type(error.__cause__).__name__)

print("removed:", events.off(number), "left:", len(events))
print(sort_by(["ccc", "a", "bb"], len))
