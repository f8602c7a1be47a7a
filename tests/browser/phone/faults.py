"""A bad network between Chromium and the portal: one proxy, one fault at a time.

    with FaultProxy(live_server.url) as network:
        network.fault(drop_reply, on="/api/v1/submissions/", times=1)
        page.goto(f"{network.url}/desa/")

It passes requests on with their own Host, so that cookies, CSRF and the service worker's secure
context hold at http://localhost:PORT. Everything that arrives is noted in `seen`.
"""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
_NO_BODY = {204, 304}


@dataclass
class Seen:
    """One request as it arrived here; `status` is the portal's answer, None when it got none."""

    method: str
    path: str
    at: float  # seconds of time.monotonic()
    headers: dict[str, str]
    body: bytes = b""
    status: int | None = None
    told: int | None = None  # what the browser was told


@dataclass
class Rule:
    mode: Mode
    on: re.Pattern
    method: str
    left: float

    def takes(self, seen: Seen) -> bool:
        return self.left > 0 and seen.method == self.method and bool(self.on.search(seen.path))


class Call:
    """One request whose head was read; a mode decides what becomes of it."""

    def __init__(self, proxy: FaultProxy, seen: Seen, reader, writer):
        self.proxy, self.seen, self._reader, self._writer = proxy, seen, reader, writer
        self.length = int(seen.headers.get("content-length", 0))
        self.open = True

    async def read(self, share: float = 1.0) -> None:
        """Take `share` of the body off the wire."""
        wanted = int(self.length * share) - len(self.seen.body)
        if wanted > 0:
            self.seen.body += await self._reader.readexactly(wanted)

    async def ask(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """The portal's answer to the whole request."""
        await self.read()
        answer = await asyncio.to_thread(self.proxy.forward, self.seen)
        self.seen.status = answer[0]
        return answer

    async def tell(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send an answer to the browser."""
        await self.read()
        self.seen.told = status
        keep = self.proxy.keep_alive
        lines = [f"HTTP/1.1 {status} {http.client.responses.get(status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers if name.lower() not in HOP_BY_HOP]
        if status not in _NO_BODY:
            lines.append(f"Content-Length: {len(body)}")
        lines.append(f"Connection: {'keep-alive' if keep else 'close'}")
        sends_body = self.seen.method != "HEAD" and status not in _NO_BODY
        text = "\r\n".join(lines) + "\r\n\r\n"
        self._writer.write(text.encode("latin-1") + (body if sends_body else b""))
        await self._writer.drain()
        self.open = keep

    def cut(self) -> None:
        """Reset the connection, as a mast does that goes down."""
        self.open = False
        cut(self._writer)


Mode = Callable[[Call], Awaitable[None]]


def cut(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.fileno() != -1:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def pass_on(call: Call) -> None:
    await call.tell(*await call.ask())


async def drop_reply(call: Call) -> None:
    """The portal answers (and has stored), the answer never comes back."""
    await call.ask()
    call.cut()


async def abort_half(call: Call) -> None:
    """The connection ends in the middle of the body; the portal gets that half too."""
    await call.read(0.5)
    await asyncio.to_thread(call.proxy.forward_torn, call.seen)
    call.cut()


async def refuse(call: Call) -> None:
    """The connection ends before anything was answered; the portal hears nothing."""
    call.cut()


async def login_page(call: Call) -> None:
    """A hotel's or an operator's page answers in the portal's place, politely."""
    html = b"<!doctype html><title>WiFi</title><h1>Selamat datang di WiFi gratis</h1>"
    await call.tell(200, [("Content-Type", "text/html; charset=utf-8")], html)


async def redirect(call: Call) -> None:
    """The same, by a redirect to the operator's own address."""
    await call.tell(302, [("Location", "http://wifi.operator.invalid/login")], b"")


def status(code: int, *headers: tuple[str, str]) -> Mode:
    """An answer that the portal never gave, for instance 500."""

    async def answer(call: Call) -> None:
        await call.tell(code, [("Content-Type", "text/html"), *headers], b"<h1>Fault</h1>")

    return answer


def busy(seconds: int) -> Mode:
    return status(503, ("Retry-After", str(seconds)))


def delay(seconds: float) -> Mode:
    """The portal does the work at once; its answer comes `seconds` later."""

    async def late(call: Call) -> None:
        answer = await call.ask()
        await asyncio.sleep(seconds)
        await call.tell(*answer)

    return late


@dataclass
class FaultProxy:
    """A listening proxy; `url` is what the browser opens. `keep_alive` False: one request per
    connection, so that Chromium itself never sends twice."""

    upstream: str
    tls: object = None  # ssl.SSLContext
    port: int = 0
    keep_alive: bool = False
    seen: list[Seen] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    def fault(self, mode: Mode, *, on: str = "/api/v1/", method="POST", times=float("inf")) -> Rule:
        """The next `times` requests that fit meet this fault; later rules come first."""
        rule = Rule(mode, re.compile(on), method, times)
        self.rules.insert(0, rule)
        return rule

    def clear(self) -> None:
        self.rules.clear()

    def arrived(self, on: str = "/api/v1/submissions/", method: str = "POST") -> list[Seen]:
        return [one for one in list(self.seen) if one.method == method and re.search(on, one.path)]

    def copies(self, on: str = "/api/v1/submissions/") -> Counter:
        """How often each body came in."""
        return Counter(one.body for one in self.arrived(on))

    # -- Life ------------------------------------------------------------------
    def __enter__(self) -> FaultProxy:
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *trouble) -> None:
        self.go_dark()
        self._run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        assert self.troubles == []

    def listen(self) -> None:
        """Be there, at the same port as before."""
        self._server = self._run(
            asyncio.start_server(
                self._serve, "localhost", self.port, ssl=self.tls, family=socket.AF_INET
            )
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def go_dark(self) -> None:
        """Stop listening and cut every open connection: the browser finds nobody there."""

        async def dark() -> None:
            self._server.close()
            for writer in list(self._writers):
                cut(writer)
            await asyncio.sleep(0)

        self._run(dark())

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    # -- Work ------------------------------------------------------------------
    async def _serve(self, reader, writer) -> None:
        self._writers.add(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            cut(writer)
        except Exception as trouble:  # a mode that breaks must not pass for a bad network
            self.troubles.append(trouble)
            cut(writer)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _one(self, reader, writer) -> bool:
        """Serve one request; true when the connection stays open for another."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _version = head[0].split(" ")
        pairs = (line.split(":", 1) for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        call = Call(self, Seen(method, path, time.monotonic(), headers), reader, writer)
        self.seen.append(call.seen)
        await self._mode(call.seen)(call)
        return call.open

    def _mode(self, seen: Seen) -> Mode:
        for rule in self.rules:
            if rule.takes(seen):
                rule.left -= 1
                return rule.mode
        return pass_on

    def forward(self, seen: Seen) -> tuple[int, list[tuple[str, str]], bytes]:
        """Ask the portal over a connection of its own; 502 when it is not there."""
        where = urlsplit(self.upstream)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=120)
        try:
            connection.request(seen.method, seen.path, seen.body or None, self._headers(seen))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, http.client.HTTPException):
            return 502, [("Content-Type", "text/html")], b"<h1>Bad gateway</h1>"
        finally:
            connection.close()

    def forward_torn(self, seen: Seen) -> None:
        """Promise the whole body, send what came, and hang up."""
        where = urlsplit(self.upstream)
        headers = self._headers(seen) | {"content-length": seen.headers["content-length"]}
        lines = [f"{seen.method} {seen.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        with socket.create_connection((where.hostname, where.port), timeout=30) as raw:
            raw.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + seen.body)

    def _headers(self, seen: Seen) -> dict[str, str]:
        kept = {name: value for name, value in seen.headers.items() if name not in HOP_BY_HOP}
        scheme = {"x-forwarded-proto": "https"} if self.tls else {}
        length = {"content-length": str(len(seen.body))} if seen.body else {}
        return {**kept, **scheme, **length, "connection": "close"}
