"""Is the portal fit to serve? Each part says "ok", or what is wrong in words without secrets.

Asked by the office's monitoring, by nobody in particular and often: it costs a few milliseconds,
and it ends within 15 seconds also when the database hangs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from . import maintenance, marks
from .asking import as_portal
from .models import HealthMark
from .probing import database_answers

LEAST_FREE_SHARE = 0.10
LEAST_FREE_BYTES = 500_000_000
PATIENCE = 5.0  # seconds the database gets for its first word
STATEMENT = 2000  # milliseconds it gets for each of the few questions after that

OK, NOT_YET, OFF = "ok", "not yet", "not set up"
#: No reason to call anybody.
WELL = frozenset({OK, NOT_YET, OFF})
UNASKED = "cannot be asked"

NIGHTLY = timedelta(hours=26)
BEATS, WORKER, QUEUE = timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=15)
#: How long after its installation a portal may still wait for the first run of what beats.
YOUNG = timedelta(hours=1)
AHEAD = timedelta(minutes=5)  # a mark of the future: the clock was set back


@dataclass(frozen=True)
class Facts:
    """What the database told, at one moment."""

    now: datetime
    applied: frozenset[tuple[str, str]] = frozenset()
    installed: datetime | None = None
    marks: Mapping[str, HealthMark] = field(default_factory=dict)
    waits: timedelta = timedelta(0)

    @property
    def age(self) -> timedelta:
        """Of the installation: since its first migration was applied."""
        return self.now - (self.installed or self.now)


@dataclass(frozen=True)
class Report:
    """What each part said, and the facts it was judged by (None: the database did not answer)."""

    said: dict[str, str]
    facts: Facts | None


def readiness() -> dict[str, str]:
    """Each part of the portal with "ok" or its trouble. A part that cannot be asked is unwell."""
    return report().said


def report() -> Report:
    facts = _facts() if database_answers(PATIENCE) else None
    said = {"database": OK if facts else "does not answer"}
    said |= {name: part() for name, part in PARTS.items()}
    said |= {name: part(facts) if facts else UNASKED for name, part in TOLD.items()}
    return Report(said, facts)


def is_well(said: Mapping[str, str]) -> bool:
    return all(one in WELL for one in said.values())


def _facts() -> Facts | None:
    """None: the database answered once and then no more, or not in time."""
    try:
        with _briefly(), as_portal("queues are everybody's; only how long one waits gets out"):
            applied = MigrationRecorder(connection).applied_migrations()
            known = {mark.name: mark for mark in HealthMark.objects.all()}
            return Facts(
                now=timezone.now(),
                applied=frozenset(applied),
                installed=min((one.applied for one in applied.values()), default=None),
                marks=known,
                waits=marks.longest_wait(),
            )
    except (DatabaseError, InterfaceError):
        return None


@contextmanager
def _briefly() -> Iterator[None]:
    """PostgreSQL gives up a question that waits for a lock. A reader of SQLite waits for none."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(STATEMENT)])
        yield


def _maintenance() -> str:
    announced = maintenance.closure()
    return f"on until {announced.until:%Y-%m-%dT%H:%MZ}" if announced else OK


def _disk() -> str:
    places = [settings.VAR_DIR, *filter(None, [getattr(settings, "BACKUP_DIR", None)])]
    return next((said for said in map(_space, map(Path, places)) if said != OK), OK)


def _space(place: Path) -> str:
    try:
        disk = shutil.disk_usage(place)
    except OSError:
        return "not there"
    if disk.free < LEAST_FREE_BYTES or disk.free < LEAST_FREE_SHARE * disk.total:
        return "nearly full"
    return OK if place != Path(settings.VAR_DIR) or os.access(place, os.W_OK) else "read only"


def _migrations(facts: Facts) -> str:
    """Code that is newer than its tables answers with faults; the other way round it serves."""
    lacking = sum(key not in facts.applied and not old <= facts.applied for key, old in _needed())
    return f"{lacking} not applied" if lacking else OK


@cache
def _needed() -> list[tuple[tuple[str, str], frozenset[tuple[str, str]]]]:
    """Each migration of the code with those that it replaces (never a subset, when none)."""
    found = MigrationLoader(None).disk_migrations or {}
    return [(key, frozenset(one.replaces) or frozenset({key})) for key, one in found.items()]


def _clock(facts: Facts) -> str:
    ahead = any(mark.at > facts.now + AHEAD for mark in facts.marks.values())
    return "was set back" if ahead else OK


def _rollups(facts: Facts) -> str:
    """What `rebuild_rollups --check` found last."""
    return _nightly(facts, "rollups", "differ from the facts")


def _audit(facts: Facts) -> str:
    """What `check_audit` found last."""
    return _nightly(facts, "audit", "chain is broken")


def _backup(facts: Facts) -> str:
    """What `backup` said last, where backups are set up; it judges the age of the cluster's copy,
    too (OLDEST_BASE). One that failed is told at once."""
    if not getattr(settings, "BACKUP_RECIPIENTS", None):
        return OFF
    copy = facts.marks.get("backup_base")
    return "failed" if copy and not copy.ok else _nightly(facts, "backup", "failed")


def _nightly(facts: Facts, name: str, trouble: str) -> str:
    """The demonstration has no nights: nothing is too old there, and nothing has to run."""
    longest = NIGHTLY if settings.NIGHTLY_WORK else timedelta.max
    return _marked(facts, name, longest=longest, first=longest, trouble=trouble)


def _tend(facts: Facts) -> str:
    return _marked(facts, "tend", longest=BEATS, first=YOUNG, trouble="failed")


def _worker(facts: Facts) -> str:
    return _marked(facts, "worker", longest=WORKER, first=YOUNG, trouble="failed")


def _marked(facts: Facts, name: str, *, longest: timedelta, first: timedelta, trouble: str) -> str:
    """`first`: how long after the installation it may not have run yet. Never green for ever
    because something never ran."""
    mark = facts.marks.get(name)
    if mark is None:
        return NOT_YET if facts.age <= first else "never ran"
    if not mark.ok:
        return trouble
    return OK if facts.now - mark.at <= longest else "too old"


def _queue(facts: Facts) -> str:
    return OK if facts.waits <= QUEUE else "stands still"


def _retention(facts: Facts) -> str:
    """What `keep_retention` said last."""
    return _nightly(facts, "retention", "failed")


#: Parts that stand without the database, and those it tells of.
PARTS: dict[str, Callable[[], str]] = {"maintenance": _maintenance, "disk": _disk}
TOLD: dict[str, Callable[[Facts], str]] = {
    "migrations": _migrations,
    "clock": _clock,
    "tend": _tend,
    "worker": _worker,
    "queue": _queue,
    "rollups": _rollups,
    "audit": _audit,
    "backup": _backup,
}
#: For the office's page alone: the portal serves as well without, so nobody is called at night.
ASIDE: dict[str, Callable[[Facts], str]] = {"retention": _retention}
