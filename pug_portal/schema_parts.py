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
    "agreements": "Agreements with partners: drafts, decisions, duties, renewals.",
    "assessments": "Scorecards of villages, year by year.",
    "assignments": "Where facilitators work.",
    "bodies": "Bodies of gender mainstreaming by decree: Pokja PUG, teams, focal points.",
    "budget-lines": "Budget lines of offices and villages, and which part is gender budget (ARG).",
    "budget-statements": "Budget statements (GBS) and their terms of reference (KAK).",
    "changes": "What changed since you last asked, in the order it was stored, nothing left out.",
    "coverage": "Which villages agreements and facilitators reach, and which not.",
    "districts": "Districts (kecamatan) by Kemendagri code.",
    "activity-codes": "Activity codes of Permendagri 20/2018.",
    "facilitators": "People of partners, with contracts and assignments.",
    "gender-analyses": "Gender analyses (GAP): every cell a row, tied to what it answers.",
    "gender-budget": "The recap of gender budget (ARG).",
    "imports": "Whole sheets: judged, shown, then taken over.",
    "indices": "IPG, IDG, IKG and IPM with their sources.",
    "instruments": "What scorecards ask, version by version.",
    "involvement": "The figures of the boards: how far programs involve women.",
    "obligations": "Duties of agreements, and how far they have come.",
    "opds": "Government offices (OPD).",
    "partners": "Organisations with which the office works.",
    "population": "Women and men of villages, year by year.",
    "programs": "Programs of offices, districts and villages, under which activities are recorded.",
    "provinces": "Provinces by Kemendagri code.",
    "reference": "Everything a phone keeps so that recording needs no signal.",
    "regencies": "Regencies and cities by Kemendagri code.",
    "representation": "Women's seats in the institutions of villages.",
    "session": "Who am I, and what may I do.",
    "submissions": "Sending activities in batches, and the receipts.",
    "tokens": "The caller's own keys.",
    "trainings": "Trainings on gender mainstreaming, by sex.",
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
#: Parameters of reading that must have a value once they are named; the others, left empty as a
#: form leaves them, ask for nothing.
NEVER_EMPTY = frozenset({"limit", "cursor"})
#: What is said of parameters that speak for themselves.
WORDS = {
    "format": "The same rows as JSON, or as a file, without pages.",
    "ordering": "Order of the rows; `-` turns it round.",
    "village": "Code of the village (Kemendagri).",
    "partner": "`uid` of the partner.",
    "year": "Calendar year, 2000 to 2100.",
    "page": "Page of the list, the first is 1.",
    "limit": "Rows of a page.",
}
FILES = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
#: Bounds in bodies that a serializer does not tell: component, member.
SIZES: dict[tuple[str, str], dict[str, int]] = {
    ("Batch", "items"): {"minItems": 1, "maxItems": 200},
    **{
        (f"{kind}Webhook{more}", member): sizes
        for kind, more in (("", ""), ("", "Secret"), ("Patched", ""))
        for member, sizes in {
            "name": {"minLength": 1},
            "url": {"minLength": 1},
            "events": {"minItems": 1},
        }.items()
    },
}

_HEADERS = {
    "X-Request-ID": ("Name of this answer in the log; quote it when asking.", _TEXT),
    "ETag": ("Mark of what stands now.", _TEXT),
    "Idempotent-Replayed": (
        "`true`: this is the first answer again.",
        {"type": "string", "enum": ["true"]},
    ),
    "Retry-After": ("Seconds to wait.", {"type": "integer", "minimum": 0}),
    "RateLimit-Policy": ("Asked with a key: its calls a minute, `q` in `w` seconds.", _TEXT),
    "Key-Expires": (
        "Asked with a key that ends soon: its last day.",
        {"type": "string", "format": "date"},
    ),
    "WWW-Authenticate": ("How to sign in.", _TEXT),
}
#: On every answer to a key.
OF_KEYS = ("RateLimit-Policy", "Key-Expires")
_MORE_HEADERS = {
    "304": ["ETag"],
    "401": ["WWW-Authenticate"],
    "429": ["Retry-After"],
    "503": ["Retry-After"],
    # Refusals are kept under an Idempotency-Key as successes are.
    **dict.fromkeys(("400", "403", "404", "409", "422"), ["Idempotent-Replayed"]),
}


def reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def parameter(name: str) -> dict[str, Any]:
    return reference("parameters", name)


def header(name: str) -> dict[str, str]:
    return reference("headers", name)


def response(status: str) -> dict[str, str]:
    return reference("responses", response_name(status))


def response_name(status: str) -> str:
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
    unchanged = {"description": "What the caller has still stands.", "headers": headers_of("304")}
    return {
        "parameters": parameters,
        "headers": headers,
        "responses": {response_name("304"): unchanged},
    }


def headers_of(status: str) -> dict[str, Any]:
    """Of a problem, or of 304."""
    names = ["X-Request-ID", *_MORE_HEADERS.get(status, ())]
    names += [] if status == "401" else OF_KEYS
    return {name: header(name) for name in names}
