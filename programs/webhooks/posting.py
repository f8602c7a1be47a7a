"""One try: the message goes out, and what came back."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer

from . import targets

PATIENCE = 5.0  # seconds for everything: name, connection, answer
MOST_READ = 64 * 1024  # bytes of the answer's body


@dataclass(frozen=True)
class Answer:
    """What a try brought. `status`: HTTP, 0 when none came; `trouble`: why not, "" when it did."""

    status: int
    seconds: float
    trouble: str = ""

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300 and not self.trouble


class _Pinned(HTTPConnection):
    """A connection to one judged address, under the name that was asked for."""

    def __init__(self, target: targets.Target, address: str, until: float):
        super().__init__(target.host, target.port)
        self._target, self._address, self._until = target, address, until
        self._cut: Timer | None = None

    def connect(self) -> None:
        """One bound for all that follows: at the end of it the line is cut, however it drips."""
        rest = max(0.01, self._until - time.monotonic())
        self.sock = socket.create_connection((self._address, self._target.port), timeout=rest)
        if self._target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
        self._cut = Timer(max(0.01, self._until - time.monotonic()), _cut, [self.sock])
        self._cut.daemon = True
        self._cut.start()
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def finish(self) -> None:
        if self._cut:
            self._cut.cancel()
        self.close()


def _cut(line: socket.socket) -> None:
    """Past the cipher, which would wait for the other side: whoever reads is told of the end."""
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send it once. Redirects are not followed, proxies not asked, nothing of the answer kept."""
    begun = time.monotonic()
    try:
        status, trouble = _post(url, body, headers, begun + PATIENCE), ""
    except targets.Unfit as unfit:
        status, trouble = 0, unfit.code
    except (TimeoutError, HTTPException, OSError, ValueError) as broken:
        status, trouble = 0, _name(broken, late=time.monotonic() - begun >= PATIENCE)
    return Answer(status, round(time.monotonic() - begun, 3), trouble)


def _name(broken: Exception, *, late: bool) -> str:
    if late or isinstance(broken, TimeoutError):
        return "too_slow"
    if isinstance(broken, ssl.SSLError):
        return "certificate"
    return "unreachable" if isinstance(broken, OSError) else "unreadable"


def _post(url: str, body: bytes, headers: dict[str, str], until: float) -> int:
    target = targets.read(url)
    addresses = targets.addresses_of(target, until - time.monotonic())
    for address in addresses[:-1]:
        with suppress(ConnectionError):
            return _talk(_Pinned(target, address, until), target, body, headers, until)
    return _talk(_Pinned(target, addresses[-1], until), target, body, headers, until)


def _talk(line: _Pinned, target: targets.Target, body: bytes, headers: dict, until: float) -> int:
    try:
        line.request("POST", target.path, body, {**_ALWAYS, **headers})
        answer = line.getresponse()
        _drain(answer)
        if time.monotonic() >= until:
            raise TimeoutError
        return answer.status
    finally:
        line.finish()


def _drain(answer: HTTPResponse) -> None:
    """Piece by piece: asked for at once, a chunk that says it is -1 long is read without end."""
    left = MOST_READ
    while left > 0 and (piece := answer.read1(left)):
        left -= len(piece)


_ALWAYS = {
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "Portal-PUG-Webhooks/1",
    "Connection": "close",
}
