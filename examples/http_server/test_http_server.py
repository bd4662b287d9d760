"""Several clients at once, keep-alive, and cancellation."""

import asyncio
import sys
from typing import Any, Awaitable, Callable, List, Tuple

import pytest
from http_server import Server

Handler = Callable[[str, str, bytes], Awaitable[Any]]


async def echo(method: str, path: str, body: bytes) -> bytes:
    await asyncio.sleep(0.001)
    return f"{method} {path} ".encode() + body


class Client:
    """A connection."""

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *error: Any) -> None:
        self.writer.close()

    @classmethod
    async def connect(cls, port: int) -> "Client":
        client = cls()
        client.reader, client.writer = await asyncio.open_connection("127.0.0.1", port)
        return client

    async def ask(self, path: str, body: bytes = b"", *headers: str) -> Tuple[int, bytes]:
        lines = [f"POST {path} HTTP/1.1", f"Content-Length: {len(body)}", *headers, "", ""]
        self.writer.write("\r\n".join(lines).encode() + body)
        return await self.answer()

    async def answer(self) -> Tuple[int, bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.split("Content-Length: ")[1].split("\r\n")[0])
        return int(head.split()[1]), await self.reader.readexactly(length)


def with_server(handler: Handler, test: Callable[[Any], Awaitable[None]]) -> None:
    async def main() -> None:
        server = await Server.bind()
        serving = asyncio.ensure_future(server.serve(handler))
        await test(server)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(main())


def test_keep_alive() -> None:
    async def test(server: Any) -> None:
        async with await Client.connect(server.port) as client:
            for number in range(20):
                answer = await client.ask(f"/{number}", b"x" * number * 1000)
                assert answer == (200, f"POST /{number} ".encode() + b"x" * number * 1000)
            assert (await client.ask("/last", b"", "Connection: close"))[0] == 200
            assert await client.reader.read() == b""
        assert server.served == 21

    with_server(echo, test)


def test_many_clients() -> None:
    async def talk(port: int, name: int) -> None:
        async with await Client.connect(port) as client:
            for number in range(5):
                path = f"/{name}/{number}"
                assert await client.ask(path) == (200, f"POST {path} ".encode())

    async def test(server: Any) -> None:
        await asyncio.gather(*(talk(server.port, name) for name in range(20)))
        assert server.served == 100

    with_server(echo, test)


def test_requests_of_one_client_run_beside_those_of_another() -> None:
    async def test(server: Any) -> None:
        nonlocal started, go
        # Python 3.9 ties them to the loop that runs where they are made.
        started, go = asyncio.Event(), asyncio.Event()
        async with await Client.connect(server.port) as one:
            async with await Client.connect(server.port) as other:
                waits = asyncio.ensure_future(one.ask("/wait"))
                await asyncio.wait_for(started.wait(), 30)
                assert (await other.ask("/go"))[0] == 200
                assert (await waits)[0] == 200

    started: Any = None
    go: Any = None

    async def handler(method: str, path: str, body: bytes) -> bytes:
        if path == "/wait":
            started.set()
            await go.wait()
        else:
            go.set()
        return b""

    with_server(handler, test)


def test_handlers_that_fail() -> None:
    async def handler(method: str, path: str, body: bytes) -> Any:
        if path == "/raises":
            raise ValueError("on purpose")
        return "no bytes"

    async def test(server: Any) -> None:
        async with await Client.connect(server.port) as client:
            assert (await client.ask("/raises"))[0] == 500
            assert (await client.ask("/text"))[0] == 500

    hook, sys.unraisablehook = sys.unraisablehook, lambda told: None
    try:
        with_server(handler, test)
    finally:
        sys.unraisablehook = hook


@pytest.mark.parametrize(
    "request_", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"G" * 20_000]
)
def test_bad_requests(request_: bytes) -> None:
    async def test(server: Any) -> None:
        async with await Client.connect(server.port) as client:
            client.writer.write(request_)
            client.writer.write_eof()
            assert (await client.answer())[0] == 400

    with_server(echo, test)


def test_cancellation_reaches_the_handlers() -> None:
    seen: List[str] = []

    async def handler(method: str, path: str, body: bytes) -> bytes:
        seen.append("started")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        return b""

    async def main() -> None:
        server = await Server.bind()
        serving = asyncio.ensure_future(server.serve(handler))
        client = await Client.connect(server.port)
        asking = asyncio.ensure_future(client.ask("/"))
        while not seen:
            await asyncio.sleep(0.001)
        # One server serves once at a time.
        with pytest.raises(RuntimeError, match="serving already"):
            await server.serve(handler)
        serving.cancel()
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await asking
        assert seen == ["started", "cancelled"]
        # And again.
        serving = asyncio.ensure_future(server.serve(echo))
        async with await Client.connect(server.port) as client:
            assert (await client.ask("/again"))[0] == 200
        serving.cancel()

    asyncio.run(main())


def test_a_port_in_use() -> None:
    async def test(server: Any) -> None:
        with pytest.raises(OSError):
            await Server.bind(port=server.port)
        with pytest.raises(OSError):
            await Server.bind("not a host")

    with_server(echo, test)
