"""Pages of the API and filters that refuse what they do not know."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError as ModelValidationError
from django.db import connections
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from django_filters.filters import QuerySetRequestMixin
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from django_filters.widgets import SuffixedMultiWidget
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination, PageNumberPagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from .formats import storable

DEFAULT_LIMIT, HIGHEST_LIMIT = 50, 200


def _refuse(name: str, code: str, text: Any) -> ValidationError:
    return ValidationError({name: [ErrorDetail(str(text), code)]})


def limit_of(request) -> int:
    """?limit=, 1 to 200; 50 when absent; 400 otherwise."""
    text = request.query_params.get("limit")
    if text is None:
        return DEFAULT_LIMIT
    short = text.isascii() and text.isdecimal() and len(text) <= len(str(HIGHEST_LIMIT))
    if not (short and 1 <= int(text) <= HIGHEST_LIMIT):
        raise _refuse("limit", "out_of_range", _("Choose a limit from 1 to 200."))
    return int(text)


class CursorPages(BasePagination):
    """Pages by position (ordering value, pk): stable while rows arrive, equal cost at any depth.

    The view names `ordering` (default "-pk") and may offer `ordering_fields` for ?ordering=.
    These must be columns without NULL. `page_columns`: what is read of each row, as a named tuple,
    "pk" and the ordering among them. Answer: {"next", "previous", "results"}.
    """

    parameters = frozenset({"cursor", "limit"})

    def paginate_queryset(self, queryset: QuerySet, request, view=None) -> list:
        self.address = request.build_absolute_uri()
        limit = limit_of(request)
        ordering = ordering_of(request, view)
        self.field, falling = ordering.lstrip("-"), ordering.startswith("-")
        backwards, mark = self._read(request)
        # Walking back means: the opposite order from the mark, then turned round again.
        turned = falling != backwards
        order = _order(self.field, turned)
        rows = queryset.order_by(*order)
        if mark:
            rows = self._beyond(rows, mark, turned)
        columns = getattr(view, "page_columns", ())
        try:
            found = list(_whole(rows, order, columns, limit + 1) if columns else rows[: limit + 1])
        except OverflowError as beyond:  # a moment that no time zone can hold
            raise _unreadable() from beyond
        more, page = len(found) > limit, found[:limit]
        self.page = page[::-1] if backwards else page
        self.has_next = bool(mark) if backwards else more
        self.has_previous = more if backwards else bool(mark)
        return self.page

    def get_paginated_response(self, data) -> Response:
        return Response(
            {
                "next": self._link("n", self.page[-1]) if self.has_next and self.page else None,
                "previous": (
                    self._link("p", self.page[0]) if self.has_previous and self.page else None
                ),
                "results": data,
            }
        )

    def _link(self, way: str, row) -> str:
        value = attrgetter(self.field.replace("__", "."))(row)
        text = json.dumps([way, value, row.pk], default=_exactly)
        token = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return replace_query_param(self.address, "cursor", token)

    @staticmethod
    def _read(request) -> tuple[bool, list | None]:
        token = request.query_params.get("cursor")
        if token is None:
            return False, None
        try:
            way, *mark = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        except (ValueError, TypeError, RecursionError) as broken:
            raise _unreadable() from broken
        if way not in ("n", "p") or len(mark) != 2 or not all(map(_simple, mark)):
            raise _unreadable()
        return way == "p", mark

    def _beyond(self, rows: QuerySet, mark: list, falling: bool) -> QuerySet:
        """The rows behind the mark, both columns compared as one where the database can: an index
        leads straight there, however many rows share the value."""
        value, pk = mark
        than, behind = ("lt", TupleLessThan) if falling else ("gt", TupleGreaterThan)
        try:
            bound = rows.filter(**{f"{self.field}__{than}e": value})
            rows.filter(pk=pk)  # a mark that is no key is refused here
        except (ValueError, TypeError, ModelValidationError) as broken:
            raise _unreadable() from broken
        as_one = connections[rows.db].features.supports_tuple_lookups
        return (rows if as_one else bound).filter(behind((F(self.field), F("pk")), (value, pk)))

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        following = "https://pug.example.go.id/api/v1/activities/?cursor=WyJuIiwi"
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "example": following},
                "previous": {**link, "example": None},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view) -> list[dict]:
        cursor = "Where this page begins; taken from `next` or `previous`."
        return [
            {"name": "cursor", "in": "query", "description": cursor, "schema": {"type": "string"}},
            _LIMIT,
        ]


_LIMIT = {
    "name": "limit",
    "in": "query",
    "description": "Rows on a page.",
    "schema": {
        "type": "integer",
        "minimum": 1,
        "maximum": HIGHEST_LIMIT,
        "default": DEFAULT_LIMIT,
    },
}


def _simple(part: Any) -> bool:
    """A number or a text that a database can be asked for."""
    if isinstance(part, str):
        return storable(part) == part
    return type(part) is int and abs(part) < 2**63


def _exactly(value: Any) -> str:
    """A moment to the microsecond: rows of the same millisecond are not the same place."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _order(field: str, falling: bool) -> list[str]:
    names = [field] if field in ("pk", "id") else [field, "pk"]
    return [f"-{name}" for name in names] if falling else names


def _unreadable() -> ValidationError:
    return _refuse("cursor", "invalid_cursor", _("Take the cursor from the previous answer."))


def ordering_of(request, view) -> str:
    """?ordering= when the view offers it, else the view's own; 400 for another name."""
    asked = request.query_params.get("ordering")
    offered = getattr(view, "ordering_fields", ())
    if not asked or not offered:
        return getattr(view, "ordering", "-pk")
    if asked.removeprefix("-") not in offered:
        raise _refuse(
            "ordering", "unknown_ordering", _("Choose one of: %s.") % ", ".join(sorted(offered))
        )
    return asked


def _whole(rows: QuerySet, order: list[str], columns: Sequence[str], most: int) -> QuerySet:
    """The first rows, found in their own table alone; what others say of them is read afterwards.

    Joined first, a hundred thousand rows would be put together to show fifty.
    """
    keys = rows.values("pk")[:most]
    found = rows.model._base_manager.filter(pk__in=keys).order_by(*order)
    return found.values_list(*columns, named=True)


def in_order(rows: QuerySet, request, view) -> QuerySet:
    """The rows as the pages give them: for a file, which has none."""
    if not isinstance(view.paginator, CursorPages):
        return rows
    ordering = ordering_of(request, view)
    return rows.order_by(*_order(ordering.lstrip("-"), ordering.startswith("-")))


class NumberPages(PageNumberPagination):
    """Numbered pages for reference data: ?page=, ?limit= and a count."""

    parameters = frozenset({"page", "limit"})
    page_size = DEFAULT_LIMIT
    page_size_query_param = "limit"
    max_page_size = HIGHEST_LIMIT

    def get_page_size(self, request) -> int:
        return limit_of(request)

    def get_next_link(self) -> str | None:
        return self._to(self.page.next_page_number()) if self.page.has_next() else None

    def get_previous_link(self) -> str | None:
        return self._to(self.page.previous_page_number()) if self.page.has_previous() else None

    def _to(self, number: int) -> str:
        address = self.request.build_absolute_uri()
        if number == 1:
            return remove_query_param(address, "page")
        return replace_query_param(address, "page", number)


class StrictFilterBackend(DjangoFilterBackend):
    """The view's filters, and 400 `unknown_parameter` for any other name in the address.

    A list that nothing is asked of is left as it is: no filter has a value of its own.
    Known besides the filters: the pages' own names, `format`, `ordering` where the view has
    `ordering_fields`, and `view.extra_parameters`.
    """

    def filter_queryset(self, request, queryset, view):
        shape = self.get_filterset_class(view, queryset)
        known = _names_of(shape) if shape else frozenset()
        refuse_unknown_parameters(request, known | _names_of_view(view))
        if not known & set(request.query_params):
            return queryset
        filterset = shape(**self.get_filterset_kwargs(request, queryset, view))
        _leave_out_unasked(filterset)
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        return filterset.qs


def _leave_out_unasked(filterset: FilterSet) -> None:
    """Choices among rows cost more than a page of most lists; those not asked for are not made."""
    for name, item in list(filterset.filters.items()):
        if isinstance(item, QuerySetRequestMixin) and name not in filterset.data:
            del filterset.filters[name]


def refuse_unknown_parameters(request, known: AbstractSet[str]) -> None:
    """400 when the address carries a name that is not in `known`."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        known_names = ", ".join(sorted(known)) or "-"
        raise ValidationError(
            {
                name: [
                    ErrorDetail(
                        _("Unknown parameter. Known: %s.") % known_names, "unknown_parameter"
                    )
                ]
                for name in unknown
            }
        )


def _names_of_view(view) -> set[str]:
    names = {"format", *getattr(view, "extra_parameters", ())}
    names |= getattr(getattr(view, "paginator", None), "parameters", frozenset())
    return names | ({"ordering"} if getattr(view, "ordering_fields", ()) else set())


@cache
def _names_of(shape: type[FilterSet]) -> frozenset[str]:
    """What the filters of this class are called in an address."""
    names: set[str] = set()
    for name, item in shape.base_filters.items():
        widget = item.extra.get("widget") or item.field_class.widget
        widget = widget() if isinstance(widget, type) else widget
        if isinstance(widget, SuffixedMultiWidget):
            names |= {widget.suffixed(name, suffix) for suffix in widget.suffixes}
        else:
            names.add(name)
    return frozenset(names)
