"""“Akun & HP ini”: one's own account as a phone shows it; and signing out one phone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import devices, fresh, services
from accounts.models import Device, User


@require_safe
def phone_account(request):
    """Her name, her village, the phones and computers in use."""
    context = {
        "person": request.user,
        "phones": request.user.devices.present(timezone.now()),
        "this_phone": devices.here(request),
    }
    return render(request, "phone/account.html", context)


@require_POST
def device_end(request, pk):
    """Her own other phone, or the phone of a person whose account the caller looks after."""
    device = get_object_or_404(Device.objects.visible_to(request.user), pk=pk)
    back = _page_of(device, request.user)
    if not fresh.is_fresh(request):
        return fresh.ask(back)
    services.end_device(device, actor=request.user)
    messages.success(request, _("That phone is logged out. What waits on it stays there."))
    return redirect(back)


def _page_of(device: Device, person: User) -> str:
    if device.user_id == person.pk:
        return resolve_url("accounts:phone-account")
    return resolve_url("accounts:person", device.user.uid)
