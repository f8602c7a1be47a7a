"""People who are not in the portal yet: an account under a name that the portal makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

from django.db import transaction
from django.utils.text import slugify

from accounts import services
from accounts.models import User
from core.errors import Refused
from villages.models import Regency

#: Officers who add people of the same name in the same moment; more than these is another trouble.
TRIES = 20
LONGEST = 30


@dataclass(frozen=True)
class Newcomer:
    """A person as the office knows her. `username`: "" = made from her name."""

    name: str
    phone: str = ""
    username: str = ""


@transaction.atomic
def add_newcomer(newcomer: Newcomer, *, actor, home: Regency | None = None) -> User:
    """She has an account without any task; a one-time link lets her in (accounts).

    `home`: whose office looks after her until she has one (None: the actor's regency).
    Refused `taken`: the username that was asked for belongs to somebody.
    """
    if newcomer.username:
        return _added(newcomer, newcomer.username, actor, home)
    for username in islice(_usernames(newcomer.name), TRIES):
        try:
            return _added(newcomer, username, actor, home)
        except Refused as refusal:
            if refusal.code != "taken":
                raise
            last = refusal
    raise last


def _added(newcomer: Newcomer, username: str, actor, home: Regency | None) -> User:
    return services.add_person(
        username=username,
        name=newcomer.name,
        phone=newcomer.phone,
        by_link=True,
        actor=actor,
        home=home,
    ).person


def _usernames(name: str) -> Iterator[str]:
    """siti.aminah, siti.aminah2 … without those that are taken."""
    stem = slugify(name.split(",")[0]).replace("-", ".")[:LONGEST].strip(".") or "pendamping"
    stem = stem if len(stem) >= 3 else f"pendamping.{stem}"
    taken = set(User.objects.filter(username__istartswith=stem).values_list("username", flat=True))
    for number in count(1):
        username = stem if number == 1 else f"{stem}{number}"
        if username not in taken:
            yield username
