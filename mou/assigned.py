"""People of partners with where they work today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from accounts.capabilities import Role
from accounts.models import Grant, User

from .models import Membership


def people_seen(user) -> QuerySet[Membership]:
    """Who works for the partners of regencies that `user` sees as a whole; names are told to
    nobody else."""
    rows = Membership.objects.visible_to(user)
    rows = rows.filter(partner__regency__in=user.regencies_with("view"))
    return rows.select_related("partner__regency", "person")


def with_tasks(memberships: QuerySet[Membership], today: date) -> QuerySet[Membership]:
    """Each person with her tasks of that day (`tasks`); one query more, however many people."""
    live = Grant.objects.live_on(today).filter(role=Role.FACILITATOR)
    live = live.select_related("village__district", "district", "regency")
    live = live.order_by("district__code", "village__code", "pk")
    return memberships.prefetch_related(Prefetch("person__grants", live, to_attr="tasks"))


def tasks_of(membership: Membership) -> Iterator[Grant]:
    """Those within the regency of her partner (`with_tasks`)."""
    for one in membership.person.tasks:  # type: ignore[attr-defined]
        if _regency_of(one) == membership.partner.regency_id:
            yield one


def assignments_seen(user) -> QuerySet[Grant]:
    """Tasks of facilitators in regencies that `user` sees as a whole, past ones too."""
    seen = user.regencies_with("view")
    here = Q(village__district__regency__in=seen) | Q(district__regency__in=seen)
    rows = Grant.objects.filter(here | Q(regency__in=seen), role=Role.FACILITATOR)
    return rows.select_related("village__district__regency", "district__regency", "regency")


def persons_known(user) -> QuerySet[User]:
    """Whom she may make somebody's people: persons she looks after, and people of partners that
    she keeps."""
    hers = Membership.objects.permitting(user, "manage_agreements").values("person")
    looked_after = User.objects.visible_to(user).values("pk")
    return User.objects.filter(Q(pk__in=looked_after) | Q(pk__in=hers))


def _regency_of(grant: Grant) -> int | None:
    area = grant.village.district if grant.village else grant.district
    return area.regency_id if area else grant.regency_id
