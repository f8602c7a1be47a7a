"""Partners, contracts and assignments for tests, made through the services."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from mou.models import Membership, Partner
from mou.services.assignments import assign
from mou.services.memberships import add_membership
from tests import make

TODAY = timezone.localdate


def partner(name: str = "Tenaga Pendamping Profesional", **values) -> Partner:
    said = {"acronym": "TPP", "kind": "facilitators", "regency": make.regency(), **values}
    made, _new = Partner.objects.get_or_create(name=name, defaults=said)
    return made


def contract(person, *, of: Partner | None = None, kind: str = "pld", **days) -> Membership:
    """By default from the first of January of this year until the last of December of the next."""
    year = TODAY().year
    said = {"valid_from": date(year, 1, 1), "valid_until": date(year + 1, 12, 31), **days}
    row = Membership(partner=of or partner(), person=person, kind=kind, **said)
    return add_membership(row, actor=None)


def facilitator(*villages, **values):
    """Somebody under contract with these villages since ten days ago."""
    person = make.person()
    contract(person, **values)
    for one in villages:
        assign(person, one, actor=None, valid_from=TODAY() - timedelta(days=10))
    person.refresh_from_db()
    return person
