"""Values found by chance, the hard ones among them, go through Rust and come back as they were.

Each test draws from a generator of its own, whose seed is the test's name and `HPY_TEST_SEED` (else
0). So a failure names its value and can be repeated. `HPY_TEST_EXAMPLES` is how many values each
test draws. test_properties.py does the same by the package hypothesis. GraalPy takes longer to
import that package than to run all of this.
"""

import datetime
import functools
import ipaddress
import math
import os
import random
import struct
import sys
import uuid
from datetime import date, time, timedelta, timezone

import pytest

import round_trips

graalpy = sys.implementation.name == "graalpy"
EXAMPLES = int(os.environ.get("HPY_TEST_EXAMPLES", "0")) or (30 if graalpy else 150)
SEED = os.environ.get("HPY_TEST_SEED", "0")
WORD = 8 * struct.calcsize("P")

HARD_INTS = [
    0, 1, -1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64, 2**127 - 1, -(2**127),
    2**128 - 1, 10**400, -(10**400),
]
HARD_FLOATS = [
    0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 0.1, 2.0**53 + 2,
]
HARD_TEXTS = [
    "", "\0", "a\0b", "\ufffd", "\uffff", "\U0010ffff", "\x7f\x80\xff", "e\u0301", "𝔘" * 100,
    " \n\t", "x" * 5000,
]


# What is drawn: a function of a generator of chance


def of(*values):
    return lambda chance: chance.choice(values)


def either(*draws):
    return lambda chance: chance.choice(draws)(chance)


def ints(least, most):
    hard = [
        value for value in HARD_INTS + [least, most, least + 1, most - 1] if least <= value <= most
    ]

    def draw(chance):
        kind = chance.randrange(3)
        if kind == 0:
            return chance.choice(hard)
        if kind == 1:
            return chance.randint(least, most)
        # As often small as large.
        value = chance.getrandbits(chance.randint(1, most.bit_length()))
        value = -value if chance.random() < 0.5 else value
        return min(max(value, least), most)

    return draw


def floats(chance):
    if chance.random() < 0.3:
        return chance.choice(HARD_FLOATS)
    return struct.unpack("d", struct.pack("Q", chance.getrandbits(64)))[0]


def single_floats(chance):
    return struct.unpack("f", struct.pack("I", chance.getrandbits(32)))[0]


def chars(chance):
    limit = chance.choice([0x80, 0x100, 0x3000, 0x110000])
    while True:
        point = chance.randrange(limit)
        if not 0xD800 <= point < 0xE000:
            return chr(point)


def texts(chance):
    if chance.random() < 0.3:
        return chance.choice(HARD_TEXTS)
    return "".join(chars(chance) for _ in range(chance.randrange(20)))


def raw(chance):
    return bytes(chance.getrandbits(8) for _ in range(chance.randrange(30)))


def names_of_files(chance):
    return os.fsdecode(raw(chance)) if os.name == "posix" else texts(chance)


def lists(draw, most=6):
    return lambda chance: [draw(chance) for _ in range(chance.randrange(most))]


def tuples(*draws):
    return lambda chance: tuple(draw(chance) for draw in draws)


def dicts(keys, values):
    return lambda chance: {keys(chance): values(chance) for _ in range(chance.randrange(6))}


def sets(draw):
    return lambda chance: set(lists(draw)(chance))


def nested(leaf, around, depth=4):
    """`around` makes a draw of the draw for what is inside."""

    def draw(chance, depth=depth):
        if depth == 0 or chance.random() < 0.4:
            return leaf(chance)
        return around(functools.partial(draw, depth=depth - 1))(chance)

    return draw


def timedeltas(chance):
    if chance.random() < 0.2:
        return chance.choice(
            [timedelta(0), timedelta(microseconds=-1), timedelta(days=-999999999), timedelta.max]
        )
    days = chance.choice([10, 10**5, 999999999])
    return timedelta(
        chance.randint(-days, days),
        chance.randrange(86400),
        chance.randrange(10**6) if days < 10**9 else 0,
    )


def dates(chance):
    if chance.random() < 0.1:
        return chance.choice([date.min, date.max])
    return date.fromordinal(chance.randint(1, date.max.toordinal()))


def times(chance):
    if chance.random() < 0.1:
        return chance.choice([time.min, time.max])
    return time(
        chance.randrange(24), chance.randrange(60), chance.randrange(60), chance.randrange(10**6)
    )


def datetimes(chance):
    return datetime.datetime.combine(dates(chance), times(chance))


# Windows' clock begins with 1601.
FIRST_OF_CLOCK = date(1601, 1, 3) if sys.platform == "win32" else date(1, 1, 3)


def moments(chance, first=date(1, 1, 3)):
    """With an offset; not within two days of the first and last there are."""
    day = date.fromordinal(chance.randint(first.toordinal(), date.max.toordinal() - 3))
    offset = timezone(
        timedelta(
            seconds=chance.choice([0, 1, -1, 3600, -43200, 50400, chance.randint(-86399, 86399)])
        )
    )
    return datetime.datetime.combine(day, times(chance), offset)


def addresses(chance):
    if chance.random() < 0.5:
        return ipaddress.IPv4Address(chance.getrandbits(chance.choice([1, 8, 32])))
    return ipaddress.IPv6Address(chance.getrandbits(chance.choice([1, 8, 32, 64, 128])))


I64 = ints(-(2**63), 2**63 - 1)
SHORT_LISTS = functools.partial(lists, most=4)


def records(inner):
    return lambda chance: {
        "number": either(of(None), I64)(chance),
        "text": texts(chance),
        "inner": chance_of_records(inner, chance),
    }


def chance_of_records(inner, chance):
    return [value for value in SHORT_LISTS(inner)(chance) if value is not None]


def tagged(chance, depth=4):
    kind = chance.randrange(4)
    if kind == 0:
        return "Unit"
    if kind == 1:
        return {"New": ints(-(2**127), 2**127 - 1)(chance)}
    if kind == 2:
        return {"Tuple": (chance.randrange(256), texts(chance))}
    inner = tagged(chance, depth - 1) if depth and chance.random() < 0.7 else None
    return {"Struct": {"a": floats(chance), "b": inner}}


RECORD = nested(of(None), records)
EITHER = nested(
    either(I64, texts, floats, of(None)),
    lambda inner: either(SHORT_LISTS(inner), lambda chance: records(of(None))(chance)),
)
VALUE = nested(
    either(of(None, True, False), ints(-(2**63), 2**64 - 1), floats, texts),
    lambda inner: either(SHORT_LISTS(inner), dicts(texts, inner)),
)

DRAWN = {
    "bool": of(True, False),
    **{f"i{bits}": ints(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64, 128)},
    **{f"u{bits}": ints(0, 2**bits - 1) for bits in (8, 16, 32, 64, 128)},
    "isize": ints(-(2 ** (WORD - 1)), 2 ** (WORD - 1) - 1),
    "usize": ints(0, 2**WORD - 1),
    "saturating": ints(-(2**31), 2**31 - 1),
    "wrapping": ints(0, 2**64 - 1),
    "f32": single_floats,
    "f64": floats,
    "bigint": either(of(*HARD_INTS), ints(-(2**2000), 2**2000)),
    "complex": lambda chance: complex(floats(chance), floats(chance)),
    "text": texts,
    "char": chars,
    "bytes": raw,
    "os_text": names_of_files,
    "option": either(of(None), I64),
    "list": lists(I64, 50),
    "deque": lists(floats),
    "matrix": lists(lists(I64)),
    "tuple": tuples(I64, texts, floats),
    "map": dicts(texts, I64),
    "sorted_map": dicts(I64, lists(texts)),
    "set": sets(I64),
    "sorted_set": sets(texts),
    "duration": lambda chance: max(timedeltas(chance), timedelta(0)),
    "moment": functools.partial(moments, first=FIRST_OF_CLOCK),
    "chrono_date": dates,
    "chrono_time": times,
    "chrono_naive": datetimes,
    "chrono_fixed": moments,
    "chrono_delta": timedeltas,
    "jiff_date": dates,
    "jiff_time": times,
    "jiff_naive": datetimes,
    "jiff_timestamp": moments,
    "jiff_delta": timedeltas,
    "address": addresses,
    "uuid": lambda chance: uuid.UUID(int=ints(0, 2**128 - 1)(chance)),
    "record": lambda chance: records(RECORD)(chance),
    "either": EITHER,
    "serde_value": VALUE,
    "serde_tagged": tagged,
}


def same(a, b):
    """Equal, of one type, with the same NaNs and the same zeroes, all the way down."""
    pairs = [(a, b)]
    while pairs:
        a, b = pairs.pop()
        if type(a) is not type(b):
            return False
        if isinstance(a, float):
            if struct.pack("d", a) != struct.pack("d", b) and not (a != a and b != b):
                return False
        elif isinstance(a, complex):
            pairs += [(a.real, b.real), (a.imag, b.imag)]
        elif isinstance(a, (list, tuple)):
            if len(a) != len(b):
                return False
            pairs += zip(a, b)
        elif isinstance(a, dict):
            if a.keys() != b.keys():
                return False
            pairs += ((a[key], b[key]) for key in a)
        elif a != b:
            return False
    return True


def test_every_function_is_tested():
    assert {f"echo_{name}" for name in DRAWN} == {
        name for name in dir(round_trips) if name.startswith("echo_")
    }


@pytest.mark.parametrize("name", DRAWN)
def test_round_trip(name):
    echo, draw = getattr(round_trips, f"echo_{name}"), DRAWN[name]
    chance = random.Random(f"{name} {SEED}")
    for _ in range(EXAMPLES):
        value = draw(chance)
        assert same(echo(value), value), value


def test_what_is_drawn_differs():
    """A generator that gives one value again and again would test nothing."""
    for name in [
        "i64", "f64", "text", "bytes", "list", "either", "serde_value", "moment", "timedelta",
    ]:
        draw = DRAWN.get(name, timedeltas)
        chance = random.Random(name)
        assert len({repr(draw(chance)) for _ in range(100)}) > 20, name


WRONG = [
    None, True, 1.5, 10**400, "text", b"bytes", [], (), {}, set(), object(), int, ..., "\ud800",
    [[]], range(3), lambda: 0,
]


@pytest.mark.parametrize("name", DRAWN)
def test_other_values_are_refused_or_taken(name):
    """The worst that any value causes is an exception, and the function works as before."""
    echo, draw = getattr(round_trips, f"echo_{name}"), DRAWN[name]
    chance = random.Random(f"other {name} {SEED}")
    others = WRONG + [DRAWN[other](chance) for other in DRAWN]
    for value in others:
        try:
            echo(value)
        except (TypeError, ValueError, OverflowError, LookupError, AttributeError):
            pass
    value = draw(chance)
    assert same(echo(value), value)


@pytest.mark.parametrize("name", ["record", "either", "serde_value"])
def test_what_contains_itself(name):
    echo = getattr(round_trips, f"echo_{name}")
    endless = {"number": 1, "text": "", "inner": []}
    endless["inner"].append(endless)
    with pytest.raises(RecursionError):
        echo(endless)
    deep = {"number": 1, "text": "", "inner": []}
    for _ in range(20):
        deep = {"number": 1, "text": "", "inner": [deep]}
    assert echo(deep) == deep
