"""Where planning begins: what she has to do, where the plans stand, and the calendar."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.capabilities import FIELD_ROLES
from programs.reminders import wa_link
from programs.views.shared import form_page, require

from ..calendar import Due, coming, deadlines, own_days
from ..forms.days import DaysForm
from ..letters import message_for
from ..services.days import may_set_days, set_days
from ..services.reminders import NOTICES
from ..stages import stages, years_of
from ..todo import groups_of

#: Deadlines that the page of planning shows.
STRIP = 3


@require_safe
def home(request):
    """What waits for her, how far the year's plans are, and what falls due next."""
    require("view" in request.user.capabilities)
    today = timezone.localdate()
    years = years_of(request.user)
    year = _asked_year(request, years, today.year)
    can = request.user.capabilities
    next_days = [(due, due.days_left(today)) for due in _hers(coming(today), request.user)[:STRIP]]
    context = {
        "groups": groups_of(request.user, today),
        "year": year,
        "years": years,
        "stages": stages(request.user, year),
        "next_days": next_days,
        "messages_to_send": _to_send(next_days, today) if "approve_plans" in can else [],
        "may_write": "manage_plans" in can,
        "may_write_village": "plan_village" in can,
        "works": bool(can & {"manage_plans", "plan_village", "approve_plans", "check_plans"}),
    }
    return render(request, "planning/home.html", context)


def _hers(days: list[Due], user) -> list[Due]:
    """Those of villages alone for people of the field; the others answer for all of them."""
    field = user.roles <= FIELD_ROLES
    return [due for due in days if due.entry.of_villages or not field]


def _asked_year(request, years: list[int], this_year: int) -> int:
    """The year in the address; else the nearest one from this year on that has plans."""
    asked = request.GET.get("year", "")
    if asked.isdecimal() and len(asked) == 4:
        return int(asked)
    coming_years = [one for one in years if one >= this_year]
    return min(coming_years) if coming_years else max(years, default=this_year + 1)


def _to_send(next_days: list[tuple[Due, int]], today) -> list[dict]:
    """Texts to send on by WhatsApp for what is due within the first notice."""
    texts = [(due, message_for(due, today)) for due, left in next_days if left <= NOTICES[0]]
    return [{"due": due, "text": text, "link": wa_link("", text)} for due, text in texts]


@require_safe
def calendar(request):
    """The year's deadlines, for everybody who reads plans."""
    require("view" in request.user.capabilities)
    today = timezone.localdate()
    year = _calendar_year(request, today.year)
    context = {
        "year": year,
        "years": [today.year - 1, today.year, today.year + 1],
        "days": [(due, due.days_left(today)) for due in _days_of(year)],
        "may_set": may_set_days(request.user),
    }
    return render(request, "planning/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_days(request):
    """Who approves plans for the regency sets the days of a year."""
    require(may_set_days(request.user))
    year = _calendar_year(request, timezone.localdate().year)
    form = DaysForm(request.POST or None, year=year, days=_days_of(year))
    if form.is_valid():
        set_days(year, form.own(), actor=request.user)
        messages.success(request, _("The days of the calendar are saved."))
        return redirect(f"{reverse('planning:calendar')}?year={year}")
    return form_page(request, "planning/calendar_days.html", form, year=year)


def _days_of(year: int) -> list[Due]:
    return deadlines(year, own_days(year)[year])


def _calendar_year(request, this_year: int) -> int:
    """The year in the address, where the portal keeps that one; else this year."""
    text = request.GET.get("year", "")
    asked = int(text) if text.isdecimal() and len(text) == 4 else this_year
    return asked if asked in range(2000, 2101) else this_year


urlpatterns = [
    path("", home, name="home"),
    path("kalender/", calendar, name="calendar"),
    path("kalender/ubah/", calendar_days, name="calendar-days"),
]
