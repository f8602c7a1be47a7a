"""A receiver of webhooks on this machine, with its own reading of Standard Webhooks."""

from __future__ import annotations

import base64
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Receiver:
    """Listens on loopback. `answers`: statuses for the next calls, 200 when they are used up."""

    def __init__(self):
        self.got: list[dict] = []
        self.calls = 0
        self.answers: list[int] = []
        self.secret = ""
        self.behaviour = None

    def __enter__(self) -> Receiver:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *trouble) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/pug?x=1"

    def _handler(receiver):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls += 1
                if receiver.behaviour:
                    receiver.behaviour(self)
                    return
                status = receiver.answers.pop(0) if receiver.answers else 200
                if status == 200:
                    receiver.take(self.headers, body)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *words):
                pass

        return Handler

    def take(self, headers, body: bytes) -> None:
        assert proves(self.secret, headers, body), "the signature is not ours"
        self.got.append({"id": headers["webhook-id"], **json.loads(body)})


def proves(secret: str, headers, body: bytes) -> bool:
    """As the specification has it, written without the portal's code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    moment = headers["webhook-timestamp"]
    if abs(time.time() - int(moment)) > 300:
        return False
    content = f"{headers['webhook-id']}.{moment}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, content, "sha256").digest()).decode()
    pairs = [one.split(",", 1) for one in headers["webhook-signature"].split(" ")]
    return any(kind == "v1" and hmac.compare_digest(value, wanted) for kind, value in pairs)
