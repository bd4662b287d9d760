"""Arrays and tables of pyarrow and polars, and objects of Rust that they take."""

from __future__ import annotations

import datetime
import gc
import threading
from typing import Any, Iterator

import arrow_data
import pytest

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not there for this interpreter")
polars = pytest.importorskip("polars", reason="polars is not there for this interpreter")

NOON = datetime.datetime(2026, 1, 1, 12)

ARRAYS = [
    pyarrow.array([1, None, 3]),
    pyarrow.array([1.5, 2]).slice(1),
    pyarrow.array([True, None, False] * 5).slice(3, 9),
    pyarrow.array(["a", None, "ü"]),
    pyarrow.array(["a", None, "ü" * 20], pyarrow.large_string()),
    pyarrow.array(["short", "a text of more than twelve bytes"], pyarrow.string_view()),
    pyarrow.array([b"a", None], pyarrow.binary(1)),
    pyarrow.array([[1], None, [2, 3]]),
    pyarrow.array([[1, 2], [3, 4]], pyarrow.list_(pyarrow.int8(), 2)),
    pyarrow.array([{"x": 1, "y": "a"}, None]),
    pyarrow.array([[("k", 1)], []], pyarrow.map_(pyarrow.string(), pyarrow.int32())),
    pyarrow.array(["a", "b", "a"]).dictionary_encode(),
    pyarrow.array([NOON, None], pyarrow.timestamp("us", "UTC")),
    pyarrow.array([None, None]),
    pyarrow.array([], pyarrow.string()),
    pyarrow.array(["ab", "cde"]).slice(1, 0),
    pyarrow.array([b"ab", b"cde"], pyarrow.large_binary()).slice(2),
    pyarrow.nulls(0, pyarrow.list_(pyarrow.string())),
    pyarrow.UnionArray.from_dense(
        pyarrow.array([0, 1, 0], pyarrow.int8()),
        pyarrow.array([0, 0, 1], pyarrow.int32()),
        [pyarrow.array([1, 2]), pyarrow.array(["a"])],
    ),
    pyarrow.RunEndEncodedArray.from_arrays([2, 5], pyarrow.array(["a", "b"])),
]


@pytest.mark.parametrize("array", ARRAYS, ids=[str(array.type) for array in ARRAYS])
def test_arrays_go_through_rust(array: Any) -> None:
    back = pyarrow.array(arrow_data.echo_array(array))
    assert back.type == array.type and back.to_pylist() == array.to_pylist()
    back.validate(full=True)
    assert pyarrow.array(arrow_data.echo_array(back)).to_pylist() == array.to_pylist()
    assert arrow_data.array_of_pyarrow(array).to_pylist() == array.to_pylist()
    assert arrow_data.show(array)[1] == len(array)


def test_memory_is_shared() -> None:
    array = pyarrow.array(range(1000))
    # What pyarrow allocates for the structs is less than the items.
    before = pyarrow.total_allocated_bytes()
    there = array.buffers()[1].address
    assert arrow_data.address(array) == there
    back = pyarrow.array(arrow_data.echo_array(array))
    assert back.buffers()[1].address == there
    assert pyarrow.total_allocated_bytes() < before + 2000
    del array
    assert back.sum().as_py() == 499500
    del back
    gc.collect()
    assert pyarrow.total_allocated_bytes() < before - 6000
    numbers = arrow_data.numbers(10)
    assert pyarrow.array(numbers).buffers()[1].address == arrow_data.address(numbers)


def test_arrays_are_released_on_any_thread() -> None:
    gc.collect()
    before = pyarrow.total_allocated_bytes()
    for _ in range(10):
        arrow_data.keep(pyarrow.array(range(10_000)))
    # Memory that belongs to a Python object: pyarrow's release attaches the thread.
    arrow_data.keep(pyarrow.array(memoryview(b"abcdefgh" * 100).cast("q")))
    assert pyarrow.total_allocated_bytes() > before + 500_000
    assert arrow_data.drop_kept_on_a_thread() == 11
    gc.collect()
    assert pyarrow.total_allocated_bytes() < before + 1000


def test_types_are_asked_for() -> None:
    for text_type in (pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()):
        texts = pyarrow.array(["a", None, "b" * 20], text_type)
        # pyarrow converts one layout of texts to another.
        assert arrow_data.texts(texts) == arrow_data.view_texts(texts) == texts.to_pylist()
    assert arrow_data.texts(pyarrow.array(["a", "a"]).dictionary_encode()) == ["a", "a"]
    with pytest.raises(TypeError, match="Float64 is needed, not one of Int64"):
        arrow_data.sum(pyarrow.array([1, 2]))
    floats = arrow_data.as_type(pyarrow.array([1, 2]), pyarrow.float64())
    assert arrow_data.sum(floats) == 3
    with pytest.raises(ValueError, match="(?i)truncated|invalid"):
        arrow_data.as_type(pyarrow.array([1.5]), pyarrow.int8())
    # polars does not convert.
    with pytest.raises(TypeError, match="of Utf8 is needed, not one of Utf8View"):
        arrow_data.texts(polars.Series(["a"]))
    assert arrow_data.view_texts(polars.Series(["a", None])) == ["a", None]


TABLE = pyarrow.table(
    {"x": [1, 2, None], "y": ["a", None, "c"], "z": [[1.0], [], None]},
    metadata={"made": "by a test"},
)


def test_tables() -> None:
    for source in (TABLE, TABLE.to_batches()[0]):
        for echo in (arrow_data.echo_table, arrow_data.echo_batch, arrow_data.echo_stream):
            back = pyarrow.table(echo(source))
            assert back.equals(TABLE, check_metadata=True)
    assert arrow_data.table_of_pyarrow(TABLE).equals(TABLE, check_metadata=True)
    assert pyarrow.record_batch(arrow_data.echo_batch(TABLE)).num_rows == 3
    assert arrow_data.batch_of_pyarrow(TABLE).schema.metadata == {b"made": b"by a test"}
    assert arrow_data.reader_of_pyarrow(TABLE).read_all() == TABLE
    many = pyarrow.concat_tables([TABLE, TABLE])
    assert pyarrow.table(arrow_data.echo_table(many)) == many
    with pytest.raises(ValueError, match="several chunks: join them first .combine_chunks"):
        arrow_data.echo_batch(many)
    assert len(arrow_data.echo_batch(many.combine_chunks())) == 6
    # No columns, and still so many rows.
    assert pyarrow.table(arrow_data.echo_table(TABLE.select([]))).num_rows == 3
    struct = pyarrow.array([{"x": 1}, None])
    with pytest.raises(ValueError, match="with nulls is no record batch"):
        arrow_data.echo_batch(struct)
    assert pyarrow.array(arrow_data.echo_struct(struct)) == struct


def test_columns() -> None:
    column = pyarrow.chunked_array([[1, 2], [], [3]])
    assert pyarrow.chunked_array(arrow_data.echo_column(column)) == column
    assert arrow_data.column_of_pyarrow(column) == column
    with pytest.raises(ValueError, match="several chunks"):
        arrow_data.echo_array(column)


def test_polars() -> None:
    frame = polars.DataFrame({"x": [1, None, 3], "y": ["a", "b", None], "z": [[1], [], None]})
    for echo in (arrow_data.echo_table, arrow_data.echo_batch, arrow_data.echo_stream):
        assert polars.DataFrame(echo(frame)).equals(frame)
    series = polars.Series("n", [1, 2, None])
    for echo in (arrow_data.echo_array, arrow_data.echo_column):
        assert polars.Series("n", echo(series)).equals(series)
    assert polars.DataFrame(arrow_data.table(2, 2)).shape == (4, 2)
    assert polars.DataFrame(arrow_data.batch(3))["text"].to_list() == ["t0", "t1", "t2"]
    both = polars.concat([frame, frame], rechunk=False)
    assert polars.DataFrame(arrow_data.echo_table(both)).equals(both)
    assert arrow_data.count_rows(both, 10) == 6
    assert arrow_data.unvalidated(series) == ("n", "Int64")


def test_streams_from_python() -> None:
    """The generator runs on the thread that reads, which is not attached then."""
    made = []

    def batches() -> Iterator[Any]:
        for number in range(5):
            made.append(number)
            yield pyarrow.record_batch({"x": [number] * 2})

    schema = pyarrow.schema({"x": pyarrow.int64()})
    reader = pyarrow.RecordBatchReader.from_batches(schema, batches())
    assert arrow_data.count_rows(reader, 2) == 4
    assert made[:2] == [0, 1] and len(made) < 5
    reader = pyarrow.RecordBatchReader.from_batches(schema, batches())
    assert pyarrow.table(arrow_data.echo_stream(reader)).num_rows == 10

    def fails() -> Iterator[Any]:
        yield pyarrow.record_batch({"x": [1]})
        raise KeyError("no more")

    reader = pyarrow.RecordBatchReader.from_batches(schema, fails())
    with pytest.raises(ValueError, match="no more"):
        arrow_data.count_rows(reader, 9)
    with pytest.raises(ValueError, match="no more"):
        arrow_data.echo_table(pyarrow.RecordBatchReader.from_batches(schema, fails()))


def test_streams_wait_for_other_threads() -> None:
    """Whoever reads a stream lets other threads run."""
    ready = threading.Event()

    def batches() -> Iterator[Any]:
        assert ready.wait(30)
        yield pyarrow.record_batch({"x": [1]})

    schema = pyarrow.schema({"x": pyarrow.int64()})
    reader = pyarrow.RecordBatchReader.from_batches(schema, batches())
    thread = threading.Timer(0.05, ready.set)
    thread.start()
    assert pyarrow.table(arrow_data.echo_table(reader)).num_rows == 1
    thread.join()


def test_lazy_batches_of_rust() -> None:
    reader = pyarrow.RecordBatchReader.from_stream(arrow_data.lazily(5))
    before = arrow_data.batches_made()
    assert reader.schema.metadata == {b"made": b"in Rust"}
    assert reader.read_next_batch().to_pydict() == {"number": [0, 1], "text": ["t0", "t1"]}
    assert arrow_data.batches_made() == before + 1
    with pytest.raises(pyarrow.ArrowException, match="failed at 1"):
        pyarrow.table(arrow_data.lazily(5, fails=1))
    with pytest.raises(pyarrow.ArrowException, match="panicked"):
        pyarrow.table(arrow_data.lazily(5, panics=1))


def test_types() -> None:
    schema = TABLE.schema
    assert pyarrow.schema(arrow_data.echo_schema(schema)).equals(schema, check_metadata=True)
    field = pyarrow.field("q", pyarrow.list_(pyarrow.int8()), nullable=False, metadata={"a": "b"})
    assert pyarrow.field(arrow_data.echo_field(field)).equals(field, check_metadata=True)
    schema_back, field_back, type_back = arrow_data.types_of_pyarrow(schema)
    assert (schema_back, field_back, type_back) == (schema, schema.field(0), pyarrow.int64())


def test_invalid_arrays_are_refused() -> None:
    """pyarrow believes what it is told."""
    offsets = pyarrow.py_buffer(bytes(memoryview(b"\0\0\0\0\xff\0\0\0")))
    texts = pyarrow.StringArray.from_buffers(1, offsets, pyarrow.py_buffer(b"\xff" * 255))
    with pytest.raises(ValueError, match="(?i)utf"):
        arrow_data.echo_array(texts)
    assert arrow_data.unvalidated(texts) == ("", "Utf8")
