"""Pages of consent to a photo: an officer's yes and no, and what a person in it asked for."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused

from ..forms.consent import WithdrawalForm
from ..models import Photo
from ..services import may_withdraw, publish_photo, unpublish_photo, withdraw_photo
from .shared import forbid, form_page, require


def _photo_or_404(request, uid, photo_uid) -> Photo:
    rows = Photo.objects.visible_to(request.user).live().select_related("activity__village")
    return get_object_or_404(rows, pk=photo_uid, activity=uid)


@require_POST
def photo_publish(request, uid, photo_uid):
    """`show=0` takes it back."""
    photo = _photo_or_404(request, uid, photo_uid)
    shown = request.POST.get("show", "1") != "0"
    try:
        (publish_photo if shown else unpublish_photo)(photo, actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
    else:
        yes, no = _("The photo is on the public page."), _("The photo is off the public page.")
        messages.success(request, yes if shown else no)
    return redirect("programs:activity-detail", uid)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_withdraw(request, uid, photo_uid):
    photo = _photo_or_404(request, uid, photo_uid)
    require(may_withdraw(photo, request.user))
    form = WithdrawalForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            withdraw_photo(photo, told["wish"], reference=told["reference"], actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("Done: the photo is out of sight. The request is on file."))
            return redirect("programs:activity-detail", uid)
    context = {"activity": photo.activity, "photo": photo}
    return form_page(request, "programs/photo_withdraw.html", form, **context)
