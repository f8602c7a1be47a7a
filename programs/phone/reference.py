"""What a phone needs to record without signal: places, programs, tasks, what was sent of late.

One value per person, read with a number of statements that does not grow; its shape for the API
stands in programs/api/reference.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from villages.models import Village

from ..models import (
    Activity,
    NothingToReport,
    Program,
    ProgramState,
    ProgramVillage,
    Review,
    ReviewStep,
    State,
)
from ..serializers import item_row
from .contacts import contacts_of

#: A phone carries a facilitator's villages, not a nation's.
MOST_VILLAGES = 250
MOST_PROGRAMS, MOST_TASKS, MOST_RECENT = 500, 100, 300
RECENT = timedelta(days=90)
#: Declarations older than this concern nobody's list of months.
NOTHING_SINCE = timedelta(days=800)


def reference_of(user, today: date) -> dict[str, Any]:
    """The whole of it for one person who records; empty lists for one who records nowhere."""
    villages = hers(user)
    codes = {village.pk: village for village in villages.select_related("district")}
    tasks = _tasks(codes)
    recent = _recent(codes, today)
    named = {one.program_id for one in (*tasks, *recent)}
    return {
        "account": user.username,
        "name": user.name,
        "villages": [_village(village) for village in codes.values()],
        "programs": _programs(user, codes, named),
        "tasks": [_task(one) for one in tasks],
        "recent": [_sent(one) for one in recent],
        "helpers": [one._asdict() for one in contacts_of(user, villages_of(codes))],
        "nothing": _nothing(codes, today),
    }


def hers(user) -> QuerySet[Village]:
    """The villages she records in, in the order of their codes."""
    villages = Village.objects.permitting(user, "log").live()
    return villages.order_by("code")[:MOST_VILLAGES]


def villages_of(codes: Collection[int]) -> QuerySet[Village]:
    return Village.objects.filter(pk__in=codes)


def _village(village: Village) -> dict[str, Any]:
    return {
        "code": village.code,
        "title": village.title,
        "district": village.district.name,
        "has_apbdes": village.has_apbdes,
    }


def _programs(user, codes: Mapping[int, Village], named: set) -> list[dict[str, Any]]:
    """Those open in her villages, and those that a record on the phone stands under."""
    here = ProgramVillage.objects.filter(program=OuterRef("pk"), village__in=codes)
    used = dict(
        Activity.objects.filter(author=user, village__in=codes)
        .order_by()
        .values_list("program")
        .annotate(Max("created_at"))
    )
    rows = (
        Program.objects.filter(Exists(here), Q(state=ProgramState.ACTIVE) | Q(pk__in=named))
        .select_related("owner_opd", "owner_district", "owner_village")
        .order_by("title", "pk")[:MOST_PROGRAMS]
    )
    places = _places(rows, codes)
    return [_program(one, places[one.pk], used.get(one.pk)) for one in rows]


def _places(programs: Iterable[Program], codes: Mapping[int, Village]) -> dict[Any, list[str]]:
    """Program: the codes of her villages in it. Pairs only; a row per pair would be thousands."""
    found: dict[Any, list[str]] = defaultdict(list)
    here = ProgramVillage.objects.filter(program__in=[one.pk for one in programs])
    pairs = here.filter(village__in=codes).order_by().values_list("program_id", "village_id")
    for program, village in pairs:
        found[program].append(codes[village].code)
    return found


def _program(program: Program, villages: list[str], used: datetime | None) -> dict[str, Any]:
    return {
        "uid": str(program.pk),
        "title": program.title,
        "owner": str(program.owner_title),
        "year_from": program.year_from,
        "year_to": program.year_to,
        "state": program.state,
        "villages": sorted(villages),
        "last_used_on": timezone.localdate(used).isoformat() if used else None,
    }


def _tasks(codes: Collection[int]) -> list[Activity]:
    """Records sent back to be put right, each with the step that says why."""
    asked = Review.objects.filter(step=ReviewStep.RETURNED).select_related("actor")
    rows = (
        Activity.objects.filter(village__in=codes, state=State.RETURNED)
        .select_related("village", "receipt")
        .prefetch_related(Prefetch("reviews", asked.order_by("at", "id"), to_attr="asked"))
    )
    return list(rows.order_by("-updated_at", "pk")[:MOST_TASKS])


def _task(activity: Activity) -> dict[str, Any]:
    asked = activity.asked[-1] if activity.asked else None
    return {
        "uid": str(activity.pk),
        "version": activity.version,
        "number": activity.receipt.number,
        "village": activity.village.code,
        "reason": asked.reason if asked else "",
        "asked_by": asked.actor.name if asked else "",
        "returned_at": asked.at if asked else None,
        "values": item_row(activity),
    }


def _recent(codes: Collection[int], today: date) -> list[Activity]:
    """Live records held or received in the last 90 days, newest first."""
    since = today - RECENT
    received = timezone.make_aware(datetime.combine(since, time.min))
    rows = Activity.objects.live().filter(
        Q(held_on__gte=since) | Q(created_at__gte=received), village__in=codes
    )
    rows = rows.select_related("village", "receipt").order_by("-held_on", "-pk")
    return list(rows[:MOST_RECENT])


def _sent(activity: Activity) -> dict[str, Any]:
    return {
        "uid": str(activity.pk),
        "number": activity.receipt.number,
        "village": activity.village.code,
        "program": str(activity.program_id),
        "title": activity.title,
        "held_on": activity.held_on.isoformat(),
        "state": activity.state,
    }


def _nothing(codes: Collection[int], today: date) -> list[dict[str, Any]]:
    rows = NothingToReport.objects.in_force().filter(
        village__in=codes, year__gte=(today - NOTHING_SINCE).year
    )
    found = rows.order_by("-year", "-month", "village__code")
    return [
        {"village": code, "year": year, "month": month}
        for code, year, month in found.values_list("village__code", "year", "month")
    ]
