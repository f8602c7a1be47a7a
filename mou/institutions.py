"""Where a regency's institutions stand on a day: who is in force, who is missing, what ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from villages.models import District, Opd, Regency

from .models import Body, BodyKind, BodyMember, Sex, Standing, Training
from .standing import SOON

#: Bodies that a regency has once; the others belong to an office or a district.
ONE_OF = (BodyKind.WORKING_GROUP, BodyKind.DRIVER, BodyKind.TECHNICAL)
#: What there has to be; a technical team is named where the Pokja wants one.
NEEDED = (BodyKind.WORKING_GROUP, BodyKind.DRIVER)
LABELS = {
    Standing.UPCOMING: _("Not yet begun"),
    Standing.ACTIVE: _("In force"),
    Standing.ENDING: _("Ends soon"),
    Standing.ENDED: _("Ended"),
    Standing.CANCELLED: _("Entered by mistake"),
}


@dataclass(frozen=True)
class Heads:
    """Members by sex, and how many of them came to a training."""

    women: int = 0
    men: int = 0
    trained_women: int = 0
    trained_men: int = 0

    @property
    def total(self) -> int:
        return self.women + self.men

    @property
    def trained(self) -> int:
        return self.trained_women + self.trained_men

    def __add__(self, other: Heads) -> Heads:
        return Heads(
            self.women + other.women,
            self.men + other.men,
            self.trained_women + other.trained_women,
            self.trained_men + other.trained_men,
        )


def heads_of(members: Iterable[BodyMember], today: date) -> Heads:
    """Of those who have not left; needs `trained` on each (`with_people`)."""
    women = men = trained_women = trained_men = 0
    for one in members:
        if not is_member(one, today):
            continue
        trained = bool(one.trained)  # type: ignore[attr-defined]
        if one.sex == Sex.FEMALE:
            women, trained_women = women + 1, trained_women + trained
        else:
            men, trained_men = men + 1, trained_men + trained
    return Heads(women, men, trained_women, trained_men)


def is_member(member: BodyMember, today: date) -> bool:
    """She has not left; the day on which she leaves is her last."""
    return member.left_on is None or member.left_on >= today


def with_people(bodies):
    """The bodies with their members, each with the number of trainings she came to (`trained`)."""
    held = Count("trainings", filter=Q(trainings__removed_at=None))
    members = BodyMember.objects.annotate(trained=held).select_related("opd").order_by("uid")
    return bodies.select_related("opd", "district", "regency").prefetch_related(
        Prefetch("members", members), "successors"
    )


def standing_of(body: Body, today: date) -> Standing:
    if body.ended_at:
        return Standing.CANCELLED
    if body.valid_from and body.valid_from > today:
        return Standing.UPCOMING
    if body.valid_until is None or body.valid_until > today + timedelta(days=SOON):
        return Standing.ACTIVE
    return Standing.ENDING if body.valid_until >= today else Standing.ENDED


@dataclass
class Shown:
    """One body as lists tell it."""

    body: Body
    today: date

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.body, self.today)

    @property
    def label(self):
        return LABELS[self.standing]

    @cached_property
    def heads(self) -> Heads:
        return heads_of(self.body.members.all(), self.today)

    @property
    def place(self) -> str:
        """Whose body it is, where a regency has many of them."""
        if self.body.opd_id:
            return self.body.opd.name  # type: ignore[union-attr]
        return self.body.district.name if self.body.district else ""

    @property
    def days_left(self) -> int | None:
        """Days until the last one, that one included; 0 when it is over."""
        last = self.body.valid_until
        return None if last is None else max((last - self.today).days + 1, 0)

    @property
    def is_live(self) -> bool:
        return self.standing in (Standing.ACTIVE, Standing.ENDING)

    @cached_property
    def is_replaced(self) -> bool:
        return any(one.ended_at is None for one in self.body.successors.all())


def bodies_of(regency: Regency, today: date) -> list[Shown]:
    """All that were not entered by mistake: by kind, then by office or district, newest first."""
    rows = with_people(Body.objects.filter(regency=regency, ended_at=None))
    shown = [Shown(one, today) for one in rows]
    order = list(BodyKind)
    shown.sort(key=lambda one: (str(one.body.valid_from or ""), str(one.body.pk)), reverse=True)
    shown.sort(key=lambda one: (order.index(BodyKind(one.body.kind)), one.place))
    return shown


# -- What is missing, what ends ------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """Bodies that ought to be in force and are not. `unheard`: offices nobody of whom sits in
    the Pokja – a hint only, as its decree may name posts and not offices."""

    kinds: tuple[BodyKind, ...]
    offices: tuple[Opd, ...]
    districts: tuple[District, ...]
    unheard: tuple[Opd, ...]
    offices_in_all: int

    @property
    def some(self) -> bool:
        return bool(self.kinds or self.offices or self.districts)

    @property
    def offices_covered(self) -> int:
        return self.offices_in_all - len(self.offices)


def missing(regency: Regency, today: date) -> Missing:
    """Four queries, however many bodies."""
    live = Body.objects.filter(regency=regency).live_on(today)
    rows = list(live.values_list("kind", "opd", "district", "pk"))
    kinds = {kind for kind, *_rest in rows}
    pointed = {opd for kind, opd, *_rest in rows if kind == BodyKind.FOCAL_POINT}
    contacts = {row[2] for row in rows if row[0] == BodyKind.DISTRICT}
    groups = [row[3] for row in rows if row[0] == BodyKind.WORKING_GROUP]
    there = Q(left_on=None) | Q(left_on__gte=today)
    sits = set(BodyMember.objects.filter(there, body__in=groups).values_list("opd", flat=True))
    offices = offices_of(regency, today)
    districts = District.objects.filter(regency=regency, ended_on=None).order_by("name")
    return Missing(
        tuple(kind for kind in NEEDED if kind not in kinds),
        tuple(one for one in offices if one.pk not in pointed),
        tuple(one for one in districts if one.pk not in contacts),
        tuple(one for one in offices if one.pk not in sits) if groups else (),
        len(offices),
    )


def offices_of(regency: Regency, today: date) -> list[Opd]:
    """Offices that have a focal point; a district's office has the contact of its district."""
    rows = Opd.objects.filter(regency=regency).exclude(kind=Opd.Kind.DISTRICT)
    return list(rows.exclude(valid_until__lt=today).order_by("name"))


def expiring(regency: Regency, today: date) -> list[Shown]:
    """What ends within SOON days or has ended, and was not replaced; the longest over first."""
    until = today + timedelta(days=SOON)
    rows = Body.objects.filter(regency=regency, ended_at=None, valid_until__lte=until)
    rows = with_people(rows).order_by("valid_until", "name")
    others = set(
        Body.objects.filter(regency=regency, ended_at=None)
        .exclude(valid_until__lte=until)
        .values_list("kind", "opd", "district")
    )
    last = {_key(one): one for one in rows}  # of several decrees for one thing the newest
    found = [Shown(one, today) for key, one in last.items() if key not in others]
    return [one for one in found if not one.is_replaced]


def _key(body: Body) -> tuple[str, int | None, int | None]:
    return (body.kind, body.opd_id, body.district_id)


# -- Trainings -----------------------------------------------------------------------


@dataclass(frozen=True)
class TrainedYear:
    year: int
    trainings: int
    women: int
    men: int

    @property
    def total(self) -> int:
        return self.women + self.men


def trained_by_year(trainings: Iterable[Training]) -> list[TrainedYear]:
    """Newest year first. Whoever came twice is counted twice."""
    sums: dict[int, list[int]] = {}
    for one in trainings:
        held = sums.setdefault(one.held_on.year, [0, 0, 0])
        held[0], held[1], held[2] = held[0] + 1, held[1] + one.women, held[2] + one.men
    return [TrainedYear(year, *sums[year]) for year in sorted(sums, reverse=True)]
