"""Pages of a record's photos: the strip beside the facts, adding one, removing one."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from core.errors import Refused

from ..forms.photo import PhotoForm
from ..models import Activity, Photo
from ..pictures import MOST_BYTES
from ..services import (
    add_photo,
    may_add_photo,
    may_publish,
    may_remove_photo,
    may_withdraw,
    remove_photo,
)
from .shared import activity_or_404, forbid, form_page, require

#: What the form weighs beside its photo, in bytes.
WRAPPING = 20_000


def strip(activity: Activity, user) -> dict:
    """What a page shows of a record's photos, and what she may do with them."""
    photos = list(Photo.objects.visible_to(user).live().filter(activity=activity))
    for one in photos:
        one.activity = activity
    return {
        "photos": photos,
        "may_add_photo": may_add_photo(activity, user),
        "may_remove_photo": bool(photos) and may_remove_photo(activity, user),
        "may_publish_photos": bool(photos) and may_publish(photos[0], user, own_too=True),
        "may_withdraw_photos": bool(photos) and may_withdraw(photos[0], user),
    }


@csrf_exempt  # so that a body beyond measure is answered before anything reads it
@require_http_methods(["GET", "HEAD", "POST"])
def photo_add(request, uid):
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + WRAPPING:
        return _too_large(request, uid)
    return _photo_add(request, uid)


@csrf_protect
def _photo_add(request, uid):
    activity = activity_or_404(request, uid)
    if request.method != "POST":
        require(may_add_photo(activity, request.user))
    form = PhotoForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            add_photo(activity, form.sent(), actor=request.user, **form.facts())
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The photo is with the record."))
            return redirect("programs:activity-detail", activity.pk)
    return form_page(request, "programs/photo_add.html", form, activity=activity)


def _too_large(request, uid):
    activity = activity_or_404(request, uid)
    context = {"activity": activity, "form": PhotoForm.too_large()}
    return render(request, "programs/photo_add.html", context, status=413)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_remove(request, uid, photo_uid):
    activity = activity_or_404(request, uid)
    rows = Photo.objects.visible_to(request.user).live().select_related("activity")
    photo = get_object_or_404(rows, pk=photo_uid, activity=uid)
    require(may_remove_photo(activity, request.user))
    if request.method == "POST":
        remove_photo(photo, actor=request.user)
        messages.success(request, _("The photo is removed."))
        return redirect("programs:activity-detail", activity.pk)
    context = {"activity": activity, "photo": photo}
    return render(request, "programs/photo_remove.html", context)
