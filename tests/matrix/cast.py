"""Who walks every page: each role inside its area, and everybody who must stay outside.

The objects of the sweep's world (tests/architecture/test_routes.py) belong to the second village of
Tanah Grogot and its head, or are kept by its regency. The oracle of who sees what and may do what
is that of the API's table (tests/api/rights/people.py): roles by accounts/capabilities.py, areas by
the beginning of their codes. It knows nothing of querysets.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from tests import make
from tests.api.rights.people import (
    DISTRICT,
    FOREIGN_OFFICE,
    HEALTH,
    OFFICES,
    OTHER_DISTRICT,
    OTHER_REGENCY,
    REGENCY,
    VILLAGES,
    Person,
)

HOME, NEXT = "64.01.04.2002", "64.01.04.2003"
FOREIGN_HOME = "64.02.01.2001"
PEOPLE = (
    Person("anonymous"),
    Person("stranger"),
    Person("neighbour", "village_head", (NEXT,)),
    Person("owner", "village_head", (HOME,)),
    Person("officer", "officer", (REGENCY,)),
    Person("facilitator", "facilitator", (HOME,)),
    Person("district", "district_officer", (DISTRICT,)),
    Person("focal", "opd_focal_point", office=HEALTH),
    Person("chief", "opd_head", office=HEALTH),
    Person("planner", "planner", (REGENCY,)),
    Person("leader", "leader", (REGENCY,)),
    Person("auditor", "auditor", (REGENCY,)),
    Person("national", "officer", ("",)),
    Person("ended", "officer", (REGENCY,), has_ended=True),
    Person("early", "officer", (REGENCY,), begins_later=True),
    Person("other district", "district_officer", (OTHER_DISTRICT,)),
    Person("foreign", "officer", (OTHER_REGENCY,)),
    Person("foreign head", "village_head", (FOREIGN_HOME,)),
    Person("foreign focal", "opd_focal_point", office=FOREIGN_OFFICE),
)
BY_NAME = {person.name: person for person in PEOPLE}
#: Who is in the sweep's world already.
FIVE = ("anonymous", "stranger", "neighbour", "owner", "officer")
_DAY = timedelta(days=1)


def enrol(people: dict[str, User | None]) -> None:
    """Three villages in each of two districts of two regencies, and the others of the cast."""
    for code in VILLAGES:
        make.village(code, f"Desa {code}")
    for name, regency in OFFICES.items():
        make.opd(name, regency=make.regency(regency))
    today = timezone.localdate()
    dates = {"ended": {"valid_until": today - _DAY}, "early": {"valid_from": today + _DAY}}
    for person in PEOPLE:
        if person.name not in people:
            more = dates.get(person.name, {})
            people[person.name] = make.person(person.role, **area_of(person), **more)


def area_of(person: Person) -> dict:
    if person.office:
        return {"opd": make.opd(person.office)}
    [code] = person.areas
    maker = {13: "village", 8: "district", 5: "regency"}.get(len(code))
    return {maker: getattr(make, maker)(code)} if maker else {}
