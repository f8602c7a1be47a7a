"""People and places for tests. Facts are made only through services."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from itertools import count
from uuid import UUID

from django.utils import timezone
from PIL import Image

from accounts import services
from accounts.capabilities import Role
from accounts.models import Device, Grant, User
from core.identifiers import uuid7
from dashboards.areas import find_area
from dashboards.filters import BoardFilter
from dashboards.reports.content import Subject
from dashboards.reports.issuing import issue_report
from dashboards.reports.kinds import KINDS
from programs.drafts import ActivityDraft
from programs.models import Activity, Photo, Program
from programs.services import (
    Target,
    add_photo,
    create_program,
    submit_activities,
    verify_activity,
)
from villages.models import District, Opd, Province, Regency, Village

PASSWORD = "sungai-kandilo-77"
_serial = count(1)


def regency(code: str = "64.01", name: str = "Kabupaten Paser") -> Regency:
    province, _ = Province.objects.get_or_create(
        code=code[:2], defaults={"name": f"Provinsi {code[:2]}"}
    )
    made, _ = Regency.objects.get_or_create(
        code=code, defaults={"name": name, "province": province}
    )
    return made


def district(code: str = "64.01.04", name: str = "Tanah Grogot") -> District:
    made, _ = District.objects.get_or_create(
        code=code, defaults={"name": name, "regency": regency(code[:5])}
    )
    return made


def village(code: str = "64.01.04.2002", name: str = "Janju") -> Village:
    kind = Village.Kind.KELURAHAN if code[9] == "1" else Village.Kind.DESA
    made, _ = Village.objects.get_or_create(
        code=code, defaults={"name": name, "kind": kind, "district": district(code[:8])}
    )
    return made


def opd(name: str = "Dinas Kesehatan", **values) -> Opd:
    made, _ = Opd.objects.get_or_create(
        name=name, defaults={"kind": Opd.Kind.AGENCY, "regency": regency(), **values}
    )
    return made


def person(
    role: str | None = None, *, username: str = "", valid_from=None, valid_until=None, **area
):
    """A person with one grant. Area: village=, district=, regency= or opd=; none = everything.

    Without a role she has no grant: the office of Paser entered her.
    """
    username = username or f"{role or 'stranger'}{next(_serial)}"
    home = None if role else regency()
    user = User.objects.create_user(username, password=PASSWORD, name=username.title(), home=home)
    if role:
        Grant.objects.create(
            user=user,
            role=Role(role),
            valid_from=valid_from or date(2020, 1, 1),
            valid_until=valid_until,
            **area,
        )
    return user


def officer(**area):
    return person("officer", **(area or {"regency": regency()}))


def village_head(of: Village | None = None):
    return person("village_head", village=of or village())


def link(person: User, by: User | None = None):
    """An open one-time link of this person, with its secret; by default from the console."""
    return services.make_link(person, actor=by)


def device(person: User, label: str = "HP Android, Chrome") -> Device:
    """A phone on which this person is signed in."""
    return services.begin_device(person, label)


def program(*villages: Village, owner_opd: Opd | None = None, **values) -> Program:
    """An active program of one office (or `owner_village=`…) that runs in these villages."""
    villages = villages or (village(),)
    if not values.keys() & {"owner_village", "owner_district"}:
        values["owner_opd"] = owner_opd or opd()
    wanted = {"title": f"Program {next(_serial)}", "year_from": 2024, "year_to": 2027}
    return create_program(
        Program(**{**wanted, "state": "active", **values}),
        [Target(one) for one in villages],
        actor=person("officer"),
    )


def content(of: Program, at: Village | None = None, **values) -> dict:
    """What one activity says, parsed; by default 19 women and 24 men in March 2026."""
    return {
        "program": of.pk,
        "village": (at or village()).code,
        "title": "Pelatihan pembibitan",
        "held_on": date(2026, 3, 4),
        "kind": "training",
        "women_participants": 19,
        "men_participants": 24,
        **values,
    }


def draft(of: Program, at: Village | None = None, uid: UUID | None = None, **values):
    return ActivityDraft(uid=uid or uuid7(), content=content(of, at, **values))


def activity(
    of: Program, at: Village | None = None, *, author=None, verified_by=None, **values
) -> Activity:
    """One activity on file, made and (by `verified_by`) verified through the services."""
    at = at or village()
    one = draft(of, at, **values)
    [outcome] = submit_activities([one], actor=author or village_head(at), source="browser")
    assert outcome.word == "accepted", outcome.problems
    made = Activity.objects.get(pk=one.uid)
    if verified_by:
        verify_activity(made, actor=verified_by, version=made.version)
    return made


def image(kind: str = "JPEG", size: tuple[int, int] = (64, 48), colour=None, **options) -> bytes:
    """A picture as a camera or a program writes it; each of another colour unless one is given."""
    serial = next(_serial)
    drawn = Image.new("RGB", size, colour or (serial * 37 % 256, serial * 91 % 256, 120))
    out = BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def photo(of: Activity, *, author, data: bytes | None = None, **values) -> Photo:
    """One photo of a record, cleaned and on disk."""
    return add_photo(of, data or image(), uid=uuid7(), actor=author, **values).photo


def report(by: User, area: str, kind: str = "village", *, year: int = 2026, semester: int = 0):
    """A document of one area (by its code) that this person gave out, of the year's records."""
    of = Subject(by, find_area(by, area), BoardFilter(year, semester), timezone.localdate(), {})
    return issue_report(KINDS[kind], of, actor=by, now=timezone.now())
