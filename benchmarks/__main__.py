"""What the portal costs: SCALE=s (Paser, a million records) or m (the nation, ten million);
ONLY="P1 P3" shows these cases alone. Each size is a database of its own on a private PostgreSQL."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings

from accounts.models import Grant, User
from programs.models import Activity, VillagePeriod
from programs.rollups import differences
from villages.models import Village

from . import api, boards, exports, goals, imports, lighthouse, locks, papers, phone, writes
from .goals import Goal
from .measure import Case, Reading, keep, measure, table

ONLY = frozenset(os.environ.get("ONLY", "").split())
#: The cases that need a load beside the demonstration.
GROWN = ("P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11")
Found = tuple[list[Reading], list[Goal]]


def main() -> int:
    sizes = {"s": regency, "m": nation}
    scale = os.environ.get("SCALE") or "s"
    if scale not in sizes:
        print(f"SCALE is one of {', '.join(sizes)}, not {scale}.")
        return 2
    open_to_all = {"PUG_DEMO": True, "ALLOWED_HOSTS": ["*"], "ROOT_URLCONF": boards.__name__}
    with override_settings(**open_to_all):
        readings, measured = sizes[scale]()
    print(table(readings))
    print(goals.table(measured))
    facts = {"scale": scale, "goals": goals.as_facts(measured)}
    print(keep(readings, Path(__file__).parent / "results", **facts))
    return 0 if all(one.met for one in [*readings, *measured]) else 1


def regency() -> Found:
    """Paser: the demonstration for pages and the phone, and a load that grows ten-fold."""
    readings, measured = guarded() if asked_for("P15") else [], []
    if frozenset({"P15"}) == ONLY:
        return readings, measured
    with database("demonstration"):
        call_command("import_wilayah", verbosity=0)
        call_command("import_activity_codes", verbosity=0)
        call_command("build_schematic_map", regency=settings.PUG_REGENCY, verbosity=0)
        call_command("seed_demo", verbosity=0)
        officer = User.objects.get(username="officer")
        year = Activity.objects.latest("held_on").year
        readings += run(boards.regency_cases(officer, year))
        readings += run(writes.cases(officer))
        measured += wanted(boards.regency_goals(officer, year))
        measured += wanted([recounted()])
        measured += papers.goals(officer) if asked_for("P14") else []
        measured += on_the_phone()
    if ONLY and not any(name.startswith(GROWN) for name in ONLY):
        return readings, measured
    grown = [size(f"load{number}", number) for number in (10_000, 100_000, 1_000_000)]
    least, few, many = grown
    measured += wanted(
        [
            Goal("P4", "a board when activities grow ten-fold", "x", many.board / few.board, 1.1),
            Goal("P5", "a list when activities grow 100-fold", "x", many.rest / least.rest, 1.2),
        ]
    )
    for one in grown:
        readings += one.readings
        measured += one.goals
    return readings, measured


@dataclass(frozen=True)
class Size:
    """A portal with so many activities: milliseconds of the board and of a list, and its cases."""

    board: float
    rest: float
    readings: list[Reading]
    goals: list[Goal]


def size(name: str, activities: int) -> Size:
    with database(name):
        reader = loaded(villages=144, programs=1_440, activities=activities, years=1)
        board, rest = boards.anew(reader, settings.PUG_REGENCY), api.list_ms(reader)
        readings, found = [], []
        if activities > 500_000:
            readings = run(api.cases(reader))
            found += wanted(exports.goals(reader)) if asked_for("P10", "P11") else []
            found += wanted(api.goals(reader)) if asked_for("P5", "P7", "P8") else []
            found += imports.sheets(reader) if asked_for("P9") else []
        return Size(board, rest, readings, found)


def guarded() -> list[Reading]:
    """What the second lock costs, at a hundred thousand records."""
    with database("guarded"):
        reader = loaded(villages=144, programs=1_440, activities=100_000, years=1)
        return measure(locks.cases(reader, settings.PUG_REGENCY))


def asked_for(*names: str) -> bool:
    return not ONLY or bool(ONLY & {*names})


def nation() -> Found:
    with database("nation"):
        reader = loaded(villages=83_762, programs=1_000_000, activities=10_000_000, years=10)
        year = VillagePeriod.objects.order_by("-year")[0].year
        readings = run(boards.nation_cases(reader, year))
        return readings, wanted(boards.nation_goals(reader, year))


@contextmanager
def database(name: str) -> Iterator[None]:
    """Work in a new database of this name; in the usual one afterwards."""
    usual = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'create database "{name}"')
    _turn_to(name)
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        _turn_to(usual)


def _turn_to(name: str) -> None:
    """This process's connection and, by DATABASE_URL, the commands it starts."""
    connection.close()
    usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    url = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = url.replace(f"/{usual}?", f"/{name}?")


def loaded(villages: int, programs: int, activities: int, years: int) -> User:
    """Fill this database; the person who reads all of it."""
    print(f"Making {activities} activities …", flush=True)
    few = {"regency": settings.PUG_REGENCY} if villages <= 144 else {}
    call_command("import_wilayah", verbosity=0, **few)
    load = {"programs": programs, "activities": activities, "years": years}
    call_command("seed_load", villages=villages, verbosity=0, stdout=StringIO(), **load)
    reader = User.objects.create_user("reader", name="Reader")
    Grant.objects.create(user=reader, role="officer", valid_from="2020-01-01")
    return reader


def run(cases: list[Case]) -> list[Reading]:
    found = wanted(cases)
    return measure(found) if found else []


def wanted(found: list) -> list:
    return [one for one in found if not ONLY or one.name in ONLY]


def recounted() -> Goal:
    villages = list(Village.objects.values_list("pk", flat=True))
    wrong = len(list(differences(villages)))
    return Goal("P13", "rollups against a recount: differences", "", wrong, 0)


def on_the_phone() -> list[Goal]:
    """Only in a whole run: it takes longer than all the rest."""
    if ONLY and "T1" not in ONLY:
        return []
    session = phone.signed_in()
    with phone.portal() as address:
        return [*phone.measure(session), *lighthouse.measure(address, session)]


sys.exit(main())
