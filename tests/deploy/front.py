"""A real nginx with the portal's site on loopback; behind it a server that tells what it got."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer

from django.conf import settings

HOST = "pug.coba.go.id"
DEPLOY = settings.BASE_DIR / "deploy"
PHOTO = b"\xff\xd8 a photo"


class Told(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = {"headers": {k.lower(): v for k, v in self.headers.items()}, "bytes": len(body)}
        text = json.dumps(told | {"path": self.path}).encode()
        self.send_response(200)
        if self.path == "/photo":
            self.send_header("X-Accel-Redirect", "/-/kept/photos/ab/one.jpg")
            self.send_header("Content-Type", "image/jpeg")
            for name, value in KEPT.items():
                self.send_header(name, value)
            text = b""
        self.send_header("X-Request-ID", "the-id")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_TRACE = answer  # noqa: N815

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *words) -> None:
        pass


KEPT = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "ETag": '"sha"',
}


class Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True


class Front:
    """`with Front(folder) as front: front.ask(b"GET / …")`"""

    def __init__(self, folder: Path):
        self.folder = folder
        self.http, self.https = _free(), _free()

    def __enter__(self) -> Front:
        for name in ("etc/tls", "var/media/photos/ab", "var/static", "log", "temp"):
            (self.folder / name).mkdir(parents=True)
        self.folder.chmod(0o755)
        (self.folder / "var/media/photos/ab/one.jpg").write_bytes(PHOTO)
        (self.folder / "var/static/a.0123.css").write_text("p {}")
        self._certificate()
        socket_file = self.folder / "web.sock"
        self.server = Server(str(socket_file), Told)
        socket_file.chmod(0o777)
        (self.folder / "etc/upstream.conf").write_text(f"server unix:{socket_file} max_fails=0;\n")
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self._config()
        self.nginx = subprocess.Popen([*self._command(), "-g", "daemon off;"])
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not _listens(self.https):
            time.sleep(0.05)
        return self

    def __exit__(self, *trouble) -> None:
        self.nginx.terminate()
        self.nginx.wait(10)
        self.server.shutdown()
        self.server.server_close()

    def tested(self) -> subprocess.CompletedProcess:
        """nginx -t"""
        return subprocess.run([*self._command(), "-t"], capture_output=True, text=True, check=False)

    def _command(self) -> list[str]:
        return [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(self.folder / "nginx.conf")]

    def _certificate(self) -> None:
        tls = self.folder / "etc/tls"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"]
        command += ["ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={HOST}"]
        command += ["-keyout", str(tls / "key.pem"), "-out", str(tls / "certificate.pem")]
        subprocess.run(command, check=True, capture_output=True)

    def _config(self) -> None:
        given = f"ETC={self.folder}/etc VAR={self.folder}/var CODE={settings.BASE_DIR}"
        given += f" LOG={self.folder}/log DOMAIN={HOST} HTTP={self.http} HTTPS={self.https}"
        command = f". {DEPLOY}/lib.sh; {given}; render_site <{DEPLOY}/nginx/pug.conf"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
        site = done.stdout.replace("listen ", "listen 127.0.0.1:").replace(
            "127.0.0.1:[::]", "[::1]"
        )
        (self.folder / "site.conf").write_text(site)
        temp = "".join(
            f"{kind}_temp_path {self.folder}/temp;"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"pid {self.folder}/pid; error_log {self.folder}/log/error.log; worker_processes 1;"
            f"events {{ }} http {{ {temp} include /etc/nginx/mime.types;"
            f" include {self.folder}/site.conf; }}"
        )

    def ask(self, text: bytes, *, plain: bool = False, first: bool = False) -> str:
        """The raw answer to these bytes; `first`: its first piece, while nginx waits for more."""
        port = self.http if plain else self.https
        with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
            if not plain:
                believing = ssl._create_unverified_context()  # noqa: S323  our own, made above
                wire = believing.wrap_socket(wire, server_hostname=HOST)
            with wire:
                wire.sendall(text)
                found = b""
                try:
                    while piece := wire.recv(65536):
                        found += piece
                        if first:
                            break
                except (TimeoutError, ConnectionResetError):
                    pass
        return found.decode("latin-1")

    def get(self, path: str, *headers: str, method: str = "GET", body: bytes = b"", **how) -> str:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return self.ask("\r\n".join([*lines, "", ""]).encode() + body, **how)

    def lines(self) -> list[dict]:
        time.sleep(0.1)
        text = (self.folder / "log/pug-access.log").read_text()
        return [json.loads(line) for line in text.splitlines()]


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
