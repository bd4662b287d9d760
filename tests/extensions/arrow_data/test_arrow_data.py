"""Arrow's capsules between Rust and itself, and between Rust and pyarrow and polars."""

from __future__ import annotations

import arrow_data
import pytest


def test_arrays_of_rust_come_back() -> None:
    numbers = arrow_data.numbers(5)
    assert type(numbers).__name__ == "ArrowArray" and len(numbers) == 5
    data_type, length, nulls, shown = arrow_data.show(numbers)
    assert (data_type, length, nulls) == ("Int64", 5, 0) and "4," in shown
    # The same memory, through any number of hands.
    there = arrow_data.address(numbers)
    assert arrow_data.address(arrow_data.echo_array(arrow_data.echo_data(numbers))) == there
    assert arrow_data.texts(arrow_data.words(4)) == ["word 0", "word 1", None, "word 3"]
    assert arrow_data.show(arrow_data.dictionary())[0] == "Dictionary(Int32, Utf8)"
