"""Walking through a description in OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every (path, method, operation)."""
    for path, item in document["paths"].items():
        yield from ((path, method, item[method]) for method in METHODS if method in item)


def references(part: Any) -> Iterator[tuple[str, str]]:
    """(kind, name) of every component that this part points at."""
    if isinstance(part, dict):
        target = part.get("$ref")
        if isinstance(target, str):
            _root, _components, kind, name = target.split("/")
            yield kind, name
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)
