"""The filter and the summary: with lists everywhere, with polars and pyarrow where they are."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
import table_filter

HERE = os.path.dirname(os.path.abspath(__file__))

READINGS = {
    "station": ["north", "south", "north", None, "west", "süd" * 10],
    "celsius": [-3.5, 18.0, 999.0, 22.5, None, -1.0],
}
PLAUSIBLE = {
    "station": ["north", "south", None, "süd" * 10],
    "celsius": [-3.5, 18.0, 22.5, -1.0],
}


def summed_up(columns: Any) -> Any:
    groups: dict[str, list[float]] = {}
    for station, celsius in zip(columns["station"], columns["celsius"]):
        if station is not None and celsius is not None:
            groups.setdefault(station, []).append(celsius)
    ordered = sorted(groups, key=lambda name: name.encode())
    return {
        "station": ordered,
        "count": [len(groups[name]) for name in ordered],
        "mean": [sum(groups[name]) / len(groups[name]) for name in ordered],
        "min": [min(groups[name]) for name in ordered],
        "max": [max(groups[name]) for name in ordered],
    }


def test_lists() -> None:
    table = table_filter.table(READINGS)
    assert table_filter.lists(table) == READINGS
    plausible = table_filter.between(table, "celsius", -60, 60)
    assert table_filter.lists(plausible) == PLAUSIBLE
    for columns in (READINGS, PLAUSIBLE):
        summary = table_filter.summary(table_filter.table(columns), by="station", of="celsius")
        assert table_filter.lists(summary) == summed_up(columns)
    # What was given is as it was.
    assert table_filter.lists(table) == READINGS


def test_errors() -> None:
    table = table_filter.table(READINGS)
    with pytest.raises(KeyError, match="no column 'kelvin'"):
        table_filter.between(table, "kelvin", 0, 1)
    with pytest.raises(TypeError, match="a column of numbers is needed, not of Utf8"):
        table_filter.between(table, "station", 0, 1)
    with pytest.raises(TypeError, match="a column of texts is needed, not of Float64"):
        table_filter.summary(table, "celsius", "celsius")
    with pytest.raises(TypeError, match="an Arrow table"):
        table_filter.between(READINGS, "celsius", 0, 1)
    with pytest.raises(ValueError, match="needs a column"):
        table_filter.table({})
    with pytest.raises(ValueError, match="(?i)length"):
        table_filter.table({"a": [1], "b": [1, 2]})


def test_polars() -> None:
    polars = pytest.importorskip("polars", reason="polars is not there for this interpreter")
    frame = polars.DataFrame(READINGS)
    frame = polars.concat([frame, frame], rechunk=False)
    plausible = polars.DataFrame(table_filter.between(frame, "celsius", -60, 60))
    assert plausible.equals(frame.filter(polars.col("celsius").is_between(-60, 60)))
    summary = polars.DataFrame(table_filter.summary(plausible, "station", "celsius"))
    celsius = polars.col("celsius")
    expected = (
        plausible.drop_nulls()
        .group_by("station")
        .agg(
            celsius.len().cast(polars.UInt64).alias("count"),
            celsius.mean().alias("mean"),
            celsius.min().alias("min"),
            celsius.max().alias("max"),
        )
        .sort("station")
    )
    assert summary.equals(expected)
    ints = polars.DataFrame({"x": [1, 2, 3]}, schema={"x": polars.Int32})
    assert polars.DataFrame(table_filter.between(ints, "x", 2, 9))["x"].to_list() == [2, 3]


def test_pyarrow() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not there for this interpreter")
    for text_type in (pyarrow.string(), pyarrow.large_string()):
        schema = pyarrow.schema({"station": text_type, "celsius": pyarrow.float64()})
        table = pyarrow.table(READINGS, schema)
        plausible = pyarrow.table(table_filter.between(table, "celsius", -60, 60))
        assert plausible.to_pydict() == PLAUSIBLE and plausible.schema == schema
        summary = pyarrow.table(table_filter.summary(plausible, "station", "celsius"))
        assert summary.to_pydict() == summed_up(PLAUSIBLE)


def test_main() -> None:
    output = subprocess.run(
        [sys.executable, os.path.join(HERE, "main.py")],
        check=True, capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"},
    ).stdout
    assert "north" in output and "20.25" in output and "999" not in output
