"""What several documents have in common: whose numbers, which records, how to read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from core.formats import day_long, moment, percent
from programs.involvement import DEFINITION_VERSION, SMALL_GROUP, WOMEN_PERCENT, reaches
from programs.models import Basis
from villages.models import Opd

from ..areas import Area
from ..boards import AreaRow
from ..counts import Heads, Levels, Share
from ..figures import Figure
from ..filters import BoardFilter
from .document import Column, Key, Number, Table


@dataclass(frozen=True)
class Subject:
    """Of what a document speaks, and who reads it: an area in her reach, a period, a basis.

    `texts`: paragraphs that the office wrote itself, by name.
    """

    user: object
    area: Area
    flt: BoardFilter
    today: date
    texts: dict[str, str]

    @property
    def subtitle(self) -> str:
        return f"{self.area.title}, {self.area.place}" if self.area.place else self.area.title


def facts_of(flt: BoardFilter, newest: datetime | None) -> tuple[tuple[str, str], ...]:
    """Period, basis, age of the numbers and definition: what a sheet of paper has to say."""
    first, last = day_long(flt.first_day), day_long(flt.last_day)
    return (
        (_("Period"), f"{flt.period} ({first} – {last})"),
        (_("Records that count"), str(Basis(flt.basis).label)),
        (_("Newest record"), moment(newest) if newest else _("no record yet")),
    )


def notes_of(*more: str) -> tuple[str, ...]:
    """How to read the numbers; said on every document."""
    words = {"version": DEFINITION_VERSION, "line": WOMEN_PERCENT, "small": SMALL_GROUP}
    notes = [
        *more,
        _(
            "A program involves women when it reaches level 2 or more in a village in the period: "
            "at least %(line)s percent women among those who took part or benefited, or who "
            "decided (definition version %(version)s). Programs without data are counted apart "
            "and never as 0."
        )
        % words,
        _("People are counted once for each activity. – means: not counted, which is not 0."),
    ]
    if settings.PUG_DEMO:
        notes.insert(0, _("Sample data: the numbers of this document are not real."))
    return tuple(notes)


def silent_among(rows: Iterable[AreaRow], declared: Collection[str]) -> list[AreaRow]:
    """Villages that sent nothing and did not declare that there was nothing."""
    return [row for row in rows if not row.sent and row.code not in declared]


def key_of(total: AreaRow, silent: int) -> Key:
    """The headline counts, for the page that checks a document; `silent` villages said nothing."""
    women, present = total.heads.participants or (0, 0)
    deciding, everyone = total.heads.deciders or (0, 0)
    now = total.headline
    return Key(
        now.involved, now.judged, now.no_data, total.villages - silent, total.villages,
        women, present, deciding,
        everyone,
    )  # fmt: skip


def number_of(figure: Figure) -> Number:
    """One of the board's big numbers, in the words of the screen."""
    notes = [figure.change]
    if figure.target_words:
        notes.append(figure.target_words)
    enough = figure.enough_data and figure.share is not None
    if not figure.enough_data:
        notes.insert(0, _("Not enough data yet"))
    return Number(figure.label, percent(figure.share), figure.words, tuple(notes), enough)


def levels_of(levels: Levels) -> dict[str, int]:
    return {name: getattr(levels, name) for name in Levels.columns()}


def people_table(heads: Heads) -> Table:
    """Women present, deciding and benefiting, each against the line of 30 percent."""
    rows: Iterable[tuple[str, Share]] = (
        (_("Present"), heads.participants),
        (_("Deciding"), heads.deciders),
        (_("Benefiting"), heads.beneficiaries),
    )
    return Table(
        columns=(
            Column(_("People in activities")),
            Column(_("Women of everyone"), "share"),
            Column(_("Against the line of %(line)s percent") % {"line": WOMEN_PERCENT}),
        ),
        rows=[(label, share, against_line(share)) for label, share in rows],
    )


def against_line(share: Share) -> str:
    if share is None:
        return _("Nobody was counted")
    part, whole = share
    if whole < SMALL_GROUP:
        return _("Too few people to say")
    return _("reached") if reaches(part, whole - part) else _("not reached")


def ranking(rows: Sequence[AreaRow], label: str, title: str = "", *, people: bool = False) -> Table:
    """Areas with their programs; `people`: with the shares of women present and deciding."""
    columns = [
        Column(label),
        Column(_("Programs that involve women"), "share"),
        Column(_("Without data"), "count"),
    ]
    if people:
        columns += [Column(_("Women present"), "share"), Column(_("Women deciding"), "share")]
    return Table(columns, [_ranked(row, people) for row in rows], title=title)


def _ranked(row: AreaRow, people: bool) -> tuple:
    found = (row.title, row.headline.share, row.headline.no_data)
    return (*found, row.heads.participants, row.heads.deciders) if people else found


def short_names(owners: Iterable[str]) -> dict[str, str]:
    """Offices by their acronyms, where they have one: a column has little room."""
    offices = Opd.objects.filter(name__in=set(owners)).exclude(acronym="")
    return dict(offices.values_list("name", "acronym"))
