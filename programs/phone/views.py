"""Pages of the phone: home, "my activities", receipt and outbox, and the same without a person.

What lies on the phone alone (drafts, what waits to be sent) is added by its scripts.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from villages.models import Village

from .. import wording
from ..filters import MOST_LETTERS, ActivityFilter, returned_first
from ..forms.activity import BlankActivityForm
from ..models import Activity, State
from ..views.activities import by_month
from ..views.shared import page_of, require, uid_or_none
from .months import months_of
from .tasks import tasks_of

LATEST = 5
MOST_RETURNED = 100
RECEIVED = (State.SUBMITTED, State.VERIFIED, State.VOIDED)


@require_safe
def home(request):
    """Where a village head begins: record, put right, what was done this month."""
    villages = Village.objects.permitting(request.user, "log").live()
    if not villages.exists() and not request.user.grants_today:
        return redirect("core:home")  # her task has ended; that page says what is left to do
    require(villages.exists())
    rows = Activity.objects.permitting(request.user, "log").with_places()
    today = timezone.localdate()
    context = {
        "villages": list(villages[:2]),
        **_goal(),
        "month": today,
        "this_month": _held_in(rows, today),
        "returned": _returned(rows),
        "tasks": tasks_of(request.user),
        "latest": list(rows.live()[:LATEST]),
        **_silence(villages, today),
    }
    return render(request, "phone/home.html", context)


def _silence(villages, today: date) -> dict:
    """Of her only village: whether this month is declared empty, and how many are missing."""
    found = list(villages[:2])
    months = months_of(found[0], today) if len(found) == 1 else []
    return {
        "declared": bool(months and months[-1].declared),
        "missing": sum(month.missing for month in months),
    }


def _returned(rows) -> list[str]:
    """What waits to be put right; the phone leaves out what it already holds an answer to."""
    found = rows.filter(state=State.RETURNED).values_list("pk", flat=True)
    return [str(uid) for uid in found[:MOST_RETURNED]]


def _goal() -> dict:
    """How many activities a month should have, and where the mark of each is drawn."""
    return {
        "goal": settings.MONTH_GOAL,
        "places": [7 + 18 * place for place in range(settings.MONTH_GOAL)],
    }


def _held_in(rows, day: date) -> int:
    """How many activities took place in the month of `day`."""
    return rows.counted().filter(year=day.year, month=day.month).count()


@require_safe
def records(request):
    """What she recorded, by month; drafts and what waits lie on the phone and join there."""
    tab = request.GET.get("tab", "")
    rows = Activity.objects.permitting(request.user, "log").with_places()
    found = ActivityFilter(
        {"search": request.GET.get("search", "")[:MOST_LETTERS]}, queryset=rows, request=request
    )
    kept = found.qs if found.form.is_valid() else found.qs.none()
    page = page_of(request, _under(tab, kept))
    context = {
        "tab": tab,
        "tabs": _tabs(),
        "search": request.GET.get("search", ""),
        "page": page,
        "returned": _returned(rows),
        "groups": by_month(page, grouped=True),
    }
    return render(request, "phone/records.html", context)


def _under(tab: str, rows):
    """The records on file that stand under a tab; drafts and waiting ones are on the phone."""
    states = {"": (*RECEIVED, State.RETURNED), "diterima": RECEIVED, "perbaikan": [State.RETURNED]}
    return returned_first(rows.filter(state__in=states.get(tab, ())))


def _tabs() -> list[dict[str, str]]:
    return [
        {"key": "", "name": _("All")},
        {"key": "draf", "name": _("Draft")},
        {"key": "menunggu", "name": _("Waiting")},
        {"key": "diterima", "name": _("Accepted")},
        {"key": "perbaikan", "name": _("Needs correction")},
    ]


@require_safe
def receipt(request):
    """The phone's own receipt; what is on file already has its page on the server."""
    uid = uid_or_none(request.GET.get("uid", ""))
    on_file = Activity.objects.visible_to(request.user).filter(pk=uid) if uid else None
    return render(request, "phone/receipt.html", {"on_file": on_file and on_file.first()})


@require_safe
def outbox(request):
    """What waits on this phone to be sent: the scripts list it."""
    return render(request, "phone/outbox.html", {"labels": wording.vocabulary()})


def shell_context() -> dict:
    """What the templates of shells need besides the frame (shell.py renders them, for nobody)."""
    return {
        "tabs": _tabs(),
        "form": BlankActivityForm(),
        "phone": True,
        "labels": wording.vocabulary(),
        **_goal(),
    }
