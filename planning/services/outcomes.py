"""Outcomes: entered by hand, and told to programs, which knows nothing of planning."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from programs.services import record_outcome
from villages.models import Village

from ..content import Content, unpacked
from ..models import Evidence, GapVersion, GenderAnalysis, PlanState, Realisation, StepKind
from ..realised import PERCENT, villages_reached
from .moves import note_step, require


@transaction.atomic
def enter_realisation(
    analysis: GenderAnalysis,
    indicator: UUID,
    *,
    actor,
    value: Decimal,
    reached_on: date,
    note: str = "",
    evidence: Evidence | None = None,
    village: Village | None = None,
) -> Realisation:
    """What an indicator had reached on a day, everywhere or in one village of the program.

    Refused: before approval, for an indicator that the portal realises itself, without evidence
    or a word on how it is known, on a day that has not come, in a village that is not its own.
    """
    require(actor, "manage_plans", analysis)
    problems = list(_troubles(analysis, indicator, value, reached_on, note, evidence, village))
    if problems:
        raise Refused(*problems)
    entry = Realisation.objects.create(
        analysis=analysis,
        indicator=indicator,
        village=village,
        value=value,
        reached_on=reached_on,
        note=note.strip(),
        evidence=evidence,
        entered_by=actor,
    )
    note_step(analysis, StepKind.REALISED, actor, indicator=str(indicator), value=str(value))
    settle_outcomes(analysis, actor=actor)
    return entry


@transaction.atomic
def withdraw_realisation(entry: Realisation, *, actor) -> None:
    """It was entered by mistake: it counts nowhere any more and stays on the list, marked.

    Refused: `not_permitted`, `not_allowed` where it was taken back already.
    """
    analysis = entry.analysis
    require(actor, "manage_plans", analysis)
    now = timezone.now()
    if not Realisation.objects.counting().filter(pk=entry.pk).update(withdrawn_at=now):
        raise Refused(Problem("", "not_allowed", _("This result was taken back already.")))
    entry.withdrawn_at = now
    said = {"indicator": str(entry.indicator), "value": str(entry.value)}
    audit.record(
        actor, "genderanalysis.result_withdrawn", analysis, realisation=str(entry.pk), **said
    )
    settle_outcomes(analysis, actor=actor)


def _troubles(analysis, indicator, value, reached_on, note, evidence, village):
    approved = approved_version(analysis)
    row = approved_content(approved).row(indicator) if approved else None
    if approved is None:
        yield Problem("", "not_allowed", _("Results are entered once the GAP is approved."))
    elif row is None or not hasattr(row, "target"):
        yield Problem(
            "indicator", "unknown_indicator", _("Choose an indicator of the approved GAP.")
        )
    elif row.measure:
        words = _("The portal counts this indicator itself from the village records.")
        yield Problem("indicator", "by_portal", words)
    if value < 0:
        yield Problem("value", "negative", _("The number cannot be below 0."))
    elif getattr(row, "unit", "") == PERCENT and value > 100:  # noqa: PLR2004
        words = _("A figure in per cent lies between 0 and 100.")
        yield Problem("value", "out_of_range", words)
    if reached_on > timezone.localdate():
        yield Problem("reached_on", "future", _("This day has not come yet."))
    if evidence is None and not note.strip():
        words = _("Choose the evidence, or write how the result is known.")
        yield Problem("note", "required", words)
    if village and not analysis.program.targets.filter(village=village).exists():
        yield Problem("village", "outside", _("The program does not run in this village."))


@transaction.atomic
def settle_outcomes(analysis: GenderAnalysis, *, actor) -> int:
    """Programs knows in which villages an outcome of an approved analysis of this program, of
    whichever year or form, is reached; how many villages changed. Told only of changes: each is
    judged anew there."""
    program, today, reached = analysis.program, timezone.localdate(), set()
    in_force = GapVersion.objects.filter(analysis__program=program, state=PlanState.APPROVED)
    for version in in_force.select_related("analysis"):
        version.analysis.program = program
        reached |= villages_reached(version.analysis, unpacked(version.content), today)
    changed = 0
    for target in program.targets.select_related("village"):
        if (target.village_id in reached) != (target.outcome_reached_on is not None):
            day = today if target.village_id in reached else None
            record_outcome(program, target.village, actor=actor, reached_on=day)
            changed += 1
    return changed


def approved_version(analysis: GenderAnalysis) -> GapVersion | None:
    """The version in force; None before the first approval."""
    return analysis.versions.filter(state=PlanState.APPROVED).order_by("-number").first()


def approved_content(version: GapVersion) -> Content:
    return unpacked(version.content)
