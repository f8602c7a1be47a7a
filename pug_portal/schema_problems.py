"""What can go wrong, as docs/errors.md says it: the description has no table of its own."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from .schema_parts import headers_of, reference, response_name

ERRORS = Path(__file__).resolve().parents[1] / "docs" / "errors.md"
_ROW = re.compile(r"\| `(?P<code>\w+)` \| (?P<statuses>[\d, ]+) \| (?P<when>.+) \| (?P<do>.+) \|")
_FIELD = re.compile(r"\| `(?P<code>\w+)` \| [^|]+ \|")

#: Statuses whose `code` may also be the one that all of `errors` share.
_OF_FIELDS = ("400", "422")
_PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": [
        *("type", "title", "status", "detail", "instance", "code", "request_id", "errors"),
    ],
    "properties": {
        "type": {"type": "string", "description": "`urn:pug:problem:` and the code"},
        "title": {"type": "string", "description": "For people"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people: what to do"},
        "instance": {"type": "string", "description": "The path that was asked"},
        "code": {"type": "string", "description": "Stable, for programs"},
        "request_id": {"type": "string", "description": "Name of this answer in the log"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}},
        "current": {
            "type": "object",
            "additionalProperties": True,
            "description": "409 and 412: what stands there now, as far as the caller may read it",
        },
        "changed": {
            "type": "object",
            "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2},
            "description": "409 and 412: each field that differs since the version that was seen, "
            "as [seen, now]",
        },
        "differences": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": True},
            "description": "412 of a gender analysis: each cell of what was sent that differs from "
            "what stands there, as {pointer, row, sent, now}",
        },
    },
}


@cache
def codes() -> dict[str, dict[str, str]]:
    """status → code → when it comes and what to do, in the order of the document."""
    found: dict[str, dict[str, str]] = {}
    for row in _ROW.finditer(ERRORS.read_text(encoding="utf-8")):
        for status in row["statuses"].split(", "):
            found.setdefault(status, {})[row["code"]] = f"{row['when']} – {row['do']}"
    return found


@cache
def field_codes() -> list[str]:
    """The codes of `errors`."""
    lines = ERRORS.read_text(encoding="utf-8").splitlines()
    return [row["code"] for row in map(_FIELD.fullmatch, lines) if row]


def components() -> dict[str, dict[str, Any]]:
    """A problem answer of each status, to be pointed at."""
    return {
        "responses": {response_name(status): as_problem(status, {}) for status in codes()},
        "schemas": {"ProblemDocument": _PROBLEM},
    }


def as_problem(status: str, told: dict[str, Any]) -> dict[str, Any]:
    """A problem answer; what the door itself says of it comes first."""
    media = {"schema": reference("schemas", "ProblemDocument")}
    own = [one.get("examples") for one in told.get("content", {}).values() if one.get("examples")]
    media["examples"] = own[0] if own else _examples(status)
    return {
        "description": told.get("description") or _words(status),
        "headers": headers_of(status),
        "content": {"application/problem+json": media},
    }


def _words(status: str) -> str:
    lines = [f"- `{code}`: {when}" for code, when in codes()[status].items()]
    if status in _OF_FIELDS:
        shared = ", ".join(f"`{code}`" for code in field_codes())
        lines.append(f"- or the code of `errors`, where all of them share it: {shared}")
    return "\n".join(lines)


def _examples(status: str) -> dict[str, Any]:
    return {
        code: {
            "value": {
                "type": f"urn:pug:problem:{code}",
                "title": HTTPStatus(int(status)).phrase,
                "status": int(status),
                "detail": when,
                "instance": "/api/v1/activities/",
                "code": code,
                "request_id": "0198c6b2-7d3e-7c11-9d0f-3a4be1f0c2aa",
                "errors": [],
            }
        }
        for code, when in codes()[status].items()
    }
