"""The portal as it serves in earnest: static files collected, named by content and packed.

    from .packed import packed, packed_files  # noqa: F401

    def test_…(packed): page.goto(packed.url)

`packed.sent` counts the bytes of each answer, its head too, the body as packed with gzip: a phone's
own preference for Brotli is left out, since old ones have none.
"""

from __future__ import annotations

import threading
from collections import defaultdict

import pytest
from django.core.management import call_command
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings

from programs.phone import shell

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.staticfiles.JoiningStaticFilesStorage"},
}
#: Of other people, on no page of the phone, and long to pack.
LEFT_OUT = ["admin", "drf_spectacular_sidecar", "rest_framework", "django_filters"]


class Scales:
    """A WSGI application around the portal's that weighs what it sends, by path."""

    def __init__(self, app):
        self._app, self._lock = app, threading.Lock()
        self.sent: dict[str, int] = defaultdict(int)
        self.bodies: dict[str, int] = defaultdict(int)

    def __call__(self, environ, start_response):
        environ["HTTP_ACCEPT_ENCODING"] = "gzip"
        path, head = environ["PATH_INFO"], []

        def begin(status, headers, *rest):
            head.append(sum(len(f"{name}: {value}\r\n") for name, value in headers))
            return start_response(status, headers, *rest)

        answer = self._app(environ, begin)
        return self._weigh(path, head, answer)

    def _weigh(self, path, head, answer):
        body = 0
        try:
            for part in answer:
                body += len(part)
                yield part
        finally:
            with self._lock:
                self.sent[path] += body + sum(head)
                self.bodies[path] += body
            if hasattr(answer, "close"):
                answer.close()


class Packed:
    """A running portal: `url`, and `sent` bytes by path."""

    def __init__(self):
        self.scales: Scales | None = None
        self._thread = LiveServerThread("localhost", static_handler=self._around)
        self._thread.daemon = True
        self._thread.start()
        self._thread.is_ready.wait()
        if self._thread.error:
            raise self._thread.error

    def _around(self, app):
        self.scales = Scales(app)
        return self.scales

    @property
    def url(self) -> str:
        return f"http://localhost:{self._thread.port}"

    @property
    def sent(self) -> dict[str, int]:
        return dict(self.scales.sent)

    @property
    def bodies(self) -> dict[str, int]:
        """The same without the heads of answers."""
        return dict(self.scales.bodies)

    def forget(self) -> None:
        self.scales.sent.clear()
        self.scales.bodies.clear()

    def stop(self) -> None:
        self._thread.terminate()


def forget_build() -> None:
    """What a process works out once is worked out anew: the static files are others now."""
    shell._built.cache_clear()


@pytest.fixture(scope="session")
def packed_files(tmp_path_factory):
    """The folder of collected static files."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES=STORAGES, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=LEFT_OUT)
    return folder


@pytest.fixture
def packed(packed_files, settings, transactional_db):
    settings.STATIC_ROOT, settings.STORAGES = packed_files, STORAGES
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.SECOND_FACTOR_ASKED = False  # its own tests stand in tests/accounts
    forget_build()
    portal = Packed()
    yield portal
    portal.stop()
    forget_build()
