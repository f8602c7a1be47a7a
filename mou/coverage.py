"""Which villages agreements and facilitators reach, and which they do not.

A village is covered by every agreement in force whose area holds it; one without an area holds for
the whole regency. It is idle when agreements cover it, one of them for long enough, and the people
of none of their partners logged anything there for so many months.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q

from accounts.capabilities import Role
from accounts.models import Grant
from programs.models import Activity
from villages.models import Regency, Village

from .models import Agreement, AgreementArea, Partner, Standing
from .standing import days_left, is_renewed, live, standing_of

#: Months without an activity after which a covered village is idle, unless another is asked for.
IDLE_MONTHS = 3
MOST_MONTHS = 24


@dataclass(frozen=True)
class Cover:
    """One agreement in force over a village. `days_left` is None without an end; `ending`: it ends
    soon and no renewal of it is confirmed."""

    agreement: Agreement
    days_left: int | None
    ending: bool
    partners: tuple[Partner, ...]

    @property
    def name(self) -> str:
        """Short, for a list: with whom it was made."""
        return ", ".join(str(one) for one in self.partners) or self.agreement.title


@dataclass(frozen=True)
class VillageCover:
    """What covers one village. `facilitators` work in the village itself, `district_facilitators`
    for its whole district."""

    village: Village
    agreements: tuple[Cover, ...]
    last_activity: date | None
    idle: bool
    facilitators: tuple[str, ...]
    district_facilitators: tuple[str, ...]

    @property
    def covered(self) -> bool:
        return bool(self.agreements)

    @property
    def ending(self) -> bool:
        """All that cover it end soon: one that runs on keeps it covered."""
        return self.covered and all(one.ending for one in self.agreements)

    @property
    def days_left(self) -> int | None:
        """Until the last of its agreements ends; None where one has no end, or there is none."""
        days = [one.days_left for one in self.agreements]
        return None if None in days else max(days, default=None)  # type: ignore[type-var]

    @property
    def state(self) -> str:
        """none, ending, idle or active: the first that holds."""
        if not self.covered:
            return "none"
        return "ending" if self.ending else "idle" if self.idle else "active"

    @property
    def support(self) -> str:
        """Who accompanies it: own, district or nobody."""
        if self.facilitators:
            return "own"
        return "district" if self.district_facilitators else "nobody"


@dataclass(frozen=True)
class Coverage:
    """The villages of a regency, as far as the reader sees them, and how many are covered."""

    rows: tuple[VillageCover, ...]
    months: int

    @property
    def villages(self) -> int:
        return len(self.rows)

    @property
    def kelurahan(self) -> int:
        return sum(one.village.is_led_by_lurah for one in self.rows)

    @property
    def desa(self) -> int:
        return self.villages - self.kelurahan

    @property
    def covered(self) -> int:
        return sum(one.covered for one in self.rows)

    @property
    def covered_desa(self) -> int:
        return sum(one.covered and not one.village.is_led_by_lurah for one in self.rows)

    @property
    def covered_kelurahan(self) -> int:
        return self.covered - self.covered_desa

    @property
    def ending(self) -> int:
        return sum(one.ending for one in self.rows)

    @property
    def idle(self) -> int:
        return sum(one.idle for one in self.rows)

    @property
    def uncovered(self) -> int:
        return self.villages - self.covered

    @property
    def with_nobody(self) -> int:
        """Villages with neither a facilitator of their own nor one of their district."""
        return sum(one.support == "nobody" for one in self.rows)

    @property
    def without_facilitator(self) -> int:
        """Villages without a facilitator of their own (PLD)."""
        return sum(not one.facilitators for one in self.rows)


def coverage_of(
    user,
    regency: Regency,
    today: date,
    *,
    partner: Partner | None = None,
    months: int = IDLE_MONTHS,
) -> Coverage:
    """What covers each village of the regency that she sees; a fixed number of queries.

    `partner`: only agreements with this one. `months`: after so many without an activity a
    covered village is idle.
    """
    villages = Village.objects.visible_to(user).live().filter(district__regency=regency)
    places = list(villages.select_related("district").order_by("district__name", "name", "code"))
    covers = _covers(Agreement.objects.visible_to(user).filter(regency=regency), today, partner)
    last = _last_activities([one.pk for one in places], covers, today)
    own, of_district = _facilitators(regency, today)
    since = months_before(today, months)
    over = _Over(covers)
    return Coverage(
        tuple(
            _village(
                one,
                over.village(one),
                last,
                since,
                tuple(own[one.pk]),
                tuple(of_district[one.district_id]),
            )
            for one in places
        ),
        months,
    )


def agreements_of(village: Village, today: date) -> list[Cover]:
    """The agreements in force over one village, the first to end first; for its page."""
    areas = AgreementArea.objects.filter(agreement=OuterRef("pk"))
    here = areas.filter(Q(village=village) | Q(district=village.district_id))
    rows = Agreement.objects.filter(regency=village.district.regency_id)
    return _covers(rows.filter(~Exists(areas) | Exists(here)), today, None)


def covered_codes(villages, today: date) -> set[str]:
    """The codes of those of these villages that an agreement in force covers (for maps)."""
    rows = list(villages.order_by().values_list("pk", "code", "district", "district__regency"))
    found = Agreement.objects.filter(live(today), regency__in={row[3] for row in rows})
    over = _Over(_covers(found, today, None))
    return {code for pk, code, district, regency in rows if over.of(pk, district, regency)}


def accompanied_codes(villages, today: date) -> set[str]:
    """The codes of those of these villages that have a facilitator of their own (for maps)."""
    grants = _live_grants(today).filter(village__in=villages.order_by().values("pk"))
    return set(grants.values_list("village__code", flat=True))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _covers(rows, today: date, partner: Partner | None) -> list[Cover]:
    rows = rows.filter(live(today))
    if partner is not None:
        rows = rows.filter(pk__in=partner_agreements(partner))
    found = [_cover(one, today) for one in rows.with_parts()]
    return sorted(found, key=lambda one: (one.days_left is None, one.days_left or 0))


def partner_agreements(partner: Partner):
    """The keys of agreements to which the partner is a party."""
    return Agreement.objects.filter(parties__partner=partner).values("pk")


def _cover(agreement: Agreement, today: date) -> Cover:
    ending = standing_of(agreement, today) == Standing.ENDING and not is_renewed(agreement)
    partners = tuple(one.partner for one in agreement.parties.all() if one.partner)
    return Cover(agreement, days_left(agreement, today), ending, partners)


class _Over:
    """Agreements by the places that they name."""

    def __init__(self, covers: Iterable[Cover]):
        self._named: dict[tuple[str, int | None], list[Cover]] = defaultdict(list)
        for one in covers:
            areas = one.agreement.areas.all()
            for area in areas:
                key = ("v", area.village_id) if area.village_id else ("d", area.district_id)
                self._named[key].append(one)
            if not areas:
                self._named["r", one.agreement.regency_id].append(one)

    def of(self, village: int, district: int, regency: int) -> list[Cover]:
        keys = (("v", village), ("d", district), ("r", regency))
        found = {one.agreement.pk: one for key in keys for one in self._named.get(key, ())}
        return list(found.values())

    def village(self, one: Village) -> list[Cover]:
        return self.of(one.pk, one.district_id, one.district.regency_id)


def _village(
    village: Village,
    covers: Sequence[Cover],
    last: dict[tuple[int, object], date],
    since: date,
    own: tuple[str, ...],
    of_district: tuple[str, ...],
) -> VillageCover:
    partners = {partner.pk for one in covers for partner in one.partners}
    newest = max(
        (last[village.pk, key] for key in partners if (village.pk, key) in last), default=None
    )
    starts = [one.agreement.starts_on for one in covers]
    long_enough = any(day is None or day <= since for day in starts)
    idle = long_enough and (newest is None or newest < since)
    return VillageCover(village, tuple(covers), newest, idle, own, of_district)


def _last_activities(
    villages: Sequence[int], covers: Iterable[Cover], today: date
) -> dict[tuple[int, object], date]:
    """When the people of each partner last logged something in each village, by (village,
    partner). Records that count only, of days on which the author worked for the partner."""
    partners = {partner.pk for one in covers for partner in one.partners}
    work = "author__memberships__"
    rows = Activity.objects.counted().filter(
        Q(**{f"{work}valid_until": None}) | Q(**{f"{work}valid_until__gte": F("held_on")}),
        village__in=villages,
        held_on__lte=today,
        **{
            f"{work}partner__in": partners,
            f"{work}valid_from__lte": F("held_on"),
            f"{work}withdrawn_at": None,
        },
    )
    found = rows.order_by().values_list("village", f"{work}partner").annotate(Max("held_on"))
    return {(village, partner): day for village, partner, day in found}


def _facilitators(regency: Regency, today: date):
    """Names of facilitators by village, and by district for those of whole districts."""
    here = Q(village__district__regency=regency) | Q(district__regency=regency)
    own: dict[int, list[str]] = defaultdict(list)
    of_district: dict[int, list[str]] = defaultdict(list)
    for grant in _live_grants(today).filter(here).select_related("user").order_by("user__name"):
        names = own[grant.village_id] if grant.village_id else of_district[grant.district_id]
        if str(grant.user) not in names:
            names.append(str(grant.user))
    return own, of_district


def _live_grants(today: date):
    return Grant.objects.live_on(today).filter(role=Role.FACILITATOR, user__is_active=True)
