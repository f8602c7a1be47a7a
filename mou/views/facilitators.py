"""Pages of the people of partners: the list, one person, villages that nobody accompanies."""

from __future__ import annotations

from itertools import groupby

from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.capabilities import Role
from accounts.models import Grant, User
from accounts.reach import MANAGE, may_enrol
from core.downloads import asked_format, download, formats_for
from programs.models import Activity
from programs.views.shared import page_of, require
from villages.models import Village

from ..facilitators import facilitators_for, in_state, people_of, people_table
from ..forms.facilitator import PeopleFilter
from ..forms.without import WithoutFilter, without_table
from ..load import MOST_VILLAGES, SOON, Load, loads_of
from ..models import Membership
from ..rights import KEEP
from ..services.assignments import tasks_of
from ..without import without

#: So many of her newest records stand on her page.
SHOWN = 10


def looks_after(user) -> bool:
    return bool({KEEP, MANAGE} & set(user.capabilities))


@require_safe
def facilitator_list(request):
    require(looks_after(request.user))
    everyone = people_of(request.user)
    found = PeopleFilter(request.GET, queryset=everyone, request=request)
    problem = not found.form.is_valid()
    if not problem and (fmt := asked_format(request)):
        table = people_table(found.qs, found, request.user, timezone.now())
        return download(table, fmt, request=request)
    page = page_of(request, found.qs.none() if problem else found.qs)
    today = timezone.localdate()
    loads = loads_of(list(page.object_list), request.user, today)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "loads": loads,
        "tasked": {one.person.uid for one in loads if one.grants or one.later},
        "formats": formats_for(page.paginator.count),
        "left_over": in_state(everyone, "left_over", today, request.user).count(),
        "most": MOST_VILLAGES,
        "soon": SOON,
        **_rights(request.user),
    }
    return render(request, "mou/facilitator_list.html", context, status=422 if problem else 200)


@require_safe
def facilitator(request, uid):
    person = person_or_404(request, uid)
    today = timezone.localdate()
    [load] = loads_of([person], request.user, today)
    tasks = list(tasks_of(person, request.user))
    records = Activity.objects.visible_to(request.user).live().filter(author=person)
    contracts = Membership.objects.visible_to(request.user).filter(person=person)
    context = {
        "person": person,
        "load": load,
        "most": MOST_VILLAGES,
        "contracts": contracts.select_related("partner").order_by("-valid_from"),
        "present": [one for one in tasks if one.is_standing_on(today)],
        "past": [one for one in tasks if not one.is_standing_on(today)],
        "ending": _endable(request.user, person),
        "records": records.select_related("village", "program").order_by("-held_on", "-pk")[:SHOWN],
        "written": records.count(),
        "today": today,
        "may_enrol": may_enrol(request.user, person),
        "mine": person.pk == request.user.pk,
        **_rights(request.user),
    }
    return render(request, "mou/facilitator.html", context)


@require_safe
def villages_without(request):
    """Villages (desa) that no facilitator has as a village of her own, by district."""
    require(looks_after(request.user))
    rows = Village.objects.visible_to(request.user).live().filter(kind=Village.Kind.DESA)
    found = WithoutFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    bare = without(rows.none() if problem else found.qs, timezone.localdate())
    if not problem and (fmt := asked_format(request)):
        return download(without_table(bare, found, timezone.now()), fmt, request=request)
    groups = [
        {"district": district, "near": rows[0].near, "rows": rows}
        for district, rows in (
            (district, list(some)) for district, some in groupby(bare, lambda one: one.district)
        )
    ]
    context = {
        "filter": found,
        "form": found.form,
        "groups": groups,
        "count": len(bare),
        "of": found.qs.count() if not problem else 0,
        "formats": formats_for(len(bare)),
        **_rights(request.user),
    }
    return render(request, "mou/facilitator_without.html", context, status=422 if problem else 200)


def person_or_404(request, uid) -> User:
    require(looks_after(request.user))
    return get_object_or_404(people_of(request.user), uid=uid)


def choice_of(request, person: User | None = None) -> tuple:
    """Facilitators to choose from, with their loads; `person` is left out."""
    people = facilitators_for(request.user).exclude(pk__in=[request.user.pk])
    people = people.exclude(pk=person.pk) if person else people
    return people, loads_of(list(people), request.user, timezone.localdate())


def load_of(request, person: User) -> Load:
    return loads_of([person], request.user, timezone.localdate())[0]


def _rights(user) -> dict[str, bool]:
    return {"keeps": KEEP in user.capabilities, "gives": MANAGE in user.capabilities}


def _endable(user, person: User) -> set:
    """Tasks of this person that the officer may end."""
    if user.pk == person.pk:
        return set()
    tasks = Grant.objects.visible_to(user).filter(user=person, role=Role.FACILITATOR)
    return set(tasks.standing_on(timezone.localdate()).values_list("pk", flat=True))


urlpatterns = [
    path("pendamping/", facilitator_list, name="facilitator-list"),
    path("pendamping/tanpa-pld/", villages_without, name="villages-without"),
    path("pendamping/<uuid:uid>/", facilitator, name="facilitator"),
]
