"""Types of crates that are seldom used, there and back."""

import datetime
import decimal
import fractions
import math
import sys
import zoneinfo
from datetime import date, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import ecosystems
import pytest

DateTime = datetime.datetime
utc = timezone.utc


def refused(function, value, error, text=""):
    with pytest.raises(error) as caught:
        function(value)
    assert type(caught.value) is error
    assert text in str(caught.value), caught.value


class Index:
    def __index__(self):
        return 7


def test_bytes():
    for function in [ecosystems.echo_shared_bytes, ecosystems.echo_bytes_mut]:
        for value in [b"", b"a\0b", bytes(range(256)) * 100]:
            for given in [value, bytearray(value), memoryview(value)]:
                assert function(given) == value
                assert type(function(given)) is bytes
        for value in ["a", 1, None, [1, 2]]:
            refused(function, value, TypeError)
    borrowed, same = ecosystems.is_shared(b"bytes that are shared")
    assert same == borrowed


def test_either():
    for value in [0, -(2**63), "a", ""]:
        assert ecosystems.echo_either(value) == value
    with pytest.raises(TypeError) as caught:
        ecosystems.echo_either(1.5)
    assert "no variant of Either fits 'float' object" in str(caught.value)
    assert "- Left: " in str(caught.value) and "- Right: " in str(caught.value)
    for value in [[1, "a"], [], 1.5, None, True]:
        assert ecosystems.echo_nested_either(value) == value
    refused(ecosystems.echo_either, 2**63, TypeError, "Left: OverflowError")

    class Raises:
        def __index__(self):
            raise KeyError("own")

    class Interrupts:
        def __index__(self):
            raise KeyboardInterrupt

    refused(ecosystems.echo_either, Interrupts(), KeyboardInterrupt)
    with pytest.raises((KeyError, TypeError)):
        ecosystems.echo_either(Raises())


def test_maps_and_sets():
    for value in [{}, {"a": [1, 2], "b": []}]:
        assert ecosystems.echo_brown(value) == value
    refused(ecosystems.echo_brown, {1: [1]}, TypeError)
    refused(ecosystems.echo_brown, 1, TypeError, "must be dict, not int")
    for value in [set(), {1, -1, 2**63 - 1}]:
        assert ecosystems.echo_brown_set(value) == value
        assert ecosystems.echo_brown_set(frozenset(value)) == value
    refused(ecosystems.echo_brown_set, [1], TypeError, "must be set, not list")
    value = {key: str(key) for key in [5, 3, 9, -1, 0]}
    assert list(ecosystems.echo_index_map(value).items()) == list(value.items())
    assert ecosystems.first_key({"z": 1, "a": 2}) == "z"
    assert ecosystems.first_key({}) is None
    refused(ecosystems.echo_index_map, {"a": "a"}, TypeError)


def test_small_vectors():
    for value in [[], ["a"], ["a", "b"], ["a", "b", "c"] * 10]:
        assert ecosystems.echo_small(value) == value
        assert ecosystems.echo_small(tuple(value)) == value
    refused(ecosystems.echo_small, "ab", TypeError, "not str")
    refused(ecosystems.echo_small, ["a", 1], TypeError, "item 1")
    for value in [b"", b"abcd", b"abcde"]:
        assert ecosystems.echo_small_bytes(value) == value
        assert ecosystems.echo_small_bytes(list(value)) == value


DECIMALS = ["0", "1", "-1", "1.10", "-0.000", "79228162514264337593543950335", "1E+3", "1.5E+3",
            "1E-28", "0.1234567890123456789012345678"]


def test_decimals():
    for text in DECIMALS:
        value = Decimal(text)
        assert ecosystems.echo_decimal(value) == value, text
        found = ecosystems.echo_big_decimal(value)
        assert found == value
        assert found.as_tuple()[1:] == value.as_tuple()[1:], text
    assert str(ecosystems.echo_decimal(Decimal("1.10"))) == "1.10"
    for text in ["1E+400", "-1.25E-1000", "9" * 200, "1." + "3" * 200]:
        value = Decimal(text)
        assert ecosystems.echo_big_decimal(value) == value
        refused(ecosystems.echo_decimal, value, ValueError, "rust_decimal needs a number with as")
    for function in [ecosystems.echo_decimal, ecosystems.echo_big_decimal]:
        assert function(7) == Decimal(7) and type(function(7)) is Decimal
        for text in ["NaN", "sNaN", "Infinity", "-Infinity"]:
            refused(function, Decimal(text), ValueError, "needs a finite number, not ")
        for value in [1.0, "1", None, True, Fraction(1)]:
            refused(function, value, TypeError, "must be Decimal, not ")

    class Loud(Decimal):
        def __str__(self):
            return "5"

    assert ecosystems.echo_decimal(Loud(1)) == 1
    assert ecosystems.echo_big_decimal(Decimal("1E+1000000")) == Decimal("1E+1000000")
    # More digits than Python writes of an int.
    if sys.implementation.name == "cpython":
        # Elsewhere Decimal is written in Python, and goes by a text of the int.
        huge = 10**5000
        assert ecosystems.echo_big_decimal(huge) == Decimal(huge)
        refused(ecosystems.echo_decimal, huge, ValueError, "rust_decimal needs a number with as")


def test_decimals_do_not_depend_on_the_context():
    with decimal.localcontext() as context:
        context.prec = 3
        context.capitals = 0
        value = Decimal("123456.789")
        assert str(ecosystems.echo_decimal(value)) == "123456.789"
        assert str(ecosystems.echo_big_decimal(value)) == "123456.789"
        assert ecosystems.echo_decimal(Decimal("1e+3")) == 1000
        assert ecosystems.echo_big_decimal(Decimal("1e+3")) == 1000


def test_fractions():
    for function, least, most in [
        (ecosystems.echo_ratio, -(2**63), 2**63 - 1),
        (ecosystems.echo_small_ratio, -128, 127),
        (ecosystems.echo_unsigned_ratio, 0, 2**128 - 1),
        (ecosystems.echo_big_ratio, -(10**100), 10**100),
    ]:
        for value in [Fraction(least), Fraction(most), Fraction(most, 2), Fraction(1, most)]:
            if value.denominator <= most:
                assert function(value) == value
                assert type(function(value)) is Fraction
        if least:
            assert function(Fraction(least, most)) == Fraction(least, most)
        assert function(5) == 5
        for value in [0.5, "1/2", Decimal(1), None]:
            refused(function, value, TypeError, "must be Fraction, not ")
    refused(ecosystems.echo_small_ratio, Fraction(128), OverflowError)
    refused(ecosystems.echo_small_ratio, Fraction(1, 128), OverflowError)
    refused(ecosystems.echo_unsigned_ratio, Fraction(-1), OverflowError)

    class Odd(Fraction):
        denominator = property(lambda self: self.below)
        numerator = property(lambda self: -128)

    for below in [0, -1, -128]:
        odd = Odd(1)
        odd.below = below
        refused(ecosystems.echo_small_ratio, odd, ValueError, "the denominator must be positive")
        refused(ecosystems.echo_big_ratio, odd, ValueError, "the denominator must be positive")
    odd.below = 64
    assert ecosystems.echo_small_ratio(odd) == -2


def test_floats_with_an_order():
    for value in [0.0, -1.5, math.inf]:
        assert ecosystems.echo_ordered(value) == value
        assert ecosystems.echo_not_nan(value) == value
    assert math.isnan(ecosystems.echo_ordered(math.nan))
    assert ecosystems.echo_ordered(Index()) == 7
    refused(ecosystems.echo_not_nan, math.nan, ValueError, "must be a number, not NaN")
    for function in [ecosystems.echo_ordered, ecosystems.echo_not_nan]:
        refused(function, "1", TypeError)


def test_dates_and_times():
    for value in [date.min, date(2024, 2, 29), date.max]:
        assert ecosystems.time_date(value) == value
    for value in [time.min, time(1, 2, 3, 4), time.max]:
        assert ecosystems.time_time(value) == value
        naive = DateTime.combine(date(2024, 2, 29), value)
        assert ecosystems.time_naive(naive) == naive
    for value in [timedelta(0), timedelta(microseconds=-1), timedelta.max, timedelta(1.5)]:
        assert ecosystems.time_delta(value) == value
    assert ecosystems.time_delta(timedelta.min) == timedelta.min
    for seconds in [0, 1, -1, 5 * 3600 + 1800, -43200, 86399]:
        zone = timezone(timedelta(seconds=seconds))
        assert ecosystems.time_offset(zone) == zone
        for moment in [
            DateTime(1970, 1, 1, tzinfo=zone),
            DateTime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=zone),
            DateTime(2, 1, 1, tzinfo=zone),
            DateTime(9999, 12, 30, tzinfo=zone),
        ]:
            found = ecosystems.time_moment(moment)
            assert found == moment and found.utcoffset() == moment.utcoffset()
            assert found.hour == moment.hour
    refused(ecosystems.time_moment, DateTime(2024, 1, 1), TypeError, "not a naive one")
    refused(ecosystems.time_naive, DateTime(2024, 1, 1, tzinfo=utc), TypeError, "without a time")
    refused(ecosystems.time_time, time(1, tzinfo=utc), TypeError, "without a time zone")
    refused(ecosystems.time_delta, 1, TypeError, "must be timedelta, not int")
    refused(ecosystems.time_date, "2024-01-01", TypeError, "must be date, not str")


def test_zones():
    try:
        berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("Python finds no data of time zones on this system")
    assert ecosystems.echo_zone(berlin) is berlin
    assert ecosystems.echo_zone(utc).key == "UTC"
    for moment in [
        DateTime(2024, 7, 1, 12, tzinfo=berlin),
        DateTime(2024, 10, 27, 2, 30, tzinfo=berlin),
        DateTime(2024, 10, 27, 2, 30, fold=1, tzinfo=berlin),
    ]:
        found = ecosystems.echo_zoned(moment)
        assert found.tzinfo is berlin
        assert (found.utcoffset(), found.fold, found.hour) == (
            moment.utcoffset(), moment.fold, moment.hour,
        )
    assert ecosystems.echo_zoned(DateTime(2024, 1, 1, tzinfo=utc)) == DateTime(
        2024, 1, 1, tzinfo=utc
    )
    east = timezone(timedelta(hours=1))
    refused(ecosystems.echo_zone, east, TypeError, "must be zoneinfo.ZoneInfo, not ")
    refused(ecosystems.echo_zone, 1, TypeError, "must be zoneinfo.ZoneInfo, not int")
    refused(ecosystems.echo_zoned, DateTime(2024, 1, 1), TypeError, "naive")
    refused(ecosystems.echo_zoned, DateTime(2024, 1, 1, tzinfo=east), TypeError, "ZoneInfo")
    path = next(
        (folder for folder in zoneinfo.TZPATH if sys.platform != "win32" and folder), None
    )
    if path is not None:
        with open(f"{path}/Europe/Berlin", "rb") as file:
            nameless = zoneinfo.ZoneInfo.from_file(file)
        refused(ecosystems.echo_zone, nameless, ValueError, "has no name")
        with open(f"{path}/Europe/Berlin", "rb") as file:
            odd = zoneinfo.ZoneInfo.from_file(file, key="Nowhere/At_all")
        refused(ecosystems.echo_zone, odd, ValueError, "chrono-tz has no time zone")


def test_what_is_only_given():
    assert ecosystems.lent() == [
        b"ab",
        b"cd",
        {"a": 1},
        {1},
        {2: "b", 1: "a"},
        [1, 2, 3],
        "r",
        Decimal("-0.05"),
        timedelta(microseconds=-1),
        Decimal(2**96 - 1),
    ]
