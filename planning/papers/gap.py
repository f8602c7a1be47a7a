"""The gender analysis on paper: nine columns, four columns, or a village's single page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core import formats
from programs.models import FundSource

from ..content import Content
from ..models import FactorKind, GapVersion, GenderAnalysis, Template
from .cells import Cells, Entries
from .frame import (
    DOTS,
    SHORT_DOTS,
    cell,
    columns_of,
    content_at,
    filled,
    framed,
    standing_of,
)
from .parts import (
    WIDTHS,
    Column,
    Columns,
    Entry,
    Line,
    Paper,
    Rows,
    Signature,
    lines_of,
    one_line,
)

#: A gap that is there, and one that is not.
TICKED, OPEN = "☑", "☐"


def gap_paper(analysis: GenderAnalysis, frozen: GapVersion | None) -> Paper:
    content = content_at(analysis, frozen)
    standing = standing_of(analysis, frozen)
    if analysis.template == Template.VILLAGE:
        return framed(
            analysis.program,
            "gap",
            analysis.year,
            standing,
            title=_("Village gender analysis (GAP Desa)"),
            form="village",
            blocks=(form_of(village_rows(content)),),
            signature=Signature(
                place=f"{SHORT_DOTS}, {SHORT_DOTS}",
                title=_("Head of the village"),
                name=DOTS,
                **initials(),
            ),
        )
    nine = analysis.template == Template.NINE
    return framed(
        analysis.program,
        "gap",
        analysis.year,
        standing,
        title=_("Gender analysis (Gender Analysis Pathway, GAP)"),
        subtitle=_("Nine steps") if nine else _("Four steps, for RPJMD and Renstra"),
        form="gap" if nine else "gap-4",
        facts=((_("Program"), one_line(analysis.program.title)),),
        blocks=(nine_columns(content) if nine else four_columns(content),),
    )


def nine_columns(content: Content) -> Columns:
    """The official form: heads over 3–5, 6–7 and 8–9."""
    cells = Cells(content)
    issue, plans, measured = (
        _("Gender issues"),
        _("Policy and plans ahead"),
        _("Measuring results"),
    )
    titles = [
        ("", _("Name of the policy, program or activity, goal and target group")),
        ("", _("Eye-opening data (by sex)")),
        (issue, _("Gap factors")),
        (issue, _("Causes of the gap, internal")),
        (issue, _("Causes of the gap, external")),
        (plans, _("Goal reformulated")),
        (plans, _("Plan of action")),
        (measured, _("Baseline data")),
        (measured, _("Performance and gender indicators")),
    ]
    entries = [
        cells.item(),
        cells.data(),
        cells.factors(),
        cells.causes("internal"),
        cells.causes("external"),
        cells.goal(),
        cells.actions(),
        cells.baselines(),
        cells.indicators(),
    ]
    return columns_of("gap", titles, entries)


def four_columns(content: Content) -> Columns:
    cells = Cells(content)
    titles = [
        ("", _("Gender issue and data by sex")),
        ("", _("Causes by access, participation, control and benefit")),
        ("", _("Logical framework: impact, outcome, output")),
        ("", _("Activities and those responsible")),
    ]
    entries = [
        (*cells.item(), *cells.data()),
        (*cells.factors(), *both_causes(cells)),
        (
            *under(_("Goal now"), cells.goal()),
            *under(_("Baseline data"), cells.baselines()),
            *cells.indicators("impact"),
            *cells.indicators("outcome"),
            *cells.indicators("output"),
        ),
        cells.actions(),
    ]
    return columns_of("gap-4", titles, entries)


def both_causes(cells: Cells) -> Entries:
    return (
        *under(_("Internal cause"), cells.causes("internal")),
        *under(_("External cause"), cells.causes("external")),
    )


def under(head: str, entries: Entries) -> Entries:
    """The first of them below a small heading."""
    kept = [entry for entry in entries if entry]
    return ((Line(head, "head"), *kept[0]), *kept[1:]) if kept else ()


def form_of(rows: list[tuple[str, Entries]]) -> Rows:
    """A form: number, what is asked, what was said."""
    columns = tuple(Column("", width) for width in WIDTHS["form"])
    said = tuple(
        ((Line(str(number)),), (Line(label, "head"),), cell(*filled(entries)))
        for number, (label, entries) in enumerate(rows, start=1)
    )
    return Rows(columns, said, headed=False)


def village_rows(content: Content) -> list[tuple[str, Entries]]:
    """The lines of the village's page, on its GAP and on its GBS."""
    cells = Cells(content, dense=True)
    return [
        (_("Activity and its code"), cells.item()[:1]),
        (_("Goal of the activity"), (lines_of(content.goal),)),
        (_("Who is affected (men and women)"), (lines_of(content.audience), *cells.data())),
        (_("Gap"), tuple(_ticks(cells))),
        (_("Cause"), both_causes(cells)),
        (_("What is changed"), (*cells.goal(), *cells.actions())),
        (_("Target for women and men"), (*cells.baselines(), *cells.indicators())),
        (_("Cost and source of funds"), (_money(content),)),
    ]


def _ticks(cells: Cells) -> list[Entry]:
    """The four kinds of gap, those that are there ticked with what was said of them."""
    found: list[Entry] = []
    for kind in FactorKind:
        lines = [row for row in cells.content.factors if row.kind == kind]
        said = [line.text for row in lines for line in cells.factor(row)] or [str(kind.label)]
        words = {"box": TICKED if lines else OPEN, "kind": said[0]}
        found.append(tuple(map(Line, (_("%(box)s %(kind)s") % words, *said[1:]))))
    return found


def _money(content: Content) -> Entry:
    costs = [row.budget for row in content.actions if row.budget is not None]
    kinds = dict.fromkeys(row.fund_source for row in content.actions if row.fund_source)
    names = [str(FundSource(one).label) for one in kinds if one in FundSource.values]
    if not costs and not names:
        return ()
    amount = formats.rupiah(sum(costs)) if costs else formats.NOTHING
    return (Line(" · ".join((amount, *names))),)


def initials() -> dict:
    """Who puts initials to a village's page before its head signs it."""
    return {
        "initials_title": _("Checked (initials)"),
        "initials": (
            _("Village secretary, coordinator of PPKD"),
            _("Kasi or kaur who runs the activity"),
        ),
    }
