"""The reminder of one village: whom to write to or call, and what was done already."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.capabilities import Role
from core.errors import Refused
from villages.models import Village

from .. import heat
from ..followups import FollowUp, Person, callable_villages, follow_up
from ..forms.reporting import MonthField, NudgeForm
from ..models import Channel, Nudge
from ..reminders import text_for, wa_link
from ..reporting import last_due_month
from ..services import nudge
from .shared import forbid, require, uid_or_none

HISTORY = 10


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request, code):
    """A press notes the reminder and comes back with the link that opens WhatsApp.

    It does not lead there by itself: the policy of our pages lets no form go to another site,
    and from a link a phone opens the app.
    """
    seen = Village.objects.visible_to(request.user).live().select_related("district")
    village = get_object_or_404(seen, code=code)
    require(callable_villages(request.user).filter(pk=village.pk).exists())
    if request.method != "POST":
        return _page(request, village, _month_in(request))
    form = NudgeForm(request.POST)
    refused = None
    if form.is_valid():
        try:
            return _reminded(request, village, form)
        except Refused as refusal:
            forbid(refusal)
            refused = refusal
    return _page(request, village, _month_in(request, form), form=form, refused=refused)


def _reminded(request: HttpRequest, village: Village, form: NudgeForm) -> HttpResponse:
    made = nudge(village, actor=request.user, **form.cleaned_data)
    path = reverse("programs:reporting-remind", args=[village.code])
    ready = f"&ready={made.pk}" if made.channel == Channel.WHATSAPP else ""
    if not ready:
        messages.success(
            request, _("Noted: %(village)s was reminded.") % {"village": village.title}
        )
    return redirect(f"{path}?month={made.year}-{made.month:02d}{ready}")


def _month_in(request: HttpRequest, form: NudgeForm | None = None) -> date:
    """The month that is asked for; the newest due one when none, or none that can be read."""
    asked = form.data.get("month") if form else request.GET.get("month")
    try:
        month = MonthField(required=False).clean(asked)
    except ValidationError:
        month = None
    due = last_due_month(timezone.localdate())
    return min(month, due) if month else due


def _page(request: HttpRequest, village: Village, month: date, form=None, refused=None):
    row = follow_up(village, month, timezone.now())
    nudges = Nudge.objects.visible_to(request.user).filter(village=village)
    ready = _ready(request, nudges, row)
    role = ready.role if ready else Role.VILLAGE_HEAD
    address = request.build_absolute_uri("/")
    text = text_for(village, row.months, role, address) if row.months else ""
    first = next(iter(row.people), None)
    context = {
        "village": village,
        "month": month,
        "row": row,
        "owes": month in row.months,
        "ways": [(one, _press(month, Channel.WHATSAPP, one)) for one in row.people],
        "told": (_told(form) or _press(month, Channel.PHONE, first)).for_told(row.people),
        "refused": refused,
        "again": _insist(form) if refused and refused.code == "just_nudged" else None,
        "ready": ready,
        "text": text,
        "link": wa_link(ready.number, text) if ready else "",
        "nudges": nudges.select_related("to", "by")[:HISTORY],
    }
    status = 422 if form else 200
    return render(request, "programs/reporting_remind.html", context, status=status)


def _told(form: NudgeForm | None) -> NudgeForm | None:
    """What was filled in below; the buttons above carry their own."""
    return form if form and form.data.get("channel") != Channel.WHATSAPP else None


def _press(month: date, channel: Channel, to: Person | None = None) -> NudgeForm:
    code = heat.month_code(month)
    return NudgeForm.blank(month=code, channel=channel.value, to=to.uid if to else None)


def _insist(form: NudgeForm) -> NudgeForm:
    """The same once more, asked for in earnest."""
    return NudgeForm.blank(**{**form.cleaned_data, "month": form.data["month"], "again": True})


def _ready(request: HttpRequest, nudges, row: FollowUp) -> Person | None:
    """To whom the message goes that was just noted."""
    noted = nudges.filter(pk=uid_or_none(request.GET.get("ready", "")), by=request.user).first()
    return next((one for one in row.people if noted and one.pk == noted.to_id), None)
