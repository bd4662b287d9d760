"""Timers, sockets and tasks of tokio in coroutines."""

import asyncio
import os
import subprocess
import sys
from typing import Callable

import async_tokio as t
import pytest
from hpy_hosts import GRAALPY_HPY

GRAALPY = sys.implementation.name == "graalpy"
OWN_HPY = "_hpy_universal" in sys.builtin_module_names or GRAALPY_HPY


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come true")


def test_timers() -> None:
    async def main() -> None:
        assert await t.sleep(1) == 1
        assert await asyncio.gather(*(t.sleep(delay) for delay in range(10))) == list(range(10))
        assert await t.in_time(asyncio.sleep(0), 60_000) is True
        inner = asyncio.ensure_future(asyncio.Event().wait())
        assert await t.in_time(inner, 1) is False
        await until(inner.cancelled)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(t.sleep(60_000), 0.01)

    asyncio.run(main())


def test_sockets() -> None:
    async def main() -> None:
        assert await t.shout(["one", "two", "three"]) == ["ONE", "TWO", "THREE"]
        assert await asyncio.gather(*(t.shout([f"text {i}"]) for i in range(5))) == [
            [f"TEXT {i}"] for i in range(5)
        ]

    asyncio.run(main())


def test_tasks() -> None:
    async def main() -> None:
        assert await t.sum_of_tasks(100) == 4950
        assert await t.through_channel(50) == list(range(50))
        with pytest.raises(BaseException, match="in a task"):
            await t.panics_in_task()
        tasks = [asyncio.ensure_future(t.waits_for_task()) for _ in range(5)]
        await asyncio.sleep(0.005)
        assert t.alive() == 5
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await until(lambda: t.alive() == 0)
        task = asyncio.ensure_future(t.spawns_when_dropped())
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: t.alive() == 0)

    for _ in range(2):
        asyncio.run(main())


@pytest.mark.skipif(OWN_HPY, reason="its own HPy lets no thread in from outside")
def test_python_in_tasks() -> None:
    async def main() -> None:
        assert await t.call_in_task(lambda: 42) == 42
        with pytest.raises(ZeroDivisionError):
            await t.call_in_task(lambda: 1 // 0)

    asyncio.run(main())


def test_it_is_configured_once() -> None:
    assert t.workers() == 3
    with pytest.raises(RuntimeError, match="has started already"):
        t.configure()


FORK = """
import asyncio, os, async_tokio as t
assert asyncio.run(t.sleep(1)) == 1
child = os.fork()
if child == 0:
    code = 1
    try:
        code = 0 if asyncio.run(t.sum_of_tasks(10)) == 45 and asyncio.run(t.sleep(1)) == 1 else 2
    finally:
        os._exit(code)
_, status = os.waitpid(child, 0)
assert asyncio.run(t.sum_of_tasks(10)) == 45
print("status", status)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_starts_its_own_runtime() -> None:
    if GRAALPY:
        pytest.skip("GraalPy cannot fork")
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK], capture_output=True, text=True, timeout=120
    )
    assert (run.returncode, run.stdout) == (0, "status 0\n"), run.stderr


EXIT = """
import asyncio, async_tokio as t
async def main():
    tasks = [asyncio.ensure_future(t.waits_for_task()) for _ in range(3)]
    tasks += [asyncio.ensure_future(t.sleep(600_000)) for _ in range(3)]
    await asyncio.sleep(0.01)
{end}
print("end")
"""


@pytest.mark.parametrize(
    "end",
    [
        "asyncio.run(main())",
        "loop = asyncio.new_event_loop(); loop.run_until_complete(main())",
        "loop = asyncio.new_event_loop(); loop.run_until_complete(main()); loop.close()",
    ],
)
def test_the_runtime_does_not_keep_the_process(end: str) -> None:
    if GRAALPY and end != "asyncio.run(main())":
        pytest.skip("GraalPy takes seconds to start: one of these cases is enough")
    run = subprocess.run(
        [sys.executable, "-c", EXIT.format(end=end)], capture_output=True, text=True, timeout=120
    )
    assert (run.returncode, run.stdout) == (0, "end\n"), run.stderr
