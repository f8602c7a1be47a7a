"""Pages of the binder of a year: what is there, what is missing, the ZIP, the questions."""

from __future__ import annotations

from threading import BoundedSemaphore

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import audit, paper
from core.downloads import as_attachment
from core.errors import Refused
from core.formats import count
from core.stored import harmless
from programs.views.shared import forbid, form_page, require
from villages.models import Regency

from .. import archive
from ..binder import Binder, binder_of
from ..forms.evidence import BY_CYCLE, BinderForm, QuestionsForm, as_lines
from ..models import Evidence
from ..services.documents import may_keep
from ..services.evidence import copy_tags
from ..services.questions import asked_in, put_questions
from .evidence import year_of

#: One archive at a time in a process: it takes a processor for seconds.
_press = BoundedSemaphore(1)


@require_safe
def binder(request):
    form, held = _asked(request)
    places = held.cycles if form.by_cycle else held.prerequisites
    context = {
        "form": form,
        "binder": held,
        "places": places,
        "by_cycle": form.by_cycle,
        "by_cycle_word": BY_CYCLE,
        "before": held.year - 1,
        "may_copy": _of_last_year(request.user, held),
        "may_add": "manage_plans" in request.user.capabilities,
        "may_ask": may_keep(request.user, held.regency),
    }
    status = 422 if form.errors else 200
    return render(request, "planning/binder.html", context, status=status)


def _of_last_year(user, held: Binder) -> bool:
    rows = Evidence.objects.permitting(user, "manage_plans").filter(removed_at=None)
    return rows.filter(regency=held.regency, tags__year=held.year - 1).exists()


@require_safe
def binder_zip(request):
    """All of it as one file; a page in words where it would be too much."""
    form, held = _asked(request)
    if form.errors:
        return redirect("planning:binder")
    if not _press.acquire(blocking=False):
        return paper.busy(request)
    try:
        file = archive.write(held)
    except archive.TooMuch:
        context = {"binder": held, "files": archive.MOST_FILES, "size": archive.MOST_SIZE // 10**6}
        return render(request, "planning/binder_too_much.html", context, status=422)
    finally:
        _press.release()
    audit.record(
        request.user,
        f"{audit.DOWNLOAD}binder",
        request.user,
        year=held.year,
        office=held.opd.name if held.opd else "",
        pieces=len(held.pieces),
    )
    response = harmless(FileResponse(file, content_type="application/zip"))
    return as_attachment(response, _zip_name(held))


def _zip_name(held: Binder) -> str:
    office = f"-{slugify(held.opd.acronym or held.opd.name)[:40]}" if held.opd else ""
    return f"bukti-pug-{held.year}{office}.zip"


@require_POST
def evidence_copy(request):
    """Last year's tags are this year's too."""
    form, held = _asked(request, request.POST)
    try:
        number = copy_tags(held.regency, held.year - 1, held.year, actor=request.user, opd=held.opd)
    except Refused as refusal:
        forbid(refusal)
        raise
    words = ngettext(
        "%(shown)s tag of %(year)s was taken over.",
        "%(shown)s tags of %(year)s were taken over.",
        number,
    )
    messages.success(request, words % {"shown": count(number), "year": held.year - 1})
    office = f"&opd={held.opd.pk}" if held.opd else ""
    return redirect(f"{reverse('planning:binder')}?year={held.year}{office}")


def _asked(request: HttpRequest, data=None) -> tuple[BinderForm, Binder]:
    """The binder that the address asks for; this year's where it cannot be read."""
    regency, today = regency_of(request.user), timezone.localdate()
    form = BinderForm(request.GET if data is None else data, user=request.user, year=today.year)
    form.is_valid()
    held = binder_of(request.user, regency, form.asked_year, today=today, opd=form.asked_opd)
    return form, held


def regency_of(user) -> Regency:
    """The regency whose binder she sees: the portal's own where it is among hers."""
    rows = user.regencies_with("view").order_by("code")
    found = rows.filter(code=settings.PUG_REGENCY).first() or rows.first()
    if found is None:
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request):
    """The list of a year; whoever keeps the regency's documents changes it."""
    regency = regency_of(request.user)
    may_ask = may_keep(request.user, regency)
    year = year_of(request.POST.get("year") or request.GET.get("year"))
    asked = list(asked_in(regency, year))
    initial = {"year": year, "rows": as_lines(asked)}
    form = QuestionsForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST":
        require(may_ask)
        if form.is_valid() and (number := _put(request, regency, year, form)):
            words = ngettext("%(shown)s question is kept.", "%(shown)s questions are kept.", number)
            messages.success(request, words % {"shown": count(number)})
            return redirect(f"{reverse('planning:questions')}?year={year}")
    context = {"asked": asked, "year": year, "may_ask": may_ask, "regency": regency}
    return form_page(request, "planning/questions.html", form, **context)


def _put(request, regency: Regency, year: int, form: QuestionsForm) -> int:
    """How many are kept; 0 when the form says why not."""
    try:
        return put_questions(regency, year, form.said(), actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        form.refuse(refusal)
        return 0


urlpatterns = [
    path("bukti/", binder, name="binder"),
    path("bukti/unduh/", binder_zip, name="binder-zip"),
    path("bukti/salin/", evidence_copy, name="evidence-copy"),
    path("pertanyaan/", questions, name="questions"),
]
