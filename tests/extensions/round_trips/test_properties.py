"""Every conversion by hypothesis: its values go through Rust and come back as they were.

The hard values are always among them. test_round_trips.py does the same without hypothesis and runs
everywhere, but a failure here is made smaller before it is shown. `HPY_TEST_EXAMPLES` is how many
values each test draws. `HPY_TEST_SEED` changes them: without it they are always the same.
"""

import os
import struct
import sys
import uuid
from datetime import date, datetime, time, timedelta, timezone
from ipaddress import IPv4Address, IPv6Address

import pytest

if sys.implementation.name == "graalpy":
    pytest.skip(
        "to import hypothesis takes GraalPy 20 to 30 s of processor time, "
        "and 25 cannot: it has no sys.monitoring; "
        "test_round_trips.py draws these values too",
        allow_module_level=True,
    )

from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

import round_trips
from test_round_trips import HARD_FLOATS, HARD_INTS, HARD_TEXTS, WORD, same

SEED = os.environ.get("HPY_TEST_SEED")
# hypothesis is so much code that PyPy's compiler does not catch up with it.
FEW = 10 if sys.implementation.name == "pypy" else 25
SETTINGS = settings(
    max_examples=int(os.environ.get("HPY_TEST_EXAMPLES", "0")) or FEW,
    deadline=None,
    database=None,
    derandomize=SEED is None,
    # On a busy machine, that is what it says.
    suppress_health_check=[HealthCheck.too_slow],
)


def check(values, property, *hard):
    """`property` holds for what is drawn of `values`, and for the `hard` ones."""

    # The name is that of the argument, as hypothesis shows it.
    def holds(value):
        property(value)

    test = SETTINGS(given(values)(holds))
    for value in hard:
        test = example(value)(test)
    if SEED is not None:
        test = seed(SEED)(test)
    test()


def points(most, least=0):
    return st.integers(least, most)


chars = st.one_of(points(0x7F), points(0xD7FF), points(0x10FFFF, 0xE000)).map(chr)
# Letters around which encodings change. The tables that st.text() makes by itself take longer than
# all tests here.
LETTERS = (
    "\0\n '\"\\aZ~\x7f\x80\u00e9\xff\u0100\u0301\u07ff\u0800\ud7ff\ue000\ufeff\ufffd\uffff"
    "\U00010000\U0001f600\U0010ffff"
)
texts = st.text(LETTERS, max_size=20)
texts_with_surrogates = st.text(LETTERS + "\ud800\udbff\udc00\udfff", max_size=20)

INTS = {
    **{f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64, 128)},
    **{f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64, 128)},
    "isize": (-(2 ** (WORD - 1)), 2 ** (WORD - 1) - 1),
    "usize": (0, 2**WORD - 1),
    "saturating": (-(2**31), 2**31 - 1),
    "wrapping": (0, 2**64 - 1),
}
i64 = st.integers(*INTS["i64"])
floats = st.floats()
times = st.times()
dates = st.dates()
naive = st.datetimes()
offsets = st.integers(-86399, 86399).map(lambda seconds: timezone(timedelta(seconds=seconds)))
moments = st.builds(
    lambda naive, offset: naive.replace(tzinfo=offset),
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)),
    offsets,
)
# Windows' clock begins with 1601.
of_the_clock = moments
if sys.platform == "win32":
    first = datetime(1601, 1, 1, tzinfo=timezone.utc)
    of_the_clock = moments.filter(lambda moment: moment >= first)
deltas = st.timedeltas()

records = st.recursive(
    st.builds(
        lambda number, text: {"number": number, "text": text, "inner": []}, st.none() | i64, texts
    ),
    lambda inner: st.fixed_dictionaries(
        {"number": st.none() | i64, "text": texts, "inner": st.lists(inner, max_size=3)}
    ),
    max_leaves=8,
)
either = st.recursive(
    st.one_of(i64, texts, floats, st.none()),
    lambda inner: st.lists(inner, max_size=3) | records,
    max_leaves=8,
)
serde_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), floats, texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
tagged = st.recursive(
    st.one_of(
        st.just("Unit"),
        st.integers(*INTS["i128"]).map(lambda value: {"New": value}),
        st.tuples(st.integers(0, 255), texts).map(lambda pair: {"Tuple": pair}),
    ),
    lambda inner: st.builds(lambda a, b: {"Struct": {"a": a, "b": b}}, floats, st.none() | inner),
    max_leaves=4,
)


def deep(levels):
    value = {"number": None, "text": "\0", "inner": []}
    for _ in range(levels):
        value = {"number": -(2**63), "text": "", "inner": [value]}
    return value


def deep_list(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


# What there is of each type, and what is always among it.
VALUES = {
    "bool": (st.booleans(), True, False),
    "f32": (
        st.floats(width=32),
        *(value for value in HARD_FLOATS if abs(value) in (0.0, float("inf")) or value != value),
    ),
    "f64": (floats, *HARD_FLOATS),
    "bigint": (st.integers(), *HARD_INTS, 2**2000, 10**4000),
    "complex": (st.complex_numbers(), complex(-0.0, float("nan")), complex(float("inf"), -0.0)),
    "char": (chars, "\0", "\ud7ff", "\ue000", "\U0010ffff"),
    "bytes": (st.binary(max_size=40), b"", b"\0", bytes(range(256)), b"\xff" * 5000),
    "os_text": (
        st.binary(max_size=40).map(os.fsdecode) if os.name == "posix" else texts,
        *(["", "\udcff", "a\udc80\u00e9"] if os.name == "posix" else [""]),
    ),
    "option": (st.none() | i64, None, 0, -(2**63)),
    "list": (st.lists(i64, max_size=20), [], [-(2**63), 2**63 - 1], list(range(1000))),
    "deque": (st.lists(floats, max_size=20), [], HARD_FLOATS),
    "matrix": (st.lists(st.lists(i64, max_size=4), max_size=4), [], [[]], [[], [-(2**63)], []]),
    "tuple": (st.tuples(i64, texts, floats), (-(2**63), "\0", float("nan")), (0, "", -0.0)),
    "map": (st.dictionaries(texts, i64, max_size=6), {}, {"": 0, "\0": 1}),
    "sorted_map": (
        st.dictionaries(i64, st.lists(texts, max_size=4), max_size=6),
        {},
        {-(2**63): [], 2**63 - 1: ["\0"]},
    ),
    "set": (st.sets(i64, max_size=6), set(), {-(2**63), 2**63 - 1}),
    "sorted_set": (st.sets(texts, max_size=6), set(), {"", "\0", "\U0010ffff"}),
    "duration": (
        st.timedeltas(min_value=timedelta(0)),
        timedelta(0),
        timedelta.max,
        timedelta(microseconds=1),
    ),
    "moment": (
        of_the_clock,
        datetime(1970, 1, 1, tzinfo=timezone.utc),
        datetime(1969, 12, 31, 23, 59, 59, 999999, timezone.utc),
    ),
    "chrono_date": (dates, date.min, date.max),
    "chrono_time": (times, time.min, time.max),
    "chrono_naive": (naive, datetime.min, datetime.max),
    "chrono_fixed": (moments, datetime(1970, 1, 1, tzinfo=timezone(timedelta(seconds=-86399)))),
    "chrono_delta": (deltas, timedelta.min, timedelta.max, timedelta(microseconds=-1)),
    "jiff_date": (dates, date.min, date.max),
    "jiff_time": (times, time.min, time.max),
    "jiff_naive": (naive, datetime.min, datetime.max),
    "jiff_timestamp": (moments, datetime(1969, 12, 31, 23, 59, 59, 999999, timezone.utc)),
    "jiff_delta": (deltas, timedelta.min, timedelta.max, timedelta(microseconds=-1)),
    "address": (
        st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address),
        IPv4Address("0.0.0.0"),
        IPv6Address("::"),
        IPv6Address("::ffff:1.2.3.4"),
        IPv6Address(2**128 - 1),
    ),
    "uuid": (
        st.integers(0, 2**128 - 1).map(lambda number: uuid.UUID(int=number)),
        uuid.UUID(int=0),
        uuid.UUID(int=2**128 - 1),
    ),
    "record": (records, deep(0), deep(20)),
    "either": (either, None, [], deep(20), deep_list(20), float("nan"), -0.0, -(2**63)),
    "serde_value": (
        serde_values, None, 2**64 - 1, -(2**63), -0.0, {}, {"": {"\0": []}}, deep_list(20),
    ),
    "serde_tagged": (
        tagged,
        "Unit",
        {"New": -(2**127)},
        {"Tuple": (255, "\0")},
        {"Struct": {"a": -0.0, "b": None}},
    ),
}

ALL = sorted(name[len("echo_") :] for name in dir(round_trips) if name.startswith("echo_"))


def test_every_function_has_its_values():
    assert ALL == sorted([*VALUES, *INTS, "text"])


@pytest.mark.parametrize("name", VALUES)
def test_comes_back(name):
    echo = getattr(round_trips, f"echo_{name}")

    def comes_back(value):
        assert same(echo(value), value)

    check(VALUES[name][0], comes_back, *VALUES[name][1:])


@pytest.mark.parametrize("name", INTS)
def test_an_int_comes_back_or_does_not_fit(name):
    echo, (least, most) = getattr(round_trips, f"echo_{name}"), INTS[name]

    def comes_back(value):
        if least <= value <= most:
            assert same(echo(value), value)
        else:
            with pytest.raises(OverflowError):
                echo(value)

    near = (st.integers(edge - 300, edge + 300) for edge in (least, most))
    check(
        st.one_of(st.integers(least, most), st.integers(), *near),
        comes_back,
        *HARD_INTS,
        least,
        most,
        least - 1,
        most + 1,
    )


def test_text_comes_back_or_is_no_unicode():
    def comes_back(value):
        if any("\ud800" <= char <= "\udfff" for char in value):
            with pytest.raises(UnicodeEncodeError):
                round_trips.echo_text(value)
        else:
            assert same(round_trips.echo_text(value), value)

    check(
        texts_with_surrogates,
        comes_back,
        *HARD_TEXTS,
        "\ud800",
        "\udfff",
        "a\ud800\0",
        "\ud83d\ude00",
    )


def test_an_int_becomes_the_float_that_python_makes_of_it():
    def is_pythons(value):
        try:
            expected = float(value)
        except OverflowError:
            with pytest.raises(OverflowError):
                round_trips.echo_f64(value)
        else:
            assert same(round_trips.echo_f64(value), expected)

    check(st.integers(), is_pythons, *HARD_INTS, 2**53 + 1, 2**1024, 2**1024 - 2**970)


def test_a_float_is_rounded_to_the_nearest_single_one():
    def is_nearest(value):
        try:
            expected = struct.unpack("f", struct.pack("f", value))[0]
        except OverflowError:
            expected = float("inf") if value > 0 else -float("inf")
        assert same(round_trips.echo_f32(value), expected)

    check(floats, is_nearest, *HARD_FLOATS, 3.4028235677973366e38, 1e-46)


endless_list = []
endless_list.append(endless_list)
endless_record = {"number": 1, "text": "", "inner": []}
endless_record["inner"].append(endless_record)
OTHERS = [
    None, ..., 10**400, float("nan"), -0.0, "\ud800", "\0", b"", (), {}, set(), [[]], object(), int,
    range(3), endless_list, endless_record,
]

anything = st.one_of(
    either,
    serde_values,
    tagged,
    texts_with_surrogates,
    *(values for values, *_ in VALUES.values()),
)


def test_an_exception_is_the_worst_that_happens():
    def is_taken_or_refused(pair):
        name, value = pair
        try:
            getattr(round_trips, f"echo_{name}")(value)
        except (TypeError, ValueError, OverflowError, LookupError, AttributeError, RecursionError):
            pass

    for pair in ((name, value) for name in ALL for value in OTHERS):
        is_taken_or_refused(pair)
    check(st.tuples(st.sampled_from(ALL), anything), is_taken_or_refused)


@pytest.mark.parametrize("name", ["record", "either", "serde_value"])
def test_what_contains_itself_is_refused(name):
    for endless in endless_list, endless_record:
        with pytest.raises((RecursionError, TypeError, LookupError)):
            getattr(round_trips, f"echo_{name}")(endless)
