"""The recap of gender budget as a file: every amount, the chosen one on paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.tables import Column, Table

from .arg import CATEGORIES, MEASURES, Area, Recap, Row
from .models import Denominator

_WORDS = {
    "plan": gettext_lazy("Plan (pagu)"),
    "changed": gettext_lazy("After the change"),
    "realised": gettext_lazy("Realised"),
}


def recap_table(recap: Recap, area: Area, year: int, money: str) -> Table:
    columns = [Column("row", _("Row")), Column("lines", _("Lines"), "count", paper=False)]
    for measure in MEASURES:
        columns += _columns(measure, on_paper=measure == money)
    notes = [
        (_("Area"), str(getattr(area, "title", area.name))),
        (_("Budget year"), str(year)),
        (_("Share of"), str(Denominator(recap.kind).label)),
        (_("Downloaded at"), formats.moment(timezone.now())),
    ]
    if settings.PUG_DEMO:
        notes.append((_("Sample data"), _("invented, not the state of any village")))
    apart = [recap.apart.whole] if recap.apart.whole.lines else []
    return Table(
        f"arg-{year}",
        _("Gender budget (ARG) %(year)s") % {"year": year},
        columns,
        [_cells(row) for row in [*recap.compared.rows, *apart]],
        notes,
        total=_cells(recap.compared.whole),
        reading=[
            _("Only tagged lines under an approved statement count as gender budget."),
            _("Each line stands in one row only."),
            *([_("The total holds the rows that the share is of.")] if apart else []),
        ],
    )


def _columns(measure: str, *, on_paper: bool) -> list[Column]:
    words = {"amount": _WORDS[measure]}
    return [
        *(
            Column(
                f"{measure}_{one}",
                _("Category %(number)s, %(amount)s") % {"number": one, **words},
                "rupiah",
                on_paper,
            )
            for one in CATEGORIES
        ),
        Column(measure, _("ARG, %(amount)s") % words, "rupiah", on_paper),
        Column(f"{measure}_share", _("Share, %(amount)s") % words, "share", on_paper),
    ]


def _cells(row: Row) -> list[Any]:
    found: list[Any] = [row.title, row.lines]
    for measure in MEASURES:
        found += [row.by_category[one].of(measure) for one in CATEGORIES]
        found += [row.money.of(measure), row.share(measure)]
    return found
