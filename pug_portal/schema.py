"""The API's description in OpenAPI 3.1: what each door says of itself, completed for all alike."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

from . import schema_parts as parts
from .openapi import operations, references
from .schema_examples import Examples
from .schema_problems import as_problem
from .schema_problems import components as problems

#: Reading operations that answer without an ETag: short, and new with each call or of one's own.
NO_ETAG = frozenset(
    {
        *("session", "submission", "imports_list", "imports_errors", "imports_template"),
        *("tokens_list", "webhooks", "webhook", "webhook_deliveries"),
    }
)
#: What the portal's own pages and old phones name themselves with.
SENDING = ("/api/v1/submissions/", "/api/v1/activities/")
#: Names of parameters that may point at something that is not there for this caller.
POINTING = frozenset({"area", "district", "village", "regency", "page"})


class PortalSchema(AutoSchema):
    """One door: its noun, its first sentence, and the scope that a key needs for it."""

    def get_tags(self) -> list[str]:
        noun = self.path.removeprefix("/api/v1/").split("/")[0]
        return [noun.removesuffix(".geojson")]

    def get_summary(self) -> str:
        return super().get_summary() or _first_sentence(self.get_description() or "")

    def scope(self) -> str | None:
        """The scope; "" when any key will do; None when no key is let in."""
        scopes = getattr(self.view, "required_scopes", {})
        return (scopes[self.method] or "") if self.method in scopes else None

    def get_auth(self) -> list[dict[str, list[str]]]:
        scope, offered = self.scope(), super().get_auth()
        if scope is None:
            return [one for one in offered if "key" not in one]
        return [{"key": [scope]} if scope and "key" in one else one for one in offered]

    def get_operation(self, *args: Any) -> dict | None:
        operation = super().get_operation(*args)
        if operation:
            operation["x-required-scope"] = self.scope()
        return operation


def complete(result: dict, generator: Any, request: Any, public: bool) -> dict:
    """Spectacular's POSTPROCESSING_HOOK, the last of them."""
    components = result["components"]
    for made in (parts.components(), problems()):
        for kind, found in made.items():
            components.setdefault(kind, {}).update(found)
    _simplify(result, components["schemas"])
    for (name, member), sizes in parts.SIZES.items():
        components["schemas"][name]["properties"][member] |= sizes
    for path, method, operation in operations(result):
        _complete_operation(path, method, operation)
    Examples(components).fill(result["paths"])
    used = {tag for _p, _m, operation in operations(result) for tag in operation["tags"]}
    result["tags"] = [{"name": tag, "description": parts.TAGS.get(tag, "")} for tag in sorted(used)]
    _leave_out_unused(result)
    return result


def _first_sentence(text: str) -> str:
    return text.split("\n\n")[0].replace("\n", " ").split(". ")[0].split(": ")[0].rstrip(".")


def _complete_operation(path: str, method: str, operation: dict) -> None:
    named = {one["name"] for one in operation.get("parameters", ())}
    operation["description"] = _description(operation)
    operation["parameters"] = _parameters(path, method, operation)
    named |= {"X-Client"} if _sends(path, method) else set()
    _describe_answers(method, operation, named)
    _describe_problems(method, operation, named)
    _bounded_paths(operation)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _description(operation: dict) -> str:
    scope = operation["x-required-scope"]
    words = parts.SCOPE_WORDS.get(scope) or f"Scope of the key: `{scope}`."
    return "\n\n".join(filter(None, (operation.get("description", "").strip(), words)))


def _sends(path: str, method: str) -> bool:
    return method != "get" and path.startswith(SENDING)


def _parameters(path: str, method: str, operation: dict) -> list[dict]:
    """The door's own, then the headers that every door reads."""
    shared = ["Accept-Language"]
    shared += ["If-None-Match"] if method == "get" and _has_etag(operation) else []
    shared += ["X-Client"] if _sends(path, method) else []
    own = [one for one in operation.get("parameters", ()) if one["name"] not in shared]
    if method != "get":  # what is written is answered in JSON
        own = [one for one in own if one["name"] != "format"]
    for one in own:
        if one["in"] == "query":
            one["schema"] |= parts.BOUNDS.get(one["name"], {})
            one["allowEmptyValue"] = method == "get" and one["name"] not in parts.NEVER_EMPTY
        if one["name"] in parts.WORDS:
            one.setdefault("description", parts.WORDS[one["name"]])
    own = [parts.parameter(one["name"]) if one["name"] in parts.OWN_HEADERS else one for one in own]
    return own + [parts.parameter(name) for name in shared]


def _has_etag(operation: dict) -> bool:
    return operation["operationId"] not in NO_ETAG


def _describe_answers(method: str, operation: dict, named: set[str]) -> None:
    """Headers of what went well, and 304."""
    responses = operation["responses"]
    for status, response in responses.items():
        if status < "300":
            response["description"] = response.get("description") or parts.WENT_WELL[status]
            headers = response.setdefault("headers", {})
            by_key = parts.OF_KEYS if operation["x-required-scope"] is not None else ()
            headers |= {name: parts.header(name) for name in ("X-Request-ID", *by_key)}
            if method != "get":
                for media_type in set(response.get("content", ())) & parts.FILES:
                    del response["content"][media_type]
            if _has_etag(operation) and (method == "get" or "If-Match" in named):
                headers["ETag"] = parts.header("ETag")
            if "Idempotency-Key" in named:
                headers["Idempotent-Replayed"] = parts.header("Idempotent-Replayed")
    if method == "get" and _has_etag(operation):
        responses["304"] = parts.response("304")


def _describe_problems(method: str, operation: dict, named: set[str]) -> None:
    responses = operation["responses"]
    for status in _problems(method, operation, named):
        responses.setdefault(status, parts.response(status))
    for status, response in responses.items():
        if status >= "400" and "$ref" not in response:
            responses[status] = as_problem(status, response)


def _problems(method: str, operation: dict, named: set[str]) -> set[str]:
    found = {"400", "403", "406", "429", "500"}
    found |= {"401"} if operation.get("security") else set()
    in_path = any(one.get("in") == "path" for one in operation["parameters"])
    found |= {"404"} if in_path or named & POINTING else set()
    if method != "get":
        found |= {"409", "422", "503"}
    if "requestBody" in operation:
        found |= {"411", "413", "415"}
    if "If-Match" in named:
        found |= {"409", "412", "428"}
    if "X-Client" in named:
        found |= {"426"}
    return found


def _bounded_paths(operation: dict) -> None:
    """A part of a path is never empty and has no slash in it."""
    for one in operation["parameters"]:
        schema = one.get("schema", {})
        if one.get("in") == "path" and schema.get("type") == "string" and "format" not in schema:
            schema.setdefault("pattern", "^[^/]+$")
            one.setdefault("description", "Key of the row, as lists give it.")


_BLANK, _NULL = ({"$ref": f"#/components/schemas/{one}Enum"} for one in ("Blank", "Null"))


def _simplify(part: Any, schemas: dict[str, Any]) -> None:
    """`nullable` in the manner of OpenAPI 3.1; and "one of the words, or an empty one, or null" as
    one enumeration, or null: what generators of clients make one type of."""
    if isinstance(part, list):
        for inner in part:
            _simplify(inner, schemas)
        return
    if not isinstance(part, dict):
        return
    for inner in list(part.values()):
        _simplify(inner, schemas)
    if part.get("nullable") is True:  # how OpenAPI 3.0 said it; the framework's pages still do
        del part["nullable"]
        part |= {"type": [part["type"], "null"], "example": None}
    choices = part.get("oneOf", [])
    if _BLANK in choices or _NULL in choices:
        [word] = [one for one in choices if one not in (_BLANK, _NULL)]
        word = _or_empty(word, schemas) if _BLANK in choices else word
        part["oneOf"] = [word, {"type": "null"}]
        if _NULL not in choices:
            del part["oneOf"]
            part |= word


def _or_empty(word: dict[str, str], schemas: dict[str, Any]) -> dict[str, str]:
    name = word["$ref"].split("/")[-1]
    words = schemas[name]
    more = {"enum": [*words["enum"], ""], "description": words.get("description", "")}
    schemas[f"{name}OrEmpty"] = words | more
    return {"$ref": f"#/components/schemas/{name}OrEmpty"}


def _leave_out_unused(result: dict) -> None:
    """Components that nothing points at, directly or through others."""
    components, reached = result["components"], set()
    waiting = list(references(result["paths"]))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            kind, one = name
            waiting += references(components[kind][one])
    for kind in set(components) - {"securitySchemes"}:
        kept = {name: one for name, one in components[kind].items() if (kind, name) in reached}
        components[kind] = dict(sorted(kept.items()))
