"""docs/promise.json: what version 1 promised stays. Each kind of break is caught by a doctored
description, and each kind of growth is let through."""

import json
from copy import deepcopy

import pytest

from pug_portal.promise import broken, main, promised
from tests.architecture import tree

pytestmark = pytest.mark.once
WORD = {"type": "string", "enum": ["open", "closed"]}
SMALL = {
    "openapi": "3.1.0",
    "paths": {
        "/things/": {
            "get": {
                "operationId": "things",
                "security": [{"key": ["data:read"]}],
                "parameters": [
                    {"name": "state", "in": "query", "schema": WORD},
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer", "minimum": 1, "maximum": 200},
                    },
                ],
                "responses": {
                    "200": {
                        "headers": {"ETag": {}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}},
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    },
                    "404": {},
                },
            },
            "post": {
                "operationId": "thing_create",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}
                    }
                },
                "responses": {"201": {}},
            },
        },
    },
    "components": {
        "schemas": {
            "ProblemDocument": {"type": "object", "properties": {"code": {"type": "string"}}},
            "Thing": {
                "type": "object",
                "required": ["uid"],
                "properties": {
                    "uid": {"type": "string", "format": "uuid"},
                    "state": {"$ref": "#/components/schemas/Word"},
                    "of": {"oneOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]},
                },
            },
            "Sent": {
                "type": "object",
                "required": ["uid"],
                "properties": {
                    "uid": {"type": "string"},
                    "count": {"type": ["integer", "null"]},
                    "title": {"type": "string", "maxLength": 200},
                    "word": {"oneOf": [{"$ref": "#/components/schemas/Word"}, {"type": "null"}]},
                    "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
                },
            },
            "Row": {"type": "object", "properties": {"n": {"type": "integer"}}},
            "Word": WORD,
        }
    },
}


def at(document: dict, path: str):
    """The part of a document under this path of names; `~` stands for `/`."""
    for step in path.split(" "):
        document = document[int(step) if isinstance(document, list) else step]
    return document


GET, POST = "paths /things/ get", "paths /things/ post"
SENT, THING = "components schemas Sent", "components schemas Thing"
BREAKS = {
    "a path is gone": lambda d: d["paths"].clear(),
    "a method is gone": lambda d: at(d, "paths /things/").pop("post"),
    "a parameter is gone": lambda d: at(d, f"{GET} parameters").pop(),
    "a new parameter is required": lambda d: at(d, f"{GET} parameters").append(
        {"name": "year", "in": "query", "required": True, "schema": {"type": "integer"}}
    ),
    "a parameter is required now": lambda d: at(d, f"{GET} parameters 0").update(required=True),
    "a parameter has another type": lambda d: at(d, f"{GET} parameters 1 schema").update(
        type="string"
    ),
    "a parameter reads fewer words": lambda d: at(d, f"{GET} parameters 0").update(
        schema={"type": "string", "enum": ["open"]}
    ),
    "a parameter reads less far": lambda d: at(d, f"{GET} parameters 1 schema").update(maximum=100),
    "a parameter begins later": lambda d: at(d, f"{GET} parameters 1 schema").update(minimum=10),
    "another scope is asked for": lambda d: at(d, GET).update(security=[{"key": ["more:read"]}]),
    "an open door is closed": lambda d: at(d, POST).update(security=[{"key": []}]),
    "the body must be there": lambda d: at(d, f"{POST} requestBody").update(required=True),
    "a body type is not read": lambda d: at(d, f"{POST} requestBody").update(
        content={"text/csv": {"schema": {"type": "string"}}}
    ),
    "a sent field is gone": lambda d: at(d, f"{SENT} properties").pop("count"),
    "a sent field is required": lambda d: at(d, f"{SENT} required").append("title"),
    "a new field is required": lambda d: (
        at(d, f"{SENT} required").append("new"),
        at(d, f"{SENT} properties").update(new={"type": "string"}),
    ),
    "a field of a row is required": lambda d: at(d, "components schemas Row").update(
        required=["m"], properties={"n": {"type": "integer"}, "m": {"type": "integer"}}
    ),
    "null is not read": lambda d: at(d, f"{SENT} properties count").update(type="integer"),
    "null is no choice": lambda d: at(d, f"{SENT} properties").update(
        word={"$ref": "#/components/schemas/Word"}
    ),
    "a text must be shorter": lambda d: at(d, f"{SENT} properties title").update(maxLength=100),
    "a text gets a pattern": lambda d: at(d, f"{SENT} properties uid").update(pattern="^a"),
    "a text gets a format": lambda d: at(d, f"{SENT} properties uid").update(format="uuid"),
    "free text becomes a word": lambda d: at(d, f"{SENT} properties title").update(enum=["a"]),
    "a word is gone": lambda d: at(d, "components schemas").update(
        Word={"type": "string", "enum": ["open"]}
    ),
    "an answer is gone": lambda d: at(d, f"{GET} responses").pop("200"),
    "a problem is gone": lambda d: at(d, f"{GET} responses").pop("404"),
    "a format is gone": lambda d: at(d, f"{GET} responses 200 content").pop("text/csv"),
    "a header is gone": lambda d: at(d, f"{GET} responses 200 headers").pop("ETag"),
    "an answered field is gone": lambda d: at(d, f"{THING} properties").pop("state"),
    "an answered field may be missing": lambda d: at(d, f"{THING}").update(required=[]),
    "an answered field has another type": lambda d: at(d, f"{THING} properties uid").update(
        type="integer"
    ),
    "an answered field may be null": lambda d: at(d, f"{THING} properties uid").update(
        type=["string", "null"]
    ),
    "an answered field has no format": lambda d: at(d, f"{THING} properties uid").pop("format"),
    "an answered word is any text": lambda d: at(d, f"{THING} properties").update(
        state={"type": "string"}
    ),
    "a problem has no code": lambda d: at(d, "components schemas ProblemDocument").update(
        properties={}
    ),
}
GROWTH = {
    "a path": lambda d: d["paths"].update({"/more/": at(d, "paths /things/")}),
    "a parameter that may be left out": lambda d: at(d, f"{GET} parameters").append(
        {"name": "year", "in": "query", "schema": {"type": "integer"}}
    ),
    "a field that may be left out": lambda d: at(d, f"{SENT} properties").update(
        new={"type": "string"}
    ),
    "a new optional part with a required field": lambda d: at(d, f"{SENT} properties").update(
        part={"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}}
    ),
    "null is read": lambda d: at(d, f"{SENT} properties title").update(type=["string", "null"]),
    "longer texts are read": lambda d: at(d, f"{SENT} properties title").update(maxLength=300),
    "another word": lambda d: at(d, "components schemas").update(
        Word={"type": "string", "enum": ["open", "closed", "gone"]}
    ),
    "an answered field": lambda d: at(d, f"{THING} properties").update(new={"type": "string"}),
    "an answered field is always there": lambda d: at(d, f"{THING} required").append("state"),
    "another format": lambda d: at(d, f"{GET} responses 200 content").update(
        {"text/plain": {"schema": {"type": "string"}}}
    ),
    "another problem": lambda d: at(d, f"{GET} responses").update({"410": {}}),
}


def doctored(change) -> dict:
    document = deepcopy(SMALL)
    change(document)
    return document


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_a_break_is_caught(change):
    assert broken(promised(SMALL), promised(doctored(change))) != []


@pytest.mark.parametrize("change", GROWTH.values(), ids=GROWTH)
def test_growth_is_let_through(change):
    assert broken(promised(SMALL), promised(doctored(change))) == []


def test_make_schema_adds_and_never_takes_away(tmp_path, capsys):
    """The command behind `make schema`: descriptions in JSON are YAML as well."""
    description, promise = tmp_path / "openapi.yaml", tmp_path / "promise.json"

    def run(document) -> int:
        description.write_text(json.dumps(document))
        return main(str(description), str(promise))

    assert run(SMALL) == 0
    first = promise.read_text()
    assert run(doctored(GROWTH["an answered field"])) == 0
    grown = promise.read_text()
    assert set(first.splitlines()) < set(grown.splitlines())
    assert run(SMALL) == 1
    assert promise.read_text() == grown
    assert "answer 200 application/json /new: gone" in capsys.readouterr().err


def _kept() -> dict:
    return json.loads((tree.ROOT / "docs" / "promise.json").read_text())


def test_version_1_keeps_its_promise(described):
    assert broken(_kept(), promised(described)) == []


def test_everything_of_version_1_is_promised(described):
    """`make schema` was run: what is offered is promised."""
    assert _kept() == promised(described)
