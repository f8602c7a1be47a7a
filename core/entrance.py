"""The outermost door, round Django: for what its own would break on before any of our code runs."""

from __future__ import annotations

import codecs
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

from .identifiers import uuid7
from .middleware import name_request

_log = logging.getLogger(__name__)
#: Stands in a request's META whose Content-Type was taken away, because it cannot be read.
REFUSED = "pug.content_type_refused"


class Entrance:
    """The WSGI application behind two guards.

    A Content-Type that cannot be read is taken away and marked, so that the middleware answers
    400 as it answers everything else; Django itself would end in a bare 500. Whatever still
    breaks out is answered 500 in the shape that the caller reads, with an id that is in the log.
    """

    def __init__(self, application: Callable):
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if not _readable(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = ""
            environ[REFUSED] = True
        try:
            return self.application(environ, start_response)
        except Exception as fault:
            return _broken(environ, start_response, fault)


def _readable(text: str) -> bool:
    """Whether the header is one, and names UTF-8 where it names a charset."""
    try:
        _kind, parameters = parse_header_parameters(text)
        return codecs.lookup(parameters.get("charset") or "utf-8").name == "utf-8"
    except (LookupError, ValueError):
        return False


def _broken(environ: dict[str, Any], start_response: Callable, fault: Exception) -> list[bytes]:
    """Asks nothing of Django: it may be what is broken."""
    named = str(uuid7())
    name_request(named)
    path = environ.get("PATH_INFO", "")
    _log.error("Broke outside every view: %s", path, exc_info=fault)
    kind, body = "text/plain; charset=utf-8", f"Ada gangguan di sisi kami. Kode: {named}\n"
    if path.startswith("/api/"):
        kind, body = "application/problem+json", json.dumps(_problem(path, named))
    headers = [("Content-Type", kind), ("X-Request-ID", named), ("Cache-Control", "no-store")]
    start_response("500 Internal Server Error", headers)
    return [body.encode()]


def _problem(path: str, named: str) -> dict[str, Any]:
    title = "Something broke on our side"
    return {
        "type": "urn:pug:problem:server_error",
        "title": title,
        "status": 500,
        "detail": title,
        "instance": path,
        "code": "server_error",
        "request_id": named,
        "errors": [],
    }
