import contextvars, gc, sys, warnings

sys.unraisablehook = lambda unraisable: None
warnings.simplefilter("ignore")
victims = []
# How deep calls of run() are, how many acts are left to all of them, and what they have found.
state = {"level": 0, "acts": 0, "finding": None}
variable = contextvars.ContextVar("variable")


def act(self):
    if state["acts"] <= 0:
        return
    state["acts"] -= 1
    self.n = n = (self.n * 5 + 3) % 256
    victim = victims[n % len(victims)] if victims else []
    what = n % 14
    if what == 0:
        raise KeyError(n)
    elif what == 1:
        raise StopIteration(n)
    elif what == 2:
        victim.clear()
    elif what == 3:
        if len(victim) < 32:
            (
                victim.append(n)
                if hasattr(victim, "append")
                else victim.add(n) if hasattr(victim, "add") else victim.update({n: n})
            )
    elif what == 4:
        victim.pop()
    elif what == 5:
        if isinstance(victim, list):
            victim[:] = [self] * (n % 7)
        elif isinstance(victim, dict):
            for key in list(victim)[1:]:
                del victim[key]
    elif what == 6:
        victims.clear()
    elif what == 7:
        if n & 16:
            gc.collect(0)
    elif what == 8:
        import operations

        operations.run(bytes([n, n >> 1, n >> 2, n >> 3] * (n % 9)))
    elif what == 9:
        raise BaseException(self)
    elif what == 10:
        victim.sort() if isinstance(victim, list) else victim.popitem()
    elif what == 11:
        try:
            raise ValueError(n)
        finally:
            raise TypeError(self)
    elif what == 12:
        self.__class__ = Hostile if type(self) is Other else Other


class Hostile:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        act(self)
        return self.n % 3 == 0

    def __lt__(self, other):
        act(self)
        return self.n % 2 == 0

    def __hash__(self):
        act(self)
        return self.n % 4

    def __index__(self):
        act(self)
        return self.n - 8

    __int__ = __index__

    def __float__(self):
        act(self)
        return self.n / 4

    def __len__(self):
        act(self)
        return 2**62 if self.n == 77 else self.n % 9 - 1

    __length_hint__ = __len__

    def __bool__(self):
        act(self)
        return self.n % 2 == 1

    def __iter__(self):
        act(self)
        return self

    def __next__(self):
        act(self)
        if self.n % 5 == 0 or state["acts"] <= 0:
            raise StopIteration
        return self.n

    def __getitem__(self, key):
        act(self)
        if state["acts"] <= 0:
            raise IndexError(key)
        return self.n if self.n % 3 else self

    def __setitem__(self, key, value):
        act(self)

    __delitem__ = __contains__ = __getitem__

    def keys(self):
        act(self)
        return ["a", self.n] if self.n % 3 else self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        act(self)
        return self.n

    def __call__(self, *args, **keywords):
        act(self)
        return args if self.n % 2 else keywords

    def __repr__(self):
        act(self)
        return "\ud800hostile" if self.n % 4 else 5

    def __format__(self, spec):
        act(self)
        return spec

    def __add__(self, other):
        act(self)
        return NotImplemented if self.n % 2 else other

    __radd__ = __sub__ = __mul__ = __and__ = __iadd__ = __add__

    def __bytes__(self):
        act(self)
        return b"hostile"

    def __buffer__(self, flags):
        act(self)
        return memoryview(bytearray(8)) if self.n % 2 else memoryview(b"12345678")

    def __del__(self):
        act(self)


class Other(Hostile):
    pass


class Text(str):
    def __eq__(self, other):
        act(self)
        return False

    def __hash__(self):
        act(self)
        return 5

    n = 1


class Number(int):
    def __index__(self):
        act(self)
        return 3

    n = 2


class Words(dict):
    def __missing__(self, key):
        act(self)
        return key

    def __iter__(self):
        act(self)
        return iter([1, "a"])

    n = 3


class Row(list):
    def __len__(self):
        act(self)
        return 3

    def __iter__(self):
        act(self)
        return iter((1, 2, 3))

    n = 4


class Failure(Exception):
    def __str__(self):
        act(self)
        return 5

    n = 5


def make(kind, n):
    makers = (
        Hostile,
        Other,
        lambda n: Text("t%d" % n),
        Number,
        lambda n: Words({n: n, "a": 1}),
        lambda n: Row(range(n % 7)),
        Failure,
    )
    return makers[kind % len(makers)](n)
