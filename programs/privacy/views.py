"""What is due, what is kept how long, what is used for what, and what to do when it got out."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import DataRequest
from accounts.reach import needs

from ..forms.consent import PhotoCodeForm
from ..models import Photo, PhotoWithdrawal
from ..models.withdrawal import PRESSING
from .register import BREACH, REGISTER
from .retention import due_now, last_run

#: Withdrawals and requests that the page shows of those that are done.
MOST_DONE = 10


@require_http_methods(["GET", "HEAD", "POST"])
@needs("audit")
def privacy(request):
    """By POST a photo is looked for by the number that the public page shows."""
    form = PhotoCodeForm(request.POST or None)
    if form.is_valid():
        rows = Photo.objects.permitting(request.user, "verify").live()
        found = rows.filter(pk__endswith=form.cleaned_data["code"])[:2]
        if len(found) == 1:
            photo = found[0]
            return redirect("programs:activity-photo-withdraw", photo.activity_id, photo.pk)
        form.add_error("code", _("There is no such photo in your area. Check the eight signs."))
    status = 422 if form.errors else 200
    return render(request, "programs/privacy.html", _context(request.user, form), status=status)


def _context(user, form) -> dict:
    now = timezone.now()
    asked = PhotoWithdrawal.objects.visible_to(user).select_related("photo__activity__village")
    requests = DataRequest.objects.visible_to(user).select_related("person")
    return {
        "form": form,
        "pressing": now + PRESSING,
        "moment": now,
        "withdrawals": asked.waiting(),
        "withdrawn": asked.exclude(done_at=None)[:MOST_DONE],
        "requests": requests.waiting(),
        "answered": requests.exclude(decision="open")[:MOST_DONE],
        "results": due_now(now),
        "last": last_run(),
        "register": REGISTER,
        "breach": BREACH,
    }
