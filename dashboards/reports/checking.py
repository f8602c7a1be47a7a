"""Whether the figures of an issued report are still those of today.

Only the headline counts are compared. The page is open to everybody, so it tells less than the
office reads (`open_check_of`). A report of a closed semester is compared with the closing in
force, every other with the records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from core.asking import as_portal
from core.formats import count
from core.moment import Kept
from programs.closing import closing_of, figures_of
from programs.models import Basis, Snapshot
from programs.periods import Period, PeriodKind
from villages.models import Village

from ..boards import AreaRow, rows_of
from ..counts import Heads
from ..figures import declared_in
from ..filters import BoardFilter
from ..models import IssuedReport
from ..public.editions import KINDS
from .content import key_of, silent_among
from .document import Key

#: Today's figures of one area and period, kept while the database stays as it is: many scans of
#: one paper cost one count.
_kept = Kept(64)


PROGRAMS, VILLAGES, PEOPLE = "programs", "villages", "people"
BOTH, THEN, NOTHING = "both", "then", "nothing"


@dataclass(frozen=True)
class Line:
    """One headline count then and now; shares as pairs, a count with an empty whole.

    `about`: PROGRAMS, VILLAGES or PEOPLE. `told`: how much of it is shown beside whether it
    changed: BOTH, THEN or NOTHING.
    """

    about: str
    label: str
    then: tuple[int, int | None]
    now: tuple[int, int | None]
    told: str = BOTH

    @property
    def changed(self) -> bool:
        return self.then != self.now

    @property
    def then_text(self) -> str:
        return _said(*self.then)

    @property
    def now_text(self) -> str:
        return _said(*self.now)


@dataclass(frozen=True)
class Check:
    """`revision`: of the closing in force today, 0 while the period is open."""

    lines: tuple[Line, ...]
    revision: int
    then_revision: int

    @property
    def changed(self) -> bool:
        return any(line.changed for line in self.lines)

    @property
    def closed_words(self) -> str:
        """What became of the period: open, closed, or closed and made anew since."""
        words = {"now": self.revision, "then": self.then_revision}
        if not self.revision:
            return _("The period is not closed.")
        if not self.then_revision:
            return _("The period is closed today (revision %(now)s).") % words
        if self.revision != self.then_revision:
            return (
                _("The report shows closing revision %(then)s; revision %(now)s is in force today.")
                % words
            )
        return _("The period is closed; revision %(now)s is in force.") % words


def check_of(report: IssuedReport) -> Check:
    """The headline counts of the report beside those of today."""
    then = Key(**report.figures["key"])
    then_revision = report.figures.get("revision", 0)
    closing = _closing(report)
    now = _closed_key(report, closing) if closing and then_revision else _key_today(report)
    return Check(tuple(_lines(then, now)), closing.revision if closing else 0, then_revision)


def open_check_of(report: IssuedReport) -> Check:
    """What anybody with the code may read: of people only whether their counts changed, as those
    of a report hold also whom the public pages hide; of today those program counts that the
    public pages give as well: of verified records, in a year or a semester.
    """
    check = check_of(report)
    today = report.basis == Basis.VERIFIED and Period.from_code(report.period).kind in KINDS
    lines = [
        replace(line, told=BOTH if today and line.about == PROGRAMS else THEN)
        for line in check.lines
        if line.about != PEOPLE
    ]
    moved = any(line.changed for line in check.lines if line.about == PEOPLE)
    people = Line(PEOPLE, _("People counted"), (0, None), (int(moved), None), told=NOTHING)
    return replace(check, lines=(*lines, people))


def changed_since(report: IssuedReport) -> bool:
    return check_of(report).changed


def _lines(then: Key, now: Key) -> Iterator[Line]:
    involved = _pairs(then, now, "involved", "judged")
    yield Line(PROGRAMS, _("Programs that involve women"), *involved)
    yield Line(PROGRAMS, _("Programs without data"), (then.no_data, None), (now.no_data, None))
    reporting = _pairs(then, now, "reporting", "villages")
    yield Line(VILLAGES, _("Villages that reported"), *reporting)
    for label, part, whole in (
        (_("Women among those present"), "women_present", "present"),
        (_("Women among those deciding"), "women_deciding", "deciding"),
    ):
        if getattr(then, whole) or getattr(now, whole):
            yield Line(PEOPLE, label, *_pairs(then, now, part, whole))


def _pairs(then: Key, now: Key, part: str, whole: str) -> list[tuple[int, int]]:
    return [(getattr(key, part), getattr(key, whole)) for key in (then, now)]


def _said(part: int, whole: int | None) -> str:
    if whole is None:
        return count(part)
    return _("%(n)s of %(m)s") % {"n": count(part), "m": count(whole)}


def filter_of(period: str, basis: str) -> BoardFilter:
    """A period's code ("2026-S1") and a basis as boards ask for them; ValueError for no period."""
    when = Period.from_code(period)
    part = {} if when.kind == PeriodKind.YEAR else {str(when.kind): when.number}
    return BoardFilter(when.year, basis=basis, **part)


def _closing(report: IssuedReport) -> Snapshot | None:
    return closing_of(report.area_code[:5], Period.from_code(report.period))


def _key_today(report: IssuedReport) -> Key:
    name = (report.area_code, report.period, report.basis)
    return _kept.get(name, lambda: _read_today(report))


def _read_today(report: IssuedReport) -> Key:
    flt = filter_of(report.period, report.basis)
    villages = Village.objects.under(report.area_code)
    with as_portal("whoever holds the paper compares its counts; they are kept for all who ask"):
        rows = rows_of(villages, flt)
        silent = silent_among(rows, declared_in(villages, flt))
    return key_of(AreaRow.summed(report.area_code, "", "", rows), len(silent))


def _closed_key(report: IssuedReport, closing: Snapshot) -> Key:
    """The closing's figures; who reported is not part of a closing and stays as printed."""
    total = figures_of(closing).total
    heads = Heads(**{name: total.heads.get(name, 0) for name in Heads.columns()})
    then, now = Key(**report.figures["key"]), total.headline
    return Key(
        now.involved,
        now.judged,
        now.no_data,
        then.reporting,
        then.villages,
        *(heads.participants or (0, 0)),
        *(heads.deciders or (0, 0)),
    )
