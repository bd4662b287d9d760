"""Arrow's capsules between Rust and itself, and objects in Python that misbehave."""

from __future__ import annotations

import gc
import sys
import threading
from typing import Any

import arrow_data
import pytest
from hpy_hosts import calls_on_threads


class Producer:
    """Exports what another object does, as long as nobody overrides it."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.requests: list[Any] = []

    def __arrow_c_schema__(self) -> Any:
        return self.source.__arrow_c_schema__()

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        self.requests.append(requested_schema)
        return self.source.__arrow_c_array__(requested_schema)


class Stream:
    """Likewise, a table or column."""

    def __init__(self, source: Any) -> None:
        self.source = source

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.source.__arrow_c_stream__(requested_schema=requested_schema)


def test_arrays_of_rust_come_back() -> None:
    numbers = arrow_data.numbers(5)
    assert type(numbers).__name__ == "ArrowArray" and len(numbers) == 5
    data_type, length, nulls, shown = arrow_data.show(numbers)
    assert (data_type, length, nulls) == ("Int64", 5, 0) and "4," in shown
    # The same memory, through any number of hands.
    there = arrow_data.address(numbers)
    assert arrow_data.address(arrow_data.echo_array(arrow_data.echo_data(numbers))) == there
    assert arrow_data.texts(arrow_data.words(4)) == ["word 0", "word 1", None, "word 3"]
    assert arrow_data.show(arrow_data.words(4))[:3] == ("Utf8", 4, 1)
    assert arrow_data.show(arrow_data.dictionary())[0] == "Dictionary(Int32, Utf8)"
    assert arrow_data.show(arrow_data.numbers(0))[:3] == ("Int64", 0, 0)
    with pytest.raises(TypeError):
        type(numbers)()


def test_batches_tables_and_columns_come_back() -> None:
    batch = arrow_data.echo_batch(arrow_data.batch(3))
    assert len(batch) == 3
    assert arrow_data.show(batch)[0].startswith("Struct(")
    for table in (arrow_data.table(2, 3), arrow_data.echo_table(arrow_data.table(2, 3))):
        assert type(table).__name__ == "ArrowStream"
        # As often as one likes.
        assert [arrow_data.count_rows(table, 10) for _ in range(3)] == [6, 6, 6]
    assert arrow_data.count_rows(batch, 10) == 3
    assert arrow_data.count_rows(arrow_data.echo_table(batch), 10) == 3
    column = arrow_data.echo_column(arrow_data.words(3))
    assert arrow_data.texts(column) == ["word 0", "word 1", None]
    # No batch, and batches without rows.
    assert len(arrow_data.echo_batch(arrow_data.table(0, 0))) == 0
    assert arrow_data.count_rows(arrow_data.table(3, 0), 10) == 0


def test_types_come_back() -> None:
    table = arrow_data.table(1, 1)
    for make in (arrow_data.echo_schema, arrow_data.echo_field, arrow_data.echo_type):
        schema = make(table)
        assert type(schema).__name__ == "ArrowSchema"
        assert make(schema).__arrow_c_schema__()
    with pytest.raises(TypeError, match="an Arrow table or schema is needed, not the type Int64"):
        arrow_data.echo_schema(arrow_data.numbers(1))
    with pytest.raises(TypeError, match="an object with __arrow_c_schema__, not int"):
        arrow_data.echo_type(1)


def test_streams_are_lazy_and_read_once() -> None:
    before = arrow_data.batches_made()
    batches = arrow_data.lazily(5)
    again = arrow_data.echo_stream(batches)
    assert arrow_data.batches_made() == before
    assert arrow_data.count_rows(again, 2) == 4
    assert arrow_data.batches_made() == before + 2
    for used in (batches, again):
        with pytest.raises(ValueError, match="the stream has been read already"):
            arrow_data.count_rows(used, 10)


def test_streams_that_fail() -> None:
    assert arrow_data.count_rows(arrow_data.lazily(3, fails=2), 2) == 4
    with pytest.raises(ValueError, match="failed at 2"):
        arrow_data.count_rows(arrow_data.lazily(3, fails=2), 10)
    with pytest.raises(ValueError, match="failed at 0"):
        arrow_data.echo_table(arrow_data.lazily(3, fails=0))
    with pytest.raises(ValueError, match="the stream's producer in Rust panicked"):
        arrow_data.echo_table(arrow_data.lazily(3, panics=1))


def test_types_are_checked() -> None:
    with pytest.raises(TypeError, match="an Arrow array of Float64 is needed, not one of Int64"):
        arrow_data.sum(arrow_data.numbers(3))
    with pytest.raises(TypeError, match="an Arrow array of Boolean is needed"):
        arrow_data.echo_bools(arrow_data.numbers(3))
    with pytest.raises(TypeError, match="an Arrow array of Utf8View is needed, not one of Utf8"):
        arrow_data.view_texts(arrow_data.words(3))
    with pytest.raises(TypeError, match="not the type Int64"):
        arrow_data.echo_table(arrow_data.numbers(3))
    with pytest.raises(TypeError, match="not the type Int64"):
        arrow_data.echo_batch(arrow_data.numbers(3))
    with pytest.raises(ValueError, match="comes in several chunks: join them first"):
        arrow_data.echo_batch(arrow_data.table(2, 1))
    with pytest.raises(TypeError, match="an Arrow array of Int8 is needed, not one of Int64"):
        arrow_data.as_type(arrow_data.numbers(3), arrow_data.int8_type())
    assert len(arrow_data.as_type(arrow_data.numbers(3), arrow_data.numbers(0))) == 3


@pytest.mark.parametrize("value", [1, None, "text", [1, 2], object(), int])
def test_other_objects_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="must be an Arrow array, an object with __arrow_c_array__"):
        arrow_data.echo_array(value)
    with pytest.raises(TypeError, match="an Arrow table, an object with __arrow_c_stream__"):
        arrow_data.echo_table(value)


def test_producers_in_python() -> None:
    producer = Producer(arrow_data.words(2))
    assert arrow_data.texts(producer) == ["word 0", "word 1"]
    assert producer.requests == [None]
    # The types are layouts of the same text: the producer is asked for the other one.
    with pytest.raises(TypeError, match="Utf8View is needed"):
        arrow_data.view_texts(producer)
    assert producer.requests[1] is None and producer.requests[2] is not None
    # They are not: nobody is asked to convert.
    with pytest.raises(TypeError, match="Float64 is needed"):
        arrow_data.sum(producer)
    assert producer.requests[3:] == [None]
    assert arrow_data.count_rows(Stream(arrow_data.table(2, 2)), 9) == 4
    assert arrow_data.unvalidated(Producer(arrow_data.words(2))) == ("", "Utf8")


def test_producers_that_fail() -> None:
    class Fails(Producer):
        def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
            raise KeyError("not now")

    class Lacks(Producer):
        def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
            return self.nothing  # type: ignore[attr-defined]

    class Gives(Producer):
        def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
            return self.source

    with pytest.raises(KeyError, match="not now"):
        arrow_data.echo_array(Fails(1))
    with pytest.raises(AttributeError, match="nothing"):
        arrow_data.echo_array(Lacks(1))
    for given in (1, (), (1,), (1, 2), (None, None), [1, 2], (1, 2, 3)):
        with pytest.raises((TypeError, ValueError)):
            arrow_data.echo_array(Gives(given))
    schema, array = arrow_data.numbers(2).__arrow_c_array__()
    with pytest.raises(TypeError, match="capsule named 'arrow_schema'"):
        arrow_data.echo_array(Gives((array, schema)))
    # The first one was not taken by that.
    assert len(arrow_data.echo_array(Gives((schema, array)))) == 2


def test_a_capsule_is_used_once() -> None:
    class Again(Producer):
        def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
            return self.source

    again = Again(arrow_data.numbers(2).__arrow_c_array__())
    assert len(arrow_data.echo_array(again)) == 2
    with pytest.raises(ValueError, match="has been consumed already: ask its owner"):
        arrow_data.echo_array(again)

    class AgainStream:
        stream = arrow_data.table(1, 1).__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
            return self.stream

    assert arrow_data.count_rows(AgainStream(), 9) == 1
    with pytest.raises(ValueError, match="ArrowArrayStream has been consumed already"):
        arrow_data.count_rows(AgainStream(), 9)


@calls_on_threads
def test_threads_share_capsules() -> None:
    """One of them gets the array, whether there is a GIL or not."""

    class Again(Producer):
        def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
            return self.source

    for _ in range(50):
        again = Again(arrow_data.numbers(9).__arrow_c_array__())
        results: list[str] = []
        barrier = threading.Barrier(4)

        def consume(again: Any = again, results: Any = results, barrier: Any = barrier) -> None:
            barrier.wait()
            try:
                assert len(arrow_data.echo_array(again)) == 9
                results.append("read")
            except ValueError:
                results.append("consumed")

        threads = [threading.Thread(target=consume) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results.count("read") <= 1 and len(results) == 4


def test_requests() -> None:
    numbers, table = arrow_data.numbers(2), arrow_data.table(1, 1)
    wish = numbers.__arrow_c_schema__()
    assert len(numbers.__arrow_c_array__(wish)) == 2
    assert len(numbers.__arrow_c_array__(requested_schema=None)) == 2
    assert table.__arrow_c_stream__(requested_schema=wish)
    for wrong in (1, "int8", numbers, numbers.__arrow_c_array__()[1]):
        with pytest.raises(TypeError, match="capsule named 'arrow_schema' or None"):
            numbers.__arrow_c_array__(wrong)
    with pytest.raises(TypeError):
        numbers.__arrow_c_array__(None, None)
    with pytest.raises(TypeError, match="wish"):
        table.__arrow_c_stream__(wish=None)


def test_capsules_that_nobody_takes() -> None:
    numbers = arrow_data.numbers(100_000)
    count = sys.getrefcount(numbers) if hasattr(sys, "getrefcount") else 0
    for _ in range(1000):
        numbers.__arrow_c_array__()
        numbers.__arrow_c_schema__()
        arrow_data.table(1, 10).__arrow_c_stream__()
    gc.collect()
    assert not count or sys.getrefcount(numbers) == count


def test_arguments_after_an_array() -> None:
    with pytest.raises(TypeError, match="other"):
        arrow_data.fail_after(arrow_data.numbers(2), "no number")
    assert arrow_data.fail_after(arrow_data.numbers(2), 3) == 5


def test_dropped_on_a_thread() -> None:
    for count in (10, 0, 5):
        arrow_data.keep(arrow_data.numbers(count))
    assert arrow_data.drop_kept_on_a_thread() == 3
