"""What a drill stands on: the villages of a regency, people with keys, a program everywhere.

It is laid once for a run of drills, in a cluster that is then put to rest and copied.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .portal import Portal
from .postgres import Postgres

#: Run inside the portal: everything is made through its own services.
SEED = """
import json
from django.utils import timezone
from accounts.capabilities import Role
from accounts.models import ApiToken
from accounts.services import GrantDraft, add_person, create_token
from programs.models import Program
from programs.services import Target, create_program
from villages.models import Opd, Regency, Village

today, paser = timezone.localdate(), Regency.objects.get(code="64.01")
villages = list(Village.objects.live().filter(district__regency=paser).order_by("code"))

def person(username, role, *areas):
    grants = [GrantDraft(role, area, today) for area in areas]
    made = add_person(username=username, name=username, grants=grants, actor=None).person
    scopes = list(ApiToken.Scope.values)
    return made, create_token(made, name="drill", scopes=scopes, days=30, actor=None).key

officer, officer_key = person("officer", Role.OFFICER, paser)
keys = []
for number in range(8):
    hers = villages[number::8]
    _person, key = person(f"facilitator{number}", Role.FACILITATOR, *hers)
    keys.append([key, [one.code for one in hers]])
program = Program(title="Kelas ibu hamil", year_from=today.year - 1, year_to=today.year,
                  state="active", owner_opd=Opd.objects.filter(regency=paser).first())
create_program(program, [Target(one) for one in villages], actor=officer)
print(json.dumps({"program": str(program.pk), "officer": officer_key, "people": keys}))
"""
HASTE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@dataclass(frozen=True)
class Ground:
    """`officer`: the key of who sees and verifies the regency; `people`: keys of facilitators, each
    with the villages she records in; `program` runs in all of them. `cluster`: where it rests."""

    program: str
    officer: str
    people: list[tuple[str, list[str]]]
    cluster: Path


@contextmanager
def lay() -> Iterator[Ground]:
    """The ground, in a folder of its own that goes away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pug-ground-"))
    portal = Portal(folder)
    try:
        portal.database.start(HASTE)  # while nobody counts on it
        portal.prepare()
        portal.manage("import_wilayah", "--regency", "64.01", "-v", "0")
        said = portal.ask(SEED)
        portal.database.rest()
        yield Ground(said["program"], said["officer"], said["people"], portal.database.data)
    finally:
        portal.database.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def portal_on(ground: Ground, data: Path | None = None, **environ: str) -> Iterator[Portal]:
    """A portal in service on a copy of the ground. `data`: where its cluster is to lie."""
    folder = Path(tempfile.mkdtemp(prefix="pug-portal-"))
    portal = Portal(folder, Postgres(data, like=ground.cluster), **environ)
    try:
        portal.database.start()
        assert portal.database.is_durable(), "this database does not keep what it commits"
        portal.lay_static()
        portal.start()
        yield portal
    finally:
        portal.__exit__()
        shutil.rmtree(folder, ignore_errors=True)
