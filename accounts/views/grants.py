"""Tasks of a person: give one, end one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import EndGrantForm, GrantForm
from accounts.models import Grant, User
from accounts.reach import MANAGE, needs
from core.errors import Refused


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def grant_create(request, uid):
    person = get_object_or_404(User.objects.visible_to(request.user), uid=uid)
    if person.pk == request.user.pk:
        raise PermissionDenied
    form = GrantForm(request.POST or None, actor=request.user)
    if form.is_valid():
        try:
            services.grant(person, form.draft(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The task is given."))
            return redirect("accounts:person", person.uid)
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "accounts/grant_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def grant_end(request, pk):
    held = get_object_or_404(Grant.objects.visible_to(request.user), pk=pk)
    if held.user_id == request.user.pk:
        raise PermissionDenied
    form = EndGrantForm(request.POST or None)
    if form.is_valid():
        try:
            services.end_grant(held, on=form.cleaned_data["on"], actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The last day of the task is kept."))
            return redirect("accounts:person", held.user.uid)
    context = {"form": form, "held": held, "person": held.user}
    status = 422 if form.errors else 200
    return render(request, "accounts/grant_end.html", context, status=status)
