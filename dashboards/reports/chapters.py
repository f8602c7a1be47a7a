"""The chapters of the semester report: summary, programs, agencies, groups, problems, efforts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import count, percent
from programs.causes import causes_of
from programs.closing import add_up
from programs.involvement import JUDGED, Level
from programs.models import SnapshotRow, State, TargetGroup

from .content import Subject, levels_of, people_table
from .document import Blank, Block, Column, Heading, Ladder, Points, Table, Text
from .facts import Semester, heads_of, records_of
from .village import causes_table, causes_words


def summary(read: Semester) -> Iterator[Block]:
    now = read.figures.total.headline
    words = {
        "n": count(now.involved),
        "m": count(now.judged),
        "share": percent(now.share),
        "k": count(now.no_data),
        "villages": count(len(read.places)),
        "said": count(len(read.places) - len(read.silent)),
        "activities": count(read.heads.activities),
    }
    yield Heading(_("A. Summary"))
    yield Text(
        _(
            "%(n)s of %(m)s programs in villages involve women (%(share)s); %(k)s more are without "
            "data. %(said)s of %(villages)s villages have reported; %(activities)s verified "
            "activities stand behind the numbers."
        )
        % words,
        "lead",
    )
    yield Ladder(levels_of(read.levels), _("Programs by level"))
    yield people_table(read.heads)


def programs(read: Semester) -> Iterator[Block]:
    levels = read.levels
    judged = read.figures.total.headline.judged
    yield Heading(_("B. Programs and activities"))
    rows: list[tuple[Any, ...]] = [
        (str(level.label), levels.at(level), (levels.at(level), judged) if judged else None)
        for level in reversed(JUDGED)
    ]
    rows.append((str(Level.NO_DATA.label), levels.no_data, None))
    rows.append((str(Level.MEN_WITH_GENDER_GOAL.label), levels.men_with_gender_goal, None))
    rows.append((str(Level.NOT_COUNTED.label), read.idle, None))
    yield Table(
        (
            Column(_("Level reached")),
            Column(_("Programs in villages"), "count"),
            Column(_("Of those judged"), "share"),
        ),
        rows,
    )
    distinct = read.figures.distinct
    yield Text(
        _("Each program once, whatever its villages: %(n)s of %(m)s programs involve women.")
        % {"n": count(distinct.involved), "m": count(distinct.judged)},
        "note",
    )


def agencies(read: Semester) -> Iterator[Block]:
    yield Heading(_("C. Agencies that carry them out"))
    yield Table(
        (
            Column(_("Owner")),
            Column(_("Programs"), "count"),
            Column(_("Programs that involve women"), "share"),
            Column(_("Without data"), "count"),
            Column(_("Activities"), "count"),
            Column(_("Women present"), "share"),
        ),
        [_agency(title, rows) for title, rows in read.by_owner()],
        total=_agency(_("All"), read.rows),
    )


def _agency(title: str, rows: Sequence[SnapshotRow]) -> tuple[Any, ...]:
    total = add_up(rows).total
    now, heads = total.headline, heads_of(total)
    programs = len({row.program_id for row in rows})
    return title, programs, now.share, now.no_data, heads.activities, heads.participants


def groups(read: Semester) -> Iterator[Block]:
    yield Heading(_("D. Target groups"))
    groups: dict[str, list[SnapshotRow]] = defaultdict(list)
    for row in read.rows:
        groups[row.target_group].append(row)
    yield Table(
        (
            Column(_("Target group")),
            Column(_("Programs"), "count"),
            Column(_("Programs that involve women"), "share"),
            Column(_("Women present"), "share"),
            Column(_("Women benefiting"), "share"),
        ),
        [_group(str(group.label), groups[group]) for group in TargetGroup if groups.get(group)],
    )


def _group(title: str, rows: Sequence[SnapshotRow]) -> tuple[Any, ...]:
    total = add_up(rows).total
    heads, programs = heads_of(total), len({row.program_id for row in rows})
    return title, programs, total.headline.share, heads.participants, heads.beneficiaries


def problems(read: Semester, of: Subject) -> Iterator[Block]:
    yield Heading(_("F. Problems"))
    silent, now = len(read.silent), read.figures.total.headline
    words = {"k": count(silent), "m": count(len(read.places))}
    points = []
    if silent:
        said = ngettext(
            "%(k)s of %(m)s villages has not reported (annex 3).",
            "%(k)s of %(m)s villages have not reported (annex 3).",
            silent,
        )
        points.append(said % words)
    if now.no_data:
        said = ngettext(
            "%(k)s program has activities but no counts of women and men.",
            "%(k)s programs have activities but no counts of women and men.",
            now.no_data,
        )
        points.append(said % {"k": count(now.no_data)})
    verified = records_of(read.villages, of).filter(state=State.VERIFIED)
    causes = causes_of(verified)
    points.append(causes_words(causes))
    yield Points(points)
    if causes.given:
        yield causes_table(causes)
    yield from _written(of, "problems", _("Other problems (filled in by the office)"))


def efforts(of: Subject) -> Iterator[Block]:
    yield Heading(_("G. Efforts"))
    yield from _written(of, "efforts", _("Efforts (filled in by the office)"))


def _written(of: Subject, name: str, label: str) -> Iterator[Block]:
    """What the office wrote, a paragraph a line; empty lines for it where it wrote nothing."""
    lines = [line.strip() for line in of.texts.get(name, "").splitlines() if line.strip()]
    yield from (Text(line) for line in lines)
    if not lines:
        yield Blank(label)
