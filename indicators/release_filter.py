"""What a list of releases may be narrowed by, and the same list as a file."""

from __future__ import annotations

from datetime import datetime

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tables import Column, Table
from programs.exports import notes_of_list
from programs.filters.shared import MOST_LETTERS, ListFilter

from .models import IndexCode, IndexRelease, RevisionState


class ReleaseFilter(ListFilter):
    """Releases by words, index, revision state and who entered them."""

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    index = filters.ChoiceFilter(label=_("Index"), choices=IndexCode.choices, empty_label=_("All"))
    state = filters.ChoiceFilter(
        label=_("Revision state"), choices=RevisionState.choices, empty_label=_("All")
    )
    origin = filters.ChoiceFilter(
        label=_("Entered by"),
        choices=(("office", _("The office")), ("portal", _("The portal"))),
        method="filter_origin",
        empty_label=_("All"),
    )

    class Meta:
        model = IndexRelease
        fields: tuple[str, ...] = ()

    def filter_search(self, queryset, _name, words: str):
        return queryset.filter(
            Q(title__icontains=words) | Q(source__icontains=words) | Q(method__icontains=words)
        )

    def filter_origin(self, queryset, _name, word: str):
        return queryset.filter(regency__isnull=word == "portal")


def releases_table(rows: QuerySet[IndexRelease], found: ListFilter, now: datetime) -> Table:
    """The releases of a filtered list; `count`, `first` and `last` are annotated."""
    columns = [
        Column("index", gettext("Index"), "code"),
        Column("title", gettext("Release")),
        Column("publisher", gettext("Publisher"), paper=False),
        Column("source", gettext("Source"), paper=False),
        Column("source_url", gettext("Address of the source"), paper=False),
        Column("method", gettext("Method or base")),
        Column("published_on", gettext("Published on"), "day"),
        Column("state", gettext("Revision state")),
        Column("values", gettext("Number of values"), "count"),
        Column("first", gettext("From year"), "code"),
        Column("last", gettext("Until year"), "code"),
        Column("regency", gettext("Belongs to"), paper=False),
        Column("uid", gettext("Identifier of the release"), "code", paper=False),
    ]
    lines = [
        (
            *(one.index, one.title, one.publisher, one.source, one.source_url, one.method),
            *(one.published_on, one.get_state_display(), one.count),
            *(str(one.first or ""), str(one.last or "")),
            *(one.regency.name if one.regency else "", str(one.pk)),
        )
        for one in rows
    ]
    return Table(
        "rilis-indeks", gettext("Releases of indices"), columns, lines, notes_of_list(found, now)
    )
