"""Who helps the people of some villages: a name, a role and a number to call."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.capabilities import Role
from accounts.models import Grant
from villages.models import Village

#: The nearest first.
NEAREST = (Role.FACILITATOR, Role.DISTRICT_OFFICER, Role.OFFICER)
MOST_CONTACTS = 8


class Contact(NamedTuple):
    """One person to ask. `phone` as typed, "" when nobody noted it."""

    name: str
    phone: str
    role: str
    title: str

    @property
    def dialled(self) -> str:
        """The number as a phone dials it: figures, and the plus sign of a country."""
        return re.sub(r"[^0-9+]", "", self.phone)

    @property
    def abroad(self) -> str:
        """The number with its country and without signs, as WhatsApp wants it: 62812…"""
        return abroad(self.phone)


def abroad(phone: str) -> str:
    """A number as WhatsApp takes it: 62812…, figures only; "" for what can't be a number.

    Indonesian unless it begins with the sign or the zeros of another country.
    """
    figures = re.sub(r"[^0-9]", "", phone)
    if phone.strip().startswith("+") or figures.startswith("00"):
        figures = figures.removeprefix("00")
    else:
        figures = re.sub(r"^(62|0)?", "62", figures, count=1)
    return figures if 8 <= len(figures) <= 15 else ""


def contacts_of(user, villages: QuerySet[Village]) -> list[Contact]:
    """Those who look after these villages today, the nearest first; she herself is not among them.

    Whoever has no number is left out; when nobody has one, the facilitators are named at least.
    One statement.
    """
    rank = Case(*(When(role=role, then=Value(place)) for place, role in enumerate(NEAREST)))
    breadth = Case(
        When(village__isnull=False, then=Value(0)),
        When(district__isnull=False, then=Value(1)),
        default=Value(2),
    )
    grants = (
        Grant.objects.live_on(timezone.localdate())
        .filter(_over(villages), role__in=NEAREST, user__is_active=True)
        .exclude(user=user)
        .annotate(rank=rank, breadth=breadth)
        .order_by("rank", "breadth", "user__name", "pk")
        .select_related("user")
    )
    found: dict[int, Contact] = {}
    for one in grants[: 5 * MOST_CONTACTS]:
        if one.user.may_enter:
            found.setdefault(one.user_id, _contact(one))
    within_call = [one for one in found.values() if one.phone]
    named = [one for one in found.values() if one.role == Role.FACILITATOR]
    return (within_call or named)[:MOST_CONTACTS]


def _over(villages: QuerySet[Village]) -> Q:
    inside = villages.order_by()
    return (
        Q(village__in=inside)
        | Q(district__in=inside.values("district"))
        | Q(regency__in=inside.values("district__regency"))
    )


def _contact(grant: Grant) -> Contact:
    return Contact(grant.user.name, grant.user.phone, grant.role, str(Role(grant.role).label))
