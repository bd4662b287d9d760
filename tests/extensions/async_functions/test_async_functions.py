"""Coroutines of Rust: what they are, what they return, and how they run under asyncio."""

import asyncio
import collections.abc
import contextvars
import gc
import inspect
import subprocess
import sys
import threading
import warnings
import weakref
from typing import Any, Awaitable, Callable, List

import async_functions as t
import pytest
from hpy_hosts import calls_on_threads


def run(coroutine: Awaitable[Any]) -> Any:
    """Runs it in a loop of its own."""

    async def main() -> Any:
        return await coroutine

    return asyncio.run(main())


def finish(coroutine: Any) -> Any:
    """The result of a coroutine that needs no loop."""
    while True:
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value


def test_what_it_is() -> None:
    coroutine = t.add(1, 2)
    assert asyncio.iscoroutine(coroutine)
    assert inspect.isawaitable(coroutine)
    assert isinstance(coroutine, collections.abc.Coroutine)
    assert (coroutine.__name__, coroutine.__qualname__) == ("add", "add")
    assert repr(coroutine) == "<Rust coroutine add>"
    assert type(coroutine).__name__ == "coroutine"
    assert coroutine.__await__() is coroutine and iter(coroutine) is coroutine
    assert not coroutine.cr_running and coroutine.cr_await is None
    with pytest.raises(AttributeError, match="has no attribute 'other'"):
        coroutine.other
    assert finish(coroutine) == 3
    method = t.Counter(1).ready(1)
    assert (method.__name__, method.__qualname__) == ("ready", "Counter.ready")
    method.close()


def test_results() -> None:
    assert finish(t.add(1, 2)) == 3
    assert finish(t.greet("Ann")) == "Hello, Ann!"
    assert finish(t.greet("Ann", greeting="Hi")) == "Hi, Ann!"
    assert finish(t.nothing()) is None
    error = ValueError("an object")
    for value in [(1, 2), (), None, error, ValueError, [1], StopIteration(3)]:
        assert finish(t.echo(value)) is value
    assert finish(t.made("name")) == 42
    assert run(t.add(1, 2)) == 3


def test_arguments_are_converted_by_the_call() -> None:
    with pytest.raises(TypeError):
        t.add("1", 2)
    with pytest.raises(TypeError):
        t.add(1)
    with pytest.raises(OverflowError):
        t.add(1 << 80, 2)


def test_errors() -> None:
    with pytest.raises(ValueError, match="it fails"):
        finish(t.fails())
    with pytest.raises(ValueError, match="it fails"):
        run(t.fails())
    with pytest.raises(RuntimeError, match="coroutine raised StopIteration"):
        finish(t.stops())
    with pytest.raises(BaseException, match="out of luck") as caught:
        finish(t.panics(0))
    assert type(caught.value).__name__ == "PanicException"
    coroutine = t.panics(1)
    assert coroutine.send(None) is None
    with pytest.raises(BaseException, match="out of luck"):
        coroutine.send(None)
    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        coroutine.send(None)


def test_used_once() -> None:
    coroutine = t.add(1, 2)
    with pytest.raises(TypeError, match="can't send non-None value"):
        coroutine.send(1)
    finish(coroutine)
    for again in (
        lambda: coroutine.send(None),
        lambda: coroutine.throw(ValueError()),
        lambda: next(coroutine),
        lambda: run(coroutine),
    ):
        with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
            again()
    coroutine.close()
    coroutine.close()


def test_throw() -> None:
    class Special(Exception):
        pass

    def thrown(*args: Any) -> BaseException:
        coroutine = t.yields(3)
        coroutine.send(None)
        with pytest.raises(BaseException) as caught:
            coroutine.throw(*args)
        with pytest.raises(RuntimeError, match="cannot reuse"):
            coroutine.send(None)
        return caught.value

    error = Special("x")
    assert thrown(error) is error
    assert thrown(Special, error) is error
    assert thrown(Special, None, None).args == ()
    assert thrown(Special, "y").args == ("y",)
    assert thrown(Special, (1, 2)).args == (1, 2)
    try:
        raise error
    except Special as raised:
        traceback = raised.__traceback__
    error.__traceback__ = None
    assert thrown(Special, error, traceback) is error
    assert error.__traceback__ is not None
    for wrong in [(1,), (int,), (type, int), (error, 1), (None,)]:
        coroutine = t.yields(1)
        coroutine.send(None)
        with pytest.raises(TypeError):
            coroutine.throw(*wrong)
        # It did not reach the coroutine.
        with pytest.raises(StopIteration):
            coroutine.send(None)
    # Whoever awaits it must not take that for the result.
    with pytest.raises(RuntimeError, match="coroutine raised StopIteration"):
        t.yields(1).throw(StopIteration(1))
    coroutine = t.yields(1)
    with pytest.raises(TypeError):
        coroutine.throw()
    with pytest.raises(TypeError):
        coroutine.throw(error, None, None, None)
    # A new one is closed.
    with pytest.raises(Special):
        coroutine.throw(error)
    with pytest.raises(RuntimeError, match="cannot reuse"):
        coroutine.send(None)


def test_never_awaited() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        t.add(1, 2)
        gc.collect()
        gc.collect()
        finish(t.add(1, 2))
        t.add(1, 2).close()
        gc.collect()
    messages = [str(one.message) for one in caught if one.category is RuntimeWarning]
    if not messages:
        pytest.skip("objects end later on this interpreter")
    assert messages == ["coroutine 'add' was never awaited"]


def test_without_a_loop() -> None:
    coroutine = t.never()
    with pytest.raises(RuntimeError, match="no running event loop"):
        coroutine.send(None)
    with pytest.raises(RuntimeError, match="cannot reuse"):
        coroutine.send(None)
    assert finish(t.yields(1000)) == 1000


def test_many_ways_to_run_one() -> None:
    async def main() -> None:
        assert await asyncio.ensure_future(t.yields(2)) == 2
        assert await asyncio.gather(t.yields(3), t.add(1, 2), t.yields(1)) == [3, 3, 1]
        assert await asyncio.wait_for(t.yields(4), 10) == 4
        assert await asyncio.create_task(t.yields(5)) == 5
        assert await asyncio.shield(t.yields(6)) == 6
        if hasattr(asyncio, "TaskGroup"):
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(t.yields(count)) for count in range(3)]
            assert [task.result() for task in tasks] == [0, 1, 2]

    asyncio.run(main())


def test_timeout() -> None:
    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(t.never(), 0.01)

    asyncio.run(main())


def test_context_variables() -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)

    async def in_task(value: int) -> List[int]:
        variable.set(value)
        return await t.calls_in_each_round(variable.get, 3)

    async def main() -> None:
        results = await asyncio.gather(*(in_task(value) for value in range(5)))
        assert results == [[value] * 3 for value in range(5)]
        assert variable.get() == 0

    asyncio.run(main())


def test_callbacks_that_fail() -> None:
    def fails() -> None:
        raise KeyError("a callback")

    with pytest.raises(KeyError):
        finish(t.calls_in_each_round(fails, 1))


def test_calls_of_a_running_one() -> None:
    """Each use of a coroutine from within itself is refused, and does no harm."""
    coroutine: Any = None
    seen = []

    def again() -> None:
        assert coroutine.cr_running
        for use in (
            lambda: coroutine.send(None),
            lambda: next(coroutine),
            lambda: coroutine.throw(ValueError),
            lambda: coroutine.close(),
        ):
            try:
                use()
            except ValueError as error:
                seen.append(str(error))

    coroutine = t.calls_in_each_round(again, 2)
    assert finish(coroutine) == [None, None]
    assert seen == ["coroutine already executing"] * 8


def test_dropped_while_it_runs() -> None:
    """The caller's reference is the last."""
    refs: List[Any] = []

    def forget() -> None:
        refs.clear()
        gc.collect()

    refs.append(t.calls_in_each_round(forget, 1))
    assert refs[0].send(None) is None
    assert refs == []


def test_awaitables() -> None:
    async def doubled(number: int) -> int:
        await asyncio.sleep(0)
        return 2 * number

    async def fails() -> None:
        await asyncio.sleep(0)
        raise KeyError("awaited")

    class Awaitable:
        def __await__(self) -> Any:
            yield from asyncio.sleep(0).__await__()
            return "by __await__"

    async def main() -> None:
        assert await t.wait(doubled(1)) == 2
        assert await t.wait(t.add(1, 2)) == 3
        assert await t.wait(t.wait(t.wait(t.yields(2)))) == 2
        assert await t.wait(Awaitable()) == "by __await__"
        task = asyncio.ensure_future(doubled(4))
        assert await t.wait(task) == 8
        assert await t.wait(task) == 8
        with pytest.raises(KeyError, match="awaited"):
            await t.wait(fails())
        assert await t.guarded_wait(doubled(1)) is None
        assert repr(await t.guarded_wait(fails())) == "KeyError('awaited')"
        with pytest.raises(TypeError):
            await t.wait(1)
        with pytest.raises(BaseException, match="out of luck"):
            await t.wait(t.panics(1))
        await t.nap(0.001)

    asyncio.run(main())


def test_awaitables_at_the_same_time() -> None:
    async def main() -> None:
        first, second = asyncio.Event(), asyncio.Event()

        async def one() -> int:
            first.set()
            await second.wait()
            return 1

        async def two() -> int:
            second.set()
            await first.wait()
            return 2

        assert await t.wait_two(one(), two()) == (1, 2)

    asyncio.run(main())


def test_awaitables_without_a_loop() -> None:
    async def nothing() -> None:
        pass

    awaitable = nothing()
    with pytest.raises(RuntimeError, match="no running event loop"):
        t.wait(awaitable).send(None)
    awaitable.close()


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come true")


def test_cancellation_reaches_the_awaitable() -> None:
    seen: List[str] = []

    async def lasts() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def main() -> None:
        for wait in (t.wait, t.guarded_wait):
            task = asyncio.ensure_future(wait(lasts()))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: seen == ["cancelled"])
            seen.clear()
        # What is awaited cancels itself.
        inner = asyncio.ensure_future(asyncio.Event().wait())
        task = asyncio.ensure_future(t.wait(inner))
        await asyncio.sleep(0.01)
        inner.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # Nobody waits for what was started.
        inner = asyncio.ensure_future(asyncio.Event().wait())
        await t.started(inner)
        await until(inner.cancelled)

    asyncio.run(main())


def test_cancellation_drops_the_future() -> None:
    seen: List[str] = []

    def dropped() -> None:
        seen.append("dropped")

    async def main() -> None:
        task = asyncio.ensure_future(t.drops_call(dropped))
        await asyncio.sleep(0)
        assert seen == []
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert seen == ["dropped"]
        coroutine = t.drops_call(dropped)
        coroutine.send(None)
        coroutine.close()
        assert seen == ["dropped"] * 2
        # The first poll never came: there is nothing to clean up but the argument.
        t.drops_call(dropped).close()
        coroutine = t.drops_call(dropped)
        coroutine.send(None)
        del coroutine
        gc.collect()

    asyncio.run(main())
    gc.collect()
    assert seen in (["dropped"] * 3, ["dropped"] * 2)  # objects may end later


def test_use_while_it_is_dropped() -> None:
    coroutine: Any = None
    seen: List[str] = []

    def again() -> None:
        for use in (lambda: coroutine.send(None), lambda: coroutine.throw(KeyError)):
            try:
                use()
            except RuntimeError as error:
                seen.append(str(error))
        coroutine.close()

    async def main() -> None:
        nonlocal coroutine
        for end in ("close", "throw"):
            coroutine = t.drops_call(again)
            coroutine.send(None)
            if end == "close":
                coroutine.close()
            else:
                with pytest.raises(KeyError):
                    coroutine.throw(KeyError("x"))

    asyncio.run(main())
    assert seen == ["cannot reuse already awaited coroutine"] * 4


def test_cancel_handle() -> None:
    async def cancelled(task: Any, *args: Any) -> Any:
        await asyncio.sleep(0.005)
        task.cancel(*args)
        return await task

    async def main() -> None:
        with pytest.raises(asyncio.CancelledError):
            await cancelled(asyncio.ensure_future(t.lasts()))
        done = asyncio.Event()

        async def cleanup() -> None:
            await asyncio.sleep(0.001)
            done.set()

        with pytest.raises(asyncio.CancelledError):
            await cancelled(asyncio.ensure_future(t.cleans_up(cleanup())))
        assert done.is_set()
        task = asyncio.ensure_future(t.ignores(3))
        for _ in range(3):
            await asyncio.sleep(0.005)
            task.cancel()
        reasons = await task
        assert [type(reason) for reason in reasons] == [asyncio.CancelledError] * 3
        with pytest.raises(asyncio.CancelledError):
            await cancelled(asyncio.ensure_future(t.without_handle()))
        event = asyncio.Event()
        task = asyncio.ensure_future(t.sees_it(event.wait()))
        await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.sleep(0.005)
        event.set()
        assert await task is True

    asyncio.run(main())


def test_cancel_handle_without_tasks() -> None:
    async def main() -> None:
        coroutine = t.ignores(2)
        coroutine.send(None)
        coroutine.throw(ValueError("first"))
        with pytest.raises(StopIteration) as end:
            coroutine.throw(KeyError("second"))
        assert repr(end.value.value) == "[ValueError('first'), KeyError('second')]"
        coroutine = t.lasts()
        with pytest.raises(ValueError):
            coroutine.throw(ValueError)  # it was not run yet
        coroutine = t.ignores(2)
        coroutine.send(None)
        coroutine.close()

    asyncio.run(main())


def test_methods() -> None:
    async def main() -> None:
        counter = t.Counter(5)
        assert await counter.ready(2) == 7
        assert await counter(3) == 8
        assert await t.Counter.twice(21) == 42
        event = asyncio.Event()
        task = asyncio.ensure_future(counter.later(event.wait()))
        await asyncio.sleep(0.005)
        # It has the data as long as it waits.
        with pytest.raises(RuntimeError, match="already borrowed"):
            counter.increment()
        assert counter.count == 5
        event.set()
        assert await task == 5
        counter.increment()
        event = asyncio.Event()
        task = asyncio.ensure_future(counter.add_later(event.wait()))
        await asyncio.sleep(0.005)
        counter.increment()
        event.set()
        assert await task == 8
        # A coroutine that is closed gives it back, and so does one that was never run.
        for make in (lambda: counter.later(None), lambda: counter.ready(1)):
            coroutine = make()
            with pytest.raises(RuntimeError, match="already borrowed"):
                counter.increment()
            coroutine.close()
            counter.increment()
        assert [await t.Frozen().increment() for _ in range(2)] == [1, 1]

    asyncio.run(main())


def test_the_object_lives_as_long_as_its_coroutine() -> None:
    coroutine = t.Counter(40).ready(2)
    gc.collect()
    assert finish(coroutine) == 42


def test_async_with_and_for() -> None:
    async def main() -> None:
        frozen = t.Frozen()
        async with frozen as entered:
            assert entered is frozen
            assert await frozen.increment() == 1
        assert await frozen.increment() == 102
        async with frozen:
            raise ValueError("suppressed")
        with pytest.raises(KeyError):
            async with frozen:
                raise KeyError
        assert [number async for number in t.Countdown(3)] == [3, 2, 1]
        assert [number async for number in t.Countdown(0)] == []

    asyncio.run(main())


def test_woken_by_threads() -> None:
    async def main() -> None:
        assert await t.sleep(1) == 1
        assert await asyncio.gather(*(t.sleep(delay) for delay in range(10))) == list(range(10))
        assert await t.wake_often(3, 20) >= 40
        assert await t.result_on_thread(asyncio.sleep(0.001, "result")) == "result"
        with pytest.raises(KeyError):
            await t.result_on_thread(t.wait(t.calls_in_each_round({}.popitem, 1)))
        inner = asyncio.ensure_future(asyncio.Event().wait())
        await t.drop_on_thread(inner)
        await until(inner.cancelled)

    for _ in range(3):
        asyncio.run(main())


def test_cancelled_while_threads_wake_it() -> None:
    async def main() -> None:
        for delay in range(10):
            tasks = [asyncio.ensure_future(t.sleep(delay)) for _ in range(5)]
            await asyncio.sleep(delay / 1000)
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(
                result == delay or isinstance(result, asyncio.CancelledError) for result in results
            )

    asyncio.run(main())


@pytest.mark.parametrize("end", ["wakes", "wakers_dropped"])
def test_wakers_outlive_the_loop(end: str) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(t.wake_late())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        alive = asyncio.ensure_future(t.wake_late())
        await asyncio.sleep(0.005)
        assert not alive.done()

    asyncio.run(main())
    assert getattr(t, end)() == 2

    # A loop that is closed while it has tasks.
    loop = asyncio.new_event_loop()
    task = loop.create_task(t.wake_late())
    loop.run_until_complete(t.yields(2))
    loop.close()
    assert getattr(t, end)() == 1
    task._log_destroy_pending = False
    del task, loop
    gc.collect()


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="others end objects later")
@pytest.mark.parametrize("end", ["wakes", "wakers_dropped", "kept"])
def test_a_closed_loop_is_not_kept(end: str) -> None:
    """Neither by wakers that come too late, nor by what a future asks for as it is dropped."""
    loop = asyncio.new_event_loop()

    async def main() -> List[Any]:
        tasks = [asyncio.ensure_future(t.wake_late()) for _ in range(2)]
        tasks.append(asyncio.ensure_future(t.wait(loop.create_future())))
        await asyncio.sleep(0.001)
        tasks[0].cancel()
        await asyncio.sleep(0.001)
        return tasks

    tasks = loop.run_until_complete(main())
    loop.close()
    for task in tasks:
        task._log_destroy_pending = False
    if end != "kept":
        getattr(t, end)()
    for task in tasks[1:]:
        task.get_coro().close()
    ended = weakref.ref(loop)
    del tasks, task, loop, main
    gc.collect()
    assert ended() is None
    t.wakers_dropped()


def test_awaited_twice() -> None:
    """The second is refused, and the first goes on."""

    async def main() -> None:
        for is_wrapped in (True, False):
            future = asyncio.get_running_loop().create_future()
            coroutine = t.wait(future)

            async def awaits(coroutine: Any = coroutine) -> Any:
                return await coroutine

            first = asyncio.ensure_future(awaits() if is_wrapped else coroutine)
            second = asyncio.ensure_future(awaits())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            with pytest.raises(RuntimeError, match="coroutine is being awaited already"):
                await second
            assert not first.done()
            future.set_result(5)
            assert await first == 5

    asyncio.run(main())


def test_what_would_never_end() -> None:
    closed = asyncio.new_event_loop()
    other = closed.create_future()
    closed.close()

    async def itself() -> None:
        await t.wait(asyncio.current_task())

    async def main() -> None:
        with pytest.raises(ValueError, match="loop"):
            await t.wait(other)
        with pytest.raises(RuntimeError, match="a task cannot await itself"):
            await asyncio.ensure_future(itself())

    asyncio.run(main())


def test_an_exception_that_nobody_waits_for() -> None:
    """asyncio tells of it, as of that of any task."""
    seen: List[Any] = []

    async def fails_at_its_end() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            raise ZeroDivisionError

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: seen.append(context.get("exception")))
        task = asyncio.ensure_future(t.wait(fails_at_its_end()))
        await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        del task
        for _ in range(20):
            await asyncio.sleep(0.001)
            gc.collect()
            if seen:
                break

    asyncio.run(main())
    assert [type(error) for error in seen] == [ZeroDivisionError]


def test_a_coroutine_moves_to_another_loop() -> None:
    """Each poll waits in the loop that runs just now."""
    coroutine = t.wake_late()

    async def step() -> None:
        future = coroutine.send(None)
        assert future.get_loop() is asyncio.get_running_loop()

    asyncio.run(step())
    asyncio.run(step())
    coroutine.close()
    t.wakes()


@calls_on_threads
def test_loops_in_threads() -> None:
    results: List[int] = []

    def loop() -> None:
        async def main() -> None:
            results.extend(await asyncio.gather(*(t.sleep(1) for _ in range(5))))

        asyncio.run(main())

    threads = [threading.Thread(target=loop) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1] * 20


@calls_on_threads
def test_used_by_two_threads() -> None:
    """One of them goes on with the coroutine, and the others are refused."""
    for _ in range(20):
        coroutine = t.yields(200)
        barrier = threading.Barrier(4)
        ends: List[Any] = []

        def use(coroutine: Any = coroutine, barrier: Any = barrier, ends: Any = ends) -> None:
            barrier.wait()
            while True:
                try:
                    coroutine.send(None)
                except ValueError as error:
                    assert str(error) == "coroutine already executing"
                except StopIteration as end:
                    ends.append(end.value)
                    return
                except RuntimeError as error:
                    assert "cannot reuse" in str(error)
                    return

        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ends == [200]


EXIT = """
import asyncio, async_functions as t

async def main():
    tasks = [asyncio.ensure_future(t.hangs_on()) for _ in range(3)]
    await asyncio.sleep(0.01)
    {end}

loop = asyncio.new_event_loop()
loop.run_until_complete(main())
{close}
print("end")
"""


@pytest.mark.parametrize("close", ["loop.close()", "del loop", ""])
@pytest.mark.parametrize("end", ["pass", "global kept; kept = tasks"])
def test_threads_wake_at_the_interpreters_end(end: str, close: str) -> None:
    if sys.implementation.name == "graalpy" and (close or end != "pass"):
        pytest.skip("GraalPy takes seconds to start: one of these cases is enough")
    code = EXIT.format(end=end, close=close)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "end"
