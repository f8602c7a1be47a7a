"""What every form has around its cells: letterhead, facts, state, marks of drafts and examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import formats
from programs.models import Origin, Program

from ..content import Content, content_of, unpacked
from ..models import (
    BudgetStatement,
    GapVersion,
    GenderAnalysis,
    PlanState,
    Step,
    StepKind,
    TermsOfReference,
)
from ..models.statement import Signed
from .parts import NOTHING, WIDTHS, Column, Columns, Entry, Line, Paper, Signature, flat, one_line

DOTS = "." * 42
SHORT_DOTS = "." * 24


@dataclass(frozen=True)
class Standing:
    """Whether a paper counts: its state in words, and the version that its file names."""

    words: str
    version: str
    tag: str
    draft: bool


def standing_of(analysis: GenderAnalysis, frozen: GapVersion | None) -> Standing:
    """Of an analysis as it stands, or of one frozen version."""
    newest = frozen or analysis.versions.first()
    state = frozen.state if frozen else analysis.state
    if newest is None or state in (PlanState.DRAFT, PlanState.RETURNED) and frozen is None:
        return Standing(_state(state, None), _("Not submitted yet"), "draf", True)
    at = newest.submitted_at if state == PlanState.SUBMITTED else newest.decided_at
    words = _state(state, timezone.localdate(at) if at else None)
    counts = state in (PlanState.APPROVED, PlanState.SIGNED)
    return Standing(words, str(newest.number), f"v{newest.number}", not counts)


def standing_of_statement(document: BudgetStatement | TermsOfReference) -> Standing:
    statement = document if isinstance(document, BudgetStatement) else document.statement
    counts = document.state in (PlanState.APPROVED, PlanState.SIGNED)
    words = {"revision": statement.revision, "version": statement.gap_version.number}
    version = _("%(revision)s, from version %(version)s of the GAP") % words
    tag = f"r{statement.revision}" if counts else f"r{statement.revision}-draf"
    return Standing(_state(document.state, _decided_on(document)), version, tag, not counts)


def _decided_on(document: BudgetStatement | TermsOfReference) -> date | None:
    if document.state == PlanState.SIGNED:
        return document.signed_on
    kinds: dict[str, str] = {
        PlanState.APPROVED: StepKind.APPROVED,
        PlanState.SUBMITTED: StepKind.SUBMITTED,
    }
    steps = Step.objects.filter(document=document.pk, kind=kinds.get(document.state, ""))
    at = steps.values_list("at", flat=True).first()
    return timezone.localdate(at) if at else None


def _state(state: str, day: date | None) -> str:
    words = {"day": formats.day_long(day)}
    dated: dict[str, str] = {
        PlanState.SUBMITTED: _("Submitted on %(day)s, not approved yet"),
        PlanState.APPROVED: _("Approved on %(day)s"),
        PlanState.SIGNED: _("Signed on %(day)s"),
    }
    if day and state in dated:
        return dated[state] % words
    return str(PlanState(state).label)


def content_at(analysis: GenderAnalysis, frozen: GapVersion | None) -> Content:
    return unpacked(frozen.content) if frozen else content_of(analysis)


def heads_of(program: Program) -> tuple[str, ...]:
    """The letterhead: the government, the office."""
    village, owner = program.owner_village, program.owner_opd or program.owner_district
    lines = [str(program.owner_title)]
    if village:
        lines.insert(0, _district(village.district.name))
        owner = village.district
    if owner:
        lines.insert(0, _("Government of %(name)s") % {"name": owner.regency.name})
    return tuple(one_line(one).upper() for one in lines)


def _district(name: str) -> str:
    return str(_("District %(name)s") % {"name": name})


def framed(
    program: Program,
    kind: str,
    year: int,
    standing: Standing,
    *,
    title: str,
    subtitle: str = "",
    form: str,
    blocks: tuple,
    facts: tuple[tuple[str, str], ...] = (),
    address: str = "",
    signature: Signature | None = None,
) -> Paper:
    """The whole paper around these blocks."""
    owner = one_line(program.owner_title)
    sample = program.origin == Origin.SAMPLE
    marks = (*([_("Sample")] if sample else []), *([_("Draft")] if standing.draft else []))
    words = {"moment": formats.moment(timezone.now())}
    return Paper(
        form=form,
        name="-".join((kind, slugify(owner)[:60].strip("-"), str(year), standing.tag)),
        heads=heads_of(program),
        address=one_line(address),
        title=title,
        subtitle=one_line(subtitle),
        facts=(
            (_("Office") if not program.owner_village_id else _("Village"), owner),
            (_("Budget year"), str(year)),
            *facts,
            (_("State of the paper"), standing.words),
            (_("Version"), standing.version),
        ),
        blocks=blocks,
        running=" · ".join((kind.upper(), owner, str(year), _("Printed %(moment)s") % words)),
        mark=" · ".join(marks).upper(),
        warning=_("Sample data: invented, not the state of any village.") if sample else "",
        signature=signature,
        lying=form in ("gap", "gap-4"),
    )


def columns_of(form: str, titles: list[tuple[str, str]], entries: list) -> Columns:
    """The cells under their heads; (group, title) each. A cell in which nothing stands says so."""
    columns = zip(titles, WIDTHS[form], strict=True)
    return Columns(
        tuple(Column(title, width, group) for (group, title), width in columns),
        tuple(filled(cell) for cell in entries),
    )


def filled(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    kept = tuple(entry for entry in entries if entry)
    return kept or ((Line(NOTHING),),)


def cell(*entries: Entry) -> Entry:
    """Entries as one cell of a table."""
    return tuple(flat(entries)) or (Line(NOTHING),)


def signature_of(paper: Signed, **more) -> Signature:
    """The signature as typed; dots where it is still to be written by hand."""
    place = one_line(paper.place) or SHORT_DOTS
    day = formats.day_long(paper.signed_on) if paper.signed_on else SHORT_DOTS
    number = one_line(paper.signatory_number)
    below = (
        one_line(paper.signatory_rank),
        _("NIP %(number)s") % {"number": number} if number else "",
    )
    return Signature(
        place=f"{place}, {day}",
        title=one_line(paper.signatory_title) or DOTS,
        name=one_line(paper.signatory_name) or DOTS,
        lines=tuple(filter(None, below)),
        **more,
    )
