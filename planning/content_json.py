"""The content of an analysis as JSON: said, read from a body, and cells of it pointed at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.errors import Problem, Refused
from core.identifiers import uuid7
from core.problems import refusal_of
from programs.api.bodies import strange

from .content import LINKS, LISTS, PLAIN, Content, DataSaid, Difference, Row
from .serializers import GapContentSerializer

#: Fields that name rows of another list, and which.
NAMED = {
    "data_row": "data_rows",
    "factor": "factors",
    "baseline": "baselines",
    "action": "actions",
    "causes": "causes",
}


def content_row(content: Content) -> dict[str, Any]:
    """What `GapContentSerializer` says; may be changed and sent back."""
    said = {name: getattr(content, name) for name in PLAIN}
    for name in LISTS:
        said[name] = [row_said(one) for one in getattr(content, name)]
    return said


def row_said(row: Row) -> dict[str, Any]:
    return {one.name: _said(one.name, getattr(row, one.name)) for one in fields(row)}


def _said(name: str, value: Any) -> Any:
    """Figures as numbers; the words that may be left unsaid as null."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return None if value == "" and name in UNSAID else value


UNSAID = frozenset({"measure", "fund_source", "sex"})


# -- Reading -----------------------------------------------------------------------


def read_content(
    body: Mapping[str, Any], standing: Content, also: frozenset[str] = frozenset()
) -> Content:
    """The standing content with what `body` says in place of what it said.

    `also`: names that the body may carry besides, which are read elsewhere. Refused: every field
    that cannot be read, a row without a word, a key twice, a link to a row that is not there.
    """
    told = {name: value for name, value in body.items() if name not in also}
    shape = GapContentSerializer(data=told)
    problems = [*strange(shape, told)]
    if not shape.is_valid():
        error = serializers.ValidationError(shape.errors)
        problems += refusal_of(error.get_full_details()).problems
    if problems:
        raise Refused(*problems)
    said = shape.validated_data
    values = {name: _plainly(name, said[name]) for name in PLAIN if name in said}
    for name in LISTS:
        if name in said:
            values[name] = _rows(name, said[name], standing)
    content = replace(standing, **values)
    problems += [one for rule in _RULES for one in rule(content, said)]
    if problems:
        raise Refused(*problems)
    return content


def _plainly(name: str, value: Any) -> Any:
    if value is None or value == "":
        return Content.__dataclass_fields__[name].default
    return value


def _rows(name: str, said: list[dict[str, Any]], standing: Content) -> tuple[Row, ...]:
    there = {one.key: one for one in getattr(standing, name)}
    made = LISTS[name][0]
    return tuple(_row(made, one, there.get(one.get("key"))) for one in said)


def _row(made: type[Row], said: dict[str, Any], there: Row | None) -> Row:
    """The row as it was sent; where its figures came from stays what it was."""
    values: dict[str, Any] = {}
    for one in fields(made):
        value = said.get(one.name)
        if value is not None and value != "":
            values[one.name] = tuple(value) if isinstance(value, list) else value
    values["key"] = said.get("key") or uuid7()
    if made is DataSaid:
        values["portal"] = there.portal if isinstance(there, DataSaid) else {}
    return made(**values)


def _empty(content: Content, said: Mapping[str, Any]) -> Iterator[Problem]:
    for name in LISTS:
        for place, row in enumerate(getattr(content, name) if name in said else ()):
            if row.empty:
                yield Problem(f"{name}.{place}", "empty", _("This row says nothing."))


def _twice(content: Content, said: Mapping[str, Any]) -> Iterator[Problem]:
    seen = set()
    for name in LISTS:
        for place, row in enumerate(getattr(content, name)):
            if row.key in seen:
                where = f"{name}.{place}.key" if name in said else name
                yield Problem(where, "repeated", _("Two rows have this key."))
            seen.add(row.key)


def _loose(content: Content, said: Mapping[str, Any]) -> Iterator[Problem]:
    """Links of rows that were sent, to rows that are not in the list they name."""
    keys = {name: {one.key for one in getattr(content, name)} for name in LISTS}
    words = _("No row of “%(list)s” has this key.")
    for name in LISTS:
        for place, row in enumerate(getattr(content, name) if name in said else ()):
            for field in (*LINKS, "causes"):
                named = getattr(row, field, None)
                wanted = set(named if isinstance(named, tuple) else [named] if named else ())
                if wanted - keys[NAMED[field]]:
                    where = f"{name}.{place}.{field}"
                    yield Problem(where, "unknown_row", words % {"list": NAMED[field]})


_RULES: tuple[Callable[[Content, Mapping[str, Any]], Iterator[Problem]], ...]
_RULES = (_empty, _twice, _loose)


# -- Pointing ----------------------------------------------------------------------


def pointed(content: Content, refusal: Refused) -> Refused:
    """The refusal with rows named by their place in the content, as JSON has it, and not by key."""
    return Refused(*(replace(one, field=place_of(content, one.field)) for one in refusal.problems))


def place_of(content: Content, path: str) -> str:
    """ "data.data_rows.<key>.source" → "data_rows.0.source"; other paths as they are."""
    if path.count(".") != 3:
        return path
    _step, where, key, field = path.split(".")
    return place(content, where, key, field)


def place(content: Content, where: str, key: Any, field: str) -> str:
    """A cell by the place of its row; the list's name where that row is not in it."""
    keys = [str(one.key) for one in getattr(content, where)] if where in LISTS else []
    number = str(keys.index(str(key))) if str(key) in keys else ""
    return ".".join(part for part in (where, number, field) if part)


def difference_row(content: Content, one: Difference) -> dict[str, Any]:
    """One cell that was sent otherwise than it stands; pointed at in what stands."""
    path = place(content, one.where, one.row, one.field)
    return {
        "pointer": "/" + path.replace(".", "/"),
        "row": one.row,
        "now": _cell(one.field, one.before),
        "sent": _cell(one.field, one.after),
    }


def _cell(name: str, value: Any) -> Any:
    return row_said(value) if isinstance(value, Row) else _said(name, value)
