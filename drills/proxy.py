"""A bad network in front of the portal: a TCP proxy on loopback, one fault for each connection.

    with Proxy(portal.port, {drop_reply: 0.2, cut(300): 0.05}) as network:
        Phones(network.url, tally, keep=False)

It knows nothing of HTTP. Phones behind it use a connection for each call, so that a fault meets
one call. A fault is a coroutine over both ends; what none is drawn for is passed on.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

CHUNK = 65_536
#: Longer than any phone waits for an answer.
FOR_EVER = 120.0


@dataclass
class Ends:
    """The phone's side and the portal's side of one connection."""

    phone: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    portal: tuple[asyncio.StreamReader, asyncio.StreamWriter]

    async def pass_on(self, there: float | None = None, back: float | None = None) -> None:
        """Both ways until both ends are silent; `there`, `back`: bytes a second."""
        await asyncio.gather(
            _pour(self.phone[0], self.portal[1], there), _pour(self.portal[0], self.phone[1], back)
        )

    def cut(self) -> None:
        """Reset, as a mast does that goes down; the portal is hung up on."""
        raw = self.phone[1].get_extra_info("socket")
        if raw is not None and raw.fileno() != -1:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.phone[1].transport.abort()
        self.portal[1].close()


Fault = Callable[[Ends], Awaitable[None]]


async def _pour(reader, writer, rate: float | None) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(CHUNK if rate is None else max(1, int(rate / 10))):
            writer.write(chunk)
            await writer.drain()
            if rate is not None:
                await asyncio.sleep(len(chunk) / rate)
        writer.write_eof()


async def drop_reply(ends: Ends) -> None:
    """The portal gets it all and answers; nothing of the answer comes back."""
    pouring = asyncio.ensure_future(_pour(ends.phone[0], ends.portal[1], None))
    await ends.portal[0].read(1)  # the first byte of the answer: what it tells of is done
    pouring.cancel()
    ends.cut()


async def black_hole(ends: Ends) -> None:
    """Everything is taken, nothing ever comes back, until the phone gives up."""
    while await ends.phone[0].read(CHUNK):
        pass
    ends.cut()


async def garbage_200(ends: Ends) -> None:
    """Somebody else answers, in good health, before the portal: an operator's login page."""
    await ends.phone[0].read(CHUNK)
    page = b"<html><body>Selamat datang! Masukkan nomor Anda.</body></html>"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n"
    ends.phone[1].write(head.encode() + b"Connection: close\r\n\r\n" + page)
    await ends.phone[1].drain()
    ends.phone[1].close()
    ends.portal[1].close()


def cut(after: int) -> Fault:
    """The connection ends when `after` bytes of the call have gone out: in its body, mostly."""

    async def cut_request(ends: Ends) -> None:
        left = after
        while left and (chunk := await ends.phone[0].read(left)):
            ends.portal[1].write(chunk)
            left -= len(chunk)
        await ends.portal[1].drain()
        ends.cut()

    return cut_request


def delay(seconds: float) -> Fault:
    async def late(ends: Ends) -> None:
        await asyncio.sleep(seconds)
        await ends.pass_on()

    return late


def slow(rate: float) -> Fault:
    """So many bytes a second, there and back."""

    async def slowed(ends: Ends) -> None:
        await ends.pass_on(rate, rate)

    return slowed


class Proxy:
    """Listens on a port of its own. `faults`: {fault: share of connections that meet it}."""

    def __init__(self, port: int, faults: dict[Fault, float], seed: int = 1):
        self._to, self._faults, self._rng = port, faults, random.Random(seed)
        self.met: Counter = Counter()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Proxy:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *trouble) -> None:
        async def close() -> None:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self._run(close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def _draw(self) -> Fault | None:
        at = self._rng.random()
        for fault, share in self._faults.items():
            at -= share
            if at < 0:
                return fault
        return None

    async def _serve(self, reader, writer) -> None:
        opened = [writer]
        self._writers.add(writer)
        try:
            portal = await asyncio.open_connection("127.0.0.1", self._to)
            opened.append(portal[1])
            self._writers.add(portal[1])
            fault, ends = self._draw(), Ends((reader, writer), portal)
            if fault is None:
                await ends.pass_on()
            else:
                self.met[fault.__name__] += 1
                await asyncio.wait_for(fault(ends), FOR_EVER)
        except (OSError, TimeoutError):
            writer.transport.abort()
        finally:
            for one in opened:
                self._writers.discard(one)
                one.close()
