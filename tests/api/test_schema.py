"""The API's description: whole, sound, open to everybody, and true of every door."""

import json

import pytest
import yaml
from django.urls import URLPattern, get_resolver
from drf_spectacular.generators import EndpointEnumerator
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from pug_portal.openapi import operations, references
from pug_portal.schema_problems import codes, field_codes
from tests import make

from .test_error_table import rows

pytestmark = pytest.mark.once
PATH = "/api/v1/schema/"
#: The description itself and its page.
NOT_DESCRIBED = {"schema", "docs"}
#: Every operation names these.
ALWAYS = {"400", "401", "403", "406", "429", "500"}
SENT = {"411", "413", "415"}


def lacks(document: dict) -> list[str]:
    """What a stranger who reads the description would miss, one line each."""
    found = []
    seen = set()
    for path, method, operation in operations(document):
        name = f"{method.upper()} {path}"
        for member in ("summary", "description", "operationId", "tags", "security"):
            if not operation.get(member):
                found.append(f"{name}: no {member}")
        if operation.get("operationId") in seen:
            found.append(f"{name}: its operationId is another's")
        seen.add(operation.get("operationId"))
        found += [f"{name}: {one}" for one in _lacking_answers(operation)]
        found += [f"{name}: {one}" for one in _lacking_words(document, operation)]
    tags = {one["name"] for one in document["tags"] if one["description"]}
    used = {tag for _p, _m, operation in operations(document) for tag in operation.get("tags", ())}
    found += [f"tag {tag}: no description" for tag in sorted(used - tags)]
    pointed = set(references(document))
    for kind, parts in document["components"].items():
        if kind != "securitySchemes":
            found += [f"unused: {kind} {one}" for one in parts if (kind, one) not in pointed]
    return found


def _lacking_answers(operation: dict):
    answers = set(operation["responses"])
    needed = ALWAYS | (SENT if "requestBody" in operation else set())
    yield from (f"no {status}" for status in sorted(needed - answers))
    good = [status for status in answers if status < "300"]
    if not good:
        yield "nothing ever goes well"
    for status in good:
        for media_type, media in operation["responses"][status].get("content", {}).items():
            told = media.get("example") is not None or media.get("examples")
            if "json" in media_type and not told:
                yield f"no example of {status} {media_type}"


def _lacking_words(document: dict, operation: dict):
    for one in operation.get("parameters", ()):
        if "$ref" not in one and one["in"] != "path" and not one.get("description"):
            yield f"parameter {one['name']} is not described"


def test_nothing_is_missing(described):
    assert lacks(described) == []


@pytest.mark.parametrize(
    "member", ["summary", "description", "operationId", "tags", "security", "responses"]
)
def test_what_is_missing_is_found(described, member):
    operation = described["paths"]["/api/v1/session/"]["get"]
    operation[member] = {} if member == "responses" else None
    operation["tags"] = operation["tags"] or []
    assert [line for line in lacks(described) if line.startswith("GET /api/v1/session/")]


def test_an_example_and_a_tag_without_words_and_an_unused_part_are_missed(described):
    described["components"]["schemas"]["Nobody"] = {"type": "string"}
    described["tags"][0]["description"] = ""
    content = described["paths"]["/api/v1/session/"]["get"]["responses"]["200"]["content"]
    del content["application/json"]["example"]
    assert len(lacks(described)) == 3


def _routes(patterns, before="/"):
    """(address as a template, name) of every route."""
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield EndpointEnumerator().get_path_from_regex(path), one.name
        else:
            yield from _routes(one.url_patterns, path)


@pytest.mark.asvs("2.1.1", "8.1.2")
def test_every_route_of_the_api_is_described(described):
    routes = [one for one in _routes(get_resolver().url_patterns) if one[0].startswith("/api/")]
    assert len(routes) > len(NOT_DESCRIBED)
    assert [
        path
        for path, name in routes
        if path not in described["paths"] and name not in NOT_DESCRIBED
    ] == []


def test_it_is_sound_by_the_rules_of_openapi_3_1(described):
    assert described["openapi"].startswith("3.1")
    assert [str(error) for error in OpenAPIV31SpecValidator(described).iter_errors()] == []
    assert '"nullable":' not in json.dumps(described)


def test_every_example_is_true_to_its_schema(described):
    wrong = []
    for path, method, operation in operations(described):
        parts = [operation.get("requestBody", {}), *operation["responses"].values()]
        parts += described["components"]["responses"].values()
        for part in parts:
            for media in part.get("content", {}).values():
                schema = {**media.get("schema", {}), "components": described["components"]}
                values = [media["example"]] if "example" in media else []
                values += [one["value"] for one in media.get("examples", {}).values()]
                for value in values:
                    errors = Draft202012Validator(schema).iter_errors(value)
                    wrong += [f"{method} {path}: {e.json_path} {e.message}" for e in errors]
    assert wrong == []


def test_every_problem_says_its_codes(described):
    """`code` is what programs decide by: each status shows those that docs/errors.md has for it."""
    shown = {}
    for part in described["components"]["responses"].values():
        media = part.get("content", {}).get("application/problem+json")
        if media is None:  # 304
            continue
        for code, example in media["examples"].items():
            shown.setdefault(str(example["value"]["status"]), set()).add(code)
    assert len(shown) > 12
    assert shown == {status: set(codes()[status]) for status in shown}


def test_the_table_of_errors_is_read_whole():
    """Each row that tests/api/test_error_table.py holds against the source."""
    answers = [row for row in rows() if len(row) == 4]
    of_fields = [row for row in rows() if len(row) == 2]
    told = {(code, status) for status, found in codes().items() for code in found}
    assert told == {(row[0].strip("`"), status) for row in answers for status in row[1].split(", ")}
    assert field_codes() == [row[0].strip("`") for row in of_fields]
    assert len(answers) > 30
    assert len(of_fields) > 30


@pytest.mark.django_db
def test_a_parameter_may_be_empty_where_that_is_said(described, client):
    """What a form leaves empty asks for nothing; a size of pages is never empty."""
    client.force_login(make.officer())
    wrong = []
    for path, method, operation in operations(described):
        if method != "get" or "{" in path:
            continue
        for one in operation["parameters"]:
            if one.get("in") == "query":
                status = client.get(path, {one["name"]: ""}).status_code
                if status != (200 if one["allowEmptyValue"] else 400):
                    wrong.append(f"{path}?{one['name']}= {status}")
    assert wrong == []


@pytest.mark.asvs("13.4.5")
@pytest.mark.django_db
def test_a_stranger_gets_it_as_yaml_and_json_and_small(client):
    as_yaml, as_json = client.get(PATH), client.get(f"{PATH}?format=json")
    assert as_yaml["Content-Type"].startswith("application/vnd.oai.openapi")
    assert as_json["Content-Type"].startswith("application/vnd.oai.openapi+json")
    assert yaml.load(as_yaml.content, yaml.CSafeLoader) == json.loads(as_json.content)
    assert max(len(as_yaml.content), len(as_json.content)) < 1_000_000
    assert client.get(PATH, headers={"Accept": "application/json"}).json()["openapi"]


@pytest.mark.django_db
def test_unchanged_is_304_and_the_language_changes_nothing(client):
    first = client.get(PATH, headers={"Accept-Language": "id"})
    again = client.get(PATH, headers={"If-None-Match": first["ETag"], "Accept-Language": "en"})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_the_schema_refuses_what_it_does_not_know(client):
    answer = client.get(f"{PATH}?lang=en")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
