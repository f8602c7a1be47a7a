"""Which documents there are, of which areas each speaks, and in which forms it is given out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem, Refused
from programs.periods import PeriodKind
from villages.models import Level as AreaLevel

from .area import district_page, one_page
from .content import Subject
from .document import Document
from .semester import semester_report
from .village import village_profile


@dataclass(frozen=True)
class Kind:
    """One template. `semester`: speaks of a semester only, from verified records only, and has
    room for paragraphs of the office."""

    name: str
    label: Any
    about: Any
    levels: frozenset[str]
    make: Callable[[Subject], Document]
    formats: tuple[str, ...] = ("pdf",)
    semester: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "one-page",
            gettext_lazy("One page for leaders"),
            gettext_lazy("Four numbers, three sentences, one decision."),
            frozenset({AreaLevel.REGENCY, AreaLevel.DISTRICT}),
            one_page,
        ),
        Kind(
            "district",
            gettext_lazy("District page"),
            gettext_lazy("Numbers, villages by share, map, who has not reported."),
            frozenset({AreaLevel.DISTRICT}),
            district_page,
        ),
        Kind(
            "village",
            gettext_lazy("Village profile"),
            gettext_lazy("Programs and why, people, months, reporting, reasons."),
            frozenset({AreaLevel.VILLAGE}),
            village_profile,
        ),
        Kind(
            "semester",
            gettext_lazy("Semester report to the governor"),
            gettext_lazy("Contents after Permendagri 15/2008, with annexes."),
            frozenset({AreaLevel.REGENCY}),
            semester_report,
            ("pdf", "docx"),
            semester=True,
        ),
    )
}


def check(kind: Kind, of: Subject) -> None:
    """Refused where the document cannot speak of this area, period or basis."""
    problems = []
    if of.area.level not in kind.levels:
        problems.append(
            Problem("area", "wrong_area", _("Choose an area that this document speaks of."))
        )
    if kind.semester and of.flt.when.kind != PeriodKind.SEMESTER:
        problems.append(
            Problem("period", "not_a_semester", _("Choose a semester for this report."))
        )
    if kind.semester and not of.flt.verified_only:
        problems.append(
            Problem("basis", "not_verified", _("This report counts verified records only."))
        )
    if problems:
        raise Refused(*problems)


def document_of(kind: Kind, of: Subject) -> Document:
    """The document in the portal's own language, whoever reads it: offices file it."""
    check(kind, of)
    with translation.override(settings.LANGUAGE_CODE):
        return kind.make(of)
