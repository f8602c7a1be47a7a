"""How much each facilitator has to do, and which villages have one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q, QuerySet

from accounts.capabilities import Role
from accounts.models import Grant, User
from programs.models import Activity
from villages.models import Village

from .models import MemberKind, Membership

#: One facilitator of the village level covers two to four villages (domain.md 9.4).
MOST_VILLAGES = 4
#: Days before the end of a contract in which it "ends soon".
SOON = 60
#: Days that count as the last three months.
RECENT = 92


@dataclass(frozen=True)
class Load:
    """One person of a partner on one day.

    `contract`: the one in force, else the next one, else the last one that ended. `grants`: her
    tasks of today where the reader looks after people; `later`: those that have not begun.
    `phone`: "" of whoever the reader does not look after. `villages`: within these tasks of today,
    each counted once. `recent`: her records of activities held in the last three months; `last`:
    the day of the newest.
    """

    person: User
    phone: str
    contract: Membership | None
    grants: tuple[Grant, ...]
    later: tuple[Grant, ...]
    villages: int
    recent: int
    last: date | None
    today: date

    @property
    def heavy(self) -> bool:
        """More villages than one PLD is meant to cover."""
        kind = self.contract.kind if self.contract else ""
        return kind == MemberKind.PLD and self.villages > MOST_VILLAGES

    @property
    def word(self) -> str:
        """Where her contract stands: none, upcoming, live, ending or ended."""
        if self.contract is None:
            return "none"
        if self.contract.valid_from > self.today:
            return "upcoming"
        last = self.contract.valid_until
        if last is None or last > self.today + timedelta(days=SOON):
            return "live"
        return "ending" if last >= self.today else "ended"

    @property
    def days_left(self) -> int:
        """Of a contract that ends, its last day included."""
        last = self.contract.valid_until if self.contract else None
        return (last - self.today).days + 1 if last else 0

    @property
    def left_over(self) -> bool:
        """Her contract has ended, her tasks go on."""
        return self.word == "ended" and bool(self.grants)


def facilitated(villages: QuerySet[Village] | Iterable[Village], today: date) -> dict[int, tuple]:
    """Names of who accompanies each village itself on that day, by the village's key.

    Villages without anybody are left out; who has a whole district does not count. One query.
    """
    rows = Grant.objects.live_on(today).filter(
        role=Role.FACILITATOR, village__in=villages, user__is_active=True
    )
    found: dict[int, list[str]] = defaultdict(list)
    pairs = rows.order_by("user__name", "pk").values_list("village_id", "user__name")
    for village, name in pairs:
        found[village].append(name)
    return {village: tuple(dict.fromkeys(names)) for village, names in found.items()}


def near(districts: Iterable, today: date) -> dict[int, tuple]:
    """Names of who accompanies each whole district on that day (PD), by its key. One query."""
    rows = Grant.objects.live_on(today).filter(
        role=Role.FACILITATOR, district__in=districts, user__is_active=True
    )
    found: dict[int, list[str]] = defaultdict(list)
    for district, name in rows.order_by("user__name").values_list("district_id", "user__name"):
        found[district].append(name)
    return {district: tuple(names) for district, names in found.items()}


def loads_of(people: Sequence[User], user, today: date) -> list[Load]:
    """What `user` sees of these people, in their order. A fixed number of queries."""
    keys = [one.pk for one in people]
    contracts = _contracts(keys, user, today)
    grants, later = _grants(keys, user, today)
    hers = User.objects.visible_to(user).filter(pk__in=keys)
    looked_after = set(hers.values_list("pk", flat=True))
    sizes = _Sizes(grants.values())
    recent, last = _records(keys, user, today)
    return [
        Load(
            person=one,
            phone=one.phone if one.pk in looked_after else "",
            contract=contracts.get(one.pk),
            grants=tuple(grants.get(one.pk, ())),
            later=tuple(later.get(one.pk, ())),
            villages=sizes.of(grants.get(one.pk, ())),
            recent=recent.get(one.pk, 0),
            last=last.get(one.pk),
            today=today,
        )
        for one in people
    ]


def _contracts(keys: list[int], user, today: date) -> dict[int, Membership]:
    """The contract to speak of, by person: in force, else the next, else the last."""
    rows = Membership.objects.visible_to(user).filter(person__in=keys, withdrawn_at=None)
    found: dict[int, Membership] = {}
    for row in sorted(rows.select_related("partner"), key=lambda one: _nearness(one, today)):
        found.setdefault(row.person_id, row)
    return found


def _nearness(row: Membership, today: date) -> tuple[int, int]:
    if row.is_live_on(today):
        return 0, -(row.valid_until or date.max).toordinal()
    if row.valid_from > today:
        return 1, row.valid_from.toordinal()
    return 2, -(row.valid_until or date.max).toordinal()


def _grants(keys: list[int], user, today: date) -> tuple[dict[int, list[Grant]], ...]:
    """Tasks by person: those of today, those that have not begun."""
    rows = Grant.objects.visible_to(user).filter(user__in=keys, role=Role.FACILITATOR)
    rows = rows.standing_on(today)
    rows = rows.select_related("village__district", "district", "regency")
    now: dict[int, list[Grant]] = defaultdict(list)
    later: dict[int, list[Grant]] = defaultdict(list)
    for row in rows.order_by("village__name", "district__name", "pk"):
        (now if row.valid_from <= today else later)[row.user_id].append(row)
    return now, later


def _records(keys: list[int], user, today: date) -> tuple[dict, dict]:
    """How many records each wrote of the last three months, and the day of the newest."""
    since = Q(held_on__gte=today - timedelta(days=RECENT))
    rows = Activity.objects.visible_to(user).live().filter(author__in=keys)
    found = rows.order_by().values("author").annotate(n=Count("pk", filter=since), d=Max("held_on"))
    told = list(found)
    return {one["author"]: one["n"] for one in told}, {one["author"]: one["d"] for one in told}


class _Sizes:
    """How many villages lie in some tasks, each counted once."""

    def __init__(self, grants: Iterable[Iterable[Grant]]):
        held = [one for some in grants for one in some]
        villages = Village.objects.live().order_by()
        self._districts = self._counted(villages, "district", {g.district_id for g in held})
        wide = {g.regency_id for g in held}
        self._regencies = self._counted(villages, "district__regency", wide)

    @staticmethod
    def _counted(villages, path: str, keys: set) -> Counter:
        rows = villages.filter(**{f"{path}__in": keys - {None}}).values_list(path)
        return Counter(dict(rows.annotate(n=Count("pk"))))

    def of(self, grants: Iterable[Grant]) -> int:
        regencies = {one.regency_id for one in grants if one.regency_id}
        wide = {
            one.district_id
            for one in grants
            if one.district and one.district.regency_id not in regencies
        }
        single = {
            one.village_id
            for one in grants
            if one.village
            and one.village.district_id not in wide
            and one.village.district.regency_id not in regencies
        }
        counted = sum(self._regencies[one] for one in regencies)
        return counted + sum(self._districts[one] for one in wide) + len(single)
