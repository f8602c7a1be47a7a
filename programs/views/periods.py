"""Periods: where each stands, one of them then and now, closing and revising."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from villages.models import Regency, Village, VillageQuerySet

from .. import closing
from ..forms import RevisionForm
from ..models import CorrectionRequest, Snapshot, VillagePeriod
from ..period_rows import compare, period_rows, revisions_of
from ..periods import Period
from ..services import close_period, may_close, revise_period
from ..services.closing import checklist
from .shared import form_page, page_of, require

#: Up to so many villages are listed whole; of more, those whose figures moved.
MOST_VILLAGES = 20


def regency_or_404(request: HttpRequest) -> Regency:
    """The regency asked for, the portal's own, or the first in which she sees a village."""
    hers = request.user.villages_with("view").values("district__regency")
    regencies = Regency.objects.filter(pk__in=hers)
    if code := request.GET.get("regency"):
        return get_object_or_404(regencies, code=code)
    found = regencies.filter(code=settings.PUG_REGENCY).first() or regencies.first()
    if found is None:
        raise Http404
    return found


def period_or_404(code: str) -> Period:
    try:
        return Period.from_code(code)
    except ValueError as error:
        raise Http404 from error


def reach_in(request: HttpRequest, regency: Regency) -> VillageQuerySet:
    return request.user.villages_with("view").under(regency.code)


def asked_of(request: HttpRequest, regency: Regency) -> VillageQuerySet:
    """The villages for which she may ask that closed figures be corrected."""
    hers = Village.objects.permitting(request.user, "log") | Village.objects.permitting(
        request.user, "verify"
    )
    return hers.under(regency.code).select_related("district").order_by("district__code", "name")


def year_of(request: HttpRequest, today) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100 else today


@require_safe
def period_list(request):
    regency = regency_or_404(request)
    today, villages = timezone.localdate(), reach_in(request, regency)
    year = year_of(request, today.year)
    seen = VillagePeriod.objects.visible_to(request.user).order_by().values_list("year", flat=True)
    context = {
        "regency": regency,
        "year": year,
        "years": sorted({*seen.distinct(), today.year, year}, reverse=True),
        "rows": period_rows(regency.code, villages, year, today),
        "may_close": may_close(regency, request.user),
    }
    return render(request, "programs/period_list.html", context)


@require_safe
def period_detail(request, code):
    """One period: figures of then beside today's, its revisions, requests and changes."""
    period, regency = period_or_404(code), regency_or_404(request)
    villages = reach_in(request, regency)
    taken = list(closing.closings(regency.code, period).select_related("taken_by", "regency"))
    context = {
        "period": period,
        "name": closing.name_of(period),
        "regency": regency,
        "over": period.last_day < timezone.localdate(),
        "may_close": may_close(regency, request.user),
        "may_ask": asked_of(request, regency).exists(),
        "now": closing.figures_now(villages, period),
    }
    shown = _revision(request, taken) if taken else None
    if shown:
        context |= _closed(request, villages, taken, shown, context["now"])
    else:
        context["checklist"] = checklist(villages, period)
    return render(request, "programs/period_detail.html", context)


def _revision(request: HttpRequest, taken: list[Snapshot]) -> Snapshot:
    asked = request.GET.get("revision", "")
    if not asked:
        return taken[0]
    found = next((one for one in taken if str(one.revision) == asked), None)
    if found is None:
        raise Http404
    return found


def _closed(request, villages: VillageQuerySet, taken, shown: Snapshot, now) -> dict:
    """What a page says of a closed period, at the revision asked for."""
    sides = compare(closing.figures_of(shown, villages), now)
    whole = len(sides.villages) <= MOST_VILLAGES
    return {
        "shown": shown,
        "newest": taken[0],
        "sides": sides,
        "villages": sides.villages if whole else sides.moved,
        "districts": sides.districts if whole else sides.moved_districts,
        "all_villages": whole,
        "title_of_whole": _title_of_whole(request, shown.regency),
        "revisions": revisions_of(taken, villages),
        "requests": _requests(request, taken),
        "page": page_of(request, _changes(shown, villages)),
        "sealed": closing.verify(shown) if "check" in request.GET else None,
    }


def _requests(request: HttpRequest, taken: list[Snapshot]) -> list[CorrectionRequest]:
    """Requests about the villages she sees. Who asked, why, and what the office said are `open`
    to the asker and to the office; others learn of which village and what became of it."""
    found = CorrectionRequest.objects.visible_to(request.user).filter(snapshot__in=taken)
    office = may_close(taken[0].regency, request.user)
    listed = list(found.select_related("village", "asked_by", "answered_by", "revision"))
    for one in listed:
        one.open = office or one.asked_by_id == request.user.pk
    return listed


def _title_of_whole(request: HttpRequest, regency: Regency) -> str:
    """The regency when all of it is hers to see, else her villages."""
    hers = request.user.regencies_with("view").filter(pk=regency.pk).exists()
    return regency.name if hers else _("Your villages")


def _changes(shown: Snapshot, villages: VillageQuerySet):
    steps = closing.steps_since(shown, villages)
    return steps.select_related("actor", "activity__village", "activity__program")


def address_of(regency: Regency, period: Period) -> str:
    """The page of a period; the portal's own regency need not be named."""
    path = reverse("programs:period-detail", args=[period.code])
    return path if regency.code == settings.PUG_REGENCY else f"{path}?regency={regency.code}"


@require_http_methods(["GET", "HEAD", "POST"])
def period_close(request, code):
    """Say what is missing and what will happen; then close."""
    period, regency = period_or_404(code), regency_or_404(request)
    require(may_close(regency, request.user))
    if request.method == "POST":
        try:
            close_period(regency, period, actor=request.user)
        except Refused as refusal:
            messages.warning(request, refusal.problems[0].detail)
        else:
            done = _("Closed: %(period)s. Its figures can be cited from now on.")
            messages.success(request, done % {"period": closing.name_of(period)})
        return redirect(address_of(regency, period))
    villages = reach_in(request, regency)
    context = {
        "period": period,
        "name": closing.name_of(period),
        "regency": regency,
        "open": period.last_day < timezone.localdate()
        and not closing.is_closed(regency.code, period),
        "checklist": checklist(villages, period),
        "now": closing.figures_now(villages, period),
    }
    return render(request, "programs/period_close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def period_revise(request, code):
    """Today's figures beside the closed ones, and why they should become a revision."""
    period, regency, newest = closed_or_404(request, code)
    require(may_close(regency, request.user))
    form = RevisionForm(request.POST or None)
    if form.is_valid():
        try:
            made = revise_period(regency, period, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            done = _("Revision %(number)s was made. The earlier figures stay readable.")
            messages.success(request, done % {"number": made.revision})
            return redirect(address_of(regency, period))
    villages = reach_in(request, regency)
    then, now = closing.figures_of(newest, villages), closing.figures_now(villages, period)
    context = {
        "period": period,
        "name": closing.name_of(period),
        "regency": regency,
        "newest": newest,
        "sides": compare(then, now),
    }
    return form_page(request, "programs/period_revise.html", form, **context)


def closed_or_404(request, code: str) -> tuple[Period, Regency, Snapshot]:
    period, regency = period_or_404(code), regency_or_404(request)
    newest = closing.closing_of(regency.code, period)
    if newest is None:
        raise Http404
    return period, regency, newest
