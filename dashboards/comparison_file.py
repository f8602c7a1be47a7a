"""The comparison of two periods as a file: the very rows of its page, and every village."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.tables import Column, Table

from .changes import moved_text
from .comparison import Change, Comparison
from .exports import notes_of, reading


def comparison_table(shown: Comparison, now: datetime) -> Table:
    """Measures of the area, then the shares of its districts and of all its villages."""
    late, early = shown.now.flt, shown.before.flt
    notes = notes_of(late, shown.area.title, shown.newest, now)
    notes += [(_("Compared with"), f"{early.period} ({early.first_day} – {early.last_day})")]
    return Table(
        f"banding-{shown.area.code or 'desa'}-{late.when.code}-{early.when.code}",
        _("%(area)s: %(now)s beside %(before)s")
        % {"area": shown.area.title, "now": late.period, "before": early.period},
        (
            Column("row", _("Row")),
            Column("code", _("Code"), "code"),
            Column("name", _("Area")),
            Column("place", _("District")),
            Column("before", early.period, "share"),
            Column("now", late.period, "share"),
            Column("points", _("Difference, points")),
        ),
        [
            *_rows(_("Measure"), shown.figures),
            *_rows(_("District"), shown.districts),
            *_rows(_("Village"), shown.villages),
        ],
        notes,
        reading=reading(),
    )


def _rows(kind: str, changes: Iterable[Change]) -> list[tuple[Any, ...]]:
    return [
        (kind, one.code, one.title, one.place, one.before, one.now, moved_text(one.moved))
        for one in changes
    ]
