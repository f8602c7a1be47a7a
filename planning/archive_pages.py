"""A record or a plan as a file of the archive: PDF, or a page that any browser opens."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core import formats, paper
from programs.models import Activity
from programs.wording import Fact, sections

from .binder import Piece
from .content import content_of, unpacked
from .models import BudgetStatement, GenderAnalysis, TermsOfReference
from .papers import pdf
from .papers.making import paper_of
from .reading import read

TEMPLATE = "planning/archive_page.html"
SHEET = "css/planning-archive.css"
Section = tuple[str, Sequence[Fact]]


def printed(piece: Piece) -> bytes | None:
    """The record or plan as PDF; None where it cannot be printed now."""
    subject = piece.evidence.subject
    try:
        if isinstance(subject, Activity):
            return paper.pdf(TEMPLATE, _context(piece))
        return pdf.written(paper_of(subject))
    except (paper.Unprintable, paper.Busy):
        return None


def page(piece: Piece) -> bytes:
    """The record or plan as a page that stands alone: no script, nothing loaded from elsewhere."""
    return render_to_string(TEMPLATE, _context(piece) | {"style": style()}).encode()


def style() -> str:
    """The sheet of the archive's pages as an address that needs no file."""
    path = finders.find(SHEET)
    with open(str(path), "rb") as sheet:
        return f"data:text/css;base64,{base64.b64encode(sheet.read()).decode()}"


def _context(piece: Piece) -> dict[str, Any]:
    evidence = piece.evidence
    return {
        "piece": piece,
        "evidence": evidence,
        "sections": _sections(evidence.subject),
        "demo": settings.PUG_DEMO,
    }


def _sections(subject: Any) -> list[Section]:
    if isinstance(subject, Activity):
        return [_standing(subject), *sections(subject)]
    if isinstance(subject, GenderAnalysis):
        return _steps(content_of(subject))
    if isinstance(subject, BudgetStatement):
        return [_head(subject), *_steps(unpacked(subject.gap_version.content))]
    return [_terms(subject), _head(subject.statement)]


def _standing(activity: Activity) -> Section:
    """By what number a record is found again, and whether the office verified it."""
    facts = [
        Fact(_("Number"), str(activity.receipt.number)),
        Fact(_("State"), activity.get_state_display()),
    ]
    return _("Activity record"), facts


def _steps(content) -> list[Section]:
    found = []
    for one in read(content):
        facts = [Fact(cell.label, cell.text) for cell in one.cells]
        for row in one.rows:
            facts.append(Fact(row.name, "; ".join(f"{c.label}: {c.text}" for c in row.cells)))
        if facts:
            found.append((f"{one.step.number}. {one.step.title}", facts))
    return found


def _head(statement: BudgetStatement) -> Section:
    facts = [
        Fact(_("Program"), str(statement.analysis.program)),
        Fact(_("Budget year"), str(statement.year)),
        Fact(_("State"), statement.get_state_display()),
        Fact(_("Budget"), formats.rupiah(statement.total)),
    ]
    return _("Budget statement (GBS)"), facts


def _terms(terms: TermsOfReference) -> Section:
    names = ("legal_basis", "purpose", "beneficiaries", "location", "limits", "performer")
    values = [(terms._meta.get_field(name).verbose_name, getattr(terms, name)) for name in names]
    return _("Terms of reference (KAK)"), [Fact(str(a), text) for a, text in values if text]
