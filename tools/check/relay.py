"""A port of this computer for a server that only listens on a socket in a folder."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def relay(socket: Path) -> Iterator[int]:
    """Hand on what comes to a free port of 127.0.0.1; yield the port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(lambda come, go: _join(socket, come, go), "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _join(socket: Path, come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
    there, back = await asyncio.open_unix_connection(str(socket))
    await asyncio.gather(_copy(come, back), _copy(there, go))


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while content := await source.read(65536):
            target.write(content)
            await target.drain()
    target.close()
