"""Pages of the API and filters that refuse what they do not know."""

from __future__ import annotations

import base64
import json
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError as ModelValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
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
    These must be columns without NULL. Answer: {"next", "previous", "results"}.
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
        rows = queryset.order_by(*_order(self.field, turned))
        if mark:
            rows = self._beyond(rows, mark, turned)
        found = list(rows[: limit + 1])
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
        text = json.dumps([way, value, row.pk], cls=DjangoJSONEncoder)
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
        value, pk = mark
        than = "lt" if falling else "gt"
        try:
            return rows.filter(**{f"{self.field}__{than}e": value}).filter(
                Q(**{f"{self.field}__{than}": value}) | Q(**{f"pk__{than}": pk})
            )
        except (ValueError, TypeError, ModelValidationError) as broken:
            raise _unreadable() from broken

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
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
    return type(part) is int


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

    Known besides the filters: the pages' own names, `format`, `ordering` where the view has
    `ordering_fields`, and `view.extra_parameters`.
    """

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset(request, queryset, view)
        known = set() if filterset is None else _names_of(filterset)
        refuse_unknown_parameters(request, known | _names_of_view(view))
        return super().filter_queryset(request, queryset, view)


def refuse_unknown_parameters(request, known: set[str]) -> None:
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


def _names_of(filterset) -> set[str]:
    names: set[str] = set()
    for name, item in filterset.filters.items():
        widget = item.field.widget
        if isinstance(widget, SuffixedMultiWidget):
            names |= {widget.suffixed(name, suffix) for suffix in widget.suffixes}
        else:
            names.add(name)
    return names
