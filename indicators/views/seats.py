"""Pages of women's seats: a village's year, writing it, and the villages of a year."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused, Stale
from programs.views.shared import forbid, form_page, page_of, require
from villages.models import Village

from ..forms.seats import SeatsForm, answers_of, start_from
from ..models import Representation, ReviewState
from ..seat_filter import SeatFilter, seats_table, told_by
from ..seat_rules import FIRST_YEAR, hints_of
from ..seats import PARTS, deliberations_of, representation_of, said_of, seats_of
from ..services import review
from ..services.representation import save_representation

_FORM = "indicators/seats_edit.html"


@require_safe
def seats(request):
    """Women in decisions: sums of a year, and the villages behind them."""
    villages = Village.objects.visible_to(request.user).live()
    require(villages.exists())
    today = timezone.localdate()
    if not request.GET and villages.count() == 1:  # a village head is at home at once
        return redirect("indicators:seats-village", villages.get().code, today.year)
    found = SeatFilter.of(request, villages.select_related("district"), today)
    problem = not found.form.is_valid()
    rows = villages.none() if problem else found.qs
    if not problem and (fmt := asked_format(request)):
        return download(seats_table(rows, found, timezone.now()), fmt, request=request)
    page = page_of(request, rows)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "rows": told_by(page.object_list, found.year_asked, found.basis_asked),
        "sums": representation_of(found.area, found.year_asked, found.basis_asked),
        "before": representation_of(found.area, found.year_asked - 1, found.basis_asked),
        "formats": formats_for(page.paginator.count),
        "year": found.year_asked,
        "basis": found.basis_asked,
        "may_import": "manage_indicators" in request.user.capabilities,
    }
    return render(request, "indicators/seats.html", context, status=422 if problem else 200)


@require_safe
def seats_village(request, code: str, year: int):
    village = _village_or_404(request, code, year)
    writes = _writes(request.user, village)
    inside = writes or _reviews(request.user, village)
    shown = seats_of(village, year, basis="all" if inside else "reported")
    row = shown.row
    steps = list(review.steps_of(row)) if row and inside else []
    context = {
        "village": village,
        "year": year,
        "shown": shown,
        "row": row,
        "hints": hints_of(village, said_of(row)) if row and inside else [],
        "steps": steps,
        "returned": review.asked_of(row) if steps else None,
        "changed": bool(row) and row.state == ReviewState.SUBMITTED and review.was_verified(row),
        "may_write": writes,
        "may_verify": bool(row) and review.may(request.user, "verify", row),
        "may_reopen": bool(row) and review.may(request.user, "reopen", row),
        "years": _years(request.user, village, year, timezone.localdate().year),
    }
    return render(request, "indicators/seats_village.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def seats_edit(request, code: str, year: int):
    village = _village_or_404(request, code, year)
    require(_writes(request.user, village))
    row = _kept(request, village, year)
    start = None if row else _start(request, village, year)
    initial = answers_of(row) if row else start_from(start) if start else {}
    verified = bool(row) and row.state == ReviewState.VERIFIED
    sent = request.POST if request.method == "POST" else None
    form = SeatsForm(sent, initial=initial, village=village, verified=verified)
    if form.is_valid():
        try:
            return _saved(request, form, village, year)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                row = _kept(request, village, year)
                form.renew(row.version if row else 0)
    last = None if row else _kept(request, village, year - 1)
    context = {
        "village": village,
        "year": year,
        "row": row,
        "verified": verified,
        "returned": review.asked_of(row) if row else None,
        "started_from": start and start.year,
        "last": last,
        "held": deliberations_of(village, year),
    }
    return form_page(request, _FORM, form, **context)


def _saved(request, form: SeatsForm, village: Village, year: int):
    """Kept, or kept and sent; back on the page of the year."""
    sending = "send" in request.POST
    said = form.said()
    row = save_representation(
        village,
        year,
        said,
        actor=request.user,
        version=form.cleaned_data["version"],
        submit=sending,
        reason=form.cleaned_data.get("reason", ""),
    )
    if row.state == ReviewState.SUBMITTED:
        messages.success(request, _("The numbers are kept and wait for review."))
    else:
        messages.success(request, _("The draft is kept. Send it when it is complete."))
    return redirect("indicators:seats-village", village.code, year)


def _village_or_404(request, code: str, year: int) -> Village:
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    rows = Village.objects.visible_to(request.user).select_related("district__regency")
    return get_object_or_404(rows, code=code)


def _kept(request, village: Village, year: int) -> Representation | None:
    rows = Representation.objects.visible_to(request.user).prefetch_related(*PARTS)
    return rows.filter(village=village, year=year).first()


def _start(request, village: Village, year: int) -> Representation | None:
    """The year before, when she pressed to begin with it."""
    return _kept(request, village, year - 1) if request.GET.get("dari") == str(year - 1) else None


def _writes(user, village: Village) -> bool:
    return Village.objects.permitting(user, "log").filter(pk=village.pk).exists()


def _reviews(user, village: Village) -> bool:
    return Village.objects.permitting(user, "verify").filter(pk=village.pk).exists()


def _years(user, village: Village, year: int, this_year: int) -> list[int]:
    """Years worth going to: what is on file, and the present ones."""
    rows = Representation.objects.visible_to(user).filter(village=village)
    known = rows.values_list("year", flat=True)
    return sorted({*known, year, this_year, this_year - 1}, reverse=True)


urlpatterns = [
    path("keterwakilan/", seats, name="seats"),
    path("keterwakilan/<str:code>/<int:year>/", seats_village, name="seats-village"),
    path("keterwakilan/<str:code>/<int:year>/ubah/", seats_edit, name="seats-village-edit"),
]
