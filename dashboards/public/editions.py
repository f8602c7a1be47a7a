"""Which snapshot a public page stands on, and by which mark a copy of the page is known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.utils.translation import get_language

from programs.models import Snapshot
from programs.periods import Period, PeriodKind
from villages.models import AreaShape

from .figures import Publication
from .publishing import Listed, listed_villages, publication_of, withdrawn_from

#: What is published by; shorter periods hold too few people.
KINDS = (PeriodKind.YEAR, PeriodKind.SEMESTER)
#: Periods with the key of the snapshot in force.
Published = Mapping[Period, UUID]


class NoSuchEdition(LookupError):
    """No figures of the period asked for have been published; `periods` has those that were."""

    def __init__(self, periods: tuple[Period, ...]):
        self.periods = periods
        super().__init__("no such edition")


@dataclass(frozen=True)
class Edition:
    """The snapshot to show, or None while there is none; the periods that have one, newest
    first, each with the key of its snapshot; the programs not to be named; today's villages."""

    snapshot: Snapshot | None
    published: Published = field(default_factory=dict)
    withdrawn: frozenset[UUID] = frozenset()
    listed: tuple[Listed, ...] = ()

    @property
    def periods(self) -> tuple[Period, ...]:
        return tuple(self.published)

    @cached_property
    def publication(self) -> Publication:
        if self.snapshot is None:
            raise NoSuchEdition(self.periods)
        return publication_of(self.snapshot, self.withdrawn, self.listed)

    @property
    def query(self) -> str:
        """What links of the page have to carry on: "?year=2025&lang=en", mostly nothing."""
        usual = self.snapshot is None or self.snapshot.period == self.periods[0]
        return query_of(None if usual else self.snapshot.period)

    def mark(self, address: str) -> str:
        """The ETag of the answer at `address`: equal marks, equal bytes."""
        said = (
            *(self.snapshot and (self.snapshot.pk, self.snapshot.checksum) or ()),
            *((period.code, taken) for period, taken in self.published.items()),
            *(*sorted(map(str, self.withdrawn)), self.listed),
            AreaShape.objects.aggregate(newest=Max("made_at"))["newest"],
            *(address, get_language(), settings.PUG_DEMO, _build()),
        )
        return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'


def query_of(period: Period | None) -> str:
    """The query string that asks for a period (None = the usual one) in the present language."""
    asked: dict[str, str | int] = {}
    if period:
        asked["year"] = period.year
        if period.kind == PeriodKind.SEMESTER:
            asked["semester"] = period.number
    if get_language() != settings.LANGUAGE_CODE:
        asked["lang"] = get_language() or ""
    return f"?{urlencode(asked)}" if asked else ""


def published() -> Published:
    """Years and semesters with a snapshot, and the key of the one in force: newest year first,
    the year before its semesters."""
    taken = Snapshot.objects.filter(regency__code=settings.PUG_REGENCY, kind__in=KINDS)
    newest_last = taken.in_order().reverse().values_list("year", "kind", "number", "pk")
    found = {Period(*one): pk for *one, pk in newest_last}
    order = sorted(found, key=lambda one: (-one.year, bool(one.number), -one.number))
    return {period: found[period] for period in order}


def edition_of(period: Period | None) -> Edition:
    """The snapshot in force of a period; of None, of the newest period that has one."""
    known = published()
    if period is None and not known:
        return Edition(None)
    if period is not None and period not in known:
        raise NoSuchEdition(tuple(known))
    snapshots = Snapshot.objects.select_related("regency")
    snapshot = snapshots.latest_of(settings.PUG_REGENCY, period or next(iter(known)))
    return Edition(snapshot, known, withdrawn_from(snapshot), listed_villages(snapshot))


def asked_edition(params: Mapping[str, str]) -> Edition:
    """The edition that `year` and `semester` ask for; other names are not looked at."""
    year, semester = params.get("year", ""), params.get("semester", "")
    if not (year or semester):
        return edition_of(None)
    try:
        return edition_of(Period.from_code(f"{year}-S{semester}" if semester else year))
    except ValueError:
        raise NoSuchEdition(tuple(published())) from None


@lru_cache
def _build() -> str:
    """A digest of what the pages are made by: code, templates and words."""
    base = settings.BASE_DIR
    parts = [
        *(base / "dashboards").rglob("*.py"),
        *(base / "core").rglob("*.py"),
        *(base / "templates" / "components").rglob("*.html"),
        *(base / "templates" / "public").rglob("*.html"),
        *(base / "static" / "css").rglob("*.css"),
        *(base / "locale").rglob("*.mo"),
        base / "templates" / "base.html",
    ]
    found = hashlib.sha256()
    for path in sorted(parts):
        found.update(Path(path).read_bytes())
    return found.hexdigest()
