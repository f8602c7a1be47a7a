"""What version 1 of the API has promised (docs/promise.json), and what would break it.

`python -m pug_portal.promise docs/openapi.yaml docs/promise.json` takes what is new into the
promise, and refuses with exit code 1 when something promised is gone or narrower.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .openapi import operations

Fields = dict[str, dict[str, Any]]
#: Bounds of what may be sent: the first may not shrink, the others may not grow.
_UPPER = ("maxLength", "maximum", "maxItems", "exclusiveMaximum")
_LOWER = ("minLength", "minimum", "minItems", "exclusiveMinimum")
_KEPT = ("format", "pattern", *_UPPER, *_LOWER)


def promised(document: dict[str, Any]) -> dict[str, Any]:
    """The description as a flat list: per operation its parameters, fields and answers; the
    problem document, which all of them share, once."""
    reader = _Reader(document)
    return {
        "operations": {
            f"{method.upper()} {path}": reader.operation(path, operation)
            for path, method, operation in operations(document)
        },
        "problem": reader.fields({"$ref": "#/components/schemas/ProblemDocument"}),
    }


def broken(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Everything of the old promise that the new one does not keep; empty when all is kept."""
    found = [f"problem {one}" for one in _read_breaks(old["problem"], new["problem"])]
    for name, before in old["operations"].items():
        after = new["operations"].get(name)
        breaks = _operation_breaks(before, after) if after else ["gone"]
        found += [f"{name}: {one}" for one in breaks]
    return found


class _Reader:
    """Flattens schemas of one document."""

    def __init__(self, document: dict[str, Any]):
        self.document = document

    def operation(self, path: str, operation: dict[str, Any]) -> dict[str, Any]:
        shared = self.document["paths"][path].get("parameters", [])
        parameters = map(self.resolved, [*shared, *operation.get("parameters", [])])
        body = self.resolved(operation.get("requestBody", {}))
        return {
            "security": sorted(json.dumps(one) for one in operation.get("security", ())),
            "parameters": {
                f"{one['in']} {one['name']}": self._field(one["schema"], one.get("required"))
                for one in parameters
            },
            "body_required": body.get("required", False),
            "body": self._contents(body),
            "answers": {
                status: self._answer(self.resolved(answer))
                for status, answer in operation["responses"].items()
                if status < "400"
            },
            "problems": sorted(one for one in operation["responses"] if one >= "400"),
        }

    def resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            found: Any = self.document
            for step in part["$ref"].split("/")[1:]:
                found = found[step]
            part = found
        return part

    def _answer(self, answer: dict[str, Any]) -> dict[str, Any]:
        return {"headers": sorted(answer.get("headers", ())), "body": self._contents(answer)}

    def _contents(self, part: dict[str, Any]) -> dict[str, Fields]:
        contents = part.get("content", {}).items()
        return {media_type: self.fields(media.get("schema", {})) for media_type, media in contents}

    def fields(self, schema: dict[str, Any]) -> Fields:
        """Every member of a schema by its pointer; `[]` stands for items, `{}` for any name."""
        found: Fields = {}
        self._flatten(schema, "", True, found, ())
        return found

    def _flatten(self, schema: dict, at: str, required: bool, fields: Fields, above: tuple) -> None:
        name = schema.get("$ref")
        if name in above:  # a tree of its own kind: said once
            return
        above = (*above, name) if name else above
        fields[at] = _joined(fields.get(at), self._field(schema, required))
        for part in self._parts(schema):
            if part is not schema:
                self._flatten(part, at, required, fields, above)
        whole = self.resolved(schema)
        for member, inner in whole.get("properties", {}).items():
            is_required = member in whole.get("required", ())
            self._flatten(inner, f"{at}/{member}", is_required, fields, above)
        for key, mark in (("items", "[]"), ("additionalProperties", "{}")):
            if isinstance(whole.get(key), dict) and whole[key]:
                self._flatten(whole[key], at + mark, True, fields, above)

    def _parts(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The alternatives of a schema, or the schema itself."""
        whole = self.resolved(schema)
        choices = [*whole.get("oneOf", ()), *whole.get("anyOf", ()), *whole.get("allOf", ())]
        yield from choices or (schema,)

    def _field(self, schema: dict[str, Any], required: bool | None) -> dict[str, Any]:
        types, kept, words = set(), {}, set()
        parts = [self.resolved(one) for one in self._parts(schema)]
        for part in parts:
            types |= _types(part)
            kept |= {key: part[key] for key in _KEPT if key in part}
            words |= {one for one in part.get("enum", ()) if one is not None}
        free = [one for one in parts if "enum" not in one and _types(one) != {"null"}]
        field = {"type": sorted(types), **kept}
        if words and not free:
            field["enum"] = sorted(words, key=str)
        return field | ({"required": True} if required else {})


def _types(schema: dict[str, Any]) -> set[str]:
    kind = schema.get("type", "object" if "properties" in schema else "any")
    return {kind} if isinstance(kind, str) else set(kind)


def _joined(one: dict[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    """The same member in two alternatives."""
    if one is None or one == other:
        return other
    joined = {"type": sorted({*one["type"], *other["type"]} - {"any"})}
    if "enum" in one or "enum" in other:
        words = {*one.get("enum", ()), *other.get("enum", ())}
        joined["enum"] = sorted(words, key=str)
    kept = {key: value for key, value in (one | other).items() if key in _KEPT}
    both = one.get("required") and other.get("required")
    return joined | kept | ({"required": True} if both else {})


def _operation_breaks(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    yield from (f"security {one}: gone" for one in set(old["security"]) - set(new["security"]))
    if new["security"] and not old["security"]:
        yield "security: open before, closed now"
    yield from _sent_breaks("parameter", old["parameters"], new["parameters"])
    if new["body_required"] and not old["body_required"]:
        yield "body: required now"
    for media_type, fields in old["body"].items():
        if media_type in new["body"]:
            yield from _sent_breaks(f"body {media_type}", fields, new["body"][media_type])
        else:
            yield f"body {media_type}: gone"
    yield from (f"answer {one}: gone" for one in set(old["problems"]) - set(new["problems"]))
    for status, before in old["answers"].items():
        if status in new["answers"]:
            yield from _answer_breaks(status, before, new["answers"][status])
        else:
            yield f"answer {status}: gone"


def _sent_breaks(where: str, old: Fields, new: Fields) -> Iterator[str]:
    """What callers send: may grow and loosen."""
    for name, before in old.items():
        if name not in new:
            yield f"{where} {name}: gone"
        else:
            yield from (f"{where} {name}: {one}" for one in _narrower(before, new[name]))
    for name in set(new) - set(old):
        parent = name.rpartition("/")[0]
        if new[name].get("required") and (parent in old or where == "parameter"):
            yield f"{where} {name}: new and required"


def _narrower(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if new.get("required") and not old.get("required"):
        yield "required now"
    if "any" not in new["type"] and set(old["type"]) - set(new["type"]):
        yield f"type was {old['type']}, is {new['type']}"
    if "enum" in new:
        gone = set(old["enum"]) - set(new["enum"]) if "enum" in old else {"any other word"}
        yield from (f"{word} is not read any more" for word in sorted(gone, key=str))
    for key in ("format", "pattern"):
        if key in new and new[key] != old.get(key):
            yield f"{key} was {old.get(key)}, is {new[key]}"
    for keys, sign in ((_UPPER, 1), (_LOWER, -1)):
        for key in set(keys) & set(new):
            if key not in old or sign * new[key] < sign * old[key]:
                yield f"{key} was {old.get(key)}, is {new[key]}"


def _answer_breaks(status: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """What callers read: may grow and tighten; an enumeration may get more words."""
    for header in sorted(set(old["headers"]) - set(new["headers"])):
        yield f"answer {status} header {header}: gone"
    for media_type, fields in old["body"].items():
        where = f"answer {status} {media_type}"
        if media_type in new["body"]:
            yield from (f"{where} {one}" for one in _read_breaks(fields, new["body"][media_type]))
        else:
            yield f"{where}: gone"


def _read_breaks(old: Fields, new: Fields) -> Iterator[str]:
    for name, before in old.items():
        breaks = _looser(before, new[name]) if name in new else ["gone"]
        yield from (f"{name}: {one}" for one in breaks)


def _looser(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if old.get("required") and not new.get("required"):
        yield "may be missing now"
    if "any" not in old["type"] and set(new["type"]) - set(old["type"]):
        yield f"type was {old['type']}, is {new['type']}"
    if "enum" in old and "enum" not in new:
        yield "any word now"
    if "format" in old and new.get("format") != old["format"]:
        yield f"format was {old['format']}, is {new.get('format')}"


def _text(promise: dict[str, Any], depth: int = 0) -> str:
    """JSON with one line a field, so that a review shows what was added."""
    if not isinstance(promise, dict) or not any(isinstance(v, dict) for v in promise.values()):
        return json.dumps(promise, sort_keys=True, ensure_ascii=False)
    inner = ",\n".join(
        f"{' ' * (depth + 1)}{json.dumps(name)}: {_text(part, depth + 1)}"
        for name, part in sorted(promise.items())
    )
    return f"{{\n{inner}\n{' ' * depth}}}"


def main(description: str, promise: str) -> int:
    new = promised(yaml.load(Path(description).read_text(), yaml.CSafeLoader))
    kept = Path(promise)
    breaks = broken(json.loads(kept.read_text()), new) if kept.exists() else []
    if breaks:
        sys.stderr.write("Version 1 promised otherwise:\n" + "\n".join(breaks) + "\n")
        return 1
    kept.write_text(_text(new) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
