"""What stands around an analysis while it is written: where each step is, what the reviewer said,
what happened so far, and which causes the village records name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formats
from core.asking import as_portal
from programs.causes import Cause, causes_of
from programs.models import Activity, LowWomenReason, Program
from villages.models import District, Level, Province, Regency, Village, level_of

from .checks import Finding
from .content import Content, DataSaid
from .figures import Figure
from .models import CauseScope, GenderAnalysis, Remark, Step, StepKind, Template
from .reading import cell_label
from .steps import STEPS, StepOf

#: Heads over the columns of the official nine-step form, by the first step under each.
HEADS: dict[str, Any] = {
    "factors": gettext_lazy("Gender issue"),
    "goal": gettext_lazy("Policy and plan ahead"),
    "baselines": gettext_lazy("Measuring the result"),
}
#: A cause is worth naming in a plan when it was named within this time.
RECENT = timedelta(days=365)


@dataclass(frozen=True)
class StepLine:
    """Where one step stands: what it still `lacks`, what would be better, open remarks on it."""

    step: StepOf
    head: Any
    empty: bool
    lacks: int
    advice: int
    remarks: int

    @property
    def done(self) -> bool:
        return not (self.empty or self.lacks)


@dataclass(frozen=True)
class Suggestion:
    """A cause that villages named, as a row of the analysis would say it."""

    reason: str
    scope: str
    words: str
    text: str


def lines(content: Content, found: Iterable[Finding], remarks: Sequence[Remark]) -> list[StepLine]:
    """The steps of its form, in their order."""
    found = list(found)
    heads = HEADS if content.template == Template.NINE else {}
    return [
        StepLine(
            step,
            heads.get(step.key),
            _empty(step, content),
            sum(one.must for one in found if one.step == step.key),
            sum(not one.must for one in found if one.step == step.key),
            sum(one.step == step.key for one in remarks),
        )
        for step in STEPS[content.template]
    ]


def _empty(step: StepOf, content: Content) -> bool:
    """Nobody wrote anything into the step; a level is always chosen."""
    for part in step.parts:
        if any(getattr(content, name) for name in part.fields if name != "level"):
            return False
        rows = getattr(content, part.rows) if part.rows else ()
        if any(part.only is None or getattr(row, part.only[0]) == part.only[1] for row in rows):
            return False
    return True


def open_remarks(analysis: GenderAnalysis, content: Content) -> list[Remark]:
    """What the reviewer said and nobody has dealt with yet; `cell`: which box it is about."""
    rows = Remark.objects.filter(document=analysis.pk, settled_at=None).select_related("author")
    for one in rows:
        one.cell = cell_label(one, content)
    return list(rows)


def loose(remarks: Sequence[Remark], step: StepOf, content: Content) -> list[Remark]:
    """Remarks on rows of the step that were taken away since."""
    hers = [one for one in remarks if one.step == step.key and one.row]
    return [one for one in hers if content.row(one.row) is None]


def open_remark(analysis: GenderAnalysis, number: str) -> Remark | None:
    """One of these by its number in the page."""
    if not (number.isdecimal() and len(number) < 18):
        return None
    return Remark.objects.filter(document=analysis.pk, settled_at=None, pk=int(number)).first()


def history(document) -> list[Step]:
    """What happened to it, newest first; changes by one person on one day count as one."""
    kept: list[Step] = []
    for step in Step.objects.filter(document=document.pk).select_related("actor"):
        last = kept[-1] if kept else None
        if last is None or not _same(last, step):
            kept.append(step)
    return kept


def _same(one: Step, other: Step) -> bool:
    changed = one.kind == other.kind == StepKind.CHANGED
    return changed and one.actor_id == other.actor_id and one.at.date() == other.at.date()


def last_change(analysis: GenderAnalysis) -> Step | None:
    """Who changed it last, and when."""
    return Step.objects.filter(document=analysis.pk).select_related("actor").first()


def suggestions(program: Program, today: date, scopes: Sequence[str]) -> list[Suggestion]:
    """Causes of few women that the records of the last year name, of these scopes."""
    recent = Activity.objects.filter(program=program, held_on__gt=today - RECENT)
    with as_portal("causes are counted over the whole program; no record is shown"):
        told = causes_of(recent).given
    named = [one for one in told if one.reason != LowWomenReason.OTHER]
    return [_suggestion(one) for one in named if _scope(one) in scopes]


def _scope(cause: Cause) -> str:
    return (CauseScope.INTERNAL if cause.internal else CauseScope.EXTERNAL).value


def _suggestion(cause: Cause) -> Suggestion:
    named = {"reason": cause.label, "number": cause.number, "few": cause.few}
    words = _("%(number)s of %(few)s activities name: %(reason)s") % named
    text = _("%(reason)s (village records: %(number)s of %(few)s activities with few women)")
    return Suggestion(cause.reason, _scope(cause), words, text % named)


# -- Figures of the portal ---------------------------------------------------------


def origin(row: DataSaid) -> list[tuple[str, str]]:
    """Where the figures of a row came from, each with its name."""
    said = row.portal
    year = str(said.get("year") or row.year or "")
    semester = said.get("semester")
    halved = _("%(year)s, semester %(number)s") % {"year": year, "number": semester}
    taken = parse_datetime(str(said.get("taken_at", "")))
    basis = {"verified": _("Verified records"), "reported": _("All records sent in")}
    return [
        (_("Period"), halved if semester else year),
        (_("Area"), area_name(str(said.get("area", "")))),
        (_("Counted from"), basis.get(str(said.get("basis")), "–")),
        (_("Version of the definition"), str(said.get("definition", "–"))),
        (_("Taken on"), formats.moment(taken)),
    ]


def area_name(code: str) -> str:
    """What an area is called that stands in a row as its code."""
    if level_of(code) == Level.VILLAGE:
        village = Village.objects.filter(code=code).select_related("district").first()
        return village.title if village else code
    tables = {Level.PROVINCE: Province, Level.REGENCY: Regency, Level.DISTRICT: District}
    table = tables.get(level_of(code))
    area = table.reference.filter(code=code).first() if table else None
    if area is None:
        return code
    return _("District %(name)s") % {"name": area.name} if table is District else area.name


def change(row: DataSaid, now: Figure) -> str:
    """By how much the portal's figure has moved: “changed by +4 women, −1 men”."""
    if row.by_sex and now.women is not None and now.men is not None:
        moved = {"women": _signed(now.women - row.women), "men": _signed(now.men - row.men)}
        return _("changed by %(women)s women, %(men)s men") % moved
    if row.value is not None and now.value is not None:
        by = int(now.value - row.value)
        words = ngettext("changed by %(by)s village", "changed by %(by)s villages", abs(by))
        return words % {"by": _signed(by)}
    return ""


def _signed(number: int) -> str:
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return f"{sign}{formats.count(abs(number))}"
