"""Types of the standard library and of other crates, there and back.

The errors for values that do not fit are checked too.
"""

import collections
import datetime
import decimal
import enum
import fractions
import ipaddress
import os
import pathlib
import sys
import types
import uuid
import zoneinfo
from datetime import date, time, timedelta, timezone

import ecosystems
import pytest

DateTime = datetime.datetime
utc = timezone.utc
east = timezone(timedelta(hours=5, minutes=30))


def refused(function, value, error, text=""):
    with pytest.raises(error) as caught:
        function(value)
    assert type(caught.value) is error
    message = str(caught.value)
    assert text in message, message
    return message


# Of Rust's standard library


def test_nonzero():
    assert ecosystems.echo_nonzero(255) == 255
    refused(ecosystems.echo_nonzero, 0, ValueError, "must not be zero")
    refused(ecosystems.echo_nonzero, 256, OverflowError)


def test_integers_with_other_arithmetic():
    class Index:
        def __index__(self):
            return 7

    for function, least, most in [
        (ecosystems.echo_saturating, 0, 255),
        (ecosystems.echo_wrapping, -(2**127), 2**127 - 1),
    ]:
        for value in [least, least + 1, 0, 1, most - 1, most]:
            assert function(value) == value
            assert type(function(value)) is int
        assert function(True) == 1
        assert function(Index()) == 7
        # Refused, not saturated or wrapped.
        for value in [least - 1, most + 1, 10**400]:
            refused(function, value, OverflowError)
        for value in [1.0, "1", None, [1]]:
            refused(function, value, TypeError)


def test_sequences():
    assert ecosystems.echo_deque(collections.deque([1, 2])) == [1, 2]
    assert ecosystems.echo_boxed(b"\0a") == b"\0a"


def test_names_of_files():
    raw = os.fsdecode(b"\xff\x80name") if os.name == "posix" else "name"
    for name in ["", "name", "naïve 𝔘", raw, "a\nb"]:
        assert ecosystems.echo_os(name) == name
        assert ecosystems.echo_path(name) == pathlib.Path(name)
    assert ecosystems.echo_os(b"bytes") == "bytes"
    assert ecosystems.echo_os(pathlib.Path("a") / "b") == os.path.join("a", "b")
    assert ecosystems.echo_path(pathlib.PurePath("a/../b")) == pathlib.Path("a/../b")

    class Path:
        def __fspath__(self):
            return "from within"

    assert ecosystems.echo_path(Path()) == pathlib.Path("from within")
    for value in [1, None, ["a"]]:
        refused(ecosystems.echo_os, value, TypeError)
        refused(ecosystems.echo_path, value, TypeError)


@pytest.mark.skipif(os.name != "posix", reason="names of files are Unicode on this system")
def test_surrogates_that_are_no_bytes():
    with pytest.raises(UnicodeEncodeError):
        ecosystems.echo_os("\ud800")


def test_addresses():
    for text in [
        "127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "::ffff:1.2.3.4", "fe80::1",
    ]:
        address = ipaddress.ip_address(text)
        assert ecosystems.echo_ip(address) == ecosystems.echo_ip(text) == address
        own, other = (ecosystems.echo_ipv4, ecosystems.echo_ipv6)[
            :: 1 if address.version == 4 else -1
        ]
        assert own(address) == own(text) == address
        refused(other, address, ValueError, "must be an IPv")
    refused(ecosystems.echo_ip, "1.2.3", ValueError)
    refused(ecosystems.echo_ip, 1, TypeError, "ipaddress.IPv4Address")


DELTAS = [
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(days=999999999, seconds=86399, microseconds=999999),
    timedelta(1.5),
]


def test_durations():
    for delta in DELTAS:
        assert ecosystems.echo_duration(delta) == delta
        for function in [ecosystems.chrono_delta, ecosystems.jiff_delta]:
            assert function(delta) == delta
            if delta < timedelta(days=999999999):
                assert function(-delta) == -delta
    refused(ecosystems.echo_duration, -timedelta(microseconds=1), ValueError, "negative")
    for function in [ecosystems.echo_duration, ecosystems.chrono_delta, ecosystems.jiff_delta]:
        refused(function, 1, TypeError, "must be timedelta, not int")
    with pytest.raises(OverflowError):
        ecosystems.too_long()


MOMENTS = [
    DateTime(1970, 1, 1, tzinfo=utc),
    DateTime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=utc),
    DateTime(2024, 2, 29, 1, 2, 3, 4, tzinfo=east),
    DateTime(1, 1, 2, tzinfo=utc),
    # The last that jiff has.
    DateTime(9999, 12, 30, 22, 0, 0, 999999, tzinfo=utc),
    DateTime(2024, 1, 1, tzinfo=timezone(timedelta(seconds=-1))),
]


def before_windows(moment):
    """Whether the clock of the system, which is Windows, begins later."""
    return sys.platform == "win32" and moment < DateTime(1601, 1, 1, tzinfo=utc)


def test_moments():
    for moment in MOMENTS:
        for function in [
            ecosystems.echo_system_time, ecosystems.chrono_utc, ecosystems.jiff_timestamp,
        ]:
            if before_windows(moment) and function is ecosystems.echo_system_time:
                refused(function, moment, OverflowError, "clock does not reach")
                continue
            assert function(moment) == moment
            assert function(moment).tzinfo is utc
    for function in [
        ecosystems.echo_system_time, ecosystems.chrono_utc, ecosystems.chrono_fixed,
        ecosystems.jiff_timestamp, ecosystems.jiff_zoned,
    ]:
        refused(function, DateTime(2024, 1, 1), TypeError, "naive")
        refused(function, date(2024, 1, 1), TypeError, "must be datetime, not")
        refused(function, 0.0, TypeError, "must be datetime, not float")


# Of Python's standard library


def test_what_is_made():
    moment = DateTime(2024, 2, 29, 1, 2, 3, 4, timezone(timedelta(hours=1)))
    assert ecosystems.made() == [
        date(2024, 2, 29),
        time(1, 2, 3, 4),
        moment,
        timedelta(-1, 2, 3),
        decimal.Decimal("1.10"),
        fractions.Fraction(-3, 2),
        uuid.UUID(int=2**128 - 1),
    ]
    assert ecosystems.made()[2].utcoffset() == timedelta(hours=1)
    with pytest.raises(ValueError):
        ecosystems.no_date()


def test_parts_of_datetimes():
    assert ecosystems.parts(DateTime(2024, 2, 29, 1, 2, 3, 4, east, fold=1)) == [
        2024, 2, 29, 1, 2, 3, 4, 1, 19800,
    ]
    assert ecosystems.parts(DateTime(1, 1, 1)) == [1, 1, 1, 0, 0, 0, 0, 0, -1]
    assert ecosystems.in_zone(DateTime(2024, 1, 1, tzinfo=utc), east) == DateTime(
        2024, 1, 1, tzinfo=utc
    )
    assert ecosystems.in_zone(DateTime(2024, 1, 1, tzinfo=utc), east).tzinfo is east
    assert ecosystems.days(date(2024, 1, 1), date(2025, 1, 1)) == 366
    refused(ecosystems.parts, date(2024, 1, 1), TypeError, "must be datetime, not")


def test_exact_numbers():
    for text in ["1.10", "NaN", "-0", "1E+400", "-Infinity"]:
        assert ecosystems.decimal_text(decimal.Decimal(text)) == text
    assert ecosystems.fraction_parts(fractions.Fraction(10**400, 3)) == (10**400, 3)
    assert ecosystems.uuid_int(uuid.UUID(int=7)) == 7
    refused(ecosystems.decimal_text, 1.5, TypeError, "must be Decimal, not float")
    refused(ecosystems.fraction_parts, 1, TypeError, "must be Fraction, not int")
    refused(ecosystems.uuid_int, "7", TypeError, "must be UUID, not str")


def test_members_of_enums():
    class Color(enum.Enum):
        RED = "r"

    class Number(enum.IntEnum):
        ONE = 1

    assert ecosystems.enum_parts(Color.RED) == ("RED", "r")
    assert ecosystems.enum_parts(Number.ONE) == ("ONE", 1)
    refused(ecosystems.enum_parts, Color, TypeError, "must be Enum, not")
    refused(ecosystems.enum_parts, 1, TypeError, "must be Enum, not int")


# Of other crates


INTS = [
    0, 1, -1, 2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**400, -(10**400), 2**127,
    -(2**127), 255, 256, -128, -129,
]


def test_ints_of_any_size():
    class Int(int):
        def to_bytes(self, *args, **kwargs):
            raise AssertionError("an int's value is read, not asked for")

        bit_length = to_bytes

    class Index:
        def __index__(self):
            return 10**30

    for value in INTS:
        assert ecosystems.echo_bigint(value) == value
        assert ecosystems.echo_bigint(Int(value)) == value
        if value >= 0:
            assert ecosystems.echo_biguint(value) == value
        else:
            refused(ecosystems.echo_biguint, value, OverflowError, "negative")
    assert ecosystems.echo_bigint(Index()) == 10**30
    assert ecosystems.echo_bigint(True) == 1
    refused(ecosystems.echo_bigint, 1.0, TypeError)
    refused(ecosystems.echo_bigint, "1", TypeError)


def test_complex():
    for value in [0j, 1 + 2j, complex("nan"), complex("-inf"), complex(-0.0, -0.0)]:
        assert repr(ecosystems.echo_complex(value)) == repr(value)
    assert ecosystems.echo_complex(2) == 2 + 0j
    assert ecosystems.echo_complex(fractions.Fraction(1, 2)) == 0.5
    refused(ecosystems.echo_complex, "1j", TypeError, "must be complex, not str")
    refused(ecosystems.echo_complex, None, TypeError)


def test_uuids():
    for value in [0, 1, 2**64, 2**128 - 1]:
        assert ecosystems.echo_uuid(uuid.UUID(int=value)) == uuid.UUID(int=value)
    refused(ecosystems.echo_uuid, "0" * 32, TypeError, "must be UUID, not str")


@pytest.mark.parametrize("crate", ["chrono", "jiff"])
def test_dates_and_times(crate):
    def echo(name):
        return getattr(ecosystems, f"{crate}_{name}")

    for value in [date.min, date.max, date(2024, 2, 29)]:
        assert echo("date")(value) == value
    assert echo("date")(DateTime(2024, 2, 29, 5)) == date(2024, 2, 29)
    for value in [time.min, time.max, time(1, 2, 3, 4)]:
        assert echo("time")(value) == value
    for value in [DateTime.min, DateTime.max, DateTime(2024, 2, 29, 1, 2, 3, 4)]:
        assert echo("naive")(value) == value
    refused(echo("time"), time(1, tzinfo=utc), TypeError, "without a time zone")
    refused(echo("naive"), DateTime(1, 1, 1, tzinfo=utc), TypeError, "without a time zone")
    for offset in [timedelta(0), timedelta(hours=-12), timedelta(hours=14), timedelta(seconds=1)]:
        assert echo("offset")(timezone(offset)) == timezone(offset)
    refused(echo("offset"), timezone(timedelta(microseconds=1)), ValueError, "whole seconds")
    refused(echo("date"), "2024-01-01", TypeError, "must be date, not str")
    refused(echo("offset"), timedelta(0), TypeError, "must be tzinfo, not timedelta")


@pytest.mark.parametrize("number", [10**6, 2**31, 4 * 10**9, 2**40])
def test_classes_with_more_microseconds_than_there_are(number):
    class Moment(DateTime):
        microsecond = property(lambda self: number)

    class Duration(timedelta):
        microseconds = property(lambda self: number)

    for function in [ecosystems.chrono_naive, ecosystems.jiff_naive]:
        with pytest.raises((ValueError, OverflowError)):
            function(Moment(2024, 1, 2))
    for function in [ecosystems.chrono_delta, ecosystems.jiff_delta]:
        try:
            assert function(Duration(0)) == timedelta(microseconds=number)
        except OverflowError:
            assert number >= 2**32


def test_datetimes_keep_their_offset():
    for moment in MOMENTS:
        for function in [ecosystems.chrono_fixed, ecosystems.jiff_zoned]:
            found = function(moment)
            assert found == moment and found.utcoffset() == moment.utcoffset()
            assert (found.hour, found.day) == (moment.hour, moment.day)


def test_time_zones_with_names():
    try:
        zone = zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("Python finds no data of time zones on this system")
    for moment in [
        DateTime(2024, 7, 1, 12, tzinfo=zone),
        DateTime(2024, 10, 27, 2, 30, tzinfo=zone),
        DateTime(2024, 10, 27, 2, 30, fold=1, tzinfo=zone),
    ]:
        found = ecosystems.jiff_zoned(moment)
        assert found.tzinfo.key == "Europe/Berlin"
        assert (found.utcoffset(), found.fold, found.hour) == (
            moment.utcoffset(), moment.fold, moment.hour,
        )
        found = ecosystems.chrono_fixed(moment)
        assert found.utcoffset() == moment.utcoffset() and found.hour == moment.hour
    refused(ecosystems.chrono_offset, zone, ValueError, "no fixed offset")


def test_what_is_only_given():
    *given, utc_zone, duration, minus, another = ecosystems.borrowed()
    assert given == [{1, 2}, {"a"}, pathlib.Path("a/b"), "a/b"]
    assert utc_zone is utc
    assert duration == timedelta(seconds=1, microseconds=999999)
    # Rounded down, as datetime's own numbers are.
    assert minus == another == timedelta(microseconds=-1)


# serde


RECORD = {
    "name": "ada",
    "age": 36,
    "tags": ["a", "b"],
    "scores": {1: 0.5, -2: 1.0},
    "pair": (-(2**127), "𝔘"),
    "unit": None,
    "new": 7,
    "kinds": [
        "Unit",
        {"New": -1},
        {"Tuple": (1, "x")},
        {"Struct": {"a": 1, "b": {"Struct": {"a": 2, "b": None}}}},
    ],
}


def test_serde_reads_what_it_writes():
    assert ecosystems.serde_record(RECORD) == RECORD
    assert type(ecosystems.serde_record(RECORD)["pair"]) is tuple
    least = {key: value for key, value in RECORD.items() if key != "age"}
    assert ecosystems.serde_record({**least, "more": object()}) == {**RECORD, "age": None}
    assert ecosystems.serde_records({"all": [RECORD, RECORD]}) == {"all": [RECORD, RECORD]}
    for value in RECORD["kinds"]:
        assert ecosystems.serde_tagged(value) == value
    assert ecosystems.serde_any([1, "a", [[], [2]]]) == [1, "a", [[], [2]]]
    for value in [None, True, False]:
        assert ecosystems.serde_option(value) is value
    for value in [0, 2**63, 2**64, 2**127, 2**128 - 1]:
        assert ecosystems.serde_big(value) == value
    assert ecosystems.serde_maps({(1, True): "x"}) == {(1, True): "x"}


def test_serde_takes_what_is_alike():
    for value in [
        [1, 2], (1, 2), range(1, 3), iter([1, 2]), collections.deque([1, 2]), {1: 0, 2: 0}.keys(),
        b"\1\2",
    ]:
        assert ecosystems.serde_ints(value) == [1, 2]
    assert (
        sorted(ecosystems.serde_ints({1, 2}))
        == sorted(ecosystems.serde_ints(frozenset([1, 2])))
        == [1, 2]
    )
    assert ecosystems.serde_record(types.MappingProxyType(RECORD)) == RECORD
    assert (
        ecosystems.serde_bytes(b"\0\xff")
        == ecosystems.serde_bytes(bytearray(b"\0\xff"))
        == [0, 255]
    )
    assert ecosystems.serde_float(3) == 3.0
    assert ecosystems.serde_float(fractions.Fraction(1, 4)) == 0.25


def test_serde_says_where():
    def changed(**changes):
        return {"users": [RECORD, {**RECORD, **changes}]}

    cases = [
        (changed(name=1), TypeError, "users[1].name: invalid type: integer `1`, expected a string"),
        (changed(name=None), TypeError, "users[1].name: invalid type: None, expected a string"),
        (changed(age=256), ValueError, "users[1].age: invalid value: integer `256`, expected u8"),
        (changed(scores={1: "x"}), TypeError, "users[1].scores.1: invalid type"),
        (changed(pair=(1,)), ValueError, "users[1].pair: invalid length 1"),
        (changed(pair=(1, "x", 2)), ValueError, "users[1].pair: invalid length 3"),
        (changed(kinds=["Other"]), ValueError, "users[1].kinds[0]: unknown variant `Other`"),
        (changed(kinds=[{"New": "x"}]), TypeError, "users[1].kinds[0].New: invalid type"),
        (
            changed(kinds=[{"New": 1, "Unit": None}]),
            ValueError,
            "users[1].kinds[0]: invalid value: map",
        ),
        (
            changed(kinds=[{"Struct": {"a": 1, "b": {"New": []}}}]),
            TypeError,
            "users[1].kinds[0].Struct.b.New: invalid type",
        ),
        (
            changed(tags=5),
            TypeError,
            "users[1].tags: invalid type: integer `5`, expected a sequence",
        ),
        ({"odd key": [{}]}, ValueError, "[\"odd key\"][0]: missing field `name`"),
        (
            {"users": object()},
            TypeError,
            "users must be None, bool, int, float, str, bytes, a mapping or an iterable, "
            "not object",
        ),
    ]
    for value, error, text in cases:
        message = refused(ecosystems.serde_records, value, error, text)
        assert message.startswith("serde_records() argument 'value': "), message


def test_serde_passes_errors_on():
    class Raises:
        def __iter__(self):
            raise KeyError("from within")

    with pytest.raises(KeyError, match="from within"):
        ecosystems.serde_ints(Raises())
    with pytest.raises(UnicodeEncodeError):
        ecosystems.serde_any("\ud800")
    refused(ecosystems.serde_big, 2**128, OverflowError)
    refused(ecosystems.serde_big, 10**400, OverflowError)
    refused(ecosystems.serde_unhashable, {(1,): "x"}, TypeError, "unhashable")


def test_serde_is_not_endless():
    endless = []
    endless.append(endless)
    ring = {"a": 1}
    ring["b"] = {"Struct": ring}
    for _ in range(3):
        for function, value in [
            (ecosystems.serde_any, endless), (ecosystems.serde_tagged, {"Struct": ring}),
        ]:
            with pytest.raises(RecursionError):
                function(value)
    nested = 1
    for _ in range(50):
        nested = [nested]
    assert ecosystems.serde_any(nested) == nested
    for _ in range(3):
        with pytest.raises(RecursionError):
            ecosystems.serde_nested(10_000)
    assert ecosystems.serde_nested(50) is None
