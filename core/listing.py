"""Lists of the API as files: `?format=csv|xlsx`, or those types in `Accept`.

A file has the columns of the JSON list, flattened: `village: {code, name}` becomes `village_code`
and `village_name`. Values are the API's own codes; what is null is an empty cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import F, QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response

from .copying import QueryRows
from .downloads import XLSX_TYPE, download
from .pages import in_order, limit_of
from .tables import Column, Table

#: The kind of a column by the field that the JSON has; text for every other.
_KINDS: tuple[tuple[type[serializers.Field], str], ...] = (
    (serializers.IntegerField, "count"),
    (serializers.FloatField, "number"),
    (serializers.DateTimeField, "moment"),
    (serializers.DateField, "day"),
    (serializers.UUIDField, "code"),
)


class FileRenderer(BaseRenderer):
    """Lets a file be asked for; the view answers with the file itself."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        raise TypeError(f"A {self.format} file is written by its view")


class CsvRenderer(FileRenderer):
    media_type = "text/csv"
    format = "csv"


class XlsxRenderer(FileRenderer):
    media_type = XLSX_TYPE
    format = "xlsx"
    charset = None


FILES = (CsvRenderer, XlsxRenderer)


def file_asked(request) -> str:
    """ "csv" or "xlsx" where the caller wants a file, else ""."""
    chosen = request.accepted_renderer
    return chosen.format if isinstance(chosen, FILES) else ""


def file_of(table: Table, request) -> HttpResponseBase:
    """All rows of the list, whatever the page: a place in the pages is refused, and so is a size
    that no page has."""
    words = _("A file holds the whole list. Leave %(name)s out.")
    placed = [name for name in ("cursor", "page") if name in request.query_params]
    if placed:
        raise ValidationError(
            {name: [ErrorDetail(words % {"name": name}, "not_with_a_file")] for name in placed}
        )
    limit_of(request)
    answer = download(table, file_asked(request), request=request._request)
    answer["Vary"] = "Accept, Authorization, Cookie"
    return answer


class FileList:
    """A list view that gives itself as a file too; it says how in `table(rows)`."""

    def get_renderers(self):
        given = super().get_renderers()  # type: ignore[misc]
        return given if getattr(self, "detail", False) else [*given, *(one() for one in FILES)]

    def table(self, rows: QuerySet) -> Table:
        raise NotImplementedError

    def list(self, request, *args, **kwargs):
        rows = self.filter_queryset(self.get_queryset())  # type: ignore[attr-defined]
        if file_asked(request):
            return file_of(self.table(in_order(rows, request, self)), request)
        return self.page(rows)

    def page(self, rows: QuerySet) -> Response:
        """One page, each row by the view's serializer."""
        found = self.paginate_queryset(rows)  # type: ignore[attr-defined]
        shape = self.get_serializer(found, many=True)  # type: ignore[attr-defined]
        return self.get_paginated_response(shape.data)  # type: ignore[attr-defined]


# -- Columns and rows --------------------------------------------------------------


def leaves(shape: serializers.Serializer, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """(flat name, where it comes from in a query, the field) of everything a row says."""
    for name, field in shape.fields.items():
        if isinstance(field, serializers.Serializer):
            for inner, source, leaf in leaves(field, f"{path}{field.source}__"):
                yield f"{name}_{inner}", source, leaf
        else:
            yield name, path + str(field.source).replace(".", "__"), field


def column(name: str, field: serializers.Field) -> Column:
    kind = next((kind for known, kind in _KINDS if isinstance(field, known)), "text")
    if isinstance(field, serializers.ChoiceField) and all(type(o) is int for o in field.choices):
        kind = "count"
    return Column(name, name, kind)


def leaves_of(shapes: Iterable[type[serializers.Serializer]]) -> list[tuple[str, str, Any]]:
    return [leaf for shape in shapes for leaf in leaves(shape())]


def columns_of(*shapes: type[serializers.Serializer]) -> list[Column]:
    """The columns of a file whose rows say what these shapes say, one after the other."""
    return [column(name, field) for name, _source, field in leaves_of(shapes)]


def query_table(
    name: str,
    shapes: Iterable[type[serializers.Serializer]],
    rows: QuerySet,
    sources: Mapping[str, Any] = MappingProxyType({}),
    *,
    without: Collection[str] = (),
    record_as: str = "",
) -> Table:
    """A file that the database writes by itself: each column an expression of the query.

    `sources` names those that are not the field's own source, by flat name.
    """
    found = [leaf for leaf in leaves_of(shapes) if leaf[0] not in without]
    expressions = [sources.get(flat, source) for flat, source, _field in found]
    values = rows.select_related(None).values_list(
        *(F(one) if isinstance(one, str) else one for one in expressions)
    )
    columns = [column(flat, field) for flat, _source, field in found]
    return Table(name, name, columns, QueryRows(values), record_as=record_as)


def dict_table(
    name: str, columns: list[Column], rows: Iterable[dict[str, Any]], record_as: str = ""
) -> Table:
    """A file of the very dicts that the JSON list holds."""
    names = [one.name for one in columns]
    lines = ([flat.get(name) for name in names] for flat in map(flattened, rows))
    return Table(name, name, columns, lines, record_as=record_as)


def flattened(row: dict[str, Any], path: str = "") -> dict[str, Any]:
    """{"headline": {"numerator": 3}} → {"headline_numerator": 3}; lists as words in one cell."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= flattened(value, f"{path}{name}_")
        elif isinstance(value, bool):
            flat[path + name] = "true" if value else "false"
        elif isinstance(value, list | tuple):
            flat[path + name] = " ".join(map(str, value))
        else:
            flat[path + name] = value
    return flat


def file_responses(shape: Any) -> dict:
    """What a list answers, for the schema: its JSON, and the two kinds of file."""
    return {
        (200, "application/json"): shape,
        (200, CsvRenderer.media_type): OpenApiTypes.STR,
        (200, XlsxRenderer.media_type): OpenApiTypes.BINARY,
    }
