"""Pages of those who review what villages say of themselves: what waits, one row, each step."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from programs.views.shared import forbid, form_page, page_of, require, version_of

from ..card_page import reviewed
from ..forms.review import NoteForm, QueueForm
from ..models import VillageYear
from ..pending import pending_of
from ..seat_rules import hints_of
from ..seats import said_of, seats_of
from ..services import review as steps
from ..waiting import NOUNS, Noun, fetched, listed, rows_of


@require_safe
def review(request):
    """What waits for her, the longest waiting first."""
    require("verify" in request.user.capabilities)
    form = QueueForm(request.GET, user=request.user)
    problem = not form.is_valid()
    page = page_of(request, _queue(request.user, form, none=problem))
    context = {
        "form": form,
        "page": page,
        "rows": fetched(page.object_list),
        "state": "" if problem else form.state_asked,
        "query": _query(request),
    }
    return render(request, "indicators/review.html", context, status=422 if problem else 200)


@require_safe
def review_record(request, uid):
    """One village-year to decide on."""
    noun, row = _row_or_404(request, uid)
    user = request.user
    require(steps.holds(user, "verify", row))
    context = {
        "noun": noun,
        "row": row,
        "village": row.village,
        "template": f"indicators/_review_{noun.key}.html",
        "steps": steps.steps_of(row),
        "pending": pending_of(row),
        "changed_by": steps.changers_of([row]).get(row.pk),
        "own": steps.is_own(row, user),
        "may_verify": steps.may(user, "verify", row),
        "may_reopen": steps.may(user, "reopen", row),
        "query": _query(request),
        **_CONTENT[noun.key](row),
    }
    return render(request, "indicators/review_record.html", context)


@require_POST
def review_verify(request, uid):
    noun, row = _row_or_404(request, uid)
    try:
        steps.verify(row, actor=request.user, version=version_of(request))
    except Refused as refusal:
        forbid(refusal)
        messages.warning(request, refusal.problems[0].detail)
        return redirect("indicators:review-record", row.pk)
    words = _("Verified: %(what)s.")
    messages.success(request, words % {"what": f"{noun.label}, {row.village} {row.year}"})
    return redirect(_onward(request))


@require_http_methods(["GET", "HEAD", "POST"])
def review_return(request, uid):
    return _with_note(request, uid, "return", steps.return_, _("It went back to the village."))


@require_http_methods(["GET", "HEAD", "POST"])
def review_reopen(request, uid):
    done = _("It is open again. The village may put it right.")
    return _with_note(request, uid, "reopen", steps.reopen, done)


def _with_note(request, uid, name: str, act: Callable, done: str):
    """A step that says why: asked for on a page of its own."""
    noun, row = _row_or_404(request, uid)
    user = request.user
    require(steps.holds(user, "verify", row) and not (name == "return" and steps.is_own(row, user)))
    sent = request.POST if request.method == "POST" else None
    form = NoteForm(sent, initial={"version": row.version})
    if form.is_valid():
        said = form.cleaned_data
        try:
            act(row, actor=user, version=said["version"], note=said["note"])
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect(_onward(request))
    context = {"noun": noun, "row": row, "step": name, "query": _query(request)}
    return form_page(request, "indicators/review_note.html", form, **context)


def _queue(user, form: QueueForm, *, none: bool = False):
    asked = form.cleaned_data.get("noun") if not none else ""
    nouns = [NOUNS[asked]] if asked else list(NOUNS.values())
    found = {
        one.key: rows_of(one, user).none() if none else form.narrow(rows_of(one, user))
        for one in nouns
    }
    return listed(found)


def _onward(request) -> str:
    """The next one of the queue as filtered, or the queue when that was the last."""
    form = QueueForm(request.GET, user=request.user)
    first = (
        _queue(request.user, form).first() if form.is_valid() and "queue" in request.GET else None
    )
    address = reverse("indicators:review-record", args=[first[0]]) if first else None
    return (address or reverse("indicators:review")) + _query(request)


def _query(request) -> str:
    """The filter of the queue, carried from row to row."""
    kept = request.GET.copy()
    kept.pop("page", None)
    kept["queue"] = "1"
    return f"?{kept.urlencode()}"


def _row_or_404(request, uid) -> tuple[Noun, VillageYear]:
    for noun in NOUNS.values():
        rows = noun.model.objects.visible_to(request.user)
        near = rows.select_related("village__district__regency", "author", *noun.related)
        if row := near.filter(pk=uid).first():
            return noun, row
    raise Http404


def _seats(row) -> dict:
    shown = seats_of(row.village, row.year, basis="all")
    return {"shown": shown, "hints": hints_of(row.village, said_of(row))}


#: What the page of a row needs besides, by noun.
_CONTENT: dict[str, Callable[[VillageYear], dict]] = {"seats": _seats, "card": reviewed}

urlpatterns = [
    path("periksa/", review, name="review"),
    path("periksa/<uuid:uid>/", review_record, name="review-record"),
    path("periksa/<uuid:uid>/terima/", review_verify, name="review-verify"),
    path("periksa/<uuid:uid>/kembalikan/", review_return, name="review-return"),
    path("periksa/<uuid:uid>/buka/", review_reopen, name="review-reopen"),
]
