"""The words and pieces that every operation of the API's description shares."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

INTRODUCTION = """\
Programs, activities and women's involvement, village by village.

**Key.** Make one on your own page of the portal, or ask the office; send it as
`Authorization: Bearer pug_…`. A key never has more rights than its person, and only the scopes it
was made with. Rows outside those rights do not exist: 404, and absent from lists, counts and files.

**Errors** are RFC 9457 problem documents (`application/problem+json`). `code` is stable: programs
decide by it. `title` and `detail` are for people, in the language of `Accept-Language` (id, en).

**Sending again is safe.** A record's `uid` is made by the client and is its key for ever; other
POSTs take an `Idempotency-Key`. **Changing** needs `If-Match` with the version that was seen.

**Promise.** Version 1 only grows: new paths, parameters that may be left out, new members of
answers. Ignore members you do not know.
"""

TAGS = {
    "activities": "Records of what took place and who was there: read, corrected, reviewed.",
    "changes": "What changed since you last asked, in the order it was stored, nothing left out.",
    "districts": "Districts (kecamatan) by Kemendagri code.",
    "activity-codes": "Activity codes of Permendagri 20/2018.",
    "imports": "Whole sheets: judged, shown, then taken over.",
    "involvement": "The figures of the boards: how far programs involve women.",
    "opds": "Government offices (OPD).",
    "programs": "Programs of offices, districts and villages, under which activities are recorded.",
    "provinces": "Provinces by Kemendagri code.",
    "reference": "Everything a phone keeps so that recording needs no signal.",
    "regencies": "Regencies and cities by Kemendagri code.",
    "session": "Who am I, and what may I do.",
    "submissions": "Sending activities in batches, and the receipts.",
    "tokens": "The caller's own keys.",
    "villages": "Villages by Kemendagri code, and their outlines.",
    "webhooks": "Addresses of yours that are told of changes.",
}

SCOPE_WORDS = {"": "Any key may ask.", None: "No key: only the portal's own pages."}
WENT_WELL = {
    "200": "Done.",
    "201": "Created.",
    "202": "Taken in; the work goes on.",
    "204": "Done; nothing to say.",
}

#: status → stable code → when it comes. The first one stands as the example.
CODES: dict[str, dict[str, str]] = {
    "400": {
        "unknown_parameter": "the address has a name that this door does not know",
        "invalid": "something in the address or the body has the wrong form",
        "out_of_range": "a number is too small or too large",
        "invalid_cursor": "`cursor` was not taken from an answer",
        "unknown_ordering": "`ordering` names something that is not offered",
        "invalid_choice": "a word is not one of those offered",
        "parse_error": "the body is not JSON",
        "not_a_batch": "`items` is missing, or has not 1 to 200 items",
        "not_an_item": "the body is not a JSON object",
        "required": "something that must be there is missing",
        "idempotency_key_unreadable": "the Idempotency-Key has signs that are not allowed",
        "bad_request": "the address has signs that nobody can read",
    },
    "401": {
        "not_authenticated": "no key was sent",
        "invalid_token": "the key is unknown, has expired or was withdrawn",
    },
    "403": {
        "permission_denied": "this person may not do that",
        "missing_scope": "the key does not have the scope",
        "csrf_failed": "a page's safety code is missing or old",
        "other_site": "the call began on a page of another site",
        "https_only": "the key was sent over plain http: it is lost, withdraw it",
        "login_again": "sign in anew: the last login is too long ago for this",
    },
    "404": {"not_found": "it does not exist, or not for this caller"},
    "406": {"not_acceptable": "this format is not offered"},
    "409": {
        "not_correctable": "the state of the record does not allow it",
        "stale": "somebody was faster; read again, then decide",
    },
    "410": {"cursor_expired": "start over without a cursor"},
    "411": {"length_required": "the body came in chunks, without Content-Length"},
    "412": {"changed_meanwhile": "another version stands there now; `current` shows it"},
    "413": {"body_too_large": "more than 1 MB (photos: 5 MB)"},
    "415": {"unsupported_media_type": "this content type is not read here"},
    "422": {
        "invalid": "the content was read and refused; `errors` says where and why",
        "idempotency_key_reused": "the Idempotency-Key was used before with another body",
    },
    "426": {"client_too_old": "the pages on this phone must be renewed first"},
    "428": {"version_missing": 'say which version was seen, for example If-Match: "v3"'},
    "429": {"throttled": "wait as many seconds as Retry-After says"},
    "500": {"server_error": "something broke on our side; quote `request_id`"},
    "503": {"busy": "wait as many seconds as Retry-After says, then send the same again"},
}

_TEXT = {"type": "string"}
_PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    "Accept-Language": (
        "Language of titles and details.",
        {"type": "string", "default": "id", "examples": ["en"]},
    ),
    "If-None-Match": ("The ETag of what the caller has; 304 while it still stands.", _TEXT),
    "If-Match": (
        'The version that was seen, for example `"v3"`. Missing: 428; no longer standing: 412.',
        {"type": "string", "examples": ['"v3"']},
    ),
    "Idempotency-Key": (
        "A name of your own for this call, at most 255 signs, kept 30 days: sent again with the "
        "same body it gets the first answer; with another body, 422.",
        {"type": "string", "pattern": '^"?[A-Za-z0-9._~:+/=-]{1,255}"?$'},
    ),
    "X-Client": (
        "Name and version of the sending program, for example `desa-sync/1.2`; kept with the "
        "receipt.",
        {"type": "string"},
    ),
}
OWN_HEADERS = ("If-Match", "Idempotency-Key")

#: What every list reads in the same way, wherever it stands.
BOUNDS: dict[str, dict[str, Any]] = {
    "limit": {"minimum": 1, "maximum": 200, "default": 50},
    "page": {"minimum": 1},
    "year": {"type": "integer", "minimum": 2000, "maximum": 2100},
}
#: What is said of parameters that speak for themselves.
WORDS = {
    "format": "The same rows as JSON, or as a file, without pages.",
    "ordering": "Order of the rows; `-` turns it round.",
}
FILES = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
#: Bounds of lists in bodies: component, member.
SIZES = {("Batch", "items"): {"minItems": 1, "maxItems": 200}}

_HEADERS = {
    "X-Request-ID": ("Name of this answer in the log; quote it when asking.", _TEXT),
    "ETag": ("Mark of what stands now.", _TEXT),
    "Idempotent-Replayed": (
        "`true`: this is the first answer again.",
        {"type": "string", "enum": ["true"]},
    ),
    "Retry-After": ("Seconds to wait.", {"type": "integer", "minimum": 0}),
    "WWW-Authenticate": ("How to sign in.", _TEXT),
}
_MORE_HEADERS = {
    "401": ["WWW-Authenticate"],
    "429": ["Retry-After"],
    "503": ["Retry-After"],
    "304": ["ETag"],
}

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
    },
}


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def parameter(name: str) -> dict[str, Any]:
    return _reference("parameters", name)


def header(name: str) -> dict[str, str]:
    return _reference("headers", name)


def response(status: str) -> dict[str, str]:
    return _reference("responses", _name(status))


def _name(status: str) -> str:
    return HTTPStatus(int(status)).phrase.replace(" ", "").replace("-", "")


def components() -> dict[str, dict[str, Any]]:
    """Everything that operations may point at; what none points at is left out in the end."""
    parameters = {
        name: {"name": name, "in": "header", "description": words, "schema": schema}
        for name, (words, schema) in _PARAMETERS.items()
    }
    parameters["If-Match"]["required"] = True
    headers = {
        name: {"description": words, "schema": schema} for name, (words, schema) in _HEADERS.items()
    }
    responses = {_name(status): as_problem(status, {}) for status in CODES}
    responses["NotModified"] = {"description": "What the caller has still stands."} | _headers(
        "304"
    )
    return {
        "parameters": parameters,
        "headers": headers,
        "responses": responses,
        "schemas": {"ProblemDocument": _PROBLEM},
    }


def as_problem(status: str, told: dict[str, Any]) -> dict[str, Any]:
    """A problem answer; what the door itself says of it comes first."""
    codes = CODES.get(status, {})
    words = "\n".join(f"- `{code}`: {when}" for code, when in codes.items())
    media = {"schema": _reference("schemas", "ProblemDocument")}
    own = [one.get("examples") for one in told.get("content", {}).values() if one.get("examples")]
    media["examples"] = own[0] if own else {c: {"value": _example(status, c)} for c in codes}
    return {
        "description": told.get("description") or words,
        **_headers(status),
        "content": {"application/problem+json": media},
    }


def _headers(status: str) -> dict[str, Any]:
    names = ["X-Request-ID", *_MORE_HEADERS.get(status, ())]
    return {"headers": {name: header(name) for name in names}}


def _example(status: str, code: str) -> dict[str, Any]:
    return {
        "type": f"urn:pug:problem:{code}",
        "title": HTTPStatus(int(status)).phrase,
        "status": int(status),
        "detail": CODES[status][code],
        "instance": "/api/v1/activities/",
        "code": code,
        "request_id": "0198c6b2-7d3e-7c11-9d0f-3a4be1f0c2aa",
        "errors": [],
    }
