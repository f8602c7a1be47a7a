"""Whom an officer finds among the people of partners, and the same list as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.capabilities import Role
from accounts.models import Grant, User
from accounts.reach import MANAGE
from core.tables import Column, Table
from programs.exports import notes_of_list
from programs.models import Activity
from villages.models import Village

from .load import RECENT, SOON, loads_of
from .models import FACILITATORS, Membership
from .rights import KEEP

#: Accounts offered for one search.
MOST_FOUND = 20
#: After the end of her last contract somebody is still found on the list.
KNOWN_FOR = timedelta(days=2 * 366)
#: Rows of a file made at a time.
_BATCH = 500


def people_of(user) -> QuerySet[User]:
    """People of her partners – of contracts that ended, for two years – and facilitators with tasks
    in her reach."""
    today = timezone.localdate()
    contracts = Membership.objects.permitting(user, KEEP).filter(
        Q(valid_until=None) | Q(valid_until__gte=today - KNOWN_FOR), withdrawn_at=None
    )
    tasks = Grant.objects.permitting(user, MANAGE).filter(role=Role.FACILITATOR)
    tasks = tasks.standing_on(today)
    rows = User.objects.filter(
        Q(pk__in=contracts.values("person")) | Q(pk__in=tasks.values("user"))
    )
    return rows.order_by("name", "pk")


def facilitators_for(user) -> QuerySet[User]:
    """Those among them who accompany villages, or whose position says they will."""
    positions = Membership.objects.permitting(user, KEEP).filter(
        kind__in=FACILITATORS, withdrawn_at=None
    )
    tasks = Grant.objects.permitting(user, MANAGE).filter(role=Role.FACILITATOR)
    tasks = tasks.standing_on(timezone.localdate())
    either = Q(pk__in=positions.values("person")) | Q(pk__in=tasks.values("user"))
    return people_of(user).filter(either, is_active=True)


def found_accounts(user, text: str) -> QuerySet[User]:
    """Open accounts that she looks after, by name or username; the first ones."""
    rows = User.objects.visible_to(user).filter(is_active=True)
    rows = rows.filter(Q(name__icontains=text) | Q(username__icontains=text))
    return rows.order_by("name", "username")[:MOST_FOUND]


def villages_to_give(user) -> QuerySet[Village]:
    """Villages that she may give to somebody."""
    rows = Village.objects.live().filter(pk__in=user.villages_with(MANAGE).order_by().values("pk"))
    return rows.select_related("district__regency").order_by("district__name", "name")


def in_state(people: QuerySet[User], word: str, today: date, user) -> QuerySet[User]:
    """Those of whom a word of `STATES` holds, as far as `user` sees contracts and tasks."""
    hers = Membership.objects.visible_to(user).filter(person=OuterRef("pk"), withdrawn_at=None)
    live = hers.live_on(today)
    later = hers.filter(Q(valid_until=None) | Q(valid_until__gte=today))
    tasks = Grant.objects.visible_to(user).live_on(today)
    tasks = tasks.filter(user=OuterRef("pk"), role=Role.FACILITATOR)
    records = Activity.objects.live().filter(
        author=OuterRef("pk"), held_on__gte=today - timedelta(days=RECENT)
    )
    soon = live.filter(valid_until__lte=today + timedelta(days=SOON))
    long = later.filter(Q(valid_until=None) | Q(valid_until__gt=today + timedelta(days=SOON)))
    where = {
        "left_over": Exists(tasks) & Exists(hers) & ~Exists(later),
        "ending": Exists(soon) & ~Exists(long),
        "no_contract": Exists(tasks) & ~Exists(hers),
        "idle": Exists(tasks) & ~Exists(records),
        "free": Exists(live.filter(kind__in=FACILITATORS)) & ~Exists(tasks),
        "never": Q(last_login=None, is_active=True),
    }
    return people.filter(where[word])


def people_table(rows: QuerySet[User], found, user, now: datetime) -> Table:
    """The people of a filtered list, in its order."""
    columns = [
        Column("name", _("Name")),
        Column("username", _("Username"), "code", paper=False),
        Column("phone", _("Phone number"), "code", paper=False),
        Column("position", _("Position")),
        Column("partner", _("Partner")),
        Column("contract", _("Number of the contract"), "code", paper=False),
        Column("valid_from", _("Contract from"), "day", paper=False),
        Column("valid_until", _("Contract until"), "day"),
        Column("villages", _("Villages"), "count"),
        Column("areas", _("Works in")),
        Column("recent", _("Records of the last 3 months"), "count"),
        Column("last", _("Last activity"), "day"),
    ]
    notes = notes_of_list(found, now)
    title = _("Facilitators and other people of partners")
    cells = _cells(rows, user, timezone.localdate())
    return Table("pendamping", title, columns, cells, notes, record_as="facilitators")


def _cells(rows: QuerySet[User], user, today: date) -> Iterator[list]:
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        people = User.objects.in_bulk(batch)
        for load in loads_of([people[key] for key in batch], user, today):
            contract = load.contract
            yield [
                load.person.name,
                load.person.username,
                load.phone,
                contract.get_kind_display() if contract else None,
                contract.partner.name if contract else None,
                contract.contract if contract else None,
                contract.valid_from if contract else None,
                contract.valid_until if contract else None,
                load.villages,
                "; ".join(area_words(one) for one in load.grants),
                load.recent,
                load.last,
            ]


def area_words(held: Grant) -> str:
    """Janju, or Kecamatan Kuaro for a whole district."""
    if held.district:
        return _("District %(name)s") % {"name": held.district.name}
    return str(held.village.title if held.village else held.regency)
