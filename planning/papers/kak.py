"""The terms of reference (KAK) on paper: a running document with numbered chapters."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats

from ..content import unpacked
from ..models import TermsOfReference
from .cells import Cells, Entries
from .frame import cell, filled, framed, signature_of, standing_of_statement
from .gap import under
from .parts import WIDTHS, Block, Column, Heading, Line, Paper, Rows, Text, lines_of, one_line


def kak_paper(terms: TermsOfReference) -> Paper:
    statement = terms.statement
    return framed(
        statement.analysis.program,
        "kak",
        statement.year,
        standing_of_statement(terms),
        title=_("Terms of reference (Kerangka Acuan Kegiatan, KAK)"),
        subtitle=unpacked(statement.gap_version.content).title,
        form="kak",
        address=statement.office_address,
        blocks=tuple(_numbered(_chapters(terms))),
        signature=signature_of(terms),
    )


def _numbered(chapters: Iterator[tuple[str, list[Block]]]) -> Iterator[Block]:
    for number, (title, blocks) in enumerate(chapters, start=1):
        yield Heading(f"{number}. {title}")
        yield from blocks


def _chapters(terms: TermsOfReference) -> Iterator[tuple[str, list[Block]]]:
    statement = terms.statement
    content = unpacked(statement.gap_version.content)
    cells = Cells(content, wide=True)
    yield _("Legal basis"), [_said(terms.legal_basis)]
    yield _("Background"), list(_background(cells))
    yield (
        _("Activity and its limits"),
        [
            *_part(_("Program or activity"), cells.item()[:1]),
            *_part(_("Sub-activity"), (lines_of(terms.subactivity),)),
            *_part(_("Limits of the activity"), (lines_of(terms.limits),)),
        ],
    )
    yield (
        _("Purpose and goal"),
        [
            *_part(_("Purpose of the activity"), (lines_of(terms.purpose),)),
            *_part(_("Goal reformulated"), cells.goal()),
        ],
    )
    yield (
        _("Indicators and targets"),
        [_text((*under(_("Baseline data"), cells.baselines()), *cells.indicators()))],
    )
    yield _("Beneficiaries of the activity"), [_said(terms.beneficiaries)]
    yield _("Place and time"), [_text((_place(terms),))]
    yield _("Plan of action"), [_text(cells.actions())]
    yield _("Stages of carrying out"), [_stages(terms)]
    yield _("Performer and person responsible"), [_text((_people(terms),))]
    yield _("Cost of the activity"), [_text((_cost(terms),))]


def _background(cells: Cells) -> Iterator[Block]:
    yield from _part(_("Eye-opening data (by sex)"), cells.data())
    yield from _part(_("Gap factors"), cells.factors())
    yield from _part(_("Causes of the gap, internal"), cells.causes("internal"))
    yield from _part(_("Causes of the gap, external"), cells.causes("external"))


def _part(title: str, entries: Entries) -> Iterator[Block]:
    yield Heading(title, 2)
    yield _text(entries)


def _text(entries: Entries) -> Text:
    return Text(cell(*filled(entries)))


def _said(text: str) -> Text:
    return Text(cell(lines_of(text)))


def _labelled(pairs: list[tuple[str, str]]) -> tuple[Line, ...]:
    words = _("%(label)s: %(text)s")
    return tuple(
        Line(words % {"label": label, "text": one_line(text)}) for label, text in pairs if text
    )


def _place(terms: TermsOfReference) -> tuple[Line, ...]:
    days = {"from": formats.day_long(terms.starts_on), "until": formats.day_long(terms.ends_on)}
    known = terms.starts_on or terms.ends_on
    return _labelled(
        [
            (_("Place"), terms.location),
            (_("Time"), _("%(from)s until %(until)s") % days if known else ""),
            (_("Duration"), _months(terms.months)),
        ]
    )


def _months(number: int | None) -> str:
    if number is None:
        return ""
    return ngettext("%(number)s month", "%(number)s months", number) % {"number": number}


def _stages(terms: TermsOfReference) -> Rows:
    titles = (_("No."), _("Stage"), _("What is done"), _("Duration"))
    columns = zip(titles, WIDTHS["stages"], strict=True)
    rows = tuple(
        (
            (Line(str(number)),),
            cell(lines_of(stage.label)),
            cell(lines_of(stage.text)),
            cell(lines_of(_months(stage.months))),
        )
        for number, stage in enumerate(terms.stages.all(), start=1)
    )
    return Rows(tuple(Column(title, width) for title, width in columns), rows or ((cell(),) * 4,))


def _people(terms: TermsOfReference) -> tuple[Line, ...]:
    return _labelled(
        [(_("Performer"), terms.performer), (_("Person responsible"), terms.responsible)]
    )


def _cost(terms: TermsOfReference) -> tuple[Line, ...]:
    money = [
        (_("Cost of the activity"), terms.cost),
        (_("Budget of the program or activity"), terms.statement.total),
    ]
    return _labelled([(label, formats.rupiah(one)) for label, one in money if one is not None])
