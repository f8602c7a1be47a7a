"""Examples of answers and bodies, made from the schemas: true to form, in values of one village."""

from __future__ import annotations

import re
from typing import Any

VALUES: dict[str, Any] = {
    "uid": "0198c6b2-7d3e-7c11-9d0f-3a4be1f0c2aa",
    "program": "0197f2a0-51c4-7a3e-8b1d-6c2f90d4e7b8",
    "village": "64.01.05.2003",
    "code": "64.01.05.2003",
    "district": "64.01.05",
    "name": "Suliliran",
    "title": "Pelatihan pembibitan",
    "place": "Balai desa",
    "number": "6401-2603-00418",
    "username": "pendamping",
    "owner": "Dinas Kesehatan",
    "version": 3,
    "year": 2026,
    "year_from": 2026,
    "year_to": 2026,
    "month": 3,
    "women_participants": 19,
    "men_participants": 24,
    "total_participants": 43,
    "state": "verified",
    "stage": "execution",
    "kind": "training",
    "outcome": "accepted",
    "errors": [],
    "client_digest": "",
    "url": "https://example.org/pug",
    "previous": None,
    "unrecorded_participants": None,
    "joint_event": None,
    "children": None,
    "with_disability": None,
    "elderly": None,
    "women_household_heads": None,
    "low_women_reason": None,
    "latitude": None,
    "longitude": None,
    "women_deciders": 2,
    "men_deciders": 3,
    "women_beneficiaries": 19,
    "men_beneficiaries": 24,
    "women_proposals_accepted": 0,
    "budget_spent": 12_500_000,
    "author": "Sri Wahyuni",
    "asked_by": "Nur Hidayah",
    "reason": "Jumlah peserta belum sama dengan daftar hadir.",
    "detail": "Isi jumlah perempuan yang hadir.",
    "pointer": "/women_participants",
    "note": "",
    "reference": "",
    "device_time": "2026-03-04T11:20:00+08:00",
    "capabilities": ["log", "view"],
    "level": "village",
    "format": "json",
}
BY_FORMAT = {
    "uuid": VALUES["uid"],
    "date": "2026-03-04",
    "date-time": "2026-03-04T11:20:00+08:00",
    "uri": "https://example.org/api/v1/",
    "email": "pendamping@example.org",
    "decimal": "0.44",
}
BY_TYPE: dict[str, Any] = {
    "string": "…",
    "integer": 1,
    "number": 0.5,
    "boolean": True,
    "null": None,
}


#: Codes of a province down to a village: a schema takes the longest that is true to it.
PLACES = (VALUES["code"], "64.01.05", "64.01", "64")


class Examples:
    """Fills in an example wherever an operation takes or gives JSON without one."""

    def __init__(self, components: dict[str, Any]):
        self.components = components

    def fill(self, paths: dict[str, Any]) -> None:
        for item in paths.values():
            for operation in item.values():
                for content in _contents(operation):
                    self._fill_content(content)

    def _fill_content(self, content: dict[str, Any]) -> None:
        for media_type, media in content.items():
            told = "example" in media or "examples" in media
            if "json" in media_type and "schema" in media and not told:
                media["example"] = self.of(media["schema"])

    def of(self, schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
        """One value of this schema; `name` is that of the member it stands under."""
        if "$ref" in schema:
            kind, component = schema["$ref"].split("/")[2:]
            return self.of(self.components[kind][component], name, depth + 1)
        if name in VALUES and VALUES[name] is None and _may_be_null(schema):
            return None
        for choice in ("oneOf", "anyOf", "allOf"):
            if choice in schema:
                return self._chosen(schema, choice, name, depth)
        for told in ("const", "example", "default"):
            if told in schema:
                return schema[told]
        if schema.get("examples"):
            return schema["examples"][0]
        kind = _kind(schema)
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, name, depth)
        return _plain(schema, kind, name)

    def _chosen(self, schema: dict[str, Any], choice: str, name: str, depth: int) -> Any:
        values = [self.of(one, name, depth) for one in schema[choice]]
        if choice != "allOf":
            return values[0]
        if all(isinstance(value, dict) for value in values):
            return {key: inner for value in values for key, inner in value.items()}
        return values[0]

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        if depth > 12:
            return {}
        members = schema.get("properties", {})
        return {name: self.of(inner, name, depth + 1) for name, inner in members.items()}

    def _array(self, schema: dict[str, Any], name: str, depth: int) -> list[Any]:
        known = VALUES.get(name)
        if isinstance(known, list) and len(known) >= schema.get("minItems", 0):
            return known
        if depth > 12:
            return []
        return [self.of(schema.get("items", {}), name.removesuffix("s"), depth + 1)]


def _contents(operation: dict[str, Any]):
    yield operation.get("requestBody", {}).get("content", {})
    for status, response in operation.get("responses", {}).items():
        if status < "300":
            yield response.get("content", {})


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return kind if isinstance(kind, str) else next((one for one in kind if one != "null"), "null")


def _fits(schema: dict[str, Any], text: str) -> bool:
    short = len(text) <= schema.get("maxLength", len(text))
    return short and re.search(schema.get("pattern", ""), text) is not None


def _may_be_null(schema: dict[str, Any]) -> bool:
    choices = schema.get("oneOf", schema.get("anyOf", ()))
    return "null" in schema.get("type", ()) or any(map(_may_be_null, choices))


def _plain(schema: dict[str, Any], kind: str, name: str) -> Any:
    value = VALUES.get(name)
    if "enum" in schema:
        return value if value in schema["enum"] else schema["enum"][0]
    if "format" in schema and kind == "string":
        found = BY_FORMAT.get(schema["format"], "…")
        return found if _fits(schema, found) else found[:3]  # a decimal with fewer places
    types = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": object}
    if name == "code":
        value = next((one for one in PLACES if _fits(schema, one)), None)
    if value is not None and isinstance(value, types[kind]):
        return value
    least = schema.get("minimum", BY_TYPE["integer"])
    return max(least, BY_TYPE[kind]) if kind in ("integer", "number") else BY_TYPE[kind]
