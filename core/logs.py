"""The log: one line a record, as JSON where machines read it, and nowhere a secret.

Read by the web server, the worker, the duties and every command, and by Granian itself
(deploy hands it `granian()`); so nothing of Django is asked for here.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

#: What must never be read in a log, whoever wrote the line: (what it looks like, what stays).
_SECRETS = (
    (re.compile(r"(/masuk/tautan/)[^/\s\"'?]+"), r"\1…"),
    (re.compile(r"(pug_[A-Za-z0-9_-]{8})[A-Za-z0-9_-]{20,}"), r"\1…"),
    (re.compile(r"whsec_[A-Za-z0-9+/=_-]+"), "whsec_…"),
    (re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]+", re.IGNORECASE), "AGE-SECRET-KEY-…"),
    (re.compile(r"(otpauth://[a-z]+/)\S+"), r"\1…"),
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+@"), r"\1…@"),
    (re.compile(r"(\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE), r"\1…"),
    (
        re.compile(
            r"((?:pass(?:word|wd|phrase)|sandi|secret|token|sessionid|csrf\w*|api_?key|otp|pin)"
            r"\w*[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&\"'})]+)",
            re.IGNORECASE,
        ),
        r"\1…",
    ),
)
#: Signs that would end a line, or move about in the terminal of whoever reads it.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST = 16_000  # signs of one message or fault; the end of a fault says most


class _Lines(logging.Formatter):
    """`secrets`: the values of this installation that no line may hold, whatever their shape."""

    def __init__(self, secrets: Iterable[str] = ()):
        super().__init__()
        self._values = sorted({one for one in secrets if len(one) > 5}, key=len, reverse=True)

    def masked(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, "…")
        for pattern, kept in _SECRETS:
            text = pattern.sub(kept, text)
        return text

    def moment(self, record: logging.LogRecord) -> str:
        """UTC, to the millisecond (RFC 3339)."""
        at = datetime.fromtimestamp(record.created, UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def fault(self, record: logging.LogRecord) -> str:
        told = self.formatException(record.exc_info) if record.exc_info else ""
        return self.masked(told or record.exc_text or "")[-LONGEST:]

    def message(self, record: logging.LogRecord) -> str:
        return self.masked(record.getMessage())[:LONGEST]


class JsonLines(_Lines):
    """time, level, logger, request_id, message; what the record knows besides; fault."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.moment(record),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": self.message(record),
            "process": record.process,
        }
        for name, value in getattr(record, "facts", {}).items():
            line[name] = self.masked(value) if isinstance(value, str) else value
        if fault := self.fault(record):
            line["fault"] = fault
        # ASCII: no sign of another line, and no half character, ever leaves as itself.
        return json.dumps(line, default=str)


class TextLines(_Lines):
    """For the eyes of whoever runs the portal at her desk; only a fault has several lines."""

    def format(self, record: logging.LogRecord) -> str:
        asked = getattr(record, "request_id", "-")
        message = _CONTROL.sub(lambda sign: repr(sign[0])[1:-1], self.message(record))
        line = f"{self.moment(record)} {record.levelname} {record.name} [{asked}] {message}"
        fault = self.fault(record)
        return f"{line}\n{fault}" if fault else line


class Faults(logging.Filter):
    """Of Django's own lines about answers only those with a fault in them: pug.request has a line
    for every answer, with more in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


def note(event: str, *, level: int = logging.INFO, **facts: Any) -> None:
    """One line about signing in, leaving or being refused (ASVS 16.3.1). `facts` name accounts
    that there are, never what somebody typed: people type passwords into the wrong box. Address
    and path stand in the line of the request, under the same id."""
    logging.getLogger("pug.security").log(level, event, extra={"facts": {"event": event} | facts})


def configuration(form: str, secrets: Iterable[str] = ()) -> dict[str, Any]:
    """Django's LOGGING. `form`: json or text. Text leaves out the lines of answers that went well:
    they would bury the rest on a terminal."""
    lines = "core.logs.JsonLines" if form == "json" else "core.logs.TextLines"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "core.middleware.RequestIdFilter"},
            "faults": {"()": "core.logs.Faults"},
        },
        "formatters": {"line": {"()": lines, "secrets": tuple(secrets)}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "axes": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "WARNING"},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR", "filters": ["faults"]},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "pug.request": {"level": "INFO" if form == "json" else "WARNING"},
        },
    }


def granian(form: str) -> dict[str, Any]:
    """Granian's own lines in the same shape (its option --log-config takes it as a JSON file)."""
    lines = "core.logs.JsonLines" if form == "json" else "core.logs.TextLines"
    return {
        "formatters": {"line": {"()": lines}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
    }
