"""Serves for a moment, and is its own client."""

import asyncio

from http_server import Server


async def hello(method: str, path: str, body: bytes) -> bytes:
    await asyncio.sleep(0.01)
    return f"Hello, {path.strip('/')}!\n".encode()


async def main() -> None:
    server = await Server.bind()
    serving = asyncio.ensure_future(server.serve(hello))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /world HTTP/1.1\r\nConnection: close\r\n\r\n")
    print((await reader.read()).decode())
    writer.close()
    serving.cancel()


asyncio.run(main())
