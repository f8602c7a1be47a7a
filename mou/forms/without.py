"""What the list of villages without a facilitator may be narrowed by, and the list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from core.tables import Column, Table
from programs.exports import notes_of_list
from programs.filters.shared import MOST_LETTERS, ListFilter, districts_of
from villages.models import Village

from ..without import Bare


class WithoutFilter(ListFilter):
    """Villages by name and district."""

    search = filters.CharFilter(
        label=_("Village"), field_name="name", lookup_expr="icontains", max_length=MOST_LETTERS
    )
    district = filters.ModelChoiceFilter(
        label=_("District"), to_field_name="code", queryset=districts_of, empty_label=_("All")
    )

    class Meta:
        model = Village
        fields: tuple[str, ...] = ()


def without_table(rows: Sequence[Bare], found: ListFilter, now: datetime) -> Table:
    """The villages of the page, in its order."""
    columns = [
        Column("code", _("Code"), "code"),
        Column("village", _("Village")),
        Column("district", _("District")),
        Column("near", _("PD of the district")),
    ]
    cells = [
        [one.village.code, one.village.title, one.district.name, "; ".join(one.near) or None]
        for one in rows
    ]
    title = str(_("Villages without a PLD"))
    return Table("desa-tanpa-pld", title, columns, cells, notes_of_list(found, now))
