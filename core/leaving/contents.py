"""Which tables and columns leave, and how datapackage.json describes them (Frictionless)."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Model
from django.utils import translation
from django.utils.module_loading import import_string

#: By Django's name of a column's kind: Frictionless type, SQL type of the load script.
_KINDS = {
    "BooleanField": ("boolean", "boolean"),
    "DateField": ("date", "date"),
    "DateTimeField": ("datetime", "timestamptz"),
    "DecimalField": ("number", "numeric"),
    "FloatField": ("number", "double precision"),
    "UUIDField": ("string", "uuid"),
    "JSONField": ("any", "jsonb"),
}
_WHOLE = ("AutoField", "IntegerField", "BigAutoField", "BigIntegerField", "SmallIntegerField")
_SECRET, _INTERNAL = "R", "I"


class Table(NamedTuple):
    """One table that leaves, with the columns that leave."""

    model: type[Model]
    fields: list[Any]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> Any:
        return self.model._meta.pk


def tables() -> list[Table]:
    """Every table of class T or I, without its secret columns, those they point to first.

    A table without a class is told to nobody.
    """
    classes = import_string(settings.DATA_CLASSES)
    secrets = import_string(settings.SECRET_FIELDS)
    found = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        known = classes.get(meta.label_lower)
        if meta.proxy or not meta.managed or known is None or known.letter == _SECRET:
            continue
        fields = [
            one for one in meta.concrete_fields if f"{meta.label_lower}.{one.name}" not in secrets
        ]
        found.append(Table(model, [one for one in fields if not _is_bytes(one)]))
    return _in_order(found)


def _is_bytes(field: Any) -> bool:
    return isinstance(field, models.BinaryField)


def _in_order(found: list[Table]) -> list[Table]:
    """Loaded one after another, each finds what it points to; circles are broken by name."""
    waiting = {table.name: table for table in sorted(found, key=lambda table: table.name)}
    ordered: list[Table] = []
    while waiting:
        ready = [t for t in waiting.values() if not (_pointed_to(t) & (waiting.keys() - {t.name}))]
        for table in ready or list(waiting.values())[:1]:
            ordered.append(waiting.pop(table.name))
    return ordered


def _pointed_to(table: Table) -> set[str]:
    return {one.remote_field.model._meta.db_table for one in table.fields if one.remote_field}


def resource(table: Table, leaving: set[str], rows: int, digest: str, size: int) -> dict[str, Any]:
    """One table as datapackage.json says it."""
    said = inspect.cleandoc(table.model.__doc__ or "")
    known = import_string(settings.DATA_CLASSES)[table.model._meta.label_lower]
    automatic = f"{table.model.__name__}("
    schema: dict[str, Any] = {
        "fields": [column(one) for one in table.fields],
        "missingValues": [""],
        "primaryKey": [table.key.column] if table.key in table.fields else [],
    }
    if keys := [_foreign(one) for one in table.fields if _points_into(one, leaving)]:
        schema["foreignKeys"] = keys
    return {
        "name": table.name.replace("_", "-"),
        "path": f"data/{table.name}.csv",
        "title": table.model._meta.label,
        "description": known.why if said.startswith(automatic) else said,
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "pug:rows": rows,
        "pug:class": known.letter,
        "pug:retention": known.retention,
        "schema": schema,
    }


def column(field: Any) -> dict[str, Any]:
    """One column: kind, meaning, and the words that may stand in it."""
    with translation.override("en"):
        said: dict[str, Any] = {
            "name": field.column,
            "type": kind_of(field)[0],
            "title": str(field.verbose_name),
        }
        if field.help_text:
            said["description"] = str(field.help_text)
        limits: dict[str, Any] = {} if field.null or _may_be_blank(field) else {"required": True}
        if field.flatchoices:
            words = [value for value, _label in field.flatchoices if value not in ("", None)]
            limits["enum"] = words
            said["pug:labels"] = {str(value): str(label) for value, label in field.flatchoices}
    if said["type"] == "datetime":
        said["format"] = "any"
    if limits:
        said["constraints"] = limits
    return said


def _may_be_blank(field: Any) -> bool:
    """An empty text is written as "", which readers take for missing."""
    return kind_of(field)[0] in ("string", "any")


def kind_of(field: Any) -> tuple[str, str]:
    """Frictionless type and SQL type of a column; one that points is of the kind it points to."""
    while field.remote_field:
        field = field.target_field
    for cls in type(field).__mro__:
        if cls.__name__ in _KINDS:
            return _KINDS[cls.__name__]
        if cls.__name__ in _WHOLE:
            return ("integer", "bigint")
    return ("string", "text")


def _points_into(field: Any, leaving: set[str]) -> bool:
    return bool(field.remote_field) and field.remote_field.model._meta.db_table in leaving


def _foreign(field: Any) -> dict[str, Any]:
    there = field.remote_field.model._meta.db_table
    return {
        "fields": [field.column],
        "reference": {
            "resource": there.replace("_", "-"),
            "fields": [field.target_field.column],
        },
    }
