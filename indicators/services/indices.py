"""Releases of indices and their values: shipped ones laid down, an office's own entered by hand.

A value without a source is none. What a release said stays in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, versions
from core.errors import Problem, Refused
from core.formats import one_line
from mou import rights

from ..meanings import MEANINGS
from ..models import IndexRelease, IndexValue, RevisionState, Statement
from ..reading import (
    PUBLISHER,
    IndexRow,
    is_index_area,
    read_index_rows,
    source_words,
    years_words,
)

KEEP = "manage_indicators"
FIRST_YEAR = 1990
#: So many values one release may hold; beyond, the sheet is another list.
MOST_VALUES = 2_000
#: One line on a page and in a list.
_LINES = ("title", "publisher", "source", "source_url", "method")


@dataclass(frozen=True)
class ValueSaid:
    """One cell of a release; without `value` it is taken out. `note` None: as it stands."""

    area_code: str
    year: int
    value: Decimal | None
    evidence: str | None = None
    note: str | None = None

    @property
    def key(self) -> tuple[str, int]:
        return self.area_code, self.year


class Loaded(NamedTuple):
    """What was laid down: releases and values that were not there."""

    releases: int
    values: int


def may_keep(user, release: IndexRelease) -> bool:
    """She keeps it: her regency's own; what the portal ships, only who covers everything."""
    if release.regency is None:
        return user.covers_everything_with(KEEP)
    return rights.keeps(user, release.regency, KEEP)


# -- What the portal ships ---------------------------------------------------------


@transaction.atomic
def load_indices(*, actor=None, folder: Path | None = None) -> Loaded:
    """The values of data/*/indicators.csv are on file, each with its source; run twice, it adds
    nothing. A release that a person changed or removed is hers and stays as it is."""
    releases = values = 0
    for file in sorted((folder or settings.DATA_DIR).glob("*/indicators.csv")):
        rows = sorted(read_index_rows(file), key=lambda row: (row.index, row.source_url))
        for (index, url), found in groupby(rows, lambda row: (row.index, row.source_url)):
            made, added = _lay(index, url, list(found), actor)
            releases, values = releases + made, values + added
    return Loaded(releases, values)


def _lay(index: str, url: str, rows: list[IndexRow], actor) -> tuple[int, int]:
    release = IndexRelease.objects.filter(index=index, regency=None, source_url=url).first()
    if release is not None and (release.version > 1 or release.removed_at):
        return 0, 0
    is_new = release is None
    if release is None:
        source = source_words(url)
        release = IndexRelease.objects.create(
            index=index,
            title=_free_title(index, f"{source}, {years_words(row.year for row in rows)}"),
            publisher=PUBLISHER,
            source=source,
            source_url=url,
            state=RevisionState.UNKNOWN,
            created_by=actor,
        )
    there = set(release.values.values_list("area_code", "year"))
    fresh = [row for row in rows if (row.area_code, row.year) not in there]
    IndexValue.objects.bulk_create(
        IndexValue(
            release=release,
            area_code=row.area_code,
            year=row.year,
            value=row.value,
            evidence=row.evidence,
            note=row.note,
        )
        for row in fresh
    )
    if fresh:
        audit.record(actor, "index.loaded", release, values=len(fresh))
    return int(is_new), len(fresh)


def _free_title(index: str, title: str) -> str:
    """The title, numbered where two addresses of one site were cut to the same."""
    stem, number = title[:200], 1
    while IndexRelease.objects.filter(
        index=index, regency=None, title=title[:200], removed_at=None
    ).exists():
        number += 1
        title = f"{stem[:190]} ({number})"
    return title[:200]


# -- What an office keeps ----------------------------------------------------------


@transaction.atomic
def add_release(release: IndexRelease, *, actor, values: Sequence[ValueSaid] = ()) -> IndexRelease:
    """The unsaved release is on file with its values; sent twice under its uid, once.

    Refused: not_permitted, required (source, publisher, title), already_there (title, or the uid
    of somebody else's), and what set_values refuses.
    """
    _require(actor, release)
    if known := IndexRelease.objects.filter(pk=release.pk).first():
        if known.created_by_id == getattr(actor, "pk", None) and known.title == release.title:
            return known
        raise Refused(_taken())
    problems = [*_problems(release), *_value_problems(release, values)]
    if problems:
        raise Refused(*problems)
    release.created_by = actor
    _save(release)
    said = _store(release, values)
    audit.record(actor, "index.added", release, title=release.title, index=release.index, **said)
    return release


@transaction.atomic
def change_release(release: IndexRelease, *, actor, version: int) -> IndexRelease:
    """The release says what the changed instance says; its values stay. Stale when somebody was
    faster. Its index stays (Refused: fixed) once it has values."""
    before = _held(release.pk)
    _require(actor, before)
    problems = _problems(release)
    if release.index != before.index and before.values.exists():
        words = _("The release has values. Its index stays as it is.")
        problems.append(Problem("index", "fixed", words))
    if problems:
        raise Refused(*problems)
    release.regency_id = before.regency_id
    try:
        with transaction.atomic():
            changes = versions.keep(release, version)
    except IntegrityError as error:
        raise Refused(_taken()) from error
    if changes:
        audit.record(actor, "index.changed", release, **changes)
    return release


@transaction.atomic
def set_values(
    release: IndexRelease, values: Sequence[ValueSaid], *, actor, version: int
) -> IndexRelease:
    """These cells of the release say what is said; all others stay.

    Refused: repeated (one cell twice), unknown_value (an area that has no index), out_of_range
    (the year, or beyond the scale of the index). Its version moves on.
    """
    held = _held(release.pk)
    _require(actor, held)
    if held.version != version:
        raise versions.stale()
    if problems := _value_problems(held, values):
        raise Refused(*problems)
    if said := _store(held, values):
        versions.swap(held, version)
        audit.record(actor, "index.values", held, **said)
    return held


def set_value(release: IndexRelease, said: ValueSaid, *, actor, version: int) -> IndexRelease:
    """As set_values, for one cell."""
    return set_values(release, [said], actor=actor, version=version)


@transaction.atomic
def remove_release(release: IndexRelease, *, actor, version: int) -> None:
    """Nobody sees the release or its values any more; both stay on record."""
    held = _held(release.pk)
    _require(actor, held)
    versions.swap(held, version, removed_at=timezone.now())
    kept = {f"{one.area_code} {one.year}": str(one.value) for one in held.values.all()}
    audit.record(actor, "index.removed", held, title=held.title, values=kept)


# -- Rules -------------------------------------------------------------------------


def _held(uid) -> IndexRelease:
    """The standing release, locked; Stale where it was removed meanwhile."""
    rows = IndexRelease.objects.select_for_update(of=("self",)).select_related("regency")
    held = rows.filter(pk=uid, removed_at=None).first()
    if held is None:
        raise versions.stale()
    return held


def _require(actor, release: IndexRelease) -> None:
    if actor is not None and not may_keep(actor, release):
        words = _("You cannot change this release.")
        if release.regency is None:
            words = _("The portal ships this release. Enter a release of your own beside it.")
        raise Refused(Problem("", "not_permitted", words))


def _problems(release: IndexRelease) -> list[Problem]:
    asked = (
        ("title", _("Name the release, for example BPS Kaltim 2025.")),
        ("publisher", _("Say who published the values.")),
        ("source", _("Say where the values were read: a value without a source is not kept.")),
    )
    for name in _LINES:
        setattr(release, name, one_line(getattr(release, name)))
    found = [
        Problem(name, "required", words) for name, words in asked if not getattr(release, name)
    ]
    if release.source_url and not release.source_url.startswith(("https://", "http://")):
        words = _("Write the whole address, beginning with https://")
        found.append(Problem("source_url", "invalid", words))
    if release.published_on and release.published_on > timezone.localdate():
        words = _("This day has not come yet. Check the day of publication.")
        found.append(Problem("published_on", "future", words))
    return found


def _value_problems(release: IndexRelease, values: Sequence[ValueSaid]) -> list[Problem]:
    """One problem for each cell that cannot be; the field names its place in the list."""
    if len(values) > MOST_VALUES:
        words = _("A release takes at most 2,000 values.")
        return [Problem("values", "too_many", words)]
    found: list[Problem] = []
    seen: set[tuple[str, int]] = set()
    for place, one in enumerate(values):
        for name, code, words in _cell_problems(release, one):
            found.append(Problem(f"values.{place}.{name}", code, words))
        if one.key in seen:
            words = _("This area and year stand there twice.")
            found.append(Problem(f"values.{place}.year", "repeated", words))
        seen.add(one.key)
    return found


def _cell_problems(release: IndexRelease, one: ValueSaid) -> Iterable[tuple[str, str, str]]:
    if not is_index_area(one.area_code):
        words = _("No index is counted for this area. Name the nation, a province or a regency.")
        yield "area_code", "unknown_value", words
    last = timezone.localdate().year
    if not FIRST_YEAR <= one.year <= last:
        text = _("Write a year from %(first)s to %(last)s.")
        yield "year", "out_of_range", text % {"first": FIRST_YEAR, "last": last}
    if one.evidence is not None and one.evidence not in Statement.values:
        yield "evidence", "unknown_value", _("Say whether the source states the year.")
    meaning = MEANINGS[release.index]
    if one.value is not None and not 0 <= one.value <= meaning.most:
        text = _("%(index)s lies between 0 and %(most)s. Decimals follow a comma, as in 71,98.")
        words = text % {"index": release.get_index_display(), "most": meaning.written(meaning.most)}
        yield "value", "out_of_range", words


def _taken() -> Problem:
    words = _("A release of this name is there already. Open it, or choose another name.")
    return Problem("title", "already_there", words)


def _save(release: IndexRelease) -> None:
    try:
        with transaction.atomic():
            release.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_taken()) from error


def _store(release: IndexRelease, values: Sequence[ValueSaid]) -> dict[str, Any]:
    """Cells are as said; {"64.01 2022": [before, after]} of those that changed."""
    there = {(one.area_code, one.year): one for one in release.values.all()}
    changes: dict[str, Any] = {}
    gone: list[int] = []
    kept: list[IndexValue] = []
    for said in values:
        row = there.get(said.key)
        if said.value is None:
            gone += [row.pk] if row else []
            after = None
        else:
            after = _cell(release, row, said)
            kept.append(after)
        told = [_told(there.get(said.key)), _told(after)]
        if told[0] != told[1]:
            changes[f"{said.area_code} {said.year}"] = told
    release.values.filter(pk__in=gone).delete()
    IndexValue.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["release", "area_code", "year"],
        update_fields=["value", "evidence", "note"],
    )
    return changes


def _cell(release: IndexRelease, row: IndexValue | None, said: ValueSaid) -> IndexValue:
    evidence, note = said.evidence, said.note
    return IndexValue(
        release=release,
        area_code=said.area_code,
        year=said.year,
        value=said.value,
        evidence=evidence or (row.evidence if row else Statement.STATED),
        note=note if note is not None else (row.note if row else ""),
    )


def _told(row: IndexValue | None) -> str | None:
    """The cell in the audit trail."""
    if row is None:
        return None
    return " · ".join(filter(None, (f"{row.value:.3f}", row.evidence, row.note)))


def years_of(release: IndexRelease) -> tuple[int, int] | None:
    """The first and the last year of its values."""
    found = release.values.aggregate(first=Min("year"), last=Max("year"))
    return (found["first"], found["last"]) if found["first"] else None
