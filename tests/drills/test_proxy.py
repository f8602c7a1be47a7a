"""The bad network does what its faults say, and passes on what none is drawn for."""

from __future__ import annotations

import socketserver
import threading
import time

import pytest

from drills.phones import Line, NoAnswer
from drills.proxy import Proxy, black_hole, cut, delay, drop_reply, garbage_200, slow

pytestmark = pytest.mark.tree

SAID = b"ya" * 500


class Echo(socketserver.StreamRequestHandler):
    """Answers every call, and notes how much of it came."""

    def handle(self):
        length = 0
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length"):
                length = int(line.split(b":")[1])
        self.server.got.append((length, len(self.rfile.read(length))))
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(SAID)}\r\nConnection: close\r\n\r\n"
        self.wfile.write(head.encode() + SAID)


@pytest.fixture
def server():
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Echo) as server:
        server.got = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def call(server, faults, body=b"x" * 2_000, patience=5.0):
    with Proxy(server.server_address[1], faults) as network:
        return Line(network.url, keep=False, patience=patience).call("POST", "/", body)


def test_passes_on(server):
    assert call(server, {drop_reply: 0.0}).body == SAID
    assert server.got == [(2_000, 2_000)]


def test_drops_the_reply_after_the_work_is_done(server):
    with pytest.raises(NoAnswer):
        call(server, {drop_reply: 1.0})
    assert server.got == [(2_000, 2_000)]


def test_cuts_in_the_body(server):
    with pytest.raises(NoAnswer):
        call(server, {cut(1_000): 1.0})
    deadline = time.monotonic() + 5
    while not server.got and time.monotonic() < deadline:
        time.sleep(0.01)
    [(promised, came)] = server.got
    assert promised == 2_000
    assert 0 < came < 1_000


def test_somebody_else_answers_200(server):
    answer = call(server, {garbage_200: 1.0})
    assert (answer.status, answer.body[:6]) == (200, b"<html>")


def test_black_hole(server):
    with pytest.raises(NoAnswer):
        call(server, {black_hole: 1.0}, patience=0.5)
    assert server.got in ([], [(0, 0)])


@pytest.mark.parametrize("fault", [delay(0.3), slow(8_000)])
def test_slow_but_whole(server, fault):
    begun = time.monotonic()
    assert call(server, {fault: 1.0}).body == SAID
    assert time.monotonic() - begun > 0.25
