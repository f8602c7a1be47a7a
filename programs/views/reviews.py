"""Pages of those who review: what waits, one record to decide on, and each step."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused, Stale

from ..filters import QueueFilter, not_by
from ..forms import ReturnForm
from ..models import Activity, State
from ..services import (
    confirm_activity,
    may_verify,
    merge_twin,
    return_activity,
    verify_activity,
)
from .activities import record
from .shared import (
    activity_or_404,
    forbid,
    form_page,
    overtaken,
    page_of,
    require,
    uid_or_none,
    version_of,
)


def queue_of(request: HttpRequest):
    """What waits for this person, oldest first: never what she wrote herself."""
    rows = Activity.objects.permitting(request.user, "verify").waiting().with_places()
    rows = not_by(rows, request.user).order_by("receipt__received_at", "pk")
    return QueueFilter(request.GET, queryset=rows, request=request)


@require_safe
def review_queue(request):
    require("verify" in request.user.capabilities)
    found = queue_of(request)
    problem = not found.form.is_valid()
    page = page_of(request, found.qs.none() if problem else found.qs)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "decide_query": _query(request),
    }
    return render(request, "programs/review_queue.html", context, status=422 if problem else 200)


@require_safe
def review_record(request, uid):
    """One record to decide on; what was decided meanwhile is said."""
    activity = activity_or_404(request, uid)
    require(may_verify(activity, request.user))
    queue = queue_of(request)
    waiting = queue.qs if queue.form.is_valid() else queue.qs.none()
    context = record(activity, request.user) | {
        "waiting": waiting.count(),
        "skip_url": _next_address(request, activity),
        "decide_query": _query(request),
        "decided": activity.state != State.SUBMITTED,
    }
    return render(request, "programs/review_record.html", context)


def _next_address(request: HttpRequest, activity: Activity) -> str:
    """The record after this one in the queue as filtered, or the queue when it was the last."""
    received = activity.receipt.received_at
    later = queue_of(request).qs.filter(
        Q(receipt__received_at__gt=received) | Q(receipt__received_at=received, pk__gt=activity.pk)
    )
    following = later.first()
    if following is None:
        return reverse("programs:review-queue") + _query(request)
    return reverse("programs:review-record", args=[following.pk]) + _query(request)


def _query(request: HttpRequest) -> str:
    """The filter of the queue, carried from record to record."""
    kept = request.GET.copy()
    kept.pop("page", None)
    kept["queue"] = "1"
    return f"?{kept.urlencode()}"


def _after(request: HttpRequest, activity: Activity) -> HttpResponse:
    """On to the next one when she works through the queue, else back to the record."""
    if "queue" in request.GET:
        return redirect(_next_address(request, activity))
    return redirect("programs:activity-detail", activity.pk)


def _step(request: HttpRequest, uid: UUID, act: Callable[[Activity], object], done: str):
    """One step without a form: done, or said why not, on the next page."""
    activity = activity_or_404(request, uid)
    try:
        act(activity)
    except Stale as refusal:
        return _too_late(request, activity, refusal)
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
    else:
        messages.success(request, format_html(done, title=_link(activity)))
    return _after(request, activity)


def _too_late(request: HttpRequest, activity: Activity, refusal: Stale) -> HttpResponse:
    """She stays with the record that somebody else decided on, and reads there who and how."""
    if "queue" in request.GET and may_verify(activity, request.user):
        address = reverse("programs:review-record", args=[activity.pk]) + _query(request)
    else:
        address = reverse("programs:activity-detail", args=[activity.pk])
    messages.warning(request, overtaken(refusal, activity, request.user).problems[0].detail)
    return redirect(address)


def _link(activity: Activity) -> str:
    """The way back to what was decided a moment ago."""
    address = reverse("programs:activity-detail", args=[activity.pk])
    return format_html('<a href="{}">{}</a>', address, activity.title)


@require_POST
def activity_verify(request, uid):
    def act(activity):
        verify_activity(activity, actor=request.user, version=version_of(request))

    return _step(request, uid, act, _("Verified: {title}"))


@require_http_methods(["GET", "HEAD", "POST"])
def activity_return(request, uid):
    activity = activity_or_404(request, uid)
    require(may_verify(activity, request.user))
    form = ReturnForm(request.POST or None, initial={"version": activity.version})
    if not form.is_valid():
        return form_page(request, "programs/activity_return.html", form, activity=activity)

    def act(found):
        version = form.cleaned_data["version"]
        return_activity(found, actor=request.user, version=version, reason=form.text())

    return _step(request, uid, act, _("Sent back to the village: {title}"))


@require_POST
def activity_confirm(request, uid):
    def act(activity):
        confirm_activity(activity, actor=request.user)

    return _step(request, uid, act, _("Your confirmation is on the record: {title}"))


@require_POST
def activity_merge(request, uid):
    """This record and another are one event: the other one stays the one that counts."""
    others = Activity.objects.visible_to(request.user)
    canonical = get_object_or_404(others, pk=uid_or_none(request.POST.get("canonical", "")))

    def act(activity):
        merge_twin(activity, canonical=canonical, actor=request.user)

    return _step(request, uid, act, _("Marked as the same activity: {title}"))
