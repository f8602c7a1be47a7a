"""A slow road to a portal: every connection of a browser, its worker's too, on one weak line.

    with SlowRoad(8000) as road:
        page.goto(road.url)

Throttling inside the browser leaves out what a service worker asks; a line does not.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

KBIT, ROUND_TRIP = 400, 0.4  # per second, and seconds there and back
PIECE = 1400  # bytes: one packet


class Lane:
    """One direction of the line, shared by all connections; a packet occupies it for its length."""

    def __init__(self, kbit: float, round_trip: float):
        self._per_byte, self._delay = 8 / (kbit * 1000), round_trip / 2
        self._free_at = 0.0

    def arrival(self, size: int) -> float:
        """When `size` bytes that set out now are at the other end (seconds of the loop's clock)."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(now, self._free_at) + size * self._per_byte
        return self._free_at + self._delay


class SlowRoad:
    """Listens on its own port and carries to `port` of this machine. `open` False: no signal."""

    def __init__(self, port: int, kbit: float = KBIT, round_trip: float = ROUND_TRIP):
        self._target, self._kbit, self._round_trip = port, kbit, round_trip
        self.carried = 0  # bytes to the phone, heads included
        self.open = True

    @property
    def url(self) -> str:
        return f"http://localhost:{self._port}"

    def __enter__(self) -> SlowRoad:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *trouble) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _listen(self) -> None:
        self._up, self._down = (Lane(self._kbit, self._round_trip) for _ in range(2))
        server = await asyncio.start_server(self._meet, "localhost", 0)
        self._port = server.sockets[0].getsockname()[1]
        self._server = server

    async def _meet(self, reader, writer) -> None:
        if not self.open:
            writer.transport.abort()
            return
        await asyncio.sleep(self._round_trip)  # the handshake
        with suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.gather(
                self._carry(reader, far_writer, self._up),
                self._carry(far_reader, writer, self._down),
            )

    async def _carry(self, reader, writer, lane: Lane) -> None:
        """Read as it comes, hand over as it arrives: packets overtake each other nowhere."""
        waiting: asyncio.Queue = asyncio.Queue(maxsize=64)
        deliver = asyncio.ensure_future(self._deliver(waiting, writer, lane is self._down))
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                await waiting.put((lane.arrival(len(piece)), piece))
        await waiting.put((0, b""))
        await deliver

    async def _deliver(self, waiting: asyncio.Queue, writer, counted: bool) -> None:
        with suppress(OSError):
            while True:
                at, piece = await waiting.get()
                if not piece:
                    break
                await asyncio.sleep(at - self._loop.time())
                writer.write(piece)
                await writer.drain()
                self.carried += len(piece) if counted else 0
        writer.close()
