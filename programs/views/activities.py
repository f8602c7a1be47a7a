"""Pages of the people who record: the list, one record, the form, the receipt."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused, Stale
from villages.models import Village

from .. import exports, wording
from ..closing import closings_with
from ..filters import ActivityFilter, returned_first
from ..flags import flags
from ..forms import ActivityForm, VoidForm
from ..models import Activity, Review, ReviewStep, State
from ..services import (
    correct_activity,
    may_ask,
    may_correct,
    may_verify,
    may_void,
    submit_activities,
    void_activity,
)
from ..services.records import holds
from .behind import behind
from .checks import check_page
from .photos import strip
from .shared import (
    activity_or_404,
    chosen_village,
    form_page,
    overtaken,
    page_of,
    pick_village,
    require,
    take_refusal,
    uid_or_none,
)

#: The states that those who record look for; "all" comes before.
TABS = (State.RETURNED, State.SUBMITTED, State.VERIFIED)


@require_safe
def activity_list(request):
    """All records she may see; those who record find what was sent back on top."""
    rows = Activity.objects.visible_to(request.user).with_places()
    found = ActivityFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    records = "verify" not in request.user.capabilities and "log" in request.user.capabilities
    kept = found.qs.none() if problem else found.qs
    if records and not request.GET.get("ordering"):
        kept = returned_first(kept)
    if not problem and (fmt := asked_format(request)):
        table = exports.activities_table(kept, found, timezone.now())
        return download(table, fmt, request=request)
    page = page_of(request, kept)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "hers": records,
        "groups": by_month(page, grouped=not request.GET.get("ordering")) if records else [],
        "tabs": _tabs(request, rows) if records else [],
        "may_record": "log" in request.user.capabilities,
        "behind": behind(found),
        "formats": formats_for(page.paginator.count),
    }
    return render(request, "programs/activity_list.html", context, status=422 if problem else 200)


def by_month(rows: Iterable[Activity], *, grouped: bool) -> list[tuple[str, list[Activity]]]:
    """The rows under the month they took place in; what has to be put right stands before."""

    def heading(one: Activity) -> str:
        if not grouped:
            return ""
        if one.state == State.RETURNED:
            return one.get_state_display()
        return date_format(one.held_on, "F Y")

    return [(name, list(group)) for name, group in groupby(rows, heading)]


def _tabs(request, rows) -> list[dict]:
    """The states as links, each with how many fit the rest of the filter. One statement."""
    rest = request.GET.copy()
    chosen = rest.pop("status", [""])[-1]
    found = ActivityFilter(rest, queryset=rows, request=request)
    if not found.form.is_valid():
        return []
    names = {"": _("All")} | {one.value: one.label for one in TABS}
    names |= {State.SUBMITTED.value: _("Waiting"), State.VERIFIED.value: _("Accepted")}
    counts = {one.value: Count("pk", filter=Q(state=one)) for one in TABS}
    totals = found.qs.order_by().aggregate(all=Count("pk"), **counts)
    return [
        {"name": name, "status": key, "total": totals[key or "all"], "now": chosen == key}
        for key, name in names.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def activity_create(request, phone: bool = False):
    """At a desk what is sent is recorded; on a phone it is shown once more before."""
    if phone and (task := uid_or_none(request.GET.get("perbaiki", ""))):
        return redirect("programs:phone-correct", task)
    program = uid_or_none(request.GET.get("program", ""))
    villages = _villages_to_record_in(request.user, program)
    village = chosen_village(request, villages)
    if village is None:
        return pick_village(request, villages)
    form = ActivityForm(request.POST or None, village=village, user=request.user, program=program)
    context = {"outcome": None, "several": villages.count() > 1, "phone": phone}
    if form.is_valid() and phone:
        return check_page(request, form, context)
    if form.is_valid():
        [outcome] = submit_activities([form.draft()], actor=request.user, source="browser")
        if outcome.ok:
            return redirect("programs:activity-receipt", outcome.uid)
        form.refuse(outcome)
        context["outcome"] = outcome
    return form_page(request, "programs/activity_form.html", form, **context)


def _villages_to_record_in(user, program: UUID | None):
    """Where she records; for one program, where it runs."""
    villages = Village.objects.permitting(user, "log").live()
    narrowed = villages.filter(targets__program=program) if program else villages
    return narrowed if narrowed.exists() else villages


@require_safe
def activity_receipt(request, uid):
    activity = activity_or_404(request, uid)
    context = {
        "activity": activity,
        "flags": flags(activity),
        "sections": wording.sections(activity),
        **strip(activity, request.user),
    }
    return render(request, "programs/activity_receipt.html", context)


@require_safe
def activity_detail(request, uid):
    activity = activity_or_404(request, uid)
    return render(request, "programs/activity_detail.html", record(activity, request.user))


def record(activity: Activity, user) -> dict:
    """What a page shows of one record, and what she may do with it."""
    reviews = list(activity.reviews.select_related("actor"))
    decides = may_verify(activity, user)
    return {
        "activity": activity,
        "sections": wording.sections(activity),
        "flags": flags(activity),
        "history": wording.history(reviews),
        "returned": next((one for one in reversed(reviews) if one.step == "returned"), None),
        "may_verify": decides,
        "may_correct": may_correct(activity, user),
        "may_void": may_void(activity, user),
        "may_confirm": _may_confirm(activity, reviews, user),
        "may_prove": _may_prove(user),
        "similar": _similar(activity, user) if decides else [],
        **strip(activity, user),
        **closed_around(activity, user),
    }


def closed_around(activity: Activity, user) -> dict:
    """The closed periods a record lies in, and whether she may ask for their correction."""
    closed = closings_with(activity.village.code[:5], activity.held_on)
    return {"closed": closed, "may_ask": bool(closed) and may_ask(activity.village, user)}


def _may_prove(user) -> bool:
    """An office that keeps evidence may take the record into its binder."""
    return "manage_plans" in user.capabilities and user.opds_with("manage_plans").exists()


def _may_confirm(activity: Activity, reviews: list, user) -> bool:
    """Somebody else who records or reviews here, once."""
    villages = Village.objects.permitting(user, "log") | Village.objects.permitting(user, "verify")
    if activity.state == State.VOIDED:
        return False
    hands = {one.actor_id for one in reviews if one.step not in {"verified", "returned"}}
    return user.pk not in hands and villages.filter(pk=activity.village_id).exists()


def _similar(activity: Activity, user) -> list[Activity]:
    """Counting records that may be of the same event, for whoever decides on this one."""
    if activity.same_event_as_id or activity.state == State.VOIDED:
        return []
    alike = Activity.objects.visible_to(user).similar_to(activity).counted()
    return list(alike.with_places()[:5])


@require_http_methods(["GET", "HEAD", "POST"])
def activity_correct(request, uid, phone: bool = False):
    activity = activity_or_404(request, uid)
    if request.method != "POST":  # a post meets the service, which says who was faster
        require(may_correct(activity, request.user))
    require(holds(request.user, "log", activity))
    form = ActivityForm(
        request.POST or None, village=activity.village, user=request.user, activity=activity
    )
    if form.is_valid():
        try:
            return _corrected(request, activity, form, phone)
        except Stale as refusal:
            return _overtaken(request, activity, form, refusal, phone)
        except Refused as refusal:
            take_refusal(form, refusal, activity)
    context = {"activity": activity, "returned": _returned(activity), "phone": phone}
    context |= closed_around(activity, request.user)
    return form_page(request, "programs/activity_form.html", form, **context)


def _returned(activity: Activity) -> Review | None:
    """What the office last asked to be put right, while it waits for that."""
    if activity.state != State.RETURNED:
        return None
    asked = activity.reviews.filter(step=ReviewStep.RETURNED).select_related("actor")
    return asked.order_by("at", "id").last()


def _corrected(request, activity: Activity, form: ActivityForm, phone: bool):
    seen = form.cleaned_data["version"] or 0
    correct_activity(activity, form.draft(), actor=request.user, version=seen)
    messages.success(request, _("The correction was received and waits for review."))
    return redirect("programs:phone-detail" if phone else "programs:activity-detail", activity.pk)


def _overtaken(request, activity: Activity, form: ActivityForm, refusal: Stale, phone: bool):
    """Somebody changed it meanwhile: what is there now beside what was typed; nothing is lost."""
    activity = activity_or_404(request, activity.pk)
    typed, now = form.readable(), wording.content_of(activity)
    take_refusal(form, overtaken(refusal, activity, request.user), activity)
    context = {
        "activity": activity,
        "overtaken": True,
        "differences": wording.differences(now, typed),
        "still_open": may_correct(activity, request.user),
        "phone": phone,
    }
    return form_page(request, "programs/activity_form.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_void(request, uid):
    activity = activity_or_404(request, uid)
    require(may_void(activity, request.user))
    form = VoidForm(request.POST or None, initial={"version": activity.version})
    if form.is_valid():
        try:
            void_activity(activity, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            take_refusal(form, refusal, activity)
        else:
            messages.success(request, _("The record is struck out. It stays readable."))
            return redirect("programs:activity-detail", activity.pk)
    context = {"activity": activity, "facts": wording.sections(activity)[0][1]}
    return form_page(request, "programs/activity_void.html", form, **context)
