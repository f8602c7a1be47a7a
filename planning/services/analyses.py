"""Gender analyses: begun, written, submitted, sent back, approved and opened again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import audit
from core.errors import Problem, Refused
from core.formats import count
from core.identifiers import uuid7
from core.versions import swap
from programs.models import Program
from programs.services import record_gap_approval

from ..checks import gate
from ..content import PLAIN, Content, DataSaid, content_of, packed, tidy
from ..figures import Figure, newest_year, period_of, standing
from ..models import (
    GapVersion,
    GenderAnalysis,
    IndicatorKind,
    Measure,
    PlanState,
    Remark,
    StepKind,
    Template,
)
from ..models.analysis import owned
from . import outcomes, rows
from .moves import (
    RemarkSaid,
    holds,
    make,
    note_step,
    remark,
    require,
    settle_remarks,
)

#: Of a whole analysis: three times what the fullest one on paper holds.
MOST_LETTERS = 80_000


@transaction.atomic
def start_analysis(
    program: Program,
    *,
    actor,
    year: int,
    template: str = Template.NINE,
    uid: UUID | None = None,
) -> GenderAnalysis:
    """A draft whose first step says what the program says, and whose data rows hold the figures
    of its verified records. One for each program, year and form."""
    _require_owner(program, actor, template)
    if year not in program.years:
        words = _("The program does not run in %(year)s. Extend the program first.")
        raise Refused(Problem("year", "outside_program_years", words % {"year": year}))
    analysis = GenderAnalysis(
        uid=uid or uuid7(),
        program=program,
        template=template,
        year=year,
        code=program.activity_code.code if program.activity_code else "",
        title=program.title,
        goal=program.goal,
        audience=_audience(program),
        created_by=actor,
    )
    _insert(analysis)
    rows.write(analysis, replace(content_of(analysis), data_rows=tuple(_opening(program, year))))
    note_step(analysis, StepKind.CREATED, actor)
    return analysis


@transaction.atomic
def save_content(
    analysis: GenderAnalysis, content: Content, *, actor, version: int
) -> GenderAnalysis:
    """The analysis says what `content` says; it may be incomplete. Empty rows are dropped, links
    to rows that are gone are emptied, and figures of the portal stay the portal's.

    Refused: `not_permitted`, `not_allowed` once it was submitted, `other_record` for the key of
    another analysis' row; Stale when somebody was faster.
    """
    require(actor, "manage_plans", analysis)
    _require_open(analysis)
    _require_printable(content)
    before = content_of(analysis)
    said = _true_figures(tidy(content), before, analysis.program)
    swap(analysis, version, **rows.plain_values(said))
    rows.write(analysis, said, before)
    changed = rows.summary(before, said)
    if changed:
        note_step(analysis, StepKind.CHANGED, actor, changed=changed)
    return analysis


@transaction.atomic
def refresh_figures(analysis: GenderAnalysis, *, actor, version: int) -> GenderAnalysis:
    """Every row that was filled from the portal holds what the portal says now."""
    require(actor, "manage_plans", analysis)
    _require_open(analysis)
    before = content_of(analysis)
    fresh = tuple(
        _filled(one, analysis.program) if one.measure else one for one in before.data_rows
    )
    swap(analysis, version)
    rows.write(analysis, replace(before, data_rows=fresh), before)
    note_step(analysis, StepKind.CHANGED, actor, changed=["data_rows"])
    return analysis


@transaction.atomic
def submit_analysis(
    analysis: GenderAnalysis, *, actor, version: int, now: datetime | None = None
) -> GapVersion:
    """It waits for review, frozen as its next version with the figures it was written on.

    Refused with one problem for each thing that is missing, named `step.list.row.field`.
    """
    require(actor, "manage_plans", analysis)
    content = content_of(analysis)
    if missing := gate(content):
        raise Refused(*(Problem(one.pointer, one.code, one.detail) for one in missing))
    last = analysis.versions.order_by("-number").values_list("number", flat=True).first() or 0
    make("submit", analysis, actor=actor, version=version, number=last + 1, now=now)
    settle_remarks(analysis)
    return GapVersion.objects.create(
        analysis=analysis,
        number=last + 1,
        revision=analysis.revision,
        content=packed(content),
        submitted_by=actor,
        submitted_at=now or timezone.now(),
    )


@transaction.atomic
def withdraw_analysis(
    analysis: GenderAnalysis, *, actor, version: int, now: datetime | None = None
) -> None:
    """Its office takes it back before anybody decided: it is a draft again, and the version that
    was submitted counts as returned."""
    _decide(analysis, "withdraw", actor, version, "", (), now)


@transaction.atomic
def return_analysis(
    analysis: GenderAnalysis,
    remarks: Sequence[RemarkSaid],
    *,
    actor,
    version: int,
    note: str = "",
    checklist: Iterable[Mapping[str, Any]] = (),
    now: datetime | None = None,
) -> None:
    """Its office corrects it; every remark stands at its cell until it is submitted again."""
    if not remarks and not note.strip():
        words = _("Say what has to be corrected: at a cell, or in one sentence.")
        raise Refused(Problem("note", "required", words))
    decided = _decide(analysis, "return", actor, version, note, checklist, now)
    remark(analysis, remarks, actor=actor, number=decided.number)


@transaction.atomic
def approve_analysis(
    analysis: GenderAnalysis,
    *,
    actor,
    version: int,
    note: str = "",
    checklist: Iterable[Mapping[str, Any]] = (),
    now: datetime | None = None,
) -> GapVersion:
    """It is approved as it was submitted: the program's own benefit target counts from today, and
    outcomes that the villages have reached already are told to programs."""
    decided = _decide(analysis, "approve", actor, version, note, checklist, now)
    older = analysis.versions.filter(state=PlanState.APPROVED).exclude(pk=decided.pk)
    older.update(state=PlanState.SUPERSEDED)
    record_gap_approval(
        analysis.program,
        actor=actor,
        approved_on=timezone.localdate(now) if now else timezone.localdate(),
        benefit_target_percent=_benefit_target(content_of(analysis)),
    )
    outcomes.settle_outcomes(analysis, actor=actor)
    return decided


@transaction.atomic
def revise_analysis(
    analysis: GenderAnalysis, *, actor, version: int, note: str = ""
) -> GenderAnalysis:
    """It may be changed again. What was approved stays in force until it is approved anew."""
    revision = analysis.revision + 1
    make("revise", analysis, actor=actor, version=version, note=note, revision=revision)
    return analysis


@transaction.atomic
def check_plan(analysis: GenderAnalysis, *, actor, note: str) -> None:
    """The planning board says whether it fits Renja and RKPD: a word for the reviewer, no gate."""
    if not holds(actor, "check_plans", analysis):
        words = _("You cannot do this for the documents of this office.")
        raise Refused(Problem("", "not_permitted", words))
    if analysis.state != PlanState.SUBMITTED:
        words = _("Only an analysis that waits for review is checked.")
        raise Refused(Problem("state", "not_allowed", words))
    if not note.strip():
        raise Refused(Problem("note", "required", _("Write what you found.")))
    number = analysis.versions.values_list("number", flat=True).first()
    note_step(analysis, StepKind.CHECKED, actor, note=note.strip(), number=number)


@transaction.atomic
def settle_remark(said: Remark, analysis: GenderAnalysis, *, actor) -> None:
    """The office has dealt with one remark."""
    require(actor, "manage_plans", analysis)
    if said.document != analysis.pk:
        raise Refused(Problem("", "other_record", _("The remark is about another document.")))
    if Remark.objects.filter(pk=said.pk, settled_at=None).update(settled_at=timezone.now()):
        audit.record(actor, "genderanalysis.remark_settled", analysis, remark=said.pk)


def _decide(
    analysis: GenderAnalysis,
    move: str,
    actor,
    version: int,
    note: str,
    checklist: Iterable[Mapping[str, Any]],
    now: datetime | None,
) -> GapVersion:
    newest = analysis.versions.order_by("-number").first()
    number = newest.number if newest else None
    make(move, analysis, actor=actor, version=version, note=note, number=number, now=now)
    assert newest is not None  # noqa: S101 - what waits for review was submitted
    newest.state = PlanState.APPROVED if move == "approve" else PlanState.RETURNED
    newest.notes = [dict(one) for one in checklist]
    newest.decided_by, newest.decided_at = actor, now or timezone.now()
    newest.save(update_fields=["state", "notes", "decided_by", "decided_at"])
    return newest


def _require_owner(program: Program, actor, template: str) -> None:
    reach = owned(actor, "manage_plans")
    if template == Template.VILLAGE:
        reach |= owned(actor, "plan_village")
        if not program.owner_village_id:
            words = _("The village page is for a village's own program.")
            raise Refused(Problem("program", "not_a_village", words))
    if not Program.objects.filter(reach, pk=program.pk).exists():
        words = _("You cannot write plans for the programs of this office.")
        raise Refused(Problem("program", "not_permitted", words))


def _require_open(analysis: GenderAnalysis) -> None:
    if not analysis.is_open:
        words = _("This cannot be changed now: it is “%(state)s”.")
        said = words % {"state": analysis.get_state_display()}
        raise Refused(Problem("state", "not_allowed", said))


def _require_printable(content: Content) -> None:
    """A form of more than forty pages is no form, and setting it would hold up everybody's."""
    said = [value for _name, row in content.rows() for value in vars(row).values()]
    said += [getattr(content, name) for name in PLAIN]
    if sum(len(value) for value in said if isinstance(value, str)) > MOST_LETTERS:
        words = _("This is too long for a printed form: at most %(most)s letters in all.")
        raise Refused(Problem("", "too_long", words % {"most": count(MOST_LETTERS)}))


def _insert(analysis: GenderAnalysis) -> None:
    try:
        with transaction.atomic():
            analysis.save(force_insert=True)
    except IntegrityError as error:
        words = _("There is an analysis of this program for %(year)s already.")
        said = words % {"year": analysis.year}
        raise Refused(Problem("program", "already_there", said)) from error


# -- The portal's figures --------------------------------------------------------


def _opening(program: Program, year: int) -> Iterable[DataSaid]:
    """Rows for every measure that the program's verified records tell something of."""
    told = newest_year(program, min(year, timezone.localdate().year))
    if told is None:
        return
    found = standing(program, told)
    for measure in Measure.values:
        if measure == Measure.VILLAGES and len(found.villages) < 2:
            continue
        one = found.figure(measure)
        if one.pair is not None:
            yield _row(DataSaid(uuid7(), measure=measure), one, program)


def _true_figures(content: Content, before: Content, program: Program) -> Content:
    """Nobody types a figure of the portal: it is what was taken, or is taken now."""
    known = {one.key: one for one in before.data_rows if one.measure}

    def true(row: DataSaid) -> DataSaid:
        if not row.measure:
            return replace(row, portal={})
        there = known.get(row.key)
        if there and there.measure == row.measure and _same_period(there, row):
            return replace(there, text=row.text or there.text)
        return _filled(row, program)

    return replace(content, data_rows=tuple(map(true, content.data_rows)))


def _same_period(there: DataSaid, row: DataSaid) -> bool:
    return all(
        row.portal.get(name, there.portal.get(name)) == there.portal.get(name)
        for name in ("year", "semester", "basis")
    )


def _filled(row: DataSaid, program: Program) -> DataSaid:
    found = standing(program, *period_of(row))
    return _row(row, found.figure(row.measure), program)


@override(settings.LANGUAGE_CODE)
def _row(row: DataSaid, one: Figure, program: Program) -> DataSaid:
    """In the language of the documents, whatever the writer reads the portal in."""
    return replace(
        row,
        text=row.text or str(Measure(one.measure).label),
        women=one.women,
        men=one.men,
        value=None if one.value is None else Decimal(one.value),
        whole=one.whole,
        unit=one.unit,
        year=one.year,
        place=row.place or _place_of(program),
        source=_("PUG portal, verified records"),
        portal=one.portal,
    )


def _place_of(program: Program) -> str:
    """Where the program's records come from, as people call it."""
    if program.owner_opd:
        return program.owner_opd.regency.name
    return program.owner_title


@override(settings.LANGUAGE_CODE)
def _audience(program: Program) -> str:
    return str(program.get_target_group_display())


def _benefit_target(content: Content) -> int | None:
    """The share of women among beneficiaries that an approved outcome promises, per cent."""
    for row in content.of_kind(IndicatorKind.OUTCOME):
        if row.measure == Measure.BENEFICIARIES and row.unit == "%" and row.target:
            return max(1, min(100, int(row.target)))
    return None
